"""CONDITION_OCCURRENCE: diagnoses, symptoms and findings that the patient has or had."""

from __future__ import annotations

from semantix.emitters.omop.context import Context, Ref
from semantix.emitters.omop.facts import Fact, common, ending


def condition(context: Context, fact: Fact, concept_id: int) -> Ref:
    """One row. The clinical status as coded by the source goes to ``condition_status_source_value``."""
    row = common(context, fact, "condition")
    row["condition_concept_id"] = concept_id
    row["condition_start_date"] = fact.start.day
    row["condition_start_datetime"] = fact.start.time
    row.update(ending(context, fact.end, "condition_occurrence", "condition"))
    if fact.status.coding is not None:
        row["condition_status_source_value"] = fact.status.source_value
        row["condition_status_concept_id"] = 0
        context.keep(fact.status)
    context.keep(fact.main)
    return context.add("condition_occurrence", row, fact.statement.path, fact.start.imputed)
