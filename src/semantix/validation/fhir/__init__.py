"""FHIR input: the structure of R4, FR Core, and the HL7 validator when it is there."""

from __future__ import annotations

from semantix.validation._findings import RuleInfo
from semantix.validation.fhir import words_contents, words_french, words_structure
from semantix.validation.fhir.checking import FhirChecked, check, check_lines, layer_runs
from semantix.validation.fhir.official import OfficialRun, Validator, find_validator, run_validator

RULES: tuple[RuleInfo, ...] = (*words_structure.RULES, *words_contents.RULES, *words_french.RULES)

__all__ = [
    "RULES",
    "FhirChecked",
    "OfficialRun",
    "Validator",
    "check",
    "check_lines",
    "find_validator",
    "layer_runs",
    "run_validator",
]
