"""Who may do what with an item, in which state and mode; and what of it others may see."""

from itertools import product

import pytest
from msgspec.structs import replace
from tests.desk_values import AUTHOR, OTHER, PEOPLE, READER, RECONCILER, REVIEWER, choice, judge, refusal, target

from semantix.errors import ActionRefused
from semantix.review.actions import (
    ACTIONS,
    LONGEST_NOTE,
    MOST_TARGETS,
    Action,
    Person,
    check,
    check_asked,
    check_judgement,
    event_detail,
    is_hidden,
    may_see,
    visible,
)
from semantix.review.folding import FRESH
from semantix.review.model import Audit, Event, How, Judged, Judgement, Kind, Mode, Role, Standing, State, Target

X, Y = choice("A00"), choice("B00")
MAPPED = Standing(
    state=State.MAPPED,
    judgement=X,
    judged=(Judged(who="ann", judgement=X, event=1, at=""),),
    drafts={"bob": Y, "ann": X},
    refused=(target("C00", refused=True),),
    version=1,
)
DIFFER = replace(
    MAPPED,
    state=State.TO_RECONCILE,
    judgement=None,
    judged=(*MAPPED.judged, Judged(who="bob", judgement=Y, event=2, at="")),
)
ACCEPTED = replace(MAPPED, state=State.ACCEPTED, how=How.PERSON)
SAMPLED = replace(ACCEPTED, how=How.AUTOMATIC, audit=Audit.WANTED, judged=())
SECOND, BLIND, SINGLE = Mode.SECOND_LOOK, Mode.BLIND_DUAL, Mode.SINGLE

POSSIBLE = {
    Kind.DRAFTED: (Action(kind=Kind.DRAFTED, judgement=X), FRESH, SINGLE),
    Kind.JUDGED: (judge("A00"), FRESH, SINGLE),
    Kind.CLAIMED: (Action(kind=Kind.CLAIMED), FRESH, SINGLE),
    Kind.RELEASED: (Action(kind=Kind.RELEASED), FRESH, SINGLE),
    Kind.NOTED: (Action(kind=Kind.NOTED, text="hm"), FRESH, SINGLE),
    Kind.AGREED: (Action(kind=Kind.AGREED), MAPPED, SECOND),
    Kind.SENT_BACK: (Action(kind=Kind.SENT_BACK, reason="no"), MAPPED, SECOND),
    Kind.ASSIGNED: (Action(kind=Kind.ASSIGNED, to="bob"), FRESH, SINGLE),
    Kind.AUDITED: (Action(kind=Kind.AUDITED), SAMPLED, SINGLE),
    Kind.RECONCILED: (Action(kind=Kind.RECONCILED, judgement=X), DIFFER, BLIND),
    Kind.REOPENED: (Action(kind=Kind.REOPENED, reason="no"), ACCEPTED, SINGLE),
}
"""Each action where it makes sense."""


def refused(person: Person, action: Action, standing: Standing = FRESH, mode: Mode = SINGLE) -> str:
    """The key of the refusal, or nothing."""
    try:
        check(person, action, standing, mode)
    except ActionRefused as refusal:
        return refusal.key
    return ""


def test_every_action_is_tried():
    assert set(POSSIBLE) == set(ACTIONS)


@pytest.mark.parametrize(("kind", "person"), list(product(ACTIONS, PEOPLE)), ids=str)
def test_each_role_may_what_the_table_says(kind, person):
    action, standing, mode = POSSIBLE[kind]
    standing = replace(standing, claimed_by=person.name)
    ranks = list(Role)
    allowed = ranks.index(person.role) >= ranks.index(ACTIONS[kind])
    # Bob is one of the two who differ and ann the author: neither rule is about them here.
    assert refused(replace(person, name="zed"), action, replace(standing, claimed_by="zed"), mode) == (
        "" if allowed else "role_needed"
    )


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind not in ACTIONS])
def test_what_is_no_action_is_refused_to_everybody(kind):
    assert refused(RECONCILER, Action(kind=kind)) == "unknown_action"


