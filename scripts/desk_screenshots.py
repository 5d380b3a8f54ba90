"""Fill a review desk with invented work, serve it, and write the screenshots of ``docs/how-to/review-desk/``.

    .venv/bin/python scripts/desk_screenshots.py [--out FOLDER] [--only NAME]

Nothing here comes from a patient or from a release: the codes only look like those of CIM-10, the labels are our own
words, the people and their decisions are drawn by lot, the same each time.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from semantix.model import Candidate, Evidence
from semantix.review.actions import Action, Person
from semantix.review.desk import Bulk, Desk, Filters
from semantix.review.formats.exchange import Entry
from semantix.review.model import Judgement, Kind, Mode, Proposal, Relation, Role, Source, Target
from semantix.review.web.app import create_app
from semantix.review.web.options import DeskOptions
from semantix.review.web.serving import Started, serve
from semantix.review.web.tools import open_tools
from semantix.terminology.building import Wishes, import_source
from semantix.terminology.records import Concept, Parent, Record, Term
from semantix.terminology.releases import Hints, Importer, Release
from semantix.terminology.source import Source as Delivered

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM = next((path for path in ("/usr/bin/chromium", "/usr/bin/chromium-browser") if Path(path).exists()), None)
PASSWORD = "quatre mots au hasard"
PEOPLE = {"claire": Role.AUTHOR, "karim": Role.AUTHOR, "mathieu": Role.REVIEWER, "sophie": Role.RECONCILER}
SENDERS = ("Clinique des Tilleuls", "Hôpital du Canal", "Cabinet Rive gauche")
FIRST_DAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

CHAPTERS = (
    ("E00-E90", "Hormones et nutrition"), ("I00-I99", "Cœur et vaisseaux"), ("J00-J99", "Respiration"),
    ("M00-M99", "Os, muscles et articulations"), ("N00-N99", "Reins et voies urinaires"), ("Z00-Z99", "Autres"),
)  # fmt: skip
# Code, label, nearest other code, what the wordings stand for, wordings.
CONDITIONS: tuple[tuple[str, str, str, str, tuple[str, ...]], ...] = (
    ("I10", "Pression artérielle haute, sans cause connue", "I11.9", "pression artérielle haute",
     ("HTA", "HTA connue", "hypertension art.", "HTA traitée", "tension haute")),
    ("I11.9", "Pression artérielle haute avec maladie du cœur", "I10", "cœur pression haute",
     ("cardiopathie hypertensive", "HTA + cardiopathie", "cœur hypertendu")),
    ("E11.9", "Diabète de type 2, sans complication", "E10.9", "diabète de type 2",
     ("DT2", "DNID", "diabète 2 équilibré", "diab. type 2", "diabète gras")),
    ("E10.9", "Diabète de type 1, sans complication", "E11.9", "diabète de type 1",
     ("DT1", "DID", "diabète 1 sous pompe")),
    ("N18.9", "Rein insuffisant de longue date", "N17.9", "rein insuffisant de longue date",
     ("IRC", "insuff. rénale chron.", "MRC stade 3", "IRC stade 4")),
    ("N17.9", "Rein insuffisant brutal", "N18.9", "rein insuffisant brutal",
     ("IRA", "insuff. rénale aiguë", "IRA fonctionnelle")),
    ("I48.9", "Arythmie par fibrillation des oreillettes", "I49.9", "fibrillation des oreillettes",
     ("FA", "ACFA", "FA paroxystique", "fibrillation auric.")),
    ("I49.9", "Rythme du cœur irrégulier, sans précision", "I48.9", "rythme irrégulier",
     ("trouble du rythme", "arythmie ?", "palpitations TDR")),
    ("J44.9", "Bronches obstruées de longue date", "J45.9", "bronches obstruées",
     ("BPCO", "BPCO stade 2", "bronchite chron. obst.", "BPCO sous O2")),
    ("J45.9", "Asthme, sans précision", "J44.9", "asthme",
     ("asthme", "asthme allergique", "asthme d’effort", "hyperréact. bronchique")),
    ("I50.9", "Cœur insuffisant, sans précision", "I11.9", "cœur insuffisant",
     ("IC", "insuff. cardiaque", "décomp. cardiaque", "OAP récent")),
    ("E78.0", "Cholestérol trop élevé", "E78.9", "cholestérol élevé",
     ("hypercholestérolémie", "LDL élevé", "cholestérol", "dyslipidémie traitée")),
    ("E78.9", "Graisses du sang anormales, sans précision", "E78.0", "graisses du sang",
     ("dyslipidémie", "bilan lipidique perturbé")),
    ("E03.9", "Thyroïde trop lente", "E05.9", "thyroïde lente",
     ("hypothyroïdie", "TSH élevée", "hypoT. substituée")),
    ("E05.9", "Thyroïde trop rapide", "E03.9", "thyroïde rapide", ("hyperthyroïdie", "Basedow ?")),
    ("M17.9", "Usure du genou", "M16.9", "usure du genou",
     ("gonarthrose", "gonarthrose droite", "arthrose genou G", "gonalgie méca.")),
    ("M16.9", "Usure de la hanche", "M17.9", "usure de la hanche", ("coxarthrose", "PTH sur coxarthrose")),
    ("M54.5", "Douleur du bas du dos", "M54.9", "douleur du bas du dos",
     ("lombalgie", "lombalgies chron.", "lumbago", "mal de dos bas")),
    ("N39.0", "Infection urinaire, siège non précisé", "N30.9", "infection urinaire",
     ("IU", "inf. urinaire", "ECBU positif", "infection urin. basse")),
    ("N30.9", "Inflammation de la vessie", "N39.0", "inflammation de la vessie", ("cystite", "cystites récid.")),
    ("J18.9", "Inflammation du poumon, sans germe connu", "J44.9", "inflammation du poumon",
     ("pneumopathie", "PAC", "PNP bilat.")),
    ("Z95.0", "Porteur d’un stimulateur du cœur", "I49.9", "stimulateur du cœur", ("PM", "pacemaker", "PM double ch.")),
)  # fmt: skip
OTHERS = (("M54.9", "Douleur du dos, sans précision"),)
DISPLAYS = {code: label for code, label, *_ in CONDITIONS} | dict(OTHERS)
SPECIAL = "HTA sévère avec retentissement sur le cœur ?"
"""The wording that is shown: an abbreviation, words in common, words that only one of the two has."""
BESIDE = ("", " (suivi)", " – ATCD")
"""What senders write after a wording."""


def records() -> tuple[Record, ...]:
    """The invented terminology."""
    found: list[Record] = [Concept("cim10", code, label, "chapter", assignable=False) for code, label in CHAPTERS]
    for code, label in sorted(DISPLAYS.items()):
        found.append(Concept("cim10", code, label))
        chapter = next(above for above, _ in CHAPTERS if above[0] == code[0])
        found.append(Parent("cim10", code, chapter))
    for code, _, _, meaning, wordings in CONDITIONS:
        found += [Term("cim10", code, text, "synonym") for text in (meaning, wordings[0])]
    return tuple(found)


def build_store(folder: Path) -> Path:
    """Put the terminology in a store."""
    kept, file = records(), folder / "invented.txt"
    file.write_text("invented", "utf-8")

    def release(_: Delivered, __: Hints) -> Release:
        return Release("exemple", "2026", ("cim10",), "free", False)

    importer = Importer(
        "exemple", "an invented terminology", lambda source, _: bool(source.find("invented.txt")), release,
        lambda _, __: iter(kept),
    )  # fmt: skip
    import_source(Delivered(file), folder / "store", Wishes(), (importer,))
    return folder / "store"


class Clock:
    """The time of the desk: it goes on with every decision."""

    def __init__(self) -> None:
        self.now = FIRST_DAY

    def __call__(self) -> datetime:
        """Tell the present moment."""
        return self.now

    def wait(self, seconds: float) -> None:
        """Let some time go by."""
        self.now += timedelta(seconds=seconds)

    def next_day(self) -> None:
        """Go to the next working morning."""
        days = 3 if self.now.weekday() == 4 else 1
        self.now = (self.now + timedelta(days=days)).replace(hour=8, minute=30, second=0)


def entries(lot: random.Random) -> tuple[Entry, ...]:
    """The wordings with what the engine would propose: right more often the more sure it says it is."""
    found: list[Entry] = []
    for code, label, near, meaning, wordings in CONDITIONS:
        for place, wording in enumerate(wordings):
            about = (code, label, near, meaning)
            found += [_entry(lot, about, wording + beside) for beside in BESIDE[: 3 if place < 3 else 2]]
    found.append(_special())
    found.append(_entry(lot, ("", "", "", ""), "RAS"))
    found.append(_entry(lot, ("", "", "", ""), "bilan à revoir"))
    return tuple(found)


def _special() -> Entry:
    told = {
        "I11.9": (Evidence("matched", "avec, coeur"), Evidence("expanded", "hta → pression artérielle haute"),
                  Evidence("missing", "severe, retentissement"), Evidence("lacking", "maladie")),
        "I10": (Evidence("expanded", "hta → pression artérielle haute"),
                Evidence("missing", "severe, avec, retentissement, coeur"), Evidence("lacking", "sans, cause, connue")),
        "I50.9": (Evidence("matched", "coeur"), Evidence("missing", "hta, severe, avec, retentissement"),
                  Evidence("lacking", "insuffisant, sans, precision")),
    }  # fmt: skip
    chances = {"I11.9": 0.58, "I10": 0.27, "I50.9": 0.06}
    candidates = tuple(
        Candidate(
            "cim10", code, DISPLAYS[code], chance, chance, (Evidence("name", DISPLAYS[code], "preferred"), *told[code]),
            ("negation",) if code == "I10" else (),
        )
        for code, chance in chances.items()
    )  # fmt: skip
    proposal = Proposal(
        candidates=candidates, outcome="candidate", engine="semantix", store="exemple@2026",
        reason="below the threshold that guarantees a precision of 0.98 for label wording",
    )  # fmt: skip
    return Entry(
        source=Source(label=SPECIAL, section="problem", target="cim10"), proposal=proposal, frequency=1912,
        senders={SENDERS[0]: 1204, SENDERS[1]: 708}, extra={"contexte": "conclusion de consultation"},
    )  # fmt: skip


def _entry(lot: random.Random, about: tuple[str, str, str, str], wording: str) -> Entry:
    code, label, near, meaning = about
    sure = lot.random() < 0.6
    chance = round(min(0.995, max(0.12, lot.betavariate(60, 1) if sure else lot.betavariate(3, 2))), 4)
    frequency = max(3, int(1800 / lot.uniform(1, 60) ** 1.1))
    candidates: list[Candidate] = []
    if code:
        first, second = ((code, label), (near, DISPLAYS.get(near, ""))) if lot.random() < chance else (
            (near, DISPLAYS.get(near, "")), (code, label))  # fmt: skip
        rest = round((1 - chance) * 0.7, 4)
        short = wording.split(" ", maxsplit=1)[0].strip("(")
        told = (Evidence("expanded", f"{short.lower()} → {meaning}"),)
        against = ("laterality",) if "droite" in wording and lot.random() < 0.5 else ()
        for place, (each, display) in enumerate((first, second)):
            if not each or not display:
                continue
            name = Evidence("name", display, "preferred")
            candidates.append(
                Candidate(
                    "cim10", each, display, 0.9 - place / 3, chance if place == 0 else rest,
                    (name, *(told if each == code else ())), against,
                )
            )  # fmt: skip
    sender = lot.choice(SENDERS)
    proposal = Proposal(
        candidates=tuple(candidates),
        outcome="candidate" if candidates else "abstained",
        reason="below the threshold that guarantees a precision of 0.98 for label wording" if candidates else "",
        engine="semantix", store="exemple@2026",
    )  # fmt: skip
    source = Source(label=wording, section="problem", target="cim10")
    return Entry(source=source, proposal=proposal, frequency=frequency, senders={sender: frequency})


@dataclass
class Work:
    """People at work on a desk."""

    desk: Desk
    clock: Clock
    lot: random.Random

    def act(self, who: str, item: int, kind: Kind, **what: Any) -> None:
        """Let somebody do one thing, after as long as people take."""
        self.clock.wait(self.lot.uniform(6, 70))
        person = Person(who, PEOPLE[who])
        seen = self.desk.view(item, person).standing.version
        self.desk.act(person, item, Action(kind=kind, **what), seen)

    def judge(self, who: str, item: int, kind: Kind = Kind.JUDGED, slip: float = 0.1) -> None:
        """Let somebody judge: mostly the right code, now and then the one beside it."""
        self.act(who, item, kind, judgement=self.choice(item, slip))

    def choice(self, item: int, slip: float = 0.0) -> Judgement:
        """What somebody would choose."""
        label = self.desk.view(item, Person("sophie", Role.RECONCILER)).item.source.label
        found = [(each[0], each[2]) for each in CONDITIONS if any(_is_of(label, text) for text in each[4])]
        if not found:
            return Judgement(no_target=True, note="Rien qui se code.")
        code, near = found[0]
        if self.lot.random() < slip:
            code = near if near in DISPLAYS else code
        relation = Relation.BROAD if self.lot.random() < slip / 3 else Relation.EXACT
        return Judgement(targets=(Target(system="cim10", code=code, display=DISPLAYS[code], relation=relation),))

    def waiting(self, **filters: Any) -> list[int]:
        """The items of the queue."""
        person = Person("sophie", Role.RECONCILER)
        return [row.id for row in self.desk.page(Filters(**filters), person, limit=400).rows]

    def all(self) -> None:
        """Two weeks of work: blind judgements first, then second looks, an automatic acceptance and its sample."""
        order = self.waiting(order="frequency")
        shown = self.waiting(text="retentissement")
        order = [item for item in order if item not in shown]
        kept, rest = order[:14], order[14:]
        self.desk.set_mode("admin", Mode.BLIND_DUAL)
        for day in range(5):
            for item in rest[day * 12 : day * 12 + 12]:
                self.judge("claire", item)
                self.judge("karim" if day % 2 else "mathieu", item)
            self.clock.next_day()
        for item in self.waiting(states=("to-reconcile",))[3:]:
            self.act("sophie", item, Kind.RECONCILED, judgement=self.choice(item))
        self.desk.set_mode("admin", Mode.SECOND_LOOK)
        for day in range(3):
            for item in rest[60 + day * 24 : 84 + day * 24]:
                self.judge("claire" if day != 1 else "karim", item, slip=0.02)
            self.clock.next_day()
            for place, item in enumerate(self.waiting(states=("mapped",))[4:]):
                if place % 11 == 6:
                    self.act("mathieu", item, Kind.SENT_BACK, reason="Le type n’est pas dit : voir le dossier type.")
                else:
                    self.act("mathieu", item, Kind.AGREED)
        self.accept()
        self.act("claire", kept[2], Kind.JUDGED, judgement=self.choice(kept[2]))
        self.act("karim", kept[4], Kind.DRAFTED, judgement=self.choice(kept[4]))
        self.act("mathieu", shown[0], Kind.ASSIGNED, to="claire")

    def accept(self) -> None:
        """Accept what is sure, and check half of the sample."""
        self.clock.next_day()
        sophie = Person("sophie", Role.RECONCILER)
        bulk = Bulk(what="accept", filters=Filters(target="cim10", text="suivi"), precision=0.9, share=0.5, least=6)
        shown = self.desk.preview(sophie, bulk)
        self.desk.apply(sophie, bulk, shown.token)
        for place, item in enumerate(self.waiting(audit=True)[2:]):
            self.act("mathieu", item, Kind.AUDITED, right=place != 3, reason="" if place != 3 else "Antécédent.")


def _is_of(label: str, wording: str) -> bool:
    return any(label == wording + beside for beside in BESIDE)


@contextmanager
def served(desk: Desk, store: Path, clock: Clock) -> Iterator[str]:
    """Serve the desk; give its address."""
    known: list[Started] = []
    ready = threading.Event()

    def started(what: Started) -> None:
        known.append(what)
        ready.set()

    with open_tools(store) as tools:
        app = create_app(desk, DeskOptions(clock=clock), tools=tools)
        thread = threading.Thread(target=serve, args=(app, "127.0.0.1", 0, started))
        thread.start()
        ready.wait(30)
        yield known[0].address
        known[0].stop()
        thread.join(20)


@dataclass
class Camera:
    """A browser of one language, and where its pictures go."""

    page: Any
    address: str
    folder: Path
    lang: str
    only: str

    def go(self, path: str) -> None:
        """Open a page."""
        self.page.goto(self.address + path)

    def take(self, name: str, height: int = 860) -> None:
        """Write a picture of the upper part of the page."""
        if not self.only or self.only == name:
            self.page.set_viewport_size({"width": 1280, "height": height})
            self.page.evaluate("document.fonts.ready")
            self.page.screenshot(path=self.folder / f"{name}.{self.lang}.png", animations="disabled")

    def sign_in(self, name: str) -> None:
        """Sign in."""
        self.page.context.clear_cookies()
        self.go("/sign-in")
        self.page.fill("#name", name)
        self.page.fill("#password", PASSWORD)
        with self.page.expect_navigation():
            self.page.press("#password", "Enter")

    def open(self, query: str, label: str = "") -> None:
        """Open an item of the queue, and wait for what is fetched beside it."""
        self.go(f"/?{query}")
        rows = self.page.locator("#queue tbody th a", has_text=label) if label else self.page.locator("#queue th a")
        with self.page.expect_navigation():
            rows.first.click()
        self.page.wait_for_selector("#concept .concept-name")
        self.page.wait_for_selector("#similar ul, #similar p.soft, #similar details")


def photograph(camera: Camera) -> None:
    """Take every picture."""
    camera.go("/sign-in")
    camera.page.fill("#name", "claire")
    camera.take("sign-in", 440)
    camera.sign_in("claire")
    camera.go("/")
    camera.take("queue", 760)
    camera.open("", SPECIAL)
    camera.take("item")
    camera.page.keyboard.press("?")
    camera.page.wait_for_selector("dialog[open]")
    camera.take("help", 840)
    camera.sign_in("mathieu")
    camera.open("state=mapped")
    camera.take("second-look")
    camera.sign_in("sophie")
    camera.open("state=to-reconcile")
    camera.take("reconcile")
    camera.go("/bulk?target=cim10")
    camera.page.fill("#precision", "90")
    camera.page.fill("#least", "10")
    with camera.page.expect_navigation():
        camera.page.click("form[action='/bulk/preview'] button.primary")
    camera.take("bulk")
    camera.go("/statistics")
    camera.take("statistics", 1320)
    camera.go("/history")
    camera.take("history")
    camera.go("/export?losses=1&format=usagi")
    camera.take("export", 1020)


def main() -> None:
    """Write the pictures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, default=ROOT / "docs/how-to/review-desk")
    parser.add_argument("--only", default="", help="name of one picture")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        store, clock = build_store(Path(folder)), Clock()
        with Desk.open(f"{folder}/desk.sqlite", create=True, clock=clock, store_of=lambda _: "exemple@2026") as desk:
            for name, role in PEOPLE.items():
                desk.accounts.add(name, role, PASSWORD)
            lot = random.Random(6)
            desk.bring("admin", entries(lot), {"format": "candidates"})
            Work(desk, clock, lot).all()
            with served(desk, store, clock) as address, sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
                for lang, locale in (("fr", "fr-FR"), ("en", "en-GB")):
                    context = browser.new_context(locale=locale, viewport={"width": 1280, "height": 860})
                    photograph(Camera(context.new_page(), address, given.out, lang, given.only))
                browser.close()


if __name__ == "__main__":
    main()
