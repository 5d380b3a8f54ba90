"""What became of the lines of a source, as findings."""

import pytest

from semantix.model import Issue, SetAside, Severity
from semantix.parsers._xml import parse_xml
from semantix.report import Reading
from semantix.validation.form import from_issue, from_reading, line_at
from semantix.validation.form import words_lines as rules
from semantix.validation.form._places import line_in


@pytest.mark.parametrize(
    ("place", "line"),
    [
        ("line 12/RES", 12),
        ("lines 3-9", 3),
        ("line 41 (OBX)", 41),
        ("4 lines from line 7", 7),
        ("OBX[3]/5", None),
        ("IHE_XDM/x.xml", None),
        ("online 5", None),
        ("", None),
    ],
)
def test_a_line_is_taken_from_a_place(place: str, line: int | None) -> None:
    assert line_in(place) == line


def test_a_doubt_of_a_reader_keeps_its_number_and_its_weight() -> None:
    found = from_issue(Issue("SX314", Severity.WARNING, "line 7/RES", "a RES line of 16 fields"))
    assert (found.code, found.severity, found.layer) == ("SX-READ-314", Severity.WARNING, "form")
    assert (found.path, found.line, found.message) == ("line 7/RES", 7, "a RES line of 16 fields")


TREE = parse_xml(b'<ClinicalDocument xmlns="urn:hl7-org:v3">\n<id/>\n<id/>\n<a>\n<b/></a></ClinicalDocument>', "a.xml")


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("/ClinicalDocument[1]", 1),
        ("/ClinicalDocument[1]/id[2]", 3),
        ("/ClinicalDocument[1]/id[2]/@root", 3),
        ("/ClinicalDocument/a/b", 5),
        ("/ClinicalDocument[1]/id[3]", None),
        ("/ClinicalDocument[1]/id[3]/x[1]", None),
        ("/ClinicalDocument[1]/id[x]", None),
        ("/Other[1]", None),
        ("/", None),
    ],
)
def test_the_line_of_a_path_is_found_in_the_tree(path: str, line: int | None) -> None:
    assert line_at(TREE, path) == line
    assert from_issue(Issue("SX003", Severity.WARNING, path, ""), TREE).line == line


def test_a_path_begins_at_the_top_of_the_tree() -> None:
    tree = parse_xml(b'<x>\n<ClinicalDocument xmlns="urn:hl7-org:v3">\n<id/></ClinicalDocument></x>', "a.xml")
    assert line_at(tree[0], "/x[1]/ClinicalDocument[1]/id[1]") == 3


def reading(*asides: SetAside, total: int = 0, read: int = 0, documents: int = 0) -> Reading:
    made = Reading(documents=documents, total=total, read=read)
    for one in asides:
        made.put_aside(one)
    return made


def test_a_file_read_whole_has_no_finding() -> None:
    whole = reading(SetAside("line 1", 1, "structure"), SetAside("line 4", 1, "blank"), total=10, read=8, documents=2)
    assert list(from_reading(whole)) == []


def test_a_quarantined_line_is_an_error_at_its_place_without_its_numbers() -> None:
    aside = SetAside("line 12", 1, "unreadable", "column date: no day 31 in month 6", quarantined=True)
    (one,) = from_reading(reading(aside, total=2, read=1, documents=1))
    assert (one.code, one.severity, one.line) == (rules.QUARANTINED.code, Severity.ERROR, 12)
    assert one.message == "column date: no day … in month …"
    for text in rules.QUARANTINED.found:
        assert text.format_map(one.facts).startswith("1 ")


def test_many_quarantined_lines_are_told_one_by_one_then_counted() -> None:
    asides = [SetAside(f"line {n}", 1, "unreadable", "", quarantined=True) for n in range(1, 31)]
    found = list(from_reading(reading(*asides, total=30)))
    assert [one.facts["lines"] for one in found] == ["1"] * 20 + ["10"]


def test_lines_set_aside_for_a_reason_to_look_at_are_information() -> None:
    (one,) = from_reading(reading(SetAside("lines 3-9", 7, "repeated"), total=8, read=1, documents=1))
    assert (one.code, one.facts["lines"]) == (rules.SET_ASIDE.code, "7")
    assert one.facts["reason_fr"] == "le même contenu de la même source a déjà été lu"


def test_lines_of_which_nothing_is_known_are_an_error() -> None:
    assert [one.code for one in from_reading(reading(total=3, read=1, documents=1))] == [rules.UNACCOUNTED.code]


def test_a_file_whose_lines_make_no_document_is_an_error() -> None:
    assert rules.NOTHING_READ.code in [one.code for one in from_reading(reading(total=3, read=3))]


def test_a_resource_that_no_reader_converts_is_no_defect():
    aside = SetAside("entry-3", 0, "unknown-kind", "", quarantined=True)
    whole = reading(aside, documents=1)
    assert [one.code for one in from_reading(whole, is_fhir=True)] == [rules.NOT_CONVERTED.code]
    (one,) = from_reading(whole)
    assert (one.code, one.facts["lines"]) == (rules.QUARANTINED.code, "1")


def test_a_place_named_by_the_number_of_a_patient_is_told_without_it() -> None:
    assert from_issue(Issue("SX424", Severity.WARNING, "Patient/185057800608491", "")).path == "Patient/…"
    assert from_issue(Issue("SX424", Severity.WARNING, "Patient/991234567890123", "")).path == "Patient/991234567890123"
