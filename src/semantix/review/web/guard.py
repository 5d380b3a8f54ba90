"""What stands in front of every route: no request goes on that is too large, from elsewhere, or of nobody.

A route cannot forget to ask: all paths but those of PUBLIC need a session, all methods but those of SAFE need the token
of a form and the right origin. Written as plain ASGI, for it runs on each request.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote, unquote_plus

from fastapi import HTTPException
from msgspec.structs import replace
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from semantix.review.accounts import new_token, same_token
from semantix.review.actions import Person
from semantix.review.web.faults import answer_bug, answer_refusal, is_interface, note_bug
from semantix.review.web.rendering import Shell
from semantix.review.web.security import LOOPBACK_NAMES
from semantix.review.web.visits import (
    Visit,
    anonymous_cookie,
    chosen_language,
    form_token,
    keep_visit,
    session_cookie,
)

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
PUBLIC = frozenset({"/sign-in", "/start", "/language", "/help"})
_LONGEST_TOKEN = 200

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# Forced on every answer, whatever a route says.
_FORCED: Sequence[tuple[bytes, bytes]] = tuple(
    (name.encode(), value.encode())
    for name, value in (
        ("content-security-policy", _POLICY),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    )
)
# A route may choose another. Not ``no-referrer``: browsers would then send forms with ``Origin: null``.
_DEFAULT: Sequence[tuple[bytes, bytes]] = ((b"referrer-policy", b"same-origin"), (b"cache-control", b"no-store"))
_FORCED_NAMES = frozenset(name for name, _ in _FORCED)


class Guard:
    """The door of the desk."""

    def __init__(self, app: ASGIApp, shell: Shell) -> None:
        self._app = app
        self._shell = shell
        self._hosts = frozenset(name.lower() for name in (*LOOPBACK_NAMES, *shell.options.hosts))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it here."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close"})
            return
        out = _Outgoing(send)
        try:
            await self._handle(scope, receive, out)
        except Exception as error:  # noqa: BLE001 - a bug costs one answer, and is told; the others go on
            if out.started:
                note_bug(error)
            else:
                await answer_bug(HTTPConnection(scope), error)(scope, receive, out)

    async def _handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            body = await self._admit(scope, receive)
        except HTTPException as refused:
            await answer_refusal(HTTPConnection(scope), refused)(scope, receive, send)
            return
        except _Gone:
            return
        await self._app(scope, receive if body is None else _replay(body, receive), send)

    async def _admit(self, scope: Scope, receive: Receive) -> bytes | None:
        """Return the body that was read already, None where there is none. Raises HTTPException."""
        connection = HTTPConnection(scope)
        visit = self._arrive(connection)
        keep_visit(scope, visit)
        self._check_door(connection, visit)
        if scope["path"].startswith("/static/") and scope["method"] in SAFE:
            return None
        unsafe = scope["method"] not in SAFE
        if unsafe:
            _check_origin(connection.headers, visit)
        body = await self._read(connection.headers, receive, unsafe)
        if body and _holds_nul(connection.headers, body):
            raise HTTPException(400)
        visit = await self._recognise(connection, visit)
        keep_visit(scope, visit)
        if visit.person is None and scope["path"] not in PUBLIC:
            raise _turned_away(connection)
        if unsafe and not same_token(_given_token(connection.headers, body or b""), visit.csrf):
            raise HTTPException(403, "csrf")
        return body

    # --- at the door ----------------------------------------------------------------------------------------

    def _arrive(self, connection: HTTPConnection) -> Visit:
        headers = connection.headers
        address = connection.client.host if connection.client else ""
        secure = connection.scope.get("scheme") == "https"
        if self._shell.options.behind_tls and address in self._shell.options.proxies:
            secure = _last(headers, "x-forwarded-proto") == "https"
            address = _last(headers, "x-forwarded-for") or address
        lang = chosen_language("", connection.cookies, headers)
        return Visit(lang=lang, secure=secure, address=address, port=_split_host(headers.get("host", ""))[1])

    def _check_door(self, connection: HTTPConnection, visit: Visit) -> None:
        scope, options = connection.scope, self._shell.options
        if len(scope.get("raw_path") or b"") + len(scope.get("query_string", b"")) > options.most_address:
            raise HTTPException(414)
        if sum(len(name) + len(value) for name, value in scope["headers"]) > options.most_headers:
            raise HTTPException(431)
        # No text of ours holds it, and databases refuse it.
        if b"%00" in (scope.get("raw_path") or b"") or b"%00" in scope.get("query_string", b""):
            raise HTTPException(400)
        hosts = connection.headers.getlist("host")
        if len(hosts) != 1 or _split_host(hosts[0])[0] not in self._hosts:
            raise HTTPException(400, "host")
        if options.behind_tls and not visit.secure:
            raise HTTPException(403, "tls")

    async def _read(self, headers: Headers, receive: Receive, unsafe: bool) -> bytes | None:
        most = self._shell.options.most_body
        length = headers.get("content-length", "")
        if not unsafe and not length and "transfer-encoding" not in headers:
            return None
        if length.isdecimal() and (len(length) > 15 or int(length) > most):
            raise HTTPException(413)
        # What is said of the length is not believed: the bytes are counted as they come.
        parts: list[bytes] = []
        size = 0
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise _Gone
            parts.append(message.get("body", b""))
            size += len(parts[-1])
            if size > most:
                raise HTTPException(413)
            more = message.get("more_body", False)
        return b"".join(parts)

    # --- who it is ------------------------------------------------------------------------------------------

    async def _recognise(self, connection: HTTPConnection, visit: Visit) -> Visit:
        shell, cookies = self._shell, connection.cookies
        token = cookies.get(session_cookie(visit.secure, visit.port), "")
        now = shell.options.clock()
        found = None
        if 0 < len(token) <= _LONGEST_TOKEN:
            found = await run_in_threadpool(shell.accounts.session, token, now)
        if found and not shell.local and shell.idle.is_over(token, now):
            await run_in_threadpool(shell.accounts.close_session, token)
            found = None
        if found:
            lang = chosen_language(found.lang, cookies, connection.headers)
            return replace(visit, lang=lang, person=Person(found.name, found.role), token=token, csrf=found.csrf)
        anonymous = cookies.get(anonymous_cookie(visit.secure, visit.port), "")
        fresh = not 0 < len(anonymous) <= _LONGEST_TOKEN
        anonymous = new_token() if fresh else anonymous
        return replace(visit, anonymous=anonymous, fresh=fresh, csrf=form_token(shell.secret, anonymous))


class _Gone(Exception):
    """Whoever asked went away."""


class _Outgoing:
    """An answer on its way out, to which the headers of safety are added."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.started = False

    async def __call__(self, message: Message) -> None:
        """Send one part of the answer."""
        if message["type"] == "http.response.start":
            self.started = True
            headers = [pair for pair in message.get("headers", ()) if pair[0] not in _FORCED_NAMES]
            given = {name for name, _ in headers}
            headers += _FORCED
            headers += [pair for pair in _DEFAULT if pair[0] not in given]
            message = {**message, "headers": headers}
        await self._send(message)


