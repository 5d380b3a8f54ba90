"""Spellings of units to UCUM."""

from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from semantix.resources import data_lines
from semantix.terminology import molar, ucum
from semantix.terminology.units import Units, commensurable, factor, kind_of, parse_units, settle, spelling_key

TABLE = data_lines("mappings", "tables/units__ucum.sssom.tsv")
UNITS = parse_units(TABLE)
MOLAR = molar.parse_molar(data_lines("mappings", "lexicon/molar.tsv"))
BOUNDS = molar.parse_bounds(data_lines("mappings", "lexicon/plausibility.tsv"))
ROWS = [line.split("\t") for line in TABLE if not line.startswith("#")][1:]


@pytest.mark.parametrize(
    ("spelling", "code"),
    [
        ("G/L", "10*9/L"),
        ("g/l", "g/L"),
        ("T/L", "10*12/L"),
        ("/mm^3", "/mm3"),
        ("µmol/l", "umol/L"),
        ("?mol/L", "umol/L"),
        ("Âµmol/L", "umol/L"),
        ("MMOL/L", "mmol/L"),
        ("UI/l", "[IU]/L"),
        ("mUI/mL", "m[IU]/mL"),
        ("mEq/l", "meq/L"),
        ("g/24h", "g/(24.h)"),
        ("mg/g créat", "mg/g{creat}"),
        ("mg/kg/j", "mg/kg/d"),
        ("µ3", "fL"),
        ("sec", "s"),
        ("mm 1ère h", "mm/h"),
        ("ml/mn/1.73m2", "mL/min/{1.73_m2}"),
        ("bpm", "/min"),
        ("mmHg", "mm[Hg]"),
        ("°C", "Cel"),
        ("kg/m²", "kg/m2"),
        ("x 10^9 /L", "10*9/L"),
        ("10⁹/L", "10*9/L"),
        ("10<sup>3</sup>/mm3", "10*3/uL"),
        ("µmol/mmol de créatinine", "umol/mmol{creat}"),
        ("mg/100 ml", "mg/dL"),
        ("mmol par litre", "mmol/L"),
        ("PG/ML", "pg/mL"),
        ("[g/L]", "g/L"),
    ],
)
def test_usual_spellings_are_read(spelling: str, code: str) -> None:
    assert UNITS.ucum(spelling) == code


@pytest.mark.parametrize("spelling", ["", " ", "patate/L", "g/foo", "5 µg", "{}", "mmol/", "/", "10^99/L/L/L/"])
def test_what_is_not_a_unit_gives_no_code_and_a_reason(spelling: str) -> None:
    reading = UNITS.read(spelling)
    assert reading.code is None
    assert reading.reason


def test_giga_or_gram_is_said_and_the_analyte_settles() -> None:
    capital, small = UNITS.read("G/L"), UNITS.read("g/L")
    assert (capital.code, capital.alternatives) == ("10*9/L", ("g/L",))
    assert (small.code, small.alternatives) == ("g/L", ("10*9/L",))
    assert settle(capital, ["mass/volume"]) == "g/L"
    assert settle(small, ["number/volume"]) == "10*9/L"
    assert settle(small, ["time"]) is None


def test_the_table_holds_enough_spellings_and_every_code_is_ucum() -> None:
    assert len({row[1] for row in ROWS}) >= 250
    assert [row[5] for row in ROWS if ucum.size_of(unquote(row[5].removeprefix("UCUM:"))) is None] == []


def test_every_row_of_the_table_is_read_back() -> None:
    lost = []
    for row in ROWS:
        reading = UNITS.read(row[1])
        if unquote(row[5].removeprefix("UCUM:")) not in {reading.code, *reading.alternatives}:
            lost.append(row[1])
    assert lost == []


def test_a_refused_row_is_left_out() -> None:
    table = ["subject_label\tpredicate_modifier\tobject_id\tconfidence", "grain\tNot\tUCUM:g\t0.9"]
    assert parse_units(table).ucum("grain") is None


@given(st.text(max_size=40))
def test_any_text_gives_a_valid_code_or_a_reason(text: str) -> None:
    reading = UNITS.read(text)
    assert (ucum.size_of(reading.code) is not None) if reading.code else bool(reading.reason)


@given(st.text(alphabet="gGmMlL/µ⁹³10^* .[](){}%", max_size=15))
def test_the_key_of_a_key_is_itself(text: str) -> None:
    assert spelling_key(spelling_key(text)) == spelling_key(text)


@given(st.permutations([("G/L", "10*9/L"), ("g/l", "g/L"), ("sec", "s"), ("SEC", "s")]))
def test_the_order_of_rows_changes_nothing(rows: list[tuple[str, str]]) -> None:
    assert [Units.build(rows).ucum(text) for text in ("G/L", "g/l", "Sec")] == ["10*9/L", "g/L", "s"]


