"""Old workbooks (.xls) looked at before the library opens them, which would follow and allocate whatever they say.

Chains of sectors must end, streams be no longer than the file, cells stand in a grid that can be held.
Sources: [MS-CFB] 2.2-2.6 (header, sector chains, directory); [MS-XLS] 2.4 (records of cells, sheets and strings).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence

from msgspec import Struct

_RESERVED = 0xFFFFFFFA
"""Sector numbers from here on are marks and no sectors."""
_HEADER = 512
_ENTRY = 128
_MINI, _MINI_CUTOFF = 64, 4_096
_BOUND_SHEET, _STRINGS, _END, _MANY_NUMBERS, _DIMENSIONS = 0x0085, 0x00FC, 0x000A, 0x00BD, 0x0200
_CELLS = frozenset({0x0003, 0x0004, 0x0006, 0x00BD, 0x00D6, 0x00FD, 0x0203, 0x0204, 0x0205, 0x027E, 0x0406, 0x0206})
_MAX_RECORDS = 20_000_000
_SPARSE, _PER_CELL = 2_000_000, 100
"""A grid larger than this has a cell written for each hundred places at least."""


class _Damaged(Exception):
    """What is wrong with the file."""


class _Entry(Struct, frozen=True):
    """A stream of the directory: its name in small letters, its first sector, its bytes."""

    name: str
    start: int
    size: int


def fault_of(data: bytes, area: int) -> str:
    """Why a file cannot be opened safely; empty when it can. ``area`` is how many cells a sheet may span."""
    try:
        _Compound(data).check(area)
    except _Damaged as why:
        return str(why)
    return ""


class _Compound:
    """An OLE compound file."""

    def __init__(self, data: bytes) -> None:
        if len(data) < _HEADER:
            raise _Damaged("its header is cut")
        self.data = data
        version, _, shift = struct.unpack_from("<HHH", data, 26)
        if shift not in {9, 12}:
            raise _Damaged("sectors of an unknown size")
        self.size = 1 << shift
        self.is_long = version >= 4
        self.count = len(data) // self.size + 1
        announced = struct.unpack_from("<II", data, 40) + struct.unpack_from("<I", data, 64)
        if max(announced) > self.count:
            raise _Damaged("more sectors are announced than there are")
        self.table = self._table()
        _refuse_circles(self.table)

    def check(self, area: int) -> None:
        """Look at the directory, at the small sectors and at the records of the workbook."""
        directory = self._chain(struct.unpack_from("<I", self.data, 48)[0])
        entries = list(_entries(directory, is_long=self.is_long))
        if any(entry.size > len(self.data) for entry in entries):
            raise _Damaged("a stream that is longer than the file")
        small = _words(self._chain(struct.unpack_from("<I", self.data, 60)[0]))
        _refuse_circles(small)
        for entry in entries:
            if entry.name in {"workbook", "book"}:
                _refuse_records(self._stream(entry, entries[0], small), area)

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self.size
        if start >= len(self.data):
            raise _Damaged("a sector beyond the end of the file")
        return self.data[start : start + self.size]

    def _table(self) -> Sequence[int]:
        """The table that says which sector follows which."""
        places = list(struct.unpack_from("<109I", self.data, 76))
        following = struct.unpack_from("<I", self.data, 68)[0]
        seen = 0
        while following < _RESERVED:
            seen += 1
            if seen > self.count:
                raise _Damaged("sectors that go round in a circle")
            words = _words(self._sector(following))
            places += words[:-1]
            following = words[-1] if words else _RESERVED
        used = [place for place in places if place < _RESERVED]
        if len(used) > self.count:
            raise _Damaged("more sectors are announced than there are")
        return [word for place in used for word in _words(self._sector(place))]

    def _chain(self, start: int) -> bytes:
        return b"".join(self._sector(number) for number in _follow(start, self.table))

    def _stream(self, entry: _Entry, root: _Entry, small: Sequence[int]) -> bytes:
        if entry.size >= _MINI_CUTOFF:
            return self._chain(entry.start)[: entry.size]
        held = self._chain(root.start)
        parts = [held[number * _MINI : (number + 1) * _MINI] for number in _follow(entry.start, small)]
        return b"".join(parts)[: entry.size]


def _words(data: bytes) -> Sequence[int]:
    return struct.unpack_from(f"<{len(data) // 4}I", data)


def _follow(start: int, table: Sequence[int]) -> Iterator[int]:
    """The sectors of a chain, which is known to end."""
    while start < _RESERVED:
        if start >= len(table):
            raise _Damaged("a chain of sectors that leaves the file")
        yield start
        start = table[start]


def _refuse_circles(table: Sequence[int]) -> None:
    """Refuse a table in which some chain comes back to itself."""
    known = bytearray(len(table))
    for first in range(len(table)):
        at, walked = first, []
        while at < len(table) and not known[at]:
            known[at] = 1
            walked.append(at)
            at = table[at]
        if at < len(table) and known[at] == 1:
            raise _Damaged("sectors that go round in a circle")
        for each in walked:
            known[each] = 2


def _entries(directory: bytes, *, is_long: bool) -> Iterator[_Entry]:
    for at in range(0, len(directory) - _ENTRY + 1, _ENTRY):
        letters = min(64, int.from_bytes(directory[at + 64 : at + 66], "little"))
        name = directory[at : at + letters].decode("utf-16-le", "replace").rstrip("\0").lower()
        start = int.from_bytes(directory[at + 116 : at + 120], "little")
        yield _Entry(name, start, int.from_bytes(directory[at + 120 : at + (128 if is_long else 124)], "little"))


def _refuse_records(stream: bytes, area: int) -> None:
    """Walk the records as a reader does: those of the workbook, then those of each sheet from where it begins."""
    walked = 0
    sheets: list[int] = []
    for kind, body, length in _records(stream, 0):
        walked += 1
        if kind == _BOUND_SHEET and length >= 4:
            sheets.append(int.from_bytes(stream[body : body + 4], "little"))
        elif kind == _STRINGS and length >= 8 and int.from_bytes(stream[body + 4 : body + 8], "little") > len(stream):
            raise _Damaged("more strings are announced than there can be")
    for sheet in sheets:
        walked += _refuse_grid(stream, sheet, area)
        if walked > _MAX_RECORDS:
            raise _Damaged("too many records")


def _refuse_grid(stream: bytes, at: int, area: int) -> int:
    """Refuse a sheet whose grid is too large, or far larger than its cells; tell how many records it has."""
    height = width = cells = walked = 0
    for kind, body, length in _records(stream, at):
        walked += 1
        if kind == _DIMENSIONS and _announced(stream[body : body + length]) > area:
            raise _Damaged("a sheet that announces too many rows and columns")
        if kind in _CELLS and length >= 6:
            row, column = struct.unpack_from("<HH", stream, body)
            if kind == _MANY_NUMBERS:
                column = max(column, int.from_bytes(stream[body + length - 2 : body + length], "little"))
                cells += length // 6
            cells += 1
            height, width = max(height, row + 1), max(width, column + 1)
    if height * width > min(area, max(_SPARSE, _PER_CELL * cells)):
        raise _Damaged(f"a sheet of {height} rows and {width} columns, too large")
    return walked


def _announced(record: bytes) -> int:
    """How many cells a sheet says that it spans; the last row and column come before the first where it is damaged."""
    if len(record) not in {10, 14}:
        return 0
    top, bottom, left, right = struct.unpack_from("<HHHH" if len(record) == 10 else "<IIHH", record)
    return ((bottom - top) % 2**32) * ((right - left) % 2**32) if bottom and right else 1


def _records(stream: bytes, at: int) -> Iterator[tuple[int, int, int]]:
    """The kind, the place and the length of each record, up to the end of its part."""
    end = len(stream)
    while at + 4 <= end:
        kind, length = struct.unpack_from("<HH", stream, at)
        at += 4
        if kind == _END or at + length > end:
            return
        yield kind, at, length
        at += length
