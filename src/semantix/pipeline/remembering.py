"""What a run remembers of what it met first, in bounded memory: beyond, the oldest is forgotten and nothing is told."""

from __future__ import annotations

KEPT = 500_000
"""Keys remembered: some 100 MB."""


class First:
    """The first value that each key came with, for the last :data:`KEPT` keys."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._values: dict[bytes, bytes] = {}

    def is_other(self, key: bytes, value: bytes) -> bool:
        """True when the key was met before with another value."""
        values = self._values
        known = values.get(key)
        if known is not None:
            return known != value
        if len(values) >= self._kept:
            del values[next(iter(values))]
        values[key] = value
        return False
