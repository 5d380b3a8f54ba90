"""A Composition: the header of a document, and its sections."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from semantix.model import (
    Concept,
    EncompassingEncounter,
    Facility,
    Party,
    RelatedDocument,
    Section,
    ServiceEvent,
    Statement,
    TimeSpan,
)
from semantix.parsers.fhir import acts
from semantix.parsers.fhir import urls as url
from semantix.parsers.fhir.actors import participants, parties, party
from semantix.parsers.fhir.context import Context
from semantix.parsers.fhir.datatypes import concept, concepts, identifier, identifiers, joined, period, when
from semantix.parsers.fhir.library import path_of
from semantix.parsers.fhir.narrative import narrative
from semantix.parsers.fhir.shapes import Json, extension, first, items, kind_of, text

_CONFIDENTIALITY = f"{url.V3}Confidentiality"
_RELATIONS: Mapping[str, str] = MappingProxyType({"replaces": "RPLC", "appends": "APND", "transforms": "XFRM"})
_EMPTY: Mapping[str, str] = MappingProxyType({"notasked": "NASK", "withheld": "MSK", "nilknown": "NI"})


def composed(cx: Context, composition: tuple[Json, str], bundle: Json | None) -> dict[str, Any]:
    """The fields of the document that a Composition makes: its header, its sections."""
    r, where = composition
    sheet = cx.sheet
    sheet.admit(r, path_of(r, where), in_body=False)
    own = identifier(first(r.get("identifier")) or {})
    outer = identifier(first((bundle or {}).get("identifier")) or {})
    version = text((extension(r, url.VERSION) or {}).get("valueString"))
    main = next((one for one in (outer, own) if one is not None and one.root), None)
    custodian = party(cx, r.get("custodian"), r, "custodian", in_body=False)
    fields: dict[str, Any] = {
        "ids": (main,) if main is not None else (),
        "set_id": own,
        "version": int(version) if version and version.isascii() and version.isdigit() and len(version) < 10 else None,
        "code": joined([concept(sheet, r.get("type")), *concepts(sheet, r.get("category"))]),
        "title": text(r.get("title")),
        "time": when(sheet, r, "date"),
        "confidentiality": _confidentiality(cx, r),
        "language": text(r.get("language")),
        "parties": _people(cx, r, custodian),
        "encounter": _encounter(cx, r),
        "related": tuple(x for one in items(r.get("relatesTo")) if (x := _relation(cx, one)) is not None),
        "events": tuple(_event(cx, one) for one in items(r.get("event"))),
    }
    cx.roots.update(id(x) for x in _entries(cx, r, r.get("section")))
    fields["sections"] = tuple(_read_section(cx, r, one) for one in items(r.get("section")))
    return fields


def _people(cx: Context, r: Json, custodian: Party | None) -> tuple[Party, ...]:
    out = parties(cx, r, "author", "author", in_body=False)
    for one in items(r.get("attester")):
        role = "legalAuthenticator" if text(one.get("mode")) == "legal" else "authenticator"
        said = when(cx.sheet, one, "time")
        time = TimeSpan(cx.sheet.spot(one, "time#"), said) if said is not None else None
        found = party(cx, one.get("party"), r, role, in_body=False, time=time)
        if found is not None:
            out.append(found)
    return (*out, *([custodian] if custodian is not None else []), *participants(cx, r, in_body=False))


def _confidentiality(cx: Context, r: Json) -> Concept | None:
    kept = extension(r.get("_confidentiality"), url.CODE)
    if kept is not None:
        return concept(cx.sheet, kept.get("valueCodeableConcept"))
    code = text(r.get("confidentiality"))
    if code is None:
        return None
    made = cx.sheet.derived(r, "confidentiality", code, _CONFIDENTIALITY)
    return Concept((made,), cx.sheet.spot(r, "confidentiality#"))


def _relation(cx: Context, one: Json) -> RelatedDocument | None:
    code = _RELATIONS.get(text(one.get("code")) or "")
    target = first(one.get("targetIdentifier")) or first((first(one.get("targetReference")) or {}).get("identifier"))
    found = identifier(target) if target is not None else None
    return RelatedDocument(cx.sheet.spot(one), code, (found,)) if code and found is not None else None


def _event(cx: Context, one: Json) -> ServiceEvent:
    return ServiceEvent(
        at=cx.sheet.spot(one),
        path=cx.sheet.path(one),
        code=joined(concepts(cx.sheet, one.get("code"))),
        time=period(cx.sheet, one.get("period")),
    )


def _encounter(cx: Context, r: Json) -> EncompassingEncounter | None:
    """The visit during which the document was made."""
    found = cx.reach(r.get("encounter"), r, in_body=False)
    if found is None or kind_of(found) != "Encounter":
        return None
    cx.built.add(id(found))
    stay = first(found.get("hospitalization")) or {}
    places = [cx.reach(one.get("location"), found, in_body=False) for one in items(found.get("location"))]
    place = next((one for one in places if one is not None and kind_of(one) == "Location"), None)
    return EncompassingEncounter(
        at=cx.sheet.spot(found),
        path=cx.sheet.path(found),
        ids=(*identifiers(found.get("identifier")), *cx.identity(found)),
        code=acts.encounter_code(cx, found),
        time=period(cx.sheet, found.get("period")),
        discharge=concept(cx.sheet, stay.get("dischargeDisposition")),
        admission_source=concept(cx.sheet, stay.get("admitSource")),
        facility=_facility(cx, place) if place is not None else None,
        parties=tuple(p for p in acts.encounter_parties(cx, found) if p.class_code != "SDLOC"),
    )


def _facility(cx: Context, place: Json) -> Facility:
    inner = party(cx, {"reference": path_of(place, "1")}, {}, "participant")
    return Facility(
        cx.sheet.spot(place, "#"),
        cx.sheet.path(place),
        identifiers(place.get("identifier")) or cx.identity(place),
        cx.code(place) or joined(concepts(cx.sheet, place.get("type"))),
        text(place.get("name")),
        inner.addresses[0] if inner is not None and inner.addresses else None,
        inner.organization if inner is not None else None,
    )


# --- sections -----------------------------------------------------------------------------------------------------


def _entries(cx: Context, r: Json, sections: Any) -> Iterable[Json]:
    """Every resource that a section lists."""
    for one in items(sections):
        for reference in items(one.get("entry")):
            found = cx.library.find(reference, r)
            if found is not None:
                yield found
        yield from _entries(cx, r, one.get("section"))


def _read_section(cx: Context, r: Json, one: Json) -> Section:
    sheet = cx.sheet
    empty = first(one.get("emptyReason"))
    null = None
    for c in items((empty or {}).get("coding")):
        sheet.imply(c)
        code = text(c.get("code")) or ""
        null = code if text(c.get("system")) == url.V3_NULL else null or _EMPTY.get(code, "UNK")
    statements: list[Statement] = []
    for reference in items(one.get("entry")):
        statements += _entry(cx, r, reference)
    return Section(
        at=sheet.spot(one),
        path=sheet.path(one),
        code=concept(sheet, one.get("code")),
        title=text(one.get("title")),
        narrative=narrative(one.get("text")),
        null=null,
        parties=(*parties(cx, one, "author", "author"), *participants(cx, one)),
        statements=tuple(statements),
        sections=tuple(_read_section(cx, r, inner) for inner in items(one.get("section"))),
    )


def _entry(cx: Context, r: Json, reference: Json) -> list[Statement]:
    found = cx.library.find(reference, r)
    if found is None:
        return [link.statement for link in cx.link(reference, r, "COMP")]
    if id(found) not in cx.own or id(found) in cx.built or kind_of(found) not in cx.builders:
        return []
    return cx.build(found)
