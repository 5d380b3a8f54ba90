"""A text beside the same text in small letters without accents, character for character."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple

LONGEST = 20_000
"""Characters of one cell that are looked at; a longer one is kept whole, unread."""


def _folding() -> Mapping[int, str]:
    """One character for one character: places in the folded text are places in the text."""
    out: dict[int, str] = {}
    for point in (*range(0x21, 0x250), *range(0x1E00, 0x1F00)):
        base = unicodedata.normalize("NFD", chr(point))[0].lower()
        if len(base) == 1:
            out[point] = base
    for marks, plain in (
        ("’‘ʼ´`′", "'"),
        ("–—−‐‑‒", "-"),
        ("\u00a0\u202f\u2009\t\x0b\x0c", " "),
        ("\r\u2028\x85", "\n"),
    ):
        out.update(dict.fromkeys(map(ord, marks), plain))
    return MappingProxyType(out)


_FOLDING = _folding()
_EMPTY = re.compile(r"\(\s*\)|\[\s*\]")
_EDGES = " \n,;:.=-*•·>"


def fold(text: str) -> str:
    """Small letters without accents, plain apostrophes, dashes and spaces; as long as the text."""
    return text.translate(_FOLDING)


class Item(NamedTuple):
    """A part of a text, and the same part folded; both of one length."""

    raw: str
    low: str

    @classmethod
    def of(cls, text: str) -> Item:
        """A whole text."""
        return cls(text, fold(text))

    def part(self, start: int = 0, end: int | None = None) -> Item:
        """A part of it, without the blanks and marks at its edges."""
        low = self.low[start:end]
        left = len(low) - len(low.lstrip(_EDGES))
        size = len(low.rstrip(_EDGES))
        if size <= left:
            return Item("", "")
        return Item(self.raw[start:end][left:size], low[left:size])

    def without(self, spans: Iterable[tuple[int, int]]) -> Item:
        """The item with some of its parts taken out."""
        raw, low, place = [], [], 0
        for start, end in sorted(spans):
            if start >= place:
                raw.append(self.raw[place:start])
                low.append(self.low[place:start])
                place = end
        return Item(" ".join((*raw, self.raw[place:])), " ".join((*low, self.low[place:])))

    @property
    def words(self) -> str:
        """The words on one line, without empty parentheses and marks at the edges."""
        line = " ".join(_EMPTY.sub(" ", self.raw).split()).strip(_EDGES)
        if line.startswith("(") and line.endswith(")") and line.count("(") == 1:
            line = line[1:-1].strip(_EDGES)
        return line
