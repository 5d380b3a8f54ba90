"""Invented bodies of CDA documents, and what a topic finds in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import cast

from semantix.parsers._xml import parse_xml
from semantix.validation._cda import Cda
from semantix.validation._findings import Finding, RuleInfo
from semantix.validation._terms import Terms

LOINC = "2.16.840.1.113883.6.1"
SNOMED = "2.16.840.1.113883.6.96"
IPS = "2.16.840.1.113883.5.1150.1"
SPACES = 'xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
Check = Callable[[Cda], Iterator[Finding]]


def cda(*components: str) -> Cda:
    """A document whose body holds these sections (or anything else)."""
    inner = "".join(f"<component>{one}</component>" for one in components)
    xml = (
        f"<ClinicalDocument {SPACES}><component><structuredBody>{inner}</structuredBody></component></ClinicalDocument>"
    )
    root = parse_xml(xml.encode(), "invented.xml")
    return Cda(root, "invented.xml", terms=cast("Terms", None), day=date(2026, 1, 1))


def section(
    *entries: str, text: str = "<paragraph>Rien de plus.</paragraph>", code: str = "30954-2", more: str = ""
) -> str:
    """A section with a narrative and entries."""
    inner = "".join(one if one.startswith("<entry") else f"<entry>{one}</entry>" for one in entries)
    return f'<section><code code="{code}" codeSystem="{LOINC}"/><text>{text}</text>{inner}{more}</section>'


def observation(value: str = "", code: str = "718-7", system: str = LOINC, more: str = "", attributes: str = "") -> str:
    """An observation of a code with its ``value`` element, and anything after."""
    return (
        f'<observation classCode="OBS" moodCode="EVN" {attributes}><code code="{code}" codeSystem="{system}"/>'
        f"{value}{more}</observation>"
    )


def pq(value: str, unit: str | None) -> str:
    """A ``value`` of type PQ."""
    told = "" if unit is None else f' unit="{unit}"'
    return f'<value xsi:type="PQ" value="{value}"{told}/>'


def coded(code: str, system: str, display: str = "", inner: str = "") -> str:
    """A ``value`` of type CD."""
    return f'<value xsi:type="CD" code="{code}" codeSystem="{system}" displayName="{display}">{inner}</value>'


def codes(check: Check, *components: str) -> list[str]:
    """The codes of what a topic finds, in order."""
    return [one.code for one in check(cda(*components))]


def words_are_whole(rules: Iterable[RuleInfo], findings: Iterable[Finding]) -> None:
    """Every template of a rule is filled by the facts of its findings, in both languages."""
    known = {rule.code: rule for rule in rules}
    for one in findings:
        rule = known[one.code]
        assert one.severity == rule.severity
        assert one.path.startswith("/ClinicalDocument[1]/")
        for text in (*rule.found, *rule.expected, *rule.fix):
            assert "{}" not in text.format(**one.facts)
