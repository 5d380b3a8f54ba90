"""XPath 2 trees → Python closures over sequences: the meaning of the language, for what XPath 1 cannot say.

A closure takes the context item and an ``Env``. Paths that XPath 1 can say are run by libxml2 inside.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from lxml import etree

from semantix.validation.rulesets.fast.casting import TYPES, cast_to, castable
from semantix.validation.rulesets.fast.functions import FUNCTIONS, IMPLICIT, with_regex
from semantix.validation.rulesets.fast.kinds import Bound, Scope, literal_of, static, walk_context
from semantix.validation.rulesets.fast.lookups import address, lookup
from semantix.validation.rulesets.fast.native import NotNative, Translator
from semantix.validation.rulesets.fast.sequences import (
    Check,
    Closure,
    Env,
    applied,
    at_place,
    combined,
    constant,
    from_leaf,
    turns,
    value_of,
    whole_numbers,
)
from semantix.validation.rulesets.fast.steps import HERE, ROOT
from semantix.validation.rulesets.fast.syntax import (
    Binary,
    Call,
    Dot,
    DynamicError,
    Filter,
    If,
    Literal,
    Loop,
    Negative,
    Node,
    NotUnderstood,
    Path,
    Sequence,
    Step,
    Typed,
    Variable,
)
from semantix.validation.rulesets.fast.values import (
    NODES,
    VALUE_OPERATORS,
    Attribute,
    Element,
    Items,
    arithmetic,
    at_most_one,
    general,
    text_of,
    truth,
    value_comparison,
)

if TYPE_CHECKING:
    from semantix.validation.rulesets.fast.compiler import Compiler


class Closures:
    """Builds closures under one scope; ``base`` is where relative paths start, ``loops`` the variables of loops."""

    def __init__(
        self, compiler: Compiler, scope: Scope, *, base: str = HERE, loops: frozenset[str] = frozenset()
    ) -> None:
        self.compiler, self.scope, self.base, self.loops = compiler, scope, base, loops

    # -- truth ---------------------------------------------------------------------------------------

    def check(self, node: Node) -> Check:
        """The effective boolean value of an expression."""
        match node:
            case Binary(op="and"):
                left, right = self.check(node.left), self.check(node.right)
                return lambda item, env: left(item, env) and right(item, env)
            case Binary(op="or"):
                one, other = self.check(node.left), self.check(node.right)
                return lambda item, env: one(item, env) or other(item, env)
            case Call(name="not" | "empty", args=(inner,)):
                inside = self.check(inner) if node.name == "not" else self._exists(inner)
                return lambda item, env: not inside(item, env)
            case Call(name="boolean" | "exists", args=(inner,)):
                return self.check(inner) if node.name == "boolean" else self._exists(inner)
            case Path() if not node.steps or isinstance(node.steps[-1], Step):
                return self._exists(node)
            case _:
                found = self.build(node)
                return lambda item, env: truth(found(item, env))

    def _exists(self, node: Node) -> Check:
        table = lookup(self, node)
        if table is not None:
            return table
        found = self.build(node)
        return lambda item, env: bool(found(item, env))

    # -- values --------------------------------------------------------------------------------------

    def build(self, node: Node) -> Closure:
        """The closure of an expression; raises NotUnderstood."""
        return _BUILDERS[type(node)](self, node)

    def _literal(self, node: Literal) -> Closure:
        return constant(value_of(node))

    def _sequence(self, node: Sequence) -> Closure:
        parts = [self.build(item) for item in node.items]
        return lambda item, env: [value for part in parts for value in part(item, env)]

    def _negative(self, node: Negative) -> Closure:
        of = self.build(node.of)
        return lambda item, env: arithmetic("*", of(item, env), [-1])

    def _dot(self, _: Dot) -> Closure:
        if self.base == ROOT:
            raise NotUnderstood("the document itself as a value")
        return lambda item, env: [item]

    def _variable(self, node: Variable) -> Closure:
        name = node.name
        if name in self.loops:
            return lambda item, env: env.locals[name] if env.locals else []
        bound = self.scope.get(name)
        if bound is None:
            raise NotUnderstood(f"the variable ${name} is not declared")
        literal = literal_of(bound.tree, bound.scope)
        if literal is not None:
            return constant(value_of(literal))
        self.compiler.bound(bound)
        known: Bound = bound
        return lambda item, env: env.run.value(known)

    def _if(self, node: If) -> Closure:
        test, then, other = self.check(node.test), self.build(node.then), self.build(node.other)
        return lambda item, env: then(item, env) if test(item, env) else other(item, env)

    def _loop(self, node: Loop) -> Closure:
        scope = self
        sources: list[tuple[str, Closure]] = []
        for name, source in node.bindings:
            sources.append((name, scope.build(source)))
            scope = Closures(self.compiler, self.scope, base=self.base, loops=scope.loops | {name})
        if node.kind == "for":
            result = scope.build(node.body)
            return lambda item, env: [v for inner in turns(sources, item, env) for v in result(item, inner)]
        test = scope.check(node.body)
        if node.kind == "some":
            return lambda item, env: [any(test(item, inner) for inner in turns(sources, item, env))]
        return lambda item, env: [all(test(item, inner) for inner in turns(sources, item, env))]

    def _binary(self, node: Binary) -> Closure:
        op = node.op
        if op in {"and", "or"}:
            check = self.check(node)
            return lambda item, env: [check(item, env)]
        if op in _EMPTIED and Sequence() in {node.left, node.right}:
            return lambda item, env: ()
        left, right = self.build(node.left), self.build(node.right)
        if op in {"|", "except", "intersect"}:
            return lambda item, env: env.run.in_order(combined(op, left(item, env), right(item, env)))
        apply = _OPERATIONS.get(op)
        if apply is None:
            raise NotUnderstood(f"operator {op}")
        return lambda item, env: apply(op, left(item, env), right(item, env))

    def _typed(self, node: Typed) -> Closure:
        of, type_ = self.build(node.of), node.type
        if type_.rstrip("?") not in TYPES or node.op not in {"castable", "cast"}:
            raise NotUnderstood(f"{node.op} {type_}")
        if node.op == "castable":
            return lambda item, env: [castable(type_, of(item, env))]

        def cast(item: Any, env: Env) -> Items:
            value = at_most_one(of(item, env))
            if value is None and not type_.endswith("?"):
                raise DynamicError(f"nothing to cast as {type_}")
            return [] if value is None else [cast_to(type_.rstrip("?"), value)]

        return cast

    # -- functions -----------------------------------------------------------------------------------

    def _call(self, node: Call) -> Closure:
        name, args = node.name, node.args
        special = self._special(node)
        if special is not None:
            return special
        if not args and name in IMPLICIT:
            args = (Dot(),)
        fewest, most, function = FUNCTIONS.get(name, (0, -1, None))
        if function is None or not fewest <= len(args) <= most:
            raise NotUnderstood(f"function {name}() with {len(args)} arguments")
        return applied(function, [self.build(arg) for arg in args])

    def _special(self, node: Call) -> Closure | None:
        """Functions that ask more than the values of their arguments."""
        match node:
            case Call(name="position" | "last", args=()):
                return (lambda item, env: [env.position]) if node.name == "position" else lambda item, env: [env.size]
            case Call(name="current", args=()):
                return lambda item, env: [env.run.node]
            case Call(name="doc-available", args=(address,)):
                href = self.build(address)
                return lambda item, env: [env.run.available(text_of(href(item, env)))]
            case Call(name="not" | "boolean" | "empty" | "exists", args=(_,)):
                check = self.check(node)
                return lambda item, env: [check(item, env)]
            case Call(name="matches" | "tokenize" | "replace"):
                return self._with_regex(node)
            case _:
                return None

    def _with_regex(self, node: Call) -> Closure:
        texts = []
        for arg in node.args[1:]:
            literal = literal_of(arg, self.scope)
            if literal is None or literal.kind != "string":
                raise NotUnderstood(f"{node.name}() whose regular expression is not constant")
            texts.append(literal.text)
        pattern, *others = texts or [""]
        if len(node.args) not in ({3, 4} if node.name == "replace" else {2, 3}):
            raise NotUnderstood(f"{node.name}() with {len(node.args)} arguments")
        with_ = others.pop(0) if node.name == "replace" else ""
        function = with_regex(node.name, pattern, others[0] if others else "", with_)
        return applied(function, [self.build(node.args[0])])

    # -- paths ---------------------------------------------------------------------------------------

    def _filter(self, node: Filter) -> Closure:
        found = self.build(node.of)
        for test in node.predicates:
            found = self._kept(found, test)
        return found

    def _kept(self, source: Closure, test: Node) -> Closure:
        inner = Closures(self.compiler, self.scope, loops=self.loops)
        kind = static(test, self.scope).kind
        if kind == "number" or (kind == "any" and not isinstance(test, (Path, Filter))):
            value = inner.build(test)
            return lambda item, env: at_place(source(item, env), value, env)
        check = inner.check(test)
        if not any(isinstance(part, Call) and part.name in {"position", "last"} for part in walk_context(test)):
            return lambda item, env: [found for found in source(item, env) if check(found, env)]

        def placed(item: Any, env: Env) -> Items:
            items = source(item, env)
            return [
                found
                for place, found in enumerate(items, 1)
                if check(found, Env(env.run, env.locals, place, len(items)))
            ]

        return placed

    def _path(self, node: Path) -> Closure:
        if not self._uses_loops(node):
            quick = self._attribute(node)
            if quick is not None:
                return quick
            try:
                return self._native(node, self.base)
            except NotNative:
                pass
        return self._stepwise(node)

    def _uses_loops(self, node: Node) -> bool:
        return bool(self.loops) and any(
            isinstance(part, Variable) and part.name in self.loops for part in walk_context(node, deep=True)
        )

    def _attribute(self, node: Path) -> Closure | None:
        """``@name``, the most frequent path, without XPath."""
        step = node.steps[0] if len(node.steps) == 1 else None
        if node.absolute or self.base != HERE or not isinstance(step, Step) or step.axis != "attribute":
            return None
        test = step.test
        if step.predicates or test.kind != "name" or "*" in {test.prefix, test.local}:
            return None
        name = self.compiler.expanded(test)

        def attribute(item: Any, env: Env) -> Items:
            value = item.get(name) if isinstance(item, Element) else None
            if value is None:
                return ()
            found = Attribute(value)
            found.parent, found.name = item, name
            return (found,)

        return attribute

    def _native(self, node: Path, base: str) -> Closure:
        translator = Translator(self.compiler, self.scope)
        found = translator.value(node, base)
        run_xpath = self.compiler.xpath(found.text, translator.tags)

        def select(item: Any, env: Env) -> Items:
            if base == ROOT:
                item = env.run.node
            elif not isinstance(item, Element):
                return from_leaf(node, item, env, run_xpath)
            return run_xpath(item, env.run)

        return select

    def _stepwise(self, node: Path) -> Closure:
        steps = node.steps
        first = steps[0] if steps else None
        if isinstance(first, Filter) and isinstance(first.of, Call) and first.of.name in {"doc", "document"}:
            return self._in_document(node, first)
        if node.absolute or first is None:
            raise NotUnderstood("an absolute path with a step in Python")
        start = self.build(first.of) if isinstance(first, Filter) else self._step(first, self.base)
        if isinstance(first, Filter):
            for test in first.predicates:
                start = self._kept(start, test)
        for step in steps[1:]:
            start = self._then(start, step)
        return start

    def _step(self, step: Step, base: str) -> Closure:
        plain = self._native(Path(False, (Step(step.axis, step.test),)), base)
        for test in step.predicates:
            plain = self._kept(plain, test)
        return plain

    def _then(self, source: Closure, step: Step | Filter) -> Closure:
        inner = Closures(self.compiler, self.scope, loops=self.loops)
        if isinstance(step, Step):
            following = inner._step(step, HERE)
        else:
            following = inner.build(Filter(step.of, step.predicates) if step.predicates else step.of)

        def then(item: Any, env: Env) -> Items:
            items = source(item, env)
            if any(not isinstance(found, NODES) for found in items):
                raise DynamicError("a path from what is no node")
            found = [
                value
                for place, start in enumerate(items, 1)
                if not isinstance(start, _SILENT)
                for value in following(start, Env(env.run, env.locals, place, len(items)))
            ]
            return env.run.in_order(found) if len(items) > 1 and found and isinstance(found[0], NODES) else found

        return then

    def _in_document(self, node: Path, first: Filter) -> Closure:
        """A path into a document of the rule set: ``doc(…)/a/b``."""
        call = first.of
        if not isinstance(call, Call) or len(call.args) != 1 or first.predicates or len(node.steps) < 2:
            raise NotUnderstood("doc() as a value")
        href = address(self, call.args[0])
        steps, last = node.steps[1:], None
        if isinstance(steps[-1], Filter):
            steps, last = steps[:-1], steps[-1]
        translator = Translator(self.compiler, self.scope, foreign=True)
        try:
            text = translator.value(Path(True, steps)).text
        except NotNative:
            raise NotUnderstood("a path into a document of the rule set") from None
        run_xpath = self.compiler.xpath(text, translator.tags)
        keep = not translator.lifts and "$" not in text

        def select(item: Any, env: Env) -> Items:
            return env.run.in_library(href(item, env), text, run_xpath, keep=keep)

        return self._then(select, last) if last is not None else select


_OPERATIONS: dict[str, Callable[[str, Items, Items], Items]] = {
    **dict.fromkeys(("=", "!=", "<", "<=", ">", ">="), lambda op, left, right: [general(op, left, right)]),
    **dict.fromkeys(VALUE_OPERATORS, value_comparison),
    **dict.fromkeys(("+", "-", "*", "div", "idiv", "mod"), arithmetic),
    "to": lambda _, left, right: whole_numbers(left, right),
}
_SILENT = (etree._Comment, etree._ProcessingInstruction)
_EMPTIED = frozenset((*VALUE_OPERATORS, "+", "-", "*", "div", "idiv", "mod"))
_BUILDERS: dict[type, Callable[[Closures, Any], Closure]] = {
    Literal: Closures._literal,
    Variable: Closures._variable,
    Dot: Closures._dot,
    Sequence: Closures._sequence,
    Call: Closures._call,
    If: Closures._if,
    Loop: Closures._loop,
    Binary: Closures._binary,
    Negative: Closures._negative,
    Typed: Closures._typed,
    Filter: Closures._filter,
    Path: Closures._path,
}
