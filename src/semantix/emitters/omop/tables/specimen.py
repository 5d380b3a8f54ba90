"""SPECIMEN: what was sampled. ``specimen_source_id`` stays empty: it is a business identifier."""

from __future__ import annotations

from semantix.emitters.omop.context import Context, Ref
from semantix.emitters.omop.dates import When
from semantix.emitters.omop.facts import Fact
from semantix.emitters.omop.values import unit_columns
from semantix.model import Quantity, Specimen


def specimen(context: Context, sample: Specimen, start: When, type_concept: int) -> None:
    """One row per specimen that has a code, once per document."""
    chosen = context.choose(sample.code, "observation", "Specimen")
    if chosen.coding is None:
        return
    identity = (repr(sample.ids) if sample.ids else sample.path, chosen.source_value or "")
    if identity not in context.specimens:
        context.specimens.add(identity)
        row = {
            "person_id": context.person,
            "specimen_concept_id": chosen.in_domain("Specimen"),
            "specimen_type_concept_id": type_concept,
            "specimen_date": start.day,
            "specimen_datetime": start.time,
            "specimen_source_value": chosen.source_value,
        }
        row.update(_amount(context, sample.quantity))
        context.add("specimen", row, sample.path, start.imputed)
    context.keep(chosen)


def _amount(context: Context, quantity: Quantity | None) -> dict[str, object]:
    if quantity is None or quantity.value is None:
        return {}
    return {"quantity": float(quantity.value), **unit_columns(context, quantity.unit)}


def specimen_fact(context: Context, fact: Fact, concept_id: int) -> Ref:
    """A fact whose concept belongs to the Specimen domain."""
    row = {
        "person_id": context.person,
        "specimen_concept_id": concept_id,
        "specimen_type_concept_id": fact.type_concept,
        "specimen_date": fact.start.day,
        "specimen_datetime": fact.start.time,
        "specimen_source_value": fact.main.source_value,
    }
    context.keep(fact.main)
    return context.add("specimen", row, fact.statement.path, fact.start.imputed)
