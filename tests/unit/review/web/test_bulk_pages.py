"""Bulk actions by their pages: what is shown is what is done, for whom it is, and the way back."""

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import FormData
from tests.desk_rules import engine_believed
from tests.unit.review.web.desks import HOSTILE, Served, candidate, entry, judged, plain

from semantix.errors import ActionRefused
from semantix.review.actions import Person
from semantix.review.desk import ORDERS, Bulk, Filters
from semantix.review.desk.bulk import WHATS
from semantix.review.model import Audit, How, Kind, Mode, Role, State
from semantix.review.web.bulk_form import bulk_of, pairs_of_bulk

HELD = tuple((0.9 + place / 10_000, True) for place in range(600)) + ((0.6, False),) * 80
SURE = [entry(f"Fièvre {place}", 10 + place, [candidate("X12.0", "Fièvre", 0.995)]) for place in range(30)]
OTHERS = [
    entry("Toux", 5, [candidate("X14", "Toux", 0.2)]),
    entry("Toux grasse", 4, [candidate("X14", "Toux", 0.995, conflicts=("laterality",))]),
    entry(HOSTILE, 3, [candidate("X15", HOSTILE, 0.995)]),
    entry("Autre cible", 2, [candidate("Y1", "Y", 0.9, system="atc")], target="atc"),
]


def serve(folder, mode=Mode.SINGLE, entries=(*SURE, *OTHERS)):
    served = Served(folder, entries, mode)
    served.app.state.tools.held_out = lambda target: HELD if target == "cim10" else ()
    return served


@pytest.fixture(autouse=True)
def _rules():
    with engine_believed():
        yield


@pytest.fixture
def served(tmp_path):
    served = serve(tmp_path)
    yield served
    served.close()


@pytest.fixture
def second_look(tmp_path):
    served = serve(tmp_path, Mode.SECOND_LOOK)
    yield served
    served.close()


def fields_of(page):
    """The fields of the form that applies a preview."""
    found = re.search(r'<form method="post" action="/bulk/apply">.*?</form>', page, re.DOTALL)
    pairs = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', found[0])
    return [(name, unescape(value)) for name, value in pairs if name != "csrf"]


def accept(browser, **more):
    fields = {"what": "accept", "target": "cim10", "precision": "95", "share": "10", "least": "2"} | more
    return browser.post("/bulk/preview", fields.items())


# --- choosing -------------------------------------------------------------------------------------------------


def test_the_form_tells_on_how_many_items_and_which(served):
    page = served.browser("rec").get("/bulk?target=cim10&text=toux&state=unmapped").text
    text = plain(page)
    assert "2 items" in text
    assert "Label, code or unit toux" in text
    assert "State unmapped" in text
    assert '<option value="cim10" selected>' in page
    assert '<input type="hidden" name="text" value="toux">' in page
    assert 'name="target" value' not in page


def test_what_a_role_or_the_mode_does_not_allow_cannot_be_chosen(served):
    closed = re.findall(r'value="(\w+)"[^>]* disabled', served.browser("rev").get("/bulk").text)
    assert closed == ["accept", "agree"]
    text = plain(served.browser("rev").get("/bulk").text)
    assert "Needs the role reconciler." in text
    assert "Only in the mode “second look”." in text


def test_agreeing_can_be_chosen_where_somebody_takes_a_second_look(second_look):
    assert "disabled" not in second_look.browser("rec").get("/bulk").text


@pytest.mark.parametrize("name", ["rose", "ann"])
def test_readers_and_authors_do_not_act_in_bulk(served, name):
    browser = served.browser(name)
    assert browser.get("/bulk").status_code == 403
    assert browser.post("/bulk/preview", [("what", "none")]).status_code == 403
    assert browser.post("/bulk/apply", [("what", "none")]).status_code == 403
    assert browser.post("/bulk/undo", [("batch", "x")]).status_code == 403
    assert 'href="/bulk"' not in browser.get("/").text
    assert 'href="/bulk"' in served.browser("rev").get("/").text


