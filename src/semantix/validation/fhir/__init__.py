"""FHIR input: the structure of R4, FR Core, and the HL7 validator when it is there.

``checking`` and ``official`` are imported by those who need them: the models of R4 take long to load.
"""

from __future__ import annotations

from semantix.validation._findings import RuleInfo
from semantix.validation.fhir import words_contents, words_french, words_structure

RULES: tuple[RuleInfo, ...] = (*words_structure.RULES, *words_contents.RULES, *words_french.RULES)

__all__ = ["RULES"]
