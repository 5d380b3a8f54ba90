"""Units of quantities, and values that no patient can have."""

import re

import pytest
from tests.unit.validation.cda.bodies import cda, codes, observation, pq, section, words_are_whole

from semantix.resources import data_lines
from semantix.terminology.ucum import size_of
from semantix.validation.cda._analytes import ANALYTES
from semantix.validation.cda._properties import PROPERTIES, UNITS
from semantix.validation.cda._reading import shown_unit
from semantix.validation.cda.units import RULES, check

TA = "1.2.250.1.213.1.1.4.322"
HAEMOGLOBIN, HEIGHT, WEIGHT, TEMPERATURE, SPO2 = "718-7", "8302-2", "29463-7", "8310-5", "59408-5"


def of(code: str, value: str, unit: str | None) -> list[str]:
    return codes(check, section(observation(pq(value, unit), code)))


@pytest.mark.parametrize(
    "unit",
    [
        "g/L", "mg/dl", "mmol/L", "10*9/L", "{tablet}", "[IU]/L", "mm[Hg]", "Cel", "MBq", "Ohm", "mGy.cm", "J",
        "mL/min/{1.73_m2}", "[diop]", "dB[SPL]", "B[10.nV]", "gon", "kg/m2", "1", "%",
    ],
)  # fmt: skip
def test_a_ucum_unit_is_right(unit: str) -> None:
    assert of("local", "3", unit) == []


@pytest.mark.parametrize(("unit", "ucum"), [("mmHg", "mm[Hg]"), ("°C", "Cel"), ("µmol/L", "umol/L"), ("Kg", "kg")])
def test_a_known_spelling_gets_its_ucum_code(unit: str, ucum: str) -> None:
    (found,) = check(cda(section(observation(pq("3", unit), "local"))))
    assert (found.code, found.facts["unit"], found.facts["ucum"]) == ("SX-UNIT-01", unit, ucum)
    assert found.path.endswith("/value[1]/@unit")


@pytest.mark.parametrize("unit", ["comprimé", "foo/bar", "g//L", ""])
def test_a_unit_that_is_nothing_is_told(unit: str) -> None:
    assert of("local", "3", unit) == ["SX-UNIT-02"]


@pytest.mark.parametrize("unit", ["12 g de sucre", "le 3 mai par Anne Testeur", "4,5"])
def test_a_unit_that_holds_more_than_a_unit_is_not_repeated(unit: str) -> None:
    (found,) = check(cda(section(observation(pq("3", unit), "local"))))
    assert found.facts["unit"] == "…"


@pytest.mark.parametrize(("unit", "ucum"), [("Mmol/L", "mmol/L"), ("MG/L", "mg/L"), ("G/L", "10*9/L")])
def test_a_capital_letter_that_turns_the_unit_is_told(unit: str, ucum: str) -> None:
    (found,) = check(cda(section(observation(pq("3", unit), "local"))))
    assert (found.code, found.facts["ucum"]) == ("SX-UNIT-03", ucum)


def test_a_joule_is_a_unit_of_shocks_and_not_of_schedules() -> None:
    dose = '<maxDoseQuantity><numerator value="3" unit="g"/><denominator value="1" unit="J"/></maxDoseQuantity>'
    period = '<effectiveTime xsi:type="PIVL_TS"><period value="1" unit="{}"/></effectiveTime>'
    assert of("local", "3", "J") == []
    assert codes(check, section(f"<substanceAdministration>{dose}</substanceAdministration>")) == ["SX-UNIT-03"]
    for unit, expected in (("J", ["SX-UNIT-03"]), ("mg", ["SX-UNIT-11"]), ("d", [])):
        given = f"<substanceAdministration>{period.format(unit)}</substanceAdministration>"
        assert codes(check, section(given)) == expected


@pytest.mark.parametrize(
    ("kind", "expected"), [('xsi:type="IVL_TS"', ["SX-UNIT-11"]), ("", ["SX-UNIT-11"]), ('xsi:type="IVL_PQ"', [])]
)
def test_the_width_of_a_time_is_a_time(kind: str, expected: list[str]) -> None:
    time = f'<effectiveTime {kind}><width value="3" unit="m"/></effectiveTime>'
    assert codes(check, section(f"<act>{time}</act>")) == expected


def test_the_width_of_an_interval_of_values_is_not() -> None:
    assert codes(check, section(observation('<value xsi:type="IVL_PQ"><width value="3" unit="m"/></value>'))) == []


