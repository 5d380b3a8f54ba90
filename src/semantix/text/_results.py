"""The value field of a result, read from its beginning."""

from __future__ import annotations

import re
from decimal import Decimal

from msgspec import structs

from semantix.text._flags import flag_of
from semantix.text._months import month_of
from semantix.text._numerals import EXPONENT, NUMERAL, Marks, numeral, scaled
from semantix.text._ranges import LESS, MORE, SURE, is_closed, plain_of, range_of
from semantix.text._readings import Number, RangeReading, ValueReading
from semantix.text._units import UNIT, is_time, same, without_star

LONGEST = 400
OTHER_UNIT = "the field has another unit than its column"
FLAG_BESIDE = "the flag stands beside the second value"

_EMPTY = frozenset(
    ["", ".", "..", "...", "--", "---", "----", "_", "/", "nan", "null", "n/a", "#n/a", "nil", "none"],
)
_LETTER_FLAG = r"(?-i:HH|LL|BB|H|B|L)(?![\w/'’])"
_SIGN_FLAG = r"(?:\*{1,3}|\+{1,3}(?![0-9/])|↑{1,2}|↓{1,2}|!{1,2}(?!=))"
_COMPARED = rf"(?:(?P<less>{LESS}(?:\sà)?)|(?P<more>{MORE}(?:\sà)?))?"
_DIGITS = rf"(?P<sign>[+-])?(?P<number>{NUMERAL})(?P<power>{EXPONENT}|(?<=10)\s?\^\s?[0-9]{{1,2}})?"
_HEAD = re.compile(rf"(?P<flag>{_SIGN_FLAG}|{_LETTER_FLAG})?\s*{_COMPARED}\s*{_DIGITS}(?![0-9])", re.IGNORECASE)
_FLAG = re.compile(rf"{_SIGN_FLAG}|{_LETTER_FLAG}", re.IGNORECASE)
_UNIT = re.compile(UNIT, re.IGNORECASE)
_MEASURE = re.compile(
    rf"(?:(?:soit|ou|=)\s?:?\s?)?{_COMPARED}\s*{_DIGITS}\s?(?P<flag>{_SIGN_FLAG})?\s?(?P<unit>{UNIT})", re.IGNORECASE
)
_SO = re.compile(r"(?:soit|=)\s?:?\s", re.IGNORECASE)
_PAREN = re.compile(r"\(([^()]{1,80})\)|\[([^\[\]]{1,80})\]")
_INTERVAL = re.compile(
    rf"(?P<low>-?{NUMERAL})(?P<before>\s?)(?:-|–|—|(?<=\s)(?:à|a)(?=\s))(?P<after>\s?)(?P<high>{NUMERAL})(?![0-9/])\s?(?P<unit>{UNIT})?",
    re.IGNORECASE,
)
_BOUNDS = re.compile(
    rf"[+-]?{NUMERAL}\s?(?:-|–|—|à|a)\s?[+-]?{NUMERAL}(?![0-9/])(?:\s?{UNIT})?|(?:v\.?\s?r\.?|n|normes?|normales?|r[ée]f\w*\.?)\s?:?\s?[^()]{{2,60}}",
    re.IGNORECASE,
)
_ONE_BOUND = re.compile(rf"(?:{LESS}|{MORE})\s?{NUMERAL}(?![0-9/])(?:\s?(?P<unit>{UNIT}))?", re.IGNORECASE)
_DATE = re.compile(r"[0-9]{1,2}([/.\-])[0-9]{1,2}\1[0-9]{2,4}(?![0-9.])|[0-9]{4}-[0-9]{2}-[0-9]{2}")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_NAMED = re.compile(r"[a-zA-Z%‰µμ°]")
_DIGIT = re.compile(r"[0-9]")
_WORD = re.compile(r"[^\W\d_]+")
_TIMES = re.compile(r"(?:fois|x|×|n\b|ou\b|\^|/|:|e[0-9])", re.IGNORECASE)


class _Refused(Exception):
    """Why a field with digits stays text."""


class _Parts:
    """What has been found in a field so far."""

    def __init__(self) -> None:
        self.unit: str | None = None
        self.flag: str | None = None
        self.second: Number | None = None
        self.reference: RangeReading | None = None
        self.comments: list[str] = []
        self.doubts: list[str] = []

    def doubt(self, *words: str) -> None:
        """Note what was chosen."""
        self.doubts.extend(word for word in words if word and word not in self.doubts)


def value_of(text: str, marks: Marks) -> ValueReading:
    """Read a value field. An asterisk before the unit of the column is a flag of the value."""
    unit, is_flagged = without_star(marks.unit)
    if not is_flagged:
        return _value_of(text, marks)
    found = _value_of(text, structs.replace(marks, unit=unit))
    is_plain = found.flag is None and (found.number is not None or found.range is not None)
    return structs.replace(found, flag="A") if is_plain else found


