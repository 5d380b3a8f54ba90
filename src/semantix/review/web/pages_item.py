"""The item page and its fragments: one thing to map, and what speaks for each candidate."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from semantix.review.actions import Person
from semantix.review.web import acting
from semantix.review.web.filters_form import address, filters_of
from semantix.review.web.item_fragments import concept_of, near_items, seek
from semantix.review.web.item_page import read_view, show_fragment, show_item
from semantix.review.web.security import person
from semantix.review.web.served import desk_of, lookup_of

ROADS = frozenset({"judge", "reconcile", "audit", "agree", "send-back", "claim", "release", "assign", "note", "reopen"})
"""Where the forms of an item are sent."""
router = APIRouter(include_in_schema=False)
Who = Annotated[Person, Depends(person)]
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]


def routes() -> APIRouter:
    """Return the routes of one item: what is shown, and what is done."""
    both = APIRouter(include_in_schema=False)
    both.include_router(router)
    both.include_router(acting.router)
    return both


@router.get("/items/{number}", response_class=HTMLResponse)
def item(request: Request, number: Number, who: Who) -> HTMLResponse:
    """Show one item; ``candidate`` is the one selected, ``find_text`` and its like a search in the store."""
    return show_item(request, number, who)


@router.get("/items/{number}/concept", response_class=HTMLResponse)
def concept(request: Request, number: Number, who: Who, system: str = "", code: str = "") -> HTMLResponse:
    """Show where a code stands: its terms, what is above, below and beside it."""
    view = read_view(desk_of(request), number, who)
    found = concept_of(lookup_of(request), system, code)
    values = {"concept": found, "system": system, "code": code, "wants_concept": True}
    return show_fragment(request, view, who, "_concept.html", values)


@router.get("/items/{number}/similar", response_class=HTMLResponse)
def similar(request: Request, number: Number, who: Who) -> HTMLResponse:
    """Show what was decided on the same or similar terms."""
    desk = desk_of(request)
    view = read_view(desk, number, who)
    return show_fragment(request, view, who, "_similar.html", {"near": near_items(desk, view.item, who)})


@router.get("/items/{number}/search", response_class=HTMLResponse)
def search(request: Request, number: Number, who: Who) -> HTMLResponse:
    """Show what a text finds in the store."""
    lookup, view = lookup_of(request), read_view(desk_of(request), number, who)
    sought = seek(lookup, request.query_params, view.item.source.target) if lookup is not None else None
    return show_fragment(request, view, who, "_search_results.html", {"sought": sought})


@router.get("/items/{number}/next")
def following(request: Request, number: Number, who: Who) -> RedirectResponse:  # noqa: ARG001, RUF100
    """Lead to the next item of the queue, or to the queue when this is the last."""
    return _step(request, number, backwards=False)


@router.get("/items/{number}/previous")
def preceding(request: Request, number: Number, who: Who) -> RedirectResponse:  # noqa: ARG001, RUF100
    """Lead to the item before this one in the queue, or to the queue when this is the first."""
    return _step(request, number, backwards=True)


@router.get("/items/{number}/{road}")
def again(request: Request, number: Number, who: Who, road: str) -> RedirectResponse:  # noqa: ARG001, RUF100
    """Lead back to the item: a browser that asks again for the answer to a form asks here."""
    if road not in ROADS:
        raise HTTPException(404)
    return RedirectResponse(address(f"/items/{number}", filters_of(request.query_params)), 303)


def _step(request: Request, number: int, *, backwards: bool) -> RedirectResponse:
    filters = filters_of(request.query_params)
    found = desk_of(request).following(filters, number, backwards)
    if found is None:
        return RedirectResponse(address("/", filters, ("at", str(number)), ("notice", "at-end")), 303)
    return RedirectResponse(address(f"/items/{found}", filters), 303)
