"""What a cell looks like and what it may be: one value at a time, without keeping it."""

from __future__ import annotations

import re
import unicodedata

from msgspec import Struct

from semantix.identifiers import kinds_of, luhn
from semantix.text.dates import read_date

# --- shapes ---------------------------------------------------------------------------------------------------------

_LETTERS = re.compile(r"[^\W\d_]+")
_DIGITS = re.compile(r"[0-9]+")
_MAX_LETTERS, _MAX_DIGITS, _MAX_SHAPE = 4, 15, 40


def shape_of(text: str) -> str:
    """The outline of a text: ``9`` for a digit, ``A`` for a letter, ``A+`` for a longer word, marks as they are."""
    shape = _DIGITS.sub(lambda found: _repeated("9", found, _MAX_DIGITS), text[: 2 * _MAX_SHAPE])
    shape = _LETTERS.sub(lambda found: _repeated("A", found, _MAX_LETTERS), shape)
    shape = "".join(char if char.isprintable() else "?" for char in shape)
    return shape if len(shape) <= _MAX_SHAPE and len(text) <= 2 * _MAX_SHAPE else shape[: _MAX_SHAPE - 1] + "…"


def _repeated(sign: str, found: re.Match[str], most: int) -> str:
    size = len(found.group())
    return sign * size if size <= most else f"{sign}+"


def folded(text: str) -> str:
    """Lower case without accents, words apart by one space: how names of columns are compared."""
    plain = "".join(c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c))
    return " ".join(re.sub(r"[^a-z0-9]+", " ", plain).split())


# --- dates ----------------------------------------------------------------------------------------------------------

_TIME = (
    (r"", ""),
    (r"[T ]\d{2}:\d{2}", " hh:mm"),
    (r"[T ]\d{2}:\d{2}:\d{2}", " hh:mm:ss"),
    (r"[T ]\d{2}:\d{2}:\d{2}[.,]\d{1,9}", " hh:mm:ss.f"),
)
_MARKED = tuple(
    (re.compile(rf"{day}(?P<mark>[/.-]){month}(?P=mark){year}(?P<time>{time})"), written, clock)
    for day, month, year, written in (
        (r"(?P<a>\d{2})", r"(?P<b>\d{2})", r"\d{4}", "dd{m}mm{m}yyyy"),
        (r"(?P<a>\d{1,2})", r"(?P<b>\d{1,2})", r"\d{4}", "d{m}m{m}yyyy"),
        (r"\d{4}", r"(?P<b>\d{2})", r"(?P<a>\d{2})", "yyyy{m}mm{m}dd"),
        (r"(?P<a>\d{2})", r"(?P<b>\d{2})", r"\d{2}", "dd{m}mm{m}yy"),
        (r"(?P<a>\d{1,2})", r"(?P<b>\d{1,2})", r"\d{2}", "d{m}m{m}yy"),
    )
    for time, clock in _TIME
)
_PACKED = {8: "yyyymmdd", 12: "yyyymmddhhmm", 14: "yyyymmddhhmmss"}
_PACKED_DATE = re.compile(r"(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3]\d{0})?\d*")
_NAMED = re.compile(r"\d{1,2}(?:er)?[ -]([^\W\d_]{3,10})\.?[ -](\d{4}|\d{2})", re.IGNORECASE)
_PARTIAL = ((re.compile(r"\d{2}/\d{4}"), "mm/yyyy"), (re.compile(r"(?:19|20)\d{2}-\d{2}"), "yyyy-mm"))


class DateShape(Struct, frozen=True):
    """A date: its format as packs write it, and whether day and month could be told apart (``a`` over 12)."""

    format: str
    readable: bool = True
    two_digits: bool = False
    swapped: bool = False
    certain: bool = False


def date_shape(text: str) -> DateShape | None:
    """The format of a date, or ``None`` for what has the shape of none.

    What has the shape but is none (``45/12/2020``) is not ``readable``; ``swapped`` when it would be with day and month
    exchanged; ``certain`` when its day could be no month.
    """
    if not 6 <= len(text) <= 40:
        return None
    if text.isdigit():
        written = _PACKED.get(len(text))
        if written is None or not _PACKED_DATE.fullmatch(text):
            return None
        return DateShape(written, read_date(text, formats=(written,)).iso is not None, certain=True)
    for pattern, written, clock in _MARKED:
        found = pattern.fullmatch(text)
        if found:
            return _marked(text, found, written.format(m=found["mark"]), clock)
    named = _NAMED.fullmatch(text)
    if named and read_date(text).iso:
        return DateShape("d mmmm yyyy" if len(named[2]) == 4 else "d mmmm yy", two_digits=len(named[2]) == 2)
    return next((DateShape(written, certain=True) for pattern, written in _PARTIAL if pattern.fullmatch(text)), None)


def _marked(text: str, found: re.Match[str], day: str, clock: str) -> DateShape:
    if clock and found["time"].startswith("T"):
        clock = "t" + clock[1:]
    first, second = int(found["a"]), int(found["b"])
    is_swapped = first <= 12 < second <= 31
    readable = read_date(text, formats=(day + clock,)).iso is not None
    return DateShape(day + clock, readable, "yyyy" not in day, is_swapped, first > 12 or day.startswith("y"))


# --- numbers and units ----------------------------------------------------------------------------------------------