def _value_of(text: str, marks: Marks) -> ValueReading:
    kept = text.strip()
    if SURE.fullmatch(kept) and marks.decimal is None and marks.grouping is None:
        return ValueReading(number=Number(Decimal(kept.replace(",", ".")), marks.unit or None))
    plain = _bare(plain_of(text))
    if plain.casefold() in _EMPTY:
        return ValueReading()
    if not _DIGIT.search(plain):
        doubt = "a minus alone: negative, or nothing" if plain == "-" else ""
        return ValueReading(text=kept, doubt=doubt)
    if len(plain) > LONGEST:
        return ValueReading(text=kept, reason="a long text")
    try:
        return _read(plain, marks)
    except _Refused as why:
        return ValueReading(text=kept, reason=str(why))


def _bare(plain: str) -> str:
    """Without the ``="…"`` of a spreadsheet, an equals sign or the entity of a comparator."""
    if plain[:1] == "=" and plain[1:2] not in "<>":
        plain = plain[1:].strip().strip('"').strip()
    return plain.replace("&lt;", "<").replace("&gt;", ">") if "&" in plain else plain


def _read(plain: str, marks: Marks) -> ValueReading:
    if _DATE.match(plain):
        raise _Refused("a date")
    if found := _INTERVAL.fullmatch(plain):
        return _interval(found, marks)
    if _SO.match(plain) and (found := _MEASURE.fullmatch(plain)):
        second, doubt = _measure(found, marks)
        return ValueReading(second=second, doubt=doubt)
    head = _HEAD.match(plain)
    if head is None:
        raise _Refused("words before the number")
    parts = _Parts()
    parts.flag = flag_of(head["flag"] or "")
    _follow(plain[head.end() :], parts, marks)
    number = _number(head, _marks(parts, marks), parts)
    return ValueReading(
        number=number,
        second=parts.second,
        flag=parts.flag,
        reference=parts.reference,
        comment="; ".join(parts.comments) or None,
        doubt="; ".join(parts.doubts),
    )


def _marks(parts: _Parts, marks: Marks) -> Marks:
    """The marks with the unit that holds: that of the field, else that of the column."""
    if parts.unit is None:
        return marks
    if marks.unit and not same(parts.unit, marks.unit):
        parts.doubt(OTHER_UNIT)
        return Marks(marks.decimal, marks.grouping, parts.unit)
    return Marks(marks.decimal, marks.grouping, marks.unit or parts.unit)


def _number(found: re.Match[str], marks: Marks, parts: _Parts | None = None) -> Number:
    read = numeral(found["number"], marks)
    value: Decimal | None = read.value
    if read.value is None:
        raise _Refused(read.reason)
    if power := found["power"]:
        value = Decimal(1).scaleb(int(power.strip(" ^"))) if "^" in power[:2] else scaled(read.value, power)
    if value is None:
        raise _Refused("10E5 is read in two ways")
    if parts is not None:
        parts.doubt(read.doubt)
    return Number(value.copy_negate() if found["sign"] == "-" else value, marks.unit or None, _comparator(found))


def _comparator(found: re.Match[str]) -> str | None:
    written = found["less"] or found["more"]
    if not written:
        return None
    return ("<" if found["less"] else ">") + ("=" if is_closed(written) else "")


def _measure(found: re.Match[str], marks: Marks) -> tuple[Number, str]:
    """A number with its own unit."""
    parts = _Parts()
    own = Marks(marks.decimal, marks.grouping, found["unit"].strip())
    number = _number(found, own, parts)
    return number, "; ".join(parts.doubts)


def _interval(found: re.Match[str], marks: Marks) -> ValueReading:
    """A value that is itself an interval."""
    if bool(found["before"]) != bool(found["after"]):
        raise _Refused("an interval or a negative number")
    if _YEAR.fullmatch(found["high"]) and not found["unit"]:
        raise _Refused("a date or an interval")
    unit = (found["unit"] or "").strip() or None
    parts = _Parts()
    parts.unit = unit
    held = _marks(parts, marks)
    ends = []
    for name in ("low", "high"):
        read = numeral(found[name].lstrip("-"), held)
        if read.value is None:
            raise _Refused(read.reason)
        parts.doubt(read.doubt)
        ends.append(Number(read.value.copy_negate() if found[name][0] == "-" else read.value, held.unit or None))
    if ends[0].value >= ends[1].value:
        raise _Refused("two numbers, the first above the second")
    return ValueReading(range=RangeReading(ends[0], ends[1]), doubt="; ".join(parts.doubts))


# --- what follows the number -----------------------------------------------------------------------------------------


def _follow(rest: str, parts: _Parts, marks: Marks) -> None:
    """Take flag, unit, second value, bounds and comment, in whatever order they come."""
    touching = rest[:1]
    for _ in range(10):
        rest = rest.strip()
        if not rest:
            return
        taken = (
            _flag(rest, parts, marks)
            or _unit(rest, parts)
            or _paren(rest, parts, marks)
            or _further(rest, parts, marks)
        )
        if not taken:
            break
        rest, touching = rest[taken:], " "
    if rest.strip():
        _comment(rest.strip(), touching, parts, marks)


