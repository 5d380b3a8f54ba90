"""What a result field holds."""

import string
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from semantix.text.values import Number, RangeReading, ValueReading, read_flag, read_range, read_value

D = Decimal
GROUPED = "the dot is read as a mark of thousands, for the unit counts cells a volume"


def number(value: str, unit: str | None = None, comparator: str | None = None) -> Number:
    return Number(Decimal(value), unit, comparator)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12", number("12")),
        ("1,30", number("1.30")),
        ("1.30", number("1.30")),
        ("0.123", number("0.123")),
        ("12,", number("12")),
        (",5", number("0.5")),
        ("-8", number("-8")),
        ("+3", number("3")),
        ("1,45 g/l", number("1.45", "g/l")),
        ("    < 0.12  mg/l ", number("0.12", "mg/l", "<")),
        ("<5", number("5", None, "<")),
        (">120", number("120", None, ">")),
        ("≤ 0,12", number("0.12", None, "<=")),
        (">= 90 mL/min", number("90", "mL/min", ">=")),
        ("inf à 5", number("5", None, "<")),
        ("inf. à 5 UI/mL", number("5", "UI/mL", "<")),
        ("inférieur ou égal à 5", number("5", None, "<=")),
        ("sup. à 120", number("120", None, ">")),
        ("&lt;5", number("5", None, "<")),
        ("1 234,5", number("1234.5")),
        ("1\u202f234,5", number("1234.5")),
        ("1\u00a0234", number("1234")),
        ("1.234,5", number("1234.5")),
        ("1,234.5", number("1234.5")),
        ("1'234", number("1234")),
        ("1.234.567", number("1234567")),
        ("1,45E3", number("1.45E3")),
        ("10^9", number("1E9")),
        ("10^5 UFC/mL", number("1E5", "UFC/mL")),
        ("2,5 10^9/L", number("2.5", "10^9/L")),
        ("14 mL/min/1,73 m²", number("14", "mL/min/1,73 m²")),
        ("12 mg/24 h", number("12", "mg/24 h")),
        ("3 g/100 ml", number("3", "g/100 ml")),
        ("3 g/100ml", number("3", "g/100ml")),
        ("20 mg/g de créatinine", number("20", "mg/g de créatinine")),
        ("5 /100 leucocytes", number("5", "/100 leucocytes")),
        ("4,5 M/mm3", number("4.5", "M/mm3")),
        ("12 L", number("12", "L")),
        ('="12,5"', number("12.5")),
        ("=12", number("12")),
    ],
)
def test_a_number_keeps_its_digits_its_bound_and_its_unit(text: str, expected: Number) -> None:
    reading = read_value(text)
    assert reading == ValueReading(number=expected)
    assert reading.number is not None
    assert str(reading.number.value) == str(expected.value)


@pytest.mark.parametrize("text", ["", " ", ".", "...", "--", "---", "NaN", "NULL", "n/a", '=""'])
def test_nothing_is_the_empty_reading(text: str) -> None:
    assert read_value(text) == ValueReading()


@pytest.mark.parametrize("text", ["négatif", "absence", "+", "++", "H", "B", "Non dosable", "voir commentaire"])
def test_words_are_text(text: str) -> None:
    assert read_value(text) == ValueReading(text=text)


def test_a_minus_alone_is_a_doubt() -> None:
    assert read_value("-").doubt == "a minus alone: negative, or nothing"


@pytest.mark.parametrize(
    "text",
    [
        "12/02/2013",
        "2013-02-12",
        "12 février 2013",
        "06 12 34 56 78",
        "0612345678",
        "02.35.20.20.20",
        "1234567890123",
        "0123",
        "12 12",
        "12.34.56",
        "1 23",
        "12 bananes",
        "12abc",
        "1/80",
        "1:80",
        "120/80",
        "10h30",
        "10 h 30",
        "5 fois la normale",
        "3 N",
        "12 ou 13",
        "Négatif (<5 UI/mL)",
        "Taux 12",
        "10E5 UFC/mL",
        "2 -4",
        "4-2",
        "12-2013",
        "45 ans, traitement en cours",
        "1,30 g/L " + "mot " * 30,
        "0,5.3",
    ],
)
def test_a_field_with_digits_that_is_no_sure_number_stays_text_with_a_reason(text: str) -> None:
    reading = read_value(text)
    assert reading.text == text.strip()
    assert reading.number is None
    assert reading.reason


