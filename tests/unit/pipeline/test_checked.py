"""The parts of a file become one line of the report: merged, counted, bounded."""

from __future__ import annotations

from semantix.io import Limits
from semantix.model import Severity
from semantix.pipeline.checked import MOST, Files, Part, layer_run
from semantix.report import Reading, Unreadable
from semantix.validation import Checked, Coverage, Finding, ValidationReport

FOUND = Finding(code="SX-FORM-55", severity=Severity.ERROR, layer="form")


def put_together(*parts: Part | Unreadable) -> list[Checked]:
    report = ValidationReport(version="0", day="2026-11-26")
    files = Files(report, Limits(), len(parts), None)
    for part in parts:
        files.take(part)
    files.close()
    return report.documents


def part(name: str, **fields: object) -> Part:
    return Part(name=name, layers=(layer_run("form"),), **fields)


def test_the_cuts_of_a_file_are_one_document_of_the_report() -> None:
    one, two = Coverage(), Coverage()
    one.count("loinc", "valid")
    two.count("loinc", "valid")
    first = part("a.hpr", format="HPRIM", findings=(FOUND,), coverage=one)
    second = part("a.hpr", format="HPRIM", findings=(FOUND,), coverage=two, is_first=False)
    (checked,) = put_together(first, second)
    assert (checked.name, checked.findings, checked.layers) == ("a.hpr", (FOUND, FOUND), (layer_run("form"),))
    assert checked.coverage.counts == {"loinc": {"valid": 2}}


def test_two_files_of_one_name_stay_two() -> None:
    assert len(put_together(part("a.xml"), part("a.xml"))) == 2


def test_a_file_whose_first_cut_cannot_be_read_keeps_its_format() -> None:
    refusal = Unreadable("a.csv", "UnreadableInput", "a row of 1,000,000 characters")
    (checked,) = put_together(refusal, part("a.csv", format="CSV", version="1", is_first=False))
    assert (checked.format, checked.version) == ("CSV", "1")


def test_findings_beyond_the_bound_are_counted() -> None:
    (checked,) = put_together(part("a.csv", findings=(FOUND,) * (MOST + 500)))
    assert len(checked.findings) == MOST + 1
    more = checked.findings[-1]
    assert (more.code, dict(more.facts)) == ("SX-RUN-01", {"code": "SX-FORM-55", "count": "500"})


def test_lines_of_which_nothing_is_known_are_an_error() -> None:
    reading = Reading()
    reading.total, reading.read, reading.documents = 10, 7, 1
    (checked,) = put_together(part("a.csv", reading=reading))
    assert [(found.code, dict(found.facts)) for found in checked.findings] == [("SX-FORM-57", {"lines": "3"})]
