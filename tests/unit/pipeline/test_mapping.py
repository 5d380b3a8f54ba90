"""The mapping stage: what is asked about a document, which decision is followed, and what is left for a person."""

from collections.abc import Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from semantix import model, parse
from semantix.emitters import fhir, omop
from semantix.model import Candidate, Coding, Concept, Context, Decision, Evidence, Outcome, Query
from semantix.pipeline.mapping import Mapper, choose
from semantix.pipeline.questions import LONGEST, Question, age_on, questions
from semantix.terminology.matching import Request

EXAMPLES = Path(__file__).resolve().parents[3] / "examples" / "cda"
CIM10, LOINC, SNOMED, LOCAL = "2.16.840.1.113883.6.3", "2.16.840.1.113883.6.1", "2.16.840.1.113883.6.96", "1.2.3.4"
V2_SPECIMENS = "http://terminology.hl7.org/CodeSystem/v2-0070"
CIS, ATC = "1.2.250.1.213.2.3.1", "2.16.840.1.113883.6.73"
Known = Mapping[tuple[str, str], tuple[str, Outcome, bool]]


class Decider:
    """Knows a few texts and codes by heart: (target, text or code) to (code, outcome, accepted)."""

    def __init__(self, known: Known, targets: Sequence[str] = ("cim10", "loinc", "atc", "ccam")) -> None:
        self._known, self._targets = known, tuple(targets)
        self.asked: list[tuple[str, Query]] = []

    def targets(self) -> tuple[str, ...]:
        return self._targets

    def prepare(self, target: str) -> None:
        """Nothing is to be learned by heart."""

    def decide_many(self, requests: Sequence[Request], target: str, top: int = 10) -> list[Decision]:
        self.asked += [(target, request.query) for request in requests]
        return [self._decide(request, target) for request in requests]

    def _decide(self, request: Request, target: str) -> Decision:
        query = request.query
        found = self._known.get((target, query.code)) or self._known.get((target, query.text))
        if found is None:
            return Decision(query, request.context, target, Outcome.ABSTAINED, (), False, "no name is near")
        code, outcome, accepted = found
        evidence = (Evidence("curated", "row", "t@1"), Evidence("word", "w", "t@1"))
        candidate = Candidate(target, code, f"Libellé {code}", 1.0, 0.98765, evidence)
        return Decision(query, request.context, target, outcome, (candidate,), accepted, "")


class Maker:
    """Makes values of the model with places of their own."""

    def __init__(self) -> None:
        self._places = count(1)

    @property
    def at(self) -> int:
        return next(self._places)

    def concept(self, *codings: tuple[str, str | None, str | None], **fields: Any) -> Concept:
        return Concept(
            tuple(Coding(code, system, words, self.at) for code, system, words in codings), self.at, **fields
        )

    def make(self, kind: type[Any], word: str, **fields: Any) -> Any:
        place = self.at
        return kind(at=place, path=f"/{place}", kind=word, **fields)

    def date(self, iso: str) -> model.PartialDate:
        return model.PartialDate(iso.replace("-", ""), iso, self.at)

    def document(self, *statements: Any, section: str = "11450-4", **fields: Any) -> model.Document:
        patient = model.Patient(
            at=self.at, path="/p", gender=self.concept(("F", None, None)), birth=self.date("1980-05-17")
        )
        given: dict[str, Any] = {"time": self.date("2024-03-10"), "patient": patient, **fields}
        code = self.concept((section, LOINC, None))
        return model.Document(
            source=model.Source(name="d.xml", size=1, sha256="0"),
            format="cda",
            ids=(),
            at=self.at,
            locate=lambda place: model.Origin(f"/{place}"),
            sections=(model.Section(at=self.at, path="/s", code=code, statements=statements),),
            **given,
        )

    def problem(self, what: Any, **fields: Any) -> Any:
        return self.make(model.Problem, fields.pop("word", "problem"), problem=what, **fields)


@pytest.fixture
def m() -> Maker:
    return Maker()


def asked(document: model.Document) -> list[Question]:
    return list(questions(document))


# --- questions --------------------------------------------------------------------------------------------------


def test_a_local_code_is_asked_with_its_label_then_the_words_of_the_author(m: Maker) -> None:
    what = m.concept(("D1", LOCAL, "Dépression"), text="épisode  dépressif")
    (question,) = asked(m.document(m.problem(what)))
    assert (question.place, question.target) == (what.at, "cim10")
    assert question.queries == (
        Query(text="Dépression", code="D1", system=LOCAL),
        Query(text="épisode dépressif"),
    )
    assert question.context == Context(section="problem", sex="female", age=43.0)


def test_a_known_system_is_named_by_its_key(m: Maker) -> None:
    (question,) = asked(m.document(m.problem(m.concept(("1", SNOMED, "Asthme")))))
    assert question.queries == (Query(text="Asthme", code="1", system="snomed"),)


