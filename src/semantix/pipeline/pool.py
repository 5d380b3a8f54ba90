"""Work on several processes, results in the order of the inputs, and never more than a few inputs in flight."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING

from semantix.pipeline.collector import look_rarely, rare_collection
from semantix.pipeline.faults import INTERNAL_ERROR
from semantix.pipeline.inputs import Archive, Step, Task
from semantix.pipeline.plan import Plan
from semantix.pipeline.work import Finished, Result, Worker, mapper_of, quarantine
from semantix.report import Reading, Unreadable

if TYPE_CHECKING:
    from semantix.pipeline.mapping import Mapper

WINDOW = 4
"""Inputs in flight a process: enough to keep it busy, few enough for memory to stay flat."""

Outcome = Result | Archive


def in_order(steps: Iterable[Step], plan: Plan, jobs: int, mapper: Mapper | None = None) -> Generator[Outcome]:
    """Do the work of each step; yield the outcomes in the order of the steps. ``mapper`` is that of the plan."""
    if jobs > 1:
        if mapper is not None:
            # Once, here: each process would learn the same.
            mapper.learn()
        yield from _Pool(plan, jobs).run(steps)
        return
    worker = Worker(plan, mapper)
    with rare_collection():
        for step in steps:
            if isinstance(step, Task):
                yield from worker.do(step)
            else:
                yield step


_worker: Worker | None = None
"""One a process: what a worker loads (a vocabulary) is loaded once."""


def _start(plan: Plan) -> None:
    global _worker  # noqa: PLW0603 - the executor offers no other way to keep something in a worker
    # Ctrl-C reaches every process of the terminal: the main one decides, the workers do not each show a trace.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    look_rarely()
    _worker = Worker(plan, mapper_of(plan))


def _end_with_parent() -> None:
    """A worker whose main process was killed would wait for work for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _do(task: Task) -> list[Result]:
    assert _worker is not None
    return list(_worker.do(task))


class _Pool:
    """Processes that may die (killed for memory, a fault in C): the document at fault is named, the others go on."""

    def __init__(self, plan: Plan, jobs: int) -> None:
        self._plan = plan
        self._jobs = jobs
        self._executor = self._fresh(jobs)
        self._window: deque[tuple[Step, Future[list[Result]] | None]] = deque()

    def _fresh(self, jobs: int) -> ProcessPoolExecutor:
        # "spawn" is the same on every system, and safe with the threads of the libraries loaded.
        context = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(jobs, mp_context=context, initializer=_start, initargs=(self._plan,))

    def run(self, steps: Iterable[Step]) -> Iterator[Outcome]:
        try:
            for step in steps:
                self._window.append((step, self._submit(step)))
                if len(self._window) >= WINDOW * self._jobs:
                    yield from self._next()
            while self._window:
                yield from self._next()
        finally:
            self._executor.shutdown(wait=True, cancel_futures=True)

    def _submit(self, step: Step) -> Future[list[Result]] | None:
        if not isinstance(step, Task):
            return None
        try:
            return self._executor.submit(_do, step)
        except BrokenProcessPool:
            failed: Future[list[Result]] = Future()
            failed.set_exception(BrokenProcessPool())
            return failed

    def _next(self) -> Sequence[Outcome]:
        step, future = self._window.popleft()
        if not isinstance(step, Task):
            return (step,)
        assert future is not None
        try:
            return future.result()
        except BrokenProcessPool:
            return self._retry(step)

    def _retry(self, task: Task) -> Sequence[Outcome]:
        """Do one task alone after a process died, then start again those that were in flight."""
        self._executor.shutdown(wait=True, cancel_futures=True)
        alone = self._fresh(1)
        try:
            outcomes: list[Result] = alone.submit(_do, task).result()
        except BrokenProcessPool:
            words = "the process that read it died (out of memory?)"
            reading = Reading()
            quarantine(task, reading)
            outcomes = [Unreadable(task.entry.name, INTERNAL_ERROR, words), Finished(task.entry.name, reading)]
        finally:
            alone.shutdown(wait=True, cancel_futures=True)
        self._executor = self._fresh(self._jobs)
        waiting = [step for step, _ in self._window]
        self._window.clear()
        self._window.extend((step, self._submit(step)) for step in waiting)
        return outcomes
