"""Drugs, vaccines, and things supplied.

Source: CI-SIS "Modèles de contenus CDA": FR-Traitement, FR-Traitement-prescrit, FR-Vaccination, FR-Dispositif-medical,
FR-Traitement-dispense; IHE Pharmacy (namespace ``urn:ihe:pharm:medication``).
"""

from __future__ import annotations

from typing import Any, cast

from msgspec import structs

from semantix.model import (
    Concept,
    Dosage,
    Immunization,
    Ingredient,
    Link,
    Medication,
    Packaging,
    Precondition,
    Problem,
    Product,
    Quantity,
    Statement,
    Supply,
)
from semantix.parsers.cda import absence
from semantix.parsers.cda.context import Context, Element, every, first, kids
from semantix.parsers.cda.datatypes import (
    amount,
    boolean,
    concept,
    concepts,
    identifiers,
    integer,
    quantity,
    ratio,
    referenced,
    words,
)
from semantix.parsers.cda.node import Folded, Node, common, imply, intervals_of, taken
from semantix.parsers.cda.parties import organization
from semantix.parsers.cda.times import instant, is_timing, timespan, timing
from semantix.parsers.cda.values import value

_INSTRUCTIONS = frozenset({"patient-instruction", "pharmacist-instruction"})
MEDICATION_FOLDS = frozenset({"comment", "substitution", "supply-order", "dosage-step"}) | _INSTRUCTIONS
DISPENSATION_FOLDS = frozenset({"comment", "substitution"}) | _INSTRUCTIONS
IMMUNIZATION_FOLDS = frozenset({"comment", "dose-number", "dosage-step"})
ADMINISTERED_SECTIONS = frozenset({"18610-6", "29549-3"})
"""LOINC section codes of treatments administered: what stands there was given, not merely taken at home."""


# --- products -----------------------------------------------------------------------------------------------------


def product_in(ctx: Context, this: Node, holder: str) -> Product | None:
    """The product of ``consumable`` or ``product``."""
    outer = first(this.found, holder)
    if outer is None:
        return None
    manufactured = first(kids(outer), "manufacturedProduct")
    if manufactured is None:
        return None
    found = kids(manufactured)
    material = first(found, "manufacturedMaterial")
    if material is None:
        material = first(found, "manufacturedLabeledDrug")
    if material is None:
        return None
    path = f"{this.path}/{holder}[1]/manufacturedProduct[1]"
    maker = organization(ctx, first(found, "manufacturerOrganization"), path)
    return _product(ctx, material, path, identifiers(found), maker)


def _product(ctx: Context, material: Element, path: str, ids: Any, maker: Any) -> Product | None:
    found = kids(material)
    label, lot = first(found, "name"), first(found, "lotNumberText")
    code = concept(ctx, first(found, "code"))
    name = words(label)
    classes = tuple(c for e in every(found, "asSpecializedKind") if (c := _class(ctx, e)) is not None)
    if code is None and name is None and len(found.keys() - {"templateId"}) == 0:
        return None
    return Product(
        at=material,
        path=path,
        code=code,
        name=name,
        name_null=label.get("nullFlavor") if label is not None else None,
        ids=ids,
        form=concept(ctx, first(found, "formCode")),
        lot=words(lot),
        lot_null=lot.get("nullFlavor") if lot is not None else None,
        expiry=instant(ctx, first(found, "expirationTime")),
        classes=classes,
        ingredients=tuple(_ingredient(ctx, e) for e in every(found, "ingredient")),
        packaging=tuple(_packaging(ctx, e) for e in every(found, "asContent")),
        manufacturer=maker,
    )


def _class(ctx: Context, element: Element) -> Concept | None:
    inner = first(kids(element), "generalizedMedicineClass")
    if inner is None:
        return None
    found = kids(inner)
    label = concept(ctx, first(found, "code"))
    if label is not None and label.text is None and (name := words(first(found, "name"))):
        return Concept(label.codings, label.at, name, label.null, label.qualifiers)
    return label


def _ingredient(ctx: Context, element: Element) -> Ingredient:
    found = kids(element)
    inner = first(found, "ingredient")
    fields = kids(inner) if inner is not None else {}
    return Ingredient(
        element,
        concept(ctx, first(fields, "code")),
        words(first(fields, "name")),
        ratio(ctx, first(found, "quantity")),
        element.get("classCode", "ACTI") in ("ACTI", "ACTIB", "ACTIM", "ACTIR"),
    )


