"""Dates as practice software writes them."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from semantix.text.dates import EMPTY, SHORT_YEAR, DateReading, join_date, read_date, read_time


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("12/02/2013", "2013-02-12"),
        (" 12/02/2013 ", "2013-02-12"),
        ("1/2/2013", "2013-02-01"),
        ("12-02-2013", "2013-02-12"),
        ("12.02.2013", "2013-02-12"),
        ("12 02 2013", "2013-02-12"),
        ("2013-02-12", "2013-02-12"),
        ("2013/02/12", "2013-02-12"),
        ("20130212", "2013-02-12"),
        ("12 février 2013", "2013-02-12"),
        ("12 FEVRIER 2013", "2013-02-12"),
        ("12 févr. 2013", "2013-02-12"),
        ("mardi 12 février 2013", "2013-02-12"),
        ("le 12/02/2013", "2013-02-12"),
        ("le mardi 12/02/2013", "2013-02-12"),
        ("1er mars 2013", "2013-03-01"),
        ("12-FEB-2013", "2013-02-12"),
        ("12 déc. 2013", "2013-12-12"),
        ('="12/02/2013"', "2013-02-12"),
        ("12\u00a0février\u00a02013", "2013-02-12"),
    ],
)
def test_a_whole_date_is_read_in_every_shape(text: str, iso: str) -> None:
    assert read_date(text) == DateReading(iso)


def test_jun_is_june_and_jui_is_july() -> None:
    assert read_date("3 JUN 2012").iso == "2012-06-03"
    assert read_date("3 JUI 2012").iso == "2012-07-03"


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2013", "2013"),
        ("02/2013", "2013-02"),
        ("2013-02", "2013-02"),
        ("février 2013", "2013-02"),
        ("00/00/1950", "1950"),
        ("00/03/1950", "1950-03"),
        ("1950-00-00", "1950"),
        ("19500000", "1950"),
    ],
)
def test_a_partial_date_stays_partial(text: str, iso: str) -> None:
    assert read_date(text) == DateReading(iso)


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2013-02-12T10:30:00", "2013-02-12T10:30:00"),
        ("2013-02-12T10:30", "2013-02-12T10:30:00"),
        ("2013-02-12 10:30:45.120", "2013-02-12T10:30:45.120"),
        ("2013-02-12T10:30:00Z", "2013-02-12T10:30:00Z"),
        ("2013-02-12T10:30:00+01:00", "2013-02-12T10:30:00+01:00"),
        ("201302121030", "2013-02-12T10:30:00"),
        ("20130212103045", "2013-02-12T10:30:45"),
        ("20130212103045.12+0100", "2013-02-12T10:30:45.12+01:00"),
        ("12/02/2013 10:30", "2013-02-12T10:30:00"),
        ("12/02/2013 à 10h30", "2013-02-12T10:30:00"),
        ("12/02/2013 8h", "2013-02-12T08:00:00"),
        ("12/02/2013 8 h 05", "2013-02-12T08:05:00"),
    ],
)
def test_a_time_is_kept_with_its_zone_or_without(text: str, iso: str) -> None:
    assert read_date(text) == DateReading(iso)


@pytest.mark.parametrize("text", ["", " ", ".", "--", "0000-00-00", "00/00/0000", "/  /", "00000000", "00:00"])
def test_nothing_is_no_date(text: str) -> None:
    assert read_date(text) == DateReading(None, EMPTY)


@pytest.mark.parametrize(
    "text",
    [
        "13/25/2012",
        "31/02/2012",
        "29/02/2013",
        "2012-13-01",
        "12/02/2013 24:00",
        "20130212103045+1900",
        "12/02/0013",
        "12/02/123",
        "12/02/2",
        "2013-02-2013",
        "25122012",
        "201203",
        "06 12 34 56 78",
        "41300",
        "12,5",
        "mai 68",
        "3 MA 2012",
        "3 ventôse 2012",
        "00/1950/03",
        "12/00/1950",
        "demain",
        "12/02/2013 puis 14/02/2013",
        "30/12/1899",
        "31/12/9999",
        "x" * 200,
    ],
)
def test_an_impossible_date_is_refused_with_a_reason(text: str) -> None:
    reading = read_date(text)
    assert reading.iso is None
    assert reading.reason not in ("", EMPTY)


def test_day_and_month_are_never_exchanged() -> None:
    assert read_date("02/25/2012").reason == "no month 25; day and month may be exchanged"
    assert read_date("02/25/2012", order="mdy").iso == "2012-02-25"
    assert read_date("02/03/2012", order="mdy").iso == "2012-02-03"


def test_two_digit_years_turn_at_the_pivot() -> None:
    assert read_date("1/2/30") == DateReading("2030-02-01", doubt=SHORT_YEAR)
    assert read_date("1/2/31") == DateReading("1931-02-01", doubt=SHORT_YEAR)
    assert read_date("1/2/44", pivot=45).iso == "2044-02-01"
    assert read_date("12 mars 13") == DateReading("2013-03-12", doubt=SHORT_YEAR)
    assert read_date("13/02/01", order="ymd").iso == "2013-02-01"


@pytest.mark.parametrize("text", ["12 fvrier 2013", "12 f‚vrier 2013", "12 fÃ©vrier 2013", "12 f?vrier 2013"])
def test_a_month_that_lost_its_accent_is_read_with_a_doubt(text: str) -> None:
    assert read_date(text) == DateReading("2013-02-12", doubt="an accent of the month is lost")


def test_year_and_month_in_six_digits_need_the_order_said() -> None:
    assert read_date("201203", order="ymd").iso == "2012-03"


@pytest.mark.parametrize(
    ("text", "shape", "iso"),
    [
        ("12/02/2013", "dd/mm/yyyy", "2013-02-12"),
        ("2/3/45", "d/m/yy", "1945-03-02"),
        ("25122012", "ddmmyyyy", "2012-12-25"),
        ("201302", "yyyymm", "2013-02"),
        ("201302121030", "yyyymmddhhmm", "2013-02-12T10:30:00"),
        ("12 février 2013", "d mmmm yyyy", "2013-02-12"),
        ("3 JUI 2012", "d mmm yyyy", "2012-07-03"),
        ("12/02/2013 10:30:15", "dd/mm/yyyy hh:mm:ss", "2013-02-12T10:30:15"),
        ("2013-02-12T10:30:00Z", "iso", "2013-02-12T10:30:00Z"),
        ("41317", "excel-serial", "2013-02-12"),
        ("41317,5", "excel-serial", "2013-02-12T12:00:00"),
        ("20130212 103045 +0100", "yyyymmdd hhnnss z", "2013-02-12T10:30:45+01:00"),
    ],
)
def test_a_format_of_a_pack_is_followed(text: str, shape: str, iso: str) -> None:
    assert read_date(text, formats=(shape,)).iso == iso


def test_formats_are_tried_in_order_and_exclusively() -> None:
    assert read_date("02/03/2012", formats=("mm/dd/yyyy", "dd/mm/yyyy")).iso == "2012-02-03"
    assert read_date("25/03/2012", formats=("mm/dd/yyyy", "dd/mm/yyyy")).iso == "2012-03-25"
    assert read_date("2012-03-25", formats=("dd/mm/yyyy",)).reason == "not of the formats told (dd/mm/yyyy)"
    assert read_date("32/01/2012", formats=("dd/mm/yyyy",)).reason == "no day 32 in month 1 of that year"


@pytest.mark.parametrize("text", ["0", "-3", "60", "9999999", "12/02/2013", "NaN"])
def test_a_serial_of_no_certain_day_is_refused(text: str) -> None:
    reading = read_date(text, formats=("excel-serial",))
    assert reading.iso is None
    assert reading.reason


@pytest.mark.parametrize("shape", ["xx", "yyyy-yyyy", "hh:hh"])
def test_a_format_that_cannot_be_understood_is_an_error(shape: str) -> None:
    with pytest.raises(ValueError, match="date format"):
        read_date("2013", formats=(shape,))


@pytest.mark.parametrize(
    ("fields", "iso"),
    [
        (("1950", "3", "4"), "1950-03-04"),
        (("1950", "03", "00"), "1950-03"),
        (("1950", ".", "0"), "1950"),
        (("1950",), "1950"),
        (("1950", "mars", "4"), "1950-03-04"),
        (("50", "3", "4"), "1950-03-04"),
    ],
)
def test_three_fields_are_as_precise_as_those_that_are_there(fields: tuple[str, ...], iso: str) -> None:
    assert join_date(*fields).iso == iso


@pytest.mark.parametrize(
    "fields",
    [("", "3", "4"), ("1950", "", "4"), ("1950", "13"), ("1950", "2", "30"), ("²", "3"), ("1950", "²"), ("x",)],
)
def test_three_fields_that_make_no_date_are_refused(fields: tuple[str, ...]) -> None:
    assert join_date(*fields).iso is None
    assert join_date(*fields).reason


def test_three_empty_fields_are_nothing() -> None:
    assert join_date(".", "0", " ") == DateReading(None, EMPTY)


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("10h30", "10:30:00"),
        ("10:30", "10:30:00"),
        ("10:30:15", "10:30:15"),
        ("8 h", "08:00:00"),
        ("8 h 05", "08:05:00"),
        ("25h", None),
        ("10:75", None),
        ("12", None),
        ("matin", None),
    ],
)
def test_a_time_of_the_day_is_read_alone(text: str, time: str | None) -> None:
    assert read_time(text) == time


DAYS = st.dates(dt.date(1850, 1, 1), dt.date(2199, 12, 31)).filter(
    lambda day: day.isoformat() not in ("1899-12-30", "1899-12-31")
)


@given(DAYS)
def test_every_day_is_read_back_from_every_shape(day: dt.date) -> None:
    iso = day.isoformat()
    for shape in ("%d/%m/%Y", "%Y-%m-%d", "%Y%m%d", "%d.%m.%Y", "%d-%m-%Y"):
        assert read_date(day.strftime(shape)) == DateReading(iso)
    assert join_date(str(day.year), str(day.month), str(day.day)).iso == iso
    assert read_date(day.strftime("%d%m%Y"), formats=("ddmmyyyy",)).iso == iso


@given(st.integers(61, 100_000))
def test_a_serial_counts_days(serial: int) -> None:
    iso = (dt.date(1899, 12, 30) + dt.timedelta(serial)).isoformat()
    assert read_date(str(serial), formats=("excel-serial",)).iso == iso


@given(st.text(max_size=80) | st.text("0123456789/-.: hTZ+janfévrmsdcou", max_size=40))
def test_no_text_raises_and_every_text_has_a_date_or_a_reason(text: str) -> None:
    for order in ("dmy", "mdy", "ymd"):
        reading = read_date(text, order=order)
        assert (reading.iso is None) == bool(reading.reason)
    read_date(text, formats=("dd/mm/yyyy", "excel-serial", "iso"))
    join_date(text, text, text)
    read_time(text)


@given(st.text("0123456789/-. ", max_size=24))
def test_a_year_read_is_in_the_text(text: str) -> None:
    reading = read_date(text)
    if reading.iso is not None and not reading.doubt:
        assert reading.iso[:4] in text
