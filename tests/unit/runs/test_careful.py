"""Files that kill whoever reads them, found by reading each alone; the processes here are pretended."""

from collections.abc import Callable
from pathlib import Path

import pytest

from semantix.runs import careful
from semantix.runs.careful import killers, read_carefully
from semantix.runs.model import Chunk, ChunkDone, SourceFile
from semantix.runs.work import DIED, ChunkPlan, ChunkWork

CHUNK = Chunk(7, 1, tuple(SourceFile(n, f"/in/{n}", f"{n}", "in", b"", 1) for n in (11, 12, 13)))
Deadly = Callable[[set[int]], bool]


@pytest.fixture
def work(tmp_path: Path) -> ChunkWork:
    return ChunkWork(ChunkPlan(key=bytes(32)), tmp_path / "staged")


@pytest.fixture
def pretended(monkeypatch: pytest.MonkeyPatch) -> Callable[[Deadly], list[tuple[int, ...]]]:
    """Have processes that die of some sets of files; gives what each was asked to read."""
    asked: list[tuple[int, ...]] = []

    def pretend(deadly: Deadly) -> list[tuple[int, ...]]:
        def apart(chunks, work, jobs):
            for chunk in chunks:
                files = tuple(one.id for one in chunk.files if one.id not in chunk.skipped)
                asked.append(files)
                yield ChunkDone(chunk=chunk.id, failure=DIED if deadly(set(files)) else "")

        monkeypatch.setattr(careful, "apart", apart)
        return asked

    return pretend


def test_a_file_that_kills_alone_is_left_out(work, pretended):
    asked = pretended(lambda files: 12 in files)
    skipped, done = read_carefully(CHUNK, work)
    assert (skipped, done.chunk, done.failure) == (frozenset({12}), 7, "")
    assert asked == [(11,), (12,), (13,), (11, 13)]
    assert list(work.staged.iterdir()) == []


def test_what_killed_once_is_read_whole_the_next_time(work, pretended):
    pretended(lambda files: False)
    assert read_carefully(CHUNK, work)[0] == frozenset()


def test_files_that_kill_together_are_all_left_out(work, pretended):
    asked = pretended(lambda files: {11, 13} <= files)
    skipped, done = read_carefully(CHUNK, work)
    assert (skipped, done.failure) == (frozenset({11, 12, 13}), "")
    assert asked[-2:] == [(11, 12, 13), ()]
    assert killers(CHUNK, work) == skipped


def test_a_chunk_that_kills_whatever_is_left_out_says_so(work, pretended):
    asked = pretended(lambda files: True)
    skipped, done = read_carefully(CHUNK, work)
    assert (skipped, done.failure) == (frozenset({11, 12, 13}), DIED)
    assert asked[-1] == ()
