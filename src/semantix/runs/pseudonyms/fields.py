"""What becomes of each field of the model, field by field: a field that is not listed here stops the work.

Each action takes the rewriting, the value and the struct that holds it; ``None`` in the table keeps the value as it is.
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
    Link,
    Medication,
    Note,
    Organization,
    Packaging,
    PartialDate,
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
from semantix.runs.pseudonyms.classes import INSIDE, field_of, field_of_organization, field_of_party, is_container
from semantix.runs.pseudonyms.dates import capped, cut
from semantix.runs.pseudonyms.policy import CLINICAL
from semantix.runs.pseudonyms.rewriting import Rewriting

Action = Callable[[Rewriting, Any, Any], Any]


# --- walking --------------------------------------------------------------------------------------------------------


def rewrite(rw: Rewriting, one: Any) -> Any:
    """What becomes of a value of the model; itself when nothing does. ``None`` when the allow-list leaves it out."""
    found = _REWRITERS.get(type(one))
    if found is None:
        return _plain(one)
    return found(rw, one)


def _plain(one: Any) -> Any:
    """A number, or a value that may not be reached unless this module knows what it is."""
    assert not isinstance(one, Struct), f"no rule for {type(one).__name__}"
    return one


def _walk(rw: Rewriting, one: Any, _: Any) -> Any:
    return rewrite(rw, one)


def _walk_all(rw: Rewriting, many: tuple[Any, ...], _: Any) -> tuple[Any, ...]:
    found = tuple([made for made in [rewrite(rw, one) for one in many] if made is not None])
    is_same = len(found) == len(many) and all(new is old for new, old in zip(found, many, strict=True))
    return many if is_same else found


def _compiled(cls: type[Struct], actions: Mapping[str, Action]) -> Callable[[Rewriting, Any], Any]:
    """The function that rewrites one class: it makes a new value only when a field changes."""
    steps = tuple(actions.items())

    def made(rw: Rewriting, one: Any) -> Any:
        changes: dict[str, Any] = {}
        for name, action in steps:
            old = getattr(one, name)
            if old is None or old == ():
                continue
            new = action(rw, old, one)
            if new is not old:
                changes[name] = new
        return structs.replace(one, **changes) if changes else one

    return made


# --- plain actions --------------------------------------------------------------------------------------------------


def _ids(rw: Rewriting, many: Any, _: Any) -> Any:
    return rw.ids(many)


def _identifier(rw: Rewriting, one: Any, _: Any) -> Any:
    return rw.identifier(one)


def _concept(rw: Rewriting, one: Any, _: Any) -> Any:
    return rw.concept(one)


def _coding(rw: Rewriting, one: Any, _: Any) -> Any:
    return rw.coding(one)


def _span(rw: Rewriting, one: Any, _: Any) -> Any:
    return rw.span(one)


def _point(rw: Rewriting, one: PartialDate, _: Any) -> PartialDate:
    return rw.point(one)


def _text(rw: Rewriting, words: str, _: Any) -> str | None:
    return rw.text(words)


def _texts(rw: Rewriting, many: Any, _: Any) -> Any:
    return rw.texts(many)


def _label(rw: Rewriting, words: str, _: Any) -> str | None:
    return rw.label(words)


def _people(rw: Rewriting, many: Any, _: Any) -> Any:
    return rw.people(many)


def _places(rw: Rewriting, many: Any, _: Any) -> Any:
    return rw.addresses(many)


def _place(rw: Rewriting, one: Any, _: Any) -> Any:
    return rw.address(one)


def _empty(_: Rewriting, __: Any, ___: Any) -> tuple[()]:
    return ()


def _nothing(_: Rewriting, __: Any, ___: Any) -> None:
    return None


# --- words that may stand alone -------------------------------------------------------------------------------------


def _name(rw: Rewriting, words: str, one: Ingredient | Packaging | Specimen) -> str | None:
    """The name of a thing is a label when a code says what it is."""
    return rw.label(words) if one.code is not None and one.code.codings else rw.lone(words)


def _product_name(rw: Rewriting, words: str, one: Product) -> str | None:
    inner = (*(each.code for each in one.packaging), *(each.code for each in one.ingredients))
    coded = (one.code, *one.classes, *inner)
    return rw.label(words) if any(c is not None and c.codings for c in coded) else rw.lone(words)


def _manufacturer(rw: Rewriting, one: Organization, _: Product) -> Organization:
    """Whoever makes a drug is no one around the patient: its name stays."""
    made: Organization = rewrite(rw, one)
    names = tuple(name for name in one.names if rw.label(name))
    return structs.replace(made, names=names) if names else made


def _specimen_text(rw: Rewriting, words: str, one: Specimen) -> str | None:
    return rw.lone(words) if one.code is None and one.name is None else rw.text(words)


def _condition_text(rw: Rewriting, words: str, one: Precondition) -> str | None:
    return rw.lone(words) if one.code is None and one.value is None else rw.text(words)


def _range_text(rw: Rewriting, words: str, one: ReferenceRange) -> str | None:
    return rw.lone(words) if one.value is None else rw.text(words)


def _dosage_text(rw: Rewriting, words: str, one: Dosage) -> str | None:
    says_something = one.timings or one.dose is not None or one.rate is not None
    return rw.text(words) if says_something else rw.lone(words)


def _statement_text(rw: Rewriting, words: str, one: Statement) -> str | None:
    return rw.lone(words) if one.kind == "comment" or not _is_said(one) else rw.text(words)


def _is_said(one: Statement) -> bool:
    """True when something else than its text says what a statement is about."""
    if isinstance(one, Problem):
        return one.problem is not None
    if isinstance(one, Allergy):
        return one.value is not None or bool(one.agents)
    if isinstance(one, Medication | Immunization):
        return one.product is not None
    if isinstance(one, Supply) and (one.device is not None or one.product is not None):
        return True
    return one.code is not None


def _entity_name(rw: Rewriting, words: str, one: Party) -> str | None:
    if one.class_code == "SDLOC":
        return None
    return rw.label(words) if one.entity is not None and one.entity.codings else rw.lone(words)


def _entity_text(rw: Rewriting, words: str, one: Party) -> str | None:
    is_beside = one.entity is not None or one.entity_name is not None or one.class_code == "SDLOC"
    return rw.text(words) if is_beside else rw.lone(words)


def _quantity(rw: Rewriting, one: Quantity) -> Quantity:
    """Units are labels; the words of a quantity without a number are free text."""
    if one.text is None and not one.translations and not one.unit_codes:
        unit = one.unit
        return one if unit is None or rw.labels.is_safe(unit, rw.names) else structs.replace(one, unit=None)
    text, null = one.text, one.null
    if text is not None and one.value is None:
        text = rw.text(text)
        null = null or (None if text else "MSK")
    elif text is not None:
        text = rw.label(text)
    return structs.replace(
        one,
        text=text,
        null=null,
        unit=rw.label(one.unit) if one.unit is not None else None,
        translations=_walk_all(rw, one.translations, one),
        unit_codes=_walk_all(rw, one.unit_codes, one),
    )


# --- people ---------------------------------------------------------------------------------------------------------


def birth_of(rw: Rewriting, birth: PartialDate) -> PartialDate:
    """A birth date moved, cut to the precision of the policy, and that of the cap for whoever is older."""
    policy = rw.policy
    born = rw.point(birth)
    return cut(capped(born, policy.cap, rw.day) if policy.cap else born, policy.birth)


def _birth(rw: Rewriting, birth: PartialDate, _: Any) -> PartialDate:
    return birth_of(rw, birth)


def _party_places(rw: Rewriting, many: Any, one: Party) -> Any:
    """Places of care keep their area; homes and desks of people do not."""
    return rw.addresses(many) if one.class_code == "SDLOC" else ()


def organization(rw: Rewriting, one: Organization, _: Any) -> Organization | None:
    """An organisation, if its sort is allowed."""
    if field_of_organization(one) not in rw.policy.allow:
        rw.remove(one)
        return None
    made: Organization = rewrite(rw, one)
    return made


def parties(rw: Rewriting, many: tuple[Party, ...], _: Any) -> tuple[Party, ...]:
    """Those who take part, if their sort is allowed."""
    return tuple([found for found in [_party(rw, one) for one in many] if found is not None])


def _party(rw: Rewriting, one: Party) -> Party | None:
    field = field_of_party(one)
    if field is not None and field not in rw.policy.allow:
        firm = one.organization
        if firm is None or field_of_organization(firm) not in rw.policy.allow or field == "patient.relatives":
            rw.remove(one)
            return None
        rw.remove(structs.replace(one, organization=None))
        one = structs.replace(one, code=None, function=None, names=(), ids=(), telecoms=(), addresses=())
    made: Party = rewrite(rw, one)
    return made


def _notes(rw: Rewriting, many: tuple[Note, ...], _: Any) -> tuple[Note, ...]:
    if rw.policy.text == "drop":
        rw.withhold(many)
        return ()
    return tuple(
        Note(
            rw.kept(one.text),
            one.at,
            _party(rw, one.author) if one.author is not None else None,
            rw.point(one.time) if one.time is not None else None,
        )
        for one in many
    )


# --- statements -----------------------------------------------------------------------------------------------------


def _links(rw: Rewriting, many: tuple[Link, ...], _: Any) -> tuple[Link, ...]:
    found = []
    is_same = True
    for link in many:
        inner = link.statement
        made = statement(rw, inner, is_inside=True)
        if made is inner:
            found.append(link)
            continue
        is_same = False
        if made is not None:
            found.append(Link(link.type_code, made, link.inverted, link.negated, link.sequence))
    return many if is_same else tuple(found)


def statement(rw: Rewriting, one: Statement, *, is_inside: bool = False) -> Statement | None:
    """A statement, if its class is allowed; one that only holds others stays for those that stay."""
    outer, rw.path = rw.path, one.path
    try:
        allow = rw.policy.allow
        if allow >= _ALL or (is_inside and one.kind in INSIDE) or field_of(one) in allow:
            return _REWRITERS[type(one)](rw, one)  # type: ignore[no-any-return]
        if is_container(one) and one.links:
            made: Statement = _REWRITERS[type(one)](rw, one)
            if made.links:
                return made
        rw.remove(one)
        return None
    finally:
        rw.path = outer


def _statements(rw: Rewriting, many: tuple[Statement, ...], _: Any) -> tuple[Any, ...]:
    return tuple([made for made in [statement(rw, one) for one in many] if made is not None])


_ALL = frozenset(CLINICAL)

# --- the table ------------------------------------------------------------------------------------------------------

_STATEMENT: dict[str, Action | None] = {
    **dict.fromkeys(("at", "path", "kind", "mood", "templates", "negated", "null", "status", "absorbed")),
    "ids": _ids,
    "code": _concept,
    "time": _span,
    "text": _statement_text,
    "priority": _concept,
    "parties": parties,
    "subject": _walk,
    "notes": _notes,
    "links": _links,
    "references": _walk_all,
    "specimens": _walk_all,
}


def _rules(keep: str, **actions: Action) -> dict[str, Action | None]:
    return {**dict.fromkeys(keep.split()), **actions}


FIELDS: Mapping[type[Struct], Mapping[str, Action | None]] = MappingProxyType(
    {
        model.Range: _rules("at low_closed high_closed", low=_walk, high=_walk),
        model.Ratio: _rules("at", numerator=_walk, denominator=_walk),
        model.Timing: _rules(
            "at institution_specified alignment operator null frequency frequency_max when days hours count",
            bounds=_span,
            period=_walk,
            phase=_span,
            event=_coding,
            offset=_walk,
            text=_text,
            parts=_walk_all,
            period_max=_walk,
            length=_walk,
        ),
        model.Absent: _rules("null at"),
        Organization: _rules(
            "at path",
            ids=_ids,
            names=_empty,
            telecoms=_empty,
            addresses=_places,
            type=_concept,
            part_of=organization,
        ),
        model.DeviceRef: _rules("at path", ids=_ids, code=_concept, model=_label, software=_label),
        Party: _rules(
            "at path role type_code class_code",
            function=_concept,
            time=_span,
            signature=_nothing,
            ids=_ids,
            code=_concept,
            names=_people,
            addresses=_party_places,
            telecoms=_empty,
            organization=organization,
            device=_walk,
            entity=_concept,
            entity_name=_entity_name,
            entity_text=_entity_text,
            mode=_concept,
            awareness=_concept,
        ),
        Relative: _rules(
            "at path class_code deceased multiple_birth multiple_birth_order",
            code=_concept,
            ids=_ids,
            names=_people,
            addresses=_empty,
            telecoms=_empty,
            gender=_concept,
            birth=_birth,
            deceased_time=_point,
        ),
        model.ExternalReference: _rules("at type_code", ids=_ids, url=_nothing, code=_concept),
        ReferenceRange: _rules("at", value=_walk, text=_range_text, interpretation=_concept, applies=_concept),
        Specimen: _rules(
            "at path class_code", ids=_ids, code=_concept, name=_name, text=_specimen_text, quantity=_walk
        ),
        model.Concern: _rules("at status", ids=_ids, time=_span, code=_concept),
        Ingredient: _rules("at active", code=_concept, name=_name, strength=_walk),
        Packaging: _rules("at", code=_concept, name=_name, form=_concept, capacity=_walk),
        Product: _rules(
            "at path name_null lot lot_null",
            code=_concept,
            name=_product_name,
            ids=_ids,
            form=_concept,
            expiry=_point,
            classes=_walk_all,
            ingredients=_walk_all,
            packaging=_walk_all,
            manufacturer=_manufacturer,
        ),
        Precondition: _rules("at", code=_concept, text=_condition_text, value=_walk),
        Dosage: _rules(
            "at sequence as_needed",
            text=_dosage_text,
            bounds=_span,
            timings=_walk_all,
            route=_concept,
            sites=_walk_all,
            dose=_walk,
            rate=_walk,
            max_dose=_walk,
            preconditions=_walk_all,
            unit=_concept,
            instructions=_texts,
        ),
        model.Order: _rules("at path", ids=_ids, code=_concept, accession=_ids, priority=_concept),
        model.ServiceEvent: _rules("at path status", ids=_ids, code=_concept, time=_span, parties=parties),
        model.Facility: _rules(
            "at path", ids=_ids, code=_concept, name=_nothing, address=_place, organization=organization
        ),
        model.EncompassingEncounter: _rules(
            "at path",
            ids=_ids,
            code=_concept,
            time=_span,
            discharge=_concept,
            admission_source=_concept,
            facility=_walk,
            parties=parties,
        ),
        model.RelatedDocument: _rules("at type_code version", ids=_ids, set_id=_identifier, code=_concept),
        model.Consent: _rules("at path status", ids=_ids, code=_concept),
        Statement: _STATEMENT,
        model.Panel: _STATEMENT,
        model.Encounter: _STATEMENT,
        model.Observation: _STATEMENT
        | _rules(
            "",
            values=_walk_all,
            interpretations=_walk_all,
            methods=_walk_all,
            sites=_walk_all,
            ranges=_walk_all,
        ),
        Problem: _STATEMENT
        | _rules(
            "",
            problem=_walk,
            clinical_status=_concept,
            verification=_concept,
            severity=_concept,
            patient_status=_concept,
            stages=_statements,
            sites=_walk_all,
            methods=_walk_all,
            concern=_walk,
        ),
        Allergy: _STATEMENT
        | _rules(
            "",
            agents=_walk_all,
            value=_walk,
            clinical_status=_concept,
            verification=_concept,
            criticality=_concept,
            severity=_concept,
            reactions=_walk_all,
            concern=_walk,
        ),
        Medication: _STATEMENT
        | _rules(
            "intent repeats supply_repeats",
            product=_walk,
            dosages=_walk_all,
            occurrences=_walk_all,
            supply_quantity=_walk,
            supply_time=_span,
            patient_instructions=_texts,
            pharmacist_instructions=_texts,
            substitution=_concept,
        ),
        Immunization: _STATEMENT
        | _rules("dose_number", product=_walk, dosages=_walk_all, occurrences=_walk_all, reactions=_walk_all),
        model.Procedure: _STATEMENT | _rules("", methods=_walk_all, sites=_walk_all, approach_sites=_walk_all),
        Supply: _STATEMENT
        | _rules("repeats independent", device=_walk, product=_walk, quantity=_walk, expected_use=_span),
        model.Media: _STATEMENT | _rules("", content=_walk),
    }
)
"""Every class that is rewritten field by field, with what becomes of each of its fields."""

_REWRITERS: Mapping[type, Callable[[Rewriting, Any], Any]] = MappingProxyType(
    {
        **{
            cls: _compiled(cls, {name: action for name, action in rules.items() if action is not None})
            for cls, rules in FIELDS.items()
        },
        model.Concept: Rewriting.concept,
        model.Coding: Rewriting.coding,
        model.TimeSpan: Rewriting.span,
        Quantity: _quantity,
        model.Text: Rewriting.value_text,
        model.Attachment: Rewriting.attachment,
    }
)
