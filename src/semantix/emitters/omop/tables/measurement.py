"""MEASUREMENT: results with a number, a unit or a coded answer."""

from __future__ import annotations

from semantix.emitters.omop.context import Context, Ref, Row
from semantix.emitters.omop.facts import Fact, common
from semantix.emitters.omop.values import value_columns
from semantix.model import Quantity


def measurement(context: Context, fact: Fact, concept_id: int) -> Ref:
    """One row per value. ``value_as_string`` does not exist here: a coded value keeps its code."""
    row = common(context, fact, "measurement")
    row["measurement_concept_id"] = concept_id
    row["measurement_date"] = fact.start.day
    row["measurement_datetime"] = fact.start.time
    if fact.start.time:
        row["measurement_time"] = fact.start.time[11:]
    values = value_columns(context, fact.value)
    values.pop("value_as_string", None)
    row.update(values)
    if fact.value_concepts:
        row["value_as_concept_id"] = row.get("value_as_concept_id") or fact.value_concepts[0]
    if fact.reference is not None:
        _bound(row, "range_low", fact.reference.low)
        _bound(row, "range_high", fact.reference.high)
    context.keep(fact.main)
    return context.add("measurement", row, fact.statement.path, fact.start.imputed)


def _bound(row: Row, column: str, bound: Quantity | None) -> None:
    if bound is not None and bound.value is not None:
        row[column] = float(bound.value)
