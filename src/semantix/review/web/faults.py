"""What is answered when something is refused or goes wrong: a page in the reader’s language, or a problem as JSON.

No value of a request or of the data is repeated: a reference, a place in the code, a field’s name are all that is told.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping, Sequence
from secrets import token_hex
from types import MappingProxyType

from fastapi.exceptions import RequestValidationError
from msgspec import Struct
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from semantix.errors import ActionRefused, BadDesk, BadStore
from semantix.pipeline.faults import code_place
from semantix.review.web.rendering import page, words_of

PROBLEM = "application/problem+json"

_KEYS = {
    400: "bad",
    401: "person",
    403: "role",
    404: "missing",
    405: "method",
    409: "conflict",
    413: "size",
    414: "size",
    422: "input",
    429: "rate",
    431: "size",
    500: "internal",
    503: "unavailable",
}

logger = logging.getLogger(__name__)


class Field(BaseModel):
    """A value that is not what was expected: where it stands, and the kind of mistake."""

    place: str
    kind: str


class Problem(BaseModel):
    """A refusal of the HTTP interface (RFC 9457). ``key`` is stable; ``title`` and ``detail`` are for people."""

    type: str = "about:blank"
    status: int
    title: str
    detail: str
    key: str
    reference: str = ""
    fields: list[Field] = []


MISTAKEN = frozenset(
    {
        "bad_choice",
        "bad_cursor",
        "bad_precision",
        "no_choice",
        "note_empty",
        "note_too_long",
        "reason_needed",
        "target_incomplete",
        "target_needed",
        "target_twice",
        "targets_and_none",
        "unknown_action",
        "unknown_code",
        "unknown_person",
        "unknown_state",
    }
)
"""Why something was not done that would not be done tomorrow either: what was sent is wrong."""
_STATUSES = MappingProxyType({"role_needed": 403, "no_such_item": 404} | dict.fromkeys(MISTAKEN, 422))
_PLAIN = re.compile(r"[A-Za-z0-9_-]{1,60}")


class Fault(Struct, frozen=True, kw_only=True):
    """What is answered: the title and text of ``key``, or ``detail`` instead of the text."""

    status: int
    key: str = ""
    detail: str = ""
    reference: str = ""
    headers: Mapping[str, str] | None = None
    fields: tuple[tuple[str, str], ...] = ()


def is_interface(connection: HTTPConnection) -> bool:
    """Tell whether a program is asking, not a page."""
    return bool(connection.scope["path"].startswith("/api/"))


def answer(request: HTTPConnection, fault: Fault) -> Response:
    """Write a fault as whoever asks can read it."""
    words = words_of(request)
    key = fault.key if words.has(f"error_{fault.key}") else _KEYS.get(fault.status, "bad")
    title, text = words(f"error_{key}"), fault.detail or words(f"error_{key}_text")
    if is_interface(request):
        fields = [Field(place=place, kind=kind) for place, kind in fault.fields]
        problem = Problem(
            status=fault.status,
            title=title,
            detail=text,
            # Why an action was refused is told by a key of its own, with its words.
            key=fault.key if fault.detail else key,
            reference=fault.reference,
            fields=fields,
        )
        return JSONResponse(problem.model_dump(), fault.status, dict(fault.headers or {}), media_type=PROBLEM)
    values = {
        "title": title,
        "text": text,
        "reference": fault.reference,
        "places": [place for place, _ in fault.fields],
    }
    response = page(request, "error.html", values, fault.status)
    response.headers.update(fault.headers or {})
    return response


def answer_refusal(request: HTTPConnection, refused: HTTPException) -> Response:
    """Answer a refusal by its status; its detail may be a key of the catalogue, and is never shown itself."""
    headers = dict(refused.headers or {})
    if refused.status_code == 303:
        return RedirectResponse(headers["Location"], 303)
    return answer(request, Fault(status=refused.status_code, key=str(refused.detail), headers=headers))


def answer_bug(request: HTTPConnection, error: Exception) -> Response:
    """Answer a mistake of ours: the log has its kind and place, the page a reference to them."""
    reference = token_hex(4)
    note_bug(error, reference)
    return answer(request, Fault(status=500, reference=reference))


def note_bug(error: Exception, reference: str = "-") -> None:
    """Write a mistake of ours to the log, without its words: they could hold a label or a name."""
    logger.error("reference %s: %s at %s", reference, type(error).__name__, code_place(error))


async def on_refusal(request: Request, error: Exception) -> Response:
    """Answer an HTTPException."""
    assert isinstance(error, HTTPException)
    return answer_refusal(request, error)


async def on_bad_input(request: Request, error: Exception) -> Response:
    """Answer values that are not what a route expects: where, and the kind of mistake, never the value."""
    assert isinstance(error, RequestValidationError)
    fields = tuple((_place(each["loc"]), str(each["type"])) for each in error.errors()[:20])
    return answer(request, Fault(status=422, fields=fields))


async def on_refused_action(request: Request, error: Exception) -> Response:
    """Answer an action that a person may not take, or not now."""
    assert isinstance(error, ActionRefused)
    words = words_of(request)
    status = _STATUSES.get(error.key, 409)
    own = f"refused_{error.key}"
    text = words(own) if words.has(own) else words(f"error_{_KEYS[status]}_text")
    return answer(request, Fault(status=status, key=error.key, detail=text))


async def on_unavailable(request: Request, error: Exception) -> Response:
    """Answer that the database or the store does not answer: no mistake of the desk, and over when they do again."""
    assert isinstance(error, BadDesk | BadStore)
    logger.error("%s", error)
    return answer(request, Fault(status=503, key="unavailable", headers={"Retry-After": "10"}))


def _place(parts: Sequence[object]) -> str:
    """Name a field; the name of one that was made up may be anything, and is not repeated."""
    return ".".join(text if _PLAIN.fullmatch(text := str(part)) else "?" for part in parts)
