"""Reference bounds: an interval, one bound, or words and why they stay so."""

from __future__ import annotations

import re
from decimal import Decimal

from semantix.text._numerals import EXPONENT, NUMERAL, SPACES, Marks, numeral, scaled
from semantix.text._readings import Number, RangeReading
from semantix.text._units import UNIT, without_star

LONGEST = 120

_PLAIN = str.maketrans({**dict.fromkeys(SPACES + "\t\n\r", " "), "−": "-"})
_HARD_SPACE = re.compile("(?<=[0-9])[\u00a0\u202f\u2009](?=[0-9]{3}(?![0-9]))")
"""A space that breaks no line, between groups of digits: certainly a mark of thousands, as an apostrophe is."""
_OTHER_SPACE = re.compile("[\u00a0\u202f\u2009\u2212\t\n\r]")

LESS = (
    r"(?:<\s?=|≤|=\s?<|⩽|<|(?:inf(?:[ée]r(?:ieure?s?)?)?\.?\s?(?:ou\s(?:é|e)gale?\s)?(?:à|a)\b|moins\s(?:de|que)\b|jusqu['’](?:à|a)\b"
    r"|max(?:i(?:mum|male?)?)?\b\.?\s?:?|≦))"
)
MORE = (
    r"(?:>\s?=|≥|=\s?>|⩾|>|(?:sup(?:[ée]r(?:ieure?s?)?)?\.?\s?(?:ou\s(?:é|e)gale?\s)?(?:à|a)\b|plus\s(?:de|que)\b"
    r"|au[- ]dessus\sde\b|min(?:i(?:mum|male?)?)?\b\.?\s?:?|≧))"
)
_CLOSED = re.compile(r"=|≤|≥|⩽|⩾|≦|≧|gal|jusqu|max|min", re.IGNORECASE)

_NAMES = re.compile(
    r"(?:v\.?\s?r\.?|v\.?\s?n\.?|n|normes?|normales?|nle?s?|r[ée]f(?:[ée]rences?)?\.?|val(?:eurs?|\.)?(?:\s(?:de\s)?(?:usuelles?|r[ée]f"
    r"(?:[ée]rences?)?\.?|normales?))|int(?:ervalle|\.)?\s(?:de\s)?r[ée]f(?:[ée]rences?)?\.?|usuelles?|seuils?|souhaitables?"
    r"|bornes?)\s?[:=]?\s?(?=[<>≤≥=(\[\]0-9.,+\-ijmspe])",
    re.IGNORECASE,
)
_NUMBER = rf"[+-]?\s?{NUMERAL}(?:{EXPONENT})?"
_BETWEEN = re.compile(
    rf"(?:entre\s|de\s)?(?P<low>{_NUMBER})\s?(?P<first>{UNIT})?\s?(?:-|–|—|−|à|a\b|et\b|;|:|\.\.\.?|<?->)\s?(?P<high>{_NUMBER})\s?"
    rf"(?P<unit>{UNIT})?",
    re.IGNORECASE,
)
_BOUND = re.compile(
    rf"(?:(?P<less>{LESS})|(?P<more>{MORE}))\s?(?P<number>{_NUMBER})\s?(?P<unit>{UNIT})?", re.IGNORECASE
)
_TWO = re.compile(
    rf"(?P<a>{MORE}\s?{_NUMBER}\s?(?:{UNIT})?)\s?(?:,|;|-|et\b|&)?\s?(?P<b>{LESS}\s?{_NUMBER}\s?(?:{UNIT})?)",
    re.IGNORECASE,
)
_SINGLE = re.compile(rf"(?P<number>{_NUMBER})\s?(?P<unit>{UNIT})?", re.IGNORECASE)
_SURE = r"-?(?:0|[1-9][0-9]{0,8})(?:[.,](?:[0-9]{1,2}|[0-9]{4,9}))?"
SURE = re.compile(_SURE)
"""A numeral with one reading, whatever the marks and the unit."""
_FAST = re.compile(rf"\(?({_SURE})(?:\s?-\s?|\sà\s)({_SURE})\)?")
_SIGN = re.compile(LESS + "|" + MORE, re.IGNORECASE)
BANDS = re.compile(
    r"\b(?:hommes?|femmes?|gar[çc]ons?|filles?|enfants?|adultes?|nourrissons?|nouveau|ans?|mois|jours?|grossesse|enceintes?|trimestre|sem"
    r"|m[ée]nopaus|phase|fumeurs?|non|si|h|f)\b",
    re.IGNORECASE,
)
_EMPTY = re.compile(r"[\s.\-_/*()\[\]]*")
_OUTER = {"(": ")", "[": "]", "]": "[", "{": "}"}


