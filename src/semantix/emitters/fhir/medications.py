"""Drugs: MedicationRequest, MedicationStatement, MedicationAdministration, MedicationDispense, by intent."""

from __future__ import annotations

from collections.abc import Iterable

from semantix.emitters.fhir import _urls as url
from semantix.emitters.fhir._actors import organization
from semantix.emitters.fhir._context import Context, Json
from semantix.emitters.fhir._dates import is_past
from semantix.emitters.fhir._dosage import administration_dosage, dosages
from semantix.emitters.fhir._mapped import worded
from semantix.emitters.fhir._relations import put_children
from semantix.emitters.fhir._statements import (
    EVENT_STATUS,
    authored,
    extend,
    is_denied,
    put_act_status,
    put_notes,
    put_parties,
    put_rest,
    put_start,
    put_subject,
    put_text,
)
from semantix.emitters.fhir._timing import UNITS_OF_TIME
from semantix.emitters.fhir._types import (
    absent_code,
    absent_element,
    concept,
    null_flavor,
    null_of,
    period,
    put_date,
    put_time,
    quantity,
    ratio,
    simple_quantity,
    value,
)
from semantix.model import Ingredient, Medication, Packaging, Product, Statement, TimeSpan

# A CDA prescription is written in mood INT; in FHIR a plan is less than a prescription.
_INTENTS = {"PRP": "proposal", "ARQ": "proposal", "PRMS": "plan", "DEF": "option"}
# "completed" is missing here and below: the templates fix it; it speaks of the entry, not of the treatment.
_STATEMENT_STATUS = {
    "active": "active",
    "aborted": "stopped",
    "cancelled": "not-taken",
    "held": "on-hold",
    "suspended": "on-hold",
    "new": "intended",
}
_REQUEST_STATUS = {
    "active": "active",
    "aborted": "stopped",
    "cancelled": "cancelled",
    "held": "on-hold",
    "suspended": "on-hold",
    "new": "draft",
}
_DISPENSE_STATUS = {**EVENT_STATUS, "cancelled": "cancelled"}
_ADMINISTRATION_STATUS = {word: status for word, status in EVENT_STATUS.items() if word != "new"}


def build_medication(cx: Context, one: Medication) -> Json:
    """The resource that the statement's intent asks for."""
    if one.intent == "prescribed" or one.mood in ("RQO", "INT", "PRP", "ARQ", "PRMS"):
        return _request(cx, one)
    if one.intent == "administered":
        return _administration(cx, one)
    if one.intent == "dispensed":
        return _dispense(cx, one)
    return _statement(cx, one)


def _request(cx: Context, one: Medication) -> Json:
    r = cx.open("MedicationRequest", one)
    put_act_status(r, one, _REQUEST_STATUS)
    r["intent"] = _INTENTS.get(one.mood, "order")
    if is_denied(one):
        r["doNotPerform"] = True
    _start(cx, r, one)
    put_date(r, "authoredOn", authored(one))
    put_parties(cx, r, one, author="requester:one")
    _put_dosages(cx, r, one, "dosageInstruction")
    _put_treatment(cx, r, one)
    put_occurrences(cx, r, one.occurrences)
    request = _dispense_request(cx, r, one)
    if request:
        r["dispenseRequest"] = request
    if one.substitution is not None:
        r["substitution"] = {"allowedCodeableConcept": concept(cx, one.substitution)}
    return _finish(cx, r, one)


def _dispense_request(cx: Context, r: Json, one: Medication) -> Json:
    request: Json = {}
    span = one.supply_time
    length = quantity(cx, span.width) if span is not None and span.width is not None and span.first is None else {}
    written = period(cx, span) if span is not None else None
    if length.get("code") in UNITS_OF_TIME:
        request["expectedSupplyDuration"] = length
    elif written:
        request["validityPeriod"] = written
    repeats = [n for n in (one.supply_repeats, one.repeats) if n is not None]
    if repeats and repeats[0] >= 0:
        request["numberOfRepeatsAllowed"] = repeats.pop(0)
    if one.supply_quantity is not None:
        request["quantity"] = simple_quantity(cx, one.supply_quantity)
    for number in repeats:
        if number != request.get("numberOfRepeatsAllowed"):
            extend(r, {"url": url.REPEATS, "valueInteger": number})
    return request


def _by_its_end(cx: Context, one: Medication) -> str:
    """A treatment is over, or not, by its end; the status of the entry itself tells nothing when "completed"."""
    if one.status != "completed":
        return "unknown"
    past = is_past(one.time.high if one.time is not None else None, cx.document.time)
    return "unknown" if past is None else "completed" if past else "active"


def _statement(cx: Context, one: Medication) -> Json:
    r = cx.open("MedicationStatement", one)
    put_act_status(r, one, _STATEMENT_STATUS, denied="not-taken", default=_by_its_end(cx, one))
    _start(cx, r, one)
    put_time(cx, r, "effective", one.time)
    put_occurrences(cx, r, one.occurrences)
    put_parties(cx, r, one, informant="informationSource:one", author="informationSource:one")
    _put_dosages(cx, r, one, "dosage")
    _put_supply(cx, r, one)
    return _finish(cx, r, one)


