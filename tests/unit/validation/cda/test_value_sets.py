"""Value sets of invented documents: by place, and the closed ones."""

from datetime import date

import pytest

from semantix.parsers._xml import parse_xml
from semantix.validation._cda import Cda
from semantix.validation._findings import Finding
from semantix.validation.cda.value_set_places import (
    ALLERGY_STATUS,
    CONDITION_STATUS,
    HEADER,
    IMMUNIZATION,
    J01,
    J07,
    J143,
    NO_IMMUNIZATION,
    PLACES,
    PROBLEM,
    SECTIONS,
)
from semantix.validation.cda.value_sets import RULES, check
from semantix.validation.terms import OpenTerms

PCC = "1.3.6.1.4.1.19376.1.5.3.1.4"
SYSTEM = "1.2.250.1.999.1"


class Sets(OpenTerms):
    """Value sets given in the test, by OID: each code is one of ``SYSTEM``."""

    def __init__(self, **sets: str) -> None:
        super().__init__()
        self.sets = {oid.replace("_", "."): text.split() for oid, text in sets.items()}

    def value_set(self, name: str) -> frozenset[tuple[str, str]] | None:
        codes = self.sets.get(name)
        return None if codes is None else frozenset((code, SYSTEM) for code in codes)


def sets_of(*pairs: tuple[str, str]) -> Sets:
    return Sets(**{oid.replace(".", "_"): codes for oid, codes in pairs})


def found(inner: str, terms: OpenTerms | None = None) -> list[Finding]:
    xml = (
        '<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
        f' moodCode="EVN">{inner}</ClinicalDocument>'
    )
    root = parse_xml(xml.encode(), "invented.xml")
    return list(check(Cda(root, "invented.xml", terms=terms or OpenTerms(), day=date(2026, 1, 1))))


def codes(inner: str, terms: OpenTerms | None = None) -> list[str]:
    return [one.code for one in found(inner, terms)]


def coded(name: str, code: str, oid: str = SYSTEM, more: str = "") -> str:
    return f'<{name} code="{code}" codeSystem="{oid}" {more}/>'


def entry(inner: str, *templates: str, name: str = "observation") -> str:
    declared = "".join(f'<templateId root="{each}"/>' for each in templates)
    return f"<entry><{name}>{declared}{inner}</{name}></entry>"


def test_every_rule_has_its_own_code():
    assert sorted(rule.code for rule in RULES) == [f"SX-JDV-{rank:02d}" for rank in range(1, len(RULES) + 1)]


@pytest.mark.parametrize("terms", [OpenTerms(), sets_of((J07.oid, "60591-5"))])
def test_a_code_of_the_value_set_or_without_one_at_hand_says_nothing(terms):
    assert codes(coded("code", "60591-5"), terms) == []


def test_a_code_that_is_not_in_the_value_set_of_its_place_is_found():
    (one,) = found(coded("code", "11111-1"), sets_of((J07.oid, "60591-5")))
    assert one.code == "SX-JDV-01"
    assert one.facts == {
        "element": "code", "code": "11111-1", "oid": SYSTEM, "set": J07.name, "set_oid": J07.oid,
    }  # fmt: skip
    assert one.path == "/ClinicalDocument[1]/code[1]/@code"


def test_a_code_of_the_value_set_under_another_system_is_told_apart():
    (one,) = found(coded("code", "60591-5", "1.2.250.1.999.2"), sets_of((J07.oid, "60591-5")))
    assert (one.code, one.facts["right"]) == ("SX-JDV-02", SYSTEM)


def test_a_system_with_two_oids_is_one_system():
    class Alias(OpenTerms):
        def value_set(self, name: str) -> frozenset[tuple[str, str]] | None:
            return frozenset({("confirmed", "2.16.840.1.113883.4.642.1.1075")})

    inner = entry(coded("value", "confirmed", "2.16.840.1.113883.4.642.4.1075"), "1.2.250.1.213.1.1.3.171")
    assert codes(inner, Alias()) == []


@pytest.mark.parametrize("inner", ['<code nullFlavor="UNK"/>', '<code code="A"/>'])
def test_an_element_without_a_code_of_a_system_is_left_to_other_rules(inner):
    assert codes(inner, sets_of((J07.oid, "60591-5"))) == []


@pytest.mark.parametrize(
    ("inner", "oid"),
    [
        ((f"<recordTarget><patientRole><patient>{coded('administrativeGenderCode', 'Z')}</patient></patientRole>"
         "</recordTarget>"), J143.oid),
        (f"<author><assignedAuthor>{coded('code', 'Z')}</assignedAuthor></author>", J01.oid),
        ((f"<documentationOf><serviceEvent><performer><assignedEntity>{coded('code', 'Z')}</assignedEntity></performer>"
         "</serviceEvent></documentationOf>"), J01.oid),
    ],
)  # fmt: skip
def test_codes_of_the_header_have_value_sets(inner, oid):
    assert codes(inner, sets_of((oid, "A"))) == ["SX-JDV-01"]


def test_the_performer_of_an_act_of_the_body_may_be_of_any_profession():
    inner = f"<entry><act><performer><assignedEntity>{coded('code', 'Z')}</assignedEntity></performer></act></entry>"
    assert codes(inner, sets_of((J01.oid, "A"))) == []


@pytest.mark.parametrize("place", PLACES)
def test_codes_of_entries_have_value_sets(place):
    names = place.path.split("/")
    inner = coded(names[-1], "Z")
    for name in reversed(names[:-1]):
        inner = f"<{name}>{inner}</{name}>"
    terms = sets_of(*((each.oid, "A") for each in place.sets))
    assert codes(entry(inner, place.template), terms) == ["SX-JDV-01"]
    assert codes(entry(inner.replace('"Z"', '"A"'), place.template), terms) == []


