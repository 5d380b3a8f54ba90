"""The elements of a ConceptMap as entries: those that speak of one source together, and what they leave unsure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct, structs

from semantix.review.formats import conceptmap_r4 as r4
from semantix.review.formats import conceptmap_r5 as r5
from semantix.review.formats._conceptmap_extensions import Unreadable, field_types, ours, value_of
from semantix.review.formats._conceptmap_native import (
    ATTRIBUTES,
    COMMENTS,
    CONDITIONS,
    DIALECTS,
    PRODUCTS,
    Dialect,
    native,
    product_of,
    target_of,
)
from semantix.review.formats._conceptmap_shape import ConceptMap, Dependency, Element, Extension, MapTarget, is_r5
from semantix.review.formats._conceptmap_terms import WORDINGS, system_key
from semantix.review.formats.exchange import Entry, Problem
from semantix.review.model import Judgement, Source, State, Target

DEPENDS, PRODUCT, PROPERTY = "depends_on", "product", "property:"
"""Columns for what a map of others says and an entry cannot: conditions, products, properties."""

FIELDS = tuple(name for name in Entry.__struct_fields__ if name not in {"source", "line"})
"""What an entry says of its source, in order."""

_CONDITION_FIELDS = {code: name for name, code in CONDITIONS.items()}
_KNOWN = frozenset({*r4.RELATIONS, r4.REFUSED, r4.NO_TARGET, *r5.RELATIONS, r5.REFUSED})
_DECIDING = frozenset({"source", "state", "judgement", "automatic", "status_by", "status_on"})


class Reading(Struct, frozen=True):
    """How to read a resource: its release, the state of what it decides, whether sources want no target system."""

    dialect: Dialect
    state: State = State.ACCEPTED
    any_target: bool = False
    attributes: Mapping[str, str] = {}


class Piece(Struct, frozen=True, gc=False):
    """What one element says of one source, under the same conditions, for one target system."""

    group: tuple[str, str]
    element: Element
    place: str
    source: Source
    targets: tuple[Target, ...] = ()
    no_target: bool = False
    notes: tuple[str, ...] = ()
    unsure: bool = False
    extra: Mapping[str, str] = {}


class _Said(Struct, frozen=True, gc=False):
    """What one target says."""

    conditions: tuple[tuple[str, str], ...] = ()
    targets: tuple[Target, ...] = ()
    no_target: bool = False
    note: str = ""
    unsure: bool = False
    extra: tuple[tuple[str, str], ...] = ()


def reading_of(resource: ConceptMap) -> Reading:
    """How to read a resource: only an active one decides; drafts and retired ones wait for somebody."""
    said = ours(resource.extension).get("any_target", ())
    return Reading(
        DIALECTS["R5" if is_r5(resource) else "R4"],
        State.ACCEPTED if resource.status == "active" else State.MAPPED,
        any(each.value_boolean for each in said),
        {each.code: each.uri or each.code for each in resource.additional_attribute},
    )


def read_entries(resource: ConceptMap, line: int) -> tuple[list[Entry], list[Problem]]:
    """The entries of a resource in its order, and what could not be taken."""
    reading, problems = reading_of(resource), list[Problem]()
    sources: dict[object, list[Piece]] = {}
    for number, group in enumerate(resource.group):
        where = f"ConceptMap.group[{number}]"
        systems = (group.source.partition("|")[0], group.target.partition("|")[0])
        if bytes(group.unmapped):
            problems.append(Problem(line, f"{where}.unmapped: a rule for all other codes", "codes one by one"))
        for place, element in enumerate(group.element):
            at = f"{where}.element[{place}]"
            pieces, wrong = pieces_of(element, systems, reading, at)
            problems += [Problem(line, found, expected) for found, expected in wrong]
            for piece in pieces:
                sources.setdefault(key_of(piece), []).append(piece)
    entries = []
    for pieces in sources.values():
        entry, changed = entry_of(pieces, reading)
        entries.append(structs.replace(entry, line=line) if line else entry)
        if changed:
            problems.append(
                Problem(
                    line,
                    f"{pieces[0].place}: changed after semantix wrote it; what FHIR’s own elements say was taken",
                    "extensions that agree with the element",
                )
            )
    return entries, problems


def key_of(piece: Piece) -> object:
    """What joins the pieces of one entry: the link that we wrote, or the same source."""
    link = ours(piece.element.extension).get("entry")
    return link[0].value_string if link else piece.source


def pieces_of(
    element: Element, systems: tuple[str, str], reading: Reading, place: str
) -> tuple[list[Piece], list[tuple[str, str]]]:
    """What an element says, by the conditions that its targets depend on; and what was found instead of expected."""
    if not element.code:
        return [], [(f"{place}: no code", "a source code, not a value set")]
    wrong: list[tuple[str, str]] = []
    by_condition: dict[tuple[tuple[str, str], ...], list[_Said]] = {}
    for number, target in enumerate(element.target):
        said = _said(target, systems[1], reading, (f"{place}.target[{number}]", wrong))
        if said is not None:
            by_condition.setdefault(said.conditions, []).append(said)
    if not by_condition or element.no_map:
        by_condition.setdefault((), []).append(_Said(no_target=element.no_map))
    pieces = [_piece(element, systems, said, reading) for said in by_condition.values()]
    return [structs.replace(piece, place=place) for piece in pieces], wrong


def _piece(element: Element, systems: tuple[str, str], said: list[_Said], reading: Reading) -> Piece:
    wording = systems[0] == WORDINGS
    fields = {_CONDITION_FIELDS[name]: text for name, text in said[0].conditions}
    source = Source(
        system="" if wording else system_key(systems[0]),
        code="" if wording else element.code,
        label=element.display,
        target="" if reading.any_target else system_key(systems[1]),
        **fields,
    )
    return Piece(
        systems,
        element,
        "",
        source,
        tuple(target for each in said for target in each.targets),
        any(each.no_target for each in said),
        tuple(each.note for each in said if each.note),
        any(each.unsure for each in said),
        joined(pair for each in said for pair in each.extra),
    )


def joined(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Texts by name; those of one name one after the other."""
    texts: dict[str, str] = {}
    for name, text in pairs:
        texts[name] = f"{texts[name]}; {text}" if name in texts else text
    return texts


