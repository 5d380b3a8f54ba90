"""OMOP concepts from a store that holds an Athena release."""

from collections.abc import Iterator

import pytest
from tests.unit.terminology.conftest import importer

from semantix.review.formats.exchange import OmopConcept
from semantix.review.formats.omop_concepts import OmopConcepts
from semantix.terminology.building import Wishes, import_source
from semantix.terminology.records import Concept
from semantix.terminology.source import Source
from semantix.terminology.store import Store


def concept(number: int, vocabulary: str, code: str, **facts: str) -> Concept:
    known = {"code": code, "domain": "Invented", "vocabulary": vocabulary, **facts}
    return Concept(
        "omop", str(number), f"Concept {number}", "Class", "invalid" not in facts, "invalid" not in facts, known
    )


CONCEPTS = (
    concept(1, "LOINC", "123-4", standard="standard"),
    concept(2, "ICD10", "A00.0"),
    concept(3, "CIM10", "A00.0", invalid="D"),
    concept(4, "ATC", "A10", standard="classification"),
    concept(5, "ICD10", "A01.0", invalid="U"),
    concept(6, "ICD10", "A01.0"),
    concept(7, "Invented", "A01.0"),
    concept(9, "ICD10", "A01.0"),
    concept(8, "RxNorm Extension", "77", standard="standard"),
    Concept("omop", "x", "no number", "Class", True, True, {"code": "9", "vocabulary": "LOINC"}),
)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("concepts")
    file = folder / "omop.txt"
    file.write_text("1", "utf-8")
    import_source(Source(file), folder / "store", Wishes(), (importer(CONCEPTS, "omop", "1"),))
    with Store.open(folder / "store") as opened:
        yield opened


def test_a_concept_is_found_by_its_number(store: Store) -> None:
    known = OmopConcepts(store)
    expected = OmopConcept(id=1, name="Concept 1", domain="Invented", vocabulary="LOINC", kind="Class", standard="S",
                           code="123-4")  # fmt: skip
    assert known.concept(1) == expected
    assert known.concept_of("omop", "1") == expected
    assert known.concept(99) is None
    assert known.concept(0) is None
    assert known.concept_of("omop", "one") is None


@pytest.mark.parametrize(
    ("system", "code", "number"),
    [
        ("loinc", "123-4", 1),
        ("http://loinc.org", "123-4", 1),
        ("urn:oid:2.16.840.1.113883.6.1", "123-4", 1),
        ("cim10", "a000", 3),
        ("cim10", "A01.0", 6),
        ("atc", "A10", 4),
        ("rxnorm", "77", 8),
    ],
)
def test_a_concept_is_found_by_system_and_code(store: Store, system: str, code: str, number: int) -> None:
    found = OmopConcepts(store).concept_of(system, code)
    assert found is not None
    assert found.id == number


@pytest.mark.parametrize(
    ("system", "code"), [("loinc", "9"), ("loinc", ""), ("ccam", "A"), ("nabm", "1"), ("", "1"), ("urn:x", "1")]
)
def test_what_is_not_there_is_none(store: Store, system: str, code: str) -> None:
    assert OmopConcepts(store).concept_of(system, code) is None


def test_many_questions_are_answered_alike(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("semantix.review.formats.omop_concepts._CACHED", 2)
    known = OmopConcepts(store)
    found = [
        known.concept_of(system, code) for system, code in (("loinc", "123-4"), ("cim10", "A01.0"), ("atc", "A10"))
    ]
    assert [each.id for each in found if each] == [1, 6, 4]
    assert known.concept_of("cim10", "A00.0") == known.concept(3)


def test_standard_and_invalid_are_given_as_omop_does(store: Store) -> None:
    known = OmopConcepts(store)
    assert [getattr(known.concept(number), "standard", None) for number in (1, 2, 4)] == ["S", "", "C"]
    assert [getattr(known.concept(number), "invalid", None) for number in (2, 3, 5)] == ["", "D", "U"]
