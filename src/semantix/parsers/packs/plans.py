"""A table of a pack, made ready: columns with their readings, kinds of rows, joins, facts; everything is a function."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from msgspec import Struct
from pydantic import BaseModel

from semantix.parsers.packs.entries import Convert, Entry, converter, text_of
from semantix.parsers.packs.expressions import Get, Holds, Scope, compile_condition, compile_expression, key_of
from semantix.parsers.packs.facts import FactPlan, compile_fact
from semantix.parsers.packs.people import PersonPlan, compile_person
from semantix.parsers.packs.results import compile_rules
from semantix.parsers.packs.spec import Pack
from semantix.parsers.packs.spec_expressions import About, Header
from semantix.parsers.packs.spec_files import Column, File, JoinTo, RowKind, Table, tables_of

IN_ORDER = frozenset({"xml", "json", "fixed-width"})
"""Kinds of file whose rows have their cells in the order of the pack's columns."""


class ColumnPlan(Struct, frozen=True):
    """One column. ``position`` is from 0, ``None`` when names say where; ``rank`` its place among the values."""

    name: str
    rank: int
    position: int | None
    names: tuple[str, ...]
    required: bool
    convert: Convert
    surrogate: bool = False

    @property
    def wanted(self) -> str:
        """The names under which it was looked for."""
        return " or ".join(repr(name) for name in self.names)


class KindPlan(Struct, frozen=True):
    """One kind of row: ``columns`` are its own, ``carry`` the ranks of those that go down."""

    name: str
    holds: Holds
    columns: tuple[ColumnPlan, ...]
    carry: tuple[int, ...]
    aside: str
    checked: tuple[ColumnPlan, ...]
    facts: tuple[FactPlan, ...] = ()


class JoinPlan(Struct, frozen=True):
    """One join, with the functions that make both keys."""

    name: str
    to: str
    key: Callable[[Entry], str | None]
    their_key: Callable[[Entry], str | None]
    names: Get | None
    values: Get | None


class GatherPlan(Struct, frozen=True):
    """Which rows make one document."""

    by: str
    day: Get | None
    title: Get
    sender: Get | None

    def sender_of(self, entry: Entry) -> str:
        """The laboratory that a row names; empty when it names none."""
        return text_of(self.sender(entry)) if self.sender is not None else ""

    def day_of(self, entry: Entry) -> str:
        """The day of a row, as precise as it is known."""
        if self.day is None:
            return ""
        cell = self.day(entry)
        iso = getattr(cell, "iso", None)
        return iso[:10] if isinstance(iso, str) else text_of(cell)


class TablePlan(Struct, frozen=True):
    """One table, ready to be read. ``width`` is how many values a row has, of all kinds together."""

    name: str
    role: str
    table: Table
    file: File
    width: int
    columns: tuple[ColumnPlan, ...]
    kinds: tuple[KindPlan, ...]
    joins: tuple[JoinPlan, ...]
    withdrawn: Holds | None
    person: PersonPlan | None
    gather: GatherPlan
    facts: tuple[FactPlan, ...]
    by_order: bool
    around: tuple[Get, ...] = ()
    """What facts take from the header or the name of the file: files that differ in it alone say different facts."""

    @property
    def is_plain(self) -> bool:
        """True when all rows are alike."""
        return not self.kinds

    @property
    def carries(self) -> bool:
        """True when some rows give values to those that follow."""
        return any(kind.carry for kind in self.kinds)

    def kind_of(self, entry: Entry) -> int:
        """The rank of the kind of a row, -1 for none."""
        for rank, kind in enumerate(self.kinds):
            if kind.holds(entry):
                return rank
        return -1

    def checked(self, kind: int) -> tuple[ColumnPlan, ...]:
        """The columns that a row of a kind has."""
        return self.kinds[kind].checked if kind >= 0 else self.columns

    def facts_of(self, kind: int) -> tuple[FactPlan, ...]:
        """The facts that a row of a kind may make."""
        return self.kinds[kind].facts if kind >= 0 else self.facts


class PackPlan(Struct, frozen=True):
    """A pack, ready: its tables by name, and the names of the tables of each role."""

    pack: Pack
    tables: Mapping[str, TablePlan]
    roles: Mapping[str, tuple[str, ...]]


