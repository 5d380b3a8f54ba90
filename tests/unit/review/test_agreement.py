"""Figures of agreement, against published worked examples."""

import random
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from semantix.review import agreement
from semantix.review.agreement import Alpha, Kappa, Rating, measure_agreement, measure_alpha, measure_kappas
from semantix.review.distance import Band, HierarchyDistance
from semantix.review.model import Judgement, Relation, Target
from semantix.terminology.records import Concept


def chose(code: str, relation: Relation = Relation.EXACT) -> Judgement:
    return Judgement(targets=(Target(system="s", code=code, relation=relation),)) if code else NOTHING


NOTHING = Judgement(no_target=True)


def rated(*rows: str) -> list[Rating]:
    """One row of one-letter codes a person, ``.`` where they gave none."""
    return [
        Rating(item, f"person-{row}", chose(code))
        for row, codes in enumerate(rows)
        for item, code in enumerate(codes.split())
        if code != "."
    ]


def cells(rows: Sequence[Sequence[int]]) -> list[Rating]:
    """A table of counts: what A said, by what B said."""
    pairs = [(a, b) for a, row in enumerate(rows) for b, count in enumerate(row) for _ in range(count)]
    return [
        Rating(item, who, chose(f"c{code}"))
        for item, pair in enumerate(pairs)
        for who, code in zip("AB", pair, strict=True)
    ]


FOUR_OBSERVERS = rated(
    "1 2 3 3 2 1 4 1 2 . . .",
    "1 2 3 3 2 2 4 1 2 5 . 3",
    ". 3 3 3 2 3 4 2 2 5 1 .",
    "1 2 3 3 2 4 4 1 2 5 1 .",
)
"""Krippendorff (2011), section C: four observers, twelve units, five values, data missing."""


def number(judgement: Judgement) -> int:
    return int(judgement.targets[0].code)


def interval(one: Judgement, other: Judgement) -> float:
    return ((number(one) - number(other)) / 4) ** 2


# --- kappa -----------------------------------------------------------------------------------------------------------


def test_kappa_of_cohen_1960() -> None:
    found = measure_kappas(cells([[88, 14, 18], [10, 40, 10], [2, 6, 12]]))
    assert found == (Kappa(first="A", second="B", items=200, agreed=140, value=0.491525),)  # published as .492


def test_kappa_is_given_by_pair_of_people_who_share_items() -> None:
    ratings = rated("a b c .", "a b a .", ". . b a")
    assert [(each.first, each.second, each.items) for each in measure_kappas(ratings)] == [
        ("person-0", "person-1", 3),
        ("person-0", "person-2", 1),
        ("person-1", "person-2", 1),
    ]


@pytest.mark.parametrize(("rows", "reason"), [(("a", "b"), "one-item"), (("a a", "a a"), "one-category")])
def test_kappa_that_cannot_be_told_says_why(rows: tuple[str, str], reason: str) -> None:
    (found,) = measure_kappas(rated(*rows))
    assert (found.value, found.reason) == (None, reason)


def test_two_people_who_never_agree_are_below_chance() -> None:
    assert measure_kappas(rated("a b", "b a"))[0].value == -1
    assert measure_kappas(rated("a a", "b b"))[0].value == 0


def test_no_suitable_target_is_a_category_like_another() -> None:
    ratings = [Rating(item, who, chose(code)) for who in "AB" for item, code in enumerate(("", "a", ""))]
    assert measure_kappas(ratings)[0].value == 1
    assert measure_alpha(ratings).value == 1


# --- alpha -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ratings", "expected"),
    [
        (rated("0 1 0 0 0 0 0 0 1 0", "1 1 1 0 0 1 0 0 0 0"), 0.095),  # section A: two observers, binary
        (rated("a a b b d c c c e d d a", "b a b b b c c c e d d d"), 0.692),  # section B: two observers, nominal
        (FOUR_OBSERVERS, 0.743),  # section C: any number of observers, missing data
    ],
)
def test_alpha_of_krippendorff_2011(ratings: list[Rating], expected: float) -> None:
    assert measure_alpha(ratings).value == pytest.approx(expected, abs=5e-4)


def test_alpha_by_a_distance_of_krippendorff_2011() -> None:
    assert measure_alpha(FOUR_OBSERVERS, interval).value == pytest.approx(0.849, abs=5e-4)


def test_the_interval_holds_the_value_and_is_seeded() -> None:
    found = measure_alpha(FOUR_OBSERVERS, seed=1)
    assert found.low is not None
    assert found.high is not None
    assert found.value is not None
    assert found.low < found.value < found.high <= 1
    assert measure_alpha(FOUR_OBSERVERS, seed=1) == found
    assert measure_alpha(FOUR_OBSERVERS, seed=2) != found


