"""From the resources of one patient to a Document: under its Composition when there is one, else by kind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

import msgspec
from msgspec import Struct, structs

from semantix.model import (
    Concept,
    Consent,
    Document,
    EncompassingEncounter,
    Facility,
    Identifier,
    Organization,
    Party,
    RelatedDocument,
    Section,
    ServiceEvent,
    Statement,
    TimeSpan,
)
from semantix.parsers._book import digest, source_of
from semantix.parsers.fhir import acts, conditions, medications, observations
from semantix.parsers.fhir import urls as url
from semantix.parsers.fhir.actors import participants, parties, party, subject
from semantix.parsers.fhir.context import Builder, Context
from semantix.parsers.fhir.datatypes import concept, concepts, identifier, identifiers, joined, period, when
from semantix.parsers.fhir.library import Library, path_of
from semantix.parsers.fhir.narrative import narrative
from semantix.parsers.fhir.patient import patient
from semantix.parsers.fhir.shapes import Json, extension, first, items, kind_of, text

MEDIA_TYPE = "application/fhir+json"
_CONFIDENTIALITY = f"{url.V3}Confidentiality"
_RELATIONS: Mapping[str, str] = MappingProxyType({"replaces": "RPLC", "appends": "APND", "transforms": "XFRM"})
_EMPTY: Mapping[str, str] = MappingProxyType({"notasked": "NASK", "withheld": "MSK", "nilknown": "NI"})
_CONSENTS: Mapping[str, str] = MappingProxyType(
    {"active": "completed", "inactive": "aborted", "rejected": "cancelled", "entered-in-error": "nullified"}
)

BUILDERS: Mapping[str, Builder] = MappingProxyType(
    {
        "Observation": observations.observation,
        "DiagnosticReport": observations.report,
        "Media": observations.media,
        "Specimen": observations.specimen,
        "Goal": observations.goal,
        "Condition": conditions.condition,
        "AllergyIntolerance": conditions.allergy,
        "FamilyMemberHistory": conditions.family,
        "MedicationRequest": medications.request,
        "MedicationStatement": medications.statement,
        "MedicationAdministration": medications.administration,
        "MedicationDispense": medications.dispense,
        "Immunization": medications.immunization,
        "Procedure": acts.procedure,
        "ServiceRequest": acts.service_request,
        "Encounter": acts.encounter,
        "DeviceUseStatement": acts.device_use,
        "DeviceRequest": acts.device_request,
        "SupplyDelivery": acts.supply_delivery,
        "Device": acts.device,
        "DocumentReference": acts.document_reference,
    }
)
"""What reads each type of resource that says something of a patient."""

LAST_RESORT = ("Specimen", "Device", "Media")
"""Types that are statements only when no other resource refers to them."""

TITLES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "Séjours et consultations": ("Encounter",),
        "Problèmes": ("Condition",),
        "Allergies": ("AllergyIntolerance",),
        "Antécédents familiaux": ("FamilyMemberHistory",),
        "Traitements": (
            "MedicationRequest",
            "MedicationStatement",
            "MedicationAdministration",
            "MedicationDispense",
        ),
        "Vaccinations": ("Immunization",),
        "Actes": ("Procedure", "ServiceRequest", "Specimen"),
        "Résultats": ("DiagnosticReport", "Observation", "Media"),
        "Dispositifs médicaux": ("DeviceUseStatement", "DeviceRequest", "SupplyDelivery", "Device"),
        "Objectifs": ("Goal",),
        "Documents": ("DocumentReference",),
    }
)
"""The sections of a patient's resources that no Composition puts in order."""
OTHERS = "Autres éléments"


class Group(Struct):
    """The resources about one patient: each with where it stands (``entry-12``, ``line-3``)."""

    patient: Json | None
    reference_id: str | None
    members: list[tuple[Json, str]]
    lines: int = 0
    composition: tuple[Json, str] | None = None
    bundle: Json | None = None
    consents: list[tuple[Json, str]] = msgspec.field(default_factory=list)


class Made(Struct):
    """A document, and the addresses of the resources that it took in."""

    document: Document
    used: set[int]


class Origin(Struct, frozen=True):
    """Where a group comes from."""

    name: str
    practice: str
    format: str
    encoding: str = ""


