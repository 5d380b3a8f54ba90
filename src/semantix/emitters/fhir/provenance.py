"""Where everything comes from: a DocumentReference for the source document, a Provenance over all resources."""

from __future__ import annotations

from semantix.emitters.fhir import _urls as url
from semantix.emitters.fhir._actors import actor
from semantix.emitters.fhir._context import Context, Json
from semantix.emitters.fhir._dates import instant
from semantix.emitters.fhir._types import absent_element, concept
from semantix.emitters.fhir.composition import RELATIONS, identifiers_of
from semantix.model import Document

_HEADER_TYPES = frozenset(
    {"Patient", "Practitioner", "PractitionerRole", "Organization", "RelatedPerson", "Location", "Device", "Binary"}
)
_AUTHENTICATORS = frozenset({"Practitioner", "PractitionerRole", "Organization"})


def build_source(cx: Context, document: Document, composition: Json) -> Json:
    """The source document itself: identifiers, authors, size and hash of its bytes."""
    r = cx.new("DocumentReference", "/")
    master = cx.identifier(document.ids[0]) if document.ids else None
    if master:
        r["masterIdentifier"] = master
    ids = [i for i in map(cx.identifier, document.ids[1:]) if i]
    if document.set_id is not None:
        ids += [i for i in [cx.identifier(document.set_id)] if i]
    if ids:
        r["identifier"] = ids
    r["status"] = "current"
    r["docStatus"] = composition["status"]
    r["type"] = composition["type"]
    r["subject"] = cx.to(cx.patient)
    when = instant(document.time)
    if when:
        r["date"] = when
    authors = [a for a in composition["author"] if "reference" in a]
    if authors:
        r["author"] = authors
    legal = next((actor(cx, p) for p in document.parties if p.role == "legalAuthenticator"), None)
    if legal is not None and legal["resourceType"] in _AUTHENTICATORS:
        r["authenticator"] = cx.to(legal)
    if "custodian" in composition:
        r["custodian"] = composition["custodian"]
    _put_relations(cx, r, document)
    if document.title:
        r["description"] = document.title
    if document.confidentiality is not None:
        r["securityLabel"] = [concept(cx, document.confidentiality)]
    source = document.source
    held: Json = {
        "extension": [{"url": url.SOURCE_HASH, "valueString": source.sha256}],
        "contentType": source.media_type,
        "language": cx.language,
        "size": source.size,
    }
    if document.title:
        held["title"] = document.title
    r["content"] = [{"attachment": held}]
    _put_context(cx, r, document, composition)
    return r


def _put_relations(cx: Context, r: Json, document: Document) -> None:
    relations = [
        {"code": RELATIONS[x.type_code], "target": {"type": "DocumentReference", "identifier": target}}
        for x in document.related
        if x.type_code in RELATIONS
        for target in identifiers_of(cx, x)[:1]
    ]
    if relations:
        r["relatesTo"] = relations


def _put_context(cx: Context, r: Json, document: Document, composition: Json) -> None:
    context: Json = {}
    if cx.encounter is not None:
        context["encounter"] = [cx.to(cx.encounter)]
    events = [code for event in composition.get("event", ()) for code in event.get("code", ())]
    if events:
        context["event"] = events
    periods = [event["period"] for event in composition.get("event", ()) if "period" in event]
    if periods:
        context["period"] = periods[0]
    facility = document.encounter.facility if document.encounter is not None else None
    if facility is not None and facility.code is not None:
        context["facilityType"] = concept(cx, facility.code)
    setting = next(
        (p.organization.type for e in document.events for p in e.parties if p.organization and p.organization.type),
        None,
    )
    if setting is not None:
        context["practiceSetting"] = concept(cx, setting)
    if context:
        r["context"] = context


def build_provenance(cx: Context, document: Document, composition: Json, source: Json) -> Json:
    """A Provenance whose targets are the clinical resources and the Composition."""
    r = cx.new("Provenance", "/")
    targets = [cx.to(composition)]
    targets += [
        cx.to(x) for x in cx.resources if x["resourceType"] not in _HEADER_TYPES and x is not source and x is not r
    ]
    r["target"] = targets
    when = instant(document.time)
    if when:
        r["recorded"] = when
    else:
        r["_recorded"] = absent_element(None)
    kind = {"coding": [{"system": f"{url.TERMINOLOGY}provenance-participant-type", "code": "author"}]}
    agents = [{"type": kind, "who": a} for a in composition["author"] if "reference" in a]
    r["agent"] = agents or [{"type": kind, "who": {"display": "-"}}]
    r["entity"] = [{"role": "source", "what": cx.to(source)}]
    return r
