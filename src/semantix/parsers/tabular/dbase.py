"""dBASE tables held in memory: III, IV, 5, FoxPro. Memos, which are in another file, are not read."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from itertools import pairwise

from msgspec import Struct

from semantix.errors import UnreadableInput

_HEADER = 32
_END = 0x0D
_DELETED = 0x2A
_VERSIONS = frozenset(
    {0x02, 0x03, 0x04, 0x05, 0x30, 0x31, 0x32, 0x43, 0x63, 0x7B, 0x83, 0x8B, 0x8C, 0xCB, 0xE5, 0xF5, 0xFB}
)
_LANGUAGES = {
    0x01: "cp437", 0x02: "cp850", 0x03: "cp1252", 0x04: "mac-roman", 0x0D: "cp437", 0x0E: "cp850", 0x57: "cp1252",
    0x58: "cp1252", 0x59: "cp1252", 0x64: "cp852", 0x6C: "cp863", 0xC8: "cp1250",
}  # fmt: skip
"""The mark of the language driver, where it is written."""


class Field(Struct, frozen=True):
    """One column: its name as written, its type (``C``, ``N``, ``D``, ``L``, ``M``...), its width."""

    name: str
    type: str
    width: int


class Table(Struct, frozen=True):
    """What the header says. ``count`` are the records announced, ``present`` those that are there."""

    fields: tuple[Field, ...]
    count: int
    present: int
    start: int
    width: int
    encoding: str | None


def is_dbase(head: bytes) -> bool:
    """Say whether these first bytes are those of a dBASE table."""
    if len(head) < _HEADER + 1 or head[0] not in _VERSIONS:
        return False
    size, width = struct.unpack_from("<HH", head, 8)
    return bool(size > _HEADER and width > 1 and 1 <= head[2] <= 12 and 1 <= head[3] <= 31)


def fields_of(head: bytes) -> tuple[Field, ...]:
    """The columns that a header describes."""
    found = []
    at = _HEADER
    while at + _HEADER <= len(head) and head[at] != _END:
        name = head[at : at + 11].split(b"\0")[0].decode("ascii", "replace").strip()
        found.append(Field(name, chr(head[at + 11]), head[at + 16]))
        at += _HEADER
    return tuple(found)


def describe(content: bytes, name: str) -> Table:
    """Read the header. Raises UnreadableInput where the content is not a table, or where its columns do not fit."""
    if not is_dbase(content[: _HEADER + 1]):
        raise UnreadableInput(f"{name}: not a dBASE table")
    count, size, width = struct.unpack_from("<IHH", content, 4)
    fields = fields_of(content[:size])
    found = 1 + sum(each.width for each in fields)
    if not fields or found != width:
        raise UnreadableInput(f"{name}: its columns make {found} bytes, its header {width}")
    present = min(count, max(0, len(content) - size) // width)
    return Table(fields, count, present, size, width, _LANGUAGES.get(content[29]))


def records(content: bytes, table: Table) -> Iterator[tuple[bool, list[bytes]]]:
    """Give whether each record is deleted, and its cells, blanks included."""
    ends = [1]
    for each in table.fields:
        ends.append(ends[-1] + each.width)
    slices = [slice(*pair) for pair in pairwise(ends)]
    for number in range(table.present):
        start = table.start + number * table.width
        record = content[start : start + table.width]
        yield record[0] == _DELETED, [record[one] for one in slices]
