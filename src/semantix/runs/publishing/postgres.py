"""OMOP in a schema of a PostgreSQL server (psycopg 3, the optional extra ``postgres``): COPY, in one transaction.

The first publication creates the tables, fills them, then makes primary keys and indexes; later ones delete by key and
insert. The number of the publication is a row of METADATA, so it changes with the rows. Foreign keys are not enforced.
When persons are erased, the tables are written again once the rows are gone (VACUUM FULL): archives of the server's
log and its backups are for its administrator.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

import duckdb
import pyarrow as pa
import pyarrow.csv as pa_csv

from semantix.emitters.omop.schema import SCHEMA, Table
from semantix.errors import BadTarget
from semantix.quality.postgres import reason, safe_label
from semantix.runs.publishing.athena import quoted, read_vocabulary
from semantix.runs.publishing.delta import Delta
from semantix.runs.publishing.difference import MARKER
from semantix.runs.publishing.swap import explained

try:
    import psycopg
except ImportError:  # pragma: no cover  # the extra is not installed
    psycopg = None  # type: ignore[assignment]

_Session: TypeAlias = "psycopg.Connection[tuple[object, ...]]"
_ROWS = 16_384
_TEXTS = 1024
"""Rows sent together, and of notes, which may hold a whole letter each."""
_DUE = "semantix: to vacuum "
"""Begins the comment that tells which tables still have to be written again. It is on an index of the table of the
marker, where nobody else comments: a process killed after the transaction leaves word of what is due."""
_ALIVE: Mapping[str, int] = {
    "connect_timeout": 30,
    "keepalives_idle": 60,
    "keepalives_interval": 10,
    "keepalives_count": 6,
}
"""So that a server that is no more is told in minutes, not hours; what the URL says goes first."""
_INDEXED: Mapping[str, tuple[str, ...]] = {
    "concept": ("concept_code",),
    "concept_relationship": ("concept_id_1", "concept_id_2"),
    "concept_synonym": ("concept_id",),
    "concept_ancestor": ("ancestor_concept_id", "descendant_concept_id"),
    "source_to_concept_map": ("source_code",),
}
"""Columns with an index besides primary keys and persons. Source: OHDSI CommonDataModel 5.4, indices."""
_OPTIONS = pa_csv.WriteOptions(include_header=False, quoting_style="needed")
_RELATIONS = (
    "SELECT c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
    "WHERE n.nspname = %s AND c.relkind IN ('r', 'p', 'v', 'm', 'f') ORDER BY 1"
)


_READERS = (
    "SELECT pid, xact_start FROM pg_stat_activity WHERE backend_xmin IS NOT NULL AND pid <> pg_backend_pid() "
    "AND datname = current_database()"
)
"""Transactions that may see rows as they were."""
_TRIES, _PAUSE = 300, 0.2
"""How often they are looked for, and the seconds in between: a minute in all."""


class PostgresTarget:
    """The tables of the CDM in one schema. ``scratch`` is where a vocabulary waits while it is copied.

    ``url`` may hold a password, which no error quotes.
    """

    def __init__(self, url: str, schema: str, scratch: Path | None = None) -> None:
        self._url = url
        self._schema = schema
        self._scratch = scratch
        self._label = f"{safe_label(url)}, schema {schema}"
        self._doing = "opening"

    def marker(self) -> int:
        """The number of the publication that it holds, 0 for none. Raises BadTarget: not ours, or not reachable.

        Tables of which a killed process removed persons without writing them again are written again now.
        """
        with self._session() as session:
            number = self._held(session)
            if number:
                self._vacuum(session)
            return number

    def apply(self, delta: Delta) -> None:
        """Take a difference in one transaction. Raises BadTarget; may be called again."""
        with explained(self._label), self._session() as session:
            with session.transaction():
                self._lock(session)
                held = self._held(session)
                if held != delta.number:
                    self._take(session, delta, held)
            self._vacuum(session)

    @contextmanager
    def _session(self) -> Iterator[_Session]:
        if psycopg is None:
            raise BadTarget("PostgreSQL needs psycopg, which is not installed: pip install 'semantix[postgres]'")
        self._doing = "opening"
        try:
            told = {**_ALIVE, **psycopg.conninfo.conninfo_to_dict(self._url), "client_encoding": "utf8"}
            session = psycopg.connect("", autocommit=True, **told)  # type: ignore[arg-type]  # any parameter of libpq
        except psycopg.Error as error:
            words = reason(error, self._url) if "://" in self._url else type(error).__name__
            raise BadTarget(f"{self._label}: no connection: {words}") from None
        try:
            yield session
        except psycopg.Error as error:
            raise self._refused(error, is_lost=bool(session.closed)) from None
        finally:
            session.close()

    def _refused(self, error: psycopg.Error, *, is_lost: bool) -> BadTarget:
        """What went wrong, without what the server says of it: that may quote a value."""
        if is_lost:
            return BadTarget(
                f"{self._label}: connection lost ({self._doing}); a publication is there whole or not at all: run again"
            )
        words = f"{self._doing}: refused by the server ({type(error).__name__}, SQLSTATE {error.sqlstate or 'unknown'})"
        return BadTarget(f"{self._label}: {words}; a publication is there whole or not at all")

    def _name(self, relation: str) -> str:
        return f"{_quoted(self._schema)}.{_quoted(relation)}"

    def _lock(self, session: _Session) -> None:
        """Wait for nobody: two runs on one schema are a mistake."""
        query = b"SELECT pg_try_advisory_xact_lock(hashtextextended('semantix ' || %s, 0))"
        if session.execute(query, [self._schema]).fetchall() != [(True,)]:
            raise BadTarget(f"{self._label}: another run publishes there; wait for its end")

    def _held(self, session: _Session) -> int:
        """The number of the publication. Raises BadTarget when the schema holds something else."""
        found = [str(name) for (name,) in session.execute(_RELATIONS.encode(), [self._schema]).fetchall()]
        if not found:
            return 0
        foreign = f"{self._label}: holds tables that no run wrote ({found[0]}); choose another schema"
        if not set(SCHEMA) <= set(found):
            raise BadTarget(foreign)
        query = f"SELECT value_as_number FROM {self._name('metadata')} WHERE name = %s"
        try:
            rows = session.execute(query.encode(), [MARKER]).fetchall()
        except psycopg.errors.UndefinedColumn:
            raise BadTarget(foreign) from None
        if len(rows) != 1 or not isinstance(rows[0][0], float):
            raise BadTarget(foreign)
        return int(rows[0][0])

    def _take(self, session: _Session, delta: Delta, held: int) -> None:
        if held != (0 if delta.is_full else delta.number - 1):
            words = f"holds publication {held}, it cannot take {delta.number}"
            raise BadTarget(f"{self._label}: {words}; drop the schema, and it is written whole again")
        # Whatever was last asked of the connection is done with.
        delta.connection.execute("SELECT 1").fetchall()
        if delta.is_full:
            self._fill(session, delta)
        else:
            self._change(session, delta)
        self._doing = "metadata"
        assert self._held(session) == delta.number

    def _fill(self, session: _Session, delta: Delta) -> None:
        encoding = session.info.parameter_status("server_encoding")
        if encoding != "UTF8":
            words = f"the encoding of the database is {encoding}, UTF8 was expected"
            raise BadTarget(f"{self._label}: {words}; create the database with ENCODING 'UTF8'")
        session.execute(f"CREATE SCHEMA IF NOT EXISTS {_quoted(self._schema)}".encode())
        for table in SCHEMA.values():
            session.execute(table.create(self._name(table.name)).replace(" DOUBLE", " DOUBLE PRECISION").encode())
        with tempfile.TemporaryDirectory(prefix="semantix-postgres-", dir=self._scratch) as scratch:
            for name, path in read_vocabulary(delta.vocabulary, Path(scratch)).items():
                self._insert(session, delta, name, f"read_parquet({quoted(path)})")
        for name in delta.tables:
            self._insert(session, delta, name, f"rows_{name}")
        for table in SCHEMA.values():
            self._index(session, table)

    def _index(self, session: _Session, table: Table) -> None:
        self._doing = f"indexes of {table.name}"
        name = self._name(table.name)
        if table.key:
            constraint = _quoted(_key_of(table.name))
            session.execute(f"ALTER TABLE {name} ADD CONSTRAINT {constraint} PRIMARY KEY ({table.key})".encode())
        persons = ("person_id",) if "person_id" in table.columns and table.key != "person_id" else ()
        for column in (*persons, *_INDEXED.get(table.name, ())):
            session.execute(f"CREATE INDEX {_quoted(f'idx_{table.name}_{column}')} ON {name} ({column})".encode())
        session.execute(f"ANALYZE {name}".encode())

    def _change(self, session: _Session, delta: Delta) -> None:
        touched = [name for name in delta.tables if self._delete(session, delta, name)]
        for name in delta.tables:
            self._insert(session, delta, name, f"rows_{name}")
        if delta.erased:
            due = _DUE + " ".join(sorted({*touched, *self._due(session)}))
            session.execute(f"COMMENT ON INDEX {self._name(_key_of('metadata'))} IS '{due}'".encode())

    def _delete(self, session: _Session, delta: Delta, name: str) -> int:
        """Delete the rows of a table whose keys are told, and count them."""
        self._doing = f"removing from {name}"
        gone = f"gone_{name}"
        [(count,)] = delta.connection.execute(f"SELECT count(*) FROM {gone}").fetchall()
        if not count:
            return 0
        keys = [field for field in SCHEMA[name].fields if field.name in delta.keys[name]]
        columns = ", ".join(f'"{field.name}"' for field in keys)
        temporary = f"pg_temp.{_quoted(gone)}"
        session.execute(
            f"CREATE TEMPORARY TABLE {_quoted(gone)} ON COMMIT DROP AS "
            f"SELECT {columns} FROM {self._name(name)} WHERE false".encode()
        )
        rows = delta.connection.sql(f"SELECT {columns} FROM {gone}")
        _copy(session, f"COPY {temporary} ({columns}) FROM STDIN (FORMAT csv)", rows, _ROWS)
        session.execute(f"ANALYZE {temporary}".encode())
        # Only "=" lets the server join by hashes.
        same = " AND ".join(
            f't."{field.name}" {"=" if field.required else "IS NOT DISTINCT FROM"} g."{field.name}"' for field in keys
        )
        return session.execute(f"DELETE FROM {self._name(name)} t USING {temporary} g WHERE {same}".encode()).rowcount

    def _insert(self, session: _Session, delta: Delta, name: str, source: str) -> None:
        self._doing = f"filling {name}"
        fields = SCHEMA[name].fields
        columns = ", ".join(f'"{field.name}"' for field in fields)
        # The one character of Unicode that PostgreSQL has no place for.
        said = (f"replace(\"{f.name}\", chr(0), '\ufffd')" if f.sql_type[0] == "V" else f'"{f.name}"' for f in fields)
        rows = delta.connection.sql(f"SELECT {', '.join(said)} FROM {source}")
        # A table that nobody else has seen yet needs no second writing of its rows to freeze them.
        freeze = ", FREEZE" if delta.is_full else ""
        statement = f"COPY {self._name(name)} ({columns}) FROM STDIN (FORMAT csv{freeze})"
        _copy(session, statement, rows, _TEXTS if name == "note" else _ROWS)

    def _due(self, session: _Session) -> list[str]:
        query = b"SELECT obj_description(to_regclass(%s), 'pg_class')"
        [(comment,)] = session.execute(query, [self._name(_key_of("metadata"))]).fetchall()
        words = str(comment or "")
        return [name for name in words.removeprefix(_DUE).split() if words.startswith(_DUE) and name in SCHEMA]

    def _vacuum(self, session: _Session) -> None:
        """Write the tables again from which persons were erased, so that neither files nor statistics hold them."""
        due = self._due(session)
        if not due:
            return
        self._outlast_readers(session)
        for name in due:
            self._doing = f"writing {name} again after an erasure; removed rows may still be in its files"
            session.execute(f"VACUUM (FULL, ANALYZE) {self._name(name)}".encode())
        session.execute(f"COMMENT ON INDEX {self._name(_key_of('metadata'))} IS NULL".encode())

    def _outlast_readers(self, session: _Session) -> None:
        """Wait for transactions that began before: rows that they may still see are written again with the others.

        Raises BadTarget when they do not end; what is due stays noted.
        """
        before = set(session.execute(_READERS).fetchall())
        for _ in range(_TRIES):
            before &= set(session.execute(_READERS).fetchall())
            if not before:
                return
            time.sleep(_PAUSE)
        raise BadTarget(
            f"{self._label}: {len(before)} sessions still see rows of erased persons, which stay in its files until "
            "they end; end them, then semantix run resume"
        )


def _copy(session: _Session, statement: str, rows: duckdb.DuckDBPyRelation, size: int) -> None:
    """Send rows, some thousands at a time."""
    with (
        session.cursor() as cursor,
        cursor.copy(statement.encode()) as copied,
        rows.to_arrow_reader(size) as reader,
    ):
        for batch in reader:
            sink = pa.BufferOutputStream()
            pa_csv.write_csv(batch, sink, _OPTIONS)
            copied.write(memoryview(sink.getvalue()))


def _key_of(table: str) -> str:
    return f"xpk_{table}"


def _quoted(name: str) -> str:
    words = name.replace('"', '""')
    return f'"{words}"'
