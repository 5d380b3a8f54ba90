"""The counting of what a format cannot carry."""

from __future__ import annotations

from semantix.review.formats.exchange import Loss
from semantix.review.model import Source


class Tally:
    """Counts losses by field and reason: each once an entry, with the first entry that shows it."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], tuple[int, str]] = {}
        self._last: dict[tuple[str, str], int] = {}

    def add(self, field: str, source: Source, place: int, reason: str) -> None:
        """Count an entry; ``place`` is that of the entry, from 1."""
        self.count(field, reason, place, source.code or f"#{place}")

    def count(self, field: str, reason: str, place: int, example: str) -> None:
        """Count what is at a place, under the example that is told of the first."""
        if self._last.get((field, reason)) == place:
            return
        self._last[field, reason] = place
        times, first = self._found.get((field, reason), (0, example))
        self._found[field, reason] = times + 1, first

    def losses(self) -> tuple[Loss, ...]:
        """What was counted, sorted by field and reason."""
        return tuple(
            Loss(field=field, count=count, example=example, reason=reason)
            for (field, reason), (count, example) in sorted(self._found.items())
        )
