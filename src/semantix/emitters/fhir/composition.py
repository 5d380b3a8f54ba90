"""Composition: the document's header and its sections; the Encounter, orders and consents around it."""

from __future__ import annotations

import re
from typing import Any

from semantix.emitters.fhir import _urls as url
from semantix.emitters.fhir._actors import actor, organization, participant, related_person
from semantix.emitters.fhir._context import Context, Json, uuid_of
from semantix.emitters.fhir._people import address, identifiers
from semantix.emitters.fhir._statements import extend, put_other
from semantix.emitters.fhir._types import absent_element, concept, null_flavor, period
from semantix.emitters.fhir.documents import binary, put_consent_status
from semantix.emitters.fhir.procedures import put_class, put_participant
from semantix.model import (
    Consent,
    Document,
    EncompassingEncounter,
    Facility,
    Order,
    Party,
    RelatedDocument,
    Section,
    ServiceEvent,
)

RELATIONS = {"RPLC": "replaces", "APND": "appends", "XFRM": "transforms"}
CONFIDENTIALITY = frozenset("ULMNRV")
_EMPTY = {
    "NASK": "notasked",
    "MSK": "withheld",
    "UNK": "unavailable",
    "NAV": "unavailable",
    "NI": "unavailable",
    "ASKU": "unavailable",
}
_ATTESTERS = {"legalAuthenticator": "legal", "authenticator": "professional"}
_TAGS = re.compile(r"<[^>]*>|&#?\w+;")
CARE_PLAN = "18776-5"
_ACTIVITIES = frozenset({"ServiceRequest", "MedicationRequest", "DeviceRequest", "Appointment", "Task"})


def build_header(cx: Context, document: Document) -> Json:
    """The Composition without its sections. It is not in the output yet."""
    r: Json = {
        "resourceType": "Composition",
        "id": uuid_of(document.key, "Composition"),
        "language": cx.language,
    }
    if document.version is not None:
        r["extension"] = [{"url": url.COMPOSITION_VERSION, "valueString": str(document.version)}]
    main = document.set_id or (document.ids[0] if document.ids else None)
    written = cx.identifier(main) if main is not None else None
    if written:
        r["identifier"] = written
    r["status"] = "preliminary" if _is_preliminary(document.sections) else "final"
    r["type"] = concept(cx, document.code) if document.code is not None else {"text": document.title or "-"}
    r["subject"] = cx.to(cx.patient)
    if cx.encounter is not None:
        r["encounter"] = cx.to(cx.encounter)
    if document.time is not None:
        r["date"] = document.time.iso
    else:
        r["_date"] = absent_element(None)
    _put_parties(cx, r, document.parties)
    r["title"] = document.title or (document.code.label if document.code is not None else None) or "Document"
    if document.confidentiality is not None:
        code = next((c.code for c in document.confidentiality.codings if c.code in CONFIDENTIALITY), None)
        if code:
            r["confidentiality"] = code
        kept = {"url": url.CODE, "valueCodeableConcept": concept(cx, document.confidentiality)}
        r["_confidentiality"] = {"extension": [kept]}
    relations = [x for x in (_relation(cx, one) for one in document.related) if x]
    if relations:
        r["relatesTo"] = relations
    if document.events:
        r["event"] = [_event(cx, one) for one in document.events]
    for order in document.orders:
        extend(r, {"url": url.BASED_ON, "valueReference": cx.to(build_order(cx, order))})
    for consent in document.consents:
        extend(r, {"url": url.CONSENT, "valueReference": cx.to(build_consent(cx, consent))})
    return r


def _is_preliminary(sections: tuple[Section, ...]) -> bool:
    """True when a laboratory report says that more of it is to come."""
    return any(
        any(s.kind == "lab-report" and s.status == "active" for s in one.statements) or _is_preliminary(one.sections)
        for one in sections
    )


def _put_parties(cx: Context, r: Json, parties: tuple[Party, ...]) -> None:
    authors: list[Json] = []
    attesters: list[Json] = []
    others: list[Json] = []
    for party in parties:
        found = actor(cx, party)
        placed = False
        if party.role == "author" and found is not None and found["resourceType"] != "Location":
            reference = cx.to(found)
            if reference not in authors:
                authors.append(reference)
            placed = True
        elif party.role in _ATTESTERS:
            attesters.append(_attester(cx, party, found))
            placed = found is not None and found["resourceType"] not in ("Device", "Location")
        elif party.role == "custodian":
            firm = organization(cx, party.organization) if party.organization is not None else found
            if firm is not None and firm["resourceType"] == "Organization":
                r["custodian"] = cx.to(firm)
                placed = True
        if (
            not placed
            or found is cx.patient
            or party.function is not None
            or party.mode is not None
            or (party.role == "author" and party.time is not None)
        ):
            others.append(participant(cx, party, found))
    r["author"] = authors or [{"extension": [null_flavor("UNK")]}]
    if attesters:
        r["attester"] = attesters
    if others:
        extend(r, *others)


