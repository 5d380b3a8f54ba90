"""Condition and AllergyIntolerance."""

from __future__ import annotations

from semantix.emitters.fhir import _urls as url
from semantix.emitters.fhir._actors import has_more, participant
from semantix.emitters.fhir._context import Context, Json
from semantix.emitters.fhir._statements import (
    extend,
    put_children,
    put_notes,
    put_parties,
    put_rest,
    put_subject,
    put_text,
)
from semantix.emitters.fhir._types import absent_code, concept, concepts, period, put_time
from semantix.model import Absent, Allergy, Concept, Concern, Observation, Problem, Text, TimeSpan

CLINICAL = f"{url.TERMINOLOGY}condition-clinical"
VERIFICATION = f"{url.TERMINOLOGY}condition-ver-status"
CATEGORY = f"{url.TERMINOLOGY}condition-category"
ALLERGY_CLINICAL = f"{url.TERMINOLOGY}allergyintolerance-clinical"
ALLERGY_VERIFICATION = f"{url.TERMINOLOGY}allergyintolerance-verification"

_CLINICAL_CODES = frozenset({"active", "recurrence", "relapse", "inactive", "remission", "resolved"})
# SNOMED CT and LOINC answers of the CI-SIS clinical status, as FHIR codes.
_CLINICAL_BY_CODE = {
    "55561003": "active",
    "73425007": "inactive",
    "413322009": "resolved",
    "90734009": "active",
    "7087005": "active",
    "255227004": "recurrence",
    "415684004": "active",
    "410516002": "active",
    "277022003": "remission",
}
_VERIFICATION_CODES = frozenset(
    {"unconfirmed", "provisional", "differential", "confirmed", "refuted", "entered-in-error"}
)
_ALLERGY_CLINICAL_CODES = frozenset({"active", "inactive", "resolved"})
_ALLERGY_VERIFICATION_CODES = frozenset({"unconfirmed", "confirmed", "refuted", "entered-in-error"})
_SEVERITY = {
    "H": "severe",
    "M": "moderate",
    "L": "mild",
    "24484000": "severe",
    "6736007": "moderate",
    "255604002": "mild",
    "MI": "mild",
    "MO": "moderate",
    "SE": "severe",
}
_CRITICALITY = {
    "low": "low",
    "high": "high",
    "unable-to-assess": "unable-to-assess",
    "CRITL": "low",
    "CRITH": "high",
    "CRITU": "unable-to-assess",
}
_ALLERGY_TYPE = {
    "ALG": "allergy",
    "DALG": "allergy",
    "EALG": "allergy",
    "FALG": "allergy",
    "OINT": "intolerance",
    "DINT": "intolerance",
    "EINT": "intolerance",
    "FINT": "intolerance",
    "419199007": "allergy",
    "416098002": "allergy",
    "414285001": "allergy",
}
_ALLERGY_CATEGORY = {
    "DALG": "medication",
    "DINT": "medication",
    "FALG": "food",
    "FINT": "food",
    "EALG": "environment",
    "EINT": "environment",
    "416098002": "medication",
    "414285001": "food",
    "419511003": "medication",
    "418471000": "food",
}
_BY_CONCERN = {"active": "active", "completed": "inactive", "aborted": "inactive", "suspended": "inactive"}
_OVER = frozenset({"inactive", "remission", "resolved"})
_ENCOUNTER_SECTIONS = frozenset({"11535-2", "46241-6", "42347-5", "8651-2"})


def _status(
    cx: Context, written: Concept | None, system: str, allowed: frozenset[str], fallback: str | None
) -> Json | None:
    """The code that FHIR requires; the source's own coding, from another system, is an extension of the element.

    ``None`` when there is neither: an element with a required binding cannot hold anything else.
    """
    official = fallback
    if written is not None:
        codes = [c.code for c in written.codings]
        found = next((c for c in codes if c in allowed), None) or next(
            (_CLINICAL_BY_CODE[c] for c in codes if _CLINICAL_BY_CODE.get(c) in allowed), None
        )
        official = found or fallback
    out: Json = {}
    if written is not None:
        out["extension"] = [{"url": url.CODE, "valueCodeableConcept": concept(cx, written)}]
    if official:
        out["coding"] = [{"system": system, "code": official}]
    return out or None


