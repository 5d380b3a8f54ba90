"""Each role, each action, each mode, through the desk: what the tables say, and nothing else."""

from itertools import product

import pytest
from msgspec.structs import replace
from tests.desk_cases import HELD_OUT, key_of
from tests.desk_rules import engine_believed
from tests.desk_values import AUTHOR, LATEST, OTHER, PEOPLE, RECONCILER, Clock, choice, entry, judge

from semantix.review.actions import ACTIONS, UNDO, Action, Person
from semantix.review.desk import Bulk, Desk, Filters
from semantix.review.desk.bulk import ROLES
from semantix.review.model import Kind, Mode, Role

MODES = list(Mode)


@pytest.fixture(autouse=True)
def _rules():
    with engine_believed():
        yield


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    with Desk.open(str(tmp_path_factory.mktemp("roles") / "desk"), create=True, clock=Clock()) as desk:
        yield desk


def prepared(desk, kind, mode, who):
    """Bring a new item to where an action makes sense; give its number."""
    desk.set_mode("me", mode)
    count = desk.bring("me", [entry(f"item {kind} {mode} {who}", probability=0.99)])
    assert count.new == 1
    number = desk.page(Filters(states=("all",), order="recent"), AUTHOR).total
    two = mode is not Mode.SINGLE
    if kind in {Kind.AGREED, Kind.SENT_BACK} and two:
        desk.act(AUTHOR, number, judge("A00"), LATEST)
    elif kind is Kind.RECONCILED and two:
        desk.act(AUTHOR, number, judge("A00"), LATEST)
        desk.act(replace(OTHER, role=Role.REVIEWER), number, judge("B00"), LATEST)
    elif kind is Kind.REOPENED:
        desk.act(AUTHOR, number, judge("A00"), LATEST)
        if two:
            desk.act(replace(OTHER, role=Role.REVIEWER), number, judge("A00"), LATEST)
    elif kind is Kind.RELEASED and who.may(Role.AUTHOR):
        desk.act(who, number, Action(kind=Kind.CLAIMED), LATEST)
    elif kind is Kind.AUDITED:
        bulk = Bulk(what="accept", filters=Filters(target="cim10"), precision=0.9, share=1)
        desk.apply(RECONCILER, bulk, desk.preview(RECONCILER, bulk, HELD_OUT).token, HELD_OUT)
    return number


NEVER = {
    Mode.SINGLE: {Kind.AGREED: "not_in_this_mode", Kind.SENT_BACK: "nothing_to_review",
                  Kind.RECONCILED: "nothing_to_reconcile"},
    Mode.SECOND_LOOK: {},
    Mode.BLIND_DUAL: {Kind.AGREED: "not_in_this_mode", Kind.SENT_BACK: "not_in_this_mode"},
}  # fmt: skip


@pytest.mark.parametrize(("role", "mode"), list(product(Role, MODES)))
def test_actions_are_allowed_as_the_table_says(desk, role, mode):
    person = Person(f"p-{role}-{mode}", role)
    for kind, least in ACTIONS.items():
        number = prepared(desk, kind, mode, person)
        needs = kind in {Kind.DRAFTED, Kind.JUDGED, Kind.RECONCILED}
        action = Action(kind=kind, judgement=choice("A00") if needs else None, reason="r", text="t", to="bob")
        before = desk.last_event()
        key = key_of(lambda: desk.act(person, number, action, LATEST))  # noqa: B023
        expected = NEVER[mode].get(kind, "") if person.may(least) else "role_needed"
        assert key == expected, (kind, key)
        assert desk.last_event() == before + (not key)


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.role)
def test_bulk_actions_are_allowed_as_the_table_says(desk, person):
    for what, least in ROLES.items():
        bulk = Bulk(what=what, filters=Filters(target="cim10"))
        key = key_of(lambda: desk.preview(person, bulk, HELD_OUT))  # noqa: B023
        assert key == ("" if person.may(least) else "role_needed")
        key = key_of(lambda: desk.apply(person, bulk, "no token", HELD_OUT))  # noqa: B023
        assert key == ("selection_changed" if person.may(least) else "role_needed")


def test_a_bulk_action_that_makes_no_sense_is_refused(desk):
    every = Filters(target="cim10")
    for bulk, key in (
        (Bulk(what="eat", filters=every), "unknown_action"),
        (Bulk(what="accept", filters=Filters()), "target_needed"),
        (Bulk(what="accept", filters=every, precision=1.0), "bad_precision"),
        (Bulk(what="accept", filters=every, precision=float("nan")), "bad_precision"),
        (Bulk(what="accept", filters=every, share=0), "bad_precision"),
        (Bulk(what="assign", filters=every, to="x" * 100), "note_too_long"),
        (Bulk(what="none", filters=every, note="x" * 5_000), "note_too_long"),
    ):
        assert key_of(lambda: desk.preview(RECONCILER, bulk, HELD_OUT)) == key  # noqa: B023


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.role)
def test_undoing_needs_its_role(desk, person):
    nobody = replace(person, name=f"new-{person.name}")
    assert key_of(lambda: desk.undo(nobody)) == ("nothing_to_undo" if person.may(UNDO) else "role_needed")
