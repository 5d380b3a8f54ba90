"""Times of HL7 v3 as the rules compare them: at their own precision, in their own zone.

Source: HL7 Version 3 Data Types R1, TS: ``YYYYMMDDhhmmss.ssss±ZZzz``, cut anywhere on the left of the zone.
"""

from __future__ import annotations

import re
from datetime import date

from msgspec import Struct

_SHAPE = re.compile(r"([0-9]{4}(?:[0-9]{2}){0,5})(?:\.[0-9]{1,6})?([+-].*|[Zz])?")
_ZONE = re.compile(r"([+-])(0[0-9]|1[0-4]):?([0-5][0-9])")
_DAY = len("YYYYMMDD")
_LAST_HOUR, _LAST_SIXTIETH = 23, 59


class Moment(Struct, frozen=True):
    """A time: its ``digits`` (a year at least), and the ``offset`` of its zone in minutes when it has a time and one.

    ``fault`` is ``form``, ``calendar`` or ``zone`` when the text is none, or when its zone is not one.
    """

    digits: str
    offset: int | None = None
    fault: str = ""

    @property
    def is_local(self) -> bool:
        """Has it a time, and no zone to say which."""
        return len(self.digits) > _DAY and self.offset is None

    @property
    def year(self) -> int:
        """Its year."""
        return int(self.digits[:4])


def moment(text: str) -> Moment:
    """Read a time; see ``fault``."""
    shape = _SHAPE.fullmatch(text.strip())
    if shape is None:
        return Moment("", fault="form")
    digits, zone = shape[1], shape[2]
    if not _is_calendar(digits):
        return Moment(digits, fault="calendar")
    if zone is None:
        return Moment(digits)
    offset = _offset(zone)
    # Below the day a zone is a sign of another form of dates: 2024-03.
    if offset is None or len(digits) < _DAY:
        return Moment(digits, fault="zone")
    return Moment(digits, offset if len(digits) > _DAY else None)


def earlier(one: Moment, days: int) -> Moment:
    """A day that many days earlier; a year or a month gives the first day of it, so much earlier."""
    padded = one.digits + "00000101"[len(one.digits) :]
    ordinal = max(1, _ordinal(padded) - days)
    return Moment(date.fromordinal(ordinal).isoformat().replace("-", ""))


def is_before(one: Moment, other: Moment) -> bool:
    """Is a time surely before another: a year is not before one of its days, nor are two times of unknown zones."""
    if one.fault or other.fault:
        return False
    if one.offset is None or other.offset is None or one.offset == other.offset:
        size = min(len(one.digits), len(other.digits))
        if size > _DAY and one.offset != other.offset:
            size = _DAY
        return one.digits[:size] < other.digits[:size]
    return _minutes(one, last=True) < _minutes(other, last=False)


def is_after_day(one: Moment, day: date) -> bool:
    """Is a time surely after a day. A day more is left for the zones of the world."""
    text = day.isoformat().replace("-", "")
    size = min(len(one.digits), _DAY)
    if one.fault or one.digits[:size] <= text[:size]:
        return False
    return size < _DAY or _ordinal(one.digits) - day.toordinal() > 1


def _minutes(one: Moment, *, last: bool) -> int:
    digits = one.digits
    minute = digits[10:12] or (f"{_LAST_SIXTIETH}" if last else "00")
    return _ordinal(digits) * 1440 + int(digits[8:10]) * 60 + int(minute) - (one.offset or 0)


def _ordinal(digits: str) -> int:
    return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8])).toordinal()


def _offset(zone: str) -> int | None:
    """Minutes of a zone; ``None`` when it is not a sign and four digits."""
    if zone in {"Z", "z"}:
        return 0
    found = _ZONE.fullmatch(zone)
    if found is None:
        return None
    minutes = int(found[2]) * 60 + int(found[3])
    return -minutes if found[1] == "-" else minutes


def _is_calendar(digits: str) -> bool:
    padded = digits + "00000101000000"[len(digits) :]
    try:
        date(int(padded[:4]), int(padded[4:6]), int(padded[6:8]))
    except ValueError:
        return False
    return (
        int(padded[8:10]) <= _LAST_HOUR and int(padded[10:12]) <= _LAST_SIXTIETH and int(padded[12:]) <= _LAST_SIXTIETH
    )