def test_packages_of_a_supply_are_counted_by_their_code() -> None:
    assert codes(check, section('<supply><quantity value="2" unit="30009000"/></supply>')) == []


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ('<value xsi:type="PQ" value="3,5" unit="g"/>', ["SX-UNIT-04"]),
        ('<value xsi:type="PQ" value="&lt;5" unit="g"/>', ["SX-UNIT-04"]),
        ('<value xsi:type="REAL" value="1.5.2"/>', ["SX-UNIT-04"]),
        ('<value xsi:type="INT" value=""/>', ["SX-UNIT-04"]),
        ('<value xsi:type="PQ" value="-3.5e2" unit="g"/>', []),
        ('<value xsi:type="PQ" unit="g"/>', ["SX-UNIT-05"]),
        ('<value xsi:type="PQ" unit="g" nullFlavor="UNK"/>', []),
        ('<value xsi:type="PQ" nullFlavor="UNK"/>', []),
        ('<value xsi:type="PQ"><translation value="3" code="g"/></value>', []),
        ('<value xsi:type="ST">3,5</value>', []),
        ('<value xsi:type="CD" code="1"/>', []),
    ],
)
def test_the_number_of_a_value(value: str, expected: list[str]) -> None:
    assert codes(check, section(observation(value, "local"))) == expected


@pytest.mark.parametrize(("null", "expected"), [("", ["SX-UNIT-05"] * 2), ('nullFlavor="NA"', [])])
def test_an_empty_ratio_says_why(null: str, expected: list[str]) -> None:
    dose = f"<maxDoseQuantity {null}><numerator/><denominator/></maxDoseQuantity>"
    assert codes(check, section(f"<substanceAdministration>{dose}</substanceAdministration>")) == expected


@pytest.mark.parametrize(
    ("code", "value", "unit", "expected"),
    [
        (HAEMOGLOBIN, "14", "g/dL", []),
        (HAEMOGLOBIN, "140", "g/L", []),
        (HAEMOGLOBIN, "14", "g/L", ["SX-UNIT-09"]),
        (HAEMOGLOBIN, "8.7", "mmol/L", ["SX-UNIT-07"]),
        (HAEMOGLOBIN, "14", None, ["SX-UNIT-06"]),
        (HAEMOGLOBIN, "14", "{score}", ["SX-UNIT-06"]),
        (HAEMOGLOBIN, "14", "foo", ["SX-UNIT-02"]),
        (HAEMOGLOBIN, "-14", "g/dL", ["SX-UNIT-10"]),
        (HEIGHT, "175", "cm", []),
        (HEIGHT, "1.75", "m", []),
        (HEIGHT, "1.75", "cm", ["SX-UNIT-09"]),
        (HEIGHT, "17500", "cm", ["SX-UNIT-08"]),
        (WEIGHT, "3400", "kg", ["SX-UNIT-09"]),
        (WEIGHT, "72", "cm", ["SX-UNIT-07"]),
        (TEMPERATURE, "37.2", "Cel", []),
        (TEMPERATURE, "98.6", "[degF]", []),
        (TEMPERATURE, "310", "K", []),
        (TEMPERATURE, "98.6", "Cel", ["SX-UNIT-09"]),
        (TEMPERATURE, "3.7", "Cel", ["SX-UNIT-08"]),
        (TEMPERATURE, "37", "C", ["SX-UNIT-07"]),
        (TEMPERATURE, "37", "mK", []),
        (SPO2, "97", "%", []),
        (SPO2, "0.97", "%", ["SX-UNIT-09"]),
        (SPO2, "107", "%", ["SX-UNIT-10"]),
        (SPO2, "97", None, ["SX-UNIT-06"]),
        (SPO2, "0.97", None, []),
        (SPO2, "0.97", "1", []),
        ("8480-6", "12", "mm[Hg]", ["SX-UNIT-09"]),
        ("14682-9", "80", "umol/L", []),
        ("14682-9", "80", "mg/L", ["SX-UNIT-07"]),
        ("2160-0", "9", "mg/L", []),
        ("2160-0", "900", "mg/L", ["SX-UNIT-09"]),
        ("2345-7", "95", "g/L", ["SX-UNIT-09"]),
        ("777-3", "250000", "10*9/L", ["SX-UNIT-09"]),
        ("2823-3", "41", "mmol/L", ["SX-UNIT-08"]),
        ("2823-3", "4.1", "meq/L", []),
        ("59261-8", "7.2", "%", ["SX-UNIT-07"]),
        ("4548-4", "55", "%", ["SX-UNIT-09"]),
        ("4548-4", "7.2", "%", []),
        ("2744-1", "7.4", None, []),
        ("2744-1", "7.4", "[pH]", []),
        ("98979-8", "85", "mL/min/{1.73_m2}", []),
        ("32207-3", "12", "%", ["SX-UNIT-07"]),
        ("2276-4", "90000", "ug/L", []),
    ],
)
def test_a_value_against_its_analyte(code: str, value: str, unit: str | None, expected: list[str]) -> None:
    assert of(code, value, unit) == expected


