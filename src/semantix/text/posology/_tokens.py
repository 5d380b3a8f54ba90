"""A dosage text as tokens: folded, cut, each with its class."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from decimal import Decimal

from msgspec import Struct

from semantix.text.posology._words import Entry, lexicon

LEXICON: Mapping[str, tuple[Entry, ...]] = lexicon()

_PIECES = {
    "œ": "oe",
    "æ": "ae",
    "½": " 1/2 ",
    "¼": " 1/4 ",
    "¾": " 3/4 ",
    "×": "x",
    "μ": "µ",
    "’": "'",
    "‘": "'",
    "–": "-",
    "—": "-",
    "‑": "-",
    "−": "-",
    "≥": ">",
    "º": "°",
    "\u00a0": " ",
    "\u202f": " ",
    "\u2009": " ",
}
_KEPT = frozenset("µ°")
_LONGEST_NUMBER = 9
_JOINED = re.compile(r"(?<=[a-z])[-'](?=[a-z])|(?<=(?<![a-z])[a-z])\.(?= ?[a-z])|\(s\)")
_TOKEN = re.compile(
    r"(?P<scheme>(?<![0-9/.,])[0-9]([./,])[0-9]\2[0-9](?:\2[0-9])?(?![0-9/.,]))"
    r"|(?P<fraction>(?<![0-9/.,])(?:1 ?/ ?[24]|3 ?/ ?4)(?![0-9/]|[.,][0-9]| ?h| ?j(?:ours?|rs?)?(?![a-z])))"
    r"|(?P<clock>(?<![0-9])(?:[01]?[0-9]|2[0-3])(?:h|:)[0-5][0-9](?![0-9:]))"
    r"|(?P<first>1 ?ere?(?![a-z]))"
    r"|(?P<number>[0-9]{1,3}(?: [0-9]{3})* 000(?![0-9])|[0-9]+(?:[.,][0-9]+)?)"
    r"|(?P<perkilo>(?:mg|mcg|ug|µg|g|ui|ml) ?(?:/|par ) ?kg(?![a-z]))"
    r"|(?P<times>x(?= ?j(?:our)?(?![a-z])))"
    r"|(?P<word>t°|°c?|[a-zµ]+)"
    r"|(?P<mark>>=?|[^\s\w])"
    r"|(?P<other>\w)"
)
_MARKS = {
    **dict.fromkeys(",;:.()[]!=\"'", ","),
    "/": "/",
    "-": "-",
    "+": "e",
    "&": "e",
    "*": "x",
    ">": ">",
    ">=": ">",
}


class Token(Struct, frozen=True):
    """One number, phrase or mark: its class, its value, where it stands in the text."""

    kind: str
    value: str
    start: int
    end: int
    number: Decimal = Decimal(0)
    is_literal: bool = False


def fold(text: str) -> tuple[str, Sequence[int]]:
    """Small letters without accents, and for each of them its place in the text."""
    low = text.lower()
    if low.isascii():
        return _join(low), range(len(low) + 1)
    out: list[str] = []
    where: list[int] = []
    for place, char in enumerate(text):
        piece = char.lower() if char.isascii() else _piece(char)
        out.append(piece)
        where.extend([place] * len(piece))
    where.append(len(text))
    return _join("".join(out)), where


def _piece(char: str) -> str:
    low = char.lower()
    known = _PIECES.get(low)
    if known is not None:
        return known
    if low in _KEPT:
        return low
    return "".join(c for c in unicodedata.normalize("NFD", low) if not unicodedata.combining(c))


def _join(text: str) -> str:
    """The same length: marks inside words and after one letter, and ``(s)``, become spaces."""
    text = _JOINED.sub(lambda m: " " * len(m.group()), text)
    return text.replace("\n", ";").replace("\r", ";") if "\n" in text or "\r" in text else text


def tokens(folded: str) -> list[Token]:
    """The tokens of a folded text; places are those of the folded text. Class ``?`` is not understood."""
    found: list[Token] = []
    raw = [(m.lastgroup or "", m.group(), m.start(), m.end()) for m in _TOKEN.finditer(folded)]
    at = 0
    while at < len(raw):
        name, written, start, end = raw[at]
        if name in ("word", "first"):
            kind, value, length = _phrase(raw, at)
            end = raw[at + length - 1][3]
            number = Decimal(value) if kind in "NFH" else Decimal(0)
            found.append(Token(kind, value or written, start, end, number))
            at += length
            continue
        found.append(_simple(name, written, start, end))
        at += 1
    return found


def _phrase(raw: list[tuple[str, str, int, int]], at: int) -> tuple[str, str, int]:
    """Class and value of the longest phrase that starts here, and its number of words."""
    written = raw[at][1].replace(" ", "")
    for rest, kind, value in LEXICON.get(written, ()):
        length = len(rest)
        if not length or tuple(r[1] for r in raw[at + 1 : at + 1 + length]) == rest:
            return kind, value, length + 1
    return "?", "", 1


def _simple(name: str, written: str, start: int, end: int) -> Token:
    if name == "number":
        value = written.replace(" ", "").replace(",", ".")
        kind = "N" if len(value) <= _LONGEST_NUMBER else "?"
        return Token(kind, value, start, end, Decimal(value), is_literal=True)
    if name == "fraction":
        upper, lower = written.replace(" ", "").split("/")
        return Token("F", written, start, end, Decimal(upper) / Decimal(lower), is_literal=True)
    if name == "clock":
        hours, _, minutes = written.replace("h", ":").partition(":")
        kind, value = "K", f"{int(hours):02}:{minutes}"
    elif name == "scheme":
        is_doubtful = any(half in written for half in ("1/2", "1/4", "3/4"))
        kind, value = "?" if is_doubtful else "z", written
    elif name == "perkilo":
        unit = written[: -len("kg")].replace("par", "").strip(" /")
        kind, value = "U", {"ug": "µg", "mcg": "µg", "ui": "UI"}.get(unit, unit) + "/kg"
    elif name == "times":
        kind, value = "x", written
    else:
        kind, value = _MARKS.get(written, "?"), written
    return Token(kind, value, start, end)
