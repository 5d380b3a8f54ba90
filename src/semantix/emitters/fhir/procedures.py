"""Procedure, ServiceRequest, Goal, Encounter, Specimen collection: what was done, and what is to be done."""

from __future__ import annotations

from semantix import systems
from semantix.emitters.fhir import _urls as url
from semantix.emitters.fhir._actors import actor, participant
from semantix.emitters.fhir._context import Context, Json
from semantix.emitters.fhir._relations import put_children
from semantix.emitters.fhir._statements import (
    EVENT_STATUS,
    INTENTS,
    REQUEST_STATUS,
    authored,
    code_or_absent,
    extend,
    is_denied,
    put_act_status,
    put_negation,
    put_notes,
    put_parties,
    put_remarks,
    put_rest,
    put_specimens,
    put_subject,
    put_text,
    put_values,
)
from semantix.emitters.fhir._types import (
    concept,
    concepts,
    null_flavor,
    null_of,
    period,
    put_date,
    put_time,
    quantity,
    value,
)
from semantix.model import Concept, Encounter, Observation, Party, Procedure, Statement, TimeSpan

PLANNED = frozenset({"INT", "RQO", "PRP", "ARQ", "PRMS", "APT"})
_CLASSES = frozenset({"AMB", "EMER", "FLD", "HH", "IMP", "ACUTE", "NONAC", "OBSENC", "PRENC", "SS", "VR"})
_VISITED = {"completed": "finished", "active": "in-progress", "cancelled": "cancelled", "aborted": "cancelled"}
_AIMED = {
    "completed": "completed",
    "active": "active",
    "aborted": "cancelled",
    "cancelled": "cancelled",
    "held": "on-hold",
    "suspended": "on-hold",
}
_PRIORITIES = {
    "EL": "routine",
    "R": "routine",
    "UR": "urgent",
    "EM": "urgent",
    "S": "stat",
    "A": "asap",
    "RR": "urgent",
}


def build_procedure(cx: Context, one: Procedure) -> Json:
    """A Procedure done; one planned or defined is a ServiceRequest, one aimed at a Goal."""
    if one.mood == "GOL":
        return build_goal(cx, one)
    if one.mood in PLANNED or one.mood == "DEF":
        return build_request(cx, one)
    r = cx.open("Procedure", one)
    put_act_status(r, one, EVENT_STATUS, denied="not-done")
    r["code"] = code_or_absent(cx, one)
    put_subject(cx, r, one)
    if cx.encounter is not None:
        r["encounter"] = cx.to(cx.encounter)
    put_time(cx, r, "performed", one.time)
    put_parties(cx, r, one, performer="performer:actor", author="recorder:one", informant="asserter:one")
    for party in one.parties:
        if party.role == "performer" and party.function is not None:
            _put_function(r, cx, party.function)
        if party.device is not None or party.type_code == "DEV":
            cx.uses.append((r, party.ids or (party.device.ids if party.device is not None else ())))
    sites = one.sites + one.approach_sites
    if sites:
        r["bodySite"] = concepts(cx, sites)
    put_notes(cx, r, one)
    put_text(r, one)
    for method in one.methods:
        extend(r, {"url": url.OTHER_METHOD, "valueCodeableConcept": concept(cx, method)})
    put_rest(cx, r, one)
    put_children(cx, r, one)
    return r


def _put_function(r: Json, cx: Context, function: Concept) -> None:
    performers = r.get("performer")
    if performers and "function" not in performers[-1]:
        performers[-1] = {"function": concept(cx, function), **performers[-1]}


def build_request(cx: Context, one: Statement) -> Json:
    """A ServiceRequest: an act, an observation or a visit planned, proposed or ordered."""
    r = cx.open("ServiceRequest", one)
    put_act_status(r, one, REQUEST_STATUS)
    r["intent"] = INTENTS.get(one.mood, "plan")
    if is_denied(one):
        r["doNotPerform"] = True
    r["code"] = code_or_absent(cx, one)
    put_subject(cx, r, one)
    if cx.encounter is not None:
        r["encounter"] = cx.to(cx.encounter)
    put_time(cx, r, "occurrence", one.time)
    put_date(r, "authoredOn", authored(one))
    put_parties(cx, r, one, author="requester:one", performer="performer:many")
    _put_priority(r, one)
    if isinstance(one, (Procedure, Observation)):
        if one.sites:
            r["bodySite"] = concepts(cx, one.sites)
        for method in one.methods:
            extend(r, {"url": url.OTHER_METHOD, "valueCodeableConcept": concept(cx, method)})
    if isinstance(one, Procedure) and one.approach_sites:
        r.setdefault("bodySite", []).extend(concepts(cx, one.approach_sites))
    if isinstance(one, Observation):
        put_values(cx, r, one.values)
        _put_findings(cx, r, one)
    put_specimens(cx, r, one, "specimen", many=True)
    put_notes(cx, r, one)
    put_text(r, one)
    put_rest(cx, r, one)
    put_children(cx, r, one)
    return r


def _put_findings(cx: Context, r: Json, one: Observation) -> None:
    """Keep what an observation not yet made says of its result: how it would be read."""
    for found in one.interpretations:
        extend(r, {"url": url.VALUE, "valueCodeableConcept": concept(cx, found)})
    for usual in one.ranges:
        put_values(cx, r, (usual.value,) if usual.value is not None else ())
        for coded in (usual.interpretation, usual.applies):
            if coded is not None:
                extend(r, {"url": url.VALUE, "valueCodeableConcept": concept(cx, coded)})


