"""Figures of the whole desk that are shown on every page, remembered for a moment."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType

from msgspec import Struct
from sqlalchemy import Connection

from semantix.review.desk import log, queue
from semantix.review.desk.queue import Progress
from semantix.review.model import State

KEPT_SECONDS = 2.0
"""How long the progress may be shown again without asking the database."""
CHOICES_SECONDS = 30.0


class _Taken(Struct, frozen=True):
    """The progress, when it was counted, and the last event that it counted."""

    at: float
    event: int
    progress: Progress


class Figures:
    """What is remembered of one desk; safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counting = threading.Lock()
        self._choosing = threading.Lock()
        self._progress: _Taken | None = None
        self._choices: tuple[float, Mapping[str, tuple[str, ...]]] | None = None

    def progress(self, connection: Connection) -> Progress:
        """Codes and records by state, of KEPT_SECONDS ago at most."""
        with _alone(self._counting, self._progress is not None) as is_turn:
            known = self._progress
            if known is not None and (not is_turn or time.monotonic() - known.at < KEPT_SECONDS):
                return known.progress
            fresh = _Taken(time.monotonic(), log.last(connection), queue.progress(connection))
            with self._lock:
                self._progress = fresh
            return fresh.progress

    def choices(self, connection: Connection) -> Mapping[str, tuple[str, ...]]:
        """What can be chosen in the filters, of CHOICES_SECONDS ago at most."""
        with _alone(self._choosing, self._choices is not None) as is_turn:
            known = self._choices
            if known is None or (is_turn and time.monotonic() - known[0] > CHOICES_SECONDS):
                known = time.monotonic(), queue.choices(connection)
                with self._lock:
                    self._choices = known
            return known[1]

    def count(self, event: int, before: State, after: State, frequency: int) -> None:
        """Keep what is remembered true to an event that was just saved, unless it was counted already."""
        with self._lock:
            known = self._progress
            if known is None or before is after or event <= known.event:
                return
            states = dict(known.progress.states)
            for state, step in ((before, -1), (after, 1)):
                codes, records = states.get(state, (0, 0))
                states[state] = codes + step, records + step * frequency
            self._progress = _Taken(known.at, known.event, Progress(MappingProxyType(states)))

    def forget(self) -> None:
        """Forget everything: what was done changes it all."""
        with self._lock:
            self._progress = None
            self._choices = None


@contextmanager
def _alone(lock: threading.Lock, may_go: bool) -> Iterator[bool]:
    """Let one at a time ask the database, or twenty people ask it the same at once.

    Gives whether it is this one's turn; who may go on with what is remembered does not wait for it.
    """
    is_turn = lock.acquire(blocking=not may_go)
    try:
        yield is_turn
    finally:
        if is_turn:
            lock.release()
