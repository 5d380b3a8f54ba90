"""Quirks 25 to 35: dates, spreadsheets, file numbers, joins, what is sent again, identities and false friends."""

import json
from pathlib import Path

from tests.quirks.reading import FIXTURES, check, measurements, quirk, read

from semantix import Options, convert

PLACEHOLDERS = (b"2570376540123", b"2 57 03 76 540 123", b"1111111111111", b"0000000000000")

FALSE_FRIENDS = {
    "CREATININE": {"CLAIRANCE DE LA CREATININE", "CPK", "CREATININE URINAIRE"},
    "LDL CHOLESTEROL": {"RAPPORT LDL/HDL", "LDL CHOLESTEROL CALCULE", "LDL CHOLESTEROL DOSE"},
    "LDL CHOLESTEROL CALCULE": {"LDL CHOLESTEROL DOSE"},
    "CHOLESTEROL TOTAL": {"RAPPORT CHOLESTEROL TOTAL/HDL"},
    "HbA1c": {"GLYCEMIE MOYENNE ESTIMEE", "HEMOGLOBINE", "HBA1C IFCC"},
    "GLYCEMIE A JEUN": {"GLYCEMIE MOYENNE ESTIMEE", "GLYCEMIE POST PRANDIALE", "GLUCOSE URINAIRE"},
    "MICROALBUMINURIE": {"ALBUMINE", "PREALBUMINE", "RAPPORT ALBUMINE/CREATININE URINAIRE"},
    "ALBUMINE": {"PREALBUMINE"},
    "POTASSIUM": {"POTASSIUM URINAIRE"},
}
"""What each analyte is taken for when only spelling is looked at."""

RIGHT = {
    "CREATININE": "2160-0",
    "CHOLESTEROL TOTAL": "2093-3",
    "HbA1c": "4548-4",
    "HBA1C IFCC": "59261-8",
    "GLYCEMIE A JEUN": "53049-3",
    "HEMOGLOBINE": "718-7",
    "ALBUMINE": "1751-7",
    "POTASSIUM": "2823-3",
    "POTASSIUM URINAIRE": "2828-2",
    "LDL CHOLESTEROL CALCULE": "13457-7",
}


def test_quirk_25_dates_of_every_shape(tmp_path: Path) -> None:
    found = quirk("25-dates", tmp_path)
    days = {fact.who: fact.when for fact in found.facts if fact.who}
    births = {one.family: one.birth for one in found.people if one.family}
    assert births["TESTARDG"] == "1931-05-03"  # 31: nobody is born in 2031
    assert births["TESTARDH"] == "2019-05-03"
    assert {births[f"TESTARD{letter}"] for letter in "BCDEF"} == {"1957-03-14"}
    assert {days[f"TESTARD{letter}"] for letter in "BDEFGH"} == {"2024-01-15"}
    assert days["TESTARDC"] == "2024-01-05"
    assert days["TESTARDS"] == "2024-01-15T08:15:00+01:00"
    exports = {(fact.label, fact.value): fact.when for fact in found.facts if not fact.who}
    assert exports == {
        ("Créatinine (mg/L)", "9.4 mg/L"): "2012-07-03",  # JUI is July
        ("Créatinine (mg/L)", "9.5 mg/L"): "2012-06-03",  # JUN is June
        ("Créatinine (mg/L)", "9.6 mg/L"): "2016-03-09",
        ("Créatinine", "12 mg/l"): "2013-02-12",
        ("Créatinine", "13 mg/l"): "2013-08-01",
        ("Ferritine", "32 µg/l"): "2009-03-05",
        ("Ferritine", "33 µg/l"): "1999-11-12",
    }
    assert found.aside()["!unreadable"] == 1  # the 31st of June


def test_quirk_26_partial_dates_in_three_fields_stay_partial(tmp_path: Path) -> None:
    found = quirk("26-partial-dates", tmp_path)
    onsets = {one["code"]["text"]: one.get("onsetDateTime") for one in found.resources["Condition"]}
    assert onsets == {
        "Appendicite aigue": "1998",
        "Hypertension arterielle": "2004-06",
        "Pneumopathie": "2011-06-15",
        "Goutte": "2015",
        "Migraine": None,
        "Asthme": None,  # a thirteenth month
        "Zona": None,  # a day and no month
    }
    assert found.doubts() == {"SX506"}


