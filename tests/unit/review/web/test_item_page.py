"""The item page: what it shows, to whom, in which mode; and its fragments."""

import re

import pytest
from msgspec.structs import replace
from tests.unit.review.lookup_stores import FEVERS, shelve
from tests.unit.review.web.desks import HOSTILE, Served, candidate, entry, judged, plain

from semantix.model import Evidence
from semantix.review.model import Acceptance, Kind, Mode, Part, Relation, Target

ENTRIES = (
    entry("Fièvre rénale maligne", 50, unit="°C", specimen="sang"),
    entry("Fièvre rénale ancienne", 30, sender="clinic"),
    entry("Toux", 20),
)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return shelve(tmp_path_factory.mktemp("store") / "store", FEVERS)


@pytest.fixture
def served(tmp_path, store):
    served = Served(tmp_path, ENTRIES, store=store)
    yield served
    served.close()


def made(tmp_path, mode, entries=ENTRIES):
    return Served(tmp_path, entries, mode)


def test_the_source_is_told_with_all_that_is_known(served):
    text = plain(served.browser("ann").get("/items/1").text)
    for told in ("Fièvre rénale maligne", "L50", "°C", "sang", "problem", "labo", "CIM-10", "unmapped"):
        assert told in text


def test_candidates_stand_with_their_evidence_and_why_none_was_taken(served):
    page = served.browser("ann", "fr").get("/items/1").text
    text = plain(page)
    assert "plusieurs codes sont possibles" in text
    assert "X12.0" in text
    assert "62" in text
    assert "Contradiction : côté" in text.replace("\xa0", " ")
    assert 'class="word matched"' in page
    assert "(présent dans la cible)" in page
    assert len(re.findall('<li class="candidate', page)) == 3


def test_a_candidate_without_display_has_that_of_the_store_on_the_page_and_in_the_judgement(tmp_path, store):
    served = Served(tmp_path, (entry("Anémie", 5, (candidate("X15", ""),)),), store=store)
    assert "Carence en fer" in plain(served.browser("ann").get("/items/1").text)
    served.browser("ann").form(1, "accept?system=cim10&code=X15")
    assert [each.display for each in served.standing(1).judgement.targets] == ["Carence en fer"]
    served.close()


def test_who_has_no_store_is_not_told_to_search(tmp_path):
    bare = Served(tmp_path, (entry("Toux", 5, code="L5"),))
    page = bare.browser("ann", "fr").get("/items/1").text
    assert "Cherchez ci-dessous" not in page
    bare.close()


def test_one_sender_who_is_that_of_the_item_is_told_once(served):
    text = plain(served.browser("ann", "fr").get("/items/2").text)
    assert "Émetteurs" not in text


def test_an_item_that_is_not_there_is_not_found(served):
    browser = served.browser("ann")
    for path in ("/items/99", "/items/99/concept", "/items/99/similar", "/items/99/search?text=toux"):
        assert browser.get(path).status_code == 404
    assert browser.post("/items/99/claim").status_code == 404
    assert browser.post("/items/99/judge", [("do", "none")]).status_code == 404
    assert browser.get("/items/0").status_code == browser.get(f"/items/{2**40}").status_code == 422


def test_a_reader_sees_and_has_no_buttons(served):
    page = served.browser("rose").get("/items/1").text
    assert 'id="judgement"' not in page
    assert 'name="do"' not in page
    assert 'action="/undo' not in page
    assert "not judge it" in page


def test_the_filters_lead_on_and_back(served):
    page = served.browser("ann").get("/items/1?section=problem").text
    assert 'href="/?section=problem&amp;at=1"' in page
    browser = served.browser("ann")
    assert browser.get("/items/1/next?order=frequency").headers["location"] == "/items/2?order=frequency"
    assert browser.get("/items/2/previous?order=frequency").headers["location"] == "/items/1?order=frequency"
    assert browser.get("/items/3/next?order=frequency").headers["location"] == "/?order=frequency&at=3&notice=at-end"


def test_asking_again_for_the_answer_to_a_form_leads_back_to_the_item(served):
    browser = served.browser("ann")
    assert browser.get("/items/1/judge?text=a").headers["location"] == "/items/1?text=a"
    assert browser.get("/items/1/nonsense").status_code == 404


