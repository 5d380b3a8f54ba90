"""The staged files of chunks as relations of one DuckDB connection, so that a report needs little memory.

``document`` has one row for each document known to the report, with what it is grouped by; ``now_fact`` and
``past_fact`` are the coverage of the live documents of this run and of the documents of earlier ones, read from the
files each time; ``past`` is the latter without the documents, in memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa

from semantix import systems
from semantix.runs.model import RANKS
from semantix.runs.staging import COVERAGE, DOCUMENTS

MEMORY = "512MB"
"""What DuckDB may use; beyond, it writes to the temporary folder."""
_GROUPED = "document, practice, software, sex, age_band, period"


@contextmanager
def open_relations(
    documents: pa.Table, chunks: Mapping[int, Path], run: int, temporary: Path | None = None, memory: str = MEMORY
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the relations of the report of a run; ``documents`` says which count, and which run read each."""
    with duckdb.connect(":memory:") as db:
        db.execute(f"SET memory_limit = '{memory}'")
        db.execute("SET preserve_insertion_order = false")
        if temporary is not None:
            db.execute(f"SET temp_directory = {_quoted(temporary)}")
        db.register("settled", documents.select(["document", "is_live", "run"]))
        db.execute("CREATE TEMP TABLE known AS SELECT document, is_live, run FROM settled WHERE run <= $1", [run])
        db.unregister("settled")
        db.execute(
            f"CREATE TEMP TABLE document AS SELECT {_GROUPED}, is_live, run, run = $1 AS is_now "
            f"FROM {_files(chunks, _chunks_of(db), 'documents.parquet', DOCUMENTS)} JOIN known USING (document)",
            [run],
        )
        for name, condition, some in (
            ("now_fact", "d.is_now AND d.is_live", _chunks_of(db, f"run = {run} AND is_live")),
            ("past_fact", "NOT d.is_now", _chunks_of(db, f"run < {run}")),
        ):
            # Two documents never share a number: a row of a chunk that was written again has no document here.
            db.execute(
                f"CREATE TEMP VIEW {name} AS SELECT f.*, d.practice, d.is_live, "
                "f.outcome IN ('review', 'nothing') AS is_unmapped "
                f"FROM {_files(chunks, some, 'coverage.parquet', COVERAGE)} f "
                f"JOIN document d USING (document) WHERE {condition}"
            )
        db.execute(
            "CREATE TEMP TABLE past AS SELECT practice, section, system, code, outcome, is_live, is_unmapped, "
            "sum(n)::BIGINT AS n FROM past_fact GROUP BY ALL"
        )
        _mark_local(db)
        yield db


def _chunks_of(db: duckdb.DuckDBPyConnection, condition: str = "true") -> list[int]:
    rows = db.execute(f"SELECT DISTINCT document // {RANKS} FROM known WHERE {condition} ORDER BY 1").fetchall()
    return [chunk for (chunk,) in rows]


def _files(chunks: Mapping[int, Path], some: Sequence[int], name: str, schema: pa.Schema) -> str:
    """A table function over the files of some chunks; no rows where none of them has the file."""
    paths = [path for chunk in some if chunk in chunks and (path := chunks[chunk] / name).is_file()]
    if not paths:
        columns = ", ".join(f"NULL::{_TYPES[field.type]} AS {field.name}" for field in schema)
        return f"(SELECT {columns} WHERE false)"
    return f"read_parquet([{', '.join(map(_quoted, paths))}])"


_TYPES = {pa.int64(): "BIGINT", pa.int32(): "INTEGER", pa.string(): "VARCHAR", pa.binary(): "BLOB"}


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def _mark_local(db: duckdb.DuckDBPyConnection) -> None:
    """The systems that are no terminology that semantix knows: local codes are of these."""
    found = db.execute("SELECT system FROM now_fact UNION SELECT system FROM past").fetchall()
    local = sorted(name for (name,) in found if name and systems.find(name) is None)
    db.execute("CREATE TEMP TABLE local_system (system VARCHAR)")
    if local:
        db.executemany("INSERT INTO local_system VALUES ($1)", [[name] for name in local])
