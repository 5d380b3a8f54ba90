"""Databases to check, opened for reading only: a DuckDB file, or a PostgreSQL server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import duckdb
from msgspec import Struct

from semantix.emitters.omop.schema import SCHEMA
from semantix.errors import BadDatabase
from semantix.io import shown
from semantix.quality.names import VOCABULARY, Names, Relation, literal, relations_of
from semantix.quality.postgres import open_postgres

Cells = tuple[object, ...]
URLS = ("postgresql://", "postgres://")
_CATALOG = (
    "SELECT table_name, column_name, data_type FROM information_schema.columns "
    "WHERE table_catalog = current_database() AND table_schema = {schema} ORDER BY table_name, ordinal_position"
)
_SCHEMAS = (
    "SELECT DISTINCT table_schema FROM information_schema.tables WHERE table_catalog = current_database() ORDER BY 1"
)


class QueryFailed(Exception):
    """A query that the database refused. The words name the kind of error, never a value."""


class Connection(Protocol):
    """What the checks need of a database."""

    @property
    def engine(self) -> str:
        """Name and version of the engine."""
        ...

    @property
    def label(self) -> str:
        """The database in words, without a password."""
        ...

    def rows(self, sql: str) -> list[Cells]:
        """Run a query. Raises QueryFailed."""
        ...

    def catalog(self, schema: str) -> list[tuple[str, str, str]]:
        """List (table, column, type) of a schema."""
        ...

    def schemas(self) -> list[str]:
        """List the schemas that have a table."""
        ...


class Database(Struct, frozen=True):
    """A connection, the schemas in use and what they hold."""

    connection: Connection
    schema: str
    vocabulary_schema: str
    names: Names


@contextmanager
def open_database(target: str, schema: str = "", vocabulary_schema: str = "") -> Iterator[Database]:
    """Open a DuckDB file or a ``postgresql://`` URL for reading. Raises BadDatabase."""
    opened = open_postgres(target, QueryFailed) if target.startswith(URLS) else _open_duckdb(Path(target))
    with opened as connection:
        try:
            yield database_of(connection, schema, vocabulary_schema)
        except QueryFailed as error:
            raise BadDatabase(f"{connection.label}: the tables cannot be listed ({error})") from None


def database_of(connection: Connection, schema: str, vocabulary_schema: str) -> Database:
    """Look up what a connection holds. Raises BadDatabase if there is no table of the CDM."""
    schema = schema or str(connection.rows("SELECT current_schema()")[0][0] or "public")
    relations = _relations(connection, schema)
    if not relations.keys() & SCHEMA.keys():
        raise BadDatabase(f"{connection.label}: no table of the OMOP CDM in the schema {schema}; name it with --schema")
    if vocabulary_schema and vocabulary_schema != schema:
        found = _relations(connection, vocabulary_schema)
        relations |= {name: found[name] for name in VOCABULARY if name in found}
    filled = frozenset(name for name in VOCABULARY if name in relations and _has_rows(connection, relations[name].sql))
    return Database(connection, schema, vocabulary_schema or schema, Names(relations, filled))


def _relations(connection: Connection, schema: str) -> dict[str, Relation]:
    relations = relations_of(schema, connection.catalog(schema))
    if not relations:
        known = ", ".join(connection.schemas()) or "none"
        raise BadDatabase(f"{connection.label}: no table in the schema {schema}; schemas with tables: {known}")
    return relations


def _has_rows(connection: Connection, table: str) -> bool:
    try:
        return bool(connection.rows(f"SELECT 1 FROM {table} LIMIT 1"))
    except QueryFailed:
        return False


class DuckConnection(Struct, frozen=True):
    """A DuckDB file."""

    label: str
    session: duckdb.DuckDBPyConnection

    @property
    def engine(self) -> str:
        """Name and version of the engine."""
        return f"DuckDB {duckdb.__version__}"

    def rows(self, sql: str) -> list[Cells]:
        """Run a query. Raises QueryFailed."""
        try:
            return self.session.execute(sql).fetchall()
        except duckdb.InterruptException:
            raise KeyboardInterrupt from None
        except (duckdb.IOException, duckdb.OutOfMemoryException) as error:
            raise BadDatabase(f"{self.label}: reading it failed ({type(error).__name__})") from None
        except duckdb.Error as error:
            raise QueryFailed(type(error).__name__) from None

    def catalog(self, schema: str) -> list[tuple[str, str, str]]:
        """List (table, column, type) of a schema."""
        return [(str(t), str(c), str(k)) for t, c, k in self.rows(_CATALOG.format(schema=literal(schema)))]

    def schemas(self) -> list[str]:
        """List the schemas that have a table."""
        return [str(row[0]) for row in self.rows(_SCHEMAS)]


@contextmanager
def _open_duckdb(path: Path) -> Iterator[Connection]:
    name = shown(path)
    if not path.is_file():
        raise BadDatabase(f"{name}: no such file; give a DuckDB file, or a URL postgresql://user@host/database")
    try:
        session = duckdb.connect(str(path), read_only=True)
    except duckdb.Error as error:
        words = "not a DuckDB database of this version, or another program is writing it"
        raise BadDatabase(f"{name}: {words} ({type(error).__name__})") from None
    try:
        yield DuckConnection(name, session)
    finally:
        session.close()
