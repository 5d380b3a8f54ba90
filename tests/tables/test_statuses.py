"""Codes of HL7 v3, of the ANS and of SNOMED CT to the codes that FHIR requires, asked as documents write them."""

import pytest
from tests.conftest import ROOT

from semantix.model import Context, Query
from semantix.terminology.tables import Tables

ACT_STATUS, GENDER, NULL_FLAVOR = "2.16.840.1.113883.5.14", "2.16.840.1.113883.5.1", "2.16.840.1.113883.5.1008"
CLINICAL, SNOMED = "2.16.840.1.113883.4.642.4.1074", "2.16.840.1.113883.6.96"


@pytest.fixture(scope="module")
def loaded() -> Tables:
    return Tables.load(ROOT / "mappings" / "tables")


@pytest.mark.parametrize(
    ("system", "code", "target", "expected"),
    [
        (GENDER, "F", "fhir-administrative-gender", "female"),
        (f"urn:oid:{GENDER}", "M", "fhir-administrative-gender", "male"),
        (NULL_FLAVOR, "ASKU", "fhir-data-absent-reason", "asked-unknown"),
        (ACT_STATUS, "completed", "fhir-event-status", "completed"),
        (ACT_STATUS, "completed", "fhir-encounter-status", "finished"),
        (ACT_STATUS, "aborted", "fhir-medicationrequest-status", "stopped"),
        (CLINICAL, "remission", "fhir-condition-clinical", "remission"),
        (SNOMED, "413322009", "fhir-condition-clinical", "resolved"),
        ("2.16.840.1.113883.5.4", "FALG", "fhir-allergy-intolerance-category", "food"),
    ],
)
def test_a_code_becomes_that_of_fhir(loaded: Tables, system: str, code: str, target: str, expected: str) -> None:
    found = loaded.find(Query(code=code, system=system), Context(), target).decided
    assert found is not None
    assert found.target == expected


def test_a_code_that_countries_use_otherwise_decides_nothing(loaded: Tables) -> None:
    found = loaded.find(Query(code="UN", system=GENDER), Context(), "fhir-administrative-gender")
    assert (found.decided, sorted(row.target for row in found.top)) == (None, ["other", "unknown"])


def test_there_are_enough_rows(loaded: Tables) -> None:
    assert sum(len(loaded._index(target).rows) for target in loaded.targets if target.startswith("fhir-")) >= 120
