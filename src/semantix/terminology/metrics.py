"""Figures of an evaluation: pure functions over judged answers.

Every share is a share of all the queries, those without any candidate included: they are never right and never covered.
The figures of no queries at all are None, not zero.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from types import MappingProxyType

from msgspec import Struct

from semantix.model import Outcome

BINS = 10
PRECISIONS = ("0.95", "0.98", "0.99")
"""The precisions at which coverage is told, as the JSON names them."""
_DIGITS = 6


class Answer(Struct, frozen=True):
    """One decision, judged. ``probability`` is that of the first candidate, None when there is no candidate.

    ``rank`` is the place of the first right candidate, from 1; 0 when none is right.
    """

    probability: float | None
    rank: int
    right_category: bool
    accepted: bool
    outcome: Outcome

    @property
    def right(self) -> bool:
        """The first candidate is right."""
        return self.rank == 1


class Point(Struct, frozen=True):
    """What is answered when every first candidate with at least this probability is: how much, and how well."""

    probability: float
    coverage: float
    precision: float


class Bin(Struct, frozen=True):
    """The first candidates whose probability falls in [``low``, ``high``), the last bin closed."""

    low: float
    high: float
    n: int
    mean_probability: float
    share_right: float


class Tally(Struct, frozen=True):
    """The decisions of one outcome: how many, right first candidates, accepted ones, accepted and right ones."""

    n: int
    right: int
    accepted: int
    accepted_right: int


class Figures(Struct, frozen=True, kw_only=True):
    """The figures of a set of queries; the field names are the keys of the JSON."""

    n: int
    top1: float | None
    top5: float | None
    top10: float | None
    category_top1: float | None
    top1_interval: tuple[float, float] | None
    coverage_at_precision: Mapping[str, float | None]
    ece: float | None
    ece_answered: float | None
    queries_per_second: float | None
    answered: int
    accepted: int
    accepted_precision: float | None
    accepted_interval: tuple[float, float] | None
    outcomes: Mapping[str, Tally]
    bins: tuple[Bin, ...]
    curve: tuple[Point, ...]


def figures_of(answers: Sequence[Answer], seconds: float) -> Figures:
    """Compute the figures; ``seconds`` is the time that the decisions took."""
    n = len(answers)
    points, bins = curve(answers), bins_of(answers)
    answered = sum(each.n for each in bins)
    accepted = [each for each in answers if each.accepted]
    right = sum(each.right for each in answers)
    accepted_right = sum(each.right for each in accepted)
    gap = math.fsum(each.n * abs(each.mean_probability - each.share_right) for each in bins)
    return Figures(
        n=n,
        top1=_share(right, n),
        top5=_share(sum(0 < each.rank <= 5 for each in answers), n),
        top10=_share(sum(0 < each.rank <= 10 for each in answers), n),
        category_top1=_share(sum(each.right_category for each in answers), n),
        top1_interval=interval(right, n),
        coverage_at_precision={each: coverage_at(points, float(each)) if n else None for each in PRECISIONS},
        ece=_share(gap, n),
        ece_answered=_share(gap, answered),
        queries_per_second=round(n / seconds, 1) if n and seconds > 0 else None,
        answered=answered,
        accepted=len(accepted),
        accepted_precision=_share(accepted_right, len(accepted)),
        accepted_interval=interval(accepted_right, len(accepted)),
        outcomes=_by_outcome(answers),
        bins=bins,
        curve=points,
    )


def curve(answers: Sequence[Answer]) -> tuple[Point, ...]:
    """Precision and coverage at each probability, highest first; equal probabilities enter together.

    Queries without a candidate are never covered, so the curve may end before the whole.
    """
    ordered = sorted(((each.probability, each.right) for each in answers if each.probability is not None), reverse=True)
    points: list[Point] = []
    covered = right = 0
    for probability, group in groupby(ordered, key=lambda pair: pair[0]):
        rights = [is_right for _, is_right in group]
        covered += len(rights)
        right += sum(rights)
        points.append(Point(probability, round(covered / len(answers), _DIGITS), round(right / covered, _DIGITS)))
    return tuple(points)


def coverage_at(points: Sequence[Point], precision: float) -> float:
    """The largest coverage at which the precision is at least this; 0 when it never is."""
    return max((each.coverage for each in points if each.precision >= precision), default=0.0)


def bins_of(answers: Sequence[Answer]) -> tuple[Bin, ...]:
    """Ten bins of equal width over the probability of the first candidate; the empty ones are left out."""
    held: dict[int, list[tuple[float, bool]]] = {}
    for each in answers:
        if each.probability is not None:
            place = min(int(each.probability * BINS), BINS - 1)
            held.setdefault(place, []).append((each.probability, each.right))
    return tuple(
        Bin(
            place / BINS,
            (place + 1) / BINS,
            len(pairs),
            round(math.fsum(probability for probability, _ in pairs) / len(pairs), _DIGITS),
            round(sum(right for _, right in pairs) / len(pairs), _DIGITS),
        )
        for place, pairs in sorted(held.items())
    )


def interval(right: int, n: int) -> tuple[float, float] | None:
    """The 95 % interval of a share (Wilson's), or None when nothing was counted."""
    if n == 0:
        return None
    z = 1.959964
    share = right / n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return round(max(0.0, middle - half), _DIGITS), round(min(1.0, middle + half), _DIGITS)


def thin(points: Sequence[Point], most: int) -> tuple[Point, ...]:
    """At most ``most`` points of a curve, evenly spread over the coverage, the first and the last among them."""
    if len(points) <= most:
        return tuple(points)
    last = points[-1].coverage
    kept = [points[0]]
    for point in points[1:-1]:
        if point.coverage >= last * len(kept) / (most - 1):
            kept.append(point)
    return (*kept[: most - 1], points[-1])


CATEGORIES: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {"cim10": lambda code: code[:3], "atc": lambda code: code[:5], "ccam": lambda code: code[:4]}
)
"""What counts as the right category, by system: 3 characters of CIM-10, ATC level 4, the 4 letters of CCAM."""


def category(system: str, code: str) -> str:
    """The category of a canonical code; in a system without natural categories (LOINC), the code itself."""
    cut = CATEGORIES.get(system)
    return cut(code) if cut else code


def _by_outcome(answers: Sequence[Answer]) -> dict[str, Tally]:
    found: dict[str, Tally] = {}
    for outcome in Outcome:
        these = [each for each in answers if each.outcome is outcome]
        if these:
            accepted = [each for each in these if each.accepted]
            right = sum(each.right for each in these)
            found[outcome.value] = Tally(len(these), right, len(accepted), sum(each.right for each in accepted))
    return found


def _share(part: float, whole: int) -> float | None:
    return round(part / whole, _DIGITS) if whole else None
