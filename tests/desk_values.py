"""Invented values of a review desk, short to write: judgements, entries, people, and a clock that goes on by itself."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from semantix.model import Candidate
from semantix.review.actions import Action, Person
from semantix.review.formats.exchange import Entry
from semantix.review.model import Judgement, Kind, Proposal, Relation, Role, Source, Target

READER, AUTHOR, OTHER, REVIEWER, RECONCILER = (
    Person("rose", Role.READER),
    Person("ann", Role.AUTHOR),
    Person("bob", Role.AUTHOR),
    Person("rev", Role.REVIEWER),
    Person("rec", Role.RECONCILER),
)
PEOPLE = (READER, AUTHOR, OTHER, REVIEWER, RECONCILER)
LATEST = 2**62
"""The version of somebody who has seen everything."""


class Clock:
    """A clock that goes on by itself, a second each time."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


def target(code: str, *, refused: bool = False, relation: Relation = Relation.EXACT) -> Target:
    """A target in CIM-10."""
    return Target(system="cim10", code=code, display=f"Maladie {code}", refused=refused, relation=relation)


def choice(*codes: str, refused: Iterable[str] = (), note: str = "") -> Judgement:
    """A judgement of codes of CIM-10; none is no suitable target."""
    targets = (*map(target, codes), *(target(code, refused=True) for code in refused))
    return Judgement(targets=targets, no_target=not codes, note=note)


def refusal(*codes: str) -> Judgement:
    """Targets that are refused, and nothing chosen."""
    return Judgement(targets=tuple(target(code, refused=True) for code in codes))


def judge(*codes: str, **more: object) -> Action:
    """Judge an item."""
    return Action(kind=Kind.JUDGED, judgement=choice(*codes, **more))


def entry(label: str, frequency: int = 1, probability: float | None = 0.5, **more: object) -> Entry:
    """Something to map, with one candidate unless the probability is None; names of Source go to the source."""
    named = {name: more.pop(name) for name in tuple(more) if name in Source.__struct_fields__}
    source = Source(**({"label": label, "target": "cim10", "section": "problem"} | named))
    if probability is not None and "proposal" not in more:
        first = Candidate("cim10", "A00", "Maladie A00", probability, probability)
        more["proposal"] = Proposal(candidates=(first,), outcome="abstained", reason="below")
    return Entry(source=source, frequency=frequency, **more)