def test_quirk_27_spreadsheets_that_begin_late_wrap_cells_and_are_text(tmp_path: Path) -> None:
    found = quirk("27-excel", tmp_path)
    numbers = {one.numbers for one in found.people}
    assert numbers == {("1042",), ("42",), ("1234",), ("77",)}
    assert {(fact.label, fact.value or fact.text, fact.when) for fact in found.facts} == {
        ("HbA1c (%)", "6.9 %", "2016-03-09"),
        ("Créatinine", "12 mg/l", "2013-02-12"),
        ("Créatinine", "88 µmol/L", "2016-03-09"),
        ("Potassium", "4.1 mmol/L", "2016-03-09"),
        ("Gamma GT", "1.234", "2016-03-10"),  # no unit tells whether the dot is one of thousands
    }
    assert found.doubts() == {"SX503", "SX508"}
    assert found.aside() == {"structure": 12}


def test_quirk_28_the_unit_column_moves_between_practices(tmp_path: Path) -> None:
    found = quirk("28-unit-column", tmp_path)
    assert {(fact.system, fact.label): (fact.value, fact.loinc) for fact in found.facts} == {
        ("nord", "Créatinine"): ("9.4 mg/l", ("2160-0",)),
        ("nord", "Potassium"): ("5.9 mmol/l", ("2823-3",)),
        ("sud", "Créatinine"): ("88 µmol/l", ("14682-9",)),
        ("sud", "Potassium"): ("4.1 mmol/l", ("2823-3",)),
    }


def test_quirk_29_file_number_in_another_field_with_prefix_and_suffix(tmp_path: Path) -> None:
    found = quirk("29-file-number", tmp_path)
    assert {(one.family, one.birth, one.numbers) for one in found.people} == {
        ("TESTARD", "1957-03-14", ("0042",)),
        ("LESSARD", "1948-11-02", ("0043",)),
        ("", None, ("0044",)),  # retired, says the field: no number
    }
    assert {fact.who: fact.value for fact in found.facts} == {
        "TESTARD": "9.1 mg/L",
        "LESSARD": "9.2 mg/L",
        "": "9.3 mg/L",
    }
    assert found.doubts() == {"SX502"}
    assert found.aside() == {"structure": 2, "administrative": 3}


def test_quirk_30_a_name_and_a_birth_date_of_two_patients_join_nothing(tmp_path: Path) -> None:
    found = quirk("30-ambiguous-join", tmp_path)
    assert {(one.family, one.birth, one.numbers) for one in found.people} == {
        ("ESTÈVE", "1951-02-04", ("12",)),
        ("MARTEL", "1940-07-12", ()),
    }
    assert {fact.who: fact.value for fact in found.facts} == {"ESTÈVE": "1.45 g/l", "MARTEL": "4.1 mmol/l"}
    assert found.doubts() == {"SX501"}


def test_quirk_31_what_is_sent_again_is_one_fact_and_what_is_measured_again_is_two(tmp_path: Path) -> None:
    found = quirk("31-resent", tmp_path / "fhir")
    assert sorted((fact.who, fact.label, fact.value, fact.when) for fact in found.facts) == [
        ("", "CRP", "4 mg/l", "2016-03-09"),  # twice in the file
        ("", "CRP", "4 mg/l", "2016-03-10"),
        ("", "Potassium", "4.1 mmol/l", "2016-03-10"),
        ("", "Potassium", "4.2 mmol/l", "2016-03-10"),
        ("ESSART", "Potassium", "4.1 mmol/L", "2024-01-15T08:15:00+01:00"),
        ("ESSART", "Potassium", "4.1 mmol/L", "2024-01-15T16:15:00+01:00"),
        ("TESTARD", "CRP", "4 mg/L", "2024-01-15"),  # in two files
        ("TESTARD", "CRP", "4 mg/L", "2024-01-16"),
    ]
    # Both files tell of the record that they share, and the row sent twice is set aside as such.
    assert found.report.reading.documents == 6
    told = [Path(line.name).name for line in found.report.lines]
    assert {"lundi.hpr", "mardi.hpr"} <= set(told)
    assert found.aside()["repeated"] == 1
    (repeated,) = [one for one in found.report.reading.examples if one.reason == "repeated"]
    assert repeated.where == "line 2, the same as line 1"
    assert len(measurements("31-resent", tmp_path / "omop")) == 4  # of those whose year of birth is known


