"""AllergyIntolerance and its reactions."""

from __future__ import annotations

from semantix.emitters.fhir import _urls as url
from semantix.emitters.fhir._actors import has_more, participant
from semantix.emitters.fhir._context import Context, Json
from semantix.emitters.fhir._dates import is_past
from semantix.emitters.fhir._mapped import worded
from semantix.emitters.fhir._relations import put_children
from semantix.emitters.fhir._statements import (
    extend,
    is_denied,
    put_ids,
    put_notes,
    put_parties,
    put_rest,
    put_start,
    put_text,
)
from semantix.emitters.fhir._types import absent_code, concept, put_time
from semantix.emitters.fhir.conditions import (
    BY_CONCERN,
    Statuses,
    is_reaction,
    problem_code,
    put_concern,
    put_denied_reaction,
    put_qualities,
    put_recording,
    put_statuses,
)
from semantix.model import Absent, Allergy, Concept, Problem, Text

_STATUSES = Statuses(
    f"{url.TERMINOLOGY}allergyintolerance-clinical",
    frozenset({"active", "inactive", "resolved"}),
    f"{url.TERMINOLOGY}allergyintolerance-verification",
    frozenset({"unconfirmed", "confirmed", "refuted", "entered-in-error"}),
)
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
    "mild": "mild",
    "moderate": "moderate",
    "severe": "severe",
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
    "allergy": "allergy",
    "intolerance": "intolerance",
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
    "food": "food",
    "medication": "medication",
    "environment": "environment",
    "biologic": "biologic",
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


def build_allergy(cx: Context, one: Allergy) -> Json:
    """An AllergyIntolerance; "none known" is one whose code says so."""
    r = cx.open("AllergyIntolerance", one)
    # FHIR's rule ait-1: a clinical status unless it is an error.
    put_statuses(cx, r, one, _STATUSES, _allergy_status(cx, one))
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
    put_recording(r, one)
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


def _allergy_status(cx: Context, one: Allergy) -> str:
    """The clinical status that FHIR requires, when the source gives none in so many words.

    What the concern act says comes first, then an end before the document; ``active`` when nothing contradicts it.
    """
    over = is_past(one.time.high if one.time is not None else None, cx.document.time) is True
    tracked = BY_CONCERN.get(one.concern.status or "") if one.concern is not None else None
    if is_denied(one):
        return "inactive"
    if tracked == "inactive":
        return "resolved" if over and one.concern is not None and one.concern.status == "completed" else tracked
    return "inactive" if over and tracked is None else "active"


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
            agents.append(worded(cx, agent.entity_name or agent.entity_text or "", agent.at))
        if has_more(agent) and (agent.function or agent.time or agent.mode or agent.awareness or agent.code):
            extend(r, participant(cx, agent, None))
    found = one.value
    if isinstance(found, Concept):
        agents.append(concept(cx, found))
    elif isinstance(found, Text):
        agents.append(worded(cx, found.value, found.at))
    elif isinstance(found, Absent) and not agents:
        agents.append(absent_code(found.null))
    if not agents:
        agents.append(worded(cx, one.text, one.at) if one.text else absent_code(one.null or "NI"))
    r["code"] = agents[0]
    for other in agents[1:]:
        extend(r, {"url": url.VALUE, "valueCodeableConcept": other})


def _put_reactions(cx: Context, r: Json, one: Allergy) -> None:
    reactions = []
    for problem in one.reactions:
        if is_reaction(problem):
            reactions.append(reaction(cx, r, problem))
        else:
            put_denied_reaction(cx, r, problem)
    if one.severity is not None:
        # The severity of the allergy itself: FHIR has one for reactions only.
        extend(r, {"url": f"{url.OWN}allergy-severity", "valueCodeableConcept": concept(cx, one.severity)})
    if reactions:
        r["reaction"] = reactions


def reaction(cx: Context, r: Json, one: Problem) -> Json:
    """A reaction of the allergy ``r``: its manifestation, its onset, its severity."""
    cx.take(one, r)
    out: Json = {"manifestation": [problem_code(cx, one)]}
    if one.text:
        out["description"] = one.text
    put_start(cx, out, "onset", one.time)
    severity = (
        next((_SEVERITY[c.code] for c in one.severity.codings if c.code in _SEVERITY), None) if one.severity else None
    )
    if severity:
        out["severity"] = severity
    put_ids(cx, out, one)
    put_qualities(cx, out, one, ("category", one.code))
    put_notes(cx, out, one)
    put_parties(cx, out, one)
    put_rest(cx, out, one)
    put_children(cx, out, one)
    return out
