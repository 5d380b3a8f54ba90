"""The HTTP interface of the desk, tried by schemathesis from its own description: nothing that is sent breaks it.

Each role has a desk in another mode. Requests are the same on every run: all edges of each field, right and wrong, and
random ones where the role may do most.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.postgres import running_server
from tests.unit.review.lookup_stores import FEVERS, shelve
from tests.unit.review.web.desks import ROLES, Clock, entry, judged

from semantix.review.actions import Action, Person
from semantix.review.desk import Bulk, Desk, Filters
from semantix.review.desk.schema import person as people
from semantix.review.lookup import Lookup
from semantix.review.model import Kind, Mode, Role
from semantix.review.web.app import create_app
from semantix.review.web.options import DeskOptions
from semantix.review.web.tools import Tools

schemathesis = pytest.importorskip("schemathesis", reason="needs schemathesis")
pytestmark = pytest.mark.slow

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
HOST = "testserver"
COOKIE = "semantix-desk-"
"""The name of the cookie of the session where the address has no port."""
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "unsupported_method",
    "allow_header_conformance",
    "ignored_auth",
    "negative_data_rejection",
)
OPERATIONS = 17
LABELS = ("Fièvre rénale maligne", "Fièvre rénale ancienne", "Toux", "Carence en fer", "Nez", "Fièvre sans rein")


def made_desk(place: str, mode: Mode) -> Desk:
    """A desk with items that stand in different ways."""
    desk = Desk.open(place, create=True, clock=Clock())
    with desk.database.writing() as connection:
        rows = [{"name": name, "role": role.value, "password": "-", "active": True} for name, role in ROLES.items()]
        connection.execute(people.insert(), rows)
    desk.bring("file", [entry(label, 10 * number) for number, label in enumerate(LABELS, 1)])
    desk.set_mode("admin", mode)
    ann, bob = Person("ann", Role.AUTHOR), Person("bob", Role.AUTHOR)
    desk.act(ann, 1, Action(kind=Kind.JUDGED, judgement=judged("X14", note="sûr")), 0)
    desk.act(ann, 2, Action(kind=Kind.DRAFTED, judgement=judged("X15")), 0)
    desk.act(ann, 3, Action(kind=Kind.JUDGED, judgement=judged("X12.0")), 0)
    if mode is Mode.BLIND_DUAL:
        desk.act(bob, 3, Action(kind=Kind.JUDGED, judgement=judged("X15")), 0)
    assign = Bulk(what="assign", filters=Filters(text="nez"), to="bob")
    reviewer = Person("rev", Role.REVIEWER)
    desk.apply(reviewer, assign, desk.preview(reviewer, assign).token)
    return desk


def failures(desk: Desk, lookup: Lookup | None, name: str, examples: int) -> tuple[list[str], int, int]:
    """Try every operation as somebody; return what was found, how many requests, and operations."""
    from schemathesis.config import SchemathesisConfig
    from schemathesis.engine import events, from_schema

    store = lookup.folder if lookup is not None else None
    app = create_app(desk, DeskOptions(clock=lambda: NOW, hosts=(HOST,)), tools=Tools(store, lookup, (), 0.98))
    token = desk.accounts.open_session(name, NOW, 3600)
    session = desk.accounts.session(token, NOW)
    assert session is not None
    _reach(app.openapi())
    config = SchemathesisConfig.from_dict(
        {
            "seed": 20260302,
            "continue-on-failure": True,
            "auth": {"openapi": {"session": {"api_key": token}, "csrf": {"api_key": session.csrf}}},
            "generation": {"deterministic": True, "max-examples": max(examples, 1), "database": "none"},
            "checks": {"positive_data_acceptance": {"enabled": False}} | {check: {"enabled": True} for check in CHECKS},
            "phases": {
                "examples": {"enabled": False},
                "fuzzing": {"enabled": examples > 0},
                "stateful": {"enabled": False},
            },
        }
    )
    schema = schemathesis.openapi.from_asgi(
        "/api/openapi.json", app, config=config, headers={"Cookie": f"{COOKIE}={token}"}
    )
    found: list[str] = []
    sent, tried = 0, set()
    for event in from_schema(schema).execute():
        if isinstance(event, events.NonFatalError | events.FatalError):
            found.append(repr(event))
        if isinstance(event, events.ScenarioFinished):
            sent += len(event.recorder.interactions)
            tried.add(event.recorder.label)
            found += _failed(event.recorder)
    return found, sent, len(tried)


def _reach(described: dict[str, Any]) -> None:
    """Have most requests reach an item that is there, and name the cookie as this address has it."""
    described["components"]["securitySchemes"]["session"]["name"] = COOKIE
    for operations in described["paths"].values():
        for operation in operations.values():
            for parameter in operation.get("parameters", ()):
                if parameter["name"] == "number":
                    parameter["schema"]["maximum"] = len(LABELS) + 1


def _failed(recorder: Any) -> Iterator[str]:
    for case, checks in recorder.checks.items():
        for check in checks:
            if check.failure_info is not None:
                asked = recorder.cases[case].value
                said = recorder.interactions[case].response
                yield (
                    f"{check.name}: {asked.method} {asked.formatted_path} {asked.query} {asked.body!r} -> "
                    f"{said.status_code if said else None}: {check.failure_info.failure.message}"
                )


@pytest.fixture(scope="module")
def lookup(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lookup]:
    with Lookup.open(shelve(tmp_path_factory.mktemp("store") / "store", FEVERS)) as opened:
        yield opened


@pytest.mark.parametrize(
    ("name", "mode", "examples"),
    [
        ("rec", Mode.SINGLE, 2),
        ("rev", Mode.SECOND_LOOK, 0),
        ("rose", Mode.BLIND_DUAL, 0),
    ],
)
def test_nothing_that_is_sent_breaks_the_interface(
    tmp_path: Path, lookup: Lookup, name: str, mode: Mode, examples: int
) -> None:
    with made_desk(str(tmp_path / "desk.sqlite"), mode) as desk:
        found, sent, tried = failures(desk, lookup, name, examples)
    assert not found, "\n".join(found[:20])
    assert tried >= OPERATIONS
    assert sent > 500


def test_nothing_that_is_sent_breaks_a_desk_on_postgresql() -> None:
    with running_server(60) as place, made_desk(place, Mode.BLIND_DUAL) as desk:
        found, sent, tried = failures(desk, None, "ann", 0)
    assert not found, "\n".join(found[:20])
    assert tried >= OPERATIONS
    assert sent > 500