def test_only_items_with_two_ratings_count() -> None:
    assert (measure_alpha(FOUR_OBSERVERS).items, measure_alpha(FOUR_OBSERVERS).ratings) == (11, 40)


@pytest.mark.parametrize(
    ("ratings", "expected"),
    [
        ([], Alpha(items=0, ratings=0, reason="no-pairs")),
        (rated("a b c"), Alpha(items=0, ratings=0, reason="no-pairs")),
        (rated("a b .", "b . c"), Alpha(items=1, ratings=2, reason="one-item")),
        (rated("a a", "a a"), Alpha(items=2, ratings=4, reason="one-category")),
    ],
)
def test_alpha_that_cannot_be_told_says_why(ratings: list[Rating], expected: Alpha) -> None:
    assert measure_alpha(ratings) == expected
    assert measure_alpha(ratings, interval) == expected


def test_an_interval_that_few_draws_tell_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agreement, "DRAWS", 10)
    found = measure_alpha(FOUR_OBSERVERS)
    assert found.value is not None
    assert (found.low, found.high) == (None, None)


def test_with_very_many_categories_chance_is_estimated_closely(monkeypatch: pytest.MonkeyPatch) -> None:
    ratings = [
        Rating(item, who, chose(str(1 + (item * 7 + (who == "B" and item % 3 == 0)) % 5)))
        for item in range(60)
        for who in "AB"
    ]
    exact = measure_alpha(ratings, interval)
    monkeypatch.setattr(agreement, "MOST_CATEGORIES", 3)
    estimated = measure_alpha(ratings, interval)
    assert estimated.value == pytest.approx(exact.value, abs=0.02)
    assert estimated.low == pytest.approx(exact.low, abs=0.05)


@given(st.randoms(use_true_random=False))
def test_ratings_in_another_order_give_the_same_figures(shuffler: random.Random) -> None:
    ratings = list(FOUR_OBSERVERS)
    shuffler.shuffle(ratings)
    assert measure_kappas(ratings) == measure_kappas(FOUR_OBSERVERS)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(agreement, "DRAWS", 5)
        assert measure_alpha(ratings) == measure_alpha(FOUR_OBSERVERS)


@given(st.lists(st.tuples(st.integers(0, 4), st.sampled_from("ABC"), st.sampled_from(["", "1", "2", "3"]))))
def test_figures_are_none_or_at_most_one_and_never_nan(rows: list[tuple[int, str, str]]) -> None:
    ratings = [Rating(item, who, chose(code)) for item, who, code in rows]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(agreement, "DRAWS", 20)
        found = measure_agreement(ratings, None)
    told = [(each.value, each.reason) for each in found.kappas] + [(found.alpha.value, found.alpha.reason)]
    for value, reason in told:
        assert (value is None) == bool(reason)
        assert value is None or value <= 1


# --- everything ------------------------------------------------------------------------------------------------------


class Flat:
    """Two families of two codes."""

    def lookup(self, system: str, code: str) -> Concept | None:
        return Concept(system, code, code)

    def parents(self, system: str, code: str) -> tuple[str, ...]:
        return (code[0],) if len(code) > 1 else ()


def test_disagreements_are_counted_by_how_far_apart_they_are() -> None:
    ratings = [
        Rating(item, who, judgement)
        for item, pair in enumerate(
            (
                (chose("a1"), chose("a1")),
                (chose("a1"), chose("a1", Relation.BROAD)),
                (chose("a1"), chose("a2")),
                (chose("a2"), chose("a1")),
                (chose("a1"), chose("b1")),
                (chose("b1"), NOTHING),
            )
        )
        for who, judgement in zip("AB", pair, strict=True)
    ]
    found = measure_agreement(ratings, HierarchyDistance(Flat()))
    assert (found.pairs, found.same_codes, found.other_relation) == (6, 2, 1)
    assert {each.band: each.items for each in found.apart if each.pairs} == {
        Band.RELATION: (1,), Band.SIBLING: (2, 3), Band.FAR: (4,), Band.NO_TARGET: (5,),
    }  # fmt: skip
    assert tuple(each.band for each in found.apart) == tuple(Band)
    assert found.alpha.value is not None
    assert found.near_alpha.value is not None
    assert found.near_alpha.value > found.alpha.value


def test_without_a_store_the_figures_by_hierarchy_are_left_out() -> None:
    found = measure_agreement(FOUR_OBSERVERS, None)
    assert found.near_alpha.reason == "no-hierarchy"
    assert found.apart == ()


def test_of_two_judgements_of_one_person_the_first_counts() -> None:
    ratings = [*rated("a b", "a b"), Rating(0, "person-0", chose("b"))]
    assert measure_agreement(ratings, None).same_codes == 2
