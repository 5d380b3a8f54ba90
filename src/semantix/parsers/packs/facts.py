"""The facts of a table, made into functions: a row in, statements out, each for its section."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from msgspec import Struct, structs

from semantix.model import Statement
from semantix.parsers.packs.bench import Bench, Common
from semantix.parsers.packs.care import Make, compile_care
from semantix.parsers.packs.coding import compile_code
from semantix.parsers.packs.entries import text_of
from semantix.parsers.packs.expressions import Get, Holds, Scope, compile_condition, compile_expression
from semantix.parsers.packs.findings import FindingsPlan
from semantix.parsers.packs.parts import compile_parts
from semantix.parsers.packs.results import Rules, compile_observation
from semantix.parsers.packs.spec_facts import Fact, Valued
from semantix.parsers.packs.spec_files import Dialect

OBSERVED = frozenset({"lab-result", "vital-sign", "observation", "social-history", "coverage"})
Part = Mapping[str, str]


class Written(Struct, frozen=True):
    """Words for the narrative of a section, with its title."""

    title: str
    text: str


Made = tuple[str, Statement] | Written


class FactPlan(Struct, frozen=True):
    """One fact of a table. ``kind`` says which section it goes to."""

    kind: str
    when: Holds | None
    parts: Callable[[str], list[Part]] | None
    parts_of: Get | None
    make: Make | None
    findings: FindingsPlan | None
    note: tuple[Get, Get] | None

    def run(self, bench: Bench) -> Iterator[Made]:
        """What a row says by this fact."""
        if self.parts is None:
            if self.when is None or self.when(bench.entry):
                yield from self._once(bench)
            return
        assert self.parts_of is not None
        text = text_of(self.parts_of(bench.entry))
        if not text:
            return
        for rank, part in enumerate(self.parts(text), 1):
            bench.entry.part = part
            if self.when is None or self.when(bench.entry):
                yield from self._once(structs.replace(bench, path=f"{bench.path}/{rank}"))
        bench.entry.part = None

    def _once(self, bench: Bench) -> Iterator[Made]:
        if self.make is not None:
            made = self.make(bench)
            if made is not None:
                yield self.kind, made
        elif self.findings is not None:
            yield from self.findings.make(bench)
        elif self.note is not None:
            title, text = self.note
            words = text_of(text(bench.entry))
            if words:
                yield Written(text_of(title(bench.entry)), words)


def compile_fact(fact: Fact, scope: Scope, dialect: Dialect, rules: Rules) -> FactPlan:
    """Make the functions of a fact."""
    common = _common(fact, scope)
    code = compile_code(fact.code, fact.kind, scope)
    make: Make | None = None
    findings: FindingsPlan | None = None
    note: tuple[Get, Get] | None = None
    if fact.kind in OBSERVED:
        make = compile_observation(fact, common, code, scope, (dialect, rules)).make
    elif fact.kind == "findings":
        unit = fact.value.unit if isinstance(fact.value, Valued) else fact.value
        findings = FindingsPlan(
            fact.read or "history",
            compile_expression(fact.text, scope),
            compile_expression(fact.section, scope),
            compile_expression(fact.time, scope),
            compile_expression(unit, scope),
            compile_expression(fact.onset, scope),
        )
    elif fact.kind == "note":
        note = compile_expression(fact.title, scope), compile_expression(fact.text, scope)
    else:
        make = compile_care(fact, common, code, compile_code(fact.category, "problem", scope), scope)
    parts = fact.parts
    return FactPlan(
        fact.kind,
        compile_condition(fact.when, scope) if fact.when is not None else None,
        compile_parts(parts) if parts is not None else None,
        compile_expression(parts.of, scope) if parts is not None else None,
        make,
        findings,
        note,
    )


def _common(fact: Fact, scope: Scope) -> Common:
    get = {
        name: compile_expression(getattr(fact, name), scope) if getattr(fact, name) is not None else None
        for name in ("time", "end", "note", "performer", "id")
    }
    negated = compile_condition(fact.negated, scope) if fact.negated is not None else None
    return Common(get["time"], get["end"], get["note"], get["performer"], get["id"], negated)
