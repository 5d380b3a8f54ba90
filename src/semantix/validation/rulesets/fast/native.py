"""XPath 2 → XPath 1 where both mean the same, for libxml2; the rest is handed to a function in Python.

What differs is never translated: texts in order (compared as numbers by XPath 1), a text as a number, more than one
node where one is asked. Such a part becomes a call of ``sx:test(n, .)`` and its like, which runs the closure of that
part; or, where that cannot be, NotNative, and the whole is a closure.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from semantix.validation.rulesets.fast.calls import called
from semantix.validation.rulesets.fast.depends import is_fixed
from semantix.validation.rulesets.fast.kinds import Bound, Scope, literal_of, static, walk_context
from semantix.validation.rulesets.fast.steps import HERE, ROOT, RULE, joined, leads_to_many, united
from semantix.validation.rulesets.fast.syntax import (
    ANY_NODE,
    Binary,
    Call,
    Dot,
    Filter,
    If,
    Literal,
    Loop,
    Node,
    NotUnderstood,
    Path,
    Sequence,
    Step,
    Test,
    Variable,
)

if TYPE_CHECKING:
    from semantix.validation.rulesets.fast.compiler import Compiler

_COMPARED = {"=": "=", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_VALUE = {"eq": "=", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
_MAX_TEXT, _MAX_INLINE = 20_000, 200
_SHORT = {"child": "", "attribute": "@"}


class NotNative(Exception):
    """No XPath 1 means this."""


class Native(NamedTuple):
    """An expression of XPath 1: ``kind`` is ``nodes``, ``text``, ``number`` or ``truth``; ``many`` of nodes."""

    text: str
    kind: str
    many: bool = False


class Translator:
    """Translates expressions under one scope of variables.

    ``tags`` are the names whose elements the XPath is to be given, from the index; ``lifts``: it calls functions in
    Python; ``foreign``: it is for a document of the rule set, which has no index; ``once_over``: what is the same
    everywhere in a document is being translated to be worked out once, or cannot be.
    """

    def __init__(self, compiler: Compiler, scope: Scope, *, foreign: bool = False) -> None:
        self.compiler, self.scope, self.foreign = compiler, scope, foreign
        self.tags: set[str] = set()
        self.once_over = foreign
        self.lifts = False

    # -- truth ---------------------------------------------------------------------------------------

    def truth(self, node: Node, base: str = HERE) -> str:
        """An XPath 1 whose effective boolean value is that of the expression."""
        try:
            if not self.once_over and not isinstance(node, (Literal, Variable)) and is_fixed(node, self.scope):
                return self.once("truth", node)
            return self._truth(node, base)
        except NotNative:
            return self._lifted("test", node, base)

    def _truth(self, node: Node, base: str) -> str:
        if isinstance(node, Binary) and node.op in {"and", "or"}:
            return f"({self.truth(node.left, base)} {node.op} {self.truth(node.right, base)})"
        if isinstance(node, Call) and node.name == "not" and len(node.args) == 1:
            return f"not({self.truth(node.args[0], base)})"
        if isinstance(node, Call) and node.name == "boolean" and len(node.args) == 1:
            return self.truth(node.args[0], base)
        if isinstance(node, If):
            return self._condition(node, base)
        if isinstance(node, Loop):
            return self._loop(node, base)
        found = self.value(node, base)
        return found.text if found.kind == "truth" else f"boolean({found.text})"

    def _condition(self, node: If, base: str) -> str:
        test = self.truth(node.test, base)
        then, other = self.truth(node.then, base), self.truth(node.other, base)
        return f"(({test} and {then}) or (not({test}) and {other}))"

    def _loop(self, node: Loop, base: str) -> str:
        """``every $v in nodes satisfies $v[test]``."""
        body = node.body
        if node.kind == "for" or len(node.bindings) != 1 or not isinstance(body, Filter) or not body.predicates:
            raise NotNative
        name, source = node.bindings[0]
        if body.of != Variable(name) or any(static(test, self.scope).kind == "number" for test in body.predicates):
            raise NotNative
        if any(Variable(name) in walk_context(test, deep=True) for test in body.predicates):
            raise NotNative
        nodes = self.value(source, base)
        if nodes.kind != "nodes":
            raise NotNative
        tests = " and ".join(self.truth(test) for test in body.predicates)
        if node.kind == "some":
            return f"boolean(({nodes.text})[{tests}])"
        memo = None if base == ROOT or self.lifts else self.compiler.memo(source, tests)
        if memo is not None:
            self.lifts = True
            return f"sx:all({memo}, {base or '.'})"
        return f"not(({nodes.text})[not({tests})])"

    def _lifted(self, function: str, node: Node, base: str) -> str:
        """The call of the closure of a part, on the context of XPath, or the node of the rule."""
        if base == ROOT or any(
            isinstance(part, Call) and part.name in {"position", "last"} for part in walk_context(node)
        ):
            raise NotNative
        number = self.compiler.lift(function, node, self.scope)
        self.lifts = True
        return f"sx:{function}({number}, {base or '.'})"

    def once(self, function: str, node: Node) -> str:
        """The call for an expression that is the same everywhere in a document: worked out once."""
        inner = Translator(self.compiler, self.scope)
        inner.once_over = True
        text = inner._truth(node, HERE) if function == "truth" else inner.value(node).text
        if not inner.tags and "//" not in text and "descendant" not in text:
            return text
        self.lifts = True
        return f"sx:once({self.compiler.once(text, inner.tags)})"

    # -- values --------------------------------------------------------------------------------------

    def value(self, node: Node, base: str = HERE) -> Native:
        """An XPath 1 of the same value; raises NotNative."""
        translate = _VALUES.get(type(node))
        if translate is None:
            raise NotNative
        return translate(self, node, base)

    def _dot(self, _: Dot, base: str) -> Native:
        return Native(base or ".", "nodes")

    def _call(self, node: Call, base: str) -> Native:
        said = called(self, node, base)
        if said is None:
            raise NotNative
        return Native(*said)

    def _if(self, node: If, base: str) -> Native:
        if static(node, self.scope).kind != "truth":
            raise NotNative
        return Native(self._condition(node, base), "truth")

    def _quantified(self, node: Loop, base: str) -> Native:
        return Native(self._loop(node, base), "truth")

    def _literal(self, node: Literal, _: str = HERE) -> Native:
        if node.kind != "string":
            if node.kind == "double":
                raise NotNative
            return Native(node.text, "number")
        if "'" in node.text and '"' in node.text:
            raise NotNative
        quote = '"' if "'" in node.text else "'"
        return Native(f"{quote}{node.text}{quote}", "text")

    def _variable(self, node: Variable, _: str = HERE) -> Native:
        bound = self.scope.get(node.name)
        if bound is None:
            raise NotNative
        literal = literal_of(bound.tree)
        if literal is not None:
            return self._literal(literal)
        kind = static(bound.tree, bound.scope)
        if kind.kind == "nodes":
            found, inner = self._inline(bound)
            if len(found.text) > _MAX_TEXT:
                raise NotNative
            self.tags |= inner.tags
            self.lifts |= inner.lifts
            return Native(f"({found.text})", "nodes", found.many)
        if kind.many or kind.kind not in {"text", "number", "truth"}:
            raise NotNative
        try:
            found, inner = self._inline(bound)
            if not inner.lifts and not inner.tags and len(found.text) < _MAX_INLINE:
                return found
        except NotNative:
            pass
        self.lifts = True
        return Native(f"sx:var({self.compiler.variable(bound)})", kind.kind)

    def _inline(self, bound: Bound) -> tuple[Native, Translator]:
        """The expression of a variable in its place, from the node of the rule."""
        inner = Translator(self.compiler, bound.scope, foreign=self.foreign)
        return inner.value(bound.tree, ROOT if bound.root else RULE), inner

    # -- paths ---------------------------------------------------------------------------------------

    def _path(self, node: Path, base: str) -> Native:
        many = node.absolute
        ways = [ROOT if node.absolute else base]
        steps = node.steps
        start = self._from_index(node)
        if start is not None:
            ways, steps = [start], steps[2:]
        for place, step in enumerate(steps):
            if isinstance(step, Filter) and place == 0 and not node.absolute and not isinstance(step.of, Dot):
                found = self._filter(step, base)
                if found.kind != "nodes":
                    raise NotNative
                ways, many = [f"({found.text})"], found.many
                continue
            parts = self._step(step)
            many = many or leads_to_many(step) or len(parts) > 1
            ways = [joined(way, part) for way in ways for part in parts]
            if len(ways) > 16:
                raise NotNative
        if len(ways) > 1:
            return Native(f"({' | '.join(ways)})", "nodes", True)
        return Native(ways[0] or ".", "nodes", many)

    def _from_index(self, node: Path) -> str | None:
        """The beginning of ``//name[…]/…``: the elements of that name, as a variable."""
        if self.foreign or not node.absolute or len(node.steps) < 2 or node.steps[0] != ANY_NODE:
            return None
        step = node.steps[1]
        if not isinstance(step, Step) or step.axis != "child" or step.test.kind != "name":
            return None
        if step.test.local == "*" or any(map(self._positional, step.predicates)):
            return None
        tag = f"{{*}}{step.test.local}" if step.test.prefix == "*" else self.compiler.expanded(step.test)
        name = self.compiler.tag(tag)
        self.tags.add(name)
        return f"${name}{self._predicates(step.predicates)}"

    def _step(self, step: Step | Filter) -> list[str]:
        if isinstance(step, Step):
            if step == ANY_NODE:
                return ["descendant-or-self::node()"]
            axis = _SHORT.get(step.axis, f"{step.axis}::")
            return [f"{axis}{self.test(step.test)}{self._predicates(step.predicates)}"]
        inside = step.of
        if isinstance(inside, Dot):
            return [f"self::node(){self._predicates(step.predicates)}"]
        if isinstance(inside, (Path, Binary)) and not any(map(self._positional, step.predicates)):
            tests = self._predicates(step.predicates)
            return [f"{way}{tests}" for way in self._alternatives(inside)]
        raise NotNative

    def _alternatives(self, node: Node) -> list[str]:
        """The ways of a parenthesised step: ``(a | b)``."""
        if isinstance(node, Binary) and node.op == "|":
            return [*self._alternatives(node.left), *self._alternatives(node.right)]
        if isinstance(node, Path) and not node.absolute and len(node.steps) == 1 and isinstance(node.steps[0], Step):
            if any(map(self._positional, node.steps[0].predicates)):
                raise NotNative
            return self._step(node.steps[0])
        raise NotNative

    def test(self, test: Test) -> str:
        """A node test; the prefix must be declared."""
        if test.kind != "name":
            return {"element": "*", "attribute": "node()"}.get(test.kind, f"{test.kind}()")
        if test.prefix in {"", "*"}:
            if test.prefix == "*" and test.local != "*":
                return f"*[local-name()='{test.local}']"
            return test.local
        if test.prefix != "xml" and test.prefix not in self.compiler.namespaces:
            raise NotUnderstood(f"the prefix {test.prefix} is not declared")
        return f"{test.prefix}:{test.local}"

    def _predicates(self, tests: tuple[Node, ...]) -> str:
        return "".join(f"[{self.predicate(test)}]" for test in tests)

    def predicate(self, test: Node) -> str:
        """A predicate: a place if it is a number, else a truth."""
        kind = static(test, self.scope)
        if kind.kind == "number":
            return self.value(test).text
        if kind.kind == "any" and not isinstance(test, (Path, Filter)):
            raise NotNative
        return self.truth(test)

    def _positional(self, test: Node) -> bool:
        return static(test, self.scope).kind in {"number", "any"} or any(
            isinstance(part, Call) and part.name in {"position", "last"} for part in walk_context(test)
        )

    def _filter(self, node: Filter, base: str) -> Native:
        found = self.value(node.of, base)
        if not node.predicates:
            return found
        if found.kind != "nodes":
            raise NotNative
        first = node.predicates[0]
        single = isinstance(first, Literal) and first.kind == "integer"
        return Native(f"({found.text}){self._predicates(node.predicates)}", "nodes", found.many and not single)

    # -- operators -----------------------------------------------------------------------------------

    def _binary(self, node: Binary, base: str) -> Native:
        if node.op in {"and", "or"}:
            return Native(self._truth(node, base), "truth")
        if node.op in _COMPARED:
            return Native(self._general(node, base), "truth")
        if node.op in _VALUE:
            return Native(self._value_comparison(node, base), "truth")
        if node.op == "|":
            left, right = self.value(node.left, base), self.value(node.right, base)
            if left.kind != "nodes" or right.kind != "nodes":
                raise NotNative
            return Native(f"({left.text} | {right.text})", "nodes", True)
        if node.op == "except":
            return self._except(node, base)
        if node.op in {"+", "-", "*"}:
            left, right = self.value(node.left, base), self.value(node.right, base)
            if left.kind != "number" or right.kind != "number":
                raise NotNative
            return Native(f"({left.text} {node.op} {right.text})", "number")
        raise NotNative

    def _general(self, node: Binary, base: str) -> str:
        if isinstance(node.right, Sequence):
            return self._any([Binary(node.op, node.left, item) for item in node.right.items], base)
        if isinstance(node.left, Sequence):
            return self._any([Binary(node.op, item, node.right) for item in node.left.items], base)
        left, right = self.value(node.left, base), self.value(node.right, base)
        kinds = {left.kind, right.kind}
        if kinds == {"number"} or (node.op in {"=", "!="} and (kinds <= {"nodes", "text"} or kinds == {"truth"})):
            return f"({left.text} {node.op} {right.text})"
        raise NotNative

    def _any(self, pairs: list[Binary], base: str) -> str:
        return f"({' or '.join(self._general(pair, base) for pair in pairs)})" if pairs else "false()"

    def _value_comparison(self, node: Binary, base: str) -> str:
        left, right = self.value(node.left, base), self.value(node.right, base)
        if left.many or right.many:
            raise NotNative
        op, kinds = _VALUE[node.op], {left.kind, right.kind}
        if kinds == {"number"} or (op in {"=", "!="} and (kinds <= {"nodes", "text"} or kinds == {"truth"})):
            return f"({left.text} {op} {right.text})"
        raise NotNative

    def _except(self, node: Binary, base: str) -> Native:
        """``@* except (@a | @b[test])``: the attributes that are none of these."""
        left = node.left
        if not isinstance(left, Path) or left.absolute or len(left.steps) != 1 or base == ROOT:
            raise NotNative
        step = left.steps[0]
        if not isinstance(step, Step) or step.axis != "attribute" or any(map(self._positional, step.predicates)):
            raise NotNative
        names = " or ".join(self._is_attribute(part) for part in united(node.right))
        found = self._path(left, base)
        return Native(f"{found.text}[not({names})]", "nodes", True)

    def _is_attribute(self, node: Node) -> str:
        if not isinstance(node, Path) or node.absolute or len(node.steps) != 1:
            raise NotNative
        step = node.steps[0]
        if not isinstance(step, Step) or step.axis != "attribute" or step.test.kind != "name":
            raise NotNative
        if step.test.local == "*" or any(map(self._positional, step.predicates)):
            raise NotNative
        tests = [f"local-name()='{step.test.local}'"]
        if step.test.prefix != "*":
            self.test(step.test)
            address = self.compiler.namespaces.get(step.test.prefix, "")
            tests.append(f"namespace-uri()='{address}'")
        tests.extend(self.truth(test) for test in step.predicates)
        return f"({' and '.join(tests)})"


_VALUES: dict[type, Callable[[Translator, Any, str], Native]] = {
    Literal: Translator._literal,
    Variable: Translator._variable,
    Dot: Translator._dot,
    Path: Translator._path,
    Filter: Translator._filter,
    Binary: Translator._binary,
    Call: Translator._call,
    If: Translator._if,
    Loop: Translator._quantified,
}
