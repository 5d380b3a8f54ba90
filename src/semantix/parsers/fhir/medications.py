"""Drugs and vaccines: requests, statements, administrations, dispensations, immunizations."""

from __future__ import annotations

from typing import Any

from semantix.model import (
    Concept,
    Dosage,
    Immunization,
    Ingredient,
    Medication,
    Packaging,
    PartialDate,
    Product,
    Statement,
    TimeSpan,
)
from semantix.parsers.fhir import urls as url
from semantix.parsers.fhir.actors import actors, dated, organization, parties
from semantix.parsers.fhir.context import Context, flat
from semantix.parsers.fhir.datatypes import (
    concept,
    concepts,
    identifiers,
    period,
    quantity,
    ratio,
    span,
    when,
)
from semantix.parsers.fhir.shapes import (
    Json,
    boolean,
    extension,
    extensions,
    first,
    integer,
    items,
    kind_of,
    text,
)
from semantix.parsers.fhir.timing import dosages
from semantix.parsers.fhir.values import value
from semantix.parsers.fhir.words import DRUG_MOODS, EVENT, REQUEST, absence


def request(cx: Context, r: Json) -> list[Statement]:
    """A MedicationRequest: an order of any kind is a prescription; a proposal or a plan is less."""
    fields = _common(cx, r, REQUEST)
    supply = first(r.get("dispenseRequest")) or {}
    people = dated(cx, parties(cx, r, "requester", "author"), r, "authoredOn")
    instructed = dosages(cx, r.get("dosageInstruction"))
    fields |= {
        "intent": "prescribed",
        "mood": DRUG_MOODS.get(text(r.get("intent")) or "", "RQO"),
        "negated": fields.get("negated", False) or boolean(r.get("doNotPerform")) is True,
        "parties": (*people, *parties(cx, r, "performer", "performer")),
        "dosages": instructed,
        "time": _treatment(cx, r) or _limits(instructed),
        "patient_instructions": _instructions(r.get("dosageInstruction")),
        "supply_quantity": quantity(cx.sheet, supply.get("quantity")),
        "supply_repeats": integer(supply.get("numberOfRepeatsAllowed")),
        "supply_time": _supply_time(cx, supply),
        "substitution": concept(cx.sheet, (first(r.get("substitution")) or {}).get("allowedCodeableConcept")),
    }
    return [Medication(**fields)]


def statement(cx: Context, r: Json) -> list[Statement]:
    """A MedicationStatement."""
    fields = _common(cx, r, EVENT)
    word = text(r.get("status"))
    said = parties(cx, r, "informationSource", "informant")
    fields |= {
        "intent": "taken",
        "mood": "INT" if word == "intended" else "EVN",
        "negated": fields.get("negated", False) or word == "not-taken",
        "time": span(cx.sheet, r, "effective"),
        "parties": (*said, *dated(cx, [], r, "dateAsserted")),
        "dosages": dosages(cx, r.get("dosage")),
        "patient_instructions": _instructions(r.get("dosage")),
    }
    return [Medication(**fields)]


def administration(cx: Context, r: Json) -> list[Statement]:
    """A MedicationAdministration."""
    fields = _common(cx, r, EVENT)
    fields |= {
        "intent": "administered",
        "negated": fields.get("negated", False) or text(r.get("status")) == "not-done",
        "time": span(cx.sheet, r, "effective"),
        "parties": tuple(actors(cx, r, "performer", "performer")),
        "dosages": dosages(cx, r.get("dosage")),
    }
    if fields["negated"]:
        fields["status"] = "completed"
    return [Medication(**fields)]


def dispense(cx: Context, r: Json) -> list[Statement]:
    """A MedicationDispense."""
    fields = _common(cx, r, EVENT)
    handed = when(cx.sheet, r, "whenHandedOver") or when(cx.sheet, r, "whenPrepared")
    length = quantity(cx.sheet, r.get("daysSupply"))
    given = TimeSpan(cx.sheet.spot(r, "whenHandedOver#"), handed) if handed is not None else None
    swapped = first(r.get("substitution")) or {}
    fields |= {
        "intent": "dispensed",
        "time": given or _treatment(cx, r),
        "parties": tuple(actors(cx, r, "performer", "performer")),
        "dosages": dosages(cx, r.get("dosageInstruction")),
        "patient_instructions": _instructions(r.get("dosageInstruction")),
        "supply_quantity": quantity(cx.sheet, r.get("quantity")),
        "substitution": concept(cx.sheet, swapped.get("type")),
    }
    if length is not None:
        fields["supply_time"] = TimeSpan(cx.sheet.spot(r, "daysSupply#"), low=handed, width=length)
    return [Medication(**fields)]


