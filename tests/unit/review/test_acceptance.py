"""The rule of automatic acceptance, and the sample that checks it."""

import math
import random
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec import structs

from semantix.model import Candidate
from semantix.review.acceptance import (
    ENOUGH,
    FEWEST,
    TRIED,
    NoRule,
    Observed,
    Preview,
    audit_sample,
    find_rule,
    observed,
    preview,
    takes,
    upper_bound,
)
from semantix.review.model import Acceptance, Proposal
from semantix.terminology.calibration import lower_bound

Pairs = list[tuple[float, bool]]

GOOD: Pairs = [(0.99, True)] * 400 + [(0.9, True)] * 180 + [(0.9, False)] * 20 + [(0.5, True), (0.5, False)] * 100
"""Right at .99; 90 % right at .9; half right at .5."""

RULE = Acceptance(target="cim10", precision=0.9, threshold=0.9, bound=0.91, right=9, seen=10, desk_right=0, desk_seen=0)


def rule_of(*told: Any) -> Acceptance | NoRule:
    """Find a rule on the figures alone, however little the desk has judged."""
    return find_rule(*told, tried=0)


def test_the_threshold_is_the_lowest_whose_bound_reaches_the_precision() -> None:
    strict, loose = rule_of("cim10", 0.98, GOOD, []), rule_of("cim10", 0.95, GOOD, [])
    assert isinstance(strict, Acceptance)
    assert isinstance(loose, Acceptance)
    assert (strict.threshold, strict.right, strict.seen) == (0.99, 400, 400)
    assert (loose.threshold, loose.right, loose.seen) == (0.9, 580, 600)
    assert (loose.desk_right, loose.desk_seen) == (0, 0)
    assert loose.bound == pytest.approx(lower_bound(580, 600), abs=1e-6)


def test_judgements_of_the_desk_are_added_to_those_of_the_engine() -> None:
    found = rule_of("cim10", 0.95, GOOD, [(0.95, True)] * 19 + [(0.95, False)])
    assert isinstance(found, Acceptance)
    assert (found.threshold, found.right, found.seen, found.desk_right, found.desk_seen) == (0.9, 599, 620, 19, 20)


def test_from_enough_judgements_the_desk_alone_counts() -> None:
    doubtful: Pairs = [(0.95, True)] * 60 + [(0.95, False)] * 40
    found = rule_of("cim10", 0.95, GOOD, doubtful)
    assert isinstance(found, Acceptance)
    assert (found.threshold, found.seen, found.desk_seen) == (0.99, 400, 0)
    confirmed = rule_of("cim10", 0.95, GOOD, [(0.5, True)] * ENOUGH)
    assert isinstance(confirmed, Acceptance)
    assert (confirmed.threshold, confirmed.right, confirmed.seen, confirmed.desk_seen) == (0.5, 100, 100, 100)


def test_nothing_more_likely_wrong_than_right_is_accepted() -> None:
    found = rule_of("atc", 0.9, [(0.99, True)] * 4000 + [(0.6, True), (0.6, False), (0.01, False)], [])
    assert isinstance(found, Acceptance)
    assert (found.threshold, found.seen) == (0.6, 4002)
    hopeless = rule_of("atc", 0.9, [(0.4, True)] * 4000, [])
    assert isinstance(hopeless, NoRule)
    assert (hopeless.reason, hopeless.seen) == ("not-reached", 0)


def test_a_desk_that_contradicts_stops_the_rule() -> None:
    found = rule_of("cim10", 0.95, GOOD * 10, [(0.99, True)] * 20 + [(0.99, False)] * 20)
    assert isinstance(found, NoRule)
    assert (found.reason, found.threshold, found.desk_right, found.desk_seen) == ("contradicted", 0.9, 20, 40)
    assert found.desk_bound == pytest.approx(upper_bound(20, 40), abs=1e-5)