def test_a_precision_is_written_as_in_the_language(tmp_path):
    told = replace(ENTRIES[0].proposal, reason="nothing guarantees a precision of 0.98 for free text")
    served = made(tmp_path, Mode.SINGLE, [replace(ENTRIES[0], proposal=told)])
    assert "rien ne garantit une précision de 0,98" in served.browser("ann", "fr").get("/items/1").text
    assert "a precision of 0.98" in served.browser("ann").get("/items/1").text
    served.close()


# --- fragments --------------------------------------------------------------------------------------------------


def test_a_concept_is_shown_with_its_place_and_neighbours(served):
    browser = served.browser("ann")
    text = plain("<main>" + browser.get("/items/1/concept?system=cim10&code=X12.0").text)
    for told in ("X10-X19 Fièvres", "X12 Fièvre rénale maligne", "X12.3", "base@1", "Accept"):
        assert told in text
    assert "replaced by" in browser.get("/items/1/concept?system=cim10&code=X13").text
    assert "broader" in browser.get("/items/1/concept?system=cim10&code=X14").text
    assert "not in the store" in browser.get("/items/1/concept?system=cim10&code=nope").text
    assert "not in the store" in browser.get("/items/1/concept?system=cim10&code=" + "9" * 500).text
    assert "Accept" not in served.browser("rose").get("/items/1/concept?system=cim10&code=X12.0").text


def test_without_script_the_concept_of_a_candidate_is_in_the_page(served):
    browser = served.browser("ann")
    assert "X10-X19" in browser.get("/items/1?candidate=2").text
    assert 'data-number="2"' in browser.get("/items/1?candidate=2").text
    assert "X10-X19" not in browser.get("/items/1").text
    assert browser.get("/items/1?candidate=77").status_code == 200


def test_a_search_finds_and_is_filtered(served):
    browser = served.browser("ann")
    page = browser.get("/items/1/search?text=toux&system=cim10&valid=1").text
    assert "X14" in page
    assert "<!DOCTYPE" not in page
    assert "R05" not in page
    assert "R05" in browser.get("/items/1/search?text=toux&system=").text
    assert "Nothing found" in browser.get("/items/1/search?text=zzz&system=cim10").text
    assert "X13" not in browser.get("/items/1/search?text=ancienne&system=cim10&valid=1").text
    assert "retired" in browser.get("/items/1/search?text=fievre+ancienne&system=cim10").text
    assert "Nothing found" in browser.get("/items/1/search?text=toux&system=cim10&standard=1").text
    assert browser.get("/items/1/search?text=%01&system=nowhere&domain=nothing").status_code == 200


def test_without_script_the_search_is_a_page(served):
    page = served.browser("ann").get("/items/1?section=problem&find_text=toux&find_system=cim10&find_scan=1").text
    assert "<!DOCTYPE" in page
    assert 'class="hits"' in page
    assert '<input type="hidden" name="section" value="problem">' in page


def test_similar_terms_come_with_what_was_decided(served):
    served.act("ann", 2, Kind.JUDGED, judgement=judged("X13", relation=Relation.CLOSE))
    page = served.browser("ann").get("/items/1/similar").text
    text = plain("<main>" + page)
    assert "Fièvre rénale ancienne" in text
    assert "X13 D X13 close" in text
    assert 'value="like?row=2"' in page
    assert "X13" in served.browser("ann").get("/items/1?similar=1").text


def test_without_a_store_codes_are_added_by_hand(tmp_path):
    served = made(tmp_path, Mode.SINGLE)
    browser = served.browser("ann")
    page = browser.get("/items/1").text
    assert 'name="hand_code"' in page
    assert 'id="search"' not in page
    assert "No terminology store" in browser.get("/items/1/concept?system=cim10&code=X12").text
    assert browser.get("/items/1/search?text=toux").status_code == 200
    served.close()


# --- modes ------------------------------------------------------------------------------------------------------


def every_page(browser, number=1):
    """All that the pages show about an item and those like it."""
    paths = (
        f"/items/{number}",
        f"/items/{number}?similar=1&candidate=1",
        f"/items/{number}/similar",
        f"/items/{number}/concept?system=cim10&code=X12",
        f"/items/{number}/search?text=fievre",
        "/?state=all",
    )
    return "\n".join(browser.get(path).text for path in paths)


