"""What words stand for, learned from names of one code: ``rein`` for ``rénal``, ``INSUF.`` for ``insuffisance``.

IBM Model 1 (Brown et al., 1993) over the words that two names do not share: each word of one name is explained by the
words of the other. Two uses: synonyms, from any two names of a code (a short residual is nearly a definition, one of
more than four words teaches nothing), and shortenings, from an official short label and its long one, where words
that keep the letters of a longer one in their order are likelier from the start.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from semantix.terminology.matching.arrays import Floats, Longs

RESIDUAL = 4
ROUNDS = 6
SMOOTHING = 0.7
STRENGTH_CAP = 0.9
WEAKEST = 0.4
Doubles = npt.NDArray[np.float64]
PREFIX, SUBSEQUENCE = 8.0, 4.0
LIKELY = 0.04
Pair = tuple[Sequence[int], Sequence[int]]
Strengths = dict[int, dict[int, float]]


def learn(pairs: Iterable[Pair], size: int) -> Strengths:
    """Learn, for each word (as a place below ``size``), the words it may stand for, with a similarity in [0.4, 0.9]."""
    left, right = _residuals(pairs)
    if not left:
        return {}
    forward, counts, links = _translate(left, right, size)
    backward, _, back_links = _translate(right, left, size)
    strengths: Strengths = {}
    reverse = {(int(t), int(s)): float(p) for (s, t), p in zip(back_links.tolist(), backward.tolist(), strict=True)}
    for (source, target), p, count in zip(links.tolist(), forward.tolist(), counts.tolist(), strict=True):
        q = reverse.get((source, target), 0.0)
        for here, there, one, other in ((source, target, p, q), (target, source, q, p)):
            strength = _strength(one, other, count)
            if strength >= WEAKEST:
                row = strengths.setdefault(here, {})
                row[there] = max(strength, row.get(there, 0.0))
    return strengths


def learn_shortenings(pairs: Iterable[tuple[Sequence[str], Sequence[str]]]) -> dict[str, dict[str, float]]:
    """Learn what the words of short labels stand for, from (short words, long stems) of one code each.

    A word's best reading gets 0.9, the others less. Words seen once count when their letters agree.
    """
    shorts: dict[str, int] = {}
    longs: dict[str, int] = {}
    left, right = [], []
    for short, long in pairs:
        shared = set(short) & set(long)
        some = [shorts.setdefault(w, len(shorts)) for w in short if w not in shared]
        others = [longs.setdefault(w, len(longs)) for w in long if w not in shared]
        if some and others and len(some) * len(others) <= 200:
            left.append(some)
            right.append(others)
    if not left:
        return {}
    names, full = list(shorts), list(longs)
    size = max(len(names), len(full))
    table, counts, links = _translate(left, right, size, (names, full))
    found: dict[str, dict[str, float]] = {}
    for (source, target), p, count in zip(links.tolist(), table.tolist(), counts.tolist(), strict=True):
        word, reading = names[source], full[target]
        if p >= LIKELY and (count >= 1.5 or keeps_letters(word, reading) > 1):
            found.setdefault(word, {})[reading] = p
    return {word: _relative(readings) for word, readings in sorted(found.items())}


def keeps_letters(short: str, long: str) -> float:
    """How likely a short word abbreviates a long one, by its letters: a prefix, letters in order, or neither (1)."""
    if len(short) >= len(long) or not short or short[0] != long[0]:
        return 1.0
    if long.startswith(short):
        return PREFIX
    letters = iter(long)
    return SUBSEQUENCE if all(letter in letters for letter in short) else 1.0


def _relative(readings: Mapping[str, float]) -> dict[str, float]:
    best = max(readings.values())
    return {
        r: round(0.55 + 0.35 * (p / best) ** 0.5, 4) for r, p in sorted(readings.items(), key=lambda x: (-x[1], x[0]))
    }


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


def _translate(
    sources: list[list[int]],
    targets: list[list[int]],
    size: int,
    letters: tuple[Sequence[str], Sequence[str]] | None = None,
) -> tuple[Floats, Floats, Longs]:
    """Return P(target | source), the expected count, and the (source, target) of each kept cell."""
    cells = [(i, s, t) for i, (ss, ts) in enumerate(zip(sources, targets, strict=True)) for t in ts for s in ss]
    pair, source, target = (np.asarray(column, np.int64) for column in zip(*cells, strict=True))
    keys, cell = np.unique(source * size + target, return_inverse=True)
    group = np.unique(pair * size + target, return_inverse=True)[1]
    owners, goals = keys // size, keys % size
    table: Doubles = np.ones(len(keys), np.float64)
    if letters is not None:
        short, long = letters
        table = np.asarray(
            [keeps_letters(short[s], long[t]) for s, t in zip(owners.tolist(), goals.tolist(), strict=True)]
        )
    expected: Doubles = table
    for _ in range(ROUNDS):
        mass = table[cell]
        mass = mass / np.bincount(group, weights=mass)[group]
        expected = np.bincount(cell, weights=mass, minlength=len(keys)).astype(np.float64)
        totals = np.bincount(owners, weights=expected, minlength=size)
        table = expected / (totals[owners] + SMOOTHING)
    keep = table > 0.02
    links = np.stack([owners[keep], goals[keep]], axis=1)
    return table[keep].astype(np.float32), expected[keep].astype(np.float32), links
