"""Who may do what: every route and every action, for every role, in every mode, as the tables here say.

The tables are written by hand. A route that is not in them, or an action, fails the test: whoever adds one has to
decide who may. To be let through does not mean that what is asked is there, or possible now.
"""

import asyncio
import json

import httpx
import pytest
from tests.unit.review.web.desks import BASE, ROLES, Served, entry, judged
from tests.unit.review.web.programs import API, NONE, Program, judgement, routes_of
from tests.unit.review.web.test_item_page import accept_automatically

from semantix.review.actions import ACTIONS
from semantix.review.model import Kind, Mode, Role
from semantix.review.web.api_models import NAMES

READER, AUTHOR, REVIEWER, RECONCILER = Role
ALL = None
"""Anybody, signed in or not."""
RANK = tuple(Role)

PAGES = {
    # --- the door: for all
    "GET /sign-in": ALL,
    "POST /sign-in": ALL,
    "GET /start": ALL,
    "POST /language": ALL,
    "GET /help": ALL,
    "GET /static/{digest}/{name}": ALL,
    # --- reading
    "POST /sign-out": READER,
    "GET /": READER,
    "GET /items": READER,
    "GET /items/{number}": READER,
    "GET /items/{number}/concept": READER,
    "GET /items/{number}/similar": READER,
    "GET /items/{number}/search": READER,
    "GET /items/{number}/next": READER,
    "GET /items/{number}/previous": READER,
    # A form that was sent after the session was over: back to the item.
    "GET /items/{number}/{road}": READER,
    "GET /statistics": READER,
    "GET /history": READER,
    "GET /export": READER,
    "GET /export/file": READER,
    # --- deciding
    "POST /items/{number}/judge": AUTHOR,
    "POST /items/{number}/claim": AUTHOR,
    "POST /items/{number}/release": AUTHOR,
    "POST /items/{number}/note": AUTHOR,
    "POST /undo": AUTHOR,
    "POST /items/{number}/agree": REVIEWER,
    "POST /items/{number}/send-back": REVIEWER,
    "POST /items/{number}/assign": REVIEWER,
    "POST /items/{number}/audit": REVIEWER,
    "POST /items/{number}/reconcile": RECONCILER,
    "POST /items/{number}/reopen": RECONCILER,
    # --- many at once
    "GET /bulk": REVIEWER,
    "POST /bulk/preview": REVIEWER,
    "POST /bulk/apply": REVIEWER,
    "GET /bulk/done/{batch}": REVIEWER,
    "POST /bulk/undo": REVIEWER,
}
INTERFACE = {
    "GET /api/openapi.json": READER,
    "HEAD /api/openapi.json": READER,
    f"GET {API}/me": READER,
    f"GET {API}/items": READER,
    f"GET {API}/items/{{number}}": READER,
    f"GET {API}/items/{{number}}/history": READER,
    f"GET {API}/items/{{number}}/similar": READER,
    f"GET {API}/search": READER,
    f"GET {API}/concepts/{{system}}/{{code:path}}": READER,
    f"GET {API}/systems": READER,
    f"GET {API}/progress": READER,
    f"GET {API}/choices": READER,
    f"GET {API}/statistics": READER,
    f"GET {API}/events": READER,
    f"GET {API}/export": READER,
    f"POST {API}/items/{{number}}/actions": AUTHOR,
    f"POST {API}/undo": AUTHOR,
    f"POST {API}/bulk/preview": REVIEWER,
    f"POST {API}/bulk/apply": REVIEWER,
}
ROUTES = PAGES | INTERFACE

# What each route is sent so that only the role decides whether it is let through.
FORMS = {
    "/items/{number}/judge": [("do", "none")],
    "/items/{number}/reconcile": [("do", "none")],
    "/items/{number}/audit": [("verdict", "right")],
    "/items/{number}/send-back": [("reason", "non")],
    "/items/{number}/reopen": [("reason", "encore")],
    "/items/{number}/note": [("text", "vu")],
    "/bulk/preview": [("what", "none")],
    "/bulk/apply": [("what", "none"), ("token", "other")],
    "/language": [("lang", "en")],
}
VALUES = {
    f"{API}/items/{{number}}/actions": {"action": "claim", "seen": 0},
    f"{API}/bulk/preview": {"what": "none"},
    f"{API}/bulk/apply": {"what": "none", "token": "other"},
}

