"""A review desk that is really served, and people at browsers: what the end-to-end tests of the desk share.

The desk is filled and emptied by the commands, served by ``semantix review serve`` as a process of its own, and looked
at by Chromium. Codes, labels and people are invented.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from click.testing import CliRunner
from tests.unit.review.lookup_stores import shelve

from semantix.model import Candidate, Context, Decision, Evidence, Outcome, Query
from semantix.terminology.candidates import CandidateLog
from semantix.terminology.records import Concept, Parent, Record, Term
from semantix_cli.main import main

CHROMIUM = next((path for path in map(Path, ("/usr/bin/chromium", "/usr/bin/chromium-browser")) if path.exists()), None)
PASSWORD = "quatre mots au hasard"
HOSTILE = '"><img src=x onerror="window.hit=1"><script>window.hit=1</script>'
"""A label as somebody would write it who means harm."""
_STARTED = 60
_LOADED = re.compile(r"Failed to load resource: the server responded with a status of (409|403|401)")

TERMINOLOGY: tuple[Record, ...] = (
    Concept("cim10", "X10-X19", "Affections colorées", "block", assignable=False),
    Concept("cim10", "X12", "Fièvre rouge", "category"),
    Concept("cim10", "X12.0", "Fièvre rouge avec toux"),
    Concept("cim10", "X12.3", "Fièvre rouge de l’aine"),
    Concept("cim10", "X14", "Toux verte du matin"),
    Concept("cim10", "X15", "Carence en fer bleu"),
    Concept("cim10", "X16", "Douleur du genou vert"),
    Concept("cim10", "X17", f"Essai {HOSTILE}"),
    Term("cim10", "X14", "Toussotement matinal", "synonym"),
    *(Parent("cim10", code, "X10-X19") for code in ("X12", "X14", "X15", "X16", "X17")),
    Parent("cim10", "X12.0", "X12"),
    Parent("cim10", "X12.3", "X12"),
    Concept("ucum", "mmol/L", "millimole par litre"),
    Concept("ucum", "g/L", "gramme par litre"),
)

Seen = tuple[str, int, tuple[tuple[str, str, float], ...]]
"""A wording, its frequency, and its candidates: code, display, probability."""

SIX: tuple[Seen, ...] = (
    ("toux verte", 500, (("X14", "Toux verte du matin", 0.97),)),
    ("fievre rouge + toux", 300, (("X12.0", "Fièvre rouge avec toux", 0.6), ("X12", "Fièvre rouge", 0.3))),
    ("manque de fer bleu", 90, (("X14", "Toux verte du matin", 0.5),)),
    ("mal au genou ?", 40, ()),
    ("fievre de l aine", 30, (("X12.3", "Fièvre rouge de l’aine", 0.3), ("X12", "Fièvre rouge", 0.2))),
    ("fer bleu dosé", 20, (("X15", "Carence en fer bleu", 0.4),)),
)
"""By frequency and doubt: fever (120), iron (45), knee (40), groin (21), cough (15), dosage (12)."""
ORDER = (
    "fievre rouge + toux",
    "manque de fer bleu",
    "mal au genou ?",
    "fievre de l aine",
    "toux verte",
    "fer bleu dosé",
)


def write_store(folder: Path) -> Path:
    """Put the invented terminology in a store."""
    return shelve(folder / "store", TERMINOLOGY, "essai", "2026", supplement=False)


def write_candidates(path: Path, wordings: Sequence[Seen] = SIX, against: Collection[str] = ()) -> Path:
    """Write wordings as ``convert --candidates`` writes what it left open; the candidates of some conflict."""
    log, target = CandidateLog(), "cim10"
    for text, frequency, found in wordings:
        conflicts = ("negation",) if text in against else ()
        candidates = tuple(
            Candidate(target, code, display, chance, chance, (Evidence("word", text, "essai@2026"),), conflicts)
            for code, display, chance in found
        )
        outcome = Outcome.CANDIDATE if candidates else Outcome.ABSTAINED
        context = Context(section="problem", sender="clinique-a")
        reason = "below the threshold" if candidates else "nothing found"
        log.add(Decision(Query(text=text), context, target, outcome, candidates, False, reason), frequency)
    log.write(path)
    return path


def semantix(*words: object, given: str = "") -> str:
    """Run a command of semantix; return what it printed."""
    done = CliRunner().invoke(main, [str(word) for word in words], input=given, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


@dataclass
class Site:
    """One desk at its place: a file or a database. ``store`` is the terminology beside it."""

    place: str
    folder: Path
    store: Path
    address: str = ""
    link: str = ""
    running: subprocess.Popen[str] | None = None

    def run(self, *words: object, given: str = "") -> str:
        """Run ``semantix review …`` on this desk."""
        return semantix("review", *words, "--desk", self.place, given=given)

    def fill(self, wordings: Sequence[Seen] = SIX, against: Collection[str] = ()) -> None:
        """Import wordings from a file of candidates."""
        self.run("import", write_candidates(self.folder / "review.tsv", wordings, against), "--as", "import")

    def add_people(self, **roles: str) -> None:
        """Make accounts, all with the same password."""
        for name, role in roles.items():
            self.run("user", "add", name, "--role", role, "--password-stdin", given=f"{PASSWORD}\n")

    def start(self) -> None:
        """Serve the desk; on the port of before when it was served already."""
        port = self.address.rpartition(":")[2] or "0"
        words = ["review", "serve", "--desk", self.place, "--store", str(self.store), "--port", port, "--as", "Zoé"]
        faults = (self.folder / "faults.txt").open("a", encoding="utf-8")
        self.running = subprocess.Popen(
            [sys.executable, "-m", "semantix_cli", *words],
            stdout=subprocess.PIPE,
            stderr=faults,
            text=True,
            env=os.environ | {"PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"},
        )
        faults.close()
        assert self.running.stdout is not None
        late = threading.Timer(_STARTED, self.running.kill)
        late.start()
        told = ""
        for line in self.running.stdout:
            told += line
            found = re.search(r"(http://127\.0\.0\.1:\d+)(/start\?token=\S+)?", line)
            if found:
                self.address, self.link = found[1], found[0] if found[2] else ""
                break
        late.cancel()
        assert self.address, told + (self.folder / "faults.txt").read_text("utf-8")

    def kill(self) -> None:
        """End the process as a failure of the machine would."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End the process as its terminal would."""
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        if self.running is None:
            return
        self.running.send_signal(how)
        try:
            self.running.wait(20)
        except subprocess.TimeoutExpired:
            self.running.kill()
            self.running.wait(20)
        assert self.running.stdout is not None
        self.running.stdout.close()
        self.running = None

    def export(self, kind: str, out: Path) -> Path:
        """Export by the command."""
        self.run("export", "--format", kind, "--out", out, "--store", self.store, "--day", "2026-03-02")
        return out

    def decide(self, tables: Path | None, *texts: str) -> dict[str, dict[str, Any]]:
        """What the engine answers with curated tables, or without any of the desk: its JSON by text."""
        beside = ("--table", tables) if tables else ()
        about = ("--section", "problem", "--sender", "clinique-a")
        told = semantix("map", *texts, "--target", "cim10", "--store", self.store, *beside, *about, "--json")
        answers = [json.loads(line) for line in told.splitlines() if line.strip()]
        return dict(zip(texts, answers, strict=True))


