"""From the resources of one patient to a Document: under its Composition when there is one, else by kind."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import msgspec
from msgspec import Struct, structs

from semantix.model import (
    Consent,
    Document,
    ExternalReference,
    Identifier,
    Lineage,
    Organization,
    Party,
    Section,
    Statement,
)
from semantix.parsers._book import digest, source_of
from semantix.parsers.fhir import acts, conditions, medications, observations
from semantix.parsers.fhir.actors import participants, subject
from semantix.parsers.fhir.composition import composed
from semantix.parsers.fhir.context import Builder, Context
from semantix.parsers.fhir.datatypes import concept, concepts, identifiers, joined
from semantix.parsers.fhir.library import Library, path_of
from semantix.parsers.fhir.lineage import lineage_of
from semantix.parsers.fhir.patient import patient
from semantix.parsers.fhir.shapes import Json, first, items, kind_of, text

MEDIA_TYPE = "application/fhir+json"
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
    fields = composed(cx, group.composition, group.bundle) if group.composition is not None else {}
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
        lineage=_lineage(group, origin.practice),
        **fields,
    )
    return Made(document, cx.used | set(cx.own))


def _finish(cx: Context, one: Statement, r: Json) -> Statement:
    """What any statement may have: somebody else whom it is about, its visit, people without an element for them."""
    other, more, visit = subject(cx, r), participants(cx, r), _visit(cx, r)
    if other is None and not more and not visit:
        return one
    return structs.replace(
        one, subject=one.subject or other, parties=(*one.parties, *more), references=(*one.references, *visit)
    )


def _visit(cx: Context, r: Json) -> tuple[ExternalReference, ...]:
    """The visit during which something was said or done, unless it is that of the whole document."""
    reference = first(r.get("encounter")) or first(r.get("context"))
    found = cx.library.find(reference, r) if reference is not None else None
    if reference is None or found is None or kind_of(found) != "Encounter" or id(found) in cx.used:
        return ()
    ids = (*identifiers(found.get("identifier")), *cx.identity(found))
    return (ExternalReference(cx.sheet.spot(reference), "ENC", ids),)


def _lineage(group: Group, practice: str) -> Lineage:
    """That of the Composition, or of the one resource that there is; several have no name together."""
    if group.composition is not None:
        return lineage_of(group.composition[0], practice, group.bundle)
    if len(group.members) == 1:
        return lineage_of(group.members[0][0], practice, group.bundle)
    return Lineage()


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
