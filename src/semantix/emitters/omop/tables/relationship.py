"""FACT_RELATIONSHIP: a micro-organism with its antibiogram, an allergy with its reactions.

The domains and the relationship are concepts of the vocabulary when one is loaded, else local concepts.
"""

from __future__ import annotations

from semantix.emitters.omop.concepts import DOMAIN_OF_TABLE
from semantix.emitters.omop.context import Context, Ref
from semantix.emitters.omop.tables.sources import local


def relate(context: Context, whole: Ref, part: Ref) -> None:
    """Two rows, one in each direction, as the CDM asks."""
    for one, relation, two in ((whole, "has-part", part), (part, "part-of", whole)):
        row = {
            "domain_concept_id_1": _domain(context, one[0]),
            "fact_id_1": one,
            "domain_concept_id_2": _domain(context, two[0]),
            "fact_id_2": two,
            "relationship_concept_id": local(context, relation),
        }
        context.rows.setdefault("fact_relationship", []).append(row)


def _domain(context: Context, table: str) -> int | str:
    domain = DOMAIN_OF_TABLE[table]
    vocabulary = context.options.vocabulary
    known = vocabulary.domain_concept(domain) if vocabulary is not None else 0
    return known or local(context, f"domain-{domain.lower()}")
