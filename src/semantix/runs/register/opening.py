"""Opening a register, alone; the transactions of a run."""

from __future__ import annotations

import errno
import fcntl
import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec

from semantix.errors import BadPlan, BadTarget
from semantix.io import shown
from semantix.runs.register import journal, schema
from semantix.runs.register.records import Run, RunState

FILE, LOCK = "register.sqlite", "lock"
_REFUSED = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS})
"""What a disk refuses; any other error of the system is a bug, or was told before."""


class Register:
    """The register of one state folder; nobody else writes to it while it is open for writing."""

    def __init__(self, state: Path, connection: sqlite3.Connection, lock: int | None) -> None:
        self.state = state
        self.connection = connection
        self._lock = lock

    @classmethod
    def open(cls, state: Path, *, write: bool = True) -> Self:
        """Open it, made at first. Raises BadPlan when another run is at work, or when it is not a register."""
        if not write and not (state / FILE).exists():
            raise BadPlan(f"{shown(state)}: no run was made there; start one with semantix run PLAN.yaml")
        lock = None
        try:
            if write:
                state.mkdir(parents=True, exist_ok=True, mode=0o700)
                lock = _locked(state)
                os.close(os.open(state / FILE, os.O_CREAT | os.O_RDWR, 0o600))
            connection = _connect(state / FILE, write=write)
        except (OSError, sqlite3.OperationalError) as error:
            _unlock(lock)
            raise BadPlan(f"{shown(state)}: cannot be used: {_words_of(error)}") from error
        except sqlite3.Error as error:
            _unlock(lock)
            words = "is not the register of a warehouse, or is damaged; restore it from a copy"
            raise BadPlan(f"{shown(state / FILE)}: {words} ({type(error).__name__})") from error
        except BaseException:
            # Interrupted, or refused in words already.
            _unlock(lock)
            raise
        return cls(state, connection, lock)

    def close(self) -> None:
        """Let others in."""
        self.connection.close()
        _unlock(self._lock)
        self._lock = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
        if isinstance(error, sqlite3.OperationalError) or (isinstance(error, OSError) and error.errno in _REFUSED):
            words = f"cannot be written: {_words_of(error)}; make room, then semantix run resume"
            raise BadTarget(f"{shown(self.state)}: {words}") from error

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All of it or nothing, on disk when it ends."""
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield self.connection
        except BaseException:
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")
            raise
        self.connection.execute("COMMIT")

    # --- what it is about -------------------------------------------------------------------------------------------

    def about(self, name: str) -> str | None:
        """Something noted once for the whole warehouse, such as the fingerprint of its key."""
        row = self.connection.execute("SELECT value FROM about WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else None

    def note(self, name: str, value: str) -> None:
        """Note something for the whole warehouse."""
        self.connection.execute("INSERT OR REPLACE INTO about VALUES (?, ?)", (name, value))

    def basis(self, parts: Mapping[str, str]) -> int:
        """The number of a set of versions, given at first."""
        body = msgspec.json.encode(dict(parts), order="sorted").decode()
        self.connection.execute("INSERT OR IGNORE INTO basis (body) VALUES (?)", (body,))
        row = self.connection.execute("SELECT id FROM basis WHERE body = ?", (body,)).fetchone()
        return int(row[0])

    def basis_parts(self, number: int) -> dict[str, str]:
        """The versions of a basis."""
        row = self.connection.execute("SELECT body FROM basis WHERE id = ?", (number,)).fetchone()
        found: dict[str, str] = msgspec.json.decode(row[0], type=dict[str, str]) if row else {}
        return found

    # --- runs -------------------------------------------------------------------------------------------------------

    def runs(self) -> list[Run]:
        """Every run, in order."""
        rows = self.connection.execute("SELECT id, kind, state, basis, target FROM run ORDER BY id")
        return [Run(i, kind, RunState(state), basis, target or 0) for i, kind, state, basis, target in rows]

    def unfinished(self) -> Run | None:
        """The run that was stopped before its end, if there is one."""
        return next((run for run in self.runs() if run.state not in {RunState.DONE, RunState.UNDONE}), None)

    def begin(self, kind: str, basis: int, target: int = 0) -> int:
        """Write down a run; inside a transaction."""
        values = (kind, RunState.READING.value, basis, target)
        cursor = self.connection.execute("INSERT INTO run (kind, state, basis, target) VALUES (?, ?, ?, ?)", values)
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def set_state(self, run: int, state: RunState) -> None:
        """Write down how far a run is; inside a transaction."""
        self.connection.execute("UPDATE run SET state = ? WHERE id = ?", (state.value, run))

    # --- journal ----------------------------------------------------------------------------------------------------

    def tell(self, run: int, kind: str, body: Mapping[str, Any]) -> str:
        """Add an entry to the journal; inside a transaction."""
        return journal.append(self.connection, run, kind, body)

    def entries(self, run: int | None = None, kind: str | None = None) -> Iterator[journal.Entry]:
        """Entries of the journal."""
        return journal.entries(self.connection, run, kind)

    def rows(self, query: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Rows of a query: for those that read the register from outside."""
        return self.connection.execute(query, tuple(values)).fetchall()


def _words_of(error: OSError | sqlite3.OperationalError) -> str:
    """What the system refused; SQLite says it in few words, which hold no value."""
    if isinstance(error, OSError):
        return error.strerror or type(error).__name__
    return str(error)


def _locked(state: Path) -> int:
    """Hold the lock of a state folder: the system lets it go when the process ends, however it does."""
    handle = os.open(state / LOCK, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        raise BadPlan(f"{shown(state)}: another run is at work there; wait for its end") from None
    return handle


def _unlock(handle: int | None) -> None:
    if handle is not None:
        os.close(handle)


def _connect(path: Path, *, write: bool) -> sqlite3.Connection:
    if not write:
        return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None, timeout=30)
    connection = sqlite3.connect(path, isolation_level=None, timeout=30)
    try:
        _prepare(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    # A power cut must not take back what was told to be committed.
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "temp_store=MEMORY", "cache_size=-65536"):
        connection.execute(f"PRAGMA {pragma}")
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version == 0:
        connection.execute("BEGIN IMMEDIATE")
        for statement in schema.STATEMENTS:
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {schema.VERSION}")
        connection.execute("COMMIT")
    elif version != schema.VERSION:
        raise BadPlan(
            f"{shown(path)}: a register of version {version}, this semantix reads {schema.VERSION}; use the semantix "
            "that made it, or another state folder"
        )