def _common(cx: Context, r: Json, status: Any) -> dict[str, Any]:
    product = _product(cx, r, "medication")
    code = product.code if product is not None else None
    kind = absence(code)
    fields = cx.common(r, kind or "medication", status)
    fields["links"] = flat(cx.reasons(r), _reasons_not(cx, r), cx.related(r))
    fields["occurrences"] = _occurrences(cx, r)
    if kind is not None:
        return fields | {"code": code}
    return fields | {"product": product, "code": cx.code(r)}


def _reasons_not(cx: Context, r: Json) -> list[Any]:
    """Why it was not done, or is on hold: the same kind of link, since the statement itself says which."""
    return cx.reasons(r, "-", "statusReason")


def _instructions(value: Any) -> tuple[str, ...]:
    return tuple(said for one in items(value) if (said := text(one.get("patientInstruction"))))


def _treatment(cx: Context, r: Json) -> TimeSpan | None:
    return period(cx.sheet, (extension(r, url.TREATMENT) or {}).get("valuePeriod"))


def _limits(many: tuple[Dosage, ...]) -> TimeSpan | None:
    """The interval of a treatment with one dosage is that of the dosage."""
    bounds = [one.bounds for one in many if one.bounds is not None and one.bounds.first is not None]
    return bounds[0] if len(bounds) == 1 == len(many) else None


def _occurrences(cx: Context, r: Json) -> tuple[TimeSpan, ...]:
    found = [value(cx.sheet, one) for one in extensions(r, url.OCCURRENCE)]
    return tuple(one for one in found if isinstance(one, TimeSpan))


def _supply_time(cx: Context, supply: Json) -> TimeSpan | None:
    valid = period(cx.sheet, supply.get("validityPeriod"))
    width = quantity(cx.sheet, supply.get("expectedSupplyDuration"))
    if width is None:
        return valid
    low = valid.start if valid is not None else None
    high = valid.high if valid is not None else None
    return TimeSpan(cx.sheet.spot(supply, "expectedSupplyDuration#"), low=low, high=high, width=width)


# --- products -----------------------------------------------------------------------------------------------------


def _product(cx: Context, r: Json, name: str) -> Product | None:
    """The drug of a statement: a code, or a Medication that is contained or referred to."""
    element = first(r.get(f"{name}CodeableConcept"))
    if element is not None:
        code = concept(cx.sheet, element)
        return Product(at=cx.sheet.spot(element, "#"), path=cx.sheet.path(element), code=code, name=_named(element))
    reference = first(r.get(f"{name}Reference"))
    if reference is None:
        return None
    found = cx.reach(reference, r)
    if found is not None and kind_of(found) == "Medication":
        return product_of(cx, found)
    said = text(reference.get("display"))
    return Product(at=cx.sheet.spot(reference), path=cx.sheet.path(reference), name=said) if said else None


def _named(element: Json) -> str | None:
    kept = extension(element, f"{url.OWN}product-name")
    return text(kept.get("valueString")) if kept is not None else None


def product_of(cx: Context, found: Json) -> Product:
    """A Medication."""
    sheet = cx.sheet
    batch = first(found.get("batch")) or {}
    expiry: PartialDate | None = when(sheet, batch, "expirationDate")
    return Product(
        at=sheet.spot(found),
        path=sheet.path(found),
        code=concept(sheet, found.get("code")),
        name=_named(first(found.get("code")) or {}),
        ids=identifiers(found.get("identifier")),
        form=concept(sheet, found.get("form")),
        lot=text(batch.get("lotNumber")),
        expiry=expiry,
        classes=tuple(
            c for x in extensions(found, url.PRODUCT_CLASS) if (c := concept(sheet, x.get("valueCodeableConcept")))
        ),
        ingredients=tuple(_ingredient(cx, found, one) for one in items(found.get("ingredient"))),
        packaging=tuple(_packaging(cx, one) for one in extensions(found, url.PACKAGING)),
        manufacturer=organization(cx, found.get("manufacturer"), found),
    )


