"""Two people and a third: a second look, and blind judgements that a reconciler settles, each at their own browser."""

import json
import re

import pytest
from tests.e2e.desk_browser import ORDER

pytestmark = pytest.mark.slow

FEVER, IRON, KNEE = ORDER[:3]


@pytest.fixture
def people(site, windows):
    """Open a desk in a mode, with an author, two reviewers and a reconciler at four browsers."""

    def come(mode):
        site.fill()
        site.run("mode", mode, "--as", "admin")
        site.add_people(alice="author", bruno="reviewer", chloe="reconciler")
        site.start()
        found = {name: windows() for name in ("alice", "bruno", "chloe")}
        for name, window in found.items():
            window.sign_in(name)
        return found.values()

    return come


def test_a_second_look_agrees_sends_back_or_differs(site, people, tmp_path):
    alice, bruno, chloe = people("second-look")
    alice.open(FEVER)
    alice.take(1)
    assert alice.label() == IRON
    assert "relire" in alice.page.locator("main .notice").first.inner_text()
    alice.take(1)
    alice.send("#no-target")
    alice.open(FEVER)
    assert alice.state() == "mapped"
    assert alice.page.locator("#agree").count() == 0, "nobody agrees with themselves"

    bruno.go("/?state=mapped")
    assert bruno.labels() == [FEVER, IRON, KNEE]
    bruno.send("#queue tbody th a")
    assert "alice" in bruno.page.locator("#first-title").inner_text()
    bruno.send("#agree")
    assert bruno.label() == IRON
    bruno.page.fill("#reason", "Le fer n’est pas une toux.")
    bruno.send("#send-back")
    assert bruno.label() == KNEE
    bruno.find("douleur genou", "X16")
    bruno.send(".hits > li:has(code:text('X16')) button:text('Accepter')")

    alice.open(IRON)
    assert alice.state() == "rejected"
    assert "Le fer n’est pas une toux." in alice.page.locator("#rejected").inner_text()
    alice.find("carence fer", "X15")
    alice.send(".hits > li:has(code:text('X15')) button:text('Accepter')")
    alice.open(IRON)
    assert alice.state() == "mapped"
    bruno.open(IRON)
    bruno.send("#agree")

    chloe.go("/?state=to-reconcile")
    assert chloe.labels() == [KNEE]
    chloe.send("#queue tbody th a")
    sides = chloe.page.locator("#reconcile .side").all_inner_texts()
    assert "alice" in sides[0] and "Aucun code ne convient" in sides[0]
    assert "bruno" in sides[1] and "X16" in sides[1]
    chloe.send("#reconcile .side:nth-child(2) button")
    chloe.open(KNEE)
    assert chloe.state() == "accepted"
    assert "chloe" in chloe.page.locator("#decided-title").inner_text()

    decided = site.export("tables", tmp_path / "decided")
    lines = [line for path in decided.rglob("*.tsv") for line in path.read_text("utf-8").splitlines()]
    about_iron = [line for line in lines if IRON in line]
    assert len(about_iron) == 2
    assert ["\tNot\t" in line for line in about_iron if "X14" in line] == [True], "what was sent back is refused"
    assert site.decide(decided, FEVER)[FEVER]["candidates"][0]["code"] == "X12.0"
    assert site.run("check")


def test_blind_judgements_are_not_seen_until_both_are_there(site, people, tmp_path):
    alice, bruno, chloe = people("blind-dual")
    # The same, another, and a near miss: said by alice first, by bruno at the same time without seeing it.
    alice.open(FEVER)
    alice.page.fill("#note", "mot-secret-de-alice")
    alice.take(2, "narrow")
    for other in (bruno, chloe):
        for name, source in other.everywhere(FEVER).items():
            assert "mot-secret-de-alice" not in source, name
            assert "alice" not in source or name in {"history", "item", "statistics"}, name
            assert not re.search(r"X12\b(?!\.)", without_candidates(name, source)), name
            assert name in {"item", "similar"} or not re.search("narrower|narrowMatch|plus étroite", source, re.I), name
    bruno.open(FEVER)
    assert bruno.page.locator("#first-hidden").is_visible()
    assert bruno.page.locator("#first, #reconcile, #agree").count() == 0
    bruno.take(1)
    bruno.open(FEVER)
    assert bruno.state() == "to-reconcile"
    assert "mot-secret-de-alice" in bruno.page.locator("#reconcile").inner_text(), "both are told once both have judged"

    alice.open(IRON)
    bruno.open(IRON)
    alice.take(1)
    bruno.take(1)
    bruno.open(IRON)
    assert bruno.state() == "accepted", "both had it open, neither came too late, and they agree"

    alice.open(KNEE)
    alice.send("#no-target")
    bruno.open(KNEE)
    bruno.find("douleur", "X16")
    bruno.send(".hits > li:has(code:text('X16')) button:text('Accepter')")

    chloe.go("/?state=to-reconcile")
    assert chloe.labels() == [FEVER, KNEE]
    chloe.send("#queue tbody th a")
    sides = chloe.page.locator("#reconcile .side")
    assert sides.count() == 2
    assert "alice" in sides.nth(0).inner_text() and "mot-secret-de-alice" in sides.nth(0).inner_text()
    assert "bruno" in sides.nth(1).inner_text() and "X12.0" in sides.nth(1).inner_text()
    boxes = [sides.nth(place).bounding_box() for place in (0, 1)]
    assert boxes[0]["y"] == boxes[1]["y"] and boxes[0]["x"] < boxes[1]["x"], "side by side"
    chloe.send("#reconcile .side:nth-child(2) button")
    assert chloe.label() == KNEE
    chloe.page.fill("#note", "Ni l’un ni l’autre.")
    chloe.find("carence", "X15")
    chloe.send(".hits > li:has(code:text('X15')) button:text('Accepter')")
    chloe.go("/?state=accepted&order=label")
    assert sorted(chloe.labels()) == sorted([FEVER, IRON, KNEE])

    figures = json.loads(site.run("stats", "--store", site.store, "--json"))["statistics"]
    [kappa] = figures["agreement"]["kappas"]
    assert [kappa["first"], kappa["second"], kappa["items"], kappa["agreed"]] == ["alice", "bruno", 3, 1]
    chloe.go("/statistics")
    shown = chloe.page.locator("main").inner_text()
    assert "alice et bruno" in shown
    assert f"{kappa['value']:.2f}".replace(".", ",") in shown
    decided = site.decide(site.export("tables", tmp_path / "decided"), FEVER, KNEE)
    assert [each["candidates"][0]["code"] for each in decided.values()] == ["X12.0", "X15"]
    assert site.run("check")


def without_candidates(name, source):
    """What of a page is about what people chose: the candidates, which everybody sees, are taken out."""
    if name == "item":
        source = re.sub(r'<ol class="candidates".*?</ol>', "", source, flags=re.DOTALL)
    if name in {"sssom", "usagi", "losses"}:
        return ""
    return source
