"""The queue page: rows in their order, filters in the address, progress, and coming back to where one was."""

import re

import pytest
from tests.unit.review.web.desks import HOSTILE, Served, candidate, entry, judged, plain

from semantix.errors import BadDesk
from semantix.review.model import Kind, Mode


@pytest.fixture
def served(tmp_path):
    entries = [
        entry("Fièvre rénale", 50),
        entry("Toux sèche", 30, section="history", unit="mg"),
        entry("Carence", 20, [candidate("X15", "Carence en fer", 0.97)], sender="other"),
    ]
    served = Served(tmp_path, entries)
    yield served
    served.close()


def rows(page: str) -> list[int]:
    return [int(found) for found in re.findall(r'<tr id="row-(\d+)"', page)]


def test_rows_stand_by_frequency_and_doubt_with_what_is_known_of_them(served):
    page = served.browser("ann").get("/").text
    assert rows(page) == [1, 2, 3]
    text = plain(page)
    assert "Fièvre rénale" in text
    assert "X12.0 Fièvre rénale maligne, avec toux" in text
    assert "unmapped" in text
    assert "3 items" in text
    assert "0% of the records covered" in text


def test_french_reads_as_french(served):
    text = plain(served.browser("ann", "fr").get("/").text)
    assert "0 % des enregistrements couverts" in text.replace("\u202f", " ").replace("\xa0", " ")
    assert "problème" in text
    assert "antécédent" in text


def test_filters_keep_what_they_say_and_stay_in_every_address(served):
    browser = served.browser("ann")
    assert rows(browser.get("/?section=history").text) == [2]
    assert rows(browser.get("/?text=carence").text) == [3]
    assert rows(browser.get("/?low=90").text) == [3]
    assert rows(browser.get("/?sender=labo&order=label").text) == [1, 2]
    assert rows(browser.get("/?assignee=-").text) == [1, 2, 3]
    page = browser.get("/?section=history&order=frequency").text
    assert 'href="/items/2?section=history&amp;order=frequency"' in page
    assert '<option value="history" selected>history' in page
    assert 'id="clear-filters"' in page


def test_what_matches_nothing_offers_to_clear_the_filters(served):
    page = served.browser("ann").get("/?text=zzz").text
    assert "No item matches these filters." in page
    assert 'href="/"' in page


def test_an_empty_desk_says_how_to_fill_it(tmp_path):
    served = Served(tmp_path, [])
    page = served.browser("ann").get("/").text
    assert "semantix review import" in page
    assert served.browser("ann").get("/items").headers["location"] == "/"
    served.close()


def test_when_all_is_decided_the_page_says_so(served):
    for number in (1, 2, 3):
        served.act("ann", number, Kind.JUDGED, judgement=judged("X14"))
    browser = served.browser("ann")
    assert "Nothing is waiting" in browser.get("/").text
    text = plain(browser.get("/?state=accepted").text)
    assert "X14" in text
    assert "100% of the records covered" in text
    assert sorted(rows(browser.get("/?state=all").text)) == [1, 2, 3]


def test_choices_assignees_and_states_are_shown(served):
    served.act("ann", 1, Kind.JUDGED, judgement=judged("X14"))
    served.act("ann", 3, Kind.JUDGED, judgement=judged(none=True))
    served.act("rev", 2, Kind.ASSIGNED, to="bob")
    page = served.browser("ann").get("/?state=all").text
    text = plain(page)
    assert "X14 D X14" in text
    assert "no suitable target" in text
    assert "bob" in text
    assert 'class="chip accepted"' in page


def test_pages_follow_each_other_and_come_back_to_a_row(tmp_path):
    served = Served(tmp_path, [entry(f"Terme {number}", 1_000 - number) for number in range(120)])
    browser = served.browser("ann")
    first = browser.get("/?order=frequency").text
    assert len(rows(first)) == 50
    after = re.search(r'id="next-page" href="([^"]+)"', first)[1].replace("&amp;", "&")
    second = browser.get(after).text
    assert rows(second) == list(range(51, 101))
    assert 'class="button" href="/?order=frequency"' in second
    assert rows(browser.get("/?order=frequency&after=nonsense").text) == rows(first)
    back = browser.get("/?order=frequency&at=77").text
    assert rows(back)[:2] == [76, 77]
    assert '<tr id="row-77" class="current">' in back
    served.act("ann", 1, Kind.JUDGED, judgement=judged("X14"))
    assert rows(browser.get("/?order=frequency&at=1").text)[0] == 2
    assert '<tr id="row-3" class="current">' in browser.get("/?order=frequency&at=3").text
    served.close()


def test_a_row_that_left_the_queue_gives_the_selection_to_the_first(served):
    served.act("ann", 1, Kind.JUDGED, judgement=judged("X14"))
    page = served.browser("ann").get("/?at=1").text
    assert len(re.findall('class="current"', page)) == 1


def test_a_first_choice_is_not_shown_in_blind_mode(tmp_path):
    served = Served(tmp_path, [entry("Fièvre", 5), entry("Toux", 3)], Mode.BLIND_DUAL)
    served.act("ann", 1, Kind.JUDGED, judgement=judged("SECRET9"))
    assert "SECRET9" in served.browser("ann").get("/?state=all").text
    for name in ("bob", "rev", "rec", "rose"):
        assert "SECRET9" not in served.browser(name).get("/?state=all").text
    served.close()


def test_hostile_texts_stay_text(tmp_path):
    found = [candidate("<b>1</b>", HOSTILE, 0.5, conflicts=(HOSTILE,))]
    served = Served(tmp_path, [entry(HOSTILE, 5, found, code=HOSTILE, unit=HOSTILE, section=HOSTILE, sender=HOSTILE)])
    served.act("rev", 1, Kind.ASSIGNED, to=HOSTILE)
    page = served.browser("ann").get("/", Accept_Language="fr").text
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "{{ 7*7 }}" in page
    served.close()


def test_the_first_item_opens_from_a_short_address(served):
    assert re.fullmatch(r"/items/\d+", served.browser("ann").get("/items").headers["location"])


def test_a_database_that_does_not_answer_is_no_mistake_of_the_desk(served, caplog):
    def gone(*_: object, **__: object) -> None:
        raise BadDesk("desk.sqlite: the database does not answer")

    browser = served.browser("rose")
    served.desk.page = gone
    answer = browser.get("/")
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "10"
    assert "The desk cannot answer now" in plain(answer.text)
    assert "does not answer" in caplog.text
