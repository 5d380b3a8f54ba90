"""The facts of a document, counted once each, and how each is coded; what a document is grouped by."""

from collections import Counter
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from semantix import model, parse
from semantix.errors import UnreadableInput
from semantix.model import Candidate, Coding, Concept, Decision, Outcome
from semantix.pipeline.mapping import Mapper
from semantix.pipeline.questions import questions
from semantix.runs.coverage import code_of, coverage_of, dimensions_of
from semantix.runs.grouping import age_band
from semantix.runs.staging import COVERAGE, DOCUMENTS
from semantix.terminology.matching import Request

EXAMPLES = Path(__file__).resolve().parents[3] / "examples" / "cda"
CIM10, LOINC, ATC, LOCAL = "2.16.840.1.113883.6.3", "2.16.840.1.113883.6.1", "2.16.840.1.113883.6.73", "1.2.3.4"
IPS = "2.16.840.1.113883.5.1150.1"
places = count(1)


def concept(*codings: tuple[str, str | None, str | None], **fields: Any) -> Concept:
    return Concept(tuple(Coding(*coding, at=next(places)) for coding in codings), next(places), **fields)


def make(kind: type[Any], word: str, **fields: Any) -> Any:
    at = next(places)
    return kind(at=at, path=f"/{at}", kind=word, **fields)


def problem(what: Any, **fields: Any) -> Any:
    return make(model.Problem, fields.pop("word", "problem"), problem=what, **fields)


def document(*statements: Any, section: Concept | None = None, **fields: Any) -> model.Document:
    whole = model.Section(at=next(places), path="/s", code=section, statements=statements)
    given: dict[str, Any] = {
        "patient": model.Patient(at=0, path="/p"), "sections": (whole,), "format": "CDA R2", **fields,
    }  # fmt: skip
    source = model.Source(name="d.xml", size=1, sha256="0")
    return model.Document(source=source, ids=(), at=0, locate=lambda place: model.Origin(f"/{place}"), **given)


class Decider:
    """Accepts what is spelled ``good``, has a candidate for ``near``, knows nothing else."""

    def targets(self) -> tuple[str, ...]:
        return ("cim10", "loinc", "atc", "ccam")

    def prepare(self, target: str) -> None:
        """Nothing is to be learned by heart."""

    def decide_many(self, requests: Sequence[Request], target: str, top: int = 10) -> list[Decision]:
        return [self._decide(request, target) for request in requests]

    def _decide(self, request: Request, target: str) -> Decision:
        query = request.query
        is_good = query.text == "good"
        candidates = (Candidate(target, "C1", "", 1.0, 0.9),) if query.text in {"good", "near"} else ()
        outcome = Outcome.EQUIVALENT if is_good else Outcome.CANDIDATE if candidates else Outcome.ABSTAINED
        return Decision(query, request.context, target, outcome, candidates, is_good, "")


def rows(found: model.Document, *, asked: bool = True) -> list[tuple[Any, ...]]:
    mapped = Mapper(Decider()).map(found) if asked else None
    return [tuple(row.values()) for row in coverage_of(found, mapped)]


def test_rows_have_the_columns_that_are_staged() -> None:
    (row,) = coverage_of(document(problem(concept(("D1", LOCAL, "x")))))
    assert list(row) == [name for name in COVERAGE.names if name != "document"]
    assert pa.Table.from_pylist([{"document": 1, **row}], COVERAGE).num_rows == 1


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        (concept(("I10", CIM10, None)), (CIM10, "I10", "cim10", "source", 1)),
        (concept(("D1", LOCAL, "x"), ("I10", CIM10, None)), (CIM10, "I10", "cim10", "source", 1)),
        (concept(("D1", LOCAL, "good")), (LOCAL, "D1", "cim10", "equivalent", 1)),
        (concept(("D1", LOCAL, "near")), (LOCAL, "D1", "cim10", "review", 1)),
        (concept(("D1", LOCAL, "far")), (LOCAL, "D1", "cim10", "nothing", 1)),
        (concept(text="good"), ("", "", "cim10", "equivalent", 1)),
        (model.Text("far", 900), ("", "", "cim10", "nothing", 1)),
    ],
)
def test_a_fact_is_coded_by_its_source_or_as_the_engine_decided(what: Any, expected: tuple[Any, ...]) -> None:
    assert rows(document(problem(what))) == [("", "problem", *expected)]


def test_without_an_engine_nothing_is_found() -> None:
    found = document(problem(concept(("D1", LOCAL, "good"))), problem(concept(("I10", CIM10, None))))
    assert [row[5] for row in rows(found, asked=False)] == ["nothing", "source"]