@dataclass
class Window:
    """One browser window of one person; ``complaints`` is what it said that no visitor should hear."""

    site: Site
    page: Any
    complaints: list[str] = field(default_factory=list)

    def go(self, path: str = "/") -> None:
        """Open a page of the desk."""
        self.page.goto(self.site.address + path)

    def sign_in(self, name: str) -> None:
        """Sign in with an account."""
        self.go("/sign-in")
        self.page.fill("#name", name)
        self.page.fill("#password", PASSWORD)
        with self.page.expect_navigation():
            self.page.press("#password", "Enter")
        assert self.page.locator("header .person").inner_text().startswith(name)

    def send(self, button: str) -> None:
        """Press a button or follow a link, and wait for the page that comes."""
        with self.page.expect_navigation():
            self.page.click(button)

    def take(self, number: int, act: str = "accept") -> None:
        """Select a candidate, and press one of its buttons."""
        self.page.click(f"#candidate-{number} .pick")
        self.send(f"#candidate-{number}.selected [data-act={act}]")

    def press(self, key: str) -> None:
        """Press a key, and wait for the page that comes."""
        with self.page.expect_navigation():
            self.page.keyboard.press(key)

    def open(self, label: str, query: str = "state=all") -> None:
        """Open an item by its label, from the queue."""
        self.go(f"/?{query}")
        with self.page.expect_navigation():
            self.page.locator("#queue tbody th a", has_text=label).first.click()
        assert self.label() == label

    def label(self) -> str:
        """The label of the item that is open."""
        return str(self.page.locator("h1").inner_text())

    def state(self) -> str:
        """The state of the item that is open."""
        classes = self.page.locator("#source .chip").first.get_attribute("class")
        return str(classes).replace("chip", "").strip()

    def labels(self) -> list[str]:
        """The labels of the queue, in its order."""
        return [text.strip() for text in self.page.locator("#queue tbody th a").all_inner_texts()]

    def rows(self) -> list[str]:
        """The targets of the judgement in hand."""
        return [text.strip() for text in self.page.locator("#rows > li .what code").all_inner_texts()]

    def find(self, text: str, code: str) -> None:
        """Search while typing, until a code is among what was found."""
        self.page.fill("#find-text", text)
        self.page.locator(".hits > li code", has_text=code).first.wait_for()

    def add_found(self, code: str) -> None:
        """Add a code that the search found to the judgement in hand."""
        hit = self.page.locator(".hits > li").filter(has=self.page.locator("code", has_text=code)).first
        hit.locator("button", has_text=re.compile("Ajouter|Add")).click()
        self.page.locator("#rows code", has_text=code).wait_for()

    def download(self, kind: str) -> bytes:
        """Download an export by the page."""
        self.go("/export")
        self.page.check(f"input[name=format][value={kind}]")
        with self.page.expect_download() as waited:
            self.page.click("form[action='/export/file'] button.primary")
        return Path(waited.value.path()).read_bytes()

    def everywhere(self, label: str) -> dict[str, str]:
        """The source of every page that could tell of an item, by its name."""
        self.open(label)
        number = self.page.url.partition("/items/")[2].partition("?")[0]
        places = {
            "item": f"/items/{number}",
            "similar": f"/items/{number}/similar",
            "queue": "/?state=all",
            "history": "/history",
            "statistics": "/statistics",
            "sssom": "/export/file?format=sssom&" + _every_state(),
            "usagi": "/export/file?format=usagi-review&" + _every_state(),
            "losses": "/export?losses=1&format=sssom&" + _every_state(),
        }
        found = {name: self.page.request.get(self.site.address + path) for name, path in places.items()}
        assert {name: answer.status for name, answer in found.items()} == dict.fromkeys(places, 200)
        return {name: answer.text() for name, answer in found.items()}


def _every_state() -> str:
    states = ("unmapped", "draft", "mapped", "in-review", "accepted", "rejected", "to-reconcile")
    return "&".join(f"state={state}" for state in states)


def _is_grave(said: Any) -> bool:
    return said.type in {"error", "warning"} and not _LOADED.match(said.text)


@contextlib.contextmanager
def windows(browser: Any, site: Site) -> Iterator[Any]:
    """Give a function that opens windows; at the end none of them may have complained."""
    opened: list[Window] = []

    def new(lang: str = "fr-FR", **options: Any) -> Window:
        context = browser.new_context(locale=lang, **({"viewport": {"width": 1200, "height": 900}} | options))
        context.set_default_timeout(15_000)
        window = Window(site, context.new_page())
        opened.append(window)
        window.page.on("pageerror", lambda error: window.complaints.append(str(error)))
        window.page.on("dialog", lambda dialog: (window.complaints.append(dialog.message), dialog.dismiss()))
        window.page.on("console", lambda said: window.complaints.append(said.text) if _is_grave(said) else None)
        return window

    try:
        yield new
    finally:
        for window in opened:
            window.page.context.close()
    complaints = [each for window in opened for each in window.complaints]
    assert not complaints, complaints
