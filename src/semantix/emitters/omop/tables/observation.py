"""OBSERVATION: what no other table takes: allergies, absences, family history, social history, assertions."""

from __future__ import annotations

from semantix.emitters.omop.context import Context, Ref
from semantix.emitters.omop.facts import Fact, common, short
from semantix.emitters.omop.values import value_columns


def observation(context: Context, fact: Fact, concept_id: int) -> Ref:
    """One row per value. There is no operator column: a comparator is written before the digits."""
    row = common(context, fact, "observation")
    row["observation_concept_id"] = concept_id
    row["observation_date"] = fact.start.day
    row["observation_datetime"] = fact.start.time
    values = value_columns(context, fact.value)
    values.pop("operator_concept_id", None)
    row.update(values)
    if fact.value_concepts and not row.get("value_as_concept_id"):
        row["value_as_concept_id"] = fact.value_concepts[0]
    if fact.qualifier.coding is not None:
        row["qualifier_source_value"] = fact.qualifier.source_value
        row["qualifier_concept_id"] = fact.qualifier.concept_id
        context.keep(fact.qualifier)
    elif fact.qualifier_text:
        row["qualifier_source_value"] = short(fact.qualifier_text)
    context.keep(fact.main)
    return context.add("observation", row, fact.statement.path, fact.start.imputed)