def test_one_dot_before_three_digits_is_decided_by_the_unit_or_the_pack() -> None:
    assert read_value("2.920").number is None
    assert read_value("2.920 UI/L").number is None
    assert read_value("2.920 /mm3") == ValueReading(number=number("2920", "/mm3"), doubt=GROUPED)
    assert read_value("2.920", unit="/mm^3").number == number("2920", "/mm^3")
    assert read_value("224.000", unit="/µL").number == number("224000", "/µL")
    assert read_value("2.920 G/L") == ValueReading(number=number("2.920", "G/L"))
    assert read_value("2.920", unit="g/L").number == number("2.920", "g/L")
    assert read_value("2.920", decimal=".").number == number("2.920")
    assert read_value("2.920", grouping=".").number == number("2920")
    assert read_value("2.920", decimal=",").number == number("2920")
    assert read_value("2.920", decimal=",").doubt == (
        "the dot is read as a mark of thousands, for the comma is the decimal mark"
    )
    assert read_value("2.920", decimal=".", unit="/mm3").number == number("2920", "/mm3")


def test_a_comma_is_decimal_unless_a_pack_groups_with_it() -> None:
    assert read_value("2,920").number == number("2.920")
    assert read_value("2,920", grouping=",").number == number("2920")
    assert read_value("2,92", grouping=",").reason == "the mark of thousands is not before three digits"
    assert read_value("2.5", decimal=",").doubt == "the dot is read as the decimal mark, though the comma is declared"


def test_a_plain_space_before_thousands_is_a_doubt_without_a_count() -> None:
    assert read_value("12 500").doubt == "the space is read as a mark of thousands"
    assert read_value("12 500 /mm3") == ValueReading(number=number("12500", "/mm3"))
    assert read_value("12 500", grouping=" ") == ValueReading(number=number("12500"))


@pytest.mark.parametrize(
    ("text", "value", "unit", "flag"),
    [
        ("*12.9*", "12.9", None, "A"),
        ("85*", "85", None, "A"),
        ("2,19 *g/l", "2.19", "g/l", "A"),
        ("12.9 H", "12.9", None, "H"),
        ("H 12.9", "12.9", None, "H"),
        ("12.9 B", "12.9", None, "L"),
        ("12,9 ++", "12.9", None, "HH"),
        ("12,9 g/L L", "12.9", "g/L", "L"),
        ("12,9 (H)", "12.9", None, "H"),
        ("* 12,9 g/L H", "12.9", "g/L", "H"),
        ("12,9 ↓", "12.9", None, "L"),
    ],
)
def test_a_flag_beside_the_number_is_read(text: str, value: str, unit: str | None, flag: str) -> None:
    assert read_value(text) == ValueReading(number=number(value, unit), flag=flag)


def test_thousands_and_an_asterisk_in_one_cell() -> None:
    assert read_value("2.920 */mm3") == ValueReading(number=number("2920", "/mm3"), flag="A", doubt=GROUPED)


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ("7,2 mmol/L soit 1,3 g/L", ("7.2", "mmol/L"), ("1.3", "g/L")),
        ("5.2 mmol/L (0.94 g/L)", ("5.2", "mmol/L"), ("0.94", "g/L")),
        ("5,2 mmol/L = 0,94 g/L", ("5.2", "mmol/L"), ("0.94", "g/L")),
        ("62 % 4,5 G/L", ("62", "%"), ("4.5", "G/L")),
        ("62% (4.5 G/L)", ("62", "%"), ("4.5", "G/L")),
        ("4,5 G/L (62 %)", ("4.5", "G/L"), ("62", "%")),
        ("62 % soit 4 500 /mm3", ("62", "%"), ("4500", "/mm3")),
    ],
)
def test_the_same_result_in_another_unit_is_the_second_value(
    text: str, first: tuple[str, str], second: tuple[str, str]
) -> None:
    assert read_value(text) == ValueReading(number=number(*first), second=number(*second))


def test_a_line_of_its_own_that_begins_with_soit_is_a_second_value() -> None:
    assert read_value("soit 7,2 mmol/l") == ValueReading(second=number("7.2", "mmol/l"))


def test_a_flag_beside_the_second_value_is_a_doubt() -> None:
    reading = read_value("62 % 4,5* G/L")
    assert (reading.flag, reading.doubt) == ("A", "the flag stands beside the second value")
    assert read_value("62 % 4,5 G/L *").doubt == "the flag stands beside the second value"
    assert read_value("62* % 4,5 G/L").doubt == ""


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [
        ("2-4", "2", "4", None),
        ("2 à 4", "2", "4", None),
        ("2-4 /champ", "2", "4", "/champ"),
        ("-2 - 2", "-2", "2", None),
    ],
)
def test_an_interval_is_a_value(text: str, low: str, high: str, unit: str | None) -> None:
    assert read_value(text) == ValueReading(range=RangeReading(number(low, unit), number(high, unit)))


@pytest.mark.parametrize(
    "text",
    ["1,30 g/L (0,74-1,06)", "1,30 g/L (N: 0,74 à 1,06)", "1,30 g/L [0,74 ; 1,06]", "1,30 g/L  0,74 - 1,06"],
)
def test_bounds_in_the_field_are_the_reference(text: str) -> None:
    expected = RangeReading(number("0.74", "g/L"), number("1.06", "g/L"))
    assert read_value(text) == ValueReading(number=number("1.30", "g/L"), reference=expected)