def make(group: Group, library: Library, origin: Origin) -> Made:
    """Read the resources of one patient."""
    cx = Context(library, origin.practice, BUILDERS, _finish)
    sheet = cx.sheet
    if group.patient is not None:
        sheet.admit(group.patient, path_of(group.patient, "1"), in_body=False)
        cx.used.add(id(group.patient))
    who = patient(cx, group.patient, group.reference_id)
    cx.patient_ids, cx.patient = who.ids, group.patient
    if group.patient is None:
        sheet.book.doubt("SX426", "Patient", "the patient that is referred to is not in what was given: an id alone")
    if origin.encoding:
        words = f"JSON is written in UTF-8; this one was read as {origin.encoding}"
        sheet.book.doubt("SX427", "/", words)
    for resource, where in group.members:
        cx.own[id(resource)] = where
        sheet.admit(resource, path_of(resource, where))
    fields = _composed(cx, group) if group.composition is not None else {}
    sections = (*fields.pop("sections", ()), *_rest(cx, group))
    people = fields.pop("parties", ())
    consents = tuple(_consent(cx, *one) for one in group.consents)
    source = source_of(_bytes(group), origin.name, MEDIA_TYPE)
    own = Identifier("urn:semantix:document", digest([origin.practice, _bytes(group)]))
    document = sheet.document(
        source,
        format=origin.format,
        ids=(*fields.pop("ids", ()), own),
        patient=who,
        parties=(*people, *_custodian(cx, origin.practice, people)),
        sections=sections,
        consents=consents,
        sender=origin.practice or None,
        lines=group.lines,
        title=fields.pop("title", None) or "Données FHIR",
        **fields,
    )
    return Made(document, cx.used | set(cx.own))


def _finish(cx: Context, one: Statement, r: Json) -> Statement:
    """What any statement may have: somebody else whom it is about, people whom FHIR has no element for."""
    other, more = subject(cx, r), participants(cx, r)
    if other is None and not more:
        return one
    return structs.replace(one, subject=one.subject or other, parties=(*one.parties, *more))


def _bytes(group: Group) -> bytes:
    """The content of a group, apart from what was around it: the same resources sent again are the same document."""
    parts = [group.composition[0]] if group.composition is not None else []
    parts += [group.patient] if group.patient is not None else []
    parts += [one for one, _ in (*group.members, *group.consents)]
    return msgspec.json.encode(parts, order="sorted")


def _custodian(cx: Context, practice: str, people: tuple[Party, ...]) -> tuple[Party, ...]:
    """The practice, unless the Composition names who keeps the document."""
    if not practice or any(one.role == "custodian" for one in people):
        return ()
    at = cx.sheet.book.spot("practice")
    firm = Organization(at, "practice", (Identifier("urn:semantix:practice", practice),), (practice,))
    return (Party(at=at, path="practice", role="custodian", organization=firm),)


# --- without an order -----------------------------------------------------------------------------------------------


def _rest(cx: Context, group: Group) -> tuple[Section, ...]:
    """Sections for what no Composition lists; what others refer to stands inside them."""
    groups: dict[str, list[Json]] = {}
    titles = {kind: title for title, kinds in TITLES.items() for kind in kinds}
    order = {title: rank for rank, title in enumerate(TITLES)}
    for resource, _ in group.members:
        groups.setdefault(titles[kind_of(resource)], []).append(resource)
    pointed = _pointed(cx, group)
    built: dict[str, list[Statement]] = {}
    for is_last in (False, True):
        for title in sorted(groups, key=order.__getitem__):
            first_pass = [x for x in groups[title] if (kind_of(x) in LAST_RESORT) is is_last]
            for resource in sorted(first_pass, key=lambda x: id(x) in pointed):
                if id(resource) not in cx.built and not (is_last and id(resource) in cx.used):
                    built.setdefault(title, []).extend(cx.build(resource))
    if group.composition is not None:
        inner = [one for title in sorted(built, key=order.__getitem__) for one in built[title]]
        return (_section(cx, OTHERS, inner),) if inner else ()
    return tuple(_section(cx, title, built[title]) for title in sorted(built, key=order.__getitem__))


def _section(cx: Context, title: str, inner: list[Statement]) -> Section:
    at = cx.sheet.book.spot(f"section/{title}")
    return Section(at=at, path=at.path, title=title, statements=tuple(inner))


def _pointed(cx: Context, group: Group) -> set[int]:
    """The members that another one holds (a report its results): built after it, if it did not take them."""
    out: set[int] = set()
    for resource, _ in group.members:
        for name in ("result", "hasMember"):
            for reference in items(resource.get(name)):
                found = cx.library.find(reference, resource)
                if found is not None and found is not resource:
                    out.add(id(found))
    return out


# --- a Composition --------------------------------------------------------------------------------------------------


def _composed(cx: Context, group: Group) -> dict[str, Any]:
    """The header and the sections of a document Bundle."""
    assert group.composition is not None
    r, where = group.composition
    sheet = cx.sheet
    sheet.admit(r, path_of(r, where), in_body=False)
    own = identifier(first(r.get("identifier")) or {})
    outer = identifier(first((group.bundle or {}).get("identifier")) or {})
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
    if id(found) not in cx.own or id(found) in cx.built or kind_of(found) not in BUILDERS:
        return []
    return cx.build(found)


def _consent(cx: Context, r: Json, where: str) -> Consent:
    """A Consent."""
    cx.sheet.admit(r, path_of(r, where))
    cx.own[id(r)] = where
    return Consent(
        cx.sheet.spot(r),
        cx.sheet.path(r),
        (*identifiers(r.get("identifier")), *cx.identity(r)),
        joined([concept(cx.sheet, r.get("scope")), *concepts(cx.sheet, r.get("category"))]),
        _CONSENTS.get(text(r.get("status")) or ""),
    )