def _flag(rest: str, parts: _Parts, marks: Marks) -> int:
    found = _FLAG.match(rest)
    if found is None or (found[0] == "L" and parts.unit is None and not marks.unit):
        return 0
    if parts.second is not None:
        parts.doubt(FLAG_BESIDE)
    parts.flag = parts.flag if parts.flag not in (None, "A") else flag_of(found[0])
    return found.end()


def _unit(rest: str, parts: _Parts) -> int:
    if parts.unit is not None or parts.second is not None or parts.comments or parts.reference is not None:
        return 0
    found = _UNIT.match(rest)
    if found is None:
        return 0
    parts.unit = found[0].strip()
    return found.end()


def _paren(rest: str, parts: _Parts, marks: Marks) -> int:
    """Brackets hold the same result in another unit, reference bounds, a flag or a comment."""
    found = _PAREN.match(rest)
    if found is None:
        return 0
    inside = (found[1] or found[2]).strip()
    if (flag := flag_of(inside)) is not None and inside.casefold() not in ("n", "nl", "-", "+"):
        parts.flag = flag if parts.flag in (None, "A") else parts.flag
        return found.end()
    measure = _MEASURE.fullmatch(inside) if parts.second is None and _NAMED.search(inside) else None
    if measure and not measure["less"] and not measure["more"]:
        parts.second, doubt = _measure(measure, marks)
        parts.doubt(doubt)
        return found.end()
    bounds = range_of(inside, "", _marks_quietly(parts, marks))
    if parts.reference is None and bounds.is_read and not _is_of_either(parts):
        parts.reference = bounds
    else:
        parts.comments.append(found[0])
    return found.end()


def _is_of_either(parts: _Parts) -> bool:
    """True of bounds beside a percentage and a count (``2 % soit 120 /mm3 (50-500)``): nobody tells whose they are."""
    return parts.second is not None and (parts.unit == "%") != (parts.second.unit == "%")


def _marks_quietly(parts: _Parts, marks: Marks) -> Marks:
    return Marks(marks.decimal, marks.grouping, parts.unit or marks.unit)


def _further(rest: str, parts: _Parts, marks: Marks) -> int:
    """A second measurement or bare bounds; only after a unit, without which numbers in a row mean nothing."""
    if parts.unit is None:
        return 0
    if parts.second is None and (measure := _MEASURE.match(rest)) and not (measure["less"] or measure["more"]):
        after = rest[measure.end() : measure.end() + 1]
        if not same(measure["unit"], parts.unit) and not after.isalnum():
            parts.second, doubt = _measure(measure, marks)
            parts.doubt(doubt)
            if measure["flag"] and parts.flag is None:
                parts.flag = flag_of(measure["flag"])
                parts.doubt(FLAG_BESIDE)
            return measure.end()
    if parts.reference is None and (found := _BOUNDS.match(rest)):
        bounds = range_of(found[0], "", _marks_quietly(parts, marks))
        if bounds.is_read and not _is_of_either(parts):
            parts.reference = bounds
            return found.end()
    return _one_bound(rest, parts, marks)


def _one_bound(rest: str, parts: _Parts, marks: Marks) -> int:
    """``inf. à 1,60`` to the end: the bound of the result before it, if it is in the same unit or in none."""
    found = _ONE_BOUND.fullmatch(rest) if parts.reference is None and not parts.comments else None
    if found is None or (found["unit"] and not same(found["unit"].strip(), parts.unit or "")):
        return 0
    bounds = range_of(rest, "", _marks_quietly(parts, marks))
    if not bounds.is_read or parts.second is not None:
        return 0
    parts.reference = bounds
    return len(rest)


def _comment(rest: str, touching: str, parts: _Parts, marks: Marks) -> None:
    """Words after the value, where they cannot change what the number is."""
    if rest.strip(" .,;:-") == "":
        return
    if rest[0] in "/:" and rest[1:].lstrip()[:1].isdigit():
        raise _Refused("two numbers with a slash or a colon: a titre, a fraction, a time or two results")
    if len(rest) > 80 or (parts.unit is not None and is_time(parts.unit)):
        raise _Refused("a sentence")
    word = _WORD.match(rest)
    if touching.isalnum() and parts.unit is None:
        raise _Refused("letters against the number")
    if _TIMES.match(rest) or (word and month_of(word[0])[0] is not None):
        raise _Refused("words that change what the number is")
    if rest[0].isdigit() and parts.reference is None:
        raise _Refused("several numbers")
    known = parts.unit is not None or bool(marks.unit) or rest[0] in "(,;[" or bool(parts.comments)
    if not known:
        raise _Refused("words after a number without a unit")
    parts.comments.append(rest)
