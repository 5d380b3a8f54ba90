"""Dates of FHIR compared at the precision that both have."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any

from semantix.parsers.fhir.shapes import text

_DATE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})?)?)?)?")


def moment(value: Any) -> str:
    """A date or a time as written, if it is one; else nothing."""
    found = text(value) or ""
    return found if _DATE.fullmatch(found) else ""


def is_before(left: str, right: str) -> bool:
    """Whether one surely lies before the other; with less than a day known on one side, by what both know."""
    if not left or not right:
        return False
    if "T" in left and "T" in right:
        try:
            first, second = (datetime.fromisoformat(one) for one in (left, right))
        except ValueError:
            return left[:10] < right[:10]
        if (first.tzinfo is None) == (second.tzinfo is None):
            return first < second
    size = min(len(left[:10]), len(right[:10]))
    return left[:size] < right[:size]


def is_after_day(value: str, day: date) -> bool:
    """Whether a date lies after the day of the check, a day of difference between zones allowed."""
    limit = (day + timedelta(days=1)).isoformat()
    return bool(value) and value[:10] > limit[: len(value[:10])]
