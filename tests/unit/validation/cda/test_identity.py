"""The identity of invented patients, and the numbers of invented professionals."""

from datetime import date
from typing import cast

import pytest

from semantix.identifiers import nir_key
from semantix.parsers._xml import parse_xml
from semantix.validation._cda import Cda
from semantix.validation._findings import Finding
from semantix.validation._terms import Terms
from semantix.validation.cda.identity import RULES, check

INS = "1.2.250.1.213.1.4.8"
TEST_INS = "1.2.250.1.213.1.4.10"
PS, STRUCT = "1.2.250.1.71.4.2.1", "1.2.250.1.71.4.2.2"
LOCAL = '<id root="1.2.250.1.999.7" extension="P-42"/>'
NAMES = (
    '<family qualifier="BR">ESSAI</family><given>Zoé Lou-Anne</given>'
    '<given qualifier="BR">Zoé</given><family qualifier="CL">TEST</family>'
)
REST = (
    '<administrativeGenderCode code="F"/><birthTime value="19550803"/>'
    "<birthplace><place><addr><county>14168</county></addr></place></birthplace>"
)


def found(ids: str = LOCAL, names: str = NAMES, rest: str = REST, more: str = "") -> list[Finding]:
    xml = (
        f'<ClinicalDocument xmlns="urn:hl7-org:v3"><recordTarget><patientRole>{ids}<patient><name>{names}</name>{rest}'
        f"</patient></patientRole></recordTarget>{more}</ClinicalDocument>"
    )
    root = parse_xml(xml.encode(), "invented.xml")
    return list(check(Cda(root, "invented.xml", terms=cast("Terms", None), day=date(2026, 1, 1))))


def codes(ids: str = LOCAL, names: str = NAMES, rest: str = REST, more: str = "") -> list[str]:
    return [one.code for one in found(ids, names, rest, more)]


def ins(number: str = "2550814168025", root: str = INS) -> str:
    key = nir_key(number) if len(number) == 13 else None
    return f'<id root="{root}" extension="{number}{f"{key:02d}" if key else ""}"/>'


def author(root: str, extension: str) -> str:
    return f'<author><assignedAuthor><id root="{root}" extension="{extension}"/></assignedAuthor></author>'


def rest(sex: str = "F", day: str = "19550803", place: str = "14168") -> str:
    return (
        f'<administrativeGenderCode code="{sex}"/><birthTime value="{day}"/>'
        f"<birthplace><place><addr><county>{place}</county></addr></place></birthplace>"
    )


def test_every_rule_has_its_own_code():
    assert sorted(rule.code for rule in RULES) == [f"SX-ID-{rank:02d}" for rank in range(1, len(RULES) + 1)]


def test_a_qualified_identity_with_its_traits_is_clean():
    assert codes(ins() + LOCAL) == []


def test_a_patient_with_a_local_number_alone_is_clean():
    assert codes() == []


def test_a_document_without_patient_says_nothing_of_identity():
    root = parse_xml(
        b'<ClinicalDocument xmlns="urn:hl7-org:v3"><recordTarget><patientRole/></recordTarget></ClinicalDocument>', "x"
    )
    assert [one.code for one in check(Cda(root, "x", terms=cast("Terms", None), day=date(2026, 1, 1)))] == ["SX-ID-09"]


@pytest.mark.parametrize(
    ("extension", "code"),
    [
        ("255081416802539", "SX-ID-01"),
        ("255081416802500", "SX-ID-01"),
        ("2550814168025", "SX-ID-02"),
        ("2 55 08 14 168 025 38", "SX-ID-02"),
        ("186022a21532523", "SX-ID-02"),
        ("25508141680253", "SX-ID-02"),
        ("255151416802538", "SX-ID-02"),
        ("A55081416802538", "SX-ID-02"),
    ],
)
@pytest.mark.parametrize("root", [INS, TEST_INS, "1.2.250.1.213.1.4.13"])
def test_a_wrong_nir_is_found(extension: str, code: str, root: str):
    assert code in codes(f'<id root="{root}" extension="{extension}"/>{LOCAL}')


def test_a_finding_never_holds_the_number():
    number = "255081416802539"
    for one in found(f'<id root="{number}" extension="255081416802538"/><id root="{INS}" extension="{number}"/>'):
        assert number not in "".join(one.facts.values())


def test_a_root_that_may_hold_a_number_is_not_shown():
    [one] = found(more=author("1.2.250.1.999.255081416", "xxxx"))
    assert (one.code, one.facts["root"]) == ("SX-ID-24", "…")


def test_an_ins_without_traits_names_those_that_miss():
    [one] = [
        one
        for one in found(ins(), "<family qualifier='BR'>ESSAI</family>", "<birthTime value='1955'/>")
        if one.code == "SX-ID-03"
    ]
    assert one.facts["missing"] == (
        'name/given[@qualifier="BR"], name/given[not(@qualifier)], administrativeGenderCode/@code,'
        " birthplace/place/addr/county"
    )


