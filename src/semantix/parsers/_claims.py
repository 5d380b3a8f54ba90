"""What a parser offers: to recognise a file cheaply, and to read it."""

from __future__ import annotations

from typing import Protocol

from msgspec import Struct

from semantix.model import Document


class Claim(Struct, frozen=True):
    """A parser's opinion that a file is its own. ``confidence`` is between 0 and 1; ``why`` is for people."""

    format: str
    version: str | None
    confidence: float
    why: str


class Parser(Protocol):
    """One source format."""

    @property
    def name(self) -> str:
        """The short name of the format."""

    def claims(self, head: bytes, name: str) -> Claim | None:
        """Look at the beginning of a file, or at all of it; None means "not mine"."""

    def parse(self, data: bytes, name: str) -> Document:
        """Read a whole file. Raises UnreadableInput."""