def test_in_blind_mode_a_first_choice_is_nowhere(tmp_path):
    served = made(tmp_path, Mode.BLIND_DUAL)
    for number in (1, 2):
        served.act("ann", number, Kind.JUDGED, judgement=judged(f"SECRET{number}", note="HIDDENNOTE"))
    for name in ("bob", "rev", "rec", "rose"):
        browser = served.browser(name)
        seen = every_page(browser, 1) + every_page(browser, 2) + every_page(browser, 3)
        assert "SECRET" not in seen
        assert "HIDDENNOTE" not in seen
        assert "A first judgement exists" in seen
        # Nor is it given to whoever asks to take it over.
        for do in ("theirs?row=0", "like?row=1", "like?row=2"):
            answer = browser.post("/items/2/judge", [("do", do), ("seen", "0")])
            assert answer.status_code in {403, 409}
            assert "SECRET" not in answer.text
    own = every_page(served.browser("ann"))
    assert "SECRET1" in own
    assert "somebody else has to look" in own
    served.close()


def test_two_that_differ_stand_side_by_side(tmp_path):
    served = made(tmp_path, Mode.BLIND_DUAL)
    served.act("ann", 1, Kind.JUDGED, judgement=judged("X14", "X15"))
    served.act("bob", 1, Kind.JUDGED, judgement=judged("X14", "X16"))
    page = served.browser("rec").get("/items/1").text
    assert len(re.findall('<li class="differs">', page)) == 2
    assert "Keep ann’s" in page
    assert 'action="/items/1/reconcile"' in page
    waiting = served.browser("rev").get("/items/1").text
    assert "a reconciler decides" in waiting
    assert 'id="judgement"' not in waiting
    served.close()


def test_a_second_look_sees_the_first_and_may_agree_or_send_back(tmp_path):
    served = made(tmp_path, Mode.SECOND_LOOK)
    served.act("ann", 1, Kind.JUDGED, judgement=judged("X14"))
    page = served.browser("rev").get("/items/1").text
    assert "ann judged" in page
    assert 'id="agree"' in page
    assert 'id="send-back"' in page
    own = served.browser("ann").get("/items/1").text
    assert 'id="agree"' not in own
    assert "You may still change it" in own
    assert 'id="agree"' not in served.browser("bob").get("/items/1").text
    served.act("rev", 1, Kind.SENT_BACK, reason="Trop large")
    again = served.browser("ann").get("/items/1").text
    assert "Trop large" in again
    assert "Refused so far" in again
    served.close()


def test_an_automatic_acceptance_in_the_sample_is_put_to_check(tmp_path):
    served = made(tmp_path, Mode.SINGLE)
    accept_automatically(served, 1, "X14")
    page = served.browser("rev").get("/items/1").text
    assert 'id="audit-right"' in page
    assert "Is it right?" in page
    assert "precision 95% at least" in page
    assert 'action="/items/1/audit"' in page
    assert 'id="audit-right"' not in served.browser("ann").get("/items/1").text
    served.close()


def accept_automatically(served, number, code):
    """Put the events of the rule into the log: an acceptance, and its place in the sample."""
    from semantix.review.desk import log, rebuild_desk
    from semantix.review.model import Event

    rule = Acceptance(
        target="cim10", precision=0.95, threshold=0.9, bound=0.96, right=99, seen=100, desk_right=0, desk_seen=0
    )
    events = [
        Event(at="2026-03-02T09:00:00.000Z", who="rec", kind=Kind.AUTO_ACCEPTED, item=number, acceptance=rule,
              judgement=judged(code)),
        Event(at="2026-03-02T09:00:00.001Z", who="rec", kind=Kind.SAMPLED, item=number),
    ]  # fmt: skip
    with served.desk.database.writing() as connection:
        log.append(connection, events)
    rebuild_desk(served.desk)


