"""Automatic acceptance: "precision at least X, with its lower bound", or why not; and the sample that checks it.

Evidence is a probability and whether the candidate was right: of the engine, its held-out pairs
(:meth:`semantix.terminology.engine.Engine.held_out`); of the desk, first candidates that people judged. The engine
alone is not believed: its pairs are of other wordings than these, and on hard ones (lists of synonyms, names of rare
diseases) only 71 to 75 % of what a rule for 98 % would have taken was right. So ``TRIED`` judgements of the desk above
the threshold are asked for; then no more pairs of the engine count than of those, and from ``ENOUGH`` on, they alone
count. They can also speak against: when even the upper bound of their precision is below X at the threshold that would
be taken, nothing is accepted, since the engine's calibration does not hold for what this desk maps.

Lower bounds are one-sided at 95 %, intervals two-sided at 95 %, after E. B. Wilson ("Probable inference, the law of
succession, and statistical inference", Journal of the American Statistical Association 22, 1927).
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter

from msgspec import Struct
from msgspec.structs import replace

from semantix.review.model import Acceptance, Proposal
from semantix.terminology.calibration import LEAST, lower_bound
from semantix.terminology.metrics import interval

ENOUGH = 100
"""Judgements of the desk above a threshold from which they alone count."""
TRIED = 30
"""Judgements of the desk above a threshold without which nothing is accepted; the engine's weigh no more than they."""
FEWEST = 10
"""Judgements of the desk above a threshold from which they can speak against the engine."""
_RARE = 0.05
_HALVINGS = 50
EVEN = 0.5
"""The least threshold: where most held-out pairs are easy, even hopeless candidates would not spoil their precision."""
DIGITS = 6
FINE = 1_000_000

TOO_FEW, UNTRIED, NOT_REACHED, CONTRADICTED = "too-few", "untried", "not-reached", "contradicted"
"""Why there is no rule: too little was seen, the desk itself has judged too little above the threshold, the bound never
reaches X, or the desk's own judgements speak against."""

Evidence = Sequence[tuple[float, bool]]
"""Probability of a first candidate, and whether it was right."""


class NoRule(Struct, frozen=True, kw_only=True):
    """Why nothing may be accepted, a key of the words, and what is nearest to a rule.

    ``threshold`` is where the bound is highest, or, where the desk contradicts, the one that would have been taken;
    where too little was seen, the figures are those of everything.
    ``desk_bound`` is the upper bound of the precision by the desk's own judgements above it.
    """

    reason: str
    target: str
    precision: float
    threshold: float = 0.0
    bound: float = 0.0
    right: int = 0
    seen: int = 0
    desk_right: int = 0
    desk_seen: int = 0
    desk_bound: float = 1.0


class Observed(Struct, frozen=True):
    """A share that was observed with its 95 % interval; None when nothing was seen."""

    right: int
    seen: int
    share: float | None = None
    low: float | None = None
    high: float | None = None


class Preview(Struct, frozen=True):
    """What a rule would do: ``taken`` of ``waiting`` items; by their probabilities, ``expected_wrong`` are wrong.

    The precision of a rule is that of the pairs it was found on. What waits may be harder: ``falls_short`` when by
    their own probabilities fewer of those taken are right than was asked.
    """

    waiting: int
    taken: int
    expected_wrong: float
    falls_short: bool


class _Step(Struct, frozen=True):
    """Everything at a threshold or above."""

    threshold: float
    right: int
    seen: int
    desk_right: int
    desk_seen: int

    @property
    def bound(self) -> float:
        # Rounded away from what is asked, so that no rule rests on a rounding.
        return math.floor(lower_bound(self.right, self.seen) * FINE) / FINE

    @property
    def desk_bound(self) -> float:
        return min(1.0, math.ceil(upper_bound(self.desk_right, self.desk_seen) * FINE) / FINE)


def upper_bound(right: int, count: int) -> float:
    """Return the one-sided 95 % upper confidence bound of a proportion; 1 when nothing was counted.

    It is exact (C. J. Clopper and E. S. Pearson, Biometrika 26, 1934): what speaks against the engine are a few
    judgements, of which an approximation would make too much.
    """
    low, high = right / count if count else 1.0, 1.0
    for _ in range(_HALVINGS if right < count else 0):
        middle = (low + high) / 2
        low, high = (middle, high) if _at_most(right, count, middle) > _RARE else (low, middle)
    return high


def _at_most(right: int, count: int, share: float) -> float:
    """How probable it is that at most so many are right, when each is with this probability."""
    return math.fsum(math.comb(count, k) * share**k * (1 - share) ** (count - k) for k in range(right + 1))


