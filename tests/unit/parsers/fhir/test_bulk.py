"""NDJSON files: lines accounted for, patients and people found in the other files."""

import json
from itertools import pairwise
from typing import Any

import pytest
from tests.unit.parsers.fhir.fhir_samples import (
    PATIENT,
    File,
    accounted,
    bulk,
    check,
    coded,
    ndjson,
    observation,
    rows,
    statements,
)

from semantix.errors import UnreadableInput
from semantix.model import Document, SetAside, Severity
from semantix.parsers._claims import Claim
from semantix.parsers.fhir import BULK
from semantix.parsers.fhir.bulk import CUT

CLAIM = Claim("fhir-bulk", "R4", 1.0, "")


def found_in(told: list[Any]) -> list[Document]:
    return [one for one in told if isinstance(one, Document)]


def test_lines_are_grouped_by_patient_and_accounted_for() -> None:
    second = observation(id="o2", subject={"reference": "Patient/p2"})
    told = bulk(ndjson(observation(), second, observation(id="o3")), {"Patient": File("P", [PATIENT])})
    assert accounted(told)
    one, other = found_in(told)
    assert (one.lines, other.lines) == (2, 1)
    assert (one.patient.birth is not None, other.patient.birth is not None) == (True, False)
    check(one)
    assert len(rows(one, "measurement")) == 2


def test_blank_and_broken_lines_are_set_aside_and_the_rest_goes_on() -> None:
    data = ndjson(observation()) + b"\n  \n{broken\n[1]\n" + ndjson(observation(id="o2"))[:-1]
    told = bulk(data, {"Patient": File("P", [PATIENT])}, line=11)
    assert accounted(told)
    aside = {one.where: one for one in told if isinstance(one, SetAside)}
    assert (aside["2 blank lines"].lines, aside["line 14"].quarantined, aside["line 15"].quarantined) == (2, True, True)
    assert found_in(told)[0].lines == 2


def test_people_and_drugs_are_found_in_the_other_files_at_any_depth() -> None:
    request = {
        "resourceType": "MedicationRequest",
        "id": "m1",
        "status": "active",
        "intent": "order",
        "authoredOn": "2024-01-01",
        "subject": {"reference": "Patient/p1"},
        "medicationReference": {"reference": "Medication/x"},
        "requester": {"reference": "PractitionerRole/r"},
    }
    others = {
        "Patient.000": File("P0", [{**PATIENT, "id": f"q{n}"} for n in range(50)]),
        "Patient.001": File("P1", [PATIENT]),
        "Medication": File(
            "M", [{"resourceType": "Medication", "id": "x", "code": coded("A10BA02", "http://www.whocc.no/atc")}]
        ),
        "PractitionerRole": File(
            "R", [{"resourceType": "PractitionerRole", "id": "r", "practitioner": {"reference": "Practitioner/d"}}]
        ),
        "mixed": File("X", [{"resourceType": "Practitioner", "id": "d", "name": [{"family": "Fictif"}]}]),
    }
    (found,) = found_in(bulk(ndjson(request), others))
    check(found)
    (only,) = statements(found)
    assert only.parties[0].names[0].values("family") == ("Fictif",)
    assert rows(found, "drug_exposure")[0]["drug_source_value"] == "A10BA02"


def test_a_file_is_indexed_once_and_read_forward() -> None:
    patients = File("once", [{**PATIENT, "id": f"p{n}"} for n in range(300)])
    lines = [observation(id=f"o{n}", subject={"reference": f"Patient/p{(n * 7) % 300}"}) for n in range(300)]
    told = bulk(ndjson(*lines), {"Patient": patients})
    assert len(found_in(told)) == 300
    assert all(one.patient.birth is not None for one in found_in(told))
    assert patients.opened == 2
    bulk(ndjson(*lines), {"Patient": patients})
    assert patients.opened == 3


def test_a_damaged_line_of_another_file_is_as_if_it_were_not_there() -> None:
    broken = File("broken", ndjson(PATIENT)[:-3] + b"\n{}\n")
    (found,) = found_in(bulk(ndjson(observation()), {"Patient": broken}))
    assert found.patient.birth is None


def test_a_number_that_is_left_out_is_told_where_the_patient_is_read_alone() -> None:
    numbers = [
        {"system": "urn:oid:1.2.250.1.213.1.4.8", "value": "269054958815780"},
        {"type": {"coding": [{"code": "SS"}]}, "value": "2690549588157"},
    ]
    who = {**PATIENT, "identifier": numbers}
    (told,) = found_in(bulk(ndjson(who)))
    assert [(one.code, one.severity) for one in told.issues] == [
        ("SX424", Severity.INFORMATION),
        ("SX425", Severity.WARNING),
    ]
    (result,) = found_in(bulk(ndjson(observation()), {"Patient": File("elsewhere", [who])}))
    assert (result.issues, result.patient.ids) == ((), told.patient.ids)


def test_a_patient_of_whom_nothing_is_told_is_a_document_too() -> None:
    (found,) = found_in(bulk(ndjson(PATIENT)))
    assert (found.sections, found.lines) == ((), 1)
    assert rows(found, "person")[0]["year_of_birth"] == 1961


def test_lookups_that_nobody_refers_to_are_administrative() -> None:
    told = bulk(ndjson(*({"resourceType": "Organization", "id": f"g{n}"} for n in range(3))))
    assert accounted(told)
    (aside,) = [one for one in told if isinstance(one, SetAside)]
    assert (aside.lines, aside.reason, aside.where) == (3, "administrative", "line-1 and 2 more")


def test_a_line_that_is_there_twice_is_repeated() -> None:
    told = bulk(ndjson(observation(), observation()))
    assert accounted(told)
    assert [one.reason for one in told if isinstance(one, SetAside)] == ["repeated"]


def test_cuts_are_whole_lines_and_lose_nothing() -> None:
    lines = [observation(id=f"o{n}", note=[{"text": "x" * (n % 900)}]) for n in range(2500)]
    file = File("a.ndjson", ndjson(*lines)[:-1])
    cuts = list(BULK.cut(file, CLAIM))
    assert b"".join(cut.data for cut in cuts) == file.data
    assert len(cuts) > 2
    assert all(len(cut.data) < 2 * CUT for cut in cuts)
    assert all(cut.data.endswith(b"\n") for cut in cuts[:-1])
    assert [b.line - a.line for a, b in pairwise(cuts)] == [cut.data.count(b"\n") for cut in cuts[:-1]]


def test_a_line_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("semantix.parsers.fhir.bulk.LONGEST_LINE", CUT)
    with pytest.raises(UnreadableInput, match="longer than"):
        list(BULK.cut(File("a.ndjson", b"x" * (3 * CUT)), CLAIM))


def test_only_some_files_are_remembered() -> None:
    for n in range(40):
        bulk(ndjson(observation()), {"Patient": File(f"file {n}", [PATIENT])})
    assert len(BULK._shelves._held) == 32


def test_an_empty_file_has_no_lines() -> None:
    assert accounted(bulk(b""))


def test_a_composition_in_a_file_takes_its_lines() -> None:
    composition = {
        "resourceType": "Composition",
        "id": "k1",
        "subject": {"reference": "Patient/p1"},
        "title": "Synthèse",
        "section": [{"entry": [{"reference": "Observation/o1"}]}],
    }
    told = bulk(ndjson(PATIENT, composition, observation(), observation(id="o2")))
    assert accounted(told)
    assert sorted(one.lines for one in found_in(told)) == [2, 2]
    assert json.dumps([one.title for one in found_in(told)])
