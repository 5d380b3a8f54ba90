"""A new terminology version under the decisions of a desk: what it changes becomes an event of each item it touches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection, select

from semantix.review.desk import log
from semantix.review.desk.bulk import Setting, write_standings
from semantix.review.desk.schema import queue
from semantix.review.encoding import decode
from semantix.review.folding import counting, extend
from semantix.review.model import Event, Judgement, Kind, Standing, State
from semantix.review.remapping import NOT_CHECKED, UNKNOWN, Fate
from semantix.terminology.comparing import Fate as Word

QUIET = frozenset({Word.UNCHANGED.value, Word.REACTIVATED.value, NOT_CHECKED, UNKNOWN})
"""Fates that leave an item as it is, without an event."""
MOST_HEIRS = 10
_CHANGING = frozenset({Kind.BROUGHT, Kind.JUDGED, Kind.AGREED, Kind.RECONCILED, Kind.AUTO_ACCEPTED, Kind.AUDITED,
                       Kind.REMAPPED})  # fmt: skip


class Remapped(Struct, frozen=True, kw_only=True):
    """What a new version did: targets by fate, how many items were looked at, noted and reopened."""

    fates: Mapping[str, int]
    items: int
    noted: int
    reopened: int
    batch: str = ""


def targets(connection: Connection) -> tuple[tuple[str, str, str], ...]:
    """The targets in use: system, code, and the display that the desk has, each once, sorted."""
    found: dict[tuple[str, str], str] = {}
    for _, standing in _judged(connection):
        for target in _standing_targets(standing):
            found.setdefault((target[0], target[1]), target[2])
    return tuple((system, code, display) for (system, code), display in sorted(found.items()))


def apply(connection: Connection, who: str, fates: Mapping[tuple[str, str], Fate], setting: Setting) -> Remapped:
    """Write what became of the targets, inside a writing transaction: only items that are affected change."""
    standings: dict[int, Standing] = {}
    events: list[Event] = []
    looked = 0
    for number, standing in _judged(connection):
        looked += 1
        met = [fate for system, code, _ in _standing_targets(standing) if (fate := fates.get((system, code)))]
        told = [fate for fate in met if fate.kind not in QUIET]
        if not told:
            continue
        standings[number] = standing
        events.append(_event(who, number, standing, told, setting))
    events = _not_said_before(connection, events)
    counts = Counter(fate.kind for fate in fates.values())
    reopened = sum(bool(event.detail.get("reopens")) for event in events)
    heading = Event(
        at=setting.at,
        who=who,
        kind=Kind.REMAP,
        batch=setting.batch,
        mode=setting.mode,
        detail=MappingProxyType({"items": str(looked), "reopened": str(reopened), "store": setting.store}),
        engine=setting.engine,
        store=setting.store,
    )
    for event in log.append(connection, [heading, *events])[1:]:
        standings[event.item] = extend(standings[event.item], event)
    write_standings(connection, {event.item: standings[event.item] for event in events})
    return Remapped(
        fates=MappingProxyType(dict(sorted(counts.items()))),
        items=looked,
        noted=len(events) - reopened,
        reopened=reopened,
        batch=setting.batch,
    )


def _not_said_before(connection: Connection, events: list[Event]) -> list[Event]:
    """The events that say something new: a release that was followed already says nothing a second time."""
    before = log.of_items(connection, [event.item for event in events])
    return [event for event in events if not _is_said(event, before.get(event.item, ()))]


def _is_said(event: Event, before: Sequence[Event]) -> bool:
    """Tell whether the last change of what stands is that very event."""
    last = next((each for each in reversed(counting(before)) if each.kind in _CHANGING), None)
    if last is None or last.kind is not Kind.REMAPPED:
        return False
    return (last.store, last.detail) == (event.store, event.detail)


def _judged(connection: Connection) -> Iterator[tuple[int, Standing]]:
    """The items on which somebody, or the rule, judged."""
    query = select(queue.c.item, queue.c.standing).where(queue.c.state != State.UNMAPPED.value).order_by(queue.c.item)
    for number, told in connection.execute(query).fetchall():
        standing = decode(told, Standing)
        if standing.judgement is not None or standing.judged:
            yield number, standing


def _standing_targets(standing: Standing) -> Iterator[tuple[str, str, str]]:
    judgements = (
        [standing.judgement] if standing.judgement is not None else [each.judgement for each in standing.judged]
    )
    for judgement in judgements:
        for target in judgement.chosen:
            yield target.system, target.code, target.display


def _event(who: str, number: int, standing: Standing, told: list[Fate], setting: Setting) -> Event:
    reopening = [fate for fate in told if fate.reopens]
    weightiest = (reopening or told)[0]
    detail = {
        "fate": weightiest.kind,
        "targets": " ".join(fate.code for fate in told),
        "reason": "; ".join(map(_said, told)),
    }
    heirs = [heir.step.code for fate in told for heir in fate.heirs]
    detail |= {"successors": " ".join(heirs[:MOST_HEIRS])} if heirs else {}
    detail |= {"reopens": "yes"} if reopening else {}
    return Event(
        at=setting.at,
        who=who,
        kind=Kind.REMAPPED,
        item=number,
        batch=setting.batch,
        mode=setting.mode,
        judgement=_relabelled(standing.judgement, told),
        detail=MappingProxyType(detail),
        store=setting.store,
        engine=setting.engine,
    )


def _said(fate: Fate) -> str:
    """What became of one target: codes and the words of the field."""
    heirs = ", ".join(heir.step.code for heir in fate.heirs[:MOST_HEIRS])
    return f"{fate.code}: {', '.join(fate.kinds)}" + (f" ({heirs})" if heirs else "")


def _relabelled(judgement: Judgement | None, told: list[Fate]) -> Judgement | None:
    """The judgement with the labels of the new version."""
    if judgement is None:
        return None
    new = {(fate.system, fate.code): fate.new_display for fate in told if fate.new_display}
    return replace(
        judgement,
        targets=tuple(
            replace(target, display=new.get((target.system, target.code), target.display))
            for target in judgement.targets
        ),
    )
