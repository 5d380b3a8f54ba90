"""The HTTP interface of the desk under ``/api/v1``: what the pages do, for programs, and under the same rules.

Routes are plain functions, which run in threads, as those of the pages do. What is refused is a problem (RFC 9457).
"""

from __future__ import annotations

from typing import Annotated, cast

from fastapi import APIRouter, Depends, HTTPException, Path, Query, Request
from fastapi.responses import Response
from fastapi.routing import APIRoute
from msgspec.structs import replace

from semantix.errors import ActionRefused
from semantix.review.actions import ACTIONS, BULK, UNDO, Action, Person
from semantix.review.desk import Bulk, BulkDone, Saved
from semantix.review.desk.history import Wanted
from semantix.review.encoding import encode
from semantix.review.lookup import View as Concept
from semantix.review.model import Kind, Mode, Role, Standing
from semantix.review.web import api_values as values
from semantix.review.web import pages_export
from semantix.review.web.api_description import PREFIX, answers, refused
from semantix.review.web.api_models import (
    GREATEST,
    NAMES,
    EventsQuery,
    ExportQuery,
    GivenAction,
    GivenApply,
    GivenBulk,
    ItemsQuery,
    SearchQuery,
    action_of,
)
from semantix.review.web.faults import PROBLEM, Problem
from semantix.review.web.item_view import known_targets, powers_of
from semantix.review.web.measured import Measured
from semantix.review.web.pages_bulk import PRECISION
from semantix.review.web.pages_statistics import measured_of
from semantix.review.web.rendering import shell_of, words_of
from semantix.review.web.security import person, require
from semantix.review.web.served import desk_of, lookup_of, system_title
from semantix.review.web.targets import told_target
from semantix.review.web.tools import HeldOut, Tools
from semantix.review.web.visits import visit_of


def _name(route: APIRoute) -> str:
    return route.name


router = APIRouter(prefix=PREFIX, generate_unique_id_function=_name)
Who = Annotated[Person, Depends(person)]
Number = Annotated[int, Path(ge=1, le=GREATEST)]
System = Annotated[str, Path(min_length=1, max_length=100)]
Code = Annotated[str, Path(min_length=1, max_length=200)]


def routes() -> APIRouter:
    """Return the routes of the interface."""
    return router


# --- the queue and its items ----------------------------------------------------------------------------------------


@router.get("/me", responses=answers(values.Me))
def get_me(request: Request, who: Who) -> Response:
    """Who asks, and the token that unsafe requests bring back."""
    visit = visit_of(request)
    mode = desk_of(request).mode()
    return _json(values.Me(name=who.name, role=who.role, mode=mode, language=visit.lang, csrf=visit.csrf))


@router.get("/items", responses=answers(values.Items))
def list_items(request: Request, who: Who, query: Annotated[ItemsQuery, Query()]) -> Response:
    """One page of the queue, in the order in which it is worth doing."""
    found = desk_of(request).page(query.value(), who, query.after, query.limit)
    return _json(values.Items(items=found.rows, total=found.total, after=found.after))


@router.get("/items/{number}", responses=answers(values.ItemView, 404))
def get_item(request: Request, number: Number, who: Who) -> Response:
    """One item, where it stands as far as the person may see it, and what they may do now."""
    desk = desk_of(request)
    view, mode = desk.view(number, who), desk.mode()
    standing = values.standing_answer(view.standing, who, mode)
    item = values.item_answer(view.item)
    return _json(values.ItemView(item=item, standing=standing, may=_powers(who, view.standing, mode)))


@router.get("/items/{number}/history", responses=answers(values.ItemHistory, 404))
def get_history(request: Request, number: Number, who: Who) -> Response:
    """The events of one item that the person may see, newest first."""
    view = desk_of(request).view(number, who)
    return _json(values.ItemHistory(tuple(map(values.event_answer, view.history))))


@router.get("/items/{number}/similar", responses=answers(values.NearItems, 404))
def get_similar(request: Request, number: Number, who: Who) -> Response:
    """Items with words in common, and what was decided on them."""
    desk = desk_of(request)
    item, mode = desk.view(number, who).item, desk.mode()
    near = tuple(
        values.Near(item=values.item_answer(other), standing=values.standing_answer(standing, who, mode))
        for other, standing in desk.similar(item, who)
    )
    return _json(values.NearItems(near))


