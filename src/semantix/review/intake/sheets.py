"""Tables opened: text in whatever encoding and delimiter, or the sheets of a workbook, as columns and rows."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence

from msgspec import Struct

from semantix.errors import BadMappings
from semantix.io import shown
from semantix.parsers.tabular.rows import Grid
from semantix.parsers.tabular.rows import Row as GridRow
from semantix.parsers.tabular.workbook import read_workbook
from semantix.review.formats.exchange import Problem
from semantix.review.intake.open_document import is_open_document, refuse_large_sheets
from semantix.terminology import query_tables
from semantix.terminology.query_tables import Row
from semantix.text.decoding import decode

LONGEST_LINE = 1_000_000
MOST_COLUMNS = 1_000
_DOUBTS = ("ambiguous-encoding", "mixed-encodings")


class Sheet(Struct, frozen=True):
    """A table being read: ``rows`` can be gone through once. ``name`` is that of the sheet of a workbook."""

    columns: tuple[str, ...]
    rows: Iterator[Row]
    name: str = ""
    problems: tuple[Problem, ...] = ()


def open_text(data: bytes, name: str) -> Sheet:
    """Open a CSV or TSV. Raises BadTable and BadMappings."""
    decoded = decode(data, repair=False)
    table = query_tables.parse(_lines(decoded.text, name), name)
    _refuse_wide(table.columns, name)
    doubts = tuple(
        Problem(
            damage.lines[0] if damage.lines else 0,
            f"letters that could be read in another way; read as {decoded.encoding}",
            "UTF-8",
        )
        for damage in decoded.damage
        if damage.kind in _DOUBTS
    )
    return Sheet(table.columns, table.rows, problems=doubts)


def open_workbook(data: bytes, name: str) -> tuple[Sheet, ...]:
    """Open the sheets of an XLSX, XLS or ODS workbook that are not empty. Raises UnreadableInput and BadMappings."""
    if is_open_document(data):
        refuse_large_sheets(data, name)
    opened = (_sheet(grid, name) for grid in read_workbook(data, name))
    return tuple(sheet for sheet in opened if sheet is not None)


def _lines(text: str, name: str) -> Iterator[str]:
    for number, line in enumerate(io.StringIO(text, newline=""), 1):
        if len(line) > LONGEST_LINE:
            raise BadMappings(
                f"{shown(name)}: line {number} is longer than {LONGEST_LINE:,} characters; is it a table?"
            )
        yield line


def _refuse_wide(columns: Sequence[str], name: str) -> None:
    """A few bytes a row would otherwise stand for thousands of empty cells."""
    if len(columns) > MOST_COLUMNS:
        raise BadMappings(f"{shown(name)}: {len(columns):,} columns; at most {MOST_COLUMNS:,} are read")


def _sheet(grid: Grid, name: str) -> Sheet | None:
    """The first row with anything in it names the columns; None for a sheet without one."""
    rows = iter(grid.rows)
    for row in rows:
        header = [cell.strip() for cell in row.cells]
        while header and not header[-1]:
            header.pop()
        if header:
            _refuse_wide(header, name)
            return Sheet(tuple(header), _fitted(rows, len(header)), grid.name)
    return None


def _fitted(rows: Iterator[GridRow], width: int) -> Iterator[Row]:
    """Rows of as many cells as there are columns: what stands beyond the last named column belongs to no table."""
    for row in rows:
        cells = row.cells[:width]
        if any(cells):
            yield Row(row.line, tuple(cells) + ("",) * (width - len(cells)))
