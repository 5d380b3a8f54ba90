"""Quirks 13 to 24: values, flags, ranges, comments and units of results."""

from pathlib import Path

from tests.quirks.reading import measurements, quirk

LESS, LESS_OR_EQUAL, MORE = "4171756", "4171754", "4172704"
"""Operators of OMOP."""


def test_quirk_13_value_and_unit_in_one_cell(tmp_path: Path) -> None:
    found = quirk("13-value-and-unit", tmp_path)
    record = {label: (fact.value, fact.ucum) for label, fact in found.of("TESTARD").items()}
    assert record == {"CRP": ("<0.12 mg/l", "mg/L"), "Cholestérol total": ("1.45 g/l", "g/L")}
    cells = {label: (fact.value, fact.ucum, fact.text) for label, fact in found.of("").items()}
    assert cells == {
        "TSH": ("<0.12 mUI/l", "m[IU]/L", None),
        "Cholestérol total": ("1.45 g/l", "g/L", None),
        "HbA1c": ("6.9 %", "%", None),
        "Aspect": (None, None, "limpide"),
    }


def test_quirk_14_censored_values(tmp_path: Path) -> None:
    found = quirk("14-censored", tmp_path / "fhir")
    assert {fact.label: (fact.value, fact.range) for fact in found.facts} == {
        "CRP": ("<5 mg/L", (None, "5")),
        "DFG": (">120 mL/min", ("60", None)),
        "Troponine": ("<=0.5 ng/mL", (None, "0.5")),
        "Ferritine": (">1500 µg/L", ("15", "150")),
        "PSA": ("<0.02 ng/mL", (None, "4.00")),
    }
    rows = measurements("14-censored", tmp_path / "omop")
    assert [(row["operator_concept_id"], float(row["value_as_number"])) for row in rows] == [
        (LESS, 5),
        (MORE, 120),
        (LESS_OR_EQUAL, 0.5),
        (MORE, 1500),
        (LESS, 0.02),
    ]


def test_quirk_15_comma_in_prose_and_point_in_res_is_one_result(tmp_path: Path) -> None:
    found = quirk("15-comma-and-point", tmp_path)
    assert [(fact.label, fact.value, fact.range) for fact in found.facts] == [
        ("Glycémie à jeun", "1.30 g/L", ("0.74", "1.06")),
        ("Créatinine", "9.1 mg/L", ("6.0", "11.0")),
    ]
    assert found.doubts() == set()


def test_quirk_16_dots_of_thousands_where_the_unit_counts_cells(tmp_path: Path) -> None:
    found = quirk("16-thousands", tmp_path)
    prose = found.of("TESTARD")
    assert (prose["LEUCOCYTES"].value, prose["LEUCOCYTES"].ucum, prose["LEUCOCYTES"].flag) == ("2920 /mm3", "/mm3", "A")
    assert prose["HEMOGLOBINE"].value == "13.8 g/dL"
    fields = found.of("LESSARD")
    assert (fields["PLAQUETTES"].value, fields["PLAQUETTES"].range) == ("224000 /mm3", ("150000", "400000"))
    assert (fields["LEUCOCYTES"].value, fields["LEUCOCYTES"].range) == ("2920 /mm3", ("4000", "10000"))
    assert (fields["LEUCOCYTES"].ucum, fields["LEUCOCYTES"].flag) == ("/mm3", "L")
    assert fields["HEMATIES"].value == "4520000 /mm3"
    # 0.270 can only have a decimal point, and what stands beside it is written in the same way.
    assert (fields["TSH"].value, fields["TSH"].range) == ("2.920 mUI/L", ("0.270", "4.200"))
    # Nothing tells 224 from 224,000: it is no number.
    assert (fields["PLAQUETTES CITRATE"].value, fields["PLAQUETTES CITRATE"].text) == (None, "224.000")
    assert found.doubts() == {"SX310"}


def test_quirk_17_asterisks_are_flags(tmp_path: Path) -> None:
    found = quirk("17-flags", tmp_path)
    assert {fact.label: (fact.value, fact.ucum, fact.flag) for fact in found.facts} == {
        "HEMOGLOBINE": ("12.9 g/dL", "g/dL", "A"),
        "GAMMA GT": ("85 UI/L", "[IU]/L", "A"),
        "CHOLESTEROL TOTAL": ("2.19 g/l", "g/L", "A"),
        "SODIUM": ("140 mmol/L", "mmol/L", "A"),
    }


def test_quirk_18_the_same_result_in_a_second_unit_is_one_result(tmp_path: Path) -> None:
    found = quirk("18-second-unit", tmp_path)
    told = {(fact.who, fact.label): (fact.value, fact.seconds) for fact in found.facts}
    assert told == {
        ("TESTARD", "GLYCEMIE"): ("1.30 g/L", ("7.2 mmol/L",)),
        ("TESTARD", "CREATININE"): ("9.1 mg/L", ("80 µmol/L",)),
        ("LESSARD", "Glycémie à jeun"): ("1.30 g/L", ("7.2 mmol/L",)),
    }
    creatinine = found.fact("CREATININE")
    assert (creatinine.range, creatinine.others) == (("6.0", "11.0"), (("53", "97"),))


