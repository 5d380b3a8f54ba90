"""How far people agree: Cohen's kappa by pair, Krippendorff's alpha over all, and how far apart disagreements are.

The category of a judgement is the set of (part, system, code) that it chose; no suitable target is a category like
another. Relations are compared apart, between people who chose the same codes. Of two judgements of one item by one
person, the first counts. A figure that cannot be told is None and says why; it is never NaN.

Sources: J. Cohen, "A coefficient of agreement for nominal scales", Educational and Psychological Measurement 20 (1960);
K. Krippendorff, "Computing Krippendorff's Alpha-Reliability" (University of Pennsylvania, 2011). The interval is that
of a bootstrap over items, as A. Zapf and others compare it (BMC Medical Research Methodology 16:93, 2016).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import combinations
from typing import Protocol

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from semantix.review.distance import Band
from semantix.review.model import Judgement

DRAWS = 1_000
"""Resamples behind an interval; fewer where there are so many ratings that the interval is narrow anyway."""
DRAWN = 5_000_000
"""Ratings in all resamples together."""
FEWEST_DRAWS = 100
"""Resamples with a value below which no interval is given."""
MOST_CATEGORIES = 400
"""Categories up to which the distance by chance is exact; beyond, it is taken over a seeded sample of pairs."""
SAMPLED_PAIRS = 50_000
EXAMPLES = 20
"""Items named a band."""
DIGITS = 6

NO_PAIRS, ONE_ITEM, ONE_CATEGORY, NO_HIERARCHY = "no-pairs", "one-item", "one-category", "no-hierarchy"
"""Why a figure is None."""

Category = frozenset[tuple[str, str, str]]
Floats = NDArray[np.float64]
Chance = Callable[[Floats], float]
"""From how often each item counts to the distance that chance alone would give."""


class Nearness(Protocol):
    """A distance between judgements in [0, 1], 0 for the same category, and its band (None when both agree)."""

    def __call__(self, one: Judgement, other: Judgement) -> float:
        """Measure."""
        ...

    def band(self, one: Judgement, other: Judgement) -> Band | None:
        """Name how far apart both are."""
        ...


class Rating(Struct, frozen=True):
    """What one person judged of one item, not knowing what others did."""

    item: int
    who: str
    judgement: Judgement


class Kappa(Struct, frozen=True, kw_only=True):
    """The agreement of two people on the items that both judged; ``value`` is None for a ``reason``."""

    first: str
    second: str
    items: int
    agreed: int
    value: float | None = None
    reason: str = ""


class Alpha(Struct, frozen=True, kw_only=True):
    """Krippendorff's alpha over ``items`` that two people or more judged, with its 95 % interval.

    ``value`` is None for a ``reason``; ``low`` and ``high`` are None with it, and when resamples say too little.
    """

    items: int
    ratings: int
    value: float | None = None
    low: float | None = None
    high: float | None = None
    reason: str = ""


class Apart(Struct, frozen=True):
    """How many pairs of judgements are this far apart, and the first items with one."""

    band: Band
    pairs: int
    items: tuple[int, ...]


class Agreement(Struct, frozen=True, kw_only=True):
    """All figures of agreement.

    ``pairs`` of judgements of one item by two people: of these, ``same_codes`` chose the same codes (or none), and
    ``other_relation`` of those differ by a relation. ``apart`` has every band, also those with no pair.
    """

    kappas: tuple[Kappa, ...]
    alpha: Alpha
    near_alpha: Alpha
    pairs: int
    same_codes: int
    other_relation: int
    apart: tuple[Apart, ...]


def measure_agreement(ratings: Sequence[Rating], nearness: Nearness | None, seed: int = 0) -> Agreement:
    """Measure everything; without a nearness (no store at hand) the figures by hierarchy are left out."""
    pairs = [(item, one, other) for item, given in _by_item(ratings) for one, other in combinations(given.values(), 2)]
    same = [(one, other) for _, one, other in pairs if one.codes() == other.codes()]
    if nearness is None:
        alpha = measure_alpha(ratings, seed=seed)
        near = Alpha(items=alpha.items, ratings=alpha.ratings, reason=alpha.reason or NO_HIERARCHY)
    else:
        alpha, near = measure_alpha(ratings, seed=seed), measure_alpha(ratings, nearness, seed)
    return Agreement(
        kappas=measure_kappas(ratings),
        alpha=alpha,
        near_alpha=near,
        pairs=len(pairs),
        same_codes=len(same),
        other_relation=sum(not one.agrees(other) for one, other in same),
        apart=_apart(pairs, nearness) if nearness is not None else (),
    )


def measure_kappas(ratings: Sequence[Rating]) -> tuple[Kappa, ...]:
    """Cohen's kappa of every two people who judged an item in common, by name."""
    shared: dict[tuple[str, str], list[tuple[Category, Category]]] = {}
    for _, given in _by_item(ratings):
        for (first, one), (second, other) in combinations(given.items(), 2):
            shared.setdefault((first, second), []).append((one.codes(), other.codes()))
    return tuple(_kappa(first, second, pairs) for (first, second), pairs in sorted(shared.items()))


