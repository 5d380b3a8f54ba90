"""ODS workbooks looked at before the library opens them: a few bytes there may stand for millions of cells.

Source: OpenDocument 1.3, part 3, 9.1 (``table:number-rows-repeated``, ``table:number-columns-repeated``),
6.1.3 (``text:c``, how many spaces a ``text:s`` stands for).
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

from semantix.errors import UnreadableInput
from semantix.parsers.tabular.rows import MAX_ROWS
from semantix.parsers.tabular.workbook import MAX_AREA, MAX_UNPACKED, ZIP

_KIND = b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet"
_CHUNK = 1_000_000
_LONGEST_CELL = 4_000_000
_MOST_SPACES = 100_000
_TAG = re.compile(
    rb"<(/?)(?:table:)?(table|table-row|table-cell|covered-table-cell|text:s)"
    rb"(?=[\s/>])((?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*)>"
)
_REPEATED = re.compile(rb"table:number-(?:rows|columns)-repeated\s*=\s*[\"'](\d{1,12})")

_SPACES = re.compile(rb"text:c\s*=\s*[\"'](\d{1,12})")


def is_open_document(head: bytes) -> bool:
    """Say whether these first bytes are those of an ODS workbook."""
    return head.startswith(ZIP) and _KIND in head[:200]


def refuse_large_sheets(data: bytes, name: str) -> None:
    """Raise UnreadableInput for a workbook whose sheets, repeats counted, hold more than can be held in memory."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            total = sum(part.file_size for part in parts)
            if total > MAX_UNPACKED:
                raise UnreadableInput(f"{name}: {total // 1_000_000} MB once unpacked, too large; save it as CSV")
            with archive.open("content.xml") as stream:
                _measure(_tags(iter(lambda: stream.read(_CHUNK), b""), name), name)
    except UnreadableInput:
        raise
    except (zipfile.BadZipFile, zlib.error, OSError, RuntimeError, EOFError, ValueError, LookupError) as error:
        raise UnreadableInput(f"{name}: not readable as a workbook ({type(error).__name__}); save it again") from None


def _tags(chunks: Iterator[bytes], name: str) -> Iterator[tuple[bytes, bytes, bytes]]:
    """The tags of tables, rows and cells: whether they close, what they are, their attributes."""
    rest = b""
    for chunk in chunks:
        text = rest + chunk
        end = 0
        for found in _TAG.finditer(text):
            yield found[1], found[2], found[3]
            end = found.end()
        # A tag may be cut in two: what begins with the last sign that opens one is looked at again.
        rest = text[max(end, text.rfind(b"<")) :]
        if len(rest) > _LONGEST_CELL:
            raise UnreadableInput(f"{name}: a cell of more than {_LONGEST_CELL:,} bytes; save it as CSV")


def _measure(tags: Iterator[tuple[bytes, bytes, bytes]], name: str) -> None:
    """Count up to the last cell that holds something; empty cells and rows that end a sheet cost nothing."""
    height = width = row_width = cells = repeat = spaces = 0
    for closing, what, attributes in tags:
        if what == b"table":
            height = width = 0
        elif what == b"text:s":
            spaces += _count(_SPACES, attributes)
            if spaces > _MOST_SPACES:
                raise UnreadableInput(f"{name}: cells of more than {_MOST_SPACES:,} spaces; save it as CSV")
        elif what == b"table-row" and not closing:
            row_width = cells = 0
            repeat = _repeat(attributes)
            height += repeat if attributes.endswith(b"/") else 0
        elif what == b"table-row":
            # Rows without content count too: one after them may have some.
            height += repeat
            width = max(width, row_width)
            if row_width and (height > MAX_ROWS or height * width > MAX_AREA):
                raise UnreadableInput(f"{name}: a sheet of {height} rows and {width} columns; save it as CSV")
        elif not closing:
            cells += _repeat(attributes)
            if b"office:" in attributes or not attributes.endswith(b"/"):
                row_width = cells


def _repeat(attributes: bytes) -> int:
    return _count(_REPEATED, attributes)


def _count(pattern: re.Pattern[bytes], attributes: bytes) -> int:
    found = pattern.search(attributes)
    return max(1, int(found[1])) if found else 1
