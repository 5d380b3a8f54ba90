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


def _mapped(cx: Context, one: MappedCoding) -> Json:
    parts: list[Json] = [{"url": "method", "valueCode": one.method.value}]
    if one.probability:
        parts.append({"url": "confidence", "valueDecimal": one.probability})
    if one.source:
        parts.append({"url": "source", "valueString": one.source})
    out: Json = {"extension": [{"url": url.MAPPED, "extension": parts}], "system": cx.uri(one.system), "code": one.code}
    if one.display:
        out["display"] = one.display
    out["userSelected"] = False
    return out
