"""The model's data types as FHIR data types. A coded element is counted as carried here, where its code is written."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from semantix.emitters.fhir import _urls as url
from semantix.emitters.fhir._context import Context, Json
from semantix.emitters.fhir._dates import is_before
from semantix.emitters.fhir._mapped import put_mapped, put_unit
from semantix.emitters.fhir._ucum import is_ucum
from semantix.model import (
    Absent,
    Attachment,
    Coding,
    Concept,
    PartialDate,
    Qualifier,
    Quantity,
    Range,
    Ratio,
    Text,
    TimeSpan,
    Timing,
    Value,
)

# CI-SIS counts packages and pharmaceutical forms in EDQM Standard Terms, eight digits, as the unit itself.
_EDQM_UNIT = re.compile(r"[1-5][0-9]{7}")
_URL = re.compile(r"(https?|ftp)://\w|urn:[a-z0-9]|(mailto|data):.|[\w#./-]+$")
_OBSERVATION_METHOD = "2.16.840.1.113883.5.84"
ABSENT_REASONS = {
    "UNK": "unknown",
    "ASKU": "asked-unknown",
    "NASK": "not-asked",
    "NAV": "temp-unknown",
    "NAVU": "unknown",
    "MSK": "masked",
    "NA": "not-applicable",
    "NI": "unknown",
    "OTH": "unsupported",
    "UNC": "unsupported",
    "DER": "unknown",
    "NINF": "negative-infinity",
    "PINF": "positive-infinity",
    "QS": "unknown",
    "TRC": "unknown",
    "NP": "unknown",
    "INV": "error",
}


def coding(cx: Context, one: Coding) -> Json:
    """A Coding: system, code and display as written, the code counted as carried."""
    cx.carried.add(one.at)
    out: Json = {}
    if one.system:
        # Numbers of ObservationMethod written without their zeros ("4" for "0004") are not codes of that system.
        written = one.system
        foreign = written == _OBSERVATION_METHOD and len(one.code) < 4
        out["system"] = f"urn:oid:{written}" if foreign else cx.uri(written)
        if one.version:
            out["version"] = one.version
    code = one.code
    out["code"] = " ".join(code.split()) if " " in code or "\n" in code else code
    if one.display:
        out["display"] = one.display
    if one.text:
        out["extension"] = [{"url": url.ORIGINAL_TEXT, "valueString": one.text}]
    return out


def concept(cx: Context, one: Concept) -> Json:
    """A CodeableConcept; a refused one holds its NullFlavor as a coding, qualifiers are an extension."""
    out: Json = {}
    if one.qualifiers:
        out["extension"] = [qualifier(cx, q) for q in one.qualifiers]
    codings = [coding(cx, c) for c in one.codings]
    if one.null:
        codings.append({"system": url.V3_NULL, "code": one.null})
    if codings:
        out["coding"] = codings
    if one.text:
        out["text"] = one.text
    elif not codings:
        out["coding"] = [{"system": url.V3_NULL, "code": "NI"}]
    if cx.mapped:
        put_mapped(cx, out, one.at)
    return out


def qualifier(cx: Context, one: Qualifier) -> Json:
    """The extension that keeps a CD qualifier, for which R4 has no place."""
    parts = []
    if one.name is not None:
        parts.append({"url": "name", "valueCodeableConcept": concept(cx, one.name)})
    if one.value is not None:
        parts.append({"url": "value", "valueCodeableConcept": concept(cx, one.value)})
    if one.quantity is not None:
        written = value(cx, one.quantity)
        if written:
            parts.append({"url": "value", f"value{written[0]}": written[1]})
    return {"url": url.QUALIFIER, "extension": parts or [{"url": "value", "valueString": "?"}]}


def concepts(cx: Context, many: tuple[Concept, ...]) -> list[Json]:
    """CodeableConcepts in order."""
    return [concept(cx, one) for one in many]


def absent_code(null: str) -> Json:
    """A CodeableConcept for a required code that the source refuses to give."""
    return {"coding": [{"system": url.V3_NULL, "code": null}]}


def absent_reason(null: str) -> Json:
    """The dataAbsentReason of a NullFlavor, with the NullFlavor itself beside the FHIR code."""
    reason = {"system": url.ABSENT_REASON, "code": ABSENT_REASONS.get(null, "unknown")}
    return {"coding": [reason, {"system": url.V3_NULL, "code": null}]}


def absent_element(null: str | None) -> Json:
    """What stands for a required primitive that the source does not give."""
    reason: Json = {"url": url.DATA_ABSENT, "valueCode": ABSENT_REASONS.get(null or "UNK", "unknown")}
    return {"extension": [reason, null_flavor(null)] if null else [reason]}


def null_flavor(null: str) -> Json:
    """The extension holding a NullFlavor."""
    return {"url": url.NULL_FLAVOR, "valueCode": null}


def quantity(cx: Context, one: Quantity) -> Json:
    """A Quantity: digits as written, UCUM code when the unit is one; other units as PQ translations."""
    out: Json = {}
    extensions = [{"url": url.PQ_TRANSLATION, "valueQuantity": quantity(cx, t)} for t in one.translations]
    extensions += [{"url": url.UNIT_CODE, "valueCodeableConcept": concept(cx, c)} for c in one.unit_codes]
    if one.null:
        extensions.append(null_flavor(one.null))
    if one.value is None and one.text:
        extensions.append({"url": url.QUANTITY_TEXT, "valueString": one.text})
    if extensions:
        out["extension"] = extensions
    if one.value is not None:
        out["value"] = one.value
    if one.comparator:
        out["comparator"] = one.comparator
    unit = one.unit
    if unit:
        out["unit"] = unit
        found = cx.mapped.get(one.at) if cx.mapped else None
        if found:
            put_unit(cx, out, found[0])
            return out
        known = cx.ucum.get(unit)
        if known is None:
            known = cx.ucum[unit] = cx.trusts_units and is_ucum(unit)
        if known:
            out["system"] = url.UCUM
            out["code"] = unit
        elif _EDQM_UNIT.fullmatch(unit):
            out["system"] = url.EDQM
            out["code"] = unit
    elif one.text and one.value is not None:
        out["unit"] = one.text
    return out


def simple_quantity(cx: Context, one: Quantity) -> Json:
    """A SimpleQuantity: FHIR allows no comparator in it, so that an amount with one is wholly in an extension."""
    out = quantity(cx, one)
    if "comparator" in out:
        return {"extension": [{"url": url.INEXACT, "valueQuantity": out}]}
    return out


def bound(cx: Context, one: Quantity, *, closed: bool = True) -> Json:
    """One end of a Range; an end that is not in the range says so in an extension."""
    out = quantity(cx, one)
    out.pop("comparator", None)
    if not closed and one.value is not None:
        out.setdefault("extension", []).append({"url": url.EXCLUSIVE, "valueBoolean": True})
    return out


def range_(cx: Context, one: Range) -> Json:
    """A Range with the bounds there are."""
    out: Json = {}
    if one.low is not None:
        out["low"] = bound(cx, one.low, closed=one.low_closed)
    if one.high is not None:
        out["high"] = bound(cx, one.high, closed=one.high_closed)
    return out


def open_range(cx: Context, one: Quantity) -> Json:
    """A quantity with a comparator as the Range with one bound that it is."""
    side = "high" if one.comparator in ("<", "<=") else "low"
    return {side: bound(cx, one, closed=one.comparator not in ("<", ">"))}


def words_of(one: Quantity) -> str | None:
    """A quantity whose number cannot be read, as its own words."""
    if one.value is not None or not one.text:
        return None
    return f"{one.text} {one.unit}" if one.unit and one.unit not in one.text else one.text


def range_or_quantity(cx: Context, one: Range) -> tuple[str, Json]:
    """A Range with both bounds, else a Quantity whose comparator tells the open side."""
    if one.low is not None and one.low.value is not None and (one.high is None or one.high.value is None):
        out = quantity(cx, one.low)
        out["comparator"] = ">=" if one.low_closed else ">"
        return "Quantity", out
    if one.high is not None and one.high.value is not None and (one.low is None or one.low.value is None):
        out = quantity(cx, one.high)
        out["comparator"] = "<=" if one.high_closed else "<"
        return "Quantity", out
    return "Range", range_(cx, one)


def ratio(cx: Context, one: Ratio) -> Json:
    """A Ratio; FHIR wants both sides, so a missing denominator is the number one."""
    out: Json = {}
    if one.numerator is not None:
        out["numerator"] = quantity(cx, one.numerator)
    out["denominator"] = quantity(cx, one.denominator) if one.denominator is not None else {"value": 1}
    return out


def period(cx: Context, span: TimeSpan) -> Json | None:
    """A Period; a point in time is one that starts and ends then, a refused time one with its NullFlavor.

    ``None`` when nothing is known or refused.
    """
    out: Json = {}
    if span.width is not None:
        out["extension"] = [{"url": url.WIDTH, "valueQuantity": quantity(cx, span.width)}]
    if span.null and span.first is None:
        out.setdefault("extension", []).append(null_flavor(span.null))
    if span.value is not None:
        out["start"] = out["end"] = span.value.iso
        return out
    low, high = span.low, span.high
    if low is not None:
        out["start"] = low.iso
    elif span.low_null:
        out["_start"] = {"extension": [null_flavor(span.low_null)]}
    if high is not None:
        # FHIR refuses a period that ends before it starts; the end is then the doubtful half.
        if low is None or not is_before(high, low):
            out["end"] = high.iso
        else:
            out["_end"] = absent_element("INV")
            out["_end"]["extension"].append({"url": url.VALUE, "valueDateTime": high.iso})
    elif span.high_null:
        out["_end"] = {"extension": [null_flavor(span.high_null)]}
    elif low is not None and span.width is not None:
        # There is an end, even if nobody wrote its date: without this the period would read as still going on.
        out["_end"] = absent_element(None)
    return out or None


def put_time(cx: Context, out: Json, name: str, span: TimeSpan | None) -> None:
    """Write ``nameDateTime`` or ``namePeriod``.

    A refused time is a period: profiles constrain the value of a dateTime (vs-1) in a way that an empty one fails.
    """
    if span is None:
        return
    if span.value is not None and span.width is None:
        out[f"{name}DateTime"] = span.value.iso
        return
    written = period(cx, span)
    if written:
        out[f"{name}Period"] = written


def put_date(out: Json, name: str, date: PartialDate | None, null: str | None = None) -> None:
    """Write a dateTime, or its NullFlavor."""
    if date is not None:
        out[name] = date.iso
    elif null:
        out[f"_{name}"] = {"extension": [null_flavor(null)]}


def attachment(one: Attachment) -> Json:
    """An Attachment without its bytes."""
    out: Json = {}
    if one.media_type:
        out["contentType"] = one.media_type
    if one.language:
        out["language"] = one.language
    if one.url and not one.data:
        if _URL.match(one.url):
            out["url"] = one.url
        else:
            out["title"] = one.url
    return out


def value(cx: Context, one: Value) -> tuple[str, Any] | None:
    """The suffix and content of a ``value[x]``; ``None`` for what is absent (see :func:`absent_reason`)."""
    writer = _WRITERS.get(type(one))
    return writer(cx, one) if writer else None


def value_or_reason(cx: Context, one: Value) -> tuple[str, Any] | None:
    """The same, with the reason of what is absent in the place of a value."""
    return ("CodeableConcept", absent_reason(one.null)) if isinstance(one, Absent) else value(cx, one)


def _concept_value(cx: Context, one: Any) -> tuple[str, Any]:
    return "CodeableConcept", concept(cx, one)


def _quantity_value(cx: Context, one: Any) -> tuple[str, Any]:
    words = words_of(one)
    if words and not one.unit_codes and not one.translations:
        return "String", words
    return "Quantity", quantity(cx, one)


def _ratio_value(cx: Context, one: Any) -> tuple[str, Any]:
    if one.denominator is None and one.numerator is not None:
        return "Quantity", quantity(cx, one.numerator)
    return "Ratio", ratio(cx, one)


def _time_value(cx: Context, one: Any) -> tuple[str, Any] | None:
    if one.value is not None and one.width is None:
        return "DateTime", one.value.iso
    written = period(cx, one)
    return ("Period", written) if written else None


def _timing_value(cx: Context, one: Any) -> tuple[str, Any] | None:
    from semantix.emitters.fhir._timing import timing  # noqa: PLC0415 - a Timing's parts are values too

    written = timing(cx, (one,))
    return ("Timing", written) if written else None


def _text_value(cx: Context, one: Any) -> tuple[str, Any] | None:
    return ("String", one.value) if one.value.strip() else None


def _attachment_value(cx: Context, one: Any) -> tuple[str, Any] | None:
    if one.text and not one.data:
        return "String", one.text
    out = attachment(one)
    if one.data:
        out["data"] = one.data
    return ("Attachment", out) if out else None


_WRITERS: dict[type, Any] = {
    Concept: _concept_value,
    Quantity: _quantity_value,
    Range: range_or_quantity,
    Ratio: _ratio_value,
    TimeSpan: _time_value,
    Timing: _timing_value,
    Text: _text_value,
    Attachment: _attachment_value,
    bool: lambda cx, one: ("Boolean", one),
    int: lambda cx, one: ("Integer", one),
    Decimal: lambda cx, one: ("Quantity", {"value": one}),
}


def null_of(one: Value | None) -> str | None:
    """The NullFlavor of a value that is refused as a whole."""
    if isinstance(one, Absent):
        return one.null
    if isinstance(one, Concept) and not one.codings:
        return one.null
    if isinstance(one, Quantity) and one.value is None:
        return one.null
    if isinstance(one, TimeSpan) and one.first is None:
        return one.null
    return None
