"""The form of XML that can be read: encodings and damaged characters."""

from pathlib import Path

import pytest

from semantix.parsers._xml import parse_xml
from semantix.validation._findings import Finding
from semantix.validation.form import words_xml as rules
from semantix.validation.form import xml_form

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


def found(data: bytes) -> list[Finding]:
    return list(xml_form(data, parse_xml(data, "a.xml")))


def document(text: str) -> bytes:
    return f'{HEAD}<ClinicalDocument xmlns="urn:hl7-org:v3">\n<title>{text}</title></ClinicalDocument>'.encode()


def codes(data: bytes) -> list[str]:
    return [one.code for one in found(data)]


@pytest.mark.parametrize(
    "text",
    [
        "Compte rendu : où, déjà, naïf, cœur « entre guillemets » – l’été, 37 °C, Â, ÂGÉ, ŒDÈME",
        "Le patient va-t-il mieux ? oui. voir http://exemple.fr/page?id=3&amp;x=y",
        "R&amp;D, A &lt; B",
        "Ångström, señor, SÃO PAULO",
    ],
)
def test_a_right_document_has_no_finding(text: str) -> None:
    assert found(document(text)) == []


def test_a_byte_order_mark_of_utf8_is_right() -> None:
    assert codes(b"\xef\xbb\xbf" + document("été")) == []


def test_a_file_without_a_declaration_is_told() -> None:
    assert codes(b"<a/>") == [rules.NO_DECLARATION.code]


@pytest.mark.parametrize("encoding", ["iso-8859-1", "windows-1252"])
def test_a_cda_document_in_another_encoding_is_wrong(encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?><ClinicalDocument xmlns="urn:hl7-org:v3">été</ClinicalDocument>'
    (one,) = found(text.encode(encoding))
    assert (one.code, one.line, dict(one.facts)) == (rules.NOT_UTF8.code, 1, {"encoding": encoding})


def test_a_cda_document_in_utf16_is_wrong() -> None:
    text = '<?xml version="1.0" encoding="UTF-16"?><ClinicalDocument xmlns="urn:hl7-org:v3">été</ClinicalDocument>'
    assert codes(text.encode("utf-16")) == [rules.NOT_UTF8.code]


def test_another_xml_may_have_another_encoding() -> None:
    assert codes('<?xml version="1.0" encoding="ISO-8859-1"?><a>été</a>'.encode("latin-1")) == []
    assert codes('<?xml version="1.0" encoding="UTF-16"?><a>été</a>'.encode("utf-16")) == []


def test_a_mark_that_contradicts_the_declaration_is_told() -> None:
    data = b'\xef\xbb\xbf<?xml version="1.0" encoding="ISO-8859-1"?><a>x</a>'
    assert codes(data) == [rules.BOM_DIFFERS.code]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Hypertension artÃ©rielle", rules.DOUBLE),
        ("PrÃ©sence dâ€™une lÃ©sion", rules.DOUBLE),
        ("37 Â°C", rules.DOUBLE),
        ("rielle Ã la carte", rules.DOUBLE),
        ("art\ufffdrielle", rules.REPLACED),
        ("l\x92enfant", rules.CONTROL),
        ("l&#146;enfant", rules.CONTROL),
        ("\uf0b7 une puce", rules.PRIVATE),
        ("&#xF0B7; une puce", rules.PRIVATE),
        ("art&amp;eacute;rielle", rules.ENTITIES),
        ("un&amp;nbsp;mot, &amp;#233;t&amp;#233;", rules.ENTITIES),
        ("hypertension art?rielle", rules.LOST_LETTER),
    ],
)
def test_damaged_characters_are_told_at_their_place(text: str, rule) -> None:
    (one,) = found(document(text))
    assert (one.code, one.path, one.line) == (rule.code, "/ClinicalDocument[1]/title[1]", 3)
    assert dict(one.facts) == {"count": "1"}
    assert "rielle" not in str(one)


def test_damage_of_an_attribute_and_of_a_tail_count_too() -> None:
    data = f'{HEAD}<a x="Ã©tÃ©"><b/>dÃ©jÃ\xa0</a>'.encode()
    (one,) = found(data)
    assert (one.code, one.facts["count"]) == (rules.DOUBLE.code, "2")


def test_an_object_in_base64_is_not_read_as_words() -> None:
    assert codes(f"{HEAD}<a>é{'&amp;eacute;' * 40_000}</a>".encode()) == []


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("../style/cda.xsl", []),
        ("#", []),
        ("https://exemple.org/cda.xsl", [rules.REMOTE_STYLE.code]),
        ("//exemple.org/cda.xsl", [rules.REMOTE_STYLE.code]),
    ],
)
def test_a_style_sheet_of_the_network_is_told(href: str, expected: list[str]) -> None:
    assert codes(f'{HEAD}<?xml-stylesheet type="text/xsl" href="{href}"?><a/>'.encode()) == expected


def test_an_encoding_that_python_does_not_know_is_no_crash() -> None:
    data = b'<?xml version="1.0" encoding="EBCDIC-CP-FR2"?><a>x</a>'
    root = parse_xml(b"<a>x</a>", "a.xml")
    assert list(xml_form(data, root)) == []


def test_the_corpus_has_no_damage(shared: Path) -> None:
    for path in sorted((shared / "corpus").glob("cda-*/*.xml")):
        assert codes(path.read_bytes()) == [], path.name
