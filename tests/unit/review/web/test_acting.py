"""What people do on the item page: every action, every refusal, and where each leads."""

import pytest
from tests.unit.review.lookup_stores import FEVERS, shelve
from tests.unit.review.web.desks import Served, entry, form_of, judged, plain
from tests.unit.review.web.test_item_page import accept_automatically

from semantix.review.model import Audit, Judgement, Kind, Mode, Part, Relation, State, Target
from semantix.review.web.judgement_form import press

ENTRIES = (entry("Fièvre rénale maligne", 50), entry("Fièvre rénale ancienne", 30), entry("Toux", 20))


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return shelve(tmp_path_factory.mktemp("store") / "store", FEVERS)


@pytest.fixture
def served(tmp_path):
    served = Served(tmp_path, ENTRIES)
    yield served
    served.close()


@pytest.fixture
def stored(tmp_path, store):
    served = Served(tmp_path, ENTRIES, store=store)
    yield served
    served.close()


@pytest.fixture
def second_look(tmp_path):
    served = Served(tmp_path, ENTRIES, Mode.SECOND_LOOK)
    yield served
    served.close()


@pytest.fixture
def blind(tmp_path):
    served = Served(tmp_path, ENTRIES, Mode.BLIND_DUAL)
    yield served
    served.close()


def place(answer):
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


# --- judging ----------------------------------------------------------------------------------------------------


def test_one_click_accepts_a_candidate_and_opens_the_next(served):
    answer = served.browser("ann").form(1, press("accept", "cim10", "X14", "broad"))
    assert place(answer) == "/items/2?notice=now-accepted&done=1"
    standing = served.standing(1)
    assert standing.state is State.ACCEPTED
    assert standing.judgement == Judgement(
        targets=(Target(system="cim10", code="X14", display="Toux", relation=Relation.BROAD),)
    )
    page = served.browser("ann", "fr").get("/items/2?notice=now-accepted").text
    assert "Accepté. Annuler : z" in page.replace("\xa0", " ")


def test_the_filters_say_which_item_is_next_and_the_last_leads_to_the_queue(served):
    browser = served.browser("ann")
    accept = press("accept", "cim10", "X14")
    page = browser.get("/items/2?order=label&text=fievre").text
    assert place(browser.send(page, accept)) == "/items/1?text=fievre&order=label&notice=now-accepted&done=2"
    page = browser.get("/items/1?order=label&text=fievre").text
    assert place(browser.send(page, accept)) == "/?text=fievre&order=label&notice=end"
    assert "last item" in browser.get("/?notice=end").text


def test_who_wants_to_stay_stays(served):
    assert place(served.browser("ann").form(1, "none", stay="1")) == "/items/1?notice=now-accepted"


def test_no_suitable_target_is_always_there(served):
    served.browser("ann").form(3, "none", note="rien de tel\r\ndans la cible")
    assert served.standing(3).judgement == Judgement(no_target=True, note="rien de tel\ndans la cible")


def test_several_targets_are_put_together_and_saved(served):
    browser = served.browser("ann")
    page = browser.form(1, press("add", "cim10", "X12.0")).text
    page = browser.send(page, press("add", "cim10", "X14")).text
    page = browser.send(page, press("refuse", "cim10", "X15")).text
    assert served.standing(1).state is State.UNMAPPED
    action, fields = form_of(page)
    assert action == "/items/1/judge"
    names = [name for name, _ in fields]
    relation, part = names.index("target_relation"), names.index("target_part")
    fields[relation], fields[part] = ("target_relation", "narrow"), ("target_part", "value")
    assert place(browser.post(action, [*fields[1:], ("do", "save")])).startswith("/items/2")
    first, second = served.standing(1).judgement.chosen
    assert (first.code, first.relation, first.part) == ("X12.0", Relation.NARROW, Part.VALUE)
    assert (second.code, second.display) == ("X14", "Toux")
    assert [each.code for each in served.standing(1).refused] == ["X15"]


def test_a_target_is_taken_off_again(served):
    browser = served.browser("ann")
    page = browser.form(1, press("add", "cim10", "X14")).text
    page = browser.send(page, "remove?row=0").text
    assert 'name="target_code"' not in page


