"""Codes that the terminology engine found: after those of the source, marked, and not counted as the source's."""

from typing import Any

import pytest

from semantix.emitters.fhir import FhirOptions, emit
from semantix.model import (
    Absent,
    Allergy,
    MappedCoding,
    Medication,
    Observation,
    Outcome,
    Panel,
    Party,
    Problem,
    Procedure,
    Product,
    Text,
)
from semantix.model import Link as Inner

MARK = "https://semantix.example/fhir/StructureDefinition/mapped-coding"
CIM10, LOINC = "2.16.840.1.113883.6.3", "2.16.840.1.113883.6.1"
FOUND = MappedCoding(CIM10, "F32.9", "Épisode dépressif", Outcome.CURATED, 0.98, "diagnoses__cim10@1")
WRITTEN = {
    "extension": [
        {
            "url": MARK,
            "extension": [
                {"url": "method", "valueCode": "curated"},
                {"url": "confidence", "valueDecimal": 0.98},
                {"url": "source", "valueString": "diagnoses__cim10@1"},
            ],
        }
    ],
    "system": "http://hl7.org/fhir/sid/icd-10",
    "code": "F32.9",
    "display": "Épisode dépressif",
    "userSelected": False,
}


def first(m: Any, kind: str, statement: Any, place: Any, *found: MappedCoding) -> dict[str, Any]:
    document = m.document(statement)
    emission = emit(document, FhirOptions(), {place: found or (FOUND,)})
    assert emission.ledger.account(document).losses == ()
    return next(resource for resource in emission.resources if resource["resourceType"] == kind)


def test_the_source_comes_first_and_the_found_code_is_marked(m) -> None:
    what = m.concept("D1", "1.2.3.4", text="dépression")
    condition = first(m, "Condition", m.make(Problem, "problem", problem=what), what.at)
    assert condition["code"]["coding"] == [{"system": "urn:oid:1.2.3.4", "code": "D1"}, WRITTEN]
    assert condition["code"]["text"] == "dépression"


def test_an_unknown_confidence_and_source_are_left_out(m) -> None:
    what = m.concept("D1", "1.2.3.4")
    found = MappedCoding("1.2.3.9", "X", "", Outcome.EXACT)
    condition = first(m, "Condition", m.make(Problem, "problem", problem=what), what.at, found)
    assert condition["code"]["coding"][1] == {
        "extension": [{"url": MARK, "extension": [{"url": "method", "valueCode": "exact"}]}],
        "system": "urn:oid:1.2.3.9",
        "code": "X",
        "userSelected": False,
    }


@pytest.mark.parametrize("kind", ["text", "absent", "nothing"])
def test_a_problem_in_words_only_gains_the_code(m, kind: str) -> None:
    what = {"text": Text("dépression", m.at()), "absent": Absent("UNK", m.at()), "nothing": None}[kind]
    problem = m.make(Problem, "problem", problem=what, text="dépression")
    condition = first(m, "Condition", problem, what.at if what else problem.at)
    assert condition["code"]["text"] == "dépression"
    assert condition["code"]["coding"][-1] == WRITTEN


def test_a_product_known_by_its_name_gains_the_code(m) -> None:
    product = Product(at=m.at(), path="/p", name="Amoxicilline 500 mg")
    request = first(m, "MedicationStatement", m.make(Medication, "medication", product=product), product.at)
    assert request["medicationCodeableConcept"] == {"text": "Amoxicilline 500 mg", "coding": [WRITTEN]}


def test_an_allergen_known_by_its_name_gains_the_code(m) -> None:
    agent = Party(at=m.at(), path="/a", role="participant", entity_name="Amoxicilline")
    allergy = first(m, "AllergyIntolerance", m.make(Allergy, "allergy", agents=(agent,)), agent.at)
    assert allergy["code"] == {"text": "Amoxicilline", "coding": [WRITTEN]}


def test_an_act_in_words_only_gains_the_code(m) -> None:
    act = m.make(Procedure, "procedure", text="Appendicectomie")
    assert first(m, "Procedure", act, act.at)["code"] == {"text": "Appendicectomie", "coding": [WRITTEN]}


def test_a_vital_sign_found_by_mapping_has_the_form_of_its_profile(m) -> None:
    code = m.concept("FC", "1.2.3.4")
    values = (m.quantity("72", "/min"),)
    pulse = m.make(Observation, "observation", code=code, values=values, time=m.when("2024-03-05"))
    seen = first(m, "Observation", pulse, code.at, MappedCoding(LOINC, "8867-4", "", Outcome.EXACT))
    assert seen["category"] == [
        {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": "vital-signs"}]}
    ]


def test_two_pressures_found_by_mapping_are_one_measure(m) -> None:
    codes = {loinc: m.concept(name, "1.2.3.4") for loinc, name in (("8480-6", "PAS"), ("8462-4", "PAD"))}
    links = tuple(
        Inner("COMP", m.make(Observation, "vital-sign", code=code, values=(m.quantity("12", "cm[Hg]"),)))
        for code in codes.values()
    )
    document = m.document(m.make(Panel, "vital-signs", links=links, time=m.when("2024-03-05")))
    found = {code.at: (MappedCoding(LOINC, loinc, "", Outcome.EXACT),) for loinc, code in codes.items()}
    resources = emit(document, FhirOptions(), found).resources
    assert [len(r["component"]) for r in resources if "component" in r] == [2]
