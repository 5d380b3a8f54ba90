"""Every page of the desk: readable by all, on any screen and on paper, with hostile labels and without scripts."""

import re
from collections.abc import Iterator

import pytest
from tests.e2e import desk_browser
from tests.e2e.desk_browser import HOSTILE, PASSWORD, SIX, Site

from semantix.review.actions import Action, Person
from semantix.review.desk import Desk, Filters
from semantix.review.model import Judgement, Kind, Mode, Relation, Role, Target

axe_api = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe-playwright-python")
pytestmark = pytest.mark.slow

WORDINGS = (
    *SIX,
    (f"hostile {HOSTILE}", 700, (("X17", f"Essai {HOSTILE}", 0.45), ("X14", "Toux verte du matin", 0.2))),
    ("deux avis", 60, (("X12", "Fièvre rouge", 0.55), ("X12.0", "Fièvre rouge avec toux", 0.4))),
    ("un avis", 55, (("X16", "Douleur du genou vert", 0.6),)),
    ("renvoyé", 52, (("X16", "Douleur du genou vert", 0.6),)),
    ("décidé", 51, (("X16", "Douleur du genou vert", 0.7),)),
)
PEOPLE = {name: Person(name, Role(role)) for name, role in (
    ("alice", "author"), ("bruno", "reviewer"), ("chloe", "reconciler")
)}  # fmt: skip
WIDTHS = (1200, 400)
LOOKS = {"fr": ("light", 1200), "en": ("dark", 400)}
PAGES = (
    "/", "/?state=all", "/?text=rien", "hostile", "deux avis", "un avis", "renvoyé", "décidé", "/bulk", "/statistics",
    "/history", "/export", "/export?losses=1&format=stcm", "/help", "/nowhere",
)  # fmt: skip


def choice(code, display="", relation=Relation.EXACT, note=""):
    return Judgement(targets=(Target(system="cim10", code=code, display=display, relation=relation),), note=note)


def work(desk: Desk) -> dict[str, int]:
    """Bring the desk into every state; return the items by label."""
    items = {row.label: row.id for row in desk.page(Filters(states=("all",)), PEOPLE["chloe"], limit=100).rows}

    def act(who, label, kind, **what):
        seen = desk.view(items[label], PEOPLE[who]).standing.version
        desk.act(PEOPLE[who], items[label], Action(kind=kind, **what), seen)

    act("alice", "deux avis", Kind.JUDGED, judgement=choice("X12", "Fièvre rouge", Relation.BROAD, f"Note {HOSTILE}"))
    act("bruno", "deux avis", Kind.JUDGED, judgement=choice("X12.0", "Fièvre rouge avec toux"))
    act("alice", "un avis", Kind.JUDGED, judgement=choice("X16", "Douleur du genou vert"))
    act("alice", "renvoyé", Kind.JUDGED, judgement=choice("X16", "Douleur du genou vert"))
    act("bruno", "renvoyé", Kind.SENT_BACK, reason=f"Non {HOSTILE}")
    act("alice", "décidé", Kind.JUDGED, judgement=choice("X16", "Douleur du genou vert"))
    act("bruno", "décidé", Kind.AGREED)
    act("alice", "toux verte", Kind.DRAFTED, judgement=choice("X14", "Toux verte du matin"))
    act("bruno", "mal au genou ?", Kind.ASSIGNED, to="alice")
    act("chloe", "décidé", Kind.NOTED, text=HOSTILE)
    return {label.partition(" ")[0] if "hostile" in label else label: number for label, number in items.items()}


@pytest.fixture(scope="module")
def served(tmp_path_factory, desk_store) -> Iterator[tuple[Site, dict[str, int]]]:
    folder = tmp_path_factory.mktemp("pages")
    site = Site(str(folder / "desk.sqlite"), folder, desk_store)
    site.fill(WORDINGS)
    site.add_people(alice="author", bruno="reviewer", chloe="reconciler")
    with Desk.open(site.place) as desk:
        desk.set_mode("admin", Mode.SECOND_LOOK)
        items = work(desk)
    site.start()
    yield site, items
    site.stop()


@pytest.fixture(scope="module")
def states(browser, served):
    """The cookies of somebody who signed in, by language: each test has a window of its own."""
    found = {}
    for lang, locale in (("fr", "fr-FR"), ("en", "en-GB")):
        with desk_browser.windows(browser, served[0]) as new:
            window = new(locale)
            window.sign_in("chloe")
            found[lang] = window.page.context.storage_state()
    return found


@pytest.fixture
def windows(browser, served):
    with desk_browser.windows(browser, served[0]) as new:
        yield new


@pytest.fixture
def chloe(windows, states):
    def come(lang="fr", **options):
        return windows({"fr": "fr-FR", "en": "en-GB"}[lang], storage_state=states[lang], **options)

    return come


def place(served, path):
    return path if path.startswith("/") else f"/items/{served[1][path]}?state=all"


def check_looks(window, lang):
    """Nothing wider than any screen; nothing grave for axe, in a look that is another in each language."""
    scheme, width = LOOKS[lang]
    window.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    for each in sorted(WIDTHS, key=lambda each: each == width):
        window.page.set_viewport_size({"width": each, "height": 900})
        beyond = window.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert beyond <= 0, f"wider than {each}"
    found = axe_api.Axe().run(window.page).response["violations"]
    grave = [(each["id"], [node["html"][:200] for node in each["nodes"]][:3])
             for each in found if each["impact"] in {"serious", "critical"}]  # fmt: skip
    assert grave == [], (scheme, width)


