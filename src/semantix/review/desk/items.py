"""Reading one item, those like it, and the last thing that somebody did."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, select

from semantix.errors import ActionRefused
from semantix.review.desk import log
from semantix.review.desk.projection import Arrival
from semantix.review.desk.schema import arrival, item, word
from semantix.review.desk.schema import log as event_rows
from semantix.review.desk.schema import queue as rows
from semantix.review.encoding import decode
from semantix.review.model import Event, Item, Kind, Source

MOST_SIMILAR = 12
NOT_UNDONE = frozenset({Kind.BROUGHT, Kind.IMPORTED, Kind.UNDONE, Kind.KEPT_ASIDE, Kind.EXPORTED, Kind.MODE_SET,
                        Kind.USER_ADDED, Kind.USER_CHANGED, Kind.REMAP, Kind.REMAPPED})  # fmt: skip
"""Events that nobody takes back: they are not a person's decision on an item."""


def source_of(connection: Connection, number: int) -> tuple[Source, int]:
    """What an item is to map, and how often. Raises ActionRefused (``no_such_item``)."""
    query = select(item.c.source, rows.c.frequency).join(rows, rows.c.item == item.c.id).where(item.c.id == number)
    row = connection.execute(query).first()
    if row is None:
        raise ActionRefused("there is no such item", "no_such_item")
    return decode(row[0], Source), int(row[1])


def item_of(connection: Connection, number: int) -> Item:
    """One item as it was imported last. Raises ActionRefused (``no_such_item``)."""
    query = (
        select(item.c.source, arrival.c.body, arrival.c["import"])
        .join(rows, rows.c.item == item.c.id)
        .join(arrival, arrival.c.id == rows.c.arrival)
        .where(item.c.id == number)
    )
    row = connection.execute(query).first()
    if row is None:
        raise ActionRefused("there is no such item", "no_such_item")
    said = decode(row[1], Arrival)
    return Item(
        id=number,
        source=decode(row[0], Source),
        frequency=said.frequency,
        proposal=said.proposal,
        senders=said.senders,
        extra=said.extra,
        last_import=row[2],
    )


def near(connection: Connection, number: int, words: Sequence[str]) -> list[int]:
    """The items that share at least half of some words, most first."""
    if not words:
        return []
    found: dict[int, int] = {}
    for text in words:
        query = select(word.c.item).where(word.c.word == text, word.c.item != number).limit(2_000)
        for (other,) in connection.execute(query):
            found[other] = found.get(other, 0) + 1
    least = max(1, (len(words) + 1) // 2)
    ranked = sorted((-count, other) for other, count in found.items() if count >= least)
    return [other for _, other in ranked[:MOST_SIMILAR]]


def last_of(connection: Connection, who: str) -> Event | None:
    """The last thing that a person did that can be undone and was not."""
    before = 0
    while events := log.select_events(connection, before=before, who=who, limit=50):
        undone = {
            row[0]
            for row in connection.execute(
                select(event_rows.c.undoes).where(event_rows.c.undoes.in_([event.seq for event in events]))
            )
        }
        for event in events:
            if event.kind not in NOT_UNDONE and event.item and event.seq not in undone:
                return event
        before = events[-1].seq
    return None
