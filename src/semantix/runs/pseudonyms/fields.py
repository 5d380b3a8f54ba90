"""What becomes of each field of the model, field by field: a field that is not listed here stops the work.

``None`` in the table keeps a value as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from msgspec import Struct, structs

from semantix import model
from semantix.model import (
    Allergy,
    Dosage,
    Immunization,
    Ingredient,
    Medication,
    Organization,
    Packaging,
    Party,
    Precondition,
    Problem,
    Product,
    Quantity,
    ReferenceRange,
    Relative,
    Specimen,
    Statement,
    Supply,
)
from semantix.runs.pseudonyms import actions as do
from semantix.runs.pseudonyms.actions import Action
from semantix.runs.pseudonyms.rewriting import Rewriting, Rules

_EMPTY: tuple[()] = ()


def _compiled(actions: Mapping[str, Action]) -> Callable[[Rewriting, Any], Any]:
    """The function that rewrites one class: it makes a new value only when a field changes."""
    steps = tuple(actions.items())

    def made(rw: Rewriting, one: Any) -> Any:
        changes: dict[str, Any] = {}
        for name, action in steps:
            old = getattr(one, name)
            if old is None or old is _EMPTY:
                continue
            new = action(rw, old, one)
            if new is not old:
                changes[name] = new
        return structs.replace(one, **changes) if changes else one

    return made


_STATEMENT: dict[str, Action | None] = {
    **dict.fromkeys(("at", "path", "kind", "mood", "templates", "negated", "null", "status", "absorbed")),
    "ids": do.ids,
    "code": do.concept,
    "time": do.span,
    "text": do.statement_text,
    "priority": do.concept,
    "parties": do.parties,
    "subject": do.walk,
    "notes": do.notes,
    "links": do.links,
    "references": do.walk_all,
    "specimens": do.walk_all,
}


def _rules(keep: str, **actions: Action) -> dict[str, Action | None]:
    return {**dict.fromkeys(keep.split()), **actions}


FIELDS: Mapping[type[Struct], Mapping[str, Action | None]] = MappingProxyType(
    {
        model.Range: _rules("at low_closed high_closed", low=do.walk, high=do.walk),
        model.Ratio: _rules("at", numerator=do.walk, denominator=do.walk),
        model.Timing: _rules(
            "at institution_specified alignment operator null frequency frequency_max when days hours count",
            bounds=do.span,
            period=do.walk,
            phase=do.span,
            event=do.coding,
            offset=do.walk,
            text=do.text,
            parts=do.walk_all,
            period_max=do.walk,
            length=do.walk,
        ),
        model.Absent: _rules("null at"),
        Organization: _rules(
            "at path",
            ids=do.ids,
            names=do.empty,
            telecoms=do.empty,
            addresses=do.places,
            type=do.concept,
            part_of=do.organization,
        ),
        model.DeviceRef: _rules("at path", ids=do.ids, code=do.concept, model=do.label, software=do.label),
        Party: _rules(
            "at path role type_code class_code",
            function=do.concept,
            time=do.span,
            signature=do.nothing,
            ids=do.ids,
            code=do.concept,
            names=do.people,
            addresses=do.party_places,
            telecoms=do.empty,
            organization=do.organization,
            device=do.walk,
            entity=do.concept,
            entity_name=do.entity_name,
            entity_text=do.entity_text,
            mode=do.concept,
            awareness=do.concept,
        ),
        Relative: _rules(
            "at path class_code deceased multiple_birth multiple_birth_order",
            code=do.concept,
            ids=do.ids,
            names=do.people,
            addresses=do.empty,
            telecoms=do.empty,
            gender=do.concept,
            birth=do.birth,
            deceased_time=do.point,
        ),
        model.ExternalReference: _rules("at type_code", ids=do.ids, url=do.nothing, code=do.concept),
        ReferenceRange: _rules("at", value=do.walk, text=do.range_text, interpretation=do.concept, applies=do.concept),
        Specimen: _rules(
            "at path class_code",
            ids=do.ids,
            code=do.concept,
            name=do.thing_name,
            text=do.specimen_text,
            quantity=do.walk,
        ),
        model.Concern: _rules("at status", ids=do.ids, time=do.span, code=do.concept),
        Ingredient: _rules("at active", code=do.concept, name=do.thing_name, strength=do.walk),
        Packaging: _rules("at", code=do.concept, name=do.thing_name, form=do.concept, capacity=do.walk),
        Product: _rules(
            "at path name_null lot lot_null",
            code=do.concept,
            name=do.product_name,
            ids=do.ids,
            form=do.concept,
            expiry=do.point,
            classes=do.walk_all,
            ingredients=do.walk_all,
            packaging=do.walk_all,
            manufacturer=do.manufacturer,
        ),
        Precondition: _rules("at", code=do.concept, text=do.condition_text, value=do.walk),
        Dosage: _rules(
            "at sequence as_needed",
            text=do.dosage_text,
            bounds=do.span,
            timings=do.walk_all,
            route=do.concept,
            sites=do.walk_all,
            dose=do.walk,
            rate=do.walk,
            max_dose=do.walk,
            preconditions=do.walk_all,
            unit=do.concept,
            instructions=do.texts,
        ),
        model.Order: _rules("at path", ids=do.ids, code=do.concept, accession=do.ids, priority=do.concept),
        model.ServiceEvent: _rules("at path status", ids=do.ids, code=do.concept, time=do.span, parties=do.parties),
        model.Facility: _rules(
            "at path",
            ids=do.ids,
            code=do.concept,
            name=do.nothing,
            address=do.place,
            organization=do.organization,
        ),
        model.EncompassingEncounter: _rules(
            "at path",
            ids=do.ids,
            code=do.concept,
            time=do.span,
            discharge=do.concept,
            admission_source=do.concept,
            facility=do.walk,
            parties=do.parties,
        ),
        model.RelatedDocument: _rules("at type_code version", ids=do.ids, set_id=do.identifier, code=do.concept),
        model.Consent: _rules("at path status", ids=do.ids, code=do.concept),
        Statement: _STATEMENT,
        model.Panel: _STATEMENT,
        model.Encounter: _STATEMENT,
        model.Observation: _STATEMENT
        | _rules(
            "",
            values=do.walk_all,
            interpretations=do.walk_all,
            methods=do.walk_all,
            sites=do.walk_all,
            ranges=do.walk_all,
        ),
        Problem: _STATEMENT
        | _rules(
            "",
            problem=do.walk,
            clinical_status=do.concept,
            verification=do.concept,
            severity=do.concept,
            patient_status=do.concept,
            stages=do.statements,
            sites=do.walk_all,
            methods=do.walk_all,
            concern=do.walk,
        ),
        Allergy: _STATEMENT
        | _rules(
            "",
            agents=do.walk_all,
            value=do.walk,
            clinical_status=do.concept,
            verification=do.concept,
            criticality=do.concept,
            severity=do.concept,
            reactions=do.walk_all,
            concern=do.walk,
        ),
        Medication: _STATEMENT
        | _rules(
            "intent repeats supply_repeats",
            product=do.walk,
            dosages=do.walk_all,
            occurrences=do.walk_all,
            supply_quantity=do.walk,
            supply_time=do.span,
            patient_instructions=do.texts,
            pharmacist_instructions=do.texts,
            substitution=do.concept,
        ),
        Immunization: _STATEMENT
        | _rules(
            "dose_number",
            product=do.walk,
            dosages=do.walk_all,
            occurrences=do.walk_all,
            reactions=do.walk_all,
        ),
        model.Procedure: _STATEMENT | _rules("", methods=do.walk_all, sites=do.walk_all, approach_sites=do.walk_all),
        Supply: _STATEMENT
        | _rules(
            "repeats independent",
            device=do.walk,
            product=do.walk,
            quantity=do.walk,
            expected_use=do.span,
        ),
        model.Media: _STATEMENT | _rules("", content=do.walk),
    }
)
"""Every class that is rewritten field by field, with what becomes of each of its fields."""


def _rules_of(*, with_paths: bool) -> Rules:
    """The functions that rewrite each class; places are rewritten for the formats that ask for it."""
    found: dict[type, Callable[[Rewriting, Any], Any]] = {}
    for cls, rules in FIELDS.items():
        actions = {name: action for name, action in rules.items() if action is not None}
        if with_paths and "path" in rules:
            actions["path"] = do.path
        found[cls] = _compiled(actions)
    return MappingProxyType({**found, **_WHOLE})


_WHOLE: Mapping[type, Callable[[Rewriting, Any], Any]] = MappingProxyType(
    {
        model.Concept: Rewriting.concept,
        model.Coding: Rewriting.coding,
        model.TimeSpan: Rewriting.span,
        Quantity: do.quantity,
        model.Text: Rewriting.value_text,
        model.Attachment: Rewriting.attachment,
    }
)
"""Classes that are rewritten as a whole."""
RULES = _rules_of(with_paths=False)
RULES_WITH_PATHS = _rules_of(with_paths=True)
