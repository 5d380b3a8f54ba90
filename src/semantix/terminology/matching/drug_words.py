"""The words of drug names: weights, and what a written word may stand for (itself, a misspelling, a beginning)."""

from __future__ import annotations

import bisect
import math
from collections import Counter
from collections.abc import Mapping, Sequence

from rapidfuzz.distance import OSA

from semantix.terminology.matching.drug_index import Entry
from semantix.terminology.matching.spelling import Speller
from semantix.terminology.text import stem

__all__ = ["Vocabulary"]

MISSPELT = 0.72
"""The least similarity of a word that is read as a misspelling of another."""
BEGUN = 0.8
"""The similarity of a word cut short (``amoxicil``) to the word that it begins."""
SHORTEST_BEGINNING = 6
LONG_WORD = 10
"""Names of drugs look alike: two letters may be wrong only in words of this length that begin alike."""
MANY_BEGINNINGS = 12


class Vocabulary:
    """Words of the entries of an index, with the entries that hold each."""

    def __init__(
        self, entries: Sequence[Entry], joined: Mapping[str, tuple[str, ...]], speller: Speller | None = None
    ) -> None:
        self.postings: dict[str, list[int]] = {}
        for place, entry in enumerate(entries):
            for word in entry.words:
                self.postings.setdefault(word, []).append(place)
        self.joined = joined
        counts = Counter({word: len(places) for word, places in self.postings.items()})
        self._rarest = math.log(len(entries) + 2)
        self.weights = {word: math.log((len(entries) + 2) / (count + 0.5)) for word, count in counts.items()}
        self.sorted_words = sorted(self.postings)
        self._speller = speller
        self._cache: dict[str, tuple[tuple[str, float], ...]] = {}

    def speller(self) -> Speller:
        """The finder of misspelt words, made when first needed."""
        if self._speller is None:
            self._speller = Speller.build(self.sorted_words)
        return self._speller

    def weight(self, word: str) -> float:
        """How much a word says: the rarer, the more; an unknown word says something too."""
        known = self.weights.get(word)
        if known is not None:
            return known
        return self._rarest * (0.6 if word.isalpha() and len(word) > 2 else 0.15)

    def split(self, words: Sequence[str]) -> list[str]:
        """Words as the index has them: those written apart are joined, those written together are parted."""
        found: list[str] = []
        at = 0
        while at < len(words):
            pair = stem(words[at] + words[at + 1]) if at + 1 < len(words) else ""
            if pair in self.postings and not (words[at] in self.postings and words[at + 1] in self.postings):
                found.append(pair)
                at += 2
                continue
            found += self._parts(words[at])
            at += 1
        return found

    def _parts(self, word: str) -> Sequence[str]:
        if word in self.postings or len(word) < 6:
            return (word,)
        if word in self.joined and all(part in self.postings for part in self.joined[word]):
            return self.joined[word]
        for cut in range(len(word) - 4, 3, -1):
            parts = (stem(word[:cut]), stem(word[cut:]))
            if parts[0] in self.postings and parts[1] in self.postings:
                return parts
        return (word,)

    def expand(self, word: str) -> tuple[tuple[str, float], ...]:
        """The words of the index that a written word may stand for, best first, with similarities up to 1."""
        if word in self.postings:
            return ((word, 1.0),)
        found = self._cache.get(word)
        if found is None:
            found = self._cache[word] = self.near(word)
            if len(self._cache) > 50_000:
                self._cache.clear()
        return found

    def near(self, word: str) -> tuple[tuple[str, float], ...]:
        """The words that ``word`` misspells or begins, itself left out."""
        found: dict[str, float] = {}
        if len(word) >= SHORTEST_BEGINNING and word.isalpha():
            start = bisect.bisect_left(self.sorted_words, word)
            begun = []
            for other in self.sorted_words[start : start + MANY_BEGINNINGS]:
                if not other.startswith(word):
                    break
                if other != word:
                    begun.append(other)
            if len(begun) < MANY_BEGINNINGS:
                found.update((other, BEGUN) for other in begun)
        for place, alike in self.speller().neighbours(word, MISSPELT):
            other = self.sorted_words[place]
            edits = OSA.distance(word, other)
            if edits > 2 or (edits == 2 and (min(len(word), len(other)) < LONG_WORD or word[0] != other[0])):
                continue
            if alike > found.get(other, 0):
                found[other] = alike
        return tuple(sorted(found.items(), key=lambda item: (-item[1], item[0])))
