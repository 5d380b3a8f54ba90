"""DEVICE_EXPOSURE: devices implanted, used or delivered.

``unique_device_id`` and ``production_id`` stay empty: a serial number points to one patient.
"""

from __future__ import annotations

from semantix.emitters.omop.context import Context, Ref
from semantix.emitters.omop.facts import Fact, common
from semantix.emitters.omop.values import unit_columns


def device(context: Context, fact: Fact, concept_id: int) -> Ref:
    """One row."""
    row = common(context, fact, "device")
    row["device_concept_id"] = concept_id
    row["device_exposure_start_date"] = fact.start.day
    row["device_exposure_start_datetime"] = fact.start.time
    if fact.end is not None:
        row["device_exposure_end_date"] = fact.end.day
        row["device_exposure_end_datetime"] = fact.end.time
    amount = fact.quantity
    if amount is not None and amount.value is not None and amount.value == amount.value.to_integral_value():
        row["quantity"] = int(amount.value)
        row.update(unit_columns(context, amount.unit))
    context.keep(fact.main)
    return context.add("device_exposure", row, fact.statement.path, fact.start.imputed)
