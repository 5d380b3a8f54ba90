"""The conduct of runs: what is refused before anything is read, what a run goes on to, what it does not touch."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from tests.runs_documents import Paper, write
from tests.runs_warehouse import Here, around, plan_in, rows_of

from semantix.errors import BadPlan, BadTarget, TooManyUnread, UnfinishedRun
from semantix.runs.conduct import Outcome, resume, start
from semantix.runs.model import Chunk, ChunkDone
from semantix.runs.plan import KEPT, RunLimits, RunPlan
from semantix.runs.register import Register
from semantix.runs.status import status_of
from semantix.runs.work import ChunkWork

DUCKDB = [{"kind": "duckdb", "path": "cdm.duckdb"}]


def put(folder: Path, *papers: Paper) -> None:
    (folder / "in").mkdir(exist_ok=True)
    for paper in papers:
        (folder / "in" / f"{paper.number}.xml").write_bytes(write(paper))


def plan_of(folder: Path, **changes: Any) -> RunPlan:
    return plan_in(folder, **({"targets": DUCKDB} | changes))


def go(folder: Path, **changes: Any) -> Outcome:
    return start(plan_of(folder, **changes), around())


def gone_after(chunks: int, failure: str = "") -> Any:
    """An engine that stops after so many chunks."""

    class Stops(Here):
        def run(self, chunks_: Any) -> Any:
            for number, chunk in enumerate(chunks_):
                if number == chunks:
                    if not failure:
                        raise KeyboardInterrupt
                    yield ChunkDone(chunk=chunk.id, failure=failure)
                    return
                yield from super().run([chunk])

    return lambda _, work: Stops(work)


def never(_: RunPlan, work: ChunkWork) -> Any:
    class Nobody:
        def run(self, chunks: Any) -> Any:
            raise AssertionError("nothing was to be read")

    return Nobody()


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a warehouse of one document."""
    folder = tmp_path_factory.mktemp("one")
    put(folder, Paper("1"))
    go(folder)
    return folder


def test_another_key_is_refused_and_neither_is_said(one: Path, tmp_path: Path) -> None:
    (tmp_path / "k").write_bytes(b"f0e1d2c3b4a5968778695a4b3c2d1e0f" * 2)
    (tmp_path / "k").chmod(0o600)
    with pytest.raises(
        BadPlan, match=r"the key has the fingerprint \w+, earlier runs had \w+: with another key"
    ) as found:
        go(one, key=f"file:{tmp_path / 'k'}")
    assert "f0e1d2" not in str(found.value)


def test_nobody_runs_beside_a_run(one: Path) -> None:
    with Register.open(one / "state"), pytest.raises(BadPlan, match="another run is at work there; wait for its end"):
        go(one)
    assert status_of(one / "state").runs[0].state == "done"


def test_there_is_nothing_to_resume_after_a_whole_run(one: Path) -> None:
    with pytest.raises(BadPlan, match="no run was stopped before its end"):
        resume(plan_of(one), around())


def test_an_input_that_is_not_there_is_told_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(BadPlan, match="in: no such file or folder; nothing was read, mount it or take it off the plan"):
        go(tmp_path)
    assert not status_of(tmp_path / "state").runs


def test_known_files_that_are_gone_are_not_read_and_nothing_new_begins_no_work(one: Path) -> None:
    outcome = start(plan_of(one), around(engine=never))
    assert (outcome.chunks, outcome.differences.same, outcome.published) == (0, 1, {})


def test_many_missing_files_are_asked_about(tmp_path: Path) -> None:
    put(tmp_path, *(Paper(str(n), person=str(n)) for n in range(12)))
    changes = {"chunks": {"files": 20}, "limits": {"missing_share": 0.1}}
    go(tmp_path, **changes)
    shutil.rmtree(tmp_path / "in")
    put(tmp_path, Paper("0", person="0"))
    with pytest.raises(BadPlan, match=r"11 of 12 known files are no more among the 1 of the inputs.* --all-missing"):
        go(tmp_path, **changes)
    before = rows_of(tmp_path / "cdm.duckdb")
    kept = go(tmp_path, spool=True, **changes)
    assert (kept.differences.kept, kept.differences.gone, kept.published) == (11, 0, {})
    assert rows_of(tmp_path / "cdm.duckdb") == before
    outcome = start(plan_of(tmp_path, **changes), around(), all_missing=True)
    assert outcome.differences.gone == 11
    assert len(rows_of(tmp_path / "cdm.duckdb")["person"]) == 1


