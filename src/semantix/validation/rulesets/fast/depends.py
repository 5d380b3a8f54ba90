"""On what the value of an expression depends: how often it must be worked out for one document."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from semantix.validation.rulesets.fast.kinds import Scope, literal_of, parts_of
from semantix.validation.rulesets.fast.syntax import Call, Dot, Filter, Node, Path, Step, Variable


class Leaves(NamedTuple):
    """The attributes that a value depends on: of the context item, and of the node of the rule (by variables)."""

    item: frozenset[tuple[str, str]]
    rule: frozenset[tuple[str, str]]

    def plus(self, other: Leaves) -> Leaves:
        """Those of two parts."""
        return Leaves(self.item | other.item, self.rule | other.rule)


NODE = frozenset({("", "*")})
"""In ``Leaves.rule``: all of the node of the rule."""
_NOTHING = Leaves(frozenset(), frozenset())
_OF_CONTEXT = frozenset("position last current doc-available".split())


def leaves(node: Node, scope: Scope, *, inside: bool = False) -> Leaves | None:
    """What a value depends on, if that is nothing but attributes of single nodes; else None.

    ``inside``: within a predicate, whose own context does not count.
    """
    match node:
        case Variable():
            return _of_variable(node, scope)
        case Dot():
            return _NOTHING if inside else None
        case Call(args=()) if node.name not in {"true", "false"}:
            return _NOTHING if inside and node.name not in _OF_CONTEXT else None
        case Path():
            return _of_path(node, scope, inside=inside)
        case _:
            found = _all_leaves(parts_of(node, deep=False), scope, inside=inside)
            if found is None or not isinstance(node, Filter):
                return found
            return _plus(found, _all_leaves(iter(node.predicates), scope, inside=True))


def _plus(one: Leaves | None, other: Leaves | None) -> Leaves | None:
    return None if one is None or other is None else one.plus(other)


def _all_leaves(nodes: Iterator[Node], scope: Scope, *, inside: bool) -> Leaves | None:
    found: Leaves | None = _NOTHING
    for node in nodes:
        found = _plus(found, leaves(node, scope, inside=inside))
    return found


def _of_variable(node: Variable, scope: Scope) -> Leaves | None:
    bound = scope.get(node.name)
    if bound is None or bound.root:
        return _NOTHING
    found = leaves(bound.tree, bound.scope)
    return Leaves(frozenset(), NODE if found is None else found.item | found.rule)


def _of_path(node: Path, scope: Scope, *, inside: bool) -> Leaves | None:
    first = node.steps[0] if node.steps else None
    tests = _all_leaves((test for step in node.steps for test in step.predicates), scope, inside=True)
    if isinstance(first, Filter) and not node.absolute:
        return _plus(tests, leaves(first.of, scope, inside=inside))
    if inside and not node.absolute:
        return tests
    if node.absolute or len(node.steps) != 1 or not isinstance(first, Step) or first.axis != "attribute":
        return None
    if first.predicates or first.test.kind != "name" or "*" in {first.test.prefix, first.test.local}:
        return None
    return Leaves(frozenset({(first.test.prefix, first.test.local)}), frozenset())


def is_fixed(node: Node, scope: Scope, *, inside: bool = False) -> bool:
    """Whether a value is the same everywhere in a document: made of absolute paths and constants."""
    match node:
        case Variable():
            bound = scope.get(node.name)
            return bound is not None and (bound.root or literal_of(bound.tree, bound.scope) is not None)
        case Dot():
            return inside
        case Call(args=()):
            return node.name in {"true", "false"} or (inside and node.name not in _OF_CONTEXT)
        case Path():
            starts = inside or (node.absolute and all(isinstance(step, Step) for step in node.steps))
            tests = (test for step in node.steps for test in step.predicates)
            return starts and all(is_fixed(test, scope, inside=True) for test in tests)
        case Call(name="document" | "doc" | "doc-available"):
            return False
        case _:
            parts = all(is_fixed(part, scope, inside=inside) for part in parts_of(node, deep=False))
            kept = node.predicates if isinstance(node, Filter) else ()
            return parts and all(is_fixed(test, scope, inside=True) for test in kept)
