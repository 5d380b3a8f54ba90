"""Rule sets that the user installs from their official publication: XSD and Schematron, in two engines."""

from __future__ import annotations

from semantix.validation.rulesets._failed import Failed, RuleError, Verdict
from semantix.validation.rulesets.checker import AssertPage, RuleSetChecker
from semantix.validation.rulesets.install import Installed, Manifest, installed
from semantix.validation.rulesets.value_sets import ValueSets
from semantix.validation.rulesets.words import RULES

__all__ = [
    "RULES",
    "AssertPage",
    "Failed",
    "Installed",
    "Manifest",
    "RuleError",
    "RuleSetChecker",
    "ValueSets",
    "Verdict",
    "installed",
]
