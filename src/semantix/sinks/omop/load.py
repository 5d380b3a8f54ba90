"""Staged rows to CDM tables in DuckDB: one row for what several documents said, observation periods joined."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType

import duckdb

from semantix.emitters.omop.concepts import STRUCTURAL
from semantix.emitters.omop.schema import SCHEMA, VOCABULARY_TABLES, Table
from semantix.emitters.omop.tables.sources import FIRST_DAY, LAST_DAY
from semantix.errors import BadVocabulary
from semantix.io import shown
from semantix.sinks.omop.staging import NULL

ONE_ROW: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "location": ("location_id",),
        "care_site": ("care_site_id",),
        "provider": ("provider_id",),
        "person": ("person_id",),
        "visit_occurrence": ("visit_occurrence_id",),
        "observation_period": ("person_id",),
        "death": ("person_id",),
        "concept": ("concept_id",),
        "vocabulary": ("vocabulary_id",),
        "source_to_concept_map": ("source_vocabulary_id", "source_code", "target_concept_id"),
    }
)
"""Tables of which many documents give a row: one is kept for each value of these columns."""
_PART = re.compile(r"(_source)?_concept_id$|_source_value$|_date(time)?$|^\w+_of_(?=birth$)")
"""What tells apart the columns that say one thing, such as a code and its concept: they come from one same row."""
_BIRTH = "make_date(year_of_birth, coalesce(month_of_birth, 1), coalesce(day_of_birth, 1))"


def create(connection: duckdb.DuckDBPyConnection) -> None:
    """Every table of the CDM, empty."""
    for table in SCHEMA.values():
        connection.execute(table.create())


def load(connection: duckdb.DuckDBPyConnection, staged: Path) -> None:
    """Fill the tables from the staging folder, persons after their periods: an event may tell which birth is right."""
    for table in reversed(tuple(SCHEMA.values())):
        path = staged / f"{table.name}.csv"
        if path.exists():
            connection.execute(_insert(table), [str(path)])


def load_vocabulary(
    connection: duckdb.DuckDBPyConnection, folder: Path, tables: Iterable[str] = VOCABULARY_TABLES
) -> None:
    """Copy the tables of an Athena folder that are there; done before :func:`load`, so that local rows come after."""
    for name in tables:
        path = folder / f"{name.upper()}.csv"
        if path.exists():
            _copy(connection, name, path)


def _copy(connection: duckdb.DuckDBPyConnection, name: str, path: Path) -> None:
    columns = ", ".join(_athena(f.name, f.sql_type) for f in SCHEMA[name].fields)
    try:
        connection.execute(
            f"INSERT INTO {name} SELECT {columns} FROM read_csv(?, delim='\t', header=true, quote='', escape='', "
            "all_varchar=true, nullstr='')",
            [str(path)],
        )
    except duckdb.Error as error:
        if isinstance(error, duckdb.IOException | duckdb.OutOfMemoryException):
            raise
        words = "not readable as an Athena table; download the vocabularies again"
        raise BadVocabulary(f"{shown(path)}: {words} ({type(error).__name__})") from error


def complete_references(connection: duckdb.DuckDBPyConnection, release: str | None = None) -> None:
    """Add what rows name and no vocabulary brought: structural concepts, domains, classes, vocabularies.

    ``None`` is OMOP's own identifier of its standardized vocabularies, which a map without target names.
    """
    connection.executemany(
        f"INSERT INTO concept SELECT ?, ?, ?, ?, ?, ?, ?, '{FIRST_DAY}', '{LAST_DAY}', NULL "
        "WHERE NOT EXISTS (FROM concept WHERE concept_id = ?)",
        [(*row, row[0]) for row in STRUCTURAL],
    )
    connection.execute(
        "UPDATE source_to_concept_map SET target_vocabulary_id = concept.vocabulary_id FROM concept "
        "WHERE target_concept_id <> 0 AND concept.concept_id = target_concept_id"
    )
    connection.execute(
        "INSERT INTO vocabulary SELECT 'None', 'OMOP Standardized Vocabularies', 'OMOP generated', ?, 0 "
        "WHERE NOT EXISTS (FROM vocabulary WHERE vocabulary_id = 'None')",
        [release],
    )
    connection.execute(
        "INSERT INTO vocabulary SELECT DISTINCT vocabulary_id, vocabulary_id, 'OHDSI', NULL, 0 FROM concept "
        "WHERE vocabulary_id NOT IN (SELECT vocabulary_id FROM vocabulary) ORDER BY 1"
    )
    for table, column in (("domain", "domain_id"), ("concept_class", "concept_class_id")):
        connection.execute(
            f"INSERT INTO {table} SELECT DISTINCT {column}, {column}, 0 FROM concept "
            f"WHERE {column} NOT IN (SELECT {column} FROM {table}) ORDER BY 1"
        )


def _athena(name: str, sql_type: str) -> str:
    if sql_type == "DATE":
        return f"strptime(\"{name}\", '%Y%m%d')::DATE"
    return f'CAST("{name}" AS {sql_type})'


def _insert(table: Table) -> str:
    return f"INSERT INTO {table.name} {select(table, _source(table))}"


def _source(table: Table) -> str:
    columns = ", ".join(f"'{f.name}': '{f.sql_type}'" for f in table.fields)
    return (
        f"read_csv(?, delim=',', quote='\"', escape='\"', header=false, auto_detect=false, nullstr='{NULL}', "
        f"new_line='\\r\\n', columns={{{columns}, 'semantix_order': 'BIGINT', 'semantix_open': 'BOOLEAN'}}, "
        "max_line_size=100000000)"
    )


def select(table: Table, source: str) -> str:
    """The rows of a table from what documents say of it, merged where several say the same thing.

    ``source`` is a relation of the columns of the table, of ``semantix_order``, which tells what was said first, and of
    ``semantix_open``, whether the end of a stay was made up. For persons, OBSERVATION_PERIOD is filled already; for
    concepts and vocabularies, what the tables hold already is not repeated.
    """
    keys = ONE_ROW.get(table.name)
    names = ", ".join(f'"{c}"' for c in table.columns)
    if keys is None:
        return f"SELECT {names} FROM {source} ORDER BY {table.key or 'ALL'}"
    if table.name == "person":
        source += " LEFT JOIN observation_period USING (person_id)"
    groups: dict[str, list[str]] = {}
    for column in table.columns:
        if column not in keys:
            groups.setdefault(_PART.sub("", column), []).append(column)
    chosen = [f'{_choose(columns)} AS "{name}"' for name, columns in groups.items()]
    by = ", ".join(keys)
    merged = f"SELECT {', '.join([by, *chosen])} FROM {source} GROUP BY {by}"
    if table.name in {"vocabulary", "concept"}:
        merged += f" HAVING {by} NOT IN (SELECT {by} FROM {table.name})"
    of = {column: f'"{name}"."{column}"' for name, columns in groups.items() for column in columns}
    if table.key and table.key not in keys:
        # One row a person: its number is the person's, the same on every load.
        of[table.key] = by
    columns = ", ".join(f'{of.get(c, c)} AS "{c}"' for c in table.columns)
    return f"SELECT {columns} FROM ({merged}) ORDER BY {by}"


def _choose(columns: list[str]) -> str:
    """How several documents become one value: the first known; the earliest start, the latest end, the likeliest birth.

    An end that a document tells goes before one that was made up, however late: a stay is over when somebody says so.
    A whole birth is better than a part of one, the earliest better than a later one, unless an event comes before it.
    """
    first = next((c for c in columns if c.endswith("_source_value")), columns[0])
    order = f'"{first}" IS NULL'
    if first.endswith(("_start_date", "_end_date")):
        direction = "DESC" if first.endswith("_end_date") else "ASC"
        order = ", ".join(f'"{c}" {direction} NULLS LAST' for c in columns)
        if direction == "DESC":
            order = f"semantix_open, {order}"
    elif "birth_datetime" in columns:
        midnight = "birth_datetime::TIMESTAMP::TIME = TIME '00:00:00'"
        order = f"{_BIRTH} > observation_period_start_date, day_of_birth IS NULL, {_BIRTH}, {midnight}"
    values = ", ".join(f"'{c}': \"{c}\"" for c in columns)
    return f"first({{{values}}} ORDER BY {order}, semantix_order)"
