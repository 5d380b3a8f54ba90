"""A layer of rules, made ready to run over documents; what it cannot understand is named, never skipped."""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType
from typing import cast

import msgspec

from semantix.validation.rulesets._failed import Failed, RuleError, Verdict
from semantix.validation.rulesets._schema import Assert, Let, Pattern, Rule, Schema, rule_id
from semantix.validation.rulesets.fast.bodies import Body
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


class FastLayer:
    """A layer that runs over lxml. ``unsupported`` names each expression not understood: such a layer must not run.

    Not to be shared between threads.
    """

    engine = "fast"

    def __init__(self, schema: Schema, name: str, source: Source) -> None:
        self.name, self.schema, self.source = name, schema, source
        compiler = self.compiler = Compiler(schema)
        scope: dict[str, Bound] = {}
        for let in schema.lets:
            scope = compiler.bind(let, scope, root=True)
        for bound in scope.values():
            bound.scope = MappingProxyType(scope)
        compiler.globals = scope
        self.selector = Selector(compiler)
        self._bodies: dict[tuple[tuple[Let | Assert, ...], bool], Body] = {}
        self.unsupported: tuple[str, ...] = ()
        self._places: dict[str, tuple[Place, ...]] = {}

    def _places_of(self, context: str) -> tuple[Place, ...]:
        found = self._places.get(context)
        if found is None:
            found = self._places[context] = self.selector.add(self.compiler.parse(context))
        return found

    def _body(self, rule: Rule) -> Body:
        key = (rule.body, rule.context.strip() == "/")
        found = self._bodies.get(key)
        if found is None:
            found = self._bodies[key] = Body(self.compiler, rule.body, ROOT if key[1] else HERE)
        return found

    def verify(self) -> tuple[str, ...]:
        """Compile everything; what is not understood, with its place."""
        found = list(self.schema.beyond)
        for pattern in self.schema.patterns:
            for rule in pattern.rules:
                place = f"pattern {pattern.id or '?'}, rule {' '.join(rule.context.split())[:200]}"
                try:
                    for step in self._places_of(rule.context):
                        self.selector.testers(step)
                except (NotUnderstood, NotNative) as error:
                    found.append(f"{place}: context: {error}")
                refused = self._body(rule).refused()
                found.extend(f"{place}: {' '.join(test.split())[:300]}: {error}" for test, error in refused)
        self.unsupported = tuple(found)
        return self.unsupported

    def check(self, document: DocumentIndex) -> Verdict:
        """Run the layer over a document."""
        run = Run(document, self.source)
        selection = Selection(self.selector, run)
        failed: list[Failed] = []
        errors: list[RuleError] = []
        for pattern in self.schema.patterns:
            met: set[Element] = set()
            for rule in pattern.rules:
                for node in _matched(self._places_of(rule.context), selection, document):
                    if node not in met:
                        if rule.context.strip() != "/":
                            met.add(node)
                        if rule.body:
                            run.at(node)
                            self._meet(pattern, rule, run, failed, errors)
        return Verdict(layer=self.name, engine=self.engine, failed=tuple(failed), errors=tuple(errors))

    def _meet(self, pattern: Pattern, rule: Rule, run: Run, failed: list[Failed], errors: list[RuleError]) -> None:
        for prepared in self._body(rule).failing(run):
            try:
                if prepared.check(run):
                    continue
                message, shown = prepared.message.write(run)
            except DynamicError as error:
                errors.append(
                    RuleError(
                        layer=self.name,
                        location=canonical(run.node),
                        rule=rule_id(self.name, pattern.id, rule.context, prepared.of.test),
                        reason=str(error),
                    )
                )
                continue
            failed.append(
                Failed(
                    layer=self.name,
                    location=canonical(run.node),
                    role=prepared.of.role,
                    message=message,
                    shown=shown,
                    rule=rule_id(self.name, pattern.id, rule.context, prepared.of.test),
                    line=cast("int | None", run.node.sourceline),
                )
            )


def _matched(places: tuple[Place, ...], selection: Selection, document: DocumentIndex) -> list[Element]:
    if len(places) == 1:
        return selection.nodes(places[0])
    found = {node for place in places for node in selection.nodes(place)}
    return sorted(found, key=document.place)


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