def _attester(cx: Context, party: Party, found: Json | None) -> Json:
    out: Json = {"mode": _ATTESTERS[party.role]}
    if party.signature:
        out["extension"] = [{"url": f"{url.OWN}signature", "valueCode": party.signature}]
    when = party.time.start if party.time is not None else None
    if when is not None:
        out["time"] = when.iso
    if found is not None and found["resourceType"] not in ("Device", "Location"):
        out["party"] = cx.to(found)
    return out


def _relation(cx: Context, one: RelatedDocument) -> Json | None:
    code = RELATIONS.get(one.type_code)
    known = identifiers_of(cx, one)
    if not code or not known:
        return None
    out: Json = {"code": code, "targetIdentifier": known[0]}
    for other in known[1:]:
        extend(out, {"url": f"{url.OWN}related-identifier", "valueIdentifier": other})
    if one.code is not None:
        extend(out, {"url": url.CODE, "valueCodeableConcept": concept(cx, one.code)})
    if one.version is not None:
        extend(out, {"url": f"{url.OWN}related-version", "valueInteger": one.version})
    return out


def identifiers_of(cx: Context, one: RelatedDocument) -> list[Json]:
    """The identifiers of another document, its own before that of its set."""
    return [i for i in map(cx.identifier, (*one.ids, *([one.set_id] if one.set_id else ()))) if i]


def _event(cx: Context, one: ServiceEvent) -> Json:
    out: Json = {}
    extensions = [{"url": f"{url.OWN}event-identifier", "valueIdentifier": i} for i in map(cx.identifier, one.ids) if i]
    if one.status:
        extensions.append({"url": url.STATUS, "valueCode": one.status})
    extensions += [participant(cx, party, actor(cx, party)) for party in one.parties]
    if extensions:
        out["extension"] = extensions
    if one.code is not None:
        out["code"] = [concept(cx, one.code)]
    written = period(cx, one.time) if one.time is not None else None
    if written:
        out["period"] = written
    return out or {"extension": [null_flavor("NI")]}


def build_order(cx: Context, one: Order) -> Json:
    """The request that the document answers."""
    r = cx.new("ServiceRequest", one.path)
    ids = [i for i in map(cx.identifier, one.ids) if i]
    accessions = [
        {"type": {"coding": [{"system": url.V2_0203, "code": "ACSN"}]}, **i}
        for i in map(cx.identifier, one.accession)
        if i
    ]
    if ids or accessions:
        r["identifier"] = ids + accessions
    r["status"] = "unknown"
    r["intent"] = "order"
    if one.priority is not None:
        extend(r, {"url": url.PRIORITY, "valueCodeableConcept": concept(cx, one.priority)})
    if one.code is not None:
        r["code"] = concept(cx, one.code)
    r["subject"] = cx.to(cx.patient)
    return r


def build_consent(cx: Context, one: Consent) -> Json:
    """A consent attached to the document."""
    r = cx.new("Consent", one.path)
    ids = [i for i in map(cx.identifier, one.ids) if i]
    if ids:
        r["identifier"] = ids
    put_consent_status(r, one)
    r["scope"] = {"coding": [{"system": f"{url.TERMINOLOGY}consentscope", "code": "patient-privacy"}]}
    r["category"] = [concept(cx, one.code) if one.code is not None else {"text": "Consentement"}]
    r["patient"] = cx.to(cx.patient)
    r["policyRule"] = {"text": "Consentement joint au document"}
    return r


# --- encounter ----------------------------------------------------------------------------------------------------


def build_encounter(cx: Context, one: EncompassingEncounter) -> Json:
    """The visit or stay during which the document was made."""
    r = cx.new("Encounter", one.path)
    cx.encounter = r
    ids = [i for i in map(cx.identifier, one.ids) if i]
    for i in ids:
        i["type"] = {"coding": [{"system": f"{url.FR}CodeSystem/fr-core-cs-identifier-type", "code": "VN"}]}
    if ids:
        r["identifier"] = ids
    ended = one.time is not None and (one.time.high is not None or one.time.value is not None)
    r["status"] = "finished" if ended or one.discharge is not None else "unknown"
    put_class(cx, r, one.code)
    r["subject"] = cx.to(cx.patient)
    for party in one.parties:
        put_participant(cx, r, party)
    written = period(cx, one.time) if one.time is not None else None
    if written:
        r["period"] = written
    stay: Json = {}
    if one.admission_source is not None:
        stay["admitSource"] = concept(cx, one.admission_source)
    if one.discharge is not None:
        stay["dischargeDisposition"] = concept(cx, one.discharge)
    if stay:
        r["hospitalization"] = stay
    if one.facility is not None:
        place = build_facility(cx, one.facility)
        r["location"] = [{"location": cx.to(place)}]
        if "managingOrganization" in place:
            r["serviceProvider"] = place["managingOrganization"]
    if ids and written and all("value" in i for i in ids):
        r["meta"]["profile"] = [f"{url.FR_PROFILE}encounter"]
    return r


