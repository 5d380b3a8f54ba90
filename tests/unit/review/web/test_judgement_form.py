"""A judgement in the fields of a form comes back the same; buttons say what they do."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import ImmutableMultiDict

from semantix.errors import ActionRefused
from semantix.review.model import Judgement, Part, Relation, Target
from semantix.review.web.judgement_form import (
    ROW,
    VERBS,
    Pressed,
    by_hand,
    changed,
    judgement_of,
    pairs_of,
    press,
    pressed,
)

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
TARGET = st.builds(
    Target,
    system=TEXT,
    code=TEXT,
    display=TEXT,
    relation=st.sampled_from(Relation),
    part=st.sampled_from(Part),
    refused=st.booleans(),
)
NOTE = TEXT.map(lambda text: text.replace("\r\n", "\n").strip())
JUDGEMENT = st.builds(Judgement, targets=st.lists(TARGET, max_size=5).map(tuple), no_target=st.booleans(), note=NOTE)
A = Target(system="cim10", code="X12", display="a")
B = Target(system="cim10", code="X14", display="b", relation=Relation.BROAD)


def read(pairs) -> Judgement:
    return judgement_of(ImmutableMultiDict(list(pairs)))


@given(JUDGEMENT)
def test_a_judgement_comes_back_from_its_fields(judgement):
    assert read(pairs_of(judgement)) == judgement


@given(st.lists(st.tuples(st.sampled_from([*ROW, "none", "note"]), TEXT)))
def test_any_fields_are_a_judgement_or_refused(pairs):
    try:
        found = read(pairs)
    except ActionRefused:
        return
    assert read(pairs_of(found)) == found


@given(TEXT, TEXT, st.sampled_from(Relation), TEXT)
def test_a_button_about_a_target_comes_back(system, code, relation, display):
    target = Target(system=system, code=code, display=display, relation=relation)
    assert pressed(press("accept", system, code, relation, display)) == Pressed(verb="accept", target=target)


@given(st.text(max_size=60))
def test_any_button_is_one_of_ours_or_refused(value):
    with suppress(ActionRefused):
        assert pressed(value).verb in VERBS


def test_buttons_without_a_target_name_a_row_or_nothing():
    assert pressed("save") == Pressed(verb="save")
    assert pressed("remove?row=2") == Pressed(verb="remove", row=2)
    assert pressed("remove?row=-2").row == pressed("like?row=99999999999").row == -1


@pytest.mark.parametrize("value", ["accept?relation=nonsense", "nonsense", ""])
def test_what_is_no_button_of_ours_is_refused(value):
    with pytest.raises(ActionRefused):
        pressed(value)


def test_no_more_rows_are_read_than_may_be_saved():
    rows = [("target_system", "s"), ("target_code", "c"), ("target_relation", "exact"), ("target_part", "target")] * 200
    assert len(read(rows).targets) == 51


def test_each_button_changes_the_form_as_it_says():
    both = Judgement(targets=(A, B), note="n")
    assert changed(both, Pressed(verb="remove", row=0)) == Judgement(targets=(B,), note="n")
    assert changed(both, Pressed(verb="remove")) == both
    assert changed(both, Pressed(verb="save")) == both
    refused = changed(both, Pressed(verb="refuse", target=A))
    assert [(each.code, each.refused) for each in refused.targets] == [("X14", False), ("X12", True)]
    assert changed(refused, Pressed(verb="none")) == Judgement(targets=refused.refused, no_target=True, note="n")
    accepted = changed(refused, Pressed(verb="accept", target=B))
    assert [(each.code, each.refused) for each in accepted.targets] == [("X12", True), ("X14", False)]
    assert changed(Judgement(no_target=True), Pressed(verb="add", target=A)) == Judgement(targets=(A,))
    assert changed(refused, Pressed(verb="accept", target=A)).targets == (A,)


def test_a_target_typed_by_hand_is_read():
    fields = {"hand_system": " cim10 ", "hand_code": "X12\0", "hand_display": "a"}
    assert by_hand(ImmutableMultiDict(fields)) == A