def test_a_run_that_was_stopped_holds_the_others_back_until_it_is_resumed_as_it_began(tmp_path: Path) -> None:
    put(tmp_path, *(Paper(str(n), person=str(n)) for n in range(5)))
    plan = plan_of(tmp_path, chunks={"files": 2})
    with pytest.raises(KeyboardInterrupt):
        start(plan, around(engine=gone_after(1)))
    with pytest.raises(UnfinishedRun, match="run 1 was stopped before its end; semantix run resume"):
        start(plan, around())
    assert status_of(tmp_path / "state").unfinished == 1
    assert not (tmp_path / "cdm.duckdb").exists()
    with pytest.raises(UnfinishedRun, match=r"run 1 began with other versions \(options\)"):
        resume(plan_of(tmp_path, chunks={"files": 2}, keep_text=True), around())
    # What comes in between waits for the next run.
    put(tmp_path, Paper("9", person="9"))
    seen: list[str] = []
    outcome = resume(plan, around(tell=lambda progress: seen.append(progress.step)))
    assert (outcome.documents, outcome.chunks) == (5, 3)
    assert list(dict.fromkeys(seen)) == ["read", "settle", "publish"]
    assert len(rows_of(tmp_path / "cdm.duckdb")["person"]) == 5


def test_a_chunk_that_cannot_be_kept_stops_the_run_in_words(tmp_path: Path) -> None:
    put(tmp_path, Paper("1"))
    with pytest.raises(BadTarget, match="chunk 1 could not be kept: No space left on device; make room, then semantix"):
        start(plan_of(tmp_path), around(engine=gone_after(0, "No space left on device")))
    assert status_of(tmp_path / "state").unfinished == 1


def test_too_much_that_cannot_be_read_stops_the_run_and_a_higher_limit_resumes_it(tmp_path: Path) -> None:
    put(tmp_path, Paper("1"))
    for number in range(3):
        (tmp_path / "in" / f"bad{number}.xml").write_bytes(b"<nothing")
    limits = {"bad_share": 0.5, "bad_minimum": 4}
    with pytest.raises(TooManyUnread, match=r"3 of 4 inputs cannot be read, more than 50.00%: run 1 stopped"):
        go(tmp_path, limits=limits, chunks={"files": 20})
    with pytest.raises(UnfinishedRun, match="run 1 stopped: too much was unreadable"):
        go(tmp_path, limits=limits)
    with pytest.raises(TooManyUnread):
        resume(plan_of(tmp_path, limits=limits), around())
    outcome = resume(plan_of(tmp_path, limits={"bad_share": 0.8, "bad_minimum": 4}), around())
    assert (outcome.documents, outcome.quarantined) == (1, 3)
    held = status_of(tmp_path / "state").quarantine
    assert [Path(one.name).name for one in held] == ["bad0.xml", "bad1.xml", "bad2.xml"]
    assert RunLimits().bad_minimum == 100


def test_what_is_left_of_a_killed_run_is_swept(one: Path, tmp_path: Path) -> None:
    state = tmp_path / "state"
    shutil.copytree(one / "state", state)
    for name in (".publishing-x", ".erasing-x", "staged/.00000001.ab.part", "staged/.alone-x"):
        (state / name).mkdir(parents=True)
    go(tmp_path, inputs=[str(one / "in")])
    assert not list(state.rglob(".*"))


def test_the_plan_is_kept_for_those_that_come_after_and_holds_no_key(one: Path) -> None:
    kept = (one / "state" / KEPT).read_text()
    assert (one / "project.key").read_text() not in kept
    assert f"file:{one / 'project.key'}" in kept
    assert (one / "state").stat().st_mode & 0o077 == 0


def test_versions_that_changed_are_told_when_nothing_is_read_again(one: Path, tmp_path: Path) -> None:
    shutil.copytree(one, tmp_path / "w")
    said: list[str] = []
    plan = plan_of(tmp_path / "w", keep_text=True, reprocess="never", inputs=[str(one / "in")])
    outcome = start(plan, around(say=said.append, engine=never))
    assert outcome.documents == 0
    assert said == ["options: changed since 1 documents or files were read; they stay as they are"]
    again = start(plan_of(tmp_path / "w", reprocess="all", inputs=[str(one / "in")]), around())
    assert (again.documents, again.fates) == (0, {"live": 1})


def test_a_chunk_that_is_done_twice_is_committed_once(one: Path, tmp_path: Path) -> None:
    class Twice(Here):
        def run(self, chunks: Any) -> Any:
            for chunk in chunks:
                assert isinstance(chunk, Chunk)
                yield from super().run([chunk])
                yield from super().run([chunk])

    put(tmp_path, Paper("1"))
    outcome = start(plan_of(tmp_path), around(engine=lambda _, work: Twice(work)))
    assert outcome.documents == 1
    assert rows_of(tmp_path / "cdm.duckdb")["measurement"] == rows_of(one / "cdm.duckdb")["measurement"]
