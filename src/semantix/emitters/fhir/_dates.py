"""Dates as precise as their source, compared."""

from __future__ import annotations

from datetime import datetime

from semantix.model import PartialDate


def is_past(one: PartialDate | None, other: PartialDate | None) -> bool | None:
    """True when a date is before another day, false when it is not; ``None`` when their precision cannot tell."""
    if one is None or other is None:
        return None
    size = min(len(one.date), len(other.date))
    if one.date[:size] != other.date[:size]:
        return one.date[:size] < other.date[:size]
    return False if size == 10 else None


def is_before(one: PartialDate, other: PartialDate) -> bool:
    """True when a date is before another, as far as their precision tells."""
    seconds = seconds_between(other, one)
    if seconds is not None:
        return seconds < 0
    size = min(len(one.iso), len(other.iso), 19)
    return one.iso[:size] < other.iso[:size]


def seconds_between(one: PartialDate, other: PartialDate) -> int | None:
    """How long after ``one`` ``other`` is; ``None`` unless both have a time and either both or neither a zone."""
    if not (one.has_time and other.has_time) or (instant(one) is None) != (instant(other) is None):
        return None
    return int((datetime.fromisoformat(other.iso) - datetime.fromisoformat(one.iso)).total_seconds())


def instant(date: PartialDate | None) -> str | None:
    """The same moment as an ``instant``, when the source is precise enough to be one."""
    if date is None or not date.has_time:
        return None
    iso = date.iso
    return iso if iso[-1] == "Z" or iso[-6] in "+-" else None