def _kappa(first: str, second: str, pairs: Sequence[tuple[Category, Category]]) -> Kappa:
    count = len(pairs)
    agreed = sum(one == other for one, other in pairs)
    mine, theirs = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    by_chance = sum(mine[each] * theirs[each] for each in mine)
    reason = ONE_ITEM if count == 1 else ONE_CATEGORY if by_chance == count * count else ""
    value = None if reason else round((agreed * count - by_chance) / (count * count - by_chance), DIGITS)
    return Kappa(first=first, second=second, items=count, agreed=agreed, value=value, reason=reason)


def measure_alpha(
    ratings: Sequence[Rating], distance: Callable[[Judgement, Judgement], float] | None = None, seed: int = 0
) -> Alpha:
    """Krippendorff's alpha: nominal, or by a distance between categories (for which it takes one judgement of each).

    Any number of people, each of whom may have left out items. The same ratings give the same figures in any order.
    """
    units = [list(given.values()) for _, given in _by_item(ratings) if len(given) > 1]
    count = sum(len(unit) for unit in units)
    if len(units) < 2:
        return Alpha(items=len(units), ratings=count, reason=ONE_ITEM if units else NO_PAIRS)
    table = _Table(units, distance)
    draw = np.random.default_rng(seed)
    chance = table.chance(draw)
    value = table.alpha(np.ones(len(units)), chance)
    if value is None:
        return Alpha(items=len(units), ratings=count, reason=ONE_CATEGORY)
    low, high = _bounds(table, chance, draw)
    return Alpha(items=len(units), ratings=count, value=round(value, DIGITS), low=low, high=high)


