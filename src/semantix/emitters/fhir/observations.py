"""Observation, DiagnosticReport: results, vital signs, panels, isolates and every act that says no more."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from semantix.emitters.fhir import _urls as url
from semantix.emitters.fhir import _vitals as vitals
from semantix.emitters.fhir._context import Context, Json
from semantix.emitters.fhir._dates import instant
from semantix.emitters.fhir._relations import put_children
from semantix.emitters.fhir._statements import (
    OBSERVATION_STATUS,
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
)
from semantix.emitters.fhir._types import (
    absent_reason,
    concept,
    concepts,
    null_of,
    open_range,
    put_time,
    quantity,
    range_,
    value,
    value_or_reason,
    words_of,
)
from semantix.model import Absent, Concept, Link, Observation, Panel, Quantity, Range, ReferenceRange, Statement, Value

_CATEGORY: Mapping[str, str] = MappingProxyType(
    {
        "vital-sign": "vital-signs",
        "vital-signs": "vital-signs",
        "lab-result": "laboratory",
        "lab-battery": "laboratory",
        "lab-isolate": "laboratory",
        "previous-result": "laboratory",
        "pathology": "laboratory",
        "pathology-panel": "laboratory",
        "genomic": "laboratory",
        "imaging-observation": "imaging",
        "imaging-study": "imaging",
        "imaging-series": "imaging",
        "imaging-instance": "imaging",
        "social-history": "social-history",
        "score": "survey",
        "survey": "survey",
        "exam": "exam",
        "care-request": "therapy",
    }
)
_REPORT_STATUS = {**OBSERVATION_STATUS, "active": "partial"}
_OBSERVATION_VALUES = frozenset(
    {"Quantity", "CodeableConcept", "String", "Boolean", "Integer", "Range", "Ratio", "DateTime", "Period"}
)


def build_observation(cx: Context, one: Observation) -> Json:
    """An Observation of one answer, or of several as components."""
    lone = _pressure_of(cx, one)
    if lone:
        return _blood_pressure(cx, (one,), other=lone)
    r = _start(cx, one)
    put_values(cx, r, one.values)
    if not one.values and one.null:
        r["dataAbsentReason"] = absent_reason(one.null)
    if one.interpretations:
        r["interpretation"] = concepts(cx, one.interpretations)
    _put_sites_and_methods(cx, r, one)
    if one.ranges:
        r["referenceRange"] = [reference_range(cx, x) for x in one.ranges]
    _finish(cx, r, one)
    vitals.shape(cx, r, claims=_claims(cx, r))
    return r


def build_statement(cx: Context, one: Statement) -> Json:
    """An act whose template says no more: an Observation that asserts its code, or a comment."""
    r = _start(cx, one)
    if one.kind == "comment" and one.text:
        r["valueString"] = one.text
    _finish(cx, r, one)
    return r


def build_panel(cx: Context, one: Panel) -> Json:
    """A group of observations."""
    r = _start(cx, one)
    pressures = _pressures(cx, one) if one.kind == "vital-signs" else ()
    isolate = one.kind == "lab-isolate" and one.specimens
    if isolate:
        organism = next((s.code for s in one.specimens if s.code is not None), None)
        if organism is not None:
            r["valueCodeableConcept"] = concept(cx, organism)
    outer = cx.panel_time
    cx.panel_time = one.time
    _finish(cx, r, one, links=tuple(x for x in one.links if x not in pressures))
    if pressures:
        pair = _blood_pressure(cx, tuple(link.statement for link in pressures))
        r.setdefault("hasMember", []).append(cx.to(pair))
    cx.panel_time = outer
    if one.kind == "vital-signs":
        vitals.date(cx, r)
    if not any(k.startswith("value") or k in ("hasMember", "component") for k in r) and one.null:
        r["dataAbsentReason"] = absent_reason(one.null)
    return r


def build_report(cx: Context, one: Statement) -> Json:
    """A DiagnosticReport: a laboratory report entry with its results."""
    r = cx.open("DiagnosticReport", one)
    put_act_status(r, one, _REPORT_STATUS)
    r["category"] = [{"coding": [{"system": f"{url.TERMINOLOGY}v2-0074", "code": "LAB"}]}]
    r["code"] = code_or_absent(cx, one)
    put_subject(cx, r, one)
    _put_encounter(cx, r)
    put_time(cx, r, "effective", one.time)
    put_parties(cx, r, one, performer="performer:many", author="performer:many")
    put_specimens(cx, r, one, "specimen", many=True)
    if one.text:
        r["conclusion"] = one.text
    put_remarks(cx, r, one, text=False)
    put_rest(cx, r, one)
    put_children(cx, r, one)
    return r


# --- parts --------------------------------------------------------------------------------------------------------


def _start(cx: Context, one: Statement) -> Json:
    r = cx.open("Observation", one)
    put_act_status(r, one, OBSERVATION_STATUS)
    category = _CATEGORY.get(one.kind)
    if category:
        r["category"] = [{"coding": [{"system": url.OBSERVATION_CATEGORY, "code": category}]}]
    r["code"] = code_or_absent(cx, one)
    put_subject(cx, r, one)
    _put_encounter(cx, r)
    put_time(cx, r, "effective", one.time)
    if is_denied(one):
        put_negation(r)
    return r


def _put_encounter(cx: Context, r: Json) -> None:
    if cx.encounter is not None:
        r["encounter"] = cx.to(cx.encounter)


def _finish(cx: Context, r: Json, one: Statement, links: tuple[Link, ...] | None = None) -> None:
    if one.parties:
        put_parties(cx, r, one, performer="performer:many", author="performer:many")
        issued = instant(authored(one))
        if issued:
            r["issued"] = issued
    if one.specimens:
        put_specimens(cx, r, one, "specimen")
    if one.notes:
        put_notes(cx, r, one)
    if one.text and one.code is not None:
        put_text(r, one)
    if one.priority is not None or one.references or one.negated or one.mood != "EVN":
        put_rest(cx, r, one)
    if one.links:
        put_children(cx, r, one, links)


def put_values(cx: Context, r: Json, values: tuple[Value, ...]) -> None:
    """Write the answers: one in ``value[x]``, several as components that repeat the question."""
    if not values:
        return
    if len(values) == 1:
        _put_value(cx, r, values[0])
        return
    components: list[Json] = []
    for one in values:
        component: Json = {"code": r["code"]}
        _put_value(cx, component, one)
        components.append(component)
    r["component"] = components


def _put_value(cx: Context, r: Json, one: Value) -> None:
    null = null_of(one)
    if null is not None:
        r["dataAbsentReason"] = absent_reason(null)
        if isinstance(one, (Concept, Quantity)) and one.text:
            r["dataAbsentReason"]["text"] = one.text
        if (isinstance(one, Concept) and one.qualifiers) or (isinstance(one, Quantity) and one.unit_codes):
            _put_extension(cx, r, one)
        return
    if isinstance(one, Quantity) and words_of(one) and (one.unit_codes or one.translations):
        # Words instead of a number: those are the value, and the unit's codes stay beside them.
        r["valueString"] = words_of(one)
        _put_extension(cx, r, one)
        return
    written = value(cx, one)
    if written is None:
        if isinstance(one, Absent):
            r["dataAbsentReason"] = absent_reason(one.null)
        return
    kind, content = written
    if kind in _OBSERVATION_VALUES:
        r[f"value{kind}"] = content
    else:
        extend(r, {"url": url.VALUE, f"value{kind}": content})


def _put_extension(cx: Context, r: Json, one: Any) -> None:
    written = value_or_reason(cx, one)
    if written is not None:
        extend(r, {"url": url.VALUE, f"value{written[0]}": written[1]})


def _put_sites_and_methods(cx: Context, r: Json, one: Observation) -> None:
    if one.sites:
        r["bodySite"] = concept(cx, one.sites[0])
        for site in one.sites[1:]:
            extend(r, {"url": url.OTHER_SITE, "valueCodeableConcept": concept(cx, site)})
    if one.methods:
        r["method"] = concept(cx, one.methods[0])
        for method in one.methods[1:]:
            extend(r, {"url": url.OTHER_METHOD, "valueCodeableConcept": concept(cx, method)})


def reference_range(cx: Context, one: ReferenceRange) -> Json:
    """A referenceRange: bounds when the source gives quantities, words otherwise."""
    out: Json = {}
    held = one.value
    text = one.text
    if isinstance(held, Range):
        for name, bound in (("low", held.low), ("high", held.high)):
            if bound is not None and bound.value is not None:
                out[name] = range_(cx, held)[name]
        if not out:
            text = text or " - ".join(filter(None, (words_of(x) for x in (held.low, held.high) if x is not None)))
    elif isinstance(held, Quantity) and held.value is not None and held.comparator:
        out.update(open_range(cx, held))
    elif isinstance(held, Quantity) and held.value is not None:
        # One number alone is neither a lower nor an upper bound.
        extend(out, {"url": url.VALUE, "valueQuantity": quantity(cx, held)})
        text = text or " ".join(filter(None, (str(held.value), held.unit or held.text)))
    elif held is not None:
        written = value_or_reason(cx, held)
        if written is not None:
            extend(out, {"url": url.VALUE, f"value{written[0]}": written[1]})
            text = text or (
                held.label if isinstance(held, Concept) else str(written[1]) if written[0] == "String" else None
            )
    if one.interpretation is not None:
        out["type"] = concept(cx, one.interpretation)
    if one.applies is not None:
        out["appliesTo"] = [concept(cx, one.applies)]
    if text or ("low" not in out and "high" not in out):
        out["text"] = text or "-"
    return out


# --- blood pressure -----------------------------------------------------------------------------------------------


def _claims(cx: Context, r: Json) -> bool:
    """FR Core's vital signs refer to an FR Core Encounter, if to any; they are measures, and the patient's own."""
    return "modifierExtension" not in r and (cx.encounter is None or "profile" in cx.encounter["meta"])


def _pressure_of(cx: Context, one: Statement) -> str | None:
    """The LOINC code of a systolic or diastolic pressure."""
    if one.code is None or not isinstance(one, Observation):
        return None
    mapped = cx.mapped.get(one.code.at, ()) if cx.mapped else ()
    codes = [c.code for c in one.code.codings] + [c.code for c in mapped]
    return next((code for code in codes if code in vitals.PRESSURES), None)


def _pressures(cx: Context, one: Panel) -> tuple[Link, ...]:
    """The systolic and the diastolic member of a panel, when there is exactly one of each at the same time."""
    found = [(_pressure_of(cx, link.statement), link) for link in one.links if not link.statement.links]
    pair = {code: link for code, link in found if code}
    if len(pair) != 2 or sum(bool(code) for code, _ in found) != 2:
        return ()
    first, second = pair[vitals.SYSTOLIC], pair[vitals.DIASTOLIC]
    fits = _is_one_measure(first.statement, second.statement) and not (first.negated or second.negated)
    return (first, second) if fits else ()


def _is_one_measure(one: Statement, other: Statement) -> bool:
    """True when one resource can say both: measured, not denied, at one time, of one person, in one state."""
    dates = [x.time.first.iso if x.time is not None and x.time.first is not None else None for x in (one, other)]
    measured = all(x.mood == "EVN" and not x.negated for x in (one, other))
    return measured and dates[0] == dates[1] and one.status == other.status and one.subject == other.subject


def _blood_pressure(cx: Context, measures: tuple[Statement, ...], other: str | None = None) -> Json:
    """One Observation 85354-9 with the pressures as components, which R4's profile requires even of a lone one."""
    first = measures[0]
    r = _start(cx, first)
    r["code"] = {"coding": [{"system": url.LOINC, "code": vitals.BLOOD_PRESSURE}]}
    r["component"] = [_pressure(cx, r, one) for one in measures]
    if other:
        r["component"].append(vitals.other_pressure(other))
        put_children(cx, r, first)
    vitals.claim_blood_pressure(cx, r, claims=_claims(cx, r))
    return r


