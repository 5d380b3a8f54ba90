"""Simple tests of an element as Python functions: within contexts, where a call of XPath costs more than the test.

Paths of child steps, perhaps ending with an attribute, compared with a string or asked for; ``self::name``; ``and``,
``or``, ``not``. Everything else is None: it goes to XPath.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from semantix.validation.rulesets.fast.syntax import Binary, Call, Literal, Node, Path, Step, Test
from semantix.validation.rulesets.fast.values import Element

if TYPE_CHECKING:
    from semantix.validation.rulesets.fast.compiler import Compiler

Quick = Callable[[Element], bool]


def quick(node: Node, compiler: Compiler) -> Quick | None:
    """The function of a test, or None."""
    match node:
        case Binary(op="and" | "or"):
            return _both(node, compiler)
        case Binary(op="|"):
            return _both(Binary("or", node.left, node.right), compiler)
        case Call(name="not", args=(inner,)):
            test = quick(inner, compiler)
            return None if test is None else (lambda element: not test(element))
        case Binary(op="=" | "!=", left=Path() as path, right=Literal(kind="string", text=text)):
            return _path(path, compiler, text, equal=node.op == "=")
        case Path():
            return _path(node, compiler, None)
        case _:
            return None


def _both(node: Binary, compiler: Compiler) -> Quick | None:
    one, other = quick(node.left, compiler), quick(node.right, compiler)
    if one is None or other is None:
        return None
    if node.op == "and":
        return lambda element: one(element) and other(element)
    return lambda element: one(element) or other(element)


def _path(path: Path, compiler: Compiler, text: str | None, *, equal: bool = True) -> Quick | None:
    """A path that leads somewhere (``text`` None), or to a value that is, or is not, ``text``."""
    if path.absolute or not path.steps:
        return None
    *steps, last = path.steps
    found = _last(last, compiler, text, equal=equal)
    for step in reversed(steps):
        if found is None or not isinstance(step, Step) or step.axis != "child":
            return None
        found = _child(step, compiler, found)
    return found


def _last(step: object, compiler: Compiler, text: str | None, *, equal: bool) -> Quick | None:
    match step:
        case Step(test=Test(prefix="*") | Test(local="*")):
            return None
        case Step(axis="attribute", test=Test(kind="name"), predicates=()):
            return _attribute(compiler.expanded(step.test), text, equal=equal)
        case Step(axis="self", test=Test(kind="name")) if text is None:
            tag, tests = compiler.expanded(step.test), _all(step, compiler)
            return None if tests is None else (lambda element: element.tag == tag and tests(element))
        case Step(axis="child") if text is None:
            return _child(step, compiler, None)
        case _:
            return None


def _attribute(name: str, text: str | None, *, equal: bool) -> Quick:
    if text is None:
        return lambda element: element.get(name) is not None
    if equal:
        return lambda element: element.get(name) == text
    return lambda element: element.get(name, text) != text


def _child(step: Step, compiler: Compiler, then: Quick | None) -> Quick | None:
    """Whether a child of that name passes the tests, and what follows."""
    if step.test.kind != "name" or "*" in {step.test.prefix, step.test.local}:
        return None
    tag, tests = compiler.expanded(step.test), _all(step, compiler)
    if tests is None:
        return None
    if then is None:
        if not step.predicates:
            return lambda element: next(element.iterchildren(tag), None) is not None
        return lambda element: any(map(tests, element.iterchildren(tag)))
    if not step.predicates:
        return lambda element: any(map(then, element.iterchildren(tag)))
    return lambda element: any(map(then, _passing(element, tag, tests)))


def _passing(element: Element, tag: str, tests: Quick) -> Iterator[Element]:
    return (child for child in element.iterchildren(tag) if tests(child))


def _all(step: Step, compiler: Compiler) -> Quick | None:
    tests = [quick(test, compiler) for test in step.predicates]
    known = [test for test in tests if test is not None]
    if len(known) != len(tests):
        return None
    if len(known) == 1:
        return known[0]
    return lambda element: all(test(element) for test in known)
