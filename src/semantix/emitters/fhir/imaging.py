"""Specimens taken, imaging studies and social coverage: acts that have a FHIR resource of their own."""

from __future__ import annotations

from semantix.emitters.fhir import _urls as url
from semantix.emitters.fhir._actors import actor, has_more, participant
from semantix.emitters.fhir._context import Context, Json
from semantix.emitters.fhir._relations import put_children
from semantix.emitters.fhir._statements import (
    code_or_absent,
    extend,
    put_act_status,
    put_ids,
    put_notes,
    put_other,
    put_parties,
    put_remarks,
    put_rest,
    put_start,
    put_subject,
    put_text,
    put_values,
    specimen,
)
from semantix.emitters.fhir._types import coding, concept, period, put_time
from semantix.model import Coding, Observation, Procedure, Statement

MODALITY = "121139"
"""DICOM code of the qualifier that names a series' modality."""

_AVAILABLE = {"completed": "available", "cancelled": "cancelled", "aborted": "cancelled"}
_COVERED = {
    "completed": "active",
    "active": "active",
    "new": "draft",
    "cancelled": "cancelled",
    "aborted": "cancelled",
}
_COLLECTORS = frozenset({"Practitioner", "PractitionerRole"})


def build_collection(cx: Context, one: Procedure) -> Json | None:
    """The Specimens that a collection took: the act is their ``collection``, its reception their ``receivedTime``.

    ``None`` when the source names no specimen: the act is then a Procedure.
    """
    if not one.specimens or one.negated:
        return None
    first, *others = [specimen(cx, s) for s in one.specimens]
    cx.take(one, first)
    put_ids(cx, first, one)
    taken = _collection(cx, first, one)
    for other in [first, *others]:
        collection = {**taken, **other.get("collection", {})}
        if collection:
            other["collection"] = collection
        put_other(cx, other, one)
        if one.status:
            extend(other, {"url": url.STATUS, "valueCode": one.status})
    _put_reception(cx, first, one)
    put_notes(cx, first, one)
    put_text(first, one)
    put_rest(cx, first, one)
    return first


def _collection(cx: Context, r: Json, one: Procedure) -> Json:
    taken: Json = {}
    for party in one.parties:
        found = actor(cx, party)
        placed = party.role == "performer" and found is not None and found["resourceType"] in _COLLECTORS
        if placed and found is not None:
            taken.setdefault("collector", cx.to(found))
        if not placed or has_more(party):
            extend(r, participant(cx, party, found))
    put_time(cx, taken, "collected", one.time)
    if one.code is not None:
        taken["method"] = concept(cx, one.code)
    if one.sites:
        taken["bodySite"] = concept(cx, one.sites[0])
    for site in (*one.sites[1:], *one.approach_sites):
        extend(r, {"url": url.OTHER_SITE, "valueCodeableConcept": concept(cx, site)})
    for method in one.methods:
        extend(r, {"url": url.OTHER_METHOD, "valueCodeableConcept": concept(cx, method)})
    return taken


def _put_reception(cx: Context, r: Json, one: Procedure) -> None:
    received = [x.statement for x in one.links if x.statement.kind == "specimen-received" and not x.statement.links]
    for act in received:
        cx.take(act, r)
        put_ids(cx, r, act)
        put_notes(cx, r, act)
        put_text(r, act)
        put_start(cx, r, "receivedTime", act.time)
        if act.code is not None:
            extend(r, {"url": url.CODE, "valueCodeableConcept": concept(cx, act.code)})
        put_parties(cx, r, act)
    rest = tuple(x for x in one.links if all(x.statement is not act for act in received))
    if rest:
        put_children(cx, r, one, rest)


# --- imaging ------------------------------------------------------------------------------------------------------


