"""What may become of a field: an action takes the rewriting, the value, and the struct that holds it.

:mod:`semantix.runs.pseudonyms.fields` says which action is for which field.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import Struct, structs

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
    Specimen,
    Statement,
    Supply,
)
from semantix.runs.pseudonyms.classes import INSIDE, field_of, field_of_organization, field_of_party, is_container
from semantix.runs.pseudonyms.dates import capped, cut
from semantix.runs.pseudonyms.policy import CLINICAL
from semantix.runs.pseudonyms.rewriting import Rewriting

Action = Callable[[Rewriting, Any, Any], Any]
_ALL = frozenset(CLINICAL)


# --- walking --------------------------------------------------------------------------------------------------------


def rewrite(rw: Rewriting, one: Any) -> Any:
    """What becomes of a value of the model; itself when nothing does. ``None`` when the allow-list leaves it out."""
    found = rw.rules.get(type(one))
    if found is None:
        return _plain(one)
    return found(rw, one)


def _plain(one: Any) -> Any:
    """A number, or a value that may not be reached unless this module knows what it is."""
    assert not isinstance(one, Struct), f"no rule for {type(one).__name__}"
    return one


def walk(rw: Rewriting, one: Any, _: Any) -> Any:
    """Rewrite a value by the rules of its class."""
    return rewrite(rw, one)


def walk_all(rw: Rewriting, many: tuple[Any, ...], _: Any) -> tuple[Any, ...]:
    """Rewrite values; those that the allow-list leaves out are gone."""
    found = tuple([made for made in [rewrite(rw, one) for one in many] if made is not None])
    is_same = len(found) == len(many) and all(new is old for new, old in zip(found, many, strict=True))
    return many if is_same else found


# --- plain actions --------------------------------------------------------------------------------------------------


def path(rw: Rewriting, one: str, _: Any) -> str:
    """Where a value stands, without the id of a resource."""
    return rw.place_name(one)


def ids(rw: Rewriting, many: Any, _: Any) -> Any:
    """Pseudonyms of identifiers."""
    return rw.ids(many)


def identifier(rw: Rewriting, one: Any, _: Any) -> Any:
    """The pseudonym of an identifier."""
    return rw.identifier(one)


def concept(rw: Rewriting, one: Any, _: Any) -> Any:
    """Keep codes, and what the policy leaves of words."""
    return rw.concept(one)


def coding(rw: Rewriting, one: Any, _: Any) -> Any:
    """Keep a code that names nobody."""
    return rw.coding(one)


def span(rw: Rewriting, one: Any, _: Any) -> Any:
    """Move an interval."""
    return rw.span(one)


def point(rw: Rewriting, one: PartialDate, _: Any) -> PartialDate:
    """Move a date."""
    return rw.point(one)


def text(rw: Rewriting, words: str, _: Any) -> str | None:
    """Free text beside something that says the same."""
    return rw.text(words)


def texts(rw: Rewriting, many: Any, _: Any) -> Any:
    """Free texts beside something else."""
    return rw.texts(many)


def label(rw: Rewriting, words: str, _: Any) -> str | None:
    """Words beside a code."""
    return rw.label(words)


def people(rw: Rewriting, many: Any, _: Any) -> Any:
    """That somebody has a name."""
    return rw.people(many)


def places(rw: Rewriting, many: Any, _: Any) -> Any:
    """What the policy leaves of addresses."""
    return rw.addresses(many)


def place(rw: Rewriting, one: Any, _: Any) -> Any:
    """What the policy leaves of an address."""
    return rw.address(one)


def empty(_: Rewriting, __: Any, ___: Any) -> tuple[()]:
    """Nothing is left of several."""
    return ()


def nothing(_: Rewriting, __: Any, ___: Any) -> None:
    """Nothing is left."""
    return


# --- words that may stand alone -------------------------------------------------------------------------------------


def thing_name(rw: Rewriting, words: str, one: Ingredient | Packaging | Specimen) -> str | None:
    """The name of a thing is a label when a code says what it is."""
    return rw.label(words) if one.code is not None and one.code.codings else rw.lone(words)


def product_name(rw: Rewriting, words: str, one: Product) -> str | None:
    """The name of a drug is a label when a code says which one it is."""
    inner = (*(each.code for each in one.packaging), *(each.code for each in one.ingredients))
    coded = (one.code, *one.classes, *inner)
    return rw.label(words) if any(c is not None and c.codings for c in coded) else rw.lone(words)


def manufacturer(rw: Rewriting, one: Organization, _: Product) -> Organization:
    """Whoever makes a drug is no one around the patient: its name stays."""
    made: Organization = rewrite(rw, one)
    names = tuple(name for name in one.names if rw.label(name))
    return structs.replace(made, names=names) if names else made


def specimen_text(rw: Rewriting, words: str, one: Specimen) -> str | None:
    """Words on a specimen."""
    return rw.lone(words) if one.code is None and one.name is None else rw.text(words)


def condition_text(rw: Rewriting, words: str, one: Precondition) -> str | None:
    """Words on when to act."""
    return rw.lone(words) if one.code is None and one.value is None else rw.text(words)


def range_text(rw: Rewriting, words: str, one: ReferenceRange) -> str | None:
    """Words on what is normal."""
    return rw.lone(words) if one.value is None else rw.text(words)


def dosage_text(rw: Rewriting, words: str, one: Dosage) -> str | None:
    """Words on how to take a drug: alone when nothing else says it."""
    says_something = one.timings or one.dose is not None or one.rate is not None
    return rw.text(words) if says_something else rw.lone(words)


def statement_text(rw: Rewriting, words: str, one: Statement) -> str | None:
    """The words of a statement: alone when no code says what it is about."""
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


def entity_name(rw: Rewriting, words: str, one: Party) -> str | None:
    """The name of a substance; that of a place says where."""
    if one.class_code == "SDLOC":
        return None
    return rw.label(words) if one.entity is not None and one.entity.codings else rw.lone(words)


def entity_text(rw: Rewriting, words: str, one: Party) -> str | None:
    """Words on a substance."""
    is_beside = one.entity is not None or one.entity_name is not None or one.class_code == "SDLOC"
    return rw.text(words) if is_beside else rw.lone(words)


def quantity(rw: Rewriting, one: Quantity) -> Quantity:
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
        translations=walk_all(rw, one.translations, one),
        unit_codes=walk_all(rw, one.unit_codes, one),
    )


# --- people ---------------------------------------------------------------------------------------------------------


def birth_of(rw: Rewriting, birth: PartialDate) -> PartialDate:
    """A birth date moved, cut to the precision of the policy, and that of the cap for whoever is older."""
    policy = rw.policy
    born = rw.point(birth)
    return cut(capped(born, policy.cap, rw.day) if policy.cap else born, policy.birth)


def birth(rw: Rewriting, birth: PartialDate, _: Any) -> PartialDate:
    """The birth of a relative."""
    return birth_of(rw, birth)


def party_places(rw: Rewriting, many: Any, one: Party) -> Any:
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


def notes(rw: Rewriting, many: tuple[Note, ...], _: Any) -> tuple[Note, ...]:
    """Comments, which are free text."""
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


def links(rw: Rewriting, many: tuple[Link, ...], _: Any) -> tuple[Link, ...]:
    """Statements inside one, if their classes are allowed."""
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
            return rw.rules[type(one)](rw, one)  # type: ignore[no-any-return]
        if is_container(one) and one.links:
            made: Statement = rw.rules[type(one)](rw, one)
            if made.links:
                return made
        rw.remove(one)
        return None
    finally:
        rw.path = outer


def statements(rw: Rewriting, many: tuple[Statement, ...], _: Any) -> tuple[Any, ...]:
    """Statements beside each other, if their classes are allowed."""
    return tuple([made for made in [statement(rw, one) for one in many] if made is not None])
