"""The journal: entries written once, each holding the digest of the one before."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any

import msgspec
from msgspec import Struct

START = "0" * 64
"""What the first entry follows."""
_encode = msgspec.json.Encoder(order="sorted").encode


class Entry(Struct, frozen=True):
    """One entry: its number, the run that it tells about, its kind and what it says."""

    seq: int
    run: int
    kind: str
    body: dict[str, Any]
    previous: str
    hash: str


def append(connection: sqlite3.Connection, run: int, kind: str, body: Mapping[str, Any]) -> str:
    """Add an entry inside the transaction at hand; return its digest."""
    row = connection.execute("SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1").fetchone()
    seq, previous = (row[0] + 1, row[1]) if row else (1, START)
    words = _encode(body).decode()
    digest = _digest(seq, run, kind, words, previous)
    connection.execute("INSERT INTO journal VALUES (?, ?, ?, ?, ?, ?)", (seq, run, kind, words, previous, digest))
    return digest


def entries(connection: sqlite3.Connection, run: int | None = None, kind: str | None = None) -> Iterator[Entry]:
    """The entries in order, of all runs or of one, of all kinds or of one."""
    rows = connection.execute(
        "SELECT seq, run, kind, body, previous, hash FROM journal "
        "WHERE (?1 IS NULL OR run = ?1) AND (?2 IS NULL OR kind = ?2) ORDER BY seq",
        (run, kind),
    )
    for seq, of, what, body, previous, digest in rows:
        yield Entry(seq, of, what, msgspec.json.decode(body), previous, digest)


def first_break(connection: sqlite3.Connection) -> int | None:
    """The number of the first entry that does not follow from the one before; None when the chain holds."""
    last, expected = START, 1
    rows = connection.execute("SELECT seq, run, kind, body, previous, hash FROM journal ORDER BY seq")
    for seq, run, kind, body, previous, digest in rows:
        if seq != expected or previous != last or digest != _digest(seq, run, kind, body, previous):
            return int(seq)
        last, expected = digest, expected + 1
    return None


def _digest(seq: int, run: int, kind: str, body: str, previous: str) -> str:
    return sha256("\n".join((previous, str(seq), str(run), kind, body)).encode()).hexdigest()
