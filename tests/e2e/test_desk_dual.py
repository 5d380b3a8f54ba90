"""Two people and a third: a second look, and blind judgements that a reconciler settles, each at their own browser."""

import json
import re

import pytest
from tests.e2e.desk_browser import ORDER

pytestmark = pytest.mark.slow

FEVER, IRON, KNEE = ORDER[:3]
SECRET = "mot-secret-de-alice"
FOUND = ".hits > li:has(code:text('{}')) button:text('Accepter')"


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


@pytest.mark.parametrize("site", ["sqlite"], indirect=True)
def test_a_second_look_agrees_sends_back_or_differs(site, people, tmp_path):
    alice, bruno, chloe = people("second-look")
    judge_three(alice)
    look_at_three(bruno)
    judge_again(alice, bruno)
    settle(chloe)
    decided = site.export("tables", tmp_path / "decided")
    lines = [line for path in decided.rglob("*.tsv") for line in path.read_text("utf-8").splitlines()]
    about_iron = [line for line in lines if IRON in line]
    assert len(about_iron) == 2
    assert ["\tNot\t" in line for line in about_iron if "X14" in line] == [True], "what was sent back is refused"
    assert site.decide(decided, FEVER)[FEVER]["candidates"][0]["code"] == "X12.0"
    assert site.run("check")


def judge_three(alice):
    alice.open(FEVER)
    alice.take(1)
    assert alice.label() == IRON
    assert "relire" in alice.page.locator("main .notice").first.inner_text()
    alice.take(1)
    alice.send("#no-target")
    alice.open(FEVER)
    assert alice.state() == "mapped"
    assert alice.page.locator("#agree").count() == 0, "nobody agrees with themselves"


def look_at_three(bruno):
    """Agree with the first, send the second back, judge the third otherwise."""
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
    bruno.send(FOUND.format("X16"))


def judge_again(alice, bruno):
    """What was sent back is judged again with its reason at hand, and agreed with."""
    alice.open(IRON)
    assert alice.state() == "rejected"
    assert "Le fer n’est pas une toux." in alice.page.locator("#rejected").inner_text()
    alice.find("carence fer", "X15")
    alice.send(FOUND.format("X15"))
    alice.open(IRON)
    assert alice.state() == "mapped"
    bruno.open(IRON)
    bruno.send("#agree")


def settle(chloe):
    chloe.go("/?state=to-reconcile")
    assert chloe.labels() == [KNEE]
    chloe.send("#queue tbody th a")
    sides = chloe.page.locator("#reconcile .side").all_inner_texts()
    assert [name in side for name, side in zip(("alice", "bruno"), sides, strict=True)] == [True, True]
    assert "Aucun code ne convient" in sides[0]
    assert "X16" in sides[1]
    chloe.send("#reconcile .side:nth-child(2) button")
    chloe.open(KNEE)
    assert chloe.state() == "accepted"
    assert "chloe" in chloe.page.locator("#decided-title").inner_text()


@pytest.mark.parametrize("site", ["postgresql"], indirect=True)
def test_blind_judgements_are_not_seen_until_both_are_there(site, people, tmp_path):
    alice, bruno, chloe = people("blind-dual")
    alice.open(FEVER)
    alice.page.fill("#note", SECRET)
    alice.take(2, "narrow")
    check_hidden(bruno, chloe)
    bruno.open(FEVER)
    assert bruno.page.locator("#first-hidden").is_visible()
    assert bruno.page.locator("#first, #reconcile, #agree").count() == 0
    bruno.take(1)
    bruno.open(FEVER)
    assert bruno.state() == "to-reconcile"
    assert SECRET in bruno.page.locator("#reconcile").inner_text(), "both are told once both have judged"

    judge_at_once(alice, bruno)
    reconcile(chloe)

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


def check_hidden(*others):
    """Nobody else finds the first choice anywhere, but that alice did something."""
    told = re.compile("narrower|narrowMatch|plus étroite", re.IGNORECASE)
    for other in others:
        for name, source in other.everywhere(FEVER).items():
            assert SECRET not in source, name
            assert "alice" not in source or name in {"history", "item", "statistics"}, name
            assert not re.search(r"X12\b(?!\.)", without_candidates(name, source)), name
            assert name in {"item", "similar"} or not told.search(source), name


def judge_at_once(alice, bruno):
    """The same of one item, opened before either saved; another of the next."""
    alice.open(IRON)
    bruno.open(IRON)
    alice.take(1)
    bruno.take(1)
    bruno.open(IRON)
    assert bruno.state() == "accepted", "neither came too late, and they agree"
    alice.open(KNEE)
    alice.send("#no-target")
    bruno.open(KNEE)
    bruno.find("douleur", "X16")
    bruno.send(FOUND.format("X16"))


def reconcile(chloe):
    """Keep one of two that stand side by side; decide otherwise on the next."""
    chloe.go("/?state=to-reconcile")
    assert chloe.labels() == [FEVER, KNEE]
    chloe.send("#queue tbody th a")
    sides = chloe.page.locator("#reconcile .side")
    first, second = sides.all_inner_texts()
    assert [text in first for text in ("alice", SECRET)] == [True, True]
    assert [text in second for text in ("bruno", "X12.0")] == [True, True]
    left, right = (sides.nth(place).bounding_box() for place in (0, 1))
    assert left["y"] == right["y"], "side by side"
    assert left["x"] < right["x"]
    chloe.send("#reconcile .side:nth-child(2) button")
    assert chloe.label() == KNEE
    chloe.page.fill("#note", "Ni l’un ni l’autre.")
    chloe.find("carence", "X15")
    chloe.send(FOUND.format("X15"))
    chloe.go("/?state=accepted&order=label")
    assert sorted(chloe.labels()) == sorted([FEVER, IRON, KNEE])


def without_candidates(name, source):
    """What of a page is about what people chose: the candidates, which everybody sees, are taken out."""
    if name == "item":
        source = re.sub(r'<ol class="candidates".*?</ol>', "", source, flags=re.DOTALL)
    if name in {"sssom", "usagi", "losses"}:
        return ""
    return source