def _ingredient(cx: Context, holder: Json, one: Json) -> Ingredient:
    code = concept(cx.sheet, one.get("itemCodeableConcept"))
    reference = first(one.get("itemReference"))
    if code is None and reference is not None:
        found = cx.reach(reference, holder)
        code = concept(cx.sheet, found.get("code")) if found is not None else None
    said = text((reference or {}).get("display")) if code is None else None
    active = boolean(one.get("isActive"))
    return Ingredient(cx.sheet.spot(one), code, said, ratio(cx.sheet, one.get("strength")), active is not False)


def _packaging(cx: Context, kept: Json) -> Packaging:
    def inner(name: str, kind: str) -> Any:
        found = extension(kept, name)
        return found.get(f"value{kind}") if found is not None else None

    return Packaging(
        cx.sheet.spot(kept),
        concept(cx.sheet, inner("code", "CodeableConcept")),
        text(inner("name", "String")),
        concept(cx.sheet, inner("form", "CodeableConcept")),
        quantity(cx.sheet, inner("capacity", "Quantity")),
    )


# --- vaccines -----------------------------------------------------------------------------------------------------


def immunization(cx: Context, r: Json) -> list[Statement]:
    """An Immunization; one not done is denied, with its reason beside it."""
    vaccine = concept(cx.sheet, r.get("vaccineCode"))
    kind = absence(vaccine)
    given = when(cx.sheet, r, "occurrenceDateTime")
    people = [*actors(cx, r, "performer", "performer"), *dated(cx, [], r, "recorded")]
    fields = cx.common(r, kind or "immunization", EVENT)
    dose = [integer(one.get("doseNumberPositiveInt")) for one in items(r.get("protocolApplied"))]
    said = text(r.get("occurrenceString"))
    if text(r.get("status")) == "not-done":
        fields |= {"negated": True, "status": "completed"}
    fields |= {
        "code": vaccine if kind else cx.code(r),
        "time": TimeSpan(cx.sheet.spot(r, "occurrence#"), given) if given is not None else None,
        "occurrences": _occurrences(cx, r),
        "parties": tuple(people),
        "dosages": _vaccine_dosage(cx, r),
        "dose_number": next((n for n in dose if n is not None), None),
        "links": flat(cx.reasons(r), _reasons_not(cx, r), _effects(cx, r), cx.related(r)),
    }
    if said:
        fields["notes"] = (*fields["notes"], cx.note(r, "occurrenceString", said))
    return [Immunization(**fields, product=None if kind else _vaccine(cx, r, vaccine))]


def _vaccine(cx: Context, r: Json, code: Concept | None) -> Product | None:
    """The vaccine: its code, with what a contained Medication adds to it."""
    sheet = cx.sheet
    kept = extension(r, url.PRODUCT)
    inner = cx.reach(kept.get("valueReference"), r) if kept is not None else None
    more = product_of(cx, inner) if inner is not None and kind_of(inner) == "Medication" else None
    lot = text(r.get("lotNumber"))
    expiry = when(sheet, r, "expirationDate")
    firm = organization(cx, r.get("manufacturer"), r)
    if more is not None:
        return more
    if code is None and not (lot or expiry or firm):
        return None
    return Product(
        at=sheet.spot(r, "vaccineCode#"),
        path=f"{sheet.path(r)}/vaccineCode",
        code=code,
        name=_named(first(r.get("vaccineCode")) or {}),
        lot=lot,
        expiry=expiry,
        manufacturer=firm,
    )


def _vaccine_dosage(cx: Context, r: Json) -> tuple[Dosage, ...]:
    sheet = cx.sheet
    route, site = concept(sheet, r.get("route")), concepts(sheet, r.get("site"))
    dose = quantity(sheet, r.get("doseQuantity"))
    further = dosages(cx, [x.get("valueDosage") for x in extensions(r, f"{url.OWN}further-dosage")])
    if route is None and not site and dose is None:
        return further
    return (Dosage(at=sheet.spot(r, "dose#"), route=route, sites=site, dose=dose), *further)


def _effects(cx: Context, r: Json) -> list[Any]:
    return [
        link
        for one in items(r.get("reaction"))
        for link in cx.links({**one, "contained": r.get("contained")}, "detail", "CAUS")
    ]