ACTING = {
    "judge": (AUTHOR, {"judgement": judgement("X14")}),
    "draft": (AUTHOR, {"judgement": NONE}),
    "claim": (AUTHOR, {}),
    "release": (AUTHOR, {}),
    "note": (AUTHOR, {"text": "vu"}),
    "agree": (REVIEWER, {}),
    "send-back": (REVIEWER, {"reason": "non"}),
    "assign": (REVIEWER, {"to": "ann"}),
    "audit": (REVIEWER, {"right": True}),
    "reconcile": (RECONCILER, {"judgement": NONE}),
    "reopen": (RECONCILER, {"reason": "encore"}),
}
"""Each action: the least role, and what it needs beside."""

DONE = "done"
FRESH, FIRST, TWO, ACCEPTED, SAMPLED = "fresh", "first", "two", "accepted", "sampled"
"""How an item stands: nobody judged, one did, two who differ, accepted, in the sample."""

# What happens, once the role is enough: done, or the key of the refusal. By mode, action and standing; ``bob`` judged.
LATE = "waits_for_reconciler"
NO, NONE_YET, SELF = "not_in_this_mode", "nothing_to_review", "own_work"
OUTCOMES = {
    Mode.SINGLE: {
        "judge": {FRESH: DONE, ACCEPTED: DONE},
        "draft": {FRESH: DONE, ACCEPTED: DONE},
        "claim": {FRESH: DONE, ACCEPTED: NONE_YET},
        "release": {FRESH: "not_claimed", ACCEPTED: "not_claimed"},
        "note": {FRESH: DONE, ACCEPTED: DONE},
        "agree": {FRESH: NO, ACCEPTED: NO},
        "send-back": {FRESH: NONE_YET, ACCEPTED: NONE_YET},
        "assign": {FRESH: DONE, ACCEPTED: DONE},
        "audit": {FRESH: "not_sampled", ACCEPTED: "not_sampled", SAMPLED: DONE},
        "reconcile": {FRESH: "nothing_to_reconcile", ACCEPTED: "nothing_to_reconcile"},
        "reopen": {FRESH: "not_accepted", ACCEPTED: DONE},
    },
    Mode.SECOND_LOOK: {
        # A second look needs a reviewer: see the test of its own.
        "judge": {FRESH: DONE, FIRST: DONE},
        "draft": {FRESH: DONE, FIRST: DONE},
        "claim": {FRESH: DONE, FIRST: DONE},
        "release": {FRESH: "not_claimed", FIRST: "not_claimed"},
        "note": {FRESH: DONE, FIRST: DONE},
        "agree": {FRESH: NONE_YET, FIRST: DONE},
        "send-back": {FRESH: NONE_YET, FIRST: DONE},
        "assign": {FRESH: DONE, FIRST: DONE},
        "audit": {FRESH: "not_sampled", FIRST: "not_sampled", SAMPLED: DONE},
        "reconcile": {FRESH: "nothing_to_reconcile", FIRST: "nothing_to_reconcile"},
        "reopen": {FRESH: "not_accepted", FIRST: "not_accepted"},
    },
    Mode.BLIND_DUAL: {
        "judge": {FRESH: DONE, FIRST: DONE, TWO: LATE},
        "draft": {FRESH: DONE, FIRST: DONE, TWO: DONE},
        "claim": {FRESH: DONE, FIRST: DONE, TWO: DONE},
        "release": {FRESH: "not_claimed", FIRST: "not_claimed", TWO: "not_claimed"},
        "note": {FRESH: DONE, FIRST: DONE, TWO: DONE},
        "agree": {FRESH: NO, FIRST: NO, TWO: NO},
        "send-back": {FRESH: NO, FIRST: NO, TWO: NO},
        "assign": {FRESH: DONE, FIRST: DONE, TWO: DONE},
        "audit": {FRESH: "not_sampled", FIRST: "not_sampled", SAMPLED: DONE, TWO: "not_sampled"},
        "reconcile": {FRESH: "nothing_to_reconcile", FIRST: "nothing_to_reconcile", TWO: DONE},
        "reopen": {FRESH: "not_accepted", FIRST: "not_accepted", TWO: "not_accepted"},
    },
}
PEOPLE = {Role.READER: "rose", Role.AUTHOR: "ann", Role.REVIEWER: "rev", Role.RECONCILER: "rec"}


