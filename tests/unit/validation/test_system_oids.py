"""The OID of a code system: right, mistyped, cut short, that of a value set, or none at all."""

import pytest

from semantix.systems import BY_OID
from semantix.validation.system_oids import (
    Fault,
    Wrong,
    fault_of,
    named,
    one_edit,
    shown_oid,
    shown_system,
    shown_template,
)

IHE = "1.3.6.1.4.1.19376.1.5.3.2"


@pytest.mark.parametrize("oid", [*sorted(BY_OID), "1.2.250.1.213.2.61", "1.2.250.1.999.3", "2.16.840.1.113883.5.9999"])
def test_a_known_or_a_possible_system_has_no_fault(oid):
    assert fault_of(oid) is None


@pytest.mark.parametrize(
    ("oid", "right"),
    [
        ("1.3.5.1.4.1.19376.1.5.3.2", IHE),
        ("1.3.5.1.4.1.19376.9.9", "1.3.6.1.4.1.19376.9.9"),
        ("2.16.804.1.113883.6.1", "2.16.840.1.113883.6.1"),
        ("2.16.840.1.13883.6.1", "2.16.840.1.113883.6.1"),
        ("1.2.205.1.213.1.1.4.322", "1.2.250.1.213.1.1.4.322"),
        ("1.2.250.1.231.1.1.4.322", "1.2.250.1.213.1.1.4.322"),
    ],
)
def test_an_oid_one_character_away_from_a_root_is_mistyped(oid, right):
    assert fault_of(oid) == Fault(Wrong.TYPO, right)


@pytest.mark.parametrize("oid", ["1.3.6.1.4.1.19375.1", "1.2.250.1.211.4.5", "2.16.528.1.1007.3", "1.2.276.0.76.5"])
def test_the_oid_of_another_organisation_is_not_mistyped(oid):
    assert fault_of(oid) is None


@pytest.mark.parametrize("oid", ["2.16.840.1.113883.6", "1.2.250.1.213.1.1.4", "1.2.250.1.213.2.3"])
def test_an_arc_of_systems_is_no_system(oid):
    assert fault_of(oid) == Fault(Wrong.CUT)


@pytest.mark.parametrize("oid", ["1.2.250.1.213.1.1.5.467", "2.16.840.1.113883.1.11.78", "2.16.840.1.113883.4.642.3.1"])
def test_a_value_set_is_no_system(oid):
    assert fault_of(oid) == Fault(Wrong.VALUE_SET)


def test_codes_that_wait_for_a_loinc_code_stand_under_the_oid_of_a_value_set():
    assert fault_of("1.2.250.1.213.1.1.5.130") is None


@pytest.mark.parametrize("oid", ["LOINC", "http://loinc.org", "urn:oid:2.16.840.1.113883.6.1", "2", "1.2.", "3.1.2"])
def test_a_name_or_an_address_is_no_oid(oid):
    assert fault_of(oid) == Fault(Wrong.NOT_OID)


def test_a_uuid_may_identify_a_system():
    assert fault_of("6B196239-28CA-4B03-8F8F-18D29E112B13") is None


@pytest.mark.parametrize(
    ("name", "key"),
    [("CIM-10", "cim10"), ("CIM10FRPMSI", "cim10"), ("SNOMED_CT", "snomed"), ("TRE_A01-CadreExercice", "tre-a01"),
     ("HL7:ActCode", "act-code"), ("TerminologieCISIS", "ta-asip"), ("LOINC", "loinc")],
)  # fmt: skip
def test_a_name_may_clearly_name_a_system(name, key):
    found = named(name)
    assert found is not None
    assert found.key == key


@pytest.mark.parametrize("name", ["", "RPPS", "practiceSettingCode", "codes du laboratoire"])
def test_a_name_may_name_nothing_known(name):
    assert named(name) is None


@pytest.mark.parametrize(
    ("one", "other", "is_one"),
    [("abc", "abc", False), ("abc", "abd", True), ("abc", "acb", True), ("abc", "ab", True), ("abc", "abcd", True),
     ("abc", "cba", False), ("abc", "abcde", False), ("ab", "", False)],
)  # fmt: skip
def test_one_edit_is_one_change_addition_loss_or_exchange(one, other, is_one):
    assert one_edit(one, other) is is_one


def test_an_oid_is_shown_and_what_may_be_words_is_not():
    assert [shown_oid(each) for each in (IHE, "codes de M. Essai", "1." * 60 + "1")] == [IHE, "…", "…"]


def test_an_oid_with_the_number_of_a_person_in_it_is_not_shown():
    assert shown_oid("1.2.250.185057800608491.4") == "…"


@pytest.mark.parametrize(
    "system",
    [
        "", IHE, f"urn:oid:{IHE}", "http://loinc.org", "https://mos.esante.gouv.fr/NOS/TRE_R66/FHIR/TRE-R66?a=b#c",
        "urn:uuid:0d3f9a3e-1c1b-4c2f-9a65-0c7d2f1f3a11", "99LAB",
    ],
)  # fmt: skip
def test_a_system_is_shown(system):
    assert shown_system(system) == system


@pytest.mark.parametrize(
    "system", ["http://x.fr/patient/185057800608491", "urn:x:Jean Zq", "mailto:zq@zq.fr", "http://x.fr/" + "a" * 200]
)
def test_a_system_that_may_be_a_value_is_not_shown(system):
    assert shown_system(system) == "…"


def test_a_template_that_is_no_oid_is_not_shown():
    assert [shown_template(each) for each in (IHE, "Zqdupond", "1.2.250.185057800608491")] == [IHE, "…", "…"]
