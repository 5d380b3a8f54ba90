"""Delimited and fixed-width text: lines to rows, quotes that go over lines, and a stray quote that does not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Literal

from msgspec import Struct

from semantix.parsers.tabular.rows import MAX_CELLS, Row

LineEnds = Literal["any", "lf", "crlf", "cr"]
MAX_JOINED = 200
"""Lines that one quoted cell may go over; a quote that is not closed by then is a character like others."""
_BYTE_ENDS = re.compile(rb"\r\n|\r|\n")
_END_MARKS: dict[LineEnds, str] = {"lf": "\n", "crlf": "\r\n", "cr": "\r"}


class Shape(Struct, frozen=True):
    """How cells are separated and quoted. ``quote`` is empty when the software knows none."""

    separator: str = ";"
    quote: str = '"'
    escape: Literal["double", "backslash", "none"] = "double"
    line_ends: LineEnds = "any"


def split_lines(text: str, line_ends: LineEnds = "any") -> list[str]:
    """The lines of a text without their ends; the end of the last line makes no further line."""
    if not text:
        return []
    if line_ends == "any":
        if "\r" in text:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        lines = text.split("\n")
    else:
        lines = text.split(_END_MARKS[line_ends])
    if not lines[-1]:
        lines.pop()
    return lines


def count_lines(data: bytes, line_ends: LineEnds = "any") -> int:
    """How many lines these bytes have, counted without decoding them (UTF-16 excepted, which is decoded before)."""
    if not data:
        return 0
    if line_ends == "any":
        ends = data.count(b"\n") + data.count(b"\r") - data.count(b"\r\n")
        return ends + (data[-1:] not in b"\r\n")
    mark = _END_MARKS[line_ends].encode()
    return data.count(mark) + (not data.endswith(mark))


def line_starts(data: bytes, line_ends: LineEnds = "any") -> list[int]:
    """Where the lines of these bytes begin, and where the last one ends."""
    pattern = _BYTE_ENDS if line_ends == "any" else re.compile(re.escape(_END_MARKS[line_ends].encode()))
    found = [0, *(match.end() for match in pattern.finditer(data))]
    if found[-1] != len(data):
        found.append(len(data))
    return found


def read_rows(lines: Sequence[str], shape: Shape, first: int = 1) -> Iterator[Row]:
    """Rows of lines, whose first one has the number ``first``."""
    separator, quote = shape.separator, shape.quote
    if not quote:
        for number, line in enumerate(lines, first):
            yield _row(number, line.split(separator))
        return
    index, count = 0, len(lines)
    while index < count:
        line = lines[index]
        if quote not in line:
            yield _row(first + index, line.split(separator))
            index += 1
            continue
        used = joined(lines, index, shape)
        text = line if used == 1 else "\n".join(lines[index : index + used])
        yield _row(first + index, _cells(text, shape), used)
        index += used


def _row(number: int, cells: list[str], lines: int = 1) -> Row:
    if len(cells) > MAX_CELLS:
        return Row(number, [], lines, f"{len(cells)} cells, at most {MAX_CELLS} expected")
    return Row(number, cells, lines)


def joined(lines: Sequence[str], index: int, shape: Shape) -> int:
    """How many lines the row that begins at a line takes: one, unless a quoted cell goes over its end."""
    is_open = _is_open(lines[index], shape, within=False)
    if not is_open:
        return 1
    for used in range(1, min(MAX_JOINED, len(lines) - index)):
        is_open = _is_open(lines[index + used], shape, within=True)
        if not is_open:
            return used + 1
    return 1


def _is_open(line: str, shape: Shape, *, within: bool) -> bool:
    """True when a line ends inside a quoted cell, having begun ``within`` one or not."""
    quote, separator = shape.quote, shape.separator
    at = 0
    while True:
        if within:
            end = _closing(line, at, shape)
            if end < 0:
                return True
            within = False
            at = end + 1
        # A quote opens a cell only where a cell begins.
        if line.startswith(quote, at) and (at == 0 or line.startswith(separator, at - len(separator))):
            within, at = True, at + 1
            continue
        found = line.find(separator + quote, at)
        if found < 0:
            return False
        within, at = True, found + len(separator) + 1


def _closing(text: str, at: int, shape: Shape) -> int:
    """Where the quote that closes a cell stands, or -1."""
    quote = shape.quote
    while True:
        end = text.find(quote, at)
        if end < 0:
            return -1
        if shape.escape == "double" and text.startswith(quote, end + 1):
            at = end + 2
        elif shape.escape == "backslash" and _is_escaped(text, end):
            at = end + 1
        else:
            return end


def _is_escaped(text: str, at: int) -> bool:
    marks = 0
    while at - marks > 0 and text[at - marks - 1] == "\\":
        marks += 1
    return marks % 2 == 1


def _cells(text: str, shape: Shape) -> list[str]:
    """The cells of a row that holds quotes; a quote that is never closed stays in its cell."""
    quote, separator = shape.quote, shape.separator
    cells: list[str] = []
    at = 0
    while True:
        if text.startswith(quote, at):
            end = _closing(text, at + 1, shape)
            if end >= 0:
                value = _unescaped(text[at + 1 : end], shape)
                stop = text.find(separator, end + 1)
                # What stands after the closing quote belongs to the cell: nothing is lost.
                value += text[end + 1 : stop if stop >= 0 else len(text)]
                cells.append(value)
                if stop < 0:
                    return cells
                at = stop + len(separator)
                continue
        stop = text.find(separator, at)
        if stop < 0:
            cells.append(text[at:])
            return cells
        cells.append(text[at:stop])
        at = stop + len(separator)


def _unescaped(value: str, shape: Shape) -> str:
    if shape.escape == "double":
        return value.replace(shape.quote * 2, shape.quote)
    if shape.escape == "backslash":
        return re.sub(r"\\(.)", r"\1", value, flags=re.DOTALL)
    return value


def fixed_rows(lines: Sequence[str], fields: Sequence[tuple[int, int]], first: int = 1) -> Iterator[Row]:
    """Rows of fixed-width lines; ``fields`` are the first character (from 0) and the width of each column."""
    slices = [slice(start, start + width) for start, width in fields]
    for number, line in enumerate(lines, first):
        yield Row(number, [line[one] for one in slices] if line.strip() else [""])


def row_boundary(data: bytes, shape: Shape, decode: Callable[[bytes], str]) -> list[int]:
    """Where each row of these bytes ends, as far as can be told from them alone; the last one may go on after them."""
    starts = line_starts(data, shape.line_ends)
    quote = shape.quote.encode("utf-8") if shape.quote else b""
    if not quote or quote not in data:
        return starts[1:]
    lines = [decode(data[start:end]).rstrip("\r\n") for start, end in pairwise(starts)]
    ends: list[int] = []
    index = 0
    while index < len(lines):
        used = joined(lines, index, shape) if shape.quote in lines[index] else 1
        if used == 1 and len(lines) - index < MAX_JOINED and _is_open(lines[index], shape, within=False):
            # The quote may be closed by what comes after these bytes.
            break
        index += used
        ends.append(starts[index])
    return ends