def _put_status(r: Json, name: str, status: Json | None) -> None:
    """Write a status; one without an official code is an extension of the resource."""
    if status is None:
        return
    if "coding" in status:
        r[name] = status
    else:
        extend(r, *({**x, "url": f"{url.OWN}source-{name}"} for x in status["extension"]))


def build_problem(cx: Context, one: Problem) -> Json:
    """A Condition. Denied: refuted, and then without a clinical status, which FHIR reserves to what is there."""
    r = cx.open("Condition", one)
    erroneous = one.status == "nullified"
    status = "entered-in-error" if erroneous else "refuted" if one.negated else None
    verification = _status(cx, one.verification, VERIFICATION, _VERIFICATION_CODES, status)
    if status and verification is not None:
        verification["coding"] = [{"system": VERIFICATION, "code": status}]
    clinical = _status(cx, one.clinical_status, CLINICAL, _CLINICAL_CODES, _concern_status(one))
    if erroneous and clinical is not None:
        # FHIR's rule con-5: no clinical status on an error.
        clinical.pop("coding", None)
    _put_status(r, "clinicalStatus", clinical or None)
    _put_status(r, "verificationStatus", verification)
    r["category"] = _categories(cx, one)
    if one.severity is not None:
        r["severity"] = concept(cx, one.severity)
    r["code"] = problem_code(cx, one)
    if one.sites:
        r["bodySite"] = concepts(cx, one.sites)
    put_subject(cx, r, one)
    if cx.encounter is not None:
        r["encounter"] = cx.to(cx.encounter)
    stated = r.get("clinicalStatus", {}).get("coding", [{}])[0].get("code")
    _put_onset(cx, r, one.time, ended=stated in _OVER)
    _put_recording(r, one)
    put_parties(cx, r, one, author="recorder:one", informant="asserter:one")
    if one.stages:
        r["stage"] = [_stage(cx, r, s) for s in one.stages]
    put_notes(cx, r, one)
    if isinstance(one.problem, Concept) or one.text != getattr(one.problem, "value", None):
        put_text(r, one)
    _put_problem_extensions(cx, r, one)
    put_children(cx, r, one)
    return r


def _concern_status(one: Problem) -> str | None:
    """What the status of the concern act says of the problem, when nothing else does."""
    if one.negated or one.concern is None or (one.clinical_status is not None and one.clinical_status.null):
        return None
    return _BY_CONCERN.get(one.concern.status or "")


def problem_code(cx: Context, one: Problem) -> Json:
    """What the problem is: the coded finding, else its words, else why nothing is said."""
    found = one.problem
    if isinstance(found, Concept):
        return concept(cx, found)
    if isinstance(found, Text):
        return {"text": found.value}
    if isinstance(found, Absent):
        out = absent_code(found.null)
        if one.text:
            out["text"] = one.text
        return out
    return {"text": one.text} if one.text else absent_code(one.null or "NI")


def _categories(cx: Context, one: Problem) -> list[Json]:
    kind = "encounter-diagnosis" if cx.section_code in _ENCOUNTER_SECTIONS else "problem-list-item"
    out: list[Json] = [{"coding": [{"system": CATEGORY, "code": kind}]}]
    if one.code is not None:
        out.append(concept(cx, one.code))
    return out


def _put_onset(cx: Context, r: Json, time: TimeSpan | None, *, ended: bool) -> None:
    if time is None:
        return
    if time.value is not None:
        r["onsetDateTime"] = time.value.iso
        return
    if time.high is not None and ended:
        # FHIR's rule con-4: an abatement only beside a status that says it is over.
        r["abatementDateTime"] = time.high.iso
        if time.low is not None:
            r["onsetDateTime"] = time.low.iso
            return
        time = TimeSpan(at=time.at, low_null=time.low_null, width=time.width)
    put_time(cx, r, "onset", time)


