"""Work on several processes: order, a process that dies, and memory that stays flat."""

from __future__ import annotations

from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool

import pytest

from semantix.io import Entry
from semantix.pipeline import pool
from semantix.pipeline.inputs import Archive, Task
from semantix.pipeline.plan import Options, plan_of
from semantix.pipeline.work import Conversion
from semantix.report import Unreadable

WORK = Conversion(plan_of(Options()))


def task(name: str) -> Task:
    return Task(entry=Entry(name, name, name))


class Executor:
    """Stands for the processes: does the work at once, and dies on the names it is told."""

    deadly: frozenset[str] = frozenset()
    most = 0

    def __init__(self, jobs: int, **_: object) -> None:
        self.jobs = jobs
        self.broken = False
        self.pending = 0

    def submit(self, function: object, step: Task) -> Future[list[Unreadable]]:
        if self.broken:
            raise BrokenProcessPool
        future: Future[list[Unreadable]] = Future()
        if step.entry.name in self.deadly:
            self.broken = True
            future.set_exception(BrokenProcessPool())
        else:
            future.set_result([Unreadable(step.entry.name, "done", "")])
        return future

    def shutdown(self, **_: object) -> None:
        self.broken = True


@pytest.fixture
def executor(monkeypatch: pytest.MonkeyPatch) -> type[Executor]:
    monkeypatch.setattr(pool, "ProcessPoolExecutor", Executor)
    monkeypatch.setattr(Executor, "deadly", frozenset())
    return Executor


def outcomes(names: list[str], jobs: int = 2) -> list[tuple[str, str]]:
    steps = [task(name) for name in names]
    return [(o.name, o.error) for o in pool.in_order(steps, WORK, jobs) if isinstance(o, Unreadable)]


@pytest.mark.usefixtures("executor")
def test_outcomes_come_in_the_order_of_the_inputs() -> None:
    names = [f"{n}.xml" for n in range(50)]
    assert outcomes(names) == [(name, "done") for name in names]


@pytest.mark.parametrize("position", [0, 5, 19])
def test_the_document_that_kills_a_process_is_named_and_the_others_go_on(executor, monkeypatch, position: int) -> None:
    names = [f"{n}.xml" for n in range(20)]
    monkeypatch.setattr(executor, "deadly", frozenset({names[position]}))
    expected = [(name, "internal-error" if name == names[position] else "done") for name in names]
    assert outcomes(names) == expected


@pytest.mark.usefixtures("executor")
def test_no_more_than_a_window_of_inputs_is_read_ahead() -> None:
    taken = 0

    def steps():
        nonlocal taken
        for n in range(100):
            taken += 1
            yield task(f"{n}.xml")

    flow = pool.in_order(steps(), WORK, 2)
    next(flow)
    assert taken <= pool.WINDOW * 2
    flow.close()


@pytest.mark.usefixtures("executor")
@pytest.mark.parametrize("jobs", [1, 2])
def test_what_needs_no_work_keeps_its_place(jobs: int) -> None:
    steps = [Archive("a.zip", "ZIP", 0), Unreadable("b.zip", "UnreadableInput", "")]
    assert list(pool.in_order(steps, WORK, jobs)) == steps
