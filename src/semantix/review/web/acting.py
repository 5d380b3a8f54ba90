"""What people do with an item: each form of the item page, and undo.

After an action the next item of the queue is opened (303), or the same one where the work goes on there, or where the
form says ``stay=1``. What is refused, or comes too late, is shown with what was typed, as 409 (403 for a role).
"""

from __future__ import annotations

from typing import Annotated
from urllib.parse import parse_qsl, urlencode, urlsplit

from fastapi import APIRouter, Depends, HTTPException, Path, Request
from fastapi.responses import RedirectResponse, Response
from msgspec import Struct
from msgspec.structs import replace
from starlette.datastructures import FormData

from semantix.errors import ActionRefused
from semantix.review.actions import Action, Person
from semantix.review.desk import View
from semantix.review.model import Judgement, Kind
from semantix.review.web.filters_form import address, filters_of
from semantix.review.web.item_page import Typed, is_fragment, read_view, show_item, show_judgement
from semantix.review.web.item_view import NOTHING, known_targets
from semantix.review.web.judgement_form import EDITING, Pressed, by_hand, changed, judgement_of, pressed
from semantix.review.web.security import person
from semantix.review.web.served import desk_of, form_of, lookup_of
from semantix.review.web.targets import told_target
from semantix.review.web.visits import local_path

STAYING = frozenset({Kind.CLAIMED, Kind.RELEASED, Kind.ASSIGNED, Kind.NOTED, Kind.REOPENED})
"""After these the work goes on with the same item."""
router = APIRouter(include_in_schema=False)


class Post(Struct, frozen=True, kw_only=True):
    """A form that was sent about an item."""

    request: Request
    number: int
    who: Person
    form: FormData

    def text(self, name: str) -> str:
        """Return a field; a database does not keep NUL."""
        return str(self.form.get(name, "")).replace("\0", "")


def post_of(
    request: Request,
    number: Annotated[int, Path(ge=1, le=2**31 - 1)],
    who: Annotated[Person, Depends(person)],
    form: Annotated[FormData, Depends(form_of)],
) -> Post:
    """Gather what every action needs."""
    return Post(request=request, number=number, who=who, form=form)


Sent = Annotated[Post, Depends(post_of)]


# --- judgements -----------------------------------------------------------------------------------------------------


@router.post("/items/{number}/judge")
def judge(post: Sent) -> Response:
    """Save a judgement or a draft; or change the form, when the button only does that."""
    return _decide(post, Kind.JUDGED)


@router.post("/items/{number}/reconcile")
def reconcile(post: Sent) -> Response:
    """Decide between two judgements that differ, by one of them or by another."""
    return _decide(post, Kind.RECONCILED)


@router.post("/items/{number}/audit")
def audit(post: Sent) -> Response:
    """Say of an automatic acceptance that it is right, or wrong, with another judgement or without."""
    verdict, reason = post.text("verdict"), post.text("reason")
    if verdict == "right":
        return _act(post, Action(kind=Kind.AUDITED, right=True), Typed(reason=reason))
    if verdict == "wrong":
        return _act(post, Action(kind=Kind.AUDITED, right=False, reason=reason), Typed(reason=reason))
    return _decide(post, Kind.AUDITED)


def _decide(post: Post, kind: Kind) -> Response:
    typed = NOTHING
    try:
        typed = judgement_of(post.form)
        button = pressed(post.text("do") or "save")
        judgement = _pressed(post, typed, button)
    except ActionRefused as refused:
        return _again(post, Typed(judgement=typed, key=refused.key))
    if button.verb in EDITING:
        if is_fragment(post.request):
            return show_judgement(post.request, post.number, post.who, judgement)
        return show_item(post.request, post.number, post.who, Typed(judgement=judgement))
    if button.verb == "draft":
        return _act(post, Action(kind=Kind.DRAFTED, judgement=judgement), Typed(judgement=judgement))
    return _act(post, _action(post, kind, judgement), Typed(judgement=judgement))


def _action(post: Post, kind: Kind, judgement: Judgement) -> Action:
    """The action of a judgement; a sampled acceptance that is judged the same was right."""
    if kind is not Kind.AUDITED:
        return Action(kind=kind, judgement=judgement)
    standing = read_view(desk_of(post.request), post.number, post.who).standing
    if standing.judgement is not None and standing.judgement.agrees(judgement):
        return Action(kind=kind, right=True, reason=judgement.note)
    return Action(kind=kind, right=False, judgement=judgement, reason=judgement.note)


def _pressed(post: Post, typed: Judgement, button: Pressed) -> Judgement:
    """The judgement after a button, its displays from what is known rather than from the form."""
    view = read_view(desk_of(post.request), post.number, post.who)
    if button.verb == "by-hand":
        button = replace(button, verb="add", target=by_hand(post.form))
    if button.target is not None and not (button.target.system and button.target.code):
        raise ActionRefused("a target has no system or no code", "target_incomplete")
    if button.verb in {"theirs", "like"}:
        taken = _taken(post, view, button)
        return replace(taken, targets=(*taken.chosen, *typed.refused), note=typed.note)
    judgement = changed(typed, button)
    known, lookup = known_targets(view), lookup_of(post.request)
    return replace(judgement, targets=tuple(told_target(lookup, each, known) for each in judgement.targets))


