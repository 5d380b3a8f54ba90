"""The simplest use of Spark: a table of documents in, a table of rows and resources out; no register, no state.

Rows are those that a run would stage (:mod:`semantix.runs.staging`): persons and what they point to are digests under
the key of the plan, so that two tables made with one key can be joined, and no integer is given.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
from msgspec import Struct

from semantix.runs.model import Chunk, ChunkDone, SourceFile
from semantix.runs.spark_tables import documents
from semantix.runs.spark_worker import HEAD, spooled
from semantix.runs.staging import folder_of
from semantix.runs.work import ChunkDoer, ChunkPlan

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

QUARANTINE = "quarantine"
"""The type of the rows that tell what could not be read."""
ROWS = "name string, document string, type string, rank int, json string"
_ROWS = pa.schema(
    [
        ("name", pa.string()),
        ("document", pa.string()),
        ("type", pa.string()),
        ("rank", pa.int32()),
        ("json", pa.string()),
    ]
)
_OMOP = "omop_"
_encode = msgspec.json.Encoder(order="sorted").encode


def documents_to_rows(table: DataFrame, plan: ChunkPlan) -> DataFrame:
    """One row for each OMOP row and FHIR resource of the documents of a table (``name``, ``content``, ``practice``).

    ``document`` is the key of the document, ``type`` the OMOP table or the type of the resource, ``json`` the row with
    digests as hexadecimal. What cannot be read has the type ``quarantine``. The paths of the plan are those of the
    executors. Documents are read apart from each other, batch by batch: the same one twice gives its rows twice.
    """
    return documents(table).mapInArrow(Converting(plan), ROWS)


class Converting(Struct, frozen=True):
    """The function that Spark maps over batches of documents."""

    plan: ChunkPlan

    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """One batch of rows for each batch of documents."""
        with tempfile.TemporaryDirectory(prefix="semantix-") as folder:
            doer = ChunkDoer(self.plan, Path(folder))
            for number, batch in enumerate(batches, 1):
                yield from converted(batch, number, doer, Path(folder))


def converted(batch: pa.RecordBatch, number: int, doer: ChunkDoer, staged: Path) -> Iterator[pa.RecordBatch]:
    """The rows of one batch of documents, table after table."""
    names, contents, practices = (batch.column(name).to_pylist() for name in ("name", "content", "practice"))
    files = tuple(
        SourceFile(rank, "", name, name, hashlib.sha256(content).digest(), len(content), practice)
        for rank, (name, content, practice) in enumerate(zip(names, contents, practices, strict=True))
    )
    head = (number, HEAD, msgspec.json.encode(Chunk(number, 0, files)))
    rows = iter([head, *((number, rank, content) for rank, content in enumerate(contents))])
    with spooled(rows) as (chunk, _):
        done = next(doer.do(chunk))
    if done.failure:
        raise OSError(done.failure)
    known = {one.id: (names[one.file], one.key.hex()) for one in done.documents}
    folder = folder_of(staged, number)
    for path in (folder / name for name in sorted(done.staged)):
        for part in pq.ParquetFile(path).iter_batches():
            yield from _told(path.stem, part, known)
    yield from _refused(done, names)


def _told(stem: str, batch: pa.RecordBatch, known: Mapping[int, tuple[str, str]]) -> Iterator[pa.RecordBatch]:
    if stem.startswith(_OMOP):
        made = [(row, stem.removeprefix(_OMOP), _encode(_said(row))) for row in batch.to_pylist()]
    elif stem == "fhir":
        made = [(row, row["type"], row["line"]) for row in batch.to_pylist()]
    else:
        return
    yield _batch((*known[row["document"]], kind, row["rank"], text.decode()) for row, kind, text in made)


def _said(row: Mapping[str, Any]) -> dict[str, Any]:
    """What a row says: no empty column, and not the number of the document, which means nothing outside of a run."""
    return {
        name: value.hex() if isinstance(value, bytes) else value
        for name, value in row.items()
        if value is not None and name not in {"document", "rank"}
    }


def _refused(done: ChunkDone, names: list[str]) -> Iterator[pa.RecordBatch]:
    if done.quarantined:
        rows = ({"error": one.error, "message": one.message, "lines": one.lines} for one in done.quarantined)
        yield _batch(
            (names[one.file], "", QUARANTINE, rank, _encode(row).decode())
            for rank, (one, row) in enumerate(zip(done.quarantined, rows, strict=True))
        )


def _batch(rows: Iterable[tuple[str, str, str, int, str]]) -> pa.RecordBatch:
    return pa.RecordBatch.from_pylist([dict(zip(_ROWS.names, row, strict=True)) for row in rows], schema=_ROWS)