def _put_priority(r: Json, one: Statement) -> None:
    codes = [c.code for c in one.priority.codings] if one.priority is not None else []
    found = next((_PRIORITIES[c] for c in codes if c in _PRIORITIES), None)
    if found:
        r["priority"] = found


def build_goal(cx: Context, one: Statement) -> Json:
    """A Goal: what is aimed at, with its measure and its due date."""
    r = cx.open("Goal", one)
    put_act_status(r, one, _AIMED, default="proposed")
    r["lifecycleStatus"] = r.pop("status")
    r["description"] = code_or_absent(cx, one)
    put_subject(cx, r, one)
    targets = _targets(cx, r, one)
    if isinstance(one, Observation):
        _put_findings(cx, r, one)
    if isinstance(one, (Observation, Procedure)):
        for found in (*one.sites, *getattr(one, "approach_sites", ())):
            extend(r, {"url": url.OTHER_SITE, "valueCodeableConcept": concept(cx, found)})
        for found in one.methods:
            extend(r, {"url": url.OTHER_METHOD, "valueCodeableConcept": concept(cx, found)})
    if one.time is not None:
        _put_due(cx, r, targets, one.time)
    if targets:
        r["target"] = targets
    put_parties(cx, r, one)
    author = next((p for p in one.parties if p.role == "author" and p.device is None), None)
    found_author = actor(cx, author) if author is not None else None
    if found_author is not None and author is not None and author.is_related:
        r["expressedBy"] = cx.to(found_author)
    if is_denied(one):
        put_negation(r)
    put_notes(cx, r, one)
    put_text(r, one)
    put_rest(cx, r, one)
    put_children(cx, r, one)
    return r


def _targets(cx: Context, r: Json, one: Statement) -> list[Json]:
    targets: list[Json] = []
    for found in one.values if isinstance(one, Observation) else ():
        written = None if null_of(found) else value(cx, found)
        if written and written[0] in ("Quantity", "Range", "CodeableConcept", "String", "Boolean", "Integer", "Ratio"):
            targets.append({"measure": r["description"], f"detail{written[0]}": written[1]})
        else:
            put_values(cx, r, (found,))
    return targets


def _put_due(cx: Context, r: Json, targets: list[Json], time: TimeSpan) -> None:
    """Write from when and until when the goal is aimed at; what is refused or only a length stays too."""
    if time.low is not None:
        r["startDate"] = time.low.date
    elif time.low_null or (time.null and time.first is None):
        r["_startDate"] = {"extension": [null_flavor(time.low_null or time.null or "UNK")]}
    due = time.high or time.value
    if due is not None or time.high_null:
        targets[:] = targets or [{}]
        put_date(targets[0], "dueDate", due, time.high_null)
        if due is not None:
            targets[0]["dueDate"] = due.date
    if time.width is not None:
        extend(r, {"url": url.WIDTH, "valueQuantity": quantity(cx, time.width)})


def build_encounter(cx: Context, one: Encounter) -> Json:
    """An Encounter that took place; a planned one is a ServiceRequest."""
    if one.mood in PLANNED:
        return build_request(cx, one)
    r = cx.open("Encounter", one)
    put_act_status(r, one, _VISITED, denied="cancelled")
    put_class(cx, r, one.code)
    r["subject"] = cx.to(cx.patient)
    if one.priority is not None:
        r["priority"] = concept(cx, one.priority)
    for party in one.parties:
        put_participant(cx, r, party)
    written = period(cx, one.time) if one.time is not None else None
    if written:
        r["period"] = written
    put_remarks(cx, r, one)
    put_rest(cx, r, one)
    put_children(cx, r, one)
    return r


def put_class(cx: Context, r: Json, code: Concept | None) -> None:
    """Write the class when the code is one of FHIR's, and the code as type otherwise."""
    codings = code.codings if code is not None else ()
    found = next((c for c in codings if c.code in _CLASSES and _is_act_code(c.system)), None)
    if found is not None:
        r["class"] = {"system": url.V3_ACT_CODE, "code": found.code}
    else:
        r["class"] = {"system": url.V3_NULL, "code": code.null if code is not None and code.null else "UNK"}
    if code is not None:
        r["type"] = [concept(cx, code)]


def _is_act_code(system: str | None) -> bool:
    known = systems.find(system)
    return known is not None and known.key == "act-code"


def put_participant(cx: Context, r: Json, party: Party) -> None:
    """Write somebody who took part in an Encounter, with function and time."""
    found = actor(cx, party)
    if found is None or found["resourceType"] not in ("Practitioner", "PractitionerRole", "RelatedPerson"):
        extend(r, participant(cx, party, found))
        return
    written: Json = {}
    if party.type_code:
        written["type"] = [{"coding": [{"system": url.V3_PARTICIPATION, "code": party.type_code}]}]
    if party.function is not None:
        written.setdefault("type", []).append(concept(cx, party.function))
    when = period(cx, party.time) if party.time is not None else None
    if when:
        written["period"] = when
    written["individual"] = cx.to(found)
    r.setdefault("participant", []).append(written)
    if party.mode is not None or party.awareness is not None:
        extend(r, participant(cx, party, found))
