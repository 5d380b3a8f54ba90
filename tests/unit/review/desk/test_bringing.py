"""Bringing files into a desk, and the desk given back as entries."""

import pytest
from msgspec.structs import replace
from tests.desk_cases import log_of, opened, whole
from tests.desk_values import AUTHOR, LATEST, RECONCILER, REVIEWER, choice, entry, judge, refusal

from semantix.review.actions import Action
from semantix.review.desk import Desk, check_desk
from semantix.review.model import Judged, Judgement, Kind, Mode, Proposal, State


@pytest.fixture
def desk(tmp_path):
    with Desk.open(str(tmp_path / "desk.sqlite"), create=True) as desk:
        yield desk


def state_of(desk, number=1):
    return desk.view(number, RECONCILER).standing


def test_the_same_file_twice_changes_nothing(desk):
    past = Judged(who="zoe", judgement=choice("B00"), event=0, at="2020-01-01T00:00:00Z")
    entries = [
        entry("toux", 3, senders={"labo": 3}),
        entry("rhume", 2, judgement=choice("A00"), state=State.ACCEPTED, history=(past,)),
    ]
    first = desk.bring("me", entries)
    assert (first.new, first.updated, first.unchanged, first.decided, first.aside) == (2, 0, 0, 1, 0)
    size = len(log_of(desk))
    again = desk.bring("me", entries)
    assert (again.new, again.updated, again.unchanged, again.decided, again.aside) == (0, 0, 2, 0, 0)
    # The import itself is told, and nothing of what it repeated.
    assert len(log_of(desk)) == size + 1
    whole(desk)


def test_a_changed_frequency_is_taken_or_added(desk):
    desk.bring("me", [entry("toux", 3, senders={"labo": 3})])
    assert desk.bring("me", [entry("toux", 5, senders={"clinic": 5})]).updated == 1
    found = desk.view(1, AUTHOR).item
    assert (found.frequency, dict(found.senders)) == (5, {"clinic": 5})
    desk.bring("me", [entry("toux", 2, senders={"clinic": 1, "labo": 1})], add=True)
    found = desk.view(1, AUTHOR).item
    assert (found.frequency, dict(found.senders)) == (7, {"clinic": 6, "labo": 1})
    assert (found.first_import, found.last_import) == (1, 3)
    whole(desk)


def test_two_rows_for_one_source_that_contradict_each_other_are_to_reconcile(desk):
    done = desk.bring(
        "me",
        [
            entry("toux", 3, judgement=choice("A00"), state=State.ACCEPTED, status_by="zoe"),
            entry("toux", 4, judgement=choice("B00"), state=State.ACCEPTED, status_by="yan"),
        ],
    )
    assert (done.new, done.decided, done.aside) == (1, 1, 0)
    standing = state_of(desk)
    assert standing.state is State.TO_RECONCILE
    assert standing.judgement is None
    assert [(each.who, each.judgement) for each in standing.judged] == [("zoe", choice("A00")), ("yan", choice("B00"))]
    assert desk.view(1, AUTHOR).item.frequency == 4


def test_a_file_without_candidates_leaves_those_of_the_desk(desk):
    desk.bring("me", [entry("toux")])
    desk.bring("me", [entry("toux", 2, None)])
    assert desk.view(1, AUTHOR).item.proposal.candidates[0].code == "A00"


def test_numbers_beyond_a_database_are_held_back(desk):
    desk.bring("me", [entry("toux", 10**30, senders={"labo": 10**30}), entry("rhume", -5)])
    assert desk.progress().records == 10**12 + 1


@pytest.mark.parametrize("state", [State.ACCEPTED, State.MAPPED, State.REJECTED, State.IN_REVIEW, State.DRAFT])
def test_a_decision_of_a_file_is_taken_as_it_is(desk, state):
    desk.bring("me", [entry("toux", judgement=choice("A00"), state=state, status_by="zoe", status_on="2020-01-01")])
    standing = state_of(desk)
    assert (standing.state, standing.judgement) == (state, choice("A00"))
    (given,) = desk.entries()
    assert (given.state, given.status_by, given.status_on) == (state, "zoe", "2020-01-01")


def test_a_choice_that_waits_for_a_reconciler_alone_waits_for_a_second_person(desk):
    desk.bring("me", [entry("toux", judgement=choice("A00"), state=State.TO_RECONCILE)])
    assert state_of(desk).state is State.MAPPED


def test_a_decision_that_contradicts_is_kept_beside(desk):
    desk.bring("me", [entry("toux")])
    desk.act(AUTHOR, 1, judge("B00"), LATEST)
    other = entry("toux", judgement=choice("A00"), state=State.ACCEPTED)
    assert desk.bring("me", [other]).aside == 1
    assert desk.bring("me", [other]).aside == 0
    standing = state_of(desk)
    assert (standing.judgement, [each.judgement for each in standing.aside]) == (choice("B00"), [choice("A00")])
    (given,) = desk.entries()
    assert choice("A00") in [each.judgement for each in given.history]


