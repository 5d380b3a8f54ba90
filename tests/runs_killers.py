"""Processes that some files kill: importable, so that they may be started anew."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

from semantix.runs.model import Chunk, ChunkDone
from semantix.runs.work import ChunkDoer, ChunkWork


class KillingDoer:
    """Dies on files whose content says so: alone, or only after another of them."""

    def __init__(self, work: ChunkWork) -> None:
        self._doer = ChunkDoer(work.plan, work.staged)

    def do(self, chunk: Chunk) -> Iterator[ChunkDone]:
        read = [Path(one.path).read_bytes() for one in chunk.files if one.id not in chunk.skipped]
        once = Path(chunk.files[0].path).parent.parent / "kill-once"
        if any(b"KILLS ALONE" in one for one in read) or sum(b"KILLS TOGETHER" in one for one in read) > 1:
            os.kill(os.getpid(), signal.SIGKILL)
        if any(b"KILLS TWICE" in one for one in read) and len(list(once.glob("*"))) < 2:
            (once / str(os.getpid())).touch()
            os.kill(os.getpid(), signal.SIGKILL)
        yield from self._doer.do(chunk)


class Killing(ChunkWork, frozen=True):
    """The work of processes that some files kill."""

    def doer(self) -> KillingDoer:  # type: ignore[override]
        return KillingDoer(self)
