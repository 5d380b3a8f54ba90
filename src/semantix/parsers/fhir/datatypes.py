"""FHIR data types as those of the model. Values stay as written; what cannot be read is a doubt, never a guess."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from msgspec import structs

from semantix import systems
from semantix.model import (
    Absent,
    Coding,
    Concept,
    Identifier,
    PartialDate,
    Qualifier,
    Quantity,
    Range,
    Ratio,
    TimeSpan,
)
from semantix.parsers.fhir import urls as url
from semantix.parsers.fhir.shapes import (
    Json,
    boolean,
    extension,
    extensions,
    first,
    items,
    number,
    text,
)
from semantix.parsers.fhir.sheet import Sheet, bare

BAD_DATE = "SX420"
BAD_NUMBER = "SX421"
NO_ZONE = "SX422"

NULLS: Mapping[str, str] = MappingProxyType(
    {
        "unknown": "UNK",
        "asked-unknown": "ASKU",
        "temp-unknown": "NAV",
        "not-asked": "NASK",
        "asked-declined": "ASKU",
        "masked": "MSK",
        "not-applicable": "NA",
        "unsupported": "OTH",
        "as-text": "OTH",
        "error": "INV",
        "not-a-number": "INV",
        "negative-infinity": "NINF",
        "positive-infinity": "PINF",
        "not-performed": "NI",
        "not-permitted": "MSK",
    }
)
"""data-absent-reason to the NullFlavor that says the same, or the nearest that says no more."""
_FLAVORS = frozenset("NI INV DER OTH NINF PINF UNC MSK NA UNK ASKU NAV NASK NAVU QS TRC NP".split())
_COMPARATORS = frozenset({"<", "<=", ">=", ">"})
_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?)?)?)?")


# --- codes --------------------------------------------------------------------------------------------------------


def concept(sheet: Sheet, element: Any) -> Concept | None:
    """A CodeableConcept: its codes, those that the user chose first; ``None`` when it says nothing.

    A code of NullFlavor or of data-absent-reason is why there is none.
    """
    element = first(element)
    if element is None:
        return None
    codings: list[Coding] = []
    chosen: list[Coding] = []
    null = said = None
    for one in items(element.get("coding")):
        flavor = _null_of(one)
        if flavor:
            null = null if _is_flavor(one) is False and null else flavor
            sheet.imply(one)
            continue
        found = coding(sheet, one)
        if found is None:
            said = said or text(one.get("display"))
        elif boolean(one.get("userSelected")):
            chosen.append(found)
        else:
            codings.append(found)
    words = text(element.get("text")) or (said if not codings and not chosen else None)
    qualifiers = tuple(_qualifier(sheet, one) for one in extensions(element, url.QUALIFIER))
    if not (codings or chosen or null or words or qualifiers):
        flavor = flavor_of(element)
        return Concept((), sheet.spot(element), None, flavor) if flavor else None
    return Concept((*chosen, *codings), sheet.spot(element), words, null, qualifiers)


def coding(sheet: Sheet, element: Json | None) -> Coding | None:
    """A Coding, with the words of its own when it has some."""
    found = sheet.coding(element) if element is not None else None
    if found is None or element is None:
        return None
    original = extension(element, url.ORIGINAL_TEXT)
    words = text(original.get("valueString")) if original else None
    return structs.replace(found, text=words) if words else found


def of_coding(sheet: Sheet, element: Any) -> Concept | None:
    """A lone Coding as a concept."""
    element = first(element)
    found = coding(sheet, element)
    return Concept((found,), sheet.spot(element, "#")) if found is not None and element is not None else None


def concepts(sheet: Sheet, value: Any) -> tuple[Concept, ...]:
    """Every CodeableConcept of a list that says something."""
    return tuple(found for one in items(value) if (found := concept(sheet, one)) is not None)


def joined(parts: Iterable[Concept | None]) -> Concept | None:
    """Several concepts about one thing as one: the codes of all, the words and the place of the first."""
    found = [one for one in parts if one is not None]
    if len(found) < 2:
        return found[0] if found else None
    codings = tuple(code for one in found for code in one.codings)
    words = next((one.text for one in found if one.text), None)
    qualifiers = tuple(q for one in found for q in one.qualifiers)
    return Concept(codings, found[0].at, words, None if codings else found[0].null, qualifiers)


def codes(found: Concept | None) -> set[str]:
    """The codes of a concept, without their systems."""
    return {one.code for one in found.codings} if found is not None else set()


def raw_codes(value: Any, system: str = "") -> list[str]:
    """The codes of CodeableConcepts, of one system if it is given, taken from nothing yet."""
    return [
        code
        for one in items(value)
        for c in items(one.get("coding"))
        if (code := text(c.get("code"))) and (not system or text(c.get("system")) == system)
    ]


def _qualifier(sheet: Sheet, element: Json) -> Qualifier:
    name, said = extension(element, "name"), extension(element, "value")
    return Qualifier(
        concept(sheet, name.get("valueCodeableConcept")) if name else None,
        concept(sheet, said.get("valueCodeableConcept")) if said else None,
        quantity(sheet, said.get("valueQuantity")) if said else None,
    )


def _is_flavor(element: Json) -> bool:
    return text(element.get("system")) == url.V3_NULL


def _null_of(element: Json) -> str | None:
    code = text(element.get("code"))
    if _is_flavor(element):
        return code if code in _FLAVORS else "NI"
    if text(element.get("system")) == url.ABSENT_REASON:
        return NULLS.get(code or "", "UNK")
    return None


def flavor_of(element: Any) -> str | None:
    """Why an element has no value, from the extensions that say so."""
    exact = extension(element, url.NULL_FLAVOR)
    if exact is not None:
        code = text(exact.get("valueCode"))
        return code if code in _FLAVORS else "NI"
    reason = extension(element, url.DATA_ABSENT)
    return NULLS.get(text(reason.get("valueCode")) or "", "UNK") if reason is not None else None


def absent(sheet: Sheet, element: Any) -> Absent | None:
    """A ``dataAbsentReason``."""
    found = concept(sheet, element)
    if found is None:
        return None
    return Absent(found.null or "NI", found.at)


# --- numbers ------------------------------------------------------------------------------------------------------


def quantity(sheet: Sheet, element: Any) -> Quantity | None:
    """A Quantity: its UCUM (or EDQM) code as the unit, else the unit as written."""
    element = first(element)
    if element is None:
        return None
    value = number(element.get("value"))
    written = element.get("value")
    said = None
    if value is None and written is not None:
        said = text(written)
        sheet.doubt(BAD_NUMBER, element, "a value that is no number: kept as words")
    comparator = text(element.get("comparator"))
    if comparator is not None and comparator not in _COMPARATORS:
        sheet.doubt(BAD_NUMBER, element, "a comparator that FHIR R4 does not know: left out")
        comparator = None
    others = [quantity(sheet, one.get("valueQuantity")) for one in extensions(element, url.PQ_TRANSLATION)]
    kinds = [concept(sheet, one.get("valueCodeableConcept")) for one in extensions(element, url.UNIT_CODE)]
    null = flavor_of(element) if value is None else None
    unit = _unit(element)
    if value is None and unit is None and said is None and null is None and not any(kinds):
        return None
    return Quantity(
        value,
        unit,
        sheet.spot(element),
        comparator,
        null,
        said,
        tuple(x for x in others if x is not None),
        tuple(x for x in kinds if x is not None),
    )


def _unit(element: Json) -> str | None:
    code, unit = text(element.get("code")), text(element.get("unit"))
    if code and (text(element.get("system")) in (url.UCUM, url.EDQM) or not unit):
        return code
    return unit


def range_(sheet: Sheet, element: Any) -> Range | None:
    """A Range with at least one bound."""
    element = first(element)
    if element is None:
        return None
    low, high = quantity(sheet, element.get("low")), quantity(sheet, element.get("high"))
    return Range(low, high, sheet.spot(element)) if low is not None or high is not None else None


def ratio(sheet: Sheet, element: Any) -> Ratio | None:
    """A Ratio."""
    element = first(element)
    if element is None:
        return None
    over, under = quantity(sheet, element.get("numerator")), quantity(sheet, element.get("denominator"))
    if under is not None and under.value == 1 and under.unit is None:
        under = None
    return Ratio(over, under, sheet.spot(element)) if over is not None or under is not None else None


# --- dates --------------------------------------------------------------------------------------------------------


def when(sheet: Sheet, holder: Any, name: str) -> PartialDate | None:
    """The date, dateTime or instant of an element, as precise as it is; what is no date is a doubt."""
    if type(holder) is not dict:
        return None
    said = text(holder.get(name))
    if said is None:
        return None
    iso = iso_of(said)
    if iso is None:
        sheet.doubt(BAD_DATE, holder, f"{name}: not a date that FHIR or the calendar knows; left out")
        return None
    if len(iso) == 19:
        sheet.doubt(NO_ZONE, holder, f"{name}: a time without a zone, which FHIR asks for; read in Europe/Paris")
    return sheet.date(holder, name, iso, said)


def iso_of(said: str) -> str | None:
    """The date at its precision, ``None`` when it is none. A time keeps its zone; parts of a second are left out."""
    found = _DATE.fullmatch(said[:40])
    if found is None:
        return None
    year, month, day, hour, minute, second, _, zone = found.groups()
    try:
        date(int(year), int(month or 1), int(day or 1))
        if hour is None:
            return "-".join(filter(None, (year, month, day)))
        iso = f"{year}-{month}-{day}T{hour}:{minute}:{second or '00'}{zone or ''}"
        datetime.fromisoformat(iso)
    except ValueError:
        return None
    return iso


def point(sheet: Sheet, holder: Json, name: str) -> TimeSpan | None:
    """A point in time."""
    found = when(sheet, holder, name)
    return TimeSpan(sheet.spot(holder, name), found) if found is not None else None


def period(sheet: Sheet, element: Any) -> TimeSpan | None:
    """A Period; one that starts and ends at the same moment is that moment."""
    element = first(element)
    if element is None:
        return None
    low, high = when(sheet, element, "start"), when(sheet, element, "end")
    long = extension(element, url.WIDTH)
    width = quantity(sheet, long.get("valueQuantity")) if long is not None else None
    at = sheet.spot(element)
    if low is not None and high is not None and low.iso == high.iso:
        return TimeSpan(at, low, width=width)
    low_null, high_null = flavor_of(element.get("_start")), flavor_of(element.get("_end"))
    null = flavor_of(element)
    if low is None and high is None and width is None and not (null or low_null or high_null):
        return None
    return TimeSpan(at, None, low, high, width, null, low_null, high_null)


def span(sheet: Sheet, holder: Json, name: str) -> TimeSpan | None:
    """``name[x]`` as a time: a dateTime, an instant or a Period; other types say no date."""
    held = holder.get(f"{name}Period")
    if held is not None:
        return period(sheet, held)
    for kind in ("DateTime", "Instant", "Date"):
        if f"{name}{kind}" in holder:
            return point(sheet, holder, f"{name}{kind}")
    null = flavor_of(holder.get(f"_{name}DateTime"))
    return TimeSpan(sheet.spot(holder, f"{name}DateTime"), null=null) if null else None


# --- identifiers -----------------------------------------------------------------------------


def identifier(element: Json) -> Identifier | None:
    """An Identifier: system as root (an OID without its prefix), a URI alone as root."""
    system, value = text(element.get("system")), text(element.get("value"))
    assigner = text((first(element.get("assigner")) or {}).get("display"))
    if value is None:
        return None
    if system in (url.RFC3986, None) and value.startswith(("urn:oid:", "urn:uuid:")):
        return Identifier(value.removeprefix("urn:oid:").removeprefix("urn:uuid:"), None, None, assigner)
    if system == url.RPPS:
        return Identifier(systems.PS_ID_NAT, f"8{value}" if len(value) == 11 else value, None, assigner)
    if system == url.FINESS:
        return Identifier(systems.STRUCT_ID_NAT, f"1{value}" if len(value) == 9 else value, None, assigner)
    return Identifier(bare(system), value, None, assigner)


def identifiers(value: Any) -> tuple[Identifier, ...]:
    """Every Identifier of a list, each once."""
    found = [one for one in map(identifier, items(value)) if one is not None]
    return tuple(dict.fromkeys(found))