def test_traits_may_miss_without_an_ins():
    assert codes(LOCAL, "<family qualifier='BR'>ESSAI</family>", "<birthTime value='1955'/>") == []


@pytest.mark.parametrize(
    ("number", "traits", "said"),
    [
        ("2550814168025", rest(sex="M"), "administrativeGenderCode"),
        ("8550814168025", rest(sex="M"), "administrativeGenderCode"),
        ("1550814168025", rest(), "administrativeGenderCode"),
        ("2550814168025", rest(day="19560803"), "birthTime"),
        ("2550814168025", rest(day="195509"), "birthTime"),
        ("2550814168025", rest(place="50168"), "county"),
        ("2550814168025", rest(place="99109"), "county"),
        ("2550814168025", rest(sex="M", day="1944", place="2B168"), "administrativeGenderCode, birthTime, county"),
    ],
)
def test_a_number_that_contradicts_its_traits_is_doubted(number: str, traits: str, said: str):
    assert [dict(one.facts) for one in found(ins(number), rest=traits)] == [{"traits": said}]


@pytest.mark.parametrize(
    ("number", "traits"),
    [
        ("2550814168025", rest(sex="UN")),
        ("2550814168025", rest(day="1955")),
        ("2553114168025", rest()),  # a pseudo-month
        ("2556014168025", rest()),
        ("8550814168025", rest()),
        ("2550820168025", rest(place="2A168")),  # Corsica before 1976
        ("255082A168025", rest(place="2A168")),
        ("2550875112025", rest(place="92012")),  # Seine before 1968
        ("2550891352025", rest(place="99352")),  # Algeria before its independence
        ("2550899352025", rest(place="99352")),
        ("2550898818025", rest(place="97818")),
    ],
)
def test_what_a_number_may_say_otherwise_is_not_doubted(number: str, traits: str):
    assert codes(ins(number), rest=traits) == []


def test_the_seine_is_no_excuse_after_1968():
    assert codes(ins("2750875112025"), rest=rest(day="19750803", place="92012")) == ["SX-ID-04"]


def test_two_ins_are_one_too_many():
    assert "SX-ID-05" in codes(ins() + ins("2550814168026", "1.2.250.1.213.1.4.9"))
    assert "SX-ID-05" not in codes(ins() + ins(root="1.2.250.1.213.1.4.13"))


def test_a_nir_as_a_local_number_is_found():
    assert codes(ins(root="1.2.250.1.999.7")) == ["SX-ID-06"]
    assert codes('<id root="1.2.250.1.999.7" extension="255081416802539"/>') == []


@pytest.mark.parametrize("root", ["1.2.250.1.213.1.4.2", "1.2.250.1.213.1.4.6", "1.2.250.1.213.1.4.7"])
def test_an_ins_c_is_out_of_use(root: str):
    assert codes(f'{LOCAL}<id root="{root}" extension="0412345678901234567890"/>') == ["SX-ID-07"]


@pytest.mark.parametrize("root", [TEST_INS, "1.2.250.1.213.1.4.11"])
def test_an_ins_of_tests_is_worth_knowing(root: str):
    [one] = found(ins(root=root))
    assert (one.code, one.severity.value, dict(one.facts)) == ("SX-ID-08", "information", {"root": root})


def test_a_patient_without_identifier_is_found():
    assert codes('<id nullFlavor="UNK"/>') == ["SX-ID-09"]
    assert codes("") == ["SX-ID-09"]


def test_half_an_identifier_is_found():
    assert codes(f'{LOCAL}<id root="1.2.250.1.999.8"/>') == ["SX-ID-10"]
    assert [dict(one.facts) for one in found(f'{LOCAL}<id extension="7"/>')] == [{"attribute": "root"}]
    assert codes(f'{LOCAL}<id root="1.2.250.1.999.8" nullFlavor="UNK"/>') == []


@pytest.mark.parametrize("birth", ["", '<birthTime nullFlavor="UNK"/>'])
def test_a_birth_date_is_wanted(birth: str):
    assert codes(rest=birth) == ["SX-ID-11"]


@pytest.mark.parametrize("place", ["CAEN", "1416", "2C004", "141680"])
def test_a_birth_place_is_an_insee_code(place: str):
    assert codes(ins(), rest=rest(place=place)) == ["SX-ID-12"]


def test_the_kind_of_a_name_is_said():
    assert codes(names="<family>ESSAI</family>") == ["SX-ID-13"]
    assert codes(names='<family qualifier="BR">ESSAI</family><given qualifier="XX">Zoé</given>') == ["SX-ID-13"]
    assert codes(names='<family nullFlavor="UNK"/>') == []


