"""Dates moved by one offset a patient, and births made less precise. No precision is ever invented."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from msgspec import structs

from semantix.model import PartialDate

_YEAR, _MONTH, _DAY = 4, 7, 10
PRECISIONS = {"day": _DAY, "month": _MONTH, "year": _YEAR}
"""Characters of an ISO 8601 date at each precision."""


def shifted(point: PartialDate, days: int, *, is_end: bool = False) -> PartialDate:
    """The same point ``days`` later, at its own precision; a point that is no date of the calendar stays as it is.

    The clock and the offset to UTC stay, so that whole days and seconds between two points are kept. A year or a month
    is moved from its first day (its last one for the end of a period) and cut again: it never comes after what it
    contained, nor ends before.
    """
    iso = shifted_iso(point.iso, days, is_end=is_end)
    return point if iso == point.iso and point.text == iso else PartialDate(iso, iso, point.at, point.zone_assumed)


def shifted_iso(iso: str, days: int, *, is_end: bool = False) -> str:
    """:func:`shifted` on the ISO 8601 form."""
    size = len(iso)
    try:
        if size >= _DAY:
            moved = date.fromisoformat(iso[:_DAY]) + timedelta(days=days)
            return moved.isoformat() + iso[_DAY:]
        year, month = int(iso[:_YEAR]), int(iso[5:_MONTH]) if size == _MONTH else 0
        if is_end:
            month = month or 12
            moved = date(year, month, monthrange(year, month)[1]) + timedelta(days=days)
        else:
            moved = date(year, month or 1, 1) + timedelta(days=days)
        return moved.isoformat()[:size]
    except (ValueError, OverflowError):
        return iso


def cut(point: PartialDate, precision: str) -> PartialDate:
    """A point no more precise than a ``day`` (without its hour), ``month`` or ``year``."""
    iso = point.iso[: PRECISIONS[precision]]
    return PartialDate(iso, iso, point.at)


def capped(birth: PartialDate, cap: int, day: str) -> PartialDate:
    """The birth year of somebody of exactly ``cap`` years, for whoever is older on ``day`` (ISO 8601, or a part of it).

    A year less precise than a day counts as its end, so that nobody above the cap is missed.
    """
    year = int(day[:_YEAR]) - cap if day[:_YEAR].isdigit() else 0
    born = birth.iso[:_YEAR]
    if not (year > 0 and born.isdigit()) or int(born) >= year:
        return birth
    iso = f"{year:04d}"
    return structs.replace(birth, text=iso, iso=iso, zone_assumed=False)