def test_without_the_token_of_the_form_nothing_is_done(served):
    browser = served.browser("rec")
    browser.csrf = "another"
    assert accept(browser).status_code == 403


# --- automatic acceptance -------------------------------------------------------------------------------------


def test_the_preview_shows_the_rule_the_figures_and_what_is_left_out(served):
    page = accept(served.browser("rec")).text
    text = plain(page)
    assert "Asked: a precision of at least 95%, for" in text
    assert "600 of 600 were right, of which 0 of 0 by this desk’s own judgements" in text
    assert "31 Items" in text
    assert "4 Put before people" in text
    assert "0.2 Expected to be wrong" in text
    assert "probability below that of the rule 1" in text
    assert "the first candidate conflicts with the source, or is of another target 1" in text
    assert "Items shown: 20 of 31" in text
    assert "Apply to 31 items" in text


def test_what_was_previewed_is_done_and_can_be_undone(served):
    browser = served.browser("rec")
    done = browser.post("/bulk/apply", fields_of(accept(browser).text))
    assert done.status_code == 303
    place = done.headers["location"]
    text = plain(browser.get(place).text)
    assert "Items accepted automatically: 31." in text
    assert "for people to check: 4." in text
    assert served.standing(1).how is How.AUTOMATIC
    sampled = [n for n in range(1, 34) if served.standing(n).audit is Audit.WANTED]
    assert len(sampled) == 4
    batch = place.rsplit("/", 1)[1]
    undone = browser.post("/bulk/undo", [("batch", batch)])
    assert undone.headers["location"] == f"/bulk/done/{batch}?notice=undone"
    after = browser.get(undone.headers["location"]).text
    assert "This was undone." in after
    assert 'action="/bulk/undo"' not in after
    assert served.standing(1).state is State.UNMAPPED


def test_when_somebody_changed_an_item_meanwhile_the_new_preview_is_shown(served):
    browser = served.browser("rec")
    fields = fields_of(accept(browser).text)
    served.act("ann", 1, Kind.JUDGED, judgement=judged("X12.0"))
    again = browser.post("/bulk/apply", fields)
    assert again.status_code == 409
    assert "nothing was done" in again.text
    assert "Apply to 30 items" in plain(again.text)
    assert served.standing(2).state is State.UNMAPPED
    assert browser.post("/bulk/apply", fields_of(again.text)).status_code == 303


def test_where_there_is_no_rule_the_nearest_figures_are_told(served):
    text = plain(accept(served.browser("rec"), precision="99,9").text)
    assert "There is no rule" in text
    assert "No threshold guarantees a precision of 99.9%" in text
    assert "No item would be touched." in text
    assert "Apply to" not in text
    other = plain(accept(served.browser("rec"), target="atc").text)
    assert "Too little is known to accept anything: 0 judged candidates" in other


def test_without_a_store_only_the_desk_counts_and_the_page_says_so(served):
    served.app.state.tools = None
    assert "No terminology store is open" in plain(served.browser("rec").get("/bulk").text)
    assert "Too little is known" in plain(accept(served.browser("rec")).text)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"target": ""}, "Choose one target"),
        ({"precision": "30"}, "The precision is from 50"),
        ({"precision": "<b>"}, "The precision is from 50"),
        ({"least": "-1"}, "The precision is from 50"),
        ({"least": "9999999"}, "The precision is from 50"),
        ({"share": "0"}, "The precision is from 50"),
        ({"what": "all"}, "There is no such action."),
        ({"what": "assign", "to": "nobody we know"}, "Nobody of this name"),
    ],
)
def test_what_makes_no_sense_is_refused_beside_what_was_typed(served, more, words):
    answer = accept(served.browser("rec"), **more)
    assert answer.status_code == 409
    assert words in plain(answer.text)
    assert f'name="precision" inputmode="decimal" size="5" maxlength="8" value="{more.get("precision", "95")}"' in (
        answer.text.replace("&lt;b&gt;", "<b>")
    )


