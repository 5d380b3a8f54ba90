"""Refusals in French: those that readers really give, caught from the readers themselves."""

import zipfile
from pathlib import Path

import pytest

from semantix import Limits, Unreadable, convert
from semantix.pipeline import Options
from semantix.report.refusals import REFUSALS, in_french

LIMITS = Limits(document=2_000_000)


def refusal(tmp_path: Path, name: str, content: bytes) -> str:
    """Why a file is not converted, in the words of its reader."""
    (tmp_path / name).write_bytes(content)
    report = convert([tmp_path / name], tmp_path / "out", Options(target="fhir", limits=LIMITS))
    (found,) = report.unreadable
    assert isinstance(found, Unreadable)
    return found.message


@pytest.mark.parametrize(
    ("name", "content", "french"),
    [
        ("lettre.csv", b"bonjour\n", "aucun lecteur ne le reconnaît : décrivez-le par un pack"),
        ("scan.csv", b"%PDF-1.7\n", "aucun lecteur ne reconnaît ce fichier (PDF)"),
        ("vide.xml", b"", "le fichier est vide"),
        ("gros.xml", b"<a>" + b" " * 2_000_001 + b"</a>", "fichier de 2 Mo, la limite est 2 Mo"),
        ("coupe.json", b'{"resourceType": "Patient", "id":', "le JSON s’arrête au milieu"),
        ("faux.json", b'{"resourceType": "Patient",\n "id": "a" "b"}', "le JSON est mal formé (ligne 2, colonne"),
        ("classeur.xlsx", b"PK\x03\x04 not one", "archive ZIP endommagée"),
    ],
)
def test_what_readers_refuse_is_said_in_french(tmp_path: Path, name: str, content: bytes, french: str) -> None:
    english = refusal(tmp_path, name, content)
    assert in_french(english).startswith(french)


def test_an_archive_in_an_archive_in_an_archive_is_refused_in_french(tmp_path: Path) -> None:
    inner = tmp_path / "0.zip"
    inner.write_bytes(b"")
    for depth in range(1, 8):
        outer = tmp_path / f"{depth}.zip"
        with zipfile.ZipFile(outer, "w") as archive:
            archive.write(inner, inner.name)
        inner = outer
    report = convert([inner], tmp_path / "out", Options(target="fhir"))
    assert any("emboîtés : non ouvert" in in_french(item.message) for item in report.unreadable)


@pytest.mark.parametrize(
    ("english", "french"),
    [
        (
            "pack a, role r and pack b, role r both recognise this file; make",
            "reconnu à la fois par pack a, role r et pack b",
        ),
        ("no column date in results; the pack needs it", "pas de colonne date dans results ; le pack en a besoin"),
        ("410 MB of SQL, at most 400 MB expected", "410 Mo de SQL, 400 Mo au plus"),
        ("3 lines of which nothing is known", "erreur du programme (3 lignes perdues)"),
        ("two packs are called x: a.yaml and b.yaml; keep one", "deux packs s’appellent x : a.yaml et b.yaml"),
    ],
)
def test_names_and_numbers_stand_in_their_places(english: str, french: str) -> None:
    assert in_french(english).startswith(french)


@pytest.mark.parametrize(("pattern", "french"), REFUSALS, ids=lambda one: getattr(one, "pattern", None))
def test_a_french_reason_asks_for_no_more_than_its_pattern_finds(pattern, french: str) -> None:
    asked = [int(french[at + 1]) for at, char in enumerate(french) if char == "\\"]
    if "{place}" in french:
        asked += [1, 2]
    assert all(number <= pattern.groups for number in asked)
