"""XPath 2 text → tree: a tokenizer and a parser by recursive descent, in the order of the published grammar.

Source: XML Path Language (XPath) 2.0 (second edition), appendix A.
"""

from __future__ import annotations

import re

from semantix.validation.rulesets.fast.syntax import (
    ANY_NODE,
    Binary,
    Call,
    Dot,
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
    Test,
    Typed,
    Variable,
)

_NAME = r"[^\W\d][\w.\-·]*"
_TOKENS = re.compile(
    rf"""\s*(?:
      (?P<string>"(?:[^"]|"")*"|'(?:[^']|'')*')
    | (?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)
    | (?P<name>\*:{_NAME}|{_NAME}:\*|{_NAME}(?::(?!:){_NAME})?)
    | (?P<symbol>::|//|\.\.|!=|<=|>=|<<|>>|[()\[\].@,|/$=<>+\-*?])
    | (?P<end>\Z)
    )""",
    re.VERBOSE,
)
_KINDS = frozenset({"node", "text", "comment", "processing-instruction", "element", "attribute", "document-node"})
_AXES = frozenset(
    "child descendant attribute self descendant-or-self following-sibling following parent ancestor"
    " preceding-sibling preceding ancestor-or-self".split()
)
# From the loosest binding to the tightest; a comparison or a range takes no other one of its level beside it.
_LEVELS = (
    "or",
    "and",
    "= != < <= > >= eq ne lt le gt ge is",
    "to",
    "+ -",
    "* div idiv mod",
    "| union",
    "intersect except",
)
_LEVEL = {op: level for level, ops in enumerate(_LEVELS) for op in ops.split()}
_ONCE = frozenset({2, 3})
_TYPED = {"instance": "of", "treat": "as", "castable": "as", "cast": "as"}
MAX_DEPTH = 40


def parse(text: str) -> Node:
    """Parse a whole expression; raises NotUnderstood."""
    parser = _Parser(_tokens(text))
    tree = parser.expression()
    if parser.kind != "end":
        raise NotUnderstood(f"unexpected {parser.text!r}")
    return tree


def _tokens(text: str) -> list[tuple[str, str]]:
    if "(:" in text:
        text = re.sub(r"\(:.*?:\)", " ", text, flags=re.DOTALL)
    found: list[tuple[str, str]] = []
    position = 0
    while True:
        match = _TOKENS.match(text, position)
        if match is None or match.lastgroup is None:
            raise NotUnderstood(f"unexpected character {text[position : position + 1]!r}")
        found.append((match.lastgroup, match.group(match.lastgroup)))
        if match.lastgroup == "end":
            return [*found, found[-1], found[-1]]
        position = match.end()