def _put_recording(r: Json, one: Problem | Allergy) -> None:
    author = next(
        (p for p in one.parties if p.role == "author" and p.time is not None and p.time.start is not None), None
    )
    if author is not None and author.time is not None and author.time.start is not None:
        r["recordedDate"] = author.time.start.iso


def _stage(cx: Context, r: Json, one: Observation) -> Json:
    built = cx.build(one)
    out: Json = {}
    if built is not None:
        built["focus"] = [cx.to(r)]
        out["assessment"] = [cx.to(built)]
        if "valueCodeableConcept" in built:
            out["summary"] = built["valueCodeableConcept"]
        if "code" in built:
            out["type"] = built["code"]
    return out


def _put_problem_extensions(cx: Context, r: Json, one: Problem) -> None:
    if one.patient_status is not None:
        extend(r, {"url": f"{url.OWN}patient-status", "valueCodeableConcept": concept(cx, one.patient_status)})
    for method in one.methods:
        extend(r, {"url": url.OTHER_METHOD, "valueCodeableConcept": concept(cx, method)})
    if one.concern is not None:
        put_concern(cx, r, one.concern)
    put_rest(cx, r, one)
    if one.mood != "EVN":
        extend(r, {"url": url.MOOD, "valueCode": one.mood})


def put_concern(cx: Context, r: Json, concern: Concern) -> None:
    """Keep the concern act: since when the problem is followed, and whether still."""
    parts: list[Json] = [{"url": "identifier", "valueIdentifier": i} for i in map(cx.identifier, concern.ids) if i]
    if concern.status:
        parts.append({"url": "status", "valueCode": concern.status})
    if concern.code is not None:
        parts.append({"url": "code", "valueCodeableConcept": concept(cx, concern.code)})
    followed = period(cx, concern.time) if concern.time is not None else None
    if followed:
        parts.append({"url": "period", "valuePeriod": followed})
    if parts:
        extend(r, {"url": url.CONCERN, "extension": parts})


# --- allergies ----------------------------------------------------------------------------------------------------


def build_allergy(cx: Context, one: Allergy) -> Json:
    """An AllergyIntolerance; "none known" is one whose code says so."""
    r = cx.open("AllergyIntolerance", one)
    erroneous = one.status == "nullified"
    refuted = one.negated and one.kind != "no-allergy"
    status = "entered-in-error" if erroneous else "refuted" if refuted else None
    verification = _status(cx, one.verification, ALLERGY_VERIFICATION, _ALLERGY_VERIFICATION_CODES, status)
    if status and verification is not None:
        verification["coding"] = [{"system": ALLERGY_VERIFICATION, "code": status}]
    # FHIR's rules ait-1 and ait-2: a clinical status unless it is an error.
    clinical = _status(cx, one.clinical_status, ALLERGY_CLINICAL, _ALLERGY_CLINICAL_CODES, "active")
    if erroneous and clinical is not None:
        clinical.pop("coding", None)
    _put_status(r, "clinicalStatus", clinical or None)
    _put_status(r, "verificationStatus", verification)
    codes = [c.code for c in one.code.codings] if one.code is not None else []
    kind = next((_ALLERGY_TYPE[c] for c in codes if c in _ALLERGY_TYPE), None)
    if kind:
        r["type"] = kind
    category = next((_ALLERGY_CATEGORY[c] for c in codes if c in _ALLERGY_CATEGORY), None)
    if category:
        r["category"] = [category]
    if one.criticality is not None:
        _put_criticality(cx, r, one.criticality)
    _put_agent(cx, r, one)
    r["patient"] = cx.to(cx.patient)
    if cx.encounter is not None:
        r["encounter"] = cx.to(cx.encounter)
    put_time(cx, r, "onset", one.time)
    _put_recording(r, one)
    others = one.parties
    if others:
        put_parties(cx, r, one, author="recorder:one", informant="asserter:one")
    put_notes(cx, r, one)
    put_text(r, one)
    _put_reactions(cx, r, one)
    if one.concern is not None:
        put_concern(cx, r, one.concern)
    put_rest(cx, r, one, codes=True)
    put_children(cx, r, one)
    return r


