"""Taking back the last thing that a person did, a bulk action as a whole, where nobody built on it."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from sqlalchemy import Connection, func, select

from semantix.errors import ActionRefused
from semantix.review.actions import UNDO, Person
from semantix.review.desk import log
from semantix.review.desk.bulk import Setting, write_standings
from semantix.review.desk.schema import log as rows
from semantix.review.folding import ASIDE_KINDS, counting, fold
from semantix.review.model import Event, Kind, Mode, State

NOT_UNDONE = frozenset({Kind.BROUGHT, Kind.IMPORTED, Kind.UNDONE, Kind.KEPT_ASIDE, Kind.EXPORTED, Kind.MODE_SET,
                        Kind.USER_ADDED, Kind.USER_CHANGED, Kind.REMAP, Kind.REMAPPED})  # fmt: skip
"""Events that nobody takes back: they are not a person's decision on an item."""
CHUNK = 200


class Undone(Struct, frozen=True, kw_only=True):
    """What was taken back: the kind of action, on how many items; ``left`` are those on which somebody acted since."""

    kind: Kind
    items: tuple[int, ...]
    left: tuple[int, ...] = ()


def undo(connection: Connection, person: Person, setting: Setting) -> Undone:
    """Take back the last thing that a person did, inside a writing transaction. Raises ActionRefused."""
    if not person.may(UNDO):
        raise ActionRefused(f"undoing needs the role {UNDO}; {person.role} was found", "role_needed")
    last = last_of(connection, person.name)
    if last is None:
        raise ActionRefused("there is nothing of yours to undo", "nothing_to_undo")
    batch = log.select_events(connection, batch=last.batch, limit=_EVERY) if last.batch else (last,)
    todo = [event for event in batch if event.kind not in NOT_UNDONE]
    done = _take_back(connection, person, todo, setting)
    if not done.items:
        raise ActionRefused("somebody acted on it since; judge it again, or ask a reconciler", "acted_since")
    return done


def last_of(connection: Connection, who: str) -> Event | None:
    """The last thing that a person did that can be undone and was not, not even in part."""
    before = 0
    while events := log.select_events(connection, before=before, who=who, limit=CHUNK):
        undone = _undone(connection, [event.seq for event in events])
        for event in events:
            if before and event.seq >= before:
                continue
            before = event.seq
            if event.kind in NOT_UNDONE or not event.item or event.seq in undone or _is_from_a_file(event):
                # A long batch is passed in one step.
                before = _begin(connection, event.batch) if event.batch else before
            elif not event.batch or not _is_begun(connection, event.batch):
                return event
            else:
                before = _begin(connection, event.batch)
    return None


def _take_back(connection: Connection, person: Person, todo: Sequence[Event], setting: Setting) -> Undone:
    """Undo events of one action, newest first, on the items on which nobody acted since."""
    histories = log.of_items(connection, sorted({event.item for event in todo}))
    own = {event.seq for event in todo}
    first = min(own)
    left = {
        number
        for number, events in histories.items()
        if _is_revealed(events)
        or any(
            event.kind not in ASIDE_KINDS and event.seq > first and event.seq not in own for event in counting(events)
        )
    }
    undoing = [
        Event(
            at=setting.at,
            who=person.name,
            kind=Kind.UNDONE,
            item=event.item,
            batch=setting.batch if len(todo) > 1 else "",
            mode=setting.mode,
            undoes=event.seq,
            engine=setting.engine,
        )
        for event in todo
        if event.item not in left
    ]
    for event in log.append(connection, undoing):
        histories[event.item].append(event)
    touched = sorted({event.item for event in undoing})
    write_standings(connection, {number: fold(histories[number]) for number in touched})
    return Undone(kind=todo[-1].kind, items=tuple(touched), left=tuple(sorted(left)))


def _is_revealed(events: Sequence[Event]) -> bool:
    """Tell whether two judged blindly and differ: by now each has seen the other's choice, and may not come round."""
    return events[-1].mode is Mode.BLIND_DUAL and fold(events).state is State.TO_RECONCILE


def _is_from_a_file(event: Event) -> bool:
    """An earlier judgement that an import brought as a note."""
    return event.kind is Kind.NOTED and event.judgement is not None


def _undone(connection: Connection, numbers: Sequence[int]) -> set[int]:
    return {row[0] for row in connection.execute(select(rows.c.undoes).where(rows.c.undoes.in_(numbers)))}


def _is_begun(connection: Connection, batch: str) -> bool:
    """Tell whether a batch was taken back already, as far as it could be."""
    numbers = select(rows.c.seq).where(rows.c.batch == batch)
    return connection.execute(select(rows.c.seq).where(rows.c.undoes.in_(numbers)).limit(1)).first() is not None


def _begin(connection: Connection, batch: str) -> int:
    return int(connection.execute(select(func.min(rows.c.seq)).where(rows.c.batch == batch)).scalar() or 0)


_EVERY = 10_000_000
