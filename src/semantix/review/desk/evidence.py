"""What the desk's own events say: of the engine's candidates, of how people agree, of how the work goes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, and_, or_, select

from semantix.review.agreement import Rating
from semantix.review.desk import log
from semantix.review.desk.schema import queue, sender
from semantix.review.encoding import decode
from semantix.review.folding import FRESH, extend, fold
from semantix.review.model import Audit, Event, How, Kind, Mode, Part, Relation, Standing, State
from semantix.review.statistics import Act, Change, Load, Material

_CHECKED = (Audit.RIGHT.value, Audit.WRONG.value)


class Gathered(Struct, frozen=True):
    """What figures are made from: the material of the statistics, and the ratings of blind mode."""

    material: Material
    ratings: tuple[Rating, ...]


def gather(connection: Connection) -> Gathered:
    """Read all that the statistics page needs, in one pass over the log."""
    undone: set[int] = set()
    by_item: dict[int, list[Event]] = {}
    for event in log.everything(connection):
        if event.kind is Kind.UNDONE:
            undone.add(event.undoes)
        if event.item:
            by_item.setdefault(event.item, []).append(event)
    counted = {
        number: [event for event in events if event.seq not in undone and event.kind is not Kind.UNDONE]
        for number, events in by_item.items()
    }
    frequencies = {row[0]: row[1] for row in connection.execute(select(queue.c.item, queue.c.frequency))}
    acts = sorted((event for events in counted.values() for event in events), key=lambda event: event.seq)
    audits = [row[0] for row in connection.execute(select(queue.c.audit).where(queue.c.audit.in_(_CHECKED)))]
    material = Material(
        acts=[Act(event.at, event.who, event.kind, event.batch) for event in acts],
        changes=list(_changes(by_item, frequencies)),
        loads=_loads(connection),
        firsts=desk_evidence(connection),
        audit_right=audits.count(Audit.RIGHT.value),
        audit_seen=len(audits),
    )
    return Gathered(material, tuple(_ratings(by_item)))


def desk_evidence(connection: Connection, target: str = "") -> list[tuple[float, bool]]:
    """First candidates that people judged, of one target or all: the probability, and whether it was right.

    Right is: the one target that people accepted, as exact. What the rule accepted counts once somebody checked it.
    """
    person = and_(queue.c.state == State.ACCEPTED.value, queue.c.how == How.PERSON.value)
    wanted = [queue.c.probability.is_not(None), or_(person, queue.c.audit.in_(_CHECKED))]
    if target:
        wanted.append(queue.c.target == target)
    columns = (queue.c.probability, queue.c.candidate_code, queue.c.audit, queue.c.standing)
    return [(row.probability, _is_right(row)) for row in connection.execute(select(*columns).where(*wanted))]


def _is_right(row: Any) -> bool:
    if row.audit in _CHECKED:
        return bool(row.audit == Audit.RIGHT.value)
    judgement = decode(row.standing, Standing).judgement
    if judgement is None or len(judgement.chosen) != 1:
        return False
    (one,) = judgement.chosen
    return (one.code, one.relation, one.part) == (row.candidate_code, Relation.EXACT, Part.TARGET)


def _ratings(by_item: Mapping[int, Sequence[Event]]) -> Iterator[Rating]:
    """The first judgement of each person on each item in blind mode: what they said not knowing of each other.

    One that was taken back counts all the same when somebody else had judged by then: what comes after is of somebody
    who saw both.
    """
    found = [(event.seq, event) for events in by_item.values() for event in _independent(events)]
    for _, event in sorted(found, key=lambda each: each[0]):
        assert event.judgement is not None
        yield Rating(event.item, event.who, event.judgement)


def _independent(events: Sequence[Event]) -> Iterable[Event]:
    """The first judgements of blind mode of one item."""
    first: dict[str, Event] = {}
    for event in events:
        if event.kind is Kind.UNDONE and len(first) == 1:
            first = {who: each for who, each in first.items() if each.seq != event.undoes}
        elif event.kind is Kind.JUDGED and event.mode is Mode.BLIND_DUAL and event.judgement is not None:
            first.setdefault(event.who, event)
    return first.values()


def _changes(by_item: dict[int, list[Event]], frequencies: dict[int, int]) -> Iterator[Change]:
    """When items became accepted, and when they no longer were."""
    for number, events in by_item.items():
        accepted = False
        for at, standing in _steps(events):
            now = standing.state is State.ACCEPTED
            if now is not accepted:
                accepted = now
                yield Change(at, number, frequencies.get(number, 0), now)


def _steps(events: Sequence[Event]) -> Iterator[tuple[str, Standing]]:
    """Where an item stood after each event. What was undone makes it fold again."""
    standing = FRESH
    for place, event in enumerate(events):
        undone = event.kind is Kind.UNDONE
        standing = fold(events[: place + 1]) if undone else extend(standing, event)
        yield event.at, standing


def _loads(connection: Connection) -> list[Load]:
    senders: dict[int, dict[str, int]] = {}
    for row in connection.execute(select(sender)):
        senders.setdefault(row.item, {})[row.sender] = row.frequency
    columns = (queue.c.item, queue.c.state, queue.c.frequency, queue.c.system, queue.c.section)
    return [
        Load(
            state=State(row.state),
            frequency=row.frequency,
            system=row.system,
            section=row.section,
            senders=senders.get(row.item, {}),
        )
        for row in connection.execute(select(*columns))
    ]