def _packaging(ctx: Context, element: Element) -> Packaging:
    inner = first(kids(element), "containerPackagedMedicine")
    found = kids(inner) if inner is not None else {}
    return Packaging(
        element,
        concept(ctx, first(found, "code")),
        words(first(found, "name")),
        concept(ctx, first(found, "formCode")),
        quantity(ctx, first(found, "capacityQuantity")),
    )


# --- dosage -------------------------------------------------------------------------------------------------------


def dosages(ctx: Context, this: Node, folded: Folded) -> tuple[Dosage, ...]:
    """The main dosing instruction, if it says anything, then the steps of a progressive one."""
    out = []
    main = _dosage(ctx, this, None)
    if main is not None:
        out.append(main)
    for position, step in enumerate(folded.by_kind.get("dosage-step", ()), 1):
        found = _dosage(ctx, step, _sequence(ctx, step) or position)
        if found is not None:
            out.append(found)
    return tuple(out)


def _sequence(ctx: Context, step: Node) -> int | None:
    holder = step.element.getparent()
    return integer(ctx, first(kids(holder), "sequenceNumber")) if holder is not None else None


def _dosage(ctx: Context, this: Node, sequence: int | None) -> Dosage | None:
    found = this.found
    spans = intervals_of(ctx, this)
    periodic = (timing(ctx, e) for e in every(found, "effectiveTime") if is_timing(e))
    fields: dict[str, Any] = {
        "timings": tuple(t for t in periodic if t is not None),
        "route": concept(ctx, first(found, "routeCode")),
        "sites": concepts(ctx, found, "approachSiteCode"),
        "dose": amount(ctx, first(found, "doseQuantity")),
        "rate": amount(ctx, first(found, "rateQuantity")),
        "max_dose": ratio(ctx, first(found, "maxDoseQuantity")),
        "preconditions": tuple(p for e in every(found, "precondition") if (p := _precondition(ctx, e)) is not None),
        "unit": concept(ctx, first(found, "administrationUnitCode")),
    }
    text = referenced(ctx, first(found, "text")) if sequence is not None else None
    if not any(fields.values()) and text is None and sequence is None:
        return None
    return Dosage(at=this.element, sequence=sequence, text=text, bounds=spans[0] if spans else None, **fields)


def _precondition(ctx: Context, element: Element) -> Precondition | None:
    criterion = first(kids(element), "criterion")
    found = kids(criterion) if criterion is not None else {}
    answer = first(found, "value")
    code, text = concept(ctx, first(found, "code")), _said(referenced(ctx, first(found, "text")))
    said = value(ctx, answer) if answer is not None else None
    if code is None and text is None and said is None:
        return None
    return Precondition(element, code, text, said)


def _said(text: str | None) -> str | None:
    """Words, not a dash in an empty cell: "-" as a precondition would turn a treatment into one "if needed"."""
    return text if text and any(c.isalnum() for c in text) else None


# --- statements ---------------------------------------------------------------------------------------------------


def medication(ctx: Context, this: Node, links: tuple[Link, ...], folded: Folded) -> Medication:
    """A treatment: prescribed by its mood, administered by its section, else taken."""
    fields = common(ctx, this, links, folded)
    product = product_in(ctx, this, "consumable")
    absent = absence.kind(fields["code"]) or (absence.kind(product.code) if product else None)
    fields["kind"] = absent or this.kind
    return Medication(
        **fields,
        **_dispensing(ctx, folded),
        **_instructions(ctx, folded),
        intent=_intent(this, fields["mood"]),
        product=product,
        dosages=dosages(ctx, this, folded),
        occurrences=intervals_of(ctx, this)[1:],
        repeats=integer(ctx, first(this.found, "repeatNumber")),
    )


def _intent(this: Node, mood: str) -> str:
    if mood in ("INT", "RQO", "PRP", "PRMS"):
        return "prescribed"
    administered = (
        this.around.section in ADMINISTERED_SECTIONS or this.kind == "contrast" or this.around.parent == "procedure"
    )
    return "administered" if administered else "taken"


