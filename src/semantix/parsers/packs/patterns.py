"""Regular expressions that a pack may hold: none whose time grows out of bounds with the length of a cell.

How an expression goes back over a text is read from its parsed form. Repetitions that may hold the same characters
share a text between them in as many ways as it has positions, so that each one more multiplies the time by its length.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from importlib import import_module
from itertools import pairwise
from typing import Any

from msgspec import Struct

LONGEST = 500
"""Characters of an expression."""
READ = 4_096
"""Characters of a cell that an expression looks at; what is longer does not match."""
SHORT = 400
"""The same, for an expression whose time grows with the third power of the length."""
LINE = 100_000
"""Characters of a text that is looked through for parts."""
STEEPEST = 3
"""The power of the length that the time of an expression may grow with."""
_CHOICES = 20_000
"""Ways in which the small repetitions of one expression may be gone through."""
_MANY_CHOICES = (50, 1_000)
"""More than so many count as one more power each."""
_MOST_ELEMENTS = 2_000
_SMALL = 20
"""A repetition up to so many times is not one that grows with the text."""
_SAMPLE = "".join(map(chr, range(256))) + "ŒœŸ€–—’“”…≤≥μα中\u2028\u00a0"
"""Characters that stand for all of them where two repetitions are compared."""
_ALL = frozenset(_SAMPLE)
_PARSER: Any = import_module("re._parser")
_COMPILER: Any = import_module("re._compiler")


class _Element(Struct, frozen=True):
    """One step: the characters that it may hold, whether it repeats, and whether it must hold one."""

    holds: frozenset[str]
    repeats: bool = False
    must: bool = True


def compile_pattern(text: str) -> re.Pattern[str]:
    """Compile an expression. Raises ValueError for one that is wrong, too long, or that may take for ever."""
    if len(text) > LONGEST:
        raise ValueError(f"an expression of {len(text)} characters, at most {LONGEST} expected")
    try:
        found = re.compile(text)
        power = _power(text)
    except (re.error, RecursionError, OverflowError) as error:
        raise ValueError(f"not a regular expression: {error}") from None
    if power > STEEPEST:
        raise ValueError(
            f"{power} repetitions share the same characters, at most {STEEPEST} expected (one fewer where the"
            " expression does not begin with ^): it may take for ever"
        )
    return found


def reach(pattern: re.Pattern[str]) -> int:
    """Characters of a cell that an expression looks at."""
    return SHORT if _power(pattern.pattern) >= STEEPEST else READ


@lru_cache(maxsize=4_096)
def _power(text: str) -> int:
    """The power of the length that the time to find nothing grows with."""
    parsed = _PARSER.parse(text)
    flags = parsed.state.flags
    is_anchored = len(parsed) > 0 and str(parsed[0][0]) == "AT" and not flags & re.MULTILINE
    return max(_power_of(path, flags) for path in _paths(list(parsed))) + (0 if is_anchored else 1)


def _paths(items: list[Any]) -> list[list[Any]]:
    """The ways through the first alternatives that are not repeated; those after it are taken together."""
    for at, (op, argument) in enumerate(items):
        inner = list(argument[3]) if str(op) == "SUBPATTERN" else [(op, argument)]
        if len(inner) == 1 and str(inner[0][0]) == "BRANCH":
            return [[*items[:at], *branch, *items[at + 1 :]] for branch in inner[0][1][1]]
    return [items]


def _power_of(path: list[Any], flags: int) -> int:
    walk = _Walk(flags)
    elements = walk.sequence(path)
    is_closed = bool(path) and str(path[-1][0]) == "AT"
    if elements and elements[-1].repeats and (not is_closed or elements[-1].holds == _ALL):
        # Nothing stands after it that could fail.
        elements = elements[:-1]
    return _longest_chain(elements) + sum(walk.choices > many for many in _MANY_CHOICES)


def _longest_chain(elements: list[_Element]) -> int:
    """The most repetitions that one run of text may be shared between, each with the next."""
    counts = [int(each.repeats) for each in elements]
    for start, first in enumerate(elements):
        between: list[frozenset[str]] = []
        for at in range(start + 1, len(elements) if first.repeats else 0):
            each = elements[at]
            common = first.holds & each.holds
            if each.repeats and common and not any(common.isdisjoint(holds) for holds in between):
                counts[at] = max(counts[at], counts[start] + 1)
            if each.must:
                if not common:
                    break
                between.append(each.holds)
    return max(counts, default=0)


def _are_apart(branches: list[list[Any]]) -> bool:
    """True for words of which none begins another: at most one of them matches at a place."""
    if any(str(op) != "LITERAL" for branch in branches for op, _ in branch):
        return False
    words = sorted("".join(chr(char) for _, char in branch).casefold() for branch in branches)
    return not any(second.startswith(first) for first, second in pairwise(words))


class _Walk:
    """Goes through a parsed expression."""

    def __init__(self, flags: int) -> None:
        self.flags = flags
        self.choices = 1
        self._seen = 0

    def sequence(self, items: Iterable[Any]) -> list[_Element]:
        """The steps of a sequence, one after the other."""
        return [element for op, argument in items for element in self._item(str(op), op, argument)]

    def _item(self, name: str, op: Any, argument: Any) -> list[_Element]:
        if name in {"LITERAL", "NOT_LITERAL", "ANY", "IN"}:
            return [_Element(_literal(chr(argument)) if name == "LITERAL" else self._held(op, argument))]
        if name in {"SUBPATTERN", "ATOMIC_GROUP"}:
            return self._group(*argument) if name == "SUBPATTERN" else self.sequence(argument)
        if name in {"ASSERT", "ASSERT_NOT"}:
            return _optional(self.sequence(argument[1]))
        if name in {"BRANCH", "GROUPREF_EXISTS"}:
            branches = argument[1] if name == "BRANCH" else [each for each in argument[1:] if each is not None]
            return self._branch(branches)
        if name.endswith("_REPEAT"):
            return self._repeat(*argument)
        # Anchors hold nothing; what a group held before is matched in one way.
        return [_Element(_ALL, must=False)] if name == "GROUPREF" else []

    def _group(self, _: int | None, added: int, removed: int, body: Any) -> list[_Element]:
        """What stands in parentheses, which may have flags of its own."""
        before = self.flags
        self.flags = (before | added) & ~removed
        elements = self.sequence(body)
        self.flags = before
        return elements

    def _branch(self, branches: list[Any]) -> list[_Element]:
        """Any of some sequences: as many repetitions as the one that has most, of the characters of all."""
        self._choose(1 if _are_apart(branches) else len(branches))
        repeats = [[each for each in self.sequence(branch) if each.repeats] for branch in branches]
        holds = frozenset[str]().union(*(each.holds for branch in repeats for each in branch))
        return [_Element(holds, repeats=True, must=False)] * max(map(len, repeats), default=0)

    def _repeat(self, low: int, high: int, body: Any) -> list[_Element]:
        before = self.choices
        inner = self.sequence(body)
        ways = self.choices // before
        if high <= _SMALL:
            self._choose((ways ** max(high - 1, 0)) * (high - low + 1))
            must = inner * min(low, 1)
            return self._bounded([*must, *_optional(inner * (high - min(low, 1)))])
        if ways > 1 or any(each.repeats for each in inner):
            raise ValueError("a repeated group holds a repetition or alternatives: it may take for ever")
        holds = frozenset[str]().union(*(each.holds for each in inner))
        return [_Element(holds, repeats=True, must=low > 0)]

    def _choose(self, ways: int) -> None:
        self.choices *= ways
        if self.choices > _CHOICES:
            raise ValueError("too many repetitions and alternatives that multiply: it may take for ever")

    def _bounded(self, elements: list[_Element]) -> list[_Element]:
        self._seen += len(elements)
        if self._seen > _MOST_ELEMENTS:
            raise ValueError("too many steps once its repetitions are written out: it may take for ever")
        return elements

    def _held(self, op: Any, argument: Any) -> frozenset[str]:
        one = _PARSER.SubPattern(_PARSER.State(), [(op, argument)])
        one.state.str = ""
        matches = _COMPILER.compile(one, self.flags & ~re.VERBOSE & ~re.DEBUG).fullmatch
        return frozenset(char for char in _SAMPLE if matches(char))


def _literal(char: str) -> frozenset[str]:
    """A character in either case; one that is not in the sample is stood for by one of its kind."""
    if char not in _ALL:
        char = "中" if char.isalnum() else "\u2028"
    return frozenset({char, char.lower(), char.upper()})


def _optional(elements: list[_Element]) -> list[_Element]:
    return [_Element(each.holds, each.repeats, must=False) for each in elements]
