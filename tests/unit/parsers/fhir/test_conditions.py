"""Condition, AllergyIntolerance, FamilyMemberHistory."""

from typing import Any

import pytest
from tests.unit.parsers.fhir.fhir_samples import SNOMED, coded, document, resources, rows, statement, statements

from semantix.emitters import omop
from semantix.model import Observation, Problem

HL7 = "http://terminology.hl7.org/CodeSystem/"
CIM = "http://hl7.org/fhir/sid/icd-10"
IPS = "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips"


def condition(**more: Any) -> dict[str, Any]:
    return {
        "resourceType": "Condition",
        "id": "c1",
        "clinicalStatus": coded("active", f"{HL7}condition-clinical"),
        "verificationStatus": coded("confirmed", f"{HL7}condition-ver-status"),
        "code": coded("E11.9", CIM, "Diabète de type 2"),
        "subject": {"reference": "Patient/p1"},
        "onsetDateTime": "2019-05",
        **more,
    }


def allergy(**more: Any) -> dict[str, Any]:
    return {
        "resourceType": "AllergyIntolerance",
        "id": "a1",
        "clinicalStatus": coded("active", f"{HL7}allergyintolerance-clinical"),
        "verificationStatus": coded("confirmed", f"{HL7}allergyintolerance-verification"),
        "type": "allergy",
        "category": ["medication"],
        "criticality": "high",
        "code": coded("J01CA04", "http://www.whocc.no/atc", "amoxicilline"),
        "patient": {"reference": "Patient/p1"},
        "recordedDate": "2020-02-03",
        **more,
    }


def test_a_condition_becomes_a_diagnosis() -> None:
    found = document(condition())
    (row,) = rows(found, "condition_occurrence")
    assert (row["condition_source_value"], row["condition_start_date"]) == ("E11.9", "2019-05-01")
    (written,) = resources(found, "Condition")
    assert written["clinicalStatus"]["coding"][0]["code"] == "active"
    assert written["verificationStatus"]["coding"][0]["code"] == "confirmed"
    assert written["onsetDateTime"] == "2019-05"


@pytest.mark.parametrize("status", ["provisional", "differential", "refuted", "unconfirmed"])
def test_what_is_not_confirmed_is_an_observation_that_says_so(status: str) -> None:
    found = document(condition(verificationStatus=coded(status, f"{HL7}condition-ver-status")))
    assert not rows(found, "condition_occurrence")
    row = next(row for row in rows(found, "observation") if row["observation_source_value"] == "E11.9")
    assert row["qualifier_source_value"] == status


def test_what_was_entered_in_error_is_in_no_row() -> None:
    found = document(condition(verificationStatus=coded("entered-in-error", f"{HL7}condition-ver-status")))
    assert statements(found)[0].status == "nullified"
    assert omop.emit(found).excluded["problem", "status-excluded"] == 1
    assert not rows(found, "observation")


def test_a_condition_without_onset_has_the_date_of_its_recording() -> None:
    found = document({k: v for k, v in condition(recordedDate="2021-06-07").items() if k != "onsetDateTime"})
    (row,) = rows(found, "condition_occurrence")
    assert row["condition_start_date"] == "2021-06-07"
    assert omop.emit(found).imputed["condition_occurrence", "recorded"] == 1


def test_an_end_and_a_period_are_kept() -> None:
    ended = statement(condition(abatementDateTime="2022-01-31"))
    assert (ended.time.low.iso, ended.time.high.iso) == ("2019-05", "2022-01-31")
    spanned = {k: v for k, v in condition(onsetPeriod={"start": "2018", "end": "2019"}).items() if k != "onsetDateTime"}
    assert statement(spanned).time.low.iso == "2018"


@pytest.mark.parametrize(
    ("onset", "said"),
    [
        ({"onsetAge": {"value": 45, "unit": "ans"}}, "45 ans"),
        ({"onsetString": "dans l'enfance"}, "dans l'enfance"),
        ({"onsetRange": {"low": {"value": 10, "unit": "a"}, "high": {"value": 12, "unit": "a"}}}, "10 a - 12 a"),
    ],
)
def test_an_age_and_words_are_comments_no_date_is_made_of_them(onset: dict[str, Any], said: str) -> None:
    found = statement({k: v for k, v in condition(**onset).items() if k != "onsetDateTime"})
    assert found.time is None
    assert [note.text for note in found.notes] == [said]


