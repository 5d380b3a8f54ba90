"""Words that look alike: the nearest words of a vocabulary by character n-grams and edit distance.

Cosine over idf-weighted 2- to 4-grams finds a handful of words, the optimal string alignment distance orders them.
Pairs that differ by an opposing affix (``hypo``/``hyper``) look alike and mean the contrary: they are never neighbours.
"""

from __future__ import annotations

from collections.abc import Sequence
from zlib import crc32

import numba
import numpy as np
from rapidfuzz.distance import OSA

from semantix.terminology.matching.arrays import Floats, Ints, Longs, inverted, ragged

BUCKETS = 1 << 18
NEAREST = 12
"""Words kept by cosine before the edit distance orders them."""
ALIKE = 0.5
LIKELY_TYPO = 0.72
CAP = 0.9
_OPPOSED = (
    ("hypo", "hyper"), ("macro", "micro"), ("tachy", "brady"), ("poly", "oligo"), ("intra", "extra"),
    ("inter", "intra"),
    ("pre", "post"), ("ante", "post"), ("endo", "exo"), ("hypo", "hypno"), ("uni", "bi"), ("mono", "poly"),
    ("supra", "infra"),
    ("sus", "sous"), ("in", "ab"), ("dys", "eu"), ("peri", "para"), ("ab", "ad"), ("adduct", "abduct"),
    ("inspir", "expir"),
    ("auto", "allo"), ("hetero", "homo"), ("iso", "allo"), ("leuco", "lympho"), ("trans", "cis"),
    ("afferent", "efferent"),
    ("inclus", "exclus"), ("neutro", "eosino"), ("thrombo", "neutro"),
)  # fmt: skip
_STARTS = frozenset(affix[0] for pair in _OPPOSED for affix in pair)
_NEGATING = ("in", "im", "ir", "a", "an", "non", "anti", "de", "des", "dys")


def opposed(left: str, right: str) -> bool:
    """Tell whether two words differ by an affix that turns the meaning: ``hypotension`` and ``hypertension``."""
    if left[0] in _STARTS and right[0] in _STARTS:
        for one, other in _OPPOSED:
            if _swapped(left, right, one, other) or _swapped(right, left, one, other):
                return True
    short, long = sorted((left, right), key=len)
    return len(short) >= 5 and any(long == prefix + short for prefix in _NEGATING)


def _swapped(left: str, right: str, one: str, other: str) -> bool:
    return left.startswith(one) and right.startswith(other) and left[len(one) :][:3] == right[len(other) :][:3]


def grams(word: str) -> list[int]:
    """The hashed character 2- to 4-grams of a word with its borders, each once."""
    marked = f"#{word}#"
    found = {_hash(marked[start : start + size]) for size in (2, 3, 4) for start in range(len(marked) - size + 1)}
    return sorted(found)


def _hash(gram: str) -> int:
    """A checksum: the same in every process, unlike ``hash``."""
    return crc32(gram.encode()) & (BUCKETS - 1)


class Speller:
    """Finds the neighbours of a word in a vocabulary of words (stems)."""

    def __init__(self, words: Sequence[str], pointer: Longs, postings: Ints, idf: Floats, norm: Floats) -> None:
        self.words = words
        self._pointer, self._postings, self._idf, self._norm = pointer, postings, idf, norm
        self._scores = np.zeros(len(words), np.float32)

    @classmethod
    def build(cls, words: Sequence[str]) -> Speller:
        """Index the grams of a vocabulary."""
        rows, values = ragged(grams(word) for word in words)
        pointer, postings = inverted(rows, values, BUCKETS)
        df = np.diff(pointer)
        idf = np.log((len(words) + 1) / (df + 0.5)).astype(np.float32)
        squares = np.add.reduceat(np.append(idf[values] ** 2, 0), rows[:-1]) if len(words) else np.zeros(0)
        return cls(words, pointer, postings, idf, np.sqrt(squares).astype(np.float32) + np.float32(1e-9))

    def arrays(self) -> dict[str, Longs | Ints | Floats]:
        """What :meth:`__init__` takes, by name."""
        return {"pointer": self._pointer, "postings": self._postings, "idf": self._idf, "norm": self._norm}

    def neighbours(self, word: str, floor: float = ALIKE) -> list[tuple[int, float]]:
        """Words of the vocabulary like ``word`` (itself left out), best first, as (place, similarity <= 0.9)."""
        if len(word) < 4 or not word.isalpha():
            return []
        wanted = np.asarray(grams(word), np.int32)
        places, cosines = _nearest(wanted, self._pointer, self._postings, self._idf, self._norm, self._scores, NEAREST)
        found = []
        for place, cosine in zip(places.tolist(), cosines.tolist(), strict=True):
            other = self.words[place]
            if other == word or not other.isalpha():
                continue
            edits = OSA.normalized_similarity(word, other)
            alike = edits if floor >= LIKELY_TYPO else min(CAP, (cosine + edits) / 2)
            if alike >= floor and not opposed(word, other):
                found.append((place, min(CAP, alike)))
        return sorted(found, key=lambda pair: (-pair[1], pair[0]))


@numba.njit(cache=True, nogil=True)
def _nearest(
    wanted: Ints, pointer: Longs, postings: Ints, idf: Floats, norm: Floats, scores: Floats, size: int
) -> tuple[Ints, Floats]:  # pragma: no cover - compiled
    touched = np.empty(scores.shape[0], np.int32)
    count = 0
    total = np.float32(0)
    for gram in wanted:
        weight = idf[gram] * idf[gram]
        total += weight
        for at in range(pointer[gram], pointer[gram + 1]):
            place = postings[at]
            if scores[place] == 0:
                touched[count] = place
                count += 1
            scores[place] += weight
    size = min(size, count)
    places = np.empty(size, np.int32)
    cosines = np.zeros(size, np.float32)
    kept = 0
    query_norm = np.sqrt(total) + np.float32(1e-9)
    for i in range(count):
        place = touched[i]
        cosine = scores[place] / (norm[place] * query_norm)
        scores[place] = 0
        if kept < size:
            at = kept
            kept += 1
        elif cosine > cosines[size - 1] or (cosine == cosines[size - 1] and place < places[size - 1]):
            at = size - 1
        else:
            continue
        while at > 0 and (cosines[at - 1] < cosine or (cosines[at - 1] == cosine and places[at - 1] > place)):
            cosines[at] = cosines[at - 1]
            places[at] = places[at - 1]
            at -= 1
        cosines[at] = cosine
        places[at] = place
    return places, cosines
