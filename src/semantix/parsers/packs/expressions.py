"""Expressions and conditions of a pack, made into functions of a row once and for all."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal

from msgspec import Struct

from semantix.parsers.packs import spec_expressions as spec
from semantix.parsers.packs.entries import UNKNOWN_WORD, Cell, Dated, Entry, dates, text_of
from semantix.parsers.packs.patterns import SHORT, compile_pattern, reach
from semantix.text.dates import EMPTY, PIVOT, join_date
from semantix.text.values import Number, read_range, read_value

Get = Callable[[Entry], Cell]
Holds = Callable[[Entry], bool]


class Scope(Struct, frozen=True):
    """What names mean in a table: columns and joins by rank; ``inner`` are the columns of the joined tables.

    A join without inner columns is one of attributes and values.
    """

    columns: Mapping[str, int]
    joins: Mapping[str, int]
    inner: Mapping[str, Mapping[str, int] | None]


def nothing(_: Entry) -> Cell:
    """What is not said."""
    return ""


def compile_expression(one: spec.Expression | None, scope: Scope) -> Get:
    """The function of an expression; nothing gives nothing."""
    if one is None:
        return nothing
    if isinstance(one, str):
        return _reference(one, scope)
    return _COMPILERS[type(one)](one, scope)


def _reference(name: str, scope: Scope) -> Get:
    first, dot, last = name.partition(".")
    if dot:
        return _lookup(first, last, scope)
    index = scope.columns[name]
    return lambda entry: entry.values[index]


def _lookup(first: str, last: str, scope: Scope) -> Get:
    if first == "part":
        return lambda entry: entry.part.get(last, "") if entry.part is not None else ""
    rank = scope.joins[first]
    inner = scope.inner[first]
    if inner is None:

        def attribute(entry: Entry) -> Cell:
            found = entry.session.joined(entry, rank)
            return found.get(last, "") if isinstance(found, Mapping) else ""

        return attribute
    index = inner[last]

    def column(entry: Entry) -> Cell:
        found = entry.session.joined(entry, rank)
        return found.values[index] if isinstance(found, Entry) else ""

    return column


def _from(one: spec.From, scope: Scope) -> Get:
    return _reference(one.column, scope)


def _const(one: spec.Const, scope: Scope) -> Get:
    text = one.const
    return lambda entry: text


def _cell(one: spec.Cell, scope: Scope) -> Get:
    index = one.cell - 1
    return lambda entry: entry.raw[index].strip() if index < len(entry.raw) else ""


def _header(one: spec.Header, scope: Scope) -> Get:
    index = one.header - 1
    return lambda entry: entry.session.header_cell(index)


def _about(one: spec.About, scope: Scope) -> Get:
    if one.about == "file":
        return lambda entry: entry.session.stem
    return lambda entry: entry.session.table


def _map(one: spec.Mapped, scope: Scope) -> Get:
    table = {fold(key): value for key, value in one.table.items()}
    of = compile_expression(one.of, scope)
    otherwise = compile_expression(one.otherwise, scope) if one.otherwise is not None else None

    def mapped(entry: Entry) -> Cell:
        text = text_of(of(entry))
        found = table.get(fold(text))
        if found is not None:
            return found
        if otherwise is not None:
            return otherwise(entry)
        if text:
            entry.doubt(UNKNOWN_WORD, "a word that the pack's map does not hold")
        return ""

    return mapped


def _join(one: spec.Join, scope: Scope) -> Get:
    parts = [compile_expression(each, scope) for each in one.join]
    between = one.between
    return lambda entry: between.join(text for part in parts if (text := text_of(part(entry))))


def _concat(one: spec.Concat, scope: Scope) -> Get:
    parts = [compile_expression(each, scope) for each in one.concat]

    def concat(entry: Entry) -> Cell:
        texts = [text_of(part(entry)) for part in parts]
        return "".join(texts) if all(texts) else ""

    return concat


def _split(one: spec.Split, scope: Scope) -> Get:
    of = compile_expression(one.split, scope)
    if one.pattern is not None:
        pattern, group = compile_pattern(one.pattern), one.group
        assert group is not None

        def matched(entry: Entry) -> Cell:
            found = search(pattern, text_of(of(entry)))
            return (found[group] or "").strip() if found is not None else ""

        return matched
    mark, rank = one.at, one.part
    assert mark is not None
    assert rank is not None
    index = rank - 1 if rank > 0 else rank

    def between(entry: Entry) -> Cell:
        parts = text_of(of(entry)).split(mark)
        return parts[index].strip() if -len(parts) <= index < len(parts) else ""

    return between


def _first_of(one: spec.FirstOf, scope: Scope) -> Get:
    parts = [compile_expression(each, scope) for each in one.first_of]

    def first(entry: Entry) -> Cell:
        for part in parts:
            cell = part(entry)
            if text_of(cell):
                return cell
        return ""

    return first


def _when(one: spec.When, scope: Scope) -> Get:
    holds = compile_condition(one.when, scope)
    then = compile_expression(one.then, scope)
    otherwise = compile_expression(one.otherwise, scope)
    return lambda entry: then(entry) if holds(entry) else otherwise(entry)


def _parse(one: spec.Parse, scope: Scope) -> Get:
    of = compile_expression(one.of, scope)
    if one.parse == "date":
        read = dates(tuple(one.formats), one.pivot)
        return lambda entry: read(text) if (text := text_of(of(entry))) else ""
    if one.parse == "upper":
        return lambda entry: plain(text_of(of(entry))).upper()
    part = one.part or ""
    if one.parse == "range":
        return lambda entry: _bound(text_of(of(entry)), part)
    return lambda entry: _value_part(text_of(of(entry)), part)


def _in_fields(one: spec.InFields, scope: Scope) -> Get:
    parts = [compile_expression(each, scope) for each in (one.year, one.month, one.day)]
    pivot = PIVOT if one.pivot is None else one.pivot

    def joined(entry: Entry) -> Cell:
        texts = [text_of(part(entry)) for part in parts]
        found = join_date(*texts, pivot=pivot)
        if found.reason == EMPTY:
            return ""
        doubt = "" if one.pivot is not None and found.doubt.startswith("two-digit") else found.doubt
        return Dated("-".join(filter(None, texts)), found.iso, found.reason, doubt)

    return joined


def _bound(text: str, part: str) -> str:
    if not text:
        return ""
    reading = read_range(text)
    return _number(reading.low if part == "low" else reading.high)


def _value_part(text: str, part: str) -> str:
    if not text:
        return ""
    reading = read_value(text)
    if part in {"flag", "text", "comment"}:
        return str(getattr(reading, part) or "")
    if reading.number is None:
        return ""
    return _number(reading.number) if part == "number" else str(getattr(reading.number, part) or "")


def _number(number: Number | None) -> str:
    return format(number.value, "f") if number is not None and isinstance(number.value, Decimal) else ""


_COMPILERS: Mapping[type, Callable[..., Get]] = {
    spec.From: _from,
    spec.Const: _const,
    spec.Cell: _cell,
    spec.Header: _header,
    spec.About: _about,
    spec.Lookup: lambda one, scope: _lookup(one.lookup, one.column, scope),
    spec.Mapped: _map,
    spec.Join: _join,
    spec.Concat: _concat,
    spec.Split: _split,
    spec.FirstOf: _first_of,
    spec.When: _when,
    spec.Parse: _parse,
    spec.InFields: _in_fields,
}


# --- conditions ---------------------------------------------------------------------------------------------------


def compile_condition(one: spec.Condition | None, scope: Scope) -> Holds:
    """The function of a condition; none always holds."""
    if one is None:
        return lambda entry: True
    if isinstance(one, spec.All):
        every = [compile_condition(each, scope) for each in one.every]
        return lambda entry: all(holds(entry) for holds in every)
    if isinstance(one, spec.AnyOf):
        some = [compile_condition(each, scope) for each in one.one]
        return lambda entry: any(holds(entry) for holds in some)
    if isinstance(one, spec.Not):
        denied = compile_condition(one.denied, scope)
        return lambda entry: not denied(entry)
    if isinstance(one, spec.CellsAre):
        least, most = one.cells.least, one.cells.most
        return lambda entry: least <= filled(entry.raw) <= most
    return _compared(one, scope)


def filled(cells: list[str]) -> int:
    """How many cells a row has, without the empty ones at its end."""
    count = len(cells)
    while count and not cells[count - 1].strip():
        count -= 1
    return count


def _compared(one: spec.Compared, scope: Scope) -> Holds:
    of = compile_expression(one.of, scope)
    tests: list[Callable[[str], bool]] = []
    if one.eq is not None:
        wanted = fold(one.eq)
        tests.append(lambda text: fold(text) == wanted)
    if one.among is not None:
        words = frozenset(fold(word) for word in one.among)
        tests.append(lambda text: fold(text) in words)
    if one.matches is not None:
        pattern = compile_pattern(one.matches)
        tests.append(lambda text: search(pattern, text) is not None)
    if one.empty is not None:
        is_empty = one.empty
        tests.append(lambda text: (not text) == is_empty)
    if len(tests) == 1:
        only = tests[0]
        return lambda entry: only(text_of(of(entry)))

    def holds(entry: Entry) -> bool:
        text = text_of(of(entry))
        return all(test(text) for test in tests)

    return holds


# --- text ---------------------------------------------------------------------------------------------------------


def search(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """Look for an expression in a cell that is not too long for it."""
    return pattern.search(text) if len(text) <= SHORT or len(text) <= reach(pattern) else None


def fold(text: str) -> str:
    """A text for comparison: neither case nor outer blanks count."""
    return text.strip().casefold()


def plain(text: str) -> str:
    """A text without accents."""
    if text.isascii():
        return text
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def key_of(parts: Iterable[Cell]) -> str | None:
    """A key to join on: neither case, accents nor blanks count; ``None`` when a part is empty."""
    found = []
    for part in parts:
        if part.__class__ is str and part.isdecimal():
            found.append(part)
            continue
        iso = getattr(part, "iso", None)
        text = iso[:10] if iso else " ".join(plain(text_of(part)).casefold().replace("-", " ").split())
        if not text:
            return None
        found.append(text)
    return "\x1f".join(found)
