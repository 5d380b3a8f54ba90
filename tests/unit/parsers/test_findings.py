"""Findings through both emitters: what a user of the data reads, and that the account balances."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from semantix.emitters import fhir, omop
from semantix.model import Document, Identifier, Patient, Section
from semantix.parsers._book import Book, source_of
from semantix.parsers._findings import Setting, statements
from semantix.text.practice import (
    Finding,
    read_alcohol,
    read_ald,
    read_allergy,
    read_diagnosis,
    read_history,
    read_tobacco,
    read_vaccination,
    read_vital_signs,
)


def document(*findings: Finding, noted: bool = True) -> Document:
    """One row of an export that tells these."""
    book = Book()
    day = book.date("date", "2020-05-04", "04/05/2020")
    setting = Setting(sender="cabinet", noted=day) if noted else None
    made = statements(book, "row 3", findings, setting)
    patient = Patient(
        at=book.spot("patient"),
        path="patient",
        ids=(Identifier("urn:semantix:patient:x", "1"),),
        birth=book.date("birth", "1950-01-01", "01/01/1950"),
    )
    section = Section(at=book.spot("section"), path="section", title="Antécédents", statements=made)
    return book.document(
        source_of(b"x", "x", "text/plain"),
        format="test",
        ids=(Identifier("urn:semantix:document", "abc"),),
        patient=patient,
        time=day,
        sender="cabinet",
        sections=(section,),
    )


def resources(*findings: Finding) -> list[dict[str, Any]]:
    """The FHIR resources of the findings themselves."""
    found = fhir.emit(document(*findings)).resources
    return [r for r in found if "#row%203" in r.get("meta", {}).get("source", "")]


def only(findings: tuple[Finding, ...]) -> dict[str, Any]:
    found = resources(*findings)
    assert len(found) == 1, found
    return found[0]


def rows(*findings: Finding) -> dict[str, list[dict[str, Any]]]:
    return omop.emit(document(*findings)).rows


def coded(resource: dict[str, Any], name: str = "code") -> list[str]:
    return [coding["code"] for coding in resource[name].get("coding", [])]


EVERYTHING = (
    *read_history(
        "HTA depuis 2004 ; pas de diabète ; BPCO ? ; hépatite A guérie ; père : IDM ; mère : pas de cancer ; RAS\n"
        "appendicectomie 1985 ; pas de pontage ; allergie à la pénicilline ? ; intolérance au lactose ; "
        "pas d'allergie au latex"
    ),
    *read_history("pas d'allergie"),
    *read_history("allergies non demandées"),
    *read_history("allergies non renseignées"),
    *read_history("pas d'allergie médicamenteuse ni alimentaire"),
    *read_history("aucun antécédent"),
    *read_history("antécédents non renseignés"),
    *read_history("pas de chirurgie"),
    *read_history("pas d'ATCD familiaux"),
    *read_history("RAS", section="vaccinations"),
    *read_diagnosis("angine"),
    *read_ald("ALD 8 E11 depuis 2010"),
    *read_ald("non"),
    *read_ald("ALD 8, 12"),
    *read_tobacco("ancien fumeur 20 PA sevré 2010"),
    *read_tobacco("non fumeur"),
    *read_tobacco("non demandé"),
    *read_alcohol("3 verres/j"),
    *read_alcohol("occasionnel"),
    *read_vaccination("Revaxis CIP 3595583 lot A12 2e dose le 12/05/2018 ; refus HPV ; DTP à faire"),
    *read_vital_signs("TA bras droit 12/8 pouls 72 poids 80 TA couché 13/8"),
)


def test_every_kind_is_carried_to_fhir_and_accounted_for_in_omop() -> None:
    found = document(*EVERYTHING)
    account = fhir.emit(found).ledger.account(found)
    assert (account.losses, account.statements_carried) == ((), account.statements_read)
    assert omop.emit(found).ledger.account(found).balanced
    assert len({place.path for place in found.statement_places}) == len(found.statement_places)


def test_without_anything_around_it_still_balances() -> None:
    found = document(*EVERYTHING, noted=False)
    assert fhir.emit(found).ledger.account(found).losses == ()


def test_doubts_hold_no_word_of_the_patient() -> None:
    for issue in document(*EVERYTHING).issues:
        assert not [one for one in EVERYTHING if one.words and one.words in issue.message]


def test_denied_problem_is_refuted_and_is_no_condition_in_omop() -> None:
    found = only(read_history("pas de diabète"))
    assert coded(found, "verificationStatus") == ["refuted"]
    assert found["code"]["text"] == "diabète"
    assert "condition_occurrence" not in rows(*read_history("pas de diabète"))


def test_suspected_problem_is_unconfirmed() -> None:
    assert coded(only(read_history("BPCO ?")), "verificationStatus") == ["unconfirmed"]
    assert coded(only(read_history("allergie au latex ?")), "verificationStatus") == ["unconfirmed"]


def test_past_problem_is_no_active_one() -> None:
    assert coded(only(read_history("hépatite A guérie")), "clinicalStatus") == ["resolved"]
    assert coded(only(read_history("ancien infarctus")), "clinicalStatus") == ["inactive"]
    assert "clinicalStatus" not in only(read_history("HTA"))


def test_family_history_is_no_condition_of_the_patient() -> None:
    found = only(read_history("père : IDM"))
    assert found["resourceType"] == "FamilyMemberHistory"
    assert (coded(found, "relationship"), found["condition"][0]["code"]["text"]) == (["FTH"], "IDM")
    assert "condition_occurrence" not in rows(*read_history("père : IDM"))


def test_denied_family_history_says_so() -> None:
    condition = only(read_history("mère : pas de cancer"))["condition"][0]
    assert condition["modifierExtension"][0]["valueBoolean"] is True


def test_allergy_and_its_denial() -> None:
    found = only(read_history("allergie à la pénicilline"))
    assert (found["resourceType"], found["code"]["text"], found["type"]) == (
        "AllergyIntolerance",
        "pénicilline",
        "allergy",
    )
    found = only(read_history("pas d'allergie à la pénicilline"))
    assert coded(found, "verificationStatus") == ["refuted"]
    assert only(read_history("intolérance au lactose"))["type"] == "intolerance"
    assert only(read_allergy("allergie alimentaire : arachide"))["category"] == ["food"]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("pas d'allergie", ["no-known-allergies"]),
        ("pas d'allergie médicamenteuse", ["no-known-medication-allergies"]),
        ("pas d'allergie alimentaire", ["no-known-food-allergies"]),
        ("allergies non demandées", ["no-allergy-info", "NASK"]),
        ("allergies non renseignées", ["no-allergy-info", "NI"]),
        ("allergies : inconnues", ["no-allergy-info", "UNK"]),
    ],
)
def test_no_allergy_not_asked_and_not_recorded_stay_different(text: str, codes: list[str]) -> None:
    assert coded(only(read_history(text))) == codes
    found = rows(*read_history(text))["observation"]
    assert [row["observation_source_value"] for row in found] == codes[:1]


def test_smoking_status_has_the_code_of_its_words_only() -> None:
    former, amount = resources(*read_tobacco("ancien fumeur 20 PA sevré 2010"))
    assert (coded(former), coded(former, "valueCodeableConcept")) == (["72166-2"], ["8517006"])
    assert (coded(amount), amount["valueQuantity"]["unit"]) == (["74011-8"], "paquets-années")
    assert "code" not in amount["valueQuantity"]
    assert coded(only(read_tobacco("jamais fumé")), "valueCodeableConcept") == ["266919005"]
    assert only(read_tobacco("non fumeur"))["valueCodeableConcept"] == {"text": "non fumeur"}
    assert coded(only(read_tobacco("non demandé")), "dataAbsentReason")[0] == "not-asked"


def test_alcohol() -> None:
    found = only(read_alcohol("3 verres/j"))
    assert (coded(found), found["valueQuantity"]["unit"]) == (["74013-4"], "verres/j")
    assert only(read_alcohol("occasionnel"))["valueString"] == "occasionnel"


def test_both_pressures_are_one_observation() -> None:
    found = resources(*read_vital_signs("TA 12/8 pouls 72"))
    pressure = next(r for r in found if coded(r) == ["85354-9"])
    assert [(coded(c)[0], c["valueQuantity"]["unit"]) for c in pressure["component"]] == [
        ("8480-6", "cm[Hg]"),
        ("8462-4", "cm[Hg]"),
    ]
    assert [float(row["value_as_number"]) for row in rows(*read_vital_signs("TA 12/8 pouls 72"))["measurement"]] == [
        12,
        8,
        72,
    ]


def test_two_measures_of_pressure_are_two() -> None:
    found = resources(*read_vital_signs("TA 12/8 TA 13/8"))
    assert sum(coded(r) == ["85354-9"] for r in found) == 2


def test_vaccinations() -> None:
    given_, refused, planned = resources(
        *read_vaccination("Revaxis CIP 3595583 lot A12 2e dose ; refus HPV ; DTP à faire")
    )
    assert (given_["status"], coded(given_, "vaccineCode"), given_["lotNumber"]) == ("completed", ["3595583"], "A12")
    assert given_["protocolApplied"] == [{"doseNumberPositiveInt": 2}]
    assert (refused["resourceType"], refused["status"]) == ("Immunization", "not-done")
    assert planned["resourceType"] == "ImmunizationRecommendation"


def test_ald_has_its_number_and_its_problem() -> None:
    ald, problem = resources(*read_ald("ALD 8 E11"))
    assert coded(ald, "valueCodeableConcept") == ["ALD 8"]
    assert (problem["resourceType"], coded(problem)) == ("Condition", ["E11"])
    assert only(read_ald("non"))["valueBoolean"] is False


def test_words_that_are_not_interpreted_are_kept() -> None:
    found = only(read_history("vit avec sa mère"))
    assert found["valueString"] == "vit avec sa mère"


@given(st.text(max_size=60))
def test_any_text_balances(text: str) -> None:
    found = document(*read_history(text), *read_allergy(text), *read_vital_signs(text), *read_ald(text))
    assert fhir.emit(found).ledger.account(found).losses == ()
    assert omop.emit(found).ledger.account(found).balanced
