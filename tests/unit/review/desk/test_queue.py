"""The queue: pages and steps against a naive list, filters against naive filters."""

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.desk_cases import key_of
from tests.desk_values import AUTHOR, LATEST, OTHER, READER, RECONCILER, REVIEWER, choice, entry, judge

from semantix.review.actions import Action
from semantix.review.desk import ORDERS, Desk, Filters
from semantix.review.model import Audit, Kind, Mode, State
from semantix.terminology.text import fold, split_words

EVERY = ("all",)
LABELS = ("Fièvre aiguë", "toux aigue", "Douleur œdème", "rhume", "rhume", "fracture du fémur", "toux 12,5 mg")
SECTIONS = ("problem", "laboratory")


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    with Desk.open(str(tmp_path_factory.mktemp("queue") / "desk.sqlite"), create=True) as desk:
        desk.bring(
            "me",
            [
                entry(
                    LABELS[number % len(LABELS)],
                    number % 3 + 1,
                    (None, 0.2, 0.9)[number % 3],
                    code=f"L{number}",
                    section=SECTIONS[number % 2],
                    system="local" if number % 4 else "",
                    target=("cim10", "loinc")[number % 5 == 0],
                    senders={("labo", "clinic")[number % 2]: 1},
                )
                for number in range(1, 25)
            ],
        )
        for number in (3, 4, 5, 9):
            desk.act(AUTHOR, number, judge("A00"), LATEST)
        desk.act(AUTHOR, 7, Action(kind=Kind.DRAFTED, judgement=choice("A00")), LATEST)
        for number in (1, 2):
            desk.act(REVIEWER, number, Action(kind=Kind.ASSIGNED, to="ann"), LATEST)
        yield desk


@cache
def everything(desk):
    """Every row with its item; nothing of them changes in this module."""
    rows = desk.page(Filters(states=EVERY), AUTHOR, limit=500).rows
    return [(row, desk.view(row.id, AUTHOR).item) for row in rows]


def naive(desk, wanted):
    """The items that a filter keeps, found in Python."""
    found = []
    for row, item in everything(desk):
        words = {*split_words(fold(f"{row.label} {row.unit}")), *split_words(fold(row.code)), row.code.lower()}
        probability = row.probability or 0.0
        states = wanted.states or tuple(state.value for state in State if state is not State.ACCEPTED)
        keeps = (
            (states == EVERY or row.state.value in states)
            and wanted.target in {"", row.target}
            and wanted.system in {"", row.system}
            and wanted.section in {"", row.section}
            and (not wanted.sender or wanted.sender in item.senders)
            and wanted.assignee in {"", row.assignee or "-"}
            and (wanted.low is None or probability >= wanted.low)
            and (wanted.high is None or probability <= wanted.high)
            and all(any(word.startswith(part) for word in words) for part in split_words(fold(wanted.text)))
        )
        if keeps:
            found.append(row)
    keys = {
        "priority": lambda row: (-row.priority, row.id),
        "frequency": lambda row: (-row.frequency, row.id),
        "doubt": lambda row: (row.probability or 0.0, row.id),
        "label": lambda row: (fold(row.label), row.id),
        "recent": lambda row: (-row.version, row.id),
    }
    return [row.id for row in sorted(found, key=keys[wanted.order])]


FILTERS = st.builds(
    Filters,
    states=st.sampled_from([(), EVERY, ("accepted",), ("draft", "unmapped")]),
    target=st.sampled_from(["", "", "cim10", "loinc"]),
    system=st.sampled_from(["", "", "local"]),
    section=st.sampled_from(["", "", *SECTIONS]),
    sender=st.sampled_from(["", "", "labo", "nobody"]),
    assignee=st.sampled_from(["", "", "ann", "-"]),
    text=st.sampled_from(["", "", "tou", "FIEV", "aigu rhu", "œdeme", "l1", "12,5", "fracture fem"]),
    low=st.sampled_from([None, 0.2, 0.5]),
    high=st.sampled_from([None, 0.0, 0.9]),
    order=st.sampled_from(ORDERS),
)


@settings(max_examples=40)
@given(filters=FILTERS, limit=st.integers(1, 9))
def test_pages_and_steps_visit_each_item_once_in_order(desk, filters, limit):
    expected = naive(desk, filters)
    found, cursor, total = [], "", 0
    while True:
        page = desk.page(filters, AUTHOR, cursor, limit)
        found += [row.id for row in page.rows]
        total = total or page.total
        cursor = page.after
        if not cursor:
            break
    assert found == expected
    assert total == len(expected)
    assert desk.following(filters, 0) == (expected[0] if expected else None)
    for here, following in zip(expected, [*expected, None][1:], strict=True):
        assert desk.following(filters, here) == following
        if following is not None:
            assert desk.following(filters, following, backwards=True) == here
    if expected:
        assert desk.following(filters, expected[0], backwards=True) is None


