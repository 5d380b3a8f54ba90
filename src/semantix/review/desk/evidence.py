"""What the desk's own decisions say: of the engine's candidates, of how people agree, of how the work goes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, and_, or_, select

from semantix.review.agreement import Rating
from semantix.review.desk import log
from semantix.review.desk.schema import queue
from semantix.review.encoding import decode
from semantix.review.model import Audit, How, Kind, Mode, Part, Relation, Standing, State

_CHECKED = (Audit.RIGHT.value, Audit.WRONG.value)


def desk_evidence(connection: Connection, target: str = "") -> list[tuple[float, bool]]:
    """First candidates that people judged, of one target or all: the probability, and whether it was right.

    Right is: the one target that people accepted, as exact. What the rule accepted counts once somebody checked it.
    """
    person = and_(queue.c.state == State.ACCEPTED.value, queue.c.how == How.PERSON.value)
    wanted = [queue.c.probability.is_not(None), or_(person, queue.c.audit.in_(_CHECKED))]
    if target:
        wanted.append(queue.c.target == target)
    columns = (queue.c.probability, queue.c.candidate_code, queue.c.target, queue.c.audit, queue.c.standing)
    return [(row.probability, _is_right(row)) for row in connection.execute(select(*columns).where(*wanted))]


def _is_right(row: Any) -> bool:
    if row.audit in _CHECKED:
        return bool(row.audit == Audit.RIGHT.value)
    judgement = decode(row.standing, Standing).judgement
    if judgement is None or len(judgement.chosen) != 1:
        return False
    (one,) = judgement.chosen
    return (one.code, one.relation, one.part) == (row.candidate_code, Relation.EXACT, Part.TARGET)


def ratings(connection: Connection) -> Iterator[Rating]:
    """The first judgement of each person on each item in blind mode: what they said not knowing of each other."""
    seen: set[tuple[int, str]] = set()
    events = list(log.everything(connection))
    undone = {event.undoes for event in events if event.kind is Kind.UNDONE}
    for event in events:
        if event.kind is not Kind.JUDGED or event.mode is not Mode.BLIND_DUAL or event.judgement is None:
            continue
        if event.seq in undone or (event.item, event.who) in seen:
            continue
        seen.add((event.item, event.who))
        yield Rating(event.item, event.who, event.judgement)