_NUMBER = r"[+-]?\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?:[.,]\d+)?|[+-]?\d{1,3}(?:\.\d{3})+,\d+|[+-]?\d*[.,]?\d+"
_NUMERIC = re.compile(
    rf"(?P<compare>[<>≤≥]=? ?)?(?P<star>\* ?)?(?P<number>{_NUMBER})(?P<flag> ?\*)?(?P<rest>.*)", re.DOTALL
)
_UNIT = re.compile(
    r"(?:%|‰|°C?|/?(?:[µμumnpfkdcMGT]?(?:g|mol|l|eq|kat|ui|iu|u|m|s|hz|pa)|mmhg|cmhg|mm[23³²]?|cm[23³²]?|m[23³²]?"
    r"|min|mn|h|j|jours?|mois|ans?|sem|bpm|batt?|torr|cp|gél|giga|téra|10[\^*]?\d{1,2}|log|ua|index|ratio))",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"[./* ]|10\^?\d")


class NumberShape(Struct, frozen=True):
    """A number in a cell: its marks, whether it is compared or flagged, and the unit written after it."""

    whole: bool
    point: bool = False
    comma: bool = False
    spaces: bool = False
    ambiguous: bool = False
    compared: bool = False
    flagged: bool = False
    unit: str = ""


def number_shape(text: str) -> NumberShape | None:
    """A number, alone or with a unit after it; ``None`` when the cell does not begin with one or goes on with words."""
    if len(text) > 40:
        return None
    found = _NUMERIC.fullmatch(text.strip())
    if found is None:
        return None
    unit = found["rest"].strip().strip("*").strip()
    if unit and not looks_like_unit(unit):
        return None
    number = found["number"]
    groups = number.replace(",", ".").split(".")
    return NumberShape(
        whole=len(groups) == 1,
        point="." in number,
        comma="," in number,
        spaces=bool(re.search(r"\s", number)),
        ambiguous=len(groups) == 2 and len(groups[1]) == 3 and 1 <= len(groups[0].lstrip("+-")) <= 3,
        compared=bool(found["compare"]),
        flagged=bool(found["star"] or found["flag"] or "*" in found["rest"]),
        unit=unit,
    )


def looks_like_unit(text: str) -> bool:
    """True for what is made of the usual units; a table of units says better."""
    if not 1 <= len(text) <= 24:
        return False
    rest, found = text, False
    while rest:
        unit = _longest_unit(rest)
        if unit:
            rest, found = rest[unit:], True
            continue
        between = _BETWEEN.match(rest)
        if between is None:
            return False
        rest = rest[between.end() :]
    return found


def _longest_unit(text: str) -> int:
    """How long the unit is that the text begins with, when no further letter follows it; 0 for none."""
    word = re.match(r"/?(?:[^\W\d_]+[23³²]?|[%‰°]C?|10[\^*]?\d{1,2})", text)
    return word.end() if word and _UNIT.fullmatch(word.group()) else 0


# --- codes ----------------------------------------------------------------------------------------------------------

_CIM10 = re.compile(r"[A-Z]\d{2}(?:\.[0-9X]{1,3}|[0-9]{1,3})?(?:[+.][0-9X]{1,2})?")
_CISP2 = re.compile(r"[ABDFHKLNPRSTUWXYZ](?:[0-6]\d|7[0-9]|8[0-9]|9[0-9])")
_ATC = re.compile(r"[ABCDGHJLMNPRSV](?:0[1-9]|1\d|2\d)[A-Z](?:[A-Z](?:\d{2})?)?")
_LOINC = re.compile(r"(\d{1,5})-(\d)")
_CCAM = re.compile(r"[A-Z]{4}\d{3}(?:[- ]?\d){0,2}")
_OF_DRUGS = frozenset({"cip13", "cip7", "ucd13", "ucd7", "cis"})


def code_systems(text: str) -> tuple[str, ...]:
    """The code systems whose codes look like this: several when their shapes are the same."""
    if not 3 <= len(text) <= 13:
        return ()
    found = [
        key
        for key, form in (("cim10", _CIM10), ("cisp2", _CISP2), ("atc", _ATC), ("ccam", _CCAM))
        if form.fullmatch(text)
    ]
    loinc = _LOINC.fullmatch(text)
    if loinc and luhn(loinc[1] + loinc[2]):
        found.append("loinc")
    return tuple(found)


def identifier_kinds(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Identifiers of people and places, and codes of drugs, that the cell may be."""
    found = kinds_of(text)
    return tuple(kind for kind in found if kind not in _OF_DRUGS), tuple(kind for kind in found if kind in _OF_DRUGS)


# --- words ----------------------------------------------------------------------------------------------------------

YES = frozenset({"oui", "o", "vrai", "true", "yes", "y", "1", "x", "t", "-1"})
NO = frozenset({"non", "n", "faux", "false", "no", "0", "f"})
FEMALE = frozenset({"f", "femme", "feminin", "fem", "female", "mme", "mlle", "madame", "2"})
MALE = frozenset({"m", "h", "homme", "masculin", "masc", "male", "mr", "monsieur", "1"})
FLAGS = frozenset({"l", "h", "ll", "hh", "n", "a", "*", "+", "-", "++", "--", "b", "bas", "haut", "normal", "anormal"})
NOTHING = frozenset({".", "-", "--", "---", "null", "n/a", "none", "\\n", "?", "nan"})
"""Words for nothing, as exports write them. ``NA`` is sodium as well: it stays."""
