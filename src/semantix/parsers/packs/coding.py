"""The codes of a fact: those of its source, under the system that the pack says, and the words of the author."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from msgspec import Struct

from semantix import systems
from semantix.model import Coding, Concept
from semantix.parsers._book import Book
from semantix.parsers.packs.entries import Entry, text_of
from semantix.parsers.packs.expressions import Get, Scope, compile_expression, nothing
from semantix.parsers.packs.spec_expressions import Const, Expression
from semantix.parsers.packs.spec_facts import LOCAL, Coded

_SYSTEMS: Mapping[str, str] = MappingProxyType(
    {system.key: system.oids[0] if system.oids else system.uri or system.key for system in systems.SYSTEMS}
)
LABELLED = frozenset({"lab-result", "vital-sign", "observation", "social-history", "coverage"})
"""Kinds whose label, alone, is a local code; elsewhere it is the words of a person."""


class OnePlan(Struct, frozen=True):
    """One coding. ``system`` is ``None`` for the sender's own codes.

    ``is_said`` is false for a code that the pack gives to a column: the source does not write it.
    """

    system: str | None
    code: Get
    display: Get
    is_said: bool = True


class CodePlan(Struct, frozen=True):
    """The codings of a concept, the main one first, and its words."""

    codings: tuple[OnePlan, ...]
    text: Get

    def label(self, entry: Entry) -> str:
        """What the fact is about, in a few words: what rules on labels look at."""
        for one in self.codings:
            found = text_of(one.display(entry)) or text_of(one.code(entry))
            if found:
                return found
        return text_of(self.text(entry))


def system_of(key: str) -> str | None:
    """The identifier of a system by its key; ``None`` for local codes."""
    return None if key == LOCAL else _SYSTEMS[key]


def compile_code(one: Expression | Coded | None, kind: str, scope: Scope) -> CodePlan | None:
    """Make the functions of a code."""
    if one is None:
        return None
    if not isinstance(one, Coded):
        get = compile_expression(one, scope)
        if kind not in LABELLED:
            return CodePlan((), get)
        return CodePlan((OnePlan(None, nothing, get, not isinstance(one, Const)),), nothing)
    codings = tuple(
        OnePlan(
            system_of(each.system),
            compile_expression(each.code, scope),
            compile_expression(each.display, scope),
            not isinstance(each.code or each.display, Const),
        )
        for each in one.codings
    )
    return CodePlan(codings, compile_expression(one.text, scope))


def concept_of(book: Book, path: str, plan: CodePlan | None, entry: Entry, local: str) -> Concept | None:
    """The concept of a row, or ``None`` when the row says nothing. ``local`` is the system of the sender's codes."""
    if plan is None:
        return None
    codings: list[Coding] = []
    for rank, one in enumerate(plan.codings, 1):
        display = text_of(one.display(entry))
        code = "" if one.code is nothing else text_of(one.code(entry))
        system = one.system
        if system is None:
            system, code = local, code or display
        if code:
            make = book.coding if one.is_said else book.derived
            codings.append(make(f"{path}/{rank}", code, system, display or None))
    text = "" if plan.text is nothing else text_of(plan.text(entry))
    if not codings and not text:
        return None
    return Concept(tuple(codings), book.spot(path), text or None)
