"""Bytes to text: the choice of an encoding, mixed files and damage."""

import pytest

from semantix.text.decoding import Damage, Decoded, count_lines, decode, repair_line, split_lines

FRENCH = (
    "Résultat du prélèvement : hémoglobine élevée\r\n"
    "Contrôle à prévoir dès février, après l'été\r\n"
    "Française, reçue pour œdème ; goût âcre, naïf, aiguë\r\n"
    "TENSION MODÉRÉE 37° 5 µg\r\n"
)
NARROW = FRENCH.replace("œ", "oe")


@pytest.mark.parametrize("name", ["utf-8", "utf-16-le", "utf-16-be", "cp1252", "iso8859-15", "mac-roman"])
def test_every_encoding_is_found_by_its_text_alone(name: str) -> None:
    found = decode(FRENCH.encode(name))
    assert (found.text, found.encoding) == (FRENCH, name)
    assert found.confidence > 0.9
    assert found.damage == ()


def test_cp850_is_found_by_its_text_alone() -> None:
    found = decode(NARROW.encode("cp850"))
    assert (found.text, found.encoding) == (NARROW, "cp850")


@pytest.mark.parametrize("name", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_decides_and_is_no_text(name: str) -> None:
    found = decode(FRENCH.encode(name))
    assert found.text == FRENCH
    assert found.confidence == 1.0
    assert found.evidence[0].startswith("a byte order mark")


def test_ascii_is_utf8_and_certain() -> None:
    assert decode(b"RES|SODIUM|NA|N|140\r\n") == Decoded(
        "RES|SODIUM|NA|N|140\r\n", "utf-8", 1.0, ("bytes of ASCII only",)
    )
    assert decode(b"").text == ""


@pytest.mark.parametrize("name", ["cp1252", "mac-roman", "cp850"])
@pytest.mark.parametrize("word", ["Hélène", "créatinine", "GLYCÉMIE", "traité", "à", "37°"])
def test_one_word_is_enough_to_choose(word: str, name: str) -> None:
    assert decode(word.encode(name)).text == word


def test_the_choice_is_told_without_a_word_of_the_text() -> None:
    found = decode(FRENCH.encode("mac-roman"))
    assert all(word not in " ".join(found.evidence) for word in ("Résultat", "prélèvement", "février"))
    assert "mac-roman" in found.evidence[0]


def test_the_encodings_of_a_pack_limit_and_order_the_choice() -> None:
    data = "Hémoglobine élevée".encode("mac-roman")
    assert decode(data, ("cp1252",), repair=False).text == data.decode("cp1252", "replace").replace("\ufffd", "\x8f")
    assert decode(data, ("cp850", "mac-roman")).encoding == "mac-roman"
    assert decode("é".encode(), ("latin-1",), repair=False).text == "Ã©"
    assert decode("aé".encode("utf-16-le"), ("utf-16-le",)).text == "aé"
    assert decode(b"abc", ("latin-1", "cp850")).encoding == "cp1252"


def test_an_encoding_that_is_not_ours_is_an_error() -> None:
    with pytest.raises(LookupError, match="koi8"):
        decode(b"abc", ("koi8-r",))
    with pytest.raises(LookupError):
        decode(b"abc", ("no-such-encoding",))


def test_two_readings_that_are_close_are_reported_and_the_careful_one_is_kept() -> None:
    found = decode(b"\x8e\x8f \x80\x81\n")
    assert [damage.kind for damage in found.damage if not damage.repaired] == ["ambiguous-encoding"]
    assert found.confidence < 0.5


def test_odd_units_of_utf16_are_replaced_and_lossy() -> None:
    found = decode(b"\xff\xfea\x00\x00")
    assert found.text == "a\ufffd"
    assert found.damage == (Damage("lossy", 1, (1,)),)


# --- quirk 3: many encodings in one feed ----------------------------------------------------------------------------


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_quirk_3_lines_of_one_feed_are_read_each_in_its_encoding(mark: bytes) -> None:
    lines = ["Hémoglobine élevée\n", "Glycémie à jeun\r\n", "Créatinine élevée\r", "Protéines élevées\n", "SODIUM 140"]
    names = ["utf-8", "cp1252", "mac-roman", "cp850", "ascii"]
    found = decode(mark + b"".join(line.encode(name) for line, name in zip(lines, names, strict=True)))
    assert found.text == "".join(lines)
    assert [damage.kind for damage in found.damage] == ["mixed-encodings"]
    assert found.damage[0].repaired
    assert found.confidence < 0.9


def test_quirk_3_one_line_of_another_encoding_among_many_is_found() -> None:
    data = "Résultat du prélèvement\n".encode("cp1252") * 50 + "traité\n".encode("mac-roman")
    found = decode(data)
    assert found.text.endswith("traité\n")
    assert found.damage == (Damage("mixed-encodings", 1, (51,), True),)


def test_quirk_3_utf8_lines_in_an_old_file_are_utf8() -> None:
    found = decode("Résultat\n".encode("cp1252") * 5 + "Résultat\n".encode())
    assert found.text == "Résultat\n" * 6
    assert found.encoding == "cp1252"


@pytest.mark.parametrize("word", ["traitÈ", "traitŽ", "trait\x8e", "traitÚ", "trait‚"])
def test_quirk_3_a_word_read_under_the_wrong_charset_is_read_again(word: str) -> None:
    assert repair_line(f"{word} ce jour") == ("traité ce jour", ("other-charset",))


# --- quirks 4 to 8: damage inside lines -----------------------------------------------------------------------------


def test_quirk_4_cp850_leaks() -> None:
    assert repair_line("H‚moglobine glycosyl‚e") == ("Hémoglobine glycosylée", ("other-charset",))
    assert repair_line("d‚j… trait‚") == ("déjà traité", ("other-charset",))
    assert decode(b"H\x82moglobine glycosyl\x82e\nt\xe9l\xe9phone\n").text == "Hémoglobine glycosylée\ntéléphone\n"


def test_quirk_5_iso646_leaks() -> None:
    assert repair_line("GLYCEMIE @ jeun") == ("GLYCEMIE à jeun", ("iso646",))
    assert repair_line("H{moglobine tr}s {lev{e, re\\ue d{j@") == ("Hémoglobine très élevée, reçue déjà", ("iso646",))
    found = decode(b"RES|H{moglobine|HB|N|13,8\r\nRES|SODIUM|NA|N|140\r\n")
    assert (found.text.split("|")[1], found.encoding) == ("Hémoglobine", "iso646-fr")
    assert found.damage == (Damage("iso646", 1, (1,), True),)


@pytest.mark.parametrize(
    "line",
    [
        "prenom.nom@exemple.fr",
        "ecrire @ exemple.fr",
        '{"nom": "Dupont"} [a|b] ~',
        "{name} {id}",
        "H|~^\\&|a@b||c{d}",
        "C:\\temp\\note",
        "\\F\\ \\T\\ \\X0D\\",
        "a @ 3",
    ],
)
def test_quirk_5_signs_that_are_no_letters_stay(line: str) -> None:
    assert repair_line(line) == (line, ())


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("H&eacute;moglobine", "Hémoglobine"),
        ("H&eacutemoglobine", "Hémoglobine"),
        ("H&amp;eacute;moglobine", "Hémoglobine"),
        ("H&#233;moglobine &#xe9;lev&eacute;e", "Hémoglobine élevée"),
        ("un<br />deux<BR>trois", "un deux trois"),
        ("CRP &lt; 5 &micro;g", "CRP < 5 µg"),
        ("prot&eacute;ines &nbsp;", "protéines \u00a0"),
    ],
)
def test_quirk_6_html_entities_whole_and_half(line: str, text: str) -> None:
    assert repair_line(line) == (text, ("html-entities",))


