"""The stage between reading and emitting: codes found by the terminology engine for what the source did not code.

A document is never changed: codes found stand beside it, by place, so that the account of what the source holds is the
same with and without them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct, structs

from semantix import systems
from semantix.model import (
    Candidate,
    Decision,
    Document,
    Issue,
    MappedCoding,
    MappedCodings,
    Observation,
    Outcome,
    Place,
)
from semantix.pipeline.questions import Question, questions
from semantix.pipeline.units import LOINC, Settles, UnitCodes
from semantix.terminology.matching import Request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

TARGETS = ("cim10", "loinc", "atc", "ccam")
"""The systems that questions ask for."""
TOP = 5
"""Candidates kept a question for people to review."""
REVIEW, NOTHING = "review", "nothing"
_SOURCES = 3
_OIDS = {each.key: each.oids[0] for each in systems.SYSTEMS}


class Decider(Protocol):
    """The part of the engine that this stage needs."""

    def targets(self) -> tuple[str, ...]:
        """The systems that can be asked for."""

    def prepare(self, target: str) -> None:
        """Have a target learned, unless it was, without opening it."""

    def decide_many(self, requests: Sequence[Request], target: str, top: int = ...) -> list[Decision]:
        """Decide for many queries, in their order."""


class Mapped(Struct, frozen=True):
    """What was found for one document: codes by place, decisions that wait for a person, counts as Figures has them.

    ``issues`` are doubts that only the meaning of the codes shows (a value that cannot be). ``outcomes`` tells how each
    question was decided, by its place and target, in the words of ``counts``.
    """

    codings: MappedCodings = MappingProxyType({})
    issues: tuple[Issue, ...] = ()
    review: tuple[Decision, ...] = ()
    counts: Mapping[tuple[str, str], int] = MappingProxyType({})
    outcomes: Mapping[tuple[Place, str], str] = MappingProxyType({})


class Mapper:
    """Asks the engine about documents, one after the other."""

    def __init__(self, decider: Decider, *, local_only: bool = False) -> None:
        """Ask ``decider``; with ``local_only``, about documents whose source has codes of its own and no others."""
        self._decider, self._local_only = decider, local_only
        self._targets = [target for target in TARGETS if target in decider.targets()]
        self._units: UnitCodes | None = None

    def prepare(self) -> None:
        """Have all targets learned now, before several processes ask for them at once."""
        for target in self._targets:
            self._decider.prepare(target)

    def map(self, document: Document) -> Mapped:
        """Find codes for one document; each target is asked once, for all its questions."""
        if self._local_only and document.sender is None:
            return Mapped()
        asked = [question for question in questions(document) if question.target in self._targets]
        if not asked and document.sender is None:
            return Mapped()
        codings: dict[Place, tuple[MappedCoding, ...]] = {}
        review: list[Decision] = []
        counts: Counter[tuple[str, str]] = Counter()
        outcomes: dict[tuple[Place, str], str] = {}
        for question, decisions in zip(asked, self._decide(asked), strict=True):
            chosen = choose(decisions)
            if chosen is not None:
                codings[question.place] = (*codings.get(question.place, ()), coding_of(chosen))
                outcome = chosen.outcome.value
            else:
                review += refused(decisions)
                outcome = REVIEW if any(decision.candidates for decision in decisions) else NOTHING
            counts[question.target, outcome] += 1
            outcomes[question.place, question.target] = outcome
        issues: tuple[Issue, ...] = ()
        if document.sender is not None:
            if self._units is None:
                self._units = UnitCodes.load()
            units, issues = self._units.read(document, codings, self._settles(asked))
            for place in [place for place, codes in units.items() if not codes]:
                # What the label meant is contradicted by the value.
                counts[LOINC, codings.pop(place)[0].method.value] -= 1
                counts[LOINC, REVIEW] += 1
                outcomes[place, LOINC] = REVIEW
                del units[place]
            counts = +counts
            codings.update(units)
        return Mapped(codings, issues, tuple(review), counts, outcomes)

    def _settles(self, asked: Sequence[Question]) -> Settles:
        """Whether a table knows an observation in a unit: what it is measured in tells what an unclear unit means."""
        by_place = {question.place: question for question in asked if question.target == LOINC}

        def settles(one: Observation, unit: str) -> bool:
            question = by_place.get(one.code.at) if one.code is not None else None
            if question is None:
                return False
            context = structs.replace(question.context, unit=unit)
            requests = [Request(query, context) for query in question.queries]
            told = self._decider.decide_many(requests, LOINC, TOP)
            return any(decision.accepted and decision.outcome is not Outcome.CANDIDATE for decision in told)

        return settles

    def _decide(self, asked: Sequence[Question]) -> list[tuple[Decision, ...]]:
        """The decisions of each question, one a query."""
        answers: dict[str, list[Decision]] = {}
        for target in dict.fromkeys(question.target for question in asked):
            requests = [
                Request(query, question.context)
                for question in asked
                if question.target == target
                for query in question.queries
            ]
            answers[target] = self._decider.decide_many(requests, target, TOP)[::-1]
        return [
            tuple(_cautious(answers[question.target].pop(), question) for _ in question.queries) for question in asked
        ]


def open_mapper(
    store: Path, precision: float, tables: Sequence[Path] = (), tell: Callable[[str], None] = lambda _: None
) -> Mapper:
    """Open the engine on a store, with a site's own curated tables. Raises BadStore and BadTable."""
    from semantix.terminology.engine import Engine  # noqa: PLC0415 - slow to import; most runs do without

    return Mapper(Engine.open(store, precision=precision, extra_tables=tables, tell=tell))


