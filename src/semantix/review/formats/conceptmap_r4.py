"""How FHIR R4 (4.0.1) says a mapping: ``equivalence``, what the target is to the source."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from semantix.review.model import Relation

EQUIVALENCES: Mapping[Relation, str] = MappingProxyType(
    {
        Relation.EXACT: "equivalent",
        Relation.CLOSE: "inexact",
        Relation.BROAD: "wider",
        Relation.NARROW: "narrower",
        Relation.RELATED: "relatedto",
    }
)
"""What is written for a relation."""

RELATIONS: Mapping[str, Relation] = MappingProxyType(
    {
        "equal": Relation.EXACT,
        "equivalent": Relation.EXACT,
        "inexact": Relation.CLOSE,
        "wider": Relation.BROAD,
        "subsumes": Relation.BROAD,
        "narrower": Relation.NARROW,
        "specializes": Relation.NARROW,
        "relatedto": Relation.RELATED,
    }
)
"""What is read."""

REFUSED = "disjoint"
NO_TARGET = "unmatched"
COMMENTED = frozenset({"narrower", "inexact"})
"""What needs a comment (invariant cmd-1)."""
