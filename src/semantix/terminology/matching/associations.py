"""Words that stand for one another, learned from pairs of names of one code (``rein`` and ``rénal``).

IBM Model 1 (Brown et al., 1993) over the words that the two names do not share: each word of one name is explained by
the words of the other. A short residual is nearly a definition; residuals of more than four words teach nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from semantix.terminology.matching.arrays import Floats, Longs

RESIDUAL = 4
ROUNDS = 6
SMOOTHING = 0.7
STRENGTH_CAP = 0.9
WEAKEST = 0.4
Pair = tuple[Sequence[int], Sequence[int]]


def learn(pairs: Iterable[Pair], size: int) -> Mapping[int, Mapping[int, float]]:
    """Learn, for each word (as a place below ``size``), the words it may stand for, with a similarity in [0.4, 0.9]."""
    left, right = _residuals(pairs)
    if not left:
        return {}
    forward, counts, links = _translate(left, right, size)
    backward, _, back_links = _translate(right, left, size)
    strengths: dict[int, dict[int, float]] = {}
    reverse = {(int(t), int(s)): float(p) for (s, t), p in zip(back_links.tolist(), backward.tolist(), strict=True)}
    for (source, target), p, count in zip(links.tolist(), forward.tolist(), counts.tolist(), strict=True):
        q = reverse.get((source, target), 0.0)
        for here, there, one, other in ((source, target, p, q), (target, source, q, p)):
            strength = _strength(one, other, count)
            if strength >= WEAKEST:
                row = strengths.setdefault(here, {})
                row[there] = max(strength, row.get(there, 0.0))
    return strengths


def _strength(p: float, q: float, count: float) -> float:
    """Similarity of two words from both translation probabilities and the mass of evidence."""
    core = 0.75 * (p * max(q, 0.3 * p)) ** 0.5 * min(1.0, (count / 3) ** 0.5)
    return min(STRENGTH_CAP, 0.35 + core + (0.15 if q > 0.1 else 0.0)) if core > 0.05 else 0.0


def _residuals(pairs: Iterable[Pair]) -> tuple[list[list[int]], list[list[int]]]:
    lefts, rights = [], []
    for one, other in pairs:
        shared = set(one) & set(other)
        left = [w for w in one if w not in shared]
        right = [w for w in other if w not in shared]
        if 0 < len(left) <= RESIDUAL and 0 < len(right) <= RESIDUAL:
            lefts.append(left)
            rights.append(right)
    return lefts, rights


def _translate(sources: list[list[int]], targets: list[list[int]], size: int) -> tuple[Floats, Floats, Longs]:
    """Return P(target | source), the expected count, and the (source, target) of each kept cell."""
    cells = [(i, s, t) for i, (ss, ts) in enumerate(zip(sources, targets, strict=True)) for t in ts for s in ss]
    pair, source, target = (np.asarray(column, np.int64) for column in zip(*cells, strict=True))
    keys, cell = np.unique(source * size + target, return_inverse=True)
    group = np.unique(pair * size + target, return_inverse=True)[1]
    table = np.ones(len(keys), np.float64)
    expected = np.zeros(len(keys), np.float64)
    owners = keys // size
    for _ in range(ROUNDS):
        mass = table[cell]
        mass = mass / np.bincount(group, weights=mass)[group]
        expected = np.bincount(cell, weights=mass, minlength=len(keys))
        totals = np.bincount(owners, weights=expected, minlength=size)
        table = expected / (totals[owners] + SMOOTHING)
    keep = table > 0.02
    links = np.stack([owners[keep], keys[keep] % size], axis=1)
    return table[keep].astype(np.float32), expected[keep].astype(np.float32), links
