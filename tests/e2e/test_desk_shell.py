"""The shell of the review desk in a real browser: readable by all, its keys, forms that are sent once."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response
from tests.desk_shell import PASSWORD, Desk, Site, pages

from semantix.review.web.app import create_app
from semantix.review.web.options import DeskOptions
from semantix.review.web.rendering import shell_of
from semantix.review.web.serving import Started, serve
from semantix.review.web.signing_in import routes
from semantix.review.web.visits import visit_of

playwright_api = pytest.importorskip("playwright.sync_api", reason="needs playwright")
axe_api = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe-playwright-python")

CHROMIUM = next((path for path in map(Path, ("/usr/bin/chromium", "/usr/bin/chromium-browser")) if path.exists()), None)
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium in /usr/bin"),
]
LOOKS = [("fr", "light", 1200), ("en", "light", 1200), ("fr", "dark", 400), ("en", "dark", 400)]
# The doors answer with these on purpose, and the browser notes each.
EXPECTED = ("403 (Forbidden)", "404 (Not Found)")

TRIED = """{% extends "base.html" %}
{% block title %}Essai{% endblock %}
{% block main %}
<h1>Essai</h1>
<p><label>Texte <input id="text" data-key="/"></label></p>
<p><a id="next" href="#next" data-key="j">Suivant</a>
<button type="button" id="one" data-key="1">Premier <kbd>1</kbd></button>
<button type="button" id="big" data-key="Shift+A">Tout</button></p>
<form method="post" action="/kept"><input type="hidden" name="csrf" value="{{ csrf }}">
<button id="save" name="what" value="saved" data-key="s Ctrl+Enter">Enregistrer</button></form>
{% endblock %}"""


def tried(kept: list[str]) -> APIRouter:
    router = APIRouter()

    async def show(request: Request) -> Response:
        visit, shell = visit_of(request), shell_of(request)
        template = shell.environments[visit.lang].from_string(TRIED)
        values = {"csrf": visit.csrf, "person": visit.person, "local": False, "here": "/tried", "path": "/tried"}
        return HTMLResponse(template.render(values | {"notice": ""}))

    async def keep(request: Request) -> Response:
        import asyncio

        kept.append(str((await request.form())["what"]))
        await asyncio.sleep(0.5)
        return await show(request)

    router.add_api_route("/tried", show, methods=["GET"])
    router.add_api_route("/kept", keep, methods=["POST"])
    return router


@pytest.fixture(scope="module")
def kept() -> list[str]:
    return []


@pytest.fixture(scope="module")
def address(kept) -> Iterator[str]:
    site, known, ready = Site(), [], threading.Event()
    options = DeskOptions(clock=site.clock)
    app = create_app(Desk(site.accounts), options, (routes, pages, lambda: tried(kept)))

    def started(what: Started) -> None:
        known.append(what)
        ready.set()

    thread = threading.Thread(target=serve, args=(app, "127.0.0.1", 0, started))
    thread.start()
    assert ready.wait(10)
    yield known[0].address
    known[0].stop()
    thread.join(10)


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    with playwright_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield started
        started.close()


def opened(browser, look=LOOKS[0]):
    lang, scheme, width = look
    locale = {"fr": "fr-FR", "en": "en-GB"}[lang]
    context = browser.new_context(locale=locale, color_scheme=scheme, viewport={"width": width, "height": 800})
    page = context.new_page()
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    return page, wrong


def sign_in(page, address, place="/tried"):
    page.goto(address + place)
    page.fill("#name", "max")
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(address + place)


def check(page):
    violations = axe_api.Axe().run(page).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"]) for each in violations] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("look", LOOKS)
def test_each_page_is_readable_by_all(browser, address, look):
    page, wrong = opened(browser, look)
    page.goto(address + "/review")
    check(page)
    page.fill("#name", "max")
    page.fill("#password", "not the one")
    page.keyboard.press("Enter")
    page.wait_for_selector("#wrong")
    assert page.evaluate("document.activeElement.id") == "password"
    check(page)
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(address + "/review")
    for place in ("/review", "/help", "/nowhere", "/tried"):
        page.goto(address + place)
        assert page.get_attribute("html", "lang") == look[0]
        check(page)
    page.keyboard.press("?")
    check(page)
    assert [text for text in wrong if not text.endswith(EXPECTED)] == []
    assert [text for text in wrong if "Content Security Policy" in text] == []
    page.context.close()


@pytest.fixture
def complaints() -> list[str]:
    return []


@pytest.fixture
def page(browser, address, complaints):
    page, _ = opened(browser)
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    sign_in(page, address)
    page.evaluate(
        "() => { window.pressed = []; document.addEventListener('click', (e) => pressed.push(e.target.id), true); }"
    )
    yield page
    assert complaints == []
    page.context.close()


def pressed(page, *keys):
    page.evaluate("() => { window.pressed = [] }")
    for key in keys:
        page.keyboard.press(key)
    return page.evaluate("() => window.pressed")


def test_keys_press_what_they_are_written_on(page):
    assert pressed(page, "j", "1", "Shift+A", "x") == ["next", "one", "big"]


def test_a_letter_is_not_the_same_with_shift_or_ctrl(page):
    assert pressed(page, "a", "Control+j", "Shift+J", "Alt+j") == []


def test_a_digit_of_a_french_keyboard_is_known_by_its_place(page):
    page.evaluate(
        "() => { window.pressed = []; document.body.dispatchEvent("
        "new KeyboardEvent('keydown', {key: '&', code: 'Digit1', bubbles: true})) }"
    )
    assert page.evaluate("() => window.pressed") == ["one"]


def test_keys_do_nothing_while_typing_but_those_with_ctrl_do(page, kept):
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "text"
    assert pressed(page, "j", "1", "?", "s") == []
    assert page.input_value("#text") == "j1?s"
    assert not page.is_visible("dialog")
    page.keyboard.press("Escape")
    assert pressed(page, "j") == ["next"]
    page.focus("#text")
    kept.clear()
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/kept")
    assert kept == ["saved"]


def test_the_list_of_keys_opens_closes_and_gives_the_focus_back(page):
    page.focus("#next")
    page.keyboard.press("?")
    assert page.is_visible("dialog")
    rows = page.eval_on_selector_all("#keys-list > *", "all => all.map((each) => each.textContent)")
    assert dict(zip(rows[::2], rows[1::2], strict=True)) == {
        "?": "Afficher les raccourcis",
        "/": "Texte",
        "j": "Suivant",
        "1": "Premier",
        "Shift+A": "Tout",
        "s Ctrl+Enter": "Enregistrer",
        "Esc": "Fermer cette fenêtre",
    }
    assert pressed(page, "j", "1") == []
    page.keyboard.press("Escape")
    assert not page.is_visible("dialog")
    assert page.evaluate("document.activeElement.id") == "next"


def test_keys_of_one_letter_can_be_turned_off_and_the_list_still_opens(page):
    page.keyboard.press("?")
    page.uncheck("#keys-active")
    page.keyboard.press("Escape")
    assert pressed(page, "j", "1") == []
    page.keyboard.press("?")
    assert page.is_visible("dialog")
    assert not page.is_checked("#keys-active")


def test_a_form_is_sent_once_however_often_it_is_clicked(page, kept):
    kept.clear()
    page.evaluate("() => { const save = document.getElementById('save'); save.click(); save.click(); save.click() }")
    page.wait_for_url("**/kept")
    assert kept == ["saved"]


def test_what_is_announced_is_heard_and_seen(page):
    page.evaluate("() => desk.announce('<b>Fait</b>')")
    page.wait_for_function("document.getElementById('said').textContent === '<b>Fait</b>'")
    assert page.get_attribute("#said", "aria-live") == "polite"


def test_a_request_of_a_script_carries_the_token(page, complaints):
    assert page.evaluate("async () => (await desk.post('/api/count', {count: 3})).status") == 200
    assert page.evaluate("async () => (await fetch('/api/count', {method: 'POST'})).status") == 403
    [noted] = complaints
    assert noted.endswith(EXPECTED)
    complaints.clear()


def test_a_script_of_the_page_that_was_written_into_it_does_not_run(page, complaints):
    page.evaluate(
        "() => { const script = document.createElement('script'); script.textContent = 'window.ran = 1';"
        " document.body.append(script) }"
    )
    assert page.evaluate("() => window.ran") is None
    assert "Content Security Policy" in complaints.pop()
