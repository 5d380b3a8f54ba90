"""The figures of a served desk, kept a while: agreement on a large desk takes seconds, and everybody asks for it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from semantix.review.desk import Desk
from semantix.review.figures import measure
from semantix.review.statistics import Statistics

LONGEST = 60.0
"""Seconds for which figures may be shown although something was done since."""
PATIENCE = 20.0
"""They may be so many times as old as they took to measure: those of a small desk are always new."""


class Measured(Struct, frozen=True, kw_only=True):
    """Figures, when they were measured, and at which event: at the same event they are still exact."""

    statistics: Statistics
    at: datetime
    event: int


class Figures:
    """The figures of one desk. Safe to share between threads: one measures, the others get what is there."""

    def __init__(self, clock: Callable[[], datetime], tick: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._tick = clock, tick
        self._lock = threading.Lock()
        self._kept: Measured | None = None
        self._over = 0.0

    def of(self, desk: Desk, store: Path | None) -> Measured:
        """Return the figures, measured anew when they are too old. Raises BadStore when the store cannot be opened."""
        kept = self._kept
        if kept is not None and self._is_good(kept, desk.last_event()):
            return kept
        # Who asks first waits; while somebody measures anew, the figures of before are good enough for the others.
        if not self._lock.acquire(blocking=kept is None):
            assert kept is not None
            return kept
        try:
            event = desk.last_event()
            if self._kept is not None and self._is_good(self._kept, event):
                return self._kept
            begun = self._tick()
            measured = Measured(statistics=measure(desk.gather(), store), at=self._clock(), event=event)
            ended = self._tick()
            self._kept, self._over = measured, ended + min(LONGEST, PATIENCE * (ended - begun))
            return measured
        finally:
            self._lock.release()

    def _is_good(self, kept: Measured, event: int) -> bool:
        return kept.event == event or self._tick() < self._over