def test_a_concept_with_a_code_of_the_target_is_left_alone(m: Maker) -> None:
    assert asked(m.document(m.problem(m.concept(("1", SNOMED, "x"), ("I10", CIM10, None))))) == []


@pytest.mark.parametrize(
    "what",
    [
        model.Absent("NASK", 901),
        Concept((), 902, "non demandé", "NASK"),
        Concept((), 903, None, "UNK"),
        model.Text("x" * (LONGEST + 1), 904),
        Concept((Coding("no-known-problems", "2.16.840.1.113883.5.1150.1", "Aucun", 905),), 906),
        None,
    ],
)
def test_nothing_is_asked_about_what_says_nothing(m: Maker, what: Any) -> None:
    assert asked(m.document(m.problem(what))) == []


def test_absences_and_errors_are_not_asked(m: Maker) -> None:
    what = m.concept(("D1", LOCAL, "Asthme"))
    assert asked(m.document(m.problem(what, word="no-problem"), m.problem(what, status="nullified"))) == []


def test_words_alone_are_asked_at_their_own_place(m: Maker) -> None:
    words, absent = model.Text("HTA", m.at), model.Absent("UNK", m.at)
    first, second, third = m.problem(words), m.problem(absent, text="Asthme"), m.problem(None, text="DT2")
    found = asked(m.document(first, second, third))
    assert [(q.place, q.queries[0].text) for q in found] == [
        (words.at, "HTA"),
        (absent.at, "Asthme"),
        (third.at, "DT2"),
    ]


def test_the_section_of_histories_is_told(m: Maker) -> None:
    (question,) = asked(m.document(m.problem(m.concept(("D1", LOCAL, "Asthme"))), section="11348-0"))
    assert question.context.section == "history"


def test_what_a_relative_has_is_asked_as_a_problem_of_somebody_unknown(m: Maker) -> None:
    panel = m.make(
        model.Panel,
        "family-history",
        links=(model.Link("COMP", m.problem(m.concept(("D1", LOCAL, "Asthme")))),),
    )
    (question,) = asked(m.document(panel, section="10157-6"))
    assert question.context == Context(section="problem")


def test_a_result_is_asked_with_its_unit_and_the_specimen_around(m: Maker) -> None:
    specimen = model.Specimen(m.at, "/sp", code=m.concept(("SER", None, "Sérum")))
    taken = m.make(model.Procedure, "specimen-collection", specimens=(specimen,))
    value = model.Quantity(None, "g/L", m.at)
    result = m.make(model.Observation, "lab-result", code=m.concept(("GLY", LOCAL, "Glycémie")), values=(value,))
    battery = m.make(model.Panel, "lab-battery", links=(model.Link("COMP", taken), model.Link("COMP", result)))
    (question,) = asked(m.document(battery))
    assert question.target == "loinc"
    assert question.context == Context(section="laboratory", unit="g/L", specimen="Sérum", sex="female", age=43.0)


@pytest.mark.parametrize(
    ("label", "expected"),
    [("Ionogramme urinaire", "urine"), ("Cytologie du LCR", "csf"), ("Ionogramme", ""), ("Bilan sanguin", "")],
)
def test_the_label_of_a_group_of_results_may_name_their_specimen(m: Maker, label: str, expected: str) -> None:
    result = m.make(model.Observation, "lab-result", code=m.concept(("K", LOCAL, "Potassium")))
    battery = m.make(
        model.Panel, "lab-battery", code=m.concept(("I", LOCAL, label)), links=(model.Link("COMP", result),)
    )
    (question,) = asked(m.document(battery))
    assert question.context.specimen == expected


@pytest.mark.parametrize(
    ("code", "system", "expected"),
    [
        ("UR", V2_SPECIMENS, "urine"),
        ("URINES", LOCAL, "urine"),
        ("CSF", V2_SPECIMENS, "csf"),
        ("SNV", V2_SPECIMENS, "other"),
        ("BLDV", V2_SPECIMENS, ""),
        ("SER", V2_SPECIMENS, "serum"),
        ("T12", LOCAL, ""),
    ],
)
def test_a_specimen_that_is_only_a_code_is_known_by_it(m: Maker, code: str, system: str, expected: str) -> None:
    specimen = model.Specimen(m.at, "/sp", code=m.concept((code, system, None)))
    result = m.make(model.Observation, "lab-result", code=m.concept(("K", LOCAL, "Potassium")), specimens=(specimen,))
    (question,) = asked(m.document(result))
    assert question.context.specimen == expected


