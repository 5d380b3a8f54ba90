"""Practices whose software exports workbooks: Crossway and ICT."""

from __future__ import annotations

import html.entities
from collections.abc import Iterator
from pathlib import Path

import xlwt
from tests.practices.content import Analyte, Practice, Result
from tests.practices.delimited import people_list

MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
    "décembre",
)  # fmt: skip
_DAY = xlwt.easyxf(num_format_str="DD/MM/YYYY")


def _analyte(labels: str, unit: str, low: str, high: str, right: str) -> Analyte:
    return Analyte(tuple(labels.split("|")), unit, low, high, frozenset(right.split()))


SI_ANALYTES: tuple[Analyte, ...] = (
    _analyte("Créatinine|CREATININE|Créatininémie", "µmol/L", "50", "130", "14682-9"),
    _analyte("Glycémie à jeun|GLYCEMIE A JEUN", "mmol/L", "3.9", "9.8", "14771-0 40193-5"),
    _analyte("Cholestérol total|CHOLESTEROL TOTAL", "mmol/L", "3.00", "7.50", "14647-2"),
    _analyte("HDL cholestérol|Cholestérol HDL", "mmol/L", "0.80", "2.20", "14646-4"),
    _analyte("LDL cholestérol|Cholestérol LDL", "mmol/L", "1.50", "5.50", "22748-8 39469-2 69419-0"),
    _analyte("Triglycérides", "mmol/L", "0.50", "3.00", "14927-8"),
    _analyte("Potassium|Kaliémie", "mmol/L", "3.3", "5.3", "2823-3"),
    _analyte("Sodium|Natrémie", "mmol/L", "133", "147", "2951-2"),
    # No unit is implied for these: a ratio has none, and others have several.
    _analyte("Rapport LDL/HDL", "", "1.1", "4.5", "11054-4"),
    _analyte("HbA1c", "", "4.8", "9.5", "4548-4 17856-6 4549-2"),
    _analyte("Créatinine urinaire", "", "4.0", "18.0", "14683-7"),
    _analyte("TSH", "", "0.30", "5.50", "3016-3 11580-8 11579-0"),
)
"""What a practice measures whose export writes no units: SI units are meant."""


def _turn(one: Result, count: int) -> int:
    """A choice that is the same each time that a result is written."""
    return (one.day.toordinal() + len(one.label) + int(one.person.number)) % count


def crossway(folder: Path, practice: Practice) -> None:
    """Data from row 6, dots in file numbers, entities in labels, no unit. Make the practice of ``SI_ANALYTES``."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("Requête")
    sheet.write(0, 0, "Requête : biologie")
    sheet.write(1, 0, practice.doctor)
    for place, word in enumerate(("", "", "Dossier", "Date", "Examen", "", "", "Résultat")):
        sheet.write(3, place, word)
    for number, one in enumerate(_sent(practice), 5):
        row = sheet.row(number)
        row.write(2, f"{int(one.person.number):,}".replace(",", "."))
        if _turn(one, 2):
            row.write(3, one.day, _DAY)
        else:
            row.write(3, f"{one.day:%d/%m/%Y}")
        row.write(4, _entities(one.label) if _turn(one, 3) else one.label)
        # Some values are numbers of the sheet, some are text.
        row.write(7, float(one.value) if not one.comparator and _turn(one, 2) else one.written())
    book.save(str(folder / "requete.xls"))
    people_list(folder, practice)


def ict(folder: Path, practice: Practice) -> None:
    """Data from row 7: the day in words, the value as a formula, unit, type, number."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("ICT")
    sheet.write(0, 0, "Export des examens")
    sheet.write(2, 0, practice.doctor)
    for number, one in enumerate(_sent(practice), 6):
        first = "1er" if one.day.day == 1 else str(one.day.day)
        day = f"{first} {MONTHS[one.day.month - 1]} {one.day.year}"
        number_cell = f'="{one.person.number}"' if _turn(one, 4) == 0 else one.person.number
        for place, cell in enumerate((day, f"={one.written()}", one.unit, one.label, number_cell)):
            sheet.write(number, place, cell)
    book.save(str(folder / "ict.xls"))
    people_list(folder, practice)


def _sent(practice: Practice) -> Iterator[Result]:
    return (one for day in practice.sent() for one in day)


def _entities(label: str) -> str:
    """Letters with accents as HTML writes them."""
    names = html.entities.codepoint2name
    return "".join(f"&{names[ord(c)]};" if ord(c) > 127 and ord(c) in names else c for c in label)
