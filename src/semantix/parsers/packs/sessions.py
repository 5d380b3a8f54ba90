"""One table of one file while it is read: its header, what its positions are, and the rows it is joined to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from semantix.errors import UnreadableInput
from semantix.parsers.packs.entries import DATE_UNREAD, Cell, Convert, Entry, Odd, is_wrong
from semantix.parsers.packs.expressions import filled, fold, plain
from semantix.parsers.packs.joins import Index
from semantix.parsers.packs.plans import ColumnPlan, TablePlan
from semantix.parsers.tabular.rows import Grid, Row

NOT_JOINED = "SX501"
NO_FILE = "SX510"
SEEN = frozenset({"", "administrative"})
"""Kinds of rows that other rows may look up: identities hold no fact, and are asked for."""
Find = Callable[[str, int], Index | None]
"""The index of a join of a table; ``None`` when the file joined to is not there."""


class Session:
    """What the rows of one table share."""

    def __init__(self, plan: TablePlan, grid: Grid, stem: str, find: Find) -> None:
        self.plan = plan
        self.table = grid.name or plan.name
        self.stem = stem
        self.word = grid.word
        self._header = grid.header
        self._find = find
        self._indexes: dict[int, Index | None] = {}
        self._base = [self._bound(column) for column in plan.columns]
        self._own = [[self._bound(column) for column in kind.columns] for kind in plan.kinds]
        numbers = {bind(column, grid.header, plan) for column in plan.columns if column.surrogate}
        self.surrogates = sorted(place for place in numbers if place >= 0)

    def _bound(self, column: ColumnPlan) -> tuple[int, int, Convert]:
        position = bind(column, self._header, self.plan)
        if position < 0 and column.required:
            raise UnreadableInput(f"no column {column.wanted} in {self.table}; the pack needs it")
        return position, column.rank, column.convert

    def header_cell(self, index: int) -> str:
        """A cell of the header row."""
        return self._header[index].strip() if index < len(self._header) else ""

    def entry(self, row: Row) -> Entry:
        """A row, with the columns that every kind of row has."""
        cells = row.cells
        entry = Entry(self, cells, row.line, row.lines)
        count = len(cells)
        if not self.plan.kinds:
            entry.values = [
                convert(cells[position]) if 0 <= position < count else "" for position, _, convert in self._base
            ]
            return entry
        values: list[Cell] = [""] * self.plan.width
        for position, rank, convert in self._base:
            if 0 <= position < count:
                values[rank] = convert(cells[position])
        entry.values = values
        return entry

    def content(self, entry: Entry) -> list[str]:
        """The cells of a row without what the software gave to the row itself."""
        if not self.surrogates:
            return entry.raw
        cells = list(entry.raw)
        for place in self.surrogates:
            if place < len(cells):
                cells[place] = ""
        return cells

    def add_own(self, entry: Entry) -> None:
        """The columns that only the kind of this row has."""
        cells = entry.raw
        for position, rank, convert in self._own[entry.kind]:
            if 0 <= position < len(cells):
                entry.values[rank] = convert(cells[position])

    def fault(self, entry: Entry) -> str:
        """Why a row cannot be read: a required column that is empty or wrong. Other wrong cells are doubts."""
        for column in self.plan.checked(entry.kind):
            value = entry.values[column.rank]
            if value.__class__ is str:
                if not value and column.required:
                    return f"nothing in the column {column.name}"
                continue
            reason = is_wrong(value)
            if not reason:
                continue
            if column.required:
                return f"column {column.name}: {reason}"
            code = value.code if isinstance(value, Odd) else DATE_UNREAD
            entry.doubt(code, f"column {column.name}: {reason}")
        return ""

    def joined(self, entry: Entry, rank: int) -> Entry | Mapping[str, str] | None:
        """The row joined to an entry."""
        if rank in entry.joined:
            return entry.joined[rank]
        if rank not in self._indexes:
            self._indexes[rank] = self._find(self.plan.name, rank)
        index = self._indexes[rank]
        join = self.plan.joins[rank]
        found: Entry | Mapping[str, str] | None = None
        if index is None:
            entry.doubt(NO_FILE, f"no file of the set holds {join.to}: nothing was joined from it")
        else:
            key = join.key(entry)
            if key is not None:
                found = index.rows.get(key)
                if key in index.twice:
                    entry.doubt(NOT_JOINED, f"a key that {join.to} holds twice: nothing was joined")
        entry.joined[rank] = found
        return found


def bind(column: ColumnPlan, header: Sequence[str], plan: TablePlan) -> int:
    """The position of a column, from 0; -1 when it is not there."""
    if column.position is not None:
        return column.position
    if plan.by_order:
        return column.rank
    names = _folded(header)
    return next((names[name] for name in map(name_of, column.names) if name in names), -1)


def _folded(header: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for position, name in enumerate(header):
        found.setdefault(name_of(name), position)
    return found


def name_of(name: str) -> str:
    """The name of a column for comparison: neither case, accents nor blanks count."""
    return " ".join(plain(fold(name.lstrip("\ufeff"))).split())


def is_blank(cells: Sequence[str]) -> bool:
    """True for a row on which nothing is written."""
    return not "".join(cells).strip()


def too_many(cells: list[str], known: int) -> str:
    """Why a row does not fit, when it has more cells than columns: one of them was cut in two."""
    if known and len(cells) > known:
        found = filled(cells)
        if found > known:
            return f"{found} cells, at most {known} expected"
    return ""


def entries_of(session: Session, rows: Iterator[Row]) -> Iterator[Entry]:
    """The rows of a table that others look things up in: those that can be read."""
    plan = session.plan
    for row in rows:
        if row.broken or row.deleted or is_blank(row.cells):
            continue
        entry = session.entry(row)
        if plan.kinds:
            entry.kind = plan.kind_of(entry)
            if entry.kind < 0 or plan.kinds[entry.kind].aside not in SEEN:
                continue
            session.add_own(entry)
        if session.fault(entry) or (plan.withdrawn is not None and plan.withdrawn(entry)):
            continue
        yield entry
