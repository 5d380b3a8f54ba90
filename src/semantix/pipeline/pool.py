"""Work on several processes, results in the order of the inputs, and never more than a few inputs in flight."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any, Generic, Protocol, TypeVar

from semantix.pipeline.collector import look_rarely, rare_collection
from semantix.pipeline.inputs import Archive
from semantix.report import Unreadable

WINDOW = 4
"""Inputs in flight a process: enough to keep it busy, few enough for memory to stay flat."""

Made_co = TypeVar("Made_co", covariant=True)
Job = TypeVar("Job")
Job_contra = TypeVar("Job_contra", contravariant=True)


class Doer(Protocol[Job_contra, Made_co]):
    """What does the work of a task; one a process, so that what it loads is loaded once."""

    def do(self, task: Job_contra) -> Iterator[Made_co]:
        """The results of one task. Whatever is wrong with the task is among them: nothing is raised."""


class Work(Protocol[Job_contra, Made_co]):
    """Makes a doer in each process, and says what is lost when a process dies; it crosses to other processes."""

    def doer(self) -> Doer[Job_contra, Made_co]:
        """Make a doer."""

    def lost(self, task: Job_contra) -> Sequence[Made_co]:
        """The results of a task whose process died twice."""


def in_order(
    steps: Iterable[Job | Archive | Unreadable],
    work: Work[Job, Made_co],
    jobs: int,
    doer: Doer[Job, Made_co] | None = None,
) -> Generator[Made_co | Archive | Unreadable]:
    """Do the work of each step; yield the results in their order. ``doer`` serves a run without processes."""
    if jobs > 1:
        yield from apart(steps, work, jobs)
        return
    here = doer or work.doer()
    with rare_collection():
        for step in steps:
            if isinstance(step, Archive | Unreadable):
                yield step
            else:
                yield from here.do(step)


def apart(
    steps: Iterable[Job | Archive | Unreadable], work: Work[Job, Made_co], jobs: int
) -> Generator[Made_co | Archive | Unreadable]:
    """Do the work of each step in other processes, even if there is one: what kills it does not kill this one."""
    yield from _Pool(work, jobs).run(steps)


_doer: Doer[Any, Any] | None = None
"""One a process."""


def _start(make: Callable[[], Doer[Any, Any]]) -> None:
    global _doer  # noqa: PLW0603 - the executor offers no other way to keep something in a worker
    # Ctrl-C reaches every process of the terminal: the main one decides, the workers do not each show a trace.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    look_rarely()
    _doer = make()


def _end_with_parent() -> None:
    """A worker whose main process was killed would wait for work for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _do(task: Any) -> list[Any]:
    assert _doer is not None
    return list(_doer.do(task))


class _Pool(Generic[Job, Made_co]):
    """Processes that may die (killed for memory, a fault in C): the document at fault is named, the others go on."""

    def __init__(self, work: Work[Job, Made_co], jobs: int) -> None:
        self._work = work
        self._jobs = jobs
        self._executor = self._fresh(jobs)
        self._window: deque[tuple[Job | Archive | Unreadable, Future[Sequence[Made_co]] | None]] = deque()

    def _fresh(self, jobs: int) -> ProcessPoolExecutor:
        # "spawn" is the same on every system, and safe with the threads of the libraries loaded.
        context = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(jobs, mp_context=context, initializer=_start, initargs=(self._work.doer,))

    def run(self, steps: Iterable[Job | Archive | Unreadable]) -> Iterator[Made_co | Archive | Unreadable]:
        try:
            for step in steps:
                self._window.append((step, self._submit(step)))
                if len(self._window) >= WINDOW * self._jobs:
                    yield from self._next()
            while self._window:
                yield from self._next()
        finally:
            self._executor.shutdown(wait=True, cancel_futures=True)

    def _submit(self, step: Job | Archive | Unreadable) -> Future[Sequence[Made_co]] | None:
        if isinstance(step, Archive | Unreadable):
            return None
        try:
            return self._executor.submit(_do, step)
        except BrokenProcessPool:
            failed: Future[Sequence[Made_co]] = Future()
            failed.set_exception(BrokenProcessPool())
            return failed

    def _next(self) -> Sequence[Made_co | Archive | Unreadable]:
        step, future = self._window.popleft()
        if isinstance(step, Archive | Unreadable):
            return (step,)
        assert future is not None
        try:
            return future.result()
        except BrokenProcessPool:
            return self._retry(step)

    def _retry(self, task: Job) -> Sequence[Made_co | Archive | Unreadable]:
        """Do one task alone after a process died, then start again those that were in flight."""
        self._executor.shutdown(wait=True, cancel_futures=True)
        alone = self._fresh(1)
        try:
            outcomes: Sequence[Made_co] = alone.submit(_do, task).result()
        except BrokenProcessPool:
            outcomes = self._work.lost(task)
        finally:
            alone.shutdown(wait=True, cancel_futures=True)
        self._executor = self._fresh(self._jobs)
        waiting = [step for step, _ in self._window]
        self._window.clear()
        self._window.extend((step, self._submit(step)) for step in waiting)
        return outcomes
