"""Which files of a chunk kill whoever reads them: found by reading each alone, in a process of its own."""

from __future__ import annotations

import tempfile
from contextlib import closing
from pathlib import Path

from msgspec import structs

from semantix.pipeline.pool import apart
from semantix.runs.model import Chunk, ChunkDone
from semantix.runs.work import DIED, ChunkWork


def killers(chunk: Chunk, work: ChunkWork) -> frozenset[int]:
    """The numbers of the files that kill. When none does alone, all are suspect together: the chunk is left unread."""
    work.staged.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".alone-", dir=work.staged) as scratch:
        alone = ChunkWork(work.plan, Path(scratch))
        pieces = [structs.replace(chunk, id=n, files=(one,)) for n, one in enumerate(chunk.files, 1)]
        found = set()
        with closing(apart(pieces, alone, 1)) as flow:
            for done in flow:
                assert isinstance(done, ChunkDone)
                if done.failure == DIED:
                    found.add(chunk.files[done.chunk - 1].id)
    return frozenset(found or (one.id for one in chunk.files))
