import pytest

from semantix.parsers.hl7v2.message import Part, Segment, delimiters, split

MARKS = delimiters("MSH|^~\\&|X|", "utf-8")


def test_the_header_declares_the_delimiters():
    odd = delimiters("MSH#!@/%#X#", "utf-8")
    assert odd is not None
    assert (odd.field, odd.component, odd.repetition, odd.escape, odd.subcomponent) == ("#", "!", "@", "/", "%")


@pytest.mark.parametrize("header", ["MSH", "MSH|", "MSH|^^^^|X", "MSH|^|X|", "MSHA^~\\&A", "PID|^~\\&|"])
def test_delimiters_that_cannot_be_told_apart_are_none(header):
    assert delimiters(header, "utf-8") is None


@pytest.mark.parametrize(
    ("escaped", "clear"),
    [
        ("a\\F\\b", "a|b"),
        ("\\S\\\\T\\\\R\\\\E\\", "^&~\\"),
        ("un\\.br\\deux", "un\ndeux"),
        ("un\\.sp3\\deux", "un\ndeux"),
        ("\\H\\gras\\N\\", "gras"),
        ("\\XC3A9\\", "é"),
        ("C:\\temp\\x", "C:\\temp\\x"),
        ("fin\\", "fin\\"),
        ("\\.sp99999999999\\", "\\.sp99999999999\\"),
        ("\\X1\\", "\\X1\\"),
    ],
)
def test_escapes_are_undone_and_a_backslash_that_begins_none_stays(escaped, clear):
    assert MARKS.clear(escaped) == clear


def test_delimiters_that_are_not_declared_are_the_usual_ones():
    assert delimiters("MSH|^~|X|", "utf-8") == MARKS


def test_a_null_is_empty():
    part = Part('""^b', MARKS)
    assert part.text(1) == ""
    assert part.text(2) == "b"
    assert part.text(9) == ""
    assert not Part('""', MARKS)


def test_subcomponents_are_inside_components():
    assert Part("a^b&c", MARKS).text(2, 2) == "c"


def test_fields_are_numbered_as_the_standard_does():
    header = Segment("MSH", 1, 1, 1, MARKS, split("MSH|^~\\&|SIL|LABO", MARKS))
    assert (header.text(1), header.raw(2), header.text(3)) == ("|", "^~\\&", "SIL")
    other = Segment("PID", 1, 1, 1, MARKS, split("PID|1||a~b", MARKS))
    assert other.text(1) == "1"
    assert [part.text() for part in other.parts(3)] == ["a", "b"]
    assert other.parts(40) == ()


def test_separators_inside_a_document_are_letters():
    fields = split("OBX|1|ED|c||^T^X^^<ClinicalDocument a='|'>x|y</ClinicalDocument>||||||F", MARKS)
    assert fields[5] == "^T^X^^<ClinicalDocument a='|'>x|y</ClinicalDocument>"
    assert fields[11] == "F"
