"""What closures are made of: their surroundings, and what is done with sequences."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from semantix.validation.rulesets.fast.syntax import DynamicError, Literal, Path, Step
from semantix.validation.rulesets.fast.values import NODES, Element, Items, at_most_one, owner, truth

if TYPE_CHECKING:
    from semantix.validation.rulesets.fast.functions import Function
    from semantix.validation.rulesets.fast.running import Run

Closure = Callable[[Any, "Env"], Items]
Check = Callable[[Any, "Env"], bool]


class Env:
    """What surrounds an expression while it runs: the rule, the variables of loops, the place in a predicate."""

    __slots__ = ("locals", "position", "run", "size")

    def __init__(self, run: Run, locals_: dict[str, Items] | None = None, position: int = 1, size: int = 1) -> None:
        self.run, self.locals, self.position, self.size = run, locals_, position, size


def constant(value: Any) -> Closure:
    """The closure of a value that never changes."""
    items = (value,)
    return lambda item, env: items


def value_of(node: Literal) -> Any:
    """The value of a literal."""
    return {"string": str, "integer": int, "decimal": Decimal, "double": float}[node.kind](node.text)


def turns(sources: list[tuple[str, Closure]], item: Any, env: Env) -> Iterator[Env]:
    """The surroundings of each turn of a loop: its variables in all their values."""
    if not sources:
        yield env
        return
    (name, source), *others = sources
    for value in source(item, env):
        inner = Env(env.run, {**(env.locals or {}), name: (value,)}, env.position, env.size)
        yield from turns(others, item, inner)


def applied(function: Function, args: list[Closure]) -> Closure:
    """A function over the values of its arguments."""
    if len(args) == 1:
        (only,) = args
        return lambda item, env: function(only(item, env))
    return lambda item, env: function(*(arg(item, env) for arg in args))


def identity(item: Any) -> Any:
    """What makes a node the same as another."""
    if isinstance(item, Element):
        return item
    parent, name = owner(item), getattr(item, "attrname", None) or getattr(item, "name", None)
    return (parent, name) if name else (parent, getattr(item, "is_tail", False), str(item))


def combined(op: str, left: Items, right: Items) -> list[Any]:
    """``|``, ``except`` or ``intersect`` of nodes."""
    if any(not isinstance(item, NODES) for item in (*left, *right)):
        raise DynamicError("nodes are needed")
    others = {identity(item) for item in right}
    if op == "|":
        mine = {identity(item) for item in left}
        return [*left, *(item for item in right if identity(item) not in mine)]
    return [item for item in left if (identity(item) in others) == (op == "intersect")]


def whole_numbers(left: Items, right: Items) -> list[Any]:
    """``first to last``."""
    first, last = at_most_one(left), at_most_one(right)
    if first is None or last is None:
        return []
    if not isinstance(first, int) or not isinstance(last, int) or last - first > 100_000:
        raise DynamicError("whole numbers are needed")
    return list(range(first, last + 1))


def at_place(items: Items, value: Closure, env: Env) -> list[Any]:
    """Items for which a predicate of any type holds: a number is a place."""
    found = []
    for place, item in enumerate(items, 1):
        result = value(item, Env(env.run, env.locals, place, len(items)))
        number = result[0] if len(result) == 1 else None
        if isinstance(number, (int, float, Decimal)) and not isinstance(number, bool):
            if number == place:
                found.append(item)
        elif truth(result):
            found.append(item)
    return found


def from_leaf(node: Path, item: Any, env: Env, run_xpath: Callable[[Any, Run], Items]) -> Items:
    """A path whose context item is an attribute or a text."""
    if not isinstance(item, NODES):
        raise DynamicError("a path from what is no node")
    if node.absolute:
        return run_xpath(owner(item), env.run)
    first = node.steps[0]
    if isinstance(first, Step) and first.axis in {"child", "descendant", "attribute"}:
        return ()
    raise DynamicError("a path from an attribute or a text")