def test_the_unit_of_an_interval_or_of_a_reference_range_is_read(m: Maker) -> None:
    span = model.Range(None, model.Quantity(None, "mmol/L", m.at), m.at)
    code = m.concept(("NA", LOCAL, "Sodium"))
    values = m.make(model.Observation, "lab-result", code=code, values=(span,))
    ranges = m.make(model.Observation, "lab-result", code=code, ranges=(model.ReferenceRange(m.at, span),))
    assert [q.context.unit for q in asked(m.document(values, ranges))] == ["mmol/L", "mmol/L"]


def test_an_observation_that_measures_nothing_is_not_asked(m: Maker) -> None:
    code = m.concept(("T", LOCAL, "Tabac"))
    assert asked(m.document(m.make(model.Observation, "social-history", code=code))) == []


def test_a_product_is_asked_with_its_codes_its_package_and_its_name(m: Maker) -> None:
    package = model.Packaging(m.at, code=m.concept(("3400930000001", "1.2.250.1.213.2.3.2", "Une boîte")))
    product = model.Product(at=m.at, path="/x", code=m.concept(("60000001", CIS, None)), name="A", packaging=(package,))
    bare = model.Product(at=m.at, path="/y", name="B")
    classed = model.Product(at=m.at, path="/z", name="C", classes=(m.concept(("J01CA04", ATC, None)),))
    found = asked(
        m.document(
            m.make(model.Medication, "medication", product=product),
            m.make(model.Immunization, "immunization", product=bare),
            m.make(model.Medication, "medication", product=classed),
        )
    )
    assert [(q.place, q.context.section) for q in found] == [
        (product.code.at if product.code else None, "medication"),
        (bare.at, "vaccination"),
    ]
    assert [(query.system, query.text) for query in found[0].queries] == [("cis", ""), ("cip", ""), ("", "A")]


@pytest.mark.parametrize(("kind", "sure"), [("DALG", True), ("ALG", False), ("FALG", None)])
def test_an_allergy_is_asked_unless_it_is_not_to_a_drug(m: Maker, kind: str, sure: bool | None) -> None:
    agent = model.Party(at=m.at, path="/a", role="participant", entity_name="Amoxicilline")
    allergy = m.make(model.Allergy, "allergy", code=m.concept((kind, None, None)), agents=(agent,))
    assert [q.is_sure for q in asked(m.document(allergy))] == ([] if sure is None else [sure])


def test_a_reaction_is_a_problem(m: Maker) -> None:
    reaction = m.problem(m.concept(("U", LOCAL, "Urticaire")))
    allergy = m.make(model.Allergy, "allergy", code=m.concept(("FALG", None, None)), reactions=(reaction,))
    assert [q.target for q in asked(m.document(allergy))] == ["cim10"]


def test_an_act_is_asked_and_a_collection_is_not(m: Maker) -> None:
    code = m.concept(("A", LOCAL, "Appendicectomie"))
    acts = [m.make(model.Procedure, kind, code=code) for kind in ("procedure", "specimen-collection")]
    assert [q.target for q in asked(m.document(*acts))] == ["ccam"]


@pytest.mark.parametrize(
    ("birth", "day", "age"),
    [
        ("1980-05-17", "2024-05-16", 43.0),
        ("1980-05-17", "2024-05-17", 44.0),
        ("1980", "2024-05-17", 44.0),
        ("1980-06", "2024-05-17T10:00:00+02:00", 43.0),
        ("2024-06-01", "2024-05-17", None),
        ("2024", "2024", 0.0),
    ],
)
def test_an_age_is_in_whole_years(m: Maker, birth: str, day: str, age: float | None) -> None:
    assert age_on(m.date(birth), m.date(day)) == age


def test_an_unknown_date_gives_no_age(m: Maker) -> None:
    assert age_on(None, m.date("2024")) is None


# --- decisions ----------------------------------------------------------------------------------------------------


def test_an_accepted_code_is_found_for_the_place_of_its_concept(m: Maker) -> None:
    what = m.concept(("D1", LOCAL, "Dépression"))
    found = Mapper(Decider({("cim10", "D1"): ("F32.9", Outcome.CURATED, True)})).map(m.document(m.problem(what)))
    (coding,) = found.codings[what.at]
    assert (coding.system, coding.code, coding.method) == (CIM10, "F32.9", Outcome.CURATED)
    assert (coding.display, coding.probability, coding.source) == ("Libellé F32.9", 0.9877, "t@1")
    assert (dict(found.counts), found.review) == ({("cim10", "curated"): 1}, ())


def test_what_is_not_accepted_waits_for_a_person(m: Maker) -> None:
    document = m.document(m.problem(m.concept(("D1", LOCAL, "Dépression"))), m.problem(m.concept(("D2", LOCAL, "Zut"))))
    found = Mapper(Decider({("cim10", "D1"): ("F32.9", Outcome.CANDIDATE, False)})).map(document)
    assert found.codings == {}
    assert [decision.query.code for decision in found.review] == ["D1", "D2"]
    assert dict(found.counts) == {("cim10", "review"): 1, ("cim10", "nothing"): 1}


