"""The curated tables alone, without a store."""

import pytest

from semantix.model import Context, Decision, Outcome, Query
from semantix.terminology.curated import Curated
from semantix.terminology.matching import Request


@pytest.fixture(scope="module")
def curated() -> Curated:
    return Curated.load()


def decide(curated: Curated, text: str, target: str, **context: str) -> Decision:
    (decision,) = curated.decide_many([Request(Query(text=text), Context(**context))], target)
    return decision


def test_the_unit_tells_two_codes_of_one_label_apart(curated: Curated) -> None:
    found = {
        unit: decide(curated, "HbA1c", "loinc", section="laboratory", unit=unit).candidates[0].code
        for unit in ("%", "mmol/mol")
    }
    assert found == {"%": "4548-4", "mmol/mol": "59261-8"}


def test_what_no_row_decides_is_left_open(curated: Curated) -> None:
    decision = decide(curated, "une analyse que personne ne fait", "loinc", section="laboratory")
    assert (decision.outcome, decision.accepted, decision.candidates) == (Outcome.ABSTAINED, False, ())


def test_a_row_says_which_table_and_version_it_is_of(curated: Curated) -> None:
    decision = decide(curated, "Créatinine", "loinc", section="laboratory", unit="mg/L")
    assert decision.outcome is Outcome.CURATED
    (evidence,) = decision.candidates[0].evidence
    assert evidence.source.partition("@")[2]


def test_a_family_history_does_not_take_the_code_of_a_disease_that_the_patient_has(curated: Curated) -> None:
    here = decide(curated, "diabète de type 2", "cim10", section="problem")
    family = decide(curated, "diabète de type 2", "cim10", section="family-history")
    assert here.accepted
    assert not family.accepted or family.candidates[0].code != here.candidates[0].code


def test_the_same_question_is_answered_from_memory(curated: Curated) -> None:
    first, second = (decide(curated, "Sodium", "loinc", unit="mmol/L") for _ in range(2))
    assert first is second


def test_a_number_with_a_unit_is_no_answer_to_a_test_of_presence(curated: Curated) -> None:
    asked = decide(curated, "Anti-HCV", "loinc", section="laboratory")
    measured = decide(curated, "Anti-HCV", "loinc", section="laboratory", unit="UI/mL")
    assert (asked.accepted, asked.candidates[0].code) == (True, "13955-0")
    assert not measured.accepted
