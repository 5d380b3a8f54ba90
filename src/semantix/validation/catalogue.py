"""Every rule of semantix by its code: what ``semantix explain`` prints, and where reports find their words.

A topic is a module with ``RULES``; a test checks that none was forgotten here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from semantix.validation import fhir, form, reading_rules, run_words
from semantix.validation._findings import RuleInfo
from semantix.validation.cda import (
    absence,
    codes,
    dates,
    duplicates,
    header,
    identity,
    labels,
    narrative,
    ranges,
    references,
    units,
    value_sets,
    vsm,
)
from semantix.validation.rulesets import words as rulesets

TOPICS: tuple[tuple[RuleInfo, ...], ...] = (
    form.RULES,
    reading_rules.RULES,
    rulesets.RULES,
    identity.RULES,
    header.RULES,
    dates.RULES,
    vsm.RULES,
    codes.RULES,
    labels.RULES,
    value_sets.RULES,
    units.RULES,
    ranges.RULES,
    references.RULES,
    narrative.RULES,
    absence.RULES,
    duplicates.RULES,
    fhir.RULES,
    run_words.RULES,
)

CATALOGUE: Mapping[str, RuleInfo] = MappingProxyType({rule.code: rule for rules in TOPICS for rule in rules})
"""In the order of the topics."""

FAMILIES: Mapping[str, str] = MappingProxyType({"SX-SCH": rulesets.OFFICIAL.code})
"""The rule that speaks for all codes with a beginning: an official assert has its own words beside."""


def rule_of(code: str, catalogue: Mapping[str, RuleInfo] = CATALOGUE) -> RuleInfo | None:
    """Return the rule of a code, or the one of its family; ``None`` for a code that is not of semantix."""
    return next((catalogue[name] for name in _names(code) if name in catalogue), None)


def _names(code: str) -> Iterator[str]:
    yield code
    yield from (family for start, family in FAMILIES.items() if code.startswith(f"{start}-"))
