"""Integers for source keys and rows, given once, in the order of documents, and kept (``numbers.duckdb``).

It is the one file that links the integers of a target back to staged rows. ``entity`` has the integer of each thing
that several documents share (``kind``: its table; ``key``: its digest, or the words ``vocabulary|code`` of a concept);
``block`` the rows of a document in a table, from ``first``, ``size`` of them; ``next`` what comes after.

A number is never taken back: a document that was gone and is there again has the rows that it had.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import duckdb
import pyarrow as pa

from semantix.emitters.omop.concepts import LOCAL_BASE
from semantix.errors import BadTarget
from semantix.io import shown
from semantix.runs.model import Publication
from semantix.runs.publishing.staged import Since, Staged, connected, quoted, sizes_of
from semantix.runs.staging import MERGED, SHARED, columns_of

LARGEST = (1 << 31) - 1
"""The largest INTEGER of the CDM."""
MEMORY = "1GB"
"""Memory to forget documents in."""
_CREATE = """
CREATE TABLE IF NOT EXISTS entity (kind VARCHAR, key BLOB, id INTEGER);
CREATE TABLE IF NOT EXISTS block (key BLOB, content BLOB, omop_table VARCHAR, size INTEGER, first INTEGER);
CREATE TABLE IF NOT EXISTS next (kind VARCHAR, id BIGINT);
"""


def has_block(table: str) -> bool:
    """True when the rows of a table have numbers of their own, given to a document as one block."""
    return table not in MERGED and any(column.role == "block" for column in columns_of(table))


def give_numbers(publication: Publication, numbers: Path, scratch: Path, since: Since, memory_limit: str) -> None:
    """Number what the documents that a target is to take bring, in one transaction; again, it changes nothing.

    Raises BadTarget when integers run out, or when the file cannot be written.
    """
    _make(numbers, scratch)
    with connected(numbers, scratch, memory_limit) as connection:
        connection.execute("BEGIN")
        staged = Staged(connection, publication, since)
        _refuse_doubles(connection)
        for kind in SHARED:
            _number_entities(connection, staged, kind, numbers)
        tables = [table for table in sorted(staged.tables("added")) if has_block(table)]
        _number_rows(connection, staged, tables, numbers)
        connection.execute("COMMIT")
        connection.execute("CHECKPOINT")


def _make(numbers: Path, scratch: Path) -> None:
    """Make the file at first: one that a killed process or a full disk left half made could not be opened again."""
    if numbers.exists():
        return
    part = numbers.with_name(f".{numbers.name}.part")
    for left in (part, part.with_name(f"{part.name}.wal")):
        left.unlink(missing_ok=True)
    with connected(part, scratch, MEMORY) as connection:
        connection.execute(_CREATE)
        # Else what a full disk keeps in the log beside the file would stay behind.
        connection.execute("CHECKPOINT")
    part.chmod(0o600)
    part.replace(numbers)


def forget_documents(numbers: Path, documents: Iterable[tuple[bytes, bytes]], staged: Iterable[Path] = ()) -> None:
    """Forget the rows of erased documents (key, content), and leave no trace of them in the file.

    With ``staged``, the folders of all chunks once rewritten, what shared things none of their rows speaks of goes too.
    Raises BadTarget.
    """
    if not numbers.exists():
        return
    part = numbers.with_name(f".{numbers.name}.part")
    folders = tuple(staged)
    try:
        with connected(numbers, numbers.parent, MEMORY) as connection:
            connection.execute("BEGIN")
            connection.register("erased", _pairs(documents))
            connection.execute("DELETE FROM block WHERE (key, content) IN (SELECT (key, content) FROM erased)")
            for kind in ("person", "visit_occurrence") if folders else ():
                _forget_entities(connection, kind, [folder / f"omop_{kind}.parquet" for folder in folders])
            connection.execute("COMMIT")
            part.unlink(missing_ok=True)
            connection.execute(f"ATTACH {quoted(part)} AS part")
            name = connection.execute("SELECT current_database()").fetchone()
            assert name is not None
            connection.execute(f'COPY FROM DATABASE "{name[0]}" TO part')
            connection.execute("DETACH part")
            connection.execute("CHECKPOINT")
        part.chmod(0o600)
        part.replace(numbers)
    finally:
        part.unlink(missing_ok=True)


def _pairs(documents: Iterable[tuple[bytes, bytes]]) -> pa.Table:
    some = list(documents)
    columns = ([one[i] for one in some] for i in (0, 1))
    return pa.table([pa.array(column, pa.binary()) for column in columns], names=["key", "content"])


def _forget_entities(connection: duckdb.DuckDBPyConnection, kind: str, files: Iterable[Path]) -> None:
    found = ", ".join(quoted(file) for file in files if file.exists())
    spoken = f"SELECT {kind}_id FROM read_parquet([{found}])" if found else "SELECT NULL::BLOB WHERE false"
    connection.execute(f"DELETE FROM entity WHERE kind = {quoted(kind)} AND key NOT IN ({spoken})")


def _refuse_doubles(connection: duckdb.DuckDBPyConnection) -> None:
    """Two live documents of the same key and content would share their rows: only one of them can be live."""
    found = connection.execute(
        "SELECT min(document) FROM docs WHERE is_live GROUP BY key, content HAVING count(*) > 1 ORDER BY 1 LIMIT 1"
    ).fetchone()
    if found:
        raise ValueError(f"the document {found[0]} is live twice, under the same key and content")


def _number_entities(connection: duckdb.DuckDBPyConnection, staged: Staged, kind: str, numbers: Path) -> None:
    sights = _concept_sights(staged) if kind == "concept" else _sights(staged, kind)
    if not sights:
        return
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE fresh AS SELECT key, row_number() OVER (ORDER BY seen) - 1 AS place "
        f"FROM (SELECT key, min(seen) AS seen FROM ({' UNION ALL '.join(sights)}) WHERE key IS NOT NULL GROUP BY key) "
        f"ANTI JOIN (SELECT key FROM entity WHERE kind = {quoted(kind)}) USING (key)"
    )
    first = _take(connection, kind, "count(*)", "fresh", numbers)
    connection.execute("INSERT INTO entity SELECT ?, key, ? + place FROM fresh ORDER BY place", [kind, first])


def _sights(staged: Staged, kind: str) -> list[str]:
    source = staged.rows(kind, "added")
    seen = f"document::HUGEINT * {1 << 31} + rank"
    return [f"SELECT {kind}_id AS key, {seen} AS seen FROM {source}"] if source else []


def _concept_sights(staged: Staged) -> list[str]:
    """Where local concepts are met: what persons, places and visits name comes before the concepts themselves.

    This is the order in which ``convert`` meets them, so both give the same integers.
    """
    out = []
    for place, table in enumerate(SHARED):
        source = staged.rows(table, "added")
        if source is None:
            continue
        concepts = (column.field.name for column in columns_of(table) if column.role == "concept")
        for i, name in enumerate(concepts):
            seen = f"document::HUGEINT * {1 << 48} + {place << 40} + rank::BIGINT * 256 + {i}"
            out.append(f'SELECT encode("{name}__key") AS key, {seen} AS seen FROM {source}')
    return out


def _number_rows(connection: duckdb.DuckDBPyConnection, staged: Staged, tables: list[str], numbers: Path) -> None:
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE fresh AS "
        "SELECT *, (sum(size) OVER (PARTITION BY omop_table ORDER BY document) - size)::BIGINT AS place "
        f"FROM {sizes_of(staged, tables, 'added')} ANTI JOIN block USING (key, content, omop_table, size)"
    )
    for table in tables:
        first = _take(connection, table, "coalesce(sum(size), 0)", f"fresh WHERE omop_table = {quoted(table)}", numbers)
        connection.execute(
            "INSERT INTO block SELECT key, content, omop_table, size, ? + place FROM fresh WHERE omop_table = ? "
            "ORDER BY place",
            [first, table],
        )


def _take(connection: duckdb.DuckDBPyConnection, kind: str, amount: str, source: str, numbers: Path) -> int:
    """The first of as many new integers as there are new things. Raises BadTarget beyond what an INTEGER holds."""
    wanted = _integer(connection, f"SELECT {amount} FROM {source}")
    base = LOCAL_BASE if kind == "concept" else 1
    first = _integer(connection, f"SELECT coalesce(max(id), {base}) FROM next WHERE kind = {quoted(kind)}")
    after = first + wanted
    if after - 1 > LARGEST:
        raise BadTarget(
            f"{shown(numbers)}: {kind} would need the number {after - 1}; integers of the CDM end at {LARGEST}. "
            "Divide the warehouse (a plan and a target for each region or period)"
        )
    if wanted:
        connection.execute("DELETE FROM next WHERE kind = ?", [kind])
        connection.execute("INSERT INTO next VALUES (?, ?)", [kind, after])
    return first


def _integer(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    found = connection.execute(query).fetchone()
    assert found is not None
    return int(found[0])