def _bounds(table: _Table, chance: Chance, draw: np.random.Generator) -> tuple[float | None, float | None]:
    """The middle 95 % of alpha when the items are drawn again, with repetition; draws of one category say nothing."""
    size = len(table.sizes)
    found = []
    for _ in range(min(DRAWS, max(2 * FEWEST_DRAWS, DRAWN // len(table.values)))):
        times = np.bincount(draw.integers(0, size, size), minlength=size).astype(np.float64)
        value = table.alpha(times, chance)
        if value is not None:
            found.append(value)
    if len(found) < FEWEST_DRAWS:
        return None, None
    low, high = np.quantile(np.array(found), (0.025, 0.975))
    return round(float(low), DIGITS), round(float(high), DIGITS)


class _Table:
    """Values of items that two people or more judged, as arrays.

    ``values`` are the categories of all ratings by number, ``places`` the item of each, ``sizes`` the ratings an item,
    ``within`` the sum of distances between the ratings of an item, both ways, by ratings less one.
    """

    def __init__(
        self, units: Sequence[Sequence[Judgement]], distance: Callable[[Judgement, Judgement], float] | None
    ) -> None:
        named = {judgement.codes(): judgement for unit in units for judgement in unit}
        ordered = sorted(named, key=sorted)
        number = {category: at for at, category in enumerate(ordered)}
        self._judgements, self._distance = [named[each] for each in ordered], distance
        self._known: dict[tuple[int, int], float] = {}
        self.sizes: Floats = np.array([len(unit) for unit in units], dtype=np.float64)
        self.values = np.array([number[each.codes()] for unit in units for each in unit], dtype=np.int64)
        self.places = np.array([place for place, unit in enumerate(units) for _ in unit], dtype=np.int64)
        sums = [
            2 * sum(self._between(number[a.codes()], number[b.codes()]) for a, b in combinations(unit, 2))
            for unit in units
        ]
        self.within: Floats = np.array(sums, dtype=np.float64) / (self.sizes - 1)

    def alpha(self, times: Floats, chance: Chance) -> float | None:
        """Alpha when each item counts so many times; None when chance alone would agree."""
        expected = chance(times)
        return None if expected <= 0 else float(1 - times @ self.within / (times @ self.sizes) / expected)

    def chance(self, draw: np.random.Generator) -> Chance:
        """What gives the distance by chance."""
        size = len(self._judgements)
        if self._distance is None:
            return self._nominal
        if size > MOST_CATEGORIES:
            return self._sampled(draw)
        matrix = np.array([[self._between(one, other) for other in range(size)] for one in range(size)])

        def exact(times: Floats) -> float:
            counts = self._counts(times)
            total = counts.sum()
            return float(counts @ matrix @ counts / (total * (total - 1)))

        return exact

    def _nominal(self, times: Floats) -> float:
        counts = self._counts(times)
        total = counts.sum()
        return float((total * total - counts @ counts) / (total * (total - 1)))

    def _sampled(self, draw: np.random.Generator) -> Chance:
        count = len(self.values)
        one = draw.integers(0, count, SAMPLED_PAIRS)
        other = (one + draw.integers(1, count, SAMPLED_PAIRS)) % count
        apart = np.array(
            [self._between(int(self.values[a]), int(self.values[b])) for a, b in zip(one, other, strict=True)]
        )
        first, second = self.places[one], self.places[other]

        def estimated(times: Floats) -> float:
            total = times @ self.sizes
            share = float(np.mean(times[first] * times[second] * apart))
            return float(share * count * (count - 1) / (total * (total - 1)))

        return estimated

    def _counts(self, times: Floats) -> Floats:
        counts = np.bincount(self.values, weights=times[self.places], minlength=len(self._judgements))
        return counts.astype(np.float64)

    def _between(self, one: int, other: int) -> float:
        if one == other:
            return 0.0
        if self._distance is None:
            return 1.0
        key = (min(one, other), max(one, other))
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._distance(self._judgements[key[0]], self._judgements[key[1]])
        return known


def _by_item(ratings: Iterable[Rating]) -> list[tuple[int, Mapping[str, Judgement]]]:
    """The first judgement of each person, by item and by name."""
    given: dict[int, dict[str, Judgement]] = {}
    for rating in ratings:
        given.setdefault(rating.item, {}).setdefault(rating.who, rating.judgement)
    return [(item, dict(sorted(given[item].items()))) for item in sorted(given)]


def _apart(pairs: Iterable[tuple[int, Judgement, Judgement]], nearness: Nearness) -> tuple[Apart, ...]:
    items: dict[Band, list[int]] = {band: [] for band in Band}
    for item, one, other in pairs:
        band = nearness.band(one, other)
        if band is not None:
            items[band].append(item)
    return tuple(Apart(band, len(found), tuple(dict.fromkeys(found))[:EXAMPLES]) for band, found in items.items())
