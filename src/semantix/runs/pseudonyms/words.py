"""Words beside a code: kept, unless they hold a name of the document or something that looks like a number of a person.

Words that stand alone are free text and are not judged here: the policy says what becomes of them.
"""

from __future__ import annotations

import re
import unicodedata

from semantix.model import Name

SHORTEST = 3
"""Names of fewer letters are in too many words to be looked for."""
_LONGEST = 300
_REMEMBERED = 1 << 16
_SPLIT = re.compile(r"[^a-z0-9]+")
_NUMBER = re.compile(
    r"[^\s@]+@[^\s@]+\.[a-z]{2,}|https?://|(?:\d[ ./-]?){10,}"
    r"|\b\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}\b|\b(?:19|20)\d\d-\d\d-\d\d\b",
    re.IGNORECASE,
)


def folded(text: str) -> str:
    """Small letters without accents."""
    if text.isascii():
        return text.lower()
    text = text.replace("œ", "oe").replace("Œ", "oe").replace("æ", "ae").replace("Æ", "ae")
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).lower()


def words_of(text: str) -> frozenset[str]:
    """The words of a text that are long enough to be a name."""
    return frozenset(word for word in _SPLIT.split(folded(text)) if len(word) >= SHORTEST)


def names_in(names: tuple[Name, ...]) -> frozenset[str]:
    """The words of the names of somebody, civilities apart."""
    found = [part.value for name in names for part in name.parts if part.kind in {"family", "given"}]
    found += [name.text for name in names if name.text]
    return frozenset(word for text in found for word in words_of(text) if not word.isdigit()) - _CIVILITIES


_CIVILITIES = frozenset({"monsieur", "madame", "mademoiselle", "docteur", "professeur", "mme", "mlle", "des", "les"})


class Labels:
    """Judges labels; each is split once, since the same ones come in document after document."""

    __slots__ = ("_known",)

    def __init__(self) -> None:
        self._known: dict[str, frozenset[str] | None] = {}

    def is_safe(self, label: str, names: frozenset[str]) -> bool:
        """True for words without any of these names, and without a date, a long number or an address of the web."""
        try:
            words = self._known[label]
        except KeyError:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            words = self._known[label] = self._split(label)
        return words is not None and words.isdisjoint(names)

    @staticmethod
    def _split(label: str) -> frozenset[str] | None:
        if len(label) > _LONGEST or _NUMBER.search(label):
            return None
        return words_of(label)