def _administration(cx: Context, one: Medication) -> Json:
    r = cx.open("MedicationAdministration", one)
    put_act_status(r, one, _ADMINISTRATION_STATUS, denied="not-done")
    _start(cx, r, one)
    span, others = main_time(one.time, one.occurrences)
    put_time(cx, r, "effective", span)
    put_occurrences(cx, r, others)
    if "effectiveDateTime" not in r and "effectivePeriod" not in r:
        r["effectivePeriod"] = absent_element(None)
    put_parties(cx, r, one, performer="performer:actor", author="performer:actor")
    dosage = administration_dosage(cx, one.dosages)
    if dosage is not None:
        r["dosage"] = dosage
        for other in dosages(cx, one.dosages[1:]):
            extend(r, {"url": url.FURTHER_DOSAGE, "valueDosage": other})
    _put_instructions(r, one)
    _put_supply(cx, r, one)
    return _finish(cx, r, one)


def _dispense(cx: Context, one: Medication) -> Json:
    r = cx.open("MedicationDispense", one)
    put_act_status(r, one, _DISPENSE_STATUS, denied="cancelled")
    _start(cx, r, one)
    put_parties(cx, r, one, performer="performer:actor", author="performer:actor")
    if one.supply_quantity is not None:
        r["quantity"] = simple_quantity(cx, one.supply_quantity)
    if one.supply_time is not None:
        put_start(cx, r, "whenHandedOver", one.supply_time)
    elif one.time is not None and one.time.start is not None:
        r["whenHandedOver"] = one.time.start.iso
    put_occurrences(cx, r, one.occurrences)
    _put_dosages(cx, r, one, "dosageInstruction")
    if one.substitution is not None:
        # A substitution act in a dispensation says of which type it was; N (none) that there was none.
        made = all(c.code != "N" for c in one.substitution.codings)
        r["substitution"] = {"wasSubstituted": made, "type": concept(cx, one.substitution)}
    _put_treatment(cx, r, one)
    _put_repeats(r, one)
    return _finish(cx, r, one)


def _start(cx: Context, r: Json, one: Medication) -> None:
    if one.kind == "no-medication" and one.code is not None and one.product is None:
        r["medicationCodeableConcept"] = concept(cx, one.code)
    else:
        put_product(cx, r, one.product, one)
        if one.code is not None:
            extend(r, {"url": url.CODE, "valueCodeableConcept": concept(cx, one.code)})
    put_subject(cx, r, one)
    if cx.encounter is not None:
        r["context" if r["resourceType"] != "MedicationRequest" else "encounter"] = cx.to(cx.encounter)


def _finish(cx: Context, r: Json, one: Medication) -> Json:
    put_notes(cx, r, one)
    put_text(r, one)
    put_rest(cx, r, one)
    put_children(cx, r, one)
    return r


def _put_dosages(cx: Context, r: Json, one: Medication, name: str) -> None:
    written = dosages(cx, one.dosages)
    if one.patient_instructions:
        if not written:
            written = [{}]
        written[0]["patientInstruction"] = "\n".join(one.patient_instructions)
    if written:
        r[name] = [d for d in written if d] or []
        if not r[name]:
            del r[name]
    for text in one.pharmacist_instructions:
        extend(r, {"url": url.INSTRUCTION, "valueString": text})


def _put_instructions(r: Json, one: Medication) -> None:
    notes = [{"text": text} for text in one.patient_instructions]
    if notes:
        r.setdefault("note", []).extend(notes)
    for text in one.pharmacist_instructions:
        extend(r, {"url": url.INSTRUCTION, "valueString": text})


def _put_supply(cx: Context, r: Json, one: Medication) -> None:
    if one.supply_quantity is not None:
        extend(r, {"url": url.SUPPLY_QUANTITY, "valueQuantity": simple_quantity(cx, one.supply_quantity)})
    if one.substitution is not None:
        extend(r, {"url": f"{url.OWN}substitution", "valueCodeableConcept": concept(cx, one.substitution)})
    if one.supply_time is not None:
        put_occurrences(cx, r, (one.supply_time,))
    _put_repeats(r, one)


def _put_repeats(r: Json, one: Medication) -> None:
    for number in dict.fromkeys((one.repeats, one.supply_repeats)):
        if number is not None:
            extend(r, {"url": url.REPEATS, "valueInteger": number})


def main_time(time: TimeSpan | None, occurrences: tuple[TimeSpan, ...]) -> tuple[TimeSpan | None, list[TimeSpan]]:
    """When an act took place, and the other times told of it: a point in time wins over the statement's interval."""
    if time is not None and time.value is not None:
        return time, list(occurrences)
    point = next((x for x in occurrences if x.value is not None), None)
    if point is None:
        return time, list(occurrences)
    others = [x for x in occurrences if x is not point]
    return point, others if time is None or null_of(time) else [time, *others]


