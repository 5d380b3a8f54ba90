"""The French biology value set: headings, fifteen columns by place, the alignment with NABM."""

from pathlib import Path

import openpyxl
import pytest

from semantix.terminology.records import Concept, Link, Record, Skipped, Term
from semantix.terminology.releases import Hints, Refused
from semantix.terminology.releases.loinc_fr import IMPORTER
from semantix.terminology.source import Source

ROW = (
    *("99999-9", "Fictine [Masse/Volume] Sérum", "Fictin", "Fictine", "Fictinémie; Dosage de la fictine", "Masse"),
    *("Ponctuel", "Sérum", "Quantitatif", None, "Biochimie", "2031-01-01", "1", "Actif", None),
)
OLD = ("99998-1", "Ancienine", *("",) * 11, "Inactif", "")
HEADINGS = (("Jeu de valeurs LOINC", *("",) * 14), ("code_loinc", "libelle", *("",) * 13))
NABM = (
    ("Titre",),
    ("Code NABM", "Libellé NABM", "Code LOINC", "Libelle LOINC"),
    (126, "a", "99999-9", "b"),
    ("9002", "c", "99998-1"),
    ("9002", "c", "99997-3"),
    ("9003", "d", None),
)


def book(folder: Path, **sheets: tuple[tuple[object, ...], ...]) -> Source:
    path = folder / "LOINCFR_JeuDeValeurs_2031.xlsx"
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for title, rows in sheets.items():
        sheet = workbook.create_sheet(title)
        for row in rows:
            sheet.append(row)
    workbook.save(path)
    return Source(path)


def read(source: Source) -> list[Record]:
    assert IMPORTER.claims(source, Hints())
    assert IMPORTER.describe(source, Hints()).version == "2031"
    return list(IMPORTER.read(source, Hints()))


def test_a_row_is_a_concept_with_its_synonyms(tmp_path: Path) -> None:
    records = read(book(tmp_path, Jeu=(*HEADINGS, ROW, OLD)))
    assert records[:3] == [
        Concept(
            "loinc",
            "99999-9",
            "Fictine [Masse/Volume] Sérum",
            properties={
                "CLASS_FR": "Biochimie",
                "COMPONENT": "Fictin",
                "COMPONENT_FR": "Fictine",
                "PROPERTY_FR": "Masse",
                "SCALE_FR": "Quantitatif",
                "STATUS_FR": "Actif",
                "SYSTEM_FR": "Sérum",
                "TIME_FR": "Ponctuel",
            },
        ),
        Term("loinc", "99999-9", "Fictinémie"),
        Term("loinc", "99999-9", "Dosage de la fictine"),
    ]
    assert isinstance(records[3], Concept)
    assert not records[3].active
    assert records[-1] == Skipped("a heading row", 2, "line 1")


def test_the_alignment_links_acts_to_observations(tmp_path: Path) -> None:
    records = read(book(tmp_path, Jeu=(*HEADINGS, ROW), **{"Alignement NABM-LOINC FR": NABM, "Notes": (("x",),)}))
    assert [each for each in records if isinstance(each, Link)] == [
        Link("nabm", "0126", "loinc", "99999-9"),
        Link("nabm", "9002", "loinc", "99998-1", "narrower"),
        Link("nabm", "9002", "loinc", "99997-3", "narrower"),
    ]
    assert Skipped("alignment: no NABM code or no LOINC code", 1, "line 6") in records
    assert Skipped("sheet notes is not read") in records


def test_a_book_without_the_sheet_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="found the sheets autre; expected one named Jeu"):
        read(book(tmp_path, Autre=HEADINGS))


def test_a_narrow_row_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="line 1 has 2 columns, expected 15"):
        read(book(tmp_path, Jeu=(("99999-9", "Fictine"),)))


def test_a_sheet_without_codes_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="found no LOINC code"):
        read(book(tmp_path, Jeu=HEADINGS))


def test_a_file_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "loincfr.xlsx"
    path.write_bytes(b"PK\x03\x04 not a workbook")
    with pytest.raises(Refused, match="not a workbook that can be read"):
        list(IMPORTER.read(Source(path), Hints()))
