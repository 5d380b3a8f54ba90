"""What is there twice in an invented document."""

import pytest
from tests.unit.validation.cda.bodies import LOINC, SNOMED, cda, coded, codes, observation, pq, section, words_are_whole

from semantix.validation.cda.duplicates import RULES, check

TIME = '<effectiveTime value="20240305"/>'
INTERNAL = '<templateId root="1.3.6.1.4.1.19376.1.5.3.1.4.4.1"/>'


def one_id(extension: str) -> str:
    return f'<id root="1.2.250.1.999.3" extension="{extension}"/>'


def result(value: str, extension: str = "a", more: str = TIME, unit: str = "g/L") -> str:
    return observation(pq(value, unit), more=one_id(extension) + more)


def battery(*results: str) -> str:
    inner = "".join(f"<component>{one}</component>" for one in results)
    return section(f'<organizer classCode="BATTERY" moodCode="EVN">{inner}</organizer>')


def test_the_same_entry_twice_is_told_whatever_its_id() -> None:
    (found,) = check(cda(section(result("140", "a"), result("140", "b"))))
    assert (found.code, found.facts) == ("SX-DUP-01", {"element": "observation"})
    assert "/entry[2]/" in found.path


@pytest.mark.parametrize(
    "other",
    [
        result("141", "b"),
        result("140", "b", '<effectiveTime value="20240306"/>'),
        result("140", "b", TIME + '<text><reference value="#b"/></text>'),
        result("140", "b", TIME + '<interpretationCode code="N"/>'),
        f'<entry typeCode="DRIV">{result("140", "b")}</entry>',
    ],
)
def test_entries_that_differ_are_two(other: str) -> None:
    assert codes(check, section(result("140"), other)) == []


def test_alike_entries_of_two_sections_are_two() -> None:
    assert codes(check, section(result("140", "a")), section(result("140", "b"), text="Autre")) == []


def test_alike_statements_that_say_next_to_nothing_are_left_alone() -> None:
    assert codes(check, section("<act><code nullFlavor='NA'/></act>", "<act><code nullFlavor='NA'/></act>")) == []


def test_words_after_an_element_count() -> None:
    def told(words: str) -> str:
        return f"<act><code code='1'/><text>a<br/>{words}</text><statusCode code='completed'/>{TIME}</act>"

    assert codes(check, section(told("x"), told("y"))) == []
    assert codes(check, section(told("x"), told("x"))) == ["SX-DUP-01"]


def test_what_an_act_holds_is_compared_too() -> None:
    def concern(code: str) -> str:
        inner = observation(coded(code, SNOMED), "55607006", SNOMED)
        return f'<act><code nullFlavor="NA"/><entryRelationship typeCode="SUBJ">{inner}</entryRelationship></act>'

    assert codes(check, section(concern("38341003"), concern("73211009"))) == []
    assert codes(check, section(concern("38341003"), concern("38341003"))) == ["SX-DUP-01"]


def test_one_id_on_two_statements_is_told_once() -> None:
    (found,) = check(cda(section(result("140"), result("141"), result("142", "A"), result("143", "b"))))
    assert (found.code, found.facts) == ("SX-DUP-02", {"element": "observation", "count": "2"})


def test_the_root_of_an_id_is_compared_without_case() -> None:
    upper, lower = ("<act><id root='AB-1'/><code code='1'/></act>", "<act><id root='ab-1'/><code code='2'/></act>")
    assert codes(check, section(upper, lower)) == ["SX-DUP-02"]


@pytest.mark.parametrize(
    "other",
    [
        f'<act classCode="ACT" moodCode="EVN">{INTERNAL}{one_id("a")}<code nullFlavor="NA"/></act>',
        '<act><id root="1.2.250.1.999.3" extension="a" nullFlavor="UNK"/><code code="9"/></act>',
        f"<act><reference>{one_id('a')}</reference></act>",
    ],
)
def test_an_id_that_is_repeated_rightly(other: str) -> None:
    assert codes(check, section(result("140"), other)) == []


def test_a_concern_may_have_the_id_of_its_problem() -> None:
    inner = observation(coded("38341003", SNOMED), "55607006", SNOMED, one_id("a"))
    concern = f'<act>{one_id("a")}<code nullFlavor="NA"/><entryRelationship>{inner}</entryRelationship></act>'
    assert codes(check, section(concern)) == []


def test_two_values_of_one_result_at_one_time_are_told() -> None:
    assert codes(check, battery(result("140", "a"), result("95", "b"))) == ["SX-DUP-03"]


@pytest.mark.parametrize(
    "other",
    [
        result("140", "b", '<effectiveTime value="20240306"/>'),
        result("95", "b", TIME + '<methodCode code="x"/>'),
        result("95", "b", TIME + '<targetSiteCode code="x"/>'),
        result("9.5", "b", unit="g/dL"),
        result("140.0", "b"),
        result("95", "b", '<effectiveTime nullFlavor="UNK"/>'),
        observation(pq("95", "g/L"), "789-8", LOINC, one_id("b") + TIME),
    ],
)
def test_results_that_may_both_be_true(other: str) -> None:
    assert codes(check, battery(result("140"), other)) == []


def test_results_without_a_number_are_left_alone() -> None:
    some = [observation(coded(code, SNOMED), more=TIME) for code in ("1", "2")]
    assert codes(check, battery(*some, observation(more=TIME))) == []


def test_the_same_section_twice_is_told() -> None:
    one = section(result("140", "a"), text="Hémoglobine : 140 g/L")
    assert codes(check, one, one.replace('extension="a"', 'extension="b"')) == ["SX-DUP-04"]
    assert codes(check, one, section(result("140", "b"), text="Autre")) == []


def test_the_same_words_under_two_sections_are_two() -> None:
    inner = f"<component>{section(text='Aucune complication.')}</component>"
    assert codes(check, section(text="Examen 1", more=inner), section(text="Examen 2", more=inner)) == []


@pytest.mark.parametrize(
    ("templates", "expected"),
    [
        ('<templateId root="1.2.3"/><templateId root="1.2.3"/>', ["SX-DUP-05"]),
        ('<templateId root="1.2.3"/><templateId root="1.2.4"/>', []),
        ('<templateId root="1.2.3"/><templateId root="1.2.3" extension="2024"/>', []),
    ],
)
def test_a_template_twice_on_an_element(templates: str, expected: list[str]) -> None:
    assert codes(check, section(f"<act>{templates}<code code='1'/></act>")) == expected


def test_words_are_filled_and_show_no_value() -> None:
    one = section(result("140", "a"), text="Une")
    twice = '<templateId root="1.2.3"/><templateId root="1.2.3"/>'
    document = cda(
        one,
        one.replace('extension="a"', 'extension="c"'),
        section(result("151", "d"), result("151", "e")),
        section(result("161", "f"), result("171", "f")),
        battery(result("181.987", "g"), result("191", "h")),
        section(f"<act>{twice}</act>"),
    )
    found = list(check(document))
    assert {one.code for one in found} == {rule.code for rule in RULES}
    words_are_whole(RULES, found)
    assert not any("987" in fact or "999" in fact for one in found for fact in one.facts.values())


def test_a_template_that_may_be_words_is_not_told() -> None:
    twice = '<templateId root="M. Essai"/><templateId root="M. Essai"/>'
    (one,) = check(cda(section(f"<act>{twice}</act>")))
    assert one.facts["template"] == "…"
