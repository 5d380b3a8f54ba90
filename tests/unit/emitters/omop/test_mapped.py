"""Codes that the terminology engine found take part after the source's own, whose code stays the source value."""

from typing import Any

import pytest
from tests.unit.emitters.omop.conftest import CIM10, CIP

from semantix import model
from semantix.emitters.omop import OmopOptions, emit
from semantix.model import MappedCoding, Outcome

LOCAL = "1.2.3.4"
BASE = 2_100_000_000
FEVER = MappedCoding(CIM10, "X12.3", "Fièvre fictive", Outcome.CURATED, 0.98, "t@1")


def rows(make: Any, statement: Any, place: Any, options: OmopOptions, *found: MappedCoding) -> dict[str, list[Any]]:
    document = make.document(statement)
    emission = emit(document, options, {place: found or (FEVER,)})
    assert emission.ledger is not None
    emission.ledger.account(document)
    return emission.rows


def maps(found: dict[str, list[Any]], code: str) -> list[dict[str, Any]]:
    return [row for row in found["source_to_concept_map"] if row["source_code"] == code]


def test_the_code_found_gives_the_standard_concept_and_the_source_its_value(make, vocabulary) -> None:
    what = make.concept("F1", LOCAL, "Fièvre")
    found = rows(make, make.problem(what), what.at, OmopOptions(vocabulary=vocabulary))
    (row,) = found["condition_occurrence"]
    assert (row["condition_concept_id"], row["condition_source_value"]) == (BASE + 1, "F1")
    assert row["condition_source_concept_id"] == "1.2.3.4|F1"


def test_the_map_tells_how_the_code_was_found(make, vocabulary) -> None:
    what = make.concept("F1", LOCAL, "Fièvre")
    found = rows(make, make.problem(what), what.at, OmopOptions(vocabulary=vocabulary))
    (row,) = maps(found, "F1")
    assert (row["source_vocabulary_id"], row["target_concept_id"]) == (LOCAL, BASE + 1)
    assert row["source_code_description"] == "Fièvre [mapped: curated, cim10 X12.3, 0.98]"


def test_a_code_of_the_source_that_reaches_a_concept_is_kept_alone(make, vocabulary) -> None:
    what = make.concept("9000012", display="Autre maladie")
    found = rows(make, make.problem(what), what.at, OmopOptions(vocabulary=vocabulary))
    assert [row["condition_concept_id"] for row in found["condition_occurrence"]] == [BASE + 12]
    assert maps(found, "9000012")[0]["source_code_description"] == "Autre maladie"


def test_without_a_vocabulary_the_map_leads_to_the_code_found(make) -> None:
    what = make.concept("F1", LOCAL, "x" * 300)
    found = rows(make, make.problem(what), what.at, OmopOptions())
    assert [row["condition_concept_id"] for row in found["condition_occurrence"]] == [0]
    (row,) = maps(found, "F1")
    assert row["target_concept_id"] == "cim10|X12.3"
    assert (len(row["source_code_description"]), row["source_code_description"][-5:]) == (255, "0.98]")
    (concept,) = [row for row in found["concept"] if row["concept_id"] == "cim10|X12.3"]
    assert (concept["concept_name"], concept["concept_class_id"]) == ("Fièvre fictive", "Mapped code")
    assert "cim10" in {row["vocabulary_id"] for row in found["vocabulary"]}


@pytest.mark.parametrize(("keep_text", "value"), [(False, "text withheld"), (True, "fièvre")])
def test_words_whose_meaning_was_found_are_a_row(make, vocabulary, keep_text: bool, value: str) -> None:
    words = model.Text("fièvre", make.at)
    options = OmopOptions(vocabulary=vocabulary, keep_text=keep_text)
    (row,) = rows(make, make.problem(words), words.at, options)["condition_occurrence"]
    assert (row["condition_concept_id"], row["condition_source_value"]) == (BASE + 1, value)
    assert row["condition_source_concept_id"] == 0


def test_words_whose_meaning_is_not_in_the_vocabulary_stay_out(make, vocabulary) -> None:
    words = model.Text("fièvre", make.at)
    found = rows(make, make.problem(words), words.at, OmopOptions(vocabulary=vocabulary), MappedCoding(
        CIM10, "Z99", "", Outcome.EXACT
    ))  # fmt: skip
    assert "condition_occurrence" not in found


def test_a_denied_problem_found_by_its_words_is_not_asserted(make, vocabulary) -> None:
    words = model.Text("fièvre", make.at)
    found = rows(make, make.problem(words, negated=True), words.at, OmopOptions(vocabulary=vocabulary))
    assert "condition_occurrence" not in found
    (row,) = [row for row in found["observation"] if row.get("qualifier_source_value") == "negated"]
    assert (row["observation_concept_id"], row["value_as_concept_id"]) == (0, BASE + 1)


def test_a_product_found_by_its_name_is_an_exposure(make, vocabulary) -> None:
    statement = make.medication(None, product={"name": "Médicament fictif"})
    found = rows(make, statement, statement.product.at, OmopOptions(vocabulary=vocabulary), MappedCoding(
        CIP, "3400001", "", Outcome.CANDIDATE, 0.9
    ))  # fmt: skip
    assert [row["drug_concept_id"] for row in found["drug_exposure"]] == [BASE + 6]


def test_the_first_code_found_that_reaches_a_concept_wins(make, vocabulary) -> None:
    what = make.concept("F1", LOCAL, "Fièvre")
    unknown = MappedCoding(CIM10, "Z99", "", Outcome.EXACT)
    found = rows(make, make.problem(what), what.at, OmopOptions(vocabulary=vocabulary), unknown, FEVER)
    assert [row["condition_concept_id"] for row in found["condition_occurrence"]] == [BASE + 1]


def test_a_substance_found_by_its_words_is_the_answer(make, vocabulary) -> None:
    entity = model.Concept((), make.at, "fièvre")
    agent = make.party("participant", None, entity=entity)
    allergy = make.statement(
        model.Allergy, "allergy", code=make.concept("ALG", "2.16.840.1.113883.5.4"), agents=(agent,),
        time=make.on("2024-01-01"),
    )  # fmt: skip
    found = rows(make, allergy, entity.at, OmopOptions(vocabulary=vocabulary))
    (row,) = [row for row in found["observation"] if row["observation_source_value"] == "ALG"]
    assert (row["value_as_concept_id"], row["value_source_value"]) == (BASE + 1, "text withheld")
