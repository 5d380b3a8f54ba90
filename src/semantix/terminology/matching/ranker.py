"""The ranker: a conditional logistic regression over named features, two of them, and a gate between.

A query that is nearly a label (misspelt, shortened) and a query in a person's own words want different weights: the one
rewards order and letters, the other meaning. Each regime has its weights; a logistic gate on the whole candidate list
tells how much a query belongs to which. All weights can be read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from msgspec import Struct

from semantix.terminology.matching.arrays import Flags, Floats, Ints
from semantix.terminology.matching.features import BELIEF_NAMES, NAMES, QUERY_NAMES

RIDGE = 1e-3
STEPS = 400
RATE = 0.05


class Linear(Struct, frozen=True):
    """Weights over standardised features."""

    weights: Floats
    mean: Floats
    scale: Floats

    def __call__(self, features: Floats) -> Floats:
        """Return the sum for each row of features."""
        return np.asarray(((features - self.mean) / self.scale) @ self.weights, np.float32)

    def arrays(self, prefix: str) -> Mapping[str, Floats]:
        """What to save, by name."""
        return {f"{prefix}_weights": self.weights, f"{prefix}_mean": self.mean, f"{prefix}_scale": self.scale}

    @classmethod
    def of(cls, arrays: Mapping[str, Floats], prefix: str) -> Linear:
        """What was saved."""
        return cls(arrays[f"{prefix}_weights"], arrays[f"{prefix}_mean"], arrays[f"{prefix}_scale"])


def fit_choice(features: Floats, there: Flags, right: Flags) -> Linear:
    """Fit P(candidate | query) = softmax(weights · features) on queries whose right candidate is among theirs.

    ``features`` is (queries, candidates, features), ``there`` tells which candidates exist, ``right`` which are right.
    """
    has = (right & there).any(1)
    features, there, right = features[has], there[has], (right & there)[has]
    mean, scale = _standard(features[there])
    scaled = np.where(there[:, :, None], (features - mean) / scale, 0).astype(np.float32)
    target = right / np.maximum(right.sum(1, keepdims=True), 1)

    def slope(weights: Floats) -> Floats:
        return np.asarray(
            np.einsum("qk,qkf->f", softmax(scaled @ weights, there) - target, scaled) / len(scaled), np.float32
        )

    return Linear(_descend(slope, features.shape[2]), mean, scale)


def fit_yes(features: Floats, yes: Flags) -> Linear:
    """Fit P(yes) = 1 / (1 + exp(-weights · features)); the last feature should be the constant 1."""
    mean, scale = _standard(features)
    mean[-1], scale[-1] = 0, 1
    scaled = ((features - mean) / scale).astype(np.float32)

    def slope(weights: Floats) -> Floats:
        return np.asarray((sigmoid(scaled @ weights) - yes) @ scaled / len(scaled), np.float32)

    return Linear(_descend(slope, features.shape[1]), mean, scale)


def softmax(scores: Floats, there: Flags) -> Floats:
    """Turn scores into shares among the candidates that exist."""
    raised = np.where(there, scores, -1e9)
    raised = np.exp(raised - raised.max(1, keepdims=True)) * there
    return np.asarray(raised / np.maximum(raised.sum(1, keepdims=True), 1e-9), np.float32)


def sigmoid(scores: Floats) -> Floats:
    """Turn a score into a probability."""
    return np.asarray(1 / (1 + np.exp(-np.clip(scores, -30, 30))), np.float32)


def _standard(rows: Floats) -> tuple[Floats, Floats]:
    return rows.mean(0).astype(np.float32), (rows.std(0) + 1e-6).astype(np.float32)


def _descend(slope: object, size: int) -> Floats:
    """Adam with a ridge, from zero; deterministic."""
    assert callable(slope)
    weights = np.zeros(size, np.float32)
    first = np.zeros_like(weights)
    second = np.zeros_like(weights)
    for step in range(1, STEPS + 1):
        gradient = slope(weights) + RIDGE * weights
        first = 0.9 * first + 0.1 * gradient
        second = 0.99 * second + 0.01 * gradient * gradient
        weights = weights - RATE * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.99**step)) + 1e-6)
    return weights.astype(np.float32)


def _single(names: Sequence[str], weights: Mapping[str, float]) -> Linear:
    """Weights given by name, over features as they are."""
    size = len(names)
    given = np.asarray([weights.get(name, 0.0) for name in names], np.float32)
    return Linear(given, np.zeros(size, np.float32), np.ones(size, np.float32))


def plain_ranker() -> Ranker:
    """The ranker of a terminology with too few names to learn from: the plain sum, and little belief."""
    choice = _single(NAMES, {"fused": 10.0})
    gate = _single(QUERY_NAMES, {"best_label_ratio": 20.0, "constant": -17.0})
    return Ranker(choice, choice, gate, _single(BELIEF_NAMES, {"cov_query": 6.0, "cov_entry": 4.0, "constant": -8.0}))


class Ranker(Struct, frozen=True):
    """Both regimes, the gate, and the belief in the first candidate (None while it is being fitted)."""

    near: Linear
    free: Linear
    gate: Linear
    belief: Linear | None = None

    def order(self, codes: Ints, features: Floats, queries: Floats) -> tuple[Ints, Floats]:
        """Return, for each query, its candidates best first (places) and their shares in the same order."""
        there = codes >= 0
        shares = self.shares(there, features, queries)
        # Codes break ties, so that the order of rows in a table never matters.
        places = np.lexsort((codes, -np.round(shares, 6)), axis=1).astype(np.int32)
        return places, np.take_along_axis(shares, places, 1)

    def shares(self, there: Flags, features: Floats, queries: Floats) -> Floats:
        """Mix the shares of both regimes."""
        near = sigmoid(self.gate(queries))[:, None]
        mixed = near * softmax(self.near(features), there) + (1 - near) * softmax(self.free(features), there)
        return np.where(there, mixed, -1).astype(np.float32)
