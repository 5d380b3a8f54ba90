"""Bringing what was read from files into a desk: new items, new arrivals of known ones, decisions made elsewhere."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, delete, func, select

from semantix.review.desk import log
from semantix.review.desk.projection import Arrival, row_of, words_of
from semantix.review.desk.schema import arrival, item, queue, sender, word
from semantix.review.encoding import decode, encode
from semantix.review.folding import FRESH, fold
from semantix.review.formats.exchange import Entry
from semantix.review.model import Event, Kind, Mode, Source, Standing, State

CHUNK = 1_000


class Imported(Struct, frozen=True, kw_only=True):
    """What an import did: items that are new, known with something new, unchanged; decisions that came with them.

    ``aside`` are decisions that contradict what the desk holds: they were kept beside it.
    """

    event: int
    new: int
    updated: int
    unchanged: int
    decided: int
    aside: int


class Stamp(Struct, frozen=True):
    """What every event of one import carries."""

    at: str
    who: str
    batch: str
    mode: Mode
    engine: str
    store: Callable[[str], str]


class _Known(Struct):
    """An entry beside what the desk holds of it."""

    entry: Entry
    key: str
    id: int
    is_new: bool
    changed: bool = False
    arrival: int = 0


def bring(
    connection: Connection, entries: Sequence[Entry], stamp: Stamp, detail: Mapping[str, str], add: bool = False
) -> Imported:
    """Bring entries, inside a writing transaction. With ``add``, frequencies are added to those that are known."""
    known = _paired(connection, entries)
    said = _said(connection, [each.id for each in known if not each.is_new])
    first = int(connection.execute(select(func.max(arrival.c.id))).scalar() or 0)
    arrivals: list[tuple[int, _Known, Arrival]] = []
    for each in known:
        before = said.get(each.id)
        now = _arrival(each.entry, before[1] if before else None, add)
        each.changed = before is None or before[1] != now
        each.arrival = before[0] if before else 0
        if each.changed:
            each.arrival = first + len(arrivals) + 1
            arrivals.append((each.arrival, each, now))
        said[each.id] = (each.arrival, now)
    heading = Event(
        at=stamp.at,
        who=stamp.who,
        kind=Kind.IMPORTED,
        batch=stamp.batch,
        mode=stamp.mode,
        engine=stamp.engine,
        detail=MappingProxyType({**detail, "rows": str(len(entries)), "arrivals": _digest(arrivals)}),
    )
    decisions = [event for each in known for event in _events(each, stamp)]
    written = log.append(connection, [heading, *decisions])
    _insert(connection, known, arrivals, written[0].seq)
    decided = {event.item for event in written if event.kind is Kind.BROUGHT}
    standings = _standings(connection, known, decided)
    _project(connection, [each for each in known if each.changed or each.id in decided], said, standings)
    return Imported(
        event=written[0].seq,
        new=sum(each.is_new for each in known),
        updated=sum(each.changed and not each.is_new for each in known),
        unchanged=sum(not each.changed for each in known),
        decided=len(decided),
        aside=sum(_is_aside(standings[each.id], written) for each in known if each.id in decided),
    )


def key_of(source: Source) -> str:
    """The key of a source: a digest of all that it says."""
    return hashlib.sha256(encode(source).encode()).hexdigest()


def _paired(connection: Connection, entries: Iterable[Entry]) -> list[_Known]:
    """Each source once, with its number; of two entries for one source the later one counts."""
    ids: dict[str, int] = {row[0]: row[1] for row in connection.execute(select(item.c.key, item.c.id))}
    after = max(ids.values(), default=0)
    known: dict[str, _Known] = {}
    for entry in entries:
        key = key_of(entry.source)
        found = known.get(key)
        if found is not None:
            found.entry = entry
            continue
        number = ids.get(key, 0)
        if not number:
            after += 1
        known[key] = _Known(entry, key, number or after, not number)
    return list(known.values())


def _said(connection: Connection, items: Sequence[int]) -> dict[int, tuple[int, Arrival]]:
    """The last arrival of items that are known."""
    found: dict[int, tuple[int, Arrival]] = {}
    for start in range(0, len(items), CHUNK):
        query = (
            select(queue.c.item, arrival.c.id, arrival.c.body)
            .join(arrival, arrival.c.id == queue.c.arrival)
            .where(queue.c.item.in_(items[start : start + CHUNK]))
        )
        found |= {row[0]: (row[1], decode(row[2], Arrival)) for row in connection.execute(query)}
    return found


def _arrival(entry: Entry, before: Arrival | None, add: bool) -> Arrival:
    frequency, senders = entry.frequency, dict(entry.senders)
    if before is not None and add:
        frequency += before.frequency
        for name, count in before.senders.items():
            senders[name] = senders.get(name, 0) + count
    proposal = entry.proposal
    if before is not None and not proposal.candidates and not proposal.reason:
        # A file without candidates does not take away those that the desk has.
        proposal = before.proposal
    return Arrival(frequency=max(1, frequency), senders=senders, extra=dict(entry.extra), proposal=proposal)


def _events(each: _Known, stamp: Stamp) -> Iterable[Event]:
    """What a file says was decided, as events: earlier judgements as notes, then the one that stands."""
    entry = each.entry
    for past in entry.history:
        detail = {"text": "earlier judgement", "said_by": past.who, "said_on": past.at}
        yield _event(each, stamp, Kind.NOTED, detail, entry, past.judgement)
    if entry.judgement is None or entry.state is State.UNMAPPED:
        return
    state = entry.state if entry.state is not State.TO_RECONCILE else State.MAPPED
    detail = {"state": state.value}
    detail |= {"said_by": entry.status_by} if entry.status_by else {}
    detail |= {"said_on": entry.status_on} if entry.status_on else {}
    yield _event(each, stamp, Kind.BROUGHT, detail, entry, entry.judgement)


def _event(each: _Known, stamp: Stamp, kind: Kind, detail: Mapping[str, str], entry: Entry, judgement: Any) -> Event:  # noqa: PLR0913, PLR0917
    return Event(
        at=stamp.at,
        who=stamp.who,
        kind=kind,
        item=each.id,
        batch=stamp.batch,
        mode=stamp.mode,
        judgement=judgement,
        detail=MappingProxyType(dict(detail)),
        store=stamp.store(entry.source.target),
        engine=stamp.engine,
    )


def _digest(arrivals: Sequence[tuple[int, _Known, Arrival]]) -> str:
    digest = hashlib.sha256()
    for number, each, said in arrivals:
        digest.update(f"{number}\n{each.key}\n{encode(said)}\n".encode())
    return digest.hexdigest()


def _insert(
    connection: Connection, known: Sequence[_Known], arrivals: Sequence[tuple[int, _Known, Arrival]], event: int
) -> None:
    _write(
        connection,
        item.insert(),
        [{"id": each.id, "key": each.key, "source": encode(each.entry.source)} for each in known if each.is_new],
    )
    _write(
        connection,
        arrival.insert(),
        [
            {"id": number, "item": each.id, "import": event, "body": encode(said)}
            for number, each, said in arrivals
        ],
    )  # fmt: skip


def _standings(connection: Connection, known: Sequence[_Known], decided: set[int]) -> dict[int, Standing]:
    """Where the items stand now: those with events are folded again, new ones without are fresh."""
    wanted = [each.id for each in known if not each.is_new or each.id in decided]
    found = {each.id: FRESH for each in known}
    return found | {number: fold(events) for number, events in log.of_items(connection, wanted).items()}


def _project(
    connection: Connection,
    known: Sequence[_Known],
    said: Mapping[int, tuple[int, Arrival]],
    standings: Mapping[int, Standing],
) -> None:
    """Write the queue rows, words and senders of the entries."""
    old = [each.id for each in known if not each.is_new]
    for start in range(0, len(old), CHUNK):
        chunk = old[start : start + CHUNK]
        connection.execute(delete(queue).where(queue.c.item.in_(chunk)))
        connection.execute(delete(sender).where(sender.c.item.in_(chunk)))
    rows = [row_of(each.id, each.entry.source, said[each.id], standings[each.id]) for each in known]
    _write(connection, queue.insert(), rows)
    _write(
        connection,
        word.insert(),
        [{"word": text, "item": each.id} for each in known if each.is_new for text in words_of(each.entry.source)],
    )
    _write(
        connection,
        sender.insert(),
        [
            {"item": each.id, "sender": name, "frequency": count}
            for each in known
            for name, count in said[each.id][1].senders.items()
        ],
    )


def _write(connection: Connection, statement: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    for start in range(0, len(rows), CHUNK):
        connection.execute(statement, rows[start : start + CHUNK])


def _is_aside(standing: Standing, written: Sequence[Event]) -> bool:
    first = written[0].seq
    return any(each.event > first for each in standing.aside)


def rebuild(connection: Connection) -> int:
    """Build the derived tables again from what is written once; return how many items there are."""
    for table in (queue, word, sender):
        connection.execute(delete(table))
    count = 0
    latest = select(func.max(arrival.c.id)).group_by(arrival.c.item)
    after = 0
    while rows := connection.execute(
        select(item.c.id, item.c.source, arrival.c.id, arrival.c.body)
        .join(arrival, arrival.c.item == item.c.id)
        .where(arrival.c.id.in_(latest), item.c.id > after)
        .order_by(item.c.id)
        .limit(CHUNK)
    ).fetchall():
        known = [
            _Known(Entry(source=decode(row[1], Source)), "", row[0], True, arrival=row[2]) for row in rows
        ]  # fmt: skip
        said = {row[0]: (row[2], decode(row[3], Arrival)) for row in rows}
        standings = {number: fold(events) for number, events in log.of_items(connection, list(said)).items()}
        _project(connection, known, said, standings)
        count += len(rows)
        after = rows[-1][0]
    return count
