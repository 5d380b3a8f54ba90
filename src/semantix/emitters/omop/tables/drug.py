"""DRUG_EXPOSURE: drugs prescribed, taken, administered or dispensed, and vaccinations."""

from __future__ import annotations

from semantix.emitters.omop.context import Context, Ref
from semantix.emitters.omop.dates import after
from semantix.emitters.omop.facts import Fact, common, ending, short


def drug(context: Context, fact: Fact, concept_id: int) -> Ref:
    """One row. The end, which the CDM requires, is the end told, else start plus days of supply, else the start."""
    row = common(context, fact, "drug")
    row["drug_concept_id"] = concept_id
    row["drug_exposure_start_date"] = fact.start.day
    row["drug_exposure_start_datetime"] = fact.start.time
    end = fact.end or after(fact.start, fact.days_supply) or fact.start
    row.update(ending(context, end, "drug_exposure", "drug_exposure"))
    if fact.end is not None and fact.end.imputed is None:
        row["verbatim_end_date"] = fact.end.day
    row["refills"] = fact.refills
    row["days_supply"] = fact.days_supply
    row["lot_number"] = short(fact.lot)
    row["sig"] = fact.sig
    row["dose_unit_source_value"] = short(fact.dose_unit)
    if fact.quantity is not None and fact.quantity.value is not None:
        row["quantity"] = float(fact.quantity.value)
    if fact.route.coding is not None:
        row["route_source_value"] = fact.route.source_value
        row["route_concept_id"] = fact.route.in_domain("Route")
        context.keep(fact.route)
    context.keep(fact.main)
    return context.add("drug_exposure", row, fact.statement.path, fact.start.imputed)