def test_codes_of_the_ucum_examples_that_laboratories_use_stand_as_they_are(shared: Path) -> None:
    root = etree.parse(
        shared / "terminologies" / "ucum-examples.xml", etree.XMLParser(resolve_entities=False)
    ).getroot()
    codes = [(row.findtext("code") or "").strip() for row in root]
    common = [code for code in codes if "/" in code and ucum.size_of(code)]
    assert len(common) > 250
    changed = [code for code in common if UNITS.ucum(code) not in {code, None}]
    assert changed == ["J/L"]


def test_sizes_are_exact() -> None:
    assert factor("mg/dL", "g/L") == Fraction(1, 100)
    assert factor("10*9/L", "/mm3") == 1000
    assert factor("mm[Hg]", "kPa") == Fraction("0.133322387415")
    assert factor("U/L", "ukat/L") == Fraction(1, 60)
    assert factor("g/d", "g/(24.h)") == 1
    assert factor("Cel", "[degF]") is None
    assert factor("g/L", "mmol/L") is None
    assert commensurable("{cells}/uL", "10*9/L")
    assert not commensurable("[IU]/L", "U/L")


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("g/L", "mass/volume"),
        ("umol/L", "moles/volume"),
        ("10*9/L", "number/volume"),
        ("U/L", "activity/volume"),
        ("[GPL'U]/mL", "activity/volume"),
        ("%", "fraction"),
        ("mg/g{creat}", "mass/mass"),
        ("mmol/mol", "moles/moles"),
        ("L/L", "volume/volume"),
        ("{ratio}", "ratio"),
        ("mg/mmol", "mass/moles"),
        ("pg", "mass"),
        ("mL/min/{1.73_m2}", "volume/time"),
        ("foo", ""),
    ],
)
def test_a_code_has_a_kind_of_quantity(code: str, kind: str) -> None:
    assert kind_of(code) == kind


@pytest.mark.parametrize("code", ["", "g/", "é", "g//L", "foo", "(g", "10*", "g" * 200, "((((((((((g))))))))))", "m99"])
def test_ucum_refuses_what_it_does_not_know(code: str) -> None:
    assert (ucum.size_of(code) is None) == (code != "10*")


def test_mass_meets_moles_through_the_molar_mass() -> None:
    glucose = MOLAR.factor("glucose", "g/L", "mmol/L")
    assert glucose is not None
    assert round(float(glucose), 4) == 5.5507
    assert MOLAR.factor("2345-7", "mmol/L", "mg/dL") == Fraction("18.0156")
    assert MOLAR.factor("calcium", "meq/L", "mmol/L") == Fraction(1, 2)
    assert MOLAR.factor("calcium", "mg/L", "meq/L") == Fraction(2) / Fraction("40.078")
    assert MOLAR.factor("glucose", "g/L", "10*9/L") is None
    assert MOLAR.factor("unknown", "g/L", "mmol/L") is None
    assert MOLAR.factor("glucose", "g/L", "foo") is None


def test_a_code_in_mass_has_its_counterpart_in_moles() -> None:
    assert MOLAR.counterpart("2160-0") == "14682-9"
    assert MOLAR.counterpart("14682-9") == "2160-0"
    assert MOLAR.counterpart("718-7") is None


def test_hba1c_follows_the_master_equation() -> None:
    assert molar.ngsp_to_ifcc(Decimal("7.0")) == Decimal("53.0")
    assert molar.ifcc_to_ngsp(Decimal(53)) == Decimal("7.00")


def test_creatinine_in_micromoles_under_millimoles_is_flagged() -> None:
    said = molar.implausible(BOUNDS, "creatinine", Decimal(85), "mmol/L")
    assert "a thousand times smaller" in said
    assert "85" not in said
    assert molar.implausible(BOUNDS, "creatinine", Decimal(85), "umol/L") == ""
    assert "outside" in molar.implausible(BOUNDS, "4548-4", Decimal(75000), "%")
    assert molar.implausible(BOUNDS, "creatinine", Decimal(85), "s") == ""


@pytest.mark.parametrize(
    ("loinc", "value", "unit", "expected"),
    [
        ("1751-7", 12, "mg/L", True),
        ("1751-7", 41, "g/L", False),
        ("2823-3", 62, "mmol/L", True),
        ("2823-3", 16, "mmol/L", False),
        ("2160-0", 120, "mg/L", False),
        ("14682-9", 82, "mmol/L", False),
        ("4548-4", 41, "%", False),
        ("1751-7", 12, "s", False),
        ("718-7", 999, "g/dL", False),
    ],
)
def test_a_value_three_times_beyond_its_bounds_is_of_something_else(
    loinc: str, value: int, unit: str, expected: bool
) -> None:
    assert molar.is_of_another(BOUNDS, loinc, Decimal(value), unit) is expected


def test_codes_of_the_molar_table_are_in_the_reference(shared: Path) -> None:
    lines = (shared / "terminologies" / "labels" / "loinc_en_names_from_nabm2loinc.tsv").read_text("utf-8").splitlines()
    names = dict(line.split("\t")[:2] for line in lines[1:])
    for substance in MOLAR.by_analyte.values():
        for mass, moles in substance.pairs:
            assert "[Mass/" in names[mass]
            assert names[mass].replace("[Mass/", "[Moles/") == names[moles]
