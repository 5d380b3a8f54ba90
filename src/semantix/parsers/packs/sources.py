"""From the bytes of a file of a pack to the rows of its tables, whatever the physical kind."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import PurePath
from typing import BinaryIO

from msgspec import Struct, field

from semantix.errors import UnreadableInput
from semantix.model import SetAside
from semantix.parsers._claims import HEAD
from semantix.parsers.packs.layout import WIDE, decode_cut, layout_in, layout_of, shape_of
from semantix.parsers.packs.plans import PackPlan, TablePlan
from semantix.parsers.packs.sessions import name_of
from semantix.parsers.tabular import dbase, sql, trees, workbook
from semantix.parsers.tabular.delimited import count_lines, fixed_rows, read_rows, split_lines
from semantix.parsers.tabular.rows import Grid, Row
from semantix.text.decoding import decode

DAMAGED = "SX511"
MAX_TEXT = 400_000_000
"""Bytes of a SQL dump that are held in memory."""
_PREVIEW = 65_536


class Opened(Struct):
    """The tables of a file. ``count`` is how many lines or rows it has, counted apart from reading them.

    ``asides`` account for rows of tables that the pack does not know; ``doubts`` are about the file as a whole.
    """

    grids: list[tuple[TablePlan, Grid]]
    count: int
    asides: list[SetAside]
    doubts: list[tuple[str, str]]


class Content(Struct, frozen=True):
    """The bytes of a file or of a cut of it: ``line`` is the number of the first line."""

    data: bytes
    name: str
    line: int = 1
    context: Mapping[str, str] = field(default_factory=dict)


def open_tables(plan: PackPlan, role: str, content: Content) -> Opened:
    """The rows of every table of a file. Raises UnreadableInput."""
    tables = [plan.tables[name] for name in plan.roles[role]]
    return _OPENERS[tables[0].file.kind](tables, content)


# --- text ---------------------------------------------------------------------------------------------------------


def _text(tables: Sequence[TablePlan], content: Content) -> Opened:
    table = tables[0]
    file = table.file
    if not content.data:
        return Opened([], 0, [], [])
    layout = layout_in(content.context) if content.context else layout_of(content.data[:_PREVIEW], file)
    decoded = decode_cut(content.data, layout, file)
    lines = split_lines(decoded.text, file.dialect.line_ends)
    if content.line == 1 and lines:
        lines[0] = lines[0].removeprefix("\ufeff")
    rows = _all_rows(lines, table, content.line)
    asides: list[SetAside] = []
    if layout.skip:
        rows = _without_start(rows, layout.skip, asides)
    if layout.footer:
        rows = _without_end(rows, layout.footer, asides)
    ends = file.dialect.line_ends
    data = content.data
    count = count_lines(data, ends) if layout.encoding not in WIDE else len(split_lines(decoded.text, ends))
    doubts = [] if decoded.confidence >= 0.5 else [(DAMAGED, "the encoding of the file is not sure")]
    for damage in decoded.damage:
        words = "repaired" if damage.repaired else "kept as it came"
        doubts.append((DAMAGED, f"damaged characters in the file ({damage.kind}): {words}"))
    return Opened([(table, Grid("", rows, layout.header, "line"))], count, asides, doubts)


def _all_rows(lines: Sequence[str], table: TablePlan, first: int) -> Iterator[Row]:
    file = table.file
    if file.kind == "delimited":
        return read_rows(lines, shape_of(file), first)
    columns = file.columns.values()
    fields = [(column.at - 1 if isinstance(column.at, int) else 0, column.width or 1) for column in columns]
    return fixed_rows(lines, fields, first)


def _without_start(rows: Iterator[Row], skip: int, asides: list[SetAside]) -> Iterator[Row]:
    last = None
    lines = 0
    for number, row in enumerate(rows, 1):
        if number > skip:
            if last is not None:
                asides.append(_structure("lines before the data", lines))
                last = None
            yield row
        else:
            last = row
            lines += row.lines
    if last is not None:
        asides.append(_structure("lines before the data", lines))


def _without_end(rows: Iterator[Row], footer: int, asides: list[SetAside]) -> Iterator[Row]:
    held: list[Row] = []
    for row in rows:
        held.append(row)
        if len(held) > footer:
            yield held.pop(0)
    if held:
        asides.append(_structure("lines after the data", sum(row.lines for row in held)))


def _structure(words: str, lines: int) -> SetAside:
    return SetAside(words, lines, "structure")


# --- workbooks and databases ----------------------------------------------------------------------------------------


def _workbook(tables: Sequence[TablePlan], content: Content) -> Opened:
    return from_sheets(tables, workbook.read_workbook(content.data, content.name))


def from_sheets(tables: Sequence[TablePlan], sheets: Sequence[Grid]) -> Opened:
    """The tables that the sheets of a workbook hold; the first sheet is meant where a pack names none."""
    grids: list[tuple[TablePlan, Grid]] = []
    asides: list[SetAside] = []
    count = 0
    taken: set[str] = set()
    for table in tables:
        wanted = table.table.source
        named = wanted or (table.name if len(tables) > 1 else None)
        sheet = next((one for one in sheets if named is None or name_of(one.name) == name_of(named)), None)
        if sheet is None or sheet.name in taken:
            continue
        taken.add(sheet.name)
        rows = list(sheet.rows)
        count += len(rows)
        grids.append((table, _below_header(table, sheet.name, rows, asides)))
    for sheet in sheets:
        if sheet.name not in taken:
            others = len(list(sheet.rows))
            count += others
            if others:
                words = "a sheet that the pack does not describe"
                asides.append(SetAside(f"sheet {sheet.name}", others, "unknown-kind", words, quarantined=True))
    if not grids:
        raise UnreadableInput("none of the sheets that the pack describes is there")
    return Opened(grids, count, asides, [])


def _below_header(table: TablePlan, name: str, rows: list[Row], asides: list[SetAside]) -> Grid:
    dialect = table.file.dialect
    skip = (dialect.first or dialect.header + 1) - 1
    header = tuple(cell.strip() for cell in rows[dialect.header - 1].cells) if 0 < dialect.header <= len(rows) else ()
    end = max(skip, len(rows) - dialect.footer)
    if rows[:skip]:
        asides.append(_structure("rows before the data", len(rows[:skip])))
    if rows[end:]:
        asides.append(_structure("rows after the data", len(rows[end:])))
    return Grid(name, rows[skip:end], header)


def _dbase(tables: Sequence[TablePlan], content: Content) -> Opened:
    table = tables[0]
    described = dbase.describe(content.data, content.name)
    tried = tuple(table.file.dialect.encodings)
    if tried:
        # One choice for the whole table: cells are too short to tell.
        encoding = decode(content.data[described.start :].replace(b"\0", b" "), tried).encoding
    else:
        encoding = described.encoding or decode(content.data[described.start :].replace(b"\0", b" ")).encoding
    header = tuple(field.name for field in described.fields)

    def rows() -> Iterator[Row]:
        for number, (deleted, cells) in enumerate(dbase.records(content.data, described), 1):
            texts = [decode(cell, (encoding,)).text if not cell.isascii() else cell.decode("ascii") for cell in cells]
            yield Row(number, [text.replace("\0", "").strip() for text in texts], deleted=deleted)

    lost = described.count - described.present
    asides = []
    if lost:
        words = "records that the header announces and that are not there"
        asides.append(SetAside("at the end", lost, "unreadable", words, quarantined=True))
    return Opened([(table, Grid("", rows(), header))], described.count, asides, [])


def _sql(tables: Sequence[TablePlan], content: Content) -> Opened:
    if len(content.data) > MAX_TEXT:
        size = len(content.data) // 1_000_000
        raise UnreadableInput(f"{content.name}: {size} MB of SQL, at most {MAX_TEXT // 1_000_000} MB expected")
    file = tables[0].file
    decoded = decode(content.data, tuple(file.dialect.encodings), repair=False)
    wanted = {name_of(table.table.source or table.name): table for table in tables}
    found: dict[str, list[Row]] = {}
    headers: dict[str, tuple[str, ...]] = {}
    others: dict[str, int] = {}
    count = 0
    for one in sql.read_inserts(decoded.text):
        count += 1
        name = name_of(one.table)
        if name not in wanted:
            others[one.table] = others.get(one.table, 0) + 1
            continue
        rows = found.setdefault(name, [])
        header = headers.setdefault(name, one.columns)
        rows.append(Row(len(rows) + 1, _in_order(one, header), broken=one.broken))
    grids = [(wanted[name], Grid(wanted[name].name, rows, headers[name])) for name, rows in found.items()]
    words = "rows of a table that the pack does not describe"
    asides = [SetAside(f"table {name}", rows, "unknown-kind", words, quarantined=True) for name, rows in others.items()]
    return Opened(grids, count, asides, [])


def _in_order(one: sql.Inserted, header: tuple[str, ...]) -> list[str]:
    """The cells of a row in the order of the first statement on its table."""
    if one.columns == header:
        return one.cells
    places = {name: index for index, name in enumerate(one.columns)}
    return [one.cells[places[name]] if name in places and places[name] < len(one.cells) else "" for name in header]


# --- trees --------------------------------------------------------------------------------------------------------


def _paths(table: TablePlan) -> list[str]:
    return [column.names[0] if column.names else column.name for column in table.columns]


def _xml(tables: Sequence[TablePlan], content: Content) -> Opened:
    root = trees.read_tree(content.data, content.name)
    found = [(table, list(trees.xml_rows(root, table.table.source or "/*", _paths(table)))) for table in tables]
    return _trees(found)


def _json(tables: Sequence[TablePlan], content: Content) -> Opened:
    document = trees.read_json(content.data, content.name)
    found = [(table, list(trees.json_rows(document, table.table.source or "$", _paths(table)))) for table in tables]
    return _trees(found)


def _trees(found: Sequence[tuple[TablePlan, list[Row]]]) -> Opened:
    grids = [(table, Grid(table.name, rows)) for table, rows in found]
    return Opened(grids, sum(len(rows) for _, rows in found), [], [])


def _hprim(tables: Sequence[TablePlan], content: Content) -> Opened:
    raise UnreadableInput(f"{content.name}: HPRIM records are read by their own reader, not by a pack")


_OPENERS: Mapping[str, Callable[[Sequence[TablePlan], Content], Opened]] = {
    "delimited": _text,
    "fixed-width": _text,
    "workbook": _workbook,
    "dbase": _dbase,
    "sql-insert": _sql,
    "xml": _xml,
    "json": _json,
    "hprim-records": _hprim,
}


class Prepared(Struct, frozen=True):
    """A file that is not on a disk: its bytes, or the rows of its sheets in their place."""

    name: str
    data: bytes
    sheets: Mapping[str, Sequence[Sequence[str]]] | None = None

    @property
    def size(self) -> int:
        """Bytes."""
        return len(self.data)

    def head(self, size: int = HEAD) -> bytes:
        """The first bytes."""
        return self.data[:size]

    def read(self) -> bytes:
        """The whole content."""
        return self.data

    def open(self) -> BinaryIO:
        """A stream of the whole content."""
        return io.BytesIO(self.data)


def open_prepared(plan: PackPlan, role: str, source: Prepared) -> Opened:
    """The rows that stand in the place of a workbook, a dBASE table or a database."""
    assert source.sheets is not None
    tables = [plan.tables[name] for name in plan.roles[role]]
    grids = []
    for name, rows in source.sheets.items():
        grids.append(Grid(name, [Row(number, list(cells)) for number, cells in enumerate(rows, 1)]))
    return from_sheets(tables, grids)


def stem_of(name: str) -> str:
    """The name of a file without folders, archives and extension."""
    return PurePath(name.rpartition("!/")[2].replace("\\", "/")).stem
