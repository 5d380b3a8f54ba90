"""Rows of another table by key. A key met twice, on rows that differ, joins nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from msgspec import Struct

from semantix.parsers.packs.entries import text_of

if TYPE_CHECKING:
    from semantix.parsers.packs.entries import Entry
    from semantix.parsers.packs.plans import JoinPlan


class Index(Struct, frozen=True):
    """Rows by key (or the attributes of a key), and the keys that were met twice."""

    rows: Mapping[str, Entry | Mapping[str, str]]
    twice: frozenset[str]


def index_rows(entries: Iterable[Entry], join: JoinPlan) -> Index:
    """Put the rows of the table joined to in order."""
    if join.names is not None:
        return _attributes(entries, join)
    rows: dict[str, Entry | Mapping[str, str]] = {}
    twice: set[str] = set()
    for entry in entries:
        key = join.their_key(entry)
        if key is None or key in twice:
            continue
        known = rows.get(key)
        if known is None:
            rows[key] = entry
        elif known.raw != entry.raw:  # type: ignore[union-attr]
            del rows[key]
            twice.add(key)
    return Index(rows, frozenset(twice))


def _attributes(entries: Iterable[Entry], join: JoinPlan) -> Index:
    found: dict[str, dict[str, str]] = {}
    assert join.names is not None
    assert join.values is not None
    for entry in entries:
        key = join.their_key(entry)
        name = text_of(join.names(entry))
        value = text_of(join.values(entry))
        if key is not None and name and value:
            found.setdefault(key, {})[name] = value
    return Index(found, frozenset())
