"""What an expression gives, known before it is run; and the variables that it may use."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Any, NamedTuple

from semantix.validation.rulesets.fast.syntax import (
    Binary,
    Call,
    Dot,
    Filter,
    If,
    Literal,
    Loop,
    Negative,
    Node,
    Path,
    Sequence,
    Step,
    Typed,
    Variable,
)

Scope = Mapping[str, "Bound"]


class Bound:
    """A variable: its expression, parsed when it is first asked for, under the variables that stand before it.

    ``root``: it is global, its relative paths start at the root of the document. ``closure`` is made by the compiler,
    which says in ``depends`` on what attributes of the node of the rule it depends, if on nothing else.
    """

    def __init__(self, tree: Callable[[], Node], scope: Scope, number: int, *, root: bool) -> None:
        self._parse, self.scope, self.number, self.root = tree, scope, number, root
        self.closure: Any = None
        self.depends: tuple[str, ...] | None = None

    @cached_property
    def tree(self) -> Node:
        """The parsed expression; raises NotUnderstood."""
        return self._parse()


class Kind(NamedTuple):
    """``kind``: ``nodes``, ``text``, ``number``, ``truth``, ``other``, or ``any`` if that is not known.

    ``many``: it may be any number of items; else there is exactly one (at most one, of nodes).
    """

    kind: str
    many: bool = False


_TRUTH = frozenset(
    "not boolean true false empty exists contains starts-with ends-with matches doc-available deep-equal".split()
)
_TEXT = frozenset(
    "string concat substring substring-before substring-after normalize-space translate upper-case lower-case replace"
    " string-join name local-name namespace-uri iri-to-uri encode-for-uri".split()
)
_NUMBER = frozenset("count string-length number position last sum".split())
_NODES = frozenset("doc document current root".split())
_COMPARISONS = frozenset("= != < <= > >= and or is".split())
_VALUE_COMPARISONS = frozenset("eq ne lt le gt ge".split())


def static(node: Node, scope: Scope) -> Kind:
    """What is known of the value of an expression."""
    return _STATIC[type(node)](node, scope)


def _of_literal(node: Literal, _: Scope) -> Kind:
    return Kind("text" if node.kind == "string" else "number")


def _of_typed(node: Typed, _: Scope) -> Kind:
    return Kind("truth") if node.op in {"castable", "instance"} else _UNKNOWN


def _of_if(node: If, scope: Scope) -> Kind:
    then, other = static(node.then, scope), static(node.other, scope)
    return Kind(then.kind if then.kind == other.kind else "any", then.many or other.many)


def _of_bound(node: Variable, scope: Scope) -> Kind:
    bound = scope.get(node.name)
    return _UNKNOWN if bound is None else static(bound.tree, bound.scope)


def _of_steps(node: Path, scope: Scope) -> Kind:
    last = node.steps[-1] if node.steps else None
    return Kind("nodes", True) if last is None or isinstance(last, Step) else _of_last(last, scope)


def _of_last(step: Filter, scope: Scope) -> Kind:
    kind = static(step.of, scope).kind
    return Kind(kind, True)


def _of_call(node: Call, _: Scope) -> Kind:
    if node.name in _TRUTH:
        return Kind("truth")
    if node.name in _TEXT:
        return Kind("text")
    if node.name in _NUMBER:
        return Kind("number")
    return Kind("nodes" if node.name in _NODES else "any", node.name != "current")


def _of_binary(node: Binary, scope: Scope) -> Kind:
    if node.op in _COMPARISONS:
        return Kind("truth")
    if node.op in _VALUE_COMPARISONS:
        sides = (static(node.left, scope), static(node.right, scope))
        return Kind("truth", any(side.many or side.kind == "nodes" for side in sides))
    if node.op in {"|", "except", "intersect"}:
        return Kind("nodes", True)
    if node.op == "to":
        return Kind("any", True)
    sides = (static(node.left, scope), static(node.right, scope))
    return Kind("number", any(side.kind != "number" or side.many for side in sides))


_UNKNOWN = Kind("any", True)
_STATIC: dict[type, Callable[[Any, Scope], Kind]] = {
    Literal: _of_literal,
    Typed: _of_typed,
    Call: _of_call,
    Binary: _of_binary,
    Loop: lambda node, _: _UNKNOWN if node.kind == "for" else Kind("truth"),
    If: _of_if,
    Variable: _of_bound,
    Dot: lambda _, __: Kind("nodes"),
    Path: _of_steps,
    Filter: lambda node, scope: Kind(static(node.of, scope).kind, True),
    Sequence: lambda _, __: _UNKNOWN,
    Negative: lambda node, scope: Kind("number", static(node.of, scope).kind != "number"),
}


def literal_of(node: Node, scope: Scope | None = None) -> Literal | None:
    """The literal that an expression is, perhaps through variables."""
    for _ in range(8):
        if isinstance(node, Literal):
            return node
        bound = scope.get(node.name) if isinstance(node, Variable) and scope is not None else None
        if bound is None:
            return None
        node, scope = bound.tree, bound.scope
    return None


def walk_context(node: Node, *, deep: bool = False) -> Iterator[Node]:
    """An expression and its parts; those in predicates, which have a context of their own, only if ``deep``."""
    yield node
    for part in parts_of(node, deep):
        yield from walk_context(part, deep=deep)


def parts_of(node: Node, deep: bool) -> Iterator[Node]:
    """The parts of an expression; those in predicates only if ``deep``."""
    match node:
        case Sequence(items=parts) | Call(args=parts):
            yield from parts
        case If():
            yield from (node.test, node.then, node.other)
        case Loop():
            yield from (source for _, source in node.bindings)
            yield node.body
        case Binary():
            yield from (node.left, node.right)
        case Negative() | Typed():
            yield node.of
        case Filter():
            yield node.of
            if deep:
                yield from node.predicates
        case Path():
            yield from _in_steps(node, deep)
        case _:
            return


def _in_steps(node: Path, deep: bool) -> Iterator[Node]:
    for place, step in enumerate(node.steps):
        if isinstance(step, Filter) and (deep or place == 0):
            yield step.of
        if deep:
            yield from step.predicates
