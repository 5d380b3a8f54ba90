"""From a file to its tables of rows, whatever its physical kind; text is streamed, the other kinds are read whole."""

from __future__ import annotations

import codecs
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import AnyStr

from msgspec import Struct

from semantix.errors import UnreadableInput
from semantix.parsers._claims import Input
from semantix.parsers.tabular import dbase, sql
from semantix.parsers.tabular.delimited import Shape, fixed_rows, read_rows, split_lines
from semantix.parsers.tabular.workbook import is_workbook, read_workbook
from semantix.profiling.figures import Dialect, Encoding, Remark
from semantix.profiling.opened import Opened
from semantix.profiling.sniffing import HEADER_LOOKED, divide, header_row, line_ends
from semantix.profiling.trees import json_tables, xml_tables
from semantix.text.decoding import Decoded, decode

HEAD = 1_000_000
"""Bytes in which the encoding, the separator and the header are looked for."""
_CHUNK = 4_000_000
_LONGEST_LINE = 64_000_000
MAX_TABLES = 50
_ELSEWHERE = (
    (b"MSH|", "HL7 v2 messages"),
    (b"FHS|", "a batch of HL7 v2 messages"),
    (b"BHS|", "a batch of HL7 v2 messages"),
    (b"H|~^\\&", "HPRIM Santé"),
    (b"H|^~\\&", "HPRIM Santé"),
    (b"%PDF", "a PDF"),
    (b"{\\rtf", "a text in RTF"),
)


class Content(Struct, frozen=True, kw_only=True):
    """A file opened."""

    kind: str
    tables: Iterable[Opened]
    encoding: Encoding | None = None
    dialect: Dialect | None = None
    doubts: tuple[Remark, ...] = ()


def open_content(source: Input) -> Content:
    """Recognise the physical kind of a file and open its tables. Raises UnreadableInput for what holds no table."""
    head = source.head(HEAD)
    if not head.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        raise UnreadableInput(f"{source.name}: the file is empty, rows were expected")
    for mark, words in _ELSEWHERE:
        if head.lstrip(b"\xef\xbb\xbf \t\r\n\x0b").startswith(mark):
            raise UnreadableInput(f"{source.name}: this is {words}, rows of a table were expected; try `identify`")
    if b"****LAB****" in head:
        raise UnreadableInput(f"{source.name}: this is HPRIM Médecin, which `convert` reads as it is; try `identify`")
    if is_workbook(head):
        return Content(kind="workbook", tables=_sheets(source))
    if dbase.is_dbase(head):
        return _dbase(source)
    decoded = decode(head)
    text = decoded.text.lstrip("\ufeff \t\r\n")
    if text.startswith("<") and not text[:500].lower().startswith(("<form", "<html", "<!doctype html", "<table")):
        return Content(kind="xml", tables=xml_tables(source.read(), source.name))
    if text.startswith(("{", "[")):
        return Content(kind="json", tables=json_tables(source.read(), source.name))
    if sql.tables_in(decoded.text[:200_000]):
        return _dump(source)
    return _text(source, decoded, head)


def encoding_of(decoded: Decoded) -> Encoding:
    """What is told of an encoding."""
    damage = tuple((each.kind, each.count) for each in decoded.damage)
    return Encoding(decoded.encoding, round(decoded.confidence, 3), decoded.evidence, damage)


# --- text -----------------------------------------------------------------------------------------------------------


def _text(source: Input, decoded: Decoded, head: bytes) -> Content:
    ends = line_ends(decoded.text)
    lines = split_lines(decoded.text)
    if len(head) >= HEAD and len(lines) > 1:
        lines.pop()
    division = divide(lines, ends)
    shape, fields = division.shape, division.fields
    first = list(islice(_cells(lines, shape, fields), 2 * HEADER_LOOKED))
    header, reason = (0, Remark("no-header")) if fields else header_row(first)
    names = [cell.strip() for cell in first[header - 1]] if header else []
    stream = chain.from_iterable(_cells(part, shape, fields) for part in _line_groups(source, decoded.encoding))
    table = Opened(
        rows=islice(stream, header, None),
        names=names,
        at=[str(start + 1) for start, _ in fields],
        widths=[width for _, width in fields],
        header=header,
        first=header + 1,
        reason=reason,
        sure=reason.key != "header-unsure",
    )
    kind = "fixed-width" if fields else "delimited"
    return Content(kind=kind, tables=(table,), encoding=encoding_of(decoded), dialect=division.dialect)


