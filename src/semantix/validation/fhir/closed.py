"""The closed lists of R4: codes that a required binding allows, by type and element.

Source: HL7 FHIR R4 (4.0.1), the value sets of the required bindings. Written by hand; only lists that are whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from semantix.parsers.fhir.shapes import Json, items, text
from semantix.validation._findings import Finding
from semantix.validation.fhir import words_structure as rules
from semantix.validation.fhir._telling import told
from semantix.validation.fhir._walk import Held

_CODE = re.compile(r"[A-Za-z<>=][A-Za-z<>=-]{0,29}")
_EVENT = "preparation in-progress not-done on-hold stopped completed entered-in-error unknown"
_REQUEST = "draft active on-hold revoked completed entered-in-error unknown"
_INTENT = "proposal plan directive order original-order reflex-order filler-order instance-order option"
_DRUG_INTENT = "proposal plan order original-order reflex-order filler-order instance-order option"
_PRIORITY = "routine urgent asap stat"
_FINAL = "registered preliminary final amended corrected cancelled entered-in-error unknown"
_DOCUMENT = "preliminary final amended entered-in-error"
_GENDER = "male female other unknown"
_USE = "active completed entered-in-error intended stopped on-hold"
_PLACE = "home work temp old billing"
_MODE = "working snapshot changes"

Lists = Mapping[str, str]
BY_TYPE: Mapping[str, Lists] = MappingProxyType(
    {
        "AllergyIntolerance": {
            "type": "allergy intolerance",
            "category": "food medication environment biologic",
            "criticality": "low high unable-to-assess",
        },
        "Appointment": {
            "status": "proposed pending booked arrived fulfilled cancelled noshow entered-in-error checked-in waitlist"
        },
        "Bundle": {
            "type": (
                "document message transaction transaction-response batch batch-response history searchset collection"
            )
        },
        "CarePlan": {"status": _REQUEST, "intent": "proposal plan order option"},
        "CareTeam": {"status": "proposed active suspended inactive entered-in-error"},
        "Communication": {"status": _EVENT},
        "Composition": {"status": _DOCUMENT},
        "Consent": {"status": "draft proposed active rejected inactive entered-in-error"},
        "Coverage": {"status": "active cancelled draft entered-in-error"},
        "Device": {"status": "active inactive entered-in-error unknown"},
        "DeviceUseStatement": {"status": _USE},
        "DiagnosticReport": {
            "status": (
                "registered partial preliminary final amended corrected appended cancelled entered-in-error unknown"
            )
        },
        "DocumentReference": {"status": "current superseded entered-in-error", "docStatus": _DOCUMENT},
        "Encounter": {
            "status": "planned arrived triaged in-progress onleave finished cancelled entered-in-error unknown"
        },
        "EpisodeOfCare": {"status": "planned waitlist active onhold finished cancelled entered-in-error"},
        "FamilyMemberHistory": {"status": "partial completed entered-in-error health-unknown"},
        "Flag": {"status": "active inactive entered-in-error"},
        "Goal": {
            "lifecycleStatus": (
                "proposed planned accepted active on-hold completed cancelled entered-in-error rejected"
            )
        },
        "ImagingStudy": {"status": "registered available cancelled entered-in-error unknown"},
        "Immunization": {"status": "completed entered-in-error not-done"},
        "List": {"status": "current retired entered-in-error", "mode": _MODE},
        "Location": {"status": "active suspended inactive", "mode": "instance kind"},
        "Media": {"status": _EVENT},
        "Medication": {"status": "active inactive entered-in-error"},
        "MedicationAdministration": {
            "status": "in-progress not-done on-hold completed entered-in-error stopped unknown"
        },
        "MedicationDispense": {
            "status": "preparation in-progress cancelled on-hold completed entered-in-error stopped declined unknown"
        },
        "MedicationRequest": {
            "status": "active on-hold cancelled completed entered-in-error stopped draft unknown",
            "intent": _DRUG_INTENT,
            "priority": _PRIORITY,
        },
        "MedicationStatement": {"status": f"{_USE} unknown not-taken"},
        "Observation": {"status": _FINAL},
        "Patient": {"gender": _GENDER},
        "Person": {"gender": _GENDER},
        "Practitioner": {"gender": _GENDER},
        "Procedure": {"status": _EVENT},
        "QuestionnaireResponse": {"status": "in-progress completed amended entered-in-error stopped"},
        "RelatedPerson": {"gender": _GENDER},
        "RiskAssessment": {"status": _FINAL},
        "ServiceRequest": {"status": _REQUEST, "intent": _INTENT, "priority": _PRIORITY},
        "Slot": {"status": "busy free busy-unavailable busy-tentative entered-in-error"},
        "Specimen": {"status": "available unavailable unsatisfactory entered-in-error"},
        "Task": {
            "status": (
                "draft requested received accepted rejected ready cancelled in-progress on-hold failed completed"
                " entered-in-error"
            ),
            "intent": f"unknown {_DRUG_INTENT}",
            "priority": _PRIORITY,
        },
    }
)
BY_ELEMENT: Mapping[str, Lists] = MappingProxyType(
    {
        "name": {"use": "usual official temp nickname anonymous old maiden"},
        "identifier": {"use": "usual official temp secondary old"},
        "telecom": {"system": "phone fax email pager url sms other", "use": "home work temp old mobile"},
        "address": {"use": _PLACE, "type": "postal physical both"},
        "text": {"status": "generated extensions additional empty"},
        "valueQuantity": {"comparator": "< <= >= >"},
    }
)
BY_PART: Mapping[tuple[str, str], Lists] = MappingProxyType(
    {
        ("Appointment", "participant"): {"status": "accepted declined tentative needs-action"},
        ("AllergyIntolerance", "reaction"): {"severity": "mild moderate severe"},
        ("Bundle", "search"): {"mode": "match include outcome"},
        ("Bundle", "request"): {"method": "GET HEAD POST PUT DELETE PATCH"},
        ("Composition", "attester"): {"mode": "personal professional legal official"},
        ("Composition", "relatesTo"): {"code": "replaces transforms signs appends"},
        ("Composition", "section"): {"mode": _MODE},
        ("DocumentReference", "relatesTo"): {"code": "replaces transforms signs appends"},
        ("Encounter", "location"): {"status": "planned active reserved completed"},
        ("Patient", "link"): {"type": "replaced-by replaces refer seealso"},
        ("Patient", "contact"): {"gender": _GENDER},
    }
)
_TERMS = "http://terminology.hl7.org/CodeSystem/"
CONCEPTS: Mapping[tuple[str, str], tuple[str, str]] = MappingProxyType(
    {
        ("Condition", "clinicalStatus"): (
            f"{_TERMS}condition-clinical",
            "active recurrence relapse inactive remission resolved",
        ),
        ("Condition", "verificationStatus"): (
            f"{_TERMS}condition-ver-status",
            "unconfirmed provisional differential confirmed refuted entered-in-error",
        ),
        ("AllergyIntolerance", "clinicalStatus"): (
            f"{_TERMS}allergyintolerance-clinical",
            "active inactive resolved",
        ),
        ("AllergyIntolerance", "verificationStatus"): (
            f"{_TERMS}allergyintolerance-verification",
            "unconfirmed confirmed refuted entered-in-error",
        ),
    }
)


def closed_lists(held: Held) -> Iterator[Finding]:
    """Codes of a resource outside the closed lists of R4."""
    kind = held.kind
    yield from _codes(held.resource, held.place, BY_TYPE.get(kind, {}))
    for name in ("clinicalStatus", "verificationStatus"):
        if (kind, name) in CONCEPTS and name in held.resource:
            yield from _concept(held, name)
    for one in held.parts:
        lists = BY_PART.get((kind, one.name)) or BY_ELEMENT.get(one.name)
        if lists:
            yield from _codes(one.value, one.place, lists)


def _codes(holder: Json, place: str, lists: Lists) -> Iterator[Finding]:
    for name, allowed in lists.items():
        value = holder.get(name)
        for code in value if type(value) is list else [value]:
            if type(code) is str and code not in allowed.split():
                facts = {"element": name, "code": _shown(code), "codes": ", ".join(allowed.split())}
                yield told(rules.NOT_IN_LIST, f"{place}.{name}", **facts)


def _concept(held: Held, name: str) -> Iterator[Finding]:
    system, allowed = CONCEPTS[held.kind, name]
    concept = items(held.resource.get(name))
    codings = [coding for one in concept for coding in items(one.get("coding"))]
    if not any(coding.get("system") == system and text(coding.get("code")) in allowed.split() for coding in codings):
        facts = {"element": name, "system": system, "codes": ", ".join(allowed.split())}
        yield told(rules.NOT_IN_CONCEPTS, f"{held.place}.{name}", **facts)


def _shown(code: str) -> str:
    """A status may be shown; a text in its place may be anything."""
    return code if _CODE.fullmatch(code) else "…"
