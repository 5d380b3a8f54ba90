"""A desk without a database for tests of its web side: accounts in memory, a clock to turn, and a small browser."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Annotated
from unittest import mock

import httpx
from fastapi import APIRouter, Depends, HTTPException, Request
from pydantic import BaseModel
from starlette.responses import Response

from semantix.errors import ActionRefused
from semantix.review.accounts import new_token
from semantix.review.actions import Person
from semantix.review.model import Role
from semantix.review.web import app as web_app
from semantix.review.web import signing_in
from semantix.review.web.options import DeskOptions
from semantix.review.web.rendering import load_environments
from semantix.review.web.security import LocalAccount, LocalSession, person, require

PASSWORD = "quatre mots au hasard"
HOSTILE = "\"><script>alert('x')</script>"


@dataclass
class Clock:
    """The time of a test."""

    now: datetime = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def turn(self, **time: float) -> None:
        self.now += timedelta(**time)


@dataclass
class Accounts:
    """Accounts whose passwords are all PASSWORD."""

    accounts: tuple[LocalAccount, ...] = ()
    sessions: dict[str, LocalSession] = field(default_factory=dict)
    checked: int = 0

    def people(self) -> tuple[LocalAccount, ...]:
        return self.accounts

    def check(self, name: str, password: str) -> LocalAccount | None:
        self.checked += 1
        found = [each for each in self.accounts if each.name == name]
        return found[0] if found and password == PASSWORD else None

    def open_session(self, name: str, now: datetime, lifetime_seconds: int) -> str:
        role = next(each.role for each in self.accounts if each.name == name)
        token = new_token()
        over = now + timedelta(seconds=lifetime_seconds)
        self.sessions[token] = LocalSession(name=name, role=role, csrf=new_token(), expires=over)
        return token

    def session(self, token: str, now: datetime) -> LocalSession | None:
        found = self.sessions.get(token)
        return found if found and now < found.expires else None

    def close_session(self, token: str) -> None:
        self.sessions.pop(token, None)

    def set_language(self, token: str, lang: str) -> None:
        from msgspec.structs import replace

        self.sessions[token] = replace(self.sessions[token], lang=lang)


@dataclass
class Desk:
    accounts: Accounts


class Wanted(BaseModel):
    count: int


def pages() -> APIRouter:
    """Pages that exist in tests only."""
    router = APIRouter()

    async def home(request: Request, who: Annotated[Person, Depends(person)]) -> Response:
        from semantix.review.web.rendering import page

        return page(request, "error.html", {"title": who.name, "text": HOSTILE, "places": [HOSTILE], "reference": ""})

    async def save(request: Request) -> dict[str, str]:
        form = await request.form()
        return {"label": str(form.get("label", ""))}

    async def waited(request: Request) -> dict[str, bool]:
        return {"gone": await request.is_disconnected()}

    async def bug() -> None:
        raise ValueError("label of somebody")

    async def late_bug() -> Response:
        from starlette.responses import StreamingResponse

        async def parts():
            yield "begun"
            raise ValueError("label of somebody")

        return StreamingResponse(parts())

    async def refused(key: str) -> None:
        raise ActionRefused("no", key)

    async def teapot() -> None:
        raise HTTPException(418, "hostile <b>detail</b>")

    async def counted(wanted: Wanted) -> dict[str, int]:
        return {"count": wanted.count}

    router.add_api_route("/", home, methods=["GET"])
    router.add_api_route("/save", save, methods=["POST"])
    router.add_api_route("/waited", waited, methods=["POST"])
    router.add_api_route("/bug", bug, methods=["GET"])
    router.add_api_route("/late", late_bug, methods=["GET"])
    router.add_api_route("/refused", refused, methods=["GET"])
    router.add_api_route("/teapot", teapot, methods=["GET"])
    router.add_api_route("/api/bug", bug, methods=["GET"])
    router.add_api_route("/api/count", counted, methods=["POST"])
    router.add_api_route("/review", home, methods=["GET"], dependencies=[Depends(require(Role.REVIEWER))])
    router.add_api_route("/api/review", home, methods=["GET"], dependencies=[Depends(require(Role.REVIEWER))])
    return router


PEOPLE = (LocalAccount("zoe", Role.AUTHOR), LocalAccount("max", Role.REVIEWER), LocalAccount("old", Role.AUTHOR, False))


_COMPILED: dict[str, object] = {}


def _environments(words, assets):
    """Compile the templates once for all tests: they are the same for each desk."""
    if not _COMPILED:
        _COMPILED.update(load_environments(words, assets))
    return _COMPILED


class Site:
    """A served desk, and browsers to look at it."""

    def __init__(self, people: tuple[LocalAccount, ...] = PEOPLE, **options: object) -> None:
        self.clock = Clock()
        self.accounts = Accounts(people)
        local = {} if people else {"local_person": "Zoé", "link": "the-link"}
        made = DeskOptions(clock=self.clock, **(local | options))
        with mock.patch.object(web_app, "load_environments", _environments):
            self.app = web_app.create_app(Desk(self.accounts), made, (signing_in.routes, pages))

    def browser(self, base: str = "http://127.0.0.1:8000", address: str = "127.0.0.1", lang: str = "en") -> Browser:
        return Browser(self, base, address, lang)

    def signed_in(self, name: str = "zoe", **other: str) -> Browser:
        browser = self.browser(**other)
        assert browser.sign_in(name).status_code == 303
        return browser


class Browser:
    """What a browser does, one request after the other: it keeps cookies, and names where a form comes from."""

    def __init__(self, site: Site, base: str, address: str, lang: str) -> None:
        transport = httpx.ASGITransport(site.app, client=(address, 50_000))
        self.base = base
        self.client = httpx.AsyncClient(transport=transport, base_url=base, headers={"Accept-Language": lang})

    def ask(self, method: str, path: str, **more: object) -> httpx.Response:
        return asyncio.run(self.client.request(method, path, **more))

    def get(self, path: str, **more: object) -> httpx.Response:
        return self.ask("GET", path, **more)

    def token(self, path: str = "/help") -> str:
        return re.search(r'name="csrf" value="([^"]+)"', self.get(path).text)[1]

    def post(self, path: str, fields: dict[str, str] | None = None, **headers: str) -> httpx.Response:
        given = {"Origin": self.base, "Sec-Fetch-Site": "same-origin"}
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        return self.ask("POST", path, data={"csrf": self.token()} | (fields or {}), headers=given)

    def sign_in(self, name: str = "zoe", password: str = PASSWORD, **fields: str) -> httpx.Response:
        return self.post("/sign-in", {"name": name, "password": password} | fields)
