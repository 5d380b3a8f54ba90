"""The OpenAPI description of the HTTP interface: what FastAPI knows of it, with the shapes of answers and the doors."""

from __future__ import annotations

from functools import partial
from typing import Any

import msgspec
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema

from semantix.review.desk import BulkDone
from semantix.review.lookup import View
from semantix.review.web import api_values as values
from semantix.review.web.faults import PROBLEM, Problem
from semantix.review.web.measured import Measured

PREFIX = "/api/v1"
SUMMARY = (
    "What the pages of the desk do, for programs. Sign in with the form of /sign-in; GET /api/v1/me then says which "
    "token unsafe requests bring back. Refusals are problems (RFC 9457) whose `key` is stable."
)
ANSWERS = (
    values.Me,
    values.Items,
    values.ItemView,
    values.ItemHistory,
    values.NearItems,
    values.SavedAnswer,
    values.Outdated,
    values.UndoneAnswer,
    values.SearchAnswer,
    View,
    values.Systems,
    values.ProgressAnswer,
    values.Choices,
    values.PreviewAnswer,
    BulkDone,
    Measured,
    values.Log,
)
_REFUSALS = {
    400: "Not understood",
    401: "Not signed in",
    403: "Not for this role, or without the token of the session",
    404: "Not there",
    409: "Not possible now: `key` says why",
    413: "Too large",
    414: "The address is too long",
    422: "Something is missing or wrong: `fields` or `key` say what",
    431: "The headers are too long",
}
_REF = "#/components/schemas/{name}"
_SECURITY = {
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "__Host-semantix-desk",
        "description": "The cookie that signing in sets; without TLS its name is `semantix-desk-PORT`.",
    },
    "csrf": {
        "type": "apiKey",
        "in": "header",
        "name": "X-CSRF-Token",
        "description": "The token that GET /api/v1/me tells; asked of everything but GET.",
    },
}


def answers(kind: type, *refusals: int) -> dict[int | str, dict[str, Any]]:
    """Return the ``responses`` of a route: a value of ``kind``, and refusals beside those that all routes have."""
    found = refused(*refusals)
    found[200] = {
        "description": "Done",
        "content": {"application/json": {"schema": {"$ref": _REF.format(name=kind.__name__)}}},
    }
    return found


def refused(*refusals: int) -> dict[int | str, dict[str, Any]]:
    """Return the refusals of a route, those that all routes have among them."""
    problem = {PROBLEM: {"schema": {"$ref": _REF.format(name="Problem")}}}
    statuses = sorted({400, 401, 414, 422, 431, *refusals})
    return {status: {"description": _REFUSALS[status], "content": problem} for status in statuses}


def describe_on(app: FastAPI) -> None:
    """Have an application describe itself with :func:`describe`."""
    app.openapi = partial(describe, app)  # type: ignore[method-assign]


def describe(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI description of an application, made once."""
    if app.openapi_schema is None:
        made = get_openapi(title=app.title, version=app.version, summary=SUMMARY, routes=app.routes)
        components = made.setdefault("components", {})
        schemas = components.setdefault("schemas", {})
        schemas.update(_schemas())
        components["securitySchemes"] = _SECURITY
        for path, operations in made.get("paths", {}).items():
            for method, operation in operations.items():
                if path.startswith(PREFIX):
                    safe = method == "get"
                    operation["security"] = [{"session": []} if safe else {"session": [], "csrf": []}]
        app.openapi_schema = made
    return app.openapi_schema


def _schemas() -> dict[str, Any]:
    _, found = msgspec.json.schema_components(ANSWERS, schema_hook=_plain, ref_template=_REF)
    _, more = models_json_schema([(Problem, "serialization")], ref_template=_REF.replace("{name}", "{model}"))
    return {**found, **more["$defs"]}


def _plain(kind: type) -> dict[str, Any]:
    raise NotImplementedError(f"{kind.__name__} has no shape")
