"""Times as HL7 v2 and PN13 write them: ``YYYYMMDD[hhmm[ss]]``, at their own precision, in French time without a zone.

Source: HL7 v2.5, chapter 2A, data types DT, DTM and TS; PN13-IS, type "date et heure".
"""

from __future__ import annotations

import re
from datetime import datetime

from semantix.parsers._book import in_france
from semantix.text.dates import read_date

_SHAPE = re.compile(r"([0-9]{4,16})(?:\.[0-9]{1,6})?([+-][0-9]{4})?")
_LENGTHS = (4, 6, 8, 10, 12, 14, 16)
_DAY = 8


def moment(text: str) -> tuple[str, bool] | None:
    """A time in ISO 8601 at its precision, and whether its zone is assumed; ``None`` when it is no date.

    A time whose hour is not on the clock keeps its day.
    """
    found = _SHAPE.fullmatch(text)
    if found is None or len(found[1]) not in _LENGTHS:
        return _other(text)
    digits, zone = found[1][:14], found[2]
    iso = _day(digits[:_DAY])
    if iso is None or len(digits) <= _DAY:
        return (iso, False) if iso is not None else _other(text)
    hour = digits[_DAY:].ljust(6, "0")
    try:
        told = datetime.fromisoformat(f"{iso}T{hour[:2]}:{hour[2:4]}:{hour[4:]}")
    except ValueError:
        return iso, False
    offset = _written(zone) if zone else None
    clock = told.isoformat()
    return (f"{clock}{offset}" if offset else in_france(clock)), offset is None


def day(text: str) -> str | None:
    """The day alone of a time, for a birth: midnight there is only padding."""
    found = moment(text)
    return found[0][:10] if found is not None else None


def _day(digits: str) -> str | None:
    """``2024``, ``2024-03`` or ``2024-03-08``; ``None`` when the calendar has no such day."""
    whole = (digits + "0101"[len(digits) - 4 :]) if len(digits) < _DAY else digits
    try:
        datetime(int(whole[:4]), int(whole[4:6]), int(whole[6:8]))  # noqa: DTZ001 - a day, not a moment
    except ValueError:
        return None
    return "-".join(part for part in (digits[:4], digits[4:6], digits[6:8]) if part)


def _written(zone: str) -> str | None:
    """``+hh:mm`` for an offset that exists."""
    return f"{zone[:3]}:{zone[3:]}" if int(zone[1:3]) <= 14 and int(zone[3:]) < 60 else None


def _other(text: str) -> tuple[str, bool] | None:
    """A date in another shape (``08/03/2024``), without its time: software writes those too."""
    if not any(mark in text for mark in "/.-") or not text.isascii():
        return None
    iso = read_date(text).iso
    return (iso[:10], False) if iso is not None else None
