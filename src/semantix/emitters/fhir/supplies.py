"""Devices and other things: DeviceUseStatement, DeviceRequest, SupplyDelivery, SupplyRequest."""

from __future__ import annotations

from semantix.emitters.fhir import _urls as url
from semantix.emitters.fhir._actors import device
from semantix.emitters.fhir._context import Context, Json
from semantix.emitters.fhir._relations import put_children
from semantix.emitters.fhir._statements import (
    INTENTS,
    REQUEST_STATUS,
    extend,
    is_denied,
    keep_status,
    put_negation,
    put_notes,
    put_parties,
    put_remarks,
    put_rest,
    put_subject,
    put_text,
)
from semantix.emitters.fhir._types import absent_code, concept, is_past, period, put_time, quantity
from semantix.emitters.fhir.medications import is_detailed, medication, product_code
from semantix.emitters.fhir.procedures import PLANNED
from semantix.model import Supply

_REQUESTED = {
    "active": "active",
    "aborted": "cancelled",
    "cancelled": "cancelled",
    "held": "suspended",
    "suspended": "suspended",
    "new": "draft",
    "nullified": "entered-in-error",
}
_DELIVERED = {
    "completed": "completed",
    "active": "in-progress",
    "aborted": "abandoned",
    "cancelled": "abandoned",
    "nullified": "entered-in-error",
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
    "nullified": "entered-in-error",
}


def _put_use_status(cx: Context, r: Json, one: Supply) -> None:
    """A device listed without an end in the past is in use; R4 requires a status here and has no "unknown"."""
    over = is_past(one.time.high if one.time is not None else None, cx.document.time)
    r["status"] = _USE_STATUS.get(one.status or "") or ("completed" if over else "active")
    keep_status(r, one)


def _device(cx: Context, one: Supply) -> Json:
    if one.device is not None:
        found = device(cx, one.device)
        if one.subject is None:
            found.setdefault("patient", cx.to(cx.patient))
        return cx.to(found)
    found = cx.new("Device", one.path)
    if one.product is not None:
        found["type"] = product_code(cx, one.product)
    elif one.kind == "no-device" and one.code is not None:
        found["type"] = concept(cx, one.code)
    else:
        found["type"] = {"text": one.text} if one.text else absent_code(one.null or "NI")
    if one.subject is None:
        found["patient"] = cx.to(cx.patient)
    return cx.to(found)


def _put_times(cx: Context, r: Json, name: str, one: Supply) -> None:
    put_time(cx, r, name, one.time or one.expected_use)
    use = period(cx, one.expected_use) if one.time is not None and one.expected_use is not None else None
    if use:
        extend(r, {"url": url.EXPECTED_USE, "valuePeriod": use})


def _device_request(cx: Context, one: Supply) -> Json:
    r = cx.open("DeviceRequest", one)
    r["status"] = REQUEST_STATUS.get(one.status or "", "unknown")
    r["intent"] = INTENTS.get(one.mood, "order")
    keep_status(r, one)
    r["codeReference"] = _device(cx, one)
    put_subject(cx, r, one)
    if cx.encounter is not None:
        r["encounter"] = cx.to(cx.encounter)
    _put_times(cx, r, "occurrence", one)
    author = next((p for p in one.parties if p.role == "author"), None)
    if author is not None and author.time is not None and author.time.start is not None:
        r["authoredOn"] = author.time.start.iso
    put_parties(cx, r, one, author="requester:one", performer="performer:one")
    _finish_supply(cx, r, one)
    return r


def _finish_supply(cx: Context, r: Json, one: Supply) -> None:
    if one.code is not None and not (one.kind == "no-device" and one.device is None and one.product is None):
        extend(r, {"url": url.CODE, "valueCodeableConcept": concept(cx, one.code)})
    if one.product is not None and one.device is not None:
        r["contained"] = [medication(cx, one.product)]
        extend(r, {"url": f"{url.OWN}product", "valueReference": {"reference": "#medication"}})
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
    item: Json = product_code(cx, one.product) if one.product is not None else {}
    if planned:
        item = item or ({"text": one.text} if one.text else absent_code(one.null or "NI"))
        r["status"] = _REQUESTED.get(one.status or "", "unknown")
        keep_status(r, one)
        r["itemCodeableConcept"] = item
        r["quantity"] = (
            amount if "value" in amount else {"extension": [{"url": url.DATA_ABSENT, "valueCode": "unknown"}]}
        )
        extend(r, {"url": url.FOR_PATIENT, "valueReference": cx.to(cx.patient)})
    else:
        if one.status in _DELIVERED:
            r["status"] = _DELIVERED[one.status]
        r["patient"] = cx.to(cx.patient)
        supplied: Json = {"quantity": amount} if "value" in amount else {}
        if item:
            supplied["itemCodeableConcept"] = item
        if supplied:
            r["suppliedItem"] = supplied
    if amount and "value" not in amount:
        extend(r, {"url": url.SUPPLY_QUANTITY, "valueQuantity": amount})
    if is_denied(one):
        put_negation(r)
    _put_times(cx, r, "occurrence", one)
    put_parties(cx, r, one)
    _put_product(cx, r, one)
    put_remarks(cx, r, one, text=item.get("text") != one.text)
    if one.repeats is not None:
        extend(r, {"url": url.REPEATS, "valueInteger": one.repeats})
    put_rest(cx, r, one, codes=True)
    put_children(cx, r, one)
    return r


def _put_product(cx: Context, r: Json, one: Supply) -> None:
    if one.product is not None and is_detailed(one.product):
        r["contained"] = [medication(cx, one.product)]
        extend(r, {"url": f"{url.OWN}product", "valueReference": {"reference": "#medication"}})
