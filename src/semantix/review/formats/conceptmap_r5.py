"""How FHIR R5 (5.0.0) says a mapping: ``relationship``, what the source is to the target."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from semantix.review.model import Relation

RELATIONSHIPS: Mapping[Relation, str] = MappingProxyType(
    {
        Relation.EXACT: "equivalent",
        Relation.CLOSE: "related-to",
        Relation.BROAD: "source-is-narrower-than-target",
        Relation.NARROW: "source-is-broader-than-target",
        Relation.RELATED: "related-to",
    }
)
"""What is written for a relation. R5 has no word for close: an extension tells it from related."""

RELATIONS: Mapping[str, Relation] = MappingProxyType(
    {
        "equivalent": Relation.EXACT,
        "related-to": Relation.RELATED,
        "source-is-narrower-than-target": Relation.BROAD,
        "source-is-broader-than-target": Relation.NARROW,
    }
)
"""What is read."""

REFUSED = "not-related-to"
COMMENTED = frozenset({"source-is-broader-than-target", "not-related-to"})
"""What needs a comment (invariant cmd-1, but in a draft)."""
