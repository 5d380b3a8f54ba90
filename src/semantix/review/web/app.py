"""The web application of a desk: the guard, the routes, and what is answered when something goes wrong.

A group of pages is a module with ``routes() -> APIRouter``, listed in GROUPS. Its functions find the desk with
:func:`desk_of`, who is asking with ``Depends(person)`` or ``Depends(require(Role.REVIEWER))``, and answer with
:func:`semantix.review.web.rendering.page`. What they refuse is an ``HTTPException`` or an ``ActionRefused``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from secrets import token_bytes

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from semantix import resources
from semantix.errors import ActionRefused, BadDesk, BadStore, Unprotected
from semantix.review.web import (
    api,
    faults,
    pages_bulk,
    pages_export,
    pages_history,
    pages_item,
    pages_queue,
    pages_statistics,
    signing_in,
)
from semantix.review.web.api_description import describe_on
from semantix.review.web.attempts import Attempts
from semantix.review.web.guard import Guard
from semantix.review.web.measured import Figures
from semantix.review.web.options import DeskOptions
from semantix.review.web.rendering import Shell, load_assets, load_environments, load_words
from semantix.review.web.security import DeskLike, IdleTimes, LocalAccounts, OneTimeLink
from semantix.review.web.tools import Tools

Group = Callable[[], APIRouter]

GROUPS: tuple[Group, ...] = (
    signing_in.routes,
    pages_queue.routes,
    pages_item.routes,
    pages_bulk.routes,
    pages_statistics.routes,
    pages_history.routes,
    pages_export.routes,
    api.routes,
)


def create_app(
    desk: DeskLike, options: DeskOptions, groups: Sequence[Group] = GROUPS, tools: Tools | None = None
) -> FastAPI:
    """Put the pages around a desk; ``tools`` are the store and what the engine knows, where there are any.

    Where the desk has accounts, people sign in with them; where it has none, ``options.local_person`` comes in by the
    one-time link. Raises Unprotected when there is neither.
    """
    app = FastAPI(
        title="semantix review desk",
        version=resources.version(),
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        redirect_slashes=False,
    )
    shell = _shell(desk, options)
    app.state.shell = shell
    app.state.desk = desk
    app.state.tools = tools
    app.state.figures = Figures(options.clock)
    app.state.lookup = tools.lookup if tools is not None else None
    app.add_middleware(Guard, shell=shell)
    app.add_exception_handler(HTTPException, faults.on_refusal)
    app.add_exception_handler(RequestValidationError, faults.on_bad_input)
    app.add_exception_handler(ActionRefused, faults.on_refused_action)
    app.add_exception_handler(BadDesk, faults.on_unavailable)
    app.add_exception_handler(BadStore, faults.on_unavailable)
    for group in groups:
        app.include_router(group())
    describe_on(app)
    return app


def _shell(desk: DeskLike, options: DeskOptions) -> Shell:
    local = not desk.accounts.people()
    if local and not (options.local_person and options.link):
        raise Unprotected(
            "the desk has no accounts, and nobody was named to come in by a one-time link; "
            "add an account with `semantix review user add NAME --role ROLE`"
        )
    words, assets = load_words(options), load_assets()
    return Shell(
        options=options,
        accounts=LocalAccounts(options.local_person) if local else desk.accounts,
        local=local,
        link=OneTimeLink(options.link if local else ""),
        attempts=Attempts(),
        idle=IdleTimes(options.idle),
        secret=token_bytes(32),
        words=words,
        assets=assets,
        environments=load_environments(words, assets),
    )


def desk_of(request: Request) -> DeskLike:
    """Return the desk that is served."""
    desk: DeskLike = request.app.state.desk
    return desk