class _Parser:
    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.tokens, self.at, self.depth = tokens, 0, 0
        self.kind, self.text = tokens[0]

    def next(self) -> str:
        if self.kind == "end":
            raise NotUnderstood("the expression stops in the middle")
        text = self.text
        self.at += 1
        self.kind, self.text = self.tokens[self.at]
        return text

    def ahead(self) -> str:
        return self.tokens[self.at + 1][1]

    def sees(self, text: str) -> bool:
        return self.text == text

    def take(self, text: str) -> bool:
        if self.text == text:
            self.next()
            return True
        return False

    def expect(self, text: str) -> None:
        if not self.take(text):
            raise NotUnderstood(f"{text!r} expected, {self.text!r} found")

    def expression(self) -> Node:
        first = self.single()
        if not self.sees(","):
            return first
        items = [first]
        while self.take(","):
            items.append(self.single())
        return Sequence(tuple(items))

    def single(self) -> Node:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise NotUnderstood("nested too deeply")
        if self.kind == "name" and self.text in {"for", "some", "every"} and self.ahead() == "$":
            found = self.loop()
        elif self.sees("if") and self.ahead() == "(":
            found = self.condition()
        else:
            found = self.binary(0)
        self.depth -= 1
        return found

    def loop(self) -> Node:
        kind = self.next()
        bindings = []
        while True:
            self.expect("$")
            name = self.next()
            self.expect("in")
            bindings.append((name, self.single()))
            if not self.take(","):
                break
        self.expect("return" if kind == "for" else "satisfies")
        return Loop(kind, tuple(bindings), self.single())

    def condition(self) -> Node:
        self.next()
        self.expect("(")
        test = self.expression()
        self.expect(")")
        self.expect("then")
        then = self.single()
        self.expect("else")
        return If(test, then, self.single())

    def binary(self, lowest: int) -> Node:
        left = self.typed()
        highest = len(_LEVELS)
        while self.kind in {"symbol", "name"}:
            level = _LEVEL.get(self.text, -1)
            if not lowest <= level <= highest:
                break
            op = self.next()
            left = Binary("|" if op == "union" else op, left, self.binary(level + 1))
            highest = level - 1 if level in _ONCE else level
        return left

    def typed(self) -> Node:
        found = self.unary()
        while self.kind == "name" and self.text in _TYPED and self.ahead() == _TYPED[self.text]:
            op = self.next()
            self.next()
            name = self.next()
            if self.take("("):
                self.expect(")")
                name += "()"
            if self.kind == "symbol" and self.text in {"?", "*", "+"}:
                name += self.next()
            found = Typed(op, found, name)
        return found

    def unary(self) -> Node:
        if self.take("-"):
            return Negative(self.unary())
        if self.take("+"):
            return self.unary()
        return self.path()

    def path(self) -> Node:
        if self.kind == "symbol" and self.text in {"/", "//"}:
            deep = self.next() == "//"
            if not deep and not self.starts_step():
                return Path(True)
            steps: list[Step | Filter] = [ANY_NODE] if deep else []
            steps.append(self.step())
            return self.more(True, steps)
        first = self.step()
        if self.kind == "symbol" and self.text in {"/", "//"}:
            return self.more(False, [first])
        if isinstance(first, Step):
            return Path(False, (first,))
        return first if first.predicates else first.of

    def more(self, absolute: bool, steps: list[Step | Filter]) -> Node:
        while self.kind == "symbol" and self.text in {"/", "//"}:
            if self.next() == "//":
                steps.append(ANY_NODE)
            steps.append(self.step())
        return Path(absolute, tuple(steps))

    def starts_step(self) -> bool:
        return self.kind in {"name", "string", "number"} or (
            self.kind == "symbol" and self.text in {"@", "*", ".", "..", "(", "$"}
        )

    def step(self) -> Step | Filter:
        if self.kind == "symbol":
            if self.take("@"):
                return Step("attribute", self.test(), self.predicates())
            if self.take(".."):
                return Step("parent", Test("node"), self.predicates())
            if self.sees("*"):
                return Step("child", self.test(), self.predicates())
        if self.kind == "name":
            if self.ahead() == "::":
                axis = self.next()
                self.next()
                if axis not in _AXES:
                    raise NotUnderstood(f"axis {axis}")
                return Step(axis, self.test(), self.predicates())
            if self.ahead() != "(" or self.text in _KINDS:
                axis = "attribute" if self.text == "attribute" and self.ahead() == "(" else "child"
                return Step(axis, self.test(), self.predicates())
        return Filter(self.primary(), self.predicates())

    def test(self) -> Test:
        if self.take("*"):
            return Test("name", "*", "*")
        if self.kind != "name":
            raise NotUnderstood(f"a name expected, {self.text!r} found")
        name = self.next()
        if name in _KINDS and self.take("("):
            self.expect(")")
            return Test(name)
        prefix, colon, local = name.partition(":")
        return Test("name", prefix, local) if colon else Test("name", "", name)

    def predicates(self) -> tuple[Node, ...]:
        found = []
        while self.take("["):
            found.append(self.expression())
            self.expect("]")
        return tuple(found)

    def primary(self) -> Node:
        kind, text = self.kind, self.text
        if kind == "string":
            self.next()
            return Literal("string", text[1:-1].replace(text[0] * 2, text[0]))
        if kind == "number":
            self.next()
            return Literal("double" if "e" in text.lower() else "decimal" if "." in text else "integer", text)
        if self.take("$"):
            return self.variable()
        if self.take("."):
            return Dot()
        if self.take("("):
            return self.parenthesised()
        if kind == "name":
            return self.call()
        raise NotUnderstood(f"an expression expected, {text!r} found")

    def variable(self) -> Node:
        if self.kind != "name":
            raise NotUnderstood(f"a variable expected, {self.text!r} found")
        return Variable(self.next())

    def parenthesised(self) -> Node:
        if self.take(")"):
            return Sequence()
        found = self.expression()
        self.expect(")")
        return found

    def call(self) -> Node:
        name = self.next().removeprefix("fn:")
        self.expect("(")
        args: list[Node] = []
        if not self.take(")"):
            args.append(self.single())
            while self.take(","):
                args.append(self.single())
            self.expect(")")
        return Call(name, tuple(args))
