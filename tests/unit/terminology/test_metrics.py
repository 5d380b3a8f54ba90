"""The figures of an evaluation, against cases computed by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from semantix.model import Outcome
from semantix.terminology.metrics import (
    Answer,
    Point,
    bins_of,
    category,
    coverage_at,
    curve,
    figures_of,
    interval,
    thin,
)


def answer(probability: float | None, rank: int = 1, *, accepted: bool = False) -> Answer:
    outcome = Outcome.ABSTAINED if probability is None else Outcome.CANDIDATE
    return Answer(probability, rank, rank == 1, accepted, outcome)


FIVE = (answer(0.9), answer(0.9, 2), answer(0.5), answer(0.4, 7), answer(None, 0))


def test_top_k_counts_the_queries_without_a_candidate_as_wrong():
    figures = figures_of(FIVE, 2.0)
    assert (figures.n, figures.top1, figures.top5, figures.top10) == (5, 0.4, 0.6, 0.8)
    assert (figures.answered, figures.queries_per_second) == (4, 2.5)


def test_equal_probabilities_enter_the_curve_together():
    assert curve(FIVE) == (Point(0.9, 0.4, 0.5), Point(0.5, 0.6, 0.666667), Point(0.4, 0.8, 0.5))


def test_the_curve_does_not_depend_on_the_order_of_the_queries():
    assert curve(FIVE) == curve(FIVE[::-1])


def test_coverage_is_the_largest_one_that_keeps_the_precision():
    points = (Point(0.9, 0.1, 0.9), Point(0.8, 0.3, 0.97), Point(0.7, 0.5, 0.96), Point(0.6, 0.6, 0.94))
    assert coverage_at(points, 0.95) == 0.5
    assert coverage_at(points, 0.99) == 0.0


def test_the_calibration_error_weighs_the_gap_of_each_bin():
    # Bin 0.9: said 0.9, found 0.5, 2 of 5. Bin 0.5: 0.5 against 1, 1 of 5. Bin 0.4: 0.4 against 0, 1 of 5.
    figures = figures_of(FIVE, 1.0)
    assert figures.ece == pytest.approx((2 * 0.4 + 0.5 + 0.4) / 5)
    assert figures.ece_answered == pytest.approx((2 * 0.4 + 0.5 + 0.4) / 4)


def test_a_certain_answer_falls_in_the_last_bin():
    (last,) = bins_of((answer(1.0), answer(0.95)))
    assert (last.low, last.high, last.n) == (0.9, 1.0, 2)


def test_accepted_answers_have_a_precision_and_an_interval():
    figures = figures_of((answer(0.9, accepted=True), answer(0.8, 3, accepted=True), answer(0.7)), 1.0)
    assert (figures.accepted, figures.accepted_precision) == (2, 0.5)
    assert figures.outcomes["candidate"].accepted_right == 1


def test_no_query_gives_no_figure_rather_than_zero():
    figures = figures_of((), 0.0)
    assert (figures.n, figures.top1, figures.ece, figures.queries_per_second) == (0, None, None, None)
    assert set(figures.coverage_at_precision) == {"0.95", "0.98", "0.99"}
    assert set(figures.coverage_at_precision.values()) == {None}
    assert interval(0, 0) is None


def test_the_interval_is_the_one_of_wilson():
    assert interval(50, 100) == pytest.approx((0.4038, 0.5962), abs=1e-4)
    assert interval(10, 10) == pytest.approx((0.7225, 1.0), abs=1e-4)


@pytest.mark.parametrize(
    ("system", "code", "expected"),
    [("cim10", "J45.9", "J45"), ("atc", "C10AB05", "C10AB"), ("ccam", "AAFA001", "AAFA"), ("loinc", "718-7", "718-7")],
)
def test_the_category_is_the_natural_one_of_the_system(system: str, code: str, expected: str):
    assert category(system, code) == expected


def test_a_thin_curve_keeps_its_ends():
    points = tuple(Point(1 - n / 1000, n / 1000, 0.5) for n in range(1, 1001))
    kept = thin(points, 50)
    assert len(kept) <= 50
    assert (kept[0], kept[-1]) == (points[0], points[-1])
    assert thin(points[:3], 50) == points[:3]


@given(st.lists(st.tuples(st.none() | st.floats(0, 1), st.integers(0, 10), st.booleans())))
def test_figures_are_shares(rows: list[tuple[float | None, int, bool]]):
    answers = [answer(p, 0 if p is None else rank, accepted=accepted) for p, rank, accepted in rows]
    figures = figures_of(answers, 1.0)
    shares = (figures.top1, figures.top5, figures.top10, figures.ece, *figures.coverage_at_precision.values())
    assert all(each is None or 0 <= each <= 1 for each in shares)
    assert [point.coverage for point in figures.curve] == sorted(point.coverage for point in figures.curve)