def test_words_that_repeat_the_label_are_asked_once(m: Maker) -> None:
    (question,) = asked(m.document(m.problem(m.concept(("D1", LOCAL, "Asthme"), text="Asthme"))))
    assert question.queries == (Query(text="Asthme", code="D1", system=LOCAL),)


def test_a_target_that_the_store_does_not_have_is_not_asked(m: Maker) -> None:
    decider = Decider({}, targets=("atc", "snomed"))
    assert Mapper(decider).map(m.document(m.problem(m.concept(("D1", LOCAL, "Dépression"))))).counts == {}
    assert decider.asked == []


def test_code_and_words_that_lead_to_different_codes_are_for_a_person(m: Maker) -> None:
    what = m.concept(("D1", LOCAL, "Dépression"), text="Asthme")
    known: Known = {
        ("cim10", "D1"): ("F32.9", Outcome.CURATED, True),
        ("cim10", "Asthme"): ("J45.9", Outcome.EXACT, True),
    }
    found = Mapper(Decider(known)).map(m.document(m.problem(what)))
    assert found.codings == {}
    assert [decision.accepted for decision in found.review] == [False, False]


def test_stronger_evidence_silences_a_likeness(m: Maker) -> None:
    what = m.concept(("D1", LOCAL, "Dépression"), text="Asthme")
    known: Known = {
        ("cim10", "D1"): ("F32.9", Outcome.CURATED, True),
        ("cim10", "Asthme"): ("J45.9", Outcome.CANDIDATE, True),
    }
    found = Mapper(Decider(known)).map(m.document(m.problem(what)))
    assert [coding.code for coding in found.codings[what.at]] == ["F32.9"]


@pytest.mark.parametrize(("outcome", "mapped"), [(Outcome.CANDIDATE, 0), (Outcome.CURATED, 1)])
def test_a_likeness_is_not_enough_for_an_allergen_that_may_be_no_drug(m: Maker, outcome: Outcome, mapped: int) -> None:
    agent = model.Party(at=m.at, path="/a", role="participant", entity_name="Iode")
    allergy = m.make(model.Allergy, "allergy", code=m.concept(("ALG", None, None)), agents=(agent,))
    found = Mapper(Decider({("atc", "Iode"): ("D08AG03", outcome, True)})).map(m.document(allergy))
    assert (len(found.codings), len(found.review)) == (mapped, 1 - mapped)


def test_the_best_of_agreeing_decisions_is_followed() -> None:
    candidate = Candidate("cim10", "I10", "", 1.0, 1.0)
    decisions = [
        Decision(Query(), Context(), "cim10", outcome, (candidate,), True, "")
        for outcome in (Outcome.EQUIVALENT, Outcome.EXACT)
    ]
    chosen = choose(decisions)
    assert chosen is not None
    assert chosen.outcome is Outcome.EXACT


# --- the account ----------------------------------------------------------------------------------------------------


class Sure:
    """Answers every question with the same code of its target."""

    CODES: Mapping[str, str] = {"cim10": "I10", "loinc": "8867-4", "atc": "J01CA04", "ccam": "HHFA001"}

    def targets(self) -> tuple[str, ...]:
        return tuple(self.CODES)

    def prepare(self, target: str) -> None:
        """Nothing is to be learned by heart."""

    def decide_many(self, requests: Sequence[Request], target: str, top: int = 10) -> list[Decision]:
        candidate = Candidate(target, self.CODES[target], "Libellé", 1.0, 1.0)
        return [Decision(r.query, r.context, target, Outcome.EXACT, (candidate,), True, "") for r in requests]


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.xml")), ids=lambda path: path.stem)
def test_the_account_of_the_source_is_the_same_with_mapped_codes(path: Path) -> None:
    document = parse(path.read_bytes(), path.name)
    codings = Mapper(Sure()).map(document).codings
    assert fhir.emit(document).ledger.account(document) == fhir.emit(document, mapped=codings).ledger.account(document)
    without, with_codes = omop.emit(document).ledger, omop.emit(document, mapped=codings).ledger
    assert without is not None
    assert with_codes is not None
    assert without.account(document) == with_codes.account(document)


def test_mapped_resources_are_valid() -> None:
    pytest.importorskip("fhir.resources")
    from semantix.emitters.fhir import _r4 as r4

    for path in sorted(EXAMPLES.glob("*.xml")):
        document = parse(path.read_bytes(), path.name)
        emission = fhir.emit(document, mapped=Mapper(Sure()).map(document).codings)
        assert [problem for resource in emission.resources for problem in r4.check(resource)] == []
