"""One person does one thing with one item; when somebody else acted first, nothing that was judged is lost."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection, bindparam, update

from semantix.review import actions
from semantix.review.actions import Action, Person
from semantix.review.desk import items, log
from semantix.review.desk.bulk import Setting
from semantix.review.desk.projection import standing_columns
from semantix.review.desk.schema import queue as rows
from semantix.review.folding import extend, fold
from semantix.review.model import Event, Kind, Mode, Standing, State

DECISIONS = frozenset({Kind.BROUGHT, Kind.JUDGED, Kind.AGREED, Kind.SENT_BACK, Kind.RECONCILED, Kind.REOPENED,
                       Kind.AUTO_ACCEPTED, Kind.AUDITED, Kind.REMAPPED, Kind.UNDONE})  # fmt: skip
"""What somebody who saves has to have seen."""
NEVER_LATE = frozenset({Kind.NOTED, Kind.DRAFTED})
"""Actions that stand beside what others do: a draft is a person's own, and nobody else sees it."""
_UPDATE = update(rows).where(rows.c.item == bindparam("number"))
_FIRST = frozenset({State.MAPPED, State.IN_REVIEW, State.DRAFT, State.UNMAPPED})


class Saved(Struct, frozen=True, kw_only=True):
    """What came of an action. ``outdated``: somebody acted first; a judgement was kept aside, nothing else changed."""

    event: int
    standing: Standing
    outdated: bool = False


class Done(Struct, frozen=True):
    """An action with where the item stood before and after, and how many records it stands for."""

    saved: Saved
    before: Standing
    after: Standing
    frequency: int


def act(connection: Connection, person: Person, number: int, asked: tuple[Action, int], setting: Setting) -> Done:
    """Do one thing, inside a writing transaction; ``asked`` is the action and the version that the person saw.

    Raises ActionRefused when the person may not, or not now.
    """
    action, seen = asked
    frequency = items.source_of(connection, number)[1]
    actions.check_asked(person, action)
    events = log.of_item(connection, number)
    standing = fold(events)
    event = _event(person, number, action, setting)
    if action.kind not in NEVER_LATE and is_outdated(events, seen, person, setting.mode):
        return _keep_aside(connection, event, standing, person, frequency)
    same = _said_before(events, event, seen)
    if same:
        shown = actions.visible(standing, person, setting.mode)
        return Done(Saved(event=same, standing=shown), standing, standing, frequency)
    actions.check(person, action, standing, setting.mode)
    written = log.append(connection, [event])[0]
    after = extend(standing, written)
    _write(connection, number, after)
    shown = actions.visible(after, person, setting.mode)
    return Done(Saved(event=written.seq, standing=shown), standing, after, frequency)


def is_outdated(events: Sequence[Event], seen: int, person: Person, mode: Mode) -> bool:
    """Tell whether somebody else changed what the person saw.

    In blind mode a first judgement by somebody else is not seen, and does not stand in the way of the second.
    """
    standing = fold(events)
    if standing.version <= seen:
        return False
    if all(event.who == person.name for event in events if event.seq > seen and event.kind in DECISIONS):
        return False
    return not (mode is Mode.BLIND_DUAL and standing.state in _FIRST and len(standing.judged) < 2)


def _said_before(events: Sequence[Event], event: Event, seen: int) -> int:
    """The number of the last event when it says the same, and whoever asks had not seen it: a form sent twice."""
    last = events[-1] if events else None
    if last is None or last.seq <= seen or event.kind not in actions.JUDGING:
        return 0
    first, second = ((each.who, each.kind, each.mode, each.judgement, dict(each.detail)) for each in (last, event))
    return last.seq if first == second else 0


def _keep_aside(connection: Connection, event: Event, standing: Standing, person: Person, frequency: int) -> Done:
    """Somebody acted first: the judgement of the second is kept, the first one stands."""
    shown = actions.visible(standing, person, event.mode)
    if event.judgement is None:
        return Done(Saved(event=0, standing=shown, outdated=True), standing, standing, frequency)
    written = log.append(connection, [replace(event, kind=Kind.KEPT_ASIDE)])[0]
    after = extend(standing, written)
    _write(connection, event.item, after)
    return Done(Saved(event=written.seq, standing=shown, outdated=True), standing, after, frequency)


def _write(connection: Connection, number: int, standing: Standing) -> None:
    connection.execute(_UPDATE, {"number": number, **standing_columns(standing)})


def _event(person: Person, number: int, action: Action, setting: Setting) -> Event:
    return Event(
        at=setting.at,
        who=person.name,
        kind=action.kind,
        item=number,
        mode=setting.mode,
        judgement=action.judgement if action.kind in actions.JUDGING else None,
        detail=actions.event_detail(action),
        store=setting.store,
        engine=setting.engine,
    )
