"""A layer of rules, made ready to run over documents; what it cannot understand is named, never skipped."""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType
from typing import cast

import msgspec
from lxml import etree

from semantix.validation.rulesets._failed import Failed, RuleError, Verdict
from semantix.validation.rulesets._schema import Assert, Let, Rule, Schema, rule_id
from semantix.validation.rulesets.fast.bodies import Body, Prepared
from semantix.validation.rulesets.fast.compiler import Compiler
from semantix.validation.rulesets.fast.indexing import DocumentIndex, canonical
from semantix.validation.rulesets.fast.kinds import Bound
from semantix.validation.rulesets.fast.library import Library
from semantix.validation.rulesets.fast.native import NotNative
from semantix.validation.rulesets.fast.running import Run, Source
from semantix.validation.rulesets.fast.selecting import Place, Selection, Selector
from semantix.validation.rulesets.fast.steps import HERE, ROOT
from semantix.validation.rulesets.fast.syntax import DynamicError, NotUnderstood
from semantix.validation.rulesets.fast.values import Element


class Ready:
    """A rule of a pattern; its places and its body are made when they are first needed."""

    __slots__ = ("body", "of_document", "pattern", "places", "rule")

    def __init__(self, pattern: str, rule: Rule) -> None:
        self.pattern, self.rule = pattern, rule
        self.of_document = rule.context.strip() == "/"
        self.places: tuple[Place, ...] = ()
        self.body: Body | None = None


class FastLayer:
    """A layer that runs over lxml. ``unsupported`` names each expression not understood: such a layer must not run.

    Not to be shared between threads.
    """

    engine = "fast"

    def __init__(self, schema: Schema, name: str, source: Source) -> None:
        self.name, self.schema, self.source = name, schema, source
        self.unsupported: tuple[str, ...] = ()
        compiler = self.compiler = Compiler(schema)
        scope: dict[str, Bound] = {}
        for let in schema.lets:
            scope = compiler.bind(let, scope, root=True)
        for bound in scope.values():
            bound.scope = MappingProxyType(scope)
        compiler.globals = scope
        self._bodies: dict[tuple[tuple[Let | Assert, ...], bool], Body] = {}
        self._patterns = [[Ready(pattern.id, rule) for rule in pattern.rules] for pattern in schema.patterns]
        self._selector: Selector | None = None

    @property
    def selector(self) -> Selector:
        """The contexts of all rules. Raises NotUnderstood."""
        if self._selector is None:
            selector = Selector(self.compiler)
            for rules in self._patterns:
                for ready in rules:
                    ready.places = selector.add(self.compiler.parse(ready.rule.context))
            self._selector = selector
        return self._selector

    def _body(self, ready: Ready) -> Body:
        """The body of a rule; rules that have the same share it."""
        key = (ready.rule.body, ready.of_document)
        found = self._bodies.get(key)
        if found is None:
            found = self._bodies[key] = Body(self.compiler, ready.rule.body, ROOT if ready.of_document else HERE)
        ready.body = found
        return found

    def verify(self) -> tuple[str, ...]:
        """Compile everything; what is not understood, with its place."""
        found = list(self.schema.beyond)
        self.compiler.strict = True
        selector = Selector(self.compiler)
        for rules in self._patterns:
            for ready in rules:
                place = f"pattern {ready.pattern or '?'}, rule {' '.join(ready.rule.context.split())[:200]}"
                try:
                    for step in selector.add(self.compiler.parse(ready.rule.context)):
                        selector.verify(step)
                except (NotUnderstood, NotNative) as error:
                    found.append(f"{place}: context: {error}")
                refused = self._body(ready).refused()
                found.extend(f"{place}: {' '.join(test.split())[:300]}: {error}" for test, error in refused)
        self.compiler.strict = False
        self.unsupported = tuple(found)
        return self.unsupported

    def check(self, document: DocumentIndex) -> Verdict:
        """Run the layer over a document."""
        run = Run(document, self.source)
        selection = Selection(self.selector, run)
        failed: list[Failed] = []
        errors: list[RuleError] = []
        for rules in self._patterns:
            met: set[Element] = set()
            for ready in rules:
                for node in selection.nodes(ready.places):
                    if node in met:
                        continue
                    if not ready.of_document:
                        met.add(node)
                    if ready.rule.body:
                        run.at(node)
                        self._meet(ready, run, failed, errors)
        return Verdict(layer=self.name, engine=self.engine, failed=tuple(failed), errors=tuple(errors))

    def _meet(self, ready: Ready, run: Run, failed: list[Failed], errors: list[RuleError]) -> None:
        for prepared in (ready.body or self._body(ready)).failing(run):
            try:
                if prepared.check(run):
                    continue
                message, shown = prepared.message.write(run)
            except (DynamicError, etree.XPathError) as error:
                # What libxml2 says may quote; what we say never does.
                reason = str(error) if isinstance(error, DynamicError) else "an expression too large to evaluate"
                rule, place = self._rule(ready, prepared), canonical(run.node)
                errors.append(RuleError(layer=self.name, location=place, rule=rule, reason=reason))
                continue
            failed.append(
                Failed(
                    layer=self.name,
                    location=canonical(run.node),
                    role=prepared.of.role,
                    message=message,
                    shown=shown,
                    rule=self._rule(ready, prepared),
                    line=cast("int | None", run.node.sourceline),
                )
            )

    def _rule(self, ready: Ready, prepared: Prepared) -> str:
        return rule_id(self.name, ready.pattern, ready.rule.context, prepared.of.test)


class _Dump(msgspec.Struct, frozen=True):
    form: int
    name: str
    schema: Schema


FORM = 1


def compile_layer(schema: Schema, name: str, library: Library, base: Path) -> FastLayer:
    """Make a layer ready; ``base`` is the folder of its schema, from which it looks documents up.

    Everything is compiled: ``unsupported`` names what is not understood, and if it is not empty the layer must go to
    another engine.
    """
    layer = FastLayer(schema, name, Source(library, base))
    layer.verify()
    return layer


def dump(layer: FastLayer) -> bytes:
    """A layer that is all understood, as bytes for a cache; `load` then needs not compile it to know that."""
    assert not layer.unsupported
    return msgspec.msgpack.encode(_Dump(FORM, layer.name, layer.schema))


def load(data: bytes, library: Library, base: Path) -> FastLayer | None:
    """A layer from a cache: its expressions are compiled when first met. None if it is of another form."""
    try:
        found = msgspec.msgpack.decode(data, type=_Dump)
    except msgspec.MsgspecError:
        return None
    if found.form != FORM:
        return None
    return FastLayer(found.schema, found.name, Source(library, base))
