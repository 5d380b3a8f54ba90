from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from semantix import model
from semantix.emitters.omop.dates import Calendar, When, after, between, days
from semantix.model import PartialDate, Quantity, TimeSpan


def point(iso):
    return PartialDate(iso, iso, 0)


@pytest.mark.parametrize(
    ("iso", "expected"),
    [
        ("2024", When("2024-01-01", None, "year")),
        ("2024-03", When("2024-03-01", None, "month")),
        ("2024-03-08", When("2024-03-08")),
        ("2024-01-08T10:30:00+01:00", When("2024-01-08", "2024-01-08 10:30:00")),
        ("2024-01-08T23:30:00Z", When("2024-01-09", "2024-01-09 00:30:00")),
        ("2024-01-08T10:30:00", When("2024-01-08", "2024-01-08 10:30:00")),
        ("2024-13-45", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("nonsense", None),
    ],
)
def test_a_date_is_read_at_its_precision(iso, expected):
    assert Calendar(ZoneInfo("Europe/Paris")).read(point(iso)) == expected


def test_nothing_is_no_date():
    calendar = Calendar(ZoneInfo("UTC"))
    assert calendar.read(None) is None
    assert calendar.start(None) is None
    assert calendar.end(None, When("2024-01-01")) is None


def test_an_end_is_told_or_computed_and_never_before_the_start():
    calendar, start = Calendar(ZoneInfo("UTC")), When("2024-01-10")
    assert calendar.end(TimeSpan(0, high=point("2024-01-12")), start) == When("2024-01-12")
    assert calendar.end(TimeSpan(0, high=point("2024-01-09")), start) is None
    assert calendar.end(TimeSpan(0, width=Quantity(Decimal(3), "d", 0)), start) == When("2024-01-12", None, "duration")


@pytest.mark.parametrize(
    ("value", "unit", "expected"), [("2", "wk", 14), ("36", "h", 2), ("5", "min", 1), ("1", "mg", None)]
)
def test_a_duration_is_in_whole_days(value, unit, expected):
    assert days(Quantity(Decimal(value), unit, 0)) == expected


def test_a_duration_without_value_is_unknown():
    assert days(None) is None
    assert days(Quantity(None, "d", 0, null="UNK")) is None


def test_a_period_counts_both_its_days():
    assert between(When("2024-01-01"), When("2024-01-03")) == 3
    assert after(When("2024-01-01"), 3) == When("2024-01-03", None, "duration")


def test_a_period_without_end_in_the_calendar_has_none():
    assert after(When("2024-01-01"), 10**9) is None
    assert after(When("9999-12-31"), 30) is None


def test_what_happened_after_the_document_is_left_out_and_told(make):
    future = make.problem(make.concept("A"), time=make.span("2104-03-08"))
    next_day = make.problem(make.concept("B"), time=make.span("2024-03-11"))
    emission = make.emit(future, next_day)
    assert [r["condition_source_value"] for r in emission.rows["condition_occurrence"]] == ["B"]
    assert emission.excluded == {("problem", "no-date"): 1}
    assert [(i.code, i.path) for i in emission.issues] == [("SX904", future.path)]
    assert "2104" not in emission.issues[0].message


def test_what_is_inside_something_of_the_future_does_not_become_of_today(make):
    inner = make.observation("99999-1", make.quantity("1"), time=None)
    panel = make.statement(model.Panel, "panel", time=make.on("2104-01-01"), links=(model.Link("COMP", inner),))
    emission = make.emit(panel)
    assert "measurement" not in emission.rows
    assert len(emission.issues) == 1


def test_an_order_may_begin_after_the_document_and_a_treatment_may_end_after_it(make):
    order = make.medication(make.concept("1"), mood="RQO", intent="prescribed", time=make.span("2024-06-01"))
    taken = make.medication(make.concept("2"), time=make.span(None, "2024-12-31"))
    emission = make.emit(order, taken)
    starts = [r["drug_exposure_start_date"] for r in emission.rows["drug_exposure"]]
    assert (starts, emission.issues) == (["2024-06-01", "2024-03-10"], ())
