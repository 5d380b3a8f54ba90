"""PROCEDURE_OCCURRENCE: acts done."""

from __future__ import annotations

from semantix.emitters.omop.context import Context, Ref
from semantix.emitters.omop.facts import Fact, common, ending


def procedure(context: Context, fact: Fact, concept_id: int) -> Ref:
    """One row. The first site, method or qualifier of the act is its modifier."""
    row = common(context, fact, "procedure")
    row["procedure_concept_id"] = concept_id
    row["procedure_date"] = fact.start.day
    row["procedure_datetime"] = fact.start.time
    row.update(ending(context, fact.end, "procedure_occurrence", "procedure"))
    if fact.qualifier.coding is not None:
        row["modifier_source_value"] = fact.qualifier.source_value
        row["modifier_concept_id"] = fact.qualifier.concept_id
        context.keep(fact.qualifier)
    context.keep(fact.main)
    return context.add("procedure_occurrence", row, fact.statement.path, fact.start.imputed)
