"""The history: every event in words, batches on one line, what was undone marked, what is hidden left out."""

import re

import pytest
from tests.desk_rules import engine_believed
from tests.unit.review.web.desks import HOSTILE, ROLES, Served, entry, judged, plain
from tests.unit.review.web.test_bulk_pages import accept, fields_of, serve

from semantix.review.actions import Person
from semantix.review.desk.history import Wanted
from semantix.review.model import Kind, Mode
from semantix.review.web import pages_history

ENTRIES = [entry(f"Fièvre {place}", 10 + place) for place in range(4)] + [entry(HOSTILE, 5), entry("Toux", 4)]


@pytest.fixture
def served(tmp_path):
    served = Served(tmp_path, ENTRIES)
    yield served
    served.close()


def lines(page):
    """The text of each line, without its versions."""
    page = re.sub(r"<details>.*?</details>", "", page, flags=re.DOTALL)
    return [
        plain("<main>" + each) for each in re.findall(r"<li(?: class=\"undone\")?>\s*<time.*?</li>", page, re.DOTALL)
    ]


def bulk_none(served, name="rev", text="fievre"):
    browser = served.browser(name)
    page = browser.post("/bulk/preview", [("what", "none"), ("text", text)]).text
    return browser.post("/bulk/apply", fields_of(page)).headers["location"].rsplit("/", 1)[1]


def test_an_import_and_a_judgement_in_words(served):
    served.act("ann", 1, Kind.JUDGED, judgement=judged("X14", note="vu"))
    served.act("ann", 2, Kind.NOTED, text="à voir")
    page = served.browser("rose").get("/history").text
    assert lines(page) == [
        "10:00 ann wrote a note · Fièvre 1 L11 à voir",
        "10:00 ann judged · Fièvre 0 L10 X14 D X14 vu",
        "10:00 file imported a file · rows 6",
    ]
    assert '<a href="/items/1?state=all">Fièvre 0</a>' in page
    assert "<dt>Engine</dt><dd>semantix" in page


def test_a_bulk_action_is_one_line_and_so_is_taking_it_back(served):
    batch = bulk_none(served)
    served.browser("rev").post("/bulk/undo", [("batch", batch)])
    page = served.browser("rose").get("/history").text
    assert lines(page)[:2] == [
        "10:00 rev undid “judged” · 4 items in bulk",
        "10:00 rev judged · 4 items in bulk undone no suitable target",
    ]
    assert page.count('class="undone"') == 1
    assert f'href="/bulk/done/{batch}"' in page


def test_one_event_that_was_undone_stays_and_says_so(served):
    served.act("ann", 1, Kind.JUDGED, judgement=judged("X14"))
    served.desk.undo(Person("ann", ROLES["ann"]))
    assert lines(served.browser("rose").get("/history").text)[:2] == [
        "10:00 ann undid “judged” · Fièvre 0 L10",
        "10:00 ann judged · Fièvre 0 L10 undone X14 D X14",
    ]


def test_by_who_and_by_what(served):
    served.act("ann", 1, Kind.JUDGED, judgement=judged("X14"))
    served.act("bob", 2, Kind.JUDGED, judgement=judged("X14"))
    bulk_none(served, text="toux")
    browser = served.browser("rose")
    assert [line.split()[1] for line in lines(browser.get("/history?who=bob").text)] == ["bob"]
    assert [line.split()[1] for line in lines(browser.get("/history?kind=judged").text)] == ["rev", "bob", "ann"]
    assert lines(browser.get("/history?kind=judged&who=file").text) == []
    assert "Nothing in the log matches." in browser.get("/history?who=%3Cscript%3E").text
    assert [*map(len, map(lines, [browser.get("/history?kind=nonsense&before=x").text]))] == [4]