@pytest.mark.parametrize(
    "statement",
    [
        problem(None),
        problem(model.Absent("NASK", 901), text="good"),
        problem(concept(("no-known-problems", IPS, "x"))),
        problem(concept(("D1", LOCAL, "x")), word="no-problem"),
        problem(concept(("D1", LOCAL, "x")), status="nullified"),
        problem(concept(null="MSK", text="x")),
        problem(model.Text("x" * 201, 902)),
        make(model.Panel, "lab-battery", code=concept(("G", LOCAL, "x"))),
        make(model.Observation, "observation"),
        make(model.Medication, "medication"),
        make(model.Encounter, "encounter"),
        make(model.Procedure, "specimen-collection", text="x"),
    ],
)
def test_what_tells_nothing_is_no_fact(statement: Any) -> None:
    assert rows(document(statement)) == []


def test_what_is_about_no_target_is_told_apart() -> None:
    social = make(model.Observation, "social-history", code=concept(("T", LOCAL, "x")))
    food = model.Party(at=1001, path="/a", role="participant", entity_name="good")
    allergy = make(model.Allergy, "allergy", code=concept(("FALG", None, None)), agents=(food,))
    visit = make(model.Encounter, "encounter", code=concept(("AMB", LOCAL, "x")))
    assert [(row[1], row[4], row[5]) for row in rows(document(social, allergy, visit))] == [
        ("observation", "loinc", "unasked"),
        ("allergy", "atc", "unasked"),
        ("encounter", "", "unasked"),
    ]


def test_a_drug_is_coded_by_its_class_else_known_by_its_package() -> None:
    classed = model.Product(at=1, path="/x", name="A", classes=(concept(("J01CA04", ATC, None)),))
    package = model.Packaging(2, code=concept(("3400930000001", "1.2.250.1.213.2.3.2", None)))
    packed = model.Product(at=3, path="/y", name="far", packaging=(package,))
    found = document(*(make(model.Medication, "medication", product=product) for product in (classed, packed)))
    assert [row[2:6] for row in rows(found)] == [
        (ATC, "J01CA04", "atc", "source"),
        ("1.2.250.1.213.2.3.2", "3400930000001", "atc", "nothing"),
    ]


def test_an_allergy_told_by_its_value_and_its_reactions_are_facts() -> None:
    reaction = problem(concept(("U", LOCAL, "good")))
    coded = make(model.Allergy, "allergy", value=concept(("P", LOCAL, "good")), reactions=(reaction,))
    worded = make(model.Allergy, "allergy", value=model.Text("near", 1002))
    shot = make(model.Immunization, "immunization", product=None, reactions=(reaction,))
    assert [(row[1], row[5], row[6]) for row in rows(document(coded, worded, shot))] == [
        ("allergy", "equivalent", 1),
        ("problem", "equivalent", 2),
        ("allergy", "review", 1),
    ]


def test_the_section_is_the_nearest_with_a_loinc_code() -> None:
    inner = model.Section(at=5, path="/i", code=concept(("X", LOCAL, None)), statements=(problem(concept(text="a")),))
    outer = model.Section(
        at=6,
        path="/o",
        code=concept(("Y", LOCAL, None), ("11450-4", LOINC, None)),
        statements=(problem(concept(text="b")),),
        sections=(inner,),
    )
    assert rows(document(sections=(outer,))) == [("11450-4", "problem", "", "", "cim10", "nothing", 2)]


@pytest.mark.parametrize(
    ("coding", "words", "expected"),
    [
        (Coding("GLY", LOCAL, "Glycémie", 1), None, "GLY"),
        (Coding("Martin", LOCAL, "Martin", 1), None, ""),
        (Coding("Martin", LOCAL, None, 1), "Martin", ""),
        (Coding("T4", LOCAL, "T4", 1), "T4", "T4"),
        (Coding("chez M. Martin", LOCAL, None, 1), None, ""),
        (Coding("x" * 33, LOCAL, None, 1), None, ""),
    ],
)
def test_words_are_never_given_as_a_code(coding: Coding, words: str | None, expected: str) -> None:
    assert code_of(coding, words) == expected


def test_a_code_of_no_system_is_as_words() -> None:
    found = document(problem(concept(("D1", None, "near"))), problem(concept(("D1", None, "x"), ("D2", LOCAL, "x"))))
    assert [row[2:4] for row in rows(found)] == [("", ""), (LOCAL, "D2")]


def test_a_system_has_one_name() -> None:
    uris = (
        problem(concept(("I10", "http://hl7.org/fhir/sid/icd-10", None))),
        problem(concept(("X", "urn:oid:1.2", "x"))),
    )
    assert [row[2] for row in rows(document(*uris))] == [CIM10, "1.2"]


def test_systems_may_be_given_under_a_pseudonym() -> None:
    found = document(problem(concept(("D1", "urn:semantix:local:dr-x", "x"))), problem(concept(text="a")))
    assert [row["system"] for row in coverage_of(found, None, lambda name: f"p{len(name)}")] == ["p23", ""]


