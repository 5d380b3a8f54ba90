"""A person's words made ready for the word index: weights, and what each word may stand for.

What one word becomes is looked up once and kept. A word is read in this order: as a stem of the vocabulary with its
expansions; as a shortening learned from official labels; as a misspelling; as the beginning of longer words.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence

import numpy as np
from msgspec import Struct
from rapidfuzz import process
from rapidfuzz.distance import OSA

from semantix.terminology.matching.arrays import Floats, Ints, Longs
from semantix.terminology.matching.index import EXPANSIONS, MEDIAN_DF, Lexicon, Vocabulary
from semantix.terminology.matching.names import MARKS, Words
from semantix.terminology.matching.spelling import LIKELY_TYPO, opposed
from semantix.terminology.text import stem

OPTIONAL_SHARE = 0.8
LONGEST = 40
"""Words of a query whose order is looked at."""
MARK_SHARE = 0.5
PREFIX_LEAST = 3
PREFIX_MOST = 64
PREFIX_SIMILARITY = {3: 0.6, 4: 0.7, 5: 0.75}
PREFIX_LONG = 0.8
TYPO_SHARE = 0.94
FAR_SHARE = 0.8
FAR_FLOOR, FAR_MOST, FAR_LEAST = 0.6, 3, 6


class Word(Struct, frozen=True):
    """One query word: idf ``weight``, and the ``stems`` (places) it may stand for with ``sims``, best first.

    ``kind`` is ``known``, ``shortened``, ``guessed`` (misspelt or cut) or ``unknown``; ``root`` is its stem.
    """

    weight: float
    stems: tuple[int, ...]
    sims: tuple[float, ...]
    kind: str = "known"
    root: str = ""


class Compiled(Struct, frozen=True):
    """Queries as the kernels want them: CSR arrays over words, over expansions, and over words (places) as written."""

    words: Longs
    weights: Floats
    expansions: Longs
    stems: Ints
    sims: Floats
    order_ptr: Longs
    order: Ints


class WordReader:
    """Reads words against one vocabulary; keeps what it read (at most ``memory`` words)."""

    def __init__(
        self,
        lexicon: Lexicon,
        vocabulary: Vocabulary,
        shortenings: Mapping[str, Mapping[int, float]],
        memory: int = 200_000,
    ) -> None:
        self._lexicon, self._vocabulary, self._shortenings = lexicon, vocabulary, shortenings
        self._place = vocabulary.places
        self._sorted = vocabulary.stems  # sorted
        self._known: dict[str, Word] = {}
        self._memory = memory
        self._unknown_weight = float(np.log(1 + lexicon.codes / MEDIAN_DF))

    def word(self, token: str) -> Word:
        """Return what a folded word weighs and may stand for."""
        found = self._known.get(token)
        if found is None:
            if len(self._known) >= self._memory:
                self._known.clear()
            found = self._known[token] = self._read(token)
        return found

    def compile(self, queries: Sequence[Words]) -> Compiled:
        """Lay out queries."""
        words, expansions = [0], [0]
        weights: list[float] = []
        stems: list[int] = []
        sims: list[float] = []
        order_ptr, order = [0], []
        for query in queries:
            start = len(weights)
            at = {}
            for share, tokens in ((1.0, query.required), (OPTIONAL_SHARE, query.optional)):
                for token in tokens:
                    word = self.word(token)
                    at[token] = len(weights) - start
                    weights.append(word.weight * share)
                    stems.extend(word.stems)
                    sims.extend(word.sims)
                    expansions.append(len(stems))
            words.append(len(weights))
            order += [at[token] for token in query.sequence[:LONGEST]]
            order_ptr.append(len(order))
        return Compiled(
            np.asarray(words, np.int64),
            np.asarray(weights, np.float32),
            np.asarray(expansions, np.int64),
            np.asarray(stems, np.int32),
            np.asarray(sims, np.float32),
            np.asarray(order_ptr, np.int64),
            np.asarray(order, np.int32),
        )

    def _read(self, token: str) -> Word:
        root = stem(token)
        place = self._place.get(root, -1)
        found: dict[int, float] = {}
        if place >= 0:
            found.update(self._vocabulary.expansions_of(place))
        readings = self._shortenings.get(root) or self._shortenings.get(token)
        for other, alike in (readings or {}).items():
            found[other] = max(alike, found.get(other, 0.0))
        kind = "known" if place >= 0 else "shortened"
        if not found:
            found, kind = self._guess(root), "guessed"
        if not found:
            return Word(self._unknown_weight, (), (), "unknown", root)
        best = sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))[:EXPANSIONS]
        idf = self._lexicon.idf
        if place >= 0:
            weight = float(idf[place])
        else:
            weight = float(sum(idf[p] * s for p, s in best[:3]) / sum(s for _, s in best[:3]))
        if token in MARKS:
            weight *= MARK_SHARE
        return Word(weight, tuple(p for p, _ in best), tuple(s for _, s in best), kind, root)

    def _guess(self, root: str) -> dict[int, float]:
        """Read an unknown word as a misspelling or as a beginning; the nearest reading of either kind."""
        speller = self._vocabulary.speller
        near = speller.neighbours(root, LIKELY_TYPO) or [(p, s * FAR_SHARE) for p, s in speller.neighbours(root)]
        typos = {p: s * TYPO_SHARE for p, s in near}
        for place, alike in near[:1]:
            # What the likely word stands for, the misspelt one does too.
            for other, strength in self._vocabulary.expansions_of(place):
                typos[other] = max(alike * strength * TYPO_SHARE, typos.get(other, 0.0))
        if not typos and len(root) >= FAR_LEAST and root.isalpha():
            typos = self._farthest(root)
        if len(root) >= PREFIX_LEAST and root.isalpha():
            for place, alike in self._beginnings(root):
                typos[place] = max(alike, typos.get(place, 0.0))
        return typos

    def _farthest(self, root: str) -> dict[int, float]:
        """The whole vocabulary by edit distance, for a word that nothing else reads: ``bydsphagie``."""
        found = process.extract(
            root, self._sorted, scorer=OSA.normalized_similarity, limit=FAR_MOST, score_cutoff=FAR_FLOOR
        )
        return {place: float(alike) * FAR_SHARE for _, alike, place in found if not opposed(root, self._sorted[place])}

    def _beginnings(self, root: str) -> list[tuple[int, float]]:
        """Stems that begin with ``root``, the most used first."""
        start = bisect_left(self._sorted, root)
        places: list[int] = []
        while start < len(self._sorted) and self._sorted[start].startswith(root) and len(places) <= PREFIX_MOST:
            places.append(start)
            start += 1
        if len(places) > PREFIX_MOST:
            return []
        alike = PREFIX_SIMILARITY.get(len(root), PREFIX_LONG)
        used = self._lexicon.uses
        places.sort(key=lambda p: (-int(used[p]), p))
        return [(p, alike - 0.01 * rank) for rank, p in enumerate(places[:EXPANSIONS])]