# --- doing something ------------------------------------------------------------------------------------------------

_ACT = answers(values.SavedAnswer, 403, 404, 409, 413)
_ACT[409] = {
    "description": "Not possible now: `key` says why; `outdated` holds where the item stands since somebody acted",
    "content": {
        PROBLEM: {
            "schema": {"anyOf": [{"$ref": "#/components/schemas/Outdated"}, {"$ref": "#/components/schemas/Problem"}]}
        }
    },
}


@router.post("/items/{number}/actions", responses=_ACT)
def act(request: Request, number: Number, who: Who, given: GivenAction) -> Response:
    """Do one thing with one item.

    When somebody acted since ``seen``, nothing is done: a judgement is kept aside in the history, and the answer (409)
    says where the item stands.
    """
    desk, action = desk_of(request), action_of(given)
    if not who.may(ACTIONS[action.kind]):
        raise ActionRefused("this needs another role", "role_needed")
    saved = desk.act(who, number, _told(request, who, number, action), given.seen)
    mode = desk.mode()
    standing = values.standing_answer(saved.standing, who, mode)
    if saved.outdated:
        return _late(request, saved, standing)
    return _json(values.SavedAnswer(event=saved.event, standing=standing, may=_powers(who, saved.standing, mode)))


@router.post("/undo", responses=answers(values.UndoneAnswer, 403, 409, 413))
def undo(request: Request, who: Annotated[Person, Depends(require(UNDO))]) -> Response:
    """Take back the last thing that the person did, a bulk action as a whole."""
    done = desk_of(request).undo(who)
    return _json(values.UndoneAnswer(kind=done.kind, items=done.items, left=done.left))


Reviewer = Annotated[Person, Depends(require(BULK))]


@router.post("/bulk/preview", responses=answers(values.PreviewAnswer, 403, 409, 413))
def preview_bulk(request: Request, who: Reviewer, given: GivenBulk) -> Response:
    """What an action on many items would do. The first acceptance may take a minute."""
    bulk = _bulk(request, given)
    return _json(values.preview_answer(desk_of(request).preview(who, bulk, _held_out(request, bulk))))


@router.post("/bulk/apply", responses=answers(BulkDone, 403, 409, 413))
def apply_bulk(request: Request, who: Reviewer, given: GivenApply) -> Response:
    """Do exactly what was previewed under a token; 409 when the selection is no longer the same."""
    bulk = _bulk(request, given)
    return _json(desk_of(request).apply(who, bulk, given.token, _held_out(request, bulk)))


# --- the terminology store ------------------------------------------------------------------------------------------


@router.get("/search", responses=answers(values.SearchAnswer))
def search(request: Request, query: Annotated[SearchQuery, Query()]) -> Response:
    """The codes that a text leads to."""
    lookup = lookup_of(request)
    if lookup is None:
        return _json(values.SearchAnswer(hits=(), more=False, store=False, unindexed=()))
    limit = query.limit
    found = lookup.search(query.text, query.value(), limit=limit + 1, offset=query.offset, scan=query.scan)
    bare = tuple(each for each in lookup.unindexed() if not query.system or each in query.system)
    return _json(values.SearchAnswer(hits=found[:limit], more=len(found) > limit, store=True, unindexed=bare))


@router.get("/concepts/{system}/{code:path}", responses=answers(Concept, 404))
def get_concept(request: Request, system: System, code: Code) -> Response:
    """One concept: its terms, what is above, below and beside it, successors and links."""
    lookup = lookup_of(request)
    found = lookup.concept(system, code) if lookup is not None else None
    if found is None:
        raise HTTPException(404)
    return _json(found)


@router.get("/systems", responses=answers(values.Systems))
def list_systems(request: Request) -> Response:
    """The code systems of the store; none without a store."""
    lookup = lookup_of(request)
    if lookup is None:
        return _json(values.Systems(()))
    found = (
        values.SystemAnswer(key=key, title=system_title(key), releases=lookup.version(key)) for key in lookup.systems()
    )
    return _json(values.Systems(tuple(found)))


