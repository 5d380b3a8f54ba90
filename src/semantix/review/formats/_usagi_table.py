"""The table dialect of Usagi, as its own reader and writer have it: one line a row, quotes doubled, backslashes too.

A quote anywhere turns quoting on or off, a backslash protects the sign after it, and a line end inside a cell is a
backslash and an n. There is no byte order mark: Usagi would take it for a part of the first column's name. Files that
other programs wrote (a ``;``, cells over several lines, single backslashes) are read too.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from types import MappingProxyType

from msgspec import Struct

from semantix.errors import BadMappings
from semantix.review.formats._cells import DELIMITERS, decoded, delimiter_of, plain
from semantix.review.formats._usagi_columns import ADDED

_QUOTED = re.compile(r"[\\\"\n]")
_ESCAPES = re.compile(r'""|\\["\\n]')
_MEANING = {'""': '"', '\\"': '"', "\\\\": "\\", "\\n": "\n"}
_CELL = MappingProxyType(
    {
        # Quoted or not, a backslash and the sign after it are never a quote or a delimiter.
        sign: re.compile(rf'(?:[^"\\{sign}]++|\\.?+|"(?:[^"\\]++|\\.?+)*+"?+)*+', re.DOTALL)
        for sign in DELIMITERS
    }
)
_MOST_LINES = 200


class Line(Struct, frozen=True):
    """A row: the number of its first line, and its cells; it has more than there are columns when it is damaged."""

    number: int
    cells: list[str]


class Table(Struct, frozen=True):
    """A table in Usagi's dialect: its columns and its rows."""

    columns: tuple[str, ...]
    rows: tuple[Line, ...]


def read_table(data: bytes, name: str, required: Sequence[str]) -> Table:
    """Read a table. Raises BadMappings when it is empty or lacks one of the required columns."""
    lines = decoded(data).split("\n")
    header = lines[0]
    delimiter = delimiter_of(header, required)
    columns = tuple(_column(plain(cell)) for cell in split_line(header, delimiter))
    missing = [column for column in required if column not in columns]
    if missing:
        found = f"{len(columns)} columns without {', '.join(missing)}" if header.strip() else "an empty first line"
        if "targetConceptId" in columns:
            found += " (an export for review, which is for people only)"
        raise BadMappings(
            f"{name}, line 1: {found}; expected the columns of a file saved by Usagi: {', '.join(required)}..."
        )
    rows = [
        Line(number, [*cells, *[""] * (len(columns) - len(cells))])
        for number, cells in _rows(lines, delimiter, len(columns))
    ]
    return Table(columns, tuple(rows))


def _column(name: str) -> str:
    """The name of a column; blanks around it count only in the names that users chose."""
    return name if ADDED in name else name.strip()


def _rows(lines: list[str], delimiter: str, width: int) -> Iterator[tuple[int, list[str]]]:
    at = 1
    while at < len(lines):
        line = lines[at]
        number, at = at + 1, at + 1
        if not line or line.isspace():
            continue
        if '"' not in line and "\\" not in line:
            yield number, _short(line.split(delimiter), width)
            continue
        last = _end(lines, at - 1, delimiter, width)
        yield number, _short(_cells("\n".join(lines[at - 1 : last]), delimiter, width), width)
        at = last


def _short(cells: list[str], width: int) -> list[str]:
    """Take off empty cells beyond the width: spreadsheets add them."""
    while len(cells) > width and not cells[-1]:
        cells.pop()
    return cells


def _end(lines: list[str], at: int, delimiter: str, width: int) -> int:
    """Where the row that begins on a line ends: on it, or where its quotes close and its cells are complete."""
    if lines[at].count('"') % 2 == 0:
        return at + 1
    quotes = 0
    for end in range(at, min(at + _MOST_LINES, len(lines))):
        quotes += lines[end].count('"')
        if quotes % 2 == 0 and len(_cells("\n".join(lines[at : end + 1]), delimiter, width)) == width:
            return end + 1
    return at + 1


def _cells(line: str, delimiter: str, width: int) -> list[str]:
    """The cells of a line as Usagi reads it; as other programs wrote it, where only that gives the right number."""
    cells = split_line(line, delimiter)
    if len(cells) != width and "\\" in line:
        other = next(csv.reader([*line.splitlines(keepends=True)], delimiter=delimiter), [])
        if len(other) == width:
            return other
    return cells


def split_line(line: str, delimiter: str = ",") -> list[str]:
    """Cut a line into cells as Usagi does."""
    match = _CELL[delimiter].match
    cells: list[str] = []
    start = 0
    while (found := match(line, start)) is not None:
        cells.append(_cell(found[0]))
        start = found.end() + 1
        if start > len(line):
            break
    return cells


def _cell(text: str) -> str:
    if len(text) > 1 and text[0] == '"' and text[-1] == '"':
        text = text[1:-1]
    if '"' not in text and "\\" not in text:
        return text
    return _ESCAPES.sub(lambda found: _MEANING[found[0]], text)


def write_line(cells: Sequence[str]) -> str:
    """Write cells as one line, as Usagi does."""
    return ",".join([_written(cell) for cell in cells])


def _written(text: str) -> str:
    if _QUOTED.search(text):
        text = text.replace("\\", "\\\\").replace("\n", "\\n")
        if '"' in text:
            return '"' + text.replace('"', '""') + '"'
    return f'"{text}"' if "," in text else text