def test_a_page_leads_to_the_older_ones_and_back_to_the_newest(served, monkeypatch):
    monkeypatch.setattr(pages_history, "LIMIT", 2)
    for number in range(1, 5):
        served.act("ann", number, Kind.CLAIMED)
    browser = served.browser("rose")
    seen, address = [], "/history"
    while address:
        page = browser.get(address).text
        seen.append(lines(page))
        older = re.search(r'rel="next" href="([^"]+)"', page)
        address = older[1].replace("&amp;", "&") if older else ""
    assert [len(each) for each in seen] == [2, 2, 1]
    assert [line for each in seen for line in each][-1].startswith("10:00 file imported")
    assert 'href="/history" data-key="ArrowLeft"' in page


def test_labels_and_notes_stay_text(served):
    served.act("ann", 5, Kind.JUDGED, judgement=judged("X14", note=HOSTILE))
    served.act("ann", 5, Kind.NOTED, text=HOSTILE)
    page = served.browser("rose").get("/history").text
    assert "<script>alert" not in page
    assert "{{ 7*7 }}" in page


def test_in_blind_mode_a_first_choice_is_not_told_alone_nor_in_bulk(tmp_path):
    served = Served(tmp_path, ENTRIES, Mode.BLIND_DUAL)
    served.act("ann", 6, Kind.JUDGED, judgement=judged("X14"))
    bulk_none(served)
    told = lines(served.browser("bob").get("/history").text)
    # That it was done in bulk would tell the choice: nothing but "no suitable target" is judged so.
    assert not any("X14" in line or "suitable" in line or "rev judged" in line for line in told)
    assert any("X14" in line for line in lines(served.browser("ann").get("/history").text))
    assert "suitable" in lines(served.browser("rev").get("/history").text)[0]
    served.close()


def test_an_empty_log(tmp_path):
    served = Served(tmp_path, [])
    assert "Nothing was done yet." in served.browser("rose").get("/history").text
    served.close()


def test_facts_are_told_in_the_language(served):
    served.act("rev", 1, Kind.ASSIGNED, to="bob")
    served.desk.set_mode("rec", Mode.SECOND_LOOK)
    served.desk.note_desk_event("rec", Kind.USER_ADDED, {"name": "zed", "role": "author"})
    assert lines(served.browser("rose", "fr").get("/history").text)[:3] == [
        "10:00 rec a ajouté un compte · rôle auteur · nom zed",
        "10:00 rec a fixé le mode · mode seconde lecture",
        "10:00 rev a attribué · Fièvre 0 L10 · à bob",
    ]


def test_a_batch_of_one_kind_is_found_by_it_and_counted(served):
    bulk_none(served)
    who = Person("rose", ROLES["rose"])
    [line] = served.desk.history(who, Wanted(kind="judged")).lines
    assert (line.count, line.undone, line.row) == (4, 0, None)
    assert served.desk.people() == ("file", "rev")
    assert served.desk.last_event() == 5


def test_an_automatic_acceptance_counts_items_not_events(tmp_path):
    served = serve(tmp_path)
    browser = served.browser("rec")
    with engine_believed():
        browser.post("/bulk/apply", fields_of(accept(browser).text))
    assert lines(browser.get("/history").text)[0] == (
        "10:00 rec accepted automatically · 31 items in bulk · drawn for the audit 4 "
        "Rule: precision at least 95%, lower bound 99.5%, probability from 90%."
    )
    served.desk.undo(Person("rec", ROLES["rec"]))
    told = lines(browser.get("/history").text)
    assert told[0] == "10:00 rec undid “accepted automatically” · 31 items in bulk"
    assert "in bulk · drawn for the audit 4 undone" in told[1]
    assert lines(browser.get("/history?kind=sampled").text)[0].startswith("10:00 rec drawn for the audit · 4 items")
    served.close()


def test_a_bulk_action_that_was_undone_in_part_says_how_far(served):
    batch = bulk_none(served)
    served.act("ann", 1, Kind.JUDGED, judgement=judged("X14"))
    served.browser("rev").post("/bulk/undo", [("batch", batch)])
    page = served.browser("rose").get("/history").text
    assert lines(page)[2] == "10:00 rev judged · 4 items in bulk 3 undone no suitable target"
    assert 'class="undone"' not in page
