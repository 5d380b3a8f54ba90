"""Small dBASE tables, written by hand."""

import struct
from collections.abc import Mapping


def dbase(
    columns: Mapping[str, tuple[str, int]],
    *rows: tuple[str, ...],
    deleted: tuple[int, ...] = (),
    encoding: str = "cp850",
    language: int = 0x02,
) -> bytes:
    """A table of columns (type and width by name) and rows; ``deleted`` are ranks of rows."""
    width = 1 + sum(size for _, size in columns.values())
    size = 32 + 32 * len(columns) + 1
    head = struct.pack("<BBBBIHH", 0x03, 120, 1, 2, len(rows), size, width) + bytes(17) + bytes([language]) + bytes(2)
    for name, (kind, length) in columns.items():
        head += name.encode().ljust(11, b"\0") + kind.encode() + bytes(4) + bytes([length, 0]) + bytes(14)
    body = b""
    for rank, row in enumerate(rows):
        cells = zip(row, columns.values(), strict=True)
        body += b"*" if rank in deleted else b" "
        body += b"".join(cell.encode(encoding).ljust(length)[:length] for cell, (_, length) in cells)
    return head + b"\r" + body + b"\x1a"
