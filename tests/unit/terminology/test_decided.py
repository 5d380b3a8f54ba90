"""A decision that is remembered is the one that would be taken: for any person, and when memory is short."""

from collections.abc import Sequence
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.terminology.conftest import open_engine
from tests.unit.terminology.invented import ask

from semantix.model import Context, Decision, Outcome, Query
from semantix.terminology import conflict_words, conflicts
from semantix.terminology.conflicts import bears_on_person, context_conflicts, marks_of, person_of
from semantix.terminology.decided import Decided, impersonal
from semantix.terminology.engine import Engine
from semantix.terminology.matching import Ranked, Request
from semantix.terminology.serving import Ground, Served
from semantix.terminology.text import stem

LABELS = (
    "kyste de l'ovaire", "adénome de la prostate", "diabète de la grossesse", "ictère néonatal", "nouveau-né prématuré",
    "antécédents familiaux de tumeur maligne", "fracture ancienne du coude", "infarctus aigu", "mère et nouveau-né",
)  # fmt: skip
PEOPLE = tuple(product(("", "male", "female"), (None, 0.0, 1.9, 2.0, 7.9, 8.0, 30.0, 60.0, 60.1, 99.0)))
SEXES, AGES = st.sampled_from(("", "male", "female", "other")), st.none() | st.floats(0, 120)


@given(st.sampled_from(LABELS), SEXES, AGES, SEXES, AGES, st.sampled_from(("", "problem", "family-history", "history")))
def test_people_who_are_told_apart_by_nothing_have_the_same_conflicts(
    label: str, sex: str, age: float | None, other_sex: str, other_age: float | None, section: str
) -> None:
    marks = marks_of(label)
    one, other = Context(sex=sex, age=age, section=section), Context(sex=other_sex, age=other_age, section=section)
    if person_of(one) == person_of(other) or not bears_on_person(marks):
        assert context_conflicts(one, marks) == context_conflicts(other, marks)


def test_a_label_bears_on_people_if_some_person_is_in_conflict_with_it() -> None:
    bears = {label for label in LABELS if bears_on_person(marks_of(label))}
    assert bears == {
        label
        for label in LABELS
        if any(context_conflicts(Context(sex=sex, age=age), marks_of(label)) for sex, age in PEOPLE)
    }
    assert 0 < len(bears) < len(LABELS)


@pytest.fixture
def sexed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only women have knees here, only men have livers."""
    monkeypatch.setattr(conflict_words, "FEMALE_ONLY", frozenset({stem("genou")}))
    monkeypatch.setattr(conflict_words, "MALE_ONLY", frozenset({stem("foie")}))
    monkeypatch.setattr(conflicts, "_SEXED", frozenset({stem("genou"), stem("foie")}))


@pytest.mark.usefixtures("sexed")
def test_what_was_decided_for_others_is_what_would_be_decided(invented: Ground, served: Served) -> None:
    assert served.codes
    texts = (
        "Douleur du genou",
        "brulure flombe",
        "douleur foie",
        "Zona",
        "tumeur",
        "rien de connu",
        "crise de palpitan",
    )
    contexts = [Context(sex=sex, age=age, section="problem") for sex, age in PEOPLE]
    requests = [Request(Query(text=text), context) for context in contexts for text in texts]
    warm = open_engine(invented)
    told = [warm.decide_many([request], "cim10")[0] for request in requests]
    for at in range(0, len(requests), len(texts)):
        fresh = open_engine(invented)
        fresh._served = warm._served
        assert told[at : at + len(texts)] == fresh.decide_many(requests[at : at + len(texts)], "cim10")
    assert len({decision.outcome for decision in told[:: len(texts)]}) > 1, "the sex changes what is said of a knee"


def test_a_target_that_is_prepared_for_others_is_not_opened_here(invented: Ground, served: Served) -> None:
    engine = open_engine(invented)
    engine.prepare("cim10")
    assert not engine._served
    engine.learn("cim10")
    engine.prepare("cim10")
    assert engine._served["cim10"].codes == served.codes


def test_what_does_not_depend_on_the_person_is_decided_once(
    invented: Ground, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = open_engine(invented)
    ranked: list[Request] = []
    engine.learn("cim10")
    matcher = engine._served["cim10"].matcher
    rank = matcher.rank

    def counted(asked: Sequence[Request], top: int) -> list[tuple[Ranked, ...]]:
        ranked.extend(asked)
        return rank(asked, top)

    monkeypatch.setattr(matcher, "rank", counted)
    for sex, age in PEOPLE:
        (decision,) = engine.decide_many([Request(Query(text="brulure flombe"), Context(sex=sex, age=age))], "cim10")
        assert decision.context == Context(sex=sex, age=age)
    assert ranked == [Request(Query(text="brulure flombe"))]
    assert served.codes


def test_tables_and_matchers_are_told_nothing_of_the_person() -> None:
    whole = Context(sender="labo", unit="g/l", specimen="urine", section="laboratory", sex="male", age=3.0)
    assert impersonal(whole) == Context(sender="labo", unit="g/l", specimen="urine", section="laboratory")
    assert impersonal(impersonal(whole)) == impersonal(whole)


def decision(text: str) -> Decision:
    return Decision(Query(text=text), Context(), "cim10", Outcome.ABSTAINED, (), False, "nothing")


SORT = ("cim10", 5, False)


def test_memory_is_bounded_and_what_is_asked_again_stays() -> None:
    decided = Decided(most=3)
    for turn in range(50):
        decided.keep(SORT, decision(f"once {turn}"), is_personal=False)
        decided.keep(SORT, decision("often"), is_personal=turn % 2 == 0)
        assert decided.find(Request(Query(text="often")), SORT) == decision("often")
        assert len(decided) <= 6
    assert decided.find(Request(Query(text="once 0")), SORT) is None
    assert decided.find(Request(Query(text="often")), ("cim10", 6, False)) is None


def test_what_is_remembered_beyond_a_generation_comes_back() -> None:
    decided = Decided(most=2)
    for text in ("a", "b", "c"):
        decided.keep(SORT, decision(text), is_personal=False)
    assert [decided.find(Request(Query(text=text)), SORT) for text in ("a", "c", "a")] == [
        decision("a"), decision("c"), decision("a"),
    ]  # fmt: skip


def test_an_engine_with_a_short_memory_answers_the_same(invented: Ground, engine: Engine) -> None:
    short = open_engine(invented)
    short._decided = Decided(most=1)
    asked = [ask("Céphalée"), ask("Zona"), ask("mal de crâne"), ask("Zona")]
    for _ in range(2):
        assert short.decide_many(asked, "cim10") == engine.decide_many(asked, "cim10")
