"""What our own rules find in the bytes of a document, as counts of codes."""

from __future__ import annotations

from collections import Counter
from datetime import date

from semantix.io import Entry
from semantix.model import Severity
from semantix.parsers import Claim, Cut
from semantix.pipeline.inputs import Task
from semantix.pipeline.validating import Checker, Checks

DAY = date(2026, 11, 26)
_CHECKER = Checker(Checks(day=DAY))


def found_in(data: bytes) -> Counter[str]:
    """The errors and warnings of one document, by code."""
    task = Task(
        entry=Entry("mutated.xml", "mutated.xml", "mutated.xml"),
        parser="CDA R2",
        claim=Claim("CDA R2", None, 1.0, ""),
        cut=Cut(data),
    )
    (part,) = _CHECKER.do(task)
    return Counter(found.code for found in part.findings if found.severity != Severity.INFORMATION)
