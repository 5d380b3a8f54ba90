"""The pages of the rules: made from the catalogue, whole, in both languages."""

import runpy

import pytest
from tests.conftest import ROOT

from semantix.validation.catalogue import CATALOGUE
from semantix.validation.report.rule_examples import TOPICS, example_facts
from semantix.validation.report.rule_page import by_topic, facts_of, rule_lines, rule_markdown
from semantix.validation.report.telling import UNSAID

PAGES = ROOT / "docs" / "reference" / "rules"


def test_the_pages_are_those_of_the_catalogue():
    # `python scripts/rule_pages.py` writes them again.
    wanted = runpy.run_path(str(ROOT / "scripts" / "rule_pages.py"))["pages"]()
    assert sorted(wanted) == sorted(path.name for path in PAGES.glob("*.md"))
    assert [name for name, text in wanted.items() if (PAGES / name).read_text("utf-8") != text] == []


def test_a_page_has_an_example_in_both_languages():
    for rule in CATALOGUE.values():
        text = rule_markdown(rule)
        assert text.index("## English") < text.index("## Français"), rule.code
        assert text.count("```text") == 2, rule.code


def test_every_fact_of_a_rule_has_an_example():
    # A new fact takes an invented value in validation/report/rule_examples.py.
    facts = {code: facts_of(rule) - set(example_facts(rule, facts_of(rule))) for code, rule in CATALOGUE.items()}
    assert {code: missing for code, missing in facts.items() if missing} == {}


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_page_on_the_terminal_names_the_source(lang):
    lines = [line.text for line in rule_lines(CATALOGUE["SX-READ-002"], lang)]
    assert lines[0].startswith("SX-READ-002 · ")
    assert lines[-1].endswith(CATALOGUE["SX-READ-002"].source)
    assert not any(UNSAID in line for line in lines)


def test_every_topic_has_a_name():
    assert set(by_topic()) == set(TOPICS)
