"""The body of a rule made ready: what is asked of each node that the rule meets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from lxml import etree

from semantix.validation.rulesets._schema import Assert, Let
from semantix.validation.rulesets.fast.closures import Closures
from semantix.validation.rulesets.fast.compiler import Compiler, Said
from semantix.validation.rulesets.fast.kinds import Scope
from semantix.validation.rulesets.fast.messages import Message
from semantix.validation.rulesets.fast.native import NotNative, Translator
from semantix.validation.rulesets.fast.running import Run
from semantix.validation.rulesets.fast.steps import HERE, ROOT
from semantix.validation.rulesets.fast.syntax import DynamicError, Node, NotUnderstood


class Prepared(NamedTuple):
    """An assert made ready."""

    of: Assert
    check: Callable[[Run], bool]
    native: str | None
    message: Message


NOT_SAID = Said("", frozenset())


def _said(compiler: Compiler, tree: Node, scope: Scope, base: str) -> Said:
    """A test in XPath 1, or NOT_SAID."""
    translator = Translator(compiler, scope)
    try:
        return Said(translator._truth(tree, base), frozenset(translator.tags))
    except NotNative:
        return NOT_SAID


class Body:
    """The asserts of a rule: one XPath for all those that XPath 1 can say, each on its own only if that fails."""

    def __init__(self, compiler: Compiler, body: tuple[Let | Assert, ...], base: str = HERE) -> None:
        self.compiler, self.base = compiler, base
        self.asserts: list[Prepared] = []
        self.unsupported: list[tuple[str, str]] = []
        scope: Scope = compiler.globals
        used: set[str] = set()
        for part in body:
            if isinstance(part, Let):
                scope = compiler.bind(part, scope)
                if base == ROOT:
                    self.unsupported.append((part.value, "a variable of a rule for the document itself"))
                continue
            try:
                self.asserts.append(self._prepare(part, scope, used))
            except NotUnderstood as error:
                self.unsupported.append((part.test, str(error)))
        together = " and ".join(prepared.native for prepared in self.asserts if prepared.native is not None)
        self.others = [prepared for prepared in self.asserts if prepared.native is None]
        self.all = compiler.truth_of(together, frozenset(used)) if together else None

    def _prepare(self, part: Assert, scope: Scope, used: set[str]) -> Prepared:
        compiler, tree = self.compiler, self.compiler.parse(part.test)
        message = Message(compiler, part.parts, scope, self.base)
        said = compiler.said.get((part.test, self.base))
        if said is None:
            said = _said(compiler, tree, scope, self.base)
            if "$" not in part.test:
                compiler.said[part.test, self.base] = said
        if said is NOT_SAID:
            if self.base == HERE:
                check = compiler.remembered(tree, scope, top=True)
            else:
                check = Closures(compiler, scope, base=self.base).check(tree)
            return Prepared(part, lambda run: check(run.node, run.env) is not part.report, None, message)
        text = f"not({said.text})" if part.report else said.text
        test = compiler.truth_of(text, said.tags)
        used |= said.tags
        return Prepared(part, lambda run: test(run.node, run), text, message)

    def refused(self) -> list[tuple[str, str]]:
        """What is not understood, messages too, and why."""
        found = list(self.unsupported)
        for prepared in self.asserts:
            try:
                _ = prepared.message.parts
            except NotUnderstood as error:
                found.append((prepared.of.test, f"message: {error}"))
        return found

    def failing(self, run: Run) -> Iterator[Prepared]:
        """The asserts that may fail on the node of the run."""
        if self.all is not None:
            try:
                whole = self.all(run.node, run)
            except (DynamicError, etree.XPathError):
                whole = False
            if not whole:
                yield from self.asserts
                return
        yield from self.others
