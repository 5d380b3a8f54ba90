"""HL7 v3 general timing (PIVL, EIVL, SXPR, IVL) as FHIR Timing and Dosage."""

from __future__ import annotations

from semantix.emitters.fhir import _urls as url
from semantix.emitters.fhir._context import Context, Json
from semantix.emitters.fhir._types import (
    coding,
    concept,
    null_flavor,
    open_range,
    period,
    quantity,
    range_,
    value,
    words_of,
)
from semantix.model import Dosage, Precondition, Quantity, Range, TimeSpan, Timing

UNITS_OF_TIME = frozenset({"s", "min", "h", "d", "wk", "mo", "a"})
EVENTS = frozenset(
    [
        "HS",
        "WAKE",
        "C",
        "CM",
        "CD",
        "CV",
        "AC",
        "ACM",
        "ACD",
        "ACV",
        "PC",
        "PCM",
        "PCD",
        "PCV",
        "MORN",
        "NOON",
        "AFT",
        "EVE",
        "NIGHT",
        "PHS",
    ]
)
"""HL7 timing events that FHIR's ``when`` also has; FHIR refuses an offset beside C, CM, CD and CV."""

_MEALS = frozenset({"C", "CM", "CD", "CV"})
_MINUTES = {"min": 1, "h": 60, "d": 1440}


def timings(cx: Context, many: tuple[Timing, ...], bounds: TimeSpan | None = None) -> list[Json]:
    """One FHIR Timing for each distinct rhythm of a schedule; ``bounds`` applies to each."""
    rhythms: dict[tuple[object, ...], list[Timing]] = {}
    spans = [bounds] if bounds is not None else []
    for leaf in _leaves(many):
        if leaf.period is None and leaf.event is None and leaf.bounds is not None and not leaf.text:
            spans.append(leaf.bounds)
            continue
        rhythm = (leaf.period.value, leaf.period.unit) if leaf.period is not None else (leaf.event is not None,)
        rhythms.setdefault(rhythm, []).append(leaf)
    span = next((s for s in spans if s.first is not None or s.width is not None), spans[0] if spans else None)
    if not rhythms:
        return [_bounded(cx, {}, span)] if span is not None else []
    return [_bounded(cx, _timing(cx, leaves), span) for leaves in rhythms.values()]


def timing(cx: Context, many: tuple[Timing, ...], bounds: TimeSpan | None = None) -> Json:
    """The same as one Timing, its further rhythms told apart in its own text."""
    written = timings(cx, many, bounds)
    return written[0] if written else {}


def _leaves(many: tuple[Timing, ...]) -> list[Timing]:
    leaves: list[Timing] = []
    for one in many:
        if one.parts:
            leaves.extend(_leaves(one.parts))
            if one.bounds is not None:
                leaves.append(Timing(at=one.at, bounds=one.bounds))
        else:
            leaves.append(one)
    return leaves


def _bounded(cx: Context, out: Json, span: TimeSpan | None) -> Json:
    if span is None:
        return out
    repeat = out.setdefault("repeat", {})
    if any(key.startswith("bounds") for key in repeat):
        return out
    put_bounds(cx, repeat, span)
    if not repeat:
        del out["repeat"]
        if span.null:
            out.setdefault("extension", []).append(null_flavor(span.null))
    return out


def put_bounds(cx: Context, repeat: Json, span: TimeSpan) -> None:
    """Write a schedule's limits: a Period, or a Duration when the end is known by the length alone.

    A start and a length are a Duration with the start in an extension: a Period would have no end, and read as a
    treatment without one; to compute the end would decide whether its last day is in it.
    """
    width = span.width
    if width is not None and span.high is None:
        duration = quantity(cx, width)
        if duration.get("code") in UNITS_OF_TIME:
            if span.start is not None:
                start = {"url": url.BOUNDS_START, "valueDateTime": span.start.iso}
                duration.setdefault("extension", []).append(start)
            repeat["boundsDuration"] = duration
            return
    written = period(cx, span)
    if written:
        repeat["boundsPeriod"] = written


