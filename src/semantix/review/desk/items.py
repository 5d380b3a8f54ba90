"""Reading one item, and those like it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, select, union_all

from semantix.errors import ActionRefused
from semantix.review.desk.projection import Arrival
from semantix.review.desk.schema import arrival, item, word
from semantix.review.desk.schema import queue as rows
from semantix.review.encoding import decode
from semantix.review.model import Item, Source, Standing

MOST_SIMILAR = 12
MOST_WORDS = 16
MOST_SHARED = 1_000
"""Items of one word that are looked at."""
# Statements are put together once: building one costs more than running it.
_SOURCE = (
    select(item.c.source, rows.c.frequency).join(rows, rows.c.item == item.c.id).where(item.c.id == bindparam("number"))
)
_IMPORTED = arrival.alias("imported")
_ITEMS = (
    select(
        item.c.id,
        item.c.source,
        arrival.c.body,
        arrival.c["import"],
        select(func.min(_IMPORTED.c["import"])).where(_IMPORTED.c.item == item.c.id).scalar_subquery(),
        rows.c.standing,
    )
    .join(rows, rows.c.item == item.c.id)
    .join(arrival, arrival.c.id == rows.c.arrival)
    .where(item.c.id.in_(bindparam("numbers", expanding=True)))
)


def source_of(connection: Connection, number: int) -> tuple[Source, int]:
    """What an item is to map, and how often. Raises ActionRefused (``no_such_item``)."""
    row = connection.execute(_SOURCE, {"number": number}).first() if is_number(number) else None
    if row is None:
        raise ActionRefused("there is no such item", "no_such_item")
    return decode(row[0], Source), int(row[1])


def item_of(connection: Connection, number: int) -> Item:
    """One item as it was imported last. Raises ActionRefused (``no_such_item``)."""
    found = items_of(connection, [number])
    if not found:
        raise ActionRefused("there is no such item", "no_such_item")
    return found[0][0]


def items_of(connection: Connection, numbers: Sequence[int]) -> list[tuple[Item, Standing]]:
    """Some items as they were imported last and where they stand, in the order of their numbers as given."""
    asked = {"numbers": [number for number in numbers if is_number(number)]}
    found = {row[0]: (_item(row), decode(row[5], Standing)) for row in connection.execute(_ITEMS, asked)}
    return [found[number] for number in numbers if number in found]


def is_number(number: int) -> bool:
    """Tell whether a number can be that of an item: databases have no greater ones."""
    return 0 < number < 2**63


def _item(row: Any) -> Item:
    said = decode(row[2], Arrival)
    return Item(
        id=row[0],
        source=decode(row[1], Source),
        frequency=said.frequency,
        proposal=said.proposal,
        senders=said.senders,
        extra=said.extra,
        first_import=row[4],
        last_import=row[3],
    )


def near(connection: Connection, number: int, words: Sequence[str]) -> list[int]:
    """The items that share at least half of some words, most first."""
    if not words:
        return []
    asked = {f"word_{place}": text for place, text in enumerate(words[:MOST_WORDS])}
    return [row[0] for row in connection.execute(_near(len(asked)), {"number": number, **asked})]


@lru_cache(maxsize=MOST_WORDS)
def _near(count: int) -> Select[Any]:
    """The question of :func:`near` for so many words."""
    least = (count + 1) // 2
    # A few are shown: words that a great part of the desk has need not be counted to the end.
    shared = [
        select(word.c.item).where(word.c.word == bindparam(f"word_{place}")).order_by(word.c.item).limit(MOST_SHARED)
        .subquery()
        for place in range(count)
    ]  # fmt: skip
    every = union_all(*(select(each.c.item) for each in shared)).subquery()
    met = func.count()
    return (
        select(every.c.item)
        .where(every.c.item != bindparam("number"))
        .group_by(every.c.item)
        .having(met >= least)
        .order_by(met.desc(), every.c.item)
        .limit(MOST_SIMILAR)
    )
