"""What the models alone cannot say of a pack: that its parts fit each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel

from semantix.parsers.packs.spec import PackSpec
from semantix.parsers.packs.spec_expressions import From, Lookup, Parse, Split
from semantix.parsers.packs.spec_facts import Fact
from semantix.parsers.packs.spec_files import File, Table, tables_of
from semantix.parsers.tabular.trees import check_jsonpath, check_xpath
from semantix.text.dates import read_date

Fault = tuple[tuple[str | int, ...], str]
_COMMON = frozenset(
    {"kind", "on", "when", "each", "parts", "id", "code", "time", "end", "note", "performer", "negated"}
)
_SEEN = frozenset({"category", "value", "range", "flag", "specimen", "preliminary"})
_ILL = frozenset({"category", "inactive", "suspected", "relative", "severity"})
FIELDS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        **dict.fromkeys(("lab-result", "vital-sign", "observation", "social-history", "coverage"), _COMMON | _SEEN),
        **dict.fromkeys(("problem", "history", "family-history"), _COMMON | _ILL),
        "allergy": _COMMON | {"about", "reaction", "severity", "inactive", "suspected"},
        "no-allergy": _COMMON,
        "no-problem": _COMMON,
        "medication": _COMMON | {"intent", "dosage", "quantity"},
        "immunization": _COMMON | {"lot", "rank"},
        "procedure": _COMMON,
        "encounter": _COMMON,
        "note": _COMMON | {"title", "text"},
        "findings": frozenset({"kind", "on", "when", "each", "time", "onset", "text", "read", "section", "value"}),
    }
)
"""The fields that each kind of fact has."""
_NEEDS: Mapping[str, str] = MappingProxyType({"note": "text", "findings": "text"})
_VALUE_PARTS = frozenset({"number", "unit", "comparator", "flag", "text", "comment"})
PART_NAMES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "lines": frozenset({"text"}),
        "list": frozenset({"text"}),
        "result-lines": frozenset({"label", "value", "unit", "low", "high", "text", "flag", "specimen"}),
        "history": frozenset({"text", "label", "category", "date", "end", "cim10", "negated", "suspected", "relative"}),
        "vital-signs": frozenset({"label", "value", "unit", "text"}),
    }
)
"""What each way of taking a text apart gives."""


def faults(spec: PackSpec) -> Iterator[Fault]:
    """Everything that does not fit."""
    names = [name for role, file in spec.files.items() for name in tables_of(role, file)]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield ("files",), f"two tables are called {name!r}"
    tables = {name: table for role, file in spec.files.items() for name, table in tables_of(role, file).items()}
    for role, file in spec.files.items():
        path = ("files", role)
        yield from _file(path, file)
        for name, table in tables_of(role, file).items():
            here = (*path, "tables", name) if file.tables else path
            yield from _columns(here, file, table)
            yield from _table(here, table, tables)
    for index, test in enumerate(spec.tests):
        for role in test.files.keys() - spec.files.keys():
            yield ("tests", index, "files", role), "no file of the pack has this role"


def _file(path: tuple[str | int, ...], file: File) -> Iterator[Fault]:
    if file.tables and (file.columns or file.facts or file.source):
        yield path, "a file has tables, or is a table itself: not both"
    said = file.expects.model_fields_set
    if not file.names and not said:
        yield path, "names or expects must say how the file is recognised"
    if file.kind in {"xml", "json", "sql-insert"}:
        for name, table in tables_of("", file).items():
            if not table.source:
                here = (*path, "tables", name) if file.tables else path
                yield here, f"source must say which rows of the {file.kind} are meant"
    for name in file.expects.matches:
        if name not in columns_of(file) and not file.tables:
            yield (*path, "expects", "matches", name), f"no column is called {name!r}"
    if file.kind == "fixed-width":
        for name, column in file.columns.items():
            if not isinstance(column.at, int) or column.width is None:
                yield (*path, "columns", name), "a column of fixed width has at (its first character) and a width"


def _columns(path: tuple[str | int, ...], file: File, table: Table) -> Iterator[Fault]:
    """Where columns stand and how they are written."""
    said = [((*path, "columns", name), name, column) for name, column in table.columns.items()]
    for rank, kind in enumerate(table.rows):
        said += [((*path, "rows", rank, "columns", name), name, column) for name, column in kind.columns.items()]
    has_names = file.kind not in {"delimited", "workbook"} or file.dialect.header > 0
    for here, name, column in said:
        if not has_names and not isinstance(column.at, int):
            yield here, "without a header row, at must be a position (from 1)"
        try:
            read_date("x", formats=tuple(column.formats))
            if file.kind == "xml":
                check_xpath(str(column.at or name))
            elif file.kind == "json" and str(column.at or name).startswith("$"):
                check_jsonpath(str(column.at or name))
        except ValueError as error:
            yield here, str(error)
    try:
        if file.kind == "xml":
            check_xpath(table.source or "/*")
        elif file.kind == "json":
            check_jsonpath(table.source or "$")
    except ValueError as error:
        yield (*path, "source"), str(error)


def _table(path: tuple[str | int, ...], table: Table, tables: Mapping[str, Table]) -> Iterator[Fault]:
    if table.facts and table.patient is None:
        yield path, "facts without a patient: say patient, with a number or a name at least"
    if table.facts and table.use != "facts":
        yield (*path, "use"), f"a table used for {table.use} has no facts"
    columns = set(table.columns)
    for kind in table.rows:
        columns |= set(kind.columns)
    for index, kind in enumerate(table.rows):
        for name in kind.carry:
            if name not in columns:
                yield (*path, "rows", index, "carry"), f"no column is called {name!r}"
        if kind.when is None and index + 1 < len(table.rows):
            yield (*path, "rows", index), "a kind of row without when holds for every row: it must be the last"
    yield from _joins(path, table, tables, columns)
    joined = {name: columns_of(tables[join.to]) for name, join in table.joins.items() if join.to in tables}
    open_joins = {name for name, join in table.joins.items() if join.names is not None}
    scope = Scope(columns, joined, open_joins)
    for field in ("withdrawn", "patient", "document"):
        yield from _expressions((*path, field), getattr(table, field), scope)
    for index, kind in enumerate(table.rows):
        yield from _expressions((*path, "rows", index, "when"), kind.when, scope)
    for index, fact in enumerate(table.facts):
        yield from _fact((*path, "facts", index), fact, table, scope)


def columns_of(table: Table) -> set[str]:
    """Every column that a table names."""
    return set(table.columns).union(*(kind.columns for kind in table.rows))


class Scope:
    """What an expression may name. ``parts`` are the names of the parts of a text; ``None`` outside of any."""

    def __init__(
        self,
        columns: set[str],
        joined: Mapping[str, set[str]],
        open_joins: Iterable[str],
        parts: frozenset[str] | None = None,
    ) -> None:
        self.columns = columns
        self.joined = joined
        self.open_joins = frozenset(open_joins)
        self.parts = parts

    def within(self, parts: frozenset[str]) -> Scope:
        """The same, inside a text."""
        return Scope(self.columns, self.joined, self.open_joins, parts)

    def fault(self, name: str) -> str | None:
        """What is wrong with the name of a column, if anything."""
        first, dot, last = name.partition(".")
        if not dot:
            return None if name in self.columns else f"no column is called {name!r}"
        return self.lookup_fault(first, last)

    def lookup_fault(self, first: str, last: str) -> str | None:
        """What is wrong with the column of a joined row, if anything."""
        if first == "part" and self.parts is not None:
            return None if last in self.parts else f"its parts are {', '.join(sorted(self.parts))}, not {last!r}"
        if first not in self.joined:
            return f"no join is called {first!r}"
        if first not in self.open_joins and last not in self.joined[first]:
            return f"the table of {first!r} has no column {last!r}"
        return None


def _joins(
    path: tuple[str | int, ...], table: Table, tables: Mapping[str, Table], columns: set[str]
) -> Iterator[Fault]:
    for name, join in table.joins.items():
        here = (*path, "joins", name)
        if name == "part":
            yield here, "'part' is the name of the parts of a text"
        if join.to not in tables:
            yield (*here, "to"), f"no table is called {join.to!r}"
            continue
        others = {n: columns_of(tables[j.to]) for n, j in table.joins.items() if j.to in tables}
        ours = Scope(columns, others, {n for n, j in table.joins.items() if j.names is not None})
        yield from _expressions((*here, "key"), join.key, ours)
        target = tables[join.to]
        beyond = {n: columns_of(tables[j.to]) for n, j in target.joins.items() if j.to in tables}
        theirs = Scope(columns_of(target), beyond, ())
        yield from _expressions((*here, "their_key"), join.their_key or join.key, theirs)
        yield from _expressions((*here, "names"), join.names, theirs)
        yield from _expressions((*here, "values"), join.values, theirs)
        if (join.names is None) != (join.values is None):
            yield here, "names and values go together"
        if join.their_key and len(join.their_key) != len(join.key):
            yield here, "key and their_key have as many parts as each other"


def _fact(path: tuple[str | int, ...], fact: Fact, table: Table, scope: Scope) -> Iterator[Fault]:
    for field in sorted(fact.model_fields_set - FIELDS[fact.kind]):
        yield (*path, field), f"a {fact.kind} has no {field}"
    needed = _NEEDS.get(fact.kind, "code")
    if getattr(fact, needed) is None and fact.kind not in {"no-allergy", "no-problem", "encounter"}:
        yield path, f"a {fact.kind} needs {needed}"
    kinds = {kind.name for kind in table.rows}
    for name in fact.on:
        if name not in kinds:
            yield (*path, "on"), f"no kind of row is called {name!r}"
    inside = scope
    if fact.parts is not None:
        yield from _expressions((*path, "parts", "of"), fact.parts.of, scope)
        names = PART_NAMES.get(fact.parts.read)
        if names is None:
            if fact.parts.pattern is None:
                yield (*path, "parts"), "pattern must say how the text is taken apart"
            names = _groups(fact.parts.pattern or "")
        inside = scope.within(names)
    for field in sorted(fact.model_fields_set - {"parts", "kind", "on", "each", "intent", "about", "read"}):
        yield from _expressions((*path, field), getattr(fact, field), inside)


def _groups(pattern: str) -> frozenset[str]:
    import re  # noqa: PLC0415

    return frozenset({*re.compile(pattern).groupindex, "text"})


_PLAIN = frozenset({"const", "about", "kind", "read", "system", "by", "intent", "unit_of"})


def _expressions(path: tuple[str | int, ...], value: Any, scope: Scope) -> Iterator[Fault]:
    """Look through a value for the names of columns; every text that is not under a plain field is one."""
    if isinstance(value, str):
        words = scope.fault(value)
        if words:
            yield path, words
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from _expressions((*path, index), each, scope)
    elif isinstance(value, From):
        yield from _expressions(path, value.column, scope)
    elif isinstance(value, Lookup):
        words = scope.lookup_fault(value.lookup, value.column)
        if words:
            yield path, words
    elif isinstance(value, BaseModel):
        yield from _shape(path, value)
        for field in type(value).model_fields:
            inner = getattr(value, field)
            if field not in _WORDS.get(type(value).__name__, _PLAIN):
                yield from _expressions((*path, field), inner, scope)


_WORDS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "Const": frozenset({"const"}),
        "Mapped": frozenset({"table"}),
        "Join": frozenset({"between"}),
        "Split": frozenset({"pattern", "group", "at", "part"}),
        "Parse": frozenset({"parse", "part", "formats", "pivot"}),
        "InFields": frozenset({"pivot"}),
        "Compared": frozenset({"eq", "among", "matches", "empty"}),
        "CellsAre": frozenset({"cells"}),
        "OneCode": frozenset({"system"}),
        "Valued": frozenset({"read", "system", "decimal", "grouping"}),
        "Gathering": frozenset({"by"}),
    }
)
"""The fields of a model that hold words and not expressions."""


def _shape(path: tuple[str | int, ...], value: BaseModel) -> Iterator[Fault]:
    if isinstance(value, Split):
        if (value.pattern is None) == (value.at is None):
            yield path, "split needs a pattern with a group, or at with a part"
        elif value.pattern is not None and value.group not in _groups(value.pattern) - {"text"}:
            yield path, "group must be a named group of the pattern: (?P<name>...)"
        elif value.at is not None and value.part in {None, 0}:
            yield path, "part must be a number from 1, or from -1 backwards"
    elif isinstance(value, Parse):
        allowed = {"value": _VALUE_PARTS, "range": frozenset({"low", "high"})}.get(value.parse, frozenset({None}))
        if value.part not in allowed:
            yield path, f"part must be one of {', '.join(sorted(str(each) for each in allowed))}"
