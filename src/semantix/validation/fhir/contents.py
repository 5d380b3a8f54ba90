"""What resources say: systems of codes and units, dates, narratives, and what R4 forbids to say together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from types import MappingProxyType

from lxml import etree

from semantix.errors import UnreadableInput
from semantix.parsers._xml import parse_xml
from semantix.parsers.fhir.shapes import Json, choice, first, items, text
from semantix.validation._findings import Finding
from semantix.validation.fhir import words_contents as rules
from semantix.validation.fhir import words_structure
from semantix.validation.fhir._dates import is_after_day, is_before, moment
from semantix.validation.fhir._telling import told
from semantix.validation.fhir._walk import Element, Held

_TAG = re.compile(r"<[^>]*>")
_ACTIVE = re.compile(
    r"<(script|form|iframe|frame|frameset|object|embed|applet|input|button|link|base|meta|style|head|body|html)\b"
    r"|\s(on[a-z]{3,20})\s*=|[\"']\s*(javascript):",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&[A-Za-z]{2,10};")
_XHTML = "{http://www.w3.org/1999/xhtml}div"
_ATTACHED = frozenset({"photo", "attachment", "content", "presentedForm", "valueAttachment"})
_IN_ERROR = "entered-in-error"

PAST: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "Patient": ("birthDate", "deceasedDateTime"),
        "Composition": ("date",),
        "Observation": ("issued",),
        "DiagnosticReport": ("issued",),
        "Condition": ("recordedDate",),
        "AllergyIntolerance": ("recordedDate",),
        "MedicationRequest": ("authoredOn",),
        "MedicationStatement": ("dateAsserted",),
        "ServiceRequest": ("authoredOn",),
        "DocumentReference": ("date",),
        "Bundle": ("timestamp",),
    }
)
"""What is written when it has happened, whatever its status."""
_DONE = frozenset({"completed", "final", "amended", "corrected", "finished"})
HAPPENED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "Observation": ("effectiveDateTime", "effectiveInstant"),
        "DiagnosticReport": ("effectiveDateTime",),
        "Procedure": ("performedDateTime",),
        "Immunization": ("occurrenceDateTime",),
        "MedicationAdministration": ("effectiveDateTime",),
    }
)
"""What has happened once its status says so."""
_OF_LIFE: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        **HAPPENED,
        "Encounter": ("period",),
        "Condition": ("onsetDateTime", "recordedDate"),
        "AllergyIntolerance": ("onsetDateTime", "recordedDate"),
        "MedicationRequest": ("authoredOn",),
        "Patient": ("deceasedDateTime",),
    }
)


# --- dates ------------------------------------------------------------------------------------------------------------


def dates(held: Held, day: date, birth: str) -> Iterator[Finding]:
    """Dates in the future, before the birth of the patient (``birth``), and periods that end before they begin."""
    resource, kind = held.resource, held.kind
    names = PAST.get(kind, ())
    if text(resource.get("status")) in _DONE:
        names += HAPPENED.get(kind, ())
    for name in names:
        if is_after_day(moment(resource.get(name)), day):
            yield told(rules.IN_FUTURE, f"{held.place}.{name}", element=name)
    for name in _OF_LIFE.get(kind, ()):
        value = resource.get(name)
        said = moment((first(value) or {}).get("start") if name == "period" else value)
        if _is_long_before(said, birth):
            yield told(rules.BEFORE_BIRTH, f"{held.place}.{name}", element=name)
    for one in held.parts:
        start, end = moment(one.value.get("start")), moment(one.value.get("end"))
        if start and end and is_before(end, start):
            yield told(rules.ENDS_FIRST, one.place, element=one.name)


def _is_long_before(said: str, birth: str) -> bool:
    """More than a year before: what is told of a pregnancy lies before the birth of the child."""
    if not said or not birth:
        return False
    later = f"{int(said[:4]) + 1:04}{said[4:10]}"
    return is_before(later, birth[:10])


# --- narratives -------------------------------------------------------------------------------------------------------


def narratives(held: Held) -> Iterator[Finding]:
    """Narratives that say nothing, are no XHTML, or hold what FHIR forbids."""
    for one in held.parts:
        div = one.value.get("div")
        if one.name != "text" or type(div) is not str:
            continue
        where = f"{one.place}.div"
        active = _ACTIVE.search(div)
        if active is not None:
            name = next(group for group in active.groups() if group).lower()
            yield told(rules.ACTIVE_NARRATIVE, where, name=name)
        if not _is_xhtml(div):
            yield told(words_structure.MALFORMED, where, element="div")
        elif "<img" not in div and not _TAG.sub("", div).strip():
            yield told(rules.EMPTY_NARRATIVE, where)


def _is_xhtml(div: str) -> bool:
    try:
        root = parse_xml(_ENTITY.sub(" ", div).strip().encode("utf-8", "replace"), "div")
    except (UnreadableInput, etree.LxmlError):
        return False
    return str(root.tag) == _XHTML


# --- what goes together -----------------------------------------------------------------------------------------------


def together(held: Held) -> Iterator[Finding]:
    """What R4 forbids to say together, or asks to say."""
    kind = held.kind
    if kind in ("Condition", "AllergyIntolerance"):
        yield from _statuses(held)
    elif kind == "Observation":
        yield from _observation(held)
    for one in held.parts:
        if kind == "Composition" and one.name == "section":
            yield from _section(one)
        elif one.name in _ATTACHED and one.value.get("data") and not one.value.get("contentType"):
            yield told(rules.NO_CONTENT_TYPE, one.place)


def _statuses(held: Held) -> Iterator[Finding]:
    is_error = _IN_ERROR in _codes(held.resource.get("verificationStatus"))
    has_status = "clinicalStatus" in held.resource or "_clinicalStatus" in held.resource
    if is_error and "clinicalStatus" in held.resource:
        yield told(rules.STATUS_IN_ERROR, f"{held.place}.clinicalStatus")
    elif held.kind == "AllergyIntolerance" and not is_error and not has_status:
        yield told(rules.NO_CLINICAL_STATUS, held.place)


def _codes(concept: object) -> set[str]:
    return {text(coding.get("code")) or "" for one in items(concept) for coding in items(one.get("coding"))}


_SAYS = ("dataAbsentReason", "component", "hasMember", "note", "derivedFrom", "interpretation", "extension", "text")


def _observation(held: Held) -> Iterator[Finding]:
    resource = held.resource
    value = choice(resource, "value")
    if value is not None and "dataAbsentReason" in resource:
        yield told(rules.ABSENT_AND_THERE, f"{held.place}.dataAbsentReason")
    has_extension = any(name.startswith("_value") for name in resource)
    is_pending = text(resource.get("status")) in ("registered", "cancelled", _IN_ERROR)
    if value is None and not has_extension and not is_pending and not any(name in resource for name in _SAYS):
        yield told(rules.SAYS_NOTHING, held.place)


def _section(one: Element) -> Iterator[Finding]:
    section: Json = one.value
    if not any(name in section for name in ("text", "entry", "section", "emptyReason")):
        yield told(rules.EMPTY_SECTION, one.place)
