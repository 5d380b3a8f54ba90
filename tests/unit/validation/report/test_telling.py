"""The words of findings: filled with facts, in both languages, whatever is missing."""

import pytest
from tests import validated

from semantix.model import Severity
from semantix.validation._findings import Finding, finding
from semantix.validation.catalogue import CATALOGUE
from semantix.validation.report import Teller, Told, words_of
from semantix.validation.report.causes import causes_of
from semantix.validation.report.telling import blanks, differing, fill, sentence, stopped
from semantix.validation.report.words import report_words

FRENCH = Teller(report_words("fr"), validated.RULES)
ENGLISH = Teller(report_words("en"), validated.RULES)


def test_a_finding_is_told_with_its_facts():
    told = ENGLISH.tell(finding(validated.ABSENT, code="Z99.999", system="CIM-10"))
    assert told == Told(
        title="A code that is not in its code system",
        found="Z99.999 is not a code of CIM-10.",
        expected="A code of CIM-10 that holds on the day of the document.",
        fix="Choose the code in the present release of CIM-10; check for a typing error.",
        why="The receiver cannot know what is meant: alerts, searches and statistics miss the fact.",
        source=validated.CI_SIS,
    )
    assert FRENCH.tell(finding(validated.ABSENT, code="Z99.999", system="CIM-10")).found == (
        "Z99.999 n’est pas un code de CIM-10."
    )


def test_a_fact_that_is_missing_is_a_mark_and_no_crash():
    assert ENGLISH.tell(finding(validated.ABSENT, code="{x}")).found == "{x} is not a code of …."


def test_an_official_rule_speaks_for_itself():
    official = Finding(code="SX-SCH-ANS-0a1b2c3d", severity=Severity.ERROR, layer="ans", message="Il faut un id.")
    told = FRENCH.tell(official)
    assert (told.title, told.found) == ("Il faut un id", "Il faut un id.")
    assert told.fix == "Lisez-la avec `semantix explain SX-SCH-ANS-0a1b2c3d`."
    assert FRENCH.tell(Finding(code="SX-SCH-X-1", severity=Severity.ERROR, layer="x")).found == (
        "Ce que dit la règle elle-même."
    )


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_code_of_no_rule_is_told_by_its_message_or_by_itself(lang):
    unknown = Finding(code="SX-NEW-01", severity=Severity.ERROR, layer="x", message="une règle à venir")
    assert words_of(unknown, lang).found == "une règle à venir"
    assert "SX-NEW-01" in words_of(Finding(code="SX-NEW-01", severity=Severity.ERROR, layer="x"), lang).title


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_every_rule_can_be_told_without_any_fact(lang):
    for code, rule in CATALOGUE.items():
        told = words_of(Finding(code=code, severity=rule.severity, layer="semantix"), lang)
        assert told.title, code
        assert told.found, code


def test_blanks_are_the_names_in_braces():
    assert blanks("{a} and {b_fr}, {} and { c }") == {"a", "b_fr", ""}
    assert fill("{a}: { c }", {"a": "1"}) == "1: { c }"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("une date", "Une date"),
        ("l’élément", "L’élément"),
        ("effectiveTime est vide", "effectiveTime est vide"),
        ("xsi:type est faux", "xsi:type est faux"),
        ("E14 est retiré", "E14 est retiré"),
        ("@unit", "@unit"),
        ("", ""),
    ],
)
def test_a_sentence_begins_with_a_capital_but_a_name_stays(text, told):
    assert sentence(text) == told


@pytest.mark.parametrize(("text", "told"), [("un mot", "un mot."), ("Quoi ?", "Quoi ?"), ("", ""), ("fin…", "fin…")])
def test_a_sentence_ends_with_a_sign(text, told):
    assert stopped(text) == told


def test_findings_are_grouped_by_code_the_gravest_and_most_frequent_first():
    causes = causes_of(validated.many(), ENGLISH, 2)
    assert [(cause.code, cause.count, len(cause.documents)) for cause in causes[:3]] == [
        ("SX-UNIT-01", 16, 4),
        ("SX-CODE-02", 4, 4),
        ("SX-DATE-03", 1, 1),
    ]
    assert [cause.severity for cause in causes] == ["error"] * 7 + ["warning"] * 3 + ["information"]


def test_a_cause_has_a_case_for_each_thing_it_says():
    unit = causes_of(validated.many(), ENGLISH, 2)[0]
    assert [(case.count, len(case.places)) for case in unit.by_count()] == [(8, 2), (4, 2), (4, 2)]
    assert differing(case.told for case in unit.by_count()) == ("found", "expected", "fix")
    assert unit.by_count()[0].places[0].line == 238
