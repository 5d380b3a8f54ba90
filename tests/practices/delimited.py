"""Practices whose software exports text tables: Hellodoc, AxiSanté, Mediclick of both ages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.practices.content import Practice, Result

MONTHS = ("JAN", "FEV", "MAR", "AVR", "MAI", "JUN", "JUI", "AOU", "SEP", "OCT", "NOV", "DEC")


def people_list(folder: Path, practice: Practice) -> None:
    """The list of patients that stands beside an export of numbers."""
    lines = ["numero;nom;prenom;naissance;sexe"]
    lines += [f"{p.number};{p.family};{p.given};{p.birth:%d/%m/%Y};{p.sex}" for p in practice.people]
    (folder / "patients.csv").write_bytes(_join(lines, "\r\n", "utf-8"))


def _join(lines: Iterable[str], end: str, encoding: str) -> bytes:
    return (end.join(lines) + end).encode(encoding)


def _turn(one: Result, count: int) -> int:
    """A choice that is the same each time that a result is written."""
    return (one.day.toordinal() + len(one.label) + int(one.person.number)) % count


# --- Hellodoc -------------------------------------------------------------------------------------------------------


def hellodoc(folder: Path, practice: Practice) -> None:
    """Groups of a patient and a day, the unit in the seventh or eleventh cell, frames and words between the lines."""
    lines: list[str] = []
    for day in practice.sent():
        first = day[0]
        is_new, is_framed = int(first.person.number) % 2, _turn(first, 3) == 0
        lines += ["<form>"] * is_framed
        lines.append(f"{first.person.number};BIOLOGIE;{first.day:%d/%m/%Y};;;")
        lines.append("Prélèvement du matin ; patient à jeun")
        for one in day:
            flag = ("", "", "N", "H")[_turn(one, 4)]
            value = one.written(",."[_turn(one, 2)])
            lines.append(f"{one.label};;{value};{flag};;;{';;;;' * is_new}{one.unit}")
        lines += ["Dossier validé par le biologiste", ""]
        lines += ["</form>"] * is_framed
        lines.append(f"{first.person.number};COURRIER;{first.day:%d/%m/%Y};;;")
        lines.append("Cher confrère, merci de recevoir ce patient.")
    (folder / "Biologies.asc").write_bytes(_join(lines, "\r\n", "cp1252"))
    people_list(folder, practice)


# --- AxiSanté -------------------------------------------------------------------------------------------------------


def axisante(folder: Path, practice: Practice) -> None:
    """Four files without an extension; value and unit in one cell, blanks around them, days of two-digit years."""
    rows = ["Numéro\tDate\tLibellé\tValeur"]
    for day in practice.sent():
        rows += [f"{one.person.number}\t{_short(one)}\t{one.label}\t{_in_one_cell(one)}" for one in day]
        rows.append(f"{day[0].person.number}\t{_short(day[0])}\tBilan reçu\t")
    people = ["Numéro\tNom\tPrénom\tDate de naissance\tSexe\tVille"]
    people += [f"{p.number}\t{p.family}\t{p.given}\t{p.birth:%d/%m/%Y}\t{p.sex}\t{p.city}" for p in practice.people]
    for name, lines in (
        ("kSuivi", rows),
        ("kPatient", people),
        ("kConsult", ["Numéro\tDate\tMotif\tTexte"]),
        ("kAntecedant", ["Numéro\tDate\tType\tTexte"]),
    ):
        (folder / f"VarCheminUserData]{name}").write_bytes(_join(lines, "\r\n", "cp1252"))


def _short(one: Result) -> str:
    """``5/3/14``: neither padded nor of four digits."""
    return f"{one.day.day}/{one.day.month}/{one.day:%y}"


def _in_one_cell(one: Result) -> str:
    value = one.written(",."[_turn(one, 2)])
    if one.comparator:
        value = f"{value[0]} {value[1:]}"
    return (f"{value} {one.unit}", f"    {value}  {one.unit} ", f"{value} *{one.unit}")[_turn(one, 3)]


# --- Mediclick ------------------------------------------------------------------------------------------------------


def mediclick(folder: Path, practice: Practice) -> None:
    """A ".xls" that is text for each analyte, whose name is in the header."""
    header = [f"C{number}" for number in range(1, 9)]
    sent = [one for day in practice.sent() for one in day]
    for number, label in enumerate(sorted({one.label for one in sent})):
        rows = ["\t".join([*header, "N° dossier", label, "Date"])]
        for one in sent:
            if one.label == label:
                cells = ["", "", practice.doctor, "", "", "", "", "", one.person.number, _with_unit(one), _worded(one)]
                rows.append("\t".join(cells))
        name = re.sub(r"\W+", "-", label).strip("-")
        (folder / f"{number:02d}-{name}.xls").write_bytes(_join(rows, "\r\n", "cp1252"))
    people_list(folder, practice)


def _with_unit(one: Result) -> str:
    return f"{one.written()} {one.unit}".strip()


def _worded(one: Result) -> str:
    """``03/07/2012``, or ``3 JUI 2012`` for the same day."""
    if _turn(one, 2):
        return f"{one.day:%d/%m/%Y}"
    return f"{one.day.day} {MONTHS[one.day.month - 1]} {one.day.year}"


def mediclick_old(folder: Path, practice: Practice) -> None:
    """Two files that only name, given name and birth join, written otherwise in the one and in the other."""
    people = []
    for p in practice.people:
        cells = {0: p.family, 1: p.given, 2: p.city, 5: f"{p.birth:%d/%m/%Y}", 7: practice.doctor, 13: p.number}
        people.append(_row(cells, 14))
    (folder / "patients.txt").write_bytes(_join(people, "\r\n", "cp1252"))
    (folder / "examens.txt").write_bytes(_join(_exams(practice), "\r\n", "cp1252"))


def _exams(practice: Practice) -> Iterator[str]:
    for day in practice.sent():
        for one in day:
            p = one.person
            cells = {0: p.family, 1: p.given.upper(), 5: p.city, 8: f"{p.birth:%d/%m/%Y}", 9: f"{one.day:%d/%m/%Y}"}
            yield _row(cells | {10: one.label, 11: _with_unit(one)}, 12)


def _row(cells: dict[int, str], count: int) -> str:
    return "\t".join(cells.get(place, "") for place in range(count))
