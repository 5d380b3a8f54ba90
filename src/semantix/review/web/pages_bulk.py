"""Acting on many items: choose what, look at exactly what would be done, do it, and take it back.

The preview has a token of its selection; when somebody changed an item of it meanwhile, nothing is done, and the new
preview is shown. The first preview of an automatic acceptance opens the engine, which may take a minute: the routes run
in threads, so that nobody else waits.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, cast

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from msgspec.structs import replace
from starlette.datastructures import FormData

from semantix.errors import ActionRefused
from semantix.review.actions import BULK, Person
from semantix.review.desk import Bulk, Filters
from semantix.review.desk.bulk import MOST, ROLES, WHATS, What
from semantix.review.model import Kind, Mode
from semantix.review.web.bulk_form import LEAST, SHARE, bulk_of, pairs_of_bulk
from semantix.review.web.filters_form import Fields, address, filters_of, pairs_of, query_of, written_percent
from semantix.review.web.rendering import page, shell_of, words_of
from semantix.review.web.security import require
from semantix.review.web.served import desk_of, form_of, system_title
from semantix.review.web.tools import HeldOut, Tools

PRECISION = 0.98
AUDIT = Filters(audit=True)
router = APIRouter(include_in_schema=False)
Who = Annotated[Person, Depends(require(BULK))]
Form = Annotated[FormData, Depends(form_of)]


def routes() -> APIRouter:
    """Return the routes of bulk actions."""
    return router


@router.get("/bulk", response_class=HTMLResponse)
def show_bulk(request: Request, who: Who) -> Response:
    """Show what can be done with the items that the filters keep."""
    return _choose(request, who, request.query_params)


@router.post("/bulk/preview", response_class=HTMLResponse)
def show_preview(request: Request, who: Who, form: Form) -> Response:
    """Show exactly what an action would do, and why it leaves out what it leaves out."""
    try:
        bulk = _bulk(request, form)
        return _preview(request, who, bulk)
    except ActionRefused as refused:
        return _choose(request, who, form, refused.key)


@router.post("/bulk/apply")
def apply(request: Request, who: Who, form: Form) -> Response:
    """Do what was previewed under a token; anything else is previewed anew."""
    try:
        bulk = _bulk(request, form)
        try:
            done = desk_of(request).apply(who, bulk, str(form.get("token", "")), _held_out(request, bulk))
        except ActionRefused as refused:
            if refused.key != "selection_changed":
                raise
            return _preview(request, who, bulk, changed=True)
    except ActionRefused as refused:
        return _choose(request, who, form, refused.key)
    return RedirectResponse(f"/bulk/done/{done.batch}", 303)


@router.get("/bulk/done/{batch}", response_class=HTMLResponse)
def show_done(request: Request, who: Who, batch: str) -> Response:
    """Show what a bulk action did, with the way back as long as there is one."""
    line, is_last = desk_of(request).batch(who, batch)
    if line is None or line.event.kind not in _DONE:
        raise HTTPException(404)
    values = {
        "line": line,
        "key": _DONE[line.event.kind],
        "count": line.count,
        "sample": line.counts.get(Kind.SAMPLED, 0),
        "is_last": is_last and not line.undone,
        "audit_address": address("/", AUDIT),
        "is_none": line.event.judgement is not None and line.event.judgement.no_target,
    }
    return page(request, "bulk_done.html", values)


@router.post("/bulk/undo")
def undo(request: Request, who: Who, form: Form) -> Response:
    """Take a bulk action back, when it is still the last thing that the person did."""
    desk, batch = desk_of(request), str(form.get("batch", ""))[:100]
    line, is_last = desk.batch(who, batch)
    if line is None:
        raise HTTPException(404)
    notice = "bulk-not-last"
    if is_last:
        try:
            notice = "undone-some" if desk.undo(who).left else "undone"
        except ActionRefused as refused:
            if refused.key not in {"acted_since", "nothing_to_undo"}:
                raise
            notice = refused.key
    return RedirectResponse(f"/bulk/done/{line.event.batch}?notice={notice}", 303)


_DONE: Mapping[Kind, str] = {
    Kind.AUTO_ACCEPTED: "accept",
    Kind.JUDGED: "none",
    Kind.AGREED: "agree",
    Kind.ASSIGNED: "assign",
}


# --- pages ----------------------------------------------------------------------------------------------------------


def _choose(request: Request, who: Person, fields: Fields, key: str = "") -> Response:
    """The form: what was typed stays in it, with why it was refused."""
    desk, filters = desk_of(request), filters_of(fields)
    choices, mode = desk.choices(), desk.mode()
    allowed = [what for what in WHATS if not _closed(what, who, mode)]
    given = str(fields.get("what", ""))
    targets = choices["target"]
    if not filters.target and len(targets) == 1:
        filters = replace(filters, target=targets[0])
    values = {
        "filters": filters,
        "said": said_filters(filters),
        "pairs": pairs_of(replace(filters, target="")),
        "total": desk.page(filters, who, limit=1).total,
        "queue_address": address("/", filters),
        "targets": targets,
        "whats": [(what, _closed(what, who, mode)) for what in WHATS],
        "what": given if given in allowed else next(iter(allowed), ""),
        "precision": str(fields.get("precision", "")) or written_percent(_precision(request)),
        "share": str(fields.get("share", "")) or written_percent(SHARE),
        "least": str(fields.get("least", "")) or str(LEAST),
        "to": str(fields.get("to", "")),
        "note": str(fields.get("note", "")),
        "people": _people(request),
        "most": MOST,
        "has_store": _has_store(request),
        "audit_address": address("/", AUDIT),
        "refusal": _refusal(request, key),
        "title_of": system_title,
    }
    status = 200 if not key else 403 if key == "role_needed" else 409
    return page(request, "bulk.html", values, status)


def _preview(request: Request, who: Person, bulk: Bulk, changed: bool = False) -> Response:
    desk = desk_of(request)
    found = desk.preview(who, bulk, _held_out(request, bulk))
    records = desk.progress().records
    left = sorted(found.left.items(), key=lambda each: -each[1])
    values = {
        "bulk": bulk,
        "found": found,
        "share": found.records / records if records else 0.0,
        "left": [(_left(request, reason), count) for reason, count in left],
        "said": said_filters(bulk.filters),
        "pairs": pairs_of_bulk(bulk),
        "back": f"/bulk?{query_of(bulk.filters, *(pair for pair in pairs_of_bulk(bulk) if pair[0] in _OWN))}",
        "changed": changed,
        "has_store": _has_store(request),
        "most": MOST,
        "title_of": system_title,
        "item_query": address("", bulk.filters),
    }
    return page(request, "bulk_preview.html", values, 409 if changed else 200)


def said_filters(filters: Filters) -> tuple[tuple[str, str], ...]:
    """The filters that limit something, as (field, value); the target has its own field."""
    return tuple(pair for pair in pairs_of(filters) if pair[0] not in {"order", "target"})


_OWN = frozenset({"what", "precision", "share", "least", "to", "note"})


# --- pieces ---------------------------------------------------------------------------------------------------------


def _bulk(request: Request, form: FormData) -> Bulk:
    bulk = bulk_of(form, _precision(request))
    if bulk.to and bulk.to not in _people(request):
        raise ActionRefused("nobody of this name has an account", "unknown_person")
    return bulk


def _closed(what: What, who: Person, mode: Mode) -> str:
    """Why a person cannot choose an action at all: the role that it needs, ``mode``, or nothing."""
    if not who.may(ROLES[what]):
        return ROLES[what].value
    return "mode" if what == "agree" and mode is not Mode.SECOND_LOOK else ""


def _people(request: Request) -> tuple[str, ...]:
    return tuple(each.name for each in shell_of(request).accounts.people() if each.active)


def _tools(request: Request) -> Tools | None:
    return cast("Tools | None", request.app.state.tools)


def _has_store(request: Request) -> bool:
    tools = _tools(request)
    return tools is not None and tools.store is not None


def _precision(request: Request) -> float:
    tools = _tools(request)
    return tools.precision if tools is not None else PRECISION


def _held_out(request: Request, bulk: Bulk) -> HeldOut:
    tools = _tools(request)
    return tools.held_out(bulk.filters.target) if tools is not None and bulk.what == "accept" else ()


def _refusal(request: Request, key: str) -> str:
    words = words_of(request)
    return (words(f"refused_{key}") if words.has(f"refused_{key}") else words("error_conflict_text")) if key else ""


def _left(request: Request, reason: str) -> str:
    """Why items are left out, in words: of the selection, or of the action on one item."""
    words = words_of(request)
    own = f"bulk_left_{reason}"
    return words(own, most=words.number(MOST)) if words.has(own) else _refusal(request, reason)
