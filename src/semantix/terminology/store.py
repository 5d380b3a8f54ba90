"""The terminology store: contract (to be implemented)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from semantix.terminology.records import Concept, Link, Successor, Term


class Store:
    """A folder of compiled releases, opened for reading. Where releases of a system overlap, the newest wins."""

    @classmethod
    def open(cls, folder: Path) -> Store: ...

    def systems(self) -> tuple[str, ...]:
        """Every system with at least one concept."""

    def lookup(self, system: str, code: str) -> Concept | None:
        """Find a concept by its code in canonical form (>= 100,000/s)."""

    def concepts(self, system: str) -> Iterator[Concept]:
        """Every concept of a system, active or not, ordered by code."""

    def terms(self, system: str) -> Iterator[tuple[Term, str]]:
        """Every term of a system with the name of its release (``cim10-atih@2021``), ordered by code, kind, text."""

    def parents(self, system: str, code: str) -> tuple[str, ...]: ...

    def children(self, system: str, code: str) -> tuple[str, ...]: ...

    def successors(self, system: str, code: str) -> tuple[Successor, ...]: ...

    def links(self, system: str, target_system: str) -> Iterator[tuple[Link, str]]:
        """Every official correspondence between two systems, with the name of its release."""

    def links_of(self, system: str, code: str, target_system: str) -> tuple[tuple[Link, str], ...]: ...

    def fingerprint(self, systems: tuple[str, ...]) -> str:
        """A digest of the releases that hold these systems: the key of what is learned from them."""
