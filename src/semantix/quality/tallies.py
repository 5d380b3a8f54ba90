"""Results counted: by status, by category, by check, by reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import groupby

from msgspec import Struct

from semantix.quality.kinds import CATEGORIES, SEVERITIES
from semantix.quality.outcomes import ERROR, FAILED, NOT_APPLICABLE, PASSED, Result


class Tally(Struct, frozen=True):
    """How many checks ended in each way."""

    passed: int = 0
    failed: int = 0
    not_applicable: int = 0
    error: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.applicable + self.not_applicable

    @property
    def applicable(self) -> int:
        """Those that apply, run or not."""
        return self.passed + self.failed + self.error

    @property
    def share(self) -> float:
        """The share that passes, of those that apply."""
        return self.passed / self.applicable if self.applicable else 0.0


def tally(results: Iterable[Result]) -> Tally:
    """Count results by status."""
    counts = dict.fromkeys((PASSED, FAILED, NOT_APPLICABLE, ERROR), 0)
    for result in results:
        counts[result.status] += 1
    return Tally(**counts)


def by_category(results: Iterable[Result]) -> tuple[tuple[str, Tally], ...]:
    """Count by Kahn category, those of OHDSI first."""
    found = _grouped(results, lambda result: result.check.kind.category)
    names = [name for name in CATEGORIES if name in found] + [name for name in found if name not in CATEGORIES]
    return tuple((name, tally(found[name])) for name in names)


def by_check(results: Iterable[Result]) -> Mapping[str, tuple[Result, ...]]:
    """Group by the name of the check, in the order of the definitions."""
    return _grouped(results, lambda result: result.check.kind.name)


def failures(results: Iterable[Result]) -> tuple[tuple[Result, ...], ...]:
    """What fails, grouped by check: the gravest severity first, and in a group the largest share."""
    failed = by_check(result for result in results if result.status == FAILED)
    groups = sorted(failed.values(), key=lambda group: SEVERITIES.index(group[0].check.kind.severity))
    return tuple(tuple(sorted(group, key=lambda result: (-result.share, result.check.id))) for group in groups)


def by_reason(results: Iterable[Result]) -> Mapping[str, tuple[Result, ...]]:
    """Group what does not apply by its reason."""
    return _grouped((result for result in results if result.status == NOT_APPLICABLE), lambda result: result.reason)


def is_conformant(results: Iterable[Result], severity: str) -> bool:
    """Say whether no check of this severity or a graver one fails or could not be run."""
    counted = SEVERITIES[: SEVERITIES.index(severity) + 1]
    return not any(r.status in {FAILED, ERROR} and r.check.kind.severity in counted for r in results)


def _grouped(results: Iterable[Result], key: Callable[[Result], str]) -> dict[str, tuple[Result, ...]]:
    groups: dict[str, tuple[Result, ...]] = {}
    for name, some in groupby(results, key):
        groups[name] = (*groups.get(name, ()), *some)
    return groups
