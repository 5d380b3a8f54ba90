"""The extension slots with which an SSSOM table holds a whole entry, and the words that both sides use."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from msgspec import Struct

from semantix.model import Candidate
from semantix.review.formats._sssom_systems import OURS
from semantix.review.model import Judged, Part, Relation, Source, Target

PREDICATES: Mapping[Relation, str] = MappingProxyType({each: f"skos:{each.value}Match" for each in Relation})
RELATIONS: Mapping[str, Relation] = MappingProxyType(
    {predicate: relation for relation, predicate in PREDICATES.items()}
    | {
        "owl:sameAs": Relation.EXACT,
        "owl:equivalentClass": Relation.EXACT,
        "owl:equivalentProperty": Relation.EXACT,
        "rdfs:subClassOf": Relation.BROAD,
        "rdfs:subPropertyOf": Relation.BROAD,
        "sssom:superClassOf": Relation.NARROW,
        "rdfs:seeAlso": Relation.RELATED,
        "oboInOwl:hasDbXref": Relation.RELATED,
    }
)
"""What a predicate says of the object."""

MANUAL: Final = "semapv:ManualMappingCuration"
REVIEW: Final = "semapv:MappingReview"
LEXICAL: Final = "semapv:LexicalMatching"
COMPOSITE: Final = "semapv:CompositeMatching"
UNSPECIFIED: Final = "semapv:UnspecifiedMatching"
DECIDED: Final = frozenset({MANUAL, REVIEW})
"""The justifications behind which a person stands."""
KNOWN: Final = frozenset(
    f"semapv:{each}"
    for each in (
        "MappingReview ManualMappingCuration LogicalReasoning LexicalMatching CompositeMatching UnspecifiedMatching "
        "SemanticSimilarityThresholdMatching LexicalSimilarityThresholdMatching MappingChaining MappingInversion "
        "StructuralMatching InstanceBasedMatching BackgroundKnowledgeBasedMatching"
    ).split()
)
"""The justifications that SSSOM 1.1 allows."""
MATCH_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "Lexical": LEXICAL,
        "Logical": "semapv:LogicalReasoning",
        "HumanCurated": MANUAL,
        "Complex": COMPOSITE,
        "Unspecified": UNSPECIFIED,
        "SemanticSimilarity": "semapv:SemanticSimilarityThresholdMatching",
    }
)
"""The ``match_type`` of SSSOM before 1.0."""

CONDITIONS: Final = ("sender", "unit", "specimen", "section")

TARGET: Final = "target"
REFUSED: Final = "refused"
NO_TARGET: Final = "no-target"
CANDIDATE: Final = "candidate"
JUDGED: Final = "judged"
UNDECIDED: Final = "undecided"
ROLES: Final = frozenset({TARGET, REFUSED, NO_TARGET, CANDIDATE, JUDGED, UNDECIDED})
"""What a row is to its entry: part of its judgement, one of its candidates, or nothing but the subject."""

TYPES: Mapping[str, str] = MappingProxyType(
    {
        "sender": "string",
        "unit": "string",
        "specimen": "string",
        "section": "string",
        "ext_acceptance": "string",
        "ext_automatic": "boolean",
        "ext_conflicts": "string",
        "ext_created_by": "string",
        "ext_created_on": "string",
        "ext_entry": "integer",
        "ext_evidence": "string",
        "ext_exact": "string",
        "ext_frequency": "integer",
        "ext_history": "string",
        "ext_info": "string",
        "ext_justification": "string",
        "ext_meta": "string",
        "ext_part": "string",
        "ext_people": "string",
        "ext_proposal": "string",
        "ext_relation": "string",
        "ext_reviewer": "string",
        "ext_row": "string",
        "ext_score": "double",
        "ext_senders": "string",
        "ext_state": "string",
        "ext_status_by": "string",
        "ext_status_on": "string",
        "ext_wanted": "string",
    }
)
"""The extension slots and the XML Schema types of their values."""


class Exact(Struct, frozen=True, omit_defaults=True):
    """What the cells of a row would not give back as it is."""

    source: Source | None = None
    target: Target | None = None
    candidate: Candidate | None = None


History = tuple[Judged, ...]


def definition(slot: str) -> dict[str, str]:
    """The definition of an extension slot."""
    name = slot.removeprefix("ext_")
    return {"slot_name": slot, "property": f"{OURS}sssom/{name}", "type_hint": f"xsd:{TYPES[slot]}"}


def part_of(cell: str) -> Part:
    """The part that a cell names; empty is the target. Raises ValueError."""
    return Part(cell or Part.TARGET)
