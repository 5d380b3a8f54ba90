"""The history: the log in words, newest first, what was done in bulk on one line."""

from __future__ import annotations

from itertools import groupby
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse
from msgspec import Struct

from semantix.review.actions import Person
from semantix.review.desk.history import Line, Wanted
from semantix.review.model import Event, Kind
from semantix.review.web.rendering import page, words_of
from semantix.review.web.security import person
from semantix.review.web.served import desk_of, system_title
from semantix.review.web.words import DeskWords

LIMIT = 60
SAID = ("to", "state", "mode", "role", "verdict", "fate", "name", "format", "rows", "items", "reopened", "said_by")
"""What of the detail of an event is told as a short fact, in this order; reasons and notes are told as they are."""
WORDED = {"state": "state_", "mode": "mode_", "role": "role_", "verdict": "audit_", "fate": "fate_"}
router = APIRouter(include_in_schema=False)


class Fact(Struct, frozen=True):
    """A name of the words, and a value as it is shown."""

    name: str
    value: str


def routes() -> APIRouter:
    """Return the route of the history."""
    return router


@router.get("/history", response_class=HTMLResponse)
def show_history(request: Request, who: Annotated[Person, Depends(person)]) -> HTMLResponse:
    """Show one page of the log; ``before`` is the event where it begins."""
    desk, query, words = desk_of(request), request.query_params, words_of(request)
    name = query.get("who", "").replace("\0", "")[:200]
    kind = next((each.value for each in Kind if each == query.get("kind", "")), "")
    before = _number(query.get("before", ""))
    found = desk.history(who, Wanted(before=before, limit=LIMIT, who=name, kind=kind))
    chosen = [(field, value) for field, value in (("who", name), ("kind", kind)) if value]
    days = groupby(found.lines, key=lambda line: words.day(line.event.at))
    values = {
        "days": [(day, [(line, facts_of(line.event, words)) for line in lines]) for day, lines in days],
        "names": desk.people(),
        "kinds": sorted(Kind, key=lambda each: words(f"kind_{each}")),
        "name": name,
        "kind": kind,
        "before": before,
        "newest": _address(chosen),
        "older": _address([*chosen, ("before", str(found.before))]) if found.before else "",
        "title_of": system_title,
        "is_bulk": is_bulk,
    }
    return page(request, "history.html", values)


def facts_of(event: Event, words: DeskWords) -> tuple[Fact, ...]:
    """What an event says beside its kind, in words."""
    found = []
    for name in SAID:
        value = event.detail.get(name, "")
        if not value:
            continue
        worded = f"{WORDED[name]}{value}" if name in WORDED else ""
        if worded and words.has(worded):
            value = words(worded)
        elif value.isascii() and value.isdigit() and len(value) < 16:
            value = words.number(int(value))
        found.append(Fact(name, value))
    return tuple(found)


def is_bulk(line: Line) -> bool:
    """Tell whether a line is a bulk action, which has a page of its own."""
    return bool(line.counts) and line.event.kind in {Kind.AUTO_ACCEPTED, Kind.JUDGED, Kind.AGREED, Kind.ASSIGNED}


def _address(pairs: list[tuple[str, str]]) -> str:
    return f"/history?{urlencode(pairs)}" if pairs else "/history"


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0