def test_a_few_errors_that_may_be_chance_do_not_stop_the_rule() -> None:
    assert isinstance(rule_of("cim10", 0.95, GOOD * 10, [(0.99, True)] * 9 + [(0.99, False)]), Acceptance)


def test_from_some_judgements_the_engine_weighs_no_more_than_they_do() -> None:
    easy: Pairs = [(0.9, True)] * 4000
    desk: Pairs = [(0.9, True)] * 45 + [(0.9, False)] * 5
    found = rule_of("cim10", 0.95, easy, desk)
    assert isinstance(found, NoRule)
    assert (found.reason, found.right, found.seen) == ("not-reached", 95, 100)
    assert isinstance(rule_of("cim10", 0.95, easy, [(0.9, True)] * 50), Acceptance)


def test_the_engine_alone_is_not_believed() -> None:
    for count in (0, TRIED - 1):
        found = find_rule("cim10", 0.9, [(0.9, True)] * 400, [(0.9, True)] * count)
        assert isinstance(found, NoRule)
        assert (found.reason, found.desk_seen, found.threshold) == ("untried", count, 0.9)
    assert isinstance(find_rule("cim10", 0.9, [(0.9, True)] * 400, [(0.9, True)] * TRIED), Acceptance)


def test_a_precision_that_is_never_reached_says_how_near_it_is() -> None:
    found = rule_of("cim10", 0.999, GOOD, [])
    assert isinstance(found, NoRule)
    assert (found.reason, found.threshold, found.right, found.seen) == ("not-reached", 0.99, 400, 400)
    assert found.bound == pytest.approx(lower_bound(400, 400), abs=1e-6)


