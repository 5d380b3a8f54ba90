"""One person settles what a conversion left open, from the file of candidates to tables that decide the next one."""

import io
import zipfile

import pytest
from tests.e2e.desk_browser import ORDER

pytestmark = pytest.mark.slow

FORMATS = ("sssom", "usagi", "usagi-review", "stcm", "conceptmap-r4", "conceptmap-r5", "tables")


@pytest.fixture
def zoe(site, windows):
    site.fill()
    site.start()
    window = windows()
    window.page.goto(site.link)
    return window


def counts(window):
    """Codes by tab of the queue, those that wait first."""
    window.go("/?state=all")
    return [int(text) for text in window.page.locator(".tabs b").all_inner_texts()]


def test_the_job_is_done_from_import_to_export(site, windows, zoe, tmp_path):
    zoe.go()
    assert zoe.labels() == list(ORDER), "frequent and doubtful first"
    assert "0 codes acceptés sur 6" in zoe.page.locator(".covered").inner_text().replace("\xa0", " ")
    assert "Zoé" in zoe.page.locator("header .person").inner_text()

    other = windows()
    assert other.page.goto(site.link).status == 403, "the link works once"

    settle_all(zoe)
    zoe.go("/?state=accepted&order=label")
    assert len(zoe.labels()) == 5
    covered = zoe.page.locator(".covered").inner_text().replace("\xa0", " ").replace("\u202f", " ")
    assert "5 codes acceptés sur 6" in covered
    assert covered.strip().startswith("48,9 %"), "480 of 980 records, never rounded up"
    zoe.go()
    assert zoe.labels() == ["toux verte"]

    check_exports(zoe)
    tables = site.export("tables", tmp_path / "decided")
    decided = site.decide(tables, "fievre rouge + toux", "manque de fer bleu", "mal au genou ?", "toux verte")
    assert [each["outcome"] for each in decided.values()][:1] == ["curated"]
    assert decided["fievre rouge + toux"]["candidates"][0]["code"] == "X12.0"
    assert decided["fievre rouge + toux"]["accepted"]
    assert not decided["mal au genou ?"]["accepted"]
    assert decided["toux verte"]["outcome"] != "curated", "nothing was decided of it"
    before = site.decide(None, "fievre rouge + toux")["fievre rouge + toux"]
    assert before["outcome"] != "curated", "the table of the desk is what decides"
    assert site.run("check")


def settle_all(zoe):
    """Decide five of the six, in their order, each in another way."""
    zoe.send("#queue tbody th a")
    assert zoe.label() == ORDER[0]
    zoe.take(1)

    assert zoe.label() == ORDER[1], "the next item follows by itself"
    assert "Accepté" in zoe.page.locator("main .notice").first.inner_text()
    zoe.find("carence fer", "X15")
    zoe.add_found("X15")
    zoe.page.select_option("#rows select[name=target_relation]", "broad")
    zoe.page.fill("#note", "Le fer bleu n’a pas de code à lui.")
    zoe.send("#save")

    assert zoe.label() == ORDER[2]
    assert zoe.page.locator("#candidates").count() == 0
    zoe.send("#no-target")

    assert zoe.label() == ORDER[3]
    zoe.page.click("#candidate-2 .pick")
    zoe.page.wait_for_selector("#concept .concept-name :text('X12')")
    zoe.take(2, "broad")

    zoe.open(ORDER[5], "")
    zoe.page.click("#candidate-1 [data-act=add]")
    zoe.page.wait_for_selector("#rows code:text('X15')")
    zoe.page.select_option("#find-system", "ucum")
    zoe.find("millimole", "mmol/L")
    zoe.add_found("mmol/L")
    assert zoe.rows() == ["X15", "mmol/L"]
    zoe.page.select_option("#rows > li:nth-child(2) select[name=target_part]", "unit")
    zoe.send("#save")


def check_exports(zoe):
    """Each format has what was decided, and the history says that it was made."""
    made = {kind: zoe.download(kind) for kind in FORMATS}
    with zipfile.ZipFile(io.BytesIO(made["tables"])) as archive:
        made["tables"] = b"".join(archive.read(name) for name in archive.namelist())
    for kind in ("sssom", "usagi-review", "conceptmap-r4", "conceptmap-r5", "tables"):
        text = made[kind].decode()
        assert all(code in text for code in ("X12.0", "X15", "X12")), kind
        assert "fievre rouge + toux" in text, kind
    assert "sssom:NoTermFound" in made["sssom"].decode()
    assert b"sourceCode" in made["usagi"].split(b"\n")[0]
    assert b"source_code" in made["stcm"].split(b"\n")[0]
    assert "fer bleu n’a pas de code" in made["sssom"].decode()
    zoe.go("/history?kind=exported")
    assert zoe.page.locator("ol.log > li").count() == len(FORMATS)


@pytest.mark.parametrize("site", ["postgresql"], indirect=True)
def test_two_browsers_that_save_one_item_lose_nothing(site, windows):
    site.fill()
    site.add_people(alice="author", bruno="author")
    site.start()
    alice, bruno = windows(), windows("en-GB")
    for window, name in ((alice, "alice"), (bruno, "bruno")):
        window.sign_in(name)
        window.open(ORDER[0])
    alice.take(1)
    bruno.page.fill("#note", "Cough is not said.")
    bruno.take(2)

    late = bruno.page.locator("#outdated")
    assert late.is_visible()
    assert bruno.label() == ORDER[0]
    sides = late.locator(".side").all_inner_texts()
    assert "alice" in sides[0]
    assert "X12.0" in sides[0]
    assert "X12" in sides[1]
    assert "X12.0" not in sides[1]
    assert "Cough is not said." in sides[1]
    alice.open(ORDER[0])
    assert "X12.0" in alice.page.locator("#decided").inner_text(), "the first decision stands"
    assert "Cough is not said." in alice.page.locator("details.aside").text_content(), "the other one is kept"

    bruno.send("#save-again")
    alice.open(ORDER[0])
    assert "bruno" in alice.page.locator("#decided-title").inner_text()
    told = alice.page.locator("#history").text_content()
    assert [told.count(name) for name in ("alice", "bruno")] == [1, 2]
    assert site.run("check")


@pytest.mark.parametrize("site", ["sqlite"], indirect=True)
def test_a_server_that_is_killed_keeps_every_save_and_every_session(site, windows):
    site.fill()
    site.add_people(alice="author")
    site.start()
    alice = windows()
    alice.sign_in("alice")
    alice.go()
    alice.send("#queue tbody th a")
    for label in ORDER[:2]:
        assert alice.label() == label
        alice.take(1)
    alice.page.fill("#note", "pas encore envoyé")
    site.kill()
    site.start()
    alice.open(ORDER[0])
    assert "alice" in alice.page.locator("header .person").inner_text(), "still signed in"
    assert alice.state() == "accepted"
    alice.go("/?state=accepted")
    assert sorted(alice.labels()) == sorted(ORDER[:2])
    alice.open(ORDER[2])
    alice.send("#no-target")
    alice.go("/?state=accepted")
    assert len(alice.labels()) == 3
    assert site.run("check")
