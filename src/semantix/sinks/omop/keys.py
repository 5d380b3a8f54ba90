"""The registry of surrogate keys: which source key has which integer, kept outside the OMOP database.

It is the one table that links OMOP back to people: a file of its own, readable by its owner only, to be guarded
apart. Integers are given in order of first sight, never computed from an identifier. The same registry gives the
same integers when the same documents are loaded again.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

_SCHEMA = """
CREATE TABLE IF NOT EXISTS entity (kind TEXT, source_key TEXT, id INTEGER, PRIMARY KEY (kind, source_key))
    WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS next (kind TEXT PRIMARY KEY, id INTEGER) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS document (id INTEGER PRIMARY KEY, document_key TEXT, sha256 TEXT, name TEXT,
    UNIQUE (document_key, sha256));
CREATE TABLE IF NOT EXISTS block (document_id INTEGER, omop_table TEXT, first INTEGER, size INTEGER,
    PRIMARY KEY (document_id, omop_table)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS fact (omop_table TEXT, id INTEGER, document_id INTEGER, xpath TEXT, imputed TEXT,
    PRIMARY KEY (omop_table, id)) WITHOUT ROWID;
"""
_CACHED = 100_000
PATIENCE = 1.0
"""Seconds to wait for another run that holds the file."""


class KeyRegistry:
    """An SQLite file; ``None`` keeps it in memory, for a target that nobody will load again."""

    def __init__(self, path: Path | None) -> None:
        """Open it for this run alone. Raises OSError, and sqlite3.Error when it is damaged or in use."""
        if path is not None:
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
            path.chmod(0o600)
        self._db = sqlite3.connect(path or ":memory:", isolation_level=None, timeout=PATIENCE)
        self._is_open = True
        try:
            self._db.execute("PRAGMA synchronous=NORMAL")
            self._db.execute("BEGIN IMMEDIATE")
            for statement in filter(str.strip, _SCHEMA.split(";")):
                self._db.execute(statement)
            self._next: dict[str, int] = dict(self._db.execute("SELECT kind, id FROM next"))
        except sqlite3.Error:
            self.abandon()
            raise
        self._known: dict[tuple[str, str], int] = {}

    def entity(self, kind: str, source_key: str, base: int = 1) -> int:
        """The integer of something that several documents share."""
        known = self._known
        found = known.get((kind, source_key))
        if found is None:
            if len(known) >= _CACHED:
                known.clear()
            found = known[kind, source_key] = self._entity(kind, source_key, base)
        return found

    def _entity(self, kind: str, source_key: str, base: int) -> int:
        query = "SELECT id FROM entity WHERE kind = ? AND source_key = ?"
        row = self._db.execute(query, (kind, source_key)).fetchone()
        if row:
            return int(row[0])
        value = self._take(kind, 1, base)
        self._db.execute("INSERT INTO entity VALUES (?, ?, ?)", (kind, source_key, value))
        return value

    def document(self, key: str, sha256: str, name: str) -> int:
        """The integer of one version of one document."""
        query = "SELECT id FROM document WHERE document_key = ? AND sha256 = ?"
        row = self._db.execute(query, (key, sha256)).fetchone()
        if row:
            return int(row[0])
        values = (key, sha256, name)
        cursor = self._db.execute("INSERT INTO document (document_key, sha256, name) VALUES (?, ?, ?)", values)
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def block(self, document: int, table: str, size: int) -> int:
        """The first key of the document's rows in a table: as given before, if the document still has as many rows."""
        query = "SELECT first, size FROM block WHERE document_id = ? AND omop_table = ?"
        row = self._db.execute(query, (document, table)).fetchone()
        if row and row[1] == size:
            return int(row[0])
        first = self._take(table, size, 1)
        self._db.execute("INSERT OR REPLACE INTO block VALUES (?, ?, ?, ?)", (document, table, first, size))
        return first

    def facts(self, table: str, first: int, document: int, trace: Iterable[tuple[str, str | None]]) -> None:
        """Where each row comes from."""
        rows = ((table, first + i, document, path, imputed) for i, (path, imputed) in enumerate(trace))
        self._db.executemany("INSERT OR REPLACE INTO fact VALUES (?, ?, ?, ?, ?)", rows)

    def _take(self, kind: str, size: int, base: int) -> int:
        first = self._next.get(kind, base)
        self._next[kind] = first + size
        return first

    def close(self) -> None:
        """Write everything."""
        self._db.executemany("INSERT OR REPLACE INTO next VALUES (?, ?)", self._next.items())
        self._db.execute("COMMIT")
        self._is_open = False
        self._db.close()

    def abandon(self) -> None:
        """Forget what this run added; nothing to do once it is closed."""
        if not self._is_open:
            return
        self._is_open = False
        with suppress(sqlite3.Error):
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
        with suppress(sqlite3.Error):
            self._db.close()