def _put_criticality(cx: Context, r: Json, criticality: Concept) -> None:
    code = next((_CRITICALITY[c.code] for c in criticality.codings if c.code in _CRITICALITY), None)
    kept = {"url": url.CODE, "valueCodeableConcept": concept(cx, criticality)}
    if code:
        r["criticality"] = code
    r["_criticality"] = {"extension": [kept]}


def _put_agent(cx: Context, r: Json, one: Allergy) -> None:
    agents = []
    for agent in one.agents:
        coded = agent.entity or agent.code
        if coded is not None:
            written = concept(cx, coded)
            if agent.entity_name and "text" not in written:
                written["text"] = agent.entity_name
            agents.append(written)
        elif agent.entity_name or agent.entity_text:
            agents.append({"text": agent.entity_name or agent.entity_text})
        if has_more(agent) and (agent.function or agent.time or agent.mode or agent.awareness or agent.code):
            extend(r, participant(cx, agent, None))
    found = one.value
    if isinstance(found, Concept):
        agents.append(concept(cx, found))
    elif isinstance(found, Text):
        agents.append({"text": found.value})
    elif isinstance(found, Absent) and not agents:
        agents.append(absent_code(found.null))
    if not agents:
        agents.append({"text": one.text} if one.text else absent_code(one.null or "NI"))
    r["code"] = agents[0]
    for other in agents[1:]:
        extend(r, {"url": url.VALUE, "valueCodeableConcept": other})


def _put_reactions(cx: Context, r: Json, one: Allergy) -> None:
    reactions = [reaction(cx, p) for p in one.reactions]
    if one.severity is not None:
        # The severity of the allergy itself: FHIR has one for reactions only.
        extend(r, {"url": f"{url.OWN}allergy-severity", "valueCodeableConcept": concept(cx, one.severity)})
    if reactions:
        r["reaction"] = reactions


def reaction(cx: Context, one: Problem) -> Json:
    """A reaction: its manifestation, its onset, its severity. The statement is carried by its allergy."""
    cx.carried.add(one.at)
    cx.carried.update(one.absorbed)
    out: Json = {"manifestation": [problem_code(cx, one)]}
    if one.text:
        out["description"] = one.text
    if one.time is not None and one.time.first is not None:
        out["onset"] = one.time.first.iso
    kept: list[Json] = []
    if one.severity is not None:
        code = next((_SEVERITY[c.code] for c in one.severity.codings if c.code in _SEVERITY), None)
        if code:
            out["severity"] = code
        kept.append({"url": f"{url.OWN}allergy-severity", "valueCodeableConcept": concept(cx, one.severity)})
    for name, coded in (
        ("category", one.code),
        ("status", one.clinical_status),
        ("verification", one.verification),
        ("patient-status", one.patient_status),
    ):
        if coded is not None:
            kept.append({"url": f"{url.OWN}reaction-{name}", "valueCodeableConcept": concept(cx, coded)})
    kept += [{"url": url.OTHER_SITE, "valueCodeableConcept": concept(cx, s)} for s in one.sites]
    if kept:
        out["extension"] = kept
    put_notes(cx, out, one)
    put_parties(cx, out, one)
    put_rest(cx, out, one)
    for link in one.links:
        child = cx.build(link.statement)
        if child is not None:
            extend(
                out,
                {
                    "url": url.RELATED_STATEMENT,
                    "extension": [
                        {"url": "type", "valueCode": link.type_code},
                        {"url": "target", "valueReference": cx.to(child)},
                    ],
                },
            )
    return out