def _dispensing(ctx: Context, folded: Folded) -> dict[str, Any]:
    orders = folded.by_kind.get("supply-order", ())
    if not orders:
        return {}
    found = orders[0].found
    return {
        "supply_quantity": quantity(ctx, first(found, "quantity")),
        "supply_time": timespan(ctx, first(found, "effectiveTime")),
        "supply_repeats": integer(ctx, first(found, "repeatNumber")),
    }


def _instructions(ctx: Context, folded: Folded) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for kind, field in (
        ("patient-instruction", "patient_instructions"),
        ("pharmacist-instruction", "pharmacist_instructions"),
    ):
        texts = (_said(referenced(ctx, first(inner.found, "text"))) for inner in folded.by_kind.get(kind, ()))
        out[field] = tuple(t for t in texts if t)
    for inner in folded.by_kind.get("substitution", ()):
        out["substitution"] = concept(ctx, first(inner.found, "code"))
    return out


def immunization(ctx: Context, this: Node, links: tuple[Link, ...], folded: Folded) -> Immunization:
    """A vaccination; its ``CAUS`` problems are the reactions to it."""
    fields = common(ctx, this, links, folded)
    product = product_in(ctx, this, "consumable")
    fields["kind"] = absence.kind(fields["code"]) or this.kind
    reactions, fields["links"] = taken(links, lambda x: x.type_code == "CAUS" and isinstance(x.statement, Problem))
    ranks = folded.by_kind.get("dose-number", ())
    return Immunization(
        **fields,
        product=product,
        dosages=dosages(ctx, this, folded),
        occurrences=intervals_of(ctx, this)[1:],
        dose_number=integer(ctx, first(ranks[0].found, "value")) if ranks else None,
        reactions=reactions,
    )


def dispensation(ctx: Context, this: Node, links: tuple[Link, ...], folded: Folded) -> Medication:
    """A drug handed over by a pharmacist; an inner administration without product is how to take it."""
    how, others = taken(links, lambda x: isinstance(x.statement, Medication) and _is_dosage(x.statement))
    fields = common(ctx, this, others, folded)
    for inner in how:
        fields["absorbed"] += (inner.at, *inner.absorbed)
        fields["notes"] += inner.notes
        imply(ctx, first(kids(cast("Element", inner.at)), "code"))
    return Medication(
        **fields,
        **_instructions(ctx, folded),
        intent="dispensed",
        dosages=tuple(d for inner in how for d in _with_words(inner)),
        product=product_in(ctx, this, "product"),
        supply_quantity=quantity(ctx, first(this.found, "quantity")),
        repeats=integer(ctx, first(this.found, "repeatNumber")),
    )


def _is_dosage(inner: Medication) -> bool:
    """True for an administration that names no product and holds nothing but when and how much."""
    named = inner.product is not None and (inner.product.name or (inner.product.code and inner.product.code.codings))
    told = inner.patient_instructions or inner.pharmacist_instructions or inner.substitution or inner.supply_quantity
    return not (named or told or inner.links or inner.parties or inner.negated)


def _with_words(inner: Medication) -> tuple[Dosage, ...]:
    """Dosages of an administration, the first with its words and interval; one of words alone if it has none."""
    if not inner.dosages:
        return (Dosage(at=inner.at, text=inner.text, bounds=inner.time),)
    main = inner.dosages[0]
    return (structs.replace(main, text=main.text or inner.text, bounds=main.bounds or inner.time), *inner.dosages[1:])


def supply(ctx: Context, this: Node, links: tuple[Link, ...], folded: Folded) -> Statement:
    """A device used or implanted, or another thing supplied."""
    fields = common(ctx, this, links, folded)
    machines = [p for p in fields["parties"] if p.device is not None]
    fields["parties"] = tuple(p for p in fields["parties"] if p not in machines[:1])
    own = machines[0].device if machines else None
    fields["kind"] = (absence.kind(own.code) if own else None) or absence.kind(fields["code"]) or this.kind
    return Supply(
        **fields,
        device=own,
        product=product_in(ctx, this, "product"),
        quantity=_amount(ctx, this),
        repeats=integer(ctx, first(this.found, "repeatNumber")),
        expected_use=timespan(ctx, first(this.found, "expectedUseTime")),
        independent=boolean(first(this.found, "independentInd")),
    )


def _amount(ctx: Context, this: Node) -> Quantity | None:
    found = amount(ctx, first(this.found, "quantity"))
    return found if isinstance(found, Quantity) else None
