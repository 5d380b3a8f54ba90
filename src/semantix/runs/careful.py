"""A chunk that killed whoever read it: the files that kill are found by reading each alone, in its own process."""

from __future__ import annotations

import tempfile
from contextlib import closing
from pathlib import Path

from msgspec import structs

from semantix.pipeline.pool import apart
from semantix.runs.model import Chunk, ChunkDone
from semantix.runs.work import DIED, ChunkWork

ALONE = ".alone-"
"""Begins the name of the folder where files are read alone."""


def read_carefully(chunk: Chunk, work: ChunkWork) -> tuple[frozenset[int], ChunkDone]:
    """Read a chunk without the files that kill; returns their numbers, and its account.

    What kills now and then (another program took the memory) is tried once more. When those that are left kill
    together, all are suspect: the chunk is left unread.
    """
    skipped = _alone(chunk, work)
    done = _read(chunk, work, skipped)
    if done.failure == DIED and skipped != _all(chunk):
        skipped = _all(chunk)
        done = _read(chunk, work, skipped)
    return skipped, done


def _read(chunk: Chunk, work: ChunkWork, skipped: frozenset[int]) -> ChunkDone:
    """Read a chunk without some files, in a process of its own."""
    with closing(apart([structs.replace(chunk, skipped=tuple(sorted(skipped)))], work, 1)) as flow:
        done = next(flow)
    assert isinstance(done, ChunkDone)
    return done


def killers(chunk: Chunk, work: ChunkWork) -> frozenset[int]:
    """The numbers of the files that kill. When none does alone, all are suspect together."""
    return _alone(chunk, work) or _all(chunk)


def _all(chunk: Chunk) -> frozenset[int]:
    return frozenset(one.id for one in chunk.files)


def _alone(chunk: Chunk, work: ChunkWork) -> frozenset[int]:
    work.staged.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=ALONE, dir=work.staged) as scratch:
        alone = structs.replace(work, staged=Path(scratch))
        pieces = [structs.replace(chunk, id=n, files=(one,)) for n, one in enumerate(chunk.files, 1)]
        found = set()
        with closing(apart(pieces, alone, 1)) as flow:
            for done in flow:
                assert isinstance(done, ChunkDone)
                if done.failure == DIED:
                    found.add(chunk.files[done.chunk - 1].id)
    return frozenset(found)
