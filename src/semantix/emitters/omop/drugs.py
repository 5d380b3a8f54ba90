"""The parts of a treatment that fit in ``drug_exposure``: which code names it, how much, how long, by which route."""

from __future__ import annotations

from decimal import Decimal

from msgspec import structs

from semantix.emitters.omop.codes import NOTHING, Chosen
from semantix.emitters.omop.context import Context
from semantix.emitters.omop.dates import END, between, days
from semantix.emitters.omop.facts import Fact
from semantix.emitters.omop.values import number
from semantix.model import Concept, Dosage, Immunization, Medication, Product, Quantity, Range, TimeSpan


def product_code(context: Context, product: Product | None) -> Chosen:
    """The code of a product, else of its package, of its class, of its only ingredient."""
    if product is None:
        return NOTHING
    ingredients = [i.code for i in product.ingredients if i.active]
    candidates = (
        product.code,
        *(p.code for p in product.packaging),
        *product.classes,
        *(ingredients if len(ingredients) == 1 else ()),
    )
    for concept in candidates:
        chosen = context.choose(concept, "drug", "Drug")
        if chosen.coding is not None:
            return chosen
    # No code at all: what was found for the product's words.
    place = product.code.at if product.code is not None else product.at
    return context.choose(Concept((), place, product.name), "drug", "Drug") if context.mapped else NOTHING


def product_codes(context: Context, product: Product | None) -> list[Chosen]:
    """The code of a product; of a mixture without a code of its own, the code of each substance that is in it."""
    whole_product = product_code(context, product)
    if product is None or whole_product.coding is not None:
        return [whole_product]
    mixed = [context.choose(one.code, "drug", "Drug") for one in product.ingredients if one.active]
    coded = [chosen for chosen in mixed if chosen.coding is not None]
    return coded if len(coded) > 1 else [whole_product]


def drug_details(context: Context, statement: Medication | Immunization, fact: Fact) -> None:
    """Quantity, refills, days of supply, route, dose unit, lot, and the dosing instruction in a fixed wording."""
    if statement.product is not None:
        fact.lot = statement.product.lot
    if isinstance(statement, Medication):
        fact.quantity = statement.supply_quantity
        fact.refills = statement.repeats if statement.repeats is not None else statement.supply_repeats
        if statement.supply_time is not None:
            fact.days_supply = days(statement.supply_time.width)
    if statement.time is not None and fact.days_supply is None:
        fact.days_supply = days(statement.time.width)
    if fact.days_supply is None and fact.end is not None and fact.end.imputed != END:
        fact.days_supply = between(fact.start, fact.end)
    for dosage in statement.dosages:
        if fact.route.coding is None:
            fact.route = context.choose(dosage.route, "value", "Route")
        if fact.dose_unit is None:
            fact.dose_unit = _unit(dosage)
    fact.sig = _sig(context, statement)


def whole(dosages: tuple[Dosage, ...]) -> TimeSpan | None:
    """How long all instructions last: the bounds of the first that has some, or the sum of steps that follow on.

    Steps of one ``sequence`` are at once; when one step has no known length, nor has the whole.
    """
    bounded = next((d for d in dosages if d.bounds is not None), None)
    bounds = bounded.bounds if bounded is not None else None
    steps = {d.sequence for d in dosages if d.sequence is not None}
    if bounded is None or bounds is None or bounded.sequence is None or bounds.high is not None or len(steps) < 2:
        return bounds
    lengths: dict[int | None, int] = {}
    for dosage in dosages:
        length = days(dosage.bounds.width) if dosage.bounds is not None else None
        if length is None or lengths.setdefault(dosage.sequence, length) != length:
            return structs.replace(bounds, width=None) if bounds.first is not None else None
    return structs.replace(bounds, width=Quantity(Decimal(sum(lengths.values())), "d", bounds.at))


def _unit(dosage: Dosage) -> str | None:
    dose = dosage.dose
    if isinstance(dose, Range):
        dose = dose.low or dose.high
    return dose.unit if isinstance(dose, Quantity) and dose.unit != "1" else None


def _interval(dose: Range) -> str:
    """``1-2 {tablet}``-like intervals as written; one dose when both bounds are the same."""
    low, high = number(dose.low), number(dose.high)
    return low if low == high else f"{low}-{high}"


def _sig(context: Context, statement: Medication | Immunization) -> str | None:
    """Doses as numbers and units; the author's own words only when text is kept."""
    parts = []
    for dosage in statement.dosages:
        if context.options.keep_text and dosage.text:
            parts.append(dosage.text)
        elif isinstance(dosage.dose, Quantity):
            parts.append(number(dosage.dose))
        elif isinstance(dosage.dose, Range):
            parts.append(_interval(dosage.dose))
    if context.options.keep_text and not parts and statement.text:
        parts.append(statement.text)
    return "; ".join(p for p in parts if p != "?") or None
