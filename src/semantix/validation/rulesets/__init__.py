"""Rule sets that the user installs from their official publication: XSD and Schematron, in two engines.

``checker`` and the engines are imported by those who need them: the words of their findings must not load them.
"""

from __future__ import annotations

from semantix.validation.rulesets.words import RULES

__all__ = ["RULES"]
