"""A row being read: its cells by column, what its columns hold, and the doubts about them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from msgspec import Struct

from semantix.parsers.packs.spec_files import Column, Dialect
from semantix.text.dates import PIVOT, read_date
from semantix.text.decoding import repair_line
from semantix.text.values import read_flag

if TYPE_CHECKING:
    from semantix.parsers.packs.sessions import Session

UNKNOWN_WORD = "SX505"
DATE_UNREAD = "SX506"
MEMORY = 50_000
"""Readings remembered for one column; the dates and labels of an export are few."""
BOOLEANS: Mapping[str, str] = MappingProxyType(
    dict.fromkeys(("1", "o", "oui", "true", "vrai", "y", "yes", "x", "t", "-1", "on"), "true")
    | dict.fromkeys(("0", "n", "non", "false", "faux", "no", "f", "off"), "false")
)
SEXES: Mapping[str, str] = MappingProxyType(
    dict.fromkeys(("m", "h", "1", "homme", "masculin", "male", "mr", "m.", "garçon"), "M")
    | dict.fromkeys(("f", "2", "femme", "féminin", "feminin", "female", "mme", "mlle", "fille"), "F")
)


class Dated(Struct, frozen=True):
    """A cell of a date column: as written, and as read. ``iso`` is ``None`` with a ``reason``."""

    text: str
    iso: str | None
    reason: str = ""
    doubt: str = ""


class Odd(Struct, frozen=True):
    """A cell that its column cannot hold: ``text`` is what expressions see."""

    text: str
    reason: str
    code: str = UNKNOWN_WORD


Cell = str | Dated | Odd
Convert = Callable[[str], Cell]


class Entry:
    """One row of a table, while it is read."""

    __slots__ = ("doubts", "joined", "kind", "line", "lines", "part", "raw", "session", "values")

    def __init__(self, session: Session, raw: list[str], line: int, lines: int) -> None:
        self.session = session
        self.raw = raw
        self.line = line
        self.lines = lines
        self.values: list[Cell] = []
        self.kind = -1
        self.joined: dict[int, Entry | Mapping[str, str] | None] = {}
        self.part: Mapping[str, str] | None = None
        self.doubts: list[tuple[str, str]] = []

    def doubt(self, code: str, words: str) -> None:
        """Note a doubt, which goes to the document that the row is in."""
        self.doubts.append((code, words))


def text_of(cell: Cell) -> str:
    """A cell as text."""
    return cell if cell.__class__ is str else cell.text  # type: ignore[union-attr]


def is_wrong(cell: Cell) -> str:
    """Why a cell cannot be what its column says, or nothing."""
    if cell.__class__ is str:
        return ""
    return cell.reason if isinstance(cell, Odd) or (isinstance(cell, Dated) and cell.iso is None) else ""


def converter(column: Column, dialect: Dialect) -> Convert:
    """The reading of one column's cells, each text once."""
    missing = frozenset(word.strip() for word in dialect.missing) | {""}

    def clean(cell: str) -> str:
        cell = cell.strip()
        if cell.isalnum():
            return "" if cell in missing else cell
        if cell[:1] == "=":
            cell = unwrapped(cell)
        if "&" in cell or "<" in cell or "\\" in cell:
            # Entities and residue that stand for a mark of the file are left until the cells are apart.
            cell = repair_line(cell, field=True)[0].strip()
        return "" if cell in missing else cell

    inner = _typed(column, dialect)
    if inner is None:
        return clean
    memory: dict[str, Cell] = {}

    def remembered(cell: str) -> Cell:
        found = memory.get(cell)
        if found is None:
            text = clean(cell)
            if len(memory) >= MEMORY:
                memory.clear()
            found = memory[cell] = inner(text) if text else ""
        return found

    return remembered


def unwrapped(cell: str) -> str:
    """The text of a spreadsheet's ``="…"`` or ``=12``; other formulas stay as they are."""
    inner = cell[1:].strip()
    if len(inner) >= 2 and inner[0] == inner[-1] == '"':
        return inner[1:-1].replace('""', '"').strip()
    return inner if inner[:1].isdigit() or inner[:1] in "<>-+" else cell


def _typed(column: Column, dialect: Dialect) -> Convert | None:
    if column.type == "date":
        return dates(tuple(column.formats), column.pivot)
    if column.type in {"integer", "number"}:
        return _numbers(dialect, whole=column.type == "integer")
    if column.type == "boolean":
        return _words(BOOLEANS, column.words)
    if column.type == "sex":
        return _words(SEXES, column.words)
    if column.type == "flag":
        return lambda text: read_flag(text) or ""
    return None


def dates(formats: tuple[str, ...] = (), pivot: int | None = None) -> Convert:
    """Reads dates by these formats, or by every usual shape."""
    turn = PIVOT if pivot is None else pivot

    def read(text: str) -> Cell:
        found = read_date(text, pivot=turn, formats=formats)
        if found.iso is None and found.reason == "empty":
            return ""
        # The pivot is the pack's: a century taken by it is no doubt.
        doubt = "" if pivot is not None and found.doubt.startswith("two-digit") else found.doubt
        return Dated(text, found.iso, found.reason, doubt)

    return read


def _numbers(dialect: Dialect, *, whole: bool) -> Convert:
    marks = {"\u00a0": "", "\u202f": "", " ": ""}
    if dialect.grouping:
        marks[dialect.grouping] = ""
    if dialect.decimal == ",":
        marks[","] = "."
    table = str.maketrans(marks)

    mark = dialect.grouping or ""
    parted = re.compile(rf"[+-]?\d{{1,3}}(?:{re.escape(mark)}\d{{3}})+(?:[.,]\d*)?") if mark in {".", ","} else None

    def read(text: str) -> Cell:
        if parted is not None and mark in text and not parted.fullmatch(text):
            # 12.3 is not 123: where the mark does not part thousands, the number is not this one.
            return Odd(text, "its marks of thousands are not before three digits")
        plain = text.translate(table)
        if whole and plain.endswith((".0", ".00")):
            plain = plain.rpartition(".")[0]
        digits = plain.removeprefix("-").removeprefix("+")
        is_number = digits.isdecimal() if whole else digits.replace(".", "", 1).replace(",", "", 1).isdecimal()
        return plain if is_number else Odd(text, f"not {'a whole number' if whole else 'a number'}")

    return read


def _words(usual: Mapping[str, str], own: Mapping[str, str]) -> Convert:
    words = {word.strip().casefold(): value for word, value in own.items()} or usual

    def read(text: str) -> Cell:
        found = words.get(text.casefold())
        return found if found is not None else Odd("", "a word that the pack does not know")

    return read