def test_a_template_beside_it_may_make_another_kind_of_entry():
    terms = sets_of((PROBLEM.oid, "A"))
    assert codes(entry(coded("code", "Z"), f"{PCC}.5", f"{PCC}.6"), terms) == []


def test_one_of_two_value_sets_is_enough_and_both_must_be_at_hand():
    inner = entry(coded("code", "B"), f"{PCC}.12", name="substanceAdministration")
    assert codes(inner, sets_of((IMMUNIZATION.oid, "A"), (NO_IMMUNIZATION.oid, "B"))) == []
    assert codes(inner, sets_of((IMMUNIZATION.oid, "A"))) == []


@pytest.mark.parametrize(("kind", "count"), [("CD", 1), ("c:CD", 1), ("ST", 0), ("BL", 0)])
def test_only_coded_types_are_checked(kind, count):
    inner = entry(f'<value xmlns:c="urn:hl7-org:v3" xsi:type="{kind}" code="Z" codeSystem="{SYSTEM}"/>',
                  "1.2.250.1.213.1.1.3.212")  # fmt: skip
    assert len(codes(inner, sets_of(("1.2.250.1.213.1.1.5.787", "A")))) == count


@pytest.mark.parametrize(("template", "is_right"), [(f"{PCC}.6", True), (f"{PCC}.5", False)])
def test_the_status_of_an_allergy_and_that_of_a_problem_are_of_two_sets(template, is_right):
    value = coded("value", "A", more='xsi:type="CD"')
    status = f'<observation><templateId root="{PCC}.1.1"/>{value}</observation>'
    inner = entry(f"<entryRelationship>{status}</entryRelationship>", template)
    terms = sets_of((ALLERGY_STATUS.oid, "A"), (CONDITION_STATUS.oid, "B"))
    assert (codes(inner, terms) == []) is is_right


def test_a_status_that_belongs_to_no_observation_is_left_alone():
    inner = entry(coded("value", "Z"), f"{PCC}.1.1")
    assert codes(inner, sets_of((CONDITION_STATUS.oid, "A"))) == []


# --- what needs no list -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("inner", "code"),
    [
        ('<id nullFlavor="NONE"/>', "SX-JDV-03"),
        ('<id nullFlavor="unk"/>', "SX-JDV-03"),
        ('<entry><act moodCode="DONE"/></entry>', "SX-JDV-04"),
        ('<entry><act><statusCode code="done"/></act></entry>', "SX-JDV-05"),
    ],
)
def test_a_value_of_a_closed_set_that_does_not_exist_is_found(inner, code):
    assert codes(inner) == [code]


@pytest.mark.parametrize(
    "inner",
    ['<id nullFlavor="NASK"/>', '<entry><act moodCode="RQO"/></entry>', '<statusCode code="completed"/>',
     '<statusCode nullFlavor="UNK"/>'],
)  # fmt: skip
def test_a_value_of_a_closed_set_says_nothing(inner):
    assert codes(inner) == []


def section(template: str, inner: str) -> str:
    return f'<component><section><templateId root="{template}"/>{inner}</section></component>'


LOINC = "2.16.840.1.113883.6.1"
ALLERGIES = "1.2.250.1.213.1.1.2.137"


def test_a_section_has_the_code_of_its_template():
    assert codes(section(ALLERGIES, coded("code", SECTIONS[ALLERGIES], LOINC))) == []


@pytest.mark.parametrize(("code", "oid"), [("11450-4", LOINC), (SECTIONS[ALLERGIES], SYSTEM)])
def test_a_section_with_the_code_of_another_is_found(code, oid):
    (one,) = found(section(ALLERGIES, coded("code", code, oid)))
    assert (one.code, one.facts["right"]) == ("SX-JDV-06", SECTIONS[ALLERGIES])


@pytest.mark.parametrize("inner", ["", '<code nullFlavor="UNK"/>'])
def test_a_section_without_a_code_is_left_to_other_rules(inner):
    assert codes(section(ALLERGIES, inner)) == []


def test_a_section_of_no_known_template_may_have_any_code():
    assert codes(section("1.2.250.1.999.3", coded("code", "11450-4", LOINC))) == []


@pytest.mark.parametrize(
    ("oid", "templates", "count"),
    [("0.4.0.127.0.16.1.1.2.1", (), 0), (SYSTEM, (), 1), (SYSTEM, ("1.2.250.1.213.1.1.3.83",), 0)],
)
def test_the_route_of_a_medicine_is_of_edqm_or_hl7(oid, templates, count):
    inner = entry(coded("routeCode", "20053000", oid), f"{PCC}.7", *templates, name="substanceAdministration")
    assert codes(inner) == ["SX-JDV-07"] * count


def test_every_fact_that_the_words_name_is_given():
    terms = sets_of((J07.oid, "A"), (J143.oid, "F"))
    inner = (
        coded("code", "Z") + coded("code", "A", LOINC) + '<id nullFlavor="X"/><statusCode code="x"/>'
        '<entry><act moodCode="X"/></entry>' + section(ALLERGIES, coded("code", "Z"))
        + entry(coded("routeCode", "1"), f"{PCC}.7")
    )  # fmt: skip
    given = found(inner, terms)
    by_code = {rule.code: rule for rule in RULES}
    assert {one.code for one in given} == set(by_code)
    for one in given:
        rule = by_code[one.code]
        for text in (*rule.found, *rule.expected, *rule.fix):
            assert text.format(**one.facts)


def test_every_value_set_has_an_oid_of_its_own():
    every = {each.oid: each.name for place in PLACES for each in place.sets} | {
        each.oid: each.name for each in HEADER.values()
    }
    assert len(every) == len(set(every.values()))
