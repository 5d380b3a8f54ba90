"""Codes of invented documents: their form, their system, its OID, what stands beside them."""

from datetime import date
from pathlib import Path

import pytest

from semantix.model import Severity
from semantix.parsers._xml import parse_xml
from semantix.systems import System
from semantix.validation._cda import Cda
from semantix.validation._findings import Finding
from semantix.validation._terms import Standing
from semantix.validation.cda.codes import RULES, check, day_of
from semantix.validation.terms import OpenTerms, open_terms

LOINC, CIM10, CIS = "2.16.840.1.113883.6.1", "2.16.840.1.113883.6.3", "1.2.250.1.213.2.3.1"


class Told(OpenTerms):
    """Terms that give one standing to every code."""

    def __init__(self, told: Standing) -> None:
        super().__init__()
        self.told, self.days = told, set[date | None]()

    def standing(self, system: System, code: str, on: date | None = None) -> Standing:
        self.days.add(on)
        return self.told


def document(inner: str, terms: OpenTerms | None = None, day: str = "20240308") -> Cda:
    xml = (
        '<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f'<statusCode code="active"/><effectiveTime value="{day}"/><component>{inner}</component></ClinicalDocument>'
    )
    root = parse_xml(xml.encode(), "invented.xml")
    return Cda(root, "invented.xml", terms=terms or open_terms(None, None), day=date(2026, 1, 1))


def found(inner: str, terms: OpenTerms | None = None) -> list[Finding]:
    return list(check(document(inner, terms)))


def codes(inner: str, terms: OpenTerms | None = None) -> list[str]:
    return [one.code for one in found(inner, terms)]


def coded(code: str, oid: str = LOINC, more: str = "") -> str:
    return f'<code code="{code}" codeSystem="{oid}" {more}/>'


def test_every_rule_has_its_own_code():
    assert sorted(rule.code for rule in RULES) == [f"SX-CODE-{rank:02d}" for rank in range(1, len(RULES) + 1)]


@pytest.mark.parametrize(
    "inner",
    [
        coded("8480-6"),
        coded("E11.9", CIM10, 'codeSystemName="CIM-10"'),
        coded("60019927", CIS),
        coded("H12", "1.2.250.1.999.4"),
        coded("AMB", "2.16.840.1.113883.5.4", 'codeSystemName="HL7:ActCode"'),
        '<value xsi:type="PQ" value="1" unit="g/L"><translation value="1" code="g/L"/></value>',
        '<code nullFlavor="UNK"/>',
        '<effectiveTime xsi:type="EIVL_TS"><event code="HS"/></effectiveTime>',
        '<value xsi:type="CS" code="active"/>',
        '<code code="A1" codeSystem="1.2.250.1.999.4"><translation code="B" codeSystem="1.2.250.1.999.5"/></code>',
    ],
)
def test_a_right_code_says_nothing(inner):
    assert codes(inner) == []


@pytest.mark.parametrize(
    ("inner", "code"),
    [
        (coded("8480-5"), "SX-CODE-01"),
        (coded("xx-Essai"), "SX-CODE-01"),
        (coded("X9", "2.16.840.1.113883.5.1"), "SX-CODE-02"),
        (coded("A", "1.3.5.1.4.1.19376.1.5.3.2"), "SX-CODE-04"),
        (coded("L50.0", "2.16.840.1.113883.6"), "SX-CODE-05"),
        (coded("3400938022209", CIS), "SX-CODE-06"),
        (coded("E11.9"), "SX-CODE-06"),
        ('<code code="8480-6"/>', "SX-CODE-07"),
        ('<value xsi:type="CD" code="8480-6"/>', "SX-CODE-07"),
        (coded("8480-6", "LOINC"), "SX-CODE-08"),
        (coded("8480-6", "urn:oid:2.16.840.1.113883.6.1"), "SX-CODE-08"),
        (coded("8480-6", LOINC, 'codeSystemName="CIM-10"'), "SX-CODE-09"),
        (coded("A1", "1.2.250.1.999.4", 'codeSystemName="CIM-10"'), "SX-CODE-09"),
        (coded("8480-6", LOINC, 'nullFlavor="UNK"'), "SX-CODE-10"),
        (coded(" 8480-6"), "SX-CODE-11"),
        (coded("8480-6\u00a0"), "SX-CODE-11"),
        (coded("8480-6", f"{LOINC} "), "SX-CODE-11"),
        (coded(""), "SX-CODE-11"),
        (coded("N", "2.16.840.1.113883.1.11.78"), "SX-CODE-13"),
    ],
)
def test_a_wrong_code_is_found(inner, code):
    assert codes(inner) == [code]


