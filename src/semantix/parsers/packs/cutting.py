"""Cutting delimited files: at the end of a row, between two documents, some hundred kilobytes at a time."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import BinaryIO

from semantix.errors import UnreadableInput
from semantix.parsers._claims import HEAD, Cut, Input
from semantix.parsers.packs.gathering import group_key
from semantix.parsers.packs.layout import WIDE, Layout, layout_of, shape_of
from semantix.parsers.packs.plans import TablePlan
from semantix.parsers.packs.sessions import Session, is_blank
from semantix.parsers.packs.sources import MAX_TEXT
from semantix.parsers.tabular.delimited import count_lines, fixed_rows, read_rows, row_boundary, split_lines
from semantix.parsers.tabular.rows import Grid, Row

BLOCK = 512 * 1024
LARGEST = 16 * BLOCK
"""A document larger than this is cut between two rows."""
_TEXT = frozenset({"delimited", "fixed-width"})


def cut_file(source: Input, table: TablePlan, block: int = BLOCK) -> Iterator[Cut]:
    """The cuts of a file in order; a file that is no text, or that is looked up in itself, is one cut."""
    file = table.file
    if file.kind not in _TEXT or any(join.to == table.name for join in table.joins):
        yield Cut(_whole(source))
        return
    head = source.head(HEAD)
    if not head:
        yield Cut(b"")
        return
    layout = layout_of(head, file)
    with source.open() as stream:
        yield from _Cutter(table, layout, block).cuts(_utf8(stream, layout, block))


def _whole(source: Input) -> bytes:
    """All of a file that is read at once: a database may be larger than a document."""
    with source.open() as stream:
        data = stream.read(MAX_TEXT + 1)
    if len(data) > MAX_TEXT:
        raise UnreadableInput(f"{source.name}: more than {MAX_TEXT // 1_000_000} MB, which is read at once; divide it")
    return data


def _utf8(stream: BinaryIO, layout: Layout, block: int) -> Iterator[bytes]:
    """Blocks of a file; UTF-16, in which line ends are not single bytes, becomes UTF-8 on the way."""
    if layout.encoding not in WIDE:
        while chunk := stream.read(block):
            yield chunk
        return
    decoder = codecs.getincrementaldecoder(layout.encoding)("replace")
    while chunk := stream.read(block):
        yield decoder.decode(chunk).encode("utf-8", "replace")
    yield decoder.decode(b"", final=True).encode("utf-8", "replace")


class _Cutter:
    def __init__(self, table: TablePlan, layout: Layout, block: int) -> None:
        self.table = table
        self.file = table.file
        self.shape = shape_of(table.file)
        self.block = block
        encoding = "utf-8" if layout.encoding in WIDE else layout.encoding
        self.layout = Layout(encoding, layout.header, layout.skip, layout.footer)
        self.codec = {"iso646-fr": "ascii"}.get(encoding, encoding)
        self.session = Session(table, Grid("", (), layout.header, "line"), "", lambda _name, _rank: None)

    def cuts(self, chunks: Iterator[bytes]) -> Iterator[Cut]:
        held, line, is_first = b"", 1, True
        for chunk in chunks:
            held += chunk
            while len(held) >= self.block:
                end = self._end(held, is_first=is_first)
                if not end:
                    break
                yield self._cut(held[:end], line, is_first=is_first, is_last=False)
                line += count_lines(held[:end], self.shape.line_ends)
                held, is_first = held[end:], False
        if held or is_first:
            yield self._cut(held, line, is_first=is_first, is_last=True)

    def _cut(self, data: bytes, line: int, *, is_first: bool, is_last: bool) -> Cut:
        layout = self.layout
        skip, footer = (layout.skip if is_first else 0), (layout.footer if is_last else 0)
        return Cut(data, line, Layout(layout.encoding, layout.header, skip, footer).context())

    def _end(self, held: bytes, *, is_first: bool) -> int:
        """Where to cut: the last end of a row after which another document begins; 0 to wait for more."""
        ends = row_boundary(held, self.shape, self._decode)
        # The last row may go on; a CR may be the first half of a line end; rows at the end may be the footer.
        ends = [end for end in ends[: -1 - self.layout.footer] if end < len(held)]
        lowest = self.layout.skip if is_first else 0
        for index in range(len(ends) - 1, lowest, -1):
            if ends[index] < len(held) - 2 * self.block:
                break  # looked at before, when these were the last rows
            if self._begins_anew(held, ends, index):
                return ends[index - 1]
        if len(held) < LARGEST:
            return 0
        if not ends and len(held) > MAX_TEXT:
            size = len(held) // 1_000_000
            raise UnreadableInput(f"one row of more than {size} MB; the separator or the line ends are not the pack's")
        return ends[-1] if ends else 0

    def _decode(self, data: bytes) -> str:
        return data.decode(self.codec, "replace")

    def _begins_anew(self, held: bytes, ends: list[int], index: int) -> bool:
        """True when the row that ends at ``index`` is of another document than the one before it."""
        row = self._row(held[ends[index - 1] : ends[index]])
        if row is None:
            return False
        if self.table.carries:
            entry = self.session.entry(row)
            kind = self.table.kind_of(entry)
            return kind >= 0 and bool(self.table.kinds[kind].carry)
        if self.table.person is None or self.table.gather.by == "row":
            return True
        before = self._row(held[ends[index - 2] if index > 1 else 0 : ends[index - 1]])
        return before is not None and self._key(row) != self._key(before)

    def _key(self, row: Row) -> object:
        entry = self.session.entry(row)
        if self.table.kinds:
            entry.kind = self.table.kind_of(entry)
            if entry.kind >= 0:
                self.session.add_own(entry)
        return group_key(self.table, entry)

    def _row(self, data: bytes) -> Row | None:
        lines = split_lines(self._decode(data), self.shape.line_ends)
        if not lines:
            return None
        if self.file.kind == "fixed-width":
            columns = self.file.columns.values()
            fields = [(column.at - 1 if isinstance(column.at, int) else 0, column.width or 1) for column in columns]
            row = next(fixed_rows(lines, fields))
        else:
            row = next(read_rows(lines, self.shape))
        return None if is_blank(row.cells) else row