def build_study(cx: Context, one: Statement) -> Json:
    """An ImagingStudy with its series and instances."""
    r = cx.open("ImagingStudy", one)
    for held in r.get("identifier", ()):
        if held.get("system") == url.RFC3986 and held["value"].startswith("urn:oid:"):
            held["system"] = "urn:dicom:uid"
    put_act_status(r, one, _AVAILABLE, default="available")
    put_subject(cx, r, one)
    if cx.encounter is not None:
        r["encounter"] = cx.to(cx.encounter)
    put_start(cx, r, "started", one.time)
    if one.code is not None:
        r["procedureCode"] = [concept(cx, one.code)]
    if one.text:
        r["description"] = one.text
    put_parties(cx, r, one)
    put_notes(cx, r, one)
    put_rest(cx, r, one)
    series = [x for x in one.links if x.statement.kind == "imaging-series" and _uid(x.statement)]
    if series:
        r["series"] = [_series(cx, r, x.statement) for x in series]
    put_children(cx, r, one, tuple(x for x in one.links if x not in series))
    return r


def _uid(one: Statement) -> str | None:
    return next((i.root for i in one.ids if i.root), None)


def _series(cx: Context, r: Json, one: Statement) -> Json:
    cx.take(one, r)
    out: Json = {"uid": _uid(one)}
    out["modality"] = {"system": url.V3_NULL, "code": "NI"}
    if one.code is not None:
        found = _modality(one)
        if found is not None:
            out["modality"] = coding(cx, found)
        extend(out, {"url": url.CODE, "valueCodeableConcept": concept(cx, one.code)})
    if one.text:
        out["description"] = one.text
    put_start(cx, out, "started", one.time)
    put_parties(cx, out, one)
    instances = [x for x in one.links if x.statement.kind == "imaging-instance" and _uid(x.statement)]
    if instances:
        out["instance"] = [_instance(cx, r, x.statement) for x in instances]
    put_children(cx, r, one, tuple(x for x in one.links if x not in instances))
    return out


def _modality(one: Statement) -> Coding | None:
    for qualifier in one.code.qualifiers if one.code is not None else ():
        if qualifier.name is not None and any(c.code == MODALITY for c in qualifier.name.codings):
            return next(iter(qualifier.value.codings), None) if qualifier.value is not None else None
    return None


def _instance(cx: Context, r: Json, one: Statement) -> Json:
    cx.take(one, r)
    out: Json = {"uid": _uid(one)}
    codings = one.code.codings if one.code is not None else ()
    out["sopClass"] = coding(cx, codings[0]) if codings else {"system": url.V3_NULL, "code": "NI"}
    if one.code is not None and (len(codings) > 1 or one.code.qualifiers):
        extend(out, {"url": url.CODE, "valueCodeableConcept": concept(cx, one.code)})
    if one.code is not None and one.code.text:
        out["title"] = one.code.text
    if isinstance(one, Observation):
        put_values(cx, out, one.values)
    return out


# --- coverage -----------------------------------------------------------------------------------------------------


def build_coverage(cx: Context, one: Statement) -> Json:
    """A Coverage when a payer is named; the act that groups coverages is a Basic."""
    payers: list[Json] = []
    for party in one.parties:
        found = actor(cx, party) if party.role == "performer" else None
        if party.organization is not None and found is not None and found["resourceType"] == "PractitionerRole":
            payers.append({**found["organization"]})
        elif found is not None and found["resourceType"] in ("Organization", "Patient", "RelatedPerson"):
            payers.append(cx.to(found))
    r = cx.open("Coverage" if payers else "Basic", one)
    if payers:
        put_act_status(r, one, _COVERED, default="active")
        if one.code is not None:
            r["type"] = concept(cx, one.code)
        r["beneficiary"] = cx.to(cx.patient)
        span = period(cx, one.time) if one.time is not None else None
        if span:
            r["period"] = span
        r["payor"] = payers
    else:
        r["code"] = code_or_absent(cx, one)
        r["subject"] = cx.to(cx.patient)
        if one.status:
            extend(r, {"url": url.STATUS, "valueCode": one.status})
    put_parties(cx, r, one)
    put_remarks(cx, r, one)
    put_rest(cx, r, one)
    put_children(cx, r, one)
    return r
