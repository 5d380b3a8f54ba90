"""The statistics page: its figures are those of the desk, it hides what blind mode hides, and it is kept a while."""

import threading
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from tests.desk_rules import engine_believed
from tests.unit.review.lookup_stores import FEVERS, shelve
from tests.unit.review.web.desks import HOSTILE, Served, candidate, entry, judged, plain

from semantix.review.model import Kind, Mode
from semantix.review.web.measured import Figures

ENTRIES = [entry(f"Fièvre {place}", 10 + place) for place in range(8)]
ENTRIES += [entry(HOSTILE, 5, sender=HOSTILE, section=HOSTILE, system=HOSTILE), entry("Toux", 4, section="laboratory")]


@pytest.fixture(autouse=True)
def _rules():
    with engine_believed():
        yield


@pytest.fixture
def blind(tmp_path):
    served = Served(tmp_path, ENTRIES, Mode.BLIND_DUAL)
    for number, (first, second) in enumerate((("X14", "X14"), ("X12.0", "X14"), ("X15", "X15"), ("X14", "X15")), 1):
        served.act("ann", number, Kind.JUDGED, judgement=judged(first))
        served.act("bob", number, Kind.JUDGED, judgement=judged(second))
    yield served
    served.close()


def test_an_empty_desk_has_nothing_to_show(tmp_path):
    served = Served(tmp_path, [])
    text = plain(served.browser("rose").get("/statistics").text)
    assert "Nothing to show yet." in text
    served.close()


def test_cards_tables_and_charts_of_the_same_figures(blind):
    page = blind.browser("rose").get("/statistics").text
    text = plain(page)
    assert "20% Accepted codes 2 of 10 codes" in text
    assert "0.20 Cohen’s kappa ann and bob" in text
    assert "Same codes: 2 of 4 pairs of judgements; the relation differs in 0." in text
    assert "2 s Median time per decision" in text
    assert "No acceptance was checked yet." in text
    assert "ann 4 4 0 0 0 0 1 2 s" in text
    assert page.count('<svg viewBox="0 0 760') == 6
    assert page.count("<figure>") == page.count("<figcaption>") == page.count('<details class="printed">') == 6
    assert page.count("<caption>") == page.count("<table")
    assert 'href="/api/v1/statistics"' in page


def test_each_disagreement_leads_to_its_item(tmp_path):
    store = shelve(tmp_path / "store", FEVERS)
    served = Served(tmp_path, ENTRIES, Mode.BLIND_DUAL, store)
    for number in (1, 2, 3):
        served.act("ann", number, Kind.JUDGED, judgement=judged("X14"))
        served.act("bob", number, Kind.JUDGED, judgement=judged(none=True) if number == 3 else judged("X14"))
    page = served.browser("rose").get("/statistics").text
    assert "one said “no suitable target” 1 3" in plain(page)
    assert '<a href="/items/3?state=all">3</a>' in page
    served.close()


def test_a_first_choice_that_waits_changes_only_how_much_was_done(blind):
    browser = blind.browser("rose")
    before = plain(browser.get("/statistics").text)
    blind.app.state.figures = Figures(blind.clock)
    blind.act("ann", 6, Kind.JUDGED, judgement=judged("X12.0"))
    after = plain(browser.get("/statistics").text)
    assert "ann 5 5 0 0 0 0 1" in after
    figures = ("Agreement", "Precision by probability", "Sources that leave")
    for begin, end in pairwise(figures):
        assert before[before.index(begin) : before.index(end)] == after[after.index(begin) : after.index(end)]
    assert "X12.0" not in after


def test_hostile_names_stay_text(blind):
    page = blind.browser("rose").get("/statistics").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_the_observed_precision_of_the_sample(tmp_path):
    sure = [entry(f"Fièvre {place}", 9, [candidate("X12.0", "Fièvre", 0.995)], code=f"A{place}") for place in range(6)]
    served = Served(tmp_path, sure)
    served.app.state.tools.held_out = lambda _: ((0.9, True),) * 600
    browser = served.browser("rec")
    from tests.unit.review.web.test_bulk_pages import accept, fields_of

    browser.post("/bulk/apply", fields_of(accept(browser, least="6").text))
    served.act("rev", 1, Kind.AUDITED, right=True)
    served.act("rev", 2, Kind.AUDITED, right=False, reason="no")
    text = plain(browser.get("/statistics").text)
    assert "50% Observed precision of the sample 1 right of 2 checked" in text
    assert "1 of 2 checked acceptances were right (50%" in text
    assert "6 0 0 0" not in text
    served.close()


def test_the_page_in_french(blind):
    text = plain(blind.browser("rose", "fr").get("/statistics").text)
    assert "0,20 Kappa de Cohen ann et bob" in text
    assert "biologie" in blind.browser("rose", "fr").get("/statistics").text


# --- keeping figures ------------------------------------------------------------------------------------------


class Tick:
    """A clock that a test turns; each reading of it costs ``cost``."""

    def __init__(self, cost=0.0):
        self.now, self.cost = 0.0, cost

    def __call__(self):
        self.now += self.cost
        return self.now


def moment():
    return datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_figures_are_kept_as_long_as_nothing_was_done(blind):
    figures = Figures(moment, Tick())
    first = figures.of(blind.desk, None)
    assert figures.of(blind.desk, None) is first
    blind.act("ann", 6, Kind.JUDGED, judgement=judged("X14"))
    second = figures.of(blind.desk, None)
    assert second.event == first.event + 1
    assert second.statistics.work != first.statistics.work


def test_figures_that_took_long_are_shown_for_a_minute_although_something_was_done(blind):
    tick = Tick(cost=10.0)
    figures = Figures(moment, tick)
    first = figures.of(blind.desk, None)
    blind.act("ann", 6, Kind.JUDGED, judgement=judged("X14"))
    assert figures.of(blind.desk, None) is first
    tick.now += 60
    assert figures.of(blind.desk, None).event == first.event + 1


def test_while_one_measures_anew_others_get_the_figures_of_before(blind):
    figures = Figures(moment, Tick())
    first = figures.of(blind.desk, None)
    blind.act("ann", 6, Kind.JUDGED, judgement=judged("X14"))
    begun, go_on = threading.Event(), threading.Event()
    gather = blind.desk.gather

    def slow():
        begun.set()
        assert go_on.wait(10)
        return gather()

    blind.desk.gather = slow
    found = []
    measuring = threading.Thread(target=lambda: found.append(figures.of(blind.desk, None)))
    measuring.start()
    assert begun.wait(10)
    assert figures.of(blind.desk, None) is first
    go_on.set()
    measuring.join()
    assert found[0].event == first.event + 1