def _said(target: MapTarget, system: str, reading: Reading, at: tuple[str, list[tuple[str, str]]]) -> _Said | None:
    place, wrong = at
    word = target.equivalence or target.relationship
    if word not in _KNOWN:
        wrong.append((f"{place}: no relation, or an unknown one", "an equivalence of R4 or a relationship of R5"))
        return None
    note = "" if target.comment == COMMENTS.get(word) else target.comment
    conditions, foreign = _conditions(target, reading)
    if word == r4.NO_TARGET:
        if target.code:
            wrong.append((f"{place}: unmatched, and yet a code; the code was left out", "unmatched without a code"))
        return _Said(conditions, no_target=True, note=note, unsure=bool(foreign), extra=foreign)
    if not target.code:
        wrong.append((f"{place}: no code", "a target code, not a value set"))
        return None
    products, others = _products(target, reading)
    facts = tuple((PROPERTY + each.code, _text_of(each)) for each in target.property)
    if foreign or others:
        wrong.append((f"{place}: holds under a condition, or with a product", "a mapping that always holds"))
    return _Said(
        conditions,
        (target_of(target, system), *products),
        note=note,
        unsure=bool(foreign or others),
        extra=(*foreign, *others, *facts),
    )


def _conditions(target: MapTarget, reading: Reading) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]:
    ours_, foreign = [], []
    for each in target.depends_on:
        name, text = _attribute(each, reading), _text_of(each)
        code = name.removeprefix(ATTRIBUTES)
        if name.startswith(ATTRIBUTES) and code in _CONDITION_FIELDS and text:
            ours_.append((code, text))
        else:
            foreign.append((DEPENDS, f"{target.code}: {name}={text}"))
    return tuple(sorted(ours_)), tuple(foreign)


def _products(target: MapTarget, reading: Reading) -> tuple[list[Target], list[tuple[str, str]]]:
    taken, foreign = [], []
    for each in target.product:
        name = _attribute(each, reading)
        code = name.removeprefix(ATTRIBUTES)
        if name.startswith(ATTRIBUTES) and code in PRODUCTS:
            taken.append(product_of(structs.replace(each, attribute=code, property="")))
        else:
            foreign.append((PRODUCT, f"{target.code}: {name}={_text_of(each)}"))
    return taken, foreign


def _attribute(each: Dependency, reading: Reading) -> str:
    return each.property or reading.attributes.get(each.attribute, each.attribute)


def _text_of(each: Any) -> str:
    """The value of a condition, product or property, of whatever type, as text."""
    coding = each.value_coding
    if coding is not None:
        return str(coding.code or coding.display)
    quantity = getattr(each, "value_quantity", None)
    if quantity is not None:
        return f"{quantity.value:g} {quantity.code or quantity.unit}".strip() if quantity.value is not None else ""
    if each.value_boolean is not None:
        return "true" if each.value_boolean else "false"
    names = ("value_string", "value_code", "value_integer", "value_decimal", "value_date_time", "value", "value_set")
    values = (getattr(each, name, None) for name in names)
    return next((str(value) for value in values if value not in {None, ""}), "")


def entry_of(pieces: list[Piece], reading: Reading) -> tuple[Entry, bool]:
    """The entry of some pieces, and whether extensions were passed over because the elements say something else."""
    plain = plain_entry(pieces, reading)
    said, unreadable = _said_by_us(pieces)
    if not said:
        return plain, unreadable
    entry = structs.replace(plain, **said)
    found = {piece.group: structs.replace(piece.element, extension=()) for piece in pieces}
    if len(found) == len(pieces) and native(entry, reading.dialect) == found:
        return entry, unreadable
    kept = {name: value for name, value in said.items() if name not in _DECIDING}
    return structs.replace(plain, **kept), True


def plain_entry(pieces: list[Piece], reading: Reading) -> Entry:
    """What FHIR's own elements say."""
    targets = {target.claim: target for piece in reversed(pieces) for target in reversed(piece.targets)}
    ordered = tuple(reversed(targets.values()))
    chosen = any(not target.refused for target in ordered)
    none = any(piece.no_target for piece in pieces)
    judgement, state = None, State.UNMAPPED
    if ordered or none:
        notes = dict.fromkeys(note for piece in pieces for note in piece.notes)
        judgement = Judgement(targets=ordered, no_target=none and not chosen, note="\n".join(notes))
        state = reading.state if chosen or none else State.REJECTED
    if none and chosen:
        state = State.TO_RECONCILE
    elif state is State.ACCEPTED and any(piece.unsure for piece in pieces):
        state = State.MAPPED
    extra = joined(pair for piece in pieces for pair in piece.extra.items())
    return Entry(source=pieces[0].source, state=state, judgement=judgement, extra=extra)


def _said_by_us(pieces: list[Piece]) -> tuple[dict[str, Any], bool]:
    types, said, unreadable = field_types(Entry), dict[str, Any](), False
    found: dict[str, tuple[Extension, ...]] = {}
    for piece in pieces:
        found |= ours(piece.element.extension)
    for name, values in found.items():
        if name not in types or name == "line":
            continue
        try:
            said[name] = value_of(values, types[name])
        except Unreadable:
            unreadable = True
    return said, unreadable
