"""From events to where an item stands: every transition of the plan, in every mode."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.desk_values import AUTHOR, OTHER, PEOPLE, RECONCILER, REVIEWER, choice, refusal

from semantix.errors import ActionRefused
from semantix.review.actions import JUDGING, Action, check
from semantix.review.folding import ASIDE_KINDS, FRESH, counting, extend, fold, is_open
from semantix.review.model import Acceptance, Audit, Event, How, Judgement, Kind, Mode, Standing, State

TWO_PEOPLE = (Mode.SECOND_LOOK, Mode.BLIND_DUAL)
X, Y = choice("A00"), choice("B00")
RULE = Acceptance(
    target="cim10", precision=0.95, threshold=0.9, bound=0.96, right=99, seen=100, desk_right=0, desk_seen=0
)


def log(*told: tuple, mode: Mode = Mode.SINGLE) -> list[Event]:
    """Events from (who, kind, judgement, detail); the last two may be left out."""
    return [
        Event(
            seq=number,
            at=f"2026-03-02T09:00:{number:02}.000Z",
            who=who,
            kind=kind,
            item=1,
            mode=mode,
            judgement=next((each for each in more if isinstance(each, Judgement)), None),
            detail=next((each for each in more if isinstance(each, dict)), {}),
            acceptance=RULE if kind is Kind.AUTO_ACCEPTED else None,
        )
        for number, (who, kind, *more) in enumerate(told, 1)
    ]


def standing(*told: tuple, mode: Mode = Mode.SINGLE) -> Standing:
    return fold(log(*told, mode=mode))


def undo(events: list[Event], seq: int) -> list[Event]:
    last = events[-1]
    return [*events, Event(seq=last.seq + 1, at=last.at, who="x", kind=Kind.UNDONE, item=1, undoes=seq)]


def test_nothing_is_unmapped():
    assert fold([]) == FRESH
    assert FRESH.state is State.UNMAPPED
    assert is_open(FRESH)


# --- one person -----------------------------------------------------------------------------------------------------


def test_single_mode_accepts_the_judgement_of_one():
    found = standing(("ann", Kind.JUDGED, X))
    assert (found.state, found.how, found.decided_by) == (State.ACCEPTED, How.PERSON, "ann")
    assert found.people == ("ann",)
    assert not is_open(found)


def test_single_mode_takes_the_last_word():
    found = standing(("ann", Kind.JUDGED, X), ("bob", Kind.JUDGED, Y))
    assert (found.judgement, found.people, found.decided_by) == (Y, ("bob",), "bob")


def test_a_target_that_is_accepted_is_no_longer_refused():
    found = standing(("ann", Kind.JUDGED, choice("A00", refused=["B00"])), ("bob", Kind.JUDGED, Y))
    assert found.refused == ()
    again = standing(("ann", Kind.JUDGED, choice("B00", refused=["A00"])), ("bob", Kind.JUDGED, choice()))
    assert [each.code for each in again.refused] == ["A00"]


# --- two people -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", TWO_PEOPLE)
def test_one_judgement_waits_and_the_same_by_somebody_else_accepts(mode):
    first = standing(("ann", Kind.JUDGED, X), mode=mode)
    assert (first.state, first.how, first.judgement) == (State.MAPPED, None, X)
    again = standing(("ann", Kind.JUDGED, X), ("ann", Kind.JUDGED, X), mode=mode)
    assert again.state is State.MAPPED
    both = standing(("ann", Kind.JUDGED, X), ("bob", Kind.JUDGED, replace(X, note="seen")), mode=mode)
    assert (both.state, both.people, both.judgement) == (State.ACCEPTED, ("ann", "bob"), X)


@pytest.mark.parametrize("mode", TWO_PEOPLE)
def test_two_who_differ_wait_for_a_reconciler(mode):
    differ = (("ann", Kind.JUDGED, X), ("bob", Kind.JUDGED, Y))
    found = standing(*differ, mode=mode)
    assert (found.state, found.judgement, found.people) == (State.TO_RECONCILE, None, ("ann", "bob"))
    done = standing(*differ, ("rec", Kind.RECONCILED, choice("A00", refused=["B00"])), mode=mode)
    assert (done.state, done.decided_by, done.judgement.codes()) == (State.ACCEPTED, "rec", X.codes())
    assert [each.code for each in done.refused] == ["B00"]
    assert done.people == ("ann", "bob")
    conceded = standing(*differ, ("bob", Kind.JUDGED, X), mode=mode)
    assert conceded.state is State.ACCEPTED


@pytest.mark.parametrize("mode", TWO_PEOPLE)
def test_what_is_accepted_and_judged_anew_waits_again(mode):
    found = standing(("ann", Kind.JUDGED, X), ("bob", Kind.JUDGED, X), ("bob", Kind.JUDGED, Y), mode=mode)
    assert (found.state, found.people, found.decided_by, found.how) == (State.MAPPED, ("bob",), "", None)


def test_a_reviewer_agrees_or_sends_back():
    agreed = standing(("ann", Kind.JUDGED, X), ("rev", Kind.AGREED), mode=Mode.SECOND_LOOK)
    assert (agreed.state, agreed.people, agreed.decided_by) == (State.ACCEPTED, ("ann", "rev"), "rev")
    sent = log(("ann", Kind.JUDGED, X), ("rev", Kind.SENT_BACK, {"reason": "too wide"}), mode=Mode.SECOND_LOOK)
    back = fold(sent)
    assert (back.state, back.judgement, back.people, back.reason) == (State.REJECTED, X, (), "too wide")
    assert [each.code for each in back.refused] == ["A00"]
    assert (back.decided_by, back.decided_at) == ("rev", sent[1].at)
    begun = fold([*sent, replace(sent[0], seq=3, kind=Kind.DRAFTED, judgement=Y)])
    assert (begun.state, begun.drafts["ann"]) == (State.DRAFT, Y)
    anew = fold([*sent, replace(sent[0], seq=3, judgement=Y)])
    assert (anew.state, anew.judgement, anew.reason, anew.decided_by) == (State.MAPPED, Y, "", "")


def test_no_suitable_target_is_a_choice_like_another():
    none = choice()
    assert standing(("a", Kind.JUDGED, none), ("b", Kind.JUDGED, none), mode=Mode.BLIND_DUAL).state is State.ACCEPTED
    assert standing(("a", Kind.JUDGED, none), ("b", Kind.JUDGED, X), mode=Mode.BLIND_DUAL).state is State.TO_RECONCILE


# --- around judgements ----------------------------------------------------------------------------------------------


def test_a_draft_begins_an_item_and_takes_another_in_hand():
    assert standing(("ann", Kind.DRAFTED, X)).state is State.DRAFT
    first = ("ann", Kind.JUDGED, X)
    assert standing(first, ("bob", Kind.DRAFTED, Y), mode=Mode.SECOND_LOOK).state is State.IN_REVIEW
    assert standing(first, ("ann", Kind.DRAFTED, Y), mode=Mode.SECOND_LOOK).state is State.MAPPED
    assert standing(first, ("bob", Kind.DRAFTED, Y)).state is State.ACCEPTED
    done = standing(("ann", Kind.DRAFTED, X), ("bob", Kind.DRAFTED, Y), ("ann", Kind.JUDGED, X))
    assert dict(done.drafts) == {"bob": Y}


def test_claims_are_taken_and_released():
    first = ("ann", Kind.JUDGED, X)
    held = standing(first, ("rev", Kind.CLAIMED), mode=Mode.SECOND_LOOK)
    assert (held.state, held.claimed_by) == (State.IN_REVIEW, "rev")
    free = standing(first, ("rev", Kind.CLAIMED), ("rev", Kind.RELEASED), mode=Mode.SECOND_LOOK)
    assert (free.state, free.claimed_by) == (State.MAPPED, "")
    fresh = standing(("ann", Kind.CLAIMED), ("ann", Kind.RELEASED))
    assert (fresh.state, fresh.claimed_by) == (State.UNMAPPED, "")
    assert standing(("ann", Kind.CLAIMED), first).claimed_by == ""


def test_an_assignment_stays_until_it_is_taken_away():
    assert standing(("rev", Kind.ASSIGNED, {"to": "ann"}), ("bob", Kind.JUDGED, X)).assignee == "ann"
    assert standing(("rev", Kind.ASSIGNED, {"to": "ann"}), ("rev", Kind.ASSIGNED, {"to": ""})).assignee == ""


def test_reopening_keeps_what_stood():
    found = standing(("ann", Kind.JUDGED, X), ("rec", Kind.REOPENED, {"reason": "new guide"}))
    assert (found.state, found.judgement, found.before, found.reason) == (State.UNMAPPED, None, X, "new guide")
    assert (found.people, found.how, found.decided_by) == ((), None, "")


def test_notes_and_late_judgements_change_no_version():
    events = log(("ann", Kind.JUDGED, X), ("bob", Kind.NOTED, {"text": "hm"}), ("bob", Kind.KEPT_ASIDE, Y))
    found = fold(events)
    assert found.version == 1
    assert [(each.who, each.judgement, each.event) for each in found.aside] == [("bob", Y, 3)]


def test_the_rule_accepts_and_people_check():
    taken = ("rec", Kind.AUTO_ACCEPTED, X)
    found = standing(taken, ("rec", Kind.SAMPLED))
    assert (found.state, found.how, found.audit, found.acceptance) == (
        State.ACCEPTED, How.AUTOMATIC, Audit.WANTED, RULE,
    )  # fmt: skip
    assert found.people == ()
    right = standing(taken, ("rec", Kind.SAMPLED), ("rev", Kind.AUDITED, {"verdict": "right"}))
    assert (right.state, right.audit, right.how) == (State.ACCEPTED, Audit.RIGHT, How.AUTOMATIC)
    wrong = standing(taken, ("rec", Kind.SAMPLED), ("rev", Kind.AUDITED, {"verdict": "wrong"}))
    assert (wrong.state, wrong.audit, wrong.before, wrong.acceptance) == (State.UNMAPPED, Audit.WRONG, X, None)
    assert [each.code for each in wrong.refused] == ["A00"]
    other = standing(taken, ("rec", Kind.SAMPLED), ("rev", Kind.AUDITED, {"verdict": "wrong"}, Y))
    assert (other.state, other.judgement, other.audit, other.how) == (State.ACCEPTED, Y, Audit.WRONG, How.PERSON)


@pytest.mark.parametrize("mode", TWO_PEOPLE)
def test_a_mistake_of_the_rule_needs_a_second_person_where_two_are_asked(mode):
    told = (("rec", Kind.AUTO_ACCEPTED, X), ("rec", Kind.SAMPLED), ("rev", Kind.AUDITED, {"verdict": "wrong"}, Y))
    found = standing(*told, mode=mode)
    assert (found.state, found.audit, found.people, found.acceptance) == (State.MAPPED, Audit.WRONG, ("rev",), None)


def test_a_new_release_notes_or_reopens():
    noted = standing(("ann", Kind.JUDGED, X), ("sys", Kind.REMAPPED, X, {"fate": "relabelled"}))
    assert (noted.state, noted.fate) == (State.ACCEPTED, "relabelled")
    gone = {"fate": "retired", "reopens": "yes", "reason": "A00: retired"}
    reopened = standing(("ann", Kind.JUDGED, X), ("sys", Kind.REMAPPED, X, gone))
    assert (reopened.state, reopened.fate, reopened.before) == (State.UNMAPPED, "retired", X)
    again = standing(("ann", Kind.JUDGED, X), ("sys", Kind.REMAPPED, X, gone), ("ann", Kind.JUDGED, Y))
    assert (again.state, again.fate, again.before) == (State.ACCEPTED, "", X)


# --- files ----------------------------------------------------------------------------------------------------------


def brought(state: State, judgement: Judgement = X, by: str = "zoe") -> tuple:
    return "me", Kind.BROUGHT, judgement, {"state": state.value, "said_by": by, "said_on": "2020-01-01T00:00:00Z"}


def test_a_file_decides_what_nobody_judged():
    found = standing(brought(State.ACCEPTED))
    assert (found.state, found.how, found.decided_by) == (State.ACCEPTED, How.IMPORTED, "zoe")
    assert (found.decided_at, found.people) == ("2020-01-01T00:00:00Z", ("zoe",))
    waiting = standing(brought(State.MAPPED), mode=Mode.SECOND_LOOK)
    assert (waiting.state, waiting.people, waiting.how) == (State.MAPPED, ("zoe",), How.IMPORTED)
    rejected = standing(brought(State.REJECTED))
    assert (rejected.state, rejected.judgement, rejected.decided_by) == (State.REJECTED, X, "zoe")
    assert [each.code for each in rejected.refused] == ["A00"]


@pytest.mark.parametrize("state", [State.UNMAPPED, State.MAPPED, State.ACCEPTED, State.REJECTED])
def test_what_a_file_refuses_is_refused(state):
    judgement = refusal("C00") if state is State.UNMAPPED else choice("A00", refused=["C00"])
    found = standing(brought(state, judgement))
    assert found.state is state
    assert "C00" in [each.code for each in found.refused]


def test_a_file_never_overrules_the_desk():
    for told in (
        [("ann", Kind.JUDGED, Y)],
        [("ann", Kind.JUDGED, Y), ("bob", Kind.JUDGED, choice("C00"))],
    ):
        before = standing(*told, mode=Mode.BLIND_DUAL)
        after = standing(*told, brought(State.ACCEPTED), mode=Mode.BLIND_DUAL)
        assert after.state is before.state
        assert (after.judgement, after.judged) == (before.judgement, before.judged)
        assert [each.judgement for each in after.aside] == [X]


def test_a_file_that_says_the_same_adds_nothing():
    once = standing(("ann", Kind.JUDGED, Y), brought(State.ACCEPTED))
    assert len(once.aside) == 1
    assert standing(("ann", Kind.JUDGED, Y), brought(State.ACCEPTED), brought(State.ACCEPTED)).aside == once.aside
    assert standing(("ann", Kind.JUDGED, X), brought(State.ACCEPTED)).aside == ()


def test_a_file_brings_back_neither_what_was_reopened_nor_what_was_refused():
    reopened = standing(brought(State.ACCEPTED), ("rec", Kind.REOPENED, {"reason": "wrong"}), brought(State.ACCEPTED))
    assert (reopened.state, reopened.aside) == (State.UNMAPPED, ())
    other = standing(brought(State.ACCEPTED), ("rec", Kind.REOPENED, {}), brought(State.ACCEPTED, Y))
    assert (other.state, other.judgement) == (State.ACCEPTED, Y)
    refused = standing(brought(State.UNMAPPED, refusal("A00")), brought(State.ACCEPTED))
    assert (refused.state, [each.judgement for each in refused.aside]) == (State.UNMAPPED, [X])


def test_two_judgements_of_a_file_that_differ_wait_for_a_reconciler():
    found = standing(brought(State.TO_RECONCILE), brought(State.TO_RECONCILE, Y, "yan"))
    assert (found.state, found.judgement, found.people) == (State.TO_RECONCILE, None, ("zoe", "yan"))
    third = standing(
        brought(State.TO_RECONCILE), brought(State.TO_RECONCILE, Y, "yan"), brought(State.TO_RECONCILE, choice("D00"))
    )
    assert (third.people, len(third.aside)) == (("zoe", "yan"), 1)


# --- laws -----------------------------------------------------------------------------------------------------------

JUDGEMENTS = st.sampled_from([X, Y, choice(), choice("A00", refused=["B00"])])
STATES = st.sampled_from([State.MAPPED, State.ACCEPTED, State.REJECTED, State.TO_RECONCILE, State.UNMAPPED])


@st.composite
def worlds(draw) -> list[Event]:
    """Events as a desk would write them: people try things, and what is refused is not written."""
    events: list[Event] = []
    for seq in range(1, draw(st.integers(1, 12)) + 1):
        now = fold(events)
        person = draw(st.sampled_from(PEOPLE))
        kind = draw(st.sampled_from([each for each in Kind if each in KINDS]))
        mode = draw(st.sampled_from(list(Mode)))
        judgement = draw(JUDGEMENTS) if kind in JUDGING | {Kind.BROUGHT, Kind.AUTO_ACCEPTED, Kind.KEPT_ASIDE} else None
        right = kind is Kind.AUDITED and draw(st.booleans())
        action = Action(kind=kind, judgement=None if right else judgement, reason="r", text="t", to="bob", right=right)
        detail = {"reason": "r", "verdict": "right" if right else "wrong", "to": "bob"}
        if kind is Kind.BROUGHT:
            detail = {"state": draw(STATES).value, "said_by": draw(st.sampled_from(["zoe", "ann"]))}
        elif kind is Kind.AUTO_ACCEPTED and now.state is not State.UNMAPPED:
            continue
        elif kind in ACTED:
            try:
                check(person, action, now, mode)
            except ActionRefused:
                continue
        events.append(
            Event(seq=seq, at=f"t{seq:02}", who=person.name, kind=kind, item=1, mode=mode,
                  judgement=action.judgement, detail=detail,
                  acceptance=RULE if kind is Kind.AUTO_ACCEPTED else None)
        )  # fmt: skip
    return events


ACTED = frozenset({
    Kind.DRAFTED, Kind.JUDGED, Kind.AGREED, Kind.SENT_BACK, Kind.RECONCILED, Kind.CLAIMED, Kind.RELEASED,
    Kind.ASSIGNED, Kind.NOTED, Kind.REOPENED, Kind.AUDITED,
})  # fmt: skip
KINDS = ACTED | {Kind.BROUGHT, Kind.AUTO_ACCEPTED, Kind.SAMPLED, Kind.KEPT_ASIDE}


@given(worlds())
def test_folding_is_extending_one_event_after_the_other(events):
    found = FRESH
    for event in events:
        found = extend(found, event)
    assert found == fold(events)


@given(worlds())
def test_undoing_the_last_event_brings_back_what_stood(events):
    if not events:
        return
    before, after = fold(events[:-1]), fold(undo(events, events[-1].seq))
    assert replace(after, version=0) == replace(before, version=0)
    assert after.version == events[-1].seq + 1


@given(worlds(), st.data())
def test_the_version_is_the_last_event_that_changed_something(events, data):
    found = fold(events)
    changing = [event.seq for event in events if event.kind not in ASIDE_KINDS]
    assert found.version == max(changing, default=0)
    if events:
        undone = data.draw(st.sampled_from(events))
        assert [event.seq for event in counting(undo(events, undone.seq))] == [
            event.seq for event in events if event.seq != undone.seq
        ]


@given(worlds())
def test_states_keep_their_promises(events):
    found = fold(events)
    if found.state is State.ACCEPTED:
        assert found.judgement is not None
        assert found.decided_by
        assert found.how is not None
        chosen = {(each.part, each.system, each.code) for each in found.judgement.chosen}
        assert chosen.isdisjoint((each.part, each.system, each.code) for each in found.refused) or found.audit
    if found.state is State.TO_RECONCILE:
        assert found.judgement is None
        assert found.judged
    if found.state in {State.MAPPED, State.IN_REVIEW}:
        assert len(found.judged) == 1
        assert found.judgement is not None
    assert len(found.judged) <= 2
    assert len(set(found.people)) == len(found.people)


@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize(("first", "second"), [(X, Y), (X, X)])
def test_whoever_comes_first_no_judgement_is_lost(mode, first, second):
    for order in permutations([(AUTHOR, first), (OTHER, second)]):
        events = log(*((person.name, Kind.JUDGED, judgement) for person, judgement in order), mode=mode)
        found = fold(events)
        said = [each.judgement for each in (*found.judged, *found.aside)] + [event.judgement for event in events]
        assert {first, second} <= set(said)
        if mode is not Mode.SINGLE:
            assert {each.who for each in found.judged} == {AUTHOR.name, OTHER.name}


def test_reviewers_are_people_too():
    found = standing((REVIEWER.name, Kind.JUDGED, X), (RECONCILER.name, Kind.JUDGED, X), mode=Mode.BLIND_DUAL)
    assert found.people == ("rev", "rec")