@pytest.mark.parametrize(
    ("code", "oid", "template", "elsewhere"),
    [
        ("SPRECEIVE", "1.3.5.1.4.1.19376.1.5.3.2", "1.2.250.1.213.1.1.1.55", "SX-CODE-04"),
        ("xx-MCH-PsychoMDev", LOINC, "1.3.6.1.4.1.19376.1.7.3.1.1.13.4", "SX-CODE-01"),
        ("XX-ANTENATALTESTINGBATTERY", LOINC, "1.3.6.1.4.1.19376.1.5.3.1.1.21.3.10", "SX-CODE-01"),
    ],
)
def test_what_the_official_rules_demand_is_no_error_of_the_writer(code, oid, template, elsewhere):
    declared = f'<templateId root="{template}"/>'
    [one] = found(declared + coded(code, oid))
    assert (one.code, one.severity) == ("SX-CODE-15", Severity.WARNING)
    assert dict(one.facts) == {"code": code, "oid": oid}
    assert codes(coded(code, oid)) == [elsewhere]
    assert codes(declared + coded("xx-Essai", oid)) == [elsewhere]


def test_a_translation_that_repeats_its_code_is_told():
    inner = f'<code code="8480-6" codeSystem="{LOINC}"><translation code="8480-6" codeSystem="{LOINC}"/></code>'
    assert codes(inner) == ["SX-CODE-12"]


@pytest.mark.parametrize(
    ("told", "oid", "code"),
    [(Standing.ABSENT, LOINC, "SX-CODE-02"), (Standing.RETIRED, LOINC, "SX-CODE-03"),
     (Standing.ABSENT, CIS, "SX-CODE-14"), (Standing.RETIRED, CIS, "SX-CODE-14")],
)  # fmt: skip
def test_what_a_list_says_of_a_code_is_told(told, oid, code):
    assert codes(coded("8480-6", oid), Told(told)) == [code]


def test_a_code_is_judged_on_the_day_of_its_document():
    terms = Told(Standing.VALID)
    found(coded("8480-6"), terms)
    assert terms.days == {date(2024, 3, 8)}


@pytest.mark.parametrize("day", ["2024", "20249999", ""])
def test_a_document_without_a_day_has_none(day):
    assert day_of(document("", day=day)) is None


def test_a_document_without_a_time_has_no_day():
    root = parse_xml(b'<ClinicalDocument xmlns="urn:hl7-org:v3"/>', "invented.xml")
    assert day_of(Cda(root, "invented.xml", terms=open_terms(None, None), day=date(2026, 1, 1))) is None


def test_a_cut_oid_is_completed_by_the_name_of_the_system_else_by_the_look_of_the_code():
    oid = "2.16.840.1.113883.6"
    inner = coded("1", oid, 'codeSystemName="LOINC"') + coded("L50.0", oid) + coded("1", oid)
    assert [one.facts["right"] for one in found(inner)] == [LOINC, CIM10, f"{oid}.…"]


def test_a_code_under_another_system_names_the_right_oid():
    (one,) = found(coded("3400938022209", CIS))
    facts = {"other": "BDPM, code CIP", "right": "1.2.250.1.213.2.3.2", "code": "3400938022209"}
    assert facts.items() <= one.facts.items()


def test_what_may_be_of_a_patient_is_not_told():
    (one,) = found(coded("2550814168025"))
    assert one.facts["code"] == "…"


def test_the_place_is_that_of_the_attribute():
    (one,) = found(coded("8480-5"))
    assert (one.path, one.line) == ("/ClinicalDocument[1]/component[1]/code[1]/@code", 1)


def test_each_element_with_a_wrong_code_is_told():
    assert codes(coded("8480-5") * 3) == ["SX-CODE-01"] * 3


def test_every_fact_that_the_words_name_is_given():
    inner = "".join(
        coded(*each)
        for each in (("8480-5",), ("E1.1",), ("A", "1.3.5.1.4.1.19376.1.5.3.2"), ("A", "2.16.840.1.113883.6"),
                     ("E11.9",), ("A", "LOINC"), ("8480-6", LOINC, 'codeSystemName="CIM-10" nullFlavor="UNK"'),
                     (" ",), ("N", "2.16.840.1.113883.1.11.78"))
    ) + '<code code="8480-6"/>'  # fmt: skip
    by_code = {rule.code: rule for rule in RULES}
    for one in found(inner):
        rule = by_code[one.code]
        for text in (*rule.found, *rule.expected, *rule.fix):
            assert text.format(**one.facts)


def test_the_known_defects_of_the_published_examples_are_found_without_any_list(shared: Path):
    def kinds(name: str) -> set[tuple[str, str]]:
        root = parse_xml((shared / "corpus/cda-3.0" / name).read_bytes(), name)
        return {(one.code, one.facts.get("code", one.facts.get("oid", ""))) for one in
                check(Cda(root, name, terms=open_terms(None, None), day=date(2026, 1, 1)))}  # fmt: skip

    assert ("SX-CODE-05", "2.16.840.1.113883.6") in kinds("OBP-SAP_2024.01.xml")
    assert ("SX-CODE-06", "3400936876293") in kinds("01_Modèles_contenus_CDA.xml")
    assert ("SX-CODE-15", "xx-MCH-PsychoMDev") in kinds("CSE-CS24_2024.01.xml")
    assert kinds("BIO-CR-BIO_2021.01_Electrophorese.xml") == {("SX-CODE-15", "SPRECEIVE")}
    assert ("SX-CODE-04", "1.3.5.1.4.1.19376.1.5.3.2") in kinds("CANCER-CR-GM_2022.01_AnalyseRealisee.xml")
    assert kinds("VSM_1.4_2022.01.xml") == set()
