"""Which field of an allow-list a statement or a party is of."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from semantix.emitters.omop.tables.provider import PRACTICE
from semantix.model import (
    Allergy,
    Encounter,
    Immunization,
    Media,
    Medication,
    Organization,
    Panel,
    Party,
    Problem,
    Procedure,
    Statement,
    Supply,
)

INSIDE = frozenset(
    {
        "comment", "severity", "patient-status", "clinical-status", "verification", "criticality", "stage",
        "internal-reference", "patient-instruction", "pharmacist-instruction", "substitution", "dose-number",
        "dosage-step", "prescription-item", "dispensation", "supply-order", "prescription-flag", "contrast",
        "allergy-concern", "problem-concern",
    }
)  # fmt: skip
"""Kinds that say more of the statement around them: they go where it goes."""
_KINDS: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(
            (
                "lab-report", "lab-isolate", "lab-battery", "lab-result", "previous-result", "pathology-panel",
                "pathology", "genomic", "specimen-received", "specimen-collection",
            ),
            "results",
        ),
        **dict.fromkeys(("vital-signs", "vital-sign"), "vitals"),
        **dict.fromkeys(("imaging-study", "imaging-series", "imaging-instance", "imaging-observation"), "imaging"),
        **dict.fromkeys(("device", "device-observation", "no-device"), "devices"),
        **dict.fromkeys(("pregnancy", "pregnancy-history", "birth"), "pregnancy"),
        **dict.fromkeys(("attached-document", "document-type", "external-reference"), "documents"),
        "family-history": "family-history",
        "social-history": "social-history",
        "advance-directive": "directives",
        "coverage": "coverage",
        "planned-immunization": "immunizations",
        "transfer": "encounters",
        "no-problem": "problems",
        "no-allergy": "allergies",
        "no-medication": "medications",
        "no-immunization": "immunizations",
        "no-procedure": "procedures",
    }
)  # fmt: skip
_TYPES: Mapping[type[Statement], str] = MappingProxyType(
    {
        Problem: "problems",
        Allergy: "allergies",
        Medication: "medications",
        Immunization: "immunizations",
        Procedure: "procedures",
        Encounter: "encounters",
        Supply: "devices",
        Media: "documents",
    }
)
_THINGS = frozenset({"MANU", "ADMM", "INGR", "ACTI", "SPEC", "OWN", "MNT", "TERR", "ACCESS", "RGPR"})


def field_of(statement: Statement) -> str:
    """The field of a statement: by its kind, else by its class, else ``findings``."""
    return _KINDS.get(statement.kind) or _TYPES.get(type(statement), "findings")


def is_container(statement: Statement) -> bool:
    """True for what only holds other statements together: it stays for those of them that stay."""
    return type(statement) in {Panel, Statement} and field_of(statement) == "findings"


def field_of_party(party: Party) -> str | None:
    """The field of somebody who takes part; ``None`` for a device, a thing, a place or the patient."""
    if party.device is not None or party.entity is not None or party.class_code in _THINGS | {"PAT", "SDLOC"}:
        return None
    if party.is_related:
        return "patient.relatives"
    if party.code is None and not party.names and party.organization is not None:
        return field_of_organization(party.organization)
    return "professionals"


def field_of_organization(one: Organization) -> str:
    """``practice`` for the one that the run names, else ``organisations``."""
    return "practice" if any(i.root == PRACTICE for i in one.ids) else "organisations"
