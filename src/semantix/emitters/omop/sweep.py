"""What the CDM has no place for, said field by field: the reason why each remaining code is not in a row.

Only fields listed here are explained. A field that nobody thought of stays ``not-carried`` in the loss report.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from semantix import model
from semantix.ledger import Ledger, Reason

_LOST = Reason.NO_TARGET
_ADMIN = Reason.ADMINISTRATIVE

_STATEMENT = (
    ("code", None),
    ("priority", None),
    ("parties", _ADMIN),
    ("subject", Reason.NO_PERSON),
    ("notes", None),
    ("references", None),
    ("specimens", None),
    ("time", None),
)

FIELDS: Mapping[type, tuple[tuple[str, Reason | None], ...]] = MappingProxyType(
    {
        model.Qualifier: (("name", _LOST), ("value", _LOST)),
        model.Quantity: (("translations", None), ("unit_codes", None)),
        model.Range: (("low", None), ("high", None)),
        model.Ratio: (("numerator", None), ("denominator", None)),
        model.TimeSpan: (("width", None),),
        model.Timing: (
            ("event", None),
            ("parts", None),
            ("bounds", None),
            ("period", None),
            ("phase", None),
            ("offset", None),
        ),
        model.Organization: (("type", _ADMIN), ("part_of", _ADMIN)),
        model.DeviceRef: (("code", None),),
        model.Party: (
            ("function", _ADMIN),
            ("code", _ADMIN),
            ("organization", _ADMIN),
            ("device", None),
            ("entity", None),
            ("mode", _ADMIN),
            ("awareness", _ADMIN),
        ),
        model.Relative: (("code", Reason.NO_PERSON), ("gender", Reason.NO_PERSON)),
        model.Patient: (
            ("gender", _ADMIN),
            ("guardians", _ADMIN),
            ("marital_status", _ADMIN),
            ("provider_organization", _ADMIN),
        ),
        model.Note: (("author", _ADMIN),),
        model.ExternalReference: (("code", None),),
        model.ReferenceRange: (("value", None), ("interpretation", None), ("applies", None)),
        model.Specimen: (("code", None), ("quantity", None)),
        model.Concern: (("code", None),),
        model.Ingredient: (("code", None), ("strength", None)),
        model.Packaging: (("code", None), ("form", None), ("capacity", None)),
        model.Product: (
            ("code", None),
            ("form", None),
            ("classes", None),
            ("ingredients", None),
            ("packaging", None),
            ("manufacturer", _ADMIN),
        ),
        model.Precondition: (("code", None), ("value", None)),
        model.Dosage: (
            ("bounds", None),
            ("timings", None),
            ("route", None),
            ("sites", None),
            ("dose", None),
            ("rate", None),
            ("max_dose", None),
            ("preconditions", None),
            ("unit", None),
        ),
        model.Statement: _STATEMENT,
        model.Observation: (
            *_STATEMENT,
            ("values", None),
            ("interpretations", None),
            ("methods", None),
            ("sites", None),
            ("ranges", None),
        ),
        model.Panel: _STATEMENT,
        model.Problem: (
            *_STATEMENT,
            ("problem", None),
            ("clinical_status", None),
            ("verification", None),
            ("severity", None),
            ("patient_status", None),
            ("sites", None),
            ("methods", None),
            ("concern", None),
        ),
        model.Allergy: (
            *_STATEMENT,
            ("agents", None),
            ("value", None),
            ("clinical_status", None),
            ("verification", None),
            ("criticality", None),
            ("severity", None),
            ("concern", None),
        ),
        model.Medication: (
            *_STATEMENT,
            ("product", None),
            ("dosages", None),
            ("supply_quantity", None),
            ("supply_time", None),
            ("substitution", None),
            ("occurrences", None),
        ),
        model.Immunization: (*_STATEMENT, ("product", None), ("dosages", None), ("occurrences", None)),
        model.Procedure: (*_STATEMENT, ("methods", None), ("sites", None), ("approach_sites", None)),
        model.Encounter: _STATEMENT,
        model.Supply: (*_STATEMENT, ("device", None), ("product", None), ("quantity", None)),
        model.Media: _STATEMENT,
        model.Section: (("code", _LOST), ("parties", _ADMIN), ("subject", Reason.NO_PERSON)),
        model.Order: (("code", _ADMIN), ("priority", _ADMIN)),
        model.ServiceEvent: (("code", _ADMIN), ("parties", _ADMIN)),
        model.Facility: (("code", _ADMIN), ("organization", _ADMIN)),
        model.EncompassingEncounter: (
            ("code", _ADMIN),
            ("discharge", _ADMIN),
            ("admission_source", _ADMIN),
            ("facility", _ADMIN),
            ("parties", _ADMIN),
        ),
        model.RelatedDocument: (("code", _ADMIN),),
        model.Consent: (("code", _ADMIN),),
        model.Document: (
            ("code", _ADMIN),
            ("confidentiality", _ADMIN),
            ("patient", _ADMIN),
            ("parties", _ADMIN),
            ("orders", _ADMIN),
            ("events", _ADMIN),
            ("encounter", _ADMIN),
            ("related", _ADMIN),
            ("consents", _ADMIN),
        ),
    }
)


def sweep(ledger: Ledger, value: Any, reason: Reason) -> None:
    """Explain every code under ``value`` that no row holds."""
    kind = type(value)
    if kind is model.Concept:
        _concept(ledger, value, reason)
    elif kind is tuple:
        for item in value:
            sweep(ledger, item, reason)
    elif kind is model.Coding:
        if value.at not in ledger.carried:
            ledger.explain(value.at, reason)
    else:
        for name, why in FIELDS.get(kind, ()):
            inner = getattr(value, name)
            if not inner:
                continue
            if type(inner) is model.Concept:
                _concept(ledger, inner, why or reason)
            else:
                sweep(ledger, inner, why or reason)


def _concept(ledger: Ledger, concept: model.Concept, reason: Reason) -> None:
    carried = ledger.carried
    codings = concept.codings
    if not codings:
        ledger.explain(concept.at, Reason.NULL_CODE)
    elif len(codings) == 1:
        if codings[0].at not in carried:
            ledger.explain(codings[0].at, reason)
    else:
        if any(c.at in carried for c in codings):
            reason = Reason.NOT_PREFERRED
        for coding in codings:
            if coding.at not in carried:
                ledger.explain(coding.at, reason)
    if concept.qualifiers:
        sweep(ledger, concept.qualifiers, _LOST)