class _Refused(Exception):
    """Why a text is no pair of bounds."""


def range_of(low: str, high: str, marks: Marks, *, columns: bool = False) -> RangeReading:
    """Read one field or two."""
    if marks.unit and marks.unit[0] == "*":
        marks = Marks(marks.decimal, marks.grouping, without_star(marks.unit)[0])
    if marks.decimal != "," and marks.grouping is None and (found := _at_once(low, high, marks)) is not None:
        return found
    one, other = plain_of(low), plain_of(high)
    if _is_empty(one) and _is_empty(other):
        return RangeReading()
    text = " ; ".join(part.strip() for part in (low, high) if part.strip())
    if len(one) + len(other) > LONGEST:
        return RangeReading(text=text, reason="too long for bounds")
    try:
        if _is_empty(other):
            found = _lower(one, marks) if columns else _one_field(one, marks)
        elif _is_empty(one):
            found = _upper(other, marks)
        else:
            found = _two_fields(one, other, marks)
        return _ordered(found)
    except _Refused as why:
        return RangeReading(text=text, reason=str(why))


def _at_once(low: str, high: str, marks: Marks) -> RangeReading | None:
    """The usual case, two plain numbers in order; None when it is another one."""
    ends = _FAST.fullmatch(low) if not high else None
    first, second = (ends[1], ends[2]) if ends else (low, high)
    if not ends and not (SURE.fullmatch(low) and SURE.fullmatch(high)):
        return None
    lower, upper = Decimal(first.replace(",", ".")), Decimal(second.replace(",", "."))
    return RangeReading(Number(lower, marks.unit), Number(upper, marks.unit)) if lower < upper else None


def plain_of(text: str) -> str:
    """One kind of space and of minus, none around."""
    if _OTHER_SPACE.search(text):
        text = _HARD_SPACE.sub("'", text).translate(_PLAIN)
    return text.strip()


def is_closed(written: str) -> bool:
    """Whether a sign or words of comparison include the bound."""
    return _CLOSED.search(written) is not None


def _is_empty(text: str) -> bool:
    return _EMPTY.fullmatch(text) is not None or text.casefold() in ("nan", "null", "n/a", "néant", "neant")


def _one_field(text: str, marks: Marks) -> RangeReading:
    bare, low_closed, high_closed = _unwrapped(text)
    bare = _NAMES.sub("", bare, count=1) if _NAMES.match(bare) else bare
    bare, inner_low, inner_high = _unwrapped(bare)
    if found := _BETWEEN.fullmatch(bare):
        unit = (found["unit"] or found["first"] or "").strip() or marks.unit
        own = Marks(marks.decimal, marks.grouping, unit)
        low, high = (_number(found[name], own) for name in ("low", "high"))
        return RangeReading(low, high, low_closed and inner_low, high_closed and inner_high)
    if found := _BOUND.fullmatch(bare):
        return _bound(found, marks)
    if found := _TWO.fullmatch(bare):
        lower, upper = (_BOUND.fullmatch(found[name].strip()) for name in ("a", "b"))
        if lower and upper:
            below, above = _bound(lower, marks), _bound(upper, marks)
            return RangeReading(below.low, above.high, below.low_closed, above.high_closed)
    raise _Refused(_why(bare))


