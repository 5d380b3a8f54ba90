"""Baselines: known findings stay known when lines move, and only new ones count."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests import validated

from semantix.errors import BadTable
from semantix.model import Severity
from semantix.validation._findings import Checked, Finding, ValidationReport
from semantix.validation.baseline import apply_baseline, key_of, parse_baseline, stale_entries, write_baseline


def found(path: str = "/a[1]/b[2]", line: int = 3, **facts: str) -> Finding:
    return Finding(
        code="SX-CODE-02", severity=Severity.ERROR, layer="semantix", path=path, line=line, facts=facts or {"code": "X"}
    )


def report(*findings: Finding, name: str = "a.xml") -> ValidationReport:
    return ValidationReport(version="1", day="2026-11-26", documents=[Checked(name=name, findings=findings)])


def test_what_was_written_is_accepted_whole():
    before = validated.many()
    after = apply_baseline(before, parse_baseline(write_baseline(before)))
    assert all(checked.findings == () for checked in after.documents)
    assert [checked.known for checked in after.documents] == [
        len(checked.findings) + checked.known for checked in before.documents
    ]
    assert stale_entries(before, parse_baseline(write_baseline(before))) == ()


def test_lines_and_positions_that_move_are_not_new():
    baseline = parse_baseline(write_baseline(report(found("/a[1]/b[2]", 3))))
    assert apply_baseline(report(found("/a[1]/b[7]", 90)), baseline).documents[0].findings == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("row 3, column “date”", "row 88, column “date”"),
        ("line 12/code", "line 13/code"),
        ("OBX[3]/5", "OBX[9]/5"),
    ],
)
def test_places_of_other_formats_are_known_without_their_numbers(one, other):
    assert key_of(found(one), "a") == key_of(found(other), "a")


def test_fields_of_a_segment_stay_apart():
    assert key_of(found("OBX[3]/5"), "a") != key_of(found("OBX[3]/6"), "a")


@pytest.mark.parametrize("new", [found(code="Y"), found("/a[1]/c[1]")])
def test_another_fact_or_place_is_new(new):
    baseline = parse_baseline(write_baseline(report(found())))
    assert apply_baseline(report(found(), new), baseline).documents[0].findings == (new,)


def test_another_document_is_new():
    baseline = parse_baseline(write_baseline(report(found())))
    assert apply_baseline(report(found(), name="b.xml"), baseline).documents[0].findings == (found(),)


def test_one_more_of_the_same_is_new():
    baseline = parse_baseline(write_baseline(report(found(line=1), found(line=2))))
    checked = apply_baseline(report(found(line=1), found(line=2), found(line=9)), baseline).documents[0]
    assert (checked.known, checked.findings) == (2, (found(line=9),))


def test_counts_among_the_facts_do_not_matter():
    baseline = parse_baseline(write_baseline(report(found(code="X", count="3"))))
    assert apply_baseline(report(found(code="X", count="4")), baseline).documents[0].findings == ()


def test_separators_of_paths_are_the_same_on_every_system():
    baseline = parse_baseline(write_baseline(report(found(), name="exports\\a.xml")))
    assert apply_baseline(report(found(), name="exports/a.xml"), baseline).documents[0].known == 1


def test_what_is_no_longer_found_is_stale():
    baseline = parse_baseline(write_baseline(report(found(line=1), found(line=2), found(code="Y"))))
    stale = stale_entries(report(found(line=5)), baseline)
    assert [(entry.facts["code"], entry.count) for entry in stale] == [("X", 1), ("Y", 1)]


def test_documents_that_were_not_in_the_run_are_not_stale():
    baseline = parse_baseline(write_baseline(report(found())))
    assert stale_entries(report(name="b.xml"), baseline) == ()


def test_the_file_is_sorted_one_finding_a_line():
    text = write_baseline(report(found(code="Z"), found(code="B"), found(code="B")))
    assert text.splitlines() == [
        "{",
        '"format": "semantix-baseline/1",',
        '"day": "2026-11-26",',
        '"accepted": [',
        '  {"code":"SX-CODE-02","document":"a.xml","path":"/a/b","facts":{"code":"B"},"count":2},',
        '  {"code":"SX-CODE-02","document":"a.xml","path":"/a/b","facts":{"code":"Z"}}',
        "]",
        "}",
    ]
    assert json.loads(write_baseline(report()))["accepted"] == []


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": "semantix-baseline/1"', "\ufeff", b"\xff"])
def test_what_is_no_baseline_is_refused(text):
    with pytest.raises(BadTable, match="not a baseline of findings"):
        parse_baseline(text)


def test_a_baseline_of_another_format_is_refused():
    with pytest.raises(BadTable, match="semantix-baseline/1"):
        parse_baseline('{"format": "semantix-baseline/9", "day": "2026-11-26"}')


@given(st.lists(st.tuples(st.sampled_from("XYZ"), st.integers(1, 99)), max_size=8))
def test_a_run_is_always_known_to_its_own_baseline(values):
    before = report(*(found(f"/a[{n}]", n, code=code) for code, n in values))
    after = apply_baseline(before, parse_baseline(write_baseline(before)))
    assert (after.documents[0].findings, after.documents[0].known) == ((), len(values))