@pytest.mark.parametrize("seen", [0, 1, 99])
def test_too_little_evidence_gives_no_rule(seen: int) -> None:
    found = rule_of("cim10", 0.5, [(0.9, True)] * (seen // 2) + [(0.1, True)] * (seen - seen // 2), [])
    assert isinstance(found, NoRule)
    assert (found.reason, found.seen) == ("too-few", seen)


def test_the_upper_bound_is_exact() -> None:
    assert upper_bound(0, 0) == 1
    assert upper_bound(10, 10) == 1
    assert upper_bound(0, 1) == pytest.approx(0.95)
    assert upper_bound(0, 10) == pytest.approx(1 - 0.05**0.1)
    found = upper_bound(20, 40)
    assert sum(math.comb(40, k) * found**k * (1 - found) ** (40 - k) for k in range(21)) == pytest.approx(0.05)


def test_one_wrong_judgement_of_the_desk_does_not_speak_against_hundreds() -> None:
    held_out = [(0.95, True)] * 600
    assert isinstance(rule_of("loinc", 0.9, held_out, [(0.95, False)]), Acceptance)
    assert isinstance(rule_of("loinc", 0.9, held_out, [(0.95, False)] * 10), NoRule)


probability = st.floats(0, 1).map(lambda each: round(each, 2))
pairs = st.lists(st.tuples(probability, st.booleans()), max_size=30).map(lambda each: each * 12)
precision = st.floats(0.05, 0.99)


@given(pairs, pairs, precision)
def test_no_rule_promises_less_than_was_asked(engine: Pairs, desk: Pairs, wanted: float) -> None:
    found = rule_of("atc", wanted, engine, desk)
    if isinstance(found, Acceptance):
        above = [right for said, right in desk if said >= found.threshold]
        everything = above + [right for said, right in engine if said >= found.threshold]
        counted = above if len(above) >= ENOUGH else everything
        right, seen = sum(counted), len(counted)
        if len(above) >= TRIED and seen > 2 * len(above):
            right = sum(above) + (right - sum(above)) * len(above) // (seen - len(above))
            seen = 2 * len(above)
        assert found.bound >= wanted
        assert lower_bound(right, seen) >= wanted
        assert (found.right, found.seen) == (right, seen)
        assert (found.desk_right, found.desk_seen) == (sum(above), len(above))


@given(pairs, pairs, precision, precision)
def test_a_higher_precision_never_gives_a_lower_threshold(engine: Pairs, desk: Pairs, one: float, two: float) -> None:
    low, high = rule_of("atc", min(one, two), engine, desk), rule_of("atc", max(one, two), engine, desk)
    assume(isinstance(low, Acceptance))
    assume(isinstance(high, Acceptance))
    assert isinstance(low, Acceptance)
    assert isinstance(high, Acceptance)
    assert high.threshold >= low.threshold


@given(pairs, pairs, precision, st.randoms(use_true_random=False))
def test_the_order_of_evidence_does_not_matter(
    engine: Pairs, desk: Pairs, wanted: float, shuffler: random.Random
) -> None:
    mixed = shuffler.sample(engine, len(engine))
    assert rule_of("atc", wanted, mixed, desk[::-1]) == rule_of("atc", wanted, engine, desk)


@given(pairs, st.floats(0.8, 0.99), st.integers(FEWEST, ENOUGH - 1))
def test_a_desk_that_finds_everything_wrong_accepts_nothing(engine: Pairs, wanted: float, count: int) -> None:
    assert isinstance(rule_of("atc", wanted, engine * 10, [(1.0, False)] * count), NoRule)


def proposal(probability: float, system: str = "cim10", conflicts: tuple[str, ...] = ()) -> Proposal:
    return Proposal(candidates=(Candidate(system, "A00", "", 1.0, probability, (), conflicts),))


@pytest.mark.parametrize(
    ("offered", "expected"),
    [
        (proposal(0.9), True),
        (proposal(0.89), False),
        (proposal(0.0), False),
        (proposal(0.99, system="atc"), False),
        (proposal(0.99, conflicts=("negation",)), False),
        (Proposal(), False),
    ],
)
def test_a_rule_takes_probable_candidates_of_its_target_without_conflict(offered: Proposal, expected: bool) -> None:
    assert takes(RULE, offered) is expected


def test_a_preview_tells_how_many_and_how_many_may_be_wrong() -> None:
    assert preview(RULE, [0.95, 0.9, 0.5, None]) == Preview(4, 2, expected_wrong=0.15, falls_short=False)
    assert preview(RULE, []) == Preview(0, 0, 0.0, falls_short=False)


def test_a_preview_tells_when_what_waits_is_harder_than_what_the_rule_was_found_on() -> None:
    rule = structs.replace(RULE, threshold=0.6)
    assert preview(rule, [0.6, 0.65, 0.7]) == Preview(3, 3, expected_wrong=1.05, falls_short=True)
    assert not preview(rule, [0.6, *[0.99] * 20]).falls_short


def test_a_sample_has_its_share_and_its_least() -> None:
    assert len(audit_sample(range(1000), 0.05, 20, "a")) == 50
    assert len(audit_sample(range(1000), 0.0501, 20, "a")) == 51
    assert len(audit_sample(range(100), 0.05, 20, "a")) == 20
    assert audit_sample(range(10), 0.05, 20, "a") == tuple(range(10))
    assert audit_sample([], 0.05, 20, "a") == ()


def test_another_seed_draws_another_sample() -> None:
    assert audit_sample(range(1000), 0.05, 20, "a") != audit_sample(range(1000), 0.05, 20, "b")


@given(st.lists(st.integers(1, 10_000)), st.randoms(use_true_random=False), st.floats(0, 1))
def test_a_sample_does_not_depend_on_the_order(items: list[int], shuffler: random.Random, share: float) -> None:
    drawn = audit_sample(items, share, 3, "seed")
    assert audit_sample(shuffler.sample(items, len(items)), share, 3, "seed") == drawn
    assert set(drawn) <= set(items)


def test_an_observed_share_has_its_interval() -> None:
    found = observed(19, 20)
    assert found.share == 0.95
    assert (found.low, found.high) == pytest.approx((0.7639, 0.9911), abs=1e-4)
    assert observed(0, 0) == Observed(0, 0)
