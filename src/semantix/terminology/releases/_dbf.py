"""dBASE III tables held in memory: CNAM publishes them in archives, which are never extracted to disk."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from semantix.terminology.releases._importer import Refused
from semantix.terminology.releases._tabular import base

_HEADER = 32
_END = 0x0D
_DELETED = b"*"
_VERSIONS = frozenset({0x02, 0x03, 0x30, 0x83, 0x8B, 0xF5})


def is_dbf(head: bytes) -> bool:
    """Say whether these first bytes are those of a dBASE table."""
    if len(head) < _HEADER + 1 or head[0] not in _VERSIONS:
        return False
    size, width = struct.unpack_from("<HH", head, 8)
    return bool(size > _HEADER and width > 1 and 1 <= head[2] <= 12 and 1 <= head[3] <= 31)


def fields(head: bytes) -> tuple[tuple[str, int], ...]:
    """Return the names of the columns, in lower case, with their widths."""
    found = []
    at = _HEADER
    while at + _HEADER <= len(head) and head[at] != _END:
        name = head[at : at + 11].split(b"\0")[0].decode("ascii", "replace").strip().lower()
        found.append((name, head[at + 16]))
        at += _HEADER
    return tuple(found)


def rows(content: bytes, name: str, encoding: str = "cp850") -> Iterator[dict[str, str]]:
    """Give the records that are not deleted, blanks included: the long labels of CCAM are cut anywhere.

    Raises Refused where the content is not a table, or is shorter than its header says.
    """
    if not is_dbf(content[: _HEADER + 1]):
        raise Refused(f"{base(name)}: not a dBASE table")
    count, size, width = struct.unpack_from("<IHH", content, 4)
    columns = fields(content[:size])
    if not columns or 1 + sum(each for _, each in columns) != width:
        raise Refused(
            f"{base(name)}: its columns make {1 + sum(each for _, each in columns)} bytes, its header {width}"
        )
    if len(content) < size + count * width:
        raise Refused(f"{base(name)}: found {(len(content) - size) // width} records, its header says {count}")
    for number in range(count):
        record = content[size + number * width : size + (number + 1) * width]
        if record[:1] == _DELETED:
            continue
        row = {}
        at = 1
        for column, length in columns:
            row[column] = record[at : at + length].decode(encoding).rstrip("\0")
            at += length
        yield row
