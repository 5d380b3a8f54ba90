"""The validation page in a real browser: readable by all, on any screen and on paper, fetching nothing."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests import validated

from semantix.validation.report import Teller
from semantix.validation.report.page import render_page
from semantix.validation.report.words import report_words

playwright_api = pytest.importorskip("playwright.sync_api", reason="needs playwright")
axe_api = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe-playwright-python")

CHROMIUM = next((path for path in map(Path, ("/usr/bin/chromium", "/usr/bin/chromium-browser")) if path.exists()), None)
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium in /usr/bin"),
]
EVERY = [(name, lang) for name in validated.REPORTS for lang in ("fr", "en")]
WIDTHS = (1200, 400)


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    with playwright_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("pages")
    for name, lang in EVERY:
        teller = Teller(report_words(lang, typeset=True), validated.RULES)
        (made / f"{name}-{lang}.html").write_text(render_page(validated.REPORTS[name](), teller), "utf-8")
    return made


def opened(browser, path: Path, width: int = 1200, scheme: str = "light"):
    """Open a page, and gather what it asks for beside itself and what the browser complains of."""
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda request: wrong.append(request.url) if request.url != path.as_uri() else None)
    page.goto(path.as_uri())
    return page, wrong


@pytest.mark.parametrize(("name", "lang", "scheme"), [*((*each, "light") for each in EVERY), ("many", "fr", "dark")])
def test_axe_finds_nothing_grave(browser, folder, name, lang, scheme):
    page, wrong = opened(browser, folder / f"{name}-{lang}.html", scheme=scheme)
    violations = axe_api.Axe().run(page).response["violations"]
    grave = [(v["id"], v["impact"]) for v in violations if v["impact"] in {"serious", "critical"}]
    page.context.close()
    assert grave == []
    assert wrong == []


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", list(validated.REPORTS))
def test_nothing_is_wider_than_the_screen(browser, folder, name, width):
    page, _ = opened(browser, folder / f"{name}-fr.html", width=width)
    beyond = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    page.context.close()
    assert beyond <= 0


def test_the_keyboard_reaches_the_verdict_first(browser, folder):
    page, _ = opened(browser, folder / "many-fr.html")
    page.keyboard.press("Tab")
    focused = page.evaluate("[document.activeElement.textContent, document.activeElement.getBoundingClientRect().top]")
    page.keyboard.press("Enter")
    target = page.evaluate("location.hash")
    page.context.close()
    assert focused[0] == "Aller au verdict"
    assert focused[1] >= 0, "a skip link shows itself when it has the focus"
    assert target == "#verdict"


def test_the_two_results_stand_side_by_side_or_one_above_the_other(browser, folder):
    tops = {}
    for width in WIDTHS:
        page, _ = opened(browser, folder / "many-fr.html", width=width)
        tops[width] = page.evaluate("[...document.querySelectorAll('.result')].map(e => e.getBoundingClientRect().top)")
        page.context.close()
    assert tops[1200][0] == tops[1200][1]
    assert tops[400][0] < tops[400][1]


def test_bars_have_the_length_of_their_counts(browser, folder):
    page, _ = opened(browser, folder / "many-fr.html")
    widths = page.evaluate(
        "[...document.querySelectorAll('.bars li:nth-child(2) rect')].map(e => e.getBoundingClientRect().width)"
    )
    page.context.close()
    assert widths[0] / (widths[0] + widths[1]) == pytest.approx(36 / 80, abs=0.01)


@pytest.mark.parametrize("name", list(validated.REPORTS))
def test_it_prints_without_its_navigation(browser, folder, name):
    page, _ = opened(browser, folder / f"{name}-fr.html")
    printed = page.pdf(prefer_css_page_size=True)
    page.emulate_media(media="print")
    hidden = page.evaluate("getComputedStyle(document.querySelector('nav')).display")
    page.context.close()
    assert hidden == "none"
    assert printed.startswith(b"%PDF-")
    pages = len(re.findall(rb"/Type\s*/Page\b", printed))
    assert 1 <= pages <= 10
