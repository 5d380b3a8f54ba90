"""How far apart two codes, or two judgements, are in the hierarchy of a terminology store.

Between codes: one less the similarity of Wu and Palmer ("Verbs semantics and lexical selection", ACL 1994). It is
``2 d / (a + b + 2 d)``, where ``d`` is the depth of what both have in common (a code with nothing above it has depth 1)
and ``a`` and ``b`` are the steps from each code up to it. So the same code is at 0, codes with nothing above in common
are at 1, and two siblings are the nearer, the deeper they stand. Where a code has several parents, the best way counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from itertools import permutations
from types import MappingProxyType
from typing import Protocol

from semantix.review.model import Judgement
from semantix.terminology.records import Concept

HIGHEST = 40
"""Steps above a code beyond which nothing is looked for."""
MOST_ABOVE = 2_000
"""Codes above one code beyond which nothing is looked for."""
MOST_MATCHED = 5
"""Targets of one judgement up to which the best of all matchings is sought; beyond, the nearest pair is taken first."""
FAMILIES: Mapping[str, int] = MappingProxyType({"ccam": 4, "cim10": 3, "cisp2": 1})
"""How many first characters name the code above, in systems whose releases often come without their hierarchy."""

Named = tuple[str, str, str]
"""(part, system, code)."""


class Band(StrEnum):
    """How far apart two judgements of one item are, from the nearest to the farthest."""

    RELATION = "relation"
    PARTLY = "partly"
    PARENT = "parent"
    SIBLING = "sibling"
    FAMILY = "family"
    FAR = "far"
    NO_TARGET = "no-target"


class Hierarchy(Protocol):
    """What a terminology store tells of the place of a code."""

    def lookup(self, system: str, code: str) -> Concept | None:
        """Find a concept, None when it is not known."""
        ...

    def parents(self, system: str, code: str) -> tuple[str, ...]:
        """The codes directly above."""
        ...


class HierarchyDistance:
    """The distance between judgements, 0 to 1, by the codes that they chose. It remembers what it looked up.

    Notes, refusals and relations do not count. Codes of different systems or parts are at 1, and so are codes of which
    one is not in the store, unless they are equal.
    """

    def __init__(self, hierarchy: Hierarchy, families: Mapping[str, int] = FAMILIES) -> None:
        self._hierarchy, self._families = hierarchy, families
        self._parents: dict[tuple[str, str], tuple[str, ...]] = {}
        self._above: dict[tuple[str, str], Mapping[str, int]] = {}
        self._between: dict[tuple[str, str, str], float] = {}

    def __call__(self, one: Judgement, other: Judgement) -> float:
        """Match the targets of both as well as can be, and average: a target that is left over counts 1."""
        mine, theirs = one.codes(), other.codes()
        if mine == theirs:
            return 0.0
        fewer, more = sorted((sorted(mine), sorted(theirs)), key=lambda each: (len(each), each))
        if not fewer:
            return 1.0
        matched = self._match(fewer, more)
        return (matched + len(more) - len(fewer)) / len(more)

    def between(self, system: str, one: str, other: str) -> float:
        """The distance between two codes of one system."""
        if one == other:
            return 0.0
        key = (system, min(one, other), max(one, other))
        known = self._between.get(key)
        if known is None:
            self._between[key] = known = self._measure(system, one, other)
        return known

    def band(self, one: Judgement, other: Judgement) -> Band | None:
        """Name how far apart two judgements are; None when they agree. Of several targets, the nearest two tell."""
        if one.agrees(other):
            return None
        mine, theirs = one.codes(), other.codes()
        if mine == theirs:
            return Band.RELATION
        if not mine or not theirs:
            return Band.NO_TARGET
        if mine & theirs:
            return Band.PARTLY
        found = {self._band(a, b) for a in mine for b in theirs}
        return next(band for band in Band if band in found)

    def _match(self, fewer: list[Named], more: list[Named]) -> float:
        costs = [[self._apart(a, b) for b in more] for a in fewer]
        if len(more) <= MOST_MATCHED:
            places = range(len(more))
            return min(
                sum(row[place] for row, place in zip(costs, chosen, strict=True))
                for chosen in permutations(places, len(fewer))
            )
        total = 0.0
        rows, columns = set(range(len(fewer))), set(range(len(more)))
        for cost, row, column in sorted((cost, i, j) for i, line in enumerate(costs) for j, cost in enumerate(line)):
            if row in rows and column in columns:
                rows.remove(row)
                columns.remove(column)
                total += cost
        return total

    def _apart(self, one: Named, other: Named) -> float:
        if one[:2] != other[:2]:
            return 1.0
        return self.between(one[1], one[2], other[2])

    def _band(self, one: Named, other: Named) -> Band:
        if one[:2] != other[:2] or not self._known(one[1], one[2], other[2]):
            return Band.FAR
        system, first, second = one[1], one[2], other[2]
        above_first, above_second = self._codes_above(system, first), self._codes_above(system, second)
        if above_first.get(second) == 1 or above_second.get(first) == 1:
            return Band.PARENT
        shared = above_first.keys() & above_second.keys()
        if any(above_first[code] == above_second[code] == 1 for code in shared):
            return Band.SIBLING
        return Band.FAMILY if shared else Band.FAR

    def _known(self, system: str, *codes: str) -> bool:
        return all(self._hierarchy.lookup(system, code) is not None for code in codes)

    def _measure(self, system: str, one: str, other: str) -> float:
        if not self._known(system, one, other):
            return 1.0
        first, second = self._codes_above(system, one), self._codes_above(system, other)
        best = 0.0
        for code in first.keys() & second.keys():
            twice = 2 * self._depth(system, code)
            best = max(best, twice / (first[code] + second[code] + twice))
        return 1 - best

    def _depth(self, system: str, code: str) -> int:
        """The fewest codes from the top down to this one, itself counted; 1 where a circle has no top."""
        steps = [step for above, step in self._codes_above(system, code).items() if not self._up(system, above)]
        return 1 + min(steps, default=0)

    def _codes_above(self, system: str, code: str) -> Mapping[str, int]:
        """The code and all above it, with the fewest steps up to each; a circle is walked once."""
        known = self._above.get((system, code))
        if known is not None:
            return known
        found, edge = {code: 0}, [code]
        for step in range(1, HIGHEST + 1):
            edge = sorted({up for each in edge for up in self._up(system, each)} - found.keys())
            if not edge or len(found) + len(edge) > MOST_ABOVE:
                break
            found.update(dict.fromkeys(edge, step))
        self._above[system, code] = found
        return found

    def _up(self, system: str, code: str) -> tuple[str, ...]:
        """The codes directly above, as the store says, else as the first characters of the code do."""
        key = (system, code)
        known = self._parents.get(key)
        if known is None:
            known = self._hierarchy.parents(system, code)
            width = self._families.get(system, 0)
            if not known and 0 < width < len(code):
                known = (code[:width],)
            self._parents[key] = known
        return known
