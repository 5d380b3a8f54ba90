"""Dates of the CDM: a day that is always there, a time only when the source is that precise, one time zone for all.

A partial date becomes its first day (``2024`` -> 2024-01-01, ``2024-03`` -> 2024-03-01), as the end of something its
last one (2024-12-31, 2024-03-31), and says so: :attr:`When.imputed`.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, timedelta, tzinfo

from msgspec import Struct

from semantix.model import PartialDate, Quantity, TimeSpan

YEAR, MONTH, ENCLOSING, DOCUMENT, END = "year", "month", "enclosing", "document", "end"
"""How a date was imputed: first day of the year or month, date of the statement around, of the document, an end."""
RECORDED = "recorded"
"""Imputed from when the author recorded the statement (``recordedDate``, ``authoredOn``, ``issued`` of FHIR)."""

BEYOND = 10**10
"""A whole number that no column and no calendar holds; the source may write one that no memory would hold."""
_DAYS = {"s": 1 / 86400, "min": 1 / 1440, "h": 1 / 24, "d": 1.0, "wk": 7.0, "mo": 30.0, "a": 365.0}


class When(Struct, frozen=True):
    """A day (``YYYY-MM-DD``), its time in the chosen zone (``YYYY-MM-DD HH:MM:SS``) and how it was imputed."""

    day: str
    time: str | None = None
    imputed: str | None = None


class Calendar:
    """Reads dates in one time zone, each distinct text once."""

    __slots__ = ("_seen", "zone")

    def __init__(self, zone: tzinfo) -> None:
        self.zone = zone
        self._seen: dict[str, When | None] = {}

    def read(self, point: PartialDate | None) -> When | None:
        """The day and time of a point, or ``None`` when it is absent or is no date."""
        if point is None:
            return None
        iso = point.iso
        if iso not in self._seen:
            self._seen[iso] = self._parse(iso)
        return self._seen[iso]

    def written(self, point: PartialDate | None) -> When | None:
        """The day and time as the source wrote them, in no zone: a birth or a death never moves to another day."""
        if point is None:
            return None
        if not point.has_time:
            return self.read(point)
        found = self._parse(point.date)
        try:
            wall = datetime.fromisoformat(point.iso)
        except ValueError:
            return found
        return When(found.day, wall.strftime("%Y-%m-%d %H:%M:%S"), found.imputed) if found else None

    def _parse(self, iso: str) -> When | None:
        try:
            if len(iso) == 10:
                return When(date.fromisoformat(iso).isoformat())
            if len(iso) == 7:
                return When(date.fromisoformat(f"{iso}-01").isoformat(), None, MONTH)
            if len(iso) == 4:
                return When(date.fromisoformat(f"{iso}-01-01").isoformat(), None, YEAR)
            instant = datetime.fromisoformat(iso)
            local = instant.astimezone(self.zone) if instant.tzinfo else instant
            return When(local.date().isoformat(), local.strftime("%Y-%m-%d %H:%M:%S"))
        except (ValueError, OverflowError):
            return None

    def start(self, span: TimeSpan | None) -> When | None:
        """When something began, or any date at all if the beginning is not told."""
        return self.read(span.value or span.low or span.high) if span else None

    def end(self, span: TimeSpan | None, start: When) -> When | None:
        """When something ended: the high bound, else the width added; never before ``start``."""
        if span is None:
            return None
        end = self._last(span.high) or after(start, days(span.width))
        return end if end and end.day >= start.day else None

    def _last(self, point: PartialDate | None) -> When | None:
        """The day and time of a point, the last day of a year or month."""
        found = self.read(point)
        if found is None or found.imputed is None:
            return found
        year, month = int(found.day[:4]), 12 if found.imputed == YEAR else int(found.day[5:7])
        return When(date(year, month, monthrange(year, month)[1]).isoformat(), None, END)


def days(width: Quantity | None) -> int | None:
    """A duration in whole days, at least one; ``None`` if it has no value or its unit is not of time.

    One beyond any calendar stops at :data:`BEYOND`, which no column holds.
    """
    if width is None or width.value is None or width.unit not in _DAYS:
        return None
    return round(min(max(1, float(width.value) * _DAYS[width.unit]), BEYOND))


def after(start: When, length: int | None) -> When | None:
    """The last day of a period of ``length`` days that begins at ``start``."""
    if length is None or length > 36525:
        return None
    try:
        return When((date.fromisoformat(start.day) + timedelta(days=length - 1)).isoformat(), None, "duration")
    except OverflowError:
        return None


def shifted(day: str, days: int) -> str:
    """The day that many days later (or earlier)."""
    try:
        return (date.fromisoformat(day) + timedelta(days=days)).isoformat()
    except OverflowError:
        return day


def between(start: When, end: When) -> int:
    """Days from one day to another, both included."""
    return (date.fromisoformat(end.day) - date.fromisoformat(start.day)).days + 1
