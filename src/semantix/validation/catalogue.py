"""Every rule of semantix by its code: what ``semantix explain`` prints, and where reports find their words.

A topic is a module with ``RULES``; a test checks that none was forgotten here.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from semantix.validation import reading_rules
from semantix.validation._findings import RuleInfo

TOPICS: tuple[tuple[RuleInfo, ...], ...] = (reading_rules.RULES,)

CATALOGUE: Mapping[str, RuleInfo] = MappingProxyType({rule.code: rule for rules in TOPICS for rule in rules})
"""In the order of the topics."""
