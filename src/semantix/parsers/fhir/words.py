"""FHIR's own words as those of the model: statuses, categories, codes that say "none known"."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from semantix import systems
from semantix.model import Concept
from semantix.parsers.cda.templates import ABSENCE_KINDS

EVENT: Mapping[str, str] = MappingProxyType(
    {
        "preparation": "new",
        "in-progress": "active",
        "active": "active",
        "not-done": "cancelled",
        "declined": "cancelled",
        "abandoned": "aborted",
        "on-hold": "suspended",
        "stopped": "aborted",
        "completed": "completed",
        "intended": "new",
        "cancelled": "cancelled",
        "entered-in-error": "nullified",
    }
)
REQUEST: Mapping[str, str] = MappingProxyType(
    {
        "draft": "new",
        "active": "active",
        "on-hold": "suspended",
        "revoked": "aborted",
        "cancelled": "cancelled",
        "stopped": "aborted",
        "completed": "completed",
        "suspended": "suspended",
        "entered-in-error": "nullified",
    }
)
OBSERVATION: Mapping[str, str] = MappingProxyType(
    {
        "registered": "new",
        "preliminary": "active",
        "partial": "active",
        "final": "completed",
        "amended": "amended",
        "corrected": "corrected",
        "appended": "amended",
        "cancelled": "cancelled",
        "entered-in-error": "nullified",
    }
)
"""``amended`` and ``corrected`` have no word in CDA, and are kept."""
ENCOUNTER: Mapping[str, str] = MappingProxyType(
    {
        "arrived": "active",
        "triaged": "active",
        "in-progress": "active",
        "onleave": "active",
        "finished": "completed",
        "cancelled": "cancelled",
        "entered-in-error": "nullified",
        "planned": "new",
    }
)
DOCUMENT: Mapping[str, str] = MappingProxyType(
    {"current": "completed", "superseded": "obsolete", "entered-in-error": "nullified"}
)
HISTORY: Mapping[str, str] = MappingProxyType(
    {"partial": "active", "completed": "completed", "entered-in-error": "nullified"}
)
GOAL: Mapping[str, str] = MappingProxyType(
    {
        "active": "active",
        "on-hold": "suspended",
        "completed": "completed",
        "cancelled": "cancelled",
        "rejected": "cancelled",
        "entered-in-error": "nullified",
    }
)
MOODS: Mapping[str, str] = MappingProxyType(
    {"proposal": "PRP", "plan": "INT", "option": "DEF", "directive": "RQO", "order": "RQO"}
)
"""``intent`` of a request to the mood of HL7 v3; every kind of order is one."""
DRUG_MOODS: Mapping[str, str] = MappingProxyType({"proposal": "PRP", "plan": "PRMS", "option": "DEF"})
"""The same for prescriptions, whose INT is already an order in CDA."""

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "laboratory": "lab-result",
        "vital-signs": "vital-sign",
        "social-history": "social-history",
        "survey": "survey",
        "exam": "exam",
        "imaging": "imaging-observation",
    }
)
"""Category of an Observation to the kind of statement."""
PANELS: Mapping[str, str] = MappingProxyType({"laboratory": "lab-battery", "vital-signs": "vital-signs"})
LABORATORY = frozenset("LAB CH HM MB SR VR TX BLB IMM GE CG MCB HLA PAR MYC BCU SP CP CT OTH laboratory".split())
"""HL7 v2 table 0074: diagnostic services that are laboratories."""

NONE_KNOWN: Mapping[str, str] = MappingProxyType(
    {
        "716186003": "no-allergy",
        "409137002": "no-allergy",
        "428607008": "no-allergy",
        "429625007": "no-allergy",
        "716184000": "no-allergy",
        "1003774007": "no-allergy",
        "160244002": "no-allergy",
        "160245001": "no-problem",
        "787481004": "no-medication",
    }
)
"""SNOMED CT situations: none known, of each kind. Each keeps its own code."""


def absence(code: Concept | None) -> str | None:
    """``no-allergy``, ``no-problem``... when a code says that there is none, or that nothing is known."""
    for one in code.codings if code is not None else ():
        system = systems.find(one.system)
        key = system.key if system is not None else ""
        found = (
            ABSENCE_KINDS.get(one.code)
            if key == "ips-absent"
            else NONE_KNOWN.get(one.code)
            if key == "snomed"
            else None
        )
        if found:
            return found
    return None