def test_an_accepted_item_tells_who_and_may_be_reopened_by_a_reconciler(served):
    served.act("ann", 1, Kind.JUDGED, judgement=judged("X14", note="vu avec le labo"))
    page = served.browser("rec").get("/items/1").text
    assert "Accepted by ann" in page
    assert "vu avec le labo" in page
    assert 'id="reopen"' in page
    assert 'id="reopen"' not in served.browser("ann").get("/items/1").text
    served.act("rec", 1, Kind.REOPENED, reason="nouvelle version")
    text = plain(served.browser("ann").get("/items/1").text)
    assert "Reopened; before, it was: nouvelle version" in text
    assert "X14" in text


def test_the_history_tells_who_did_what_newest_first(served):
    served.act("ann", 1, Kind.JUDGED, judgement=judged("X14"))
    served.act("rev", 1, Kind.ASSIGNED, to="bob")
    served.act("rev", 1, Kind.ASSIGNED, to="")
    served.act("bob", 1, Kind.NOTED, text="À revoir")
    served.desk.undo(person("bob"))
    page = served.browser("ann", "fr").get("/items/1").text
    text = plain(page[page.index('<details id="history"') :])
    told = ["a annulé", "a écrit une note", "À revoir", "à personne", "à bob", "ann a jugé", "X14"]
    places = [text.index(each) for each in told]
    assert places == sorted(places)
    assert 'class="undone"' in page


def person(name):
    from tests.unit.review.web.desks import ROLES

    from semantix.review.actions import Person

    return Person(name, ROLES[name])


def test_a_draft_is_private_and_comes_back(served):
    served.act("ann", 1, Kind.DRAFTED, judgement=judged("X99", note="pas sûre"))
    assert "pas sûre" in served.browser("ann").get("/items/1").text
    assert "X99" not in every_page(served.browser("bob"))


def test_hostile_texts_stay_text_everywhere(tmp_path):
    evidence = (Evidence("name", HOSTILE, HOSTILE), Evidence(HOSTILE, HOSTILE, HOSTILE), Evidence("matched", "script"))
    found = [candidate(HOSTILE, HOSTILE, 0.5, conflicts=(HOSTILE, "side")), candidate("1", HOSTILE, 0.2)]
    found.append(replace(found[0], code="2", evidence=evidence))
    hostile = entry(HOSTILE, 5, found, code=HOSTILE, unit=HOSTILE, specimen=HOSTILE, section=HOSTILE, sender=HOSTILE)
    hostile = replace(hostile, extra={HOSTILE: HOSTILE}, senders={HOSTILE: 3})
    hostile = replace(hostile, proposal=replace(hostile.proposal, reason=HOSTILE, outcome=HOSTILE))
    near = replace(hostile, source=replace(hostile.source, code="other"))
    served = made(tmp_path, Mode.BLIND_DUAL, [hostile, near])
    targets = tuple(
        Target(system=HOSTILE, code=HOSTILE + part, display=HOSTILE, relation=Relation.BROAD, part=part)
        for part in Part
    )
    said = replace(
        judged(note=HOSTILE), targets=(*targets, Target(system="x", code="y", display=HOSTILE, refused=True))
    )
    served.act("ann", 1, Kind.JUDGED, judgement=said)
    served.act("bob", 1, Kind.JUDGED, judgement=replace(said, targets=targets[:1]))
    served.act("rev", 1, Kind.NOTED, text=HOSTILE)
    served.act("rev", 1, Kind.ASSIGNED, to=HOSTILE)
    served.act("rec", 2, Kind.DRAFTED, judgement=said)
    for name in ("ann", "rec"):
        seen = every_page(served.browser(name)) + every_page(served.browser(name, "fr"), 2)
        assert "<script>alert" not in seen
        assert "<img src=x" not in seen
        assert "</textarea><" not in seen.replace("</textarea>\n", "")
        assert "{{ 7*7 }}" in seen
    served.act("rec", 1, Kind.RECONCILED, judgement=said)
    assert "<script>alert" not in every_page(served.browser("rec"))
    served.close()


def test_no_page_has_a_script_or_a_style_of_its_own(served):
    for path in ("/", "/items/1", "/items/1?find_text=toux&candidate=1&similar=1"):
        page = served.browser("rec").get(path).text
        assert not re.search(r"<script(?! src=)|<style|\sstyle=|\son\w+=|javascript:", page)
