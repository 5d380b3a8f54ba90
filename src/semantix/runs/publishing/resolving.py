"""Staged rows with integers in the place of keys: the SQL of it.

A key without its integer is an error, never a NULL.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from semantix.emitters.omop import SCHEMA
from semantix.emitters.omop.schema import Field
from semantix.runs.publishing.staged import quoted
from semantix.runs.staging import SHARED, Column, columns_of

UNNUMBERED = "no number was given to"


def attach_numbers(connection: duckdb.DuckDBPyConnection, numbers: Path) -> None:
    """Make the relations ``of_<table>`` (key, id), one for each shared table."""
    connection.execute(f"ATTACH {quoted(numbers)} AS numbers (READ_ONLY)")
    for kind in SHARED:
        key = "decode(key)" if kind == "concept" else "key"
        connection.execute(
            f"CREATE TEMP VIEW of_{kind} AS SELECT {key} AS key, id FROM numbers.entity WHERE kind = {quoted(kind)}"
        )
    connection.execute(
        f"CREATE TEMP MACRO known(key, id, kind) AS CASE WHEN key IS NOT NULL AND id IS NULL "
        f"THEN error('{UNNUMBERED} a key of ' || kind) ELSE id END"
    )


def used_keys(connection: duckdb.DuckDBPyConnection, table: str, source: str) -> frozenset[str]:
    """The columns of local concepts and references that hold something: most are empty, and need no join."""
    names = [name for column in columns_of(table) if (name := _key_of(column))]
    if not names:
        return frozenset()
    counts = ", ".join(f'count("{name}")' for name in names)
    found = connection.execute(f"SELECT {counts} FROM {source}").fetchone()
    assert found is not None
    return frozenset(name for name, count in zip(names, found, strict=True) if count)


def _key_of(column: Column) -> str | None:
    if column.role == "concept":
        return f"{column.field.name}__key"
    return f"{column.field.name}__table" if column.role == "reference" else None


class Resolution:
    """The columns of a table with their integers, and the joins that bring these, from staged rows named ``s``.

    ``used`` are the columns of :func:`used_keys`; ``number`` is the expression of the primary key of an event.
    References need the relation ``blocks`` (document, omop_table, first).
    """

    def __init__(self, table: str, used: frozenset[str], number: str = "NULL") -> None:
        self._used = used
        self._number = number
        self._joins: list[str] = []
        self.columns = [f'{self._value(column)} AS "{column.field.name}"' for column in columns_of(table)]
        self.joins = " ".join(self._joins)

    def _value(self, column: Column) -> str:
        name = column.field.name
        if column.role == "block":
            return f"({self._number})::INTEGER"
        if column.role == "sealed":
            return self._joined(column.table, f's."{name}"')
        if column.role == "concept":
            if f"{name}__key" not in self._used:
                return f's."{name}"::INTEGER'
            local = self._joined("concept", f's."{name}__key"')
            return f'coalesce(s."{name}"::INTEGER, {local})'
        if column.role == "reference":
            return self._reference(name)
        return f's."{name}"::{_type_of(column.field)}'

    def _joined(self, kind: str, key: str) -> str:
        alias = f"j{len(self._joins)}"
        self._joins.append(f"LEFT JOIN of_{kind} {alias} ON {alias}.key = {key}")
        return f"known({key}, {alias}.id, {quoted(kind)})"

    def _reference(self, name: str) -> str:
        if f"{name}__table" not in self._used:
            return "NULL::INTEGER"
        alias = f"j{len(self._joins)}"
        self._joins.append(
            f'LEFT JOIN blocks {alias} ON {alias}.document = s.document AND {alias}.omop_table = s."{name}__table"'
        )
        return f'(known(s."{name}__table", {alias}.first, \'rows\') + s."{name}__rank")::INTEGER'


def _type_of(field: Field) -> str:
    # A length is checked where rows are written; DuckDB has none.
    return "VARCHAR" if field.length or field.kind == "text" else field.sql_type


def names_of(table: str) -> str:
    """The columns of a table in the order of the CDM, for a SELECT."""
    return ", ".join(f'"{name}"' for name in SCHEMA[table].columns)