@pytest.mark.parametrize("kind", [Kind.DRAFTED, Kind.JUDGED, Kind.RECONCILED])
def test_a_judgement_is_needed(kind):
    assert refused(RECONCILER, Action(kind=kind), DIFFER) == "no_choice"


@pytest.mark.parametrize(
    ("judgement", "key"),
    [
        (Judgement(), "no_choice"),
        (refusal("A00"), "no_choice"),
        (replace(X, no_target=True), "targets_and_none"),
        (choice("A00", "A00"), "target_twice"),
        (choice("A00", refused=["A00"]), "target_twice"),
        (Judgement(targets=(Target(system="", code="A00"),)), "target_incomplete"),
        (Judgement(targets=(Target(system="cim10", code=""),)), "target_incomplete"),
        (choice(*map(str, range(MOST_TARGETS + 1))), "note_too_long"),
        (choice("A00", note="x" * (LONGEST_NOTE + 1)), "note_too_long"),
    ],
)
def test_a_judgement_that_says_nothing_or_two_things_is_refused(judgement, key):
    with pytest.raises(ActionRefused) as refusal:
        check_judgement(judgement)
    assert refusal.value.key == key


@pytest.mark.parametrize(
    "judgement", [X, choice(), choice(refused=["A00"]), choice("A00", "B00", refused=["C00"])], ids=str
)
def test_a_judgement_that_is_whole_is_taken(judgement):
    check_judgement(judgement)


def test_texts_have_a_limit():
    long = "x" * (LONGEST_NOTE + 1)
    assert refused(RECONCILER, Action(kind=Kind.NOTED, text=long)) == "note_too_long"
    assert refused(RECONCILER, Action(kind=Kind.REOPENED, reason=long), ACCEPTED) == "note_too_long"
    assert refused(RECONCILER, Action(kind=Kind.ASSIGNED, to="x" * 81)) == "note_too_long"


def test_a_role_and_a_judgement_are_checked_wherever_the_item_stands():
    with pytest.raises(ActionRefused):
        check_asked(READER, judge("A00"))
    with pytest.raises(ActionRefused):
        check_asked(AUTHOR, Action(kind=Kind.JUDGED, judgement=Judgement()))
    check_asked(REVIEWER, Action(kind=Kind.AGREED))


def test_nobody_agrees_with_themselves():
    own = replace(REVIEWER, name="ann")
    assert refused(own, Action(kind=Kind.AGREED), MAPPED, SECOND) == "own_work"
    assert refused(own, Action(kind=Kind.SENT_BACK, reason="no"), MAPPED, SECOND) == "own_work"


def test_modes_have_their_own_actions():
    for mode in (SINGLE, BLIND):
        assert refused(REVIEWER, Action(kind=Kind.AGREED), MAPPED, mode) == "not_in_this_mode"
    assert refused(REVIEWER, Action(kind=Kind.SENT_BACK, reason="no"), MAPPED, BLIND) == "not_in_this_mode"


def test_a_second_look_is_for_reviewers_and_a_blind_second_for_every_author():
    assert refused(OTHER, judge("B00"), MAPPED, SECOND) == "role_needed"
    assert refused(REVIEWER, judge("B00"), MAPPED, SECOND) == ""
    assert refused(AUTHOR, judge("B00"), MAPPED, SECOND) == ""
    assert refused(OTHER, judge("B00"), MAPPED, BLIND) == ""


def test_a_third_person_does_not_decide_between_two():
    for mode in (SECOND, BLIND):
        assert refused(replace(RECONCILER, name="zed"), judge("A00"), DIFFER, mode) == "waits_for_reconciler"
        # Who has seen the other's choice may come round to it, but not where both were to judge blindly.
        assert refused(OTHER, judge("A00"), DIFFER, mode) == ("" if mode is SECOND else "waits_for_reconciler")