def test_a_code_of_the_french_terminology_is_known_too() -> None:
    for unit, expected in (("mo", []), ("m", ["SX-UNIT-07"])):
        assert codes(check, section(observation(pq("13", unit), "MED-201", TA))) == expected


def test_the_other_unit_is_named() -> None:
    (found,) = check(cda(section(observation(pq("1.75", "cm"), HEIGHT))))
    assert found.facts == {"code": HEIGHT, "unit": "cm", "other": "m"}


def test_what_is_no_observation_is_not_measured() -> None:
    value = pq("14", "mmol/L")
    assert codes(check, section(f'<act><code code="718-7" codeSystem="2.16.840.1.113883.6.1"/>{value}</act>')) == []


def test_words_are_filled_and_show_no_value() -> None:
    wrong = [
        (HAEMOGLOBIN, "14.987", "g/L"), (HAEMOGLOBIN, "14.987", "mmol/L"), (HAEMOGLOBIN, "14.987", None),
        (HAEMOGLOBIN, "-14.987", "g/L"), (HEIGHT, "14987", "cm"), ("x", "14.987", "mmHg"), ("x", "14.987", "foo"),
        ("x", "14.987", "Mmol/L"), ("x", "14,987", "g"),
    ]  # fmt: skip
    period = '<effectiveTime xsi:type="PIVL_TS"><period value="14.987" unit="mg"/></effectiveTime>'
    document = cda(
        *(section(observation(pq(value, unit), code)) for code, value, unit in wrong),
        section(observation('<value xsi:type="PQ" unit="g"/>')),
        section(f"<act>{period}</act>"),
    )
    found = list(check(document))
    assert {one.code for one in found} == {rule.code for rule in RULES}
    words_are_whole(RULES, found)
    assert not any("987" in fact for one in found for fact in one.facts.values())


def properties_of_tables() -> dict[str, str]:
    """The property of LOINC codes as the curated tables name it: ``Glucose [Mass/volume] in Blood``."""
    name = re.compile(r"LOINC:(\d+-\d)\t.*LOINC name: [^;\t]*\[([^\]]+)\]")
    lines = [line for kind in ("labs", "vitals") for line in data_lines("mappings", f"tables/{kind}__loinc.sssom.tsv")]
    return {found[1]: found[2] for line in lines if (found := name.search(line))}


def test_properties_are_those_of_the_curated_tables() -> None:
    named = properties_of_tables()
    held = {code: name for name, (some, _) in PROPERTIES.items() for code in some.split()}
    assert len(held) > 400
    assert held == {code: name for code, name in named.items() if name in PROPERTIES}


def test_analytes_are_measured_as_their_property_says() -> None:
    dimensions = {
        name: {size.dimension for unit in units if (size := size_of(unit))} for name, (_, units) in PROPERTIES.items()
    }
    named = properties_of_tables()
    for (system, code), analyte in ANALYTES.items():
        size = size_of(analyte.unit)
        assert size is not None
        assert all(size_of(other) is not None for other in analyte.others)
        if system == "loinc" and named.get(code) in dimensions:
            assert size.dimension in dimensions[named[code]], code
        if analyte.bounds and analyte.usual:
            assert analyte.bounds[0] <= analyte.usual[0] < analyte.usual[1] <= analyte.bounds[1]


@pytest.mark.parametrize(("unit", "expected"), [("pg/mL", []), ("pmol/L", ["SX-UNIT-07"]), (None, ["SX-UNIT-06"])])
def test_a_code_that_is_known_by_its_property_alone(unit: str | None, expected: list[str]) -> None:
    calcitriol = "1649-3"
    assert ("loinc", calcitriol) not in ANALYTES
    assert calcitriol in UNITS
    assert of(calcitriol, "5", unit) == expected


@pytest.mark.parametrize(
    ("unit", "shown"),
    [
        ("M. Essai Zq", "…"),
        ("zq@zq.fr", "…"),
        ("ZQ,ESSAI", "…"),
        ("mg{de M. Essai}", "…"),
        ("g / L", "g / L"),
        ("zq", "zq"),
    ],
)
def test_a_unit_that_may_be_words_of_a_person_is_not_shown(unit: str, shown: str) -> None:
    assert shown_unit(unit) == shown


def test_a_known_unit_is_shown_in_words() -> None:
    assert shown_unit("battements par minute", is_known=True) == "battements par minute"