def test_quirk_6_an_entity_never_parts_a_line_into_fields() -> None:
    for entity in (
        "&quot;",
        "&#124;",
        "&#59;",
        "&#10;",
        "&#13;",
        "&Tab;",
        "&#44;",
        "&#0;",
        "&nosuch;",
        "&#65533;",
    ):
        assert repair_line(f"a{entity}b") == (f"a{entity}b", ())
    assert repair_line("a&quot;b<br/>c", field=True) == ('a"b\nc', ("html-entities",))


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("trait\\'e9 \\'e0 jeun", "traité à jeun"),
        ("trait\\'8e", "traité"),
        ("\\u233?tat", "état"),
        ("\\uc0\\u711 a\\'87", "ˇaá"),
        ("fini\\par", "fini"),
        ("37\\'b0", "37°"),
        ("\\u-4051?", "\uf02d"),
    ],
)
def test_quirk_7_rtf_residue(line: str, text: str) -> None:
    assert repair_line(line) == (text, ("rtf",))


def test_quirk_7_a_byte_of_rtf_with_two_readings_stays() -> None:
    assert repair_line("x\\'87y") == ("x\\'87y", ("?rtf",))
    assert repair_line("a\\'41b") == ("a\\'41b", ("?rtf",))
    assert repair_line("\\u10?\\u55357?")[0] == "\\u10?\\u55357?"