def _replay(body: bytes, receive: Receive) -> Receive:
    given = False

    async def replayed() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replayed


def _check_origin(headers: Headers, visit: Visit) -> None:
    if headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        raise HTTPException(403, "origin")
    own = f"{'https' if visit.secure else 'http'}://{headers['host']}"
    if headers.get("origin", own).lower() != own.lower():
        raise HTTPException(403, "origin")


def _holds_nul(headers: Headers, body: bytes) -> bool:
    written = b"\\u0000" if "json" in headers.get("content-type", "").lower() else b"%00"
    return b"\0" in body or written in body


def _given_token(headers: Headers, body: bytes) -> str:
    header = headers.get("x-csrf-token")
    if header is not None:
        return header
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        return ""
    # Found without reading the rest: the route will read it.
    _, found, rest = (b"&" + body).partition(b"&csrf=")
    return unquote_plus(rest[:_LONGEST_TOKEN].split(b"&", 1)[0].decode("latin-1")) if found else ""


def _turned_away(connection: HTTPConnection) -> HTTPException:
    if is_interface(connection):
        return HTTPException(401)
    address = "/sign-in"
    if connection.scope["method"] in SAFE and connection.url.path != "/":
        query = f"?{connection.url.query}" if connection.url.query else ""
        address += f"?next={quote(connection.url.path + query, safe='/')}"
    return HTTPException(303, headers={"Location": address})


def _last(headers: Headers, name: str) -> str:
    """Return the last value of a list: the one that the nearest proxy wrote."""
    return ",".join(headers.getlist(name)).rpartition(",")[2].strip().lower()


def _split_host(host: str) -> tuple[str, str]:
    """Split ``name:port`` or ``[address]:port``, the name lowered; what is neither is nobody’s name."""
    host = host.strip().lower()
    if host.startswith("["):
        name, closed, port = host[1:].partition("]")
        port = port.removeprefix(":")
    else:
        name, _, port = host.partition(":")
        closed = "]"
    right = bool(closed) and (not port or (port.isdecimal() and port.isascii() and len(port) <= 5))
    return (name.removesuffix("."), port) if right else ("", "")
