"""How far two distributions are apart, beyond what chance makes of two samples of the same one."""

from __future__ import annotations

import math
from collections.abc import Mapping


def divergence(before: Mapping[str, int], now: Mapping[str, int], documents: tuple[int, int]) -> float:
    """The Jensen-Shannon divergence in bits, 0 to 1, less what samples of so many documents differ by.

    Two samples of one distribution over ``k`` values are ``(k - 1) / (8 ln 2) * (1/m + 1/m')`` bits apart on average;
    documents, not facts, are taken as what is drawn. A small divergence is about the population stability index over
    ``8 ln 2``: 0.018 bits are a PSI of 0.1, 0.045 bits one of 0.25.
    """
    total, other = sum(before.values()), sum(now.values())
    if not total or not other:
        return 0.0
    names = sorted({*before, *now})
    found = sum(_part(before.get(name, 0) / total, now.get(name, 0) / other) for name in names)
    chance = (len(names) - 1) / (8 * math.log(2)) * (1 / documents[0] + 1 / documents[1])
    return max(0.0, min(1.0, found) - chance)


def _part(share: float, other: float) -> float:
    middle = (share + other) / 2
    return sum(each * math.log2(each / middle) / 2 for each in (share, other) if each)
