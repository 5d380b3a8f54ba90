"""Workbooks: cells as a person reads them, and what is too large before it is held."""

import datetime as dt
import io
import zipfile

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from semantix.errors import UnreadableInput
from semantix.parsers.tabular import workbook
from semantix.parsers.tabular.workbook import is_workbook, read_workbook, text_of


def made(*rows: list[object]) -> bytes:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    for row in rows:
        page.append(row)
    book.create_sheet("Vide")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_workbook_gives_every_row_of_every_sheet() -> None:
    data = made(["titre"], [], ["no", 12, 1.5, dt.datetime(2020, 1, 2), True, '="x"'])  # noqa: DTZ001
    first, second = read_workbook(data, "x.xlsx")
    assert [row.cells[:6] for row in first.rows] == [
        ["titre", "", "", "", ""],
        [""] * 5,
        ["no", "12", "1.5", "2020-01-02", "true"],
    ]
    assert (second.name, list(second.rows)) == ("Vide", [])
    assert is_workbook(data)
    assert not is_workbook(b"PK\x03\x04 other")
    assert is_workbook(b"\xd0\xcf\x11\xe0")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (12.0, "12"),
        (0.1, "0.1"),
        (1e20, "1e+20"),
        (True, "true"),
        (False, "false"),
        (dt.date(2020, 1, 2), "2020-01-02"),
        (dt.datetime(2020, 1, 2, 3, 4, 5), "2020-01-02T03:04:05"),  # noqa: DTZ001
        (dt.time(3, 4), "03:04:00"),
        (7, "7"),
        (dt.timedelta(hours=1), "1:00:00"),
    ],
)
def test_a_cell_is_a_text(value: object, text: str) -> None:
    assert text_of(value) == text


def changed(data: bytes, name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for part in source.namelist():
            target.writestr(part, content if part == name else source.read(part))
    return out.getvalue()


def test_a_cell_in_the_far_corner_is_refused_before_the_sheet_is_held() -> None:
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        b'<sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>'
        b"1</v></c></row></sheetData></worksheet>"
    )
    with pytest.raises(UnreadableInput, match="a sheet of 1048576 rows and 16384 columns"):
        read_workbook(changed(made([1]), "xl/worksheets/sheet1.xml", sheet), "x.xlsx")


def test_a_part_that_is_too_large_once_unpacked_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MAX_UNPACKED", 1_000)
    with pytest.raises(UnreadableInput, match="once unpacked"):
        read_workbook(made([1]), "x.xlsx")


def test_a_sheet_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MAX_ROWS", 1)
    with pytest.raises(UnreadableInput, match="a sheet of 3 rows"):
        read_workbook(made([1], [2], [3]), "x.xlsx")


@pytest.mark.parametrize(
    "data", [b"", b"PK\x03\x04", b"PK\x03\x04" + b"x" * 100, b"\xd0\xcf\x11\xe0" + b"\0" * 600, made([1])[:-40]]
)
def test_what_is_no_workbook_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableInput, match=r"not readable as a workbook|a damaged workbook"):
        read_workbook(data, "x.xlsx")


class Panic(BaseException):
    """Stands for a fault inside the library."""


def test_a_fault_inside_the_library_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: object) -> None:
        raise type("PanicException", (BaseException,), {})

    monkeypatch.setattr(workbook, "CalamineWorkbook", type("Book", (), {"from_filelike": staticmethod(fail)}))
    with pytest.raises(UnreadableInput, match="a damaged workbook"):
        read_workbook(b"a workbook", "x.xls")

    def stop(_: object) -> None:
        raise Panic

    monkeypatch.setattr(workbook, "CalamineWorkbook", type("Book", (), {"from_filelike": staticmethod(stop)}))
    with pytest.raises(Panic):
        read_workbook(b"a workbook", "x.xls")


@given(st.integers(0, 4000), st.binary(max_size=30))
def test_a_damaged_workbook_is_read_or_refused(at: int, noise: bytes) -> None:
    data = bytearray(made([1, "x"]))
    data[at : at + len(noise)] = noise
    try:
        for sheet in read_workbook(bytes(data), "x.xlsx"):
            list(sheet.rows)
    except UnreadableInput:
        pass


@pytest.mark.parametrize(
    "far",
    [
        "<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>",
        '<row r = "1048576"><c r = "XFD1048576"><v>1</v></c></row>',
        "<row r='1048576'>" + "<c/>" * 16_000 + "<c><v>1</v></c></row>",
        "<row r='1048576'><c r='xfd1048576'><v>1</v></c></row>",
    ],
    ids=["single quotes", "blanks", "cells without a place", "small letters"],
)
def test_a_far_cell_is_refused_however_its_place_is_written(far: str) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Nom"])
    plain, made = io.BytesIO(), io.BytesIO()
    book.save(plain)
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    near = "<row r='1'><c r='A1'><v>1</v></c></row>"
    sheet = f'<worksheet xmlns="{space}"><sheetData>{near}{far}</sheetData></worksheet>'
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as out:
        for part in source.infolist():
            is_sheet = part.filename == "xl/worksheets/sheet1.xml"
            out.writestr(part.filename, sheet if is_sheet else source.read(part))
    with pytest.raises(UnreadableInput, match="save it"):
        read_workbook(made.getvalue(), "far.xlsx")
