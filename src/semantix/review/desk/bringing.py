"""Bringing what was read from files into a desk: new items, new arrivals of known ones, decisions made elsewhere."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from msgspec import Struct
from msgspec.structs import astuple
from sqlalchemy import Connection, delete, func, select

from semantix.errors import BadMappings
from semantix.review.actions import holds_no_text
from semantix.review.desk import log
from semantix.review.desk.projection import Arrival, row_of, words_of
from semantix.review.desk.schema import arrival, item, queue, sender, word
from semantix.review.encoding import decode, encode
from semantix.review.folding import FRESH, fold
from semantix.review.formats.exchange import Entry
from semantix.review.model import Acceptance, Event, Judgement, Kind, Mode, Source, Standing, State, Target

CHUNK = 1_000
_CHOOSING = frozenset({State.DRAFT, State.MAPPED, State.IN_REVIEW, State.ACCEPTED, State.TO_RECONCILE})
"""States in which the choice of an entry is one; it may be against another of the same file."""
MOST_RECORDS = 10**12
"""Records of one item at most: what a desk of millions of items adds up stays a number of the database."""


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
    """An entry beside what the desk holds of it; ``others`` came before it for the same source."""

    entry: Entry
    key: str
    id: int
    is_new: bool
    changed: bool = False
    arrival: int = 0
    others: tuple[Entry, ...] = ()


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
        detail=MappingProxyType({**detail, "rows": str(len(entries)), "arrivals": digest_of(map(_text_of, arrivals))}),
    )
    told = _told(connection, known)
    decisions = [event for each in known for event in _events(each, stamp) if _new_to(told[each.id], event)]
    written = log.append(connection, [heading, *decisions])
    _insert(connection, known, arrivals, written[0].seq)
    decided = {event.item for event in written if event.kind is Kind.BROUGHT}
    told_of = {event.item for event in written[1:]}
    standings = _standings(connection, known, told_of)
    _project(connection, [each for each in known if each.changed or each.id in told_of], said, standings)
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
    """Each source once, with its number; of two entries for one source the later counts, decisions of both do."""
    ids: dict[str, int] = {row[0]: row[1] for row in connection.execute(select(item.c.key, item.c.id))}
    after = max(ids.values(), default=0)
    known: dict[str, _Known] = {}
    for entry in entries:
        if any(map(holds_no_text, astuple(entry.source))):
            raise BadMappings(f"line {entry.line}: a sign that is none (zero, or half a sign); correct it in the file")
        key = key_of(entry.source)
        found = known.get(key)
        if found is not None:
            found.others += (found.entry,)
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
    frequency = min(max(1, frequency), MOST_RECORDS)
    senders = {name: min(max(0, count), MOST_RECORDS) for name, count in senders.items()}
    return Arrival(
        frequency=frequency,
        senders=senders,
        extra=dict(entry.extra),
        proposal=proposal,
        score=entry.score if entry.score != proposal.probability else None,
        justification=entry.justification,
    )


def _events(each: _Known, stamp: Stamp) -> Iterator[Event]:
    """What a file says was decided, as events: earlier judgements as notes, then the one that stands."""
    store = stamp.store(each.entry.source.target)
    for said in _all_sayings(each):
        yield Event(
            at=stamp.at,
            who=stamp.who,
            kind=said.kind,
            item=each.id,
            batch=stamp.batch,
            mode=stamp.mode,
            judgement=said.judgement,
            acceptance=said.acceptance,
            detail=MappingProxyType({name: text for name, text in said.detail.items() if text}),
            store=store,
            engine=stamp.engine,
        )


class _Saying(Struct, frozen=True):
    """One thing that a file says of an item, in the terms of an event."""

    kind: Kind
    detail: Mapping[str, str]
    judgement: Judgement | None
    acceptance: Acceptance | None = None


def _all_sayings(each: _Known) -> Iterator[_Saying]:
    """What all entries of one source say. Where they contradict each other, none of them is a decision."""
    entries = (*each.others, each.entry)
    against = _contradict(entries)
    for entry in entries:
        yield from _sayings(entry, against)
    if each.is_new and each.entry.reviewer:
        yield _Saying(Kind.ASSIGNED, {"to": each.entry.reviewer}, None)


def _contradict(entries: Sequence[Entry]) -> bool:
    """Tell whether entries of one source choose differently, or one refuses what another chooses."""
    said = [(entry.state, entry.judgement) for entry in entries if entry.judgement is not None]
    chosen = [judgement for state, judgement in said if _is_choice(judgement) and state in _CHOOSING]
    if any(not chosen[0].agrees(other) for other in chosen[1:]):
        return True
    targets = [each for state, judgement in said for each in _denied(state, judgement)]
    denied = {(each.part, each.system, each.code) for each in targets}
    return len(entries) > 1 and any(
        (each.part, each.system, each.code) in denied for judgement in chosen for each in judgement.chosen
    )


def _denied(state: State, judgement: Judgement) -> tuple[Target, ...]:
    return judgement.targets if state is State.REJECTED else judgement.refused


def _sayings(entry: Entry, against: bool) -> Iterator[_Saying]:
    said = entry.judgement or Judgement()
    differing = entry.state is State.TO_RECONCILE and not _is_choice(said)
    if differing and said.refused:
        # First: after the judgements that differ it would only stand beside them.
        yield _Saying(Kind.BROUGHT, {"state": State.UNMAPPED.value}, said)
    for place, past in enumerate(entry.history):
        by = {"said_by": past.who, "said_on": past.at}
        if differing and place >= len(entry.history) - 2:
            yield _Saying(Kind.BROUGHT, {"state": entry.state.value} | by, past.judgement)
        else:
            yield _Saying(Kind.NOTED, {"text": "earlier judgement"} | by, past.judgement)
    if differing or (not said.refused and (entry.state is State.UNMAPPED or not _is_choice(said))):
        return
    # Targets that were refused are told of whatever the state; alone they decide nothing.
    state = entry.state if entry.state is State.REJECTED or _is_choice(said) else State.UNMAPPED
    state = State.MAPPED if state is State.TO_RECONCILE else state
    if against and state in _CHOOSING:
        state = State.TO_RECONCILE
    people = "\n".join(filter(None, entry.people))
    by = {"said_by": entry.status_by, "said_on": entry.status_on, "people": people}
    automatic = {"automatic": "yes"} if entry.automatic else {}
    yield _Saying(Kind.BROUGHT, {"state": state.value} | by | automatic, said, entry.acceptance)


def _is_choice(judgement: Judgement) -> bool:
    return judgement.no_target or bool(judgement.chosen)


def _told(connection: Connection, known: Sequence[_Known]) -> dict[int, set[tuple[Any, ...]]]:
    """What files said already of the items of which this one says something."""
    found: dict[int, set[tuple[Any, ...]]] = {each.id: set() for each in known}
    wanted = [
        each.id
        for each in known
        if not each.is_new and any(entry.judgement or entry.history for entry in (*each.others, each.entry))
    ]
    for number, events in log.of_items(connection, wanted).items():
        found[number] = {_saying(event) for event in events if event.kind in {Kind.BROUGHT, Kind.NOTED}}
    return found


def _new_to(told: set[tuple[Any, ...]], event: Event) -> bool:
    """Tell whether no file said this before, and remember that one has."""
    saying = _saying(event)
    new = saying not in told
    told.add(saying)
    return new


def _saying(event: Event) -> tuple[Any, ...]:
    return event.kind, encode(event.judgement), tuple(sorted(event.detail.items()))


def digest_of(arrivals: Iterable[tuple[int, str, str]]) -> str:
    """What an import event keeps of the arrivals of its import: a digest of their numbers, keys and texts."""
    digest = hashlib.sha256()
    for number, key, text in arrivals:
        digest.update(f"{number}\n{key}\n{text}\n".encode())
    return digest.hexdigest()


def _text_of(each: tuple[int, _Known, Arrival]) -> tuple[int, str, str]:
    return each[0], each[1].key, encode(each[2])


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


def _standings(connection: Connection, known: Sequence[_Known], told_of: set[int]) -> dict[int, Standing]:
    """Where the items stand now: those with events are folded again, new ones without are fresh."""
    wanted = [each.id for each in known if not each.is_new or each.id in told_of]
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
