"""Is a desk whole? The chain of its log, what imports brought, and whether what is derived follows from both."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from itertools import groupby

from sqlalchemy import Connection, func, select

from semantix.review.desk import bringing, log
from semantix.review.desk.desk import Desk
from semantix.review.desk.projection import Arrival, row_of
from semantix.review.desk.schema import arrival, item
from semantix.review.desk.schema import queue as rows
from semantix.review.encoding import decode
from semantix.review.folding import fold
from semantix.review.model import Event, Kind, Source

CHUNK = 1_000


def check_desk(desk: Desk) -> tuple[int, int]:
    """Check the chain of the log and that every queue row follows from it: (first broken event, rows that differ).

    An import whose items or arrivals are not those that it brought is broken too. Both are 0 when the desk is whole.
    """
    with desk.database.reading() as connection:
        unreadable = log.unreadable_at(connection)
        if unreadable:
            # Nothing can be told to follow from it.
            return unreadable, 0
        broken = log.broken_at(connection)
        events: dict[int, list[Event]] = {}
        imports: dict[int, str] = {}
        for event in log.everything(connection):
            if event.item:
                events.setdefault(event.item, []).append(event)
            elif event.kind is Kind.IMPORTED:
                imports[event.seq] = event.detail.get("arrivals", "")
        changed = _changed_import(connection, imports)
        differ = _differing(connection, events)
    return min(filter(None, (broken, changed)), default=0), differ


def rebuild_desk(desk: Desk) -> int:
    """Build everything derived again; return how many items there are."""
    with desk.database.writing() as connection:
        count = bringing.rebuild(connection)
    desk.forget()
    return count


def _changed_import(connection: Connection, imports: dict[int, str]) -> int:
    """The first import of which an item or an arrival is no longer what it brought; 0 when there is none."""
    found = dict.fromkeys(imports, bringing.digest_of(()))
    for event, brought in groupby(_arrivals(connection), key=lambda each: each[0]):
        found[event] = bringing.digest_of((number, key, text) for _, number, key, text in brought)
    return min((event for event, digest in found.items() if imports.get(event) != digest), default=0)


def _arrivals(connection: Connection) -> Iterator[tuple[int, int, str, str]]:
    """Every arrival by number: its import, its number, the key of its item as its source gives it, its text."""
    after = 0
    query = select(arrival.c["import"], arrival.c.id, item.c.source, arrival.c.body).join(
        item, item.c.id == arrival.c.item
    )
    while found := connection.execute(query.where(arrival.c.id > after).order_by(arrival.c.id).limit(CHUNK)).fetchall():
        for event, number, source, body in found:
            yield event, number, hashlib.sha256(source.encode()).hexdigest(), body
        after = found[-1][1]


def _differing(connection: Connection, events: dict[int, list[Event]]) -> int:
    """How many queue rows are missing, too many, or not what the last arrival and the log make them."""
    latest = select(func.max(arrival.c.id).label("id")).group_by(arrival.c.item).subquery()
    query = (
        select(item.c.id, item.c.source, arrival.c.id, arrival.c.body, *rows.c)
        .join(arrival, arrival.c.item == item.c.id)
        .join(latest, latest.c.id == arrival.c.id)
        .outerjoin(rows, rows.c.item == item.c.id)
        .order_by(item.c.id)
    )
    names = [column.name for column in rows.c]
    differ = seen = after = 0
    while found := connection.execute(query.where(item.c.id > after).limit(CHUNK)).fetchall():
        for number, source, last, body, *row in found:
            seen += row[0] is not None
            try:
                said = (last, decode(body, Arrival))
                expected = row_of(number, decode(source, Source), said, fold(events.get(number, ())))
            except ValueError:
                # It was changed, and is no longer what an import brings.
                differ += 1
                continue
            differ += expected != dict(zip(names, row, strict=True))
        after = found[-1][0]
    return differ + int(connection.execute(select(func.count()).select_from(rows)).scalar() or 0) - seen