@pytest.mark.parametrize(
    "line",
    ["Cholest,rol", "Cholest?rol", "Cholest\ufffdrol", "r,sultat", "une fi?vre", "Hmoglobine", "Rsultat du dosage"],
)
def test_quirk_8_a_lost_letter_is_reported_and_never_put_back(line: str) -> None:
    found = decode(f"SODIUM\n{line}\n".encode())
    assert found.text == f"SODIUM\n{line}\n"
    assert found.damage == (Damage("lossy", 1, (2,)),)


@pytest.mark.parametrize(
    "line", ["Dupont,rue du bois", "a,b,c,resultat", "http://exemple.fr/a?bcd", "HEMOGLOBINE", "quoi ?"]
)
def test_quirk_8_plain_lines_are_not_lossy(line: str) -> None:
    assert decode(line.encode()).damage == ()


# --- UTF-8 read under another encoding ------------------------------------------------------------------------------


@pytest.mark.parametrize("wrong", ["cp1252", "latin-1", "mac-roman", "cp850"])
@pytest.mark.parametrize("times", [1, 2])
def test_doubly_damaged_text_is_undone(wrong: str, times: int) -> None:
    line = "Hémoglobine très élevée, contrôlée ; goût âcre"
    damaged = line
    for _ in range(times):
        damaged = damaged.encode().decode(wrong)
    assert repair_line(damaged) == (line, ("double",))
    assert decode(damaged.encode()).text == line


def test_an_a_whose_second_half_became_a_space_is_undone() -> None:
    assert repair_line("glycÃ©mie Ã  jeun") == ("glycémie à jeun", ("double",))
    assert repair_line("dÃ©jÃ  vu") == ("déjà vu", ("double",))


@pytest.mark.parametrize(
    "line",
    [
        "QUALITÉ» ÉTÉ… « À LA MAISON »",
        "Müller, Schäfer, Muñoz, Núñez, Dvořák, Ødegård, Šimić",
        "l’œil, l’été, cœur — déjà…",
        "Ève, Élodie, Œuvre, Île",
        "37 °C, 5 µg/L, ≤ 3, ± 2 %, m², mm³, 10⁹, α1, β-hCG, → 4",
        "« très » “bien” ‘oui’",
        "‚Stop‘ „Halt“",
        "ΑΒΓ где 漢字 😀",
        "½ comprimé, 1€, n° 3, §2",
    ],
)
def test_clean_text_is_not_touched(line: str) -> None:
    assert repair_line(line) == (line, ())
    assert decode(line.encode()).damage == ()


def test_repair_can_be_left_out() -> None:
    assert decode("trait\\'e9 Ã©".encode(), repair=False).text == "trait\\'e9 Ã©"


def test_a_line_with_several_kinds_of_damage_names_them_all() -> None:
    assert repair_line("H&eacute;moglobine trait\\'e9 Ã©levÃ©e Cholest?rol") == (
        "Hémoglobine traité élevée Cholest?rol",
        ("rtf", "html-entities", "double", "?lossy"),
    )


def test_a_word_with_two_good_readings_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("semantix.text._repairs.MARGIN", 100.0)
    monkeypatch.setattr("semantix.text._repairs.score", lambda word: -3.0 if "‚" in word else 4.0)
    assert repair_line("H‚moglobine") == ("H‚moglobine", ("?other-charset",))


# --- lines ----------------------------------------------------------------------------------------------------------


def test_lines_end_with_cr_lf_or_both_and_nothing_else() -> None:
    assert split_lines("a\rb\r\nc\nd\n\re") == ["a", "b", "c", "d", "", "e"]
    assert split_lines("a\u2028b\x0bc\x0cd\x85e\x1cf\n") == ["a\u2028b\x0bc\x0cd\x85e\x1cf"]
    assert split_lines("") == []
    assert split_lines("\n") == [""]


def test_lines_are_counted_from_bytes() -> None:
    assert [count_lines(data) for data in (b"", b"a", b"a\n", b"a\r\nb", b"\r\r\n\n", b"a\rb\r")] == [0, 1, 1, 2, 3, 2]


def test_damage_names_its_first_lines_across_all_line_ends() -> None:
    found = decode("a\rb Ã©\r\nc\nd Ã©\r\n\r\ne Ã©".encode())
    assert found.damage == (Damage("double", 3, (2, 4, 6), True),)
