"""``document($file)//Concept[@code = $code and @codeSystem = $system]``: asked of a set, not of a tree."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import TYPE_CHECKING, Any

from semantix.validation.rulesets.fast.kinds import literal_of
from semantix.validation.rulesets.fast.library import Address
from semantix.validation.rulesets.fast.syntax import (
    ANY_NODE,
    Binary,
    Call,
    DynamicError,
    Filter,
    Literal,
    Node,
    Path,
    Step,
    Test,
    Variable,
)
from semantix.validation.rulesets.fast.values import Items, atoms, text_of

if TYPE_CHECKING:
    from semantix.validation.rulesets.fast.closures import Closures
    from semantix.validation.rulesets.fast.sequences import Check, Env


def lookup(closures: Closures, node: Node) -> Check | None:
    """Whether such a path finds anything; None if the expression is none."""
    match node:
        case Path(
            absolute=False,
            steps=(
                Filter(of=Call(name="doc" | "document", args=(where,)), predicates=()),
                Step() as deep,
                Step(axis="child", test=Test(kind="name")) as step,
            ),
        ) if deep == ANY_NODE and "*" not in {step.test.local, step.test.prefix}:
            return _asked(closures, where, step)
        case _:
            return None


def _asked(closures: Closures, where: Node, step: Step) -> Check | None:
    wanted = [pair for test in step.predicates for pair in _pairs(closures, test)]
    pairs = [pair for pair in wanted if pair is not None]
    keys = tuple(key for key, _ in pairs)
    if len(pairs) != len(wanted) or not pairs or len(set(keys)) != len(keys) or ("text()" in keys and len(keys) > 1):
        return None
    href = address(closures, where)
    values = [closures.build(value) for _, value in pairs]
    tag = closures.compiler.expanded(step.test)

    def found(item: Any, env: Env) -> bool:
        table = env.run.table(href(item, env), tag, keys)
        columns = [_texts(value(item, env)) for value in values]
        return any(row in table for row in product(*columns))

    return found


def address(closures: Closures, node: Node) -> Callable[[Any, Env], Address]:
    """The address of a document of the rule set; its name is for people, if no value of the document is in it."""
    href, literal = closures.build(node), literal_of(node, closures.scope)
    name = "" if literal is None else literal.text.rpartition("/")[2]
    return lambda item, env: Address(text_of(href(item, env)), name)


def _texts(items: Items) -> list[str]:
    values = atoms(items)
    if all(isinstance(value, str) for value in values):
        return values
    raise DynamicError("a number compared with a text of a value set")


def _pairs(closures: Closures, test: Node) -> list[tuple[str, Node] | None]:
    if not isinstance(test, Binary):
        return [None]
    if test.op == "and":
        return [*_pairs(closures, test.left), *_pairs(closures, test.right)]
    if test.op != "=":
        return [None]
    key = _key(closures, test.left)
    return [(key, test.right) if key is not None and _free(test.right) else None]


def _key(closures: Closures, node: Node) -> str | None:
    step = node.steps[0] if isinstance(node, Path) and not node.absolute and len(node.steps) == 1 else None
    if not isinstance(step, Step) or step.predicates:
        return None
    if step.axis == "child" and step.test == Test("text"):
        return "text()"
    if step.axis == "attribute" and step.test.kind == "name" and "*" not in {step.test.local, step.test.prefix}:
        return closures.compiler.expanded(step.test)
    return None


def _free(node: Node) -> bool:
    """Whether an expression does not depend on the context item."""
    if isinstance(node, Call):
        return node.name == "string" and len(node.args) == 1 and _free(node.args[0])
    return isinstance(node, (Variable, Literal))
