"""What a run that was stopped leaves, and what is made of it: nothing half, nothing twice, nothing hidden."""

import sqlite3

import pytest
from tests.runs_crash import write_inputs
from tests.runs_documents import INS, ins
from tests.runs_warehouse import around, files_of, plan_in, rows_of

from semantix.errors import BadTarget, UnfinishedRun
from semantix.runs import conduct, erasing, upkeep
from semantix.runs.publishing.ndjson import NdjsonTarget
from semantix.runs.register import Register
from semantix.runs.staging import folder_of

DUCKDB = {"kind": "duckdb", "path": "cdm.duckdb"}
FHIR = {"kind": "fhir", "path": "fhir"}


@pytest.fixture(autouse=True)
def no_reports(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conduct, "write_reports", lambda *_: None)


class Stop(Exception):
    """Ends a run where it is raised."""


def stop(*_: object) -> None:
    raise Stop


def test_the_undo_of_a_run_that_some_targets_took_takes_it_back_from_them_too(tmp_path, monkeypatch):
    plan = plan_in(tmp_path, targets=[DUCKDB, FHIR], chunks={"files": 20})
    write_inputs(tmp_path, "first")
    conduct.start(plan, around())
    fhir, people = files_of(tmp_path / "fhir"), rows_of(tmp_path / "cdm.duckdb")["person"]
    write_inputs(tmp_path, "second")
    with monkeypatch.context() as patched:
        patched.setattr(NdjsonTarget, "publish", stop)
        with pytest.raises(Stop):
            conduct.start(plan, around())
    assert rows_of(tmp_path / "cdm.duckdb")["person"] != people
    upkeep.undo(plan, around())
    assert rows_of(tmp_path / "cdm.duckdb")["person"] == people
    now = files_of(tmp_path / "fhir")
    assert {name: one for name, one in now.items() if name != "index.json"} == {
        name: one for name, one in fhir.items() if name != "index.json"
    }


def test_counts_of_what_was_published_before_a_stop_are_in_the_journal(tmp_path, monkeypatch):
    plan = plan_in(tmp_path, targets=[DUCKDB, FHIR], chunks={"files": 20})
    write_inputs(tmp_path, "first")
    with monkeypatch.context() as patched:
        patched.setattr(NdjsonTarget, "publish", stop)
        with pytest.raises(Stop):
            conduct.start(plan, around())
    assert set(conduct.resume(plan, around()).published) == {"duckdb", "fhir"}
    with Register.open(plan.state, write=False) as register:
        (end,) = register.entries(1, "end")
    assert set(end.body["published"]) == {"duckdb", "fhir"}


def test_chunks_that_are_never_committed_leave_no_folder(tmp_path):
    plan = plan_in(tmp_path, targets=[DUCKDB])
    write_inputs(tmp_path, "first")
    with pytest.raises(Stop):
        conduct.start(plan, around(tell=lambda told: stop() if told.step == "read" else None))
    staged = plan.state / "staged"
    for name in (".00000002.abc.part", ".alone-abc"):
        (staged / name).mkdir()
    folder_of(staged, 2).mkdir()
    (plan.state / ".publishing-abc").mkdir()
    with pytest.raises(UnfinishedRun):
        conduct.start(plan, around())
    upkeep.undo(plan, around())
    assert [path.name for path in staged.iterdir()] == ["00000001"]
    assert [path.name for path in plan.state.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize("where", ["replace_files", "_clean"])
def test_an_erasure_that_is_stopped_anywhere_is_ended_by_a_resume(tmp_path, monkeypatch, where):
    plan = plan_in(tmp_path, targets=[DUCKDB], chunks={"files": 4})
    write_inputs(tmp_path, "first")
    conduct.start(plan, around())
    with monkeypatch.context() as patched:
        patched.setattr(erasing, where, stop)
        with pytest.raises(Stop):
            upkeep.exclude(plan, around(), [f"{INS};{ins('2')}"])
    conduct.resume(plan, around())
    with Register.open(plan.state, write=False) as register:
        (told,) = register.entries(2, "erased")
        assert register.about(erasing._DUE) == "no"
        assert register.rows("SELECT count(*) FROM document WHERE fate = 'excluded'") == [(0,)]
    assert told.body["documents"] > 0


@pytest.mark.parametrize(
    "error", [sqlite3.OperationalError("database or disk is full"), OSError(28, "No space left on device")]
)
def test_what_the_disk_refuses_the_register_is_told_and_a_bug_stays_one(tmp_path, error):
    with pytest.raises(BadTarget, match=r"cannot be written.*then semantix run resume"), Register.open(tmp_path):
        raise error
    with pytest.raises(FileNotFoundError), Register.open(tmp_path):
        raise FileNotFoundError(2, "a bug")