# --- the desk as a whole --------------------------------------------------------------------------------------------


@router.get("/progress", responses=answers(values.ProgressAnswer))
def get_progress(request: Request) -> Response:
    """Items and records by state."""
    found = desk_of(request).progress()
    states = {state.value: values.Counted(*counted) for state, counted in found.states.items()}
    return _json(values.ProgressAnswer(codes=found.codes, records=found.records, states=states))


@router.get("/choices", responses=answers(values.Choices))
def get_choices(request: Request) -> Response:
    """The values that filters may have."""
    return _json(values.Choices(**desk_of(request).choices()))


@router.get("/statistics", responses=answers(Measured))
def get_statistics(request: Request) -> Response:
    """The figures of the statistics page; on a large desk measured anew only after a while."""
    return _json(measured_of(request))


@router.get("/events", responses=answers(values.Log))
def list_events(request: Request, who: Who, query: Annotated[EventsQuery, Query()]) -> Response:
    """The log newest first, each bulk action and import as one line, what the person may not see left out."""
    wanted = Wanted(before=query.before, limit=query.limit, who=query.who, kind=query.kind.value if query.kind else "")
    found = desk_of(request).history(who, wanted)
    return _json(values.Log(tuple(map(values.line_answer, found.lines)), found.before))


_FILES = {
    kind: {"schema": {"type": "object"} if "json" in kind else {"type": "string", "format": "binary"}}
    for kind in (*pages_export.TYPES.values(), "application/zip")
}


@router.get(
    "/export", responses=refused() | {200: {"description": "The file", "content": _FILES}}, response_class=Response
)
def export(request: Request, who: Who, query: Annotated[ExportQuery, Query()]) -> Response:  # noqa: ARG001, RUF100 - checked here, read there
    """The desk as a file, as the person may see it; the log says that it was made."""
    return pages_export.download(request, who)


# --- pieces ---------------------------------------------------------------------------------------------------------


def _json(value: object) -> Response:
    return Response(encode(value), media_type="application/json")


def _powers(who: Person, standing: Standing, mode: Mode) -> tuple[str, ...]:
    powers = powers_of(who, standing, mode)
    return tuple(name for kind, name in NAMES.items() if kind.value in powers)


def _told(request: Request, who: Person, number: int, action: Action) -> Action:
    """The action with displays from what is known, and with somebody who can do what is assigned to them."""
    if action.kind is Kind.ASSIGNED and action.to and action.to not in _people(request, Role.AUTHOR):
        raise ActionRefused("nobody of this name has an account that may judge", "unknown_person")
    if action.judgement is None:
        return action
    known = known_targets(desk_of(request).view(number, who))
    lookup = lookup_of(request)
    targets = tuple(told_target(lookup, each, known) for each in action.judgement.targets)
    return replace(action, judgement=replace(action.judgement, targets=targets))


def _late(request: Request, saved: Saved, standing: values.StandingAnswer) -> Response:
    words = words_of(request)
    text = words("item_late_kept") if saved.event else words("item_late_nothing")
    problem = Problem(status=409, title=words("item_late"), detail=text, key="outdated")
    answer = encode(values.outdated_answer(problem, saved.event, standing))
    return Response(answer, 409, media_type=PROBLEM)


def _bulk(request: Request, given: GivenBulk) -> Bulk:
    tools = _tools(request)
    bulk = given.value(tools.precision if tools is not None else PRECISION)
    if bulk.to and bulk.to not in _people(request, Role.READER):
        raise ActionRefused("nobody of this name has an account", "unknown_person")
    return bulk


def _people(request: Request, role: Role) -> frozenset[str]:
    people = shell_of(request).accounts.people()
    return frozenset(each.name for each in people if each.active and Person(each.name, each.role).may(role))


def _tools(request: Request) -> Tools | None:
    return cast("Tools | None", request.app.state.tools)


def _held_out(request: Request, bulk: Bulk) -> HeldOut:
    tools = _tools(request)
    return tools.held_out(bulk.filters.target) if tools is not None and bulk.what == "accept" else ()