FACTS: tuple[tuple[Any, int], ...] = (
    (lambda: problem(concept(("I10", CIM10, None))), 1),
    (lambda: problem(concept(("D1", LOCAL, "good"))), 1),
    (lambda: problem(model.Absent("UNK", 1), text="near"), 1),
    (lambda: problem(None, text="far"), 1),
    (lambda: problem(None), 0),
    (lambda: problem(concept(("A", LOCAL, "x")), status="nullified", links=(link(problem(concept(text="a"))),)), 0),
    (lambda: make(model.Observation, "lab-result", code=concept(("K", LOCAL, "near"))), 1),
    (lambda: make(model.Observation, "observation", code=concept(("K", LOCAL, "near"))), 1),
    (lambda: make(model.Procedure, "procedure", text="good", links=(link(problem(concept(text="a"))),)), 2),
    (lambda: make(model.Panel, "panel", links=(link(problem(concept(text="a"))), link(problem(None)))), 1),
    (lambda: make(model.Medication, "medication", product=model.Product(at=next(places), path="/", name="x")), 1),
    (lambda: make(model.Statement, "act", code=concept(("A", LOCAL, "x"))), 1),
)


def link(statement: Any) -> model.Link:
    return model.Link("COMP", statement)


@given(st.lists(st.sampled_from(FACTS), max_size=12), st.booleans())
def test_each_fact_is_counted_once(drawn: list[tuple[Any, int]], asked: bool) -> None:
    found = document(*(build() for build, _ in drawn))
    assert sum(row[6] for row in rows(found, asked=asked)) == sum(number for _, number in drawn)


def assert_agrees(found: model.Document) -> None:
    """What the source does not code is exactly what is asked, and the mapper's counts are those of the rows."""
    asked = Counter(question.target for question in questions(found))
    uncoded = Counter[str]()
    for row in coverage_of(found):
        if row["outcome"] == "nothing":
            uncoded[row["target"]] += row["n"]
    assert uncoded == asked
    mapped = Mapper(Decider()).map(found)
    decided = Counter[tuple[str, str]]()
    for row in coverage_of(found, mapped):
        if row["outcome"] not in {"source", "unasked"}:
            decided[row["target"], row["outcome"]] += row["n"]
    assert decided == Counter(mapped.counts)


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.xml")), ids=lambda path: path.stem)
def test_what_an_example_does_not_code_is_what_is_asked(path: Path) -> None:
    assert_agrees(parse(path.read_bytes(), path.name))


def test_what_the_corpus_does_not_code_is_what_is_asked(shared: Path) -> None:
    for folder in ("cda-2.41", "hl7v2", "hprim", "pn13"):
        for path in sorted((shared / "corpus" / folder).glob("*.*"))[:12]:
            try:
                found = parse(path.read_bytes(), path.name)
            except UnreadableInput:
                continue
            assert_agrees(found)


# --- what documents are grouped by ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("age", "expected"),
    [(0, "0-1"), (1, "0-1"), (2, "2-14"), (14, "2-14"), (15, "15-24"), (44, "25-44"), (45, "45-64"), (79, "65-79"),
     (80, "80-89"), (90, "90+"), (129, "90+"), (130, ""), (None, ""), (-1, "")],
)  # fmt: skip
def test_ages_are_in_bands(age: float | None, expected: str) -> None:
    assert age_band(age) == expected


def test_a_document_is_grouped_by_what_tells_nobody_apart() -> None:
    device = model.DeviceRef(1, "/d", software=" Logiciel\n 5 ", model="M")
    patient = model.Patient(
        at=0, path="/p", gender=concept(("F", None, None)), birth=model.PartialDate("1980", "1980-05-17", 1)
    )
    found = document(
        patient=patient,
        code=concept(("X", LOCAL, None), ("11502-2", LOINC, None)),
        parties=(
            model.Party(at=1, path="/a", role="author"),
            model.Party(at=2, path="/b", role="author", device=device),
        ),
    )
    grouped = dimensions_of(found, "2024-03-10")
    assert grouped == {
        "kind": "11502-2", "software": "Logiciel 5", "sex": "F", "age_band": "25-44", "period": "2024-03",
        "day": "2024-03-10",
    }  # fmt: skip
    assert set(grouped) < set(DOCUMENTS.names)


def test_what_is_not_known_is_empty() -> None:
    found = document(format="Demo export", code=concept(("X", LOCAL, None)))
    assert dimensions_of(found, "") == {
        "kind": "X", "software": "Demo export", "sex": "U", "age_band": "", "period": "", "day": "",
    }  # fmt: skip
    assert dimensions_of(document(), "2024")["period"] == ""
