"""Matchers: from French wording to ranked codes of one target system. One contract, one matcher a kind of content."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from msgspec import Struct

from semantix.model import Context, Evidence, Query

__all__ = ["KINDS_OF_SOURCE", "Example", "Matcher", "Ranked", "Request"]

KINDS_OF_SOURCE = ("label", "abbreviated", "free-text")
"""Kinds of source text, each calibrated apart: a structured label, an abbreviated one, a person's own words."""


class Request(Struct, frozen=True):
    """One question to a matcher."""

    query: Query
    context: Context = Context()


class Ranked(Struct, frozen=True):
    """One candidate code. ``score`` orders the candidates of one request.

    ``confidence`` in [0, 1] is the matcher's raw belief that this candidate is right (not yet calibrated, comparable
    between requests of one target). ``conflicts`` name what forbids automatic acceptance. ``kind`` is the kind of
    source that the request was taken for, where the matcher only knows after ranking.
    """

    code: str
    score: float
    confidence: float
    evidence: tuple[Evidence, ...] = ()
    conflicts: tuple[str, ...] = ()
    kind: str = ""


class Example(Struct, frozen=True):
    """A held-out pair that was ranked without its own row: what calibration is fitted on."""

    kind: str
    confidence: float
    right: bool


class Matcher(Protocol):
    """What ranks the codes of one target system. The same request gives the same answer, whatever its batch."""

    def rank(self, requests: Sequence[Request], top: int = 10) -> list[tuple[Ranked, ...]]:
        """Return at most ``top`` candidates a request, best first; none when nothing is near."""
        ...

    def kind_of(self, request: Request) -> str:
        """Tell which of KINDS_OF_SOURCE a request is."""
        ...

    def examples(self) -> Iterator[Example]:
        """Rank held-out pairs, seeded: each query is taken out of the index, with every identical wording, first."""
        ...