def test_words_after_a_unit_are_a_comment() -> None:
    assert read_value("1,30 g/L à jeun").comment == "à jeun"
    assert read_value("<5 (seuil)").comment == "(seuil)"
    assert read_value("12 à jeun", unit="g/L") == ValueReading(number=number("12", "g/L"), comment="à jeun")
    assert read_value("12 février", unit="g/L").number is None


def test_the_unit_of_the_column_holds_unless_the_field_has_another_one() -> None:
    assert read_value("12", unit="g/L").number == number("12", "g/L")
    assert read_value("12 G/l", unit="g/L") == ValueReading(number=number("12", "g/L"))
    assert read_value("12 mg/L", unit="g/L") == ValueReading(
        number=number("12", "mg/L"), doubt="the field has another unit than its column"
    )
    assert read_value("12", unit="").number == number("12")


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("L", "L"),
        ("b", "L"),
        ("bas", "L"),
        ("-", "L"),
        ("H", "H"),
        ("+", "H"),
        ("élevé", "H"),
        ("LL", "LL"),
        ("--", "LL"),
        ("HH", "HH"),
        ("+++", "HH"),
        ("*", "A"),
        ("**", "A"),
        ("A", "A"),
        ("anormal", "A"),
        ("*H", "H"),
        ("(H)", "H"),
        ("N", "N"),
        ("normal", "N"),
        ("", None),
        ("F", None),
        ("12", None),
        ("()", None),
    ],
)
def test_a_flag_is_read_as_senders_write_it(text: str, flag: str | None) -> None:
    assert read_flag(text) == flag


ALPHABET = st.text("0123456789,.<>=*+-/()[] µgLmlol%HBNàsoitEex^×;:|'\u202f\u00a0", max_size=40)


@given(ALPHABET | st.text(max_size=120), st.sampled_from([None, "g/L", "/mm3", "%"]))
def test_no_field_raises_and_none_is_lost(text: str, unit: str | None) -> None:
    reading = read_value(text, unit=unit)
    kinds = [reading.number, reading.range, reading.text, reading.second]
    assert any(kind is not None for kind in kinds) or reading == ValueReading()
    assert reading.text is None or reading.text == text.strip()
    read_value(text, decimal=",", grouping=".")
    read_flag(text)


@given(ALPHABET, st.sampled_from([None, "g/L", "/mm3"]))
def test_the_digits_of_a_number_are_those_of_the_text(text: str, unit: str | None) -> None:
    reading = read_value(text, unit=unit)
    written = [char for char in text if char in string.digits]
    for found in (reading.number, reading.second):
        if found is not None and "^" not in text:
            digits = "".join(map(str, found.value.as_tuple().digits)).lstrip("0")
            assert digits in "".join(written)


NUMERALS = st.decimals(0, 100_000, places=2) | st.decimals(0, 1000, places=1) | st.integers(0, 10**9).map(Decimal)
UNITS = [
    "g/L",
    "mmol/L",
    "mUI/L",
    "G/L",
    "%",
    "µmol/L",
    "/mm3",
    "UI/L",
    "ng/mL",
    "mg/24 h",
    "fL",
    "pg",
    "mL/min/1,73 m²",
]


@given(NUMERALS, st.sampled_from([None, *UNITS]), st.sampled_from([None, "<", "<=", ">", ">="]), st.booleans())
def test_a_written_value_reads_back(value: Decimal, unit: str | None, comparator: str | None, comma: bool) -> None:
    digits = str(value).replace(".", ",") if comma else str(value)
    text = f"{comparator or ''} {digits} {unit or ''}"
    assert read_value(text) == ValueReading(number=Number(value, unit, comparator))
    reading = read_value(text)
    assert reading.number is not None
    assert str(reading.number.value) == str(value)


@given(st.decimals(-100, 100, places=1), st.decimals(-100, 100, places=1), st.sampled_from(["-", " - ", " à "]))
def test_a_written_interval_reads_back(low: Decimal, high: Decimal, sign: str) -> None:
    found = read_range(f"{low}{sign}{high}")
    if low <= high:
        assert found == RangeReading(Number(low), Number(high))
    else:
        assert found.reason == "the lower bound is above the upper one"


def test_an_asterisk_before_the_unit_of_the_column_is_a_flag_of_the_value() -> None:
    assert read_value("2.920", unit="*/mm3") == ValueReading(
        number=Number(Decimal(2920), "/mm3"), flag="A", doubt=GROUPED
    )
    assert read_value("4.5 H", unit="* g/L").flag == "H"
    assert read_value("4.5", unit="*10^9/L").number == Number(Decimal("4.5"), "*10^9/L")
    assert read_value("12", unit="*") == ValueReading(number=Number(Decimal(12)), flag="A")
    assert read_value("trouble", unit="*g/L").flag is None