def _timing(cx: Context, leaves: list[Timing]) -> Json:
    out: Json = {}
    repeat: Json = {}
    extensions: list[Json] = []
    for leaf in leaves:
        if leaf.alignment:
            extensions.append({"url": url.ALIGNMENT, "valueCode": leaf.alignment})
        if leaf.null:
            extensions.append(null_flavor(leaf.null))
        if leaf.bounds is not None and not any(key.startswith("bounds") for key in repeat):
            put_bounds(cx, repeat, leaf.bounds)
    if extensions:
        out["extension"] = extensions
    _put_period(cx, out, repeat, leaves)
    _put_events(cx, out, repeat, leaves)
    text = "; ".join(leaf.text for leaf in leaves if leaf.text)
    if text:
        out.setdefault("code", {})["text"] = text
    if repeat:
        out["repeat"] = repeat
    return out


def _put_period(cx: Context, out: Json, repeat: Json, leaves: list[Timing]) -> None:
    every = leaves[0].period
    if every is None:
        return
    written = quantity(cx, every)
    if every.value is None or every.value < 0 or every.unit not in UNITS_OF_TIME:
        out.setdefault("code", {})["text"] = f"{every.value or ''} {every.unit or every.text or ''}".strip() or "?"
        if "extension" in written:
            out.setdefault("extension", []).extend(written["extension"])
        return
    times = [t for t in (_time_of_day(leaf.phase) for leaf in leaves) if t]
    repeat["frequency"] = len(leaves)
    repeat["period"] = every.value
    repeat["periodUnit"] = every.unit
    if times and len(times) == len(leaves):
        repeat["timeOfDay"] = times
    first = leaves[0].phase
    if first is not None and "boundsPeriod" not in repeat and "boundsDuration" not in repeat and not times:
        put_bounds(cx, repeat, first)


def _time_of_day(phase: TimeSpan | None) -> str | None:
    start = phase.start if phase is not None else None
    return start.iso[11:19] if start is not None and start.has_time else None


def _put_events(cx: Context, out: Json, repeat: Json, leaves: list[Timing]) -> None:
    codes = [leaf.event for leaf in leaves if leaf.event is not None]
    if not codes:
        return
    # The event's own system and code stay in Timing.code, because `when` is a bare code.
    out["code"] = {"coding": [coding(cx, c) for c in codes]}
    when = list(dict.fromkeys(c.code for c in codes if c.code in EVENTS))
    if not when:
        return
    repeat["when"] = when
    offsets = {_minutes(leaf.offset) for leaf in leaves if leaf.offset is not None}
    minutes = offsets.pop() if len(offsets) == 1 else None
    if minutes is not None and not _MEALS.intersection(when):
        repeat["offset"] = minutes


def _minutes(offset: Range | Quantity | None) -> int | None:
    one = (offset.low or offset.high) if isinstance(offset, Range) else offset
    if one is None or one.value is None or one.unit not in _MINUTES:
        return None
    return int(abs(one.value) * _MINUTES[one.unit])


# --- dosage -------------------------------------------------------------------------------------------------------


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
    if one.preconditions:
        put_as_needed(cx, out, one.preconditions[0])
    if one.sites:
        out["site"] = concept(cx, one.sites[0])
    if one.route is not None:
        out["route"] = concept(cx, one.route)
    amount = _dose_and_rate(cx, one)
    if amount:
        out["doseAndRate"] = [amount]
    if one.max_dose is not None and one.max_dose.numerator is not None:
        out["maxDosePerPeriod"] = {
            "numerator": quantity(cx, one.max_dose.numerator),
            "denominator": quantity(cx, one.max_dose.denominator) if one.max_dose.denominator else {"value": 1},
        }
    return out


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
    written = value(cx, one.value) if one.value is not None else None
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
    for name in ("asNeededCodeableConcept", "maxDosePerPeriod"):
        kept = out.pop(name, None)
        if kept is not None:
            parts = [{"url": "code" if "As" in name or "as" in name else "max", "valueCodeableConcept": kept}]
            if name == "maxDosePerPeriod":
                parts = [{"url": "maxDosePerPeriod", "valueRatio": kept}]
            out.setdefault("extension", []).append({"url": url.PRECONDITION, "extension": parts})
    out.pop("asNeededBoolean", None)
    extra = timings(cx, one.timings, one.bounds)
    out.setdefault("extension", []).extend(
        {"url": f"{url.OWN}administration-timing", "valueTiming": t} for t in extra if t
    )
    if "dose" not in out and "rateQuantity" not in out and "rateRatio" not in out:
        # FHIR's rule mad-1 asks for a dose or a rate: without one, what is known becomes part of the dose's absence.
        out["dose"] = {"extension": [null_flavor("NI")]}
    if not out["extension"]:
        del out["extension"]
    return out
