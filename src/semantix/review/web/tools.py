"""What the pages use beside the desk: the store to look codes up, and what the engine knows of its own doubt."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from semantix.errors import BadStore
from semantix.review.lookup import Lookup
from semantix.terminology.engine import Engine

HeldOut = tuple[tuple[float, bool], ...]


class Tools:
    """The store of a served desk, opened for all; without one, nothing is found and nothing is known."""

    def __init__(self, store: Path | None, lookup: Lookup | None, tables: Sequence[Path], precision: float) -> None:
        self.store = store
        self.lookup = lookup
        self.precision = precision
        self._tables = tuple(tables)
        self._lock = threading.Lock()
        self._engine: Engine | None = None
        self._held: dict[str, HeldOut] = {}

    def held_out(self, target: str) -> HeldOut:
        """What the engine's held-out pairs say of its probabilities for a target; empty where it knows nothing of it.

        The first question about a target opens the engine, and may have it learn: seconds to minutes.
        """
        if self.store is None or not target:
            return ()
        with self._lock:
            if target not in self._held:
                if self._engine is None:
                    self._engine = Engine.open(self.store, precision=self.precision, extra_tables=self._tables)
                try:
                    self._held[target] = self._engine.held_out(target)
                except BadStore:
                    # The store has no such terminology: the desk's own judgements are all there is.
                    self._held[target] = ()
            return self._held[target]


@contextmanager
def open_tools(store: Path | None, tables: Sequence[Path] = (), precision: float = 0.98) -> Iterator[Tools]:
    """Open the tools around a store, or around none. Raises BadStore."""
    if store is None:
        yield Tools(None, None, tables, precision)
        return
    with Lookup.open(store) as lookup:
        yield Tools(store, lookup, tables, precision)
