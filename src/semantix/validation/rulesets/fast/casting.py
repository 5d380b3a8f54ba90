"""Casting of XPath 2: texts to numbers, truth values and dates, by the forms of XML Schema."""

from __future__ import annotations

import calendar
import math
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from semantix.validation.rulesets.fast.syntax import DynamicError, NotUnderstood
from semantix.validation.rulesets.fast.values import Items, Moment, QName, atoms, double, kind, written

_INTEGER = re.compile(r"[+-]?\d+", re.ASCII)
_DECIMAL = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)", re.ASCII)
_DATE_TIME = re.compile(
    r"(-?(?:[1-9]\d{3,}|0\d{3}))-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)?", re.ASCII
)
_DATE = re.compile(r"(-?(?:[1-9]\d{3,}|0\d{3}))-(\d\d)-(\d\d)(Z|[+-]\d\d:\d\d)?", re.ASCII)
_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}


def cast_to(type_: str, value: Any) -> Any:
    """``value cast as type_``; DynamicError if it is not castable, NotUnderstood for a type that is not known."""
    if type_ not in TYPES:
        raise NotUnderstood(f"type {type_}")
    if not isinstance(value, str):
        return _cast_typed(type_, value)
    return _CASTS[type_](value if type_ in _KEPT_AS_WRITTEN else value.strip(" \t\r\n"))


def _cast_typed(type_: str, value: Any) -> Any:
    if type_ == "xs:string":
        return written(value)
    cast = _NUMBERS.get(type_)
    if cast is None or isinstance(value, (QName, Moment)):
        raise DynamicError(f"a {kind(value)} cast as {type_}")
    if isinstance(value, float) and not math.isfinite(value) and cast is not float:
        if cast is bool:
            return not math.isnan(value)
        raise DynamicError("no whole number")
    return cast(value)


_NUMBERS: dict[str, Callable[[Any], Any]] = {
    "xs:double": float,
    "xs:float": float,
    "xs:integer": int,
    "xs:int": int,
    "xs:decimal": Decimal,
    "xs:boolean": bool,
}


def _date_time(text: str) -> Moment:
    match = _DATE_TIME.fullmatch(text)
    if match is None:
        raise DynamicError("a text that is no date")
    year, month, day, hour, minute, second = (int(match[index]) for index in range(1, 7))
    last = calendar.monthrange(year % 400 or 400, month)[1] if 1 <= month <= 12 else 0
    midnight = hour == 24 and minute == second == 0 and not (match[7] or "").strip(".0")
    if not 1 <= day <= last or (hour > 23 and not midnight) or minute > 59 or second > 59:
        raise DynamicError("a text that is no date")
    seconds = _days(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second
    return Moment(seconds + Decimal(match[7] or "0") - _zone(match[8] or "Z"), text)


def _days(year: int, month: int, day: int) -> int:
    """Days since 1 March of the year 0, in the Gregorian calendar carried back."""
    year -= month <= 2
    return 365 * year + year // 4 - year // 100 + year // 400 + (153 * ((month + 9) % 12) + 2) // 5 + day - 1


def _zone(text: str) -> int:
    if text == "Z":
        return 0
    hours, minutes = int(text[1:3]), int(text[4:6])
    if minutes > 59 or hours > 14 or (hours == 14 and minutes):
        raise DynamicError("a text that is no date")
    shift = hours * 3_600 + minutes * 60
    return -shift if text[0] == "-" else shift


def _integer(text: str) -> int:
    if _INTEGER.fullmatch(text) and len(text) < 1_000:
        return int(text)
    raise DynamicError("a text that is no whole number")


def _decimal(text: str) -> Decimal:
    if _DECIMAL.fullmatch(text):
        return Decimal(text)
    raise DynamicError("a text that is no number")


def _boolean(text: str) -> bool:
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    raise DynamicError("a text that is no truth value")


def _date(text: str) -> Moment:
    match = _DATE.fullmatch(text)
    return _date_time(f"{text[: match.end(3)]}T00:00:00{match[4] or ''}" if match else "")


def castable(type_: str, items: Items) -> bool:
    """``castable as``: ``type_`` may end with ``?``."""
    if not items:
        return type_.endswith("?")
    if len(items) > 1:
        return False
    try:
        cast_to(type_.removesuffix("?"), atoms(items)[0])
    except DynamicError:
        return False
    return True


_KEPT_AS_WRITTEN = frozenset({"xs:string", "xs:anyURI"})
_CASTS: dict[str, Callable[[str], Any]] = {
    "xs:string": str,
    "xs:anyURI": str,
    "xs:double": double,
    "xs:float": double,
    "xs:integer": _integer,
    "xs:int": _integer,
    "xs:decimal": _decimal,
    "xs:boolean": _boolean,
    "xs:dateTime": _date_time,
    "xs:date": _date,
}
TYPES = frozenset(_CASTS)
