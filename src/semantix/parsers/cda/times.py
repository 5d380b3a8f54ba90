"""HL7 v3 times: points, intervals, and when to act.

Source: HL7 Version 3 Data Types (R1), as restricted by CDA R2 and the CI-SIS "Structuration minimale" volet.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from semantix.model import PartialDate, TimeSpan, Timing
from semantix.parsers.cda.context import NAMES, Context, Element, Kids, Zone, every, first, kids
from semantix.parsers.cda.datatypes import amount, coding, quantity, type_of


def instant(ctx: Context, element: Element | None) -> PartialDate | None:
    """``TS`` at its own precision.

    Doubt SX002 when it is not a date of the calendar; when only its zone is malformed (``+100``), the day is kept and
    the time left out.
    """
    if element is None:
        return None
    text = element.get("value")
    if not text:
        return None
    try:
        found = ctx.instants[text]
    except KeyError:
        found = ctx.instants[text] = _iso(text.strip(), ctx)
    if found is None:
        ctx.doubt("SX002", element, "not a date of the calendar in the form YYYYMMDDhhmmss+zzzz")
        return None
    iso, zone = found
    if zone is Zone.ASSUMED:
        ctx.zones_assumed += 1
    elif zone is Zone.MALFORMED:
        ctx.doubt("SX002", element, "the zone is not in the form +zzzz: the day is kept, the time left out")
    return PartialDate(text, iso, element, zone is Zone.ASSUMED)


_SHAPE = re.compile(r"(\d{4}(?:\d\d){0,5})(?:\.(\d+))?([+-]\S*|[Zz])?", re.ASCII)
_ZONE = re.compile(r"([+-])(0\d|1[0-4]):?([0-5]\d)", re.ASCII)
_DAY = len("YYYYMMDD")


def _iso(text: str, ctx: Context) -> tuple[str, Zone] | None:
    shape = _SHAPE.fullmatch(text)
    if shape is None:
        return None
    digits, fraction, zone = shape.groups()
    year, month, day, hour, minute, second = _fields(digits)
    if not _is_calendar(year, month, day) or hour > LAST_HOUR or minute > LAST_SIXTIETH or second > LAST_SIXTIETH:
        return None
    offset = _offset_of(zone) if zone else None
    iso = f"{digits[:4]}-{digits[4:6]}-{digits[6:8]}"
    if len(digits) <= _DAY:
        # "2024-03" is no year with a zone: below the day a zone is a sign of another format.
        if fraction or (zone and (offset is None or len(digits) < _DAY)):
            return None
        return {4: iso[:4], 6: iso[:7], 8: iso}[len(digits)], Zone.TOLD
    if zone and offset is None:
        return iso, Zone.MALFORMED
    if offset is None:
        offset = _offset(datetime(year, month, day, hour, minute, second, tzinfo=ctx.zone).utcoffset())
    moment = f"{iso}T{hour:02d}:{minute:02d}:{second:02d}{'.' + fraction if fraction else ''}{offset}"
    return moment, Zone.TOLD if zone else Zone.ASSUMED


LAST_HOUR, LAST_SIXTIETH = 23, 59


def _is_calendar(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _offset_of(zone: str) -> str | None:
    """``Z`` or ``+hh:mm``; ``None`` when the zone is malformed."""
    if zone in ("Z", "z"):
        return "Z"
    found = _ZONE.fullmatch(zone)
    return f"{found[1]}{found[2]}:{found[3]}" if found else None


def _fields(digits: str) -> list[int]:
    parts = [int(digits[:4])] + [int(digits[i : i + 2]) for i in range(4, len(digits), 2)]
    parts += [1] * (3 - len(parts))
    return parts + [0] * (6 - len(parts))


def _offset(delta: timedelta | None) -> str:
    minutes = int(delta.total_seconds() // 60) if delta else 0
    sign = "-" if minutes < 0 else "+"
    return f"{sign}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


def timespan(ctx: Context, element: Element | None) -> TimeSpan | None:
    """``TS`` or ``IVL_TS``; ``None`` when it says nothing."""
    if element is None:
        return None
    null = element.get("nullFlavor")
    if not len(element):
        value = instant(ctx, element)
        return TimeSpan(element, value, None, None, None, null) if value or null else None
    found = kids(element)
    low, high = first(found, "low"), first(found, "high")
    said = (
        instant(ctx, element) or instant(ctx, first(found, "center")),
        instant(ctx, low),
        instant(ctx, high),
        quantity(ctx, first(found, "width")),
        null,
        low.get("nullFlavor") if low is not None else None,
        high.get("nullFlavor") if high is not None else None,
    )
    return TimeSpan(element, *said) if any(said) else None


_TIMINGS = frozenset({"PIVL_TS", "EIVL_TS", "SXPR_TS"})
_WHEN_TO_ACT = frozenset({"period", "phase", "event", "comp"})


def is_timing(element: Element) -> bool:
    """True for an effectiveTime that says when to act, or when not to, rather than when it happened."""
    kind = type_of(element)
    if kind in _TIMINGS or element.get("operator") == "E":
        return True
    return kind is None and len(element) > 0 and NAMES[element[0].tag] in _WHEN_TO_ACT


def timing(ctx: Context, element: Element) -> Timing | None:
    """``PIVL_TS``, ``EIVL_TS``, ``SXPR_TS`` by xsi:type, else an interval as bounds."""
    kind = type_of(element)
    found = kids(element)
    operator = element.get("operator")
    null = element.get("nullFlavor")
    if kind == "PIVL_TS" or "period" in found:
        return _periodic(ctx, element, found)
    if kind == "EIVL_TS" or "event" in found:
        event = first(found, "event")
        offset = first(found, "offset")
        return Timing(
            element,
            event=coding(ctx, event) if event is not None else None,
            offset=amount(ctx, offset),
            operator=operator,
            null=null,
        )
    if kind == "SXPR_TS" or "comp" in found:
        parts = tuple(p for p in (timing(ctx, c) for c in every(found, "comp")) if p is not None)
        return Timing(element, operator=operator, parts=parts, null=null)
    bounds = timespan(ctx, element)
    return Timing(element, bounds=bounds, operator=operator) if bounds else None


def _periodic(ctx: Context, element: Element, found: Kids) -> Timing:
    period = quantity(ctx, first(found, "period"))
    return Timing(
        element,
        period=period,
        phase=timespan(ctx, first(found, "phase")),
        institution_specified=element.get("institutionSpecified") == "true",
        alignment=element.get("alignment"),
        operator=element.get("operator"),
        text=period.text if period else None,
        null=element.get("nullFlavor"),
    )
