"""Dates as practice software writes them, at their own precision; nothing is made up.

A number alone is read in the order told (``dmy`` in France). Day and month are never exchanged to make a date
possible: ``13/25/2012`` is refused. Eight digits are year, month, day; another order must be told as a format.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from msgspec import Struct

from semantix.text._formats import EXCEL, ISO, pattern_of
from semantix.text._months import month_of

PIVOT = 30
"""Two-digit years up to this one are of the 21st century, unless the caller knows better (a birth date does)."""

EMPTY = "empty"
SHORT_YEAR = "two-digit year"
FIRST_YEAR, LAST_YEAR = 1800, 2200

_ZONE = r"(?P<zone>Z|[+-][0-9]{2}(?::?[0-9]{2})?)?"
_TIME = (
    r"(?P<hour>[0-9]{1,2})\s?(?:(?::|\sh\s|h)\s?(?P<minute>[0-9]{2})(?:\s?(?::|mn|min|m)?\s?(?P<second>[0-9]{2}))?"
    r"(?:[.,](?P<fraction>[0-9]{1,9}))?\s?s?|h)\s?" + _ZONE
)
_CLOCK = re.compile(_TIME, re.IGNORECASE)
_AFTER = r"(?:(?:T|\s+|,\s*|\s*-\s+|\s+(?:à|a|at)\s+)" + _TIME + r")?"
_NUMBERS = re.compile(
    r"(?P<a>[0-9]{1,4})(?P<mark>[/.\-])(?P<b>[0-9]{1,2})(?P=mark)(?P<c>[0-9]{1,4})" + _AFTER, re.IGNORECASE
)
_SPACED = re.compile(r"(?P<a>[0-9]{1,4})\s(?P<b>[0-9]{2})\s(?P<c>[0-9]{2,4})" + _AFTER, re.IGNORECASE)
_PACKED = re.compile(
    r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})"
    r"(?:T?(?P<hour>[0-9]{2})(?:(?P<minute>[0-9]{2})(?:(?P<second>[0-9]{2})(?:[.,](?P<fraction>[0-9]{1,9}))?)?)?)?\s?"
    + _ZONE,
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"(?:(?P<day>[0-9]{1,2})\s?(?:er\b)?[\s\-/.]*)?(?P<name>[^\W\d_][^\s\d/\-]{0,11}?)[\s\-/.,]*"
    r"(?P<year>[0-9]{4}|[0-9]{2})" + _AFTER,
    re.IGNORECASE,
)
_MONTH_YEAR = re.compile(r"(?P<month>[0-9]{1,2})[/.\-](?P<year>[0-9]{4})")
_YEAR_MONTH = re.compile(r"(?P<year>[0-9]{4})[/.\-](?P<month>[0-9]{1,2})")
_YEAR = re.compile(r"[0-9]{4}")
_BEFORE = re.compile(
    r"(?:le|du|en|au)\s+|(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche"
    r"|lun|mar|mer|jeu|ven|sam|dim)\b[.,]?\s+(?=[0-9])",
    re.IGNORECASE,
)
_NOTHING = re.compile(r"[\s0/.\-:_T]*", re.IGNORECASE)
_ZEROS = frozenset({"1899-12-30", "1899-12-31", "9999-12-31", "1753-01-01", "0001-01-01"})
_LONGEST = 60


class DateReading(Struct, frozen=True):
    """``iso`` is ``2024``, ``2024-03``, ``2024-03-08`` or ``2024-03-08T10:30:00``; ``None`` with a ``reason``.

    A time keeps the fraction and the zone of the source (``Z``, ``+01:00``), and has no zone when the source has none.
    ``doubt`` says what was chosen among several readings (``two-digit year``) or what is odd about the date.
    """

    iso: str | None
    reason: str = ""
    doubt: str = ""


class _Refused(Exception):
    """Why a text is no date."""


def read_date(text: str, *, order: str = "dmy", pivot: int = PIVOT, formats: Sequence[str] = ()) -> DateReading:
    """Read one date, with or without a time.

    ``order`` (``dmy``, ``mdy``, ``ymd``) settles numbers alone; ``formats`` are those of a pack (``dd/mm/yyyy``,
    ``d/m/yy``, ``yyyymmdd``, ``yyyymmddhhmm``, ``d mmmm yyyy``, ``excel-serial``, ``iso``...), tried in order and
    exclusively when given. Raises ValueError for a format that cannot be understood.
    """
    plain = _plain(text)
    if _NOTHING.fullmatch(plain):
        return DateReading(None, EMPTY)
    if len(plain) > _LONGEST:
        return DateReading(None, "too long for a date")
    try:
        if formats:
            return _by_formats(plain, formats, pivot)
        return _by_shape(plain, order, pivot)
    except _Refused as why:
        return DateReading(None, str(why))


def join_date(year: str, month: str = "", day: str = "", *, pivot: int = PIVOT) -> DateReading:
    """A date in three fields, each of which may be empty, zero or ``.``: as precise as the fields that are there."""
    fields = [_field(text) for text in (year, month, day)]
    if not any(fields):
        return DateReading(None, EMPTY)
    if not fields[0]:
        return DateReading(None, "no year")
    if any(not (part.isascii() and part.isdigit()) for part in (fields[0], fields[2]) if part):
        return DateReading(None, "a field holds something else than a number")
    named = fields[1] != "" and not (fields[1].isascii() and fields[1].isdigit())
    try:
        found = {"name" if named else "month": fields[1], "day": fields[2]}
        found["short" if len(fields[0]) <= 2 else "year"] = fields[0]
        return _made(found, pivot)
    except _Refused as why:
        return DateReading(None, str(why))


def read_time(text: str) -> str | None:
    """``10h30``, ``10:30``, ``8 h`` or ``10:30:00`` as ``10:30:00``; None when it is no time of a day."""
    found = _CLOCK.fullmatch(_plain(text)[:_LONGEST])
    if found is None:
        return None
    try:
        return _time(found.groupdict()) or None
    except _Refused:
        return None


def _plain(text: str) -> str:
    """Without the spaces, the quotes and the ``="…"`` of a spreadsheet."""
    plain = text.replace("\u00a0", " ").replace("\u202f", " ").strip()
    if plain[:1] == "=":
        plain = plain[1:].strip()
    return plain.strip("\"'").strip()


def _field(text: str) -> str:
    """One of three fields; nothing, zeros and ``.`` are nothing."""
    plain = text.strip().strip("\"'").strip()
    return "" if not plain.strip("0. -_/") else plain


def _by_formats(plain: str, formats: Sequence[str], pivot: int) -> DateReading:
    refused = ""
    for shape in formats:
        try:
            if shape == EXCEL:
                return _of_serial(plain)
            if shape == ISO:
                return _by_shape(plain, "iso", pivot)
            if found := pattern_of(shape).fullmatch(plain):
                return _made(found.groupdict(), pivot)
        except _Refused as why:
            refused = refused or str(why)
    raise _Refused(refused or f"not of the formats told ({', '.join(formats)})")


def _of_serial(plain: str) -> DateReading:
    """Days since the last but one of 1899, as spreadsheets count; the part of a day is the time."""
    try:
        serial = Decimal(plain.replace(",", "."))
    except InvalidOperation:
        raise _Refused("not a serial number of a spreadsheet") from None
    if not serial.is_finite() or not 1 <= serial < 110_000:
        raise _Refused("a serial number outside the years 1900 to 2200")
    if serial < 61:
        raise _Refused("a serial number of early 1900, where spreadsheets differ")
    days = int(serial)
    iso = (date(1899, 12, 30) + timedelta(days)).isoformat()
    seconds = int((serial - days) * 86_400 + Decimal("0.5"))
    if not seconds or seconds >= 86_400:
        return DateReading(iso)
    return DateReading(f"{iso}T{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}")


def _by_shape(plain: str, order: str, pivot: int) -> DateReading:
    if found := _NUMBERS.fullmatch(plain):
        return _of_numbers(found, order, pivot)
    if plain.isascii() and plain[:4].isdigit():
        reading = _of_digits(plain, order, pivot)
        if reading is not None:
            return reading
    if found := _MONTH_YEAR.fullmatch(plain) or _YEAR_MONTH.fullmatch(plain):
        return _made(found.groupdict(), pivot)
    if order == "iso":
        raise _Refused("not an ISO date")
    return _of_words(plain, order, pivot)


def _of_words(plain: str, order: str, pivot: int) -> DateReading:
    rest = plain
    for _ in range(2):
        rest = rest[found.end() :] if (found := _BEFORE.match(rest)) else rest
    if rest != plain:
        return _by_shape(rest, order, pivot) if rest[:1].isdigit() else _of_names(rest, pivot)
    if order == "dmy" and (found := _SPACED.fullmatch(plain)):
        return _of_numbers(found, order, pivot)
    return _of_names(plain, pivot)


def _of_names(plain: str, pivot: int) -> DateReading:
    found = _NAMED.fullmatch(plain)
    if found is None:
        raise _Refused("not a date")
    parts = found.groupdict()
    if len(parts["year"]) == 2:
        if not parts["day"]:
            raise _Refused("a month and two digits: a day or a year")
        parts["short"] = parts.pop("year")
    return _made(parts, pivot)


def _of_digits(plain: str, order: str, pivot: int) -> DateReading | None:
    """A year alone, or an HL7 time stamp; ``yyyymm`` only where the year is said to come first."""
    if _YEAR.fullmatch(plain):
        return _made({"year": plain}, pivot)
    if plain.isdigit() and len(plain) == 6:
        if order != "ymd":
            raise _Refused("six digits: year and month, or day, month and year; tell the format")
        return _made({"year": plain[:4], "month": plain[4:]}, pivot)
    found = _PACKED.fullmatch(plain)
    if found is None:
        return None
    try:
        return _made(found.groupdict(), pivot)
    except _Refused as why:
        raise _Refused(f"eight digits read as year, month, day: {why}; tell the format") from None


def _of_numbers(found: re.Match[str], order: str, pivot: int) -> DateReading:
    """Three numbers: a number of four digits is the year, and the year comes first or last."""
    parts = found.groupdict()
    first, middle, last = parts.pop("a"), parts.pop("b"), parts.pop("c")
    if len(first) == 4:
        year, month, day = first, middle, last
    elif len(first) == 3 or len(last) == 3 or (order == "iso"):
        raise _Refused("no year of four digits where one is expected")
    elif order == "ymd" and len(last) <= 2:
        year, month, day = first, middle, last
    elif order == "mdy":
        year, month, day = last, first, middle
    else:
        year, month, day = last, middle, first
    if len(day) > 2:
        raise _Refused("two numbers that may be the year")
    if len(year) == 1:
        raise _Refused("a year of one digit")
    return _made({**parts, "month": month, "day": day, "short" if len(year) == 2 else "year": year}, pivot)


def _made(parts: Mapping[str, str | None], pivot: int) -> DateReading:
    """Put the parts together, or refuse what no calendar has."""
    doubts: list[str] = []
    year = _year(parts, pivot, doubts)
    month = _month(parts, doubts)
    day = int(parts.get("day") or 0)
    clock = _time(parts)
    if month > 12:
        raise _Refused(f"no month {month}; day and month may be exchanged" if month <= 31 else f"no month {month}")
    if not month:
        if day:
            raise _Refused("a day without a month")
        return DateReading(f"{year:04d}", doubt="; ".join(doubts))
    if not day:
        return DateReading(f"{year:04d}-{month:02d}", doubt="; ".join(doubts))
    if day > monthrange(year, month)[1]:
        raise _Refused(f"no day {day} in month {month} of that year")
    iso = f"{year:04d}-{month:02d}-{day:02d}"
    if iso in _ZEROS:
        raise _Refused("the zero of a spreadsheet or a database, not a date")
    return DateReading(f"{iso}T{clock}" if clock else iso, doubt="; ".join(doubts))


def _year(parts: Mapping[str, str | None], pivot: int, doubts: list[str]) -> int:
    if parts.get("year"):
        year = int(parts["year"] or 0)
    elif parts.get("short"):
        year = int(parts["short"] or 0)
        year += 2000 if year <= pivot else 1900
        doubts.append(SHORT_YEAR)
    else:
        raise _Refused("no year")
    if year in (9999, 1753, 1):
        raise _Refused("the zero of a spreadsheet or a database, not a date")
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise _Refused(f"a year outside {FIRST_YEAR} to {LAST_YEAR}")
    return year


def _month(parts: Mapping[str, str | None], doubts: list[str]) -> int:
    if not (name := parts.get("name")):
        return int(parts.get("month") or 0)
    month, doubt = month_of(name)
    if month is None:
        raise _Refused("a word that is no month")
    if doubt:
        doubts.append(doubt)
    return month


def _time(parts: Mapping[str, str | None]) -> str:
    """``10:30:00`` with the fraction and the zone of the source; empty without an hour."""
    if parts.get("hour") is None:
        return ""
    hour, minute, second = (int(parts.get(name) or 0) for name in ("hour", "minute", "second"))
    if hour > 23 or minute > 59 or second > 59:
        raise _Refused("no such time of a day")
    fraction = f".{parts['fraction']}" if parts.get("fraction") else ""
    return f"{hour:02d}:{minute:02d}:{second:02d}{fraction}{_zone(parts.get('zone'))}"


def _zone(zone: str | None) -> str:
    if not zone or zone in "zZ":
        return "Z" if zone else ""
    digits = zone[1:].replace(":", "").ljust(4, "0")
    if int(digits[:2]) > 14 or int(digits[2:]) > 59:
        raise _Refused("no such time zone")
    return f"{zone[0]}{digits[:2]}:{digits[2:]}"
