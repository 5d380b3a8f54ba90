"""Statements that there is nothing, or that nothing is known: two different things, told apart by their code."""

from __future__ import annotations

from semantix.model import Absent, Concept, Text
from semantix.parsers.cda.templates import ABSENCE_KINDS

IPS_ABSENT = "2.16.840.1.113883.5.1150.1"


def kind(code: Concept | Absent | Text | None) -> str | None:
    """``no-problem``, ``no-allergy``... when a concept is one of the IPS absence codes."""
    if isinstance(code, Concept):
        for c in code.codings:
            if c.system == IPS_ABSENT and c.code in ABSENCE_KINDS:
                return ABSENCE_KINDS[c.code]
    return None