def test_quirk_32_delimiters_of_the_header_and_a_word_split_by_a_continuation(tmp_path: Path) -> None:
    found = quirk("32-delimiters", tmp_path)
    assert found.fact("Hémoglobine").value == "13.8 g/dL"
    assert found.fact("Hémoglobine").range == ("12.0", "16.0")
    assert found.fact("Commentaire").text == "Prélèvement hémolysé"
    assert (found.people[0].family, found.people[0].given) == ("TESTARD", "Marie")
    assert found.aside() == {"structure": 2}


def test_quirk_33_social_security_numbers_are_in_no_output(tmp_path: Path) -> None:
    found = quirk("33-nss", tmp_path / "fhir")
    assert {(one.family, one.numbers) for one in found.people} == {
        ("TESTARD", ("P0042",)),
        ("LESSARD", ("P0043",)),
        ("MARTEAU", ("P0044",)),
        ("VILLARD", ()),
        ("ESSART", ("L90",)),
    }
    assert "SX332" in found.doubts()
    report = tmp_path / "report.json"
    folder = FIXTURES / "33-nss" / "cabinet"
    check(convert([folder], tmp_path / "omop", Options(target="omop", format="csv", keep_text=True, report=report)))
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(written) > 20
    for path in written:
        data = path.read_bytes()
        assert not any(number in data for number in PLACEHOLDERS), path.name
    assert json.loads(report.read_bytes())


def test_quirk_34_points_and_blanks_are_nothing(tmp_path: Path) -> None:
    found = quirk("34-empty", tmp_path)
    (person,) = found.people
    assert (person.family, person.numbers) == ("TESTARD", ())
    (patient,) = found.resources["Patient"]
    assert patient["address"] == [{"postalCode": "76100", "city": "ROUEN"}]
    sodium, potassium = found.fact("SODIUM"), found.fact("POTASSIUM")
    assert (sodium.value, sodium.text, sodium.range_text, sodium.absent) == (None, None, None, "unknown")
    assert (potassium.value, potassium.range, potassium.flag, potassium.range_text) == (
        "4.1 mmol/L",
        (None, None),
        None,
        None,
    )
    assert found.doubts() == set()


def test_quirk_35_false_friends_have_another_code_or_none(tmp_path: Path) -> None:
    found = quirk("35-false-friends", tmp_path)
    codes = {fact.label: set(fact.loinc) for fact in found.of("TESTARD").values()}
    assert len(codes) == 23
    for label, others in FALSE_FRIENDS.items():
        for other in others:
            assert not codes[label] & codes[other], (label, other)
    assert {label: codes[label] for label in RIGHT} == {label: {code} for label, code in RIGHT.items()}
    # The label is that of blood, and the heading of the group says urine.
    for who in ("LESSARD", "ESSART"):
        assert {fact.label: fact.loinc for fact in found.of(who).values()} == {
            "Potassium": ("2828-2",),
            "Créatinine": ("14683-7",),
            "Sodium": ("2951-2",),
        }


def test_false_friends_that_only_their_values_tell_have_no_code_of_blood(tmp_path: Path) -> None:
    found = read(FIXTURES / "35-false-friends" / "values", tmp_path)
    codes = {fact.label: fact.loinc for fact in found.facts}
    # Creatinine may be that high; 12 mg of albumin or 62 mmol of potassium a litre are of urine.
    assert codes["CREATININE"] == ("2160-0",)
    assert "1751-7" not in codes["ALBUMINE"]
    assert "2823-3" not in codes["POTASSIUM"]
