"""The figures of the statistics page."""

import random
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from semantix.review.acceptance import Observed
from semantix.review.agreement import measure_agreement
from semantix.review.model import Kind, State
from semantix.review.statistics import (
    BOUNDS,
    Act,
    Change,
    DayProgress,
    Grouping,
    Load,
    Material,
    Progress,
    SourceLoad,
    Task,
    Worker,
    count_days,
    count_work,
    day_of,
    find_worst,
    gather,
    measure_gaps,
    measure_progress,
    measure_reliability,
)

PARIS = ZoneInfo("Europe/Paris")


def act(at: str, who: str = "ada", kind: Kind = Kind.JUDGED, batch: str = "") -> Act:
    return Act(f"2026-03-{at}+00:00", who, kind, batch)


@pytest.mark.parametrize(
    ("at", "day"),
    [
        ("2026-01-31T22:59:59+00:00", "2026-01-31"),
        ("2026-01-31T23:00:00Z", "2026-02-01"),
        ("2026-07-31T22:00:00", "2026-08-01"),  # summer time; no zone said: UTC
    ],
)
def test_days_are_those_of_the_zone(at: str, day: str) -> None:
    assert day_of(at, PARIS) == day


def test_work_is_counted_by_day_person_and_task() -> None:
    found = count_work(
        [
            act("02T08:00:00"),
            act("02T08:01:00"),
            act("02T08:02:00", kind=Kind.AGREED),
            act("02T08:03:00", kind=Kind.SENT_BACK),
            act("01T23:30:00", kind=Kind.RECONCILED),
            act("02T09:00:00", "bob", Kind.AUDITED),
            act("02T09:00:00", "bob", Kind.AGREED, "b1"),
            act("02T09:00:00", "bob", Kind.AGREED, "b1"),
            act("02T09:00:00", "eve", Kind.DRAFTED),
        ],
        PARIS,
    )
    assert [(each.day, each.who, each.decisions, each.bulk) for each in found] == [
        ("2026-03-02", "ada", 5, 0),
        ("2026-03-02", "bob", 1, 2),
    ]
    assert found[0].tasks == {Task.JUDGED: 2, Task.REVIEWED: 2, Task.RECONCILED: 1, Task.AUDITED: 0}


def test_days_without_work_are_counted_as_nought() -> None:
    work = count_work([act("02T08:00:00"), act("04T08:00:00"), act("04T08:00:00", "bob")], PARIS)
    assert count_days(work) == (("2026-03-02", 1), ("2026-03-03", 0), ("2026-03-04", 2))
    assert count_days(()) == ()


def test_gaps_are_between_decisions_of_one_person_without_pauses_and_bulk_actions() -> None:
    found = measure_gaps(
        [
            act("02T08:00:30"),
            act("02T08:00:00"),
            act("02T08:00:10", "bob"),
            act("02T08:10:30"),
            act("02T08:20:31"),
            act("02T08:20:31", batch="b1"),
            act("02T08:20:40", kind=Kind.CLAIMED),
        ]
    )
    assert found == {"ada": (30.0, 600.0), "bob": ()}


def test_progress_adds_up_and_takes_off_what_is_reopened() -> None:
    loads = [Load(state=State.UNMAPPED, frequency=10), Load(state=State.ACCEPTED, frequency=5)]
    found = measure_progress(
        [
            Change("2026-03-03T10:00:00Z", 1, 10, False),
            Change("2026-03-02T10:00:00Z", 1, 10, True),
            Change("2026-03-02T11:00:00Z", 2, 5, True),
            Change("2026-03-02T12:00:00Z", 2, 6, True),
            Change("2026-03-05T12:00:00Z", 7, 1, False),
        ],
        loads,
        PARIS,
    )
    assert found == Progress(
        2, 15, (DayProgress("2026-03-02", 2, 16), DayProgress("2026-03-03", 1, 6), DayProgress("2026-03-05", 1, 6))
    )
    assert measure_progress([], [], PARIS) == Progress(0, 0, ())