def test_a_reviewer_does_not_accept_automatically_even_by_hand(served):
    answer = accept(served.browser("rev"))
    assert answer.status_code == 403
    assert "Your role does not include this action." in plain(answer.text)


# --- the others -----------------------------------------------------------------------------------------------


def test_no_suitable_target_with_a_note_on_what_nobody_judged(served):
    served.act("ann", 32, Kind.JUDGED, judgement=judged("X14"))
    browser = served.browser("rev")
    page = browser.post("/bulk/preview", [("what", "none"), ("text", "toux"), ("state", "all"), ("note", HOSTILE)]).text
    text = plain(page)
    assert "1 Items 5 Records 0.6% Share of all records" in text
    assert "judged or decided already 1" in text
    assert "<script>alert" not in page
    done = browser.post("/bulk/apply", fields_of(page))
    assert "Items judged in bulk: 1. No suitable target." in plain(browser.get(done.headers["location"]).text)
    judgement = served.standing(31).judgement
    assert judgement.no_target
    assert judgement.note == HOSTILE


def test_agreeing_leaves_out_ones_own_work(second_look):
    second_look.act("ann", 1, Kind.JUDGED, judgement=judged("X14"))
    second_look.act("rev", 2, Kind.JUDGED, judgement=judged("X14"))
    browser = second_look.browser("rev")
    page = browser.post("/bulk/preview", [("what", "agree"), ("state", "mapped")]).text
    assert "Nobody agrees with themselves: somebody else has to look. 1" in plain(page)
    assert "<code>X14</code>" in page
    done = browser.post("/bulk/apply", fields_of(page))
    assert "First judgements agreed with: 1." in plain(browser.get(done.headers["location"]).text)
    assert second_look.standing(1).state is State.ACCEPTED


def test_items_are_given_to_somebody_and_taken_away(served):
    browser = served.browser("rev")
    page = browser.post("/bulk/preview", [("what", "assign"), ("target", "atc"), ("to", "bob")]).text
    assert "To: bob" in plain(page)
    done = browser.post("/bulk/apply", fields_of(page))
    assert "Items assigned: 1." in plain(browser.get(done.headers["location"]).text)
    assert served.standing(34).assignee == "bob"
    page = browser.post("/bulk/preview", [("what", "assign"), ("assignee", "bob"), ("to", "")]).text
    assert "To: nobody" in plain(page)
    browser.post("/bulk/apply", fields_of(page))
    assert not served.standing(34).assignee


def test_nothing_is_left_to_act_on(served):
    browser = served.browser("rev")
    page = browser.post("/bulk/preview", [("what", "none"), ("text", "nowhere")]).text
    assert "No item would be touched." in page
    answer = browser.post("/bulk/apply", fields_of(page))
    assert answer.status_code == 409
    assert "No item is left to act on." in plain(answer.text)


# --- afterwards -----------------------------------------------------------------------------------------------


def batch_of_toux(served):
    browser = served.browser("rev")
    page = browser.post("/bulk/preview", [("what", "none"), ("text", "toux")]).text
    return browser, browser.post("/bulk/apply", fields_of(page)).headers["location"].rsplit("/", 1)[1]


def test_a_bulk_action_that_is_not_the_last_is_not_undone_by_its_page(served):
    browser, batch = batch_of_toux(served)
    served.act("rev", 1, Kind.JUDGED, judgement=judged("X14"))
    assert 'action="/bulk/undo"' not in browser.get(f"/bulk/done/{batch}").text
    answer = browser.post("/bulk/undo", [("batch", batch)])
    assert answer.headers["location"].endswith("notice=bulk-not-last")
    assert "You did something else since" in browser.get(answer.headers["location"]).text
    assert served.standing(1).state is State.ACCEPTED


def test_what_others_touched_since_is_left(served):
    browser, batch = batch_of_toux(served)
    served.act("ann", 31, Kind.JUDGED, judgement=judged("X14"))
    answer = browser.post("/bulk/undo", [("batch", batch)])
    assert answer.headers["location"].endswith("notice=undone-some")
    assert "Of these, undone: 1." in plain(browser.get(answer.headers["location"]).text)


