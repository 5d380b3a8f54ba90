"""The queue page: what waits, in the order in which it is worth doing, and how far the work is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from msgspec.structs import replace

from semantix.review.actions import ACTIONS, UNDO, Person
from semantix.review.desk import ALL, ORDERS, Desk, Filters, Page, Progress
from semantix.review.model import OPEN_STATES, Kind, State
from semantix.review.web.filters_form import address, filters_of, is_narrowed, pairs_of, written_percent
from semantix.review.web.rendering import page, words_of
from semantix.review.web.security import person
from semantix.review.web.served import desk_of, section_title, system_title

router = APIRouter(include_in_schema=False)
Who = Annotated[Person, Depends(person)]


def routes() -> APIRouter:
    """Return the routes of the queue."""
    return router


@router.get("/", response_class=HTMLResponse)
def show_queue(request: Request, who: Who) -> HTMLResponse:
    """Show one page of the queue; ``after`` is where it begins, ``at`` the row that is selected."""
    desk, query, lang = desk_of(request), request.query_params, words_of(request).lang
    filters = filters_of(query)
    at = _number(query.get("at", ""))
    after = str(_number(query.get("after", "")) or "")
    shown, after = _page(desk, filters, who, (after, at))
    progress = desk.progress()
    accepted = progress.of(State.ACCEPTED)
    values = {
        "filters": filters,
        "page": shown,
        "after": after,
        "selected": _selected(shown, at),
        "progress": progress,
        "accepted": accepted,
        "accepted_share": accepted[1] / progress.records if progress.records else 0.0,
        "accepted_codes": accepted[0] / progress.codes if progress.codes else 0.0,
        "tabs": _tabs(filters, progress),
        "audit_address": address("/", replace(filters, audit=True, states=())),
        "may_check": who.may(ACTIONS[Kind.AUDITED]),
        "choices": desk.choices(),
        "orders": ORDERS,
        "narrowed": is_narrowed(filters),
        "low": written_percent(filters.low),
        "high": written_percent(filters.high),
        "item_query": address("", filters),
        "next_address": address("/", filters, ("after", shown.after)),
        "first_address": address("/", filters),
        "pairs": pairs_of(filters),
        "may_undo": who.may(UNDO),
        "any_choice": any(row.chosen for row in shown.rows),
        "any_assignee": any(row.assignee for row in shown.rows),
        "title_of": system_title,
        "section_of": lambda name: section_title(name, lang),
    }
    return page(request, "queue.html", values)


@router.get("/items", include_in_schema=False)
def show_items(request: Request) -> RedirectResponse:
    """Lead to the first item of the queue, or to the queue when there is none."""
    filters = filters_of(request.query_params)
    first = desk_of(request).following(filters, 0)
    return RedirectResponse(address(f"/items/{first}" if first else "/", filters), 303)


def _page(desk: Desk, filters: Filters, who: Person, window: tuple[str, int]) -> tuple[Page, str]:
    """Read the page after a cursor, or the one that shows a row; return where it begins too."""
    after, at = window
    shown = desk.page(filters, who, after)
    if not at or after or not shown.after or any(row.id == at for row in shown.rows):
        return shown, after
    # A page begins after a row: the one before it is shown too, where there is one.
    before = desk.following(filters, at, backwards=True)
    begin = desk.following(filters, before, backwards=True) if before else None
    return (desk.page(filters, who, str(begin)), str(begin)) if begin else (shown, after)


def _selected(shown: Page, at: int) -> int:
    """The row to begin at: the one asked for, the first of the page otherwise."""
    if any(row.id == at for row in shown.rows):
        return at
    return shown.rows[0].id if shown.rows else 0


def _tabs(filters: Filters, progress: Progress) -> list[Mapping[str, Any]]:
    """What waits, every state that has items, and everything: each with its figures and its address."""
    found: list[Mapping[str, Any]] = []
    records = progress.records or 1
    groups: list[tuple[str, tuple[str, ...], tuple[State, ...]]] = [("waiting", (), OPEN_STATES)]
    groups += [(state.value, (state.value,), (state,)) for state in State]
    groups.append((ALL, (ALL,), tuple(State)))
    for name, states, counted in groups:
        codes, behind = progress.of(*counted)
        is_current = filters.states == states and not filters.audit
        if not codes and not is_current and name not in {"waiting", ALL}:
            continue
        found.append(
            {
                "name": name,
                "codes": codes,
                "share": behind / records,
                "current": is_current,
                "address": address("/", replace(filters, states=states, audit=False)),
            }
        )
    return found


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else 0
