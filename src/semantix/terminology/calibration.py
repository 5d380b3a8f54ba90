"""Calibrated doubt: from a matcher's raw confidence to a probability, and to "precision at least X" with its bound.

Isotonic regression (pool adjacent violators; Ayer et al., 1955) on held-out pairs, one curve a kind of source. Between
the centres of blocks the curve is linear, so that ranks are kept. A threshold is accepted only when the one-sided 95 %
lower confidence bound (Wilson, 1927) of the precision above it reaches what was asked for.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from operator import itemgetter

from msgspec import Struct

from semantix.terminology.matching import KINDS_OF_SOURCE, Example

LEAST = 100
"""Held-out pairs of one kind below which nothing is accepted automatically."""
Z = 1.6449
"""The 95 % quantile of the normal distribution."""


class Curve(Struct, frozen=True):
    """Raw confidence to probability, both rising; ``seen`` held-out pairs stand behind it."""

    confidences: tuple[float, ...]
    probabilities: tuple[float, ...]
    seen: int

    def __call__(self, confidence: float) -> float:
        """Return the calibrated probability."""
        if not self.confidences:
            return 0.0
        at = bisect_left(self.confidences, confidence)
        if at == 0:
            return self.probabilities[0]
        if at == len(self.confidences):
            return self.probabilities[-1]
        left, right = self.confidences[at - 1], self.confidences[at]
        share = (confidence - left) / (right - left)
        return self.probabilities[at - 1] + share * (self.probabilities[at] - self.probabilities[at - 1])


class Calibration(Struct, frozen=True):
    """One curve a kind of source, and the held-out pairs they were fitted on, most confident first."""

    curves: Mapping[str, Curve]
    examples: Mapping[str, tuple[tuple[float, bool], ...]]

    @classmethod
    def fit(cls, examples: Iterable[Example]) -> Calibration:
        """Fit every kind of source; a kind with too few pairs gets the curve of all of them together."""
        pairs: dict[str, list[tuple[float, bool]]] = {kind: [] for kind in KINDS_OF_SOURCE}
        for example in examples:
            pairs[example.kind].append((example.confidence, example.right))
        everything = [pair for found in pairs.values() for pair in found]
        curves = {kind: fit_curve(found if len(found) >= LEAST else everything) for kind, found in pairs.items()}
        ordered = {kind: tuple(sorted(found, key=lambda pair: -pair[0])) for kind, found in pairs.items()}
        return cls(curves, ordered)

    def probability(self, kind: str, confidence: float) -> float:
        """Return the calibrated probability that a candidate is right."""
        return self.curves[kind](confidence)

    def threshold(self, kind: str, precision: float) -> float | None:
        """Return the raw confidence from which candidates are right that often, or None when that cannot be told."""
        examples = self.examples[kind]
        if len(examples) < LEAST:
            return None
        best = None
        right = 0
        for count, (confidence, is_right) in enumerate(examples, 1):
            right += is_right
            last_of_tie = count == len(examples) or examples[count][0] < confidence
            if last_of_tie and lower_bound(right, count) >= precision:
                best = confidence
        return best


def fit_curve(pairs: Sequence[tuple[float, bool]]) -> Curve:
    """Fit one isotonic curve; the ends are pulled in as if two more pairs, one right, one wrong, had been seen."""
    blocks: list[list[float]] = []
    for confidence, tied in groupby(sorted(pairs), key=itemgetter(0)):
        rights = [is_right for _, is_right in tied]
        blocks.append([confidence * len(rights), float(sum(rights)), float(len(rights))])
        while len(blocks) > 1 and blocks[-2][1] / blocks[-2][2] >= blocks[-1][1] / blocks[-1][2]:
            sums = blocks.pop()
            blocks[-1] = [mine + more for mine, more in zip(blocks[-1], sums, strict=True)]
    # A block holds the sum of confidences, of rights, and the count.
    confidences, probabilities = [], []
    for total, right, count in blocks:
        confidences.append(round(total / count, 6))
        probabilities.append(round((right + 1) / (count + 2) if count < LEAST else (right + 0.5) / (count + 1), 6))
    rising = [max(probabilities[: at + 1]) for at in range(len(probabilities))]
    return Curve(tuple(confidences), tuple(rising), len(pairs))


def lower_bound(right: int, count: int) -> float:
    """Return the one-sided 95 % lower confidence bound of a proportion (Wilson score interval)."""
    if not count:
        return 0.0
    share = right / count
    square = Z * Z / count
    spread = Z * ((share * (1 - share) + square / 4) / count) ** 0.5
    return float((share + square / 2 - spread) / (1 + square))
