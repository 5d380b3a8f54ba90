"""Reference bounds, and lines of prose that are a result."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from semantix.text.values import Number, RangeReading, ValueReading, read_range, read_result_line, read_value


def number(value: str, unit: str | None = None) -> Number:
    return Number(Decimal(value), unit)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("2.20-2.60", "2.20", "2.60"),
        ("2,20 - 2,60", "2.20", "2.60"),
        ("0,74 à 1,06", "0.74", "1.06"),
        ("-2 - 2", "-2", "2"),
        ("-2-2", "-2", "2"),
        ("-2 - -1", "-2", "-1"),
        ("-2 à +2", "-2", "2"),
        ("(12,0-16,0)", "12.0", "16.0"),
        ("[3,5 ; 5,0]", "3.5", "5.0"),
        ("N : 0,74 - 1,06", "0.74", "1.06"),
        ("Valeurs de référence : 3,5 à 5,0", "3.5", "5.0"),
        ("VR 3,5-5,0", "3.5", "5.0"),
        ("entre 3 et 5", "3", "5"),
        ("de 3 à 5", "3", "5"),
        ("150 000 - 400 000", "150000", "400000"),
    ],
)
def test_two_bounds_in_one_field(text: str, low: str, high: str) -> None:
    assert read_range(text) == RangeReading(number(low), number(high))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("< 5", RangeReading(high=number("5"), high_closed=False)),
        ("(<100)", RangeReading(high=number("100"), high_closed=False)),
        ("VR: < 5,18", RangeReading(high=number("5.18"), high_closed=False)),
        ("inf. à 2,00", RangeReading(high=number("2.00"), high_closed=False)),
        ("inférieur à 0,5 µg/L", RangeReading(high=number("0.5", "µg/L"), high_closed=False)),
        ("<= 40", RangeReading(high=number("40"))),
        ("jusqu'à 5", RangeReading(high=number("5"))),
        ("> 60", RangeReading(low=number("60"), low_closed=False)),
        ("≥60 mL/min", RangeReading(low=number("60", "mL/min"))),
        ("sup à 3", RangeReading(low=number("3"), low_closed=False)),
        ("> 3 et < 5", RangeReading(number("3"), number("5"), low_closed=False, high_closed=False)),
        ("]3 ; 5[", RangeReading(number("3"), number("5"), low_closed=False, high_closed=False)),
        ("3,5 - 5,0 mmol/L", RangeReading(number("3.5", "mmol/L"), number("5.0", "mmol/L"))),
    ],
)
def test_open_bounds_and_units(text: str, expected: RangeReading) -> None:
    assert read_range(text) == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Homme: 13-17", "bounds by age, sex or state"),
        ("H : 13-17 F : 12-16", "bounds by age, sex or state"),
        ("3 - 5 (adulte)", "bounds by age, sex or state"),
        ("17-13", "the lower bound is above the upper one"),
        ("5", "one number: the lower bound or the upper"),
        ("Négatif", "words"),
        ("1/80 x 3", "not an interval"),
        ("10E5-10E6", "10E5 is read in two ways"),
        ("4.000-10.000", "three digits after a dot: decimals, or thousands; declare the decimal mark"),
        ("1" * 130, "too long for bounds"),
    ],
)
def test_what_is_no_interval_stays_text_with_a_reason(text: str, reason: str) -> None:
    assert read_range(text) == RangeReading(text=text, reason=reason)


@pytest.mark.parametrize("text", ["", " ", "-", "---", ".", "NaN", "()"])
def test_nothing_is_the_empty_range(text: str) -> None:
    assert read_range(text) == RangeReading()


def test_two_fields_are_the_lower_and_the_upper_bound() -> None:
    assert read_range("0.74", "1.06") == RangeReading(number("0.74"), number("1.06"))
    assert read_range("4.000", "10.000", unit="/mm3") == RangeReading(number("4000", "/mm3"), number("10000", "/mm3"))
    assert read_range("4.000", "10.000", decimal=".") == RangeReading(number("4.000"), number("10.000"))
    assert read_range("4.000", "10.000", grouping=".") == RangeReading(number("4000"), number("10000"))
    assert read_range(">3", "<5") == RangeReading(number("3"), number("5"), low_closed=False, high_closed=False)
    assert read_range("<", "5") == RangeReading(high=number("5"), high_closed=False)
    assert read_range("2.20-2.60", "") == RangeReading(number("2.20"), number("2.60"))
    assert read_range("", "2.20-2.60") == RangeReading(number("2.20"), number("2.60"))
    assert read_range("0,74 g/L", "1,06 g/L") == RangeReading(number("0.74", "g/L"), number("1.06", "g/L"))
    assert read_range("5", "3") == RangeReading(text="5 ; 3", reason="the lower bound is above the upper one")
    assert read_range("<5", "3").reason == "the two fields are not a lower and an upper bound"
    assert read_range("0", "0") == RangeReading()
    assert read_range("0", "5") == RangeReading(number("0"), number("5"))


def test_one_field_of_two_is_the_bound_of_its_column() -> None:
    assert read_range("", "5") == RangeReading(high=number("5"))
    assert read_range("60", "", columns=True) == RangeReading(low=number("60"))
    assert read_range("2-3", "", columns=True) == RangeReading(number("2"), number("3"))
    assert read_range("< 3", "", columns=True) == RangeReading(high=number("3"), high_closed=False)


@given(
    st.text(max_size=60) | st.text("0123456789,.<>=-à ()[]/VRN:gL", max_size=40),
    st.text("0123456789,.<>- ", max_size=8),
)
def test_no_bounds_raise_and_none_are_lost(low: str, high: str) -> None:
    for found in (read_range(low), read_range(low, high), read_range(low, high, unit="/mm3", columns=True)):
        assert (found.text is None) == (found.reason == "")
        assert not (found.text is not None and found.is_read)
        if found.low is not None and found.high is not None:
            assert found.low.value <= found.high.value


# --- prose -----------------------------------------------------------------------------------------------------------

REFERENCE = RangeReading(number("0.74", "g/L"), number("1.06", "g/L"))


@pytest.mark.parametrize(
    "line",
    [
        "Sucre du sang :            1,30 g/L     (0,74-1,06)",
        "Sucre du sang .......... 1,30 g/L  (0,74 à 1,06)",
        "Sucre du sang ........ : 1,30 g/L   0,74 - 1,06",
        "- Sucre du sang\t1,30 g/L\t[0,74 ; 1,06]",
    ],
)
def test_a_label_a_value_and_bounds_are_a_result(line: str) -> None:
    expected = ValueReading(number=number("1.30", "g/L"), reference=REFERENCE)
    assert read_result_line(line) == ("Sucre du sang", expected)


def test_a_unit_is_enough_where_it_is_one_of_a_laboratory() -> None:
    assert read_result_line("TSH : < 0,01 mUI/L") == (
        "TSH",
        ValueReading(number=Number(Decimal("0.01"), "mUI/L", "<")),
    )
    found = read_result_line("LEUCOCYTES 2.920 */mm3")
    assert found is not None
    assert (found[0], found[1].number, found[1].flag) == ("LEUCOCYTES", number("2920", "/mm3"), "A")
    found = read_result_line("Lymphocytes  62 % 4,5 G/L")
    assert found is not None
    assert found[1].second == number("4.5", "G/L")


def test_bounds_are_enough_without_a_unit() -> None:
    found = read_result_line("pH : 7,38 (7,35-7,45)")
    assert found is not None
    assert found[1].reference == RangeReading(number("7.35"), number("7.45"))


def test_an_earlier_result_after_the_bounds_is_a_comment() -> None:
    found = read_result_line("HEMOGLOBINE      13,8 g/100ml   12,0 à 16,0     13,5")
    assert found is not None
    assert (found[1].number, found[1].comment) == (number("13.8", "g/100ml"), "13,5")


@pytest.mark.parametrize(
    "line",
    [
        "",
        "Compte rendu",
        "Tél : 02 35 00 00 00",
        "Date : 12/02/2013",
        "76000 VILLE",
        "12 RUE DU TEST",
        "Score : 12",
        "Traitement : 75 µg/j",
        "PARACETAMOL 1 G",
        "Comprimés : 500 mg",
        "Le patient pèse 72 kg",
        "Age : 45 ans",
        "soit : 7,2 mmol/l",
        "Valeurs usuelles : 0,74 g/L",
        "Homme : 13 g/dL",
        "Objectif : < 1,0 g/L",
        "Carence : < 10 ng/mL",
        "Négatif : < 5 UI/mL",
        "Antériorité : 1,25 g/L",
        "Adulte : 4 à 10 G/L",
        "le 12/01/2013 : 1,30 g/L",
        "12/01/2013 : 1,30 g/L",
        "CA 125 18 U/mL",
        "VITAMINE B 12 350 pg/mL",
        "Ferritine : 1.250 ng/mL",
        "Conclusion : 1,30 g/L contre 1,10",
        "a" * 400 + " : 1,30 g/L",
        "x : 1,30 g/L",
    ],
)
def test_a_line_that_is_not_surely_a_result_is_none(line: str) -> None:
    assert read_result_line(line) is None


@given(st.text(max_size=300) | st.text("abcÉ .:=*<>0123456789,-()/gLmol%\t", max_size=120))
def test_no_line_raises_and_a_result_has_a_label_and_a_number(line: str) -> None:
    found = read_result_line(line)
    if found is not None:
        assert found[0].strip() == found[0] != ""
        assert found[1].number is not None


@pytest.mark.parametrize(
    ("line", "label"),
    [
        ("T.S.H. : 3,26 mUI/L", "T.S.H."),
        ("T.S.H ............. 3,26 mUI/L", "T.S.H"),
        ("C.R.P. ...... : 3 mg/L", "C.R.P."),
        ("H.D.L.  Cholestérol : 0,52 g/L", "H.D.L.  Cholestérol"),
        ("Créatinine. : 9 mg/L", "Créatinine"),
    ],
)
def test_initials_are_a_label_and_keep_their_last_point(line: str, label: str) -> None:
    read = read_result_line(line)
    assert read is not None
    assert read[0] == label


@pytest.mark.parametrize("line", ["H. : 3 mg/L", "Femmes : 0,6 - 1,1 mg/L", "T. : 3 mg/L"])
def test_one_initial_or_a_word_of_sex_is_no_label(line: str) -> None:
    assert read_result_line(line) is None


@pytest.mark.parametrize(
    ("line", "value", "low", "high"),
    [
        ("Cholestérol X : 1,62 g/l   inf. à 1,60", number("1.62", "g/l"), None, "1.60"),
        ("SUCRE 1,62 g/l  < 1,60 g/l", number("1.62", "g/l"), None, "1.60"),
        ("Filtration : 62 mL/min sup. à 60", number("62", "mL/min"), "60", None),
    ],
)
def test_one_bound_in_words_after_the_unit_needs_no_brackets(
    line: str, value: Number, low: str | None, high: str | None
) -> None:
    found = read_result_line(line)
    assert found is not None
    assert found[1].number == value
    bounds = found[1].reference
    assert bounds is not None
    assert bounds.low == (number(low, value.unit) if low else None)
    assert bounds.high == (number(high, value.unit) if high else None)


@pytest.mark.parametrize(
    "line", ["Sucre : 1,30 g/L < 7,2 mmol/L", "Sucre : 1,3 g/L objectif < 1", "Iode : 2 g/L < 3 mois"]
)
def test_a_bound_in_another_unit_an_aim_and_an_age_are_no_bound(line: str) -> None:
    assert read_result_line(line) is None


@pytest.mark.parametrize(
    ("line", "label", "percent", "count"),
    [
        ("Cellules pâles 62 % soit 1.810 /mm3", "Cellules pâles", "62", number("1810", "/mm3")),
        ("Cellules rondes 30,5 % soit 2,1 G/L", "Cellules rondes", "30.5", number("2.1", "G/L")),
    ],
)
def test_a_percentage_and_its_count_need_no_colon(line: str, label: str, percent: str, count: Number) -> None:
    found = read_result_line(line)
    assert found is not None
    assert (found[0], found[1].number, found[1].second) == (label, number(percent, "%"), count)


@pytest.mark.parametrize(
    "line",
    [
        "Les cellules ont baissé de 10 % soit 1200 /mm3",
        "Baisse de 10 % soit 1200 /mm3",
        "Poids 10 % soit 7 kg",
        "Cellules 62 % soit beaucoup",
    ],
)
def test_a_sentence_with_a_percentage_is_no_result(line: str) -> None:
    assert read_result_line(line) is None


def test_bounds_beside_a_percentage_and_a_count_are_of_neither() -> None:
    found = read_value("2 % soit 120 /mm3 (50-500)")
    assert (found.reference, found.comment) == (None, "(50-500)")
