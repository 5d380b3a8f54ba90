"""What a terminology release is made of: the records that every importer yields and the store compiles.

A ``system`` is a key of :data:`semantix.systems.SYSTEMS`, or the URI (else ``urn:oid:…``) of a code system that has no
key. A ``code`` is in the canonical form of its system (:func:`semantix.terminology.codes.canonical`).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from msgspec import Struct

TERM_KINDS = (
    "preferred",  # the display of the concept (also in Concept.display)
    "short",  # an official abbreviated label
    "fsn",  # a fully specified name
    "synonym",  # an official or licensed synonym
    "inclusion",  # an inclusion note of a classification
    "index",  # an entry of an alphabetical index
    "brand",  # a trade name or denomination of a medicine
    "substance",  # the name of an active substance
    "related",  # a related name, weaker than a synonym (LOINC RELATEDNAMES2)
    "exclusion",  # an exclusion note: never matched
    "note",  # another note or a definition: never matched
)
"""Kinds of terms. The last two are for people to read and are never matched on."""

RELATIONS = ("equivalent", "broader", "narrower", "related")
"""What the target of a Link is to its source (FHIR R5 / SKOS direction: ``broader`` = the target is broader)."""


class Concept(Struct, frozen=True, gc=False):
    """One code. ``assignable`` is false for chapters, blocks and codes that may not be recorded.

    ``kind`` is the release's own word (``chapter``, ``category``, ``ingredient``...). ``properties`` are short facts as
    strings (LOINC axes, PMSI types, units), sorted by name.
    """

    system: str
    code: str
    display: str
    kind: str = ""
    active: bool = True
    assignable: bool = True
    properties: Mapping[str, str] = MappingProxyType({})


class Term(Struct, frozen=True, gc=False):
    """One wording of a code; ``kind`` is one of TERM_KINDS, ``lang`` a BCP 47 tag."""

    system: str
    code: str
    text: str
    kind: str = "synonym"
    lang: str = "fr"


class Parent(Struct, frozen=True):
    """``code`` is directly below ``parent`` in the same system."""

    system: str
    code: str
    parent: str


class Link(Struct, frozen=True):
    """An official correspondence. ``relation`` is one of RELATIONS; ``rule`` the condition under which it holds."""

    system: str
    code: str
    target_system: str
    target: str
    relation: str = "equivalent"
    rule: str = ""


class Successor(Struct, frozen=True):
    """A retired code and what takes its place: ``kind`` is ``replaced-by``, ``same-as`` or ``possibly-equivalent``."""

    system: str
    code: str
    successor: str
    kind: str = "replaced-by"


class Skipped(Struct, frozen=True):
    """``count`` things an importer read and left out, and why; ``example`` is a code or a line number."""

    reason: str
    count: int = 1
    example: str = ""


Record = Concept | Term | Parent | Link | Successor | Skipped
