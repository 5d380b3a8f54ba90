"""The words of terms as the search compares them, remembered from one key stroke to the next."""

from __future__ import annotations

import re

from msgspec import Struct

from semantix.terminology.records import TERM_KINDS, Concept, Term
from semantix.terminology.store import Store
from semantix.terminology.text import STOP_WORDS, fold, split_words, stem

__all__ = ["MOST_WORDS", "Known", "Memory", "words_of"]

MOST_WORDS = 8
"""Words of a text that are looked for."""
_MATCHED = frozenset(TERM_KINDS) - {"exclusion", "note"}
_TOKEN = re.compile(r"[a-z0-9]+")


class Known(Struct, frozen=True):
    """One term with its words, and their stems, as the search compares them."""

    term: Term
    words: tuple[str, ...]
    stems: frozenset[str]
    size: int

    def has(self, word: str, root: str) -> bool:
        """Tell whether a word is there, whole or by its stem; of two letters and more, also begun."""
        if word in self.words or root in self.stems:
            return True
        return len(word) > 1 and any(token.startswith((word, root)) for token in self.words)


class Memory:
    """The words of codes that were read before; threads may share it."""

    def __init__(self, most_codes: int = 20_000, most_stems: int = 100_000) -> None:
        self._codes: dict[tuple[str, str], tuple[Known, ...]] = {}
        self._displays: dict[tuple[str, str], Known] = {}
        self._stems: dict[str, str] = {}
        self._most_codes, self._most_stems = most_codes, most_stems

    def display(self, concept: Concept) -> Known:
        """The display of a concept with its words."""
        key = concept.system, concept.code
        found = self._displays.get(key)
        if found is None:
            if len(self._displays) >= self._most_codes:
                self._displays.clear()
            found = self._known(Term(concept.system, concept.code, concept.display, "preferred"))
            self._displays[key] = found
        return found

    def terms(self, store: Store, system: str, code: str) -> tuple[Known, ...]:
        """The terms of a code that may be matched, with their words."""
        key = system, code
        found = self._codes.get(key)
        if found is None:
            terms = (term for term, _ in store.terms_of(system, code) if term.kind in _MATCHED)
            found = tuple(self._known(term) for term in terms)
            if len(self._codes) >= self._most_codes:
                self._codes.clear()
            self._codes[key] = found
        return found

    def stem(self, word: str) -> str:
        """The stem of a word."""
        known = self._stems.get(word)
        if known is None:
            if len(self._stems) >= self._most_stems:
                self._stems.clear()
            self._stems[word] = known = stem(word)
        return known

    def _known(self, term: Term) -> Known:
        words = _tokens(term.text)
        return Known(term, words, frozenset(map(self.stem, words)), len(set(words) - STOP_WORDS))


def words_of(text: str) -> tuple[str, ...]:
    """The words to look for; of the smallest words alone, the last, which may be the beginning of another."""
    words = _tokens(text)
    kept = [word for word in words if word not in STOP_WORDS] or words[-1:]
    return tuple(dict.fromkeys(kept))[:MOST_WORDS]


def _tokens(text: str) -> tuple[str, ...]:
    return tuple(token for word in split_words(fold(text)) for token in _TOKEN.findall(word))