def _why(text: str) -> str:
    if BANDS.search(text):
        return "bounds by age, sex or state"
    if _SINGLE.fullmatch(text):
        return "one number: the lower bound or the upper"
    return "not an interval" if any(char.isdigit() for char in text) else "words"


def _unwrapped(text: str) -> tuple[str, bool, bool]:
    """Without brackets around; those that turn away exclude the bound, as in ``]3 ; 5[``."""
    first, last = text[:1], text[-1:]
    if (
        first in "([{]"
        and last in ")]}["
        and len(text) > 2
        and first
        and ((first in "[]" and last in "[]") or _OUTER[first] == last)
    ):
        return text[1:-1].strip(), first != "]", last != "["
    return text, True, True


def _bound(found: re.Match[str], marks: Marks) -> RangeReading:
    unit = (found["unit"] or "").strip() or marks.unit
    number = _number(found["number"], Marks(marks.decimal, marks.grouping, unit))
    closed = is_closed(found["less"] or found["more"])
    if found["less"]:
        return RangeReading(high=number, high_closed=closed)
    return RangeReading(low=number, low_closed=closed)


def _number(text: str, marks: Marks) -> Number:
    sign = "-" if text.lstrip().startswith("-") else ""
    found = re.match(rf"[+-]?\s?({NUMERAL})({EXPONENT})?", text.strip(), re.IGNORECASE)
    if found is None:
        raise _Refused("not a number")
    read = numeral(found[1], marks)
    if read.value is None:
        raise _Refused(read.reason)
    value: Decimal | None = read.value
    if found[2]:
        value = scaled(read.value, found[2])
    if value is None:
        raise _Refused("10E5 is read in two ways")
    return Number(value.copy_negate() if sign else value, marks.unit)


def _lower(text: str, marks: Marks) -> RangeReading:
    """Only the lower field of two is filled."""
    if found := _SINGLE.fullmatch(text):
        unit = (found["unit"] or "").strip() or marks.unit
        return RangeReading(low=_number(found["number"], Marks(marks.decimal, marks.grouping, unit)))
    return _one_field(text, marks)


def _upper(text: str, marks: Marks) -> RangeReading:
    """Only the upper field is filled."""
    if found := _SINGLE.fullmatch(text):
        unit = (found["unit"] or "").strip() or marks.unit
        return RangeReading(high=_number(found["number"], Marks(marks.decimal, marks.grouping, unit)))
    return _one_field(text, marks)


def _two_fields(low: str, high: str, marks: Marks) -> RangeReading:
    if _SIGN.fullmatch(low):
        return _one_field(f"{low} {high}", marks)
    ends = [_end(low, marks, lower=True), _end(high, marks, lower=False)]
    zero = all(number.value == 0 for number, _ in ends)
    if zero:
        return RangeReading()
    return RangeReading(ends[0][0], ends[1][0], ends[0][1], ends[1][1])


def _end(text: str, marks: Marks, *, lower: bool) -> tuple[Number, bool]:
    """One of two fields: a number, with or without its own sign of comparison."""
    if found := _SINGLE.fullmatch(text):
        unit = (found["unit"] or "").strip() or marks.unit
        return _number(found["number"], Marks(marks.decimal, marks.grouping, unit)), True
    if found := _BOUND.fullmatch(text):
        read = _bound(found, marks)
        if lower and read.low is not None:
            return read.low, read.low_closed
        if not lower and read.high is not None:
            return read.high, read.high_closed
    raise _Refused("the two fields are not a lower and an upper bound")


def _ordered(found: RangeReading) -> RangeReading:
    if found.low is not None and found.high is not None and found.low.value > found.high.value:
        raise _Refused("the lower bound is above the upper one")
    return found