def test_when_others_touched_all_of_it_nothing_is_undone(served):
    browser, batch = batch_of_toux(served)
    for number in (31, 32):
        served.act("ann", number, Kind.JUDGED, judgement=judged("X14"))
    assert browser.post("/bulk/undo", [("batch", batch)]).headers["location"].endswith("notice=acted_since")


def test_somebody_elses_bulk_action_is_seen_but_not_undone(served):
    _, batch = batch_of_toux(served)
    page = served.browser("rec").get(f"/bulk/done/{batch}").text
    assert "Items judged in bulk: 2." in page
    assert 'action="/bulk/undo"' not in page


def test_no_page_for_a_batch_that_is_none(served):
    browser = served.browser("rev")
    assert browser.get("/bulk/done/none").status_code == 404
    assert browser.get("/bulk/done/" + served.desk.events(Person("rev", Role.REVIEWER))[-1].batch).status_code == 404
    assert browser.post("/bulk/undo", [("batch", "none")]).status_code == 404


def viewer(name):
    from tests.unit.review.web.desks import ROLES

    from semantix.review.actions import Person

    return Person(name, ROLES[name])


def test_in_blind_mode_a_bulk_action_does_not_tell_others_what_was_chosen(tmp_path):
    served = serve(tmp_path, Mode.BLIND_DUAL)
    browser, batch = batch_of_toux(served)
    assert "No suitable target." in plain(browser.get(f"/bulk/done/{batch}").text)
    # Nothing else is judged in bulk: that it was would tell what was chosen.
    assert served.browser("rec").get(f"/bulk/done/{batch}").status_code == 404
    served.close()


def test_labels_stay_text_on_every_page_of_bulk_actions(served):
    browser = served.browser("rec")
    for page in (
        accept(browser, text="script").text,
        browser.get(
            "/bulk",
        ).text,
        browser.post("/bulk/preview", [("what", "assign"), ("text", HOSTILE)]).text,
    ):
        assert "<script>alert" not in page
        assert "onerror=alert(1)>" not in page.replace("&gt;", "")


def test_the_pages_speak_french(served):
    browser = served.browser("rec", "fr")
    text = plain(accept(browser).text)
    assert "Aperçu : Accepter automatiquement" in text
    assert "Appliquer à 31 éléments" in text
    assert "probabilité inférieure à celle de la règle 1" in text


# --- fields ---------------------------------------------------------------------------------------------------

texts = st.text("abé <&\"'%+ \n", max_size=12).map(str.strip)
shares = st.integers(1, 9_999).map(lambda each: each / 10_000)


@given(
    st.builds(
        Bulk,
        what=st.sampled_from(WHATS),
        filters=st.builds(
            Filters,
            states=st.sampled_from([(), ("all",), ("mapped",), ("draft", "rejected")]),
            target=texts,
            text=texts,
            low=st.none() | shares,
            audit=st.booleans(),
            order=st.sampled_from(ORDERS),
        ),
        precision=shares,
        share=shares,
        least=st.integers(0, 20_000),
        to=texts,
        note=texts,
    )
)
def test_a_bulk_action_comes_back_from_its_fields_as_it_was(bulk):
    read = bulk_of(FormData(pairs_of_bulk(bulk)), 0.98)
    assert read.what == bulk.what
    assert read.filters == bulk.filters
    if bulk.what == "accept":
        assert (read.precision, read.share, read.least) == (bulk.precision, bulk.share, bulk.least)
    assert read.to == (bulk.to if bulk.what == "assign" else "")
    assert read.note == (bulk.note if bulk.what == "none" else "")
    assert bulk_of(FormData(pairs_of_bulk(read)), 0.98) == read


@given(st.text(), st.text())
def test_any_text_in_the_fields_is_read_or_refused(precision, least):
    try:
        read = bulk_of(FormData({"what": "accept", "precision": precision, "least": least}), 0.98)
    except ActionRefused:
        return
    assert 0 <= read.precision <= 1
    assert 0 <= read.least <= 20_000
