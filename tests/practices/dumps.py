"""Practices whose software gives its tables: Medimust and MedShakeEHR as SQL, Mediboard as a ZIP of CSV files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.practices.content import Person, Practice, Result


def _turn(one: Result, choices: int) -> int:
    """A choice that is the same each time that a result is written."""
    return (one.day.toordinal() + len(one.label) + int(one.person.number)) % choices


def _in_words(one: Result) -> str:
    """A result as laboratories print it, with bounds where there is no unit."""
    between = (" .......... : ", "          ", " : ")[_turn(one, 3)]
    bounds = " (0,5 - 9,0)" if not one.unit or _turn(one, 2) else ""
    flag = "*" if _turn(one, 5) == 0 and not one.comparator else ""
    return f"{one.label}{between}{flag}{one.written()} {one.unit}".rstrip() + bounds


def _report(practice: Practice, day: Sequence[Result], end: str) -> str:
    """The text of a laboratory report."""
    head = [practice.laboratory, f"Prélèvement du {day[0].day:%d/%m/%Y}, l'examen est validé", ""]
    return end.join([*head, *map(_in_words, day), "", "Dossier vu : 3 pages"])


# --- Medimust -------------------------------------------------------------------------------------------------------


def medimust(folder: Path, practice: Practice) -> None:
    """One physical line a file, E'' strings; the number is in ``profession``; two exports of letters overlap."""
    people = [_medimust_patient(person, rank) for rank, person in enumerate(practice.people, 1)]
    (folder / "patients.sql").write_bytes("".join(people).encode("utf-8"))
    owners = {person.number: rank for rank, person in enumerate(practice.people, 1)}
    letters: list[str] = []
    again: list[str] = []
    for rank, day in enumerate(practice.days(), 1):
        values = {
            "date_doc": f"{day[0].day:%Y-%m-%d}",
            "nom_doc": "Bilan sanguin",
            "text_doc": _report(practice, day, "\n"),
            "date_resultat": f"{day[0].day:%Y-%m-%d}",
            "id_unique": str(7000 + rank),
            "rid_patient": str(owners[day[0].person.number]),
            "time_stamp": f"{day[0].day:%Y-%m-%d} 18:30:00",
            "type_doc": None,
        }
        letters.append(_postgres("courriers_bilans", values))
        if rank - 1 in practice.resent:
            # The laboratory sends it again: another letter, word for word.
            again.append(_postgres("courriers_bilans", values | {"id_unique": str(9000 + rank), "time_stamp": None}))
    half = len(letters) // 2
    (folder / "bilans_1.sql").write_bytes("".join(letters[: half + 1]).encode("cp1252"))
    (folder / "bilans_2.sql").write_bytes("".join([*letters[half:], *again]).encode("cp1252"))


def _medimust_patient(person: Person, rank: int) -> str:
    values = {
        "nom_dossier": f"{person.family} {person.given}",
        "prenom": person.given,
        "date_naissance": person.birth.isoformat(),
        "rue": "4 chemin de l'Épinette",
        "code_postal": person.postcode,
        "ville": person.city,
        "profession": person.number,
        "antecedents": "",
        "nom_patient": person.family,
        "sexe": person.sex,
        "num_secu": "199999999999999",
        "num_dossier": str(50 + rank),
        "id_unique": str(rank),
        "time_stamp": "2014-01-01 08:00:00",
    }
    return _postgres("patients", values)


def _postgres(table: str, values: Mapping[str, str | None]) -> str:
    """A statement of PostgreSQL in which nothing ends the line."""
    names = ", ".join(f'"{name}"' for name in values)
    cells = ", ".join("NULL" if value is None else f"E'{_escaped(value)}'" for value in values.values())
    return f"INSERT INTO {table} ({names}) VALUES ({cells});"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("'", "\\'").replace("\r", "\\r").replace("\n", "\\n")