def open_curated(tables: Sequence[Path] = ()) -> Mapper:
    """Open the curated tables alone, for sources with local codes. Raises BadTable."""
    from semantix.terminology.curated import Curated  # noqa: PLC0415 - most runs do without

    return Mapper(Curated.load(tables), local_only=True)


def choose(decisions: Iterable[Decision]) -> Decision | None:
    """The decision to follow: what stronger evidence says, if all that it says is one code."""
    accepted = [decision for decision in decisions if decision.accepted and decision.candidates]
    strong = [decision for decision in accepted if decision.outcome is not Outcome.CANDIDATE]
    told = strong or accepted
    if len({decision.candidates[0].code for decision in told}) != 1:
        return None
    order = tuple(Outcome)
    return min(told, key=lambda decision: order.index(decision.outcome))


def refused(decisions: Sequence[Decision]) -> list[Decision]:
    """Decisions as a person should see them, when none is followed: those with candidates, else the first."""
    told = [decision for decision in decisions if decision.candidates] or list(decisions[:1])
    words = "the wordings and codes of the concept lead to different codes"
    return [
        structs.replace(decision, accepted=False, reason=words) if decision.accepted else decision for decision in told
    ]


def coding_of(decision: Decision) -> MappedCoding:
    """The first candidate as a code beside those of the source."""
    first = decision.candidates[0]
    return MappedCoding(
        system=_OIDS.get(first.system, first.system),
        code=first.code,
        display=first.display,
        method=decision.outcome,
        probability=round(first.probability, 4),
        source=_source(first),
    )


def _source(candidate: Candidate) -> str:
    """The tables and releases that the evidence names, each once."""
    named = dict.fromkeys(evidence.source for evidence in candidate.evidence if evidence.source)
    return "; ".join(list(named)[:_SOURCES])


def _cautious(decision: Decision, question: Question) -> Decision:
    """A likeness of words is not enough where the source does not say that the target codes such things."""
    if question.is_sure or not decision.accepted or decision.outcome is not Outcome.CANDIDATE:
        return decision
    return structs.replace(decision, accepted=False, reason="the source does not say that this is a drug")