def find_rule(
    target: str, precision: float, engine: Evidence, desk: Evidence, tried: int = TRIED
) -> Acceptance | NoRule:
    """Find the lowest threshold above which the bound of the precision reaches ``precision`` (above 0, below 1).

    Nothing that is more likely wrong than right is ever accepted (``EVEN``).
    ``desk`` and ``engine`` are about one target system. The ``right`` of ``seen`` of a rule are the judgements that
    count, those of the desk among them; at least ``tried`` of those are asked for. A higher precision never gives a
    lower threshold.
    """
    every = list(_steps(engine, desk))
    if len(engine) + len(desk) < LEAST:
        return _no_rule(TOO_FEW, target, precision, every[-1] if every else None)
    steps = [step for step in every if step.threshold >= EVEN]
    together = next((each for each in reversed(steps) if each.bound >= precision), None)
    if together is None:
        return _no_rule(NOT_REACHED, target, precision, _best(steps))
    if FEWEST <= together.desk_seen < ENOUGH and together.desk_bound < precision:
        return _no_rule(CONTRADICTED, target, precision, together)
    weighed = [_weighed(each) for each in steps]
    step = next((each for each in reversed(weighed) if each.bound >= precision), None)
    if step is None:
        return _no_rule(NOT_REACHED, target, precision, _best(weighed))
    if step.desk_seen < tried:
        return _no_rule(UNTRIED, target, precision, step)
    return Acceptance(
        target=target,
        precision=precision,
        threshold=step.threshold,
        bound=step.bound,
        right=step.right,
        seen=step.seen,
        desk_right=step.desk_right,
        desk_seen=step.desk_seen,
    )


def _weighed(step: _Step) -> _Step:
    """The step with no more pairs of the engine than judgements of the desk, once there are some of those."""
    pairs = step.seen - step.desk_seen
    if step.desk_seen < TRIED or pairs <= step.desk_seen:
        return step
    right = (step.right - step.desk_right) * step.desk_seen // pairs
    return replace(step, right=step.desk_right + right, seen=2 * step.desk_seen)


def takes(rule: Acceptance, proposal: Proposal) -> bool:
    """Tell whether the rule accepts the first candidate: of its target, probable enough, and without a conflict."""
    first = proposal.candidates[0] if proposal.candidates else None
    return (
        first is not None
        and first.system == rule.target
        and not first.conflicts
        and _reaches(rule, proposal.probability)
    )


def preview(rule: Acceptance, probabilities: Iterable[float | None]) -> Preview:
    """Tell what the rule would do to waiting items, from the probabilities of first candidates without conflict."""
    found = list(probabilities)
    taken = [each for each in found if each is not None and _reaches(rule, each)]
    wrong = math.fsum(1 - each for each in taken)
    return Preview(len(found), len(taken), round(wrong, 2), wrong > (1 - rule.precision) * len(taken))


def audit_sample(items: Iterable[int], share: float, least: int, seed: str) -> tuple[int, ...]:
    """Draw a share of the items, at least so many, whatever their order; sorted. The same seed draws the same."""
    known = set(items)
    size = min(len(known), max(least, math.ceil(share * len(known))))
    drawn = sorted(known, key=lambda item: (hashlib.sha256(f"{seed}:{item}".encode()).digest(), item))
    return tuple(sorted(drawn[:size]))


def observed(right: int, seen: int) -> Observed:
    """Return the share with its interval."""
    bounds = interval(right, seen)
    if bounds is None:
        return Observed(right, seen)
    return Observed(right, seen, round(right / seen, DIGITS), *bounds)


def _reaches(rule: Acceptance, probability: float | None) -> bool:
    return probability is not None and probability >= rule.threshold


def _steps(engine: Evidence, desk: Evidence) -> Iterator[_Step]:
    """Every threshold that can be told apart, from the highest down, with all that stands at it or above."""
    marked = [(probability, right, False) for probability, right in engine]
    marked += [(probability, right, True) for probability, right in desk]
    right = seen = desk_right = desk_seen = 0
    for threshold, tied in groupby(sorted(marked, key=itemgetter(0), reverse=True), key=itemgetter(0)):
        for _, is_right, is_own in tied:
            right, seen = right + is_right, seen + 1
            desk_right, desk_seen = desk_right + (is_right and is_own), desk_seen + is_own
        if desk_seen >= ENOUGH:
            yield _Step(threshold, desk_right, desk_seen, desk_right, desk_seen)
        else:
            yield _Step(threshold, right, seen, desk_right, desk_seen)


def _best(steps: Sequence[_Step]) -> _Step | None:
    return max(steps, key=lambda step: step.bound, default=None)


def _no_rule(reason: str, target: str, precision: float, step: _Step | None) -> NoRule:
    if step is None:
        return NoRule(reason=reason, target=target, precision=precision)
    return NoRule(
        reason=reason,
        target=target,
        precision=precision,
        threshold=step.threshold,
        bound=step.bound,
        right=step.right,
        seen=step.seen,
        desk_right=step.desk_right,
        desk_seen=step.desk_seen,
        desk_bound=step.desk_bound,
    )