def test_severity_stage_site_evidence_and_category_are_read() -> None:
    found = document(
        condition(
            severity=coded("24484000", SNOMED),
            stage=[{"summary": coded("1222593009", SNOMED)}],
            bodySite=[coded("113331007", SNOMED)],
            evidence=[{"code": [coded("267036007", SNOMED)], "detail": [{"reference": "Observation/absent"}]}],
            category=[
                coded("problem-list-item", f"{HL7}condition-category"),
                coded("encounter-diagnosis", f"{HL7}condition-category"),
            ],
            recorder={"display": "Dr Fictif"},
            asserter={"reference": "Patient/p1"},
            note=[{"text": "à revoir"}],
        )
    )
    (only,) = statements(found)
    assert isinstance(only, Problem)
    assert (only.severity, only.sites, only.stages) != (None, (), ())
    assert only.code is not None
    assert [c.code for c in only.code.codings] == ["encounter-diagnosis"]
    assert [link.type_code for link in only.links] == ["SPRT", "SPRT"]
    assert [party.role for party in only.parties] == ["author", "informant"]
    assert not found.unread


def test_what_the_patient_says_is_marked_as_such() -> None:
    (row,) = rows(document(condition(asserter={"reference": "Patient/p1"})), "condition_occurrence")
    assert row["condition_type_concept_id"] == 32865


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (coded("716186003", SNOMED), "no-allergy"),
        (coded("no-known-allergies", IPS), "no-allergy"),
        (coded("no-allergy-info", IPS), "no-allergy"),
    ],
)
def test_none_known_and_no_information_keep_their_own_code(code: dict[str, Any], kind: str) -> None:
    bare = {k: v for k, v in allergy(code=code).items() if k not in ("type", "category", "criticality")}
    found = document(bare)
    (only,) = statements(found)
    assert only.kind == kind
    (row,) = rows(found, "observation")[:1]
    assert row["observation_source_value"] == code["coding"][0]["code"]


def test_an_allergy_says_to_what_and_how_badly() -> None:
    reaction = {
        "manifestation": [coded("126485001", SNOMED), {"text": "gonflement"}],
        "severity": "severe",
        "onset": "2020-01-01",
    }
    found = document(allergy(reaction=[reaction]))
    (written,) = resources(found, "AllergyIntolerance")
    assert (written["type"], written["category"], written["criticality"]) == ("allergy", ["medication"], "high")
    assert [r["severity"] for r in written["reaction"]] == ["severe", "severe"]
    row = next(row for row in rows(found, "observation") if row["observation_source_value"] == "allergy")
    assert row["value_source_value"] == "J01CA04"


def test_a_refuted_allergy_is_not_stated() -> None:
    found = document(allergy(verificationStatus=coded("refuted", f"{HL7}allergyintolerance-verification")))
    assert rows(found, "observation")[0]["qualifier_source_value"] == "refuted"


def test_an_allergy_said_in_words_keeps_them() -> None:
    found = document(allergy(code={"text": "arachide"}))
    assert resources(found, "AllergyIntolerance")[0]["code"]["text"] == "arachide"


def test_family_history_is_of_the_relative() -> None:
    history = {
        "resourceType": "FamilyMemberHistory",
        "id": "f1",
        "status": "completed",
        "patient": {"reference": "Patient/p1"},
        "date": "2023-09-01",
        "name": "Le père",
        "relationship": coded("FTH", f"{HL7}v3-RoleCode"),
        "sex": coded("male", "http://hl7.org/fhir/administrative-gender"),
        "bornDate": "1930",
        "deceasedDate": "1999-12",
        "condition": [
            {
                "code": coded("I21.9", CIM),
                "onsetAge": {"value": 60, "unit": "a", "system": "http://unitsofmeasure.org", "code": "a"},
            },
            {"code": coded("J45.9", CIM), "onsetString": "jeune"},
        ],
    }
    found = document(history)
    (only,) = statements(found)
    assert only.kind == "family-history"
    assert only.subject is not None
    assert (only.subject.deceased, only.subject.birth.iso) == (True, "1930")  # type: ignore[union-attr]
    assert not rows(found, "condition_occurrence")
    assert {row["qualifier_source_value"] for row in rows(found, "observation")} == {"FTH"}
    (written,) = resources(found, "FamilyMemberHistory")
    assert written["sex"]["coding"][0]["code"] == "male"
    assert written["condition"][0]["onsetAge"]["value"] == 60


def test_health_unknown_is_not_healthy() -> None:
    history = {
        "resourceType": "FamilyMemberHistory",
        "id": "f1",
        "status": "health-unknown",
        "patient": {"reference": "Patient/p1"},
        "relationship": coded("MTH", f"{HL7}v3-RoleCode"),
    }
    found = document(history)
    assert statements(found)[0].null == "UNK"
    assert resources(found, "FamilyMemberHistory")[0]["status"] == "health-unknown"


def test_a_stage_is_an_observation() -> None:
    (stage,) = statement(condition(stage=[{"type": {"text": "TNM"}, "summary": {"text": "IIB"}}])).stages
    assert isinstance(stage, Observation)
