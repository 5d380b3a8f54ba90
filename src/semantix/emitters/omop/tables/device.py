"""DEVICE_EXPOSURE: devices implanted, used or delivered.

``unique_device_id`` and ``production_id`` stay empty: a serial number points to one patient.
"""

from __future__ import annotations

from semantix.emitters.omop.context import Context, Ref
from semantix.emitters.omop.dates import BEYOND
from semantix.emitters.omop.facts import Fact, common, ending
from semantix.emitters.omop.values import unit_columns


def device(context: Context, fact: Fact, concept_id: int) -> Ref:
    """One row."""
    row = common(context, fact, "device")
    row["device_concept_id"] = concept_id
    row["device_exposure_start_date"] = fact.start.day
    row["device_exposure_start_datetime"] = fact.start.time
    row.update(ending(context, fact.end, "device_exposure", "device_exposure"))
    amount = fact.quantity
    if amount is not None and amount.value is not None and amount.value == amount.value.to_integral_value():
        row["quantity"] = round(max(-BEYOND, min(float(amount.value), BEYOND)))
        row.update(unit_columns(context, amount.unit))
    context.keep(fact.main)
    return context.add("device_exposure", row, fact.statement.path, fact.start.imputed)
