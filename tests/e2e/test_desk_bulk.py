"""Acting on many items at once: previewed, done, checked by a sample, measured, and taken back."""

import pytest
from tests.e2e.desk_browser import Seen

from semantix.review.actions import Action, Person
from semantix.review.desk import Desk, Filters
from semantix.review.model import Judgement, Kind, Role, Target

pytestmark = pytest.mark.slow

COUGH = ("X14", "Toux verte du matin")
JUDGED = [f"toux ancienne {number}" for number in range(110)]
SURE = [f"toux nouvelle {number}" for number in range(14)]
AGAINST = ["pas de toux", "jamais de toux"]
DOUBTFUL = ["quinte douteuse", "quinte obscure", "quinte vague"]
WORDINGS: tuple[Seen, ...] = (
    *((text, 5, ((*COUGH, 0.97),)) for text in JUDGED),
    *((text, 100 + place, ((*COUGH, 0.98),)) for place, text in enumerate(SURE)),
    *((text, 50, ((*COUGH, 0.99),)) for text in AGAINST),
    *((text, 40, ((*COUGH, 0.3),)) for text in DOUBTFUL),
)


def judge_before(place):
    """What alice did on the days before: 108 first candidates were right, two were not."""
    alice = Person("alice", Role.AUTHOR)
    right, wrong = (
        Judgement(targets=(Target(system="cim10", code=code, display=display),))
        for code, display in (COUGH, ("X15", "Carence en fer bleu"))
    )
    with Desk.open(place) as desk:
        rows = desk.page(Filters(text="ancienne", order="label"), alice, limit=200).rows
        for number, row in enumerate(rows):
            judgement = wrong if number < 2 else right
            desk.act(alice, row.id, Action(kind=Kind.JUDGED, judgement=judgement), row.version)
    assert len(rows) == len(JUDGED)


@pytest.fixture
def people(site, windows):
    site.fill(WORDINGS, AGAINST)
    judge_before(site.place)
    site.add_people(alice="author", bruno="reviewer", chloe="reconciler")
    site.start()
    found = {name: windows() for name in ("alice", "bruno", "chloe")}
    for name, window in found.items():
        window.sign_in(name)
    return found.values()


def preview(window, what, query="", **fields):
    window.go(f"/bulk?{query}")
    window.page.check(f"input[name=what][value={what}]")
    for name, value in fields.items():
        window.page.fill(f"#{name}", value)
    window.send("form[action='/bulk/preview'] button.primary")


def cards(window):
    return [text.replace("\u202f", "") for text in window.page.locator(".cards strong").all_inner_texts()]


@pytest.mark.parametrize("site", ["postgresql"], indirect=True)
def test_sure_candidates_are_accepted_checked_measured_and_taken_back(site, people):
    alice, bruno, chloe = people
    assert alice.page.request.get(f"{site.address}/bulk").status == 403, "an author does not act in bulk"
    bruno.go("/bulk")
    assert bruno.page.is_disabled("input[name=what][value=accept]"), "nor does a reviewer accept automatically"

    preview(chloe, "accept", precision="99,9", share="20", least="4")
    assert chloe.page.locator("form[action='/bulk/apply'] button").count() == 0
    preview(chloe, "accept", precision="90", share="20", least="4")
    items, records, _, wrong, sample = cards(chloe)
    assert [items, records, wrong, sample] == ["14", str(sum(range(100, 114))), "0,3", "4"]
    shown = chloe.page.locator("main").inner_text()
    assert all(text not in shown for text in (*AGAINST, *DOUBTFUL))
    assert chloe.page.locator("tbody tr", has_text="toux nouvelle").count() == 14

    chloe.send("form[action='/bulk/apply'] button.primary")
    done = chloe.page.url
    assert "14" in chloe.page.locator("main").inner_text()
    chloe.go("/")
    assert sorted(chloe.labels()) == sorted([*AGAINST, *DOUBTFUL])

    bruno.go("/?audit=1")
    drawn = bruno.labels()
    assert len(drawn) == 4
    assert set(drawn) <= set(SURE)
    check_sample(bruno, drawn)
    bruno.go("/statistics")
    observed = bruno.page.locator(".stat-cards").inner_text().replace("\xa0", " ").replace("\u202f", " ")
    assert "33,3 %" in observed, "one of three was right"

    chloe.page.goto(done)
    chloe.send("form[action='/bulk/undo'] button")
    chloe.go("/history")
    assert "annulé" in chloe.page.locator("ol.log > li.undone, ol.log > li .chip").all_inner_texts().__repr__()
    chloe.go("/?text=nouvelle")
    untouched = set(SURE) - set(drawn[:3])
    assert untouched <= set(chloe.labels()), "what nobody touched waits again"
    chloe.go("/?text=nouvelle&state=accepted")
    assert set(chloe.labels()) == {drawn[0], drawn[2]}, "what somebody checked stays as they left it"
    assert site.run("check")


def check_sample(bruno, drawn):
    """One is right, one is wrong and opens again, one is wrong and gets another code."""
    bruno.send("#queue tbody th a")
    assert bruno.label() == drawn[0]
    bruno.send("#audit-right")
    assert bruno.label() == drawn[1]
    bruno.page.fill("#reason", "Ce n’est pas le matin.")
    bruno.send("#audit-wrong")
    assert bruno.label() == drawn[2]
    bruno.find("carence", "X15")
    bruno.send(".hits > li:has(code:text('X15')) button:text('Accepter')")
    bruno.open(drawn[1])
    assert bruno.state() == "unmapped"
    assert "Ce n’est pas le matin." in bruno.page.locator("#history").text_content()
    bruno.open(drawn[2])
    assert "X15" in bruno.page.locator("#decided .targets").inner_text()


@pytest.mark.parametrize("site", ["sqlite"], indirect=True)
def test_what_changed_since_the_preview_is_shown_again_before_anything_is_done(site, people):
    alice, bruno, _ = people
    preview(bruno, "none", "text=quinte", note="Trop vague pour un code.")
    assert cards(bruno)[0] == "3"
    alice.open(DOUBTFUL[0])
    alice.take(1)
    bruno.send("form[action='/bulk/apply'] button.primary")
    assert bruno.page.locator("main [role=alert]").count() == 1
    assert cards(bruno)[0] == "2"
    bruno.send("form[action='/bulk/apply'] button.primary")
    bruno.go("/?text=quinte&state=accepted")
    assert sorted(bruno.labels()) == sorted(DOUBTFUL)
    bruno.page.keyboard.press("z")
    bruno.page.wait_for_url("**/?*notice=undone*")
    bruno.go("/?text=quinte")
    assert sorted(bruno.labels()) == sorted(DOUBTFUL[1:])
    assert site.run("check")
