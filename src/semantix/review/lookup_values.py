"""The values of the search: what is asked, what is found, and a concept in short."""

from __future__ import annotations

from msgspec import Struct

from semantix.terminology.records import Concept, Term

__all__ = ["DOMAINS", "Filters", "Hit", "Step", "domain_of", "hit_of", "step_of"]

DOMAINS = ("domain", "CLASS", "class")
"""The properties that tell a concept’s domain: of OMOP, of LOINC, of others."""


class Filters(Struct, frozen=True, kw_only=True):
    """What may be found. ``systems`` empty for all; ``valid`` = active and may be recorded.

    ``standard`` asks for standard concepts of OMOP, or for those that are not; None for both, as for ``valid``.
    """

    systems: tuple[str, ...] = ()
    domain: str = ""
    standard: bool | None = None
    valid: bool | None = True


class Step(Struct, frozen=True):
    """A concept in short."""

    system: str
    code: str
    display: str
    kind: str = ""
    active: bool = True
    assignable: bool = True


class Hit(Struct, frozen=True, kw_only=True):
    """One code found: the term that matched best, the words that it lacks, and the way from the top, highest first."""

    system: str
    code: str
    display: str
    kind: str = ""
    active: bool = True
    assignable: bool = True
    term: str = ""
    term_kind: str = ""
    term_lang: str = ""
    missing: tuple[str, ...] = ()
    path: tuple[Step, ...] = ()
    domain: str = ""
    standard: str = ""
    vocabulary: str = ""


def step_of(concept: Concept) -> Step:
    """A concept in short."""
    return Step(
        concept.system, concept.code, concept.display, concept.kind, concept.active, concept.assignable
    )  # fmt: skip


def domain_of(concept: Concept) -> str:
    """The domain of a concept (OMOP) or its class (LOINC); empty when its terminology has none."""
    return next((found for name in DOMAINS if (found := concept.properties.get(name))), "")


def hit_of(concept: Concept, term: Term, missing: tuple[str, ...] = (), path: tuple[Step, ...] = ()) -> Hit:
    """What is shown of a concept that a term led to."""
    facts = concept.properties
    return Hit(
        system=concept.system,
        code=concept.code,
        display=concept.display,
        kind=concept.kind,
        active=concept.active,
        assignable=concept.assignable,
        term=term.text,
        term_kind=term.kind,
        term_lang=term.lang,
        missing=missing,
        path=path,
        domain=domain_of(concept),
        standard=facts.get("standard", ""),
        vocabulary=facts.get("vocabulary", ""),
    )