def test_our_script_gets_the_form_alone(served):
    answer = served.browser("ann").post(
        "/items/1/judge", [("do", press("add", "cim10", "X14")), ("seen", "0")], X_Fragment="1"
    )
    assert "<!DOCTYPE" not in answer.text
    assert 'value="X14"' in answer.text


def test_a_draft_is_kept_for_its_author(served):
    browser = served.browser("ann")
    page = browser.form(1, press("add", "cim10", "X14")).text
    assert place(browser.send(page, "draft")) == "/items/2?notice=drafted&done=1"
    assert served.standing(1).state is State.DRAFT
    assert form_of(browser.get("/items/1").text)[1].count(("target_code", "X14")) == 1


def test_displays_come_from_the_store_and_unknown_codes_are_refused(stored):
    browser = stored.browser("ann")
    assert place(browser.form(1, press("accept", "cim10", "x16", display="something else")))
    assert stored.standing(1).judgement.chosen[0].display == "Fermeture du nez"
    answer = browser.form(2, press("accept", "cim10", "Z99"), note="gardée")
    assert answer.status_code == 409
    assert "not in the terminology" in answer.text
    assert "gardée" in answer.text
    # A system that the store does not have is the word of whoever says it.
    assert place(browser.form(2, press("accept", "elsewhere", "1", display="One")))
    assert stored.standing(2).judgement.chosen[0].display == "One"


def test_a_code_is_added_by_hand_where_there_is_no_store(served):
    browser = served.browser("ann")
    page = browser.form(1, "by-hand", hand_system="cim10", hand_code="Q1", hand_display="À la main").text
    assert "À la main" in page
    assert place(browser.send(page, "save"))
    assert served.standing(1).judgement.chosen[0].code == "Q1"
    assert "no code" in browser.form(2, "by-hand", hand_system="cim10").text


def test_the_choice_of_a_similar_term_is_taken_over(served):
    served.act("ann", 2, Kind.JUDGED, judgement=judged("X12", "X13", note="de l’autre"))
    answer = served.browser("bob").form(1, "like?row=2", note="ma note")
    assert place(answer)
    judgement = served.standing(1).judgement
    assert [each.code for each in judgement.chosen] == ["X12", "X13"]
    assert judgement.note == "ma note"


@pytest.mark.parametrize("do", ["like?row=3", "theirs?row=0", "nonsense", "like?row=99999999999"])
def test_buttons_that_the_page_does_not_have_are_refused(served, do):
    answer = served.browser("ann").form(1, do)
    assert answer.status_code == 409
    assert "not one of the page" in answer.text


def test_what_makes_no_sense_is_refused_in_words_with_what_was_typed(served):
    browser = served.browser("ann", "fr")
    answer = browser.form(1, "save", note="ma note")
    assert answer.status_code == 409
    assert "Rien n’est choisi" in answer.text
    assert "ma note" in answer.text
    page = browser.form(1, press("add", "cim10", "X14")).text
    answer = browser.send(page, "save", none="1")
    assert "gardez l’un des deux" in answer.text
    assert 'value="X14"' in answer.text
    answer = browser.send(page, "save", note="x" * 5_000)
    assert answer.status_code == 409
    bad = browser.post("/items/1/judge", [("target_system", "a"), ("target_relation", "nonsense"), ("do", "save")])
    assert bad.status_code == 409
    assert served.standing(1).state is State.UNMAPPED


def test_who_was_here_first_is_shown_and_ones_own_is_kept(served):
    page = served.browser("bob").get("/items/1").text
    served.act("ann", 1, Kind.JUDGED, judgement=judged("X14"))
    browser = served.browser("bob")
    answer = browser.send(page, press("accept", "cim10", "X15"), note="la mienne")
    assert answer.status_code == 409
    text = plain(answer.text)
    assert "Somebody decided before you" in text
    assert "D X14" in text
    assert "Carence en fer" in text
    assert served.standing(1).judgement.chosen[0].code == "X14"
    assert [each.who for each in served.standing(1).aside] == ["bob"]
    assert place(browser.send(answer.text, "save"))
    assert served.standing(1).judgement.chosen[0].code == "X15"
    assert served.standing(1).judgement.note == "la mienne"


