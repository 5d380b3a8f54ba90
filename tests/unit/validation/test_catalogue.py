"""The catalogue of rules: nothing forgotten, every code once, every word in both languages."""

import ast
import pickle
import re
from string import Formatter

from tests.conftest import ROOT

from semantix.model import Severity
from semantix.report.issue_words import ISSUES
from semantix.validation._findings import Finding
from semantix.validation.catalogue import CATALOGUE, FAMILIES, TOPICS, rule_of
from semantix.validation.reading_rules import reading_code

SOURCES = ROOT / "src" / "semantix" / "validation"
TEXTS = ("title", "found", "expected", "fix", "why")
CODE = re.compile(r"SX-[A-Z]+-\d{2,3}")
CODE_IN_SOURCE = re.compile(r'code=(?:f?)"(SX-[A-Z]+-\d{2,3})"')
NOT_WORDS = re.compile(r"`[^`]*`|https?://\S+|urn:\w*:?")
NOT_FRENCH = re.compile(r"'|[^\s?!][;?!](\s|$)|\w:(\s|$)|«\S|\S»")
SAME = re.compile(r"_(fr|en)$")


def test_no_code_is_given_twice():
    codes = [rule.code for rules in TOPICS for rule in rules]
    assert sorted(codes) == sorted(set(codes))


def test_every_rule_of_the_sources_is_in_the_catalogue():
    written = {
        code for path in SOURCES.rglob("*.py") for code in CODE_IN_SOURCE.findall(path.read_text(encoding="utf-8"))
    }
    assert written - set(CATALOGUE) == set()


def test_every_module_with_rules_reaches_the_catalogue():
    forgotten = []
    for path in SOURCES.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = {
            target.id
            for node in tree.body
            if isinstance(node, ast.Assign | ast.AnnAssign)
            for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
            if isinstance(target, ast.Name)
        }
        if "RULES" not in names:
            continue
        module = ".".join(path.relative_to(ROOT / "src").with_suffix("").parts).removesuffix(".__init__")
        rules = __import__(module, fromlist=["RULES"]).RULES
        if isinstance(rules, tuple) and any(rule.code not in CATALOGUE for rule in rules):
            forgotten.append(module)
    assert forgotten == []


def test_every_doubt_of_a_reader_is_a_rule():
    doubts = {reading_code(code) for code in ISSUES if not code.startswith("SX9")}
    assert doubts == {code for code in CATALOGUE if code.startswith("SX-READ-")}


def test_every_rule_is_whole():
    for rule in CATALOGUE.values():
        assert CODE.fullmatch(rule.code)
        assert rule.severity in Severity
        assert rule.source, rule.code
        for key in TEXTS:
            english, french = getattr(rule, key)
            assert bool(english) == bool(french), (rule.code, key)
            assert english or key == "expected", (rule.code, key)


def test_both_languages_say_the_same_facts():
    for rule in CATALOGUE.values():
        for key in TEXTS:
            names = [{SAME.sub("", name) for name in _blanks(side)} for side in getattr(rule, key)]
            assert names[0] == names[1], (rule.code, key)


def test_a_title_is_the_same_for_every_finding():
    assert [rule.code for rule in CATALOGUE.values() if any(_blanks(side) for side in rule.title)] == []


def test_french_is_set_as_french():
    wrong = [
        (rule.code, key, french)
        for rule in CATALOGUE.values()
        for key in TEXTS
        for french in [NOT_WORDS.sub("", getattr(rule, key)[1])]
        if NOT_FRENCH.search(french)
    ]
    assert wrong == []


def test_an_official_assert_has_the_rule_of_its_family():
    assert rule_of("SX-SCH-ANS-0a1b2c3d") is CATALOGUE[FAMILIES["SX-SCH"]]
    assert rule_of("SX-SCH-01") is CATALOGUE["SX-SCH-01"]
    assert rule_of("SX-NONE-01") is None


def _blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_a_finding_without_facts_crosses_to_another_process():
    told = Finding(code="SX-SCH-MIN-00000000", severity=Severity.ERROR, layer="min")
    assert pickle.loads(pickle.dumps(told)) == told
