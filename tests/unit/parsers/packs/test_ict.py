"""ICT: workbooks whose data begin at row 7; days in words, values as formulas that are text."""

import datetime as dt
import io
from pathlib import Path

import pytest
import xlwt
from tests.practices import content, spreadsheets
from tests.unit.parsers.packs.runs import Run, claims_of, expected, people_of, read_back

DAY = xlwt.easyxf(num_format_str="DD/MM/YYYY")
Row = tuple[str | float | dt.date, ...]


def workbook(*rows: Row, first: int = 7) -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Feuil1")
    sheet.write(0, 0, "Examens")
    for place, cells in enumerate(rows, first - 1):
        for column, cell in enumerate(cells):
            sheet.write(place, column, cell, DAY if isinstance(cell, dt.date) else xlwt.Style.default_style)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def read(root: Path, *rows: Row) -> Run:
    folder = root / "cabinet"
    folder.mkdir()
    (folder / "ict.xls").write_bytes(workbook(*rows))
    return Run(folder)


def test_a_workbook_is_claimed_by_one_pack() -> None:
    data = workbook(("12 février 2013", "=12", "mg/l", "CRP", "5"), ("1er mars 2013", "=8", "mg/l", "CRP", "5"))
    assert claims_of(data, "a.xls") == [("ict", "results")]
    assert claims_of(workbook(("12 février 2013", "=12", "mg/l", "CRP", "Dupond")), "a.xls") == []


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("=12", ("", "12")),
        ("=0,95", ("", "0.95")),
        ("=<5", ("<", "5")),
        ('="12,5"', ("", "12.5")),
        (12.5, ("", "12.5")),
        ("positif", ("", "positif")),
    ],
)
def test_values_are_formulas_that_are_text(tmp_path: Path, cell: str | float, told: tuple[str, str]) -> None:
    found = read(tmp_path, ("12 février 2013", cell, "mg/l", "CRP", "5"))
    assert [one[2:4] for one in found.results()] == [told]


@pytest.mark.parametrize(
    "day", ["3 juillet 2013", "3 JUI 2013", "3 juil. 2013", dt.date(2013, 7, 3)], ids=["whole", "JUI", "short", "date"]
)
def test_days_are_words(tmp_path: Path, day: str | dt.date) -> None:
    assert [one[5] for one in read(tmp_path, (day, "=12", "mg/l", "CRP", "5")).results()] == ["2013-07-03"]


def test_months_whose_accents_are_lost_are_read(tmp_path: Path) -> None:
    rows = [(day, "=12", "mg/l", "CRP", "5") for day in ("12 fevrier 2013", "1er aout 2013", "2 DECEMBRE 2013")]
    assert [one[5] for one in read(tmp_path, *rows).results()] == ["2013-02-12", "2013-08-01", "2013-12-02"]


def test_rows_that_cannot_be_read_are_kept_apart(tmp_path: Path) -> None:
    good = [("12 février 2013", f"={number}", "mg/l", "CRP", str(number)) for number in range(1, 21)]
    bad: list[Row] = [
        ("31 février 2013", "=12", "mg/l", "CRP", "5"),
        ("12 février 2013", "=12", "mg/l", "CRP", ""),
        ("12 février 2013", "=12", "mg/l", "", "5"),
        ("12 février 2013", "", "mg/l", "CRP", "5"),
    ]
    found = read(tmp_path, *good, *bad)
    assert len(found.results()) == 20
    assert found.reasons == {"unreadable": 3, "comment": 1}


def test_a_practice_is_read_whole(tmp_path: Path) -> None:
    practice = content.make("cabinet", 46)
    folder = tmp_path / "cabinet"
    folder.mkdir()
    spreadsheets.ict(folder, practice)
    found = Run(folder)
    assert read_back(found) == expected(practice)
    assert found.by_number() == people_of(practice)
    assert (found.refused, found.report.reading.quarantined) == ([], 0)
