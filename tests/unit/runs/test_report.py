"""What is told of runs from their register: status, comparison, report."""

import json
import shutil
from pathlib import Path

import pytest
from tests.runs_documents import Paper, write
from tests.runs_warehouse import around, plan_in

from semantix.errors import BadPlan
from semantix.runs.comparing import Difference, compare
from semantix.runs.conduct import start
from semantix.runs.plan import RunPlan
from semantix.runs.register import Register, RunState
from semantix.runs.report import facts_of, report_of, write_reports
from semantix.runs.reporting import to_json
from semantix.runs.status import status_of
from semantix.runs.sums import sums_of
from semantix.runs.upkeep import undo

LABORATORY = Path(__file__).resolve().parents[3] / "examples" / "sources" / "laboratoire"
CLOCK = [
    "2026-03-01T01:00:00+00:00",
    "2026-03-01T01:00:40+00:00",
    "2026-03-02T01:00:00+00:00",
    "2026-03-02T01:00:00+00:00",
]


def plan_of(folder: Path) -> RunPlan:
    return plan_in(
        folder,
        targets=[{"kind": "duckdb", "path": "cdm.duckdb"}],
        chunks={"files": 2},
        report={"folder": "told", "min_group": 1, "lang": "en"},
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a warehouse of two runs told by a clock, and of one taken back without."""
    folder = tmp_path_factory.mktemp("made")
    shutil.copytree(LABORATORY, folder / "in")
    (folder / "in" / "bad.xml").write_bytes(b"<bad")
    (folder / "in" / "notes.md").write_bytes(b"#")
    ticks = iter(CLOCK)
    start(plan_of(folder), around(now=lambda: next(ticks)))
    (folder / "in" / "1.xml").write_bytes(write(Paper("1")))
    start(plan_of(folder), around(now=lambda: next(ticks)))
    return folder


def test_each_run_is_told_with_how_far_it_is(made: Path) -> None:
    found = status_of(made / "state")
    first, second = found.runs
    assert (first.run, first.kind, first.state, first.documents, first.quarantined) == (1, "run", "done", 2, 1)
    assert (first.chunks, first.chunks_done, first.began, first.ended) == (2, 2, CLOCK[0], CLOCK[1])
    assert (second.documents, second.quarantined, second.began) == (1, 0, CLOCK[2])
    assert (found.unfinished, found.publication, found.left_out, found.fates) == (0, 2, 0, {"live": 3})
    [held] = found.quarantine
    assert (Path(held.name).name, held.error, held.inside, held.lines) == ("bad.xml", "UnreadableInput", "", 0)
    assert len(held.sha256) == 64


def test_runs_differ_by_what_they_read_and_not_by_their_cost(made: Path) -> None:
    with Register.open(made / "state", write=False) as register:
        assert compare(register, 1, 1) == []
        found = {one.what: one for one in compare(register, 1, 2)}
        assert found["documents"] == Difference("documents", 2, 1)
        assert found["quarantined / UnreadableInput"] == Difference("quarantined / UnreadableInput", 1, None)
        assert found["counts / documents / CDA R2"] == Difference("counts / documents / CDA R2", None, 1)
        assert found["fates / live"] == Difference("fates / live", 2, 3)
        assert not [name for name in found if name.startswith(("cost", "versions"))]
        back = compare(register, 2, 1)
        assert [(one.what, one.after, one.before) for one in back] == [
            (f.what, f.before, f.after) for f in found.values()
        ]
        for before, after in ((1, 9), (9, 1)):
            with pytest.raises(BadPlan, match="run 9: no such run; semantix run status lists them"):
                compare(register, before, after)


def test_the_facts_of_a_report_are_those_of_the_journal(made: Path) -> None:
    with Register.open(made / "state", write=False) as register:
        first, second = register.runs()
        facts = facts_of(register, first)
        assert (facts.run, facts.day, facts.state, facts.files, facts.read) == (1, "2026-03-01", "ended", 4, 2)
        assert facts.seconds == 40
        assert facts.fates == {"live": 2}
        assert facts.quarantine == {"UnreadableInput": 1}
        assert facts.ignored == {".md": 1}
        assert facts.decisions["loinc"]["curated"] == sums_of(register, 1)["counts"]["decisions"]["loinc|curated"]
        assert facts.bytes_read == sums_of(register, 1)["bytes"] > 0
        assert facts.versions["semantix"]
        # A run of no time by the clock took some all the same.
        assert facts_of(register, second).seconds == 1


def test_the_report_of_a_run_is_written_at_its_end_and_measured_again_alike(made: Path) -> None:
    plan = plan_of(made)
    assert sorted(path.name for path in (made / "told").iterdir()) == [
        "run-0001.html", "run-0001.json", "run-0002.html", "run-0002.json",
    ]  # fmt: skip
    assert to_json(report_of(plan, 2)) == to_json(report_of(plan))
    last = (made / "told" / "run-0002.json").read_bytes()
    assert json.loads(last) == json.loads(to_json(report_of(plan)))
    assert b'lang="en"' in (made / "told" / "run-0002.html").read_bytes()
    with Register.open(made / "state", write=False) as register:
        write_reports(plan, register, register.runs()[1])
    assert (made / "told" / "run-0002.json").read_bytes() == last
    assert not list((made / "state").glob(".report-*"))


def test_a_run_that_read_nothing_has_no_report(made: Path, tmp_path: Path) -> None:
    with pytest.raises(BadPlan, match="run 7: no run of that number read anything; semantix run status lists them"):
        report_of(plan_of(made), 7)
    (tmp_path / "in").mkdir()
    Register.open(tmp_path / "state").close()
    with pytest.raises(BadPlan, match="no run read anything yet; semantix run status lists them"):
        report_of(plan_of(tmp_path))


def test_a_run_taken_back_is_told_as_such_and_an_undo_has_no_report(made: Path, tmp_path: Path) -> None:
    shutil.copytree(made, tmp_path / "copy")
    plan = plan_of(tmp_path / "copy")
    undo(plan, around())
    found = status_of(plan.state)
    assert [(one.kind, one.state) for one in found.runs] == [("run", "done"), ("run", "undone"), ("undo", "done")]
    assert found.fates == {"live": 2}
    with pytest.raises(BadPlan, match="run 3: no run of that number read anything"):
        report_of(plan, 3)
    with Register.open(plan.state, write=False) as register:
        assert register.runs()[1].state is RunState.UNDONE
        facts = facts_of(register, register.runs()[2])
        assert (facts.state, facts.read, facts.seconds, facts.day) == ("ended", 0, 0, "")