def test_an_action_that_comes_too_late_is_not_done(second_look):
    second_look.act("ann", 1, Kind.JUDGED, judgement=judged("X14"))
    seen = str(second_look.standing(1).version)
    second_look.act("ann", 1, Kind.JUDGED, judgement=judged("X15"))
    answer = second_look.browser("rev").post("/items/1/agree", [("seen", seen)])
    assert answer.status_code == 409
    assert "nothing was done" in answer.text
    assert second_look.standing(1).state is State.MAPPED


# --- reviewing --------------------------------------------------------------------------------------------------


def test_a_reviewer_agrees(second_look):
    ann = second_look.browser("ann")
    assert place(ann.form(1, press("accept", "cim10", "X14"))) == "/items/2?notice=now-mapped&done=1"
    rev = second_look.browser("rev")
    seen = str(second_look.standing(1).version)
    assert place(rev.post("/items/1/agree", [("seen", seen)])) == "/items/2?notice=now-accepted&done=1"
    assert second_look.standing(1).state is State.ACCEPTED


def test_a_reviewer_sends_back_with_a_reason(second_look):
    second_look.act("ann", 1, Kind.JUDGED, judgement=judged("X14"))
    seen = ("seen", str(second_look.standing(1).version))
    rev = second_look.browser("rev")
    answer = rev.post("/items/1/send-back", [seen, ("reason", "  ")])
    assert "Give the reason." in answer.text
    assert place(rev.post("/items/1/send-back", [seen, ("reason", "trop large")])).startswith("/items/2")
    assert second_look.standing(1).reason == "trop large"


def test_a_reviewer_who_judges_otherwise_leaves_it_to_a_reconciler(second_look):
    second_look.act("ann", 1, Kind.JUDGED, judgement=judged("X14"))
    answer = second_look.browser("rev").form(1, press("accept", "cim10", "X15"))
    assert "now-to-reconcile" in place(answer)


def test_nobody_agrees_with_themselves_nor_without_the_role(second_look):
    second_look.act("rev", 1, Kind.JUDGED, judgement=judged("X14"))
    seen = [("seen", str(second_look.standing(1).version))]
    answer = second_look.browser("rev").post("/items/1/agree", seen)
    assert answer.status_code == 409
    assert "Nobody agrees with themselves" in answer.text
    answer = second_look.browser("bob").post("/items/1/agree", seen)
    assert answer.status_code == 403
    assert "Your role does not include" in answer.text


def test_a_reconciler_keeps_one_of_two_or_decides_otherwise(blind):
    for number in (1, 2):
        blind.act("ann", number, Kind.JUDGED, judgement=judged("X14", note="d’Ann"))
        blind.act("bob", number, Kind.JUDGED, judgement=judged("X15"))
    rec = blind.browser("rec")
    assert "now-accepted" in place(rec.form(1, "theirs?row=0", note="tranché"))
    assert blind.standing(1).judgement.chosen[0].code == "X14"
    assert blind.standing(1).judgement.note == "tranché"
    assert place(rec.form(2, press("accept", "cim10", "X12.0")))
    assert blind.standing(2).judgement.chosen[0].code == "X12.0"
    assert rec.post("/items/3/reconcile", [("do", "none"), ("seen", "0")]).status_code == 409


def test_the_same_choice_twice_is_accepted_in_blind_mode(blind):
    assert "now-mapped" in place(blind.browser("ann").form(1, press("accept", "cim10", "X14")))
    assert "now-accepted" in place(blind.browser("bob").form(1, press("accept", "cim10", "X14")))


