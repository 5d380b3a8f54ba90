"""What one cell looks like, and what it may be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from semantix.profiling.shapes import code_systems, date_shape, folded, looks_like_unit, number_shape, shape_of


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("08/03/2024", "99/99/9999"),
        ("TSH 12", "AAA 99"),
        ("Créatininémie", "A+"),
        ("<0,5", "<9,9"),
        ("", ""),
        ("1" * 20, "9+"),
        ("é" * 4, "AAAA"),
        ("a\tb", "A?A"),
        ("a b " * 40, "A A A A A A A A A A A A A A A A A A A A…"),
    ],
)
def test_a_shape_keeps_marks_and_hides_letters_and_digits(text: str, shape: str) -> None:
    assert shape_of(text) == shape


@given(st.text(max_size=200))
def test_a_shape_is_short_and_holds_no_digit_but_nine_and_no_letter_but_a(text: str) -> None:
    shape = shape_of(text)
    assert len(shape) <= 40
    assert all(char in "9A+" or not (char.isascii() and char.isalnum()) for char in shape)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("08/03/2024", "dd/mm/yyyy"),
        ("8/3/2024", "d/m/yyyy"),
        ("08-03-24", "dd-mm-yy"),
        ("8.3.24", "d.m.yy"),
        ("2024-03-08", "yyyy-mm-dd"),
        ("2024/03/08 10:30", "yyyy/mm/dd hh:mm"),
        ("2024-03-08T10:30:00", "yyyy-mm-ddthh:mm:ss"),
        ("08/03/2024 10:30:00.123", "dd/mm/yyyy hh:mm:ss.f"),
        ("20240308", "yyyymmdd"),
        ("202403081030", "yyyymmddhhmm"),
        ("12 février 2013", "d mmmm yyyy"),
        ("3 JUI 12", "d mmmm yy"),
        ("03/2024", "mm/yyyy"),
        ("2024-03", "yyyy-mm"),
    ],
)
def test_the_format_of_a_date_is_written_as_packs_write_it(text: str, written: str) -> None:
    found = date_shape(text)
    assert found is not None
    assert (found.format, found.readable) == (written, True)


@pytest.mark.parametrize("text", ["", "12,5", "20241308", "12345678", "99999999", "1234567890", "12 rue Neuve", "12/8"])
def test_what_is_no_date_has_no_format(text: str) -> None:
    assert date_shape(text) is None


def test_what_has_the_shape_of_a_date_and_is_none_is_not_readable() -> None:
    found = date_shape("45/13/2024")
    assert found is not None
    assert not found.readable


def test_day_and_month_are_told_apart_only_above_twelve() -> None:
    sure, exchanged, unsure = date_shape("25/03/2024"), date_shape("03/25/2024"), date_shape("03/04/2024")
    assert sure is not None
    assert exchanged is not None
    assert unsure is not None
    assert (sure.certain, sure.swapped) == (True, False)
    assert (exchanged.readable, exchanged.swapped) == (False, True)
    assert (unsure.certain, unsure.swapped) == (False, False)


@pytest.mark.parametrize(
    ("text", "unit"), [("12", ""), ("1,45 g/l", "g/l"), ("< 0.12  mg/l", "mg/l"), ("*12.9*", ""), ("2,19 *g/l", "g/l")]
)
def test_a_number_is_read_with_its_unit(text: str, unit: str) -> None:
    found = number_shape(text)
    assert found is not None
    assert found.unit == unit


@pytest.mark.parametrize("text", ["", "abc", "12 rue de l'Essai", "12/8", "1" * 50, "positif 12"])
def test_words_are_no_number(text: str) -> None:
    assert number_shape(text) is None


def test_three_digits_after_a_mark_are_ambiguous() -> None:
    assert [number_shape(text).ambiguous for text in ("2.920", "2.92", "2920", "1.234,5")] == [
        True,
        False,
        False,
        False,
    ]


@pytest.mark.parametrize("text", ["g/l", "mmol/L", "%", "/mm3", "µmol/l", "mL/min", "UI/L", "10^9/L", "mmHg"])
def test_usual_units_are_told(text: str) -> None:
    assert looks_like_unit(text)


@pytest.mark.parametrize("text", ["", "Glycémie", "ARDOISE", "CRP", "oui", "x" * 30])
def test_other_words_are_no_units(text: str) -> None:
    assert not looks_like_unit(text)


@pytest.mark.parametrize(
    ("text", "systems"),
    [
        ("E11.9", ("cim10",)),
        ("A10", ("cim10", "cisp2")),
        ("A10BA02", ("atc",)),
        ("2345-7", ("loinc",)),
        ("2345-8", ()),
        ("DZQM006", ("ccam",)),
        ("bonjour", ()),
    ],
)
def test_codes_are_told_by_their_shape_and_key(text: str, systems: tuple[str, ...]) -> None:
    assert code_systems(text) == systems


def test_names_are_compared_without_case_accents_and_marks() -> None:
    assert folded(" Date_de  Naissance (é) ") == "date de naissance e"
