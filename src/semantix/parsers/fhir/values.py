"""Answers of any type, and files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from semantix.model import Attachment, Text, Value
from semantix.parsers.fhir.datatypes import concept, of_coding, period, point, quantity, range_, ratio
from semantix.parsers.fhir.shapes import Json, boolean, choice, first, integer, number, text
from semantix.parsers.fhir.sheet import Sheet


def attachment(sheet: Sheet, element: Any) -> Attachment | None:
    """An Attachment: its bytes in base64, or where they are."""
    element = first(element)
    if element is None:
        return None
    data = text(element.get("data"))
    found = Attachment(
        at=sheet.spot(element),
        media_type=text(element.get("contentType")),
        data="".join(data.split()) if data else None,
        url=text(element.get("url")) or text(element.get("title")),
        language=text(element.get("language")),
    )
    return found if found.data or found.url or found.media_type else None


def value(sheet: Sheet, holder: Json, name: str = "value") -> Value | None:
    """``name[x]`` of any type; a type that the model has not is kept as words when it has some."""
    found = choice(holder, name)
    if found is None:
        return None
    kind, content = found
    if kind in _ELEMENTS:
        return _ELEMENTS[kind](sheet, content)
    if kind in _BARE:
        return _BARE[kind](content)
    return _worded(sheet, holder, f"{name}{kind}", kind)


def _worded(sheet: Sheet, holder: Json, key: str, kind: str) -> Value | None:
    """A date, or words; the samples of a curve are kept as the words that they are written in."""
    content = (first(holder[key]) or {}).get("data") if kind == "SampledData" else holder[key]
    moment = point(sheet, holder, key) if kind in ("DateTime", "Instant", "Date") else None
    said = text(content)
    return moment or (Text(said, sheet.spot(holder, key)) if said else None)


_BARE: Mapping[str, Callable[[Any], Value | None]] = MappingProxyType(
    {"Boolean": boolean, "Integer": integer, "PositiveInt": integer, "UnsignedInt": integer, "Decimal": number}
)
_ELEMENTS: Mapping[str, Callable[[Sheet, Any], Value | None]] = MappingProxyType(
    {
        "Quantity": quantity,
        "Age": quantity,
        "Duration": quantity,
        "CodeableConcept": concept,
        "Coding": of_coding,
        "Range": range_,
        "Ratio": ratio,
        "Period": period,
        "Attachment": attachment,
    }
)