def _taken(post: Post, view: View, button: Pressed) -> Judgement:
    """The judgement of somebody else: one of two that differ, or what stands on a similar item."""
    if button.verb == "theirs":
        judged = view.standing.judged
        found = judged[button.row].judgement if 0 <= button.row < len(judged) else None
    else:
        other = read_view(desk_of(post.request), button.row, post.who) if 0 < button.row < 2**31 else None
        found = other.standing.judgement if other is not None else None
    if found is None:
        raise ActionRefused("there is no such judgement", "bad_choice")
    return found


# --- around judgements ----------------------------------------------------------------------------------------------


@router.post("/items/{number}/agree")
def agree(post: Sent) -> Response:
    """Agree with the first judgement."""
    return _act(post, Action(kind=Kind.AGREED))


@router.post("/items/{number}/send-back")
def send_back(post: Sent) -> Response:
    """Send the first judgement back to its author, with a reason."""
    reason = post.text("reason")
    return _act(post, Action(kind=Kind.SENT_BACK, reason=reason), Typed(reason=reason))


@router.post("/items/{number}/claim")
def claim(post: Sent) -> Response:
    """Take an item in hand."""
    return _act(post, Action(kind=Kind.CLAIMED))


@router.post("/items/{number}/release")
def release(post: Sent) -> Response:
    """Let an item go."""
    return _act(post, Action(kind=Kind.RELEASED))


@router.post("/items/{number}/assign")
def assign(post: Sent) -> Response:
    """Say who is to work on an item; nobody takes the assignment away."""
    return _act(post, Action(kind=Kind.ASSIGNED, to=post.text("to")[:200]))


@router.post("/items/{number}/note")
def note(post: Sent) -> Response:
    """Write a note into the history, beside any judgement."""
    text = post.text("text")
    return _act(post, Action(kind=Kind.NOTED, text=text), Typed(text=text))


@router.post("/items/{number}/reopen")
def reopen(post: Sent) -> Response:
    """Open an accepted item again, with a reason."""
    reason = post.text("reason")
    return _act(post, Action(kind=Kind.REOPENED, reason=reason), Typed(reason=reason))


@router.post("/undo")
def undo(
    request: Request, who: Annotated[Person, Depends(person)], form: Annotated[FormData, Depends(form_of)]
) -> Response:
    """Take back the last thing that the person did, and show it."""
    try:
        done = desk_of(request).undo(who)
    except ActionRefused as refused:
        if refused.key not in {"nothing_to_undo", "acted_since"}:
            raise
        return RedirectResponse(_with_notice(local_path(str(form.get("next", "/"))), refused.key), 303)
    filters = filters_of(request.query_params)
    notice = "notice", "undone-some" if done.left else "undone"
    place = f"/items/{done.items[0]}" if len(done.items) == 1 else "/"
    return RedirectResponse(address(place, filters, notice), 303)


# --- doing it -------------------------------------------------------------------------------------------------------


def _act(post: Post, action: Action, typed: Typed = Typed()) -> Response:  # noqa: B008 - a frozen value
    desk, filters = desk_of(post.request), filters_of(post.request.query_params)
    # Before the action: afterwards the item may stand elsewhere in the order.
    following = desk.following(filters, post.number)
    try:
        saved = desk.act(post.who, post.number, action, _version(post.text("seen")))
    except ActionRefused as refused:
        if refused.key == "no_such_item":
            raise HTTPException(404) from refused
        return _again(post, replace(typed, key=refused.key))
    if saved.outdated:
        return _again(post, replace(typed, saved=saved))
    notice = _notice(action.kind, saved.standing.state.value)
    if action.kind in STAYING or post.text("stay") == "1":
        return RedirectResponse(address(f"/items/{post.number}", filters, ("notice", notice)), 303)
    if following is None:
        return RedirectResponse(address("/", filters, ("notice", "end")), 303)
    done = ("notice", notice), ("done", str(post.number))
    return RedirectResponse(address(f"/items/{following}", filters, *done), 303)


def _again(post: Post, typed: Typed) -> Response:
    return show_item(post.request, post.number, post.who, typed, 403 if typed.key == "role_needed" else 409)


def _notice(kind: Kind, state: str) -> str:
    """Name the words for what was done; of a judgement it is told what it led to."""
    return f"now-{state}" if kind in {Kind.JUDGED, Kind.RECONCILED, Kind.AGREED} else kind.value


def _version(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0


def _with_notice(place: str, notice: str) -> str:
    parts = urlsplit(place)
    pairs = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] != "notice"]
    return f"{parts.path or '/'}?{urlencode([*pairs, ('notice', notice)])}"
