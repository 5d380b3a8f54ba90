"""Workbooks of every age (.xls, .xlsx): the values of their cells as text, numbers without a made-up decimal."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from semantix.errors import UnreadableInput
from semantix.parsers.tabular.ole import fault_of
from semantix.parsers.tabular.rows import MAX_ROWS, Grid, Row

OLE = b"\xd0\xcf\x11\xe0"
ZIP = b"PK\x03\x04"
MAX_AREA = 20_000_000
"""Cells between the first and the last of a sheet, empty ones included: the library holds them all."""
MAX_UNPACKED = 400_000_000
"""Bytes of one part of an .xlsx once unpacked."""
_CELL = re.compile(rb"<(?:\w+:)?(c|row)(?=[\s/>])(?:[^<>]*?\sr\s*=\s*[\"']([A-Za-z]{0,3})(\d{1,10})[\"'])?")
"""A row or a cell, with its place where it is written: one without is the next."""
_CHUNK = 1_000_000


def is_workbook(head: bytes) -> bool:
    """Say whether these first bytes may be those of a workbook."""
    is_packed = head.startswith(ZIP) and (b"xl/" in head[:65_536] or b"[Content_Types].xml" in head[:4_096])
    return head.startswith(OLE) or is_packed


def read_workbook(data: bytes, name: str) -> list[Grid]:
    """The sheets of a workbook, each with all its rows. Raises UnreadableInput."""
    if data.startswith(ZIP):
        _refuse_bombs(data, name)
    elif data.startswith(OLE) and (fault := fault_of(data, MAX_AREA)):
        raise UnreadableInput(f"{name}: a damaged workbook: {fault}; save it again from its software, or as CSV")
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        return [_grid(book, sheet, name) for sheet in book.sheet_names]
    except UnreadableInput:
        raise
    except (CalamineError, OSError, ValueError) as error:
        raise UnreadableInput(f"{name}: not readable as a workbook ({type(error).__name__}); save it again") from None
    except BaseException as error:
        # A fault inside the library arrives as a class of its own, outside Exception.
        if type(error).__name__ != "PanicException":
            raise
        raise UnreadableInput(f"{name}: a damaged workbook; save it again from its software") from None


def _grid(book: CalamineWorkbook, sheet: str, name: str) -> Grid:
    found = book.get_sheet_by_name(sheet)
    # The last cell, counted from 0; nothing for an empty sheet.
    height, width = (found.end[0] + 1, found.end[1] + 1) if found.end is not None else (0, 0)
    if height * width > MAX_AREA or height > MAX_ROWS:
        raise UnreadableInput(f"{name}: a sheet of {height} rows and {width} columns, too large; save it as CSV")
    rows = found.to_python(skip_empty_area=False) if height else []
    return Grid(sheet, _rows(rows))


def _rows(rows: list[list[Any]]) -> Iterator[Row]:
    for number, cells in enumerate(rows, 1):
        yield Row(number, [cell if cell.__class__ is str else text_of(cell) for cell in cells])


def text_of(value: object) -> str:
    """A cell as a person reads it: a date in ISO order, a whole number without decimals."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(timespec="seconds")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return str(value)


def _refuse_bombs(data: bytes, name: str) -> None:
    """Look at the sizes before the library allocates them: parts once unpacked, and the corner of each sheet."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            total = sum(part.file_size for part in parts)
            if total > MAX_UNPACKED:
                raise UnreadableInput(f"{name}: {total // 1_000_000} MB once unpacked, too large; save it as CSV")
            for part in parts:
                if part.filename.lower().startswith("xl/worksheets/") and part.filename.lower().endswith(".xml"):
                    _refuse_wide(archive, part, name)
    except UnreadableInput:
        raise
    except (zipfile.BadZipFile, zlib.error, OSError, RuntimeError, EOFError, ValueError, LookupError) as error:
        raise UnreadableInput(f"{name}: not readable as a workbook ({type(error).__name__}); save it again") from None


def _refuse_wide(archive: zipfile.ZipFile, part: zipfile.ZipInfo, name: str) -> None:
    height = width = row = column = 0
    tail = b""
    left = MAX_UNPACKED
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            left -= len(chunk)
            if left < 0:
                raise UnreadableInput(f"{name}: a part larger than it says once unpacked; save it as CSV")
            text = tail + chunk
            for found in _CELL.finditer(text):
                if found[1] == b"row":
                    row, column = int(found[3] or row + 1), 0
                else:
                    row = int(found[3] or row)
                    column = _column(found[2].upper()) if found[2] else column + 1
                height, width = max(height, row), max(width, column)
            tail = text[-200:]
            if height * width > MAX_AREA:
                raise UnreadableInput(f"{name}: a sheet of {height} rows and {width} columns; save it as CSV")


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
