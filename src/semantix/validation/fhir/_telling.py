"""How a finding of FHIR is made."""

from __future__ import annotations

from semantix.validation._findings import Finding, RuleInfo

LAYER = "fhir"


def told(rule: RuleInfo, place: str, /, **facts: str) -> Finding:
    """The finding of a rule at a place; its line is found later, for the whole file."""
    return Finding(code=rule.code, severity=rule.severity, layer=LAYER, path=place, facts=facts)
