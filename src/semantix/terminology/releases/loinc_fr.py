"""The French biology value set (ANS), ``LOINCFR_JeuDeValeurs.xlsx``, and its sheet that aligns NABM acts with LOINC."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import openpyxl  # type: ignore[import-untyped]
from openpyxl.utils.exceptions import InvalidFileException  # type: ignore[import-untyped]

from semantix.terminology import codes
from semantix.terminology.records import Concept, Record, Term
from semantix.terminology.releases._cells import fold, version_of
from semantix.terminology.releases._importer import Hints, Importer, Refused, Release
from semantix.terminology.releases._tabular import Tally, base, one
from semantix.terminology.releases.known_tables import nabm_links
from semantix.terminology.releases.loinc import LICENCE
from semantix.terminology.source import Source

PATTERN = "*loinc*.xlsx"
WIDTH = 14
"""Columns that a row must have: the fifteenth, the version of a corrected item, is not read."""

_CODE = re.compile(r"(L[AP])?\d+-\d")
_AXES = {
    2: "COMPONENT",
    3: "COMPONENT_FR",
    5: "PROPERTY_FR",
    6: "TIME_FR",
    7: "SYSTEM_FR",
    8: "SCALE_FR",
    9: "METHOD_FR",
    10: "CLASS_FR",
    13: "STATUS_FR",
}
_GONE = re.compile(r"inacti|depreca|suppri|obsol|retir")
_SPLIT = re.compile(r"\s*[;|\n]\s*")


def _claims(source: Source, _: Hints) -> bool:
    return len(source.find(PATTERN)) == 1


def _describe(source: Source, hints: Hints) -> Release:
    name = one(source, PATTERN)
    return Release("loinc-fr", version_of(source, hints, name), ("loinc", "nabm"), f"{LICENCE}; ANS")


def _sheets(source: Source) -> dict[str, list[list[str]]]:
    name = one(source, PATTERN)
    try:
        book = openpyxl.load_workbook(io.BytesIO(source.read(name)), read_only=True, data_only=True)
        return {fold(str(sheet.title)): [_row(cells) for cells in sheet.iter_rows(values_only=True)] for sheet in book}
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise Refused(f"{base(name)}: not a workbook that can be read ({type(error).__name__})") from None


def _row(cells: tuple[Any, ...]) -> list[str]:
    """A whole number that a spreadsheet keeps as a decimal is written whole."""
    row = []
    for cell in cells:
        whole = int(cell) if isinstance(cell, float) and cell.is_integer() else cell
        row.append("" if whole is None else str(whole).strip())
    return row


def _read(source: Source, _: Hints) -> Iterator[Record]:
    sheets = _sheets(source)
    values = [rows for title, rows in sheets.items() if "jeu" in title]
    if len(values) != 1:
        raise Refused(f"{source.name}: found the sheets {', '.join(sheets)}; expected one named Jeu de valeurs")
    tally = Tally()
    yield from _values(source, values[0], tally)
    for title, rows in sheets.items():
        if "nabm" in title and "jeu" not in title:
            yield from _alignment(source, rows, tally)
        elif "jeu" not in title:
            tally.add(f"sheet {title[:40]} is not read")
    yield from tally.records()


def _values(source: Source, rows: list[list[str]], tally: Tally) -> Iterator[Record]:
    started = False
    for number, row in enumerate(rows, 1):
        code = codes.canonical("loinc", row[0]) if row else ""
        if not any(row):
            continue
        if not _CODE.fullmatch(code):
            tally.add("not a LOINC code" if started else "a heading row", f"line {number}")
            continue
        if len(row) < WIDTH:
            raise Refused(f"{source.name}: line {number} has {len(row)} columns, expected 15")
        if not row[1]:
            tally.add("no French label", code)
            continue
        started = True
        yield from _entry(code, row)
    if not started:
        raise Refused(f"{source.name}: found no LOINC code in the first column of the value set")


def _entry(code: str, row: list[str]) -> Iterator[Record]:
    properties = {name: row[place] for place, name in _AXES.items() if row[place]}
    yield Concept(
        "loinc",
        code,
        " ".join(row[1].split()),
        active=not _GONE.search(fold(row[13])),
        properties=dict(sorted(properties.items())),
    )
    said = {" ".join(row[1].split())}
    for text in _SPLIT.split(row[4]):
        if text and text not in said:
            said.add(text)
            yield Term("loinc", code, text)


def _alignment(source: Source, rows: list[list[str]], tally: Tally) -> Iterator[Record]:
    header: list[str] = []
    pairs: dict[str, list[str]] = {}
    for number, row in enumerate(rows, 1):
        if not header:
            folded = [fold(cell) for cell in row]
            header = folded if {"code_nabm", "code_loinc"} <= set(folded) else []
            continue
        cells = dict(zip(header, row, strict=False))
        act = codes.canonical("nabm", cells.get("code_nabm", ""))
        target = codes.canonical("loinc", cells.get("code_loinc", ""))
        if act.isdecimal() and _CODE.fullmatch(target):
            known = pairs.setdefault(act, [])
            known += [target] if target not in known else []
        elif any(row):
            tally.add("alignment: no NABM code or no LOINC code", f"line {number}")
    if not header:
        raise Refused(f"{source.name}: the NABM sheet has no columns Code NABM and Code LOINC")
    yield from nabm_links(pairs)


IMPORTER = Importer("loinc-fr", "French biology value set of LOINC (ANS workbook)", _claims, _describe, _read)
