"""Putting the item page together: for whoever looks, and for whoever was refused or came too late."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import HTTPException, Request
from fastapi.responses import HTMLResponse
from msgspec import Struct, structs

from semantix.errors import ActionRefused
from semantix.review.actions import UNDO, Person
from semantix.review.desk import Desk, Saved, View
from semantix.review.lookup import Lookup
from semantix.review.model import Audit, How, Item, Judgement, Mode, Part, Relation, Role, State
from semantix.review.web.filters_form import address, filters_of, pairs_of
from semantix.review.web.item_fragments import concept_of, near_items, seek
from semantix.review.web.item_view import (
    ROADS,
    Card,
    cards_of,
    deciding_kind,
    first_judgement,
    lines_of,
    powers_of,
    sides_of,
    why_open,
)
from semantix.review.web.judgement_form import press
from semantix.review.web.rendering import page, shell_of, words_of
from semantix.review.web.served import desk_of, lookup_of, section_title, system_title

FRAGMENT = "x-fragment"
"""The header by which our scripts ask for a part of a page."""


class Typed(Struct, frozen=True, kw_only=True):
    """What came with a form that was not saved: the judgement, the other texts, and why it was not.

    ``key`` names a refusal; ``saved`` is what the desk answered to whoever came too late.
    """

    judgement: Judgement | None = None
    reason: str = ""
    text: str = ""
    key: str = ""
    saved: Saved | None = None


UNTYPED = Typed()


def read_view(desk: Desk, number: int, who: Person) -> View:
    """Read an item. Raises HTTPException (404) when there is none."""
    try:
        return desk.view(number, who)
    except ActionRefused as refused:
        raise HTTPException(404) from refused


def show_item(request: Request, number: int, who: Person, typed: Typed = UNTYPED, status: int = 200) -> HTMLResponse:
    """Write the page of one item."""
    desk, lang = desk_of(request), words_of(request).lang
    view, mode = read_view(desk, number, who), desk.mode()
    judgement = first_judgement(view, who, mode) if typed.judgement is None else typed.judgement
    cards = cards_of(_with_displays(lookup_of(request), view.item), judgement, lang)
    selected = _selected(request, cards)
    source = view.item.source
    outcome, reason = why_open(view.item.proposal, source.target, lang)
    query = request.query_params
    lookup = lookup_of(request)
    values = _common(request, view, who, mode) | {
        "typed": typed,
        "judgement": judgement,
        "cards": cards,
        "selected": selected,
        "outcome": outcome,
        "why": reason,
        "sides": sides_of(view.standing) if view.standing.state is State.TO_RECONCILE else (),
        "first_hidden": _is_first_hidden(view, who, mode),
        "lines": lines_of(view.history),
        "sought": seek(lookup, query, source.target, "find_") if lookup is not None else None,
        "near": near_items(desk, view.item, who) if query.get("similar") == "1" else None,
        "wants_concept": "candidate" in query,
        "concept": _concept(request, cards, selected) if "candidate" in query else None,
        "people": _people(request, who),
    }
    return page(request, "item.html", values, status)


def show_judgement(request: Request, number: int, who: Person, judgement: Judgement) -> HTMLResponse:
    """Write the form of the judgement alone, as it is now."""
    desk = desk_of(request)
    view, mode = read_view(desk, number, who), desk.mode()
    values = _common(request, view, who, mode) | {"judgement": judgement, "typed": UNTYPED}
    return page(request, "_judgement.html", values)


def show_fragment(
    request: Request, view: View, who: Person, template: str, values: Mapping[str, object]
) -> HTMLResponse:
    """Write a fragment with buttons of the form."""
    return page(request, template, _common(request, view, who, desk_of(request).mode()) | dict(values))


def is_fragment(request: Request) -> bool:
    """Tell whether one of our scripts asks for a part of the page."""
    return request.headers.get(FRAGMENT) == "1"


def _common(request: Request, view: View, who: Person, mode: Mode) -> dict[str, Any]:
    """What the page and its fragments share."""
    filters = filters_of(request.query_params)
    powers = powers_of(who, view.standing, mode)
    kind = deciding_kind(powers)
    number, lang = view.item.id, words_of(request).lang
    return {
        "item": view.item,
        "source": view.item.source,
        "standing": view.standing,
        "mode": mode.value,
        "powers": powers,
        "deciding": ROADS[kind] if kind else "",
        "query": address("", filters),
        "pairs": pairs_of(filters),
        "back": address("/", filters, ("at", str(number))),
        "relations": tuple(Relation),
        "parts_of": tuple(Part),
        "press": press,
        "title_of": system_title,
        "section_of": lambda name: section_title(name, lang),
        "may_undo": who.may(UNDO),
        "to_check": view.standing.audit is Audit.WANTED and view.standing.how is How.AUTOMATIC,
        "has_store": lookup_of(request) is not None,
    }


def _with_displays(lookup: Lookup | None, item: Item) -> Item:
    """Give the candidates that came without a display that of the store, where it knows the code."""
    candidates = item.proposal.candidates
    if lookup is None or all(each.display for each in candidates):
        return item
    shown = []
    for each in candidates:
        step = None if each.display or not each.system else lookup.step(each.system, each.code)
        shown.append(structs.replace(each, display=step.display) if step is not None else each)
    return structs.replace(item, proposal=structs.replace(item.proposal, candidates=tuple(shown)))


def _selected(request: Request, cards: tuple[Card, ...]) -> int:
    given = request.query_params.get("candidate", "")
    number = int(given) if given.isascii() and given.isdigit() and len(given) < 4 else 1
    return number if 1 <= number <= len(cards) else 1


def _concept(request: Request, cards: tuple[Card, ...], selected: int) -> object:
    if not cards:
        return None
    candidate = cards[selected - 1].candidate
    return concept_of(lookup_of(request), candidate.system, candidate.code)


def _is_first_hidden(view: View, who: Person, mode: Mode) -> bool:
    """Tell whether somebody judged already whose choice is not shown."""
    waits = view.standing.state in {State.MAPPED, State.IN_REVIEW}
    return mode is Mode.BLIND_DUAL and waits and who.name not in view.standing.people


def _people(request: Request, who: Person) -> tuple[str, ...]:
    """Who an item may be assigned to."""
    if not who.may(Role.REVIEWER):
        return ()
    found = shell_of(request).accounts.people()
    return tuple(each.name for each in found if each.active and Person(each.name, each.role).may(Role.AUTHOR))
