"""Erasure: of persons who are left out, nothing stays but the digests that keep them out.

Targets are brought up to date first; then the staged rows go, then the integers, then the documents of the register. A
step that was done is done again at no cost, so a crash between two only means that the next run ends the work.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from semantix.runs.publishing.numbers import forget_documents
from semantix.runs.register import Register, documents
from semantix.runs.stager import replace_files
from semantix.runs.staging import folder_of

ERASING = ".erasing-"
"""Begins the name of the folder where integers are forgotten."""
_DUE = "rows are to be cleaned"


def erase(register: Register, staged: Path, numbers: Path, run: int) -> int:
    """Erase the documents of persons left out; returns how many."""
    found = documents.excluded_documents(register)
    if not found:
        _clean(register)
        return 0
    gone = [one for several in found.values() for one in several]
    for chunk, several in found.items():
        rewrite(folder_of(staged, chunk), [one[0] for one in several])
    rows = register.rows("SELECT id FROM chunk WHERE done = 1 ORDER BY id")
    folders = [folder for (one,) in rows if (folder := folder_of(staged, one)).exists()]
    forget_documents(numbers, [(key, content) for _, key, content in gone], folders)
    with register.transaction():
        documents.forget(register, [one[0] for one in gone])
        register.tell(run, "erased", {"documents": len(gone)})
        register.note(_DUE, "yes")
    _clean(register)
    return len(gone)


def _clean(register: Register) -> None:
    """Deleted rows stay readable in free pages until the file is written anew: done once, however late."""
    if register.about(_DUE) != "yes":
        return
    register.connection.execute("VACUUM")
    register.note(_DUE, "no")
    register.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def rewrite(folder: Path, gone: Iterable[int]) -> None:
    """Write the files of a staged folder anew without some documents.

    Each takes the place of the old one by a rename: killed at any moment, the folder is there, and this is done again.
    """
    if not folder.exists():
        return
    numbers = pa.array(sorted(gone), pa.int64())
    part = folder.with_name(f".{folder.name}.{time.time_ns():x}.part")
    part.mkdir(mode=0o700)
    try:
        for file in sorted(folder.iterdir()):
            _copy(file, part / file.name, numbers)
        replace_files(part, folder)
        if not any(folder.iterdir()):
            folder.rmdir()
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _copy(file: Path, to: Path, gone: pa.Array) -> None:
    """The rows of other documents; a file that is left without any goes."""
    with pq.ParquetFile(file) as source:
        writer: pq.ParquetWriter | None = None
        for group in range(source.num_row_groups):
            table = source.read_row_group(group)
            kept = table.filter(pc.invert(pc.is_in(table["document"], value_set=gone)))
            if kept.num_rows:
                writer = writer or pq.ParquetWriter(to, table.schema, compression="zstd", compression_level=1)
                writer.write_table(kept)
        if writer is not None:
            writer.close()
