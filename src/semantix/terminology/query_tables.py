"""Tables that users bring: gold files and files of wordings, as CSV or TSV. Read row by row, never whole.

The delimiter is read from the header. A TSV row is one line; a CSV row may span several. UTF-8 is required, with or
without a byte order mark. Errors name lines and columns, never the content of a row.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from typing import IO

from msgspec import Struct

from semantix.errors import BadTable
from semantix.io import shown

BOM = "\ufeff"
MOST_COLUMNS_SHOWN = 30
_LONGEST_LINE = 1_000_000
_DELIMITERS = ("\t", ";", ",")


class Row(Struct, frozen=True):
    """One row: the line on which it begins, and its cells, as many as there are columns."""

    line: int
    cells: tuple[str, ...]


class QueryTable(Struct, frozen=True):
    """A table being read: ``rows`` can be gone through once. ``delimiter`` is the one to write it again with."""

    name: str
    columns: tuple[str, ...]
    delimiter: str
    has_bom: bool
    rows: Iterator[Row]

    def index(self, column: str) -> int:
        """Find a column by its name, else by its name whatever its case. Raises BadTable when there is not one."""
        exact = [place for place, each in enumerate(self.columns) if each == column]
        wanted = column.strip().casefold()
        found = exact or [place for place, each in enumerate(self.columns) if each.strip().casefold() == wanted]
        if len(found) == 1:
            return found[0]
        problem = f"{len(found)} columns are called {column}" if found else f"no column is called {column}"
        raise BadTable(f"{self.name}: {problem}; the columns are {_listed(self.columns)}")


def read_lines(file: IO[bytes], name: str) -> Iterator[str]:
    """Decode the lines of a file, their ends kept. Raises BadTable where it is not UTF-8 text."""
    number = 0
    while data := file.readline(_LONGEST_LINE + 1):
        number += 1
        if len(data) > _LONGEST_LINE:
            raise BadTable(f"{name}: line {number} is longer than {_LONGEST_LINE:,} bytes; a CSV or TSV was expected")
        try:
            yield data.decode("utf-8")
        except UnicodeDecodeError as error:
            raise BadTable(
                f"{name}: line {number}, byte {error.start + 1}: this is not UTF-8; save the table as CSV UTF-8"
            ) from None


def parse(lines: Iterable[str], name: str) -> QueryTable:
    """Read the header of a table, and its rows when they are asked for. Raises BadTable."""
    name = shown(name)
    source = iter(lines)
    header = next(source, "")
    has_bom = header.startswith(BOM)
    header = header.removeprefix(BOM)
    if not header.strip():
        raise BadTable(f"{name}: no header line; expected the names of the columns on the first line")
    delimiter = _delimiter(header, name)
    columns = next(_rows(iter((header,)), delimiter, name, 0)).cells
    rows = _fitted(_rows(source, delimiter, name, 1), len(columns), name)
    if len(columns) == 1 and name.lower().endswith(".csv"):
        delimiter = ","
    return QueryTable(name, tuple(each.strip() for each in columns), delimiter, has_bom, rows)


def _delimiter(header: str, name: str) -> str:
    """A tab wherever there is one in a .tsv; else what gives most columns.

    A table of one column is read line by line, as a TSV: its wordings may hold commas.
    """
    if "\t" in header and name.lower().endswith((".tsv", ".tab", ".txt")):
        return "\t"
    counts = {each: len(next(csv.reader((header,), delimiter=each), ())) for each in _DELIMITERS}
    return max(_DELIMITERS, key=lambda each: counts[each])


def _rows(lines: Iterator[str], delimiter: str, name: str, before: int) -> Iterator[Row]:
    """Split lines into rows; ``before`` lines were read already."""
    if delimiter == "\t":
        for number, line in enumerate(lines, before + 1):
            cells = line.rstrip("\r\n").split("\t")
            yield Row(number, tuple(map(_unquoted, cells) if '"' in line else cells))
        return
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    begins = before + 1
    try:
        for cells in reader:
            yield Row(begins, tuple(cells))
            begins = before + reader.line_num + 1
    except csv.Error as error:
        raise BadTable(f"{name}: the row that begins on line {begins} is not CSV: {error}") from None


def _unquoted(cell: str) -> str:
    """Take off the quotation marks that a spreadsheet puts around a cell; those of a text stay."""
    if len(cell) > 1 and cell[0] == cell[-1] == '"' and '"' not in cell[1:-1].replace('""', ""):
        return cell[1:-1].replace('""', '"')
    return cell


def _fitted(rows: Iterator[Row], width: int, name: str) -> Iterator[Row]:
    """Give each row as many cells as there are columns; an empty line is no row."""
    for row in rows:
        cells = row.cells
        if not any(cells):
            continue
        if len(cells) > width and not any(cells[width:]):
            cells = cells[:width]
        if len(cells) > width:
            raise BadTable(f"{name}: line {row.line} has {len(cells)} cells and the header {width}")
        yield Row(row.line, cells + ("",) * (width - len(cells)))


def _listed(columns: Sequence[str]) -> str:
    listed = ", ".join(shown(each[:60]) for each in columns[:MOST_COLUMNS_SHOWN])
    return listed + (", ..." if len(columns) > MOST_COLUMNS_SHOWN else "")
