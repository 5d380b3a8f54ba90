"""Cells of the text tables that people open in spreadsheets: decoded, made harmless, and packed where one holds many.

A cell whose first sign is one of ``= + - @`` (their full-width forms too) would be computed by a spreadsheet: an
apostrophe is put before it and taken off on reading. A number such as ``-1`` stays a number. Nothing else changes,
unlike with ``terminology.candidates.safe_cell``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from semantix.text.decoding import decode

DELIMITERS = ",;\t"
"""What parts the cells of a line: as programs write it, as a French spreadsheet does, as a paste from one does."""

_COMPUTED = re.compile(r"['\s]*(?![+-][0-9]+(?:[.,][0-9]+)?\Z)[=+\-@＝＋－＠]")
_PACKED = re.compile(r"[%~|\\\",\r\n]")
_ESCAPED = re.compile(r"%([0-9A-F]{2})")
_ENCODINGS = ("utf-8", "cp1252")


def guard(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet would compute; :func:`plain` takes it off."""
    return f"'{text}" if text and _COMPUTED.match(text) else text


def plain(cell: str) -> str:
    """Take off the apostrophe that :func:`guard` put."""
    return cell[1:] if cell.startswith("'") and _COMPUTED.match(cell) else cell


def decoded(data: bytes) -> str:
    """The text of a table: UTF-8, with or without a byte order mark, else cp1252; each line end is one line feed."""
    text = decode(data, _ENCODINGS, repair=False).text.removeprefix("\ufeff")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def delimiter_of(header: str, known: Iterable[str]) -> str:
    """The delimiter that gives most of the known columns in the first line; a comma when none gives any."""
    wanted = {name.casefold() for name in known}

    def found(delimiter: str) -> int:
        return sum(cell.strip(' "').casefold() in wanted for cell in header.split(delimiter))

    return max(DELIMITERS, key=found)


def pack(records: Iterable[Iterable[str]]) -> str:
    """Write records of texts as one cell without a quote, a backslash, a comma or a line end; empty ends are left out.

    ``a~b|c`` are two records; the signs that part them, and those that tables quote, are written ``%7E``.
    """
    return "|".join("~".join(_PACKED.sub(_escape, each) for each in record).rstrip("~") for record in records)


def unpack(cell: str) -> list[list[str]]:
    """Read what :func:`pack` wrote."""
    if not cell:
        return []
    return [[_ESCAPED.sub(_unescape, each) for each in record.split("~")] for record in cell.split("|")]


def _escape(found: re.Match[str]) -> str:
    return f"%{ord(found[0]):02X}"


def _unescape(found: re.Match[str]) -> str:
    return chr(int(found[1], 16))
