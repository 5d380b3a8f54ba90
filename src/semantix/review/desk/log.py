"""The log: events appended one after the other, each holding the digest of the one before."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection, Row, bindparam, func, select

from semantix.review.desk.schema import log
from semantix.review.encoding import decode, encode
from semantix.review.model import NO_TEXTS, Acceptance, Event, Judgement, Kind, Mode

START = "0" * 64
"""What the first event is chained to."""
CHUNK = 1_000
# Statements that nearly every answer needs are put together once: building one costs more than running it.
_LAST = select(log.c.seq, log.c.digest).order_by(log.c.seq.desc()).limit(1)
_OF_ITEM = select(log).where(log.c.item == bindparam("number")).order_by(log.c.seq)
_INSERT = log.insert()


class _Body(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What of an event is not a column."""

    mode: Mode = Mode.SINGLE
    judgement: Judgement | None = None
    acceptance: Acceptance | None = None
    detail: dict[str, str] = {}
    store: str = ""
    engine: str = ""


def append(connection: Connection, events: Iterable[Event]) -> list[Event]:
    """Append events in their order, inside a writing transaction; return them with their numbers and digests."""
    row = connection.execute(_LAST).first()
    seq, digest = (int(row[0]), str(row[1])) if row is not None else (0, START)
    written: list[Event] = []
    rows: list[dict[str, Any]] = []
    for event in events:
        seq += 1
        numbered = replace(event, seq=seq, digest="")
        digest = chained(digest, numbered)
        written.append(replace(numbered, digest=digest))
        rows.append(_row(written[-1]))
    for start in range(0, len(rows), CHUNK):
        connection.execute(_INSERT, rows[start : start + CHUNK])
    return written


def chained(before: str, event: Event) -> str:
    """The digest of an event: SHA-256 of the digest before it and of all that it says."""
    said = encode(replace(event, digest=""))
    return hashlib.sha256(f"{before}\n{said}".encode()).hexdigest()


def of_item(connection: Connection, item: int) -> tuple[Event, ...]:
    """The events of one item, in order."""
    return tuple(map(_event, connection.execute(_OF_ITEM, {"number": item})))


def of_items(connection: Connection, items: Sequence[int]) -> dict[int, list[Event]]:
    """The events of many items, each in order."""
    found: dict[int, list[Event]] = {item: [] for item in items}
    for start in range(0, len(items), CHUNK):
        chunk = items[start : start + CHUNK]
        for row in connection.execute(select(log).where(log.c.item.in_(chunk)).order_by(log.c.seq)):
            event = _event(row)
            found[event.item].append(event)
    return found


def everything(connection: Connection) -> Iterator[Event]:
    """Every event of the desk, in order."""
    after = 0
    while rows := connection.execute(select(log).where(log.c.seq > after).order_by(log.c.seq).limit(CHUNK)).fetchall():
        yield from map(_event, rows)
        after = rows[-1].seq


def last(connection: Connection) -> int:
    """The number of the last event, 0 when there is none."""
    return int(connection.execute(select(func.max(log.c.seq))).scalar() or 0)


def broken_at(connection: Connection) -> int:
    """The number of the first event whose digest does not fit, 0 when the chain is whole."""
    digest = START
    for number, event in enumerate(everything(connection), 1):
        digest = chained(digest, event)
        if event.seq != number or digest != event.digest:
            return number
    return 0


def unreadable_at(connection: Connection) -> int:
    """The number of the first row that is no event, 0 when each can be read."""
    after = 0
    while rows := connection.execute(select(log).where(log.c.seq > after).order_by(log.c.seq).limit(CHUNK)).fetchall():
        for row in rows:
            try:
                _event(row)
            except ValueError:
                return int(row.seq)
        after = rows[-1].seq
    return 0


def _row(event: Event) -> dict[str, Any]:
    body = _Body(
        mode=event.mode,
        judgement=event.judgement,
        acceptance=event.acceptance,
        detail=dict(event.detail),
        store=event.store,
        engine=event.engine,
    )
    return {
        "seq": event.seq, "at": event.at, "who": event.who, "kind": event.kind.value, "item": event.item,
        "batch": event.batch, "undoes": event.undoes, "body": encode(body), "digest": event.digest,
    }  # fmt: skip


def _event(row: Row[Any]) -> Event:
    body = decode(row.body, _Body)
    return Event(
        seq=row.seq,
        at=row.at,
        who=row.who,
        kind=Kind(row.kind),
        item=row.item,
        batch=row.batch,
        undoes=row.undoes,
        mode=body.mode,
        judgement=body.judgement,
        acceptance=body.acceptance,
        detail=body.detail or NO_TEXTS,
        store=body.store,
        engine=body.engine,
        digest=row.digest,
    )


def select_events(  # noqa: PLR0913 - keywords, each with a default
    connection: Connection,
    *,
    before: int = 0,
    limit: int = 100,
    who: str = "",
    kind: str = "",
    item: int | None = None,
    batch: str = "",
) -> tuple[Event, ...]:
    """Events newest first, before a number, by who, kind, item or batch."""
    query = select(log).order_by(log.c.seq.desc()).limit(limit)
    for condition, wanted in (
        (log.c.seq < before, bool(before)),
        (log.c.who == who, bool(who)),
        (log.c.kind == kind, bool(kind)),
        (log.c.item == (item or 0), item is not None),
        (log.c.batch == batch, bool(batch)),
    ):
        if wanted:
            query = query.where(condition)
    return tuple(map(_event, connection.execute(query)))
