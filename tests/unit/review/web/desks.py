"""A small real desk in SQLite, served with its pages, and people who are signed in to it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

import httpx

from semantix.model import Candidate, Evidence
from semantix.review.actions import Action, Person
from semantix.review.desk import Desk
from semantix.review.desk.schema import person as people
from semantix.review.formats.exchange import Entry
from semantix.review.lookup import Lookup
from semantix.review.model import Judgement, Kind, Mode, Proposal, Relation, Role, Source, Standing, Target
from semantix.review.web.app import create_app
from semantix.review.web.options import DeskOptions
from semantix.review.web.tools import Tools

BASE = "http://127.0.0.1:8000"
HOSTILE = "\"><script>alert('x')</script><img src=x onerror=alert(1)>{{ 7*7 }}</textarea>"
ROLES = {
    "rose": Role.READER,
    "ann": Role.AUTHOR,
    "bob": Role.AUTHOR,
    "rev": Role.REVIEWER,
    "rec": Role.RECONCILER,
}


class Clock:
    """A clock that goes on by itself, a second each time."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


def candidate(code: str, display: str, probability: float = 0.5, *, system: str = "cim10", **more: object) -> Candidate:
    """A candidate with some evidence."""
    evidence = (Evidence("matched", "fievre"), Evidence("lacking", "renal"))
    return Candidate(system, code, display, probability, probability, evidence, **more)  # type: ignore[arg-type]


def entry(label: str, frequency: int = 1, candidates: Iterable[Candidate] = (), **source: str) -> Entry:
    """Something to map."""
    told = {"target": "cim10", "code": f"L{frequency}", "section": "problem", "sender": "labo"} | source
    found = tuple(candidates) or (
        candidate("X12.0", "Fièvre rénale maligne, avec toux", 0.62),
        candidate("X14", "Toux", 0.31, conflicts=("laterality",)),
        candidate("X15", "Carence en fer", 0.04),
    )
    proposal = Proposal(candidates=found, outcome="abstained", reason="several codes are possible")
    return Entry(
        source=Source(label=label, **told), frequency=frequency, senders={told["sender"]: frequency}, proposal=proposal
    )


def judged(*codes: str, relation: Relation = Relation.EXACT, note: str = "", none: bool = False) -> Judgement:
    """A judgement of codes of CIM-10."""
    targets = tuple(Target(system="cim10", code=code, display=f"D {code}", relation=relation) for code in codes)
    return Judgement(targets=targets, no_target=none, note=note)


class Served:
    """A desk with five people, one for each role and a second author, and its pages."""

    def __init__(self, folder: Path, entries: Iterable[Entry], mode: Mode = Mode.SINGLE, store: Path | None = None):
        self.clock = Clock()
        self.desk = Desk.open(str(folder / "desk.sqlite"), create=True, clock=self.clock)
        with self.desk.database.writing() as connection:
            connection.execute(
                people.insert(),
                [{"name": name, "role": role.value, "password": "-", "active": True} for name, role in ROLES.items()],
            )
        brought = list(entries)
        if brought:
            self.desk.bring("file", brought)
        if mode is not Mode.SINGLE:
            self.desk.set_mode("admin", mode)
        self.lookup = Lookup.open(store, 1) if store is not None else None
        tools = Tools(store, self.lookup, (), 0.98)
        options = DeskOptions(clock=lambda: datetime(2026, 3, 2, 10, 0, tzinfo=UTC))
        self.app = create_app(self.desk, options, tools=tools)

    def close(self) -> None:
        if self.lookup is not None:
            self.lookup.close()
        self.desk.close()

    def act(self, name: str, number: int, kind: Kind, **what: object) -> Standing:
        """Do something without the pages."""
        who = Person(name, ROLES[name])
        seen = self.desk.view(number, who).standing.version
        return self.desk.act(who, number, Action(kind=kind, **what), seen).standing  # type: ignore[arg-type]

    def standing(self, number: int, name: str = "rec") -> Standing:
        return self.desk.view(number, Person(name, ROLES[name])).standing

    def browser(self, name: str, lang: str = "en") -> Browser:
        return Browser(self, name, lang)


class Browser:
    """Somebody’s browser, signed in."""

    def __init__(self, served: Served, name: str, lang: str) -> None:
        transport = httpx.ASGITransport(served.app, client=("127.0.0.1", 50_000))
        self.client = httpx.AsyncClient(transport=transport, base_url=BASE, headers={"Accept-Language": lang})
        token = served.desk.accounts.open_session(name, datetime(2026, 3, 2, 10, 0, tzinfo=UTC), 3600)
        self.client.cookies.set("semantix-desk-8000", token)
        found = re.search(r'name="csrf-token" content="([^"]+)"', self.get("/help").text)
        assert found is not None
        self.csrf = found[1]

    def get(self, path: str, **headers: str) -> httpx.Response:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return asyncio.run(self.client.get(path, headers=given))

    def post(self, path: str, fields: Iterable[tuple[str, str]] = (), **headers: str) -> httpx.Response:
        given = {"Origin": BASE, "Content-Type": "application/x-www-form-urlencoded"}
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        content = urlencode([("csrf", self.csrf), *fields])
        return asyncio.run(self.client.post(path, content=content, headers=given))

    def form(self, number: int, do: str, **fields: str) -> httpx.Response:
        """Press a button of the form of the judgement, as the page has it."""
        page = self.get(f"/items/{number}").text
        return self.send(page, do, **fields)

    def send(self, page: str, do: str, **fields: str) -> httpx.Response:
        """Press a button of the form of a page that was read before."""
        action, given = form_of(page)
        given = [(name, fields.pop(name) if name in fields else value) for name, value in given if name != "csrf"]
        return self.post(action, [*given, *fields.items(), ("do", do)])


def form_of(page: str) -> tuple[str, list[tuple[str, str]]]:
    """The address of the form of the judgement, and its fields as they stand."""
    from html import unescape

    found = re.search(r'<form method="post" action="([^"]+)" id="judgement".*?</form>', page, re.DOTALL)
    assert found is not None
    fields: list[tuple[str, str]] = []
    for each in re.finditer(
        r'<input type="(?:hidden|checkbox)" name="(\w+)" value="([^"]*)"'
        r'|<select name="(\w+)".*?<option value="(\w+)" selected>'
        r'|<textarea id="note" name="(note)"[^>]*>([^<]*)</textarea>',
        found[0],
        re.DOTALL,
    ):
        name = each[1] or each[3] or each[5]
        fields.append((name, unescape(each[2] or each[4] or each[6] or "")))
    return unescape(found[1]), fields


def plain(page: str) -> str:
    """The text of a page, its tags and what is for readers of screens only taken out."""
    from html import unescape

    body = re.sub(r'<span class="unseen">.*?</span>', "", page[max(0, page.find("<main")) :], flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())