def test_reliability_sets_what_was_said_beside_what_was_chosen() -> None:
    found = measure_reliability([(0.97, True), (0.95, True), (0.96, False), (1.0, True), (0.0, False), (0.2, True)])
    assert [(each.low, each.high) for each in found] == list(pairwise(BOUNDS))
    seen = {each.low: (each.chosen.right, each.chosen.seen, each.mean) for each in found if each.chosen.seen}
    assert seen == {0.0: (0, 1, 0.0), 0.2: (1, 1, 0.2), 0.95: (2, 3, 0.96), 0.98: (1, 1, 1.0)}
    empty = found[2]
    assert (empty.mean, empty.chosen) == (None, Observed(0, 0))
    assert found[6].chosen.low is not None
    assert 0 < found[6].chosen.low < 2 / 3


LOADS = [
    Load(state=State.UNMAPPED, frequency=10, system="s", section="vitals", senders={"north": 7, "south": 3}),
    Load(state=State.DRAFT, frequency=4, system="s", section="vitals", senders={"south": 4}),
    Load(state=State.ACCEPTED, frequency=20, system="s", section="history", senders={"north": 20}),
    Load(state=State.REJECTED, frequency=1),
]


def test_the_worst_sources_leave_most_records_open() -> None:
    found = find_worst(LOADS, Grouping.SENDER)
    assert [(each.name, each.records, each.open_records, each.unmapped_records, each.items) for each in found] == [
        ("north", 27, 7, 7, 2),
        ("south", 7, 7, 3, 2),
        ("", 1, 1, 0, 1),
    ]
    assert (found[1].open_share, found[1].unmapped_share) == (1.0, 3 / 7)
    assert [each.name for each in find_worst(LOADS, Grouping.SECTION)] == ["vitals", ""]
    assert [each.name for each in find_worst(LOADS, Grouping.SYSTEM, most=1)] == ["s"]


def test_a_source_without_records_has_no_share() -> None:
    empty = SourceLoad(grouping=Grouping.SENDER, name="", items=1, records=0, open_records=0, unmapped_records=0)
    assert (empty.open_share, empty.unmapped_share) == (0, 0)


def test_everything_is_gathered() -> None:
    agreement = measure_agreement([], None)
    acts = [act("02T08:00:00"), act("02T08:00:20"), act("03T08:00:00", "bob"), act("03T08:00:00", "bob", batch="b")]
    material = Material(acts=acts, loads=LOADS, firsts=[(0.9, True)], audit_right=19, audit_seen=20)
    found = gather(material, agreement, PARIS)
    assert found.workers == (
        Worker(who="ada", decisions=2, bulk=0, days=1, seconds=20.0),
        Worker(who="bob", decisions=1, bulk=1, days=1, seconds=None),
    )
    assert found.seconds == 20.0
    assert (found.audit.share, found.progress.records) == (0.95, 35)
    assert {each.grouping for each in found.worst} == set(Grouping)
    assert found.agreement is agreement


def test_an_empty_desk_has_figures() -> None:
    found = gather(Material(), measure_agreement([], None), PARIS)
    assert (found.work, found.workers, found.seconds, found.worst) == ((), (), None, ())
    assert found.audit == Observed(0, 0)
    assert len(found.reliability) == len(BOUNDS) - 1


@given(st.lists(st.tuples(st.floats(-0.5, 1.5), st.booleans())))
def test_every_judged_candidate_is_in_one_band(firsts: list[tuple[float, bool]]) -> None:
    found = measure_reliability(firsts)
    assert sum(each.chosen.seen for each in found) == len(firsts)


@given(st.randoms(use_true_random=False))
def test_figures_do_not_depend_on_the_order_of_acts(shuffler: random.Random) -> None:
    acts = [act(f"02T08:{minute:02}:00", "ada" if minute % 3 else "bob") for minute in range(30)]
    mixed = shuffler.sample(acts, len(acts))
    assert count_work(mixed, PARIS) == count_work(acts, PARIS)
    assert dict(measure_gaps(mixed)) == dict(measure_gaps(acts))