@pytest.mark.parametrize(
    ("fields", "audit", "state"),
    [
        ([("verdict", "right")], Audit.RIGHT, State.ACCEPTED),
        ([("verdict", "wrong"), ("reason", "faux")], Audit.WRONG, State.UNMAPPED),
        ([("do", press("accept", "cim10", "X14"))], Audit.RIGHT, State.ACCEPTED),
        ([("do", press("accept", "cim10", "X15"))], Audit.WRONG, State.ACCEPTED),
    ],
)
def test_the_sample_is_checked(served, fields, audit, state):
    accept_automatically(served, 1, "X14")
    seen = ("seen", str(served.standing(1).version))
    answer = served.browser("rev").post("/items/1/audit", [seen, *fields])
    assert place(answer) == "/items/2?notice=audited&done=1"
    assert served.standing(1).audit is audit
    assert served.standing(1).state is state


# --- around judgements ------------------------------------------------------------------------------------------


def test_an_item_is_taken_in_hand_let_go_and_assigned(served):
    ann = served.browser("ann")
    assert place(ann.post("/items/1/claim", [("seen", "0")])) == "/items/1?notice=claimed"
    assert served.standing(1).claimed_by == "ann"
    assert "ann" in plain(ann.get("/items/1").text)
    seen = [("seen", str(served.standing(1).version))]
    assert served.browser("bob").post("/items/1/release", seen).status_code == 409
    assert place(ann.post("/items/1/release", seen)) == "/items/1?notice=released"
    assert ann.post("/items/1/assign", [*seen, ("to", "bob")]).status_code == 403
    seen = [("seen", str(served.standing(1).version))]
    assert place(served.browser("rev").post("/items/1/assign", [*seen, ("to", "bob")])) == "/items/1?notice=assigned"
    assert served.standing(1).assignee == "bob"


def test_a_remark_goes_into_the_history(served):
    ann = served.browser("ann")
    assert place(ann.post("/items/1/note", [("text", "voir le labo")])) == "/items/1?notice=noted"
    assert "voir le labo" in ann.get("/items/1").text
    assert "The note is empty." in ann.post("/items/1/note", [("text", " ")]).text
    assert "note" in ann.post("/items/1/note", [("text", "x" * 5_000)]).text


def test_what_is_accepted_is_reopened_with_a_reason(served):
    served.act("ann", 1, Kind.JUDGED, judgement=judged("X14"))
    seen = ("seen", str(served.standing(1).version))
    rec = served.browser("rec")
    assert rec.post("/items/1/reopen", [seen, ("reason", "")]).status_code == 409
    assert place(rec.post("/items/1/reopen", [seen, ("reason", "erreur")])) == "/items/1?notice=reopened"
    assert served.standing(1).state is State.UNMAPPED
    assert rec.post("/items/2/reopen", [("seen", "0"), ("reason", "x")]).status_code == 409


def test_the_last_action_is_undone_and_shown(served):
    ann = served.browser("ann")
    ann.form(1, "none")
    assert place(ann.post("/undo?order=label")) == "/items/1?order=label&notice=undone"
    assert served.standing(1).state is State.UNMAPPED
    assert place(ann.post("/undo", [("next", "/items/2?text=a&notice=undone")])) == (
        "/items/2?text=a&notice=nothing_to_undo"
    )
    assert place(ann.post("/undo", [("next", "//evil.example/")])) == "/?notice=nothing_to_undo"
    assert "nothing of yours" in ann.get("/?notice=nothing_to_undo").text
    assert served.browser("rose").post("/undo").status_code == 403


def test_what_somebody_built_on_is_not_undone(second_look):
    second_look.act("ann", 1, Kind.JUDGED, judgement=judged("X14"))
    second_look.act("rev", 1, Kind.AGREED)
    assert place(second_look.browser("ann").post("/undo", [("next", "/items/1")])) == "/items/1?notice=acted_since"


def test_a_reader_does_nothing(served):
    rose = served.browser("rose")
    for road in ("judge", "reconcile", "audit", "agree", "send-back", "claim", "release", "assign", "note", "reopen"):
        answer = rose.post(f"/items/1/{road}", [("do", "none"), ("verdict", "right"), ("seen", "0"), ("text", "a")])
        assert answer.status_code == 403, road
    assert served.standing(1).version == 0


def test_forms_without_their_token_do_nothing(served):
    ann = served.browser("ann")
    ann.csrf = "other"
    assert ann.post("/items/1/judge", [("do", "none"), ("seen", "0")]).status_code == 403
    assert served.standing(1).version == 0
