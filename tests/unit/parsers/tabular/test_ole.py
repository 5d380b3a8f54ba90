"""Old workbooks that are damaged or made to harm are refused before the library allocates what they say."""

import io
import struct
from collections.abc import Callable

import pytest
import xlwt
from hypothesis import given
from hypothesis import strategies as st

from semantix.errors import UnreadableInput
from semantix.parsers.tabular.ole import fault_of
from semantix.parsers.tabular.workbook import MAX_AREA, read_workbook


def book_of(rows: int = 3, last: int = 3) -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("A")
    for row in range(rows):
        sheet.write(row, 0, f"é{row}")
        sheet.write(row, last, row * 1.5)
        sheet.write(row, last + 1, row)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


SMALL = book_of()
FAT = 512 * (1 + struct.unpack_from("<I", SMALL, 76)[0])


def put(at: int, value: int, layout: str = "<I") -> Callable[[bytes], bytes]:
    def change(data: bytes) -> bytes:
        held = bytearray(data)
        struct.pack_into(layout, held, at, value)
        return bytes(held)

    return change


def both(*changes: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    def change(data: bytes) -> bytes:
        for each in changes:
            data = each(data)
        return data

    return change


DIRECTORY = 512 * (1 + struct.unpack_from("<I", SMALL, 48)[0])
STREAM = DIRECTORY + 128
"""The entry of the stream that holds the workbook: its first sector at 116, its size at 120."""


def record(kind: int, at: int, value: int, layout: str = "<H") -> Callable[[bytes], bytes]:
    """Change a field of the first record of a kind; the stream of a workbook of xlwt begins in the second sector."""

    def change(data: bytes) -> bytes:
        place = 512
        while struct.unpack_from("<H", data, place)[0] != kind:
            place += 4 + struct.unpack_from("<H", data, place + 2)[0]
        return put(place + 4 + at, value, layout)(data)

    return change


@pytest.mark.parametrize("data", [SMALL, book_of(300), book_of(1, 250), book_of(3_000)])
def test_what_software_writes_is_read(data: bytes) -> None:
    assert fault_of(data, MAX_AREA) == ""
    assert read_workbook(data, "a.xls")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda data: data[:300], "its header is cut"),
        (put(30, 20, "<H"), "sectors of an unknown size"),
        (put(44, 0x7FFFFFFF), "more sectors are announced"),
        (put(40, 0x7FFFFFFF), "more sectors are announced"),
        (put(68, 0), "go round in a circle|beyond the end|announced"),
        (put(76, 0x00FFFFFF), "beyond the end of the file"),
        (put(FAT, 0), "go round in a circle"),
        (put(FAT + 8, 1), "go round in a circle"),
        (put(FAT, 0x00FFFFFF), "leaves the file"),
        (put(48, 0x00FFFFFF), "leaves the file"),
        (put(STREAM + 120, 0x7FFFFFFF), "longer than the file"),
        (put(STREAM + 120, 100), "leaves the file"),
        (both(put(68, 0), put(512 + 508, 0)), "go round in a circle"),
        (both(*[put(76 + 4 * rank, 0) for rank in range(109)]), "more sectors are announced"),
        (record(0x00FC, 4, 0x7FFFFFFF, "<I"), "more strings are announced"),
        (record(0x0200, 4, 0x7FFFFFFF, "<I"), "announces too many rows"),
        (record(0x00FD, 0, 65_535), "a sheet of 65536 rows"),
        (record(0x00FD, 2, 65_535), "a sheet of"),
    ],
)
def test_what_would_harm_is_refused(change: Callable[[bytes], bytes], said: str) -> None:
    damaged = change(book_of(60, 40) if "sheet of" in said else SMALL)
    with pytest.raises(UnreadableInput, match=said):
        read_workbook(damaged, "a.xls")


def test_a_short_workbook_stands_in_the_small_sectors() -> None:
    """The second sector of the file holds the table of small sectors, one of which is all of the workbook."""
    small = struct.pack("<128I", 0xFFFFFFFE, *[0xFFFFFFFF] * 127)
    sheet = struct.pack("<HHIBB", 0x0085, 6, 14, 0, 0) + struct.pack("<HH", 0x000A, 0)
    cells = struct.pack("<HHHHHHHHH", 0x00BD, 12, 65_535, 65_530, 0, 0, 0, 65_535, 0)
    held = SMALL[: 512 + 512] + bytes(len(SMALL) - 1024)
    table, directory = struct.unpack_from("<I", SMALL, 76)[0], struct.unpack_from("<I", SMALL, 48)[0]
    held = both(
        put(60, 1), put(64, 1), put(512 * (table + 1), 0xFFFFFFFE), put(512 * (table + 1) + 4, 0xFFFFFFFE),
        put(512 * (table + 1) + 4 * directory, 0xFFFFFFFE), put(DIRECTORY + 116, 0), put(DIRECTORY + 120, 64),
        put(STREAM + 116, 0), put(STREAM + 120, 64),
    )(held[:DIRECTORY] + SMALL[DIRECTORY : DIRECTORY + 512] + held[DIRECTORY + 512 :])  # fmt: skip
    held = held[:512] + (sheet + cells).ljust(512, b"\0") + small + held[1536:]
    assert fault_of(held, MAX_AREA) == "a sheet of 65536 rows and 65536 columns, too large"


@given(st.lists(st.tuples(st.integers(0, len(SMALL) - 1), st.integers(0, 255)), max_size=12))
def test_no_damage_is_more_than_unreadable(changes: list[tuple[int, int]]) -> None:
    held = bytearray(SMALL)
    for at, value in changes:
        held[at] = value
    try:
        grids = read_workbook(bytes(held), "a.xls")
    except UnreadableInput:
        return
    assert sum(len(list(grid.rows)) for grid in grids) < 70_000
