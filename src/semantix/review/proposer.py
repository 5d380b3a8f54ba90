"""Candidates for what comes without: by the engine over a store, or by the curated tables alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from semantix.resources import version
from semantix.review.formats.exchange import Entry
from semantix.review.intake.proposing import Decider, Versions, propose, targets_of
from semantix.review.lookup import Lookup
from semantix.terminology.curated import Curated
from semantix.terminology.engine import PRECISION, Engine


def _silent(_: str) -> None:
    """Tell nobody."""


def _quiet(_done: int, _wanted: int) -> None:
    """Tell nobody."""


class Proposer:
    """Gives candidates to entries that have none. The engine is opened when the first of them comes.

    ``learning`` hears which target is learned, ``progress`` how many of how many entries were decided.
    """

    def __init__(
        self,
        store: Path | None = None,
        tables: Sequence[Path] = (),
        precision: float = PRECISION,
        learning: Callable[[str], None] = _silent,
        progress: Callable[[int, int], None] = _quiet,
    ) -> None:
        self._store, self._tables, self._precision = store, tuple(tables), precision
        self._learning, self._progress = learning, progress
        self._decider: Decider | None = None

    def propose(self, entries: Sequence[Entry]) -> tuple[Entry, ...]:
        """Return the entries in their order, those without candidates given some. Raises BadStore, BadTable."""
        targets = targets_of(entries)
        if not targets:
            return tuple(entries)
        if self._decider is None:
            self._decider = self._opened()
        versions = Versions(engine=f"semantix {version()}", stores=self._releases(targets))
        return propose(entries, self._decider, versions, self._progress)

    def _opened(self) -> Decider:
        if self._store is None:
            return Curated.load(self._tables)
        return Engine.open(self._store, precision=self._precision, extra_tables=self._tables, tell=self._learning)

    def _releases(self, targets: Iterable[str]) -> Mapping[str, str]:
        """The releases in use, by target."""
        if self._store is None:
            return {}
        with Lookup.open(self._store, stores=1) as lookup:
            return {target: lookup.version(target) for target in targets}
