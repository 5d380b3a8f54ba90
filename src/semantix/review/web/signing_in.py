"""Coming in and going out: the sign-in form, the one-time link, the language; and the help page, open to all."""

from __future__ import annotations

import asyncio
from typing import Annotated
from urllib.parse import parse_qsl, quote

from fastapi import APIRouter, Form, HTTPException, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from semantix.review.accounts import name_fault
from semantix.review.model import Mode, Role, State
from semantix.review.web.rendering import page, set_cookie, shell_of, words_of
from semantix.review.web.security import AccountLike
from semantix.review.web.visits import (
    LANGUAGE_COOKIE,
    LANGUAGES,
    Visit,
    anonymous_cookie,
    local_path,
    session_cookie,
    visit_of,
)

_YEAR = 365 * 24 * 3600
# A password is made slow to check on purpose; more at once would take the processors from the people at work.
_MOST_CHECKS = 2

Text = Annotated[str, Form(max_length=1_000)]
Address = Annotated[str, Form(max_length=8_000)]


def routes() -> APIRouter:
    """Return the routes of this module."""
    router = APIRouter(include_in_schema=False)
    checks = asyncio.Semaphore(_MOST_CHECKS)

    async def sign_in(request: Request, name: Text = "", password: Text = "", next: Address = "/") -> Response:  # noqa: A002 - the name of the field
        return await _sign_in(request, (name, password), local_path(next), checks)

    router.add_api_route("/sign-in", show_sign_in, methods=["GET"])
    router.add_api_route("/sign-in", sign_in, methods=["POST"])
    router.add_api_route("/sign-out", sign_out, methods=["POST"])
    router.add_api_route("/start", start, methods=["GET"])
    router.add_api_route("/language", choose_language, methods=["POST"])
    router.add_api_route("/help", show_help, methods=["GET"])
    router.add_api_route("/static/{digest}/{name}", show_asset, methods=["GET"])
    return router


async def show_sign_in(request: Request, next: str = "/") -> Response:  # noqa: A002 - the name in the address
    """Show the form; whoever is signed in goes on."""
    if visit_of(request).person:
        return RedirectResponse(local_path(next), 303)
    return page(request, "sign_in.html", {"next": local_path(next), "name": "", "wrong": ""})


async def _sign_in(request: Request, given: tuple[str, str], onward: str, checks: asyncio.Semaphore) -> Response:
    shell, visit, words = shell_of(request), visit_of(request), words_of(request)
    name, password = given[0].strip(), given[1]
    now = shell.options.clock()
    wait = shell.attempts.begin(name, visit.address, now)
    values = {"next": onward, "name": name, "wrong": ""}
    if wait:
        values["wrong"] = words("sign_in_wait", wait=words.wait(wait))
        response: Response = page(request, "sign_in.html", values, 429)
        response.headers["Retry-After"] = str(wait)
        return response
    async with checks:
        # What cannot be a name is nobody’s, and takes as long.
        account = await run_in_threadpool(shell.accounts.check, "" if name_fault(name) else name, password)
    if account is None or not account.active:
        values["wrong"] = words("sign_in_wrong")
        return page(request, "sign_in.html", values, 403)
    shell.attempts.forgive(name, visit.address)
    return await _let_in(request, account, onward)


async def _let_in(request: Request, account: AccountLike, onward: str) -> Response:
    """Open a new session; one that this browser had before ends: an identifier from before is worth nothing after."""
    shell, visit = shell_of(request), visit_of(request)
    if visit.token:
        await run_in_threadpool(shell.accounts.close_session, visit.token)
    lifetime = shell.options.local_lifetime if shell.local else shell.options.lifetime
    token = await run_in_threadpool(shell.accounts.open_session, account.name, shell.options.clock(), lifetime)
    response = RedirectResponse(onward, 303)
    set_cookie(response, visit, session_cookie(visit.secure, visit.port), token)
    _forget_form(response, visit)
    return response


async def sign_out(request: Request) -> Response:
    """End the session, in the database too."""
    shell, visit = shell_of(request), visit_of(request)
    await run_in_threadpool(shell.accounts.close_session, visit.token)
    response = RedirectResponse("/sign-in", 303)
    set_cookie(response, visit, session_cookie(visit.secure, visit.port), "")
    return response


async def start(request: Request, token: str = "") -> Response:
    """Take the one-time link for a session, and lead away from an address that holds it."""
    shell = shell_of(request)
    if not shell.local:
        raise HTTPException(404)
    if "prefetch" in request.headers.get("sec-purpose", request.headers.get("purpose", "")).lower():
        # A browser that looks ahead must not use up the link.
        return Response(status_code=204)
    if shell.link.take(token):
        response = await _let_in(request, shell.accounts.people()[0], "/")
    elif visit_of(request).person:
        response = RedirectResponse("/", 303)
    else:
        raise HTTPException(403, "link", {"Referrer-Policy": "no-referrer"})
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


async def choose_language(request: Request, lang: Text = "", next: Address = "/") -> Response:  # noqa: A002 - the name of the field
    """Keep the language: in this browser, and in the session."""
    if lang not in LANGUAGES:
        raise HTTPException(422)
    shell, visit = shell_of(request), visit_of(request)
    if visit.token:
        await run_in_threadpool(shell.accounts.set_language, visit.token, lang)
    response = RedirectResponse(_back(next), 303)
    response.set_cookie(
        LANGUAGE_COOKIE, lang, max_age=_YEAR, httponly=True, samesite="strict", secure=visit.secure, path="/"
    )
    return response


def _back(address: str) -> str:
    """Return where the language form stood: on the sign-in page too, whose address local_path leads away from."""
    path, _, query = address.partition("?")
    if path != "/sign-in":
        return local_path(address)
    onward = local_path(dict(parse_qsl(query)).get("next", "/"))
    return path if onward == "/" else f"{path}?next={quote(onward, safe='/')}"


async def show_help(request: Request) -> Response:
    """Show the help page."""
    return page(request, "help.html", {"states": tuple(State), "roles": tuple(Role), "modes": tuple(Mode)})


async def show_asset(request: Request, digest: str, name: str) -> Response:
    """Serve a style sheet, script or picture under the digest of its content."""
    asset = shell_of(request).assets.get(name)
    if asset is None or asset.digest != digest:
        raise HTTPException(404)
    return asset.response()


def _forget_form(response: Response, visit: Visit) -> None:
    if visit.anonymous and not visit.fresh:
        set_cookie(response, visit, anonymous_cookie(visit.secure, visit.port), "")
