"""Calibrated doubt: probabilities that rise, thresholds that hold, silence where little is known."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from semantix.terminology.calibration import LEAST, Calibration, Curve, fit_curve, lower_bound
from semantix.terminology.matching import Example

PAIRS = st.lists(st.tuples(st.floats(0, 1).map(lambda value: round(value, 4)), st.booleans()), max_size=60)


def examples(right: int, wrong: int, kind: str = "label") -> list[Example]:
    """The right ones are the most confident."""
    return [Example(kind, 0.9, True)] * right + [Example(kind, 0.3, False)] * wrong


@given(PAIRS, st.lists(st.floats(-0.5, 1.5), min_size=2, max_size=8))
def test_a_curve_never_falls_and_stays_between_never_and_always(
    pairs: list[tuple[float, bool]], asked: list[float]
) -> None:
    curve = fit_curve(pairs)
    found = [curve(confidence) for confidence in sorted(asked)]
    assert found == sorted(found)
    assert all(0 <= probability < 1 for probability in found)


@given(PAIRS, st.randoms(use_true_random=False))
def test_the_order_of_examples_changes_nothing(pairs: list[tuple[float, bool]], chance: object) -> None:
    shuffled = list(pairs)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert fit_curve(pairs) == fit_curve(shuffled)


def test_a_curve_tells_how_often_examples_were_right() -> None:
    pairs = [(0.2, False)] * 300 + [(0.2, True)] * 100 + [(0.8, True)] * 400
    curve = fit_curve(pairs)
    assert curve(0.2) == pytest.approx(0.25, abs=0.01)
    assert curve(0.8) == pytest.approx(1.0, abs=0.01)
    assert curve(0.5) == pytest.approx((curve(0.2) + curve(0.8)) / 2, abs=1e-6)
    assert curve.seen == 800


def test_a_few_examples_never_make_certainty() -> None:
    assert fit_curve([(0.9, True)] * 3)(0.9) == pytest.approx(0.8)
    assert fit_curve([])(0.9) == 0.0


def test_a_curve_is_straight_between_its_points() -> None:
    curve = Curve((0.0, 1.0), (0.2, 0.6), 10)
    assert [round(curve(at), 6) for at in (-1, 0, 0.25, 0.5, 1, 2)] == [0.2, 0.2, 0.3, 0.4, 0.6, 0.6]


@pytest.mark.parametrize(
    ("right", "count", "bound"),
    [(0, 0, 0.0), (0, 10, 0.0), (10, 10, 0.787), (98, 100, 0.941), (980, 1000, 0.9714), (1000, 1000, 0.9973)],
)
def test_the_bound_is_that_of_wilson(right: int, count: int, bound: float) -> None:
    assert lower_bound(right, count) == pytest.approx(bound, abs=5e-4)


@given(st.integers(1, 500), st.data())
def test_the_bound_is_below_the_share_and_rises_with_it(count: int, data: st.DataObject) -> None:
    right = data.draw(st.integers(0, count - 1)) if count > 1 else 0
    assert -1e-12 <= lower_bound(right, count) <= max(right / count, 1e-9)
    assert lower_bound(right, count) < lower_bound(right + 1, count)


def test_more_of_the_same_raises_the_bound() -> None:
    assert lower_bound(9, 10) < lower_bound(90, 100) < lower_bound(900, 1000) < 0.9


def test_a_threshold_is_where_precision_is_guaranteed() -> None:
    calibration = Calibration.fit(examples(400, 100))
    assert calibration.threshold("label", 0.98) == 0.9
    assert calibration.threshold("label", 0.75) == 0.3
    assert calibration.threshold("label", 0.9999) is None


def test_too_few_examples_give_no_threshold() -> None:
    assert Calibration.fit(examples(LEAST - 1, 0)).threshold("label", 0.5) is None
    assert Calibration.fit(examples(LEAST, 0)).threshold("label", 0.5) == 0.9


def test_many_right_examples_are_needed_for_a_high_precision() -> None:
    assert Calibration.fit(examples(130, 0)).threshold("label", 0.98) is None
    assert Calibration.fit(examples(135, 0)).threshold("label", 0.98) == 0.9


def test_examples_of_equal_confidence_stand_or_fall_together() -> None:
    mixed = [Example("label", 0.9, True)] * 200 + [Example("label", 0.9, False)] * 50
    assert Calibration.fit(mixed).threshold("label", 0.9) is None


def test_each_kind_of_source_is_calibrated_apart() -> None:
    calibration = Calibration.fit(examples(200, 0) + examples(0, 200, "free-text"))
    assert calibration.probability("label", 0.9) > 0.98
    assert calibration.probability("free-text", 0.9) < 0.02
    assert calibration.threshold("free-text", 0.5) is None
    assert calibration.threshold("abbreviated", 0.5) is None


def test_a_kind_with_few_examples_shares_the_curve_of_all_and_accepts_nothing() -> None:
    calibration = Calibration.fit([*examples(200, 50), Example("free-text", 0.9, False)])
    assert calibration.probability("free-text", 0.9) == calibration.probability("abbreviated", 0.9) > 0.9
    assert calibration.threshold("free-text", 0.5) is None


def test_nothing_known_is_never_probable() -> None:
    assert Calibration.fit(()).probability("label", 1.0) == 0.0
