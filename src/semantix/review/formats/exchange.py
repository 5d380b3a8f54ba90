"""What every format is read into and written from, and how a format says what it cannot carry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from msgspec import Struct

from semantix.review.model import NO_COUNTS, NO_TEXTS, Acceptance, Judged, Judgement, Proposal, Source, State


class Entry(Struct, frozen=True, kw_only=True):
    """One source with what is said of it. ``judgement`` is what stands, None when nobody judged.

    ``status_by`` and ``status_on`` (UTC, ISO 8601, empty if unknown) tell who set the state. ``reviewer`` is who is to
    look at it. ``history`` are earlier judgements, where they are kept. ``score`` is the score or probability of the
    match, None when unknown. ``acceptance`` is the rule that accepted it, if one did; ``people`` who judged, in order.
    ``line`` is where the entry begins in the file that it was read from, 0 elsewhere.
    """

    source: Source
    state: State = State.UNMAPPED
    judgement: Judgement | None = None
    proposal: Proposal = Proposal()
    frequency: int = 1
    senders: Mapping[str, int] = NO_COUNTS
    extra: Mapping[str, str] = NO_TEXTS
    score: float | None = None
    status_by: str = ""
    status_on: str = ""
    reviewer: str = ""
    automatic: bool = False
    acceptance: Acceptance | None = None
    people: tuple[str, ...] = ()
    justification: str = ""
    history: tuple[Judged, ...] = ()
    line: int = 0


class Exchange(Struct, frozen=True, kw_only=True):
    """A set of entries and what is said of the set: ``id``, ``version``, ``title``, ``license``, ``date`` and so on.

    ``problems`` are rows that were left out when it was read, each with its place.
    """

    entries: tuple[Entry, ...]
    meta: Mapping[str, str] = NO_TEXTS
    problems: tuple[Problem, ...] = ()


class Problem(Struct, frozen=True):
    """A row that could not be taken, or only in part: where, what was found, what was expected. Never its label."""

    line: int
    found: str
    expected: str


class Loss(Struct, frozen=True, kw_only=True):
    """One kind of thing that a format cannot carry: the ``field``, how many entries have it, and an example.

    ``example`` is a source code (or ``#n``, the place of the entry), never a label. ``reason`` is a key of the words.
    """

    field: str
    count: int
    example: str
    reason: str


class Written(Struct, frozen=True):
    """The bytes of a file and what they do not hold; nothing is missing from both."""

    content: bytes
    losses: tuple[Loss, ...] = ()


class OmopConcept(Struct, frozen=True, kw_only=True):
    """A concept of the OMOP vocabularies; ``standard`` is ``S``, ``C`` or empty, ``invalid`` a reason or empty."""

    id: int
    name: str
    domain: str = ""
    vocabulary: str = ""
    kind: str = ""
    standard: str = ""
    code: str = ""
    valid_from: str = ""
    valid_to: str = ""
    invalid: str = ""


class Concepts(Protocol):
    """Finds OMOP concepts for targets, and back; a store that holds an Athena release, or nothing."""

    def concept_of(self, system: str, code: str) -> OmopConcept | None:
        """The concept of a code, None when it is not known."""
        ...

    def concept(self, number: int) -> OmopConcept | None:
        """The concept of an id, None when it is not known."""
        ...
