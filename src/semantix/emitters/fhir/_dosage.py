"""Dosing instructions as FHIR Dosage: dose, rate, route, condition, one for each rhythm."""

from __future__ import annotations

from semantix.emitters.fhir import _urls as url
from semantix.emitters.fhir._context import Context, Json
from semantix.emitters.fhir._timing import timings
from semantix.emitters.fhir._types import (
    concept,
    null_flavor,
    open_range,
    quantity,
    range_,
    ratio,
    value_or_reason,
    words_of,
)
from semantix.model import Dosage, Precondition, Quantity, Range


def dosages(cx: Context, many: tuple[Dosage, ...]) -> list[Json]:
    """Dosage elements: one for each instruction and rhythm, in the order of the source."""
    out: list[Json] = []
    numbered = any(one.sequence is not None for one in many)
    for index, one in enumerate(many, 1):
        schedules = timings(cx, one.timings, one.bounds)
        base = _dosage(cx, one)
        if one.sequence is not None:
            base["sequence"] = one.sequence
        elif len(many) > 1 and not numbered:
            base["sequence"] = index
        if not schedules:
            if base:
                out.append(base)
            continue
        out.extend({**base, "timing": schedule} for schedule in schedules if schedule or base)
    return out


def _dosage(cx: Context, one: Dosage) -> Json:
    out: Json = {}
    extensions: list[Json] = []
    if one.unit is not None:
        extensions.append({"url": url.DOSE_UNIT, "valueCodeableConcept": concept(cx, one.unit)})
    extensions += [{"url": url.OTHER_SITE, "valueCodeableConcept": concept(cx, s)} for s in one.sites[1:]]
    extensions += [precondition(cx, p) for p in one.preconditions[1:]]
    text = one.text
    for words in filter(None, (words_of(x) for x in (one.dose, one.rate) if isinstance(x, Quantity))):
        # An amount that is no number ("1 cp") is words of the instruction.
        if text is None:
            text = words
        elif words not in text:
            extensions.append({"url": url.QUANTITY_TEXT, "valueString": words})
    if extensions:
        out["extension"] = extensions
    if text:
        out["text"] = text
    _put_conditions(cx, out, one)
    if one.sites:
        out["site"] = concept(cx, one.sites[0])
    if one.route is not None:
        out["route"] = concept(cx, one.route)
    amount = _dose_and_rate(cx, one)
    if amount:
        out["doseAndRate"] = [amount]
    if one.max_dose is not None and one.max_dose.numerator is not None:
        out["maxDosePerPeriod"] = ratio(cx, one.max_dose)
    return out


def _put_conditions(cx: Context, out: Json, one: Dosage) -> None:
    if one.instructions:
        out["additionalInstruction"] = [{"text": words} for words in one.instructions]
    if one.preconditions:
        put_as_needed(cx, out, one.preconditions[0])
    elif one.as_needed:
        out["asNeededBoolean"] = True


def put_as_needed(cx: Context, out: Json, one: Precondition) -> None:
    """Write a precondition as "as needed for"; a value beside it is kept in an extension."""
    if one.code is not None:
        out["asNeededCodeableConcept"] = concept(cx, one.code)
        if one.text and not one.code.text:
            out["asNeededCodeableConcept"]["text"] = one.text
    elif one.text:
        out["asNeededCodeableConcept"] = {"text": one.text}
    else:
        out["asNeededBoolean"] = True
    if one.value is not None:
        out.setdefault("extension", []).append(precondition(cx, Precondition(at=one.at, value=one.value)))


def precondition(cx: Context, one: Precondition) -> Json:
    """The extension that keeps a further precondition."""
    parts: list[Json] = []
    if one.code is not None:
        parts.append({"url": "code", "valueCodeableConcept": concept(cx, one.code)})
    if one.text:
        parts.append({"url": "text", "valueString": one.text})
    written = value_or_reason(cx, one.value) if one.value is not None else None
    if written:
        parts.append({"url": "value", f"value{written[0]}": written[1]})
    return {"url": url.PRECONDITION, "extension": parts or [null_flavor("NI")]}


def _dose_and_rate(cx: Context, one: Dosage) -> Json:
    out: Json = {}
    for name, amount in (("dose", one.dose), ("rate", one.rate)):
        if isinstance(amount, Range):
            out[f"{name}Range"] = range_(cx, amount)
        elif amount is not None and amount.comparator and amount.value is not None:
            out[f"{name}Range"] = open_range(cx, amount)
        elif amount is not None and (amount.value is not None or amount.null or amount.unit_codes):
            out[f"{name}Quantity"] = quantity(cx, amount)
    return out


def _exact(amount: Json, name: str) -> Json | None:
    """The one amount that was given; a Range of two is not exact, and stays one in an extension of the element."""
    held: Json | None = amount.get(f"{name}Range")
    if held is None:
        return amount.get(f"{name}Quantity")
    low, high = held.get("low"), held.get("high")
    if low is not None and low == high and "value" in low and "extension" not in low:
        return dict(low)
    return {"extension": [{"url": url.INEXACT, "valueRange": held}]}


def administration_dosage(cx: Context, many: tuple[Dosage, ...]) -> Json | None:
    """The one dosage of a MedicationAdministration: route, site, dose; the schedule is not repeated there."""
    if not many:
        return None
    one = many[0]
    out = _dosage(cx, one)
    amount = out.pop("doseAndRate", [{}])[0]
    dose, rate = _exact(amount, "dose"), _exact(amount, "rate")
    if dose:
        out["dose"] = dose
    if rate:
        out["rateQuantity"] = rate
    kinds = {"asNeededCodeableConcept": ("code", "CodeableConcept"), "maxDosePerPeriod": ("maxDosePerPeriod", "Ratio")}
    for name, (part, kind) in kinds.items():
        if name in out:
            parts = [{"url": part, f"value{kind}": out.pop(name)}]
            out.setdefault("extension", []).append({"url": url.PRECONDITION, "extension": parts})
    if out.pop("asNeededBoolean", None) and one.as_needed:
        out.setdefault("extension", []).append({"url": url.AS_NEEDED, "valueBoolean": True})
    for told in out.pop("additionalInstruction", ()):
        out.setdefault("extension", []).append({"url": url.FURTHER_INSTRUCTION, "valueString": told["text"]})
    extra = timings(cx, one.timings, one.bounds)
    out.setdefault("extension", []).extend(
        {"url": f"{url.OWN}administration-timing", "valueTiming": t} for t in extra if t
    )
    if "dose" not in out and "rateQuantity" not in out:
        # FHIR's rule mad-1 asks for a dose or a rate: without one, what is known becomes part of the dose's absence.
        out["dose"] = {"extension": [null_flavor("NI")]}
    if not out["extension"]:
        del out["extension"]
    return out
