"""An OMOP CDM kept in a DuckDB file: each publication is one transaction, or one new file in the place of the old."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb

from semantix.emitters.omop.schema import SCHEMA
from semantix.errors import BadTarget
from semantix.io import shown
from semantix.runs.publishing.delta import Delta
from semantix.runs.publishing.difference import MARKER
from semantix.runs.publishing.staged import quoted, told
from semantix.sinks.omop.load import load_vocabulary


class DuckdbTarget:
    """The file at ``path``; killed at any moment, it holds the publication before or the new one, whole."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def marker(self) -> int:
        """The number of the publication that it holds, 0 for none. Raises BadTarget: not ours, or not readable."""
        if self.path.is_dir():
            raise BadTarget(f"{shown(self.path)}: is a folder; the database is one file, give its name")
        if not self.path.exists():
            return 0
        with told(self.path), duckdb.connect(str(self.path), read_only=True) as connection:
            try:
                found = connection.execute(f"SELECT value_as_number FROM metadata WHERE name = {quoted(MARKER)}")
            except (duckdb.CatalogException, duckdb.BinderException):
                row = None
            else:
                row = found.fetchone()
        if row is None or row[0] is None:
            words = "is a database that no warehouse run wrote; choose another target, or move it away"
            raise BadTarget(f"{shown(self.path)}: {words}")
        return int(row[0])

    def apply(self, delta: Delta) -> None:
        """Take a difference whole or not at all; what it holds already is passed over. Raises BadTarget."""
        held = self.marker()
        if held == delta.number:
            return
        if not delta.is_full and held != delta.number - 1:
            raise BadTarget(
                f"{shown(self.path)}: holds publication {held}, the difference is to {delta.number - 1}; "
                "it is to be built again from nothing (move it away and resume)"
            )
        with told(self.path):
            if delta.is_full or delta.erased:
                self._rebuild(delta, is_there=held > 0)
            else:
                with _attached(delta.connection, self.path):
                    _change(delta)

    def _rebuild(self, delta: Delta, *, is_there: bool) -> None:
        """Write a new file, so that nothing of removed rows stays, and rename it."""
        path, part = self.path, self.path.with_name(f".{self.path.name}.part")
        path.parent.mkdir(parents=True, exist_ok=True)
        _forget(part)
        try:
            with _attached(delta.connection, part):
                for name, table in SCHEMA.items():
                    delta.connection.execute(table.create(f"target.{name}"))
                if delta.is_full:
                    _load_vocabulary(delta)
                else:
                    with _attached(delta.connection, path, "former"):
                        _copy(delta)
                _insert(delta)
            if is_there:
                _fold(path)
            _sync(part)
            part.replace(path)
            _sync(path.parent)
        finally:
            _forget(part)


def _change(delta: Delta) -> None:
    connection = delta.connection
    connection.execute("BEGIN")
    try:
        for table in delta.tables:
            connection.execute(f"DELETE FROM target.{table} WHERE {_is_gone(delta, table)}")
        _insert(delta)
    except BaseException:
        with suppress(duckdb.Error):
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
    connection.execute("CHECKPOINT target")


def _copy(delta: Delta) -> None:
    for table in SCHEMA:
        left = f"WHERE NOT coalesce({_is_gone(delta, table)}, false)" if table in delta.tables else ""
        delta.connection.execute(f"INSERT INTO target.{table} FROM former.{table} {left}")


def _insert(delta: Delta) -> None:
    for table in delta.tables:
        delta.connection.execute(f"INSERT INTO target.{table} FROM rows_{table}")


def _is_gone(delta: Delta, table: str) -> str:
    keys = ", ".join(f'"{key}"' for key in delta.keys[table])
    return f"({keys}) IN (SELECT ({keys}) FROM gone_{table})"


def _load_vocabulary(delta: Delta) -> None:
    if delta.vocabulary is None:
        return
    connection = delta.connection
    row = connection.execute("SELECT current_database()").fetchone()
    assert row is not None
    connection.execute("USE target")
    try:
        load_vocabulary(connection, delta.vocabulary)
    finally:
        connection.execute(f'USE "{row[0]}"')


@contextmanager
def _attached(connection: duckdb.DuckDBPyConnection, path: Path, name: str = "target") -> Iterator[None]:
    connection.execute(f"ATTACH {quoted(path)} AS {name}")
    try:
        yield
    except BaseException:
        with suppress(duckdb.Error):
            connection.execute(f"DETACH {name}")
        raise
    connection.execute(f"DETACH {name}")


def _fold(path: Path) -> None:
    """Leave no log beside the old file, which the new one would be read with."""
    with duckdb.connect(str(path)) as connection:
        connection.execute("CHECKPOINT")


def _forget(part: Path) -> None:
    part.unlink(missing_ok=True)
    part.with_name(f"{part.name}.wal").unlink(missing_ok=True)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
