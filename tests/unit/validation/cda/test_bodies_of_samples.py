"""What the topics of the body find in the published sample documents: each was looked at and is a defect of theirs."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import cast

import pytest

from semantix.parsers._xml import parse_xml
from semantix.validation._cda import Cda
from semantix.validation._findings import Finding
from semantix.validation._terms import Terms
from semantix.validation.cda import absence, duplicates, narrative, ranges, references, units

TOPICS = (units, ranges, references, narrative, absence, duplicates)
KNOWN = {
    "SX-DUP-02": 270,
    "SX-NARR-01": 3,
    "SX-NARR-02": 12,
    "SX-NARR-03": 7,
    "SX-NEG-03": 3,
    "SX-NEG-06": 1,
    "SX-NEG-07": 3,
    "SX-NEG-10": 2,
    "SX-NEG-11": 6,
    "SX-RANGE-05": 2,
    "SX-RANGE-06": 5,
    "SX-REF-01": 370,
    "SX-REF-02": 242,
    "SX-REF-03": 20,
    "SX-REF-04": 18,
    "SX-REF-05": 90,
    "SX-REF-12": 18,
    "SX-UNIT-03": 2,
    "SX-UNIT-05": 8,
    "SX-UNIT-07": 28,
    "SX-UNIT-09": 1,
}


def samples(shared: Path) -> Iterator[Cda]:
    for path in sorted((shared / "corpus" / "cda-3.0").rglob("*.xml")):
        root = parse_xml(path.read_bytes(), path.name)
        yield Cda(root, path.name, terms=cast("Terms", None), day=date(2026, 1, 1))


@pytest.fixture(scope="module")
def found(shared: Path) -> list[Finding]:
    return [one for cda in samples(shared) for topic in TOPICS for one in topic.check(cda)]


def test_only_known_defects_are_found(found: list[Finding]) -> None:
    assert Counter(one.code for one in found) == KNOWN


def test_facts_are_codes_units_names_and_counts(found: list[Finding]) -> None:
    assert {name for one in found for name in one.facts} <= {
        "code", "count", "element", "high", "low", "other", "shown", "ucum", "unit",
        "interpretation", "side", "side_fr",
    }  # fmt: skip
    assert all(len(fact) <= 40 for one in found for fact in one.facts.values())


def test_every_rule_has_its_words_in_both_languages() -> None:
    rules = [rule for topic in TOPICS for rule in topic.RULES]
    assert len({rule.code for rule in rules}) == len(rules) == 51
    for rule in rules:
        for english, french in (rule.title, rule.found, rule.expected, rule.fix, rule.why):
            assert english
            assert french
            assert "'" not in french, rule.code
        assert rule.source