@pytest.fixture(params=list(Mode), ids=str, scope="module")
def served(request, tmp_path_factory):
    """A desk on which everybody tries everything: items of the same number stand differently from test to test."""
    served = Served(tmp_path_factory.mktemp("desk"), [entry(f"Toux {n}", n) for n in range(1, 800)], request.param)
    served.next = iter(range(1, 800))
    yield served
    served.close()


def an_item(served, standing=FRESH):
    """An item that stands so, and that nobody else touches."""
    number = next(served.next)
    if standing in {FIRST, TWO, ACCEPTED}:
        served.act("bob", number, Kind.JUDGED, judgement=judged("X14"))
    if standing is TWO:
        served.desk.accounts.change("rose", role=Role.AUTHOR)
        try:
            who = Program(served, "rose")
            assert who.act(number, "judge", judgement=judgement("X15"), seen=0).status_code == 200
        finally:
            served.desk.accounts.change("rose", role=Role.READER)
    if standing is SAMPLED:
        accept_automatically(served, number, "X12.0")
    return number


# --- routes ---------------------------------------------------------------------------------------------------------


def test_every_route_is_in_the_table(served):
    assert {f"{method} {path}" for method, path in routes_of(served.app.routes)} == set(ROUTES)


def send(client, route, number, csrf=""):
    method, path = route.split(" ")
    address = path.replace(":path", "").format(
        number=number, digest="0", name="a.css", batch="b", system="s", code="c", road="judge"
    )
    headers = {"Origin": BASE, "X-CSRF-Token": csrf}
    if path.endswith(("/export", "/export/file")):
        address += "?format=sssom"
    if path.endswith("/search"):
        address += "?text=toux"
    if path in VALUES:
        headers["Content-Type"] = "application/json"
        content = json.dumps(VALUES[path]).encode()
        return asyncio.run(client.request(method, address, headers=headers, content=content))
    data = dict(FORMS.get(path, ())) if method == "POST" else None
    return asyncio.run(client.request(method, address, headers=headers, data=data))


@pytest.mark.parametrize("role", list(Role), ids=str)
def test_each_role_is_let_through_where_the_table_says(served, role):
    found = {}
    for route in ROUTES:
        program = Program(served, PEOPLE[role])
        # Who is refused would be even where the action makes sense.
        answer = send(program.client, route, an_item(served), program.csrf)
        assert answer.status_code < 500, route
        found[route] = answer.status_code not in {401, 403} and "/sign-in" not in answer.headers.get("location", "")
    del found["POST /sign-out"], found["POST /sign-in"]
    allowed = {
        route: least is ALL or RANK.index(role) >= RANK.index(least)
        for route, least in ROUTES.items()
        if route in found
    }
    # A desk with accounts has no one-time link.
    assert found == allowed


def is_turned_away(served, route, client):
    """Whether somebody is sent to the door, with nothing told of what is behind it."""
    answer = send(client, route, 1)
    if route in INTERFACE:
        return answer.status_code == 401 and b"Toux" not in answer.content
    return answer.status_code == 303 and answer.headers["location"].startswith("/sign-in")


def nobody(served):
    transport = httpx.ASGITransport(served.app, client=("127.0.0.1", 50_000))
    return httpx.AsyncClient(transport=transport, base_url=BASE)


def test_nobody_is_let_in(served):
    before = served.desk.last_event()
    away = {route for route in ROUTES if is_turned_away(served, route, nobody(served))}
    assert away == {route for route, least in ROUTES.items() if least is not ALL}
    assert served.desk.last_event() == before


def test_an_account_that_is_closed_is_nobody(served):
    program = Program(served, "rec")
    client = program.client
    served.desk.accounts.change("rec", active=False)
    try:
        away = {route for route in ROUTES if is_turned_away(served, route, client)}
    finally:
        served.desk.accounts.change("rec", active=True)
    assert away == {route for route, least in ROUTES.items() if least is not ALL}


