"""A whole session by the keyboard: no mouse, the focus always seen, each key listed, and the place kept."""

import zipfile

import pytest
from tests.e2e.desk_browser import ORDER, PASSWORD

pytestmark = pytest.mark.slow

FEVER, IRON, KNEE, GROIN, COUGH, DOSED = ORDER
WATCHED = """addEventListener("pointerdown", () => sessionStorage.setItem("mouse", "used"), true)"""
SEEN = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return "nothing has the focus";
  const box = at.getBoundingClientRect(), style = getComputedStyle(at);
  if (!box.width || !box.height || box.bottom < 0 || box.top > innerHeight)
    return "off the screen: " + at.outerHTML.slice(0, 80);
  const ringed = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0 || style.boxShadow !== "none";
  return ringed ? "" : "the focus of " + at.outerHTML.slice(0, 80) + " is not seen";
}"""


@pytest.fixture
def alice(site, windows):
    site.fill()
    site.add_people(alice="author")
    site.start()
    window = windows()
    window.page.context.add_init_script(WATCHED)
    window.go("/sign-in")
    type_in(window, "alice", "Tab", PASSWORD)
    window.press("Enter")
    assert window.page.locator("#queue").count() == 1
    return window


def type_in(window, *what):
    """Type texts and press keys, in turn; wait for nothing."""
    for each in what:
        if each in {"Tab", "Enter", "Escape", "ArrowDown", "ArrowUp"} or len(each) == 1:
            window.page.keyboard.press(each)
        else:
            window.page.keyboard.type(each)


def focused(window):
    text = "document.activeElement === document.body ? '' : document.activeElement.textContent.trim()"
    return window.page.evaluate(text)


def tab_back_to(window, selector, most=40):
    """Press Shift+Tab until an element has the focus, which has to be seen on the way."""
    for _ in range(most):
        window.page.keyboard.press("Shift+Tab")
        assert window.page.evaluate(SEEN) == ""
        if window.page.evaluate("(wanted) => document.activeElement.matches(wanted)", selector):
            return
    raise AssertionError(f"{selector} is not reached")


@pytest.mark.parametrize("site", ["sqlite"], indirect=True)
def test_a_session_needs_no_mouse(site, alice, tmp_path):
    assert focused(alice) == FEVER, "the first row waits with the focus"
    assert alice.page.evaluate(SEEN) == ""
    type_in(alice, "j", "j", "k")
    assert focused(alice) == IRON
    alice.press("o")
    assert alice.label() == IRON
    alice.press("k")
    assert alice.label() == FEVER
    alice.press("a")
    assert alice.label() == IRON

    # A search: the key goes to the field, the arrow to what was found, Enter takes it.
    type_in(alice, "s", "carence fer")
    alice.page.wait_for_selector(".hits > li code:text('X15')")
    type_in(alice, "ArrowDown")
    assert alice.page.evaluate(SEEN) == ""
    alice.press("Enter")
    assert alice.label() == KNEE

    alice.press("0")
    assert alice.label() == GROIN
    alice.press("z")
    assert alice.label() == KNEE
    assert alice.state() == "unmapped"
    alice.press("j")
    type_in(alice, "2")
    assert alice.page.locator("#candidate-2.selected").count() == 1
    assert alice.page.evaluate(SEEN) == ""
    alice.press("b")

    # Several targets and a note, saved from within the field.
    assert alice.label() == COUGH
    type_in(alice, "t")
    alice.page.wait_for_selector("#rows code:text('X14')")
    type_in(alice, "m", "vu au clavier")
    alice.press("Control+Enter")
    assert alice.label() == DOSED

    alice.press("q")
    alice.go("/?state=accepted&order=label")
    assert sorted(alice.labels()) == sorted([FEVER, IRON, GROIN, COUGH])
    export_by_keys(alice, tmp_path)
    assert alice.page.evaluate("sessionStorage.getItem('mouse')") is None


def export_by_keys(alice, tmp_path):
    tab_back_to(alice, "nav a[href='/export']")
    alice.press("Enter")
    type_in(alice, "7")
    with alice.page.expect_download() as waited:
        alice.page.keyboard.press("Control+Enter")
    waited.value.save_as(tmp_path / "tables.zip")
    with zipfile.ZipFile(tmp_path / "tables.zip") as archive:
        told = b"".join(archive.read(name) for name in archive.namelist()).decode()
    assert "vu au clavier" in told or FEVER in told


@pytest.mark.parametrize("site", ["sqlite"], indirect=True)
def test_the_keys_of_each_page_are_listed_and_the_focus_comes_back(alice):
    for path, keys in (("/", {"j", "k", "z", "?"}), ("item", {"a", "b", "n", "0", "w", "z", "s", "m", "j", "k", "?"})):
        if path == "item":
            alice.press("o")
            type_in(alice, "2")
        before = focused(alice)
        assert before
        type_in(alice, "?")
        assert alice.page.is_visible("dialog#keys")
        assert alice.page.evaluate("document.activeElement.closest('dialog') !== null")
        assert alice.page.evaluate(SEEN) == ""
        listed = set(alice.page.locator("#keys-list kbd").all_inner_texts())
        assert keys <= listed
        assert all(text.strip() for text in alice.page.locator("#keys-list dd").all_inner_texts())
        type_in(alice, "Escape")
        assert not alice.page.is_visible("dialog#keys")
        assert focused(alice) == before


@pytest.mark.parametrize("site", ["sqlite"], indirect=True)
def test_the_selection_survives_moving_on_and_back(alice):
    alice.go("/?text=fer&order=frequency")
    assert alice.labels() == [IRON, DOSED]
    type_in(alice, "Escape", "j")
    type_in(alice, "j") if focused(alice) == IRON else None
    alice.press("o")
    assert alice.label() == DOSED
    alice.press("k")
    assert alice.label() == IRON, "the item before, of the same filters"
    alice.press("j")
    assert alice.label() == DOSED
    alice.press("q")
    assert alice.labels() == [IRON, DOSED], "the filters are still there"
    assert alice.page.locator("tr.current th a").inner_text() == DOSED
    alice.press("o") if focused(alice) == DOSED else alice.page.locator("tr.current th a").press("Enter")
    alice.page.wait_for_selector("#source")
    alice.page.go_back()
    alice.page.wait_for_selector("tr.current")
    assert alice.page.locator("tr.current th a").inner_text() == DOSED
    assert alice.page.input_value("#filter-order") == "frequency"