def build_facility(cx: Context, one: Facility) -> Json:
    """The place of the encounter."""
    r = cx.new("Location", one.path)
    ids = identifiers(cx, one.ids)
    if ids:
        r["identifier"] = ids
    if one.name:
        r["name"] = one.name
    r["mode"] = "instance"
    if one.code is not None:
        # FR Core binds Location.type to its own rooms and beds; the sector of activity is not one of them.
        extend(r, {"url": url.CODE, "valueCodeableConcept": concept(cx, one.code)})
    r["meta"]["profile"] = [f"{url.FR_PROFILE}location"]
    place = address(one.address) if one.address is not None else None
    if place:
        r["address"] = place
    if one.organization is not None:
        r["managingOrganization"] = cx.to(organization(cx, one.organization))
    return r


# --- sections -----------------------------------------------------------------------------------------------------


def build_section(cx: Context, one: Section) -> Json:
    """A section: its text, its entries, the sections inside it."""
    r: Json = {}
    outer = cx.section_code
    extensions = [
        {"url": f"{url.OWN}section-identifier", "valueIdentifier": i} for i in map(cx.identifier, one.ids) if i
    ]
    if one.title:
        r["title"] = one.title
    if one.code is not None:
        r["code"] = concept(cx, one.code)
        cx.section_code = one.code.codings[0].code if one.code.codings else None
    extensions += _section_parties(cx, r, one)
    if one.subject is not None:
        r["focus"] = cx.to(related_person(cx, one.subject))
    narrative = one.narrative if _says_something(one.narrative) else None
    if narrative:
        r["text"] = {"status": "additional", "div": narrative}
    built = [x for x in (cx.build(s) for s in one.statements) if x is not None]
    plan = _care_plan(cx, one, built)
    entries = [cx.to(x) for x in ([plan, *built] if plan is not None else built)]
    if entries:
        r["entry"] = list({e["reference"]: e for e in entries}.values())
    elif one.null or not (narrative or one.sections):
        r["emptyReason"] = _empty_reason(one.null)
    if not (entries or narrative or one.sections):
        r["text"] = {
            "status": "empty",
            "div": f'<div xmlns="http://www.w3.org/1999/xhtml"><p>{_escaped(one.title)}</p></div>',
        }
    if one.sections:
        r["section"] = [build_section(cx, inner) for inner in one.sections]
    if extensions:
        r["extension"] = extensions
    cx.section_code = outer
    return r


def _section_parties(cx: Context, r: Json, one: Section) -> list[Json]:
    """Write the section's authors; what more there is to say of them, and everybody else, as extensions."""
    extensions = []
    for party in one.parties:
        found = actor(cx, party)
        if party.role == "author" and found is not None and found["resourceType"] != "Location":
            reference = cx.to(found)
            if reference not in r.setdefault("author", []):
                r["author"].append(reference)
            if party.time is None and party.function is None:
                continue
        extensions.append(participant(cx, party, found))
    return extensions


def _says_something(narrative: str | None) -> bool:
    """FHIR's rule txt-2: a narrative has some content besides its tags."""
    return narrative is not None and (len(narrative) > 2000 or bool(_TAGS.sub("", narrative).strip()))


def _escaped(text: str | None) -> str:
    return (text or "-").replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _empty_reason(null: str | None) -> Json:
    codings = [{"system": f"{url.TERMINOLOGY}list-empty-reason", "code": _EMPTY.get(null or "NI", "unavailable")}]
    if null:
        codings.append({"system": url.V3_NULL, "code": null})
    return {"coding": codings}


def _care_plan(cx: Context, one: Section, built: list[Json]) -> Json | None:
    if one.code is None or not built or all(c.code != CARE_PLAN for c in one.code.codings):
        return None
    r = cx.new("CarePlan", one.path)
    r["status"] = "active"
    r["intent"] = "plan"
    if one.title:
        r["title"] = one.title
    r["subject"] = cx.to(cx.patient)
    put_other(cx, r, one)
    if cx.encounter is not None:
        r["encounter"] = cx.to(cx.encounter)
    lists: dict[str, list[Any]] = {"addresses": [], "supportingInfo": [], "goal": [], "activity": []}
    for found in built:
        kind, reference = found["resourceType"], cx.to(found)
        if kind == "Condition":
            lists["addresses"].append(reference)
        elif kind == "Goal":
            lists["goal"].append(reference)
        elif kind in _ACTIVITIES:
            lists["activity"].append({"reference": reference})
        else:
            lists["supportingInfo"].append(reference)
    r.update({name: items for name, items in lists.items() if items})
    return r


def build_attachments(cx: Context, document: Document) -> list[Json]:
    """Sections of the files that are the body of an unstructured document: a DocumentReference over a Binary each."""
    sections = []
    for index, one in enumerate(document.attachments, 1):
        path = f"attachment/{index}"
        r = cx.new("DocumentReference", path)
        r["status"] = "current"
        if document.code is not None:
            r["type"] = concept(cx, document.code)
        r["subject"] = cx.to(cx.patient)
        held = binary(cx, one, path)
        if document.title and "title" not in held:
            held["title"] = document.title
        r["content"] = [{"attachment": held}]
        section: Json = {"title": document.title or "Document"}
        section["entry"] = [cx.to(r)]
        sections.append(section)
    return sections
