"""What can be a unit in a result field; which one it is, is decided elsewhere."""

from __future__ import annotations

import re

_BASE = (
    r"(?:[µμumnpfkdc]?(?:g|mol|ui|iu|l|eq|osm|kat)|moles?|[µμumk]?u\.?i\.?|[µμumnpk]?u|mmhg|cmh2o|k?pa|kcal|dal"
    r"|[µμmcn]?m[23²³]|[cmµμn]?m|sec|s|ms|mn|min|minutes?|h|heures?|j|jours?|ans?|mois|semaines?|sa|°\s?c|%|‰|ufc|cfu|ufp"
    r"|copies|cop|cp|log(?:10)?|bpm|unités?|index|ratio|rapport|inr|gpl|mpl|bau|uba|ucb|uah|dioptries?|hz|khz|db|mv|kda"
    r"|vol|millions?|milliards?|éléments?|elements?|cellules?|leucocytes|leuco|hématies|hematies|germes)"
)
_ABOVE = r"(?:giga|tera|téra|mio|mia|mill?|él|el|cell|gr|gb|[gtmk])"
_BELOW = (
    r"(?:100(?:\s?(?:ml|l|leucocytes|leuco|gb|hématies|hematies))?|1000|10000|1[.,]73\s?m[2²]|1[.,]73"
    r"|(?:24|12|48)\s?h(?:eures)?|24|champ|mct|m?mol\s(?:de\s)?cr[ée]at(?:inine|\.)?|m?g\s(?:de\s)?cr[ée]at(?:inine|\.)?"
    r"|cr[ée]at(?:inine|\.)?|hb|selles|dose|prise|gb|gr)"
)
_STOP = r"(?![a-zà-ÿ0-9])"
_POWER = r"(?:[x×*]?\s?10\s?(?:\^|\*\*?|exp|e)?\s?[+-]?(?:[369]|12)\s?[./]?\s?)"
_NEXT = rf"\s?[./*]\s?(?:{_BELOW}|{_BASE}){_STOP}|\s?\^\s?[23]{_STOP}"
UNIT = (
    rf"(?:{_POWER}{_BASE}{_STOP}|{_POWER}?/\s?(?:{_BELOW}|{_BASE}){_STOP}|{_ABOVE}(?=\s?/)|{_BASE}{_STOP})"
    rf"(?:{_NEXT}){{0,4}}"
)
"""A unit, in any case: a power of ten, then names of units parted by ``/``, ``.`` or ``*``."""

_FOLD = str.maketrans({"μ": "µ", " ": None, "\u00a0": None, "\u202f": None, "³": "3", "²": "2", "^": None, ".": None})
_COUNT = re.compile(
    r"(?:(?:el|él|éléments?|elements?|cellules?|cell|leucocytes?|leuco|hématies|hematies|gr|gb|germes|ufc|cfu|copies|cop"
    r"|cp|nb|c)?/)?(?:mm3|[µu]l|ml|champ)"
)
_DECIMAL = re.compile(
    r"(?:g/d?l|g/100ml|%|t/l|tera/l|téra/l|m/mm3|millions?/mm3|mio/mm3|m/[µu]l|giga/l|10[*e]?9/l|10[*e]?12/l"
    r"|10[*e]?3/mm3|10[*e]?6/mm3|10[*e]?3/[µu]l|10[*e]?6/[µu]l|x10[*e]?9/l|x10[*e]?12/l|mmol/l|meq/l|kg/m2|fl|pg|inr"
    r"|log|log10|°c|kg|cm|m)"
)
_BARE = re.compile(r"(?:fl|pg|%|‰|s|sec|[µu]m3|kg|cm|m|mm|mmhg|k?pa|°c|ratio|rapport|index|inr|log|log10|bpm|db|mv)")
_TIME = re.compile(r"ans?|mois|semaines?|sa|jours?|j|h|heures?|mn|min|minutes?")
_DOSE = re.compile(r"/(?:j|jours?|prise|dose|semaines?|mois|kg)(?![a-z0-9])")


def folded(unit: str) -> str:
    """A unit without spaces, dots and case, its micro sign of one kind."""
    return unit.translate(_FOLD).lower().removeprefix("*")


def without_star(unit: str | None) -> tuple[str | None, bool]:
    """A unit without the asterisk before it, which flags the result (``*/mm3``); that of ``*10^9/L`` multiplies."""
    if not unit or unit[0] != "*":
        return unit, False
    bare = unit.lstrip("* ")
    return (unit, False) if bare[:1].isdigit() else (bare or None, True)


def counts_cells(unit: str | None) -> bool:
    """Whether a unit counts cells (copies, colonies) in a small volume, without a power of ten: whole numbers."""
    if not unit:
        return False
    plain = folded(unit)
    return _COUNT.fullmatch(plain) is not None and ("/" in plain or plain == "mm3")


def is_decimal(unit: str | None) -> bool:
    """Whether values in a unit stay below a thousand: a dot before three digits is the decimal mark then."""
    return bool(unit) and _DECIMAL.fullmatch(folded(unit or "")) is not None


def is_of_result(unit: str) -> bool:
    """Whether a unit is one of a result rather than of a dose (``mg``, ``UI/j``), an age or a duration."""
    plain = folded(unit)
    return _BARE.fullmatch(plain) is not None or ("/" in plain and not _DOSE.search(plain))


def is_time(unit: str) -> bool:
    """Whether a unit is one of an age or a duration, as sentences hold."""
    return _TIME.fullmatch(folded(unit)) is not None


def same(one: str, other: str) -> bool:
    """Whether two units are written alike, but for case, spaces and the micro sign."""
    return folded(one).replace("µ", "u") == folded(other).replace("µ", "u")