def put_occurrences(cx: Context, r: Json, spans: Iterable[TimeSpan]) -> None:
    """Keep further times of an act."""
    for span in spans:
        written = value(cx, span)
        if written:
            extend(r, {"url": url.OCCURRENCE, f"value{written[0]}": written[1]})


def _put_treatment(cx: Context, r: Json, one: Medication) -> None:
    """Keep the treatment's interval, unless it is that of a dosage (or when a dispensed drug was handed over)."""
    written = period(cx, one.time) if one.time is not None else None
    bounds = [d.get("timing", {}).get("repeat", {}).get("boundsPeriod") for d in r.get("dosageInstruction", ())]
    handed = {"start": r.get("whenHandedOver"), "end": r.get("whenHandedOver")}
    if written and written not in bounds and written != handed:
        extend(r, {"url": url.TREATMENT, "valuePeriod": written})


# --- products -----------------------------------------------------------------------------------------------------


def put_product(cx: Context, r: Json, product: Product | None, one: Statement) -> None:
    """Write the drug: a code alone is a CodeableConcept; more is a contained Medication."""
    if product is None:
        text = one.text
        r["medicationCodeableConcept"] = worded(cx, text, one.at) if text else absent_code(one.null or "NI")
        return
    if not is_detailed(product):
        r["medicationCodeableConcept"] = product_code(cx, product)
        return
    contained = medication(cx, product)
    r["contained"] = [contained]
    r["medicationReference"] = {"reference": f"#{contained['id']}"}


def is_detailed(product: Product) -> bool:
    """True when a code and a name do not say all that is known of a product."""
    return bool(
        product.form
        or product.lot
        or product.lot_null
        or product.expiry
        or product.classes
        or product.ingredients
        or product.packaging
        or product.manufacturer
        or product.ids
    )


def product_code(cx: Context, product: Product) -> Json:
    """The product's codes and name; a refused one holds its NullFlavor."""
    if product.code is None:
        return worded(cx, product.name, product.at) if product.name else absent_code(product.name_null or "NI")
    out = concept(cx, product.code)
    if product.name and product.name != out.get("text"):
        if "text" in out:
            extend(out, {"url": f"{url.OWN}product-name", "valueString": product.name})
        else:
            out["text"] = product.name
    return out


def medication(cx: Context, product: Product) -> Json:
    """A Medication contained in its statement."""
    out: Json = {"resourceType": "Medication", "id": "medication"}
    extensions = [{"url": url.PRODUCT_CLASS, "valueCodeableConcept": concept(cx, c)} for c in product.classes]
    extensions += [packaging(cx, p) for p in product.packaging]
    if extensions:
        out["extension"] = extensions
    ids = [i for i in map(cx.identifier, product.ids) if i]
    if ids:
        out["identifier"] = ids
    out["code"] = product_code(cx, product)
    if product.manufacturer is not None:
        out["manufacturer"] = cx.to(organization(cx, product.manufacturer))
    if product.form is not None:
        out["form"] = concept(cx, product.form)
    if product.ingredients:
        out["ingredient"] = [_ingredient(cx, one) for one in product.ingredients]
    batch = _batch(product)
    if batch:
        out["batch"] = batch
    return out


def put_contained(cx: Context, r: Json, product: Product) -> None:
    """Keep in a contained Medication all that is known of a product."""
    contained = medication(cx, product)
    r["contained"] = [contained]
    extend(r, {"url": url.PRODUCT, "valueReference": {"reference": f"#{contained['id']}"}})


def _ingredient(cx: Context, one: Ingredient) -> Json:
    code = concept(cx, one.code) if one.code is not None else {}
    if one.name and "text" not in code:
        code["text"] = one.name
    written: Json = {"itemCodeableConcept": code or absent_code("NI"), "isActive": one.active}
    if one.strength is not None and one.strength.numerator is not None:
        written["strength"] = ratio(cx, one.strength)
    return written


def put_lot(out: Json, product: Product) -> None:
    """Write the lot number, or why there is none."""
    if product.lot:
        out["lotNumber"] = product.lot
    elif product.lot_null:
        out["_lotNumber"] = {"extension": [null_flavor(product.lot_null)]}


def _batch(product: Product) -> Json:
    batch: Json = {}
    put_lot(batch, product)
    if product.expiry is not None:
        batch["expirationDate"] = product.expiry.iso
    return batch


def packaging(cx: Context, one: Packaging) -> Json:
    """The extension that keeps a package: code (CIP), name, form, capacity."""
    parts: list[Json] = []
    if one.code is not None:
        parts.append({"url": "code", "valueCodeableConcept": concept(cx, one.code)})
    if one.name:
        parts.append({"url": "name", "valueString": one.name})
    if one.form is not None:
        parts.append({"url": "form", "valueCodeableConcept": concept(cx, one.form)})
    if one.capacity is not None:
        parts.append({"url": "capacity", "valueQuantity": simple_quantity(cx, one.capacity)})
    return {"url": url.PACKAGING, "extension": parts or [null_flavor("NI")]}
