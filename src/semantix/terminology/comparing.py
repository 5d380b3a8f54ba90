"""What changed from one release of a terminology to the next, code by code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from enum import StrEnum
from itertools import groupby
from operator import itemgetter

from msgspec import Struct

from semantix.terminology.records import Concept
from semantix.terminology.volume import Volume


class Fate(StrEnum):
    """What became of a code. A code may be both relabelled and moved."""

    UNCHANGED = "unchanged"
    RELABELLED = "relabelled"
    MOVED = "moved"
    REPLACED = "retired with successor"
    RETIRED = "retired without successor"
    NEW = "new"
    REACTIVATED = "active again"
    DROPPED = "dropped after retirement"


class Change(Struct, frozen=True):
    """One code that is not what it was; ``before`` and ``after`` are labels, parents or successors, by its fate."""

    system: str
    code: str
    fate: Fate
    before: str = ""
    after: str = ""


class Comparison(Struct, frozen=True):
    """Two releases compared: how many codes met each fate, and each change, by system and code."""

    old: str
    new: str
    counts: dict[str, dict[str, int]]
    changes: tuple[Change, ...]


def diff(old: Volume, new: Volume) -> Comparison:
    """Compare the concepts of two releases; the systems that only one of them has are compared with nothing."""
    counts: dict[str, dict[str, int]] = {}
    changes: list[Change] = []
    systems = {key for volume in (old, new) for key, count in volume.manifest.counts.items() if count.concepts}
    for system in sorted(systems):
        met: Counter[str] = Counter()
        for change in _changes(old, new, system):
            met[change.fate] += 1
            if change.fate is not Fate.UNCHANGED:
                changes.append(change)
        counts[system] = {fate: met[fate] for fate in Fate}
    return Comparison(old.ref, new.ref, counts, tuple(changes))


def _changes(old: Volume, new: Volume, system: str) -> Iterator[Change]:
    below_old, below_new = (_Parents(volume, system) for volume in (old, new))
    for code, before, after in _paired(old.concepts(system), new.concepts(system)):
        parents = below_old.of(code), below_new.of(code)
        if before is None:
            assert after is not None
            yield Change(system, code, Fate.NEW, "", after.display)
        elif after is None or (before.active and not after.active):
            yield _gone(old, new, before)
        elif after.active and not before.active:
            yield Change(system, code, Fate.REACTIVATED, "", after.display)
        else:
            yield from _kept(before, after, parents)


def _gone(old: Volume, new: Volume, before: Concept) -> Change:
    system, code = before.system, before.code
    successors = {each.successor for volume in (old, new) for each in volume.successors(system, code)}
    if not before.active:
        return Change(system, code, Fate.DROPPED, before.display)
    fate = Fate.REPLACED if successors else Fate.RETIRED
    return Change(system, code, fate, before.display, " ".join(sorted(successors)))


def _kept(before: Concept, after: Concept, parents: tuple[tuple[str, ...], tuple[str, ...]]) -> Iterator[Change]:
    system, code = before.system, before.code
    if before.display != after.display:
        yield Change(system, code, Fate.RELABELLED, before.display, after.display)
    if parents[0] != parents[1]:
        yield Change(system, code, Fate.MOVED, " ".join(parents[0]), " ".join(parents[1]))
    if before.display == after.display and parents[0] == parents[1]:
        yield Change(system, code, Fate.UNCHANGED)


def _paired(old: Iterator[Concept], new: Iterator[Concept]) -> Iterator[tuple[str, Concept | None, Concept | None]]:
    """Join two streams ordered by code."""
    before, after = next(old, None), next(new, None)
    while before is not None or after is not None:
        if after is None or (before is not None and before.code < after.code):
            assert before is not None
            yield before.code, before, None
            before = next(old, None)
        elif before is None or after.code < before.code:
            yield after.code, None, after
            after = next(new, None)
        else:
            yield before.code, before, after
            before, after = next(old, None), next(new, None)


class _Parents:
    """The parents of codes that are asked for in order."""

    def __init__(self, volume: Volume, system: str) -> None:
        self._groups = groupby(volume.hierarchy(system), key=itemgetter(0))
        self._next = self._step()

    def of(self, code: str) -> tuple[str, ...]:
        while self._next is not None and self._next[0] < code:
            self._next = self._step()
        if self._next is not None and self._next[0] == code:
            return self._next[1]
        return ()

    def _step(self) -> tuple[str, tuple[str, ...]] | None:
        for code, rows in self._groups:
            return code, tuple(parent for _, parent in rows)
        return None
