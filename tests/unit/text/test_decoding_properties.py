"""What holds of the decoder for any bytes, and for any French text."""

from hypothesis import given, settings
from hypothesis import strategies as st

from semantix.text.decoding import count_lines, decode, repair_line, split_lines

ACCENTED = (
    "hémoglobine glycémie créatinine élevée contrôle prélèvement à été très réalisé décédé fièvre février août "
    "français "
    "reçu âgé mère père œdème cœur naïf aiguë goût hôpital tête gêne piqûre diabète système problème déjà là où après "
    "Hélène Léa Zoé André François Noël Jérôme Évry Orléans RÉSULTAT PROTÉINES ÉCHOGRAPHIE MODÉRÉ L'ÉTÉ d'après l'état"
).split()
PLAIN = (
    "le la de patient dosage normal 140 1,30 g/L mmol/L RES|NA|N|F (0,74-1,06) ; : HEMOGLOBINE jeun 12/02/2013".split()
)
WORDS = st.lists(st.sampled_from(ACCENTED) | st.sampled_from(PLAIN), min_size=1, max_size=12)
ENDS = st.sampled_from(["\n", "\r\n", "\r"])
LINES = st.lists(st.tuples(WORDS.map(" ".join), ENDS).map("".join), min_size=1, max_size=6)
TEXTS = LINES.map("".join)
NAMES = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "iso8859-15", "mac-roman"])


@given(TEXTS, NAMES)
def test_french_text_comes_back_from_every_encoding(text: str, name: str) -> None:
    if name.startswith("utf-16-") and len(text) < 2:
        return
    found = decode(text.encode(name))
    assert found.text == text
    assert found.damage == ()


@given(TEXTS)
def test_french_text_comes_back_from_cp850(text: str) -> None:
    text = text.replace("œ", "oe").replace("Œ", "OE")
    assert decode(text.encode("cp850")).text == text


@given(LINES, st.lists(st.sampled_from(["utf-8", "cp1252", "mac-roman"]), min_size=6, max_size=6))
def test_lines_in_many_encodings_come_back(lines: list[str], names: list[str]) -> None:
    data = b"".join(line.encode(name) for line, name in zip(lines, names, strict=False))
    found = decode(data)
    assert found.text == "".join(lines)
    assert count_lines(data) == len(split_lines(found.text))


@given(WORDS.map(" ".join))
def test_clean_french_is_not_repaired(line: str) -> None:
    assert repair_line(line) == (line, ())


@given(WORDS.map(" ".join), st.sampled_from(["cp1252", "latin-1", "mac-roman"]))
def test_utf8_read_wrongly_is_undone(line: str, wrong: str) -> None:
    assert repair_line(line.encode().decode("latin-1" if wrong == "cp1252" else wrong))[0] == line


@given(st.binary(max_size=400) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")))
def test_any_bytes_have_one_text_and_as_many_lines(data: bytes) -> None:
    found = decode(data)
    assert found == decode(data)
    assert 0 < found.confidence <= 1
    assert found.encoding
    if not found.encoding.startswith("utf-16"):
        assert len(split_lines(found.text)) == count_lines(data.removeprefix(b"\xef\xbb\xbf"))
    lines = split_lines(found.text)
    assert all(0 < number <= max(1, len(lines)) for damage in found.damage for number in damage.lines)


@given(st.binary(max_size=200), st.sampled_from(["cp1252", "cp850", "mac-roman", "iso8859-15", "utf-8", "iso646-fr"]))
def test_any_bytes_are_read_under_an_encoding_that_is_told(data: bytes, name: str) -> None:
    found = decode(data, (name,), repair=False)
    assert len(found.text) <= len(data)


@given(st.text(max_size=120) | st.text("éÈ‚ŽÃ©Â°√├®&#;ecut\\'u{}@<br/>?, Hmglobin", max_size=60))
def test_no_line_raises_or_gains_a_line_end(line: str) -> None:
    line = line.replace("\r", " ").replace("\n", " ")
    text, kinds = repair_line(line)
    assert "\n" not in text
    assert "\r" not in text
    assert (text == line) == all(kind.startswith("?") for kind in kinds)


@settings(max_examples=10)
@given(
    st.sampled_from(
        ["a" * 50_000, "é" * 50_000, "&" * 50_000, "\\'" * 25_000, "Ã©" * 25_000, "a," * 25_000, "{a" * 25_000]
    )
)
def test_a_hostile_line_takes_no_time(line: str) -> None:
    repair_line(line)
    decode(line.encode())
    decode(line.encode("cp1252", "replace"))
