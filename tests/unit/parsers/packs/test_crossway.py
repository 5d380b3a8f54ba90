"""Crossway: workbooks whose data begin at row 6, without a unit column, with dots in file numbers."""

import datetime as dt
import io
from pathlib import Path

import pytest
import xlwt
from tests.practices import content, spreadsheets
from tests.unit.parsers.packs.runs import Run, claims_of, expected, people_of, read_back

DAY = xlwt.easyxf(num_format_str="DD/MM/YYYY")
Cell = str | float | dt.date


def workbook(*rows: tuple[Cell, Cell, Cell, Cell], first: int = 6, left: int = 2) -> bytes:
    """Number, day, label and value of each row; ``left`` columns stand before them, two between label and value."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("Feuil1")
    sheet.write(0, 0, "Requête")
    for place, cells in enumerate(rows, first - 1):
        for column, cell in zip((left, left + 1, left + 2, left + 5), cells, strict=True):
            sheet.write(place, column, cell, DAY if isinstance(cell, dt.date) else xlwt.Style.default_style)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def read(root: Path, data: bytes) -> Run:
    folder = root / "cabinet"
    folder.mkdir()
    (folder / "requete.xls").write_bytes(data)
    return Run(folder)


@pytest.mark.parametrize(("left", "role"), [(2, "results"), (3, "results-from-zero")])
def test_a_workbook_is_claimed_in_one_way(left: int, role: str) -> None:
    data = workbook(("1.204", "03/04/2011", "Urée", "5,1"), ("877", dt.date(2011, 4, 3), "TSH", 2.1), left=left)
    assert claims_of(data, "a.xls") == [("crossway", role)]
    assert claims_of(data, "a.doc") == []


def test_other_workbooks_are_nobodys() -> None:
    assert claims_of(workbook(("Dupond", "Paul", "Urée", "5,1")), "a.xls") == []
    assert claims_of(workbook(), "a.xls") == []


def test_dots_of_file_numbers_part_thousands_only(tmp_path: Path) -> None:
    numbers: tuple[Cell, ...] = (
        "1.204",
        1204.0,
        "877",
        '="12.877"',
        "1.204.877",
        "1",
        "2",
        "3",
        "4",
        "12.5",
        "1.2048",
        "",
    )
    found = read(tmp_path, workbook(*[(number, "03/04/2011", "Urée", "5,1") for number in numbers]))
    assert sorted({one[0] for one in found.results()}) == ["1", "1204", "1204877", "12877", "2", "3", "4", "877"]
    assert found.reasons == {"unreadable": 3}


def test_days_are_cells_of_dates_or_words(tmp_path: Path) -> None:
    days: tuple[Cell, ...] = ("03/04/2011", dt.date(2011, 4, 3), 40636.0, "3/4/11", "03/04/2011 00:00:00")
    found = read(tmp_path, workbook(*[(str(n), day, "Urée", "5,1") for n, day in enumerate(days, 1)]))
    assert {one[5][:10] for one in found.results()} == {"2011-04-03"}
    assert len(found.results()) == len(days)


def test_labels_lose_their_entities(tmp_path: Path) -> None:
    rows = [
        ("1", "03/04/2011", label, "88")
        for label in ("Cr&eacute;atinine", "Cr&#233;atininémie", "Créatinine &amp; DFG")
    ]
    found = read(tmp_path, workbook(*rows))
    assert [one[1] for one in found.results()] == ["Créatinine", "Créatininémie", "Créatinine & DFG"]


@pytest.mark.parametrize(
    ("label", "value", "unit"),
    [
        ("Créatinine", "88", "µmol/L"),
        ("CREATININE", "<30,5", "µmol/L"),
        ("Glycémie à jeun", "5,4", "mmol/L"),
        ("HDL Cholestérol", "1,3", "mmol/L"),
        ("Sodium", "140", "mmol/L"),
        # Implausible in the unit that would be implied.
        ("Créatinine", "9,4", ""),
        ("Glycémie à jeun", "0,98", ""),
        # Labels that are close, and mean something else.
        ("Créatinine urinaire", "88", ""),
        ("Clairance de la créatinine", "88", ""),
        ("Rapport LDL/HDL", "2,1", ""),
        ("Cholestérol total/HDL", "4,1", ""),
        ("Glycémie moyenne estimée", "6,1", ""),
        ("Potassium urinaire", "61", ""),
        ("Urée urinaire", "301", ""),
        # More than one unit is in use.
        ("HbA1c", "6,9", ""),
        ("Hémoglobine", "13,1", ""),
        ("Plaquettes", "224", ""),
    ],
)
def test_a_unit_is_implied_where_only_one_is_possible(tmp_path: Path, label: str, value: str, unit: str) -> None:
    found = read(tmp_path, workbook(("1", "03/04/2011", label, value)))
    assert [one[4] for one in found.results()] == [unit]
    assert ("SX503" in found.doubts) == bool(unit)


def test_words_and_nothing_in_the_value(tmp_path: Path) -> None:
    rows = [("1", "03/04/2011", "Aspect", "limpide"), ("1", "03/04/2011", "TSH", ""), ("1", "03/04/2011", "T4", ".")]
    found = read(tmp_path, workbook(*rows))
    assert [one[3] for one in found.results()] == ["limpide"]
    assert found.reasons == {"comment": 2}


def test_a_workbook_larger_than_its_beginning_is_recognised(tmp_path: Path) -> None:
    data = workbook(*[(str(n), "03/04/2011", f"Analyse {n}", f"{n},5") for n in range(1, 1_201)])
    assert len(data) > 65_536
    found = read(tmp_path, data)
    assert len(found.results()) == 1_200
    assert found.refused == []


def test_a_practice_is_read_whole(tmp_path: Path) -> None:
    practice = content.make("cabinet", 45, analytes=spreadsheets.SI_ANALYTES)
    folder = tmp_path / "cabinet"
    folder.mkdir()
    spreadsheets.crossway(folder, practice)
    found = Run(folder)
    assert read_back(found) == expected(practice)
    assert found.by_number() == people_of(practice)
    assert (found.refused, found.report.reading.quarantined) == ([], 0)
