"""Failures to sign in are slowed down, never for ever, and never for somebody else at their usual place."""

from datetime import UTC, datetime, timedelta

import pytest

from semantix.review.web.attempts import PAIR, Attempts

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
HERE, THERE = "192.0.2.1", "198.51.100.7"


def fail(attempts, count, name="zoe", address=HERE, now=NOW):
    return [attempts.begin(name, address, now) for _ in range(count)]


def test_five_failures_are_free_and_the_sixth_waits():
    assert fail(Attempts(), 6) == [0, 0, 0, 0, 0, 30]


def test_the_wait_doubles_up_to_a_quarter_of_an_hour():
    assert [PAIR.wait(failures) for failures in (4, 5, 6, 7, 10, 100)] == [0, 30, 60, 120, 900, 900]


def test_after_the_wait_one_more_attempt_is_looked_at_and_the_next_waits_longer():
    attempts = Attempts()
    fail(attempts, 6)
    later = NOW + timedelta(seconds=30)
    assert attempts.begin("zoe", HERE, later) == 0
    assert attempts.begin("zoe", HERE, later) == 60


def test_the_wait_is_rounded_up():
    attempts = Attempts()
    fail(attempts, 5)
    assert attempts.begin("zoe", HERE, NOW + timedelta(seconds=29.5)) == 1


def test_a_quarter_of_an_hour_later_all_is_forgotten():
    attempts = Attempts()
    fail(attempts, 6)
    assert fail(attempts, 6, now=NOW + timedelta(minutes=15)) == [0, 0, 0, 0, 0, 30]


def test_the_same_name_from_elsewhere_is_not_held_up():
    attempts = Attempts()
    fail(attempts, 6)
    assert attempts.begin("zoe", THERE, NOW) == 0


def test_many_names_from_one_address_are_held_up():
    attempts = Attempts()
    assert [attempts.begin(f"name{n}", HERE, NOW) for n in range(21)] == [0] * 20 + [60]


def test_one_name_from_many_addresses_is_slowed_down_for_a_minute_at_most():
    attempts = Attempts()
    waits = [attempts.begin("zoe", f"192.0.2.{n}", NOW) for n in range(51)]
    assert waits == [0] * 50 + [5]


def test_who_signed_in_from_here_before_is_not_held_up_by_failures_elsewhere():
    attempts = Attempts()
    attempts.begin("zoe", HERE, NOW)
    attempts.forgive("zoe", HERE)
    for n in range(60):
        attempts.begin("zoe", f"203.0.113.{n}", NOW)
    assert attempts.begin("zoe", "203.0.113.99", NOW) > 0
    assert attempts.begin("zoe", HERE, NOW) == 0


def test_a_success_forgets_the_failures_of_the_pair_but_not_those_of_the_address():
    attempts = Attempts()
    fail(attempts, 4)
    attempts.begin("zoe", HERE, NOW)
    attempts.forgive("zoe", HERE)
    assert fail(attempts, 5) == [0] * 5
    fail(attempts, 11, name="other")
    assert sum(wait == 0 for wait in (attempts.begin(f"n{n}", HERE, NOW) for n in range(20))) < 20


def test_forgiving_what_was_never_counted_changes_nothing():
    attempts = Attempts()
    attempts.forgive("zoe", HERE)
    assert fail(attempts, 6)[-1] == 30


def test_what_is_kept_is_bounded():
    attempts = Attempts(most_kept=10)
    for n in range(100):
        attempts.begin(f"name{n}", f"192.0.2.{n}", NOW)
        attempts.forgive(f"name{n}", f"192.0.2.{n}")
        attempts.begin(f"name{n}", f"192.0.2.{n}", NOW)
    assert 0 < len(attempts._counts) <= 10
    assert len(attempts._known) == 10


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("2001:db8::1", "2001:db8::ffff:2"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("no address", "no address"),
        ("192.0.2.1:5000", "192.0.2.1:5001"),
        ("[2001:db8::1]:80", "2001:db8::1"),
    ],
)
def test_addresses_of_one_place_count_together(first, second):
    attempts = Attempts()
    fail(attempts, 5, address=first)
    assert attempts.begin("zoe", second, NOW) == 30