def _cells(lines: Sequence[str], shape: Shape | None, fields: Sequence[tuple[int, int]]) -> Iterator[list[str]]:
    if fields:
        return (row.cells for row in fixed_rows(lines, fields))
    return (row.cells for row in read_rows(lines, shape or Shape()))


def _line_groups(source: Input, encoding: str) -> Iterator[list[str]]:
    """The lines of a text, some megabytes at a time."""
    for text in _texts(source, encoding):
        yield split_lines(text)


def _texts(source: Input, encoding: str) -> Iterator[str]:
    """The text of a stream, cut at line ends."""
    is_wide = encoding.startswith("utf-16")
    wide = codecs.getincrementaldecoder(encoding if is_wide else "utf-8")("replace")
    left, held = b"", ""
    with source.open() as stream:
        while chunk := stream.read(_CHUNK):
            if is_wide:
                held += wide.decode(chunk)
                cut = _last_end(held, "\n", "\r")
                if cut or len(held) > _LONGEST_LINE:
                    text, held = held[: cut or None], held[cut:] if cut else ""
                    yield text.lstrip("\ufeff")
                continue
            left += chunk
            cut = _last_end(left, b"\n", b"\r")
            if cut or len(left) > _LONGEST_LINE:
                data, left = left[: cut or None], left[cut:] if cut else b""
                yield _decoded(data, encoding)
    rest = held + wide.decode(b"", final=True) if is_wide else _decoded(left, encoding)
    if rest:
        yield rest.lstrip("\ufeff")


def _last_end(text: AnyStr, lf: AnyStr, cr: AnyStr) -> int:
    """Where the last whole line ends; a CR at the very end may be half of a CRLF."""
    return max(text.rfind(lf), text.rfind(cr, 0, len(text) - 1)) + 1


def _decoded(data: bytes, encoding: str) -> str:
    return decode(data, (encoding,), repair=False).text


# --- workbooks ------------------------------------------------------------------------------------------------------


def _sheets(source: Input) -> Iterator[Opened]:
    for grid in islice(read_workbook(source.read(), source.name), MAX_TABLES):
        rows = (row.cells for row in grid.rows)
        first = list(islice(rows, 2 * HEADER_LOOKED))
        if not any(cell.strip() for row in first for cell in row):
            continue
        header, reason = header_row(first)
        yield Opened(
            name=grid.name,
            source=grid.name,
            rows=islice(chain(first, rows), header, None),
            names=[cell.strip() for cell in first[header - 1]] if header else [],
            header=header,
            first=header + 1,
            reason=reason,
            sure=reason.key != "header-unsure",
        )


# --- dBASE and SQL --------------------------------------------------------------------------------------------------


def _dbase(source: Input) -> Content:
    content = source.read()
    table = dbase.describe(content, source.name)
    sample = b"\n".join(b"\t".join(cells) for _, cells in islice(dbase.records(content, table), 2_000))
    decoded = decode(sample, (table.encoding,) if table.encoding in {"cp850", "cp1252", "mac-roman"} else ())
    doubts = []
    if table.present < table.count:
        doubts.append(Remark("records-lost", {"count": str(table.count - table.present)}))
    rows = (
        _decoded(b"\x1f".join(cells), decoded.encoding).split("\x1f")
        for is_deleted, cells in dbase.records(content, table)
        if not is_deleted
    )
    names = [field.name for field in table.fields]
    opened = Opened(rows=rows, names=names, at=names, reason=Remark("names-in-file"))
    return Content(kind="dbase", tables=(opened,), encoding=encoding_of(decoded), doubts=tuple(doubts))


def _dump(source: Input) -> Content:
    decoded = decode(source.read())
    tables: dict[str, list[list[str]]] = {}
    names: dict[str, tuple[str, ...]] = {}
    broken = 0
    left_out: Counter[str] = Counter()
    for row in sql.read_inserts(decoded.text):
        if row.broken:
            broken += 1
        elif row.table in tables or len(tables) < MAX_TABLES:
            tables.setdefault(row.table, []).append(row.cells)
            names.setdefault(row.table, row.columns)
        else:
            left_out[row.table] += 1
    doubts = [Remark("rows-broken", {"count": str(broken)})] if broken else []
    if left_out:
        doubts.append(Remark("tables-left-out", {"count": str(len(left_out))}))
    opened = [
        Opened(name=name, source=name, rows=rows, names=names[name], at=names[name], reason=Remark("names-in-file"))
        for name, rows in tables.items()
    ]
    return Content(kind="sql-insert", tables=opened, encoding=encoding_of(decoded), doubts=tuple(doubts))