def test_quirk_19_percentage_and_count_are_two_results_with_one_flag(tmp_path: Path) -> None:
    found = quirk("19-percent-and-count", tmp_path)
    assert [(fact.label, fact.value, fact.range, fact.flag, fact.loinc) for fact in found.facts] == [
        ("LYMPHOCYTES", "25.0 %", ("20.0", "40.0"), None, ("26478-8",)),
        ("LYMPHOCYTES", "1.10 G/L", ("1.50", "4.00"), "L", ("26474-7",)),
        ("MONOCYTES", "8.0 %", (None, None), None, ("26485-3",)),
        ("MONOCYTES", "0.45 G/L", (None, None), None, ("26484-6",)),
    ]
    assert found.doubts() == {"SX312"}


def test_quirk_20_ranges_in_one_field_and_ranges_by_age(tmp_path: Path) -> None:
    found = quirk("20-ranges", tmp_path)
    assert {fact.label: fact.range for fact in found.facts} == {
        "CALCIUM": ("2.20", "2.60"),
        "EXCES DE BASE": ("-2", "2"),
        "CHOLESTEROL TOTAL": (None, "2.00"),
        "CA 19-9": (None, "100"),
        "LDL CHOLESTEROL": (None, "5.18"),
        "PHOSPHATASES ALCALINES": (None, None),
        "HDL CHOLESTEROL": ("0.40", None),
        "CRP": (None, "5"),
    }
    assert found.fact("PHOSPHATASES ALCALINES").range_text == "Enfant: 100-300 Adulte: 40-130"


def test_quirk_21_a_comment_in_the_value_field_and_the_value_in_the_second(tmp_path: Path) -> None:
    (fact,) = (found := quirk("21-comment-in-value", tmp_path)).facts
    assert (fact.value, fact.range, fact.flag) == ("5.9 mmol/L", ("3.5", "5.1"), "H")
    assert fact.notes == ("Résultat contrôlé sur un second prélèvement du même jour",)
    assert found.doubts() == {"SX313"}


def test_quirk_22_spellings_of_units(tmp_path: Path) -> None:
    found = quirk("22-units", tmp_path)
    assert {fact.label: (fact.value, fact.ucum) for fact in found.facts} == {
        "LEUCOCYTES": ("6200 /mm3", "/mm3"),
        "LYMPHOCYTES": ("1800 /mm^3", "/mm3"),
        "PLAQUETTES": ("224 G/L", "10*9/L"),
        "ASAT": ("25 UI/l", "[IU]/L"),
        "LIPASE": ("30 U/l", "U/L"),
        "POTASSIUM": ("4.1 mEq/l", "meq/L"),
        "CREATININE": ("80 umol/l", "umol/L"),
        "CREATININE SANG": ("81 µmol/L", "umol/L"),
        "ALBUMINE": ("41 g/l", "g/L"),
        "FERRITINE": ("120 ?g/L", "ug/L"),
        # No body holds 350 moles a litre: a sign is lost, and which one cannot be told.
        "VITAMINE B12": ("350 mol/l", None),
    }
    assert found.doubts() == {"SX211"}


def test_quirk_23_creatinine_whose_unit_cannot_be(tmp_path: Path) -> None:
    found = quirk("23-creatinine", tmp_path / "fhir")
    wrong, right = found.of("TESTARD")["CREATININE"], found.of("LESSARD")["CREATININE"]
    assert (wrong.value, wrong.ucum, wrong.range) == ("82 mmol/L", None, ("53", "97"))
    assert (right.value, right.ucum, right.loinc) == ("82 µmol/L", "umol/L", ("14682-9",))
    assert found.doubts() == {"SX211"}
    rows = measurements("23-creatinine", tmp_path / "omop")
    assert sorted((row["unit_source_value"], row["value_source_value"]) for row in rows) == [
        ("mmol/L", "82"),
        ("µmol/L", "82"),
    ]
    assert {row["unit_source_value"]: row["unit_concept_id"] for row in rows}["mmol/L"] == "0"


def test_quirk_24_hba1c_in_two_units_under_one_label_has_two_codes(tmp_path: Path) -> None:
    found = quirk("24-hba1c", tmp_path)
    codes = {"6.1 %": ("4548-4",), "43 mmol/mol": ("59261-8",)}
    for who in ("TESTARD", "LESSARD"):
        assert {fact.value: fact.loinc for fact in found.facts if fact.who == who} == codes
    assert {fact.label for fact in found.facts} == {"HbA1c"}