def compile_pack(pack: Pack) -> PackPlan:
    """Make a pack ready."""
    found: dict[str, tuple[str, File, Table]] = {}
    roles: dict[str, tuple[str, ...]] = {}
    for role, file in pack.spec.files.items():
        names = tables_of(role, file)
        roles[role] = tuple(names)
        found.update({name: (role, file, table) for name, table in names.items()})
    columns = {name: _ranks(table) for name, (_, _, table) in found.items()}
    scopes = {name: _scope(table, columns[name], columns) for name, (_, _, table) in found.items()}
    plans = {name: _table(name, role, file, scopes) for name, (role, file, _) in found.items()}
    return PackPlan(pack, plans, roles)


def _ranks(table: Table) -> dict[str, int]:
    names = dict.fromkeys(table.columns)
    for kind in table.rows:
        names.update(dict.fromkeys(kind.columns))
    return {name: rank for rank, name in enumerate(names)}


def _scope(table: Table, own: Mapping[str, int], columns: Mapping[str, Mapping[str, int]]) -> Scope:
    inner = {name: None if join.names is not None else columns[join.to] for name, join in table.joins.items()}
    return Scope(own, {name: rank for rank, name in enumerate(table.joins)}, inner)


def _table(name: str, role: str, file: File, scopes: Mapping[str, Scope]) -> TablePlan:
    table = tables_of(role, file)[name]
    scope = scopes[name]
    base = _columns(table.columns, file, scope)
    rules = compile_rules(table.units, table.bounds)
    facts = [(compile_fact(fact, scope, file.dialect, rules), fact.on) for fact in table.facts]
    gather = table.document
    return TablePlan(
        name=name,
        role=role,
        table=table,
        file=file,
        width=len(scope.columns),
        columns=base,
        kinds=tuple(_kind(kind, file, scope, base, facts) for kind in table.rows),
        joins=tuple(_join(each, join, scope, scopes[join.to]) for each, join in table.joins.items()),
        withdrawn=compile_condition(table.withdrawn, scope) if table.withdrawn is not None else None,
        person=compile_person(table.patient, gather.author, scope) if table.patient is not None else None,
        gather=GatherPlan(
            gather.by,
            _day(table, scope),
            compile_expression(gather.title, scope),
            compile_expression(gather.sender, scope) if gather.sender is not None else None,
        ),
        facts=tuple(plan for plan, _ in facts),
        by_order=file.kind in IN_ORDER,
        around=tuple(compile_expression(one, scope) for one in _around(list(table.facts))),
    )


def _around(value: object) -> Iterator[Header | About]:
    """The expressions that look at the header or at the file itself."""
    if isinstance(value, Header | About):
        yield value
    elif isinstance(value, list):
        for each in value:
            yield from _around(each)
    elif isinstance(value, BaseModel):
        for field in type(value).model_fields:
            yield from _around(getattr(value, field))


def _day(table: Table, scope: Scope) -> Get | None:
    """The day of a document: what the pack says, else the time of the first fact that has one."""
    said = table.document.day
    if said is None:
        said = next((fact.time for fact in table.facts if fact.time is not None and fact.parts is None), None)
    return compile_expression(said, scope) if said is not None else None


def _columns(columns: Mapping[str, Column], file: File, scope: Scope) -> tuple[ColumnPlan, ...]:
    found = []
    for name, column in columns.items():
        at = column.at
        names = (name,) if at is None else (at,) if isinstance(at, str) else tuple(at) if isinstance(at, list) else ()
        position = at - 1 if isinstance(at, int) and file.kind not in IN_ORDER else None
        convert = converter(column, file.dialect)
        found.append(ColumnPlan(name, scope.columns[name], position, names, column.required, convert, column.surrogate))
    return tuple(found)


def _kind(
    kind: RowKind,
    file: File,
    scope: Scope,
    base: tuple[ColumnPlan, ...],
    facts: Sequence[tuple[FactPlan, Sequence[str]]],
) -> KindPlan:
    own = _columns(kind.columns, file, scope)
    holds_facts = not kind.aside and not kind.carry
    return KindPlan(
        kind.name,
        compile_condition(kind.when, scope),
        own,
        tuple(scope.columns[name] for name in kind.carry),
        kind.aside or "",
        (*base, *own),
        tuple(plan for plan, on in facts if kind.name in on or (not on and holds_facts)),
    )


def _join(name: str, join: JoinTo, ours: Scope, theirs: Scope) -> JoinPlan:
    key = [compile_expression(each, ours) for each in join.key]
    their_key = [compile_expression(each, theirs) for each in join.their_key or join.key]
    return JoinPlan(
        name,
        join.to,
        lambda entry: key_of(part(entry) for part in key),
        lambda entry: key_of(part(entry) for part in their_key),
        compile_expression(join.names, theirs) if join.names is not None else None,
        compile_expression(join.values, theirs) if join.values is not None else None,
    )
