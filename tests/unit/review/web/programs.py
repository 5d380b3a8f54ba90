"""Programs that use the HTTP interface of a desk of :mod:`tests.unit.review.web.desks`."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import httpx
from starlette.routing import BaseRoute, Route
from tests.unit.review.web.desks import Browser, Served

API = "/api/v1"


class Program(Browser):
    """A program with somebody’s session."""

    def __init__(self, served: Served, name: str, lang: str = "en") -> None:
        super().__init__(served, name, lang)

    def ask(self, path: str, **query: Any) -> Any:
        """The answer to a question."""
        answer = self.fetch(path, **query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def fetch(self, path: str, **query: Any) -> httpx.Response:
        return asyncio.run(self.client.get(API + path, params=query or None))

    def send(self, path: str, value: Any = None, **headers: str) -> httpx.Response:  # type: ignore[override]
        given = {"X-CSRF-Token": self.csrf} | {name.replace("_", "-"): text for name, text in headers.items()}
        more = {} if value is None else {"json": value}
        return asyncio.run(self.client.post(API + path, headers=given, **more))

    def raw(self, path: str, content: bytes, kind: str = "application/json") -> httpx.Response:
        given = {"X-CSRF-Token": self.csrf, "Content-Type": kind}
        return asyncio.run(self.client.post(API + path, headers=given, content=content))

    def act(self, number: int, action: str, **more: Any) -> httpx.Response:
        """Do something with an item as it stands."""
        if "seen" not in more:
            more["seen"] = self.ask(f"/items/{number}")["standing"]["version"]
        return self.send(f"/items/{number}/actions", {"action": action} | more)


def judgement(*codes: str, **more: Any) -> dict[str, Any]:
    """A judgement of codes of CIM-10."""
    return {"targets": [{"system": "cim10", "code": code} for code in codes]} | more


NONE = {"no_target": True}


def routes_of(routes: list[BaseRoute]) -> Iterator[tuple[str, str]]:
    """Every route as (method, path), those of included routers too."""
    for route in routes:
        inner = getattr(route, "original_router", None)
        if inner is not None:
            yield from routes_of(inner.routes)
        elif isinstance(route, Route) or hasattr(route, "methods"):
            for method in sorted(route.methods):
                yield method, route.path
        else:
            raise AssertionError(f"a kind of route that is not known: {type(route).__name__}")
