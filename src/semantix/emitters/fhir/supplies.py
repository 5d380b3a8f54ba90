"""Devices and other things: DeviceUseStatement, DeviceRequest, SupplyDelivery, SupplyRequest."""

from __future__ import annotations

from semantix.emitters.fhir import _urls as url
from semantix.emitters.fhir._actors import device
from semantix.emitters.fhir._context import Context, Json, first_key
from semantix.emitters.fhir._dates import is_past
from semantix.emitters.fhir._relations import put_children
from semantix.emitters.fhir._statements import (
    INTENTS,
    REQUEST_STATUS,
    authored,
    extend,
    is_denied,
    put_act_status,
    put_negation,
    put_notes,
    put_parties,
    put_remarks,
    put_rest,
    put_subject,
    put_text,
)
from semantix.emitters.fhir._types import absent_code, absent_element, concept, period, put_date, put_time, quantity
from semantix.emitters.fhir.medications import is_detailed, product_code, put_contained, put_lot
from semantix.emitters.fhir.procedures import PLANNED
from semantix.model import Product, Supply

_REQUESTED = {
    "active": "active",
    "aborted": "cancelled",
    "cancelled": "cancelled",
    "held": "suspended",
    "suspended": "suspended",
    "new": "draft",
}
_DELIVERED = {
    "completed": "completed",
    "active": "in-progress",
    "aborted": "abandoned",
    "cancelled": "abandoned",
}


def build_supply(cx: Context, one: Supply) -> Json:
    """A device used or requested; another thing delivered or requested."""
    planned = one.mood in PLANNED
    if one.device is not None or one.kind in ("device", "no-device"):
        return _device_request(cx, one) if planned else _device_use(cx, one)
    return _supply(cx, one, planned=planned)


def _device_use(cx: Context, one: Supply) -> Json:
    r = cx.open("DeviceUseStatement", one)
    _put_use_status(cx, r, one)
    put_subject(cx, r, one)
    _put_times(cx, r, "timing", one)
    put_parties(cx, r, one, informant="source:one", author="source:one")
    r["device"] = _device(cx, one)
    _finish_supply(cx, r, one)
    return r


_USE_STATUS = {
    "active": "active",
    "aborted": "stopped",
    "cancelled": "stopped",
    "held": "on-hold",
    "suspended": "on-hold",
    "new": "intended",
}


def _put_use_status(cx: Context, r: Json, one: Supply) -> None:
    """A device listed without an end in the past is in use; R4 requires a status here and has no "unknown"."""
    over = is_past(one.time.high if one.time is not None else None, cx.document.time)
    put_act_status(r, one, _USE_STATUS, default="completed" if over else "active")


def _device(cx: Context, one: Supply) -> Json:
    if one.device is not None:
        found = device(cx, one.device, None, cx.patient["id"])
        if one.subject is None:
            found.setdefault("patient", cx.to(cx.patient))
        return cx.to(found)
    found = cx.new("Device", one.path)
    if one.product is not None:
        _describe(cx, found, one.product)
    elif one.kind == "no-device" and one.code is not None:
        found["type"] = concept(cx, one.code)
    else:
        found["type"] = {"text": one.text} if one.text else absent_code(one.null or "NI")
    if one.subject is None:
        found["patient"] = cx.to(cx.patient)
    return cx.to(found)


def _describe(cx: Context, r: Json, product: Product) -> None:
    ids = [i for i in map(cx.identifier, product.ids) if i]
    if ids:
        r["identifier"] = ids
    key = first_key(product.ids)
    if key:
        cx.devices.setdefault(key, []).append(r)
    put_lot(r, product)
    if product.expiry is not None:
        r["expirationDate"] = product.expiry.iso
    if product.manufacturer is not None and product.manufacturer.names:
        r["manufacturer"] = product.manufacturer.names[0]
    r["type"] = product_code(cx, product)


def _put_times(cx: Context, r: Json, name: str, one: Supply) -> None:
    put_time(cx, r, name, one.time or one.expected_use)
    use = period(cx, one.expected_use) if one.time is not None and one.expected_use is not None else None
    if use:
        extend(r, {"url": url.EXPECTED_USE, "valuePeriod": use})


def _device_request(cx: Context, one: Supply) -> Json:
    r = cx.open("DeviceRequest", one)
    put_act_status(r, one, REQUEST_STATUS)
    r["intent"] = INTENTS.get(one.mood, "order")
    r["codeReference"] = _device(cx, one)
    put_subject(cx, r, one)
    if cx.encounter is not None:
        r["encounter"] = cx.to(cx.encounter)
    _put_times(cx, r, "occurrence", one)
    put_date(r, "authoredOn", authored(one))
    put_parties(cx, r, one, author="requester:one", performer="performer:one")
    _finish_supply(cx, r, one)
    return r


def _finish_supply(cx: Context, r: Json, one: Supply) -> None:
    if one.code is not None and not (one.kind == "no-device" and one.device is None and one.product is None):
        extend(r, {"url": url.CODE, "valueCodeableConcept": concept(cx, one.code)})
    if one.product is not None and (one.device is not None or is_detailed(one.product)):
        put_contained(cx, r, one.product)
    if one.quantity is not None:
        extend(r, {"url": url.SUPPLY_QUANTITY, "valueQuantity": quantity(cx, one.quantity)})
    if one.repeats is not None:
        extend(r, {"url": url.REPEATS, "valueInteger": one.repeats})
    if is_denied(one):
        put_negation(r)
    put_notes(cx, r, one)
    put_text(r, one)
    put_rest(cx, r, one)
    put_children(cx, r, one)


def _supply(cx: Context, one: Supply, *, planned: bool) -> Json:
    r = cx.open("SupplyRequest" if planned else "SupplyDelivery", one)
    amount = quantity(cx, one.quantity) if one.quantity is not None else {}
    # What is delivered has a SimpleQuantity, without comparator.
    is_placed = "value" in amount and (planned or "comparator" not in amount)
    item: Json = product_code(cx, one.product) if one.product is not None else {}
    if planned:
        item = item or ({"text": one.text} if one.text else absent_code(one.null or "NI"))
        put_act_status(r, one, _REQUESTED)
        r["itemCodeableConcept"] = item
        r["quantity"] = amount if is_placed else absent_element(None)
        extend(r, {"url": url.FOR_PATIENT, "valueReference": cx.to(cx.patient)})
    else:
        put_act_status(r, one, _DELIVERED, default=None)
        r["patient"] = cx.to(cx.patient)
        supplied: Json = {"quantity": amount} if is_placed else {}
        if item:
            supplied["itemCodeableConcept"] = item
        if supplied:
            r["suppliedItem"] = supplied
    if amount and not is_placed:
        extend(r, {"url": url.SUPPLY_QUANTITY, "valueQuantity": amount})
    if is_denied(one):
        put_negation(r)
    _put_times(cx, r, "occurrence", one)
    put_parties(cx, r, one)
    if one.product is not None and is_detailed(one.product):
        put_contained(cx, r, one.product)
    put_remarks(cx, r, one, text=item.get("text") != one.text)
    if one.repeats is not None:
        extend(r, {"url": url.REPEATS, "valueInteger": one.repeats})
    put_rest(cx, r, one, codes=True)
    put_children(cx, r, one)
    return r
