"""Condition: diagnoses, symptoms, findings."""

from __future__ import annotations

from typing import NamedTuple

from semantix.emitters.fhir import _urls as url
from semantix.emitters.fhir._context import Context, Json
from semantix.emitters.fhir._mapped import worded
from semantix.emitters.fhir._relations import put_children
from semantix.emitters.fhir._statements import (
    authored,
    extend,
    is_denied,
    put_notes,
    put_parties,
    put_rest,
    put_subject,
    put_text,
    related,
)
from semantix.emitters.fhir._types import absent_code, concept, concepts, period, put_date, put_time
from semantix.model import Absent, Allergy, Concept, Concern, Observation, Problem, Text, TimeSpan

CATEGORY = f"{url.TERMINOLOGY}condition-category"
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
BY_CONCERN = {"active": "active", "completed": "inactive", "aborted": "inactive", "suspended": "inactive"}
_OVER = frozenset({"inactive", "remission", "resolved"})
_ENCOUNTER_SECTIONS = frozenset({"11535-2", "46241-6", "42347-5", "8651-2"})


class Statuses(NamedTuple):
    """The two code systems in which FHIR tells the state of a Condition or of an AllergyIntolerance."""

    clinical: str
    clinical_codes: frozenset[str]
    verification: str
    verification_codes: frozenset[str]


_STATUSES = Statuses(
    f"{url.TERMINOLOGY}condition-clinical",
    frozenset({"active", "recurrence", "relapse", "inactive", "remission", "resolved"}),
    f"{url.TERMINOLOGY}condition-ver-status",
    frozenset({"unconfirmed", "provisional", "differential", "confirmed", "refuted", "entered-in-error"}),
)


def status_of(
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


def put_status(r: Json, name: str, status: Json | None) -> None:
    """Write a status; one without an official code is an extension of the resource."""
    if status is None:
        return
    if "coding" in status:
        r[name] = status
    else:
        extend(r, *({**x, "url": f"{url.OWN}source-{name}"} for x in status["extension"]))


def put_statuses(cx: Context, r: Json, one: Problem | Allergy, system: Statuses, state: str | None) -> None:
    """Write the verification and the clinical status, which is ``state`` when the source's own has no FHIR code.

    An error has no clinical status: FHIR's rules con-5 and ait-2.
    """
    is_error = one.status == "nullified"
    verdict = "entered-in-error" if is_error else "refuted" if is_denied(one) else None
    verification = status_of(cx, one.verification, system.verification, system.verification_codes, verdict)
    if verdict and verification is not None:
        verification["coding"] = [{"system": system.verification, "code": verdict}]
    clinical = status_of(cx, one.clinical_status, system.clinical, system.clinical_codes, state)
    if is_error and clinical is not None:
        clinical.pop("coding", None)
    put_status(r, "clinicalStatus", clinical or None)
    put_status(r, "verificationStatus", verification)


def build_problem(cx: Context, one: Problem) -> Json:
    """A Condition. Denied: refuted, and then without another clinical status than the source's own words."""
    r = cx.open("Condition", one)
    put_statuses(cx, r, one, _STATUSES, _concern_status(one))
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
    put_recording(r, one)
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
    if is_denied(one) or one.concern is None or (one.clinical_status is not None and one.clinical_status.null):
        return None
    return BY_CONCERN.get(one.concern.status or "")


def put_qualities(cx: Context, out: Json, one: Problem, *more: tuple[str, Concept | None]) -> None:
    """What a problem says of itself where the target has no Condition to hold it, in extensions."""
    coded = (
        *more,
        ("severity", one.severity),
        ("status", one.clinical_status),
        ("verification", one.verification),
        ("patient-status", one.patient_status),
    )
    for name, found in coded:
        if found is not None:
            extend(out, {"url": f"{url.OWN}reaction-{name}", "valueCodeableConcept": concept(cx, found)})
    for site in one.sites:
        extend(out, {"url": url.OTHER_SITE, "valueCodeableConcept": concept(cx, site)})


def problem_code(cx: Context, one: Problem) -> Json:
    """What the problem is: the coded finding, else its words, else why nothing is said."""
    found = one.problem
    if isinstance(found, Concept):
        return concept(cx, found)
    if isinstance(found, Text):
        return worded(cx, found.value, found.at)
    if isinstance(found, Absent):
        out = absent_code(found.null)
        if one.text:
            said = worded(cx, one.text, found.at)
            out["coding"] += said.get("coding", ())
            out["text"] = one.text
        return out
    return worded(cx, one.text, one.at) if one.text else absent_code(one.null or "NI")


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


def put_recording(r: Json, one: Problem | Allergy) -> None:
    """Write when an author recorded the statement."""
    put_date(r, "recordedDate", authored(one))


def _stage(cx: Context, r: Json, one: Observation) -> Json:
    built = cx.build(one)
    out: Json = {}
    if built is not None:
        built.setdefault("focus", [cx.to(r)])
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


def is_reaction(one: Problem) -> bool:
    """True of a reaction that happened."""
    return one.status != "nullified" and not is_denied(one)


def put_denied_reaction(cx: Context, r: Json, one: Problem) -> None:
    """Write a reaction that did not happen: a Condition refuted or in error; a reaction in FHIR is one that did."""
    extend(r, related("MFST", cx.to(build_problem(cx, one))))