def test_an_item_that_left_the_selection_still_has_a_following_one(desk):
    accepted = desk.page(Filters(states=("accepted",)), AUTHOR).rows[0].id
    everything = [row.id for row in desk.page(Filters(states=EVERY), AUTHOR).rows]
    after = everything[everything.index(accepted) + 1 :]
    waiting = {row.id for row in desk.page(Filters(), AUTHOR).rows}
    assert desk.following(Filters(), accepted) == next(number for number in after if number in waiting)


@pytest.mark.parametrize("cursor", ["99", "0", "x", "-1", "9" * 30, "9" * 5000, "1'--", "¹"])
def test_a_cursor_that_is_none_is_refused(desk, cursor):
    assert key_of(lambda: desk.page(Filters(), AUTHOR, cursor)) == "bad_cursor"


def test_what_is_not_there_is_refused(desk):
    assert key_of(lambda: desk.following(Filters(), 99)) == "no_such_item"
    assert key_of(lambda: desk.page(Filters(states=("nowhere",)), AUTHOR)) == "unknown_state"
    assert key_of(lambda: desk.page(Filters(order="size"), AUTHOR)) == "bad_choice"


def test_a_page_has_at_least_one_line_and_not_too_many(desk):
    assert len(desk.page(Filters(), AUTHOR, limit=-5).rows) == 1
    assert len(desk.page(Filters(states=EVERY), AUTHOR, limit=10**9).rows) == 24


def test_signs_without_words_find_nothing_but_a_code(desk):
    assert desk.page(Filters(text="§§"), AUTHOR).rows == ()
    assert len(desk.page(Filters(text="  "), AUTHOR).rows) > 1


def test_the_last_words_of_a_long_label_hide_no_code(tmp_path):
    with Desk.open(str(tmp_path / "desk"), create=True) as desk:
        label = " ".join(f"mot{number}a" for number in range(60))
        desk.bring("me", [entry(label, code="QX-7"), entry("x" * 90)])
        assert [row.id for row in desk.page(Filters(text="qx"), AUTHOR).rows] == [1]
        assert [row.id for row in desk.page(Filters(text="x" * 90), AUTHOR).rows] == [2]


def test_who_judged_and_the_sample_are_filters(desk):
    assert {row.id for row in desk.page(Filters(states=EVERY, person="ann"), AUTHOR).rows} == {3, 4, 5, 9}
    assert desk.page(Filters(audit=True), AUTHOR).rows == ()
    row = desk.page(Filters(states=("accepted",)), AUTHOR).rows[0]
    assert (row.chosen, row.audit) == ("A00", Audit.NONE)


def test_choices_are_what_there_is(desk):
    found = desk.choices()
    assert (found["section"], found["target"]) == (("laboratory", "problem"), ("cim10", "loinc"))
    assert (found["sender"], found["assignee"], found["system"]) == (("clinic", "labo"), ("ann",), ("local",))


def test_a_row_hides_a_choice_that_waits_in_blind_mode(tmp_path):
    with Desk.open(str(tmp_path / "desk"), create=True) as desk:
        desk.bring("me", [entry("toux")])
        desk.set_mode("me", Mode.BLIND_DUAL)
        desk.act(AUTHOR, 1, judge("B00"), LATEST)
        for person in (READER, OTHER, REVIEWER, RECONCILER):
            (row,) = desk.page(Filters(), person).rows
            assert (row.state, row.chosen, row.chosen_display) == (State.MAPPED, "", "")
        assert desk.page(Filters(), AUTHOR).rows[0].chosen == "B00"


def test_progress_follows_each_save_and_is_not_counted_twice(tmp_path):
    with Desk.open(str(tmp_path / "desk"), create=True) as desk:
        desk.bring("me", [entry("toux", 3), entry("rhume", 5)])
        assert desk.progress().of(State.UNMAPPED) == (2, 8)
        saved = desk.act(AUTHOR, 1, judge("A00"), LATEST)
        assert desk.progress().of(State.ACCEPTED) == (1, 3)
        desk.forget()
        assert desk.progress().of(State.ACCEPTED) == (1, 3)
        desk._figures.count(saved.event, State.UNMAPPED, State.ACCEPTED, 3)
        assert desk.progress().of(State.ACCEPTED) == (1, 3)
        assert (desk.progress().codes, desk.progress().records) == (2, 8)


def test_similar_items_share_words(desk):
    item = desk.view(5, AUTHOR).item
    found = [other.source.label for other, _ in desk.similar(item, AUTHOR)]
    assert found
    assert all(label == item.source.label for label in found[:2])
