"""Local concepts and what goes with them: vocabularies, domains, classes, maps. They are few, and written whole.

Whatever the documents that come or go, these tables are computed again from all that are live: a domain is there
because some concept of some document is of it. What an Athena vocabulary holds is never repeated, nor removed.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import duckdb

from semantix.emitters.omop import SCHEMA
from semantix.runs.publishing.resolving import Resolution, names_of, used_keys
from semantix.runs.publishing.staged import Staged
from semantix.runs.staging import MERGED, schema_of
from semantix.sinks.omop import SinkOptions
from semantix.sinks.omop.load import complete_references, load_vocabulary, select

KEYS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "concept": ("concept_id",),
        "vocabulary": ("vocabulary_id",),
        "domain": ("domain_id",),
        "concept_class": ("concept_class_id",),
        "source_to_concept_map": MERGED["source_to_concept_map"],
    }
)
REFERENCE_TABLES = tuple(KEYS)
_TOLD_BY: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "concept": ("concept",),
        "vocabulary": ("vocabulary", "concept"),
        "domain": ("concept",),
        "concept_class": ("concept",),
        "source_to_concept_map": ("source_to_concept_map",),
    }
)
"""The tables whose staged rows name the keys of another: any of these may be in a target."""


def contributions(connection: duckdb.DuckDBPyConnection, table: str, source: str) -> str:
    """What documents say of a table, with integers, as :func:`semantix.sinks.omop.load.select` takes it.

    Most of it is said by many in the same words: it is said once, by the first that is live, before anything is joined;
    ``semantix_order`` is NULL when none is.
    """
    names = ", ".join(f'"{name}"' for name in _staged_columns(table))
    order = f"min(received::HUGEINT * {1 << 31} + rank) FILTER (WHERE is_live) AS semantix_order"
    made = Resolution(table, used_keys(connection, table, source))
    is_open = "s.is_open" if table == "visit_occurrence" else "false"
    return (
        f"(SELECT {', '.join(made.columns)}, s.semantix_order, {is_open} AS semantix_open "
        f"FROM (SELECT {names}, {order} FROM {source} GROUP BY ALL) s {made.joins})"
    )


def _staged_columns(table: str) -> list[str]:
    return [name for name in schema_of(table).names if name not in {"document", "rank"}]


def complete(connection: duckdb.DuckDBPyConnection, staged: Staged, options: SinkOptions) -> None:
    """Make ``rows_<table>`` and ``gone_<table>`` of each of :data:`REFERENCE_TABLES`."""
    for table in REFERENCE_TABLES:
        connection.execute(SCHEMA[table].create())
    if options.vocabulary is not None:
        load_vocabulary(connection, options.vocabulary, REFERENCE_TABLES)
    for table in REFERENCE_TABLES:
        connection.execute(f"CREATE TEMP TABLE athena_{table} AS SELECT {_keys(table)} FROM {table}")
    for table in REFERENCE_TABLES:
        if table in MERGED:
            _say(connection, staged, table)
    complete_references(connection, options.vocabulary_release)
    for table in REFERENCE_TABLES:
        _part(connection, table)


def _say(connection: duckdb.DuckDBPyConnection, staged: Staged, table: str) -> None:
    source = staged.rows(table, "all")
    said = f"said_{table}"
    if source is None:
        order = "NULL::HUGEINT AS semantix_order, false AS semantix_open"
        connection.execute(f"CREATE TEMP TABLE {said} AS SELECT *, {order} FROM {table} WHERE false")
        return
    connection.execute(f"CREATE TEMP TABLE {said} AS FROM {contributions(connection, table, source)}")
    live = f"(FROM {said} WHERE semantix_order IS NOT NULL)"
    connection.execute(f"INSERT INTO {table} {select(SCHEMA[table], live)}")


def _part(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    """What is not of Athena: the rows that there are to be, and every key that there may have been."""
    keys = _keys(table)
    connection.execute(
        f"CREATE TABLE rows_{table} AS SELECT {names_of(table)} FROM {table} ANTI JOIN athena_{table} USING ({keys}) "
        f"ORDER BY {keys}"
    )
    told = " UNION ".join(f"SELECT {keys} FROM {each}" for each in (*_said(table), f"rows_{table}"))
    connection.execute(
        f"CREATE TABLE gone_{table} AS FROM ({told}) ANTI JOIN athena_{table} USING ({keys}) ORDER BY {keys}"
    )
    connection.execute(f"DROP TABLE {table}")


def _said(table: str) -> list[str]:
    return [f"said_{each}" for each in _TOLD_BY[table]]


def _keys(table: str) -> str:
    return ", ".join(KEYS[table])