@pytest.mark.parametrize(
    ("action", "standing", "key"),
    [
        (Action(kind=Kind.AGREED), FRESH, "nothing_to_review"),
        (Action(kind=Kind.AGREED), ACCEPTED, "nothing_to_review"),
        (Action(kind=Kind.SENT_BACK, reason="no"), FRESH, "nothing_to_review"),
        (Action(kind=Kind.SENT_BACK, reason=" "), MAPPED, "reason_needed"),
        (Action(kind=Kind.RECONCILED, judgement=X), MAPPED, "nothing_to_reconcile"),
        (Action(kind=Kind.REOPENED, reason="no"), MAPPED, "not_accepted"),
        (Action(kind=Kind.REOPENED), ACCEPTED, "reason_needed"),
        (Action(kind=Kind.AUDITED), ACCEPTED, "not_sampled"),
        (Action(kind=Kind.AUDITED), replace(SAMPLED, audit=Audit.RIGHT), "not_sampled"),
        (Action(kind=Kind.AUDITED, judgement=X), SAMPLED, "targets_and_none"),
        (Action(kind=Kind.NOTED, text=" "), FRESH, "note_empty"),
        (Action(kind=Kind.CLAIMED), ACCEPTED, "nothing_to_review"),
        (Action(kind=Kind.RELEASED), FRESH, "not_claimed"),
    ],
)
def test_an_action_needs_its_item(action, standing, key):
    assert refused(RECONCILER, action, standing, SECOND) == key


def test_events_keep_what_their_kind_needs():
    assert event_detail(Action(kind=Kind.SENT_BACK, reason=" no ", text="x")) == {"reason": "no"}
    assert event_detail(Action(kind=Kind.ASSIGNED, to="bob")) == {"to": "bob"}
    assert event_detail(Action(kind=Kind.NOTED, text=" hm ")) == {"text": "hm"}
    assert event_detail(Action(kind=Kind.AUDITED)) == {"verdict": "right"}
    assert event_detail(Action(kind=Kind.AUDITED, right=False, reason="r")) == {"verdict": "wrong", "reason": "r"}
    assert event_detail(judge("A00")) == {}


# --- what is seen ---------------------------------------------------------------------------------------------------


def test_drafts_are_private_in_every_mode():
    for mode in Mode:
        assert dict(visible(MAPPED, AUTHOR, mode).drafts) == {"ann": X}
        assert dict(visible(MAPPED, READER, mode).drafts) == {}
        event = Event(seq=1, at="", who="ann", kind=Kind.DRAFTED, judgement=X)
        assert may_see(event, MAPPED, AUTHOR, mode)
        assert not may_see(event, ACCEPTED, RECONCILER, mode)


@pytest.mark.parametrize("state", [State.MAPPED, State.IN_REVIEW, State.DRAFT])
def test_blind_mode_hides_a_first_choice_from_everybody_else(state):
    waiting = replace(MAPPED, state=state)
    for person in PEOPLE:
        own = person is AUTHOR
        shown = visible(waiting, person, BLIND)
        assert (shown.judgement == X) is own
        assert bool(shown.judged) is bool(shown.refused) is own
        assert is_hidden(state, waiting.people, person, BLIND) is not own
        event = Event(seq=1, at="", who="ann", kind=Kind.JUDGED, judgement=X)
        assert may_see(event, waiting, person, BLIND) is own
        assert visible(waiting, person, SECOND).judgement == X
        assert may_see(event, waiting, person, SECOND)


def test_what_two_people_said_is_seen_by_all():
    for standing in (DIFFER, ACCEPTED):
        for person in PEOPLE:
            assert visible(standing, person, BLIND).judged == standing.judged
            assert may_see(Event(seq=1, at="", who="ann", kind=Kind.JUDGED, judgement=X), standing, person, BLIND)


def test_a_choice_that_was_taken_back_stays_hidden_until_the_item_is_decided():
    event = Event(seq=1, at="", who="ann", kind=Kind.JUDGED, judgement=X)
    assert not may_see(event, FRESH, OTHER, BLIND)
    assert may_see(event, FRESH, AUTHOR, BLIND)
    assert may_see(event, FRESH, OTHER, SECOND)
    assert may_see(replace(event, judgement=None), FRESH, OTHER, BLIND)