def test_the_name_of_a_spouse_is_an_old_qualifier():
    names = '<family qualifier="BR">ESSAI</family><family qualifier="SP">TEST</family><given qualifier="BR">Zoé</given>'
    assert codes(ins(), f"{names}<given>Lou</given>") == ["SX-ID-27"]


@pytest.mark.parametrize(
    ("first", "every", "expected"),
    [
        ("Zoé", "ZOE LOU", []),
        ("Lou-Anne", "LOU ANNE ZOE", []),
        ("Anne", "Zoé Anne", ["SX-ID-14"]),
    ],
)
def test_the_first_name_begins_the_list(first: str, every: str, expected: list[str]):
    names = f'<family qualifier="BR">ESSAI</family><given>{every}</given><given qualifier="BR">{first}</given>'
    assert codes(ins(), names) == expected


@pytest.mark.parametrize(
    ("root", "extension", "code"),
    [
        (PS, "810000000017", None),
        (PS, "0750000010", None),
        (PS, "532109876500015/7", None),
        (PS, "9123", None),
        (PS, "10000000017", "SX-ID-15"),
        (PS, "750000010", "SX-ID-15"),
        (PS, "000101014", "SX-ID-15"),
        (PS, "81000000001", "SX-ID-16"),
        (PS, "8 10000000017", "SX-ID-16"),
        (STRUCT, "1 750000010", "SX-ID-19"),
        (PS, "07500000190", "SX-ID-16"),
        (PS, "075000001", "SX-ID-16"),
        (PS, "810000000019", "SX-ID-17"),
        (PS, "0750000018", "SX-ID-17"),
        (PS, "1750000010", "SX-ID-26"),
        (STRUCT, "1750000010", None),
        (STRUCT, "332109876500019", None),
        (STRUCT, "499", None),
        (STRUCT, "1750000018/3", None),
        (STRUCT, "750000010", "SX-ID-18"),
        (STRUCT, "32109876500019", "SX-ID-18"),
        (STRUCT, "17500000190", "SX-ID-19"),
        (STRUCT, "1750000018", "SX-ID-20"),
        (STRUCT, "810000000017", "SX-ID-26"),
    ],
)
def test_national_numbers(root: str, extension: str, code: str | None):
    assert codes(ins(), more=author(root, extension)) == ([code] if code else [])


def test_the_number_of_a_practice_is_named_as_such():
    [one] = [each for each in found(ins(), more=author(STRUCT, "10000000017001")) if each.code == "SX-ID-18"]
    assert (one.facts["kind"], one.facts["prefix"]) == ("RPPS-rang", "4")
    assert codes(ins(), more=author(STRUCT, "410000000017001")) == []


def test_invented_numbers_are_no_fault_in_a_test_document():
    wrong = author(PS, "810000000019") + author(PS, "81000") + author(STRUCT, "1750000018") + author(STRUCT, "17500")
    assert codes(ins(root=TEST_INS), more=wrong) == ["SX-ID-08", *["SX-ID-21"] * 4]
    assert codes(ins(root=TEST_INS), more=author(PS, "10000000017")) == ["SX-ID-08", "SX-ID-15"]


def test_a_number_is_said_wrong_once():
    assert codes(more=author(PS, "810000000019") * 3) == ["SX-ID-17"]


def test_a_national_root_wants_an_extension():
    one = f'<author><assignedAuthor><id root="{PS}"/></assignedAuthor></author>'
    assert codes(more=one) == ["SX-ID-22"]
    assert codes(more=one.replace("/>", ' nullFlavor="UNK"/>')) == []


@pytest.mark.parametrize("root", ["urn:oid:1.2.250.1.999", "1.2.250.01.999", "B6F2", "1.2..3"])
def test_a_root_is_an_oid_or_a_uuid(root: str):
    assert codes(more=f'<id root="{root}"/>') == ["SX-ID-23"]


def test_a_uuid_is_a_root():
    assert codes(more='<id root="b6f2c0de-0000-4000-8000-00000000abcd"/><id nullFlavor="UNK"/>') == []


@pytest.mark.parametrize("extension", ["0000", "xxxx", "777777", "123456789", "N/A", "inconnu", "?"])
def test_a_filler_is_no_identifier(extension: str):
    assert codes(more=author("1.2.250.1.999.5", extension)) == ["SX-ID-24"]


@pytest.mark.parametrize("extension", ["1234", "1111", "0", "42"])
def test_a_short_number_is_one(extension: str):
    assert codes(more=author("1.2.250.1.999.5", extension)) == []


@pytest.mark.parametrize("root", ["1.2.3", "1.2.3.4.5.6", "2.999.1"])
def test_an_example_oid_belongs_to_nobody(root: str):
    assert codes(more=author(root, "A12")) == ["SX-ID-25"]
    assert codes(ins(root=TEST_INS), more=author(root, "A12")) == ["SX-ID-08"]
