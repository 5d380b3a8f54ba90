"""Numerals as French software writes them: which mark is the decimal one, and which only groups thousands.

Digits are never rounded or made up: the number keeps the digits as written (``1.30`` keeps its zero). Where a numeral
has two readings that differ a thousandfold (``2.920``), the unit decides, then the marks that a pack declares; without
either there is no number, for a wrong one is worse than none.
"""

from __future__ import annotations

import re
from decimal import Decimal

from msgspec import Struct

from semantix.text._units import counts_cells, is_decimal

SPACES = " \u00a0\u202f\u2009"
NUMERAL = (
    rf"(?:[0-9]{{1,3}}(?:[{SPACES}'’][0-9]{{3}}(?![0-9])){{1,4}}(?:[.,][0-9]{{1,9}})?(?![0-9])"
    r"|[0-9]{1,15}(?:[.,][0-9]{1,15}){0,6}|[.,][0-9]{1,9})"
)
"""Digits with marks between them; what it means is for :func:`numeral` to say."""
EXPONENT = r"(?:[eE][+-]?[0-9]{1,2}(?![0-9])|\s?[x×*]\s?10\s?(?:\^|\*\*?|exp|[eE])?\s?[+-]?[0-9]{1,2}(?![0-9])(?!\s?/))"

_SPACED = re.compile(rf"[1-9][0-9]{{0,2}}(?:[{SPACES}'’][0-9]{{3}})+")
_POWER = re.compile(r"[eE]?([+-]?[0-9]{1,2})$")
_PARTS = re.compile(rf"[{SPACES}.,'’]")

GROUPED = "the dot is read as a mark of thousands, for the unit counts cells a volume"
DECLARED = "the dot is read as a mark of thousands, for the comma is the decimal mark"
BY_SPACE = "the space is read as a mark of thousands"
UNDECLARED = "the dot is read as the decimal mark, though the comma is declared"


class Marks(Struct, frozen=True):
    """The marks that a pack declares, and the unit that may tell them."""

    decimal: str | None = None
    grouping: str | None = None
    unit: str | None = None


class Numeral(Struct, frozen=True):
    """A number with what was chosen, or the reason why there is none."""

    value: Decimal | None
    doubt: str = ""
    reason: str = ""


def numeral(text: str, marks: Marks) -> Numeral:
    """The number that digits and marks write."""
    used = set(_PARTS.findall(text))
    if not used:
        return _whole(text)
    spaces = used - {".", ","}
    if spaces:
        return _spaced(text, marks, spaces)
    if used == {".", ","}:
        return _both(text)
    mark = used.pop()
    if text.count(mark) > 1:
        return _grouped(text, mark) or Numeral(None, reason="several numbers, a date or a phone number")
    return _one_mark(text, mark, marks)


def scaled(value: Decimal, exponent: str) -> Decimal | None:
    """The number with its power of ten (``E3``, ``x 10^9``); None for ``10E5``, which people write for ten to the 5."""
    power = _POWER.search(exponent.replace(" ", ""))
    if power is None or (value == 10 and exponent[:1] in "eE"):
        return None
    return value.scaleb(int(power[1]))


def _whole(digits: str) -> Numeral:
    if len(digits) > 1 and digits[0] == "0":
        return Numeral(None, reason="begins with a zero: a code or a phone number")
    if len(digits) > 12:
        return Numeral(None, reason="too many digits: an identifier")
    return Numeral(Decimal(digits))


def _spaced(text: str, marks: Marks, spaces: set[str]) -> Numeral:
    """Thousands by spaces or apostrophes, with or without decimals."""
    last = max(text.rfind("."), text.rfind(","))
    whole, decimals = (text[:last], text[last + 1 :]) if last >= 0 else (text, "")
    if not _SPACED.fullmatch(whole) or (last >= 0 and _PARTS.search(decimals)):
        return Numeral(None, reason="several numbers, or a phone number")
    digits = _PARTS.sub("", whole)
    plain = " " in spaces and last < 0 and marks.grouping != " " and not counts_cells(marks.unit)
    return Numeral(Decimal(f"{digits}.{decimals}" if decimals else digits), BY_SPACE if plain else "")


def _both(text: str) -> Numeral:
    """``1.234,5`` or ``1,234.5``: the last mark is the decimal one."""
    last = max(text.rfind("."), text.rfind(","))
    group = "," if text[last] == "." else "."
    if text.count(text[last]) == 1 and (found := _grouped(text[:last], group)) and found.value is not None:
        return Numeral(Decimal(f"{found.value}.{text[last + 1 :]}"))
    return Numeral(None, reason="marks of thousands and decimals that do not fit")


def _grouped(text: str, mark: str) -> Numeral | None:
    parts = text.split(mark)
    if parts[0][:1] in ("", "0") or len(parts[0]) > 3 or any(len(part) != 3 for part in parts[1:]):
        return None
    return Numeral(Decimal("".join(parts)))


def _one_mark(text: str, mark: str, marks: Marks) -> Numeral:
    """One dot or one comma: decimal, unless three digits after it may be thousands."""
    whole, _, decimals = text.partition(mark)
    if len(whole) > 1 and whole[0] == "0":
        return Numeral(None, reason="begins with a zero: a code or a date")
    grouped = _grouped(text, mark)
    if marks.grouping == mark:
        return grouped or Numeral(None, reason="the mark of thousands is not before three digits")
    written = Numeral(Decimal(f"{whole or '0'}.{decimals}"))
    if mark == ",":
        return written
    if grouped is None:
        return Numeral(written.value, UNDECLARED) if marks.decimal == "," else written
    return _dot(written, grouped, marks)


def _dot(written: Numeral, grouped: Numeral, marks: Marks) -> Numeral:
    """One dot before exactly three digits."""
    if counts_cells(marks.unit):
        return Numeral(grouped.value, GROUPED)
    if marks.decimal == ",":
        return Numeral(grouped.value, DECLARED)
    if marks.decimal == "." or is_decimal(marks.unit):
        return written
    return Numeral(None, reason="three digits after a dot: decimals, or thousands; declare the decimal mark")
