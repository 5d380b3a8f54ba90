"""Does a group differ from the rest? A difference of two shares of facts, where facts come by documents.

Facts of one document resemble each other, so that counting them as independent would find differences everywhere.
Shares are ratio estimators clustered by document (Cochran, *Sampling techniques*, 3rd ed., 6.3 and 9): the variance of
``p_group - p_rest`` is the sum over documents of the square of what each adds to it, times ``m / (m - 1)``. It serves
for groups of documents (a practice) and for groups of facts inside documents (a section), and is never less than that
of independent facts, so that a group where all is alike is not taken for certain. The ratio to its standard error is
read on Student's t with as many degrees of freedom as the smaller side has documents, less one; many comparisons are
corrected together by Benjamini and Hochberg (J. R. Stat. Soc. B 57, 1995).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from msgspec import Struct

_STEPS = 300
_CLOSE = 1e-15
_TINY = 1e-300


class Moments(Struct, frozen=True):
    """Sums over documents, all whole numbers.

    In one document, ``u`` are the unmapped facts and ``n`` the facts of the group, ``t`` and ``k`` those of the whole
    document; ``uu`` is the sum of ``u * u``, and so on. ``documents`` have facts of the group, ``others`` have facts of
    the rest; products of a group are over its documents, ``tt``, ``tk`` and ``kk`` over all.
    """

    documents: int
    others: int
    u: int
    n: int
    t: int
    k: int
    uu: int
    un: int
    nn: int
    ut: int
    uk: int
    nt: int
    nk: int
    tt: int
    tk: int
    kk: int


class Test(Struct, frozen=True):
    """The difference of shares, its standard error, its degrees of freedom, and how likely it is without cause."""

    difference: float
    error: float
    freedom: int
    p: float

    def interval(self) -> tuple[float, float]:
        """The 95 % interval of the difference."""
        half = student_quantile(self.freedom) * self.error
        return max(-1.0, self.difference - half), min(1.0, self.difference + half)


def compare(sums: Moments) -> Test | None:
    """Compare a group with the rest; ``None`` when one of them is empty or of a single document."""
    rest, within = sums.k - sums.n, sums.n
    if within <= 0 or rest <= 0 or min(sums.documents, sums.others) < 2:
        return None
    share, other = sums.u / within, (sums.t - sums.u) / rest
    variance = max(_clustered(sums, share, other), _independent(sums.u, within) + _independent(sums.t - sums.u, rest))
    error, freedom = math.sqrt(variance), min(sums.documents, sums.others) - 1
    return Test(share - other, error, freedom, student_tail(abs(share - other) / error, freedom))


def _clustered(sums: Moments, share: float, other: float) -> float:
    """The sum of squares of what each document adds: ``a u + b n + c t + d k``."""
    rest, within = sums.k - sums.n, sums.n
    a, b = 1 / within + 1 / rest, -(share / within + other / rest)
    c, d = -1 / rest, other / rest
    squares = a * a * sums.uu + b * b * sums.nn + c * c * sums.tt + d * d * sums.kk
    products = a * b * sums.un + a * c * sums.ut + a * d * sums.uk + b * c * sums.nt + b * d * sums.nk + c * d * sums.tk
    documents = min(sums.documents, sums.others)
    return max(0.0, squares + 2 * products) * documents / (documents - 1)


def _independent(part: int, whole: int) -> float:
    """The variance of a share of independent facts, two added on each side (Agresti and Coull, 1998)."""
    share = (part + 2) / (whole + 4)
    return share * (1 - share) / (whole + 4)


def discovery_rates(chances: Sequence[float]) -> list[float]:
    """The false discovery rate at which each of several results is told, in their order."""
    order = sorted(range(len(chances)), key=lambda place: chances[place], reverse=True)
    rates, least = [0.0] * len(chances), 1.0
    for above, place in enumerate(order):
        least = min(least, chances[place] * len(chances) / (len(chances) - above))
        rates[place] = least
    return rates


# --- Student's t ----------------------------------------------------------------------------------------------------


def student_tail(ratio: float, freedom: int) -> float:
    """How likely a Student's t is to be further from 0 than ``ratio``, on either side."""
    return _beta(freedom / 2, 0.5, freedom / (freedom + ratio * ratio))


def student_quantile(freedom: int, tails: float = 0.05) -> float:
    """What a Student's t passes on either side with the probability ``tails``."""
    low, high = 0.0, 1.0
    while student_tail(high, freedom) > tails:
        low, high = high, high * 2
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if student_tail(middle, freedom) > tails else (low, middle)
    return high


def _beta(a: float, b: float, x: float) -> float:
    """The regularised incomplete beta function."""
    if x <= 0.0:
        return 0.0
    if x >= 1.0:
        return 1.0
    if x > (a + 1) / (a + b + 2):
        return 1.0 - _beta(b, a, 1.0 - x)
    front = a * math.log(x) + b * math.log1p(-x) + math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    return math.exp(front) * _fraction(a, b, x) / a


def _fraction(a: float, b: float, x: float) -> float:
    """Its continued fraction, by Lentz's method (DLMF 8.17.22)."""
    c, d = 1.0, _inverse(1.0 - (a + b) * x / (a + 1))
    found = d
    for m in range(1, _STEPS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        before = found
        for term in (even, odd):
            d, c = _inverse(1.0 + term * d), 1.0 + term / c
            found *= c * d
        if abs(found / before - 1.0) < _CLOSE:
            break
    return found


def _inverse(value: float) -> float:
    return 1.0 / (value if abs(value) > _TINY else _TINY)