def test_a_session_with_a_token_that_is_none_does_nothing(served):
    program = Program(served, "rec")
    before = served.desk.last_event()
    for route in ROUTES:
        if route.startswith("POST "):
            answer = send(program.client, route, 1, "other")
            assert answer.status_code == 403, route
    assert served.desk.last_event() == before


def test_a_role_that_was_taken_away_is_gone_at_once(served):
    program = Program(served, "rec")
    served.desk.accounts.change("rec", role=Role.READER)
    try:
        refused = program.act(an_item(served), "claim")
    finally:
        served.desk.accounts.change("rec", role=Role.RECONCILER)
    assert refused.status_code == 403


# --- actions --------------------------------------------------------------------------------------------------------


def test_every_action_is_in_the_tables():
    assert set(ACTING) == set(NAMES.values())
    assert {NAMES[kind]: role for kind, role in ACTIONS.items()} == {name: role for name, (role, _) in ACTING.items()}
    for outcomes in OUTCOMES.values():
        assert set(outcomes) == set(ACTING)


def did(answer):
    return DONE if answer.status_code == 200 else answer.json()["key"]


@pytest.mark.parametrize("action", ACTING)
def test_each_role_takes_each_action_where_the_tables_say(served, action):
    mode = served.desk.mode()
    least, more = ACTING[action]
    for standing, outcome in OUTCOMES[mode][action].items():
        for role in Role:
            number = an_item(served, standing)
            before = served.desk.last_event()
            found = did(Program(served, PEOPLE[role]).act(number, action, **more))
            enough = RANK.index(role) >= RANK.index(least)
            expected = outcome if enough else "role_needed"
            if mode is Mode.SECOND_LOOK and standing is FIRST and action == "judge" and role is AUTHOR:
                expected = "role_needed"
            assert found == expected, (standing, role)
            assert (served.desk.last_event() > before) is (found == DONE), (standing, role)


@pytest.mark.parametrize("action", ACTING)
def test_the_pages_refuse_by_role_as_the_interface_does(served, action):
    least, more = ACTING[action]
    road = {"draft": "judge"}.get(action, action)
    fields = {"judge": [("do", "none")], "draft": [("do", "draft"), ("none", "1")], "reconcile": [("do", "none")],
              "audit": [("verdict", "right")]}.get(action, list(more.items()))  # fmt: skip
    for role in Role:
        number = an_item(served)
        answer = Program(served, PEOPLE[role]).post(f"/items/{number}/{road}", [("seen", "0"), *fields])
        enough = RANK.index(role) >= RANK.index(least)
        assert (answer.status_code == 403) is not enough, (role, answer.status_code)


def test_nobody_decides_alone_where_two_are_asked_for(served):
    mode = served.desk.mode()
    number = an_item(served)
    rec = Program(served, "rec")
    assert did(rec.act(number, "judge", judgement=judgement("X14"))) == DONE
    accepted = rec.ask(f"/items/{number}")["standing"]["state"] == "accepted"
    assert accepted is (mode is Mode.SINGLE)
    assert did(rec.act(number, "agree")) == (SELF if mode is Mode.SECOND_LOOK else NO)
    assert did(rec.act(number, "judge", judgement=judgement("X14"))) == DONE
    assert (rec.ask(f"/items/{number}")["standing"]["state"] == "accepted") is accepted


@pytest.mark.parametrize(
    ("what", "least"), [("none", REVIEWER), ("agree", REVIEWER), ("assign", REVIEWER), ("accept", RECONCILER)]
)
def test_bulk_actions_need_their_role(served, what, least):
    value = {"what": what, "filters": {"target": "cim10", "text": "nothing"}}
    for role in Role:
        enough = RANK.index(role) >= RANK.index(least)
        program = Program(served, PEOPLE[role])
        assert (program.send("/bulk/preview", value).status_code == 403) is not enough
        assert (program.send("/bulk/apply", value | {"token": "x"}).status_code == 403) is not enough
        fields = [("what", what), ("target", "cim10"), ("token", "x")]
        assert (program.post("/bulk/preview", fields).status_code == 403) is not enough
        assert (program.post("/bulk/apply", fields).status_code == 403) is not enough


def test_the_tables_name_everybody():
    assert set(PEOPLE) == set(Role)
    assert all(ROLES[name] is role for role, name in PEOPLE.items())
