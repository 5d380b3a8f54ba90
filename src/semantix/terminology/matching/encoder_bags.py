"""Names and queries as weighted features for the bi-encoder."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from semantix.terminology.matching.encoder import Bags, bigram_feature, stem_features
from semantix.terminology.matching.index import Entry, Lexicon
from semantix.terminology.matching.names import Words
from semantix.terminology.matching.queries import WordReader
from semantix.terminology.text import stem

GRAM_SHARE = 0.7
BIGRAM_SHARE = 0.5
BIGRAM_OF_QUERY = 2.0
OPTIONAL_SHARE = 0.5
NEAR_BEST = 0.9
READINGS = 3


class FeatureReader:
    """The features of stems, each computed once."""

    def __init__(self, stems: Sequence[str], reader: WordReader) -> None:
        self._stems, self._reader = stems, reader
        self._features: dict[str, list[int]] = {}
        self._words: dict[str, tuple[list[int], list[float], str]] = {}

    def of(self, root: str) -> list[int]:
        """Return the hashed features of a stem, the stem itself first."""
        found = self._features.get(root)
        if found is None:
            found = self._features[root] = stem_features(root)
        return found

    def entries(self, entries: Sequence[Entry], lexicon: Lexicon) -> Bags:
        """Lay out the names of a lexicon."""
        idf = dict(zip(self._stems, lexicon.idf.tolist(), strict=True))
        rows = _Rows()
        for entry in entries:
            features: list[int] = []
            weights: list[float] = []
            for share, roots in ((1.0, entry.name.required), (OPTIONAL_SHARE, entry.name.optional)):
                for root in roots:
                    _add(features, weights, self.of(root), idf[root] * share)
            required = entry.name.required
            for left, right in pairwise(required):
                features.append(bigram_feature(left, right))
                weights.append(BIGRAM_SHARE * (idf[left] + idf[right]) / 2)
            rows.add(features, weights)
        return rows.bags()

    def queries(self, queries: Sequence[Words]) -> Bags:
        """Lay out queries, unknown words as what they may stand for."""
        rows = _Rows()
        for query in queries:
            features: list[int] = []
            weights: list[float] = []
            sequence: list[str] = []
            for share, tokens in ((1.0, query.required), (OPTIONAL_SHARE, query.optional)):
                for token in tokens:
                    word = self._words.get(token)
                    if word is None:
                        if len(self._words) > 200_000:
                            self._words.clear()
                        word = self._words[token] = self._word(token)
                    features += word[0]
                    weights += word[1] if share == 1.0 else [weight * share for weight in word[1]]
                    sequence.append(word[2])
            for left, right in pairwise(sequence):
                features.append(bigram_feature(left, right))
                weights.append(BIGRAM_OF_QUERY)
            rows.add(features, weights)
        return rows.bags()

    def _word(self, token: str) -> tuple[list[int], list[float], str]:
        word, root = self._reader.word(token), stem(token)
        readings = [(root, 1.0)]
        if word.stems and self._stems[word.stems[0]] != root:
            best = word.sims[0]
            pairs = list(zip(word.stems, word.sims, strict=True))[:READINGS]
            readings = [(self._stems[place], alike / best) for place, alike in pairs if alike >= best * NEAR_BEST]
        features: list[int] = []
        weights: list[float] = []
        for reading, share in readings:
            _add(features, weights, self.of(reading), word.weight * share / len(readings) ** 0.5)
        return features, weights, readings[0][0]


class _Rows:
    def __init__(self) -> None:
        self._pointer, self._features, self._weights = [0], list[int](), list[float]()

    def add(self, features: list[int], weights: list[float]) -> None:
        norm = sum(weight * weight for weight in weights) ** 0.5 or 1.0
        self._features += features
        self._weights += [weight / norm for weight in weights]
        self._pointer.append(len(self._features))

    def bags(self) -> Bags:
        return Bags(
            np.asarray(self._pointer, np.int64),
            np.asarray(self._features, np.int32),
            np.asarray(self._weights, np.float32),
        )


def _add(features: list[int], weights: list[float], of_stem: list[int], weight: float) -> None:
    features += of_stem
    weights.append(weight)
    grams = len(of_stem) - 1
    if grams:
        weights += [GRAM_SHARE * weight / grams**0.5] * grams
