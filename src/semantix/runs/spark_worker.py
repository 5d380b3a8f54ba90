"""What runs in the executors of Spark: Arrow batches of chunks in, their accounts out.

Nothing here imports Spark at the top: these are functions of Arrow batches, which tests call as they are. What a worker
opens (readers, terminology, vocabulary) is kept in its process, because Spark uses processes again.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from itertools import groupby
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import msgspec
import pyarrow as pa
from msgspec import Struct, structs

from semantix.pipeline.collector import look_rarely
from semantix.pipeline.pool import apart
from semantix.runs.careful import killers
from semantix.runs.model import Chunk, ChunkDone, SourceFile
from semantix.runs.spark_shipping import Shipped, relocated
from semantix.runs.staging import folder_of
from semantix.runs.work import DIED, ChunkDoer, ChunkPlan, ChunkWork

if TYPE_CHECKING:
    from collections.abc import Sequence

HEAD = -1
"""The ``file`` of the row that holds a chunk itself, before those that hold the content of its files."""
ALONE = 2
"""Attempts of Spark after which a chunk is done in a process of its own, whose death is told instead of suffered."""
WORKING = ".spark"
"""The folder, below that of staged chunks, where executors write what the driver puts in place."""
INPUT = "chunk bigint, file bigint, content binary"
OUTPUT = "chunk bigint, done binary, folder string, files array<struct<name: string, content: binary>>"
_FILES = pa.list_(pa.struct([("name", pa.string()), ("content", pa.binary())]))
DONE = pa.schema([("chunk", pa.int64()), ("done", pa.binary()), ("folder", pa.string()), ("files", _FILES)])

_Row = tuple[int, int, bytes]


class Reading(Struct, frozen=True):
    """The function that Spark maps over batches of the columns of ``INPUT``; it crosses to executors.

    Rows are sorted by chunk, then file. ``token`` names the run: what was opened for another one is closed.
    ``is_shared`` says that executors see the folder of staged chunks; else what they write goes back in the rows.
    """

    plan: ChunkPlan
    staged: Path
    token: str
    is_shared: bool
    shipped: tuple[Shipped, ...] = ()

    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Do each chunk; one batch of one row each."""
        for _, rows in groupby(_rows(batches), key=lambda row: row[0]):
            with spooled(rows) as (chunk, is_spooled):
                root = _place(self)
                work = ChunkWork(relocated(self.plan, self.shipped), root)
                if attempt() < ALONE:
                    done = next(_opened(self, work).do(chunk))
                else:
                    done = alone(work, chunk)
                    if done.failure == DIED and is_spooled:
                        # Only here is their content at hand; files in folders are tried by the driver, and noted.
                        found = tuple(sorted(killers(chunk, work)))
                        done = alone(work, structs.replace(chunk, skipped=found))
                yield self._told(done, root)

    def _told(self, done: ChunkDone, root: Path) -> pa.RecordBatch:
        """The row of a chunk: what it left is named, or sent."""
        folder, files = folder_of(root, done.chunk), []
        if done.staged and not self.is_shared:
            files = [{"name": path.name, "content": path.read_bytes()} for path in sorted(folder.iterdir())]
            shutil.rmtree(folder)
        place = str(folder.relative_to(self.staged)) if done.staged and self.is_shared else ""
        row = {"chunk": done.chunk, "done": msgspec.json.encode(done), "folder": place, "files": files}
        return pa.RecordBatch.from_pylist([row], schema=DONE)


class _Kept(Struct):
    """What this process keeps between the chunks of a run."""

    token: str
    root: Path
    doer: ChunkDoer | None = None


_kept: _Kept | None = None
"""One a process."""


def _place(reading: Reading) -> Path:
    """Where this process writes: nobody else does, so an executor taken for dead disturbs none that took its chunk."""
    global _kept  # noqa: PLW0603 - Spark offers no other way to keep something in a worker
    if _kept is None or _kept.token != reading.token:
        above = reading.staged / WORKING if reading.is_shared else Path(tempfile.gettempdir())
        above.mkdir(mode=0o700, parents=True, exist_ok=True)
        _kept = _Kept(reading.token, Path(tempfile.mkdtemp(prefix=f"semantix-{os.getpid()}-", dir=above)))
    return _kept.root


def _opened(reading: Reading, work: ChunkWork) -> ChunkDoer:
    assert _kept is not None
    assert _kept.token == reading.token
    if _kept.doer is None:
        look_rarely()
        _kept.doer = work.doer()
    return _kept.doer


def attempt() -> int:
    """How many times Spark tried before what this process does now; 0 outside of Spark."""
    from pyspark import TaskContext  # noqa: PLC0415 - an optional dependency

    context = TaskContext.get()
    return context.attemptNumber() if context is not None else 0


def alone(work: ChunkWork, chunk: Chunk) -> ChunkDone:
    """Do a chunk in a process of its own; if that dies, twice, its account says so."""
    with closing(apart([chunk], work, 1)) as flow:
        done = next(flow)
    assert isinstance(done, ChunkDone)
    return done


# --- content of tables ------------------------------------------------------------------------------------------------


def _rows(batches: Iterable[pa.RecordBatch]) -> Iterator[_Row]:
    for batch in batches:
        numbers, files, contents = (batch.column(name) for name in ("chunk", "file", "content"))
        for rank in range(batch.num_rows):
            yield numbers[rank].as_py(), files[rank].as_py(), contents[rank].as_py()


@contextmanager
def spooled(rows: Iterator[_Row]) -> Iterator[tuple[Chunk, bool]]:
    """The chunk of some rows, and whether the content of its files is in temporary ones, as long as the block lasts.

    A content is taken if it has the digest that the chunk says; a file without content is as one that is gone.
    """
    _, head, text = next(rows)
    assert head == HEAD
    chunk = msgspec.json.decode(text, type=Chunk)
    if all(one.path for one in chunk.files):
        yield chunk, False
        return
    with tempfile.TemporaryDirectory(prefix="semantix-") as folder:
        files = [one if one.path else _spool_path(one, chunk.files, Path(folder)) for one in chunk.files]
        wanted = {one.id: one for one, was in zip(files, chunk.files, strict=True) if not was.path}
        for _, file, content in rows:
            one = wanted[file]
            if hashlib.sha256(content).digest() == one.sha256:
                _write(Path(one.path), content)
        yield structs.replace(chunk, files=tuple(files)), True


def _spool_path(one: SourceFile, files: Sequence[SourceFile], folder: Path) -> SourceFile:
    """A path that holds nothing of the name but its end; files of one folder stay together."""
    folders = [str(PurePosixPath(each.name).parent) for each in files]
    rank = folders.index(str(PurePosixPath(one.name).parent))
    suffix = PurePosixPath(one.name).suffix
    end = suffix if suffix[1:].isalnum() else ""
    return structs.replace(one, path=str(folder / str(rank) / f"{one.id}{end}"), content=None)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(mode=0o700, exist_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:  # noqa: PTH123 - its mode
        file.write(content)