def test_what_was_reopened_is_not_decided_again_by_the_same_file(desk):
    decided = entry("toux", judgement=choice("A00"), state=State.ACCEPTED)
    desk.bring("me", [decided])
    desk.act(RECONCILER, 1, Action(kind=Kind.REOPENED, reason="wrong"), LATEST)
    desk.bring("me", [replace(decided, frequency=9)])
    assert state_of(desk).state is State.UNMAPPED


def test_refusals_go_out_and_come_back(desk, tmp_path):
    desk.bring("me", [entry("toux"), entry("rhume"), entry("angine")])
    desk.set_mode("me", Mode.SECOND_LOOK)
    desk.act(AUTHOR, 1, judge("A00", refused=["C00"]), LATEST)
    desk.act(REVIEWER, 1, Action(kind=Kind.SENT_BACK, reason="no"), LATEST)
    desk.act(AUTHOR, 1, judge("B00"), LATEST)
    desk.act(REVIEWER, 1, Action(kind=Kind.AGREED), LATEST)
    desk.bring("me", [entry("rhume", judgement=refusal("D00"))])
    desk.act(AUTHOR, 3, judge("A00"), LATEST)
    desk.act(REVIEWER, 3, Action(kind=Kind.SENT_BACK, reason="no"), LATEST)
    desk.act(AUTHOR, 3, Action(kind=Kind.DRAFTED, judgement=choice("B00")), LATEST)
    given = desk.entries()
    assert {each.code for each in given[0].judgement.refused} == {"A00", "C00"}
    assert given[1].judgement == refusal("D00")
    # A draft has not said again what was sent back.
    assert (given[2].state, given[2].judgement) == (State.DRAFT, refusal("A00"))
    with Desk.open(str(tmp_path / "other.sqlite"), create=True) as other:
        other.bring("me", given)
        for number in (1, 2, 3):
            refused = {each.code for each in state_of(other, number).refused}
            assert refused == {each.code for each in state_of(desk, number).refused}
        assert state_of(other, 1).state is State.ACCEPTED


ROUND = (
    entry("toux", 3, senders={"labo": 3}, extra={"note": "x"}),
    entry("rhume", judgement=choice("A00", note="n"), state=State.ACCEPTED, status_by="zoe", status_on="2020-01-01"),
    entry("angine", judgement=choice(), state=State.ACCEPTED, status_by="zoe", status_on="2020-01-01"),
    entry("gale", judgement=choice("A00", "B00"), state=State.MAPPED, status_by="zoe", status_on="2020-01-01"),
    entry("goutte", judgement=choice("A00"), state=State.REJECTED, status_by="zoe", status_on="2020-01-01"),
)


def test_what_came_is_given_back(desk):
    desk.bring("me", ROUND)
    for came, given in zip(ROUND, desk.entries(), strict=True):
        # The score is told from the proposal; who judged from who said so.
        told = replace(given, score=came.score, people=came.people)
        assert told == came
    assert [each.score for each in desk.entries()] == [0.5] * len(ROUND)
    assert [each.source.label for each in desk.entries([State.ACCEPTED])] == ["rhume", "angine"]


def test_two_who_differ_are_given_back_as_they_were(desk, tmp_path):
    desk.bring("me", [entry("toux")])
    desk.set_mode("me", Mode.BLIND_DUAL)
    desk.act(AUTHOR, 1, judge("A00"), LATEST)
    desk.act(REVIEWER, 1, judge("B00"), LATEST)
    (given,) = desk.entries()
    assert (given.state, given.judgement, given.people) == (State.TO_RECONCILE, None, ("ann", "rev"))
    with Desk.open(str(tmp_path / "other.sqlite"), create=True) as other:
        other.bring("me", [given])
        standing = state_of(other)
        assert (standing.state, standing.people) == (State.TO_RECONCILE, ("ann", "rev"))
        assert [each.judgement for each in standing.judged] == [choice("A00"), choice("B00")]


def test_events_name_the_store_and_the_engine(tmp_path):
    with Desk.open(str(tmp_path / "d"), create=True, store_of=lambda target: f"{target}@1") as desk:
        desk.bring("me", [entry("toux", judgement=choice("A00"), state=State.ACCEPTED)])
        event = log_of(desk)[-1]
        assert event.store == "cim10@1"
        assert event.engine.startswith("semantix ")


def test_an_action_keeps_only_the_judgement_that_it_needs(desk):
    desk.bring("me", [entry("toux")])
    desk.act(RECONCILER, 1, Action(kind=Kind.NOTED, text="hm", judgement=choice("A00")), LATEST)
    desk.act(RECONCILER, 1, Action(kind=Kind.ASSIGNED, to="ann", judgement=choice("A00")), LATEST)
    assert all(event.judgement is None for event in log_of(desk))
    assert desk.entries()[0].reviewer == "ann"


def test_an_empty_file_is_an_import_of_nothing(tmp_path):
    with opened(str(tmp_path / "d"), items=0) as desk:
        assert desk.bring("me", []).new == 0
        assert desk.entries() == ()
        assert check_desk(desk) == (0, 0)
        assert desk.bring("me", [entry("toux", judgement=Judgement(), state=State.ACCEPTED)]).decided == 0
        assert desk.view(1, AUTHOR).item.proposal != Proposal()
