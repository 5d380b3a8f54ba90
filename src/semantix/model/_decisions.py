"""What the terminology engine is asked, and what it answers: values that emitters, reports and the desk can show."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

from semantix.model._values import Place


class Context(Struct, frozen=True, kw_only=True):
    """What is known around a query; an empty field is unknown, never "no".

    ``sender`` names who uses a local code; ``unit`` is as written; ``section`` is the kind of statement (one of
    SECTIONS); ``sex`` is ``male`` or ``female``; ``age`` is in years.
    """

    sender: str = ""
    unit: str = ""
    specimen: str = ""
    section: str = ""
    sex: str = ""
    age: float | None = None


SECTIONS = (
    "problem", "history", "family-history", "allergy", "procedure", "medication", "vaccination", "laboratory",
    "vital-sign", "other",
)  # fmt: skip
"""The kinds of statement that a Context may name."""


class Query(Struct, frozen=True, kw_only=True):
    """What a source says: a ``text``, a local or official ``code`` of ``system``, or both.

    ``system`` is a key of semantix.systems, or an OID or URI as written; empty when the source does not say.
    """

    text: str = ""
    code: str = ""
    system: str = ""


class Outcome(StrEnum):
    """How a decision was reached, strongest first; a stronger kind of evidence always wins over a weaker one."""

    EXACT = "exact"
    CURATED = "curated"
    EQUIVALENT = "equivalent"
    CANDIDATE = "candidate"
    ABSTAINED = "abstained"


class Evidence(Struct, frozen=True):
    """One named reason for or against a candidate.

    ``kind`` is a stable word (``code``, ``label``, ``synonym``, ``word``, ``expanded``, ``missing``, ``conflict``...),
    ``detail`` says which words, and ``source`` which table or release, with its version.
    """

    kind: str
    detail: str
    source: str = ""


class Candidate(Struct, frozen=True):
    """A possible target. ``score`` orders candidates of one decision; ``probability`` is calibrated, 0 when unknown.

    ``conflicts`` name what forbids automatic acceptance (``negation``, ``laterality``, ``number``...).
    """

    system: str
    code: str
    display: str
    score: float
    probability: float
    evidence: tuple[Evidence, ...] = ()
    conflicts: tuple[str, ...] = ()


class Decision(Struct, frozen=True):
    """The engine's answer for one query and one target system: candidates best first.

    ``accepted`` is true when the first candidate may be used without review: always for ``exact``, ``curated`` and
    ``equivalent``; for ``candidate`` only above the acceptance rule. ``reason`` says why not, else how.
    """

    query: Query
    context: Context
    target: str
    outcome: Outcome
    candidates: tuple[Candidate, ...]
    accepted: bool
    reason: str


class MappedCoding(Struct, frozen=True):
    """A code that the source does not hold: what the engine found for one of its concepts, and how.

    ``system`` is an OID or URI, as in a Coding; ``probability`` is 0 when unknown; ``source`` names the tables and
    releases that say so, with their versions.
    """

    system: str
    code: str
    display: str
    method: Outcome
    probability: float = 0.0
    source: str = ""


MappedCodings = Mapping[Place, tuple[MappedCoding, ...]]
"""The codes found for one document, by the place of the concept (or of the words) that they are for."""
