"""Why a fact is there: from a row or a resource back to its file, its place, the decision and what it rests on."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import msgspec
from msgspec import Struct

from semantix.emitters.omop import SCHEMA
from semantix.errors import BadPlan
from semantix.io import shown
from semantix.runs.publishing.publisher import NUMBERS, STAGED
from semantix.runs.register import Register
from semantix.runs.staging import MERGED, SHARED, folder_of

SHOWN = 5
"""Documents told one by one of a fact that several give."""


class Told(Struct, frozen=True, kw_only=True):
    """One document that gives a fact. ``decisions`` are the codes added there, ``versions`` what they rest on."""

    document: int
    file: str
    sha256: str
    run: int
    chunk: int
    rank: int
    fate: str
    format: str = ""
    place: str = ""
    imputed: str = ""
    source: Mapping[str, str] = {}
    decisions: Sequence[Mapping[str, Any]] = ()
    versions: Mapping[str, str] = {}


class Trace(Struct, frozen=True, kw_only=True):
    """Where a fact comes from. ``others`` counts the documents that give it too and are not told one by one."""

    fact: str
    told: tuple[Told, ...]
    others: int = 0


def trace(state: Path, fact: str) -> Trace:
    """Trace ``measurement/1234`` (a row of the OMOP CDM) or ``Observation/<id>`` (a FHIR resource).

    Raises BadPlan when no document that was read gives it.
    """
    table, _, number = fact.partition("/")
    with Register.open(state, write=False) as register, duckdb.connect() as db:
        if table in SCHEMA:
            if not (number.isascii() and number.isdecimal()):
                raise BadPlan(f"{shown(fact)}: a row is told as {table}/NUMBER")
            places = _of_row(register, db, table, int(number))
        elif number and table.isalnum():
            places = _of_resource(register, db, table, number)
        else:
            raise BadPlan(f"{shown(fact)}: a table and a number (measurement/12) or a type and an id were expected")
        if not places:
            raise BadPlan(f"{shown(fact)}: no document that was read gives it; is it of another state folder?")
        told = [_told(register, db, *place) for place in places[:SHOWN]]
    return Trace(fact=fact, told=tuple(told), others=len(places) - len(told))


Place = tuple[int, str | None, int]
"""A document, the table whose row it is (``None`` for a resource) and the rank of the row."""


def _of_row(register: Register, db: duckdb.DuckDBPyConnection, table: str, number: int) -> list[Place]:
    numbers = register.state / NUMBERS
    if not numbers.exists():
        return []
    try:
        db.execute(f"ATTACH '{_quoted(numbers)}' AS numbers (READ_ONLY)")
    except duckdb.Error:
        words = "cannot be read now; a run that publishes holds it: wait for its end"
        raise BadPlan(f"{shown(numbers)}: {words}") from None
    if table in MERGED:
        return _of_shared(register, db, table, number)
    rows = db.execute(
        "SELECT key, content, first FROM numbers.block WHERE omop_table = ? AND ? BETWEEN first AND first + size - 1",
        [table, number],
    ).fetchall()
    found: list[Place] = []
    for key, content, first in rows:
        for (document,) in register.rows(
            "SELECT id FROM document WHERE key = ? AND content = ? ORDER BY fate <> 'live', id DESC", (key, content)
        )[:1]:
            found.append((document, table, number - first))
    return found


def _of_shared(register: Register, db: duckdb.DuckDBPyConnection, table: str, number: int) -> list[Place]:
    """The rows of live documents from which a shared row was made."""
    kind = table if table in SHARED else "person"
    keys = db.execute("SELECT key FROM numbers.entity WHERE kind = ? AND id = ?", [kind, number]).fetchall()
    files = [str(path) for path in _staged(register, f"omop_{table}.parquet")]
    if not keys or not files or table not in {*SHARED, "observation_period", "death"}:
        return []
    column = "concept_id__key" if table == "concept" else f"{kind}_id"
    key = bytes(keys[0][0])
    value: object = key.decode() if table == "concept" else key
    rows = db.execute(
        f"SELECT document, rank FROM read_parquet(?) WHERE {column} = ? ORDER BY document, rank", [files, value]
    ).fetchall()
    live = {one for (one,) in register.rows("SELECT id FROM document WHERE fate = 'live' AND ended = 0")}
    return [(document, table, rank) for document, rank in rows if document in live]


def _of_resource(register: Register, db: duckdb.DuckDBPyConnection, kind: str, identity: str) -> list[Place]:
    files = [str(path) for path in _staged(register, "fhir.parquet")]
    if not files:
        return []
    rows = db.execute(
        "SELECT document, rank FROM read_parquet(?) WHERE type = ? AND id = ? ORDER BY document DESC",
        [files, kind, identity],
    ).fetchall()
    return [(document, None, rank) for document, rank in rows]


def _staged(register: Register, name: str) -> list[Path]:
    staged = register.state / STAGED
    rows = register.rows("SELECT id FROM chunk WHERE done = 1 ORDER BY id")
    return [path for (one,) in rows if (path := folder_of(staged, one) / name).exists()]


def _told(register: Register, db: duckdb.DuckDBPyConnection, document: int, table: str | None, rank: int) -> Told:
    path, digest, run, chunk, basis, fate = register.rows(
        "SELECT f.path, lower(hex(f.sha256)), c.run, c.id, c.basis, d.fate FROM document d "
        "JOIN chunk c ON c.id = d.chunk JOIN file f ON f.id = d.file WHERE d.id = ?",
        (document,),
    )[0]
    folder = folder_of(register.state / STAGED, chunk)
    row = _row(db, folder / f"omop_{table}.parquet", document, rank) if table is not None else {}
    whole = _row(db, folder / "documents.parquet", document, None)
    place = str(row.get("place") or "")
    decisions = [
        one
        for one in msgspec.json.decode(whole.get("decisions") or b"[]")
        if table is None or (place and _is_at(one["place"], place))
    ]
    return Told(
        document=document,
        file=shown(os.fsdecode(path)),
        sha256=digest,
        run=run,
        chunk=chunk,
        rank=document % (1 << 24),
        fate=str(fate),
        format=str(whole.get("format") or ""),
        place=place,
        imputed=str(row.get("imputed") or ""),
        source={name: str(value) for name, value in row.items() if value and _is_source(name)},
        decisions=decisions,
        versions=register.basis_parts(basis),
    )


def _row(db: duckdb.DuckDBPyConnection, path: Path, document: int, rank: int | None) -> dict[str, Any]:
    if not path.exists():
        return {}
    query = "SELECT * FROM read_parquet(?) WHERE document = ?" + ("" if rank is None else f" AND rank = {int(rank)}")
    cursor = db.execute(query, [str(path), document])
    found = cursor.fetchone()
    names = [one[0] for one in cursor.description or ()]
    return dict(zip(names, found, strict=True)) if found else {}


def _is_at(place: str, of: str) -> bool:
    """Is a place the one of a row, or in it: line 12 is not in line 1."""
    return place.startswith(of) and not place[len(of) :][:1].isalnum()


def _is_source(name: str) -> bool:
    return name.endswith(("_source_value", "_source_concept_id__key"))


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