@pytest.mark.parametrize("lang", LOOKS)
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_readable_by_all(served, chloe, path, lang):
    window = chloe(lang)
    window.page.goto(served[0].address + place(served, path))
    assert window.page.get_attribute("html", "lang") == lang
    if "/items/" in window.page.url:
        window.page.wait_for_selector("#concept .concept-name, #similar ul, #similar p.soft")
    check_looks(window, lang)
    window.complaints[:] = [text for text in window.complaints if path != "/nowhere" or "404" not in text]


@pytest.mark.parametrize("lang", LOOKS)
def test_what_is_opened_on_a_page_is_readable_by_all(served, chloe, windows, lang):
    window = chloe(lang)
    window.go(place(served, "hostile"))
    window.page.fill("#find-text", "essai")
    window.page.wait_for_selector(".hits > li")
    check_looks(window, lang)
    window.page.keyboard.press("Escape")
    window.page.keyboard.press("?")
    assert window.page.is_visible("dialog#keys")
    check_looks(window, lang)
    window.go("/bulk")
    window.page.check("input[name=what][value=none]")
    window.send("form[action='/bulk/preview'] button.primary")
    check_looks(window, lang)
    stranger = windows({"fr": "fr-FR", "en": "en-GB"}[lang])
    stranger.go("/sign-in")
    check_looks(stranger, lang)


def test_hostile_labels_stay_text_everywhere(served, chloe):
    window = chloe()
    for path in PAGES[:-1]:
        window.go(place(served, path))
        assert window.page.locator("img[src=x]").count() == 0
    for label in ("hostile", "deux avis", "renvoyé", "décidé"):
        window.go(place(served, label))
        window.page.wait_for_selector("#similar ul, #similar p.soft")
        assert "<script>" in window.page.locator("main").inner_text() or label != "hostile"
    window.go(place(served, "hostile"))
    window.page.wait_for_selector("#concept .concept-name")
    window.page.fill("#find-text", "essai")
    window.page.wait_for_selector(".hits > li")
    assert HOSTILE in window.page.locator(".hits > li").first.inner_text(), "in the search while typing too"
    window.page.fill("#find-text", HOSTILE)
    window.page.wait_for_function("document.getElementById('found').getAttribute('aria-busy') === null")
    window.go("/?text=" + "%22%3E%3Cscript%3Ewindow.hit%3D1%3C%2Fscript%3E")
    assert window.page.evaluate("window.hit") is None
    assert window.page.locator("img[src=x], main script").count() == 0


def test_the_language_is_that_of_the_browser_and_stays_once_switched(windows):
    window = windows("en-GB")
    window.go("/sign-in")
    assert window.page.get_attribute("html", "lang") == "en"
    window.page.fill("#name", "alice")
    window.page.fill("#password", PASSWORD)
    window.send("form[action='/sign-in'] button.primary")
    assert window.page.locator("h1").inner_text() == "Queue"
    window.send("form[action='/language'] button")
    assert window.page.locator("h1").inner_text() == "File d’attente"
    window.go("/history")
    assert window.page.get_attribute("html", "lang") == "fr", "it stays, whatever the browser says"
    german = windows("de-DE")
    german.go("/sign-in")
    assert german.page.get_attribute("html", "lang") in {"fr", "en"}


def test_everything_but_the_live_search_works_without_scripts(served, windows):
    window = windows(java_script_enabled=False)
    window.go("/sign-in")
    window.page.fill("#name", "bruno")
    window.page.fill("#password", PASSWORD)
    window.send("form[action='/sign-in'] button.primary")
    window.send("#queue tbody th a:text('fievre rouge')")
    assert window.label() == "fievre rouge + toux"
    window.page.fill("#find-text", "carence")
    window.send("#search button")
    hit = ".hits > li:has(code:text('X15'))"
    window.send(f"{hit} button:text('Ajouter')")
    assert window.rows() == ["X15"]
    window.page.fill("#note", "sans script")
    window.send("#save")
    window.open("fievre rouge + toux")
    assert window.state() == "mapped"
    assert "sans script" in window.page.locator("#first").inner_text()
    window.send("#undo")
    assert window.label() == "fievre rouge + toux"
    assert window.state() == "unmapped"
    window.page.fill("#remark", "vu sans script")
    window.send("#add-note")
    assert "vu sans script" in window.page.locator("#history").text_content()
    window.send("#candidate-1 [data-act=accept]")
    window.open("fievre rouge + toux")
    assert "X12.0" in window.page.locator("#first").inner_text()
    window.send("#undo")


def test_the_statistics_print(served, chloe):
    window = chloe()
    window.go("/statistics")
    printed = window.page.pdf(format="A4")
    window.page.emulate_media(media="print")
    hidden = window.page.evaluate("getComputedStyle(document.querySelector('header nav')).display")
    assert (
        hidden == "none" or window.page.evaluate("getComputedStyle(document.querySelector('.top')).display") == "none"
    )
    assert printed.startswith(b"%PDF-")
    assert 1 <= len(re.findall(rb"/Type\s*/Page\b", printed)) <= 6
    window.page.set_viewport_size({"width": 720, "height": 1000})
    assert window.page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