def _pressure(cx: Context, r: Json, one: Statement) -> Json:
    assert isinstance(one, Observation)
    cx.take(one, r)
    if one.ids:
        held = r.setdefault("identifier", [])
        held += [i for i in map(cx.identifier, one.ids) if i and i not in held]
    component: Json = {"code": code_or_absent(cx, one)}
    if one.values:
        _put_value(cx, component, one.values[0])
        if len(one.values) > 1:
            for other in one.values[1:]:
                _put_extension(cx, component, other)
    elif one.null:
        component["dataAbsentReason"] = absent_reason(one.null)
    if one.interpretations:
        component["interpretation"] = concepts(cx, one.interpretations)
    if one.ranges:
        component["referenceRange"] = [reference_range(cx, x) for x in one.ranges]
    _put_sites_and_methods_once(cx, r, one)
    notes = r.pop("note", [])
    put_parties(cx, r, one, performer="performer:many", author="performer:many")
    put_notes(cx, r, one)
    put_text(r, one)
    notes += [n for n in r.get("note", []) if n not in notes]
    if notes:
        r["note"] = notes
    put_rest(cx, r, one)
    if one.specimens:
        put_specimens(cx, r, one, "specimen")
    return component


def _put_sites_and_methods_once(cx: Context, r: Json, one: Observation) -> None:
    for name, many, other in (("bodySite", one.sites, url.OTHER_SITE), ("method", one.methods, url.OTHER_METHOD)):
        for item in many:
            written = concept(cx, item)
            if r.setdefault(name, written) != written:
                extend(r, {"url": other, "valueCodeableConcept": written})
