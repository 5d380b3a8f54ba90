"""How statements refer to each other: FHIR's own element where the type of the relation is what it means."""

from __future__ import annotations

from typing import Any

from semantix.emitters.fhir import _urls as url
from semantix.emitters.fhir._context import Context, Json
from semantix.emitters.fhir._statements import extend, put_negation, related
from semantix.emitters.fhir._types import concept
from semantix.model import Link, Statement

_REASONS: dict[str, frozenset[str]] = {
    "MedicationRequest": frozenset({"Condition", "Observation"}),
    "MedicationStatement": frozenset({"Condition", "Observation", "DiagnosticReport"}),
    "MedicationAdministration": frozenset({"Condition", "Observation", "DiagnosticReport"}),
    "Procedure": frozenset({"Condition", "Observation", "Procedure", "DiagnosticReport", "DocumentReference"}),
    "ServiceRequest": frozenset({"Condition", "Observation", "DiagnosticReport", "DocumentReference"}),
    "DeviceRequest": frozenset({"Condition", "Observation", "DiagnosticReport", "DocumentReference"}),
    "SupplyRequest": frozenset({"Condition", "Observation", "DiagnosticReport", "DocumentReference"}),
    "Immunization": frozenset({"Condition", "Observation", "DiagnosticReport"}),
    "Encounter": frozenset({"Condition", "Procedure", "Observation", "ImmunizationRecommendation"}),
    "DeviceUseStatement": frozenset({"Condition", "Observation", "DiagnosticReport", "DocumentReference"}),
}
# (parent, child) -> the parent's element.
_RELATIONS = {
    ("Observation", "Observation"): "hasMember",
    ("Observation", "DocumentReference"): "derivedFrom",
    ("Observation", "ImagingStudy"): "derivedFrom",
    ("Observation", "Media"): "derivedFrom",
    ("DiagnosticReport", "Observation"): "result",
    ("DiagnosticReport", "Specimen"): "specimen",
    ("DiagnosticReport", "ImagingStudy"): "imagingStudy",
    ("Procedure", "Condition"): "complicationDetail",
}
# Types of relation that the element means; others are kept in an extension, with their type.
_MEANINGS = {
    "hasMember": frozenset({"COMP"}),
    "derivedFrom": frozenset({"COMP", "DRIV", "SPRT", "XCRPT"}),
    "result": frozenset({"COMP"}),
    "specimen": frozenset({"COMP"}),
    "imagingStudy": frozenset({"COMP"}),
    "complicationDetail": frozenset({"COMP", "CAUS"}),
}


def put_children(cx: Context, resource: Json, statement: Statement, links: tuple[Link, ...] | None = None) -> None:
    """Emit the statements inside one, or the given ones of them, and relate them to it."""
    for link in statement.links if links is None else links:
        inner = link.statement
        if inner.kind == "internal-reference":
            cx.take(inner, None)
            cx.pending.append((resource, link))
            continue
        child = cx.build(inner)
        if child is not None:
            relate(cx, resource, link, child)


def relate(cx: Context, resource: Json, link: Link, child: Json) -> None:
    """Write the relation where FHIR has an element for it, else in an extension of the parent."""
    target = cx.to(child)
    plain = not link.negated and not link.inverted
    ordered = {**target, "extension": [_sequence(link)]} if link.sequence is not None else target
    if plain and link.statement.kind == "previous-result" and _is_sequel(resource, link, child):
        extend(resource, {"url": url.SEQUEL_TO, "valueReference": ordered})
        return
    if plain and _relate_natively(resource, link.type_code, child["resourceType"], ordered):
        return
    if plain and _is_focus(resource, link, child):
        child["focus"] = [cx.to(resource)]
    if link.negated:
        put_negation(child)
    extend(resource, related(link.type_code, target, **_details(link)))


def _details(link: Link) -> dict[str, Any]:
    more: dict[str, Any] = {}
    if link.sequence is not None:
        more["sequence"] = ("Integer", link.sequence)
    if link.inverted:
        more["inverted"] = ("Boolean", True)
    if link.negated:
        more["negated"] = ("Boolean", True)
    return more


def _sequence(link: Link) -> Json:
    return {"url": url.SEQUENCE, "valueInteger": link.sequence}


def _is_sequel(resource: Json, link: Link, child: Json) -> bool:
    kinds = (resource.get("resourceType"), child["resourceType"])
    return link.type_code == "REFR" and kinds == ("Observation", "Observation")


def _is_focus(resource: Json, link: Link, child: Json) -> bool:
    """True when an Observation inside another act is about that act; inside another Observation only if it says so."""
    kind = resource.get("resourceType")
    if kind is None or child["resourceType"] != "Observation" or "focus" in child:
        return False
    return kind != "Observation" or link.type_code == "SUBJ"


def _relate_natively(resource: Json, type_code: str, inner_kind: str, target: Json) -> bool:
    kind = resource.get("resourceType", "")
    if type_code == "RSON":
        if inner_kind not in _REASONS.get(kind, ()):
            return False
        _append(resource, "reasonReference", target)
    elif kind == "Observation" and inner_kind == "Specimen":
        if "specimen" in resource:
            return False
        resource["specimen"] = target
    elif kind == "Condition":
        if type_code != "SPRT" or inner_kind not in ("Observation", "DiagnosticReport"):
            return False
        resource.setdefault("evidence", []).append({"detail": [target]})
    else:
        name = _RELATIONS.get((kind, inner_kind), "")
        if type_code not in _MEANINGS.get(name, ()):
            return False
        _append(resource, name, target)
    return True


def _append(resource: Json, name: str, target: Json) -> None:
    held = resource.setdefault(name, [])
    if target not in held:
        held.append(target)


def settle(cx: Context) -> None:
    """Resolve references from one statement to another, once every target is known."""
    for resource, link in cx.pending:
        inner = link.statement
        plain = not link.negated and not link.inverted
        target = next((t for t in (cx.by_identifier.get((i.root, i.extension)) for i in inner.ids) if t), None)
        code = concept(cx, inner.code) if inner.code is not None else None
        identifier = next((i for i in map(cx.identifier, inner.ids) if i), None)
        reasons = _REASONS.get(resource.get("resourceType", "")) if plain and link.type_code == "RSON" else None
        more = _details(link)
        if reasons is not None and code is not None:
            resource.setdefault("reasonCode", []).append(code)
        elif code is not None:
            more["code"] = ("CodeableConcept", code)
        if target is not None and reasons is not None and target["resourceType"] in reasons:
            _append(resource, "reasonReference", cx.to(target))
        elif target is not None:
            extend(resource, related(link.type_code, cx.to(target), **more))
        elif identifier is not None or reasons is None or code is None:
            words = {"identifier": identifier} if identifier else {"display": inner.text or "?"}
            extend(resource, related(link.type_code, words, **more))
    cx.pending.clear()
    for resource, ids in cx.uses:
        for one in ids:
            devices = cx.devices.get((one.root or "", one.extension or ""), ())
            if len(devices) == 1:
                _append(resource, "usedReference", cx.to(devices[0]))
    cx.uses.clear()
