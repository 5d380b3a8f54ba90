"""Codes that the source does not hold: written after its own, each marked with how it was found.

They are not the source's: none is counted as carried.
"""

from __future__ import annotations

from semantix.emitters.fhir import _urls as url
from semantix.emitters.fhir._context import Context, Json
from semantix.model import MappedCoding, Place


def worded(cx: Context, text: str, at: Place) -> Json:
    """A CodeableConcept for what the source says at a place in words only."""
    out: Json = {"text": text}
    if cx.mapped:
        put_mapped(cx, out, at)
    return out


def put_mapped(cx: Context, out: Json, at: Place) -> None:
    """Write the codes found for a place in a CodeableConcept."""
    found = cx.mapped.get(at) if cx.mapped else None
    if found:
        out.setdefault("coding", []).extend(_mapped(cx, one) for one in found)


def put_unit(cx: Context, out: Json, found: MappedCoding) -> None:
    """Write the UCUM code found for the unit of a Quantity; marked as found when it is not what the source wrote."""
    if not found.code:
        return
    out["system"] = cx.uri(found.system)
    out["code"] = found.code
    if found.code != out.get("unit"):
        out.setdefault("extension", []).append(_how(found))


def _mapped(cx: Context, one: MappedCoding) -> Json:
    out: Json = {"extension": [_how(one)], "system": cx.uri(one.system), "code": one.code}
    if one.display:
        out["display"] = one.display
    out["userSelected"] = False
    return out


def _how(one: MappedCoding) -> Json:
    """The extension that says how a code was found."""
    parts: list[Json] = [{"url": "method", "valueCode": one.method.value}]
    if one.probability:
        parts.append({"url": "confidence", "valueDecimal": one.probability})
    if one.source:
        parts.append({"url": "source", "valueString": one.source})
    return {"url": url.MAPPED, "extension": parts}
