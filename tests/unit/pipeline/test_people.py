"""The list of patients beside exports that hold numbers only: joined by number, or not at all."""

from pathlib import Path

import pytest

from semantix import Options, RunReport, convert

RESULTS = "1042\t2016-03-09\tCréatinine\t9,4\tmg/l\r77\t2016-03-10\tCRP\t3\tmg/l\r"
LIST = "numero;nom;prenom;naissance;sexe\n1042;MARTEL;Agathe;02/03/1960;F\n77;VILLARD;Noël;12/11/1952;M\n"


def run(folder: Path, listed: str | None, where: str = "patients.csv") -> RunReport:
    (folder / "in").mkdir(exist_ok=True)
    (folder / "in" / "export.txt").write_bytes(RESULTS.encode())
    if listed is not None:
        path = folder / "in" / where
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(listed.encode("cp1252"))
    return convert([folder / "in"], folder / "cdm.duckdb", Options(target="omop", overwrite=True))


def test_patients_known_by_number_get_their_birth_and_sex_from_the_list(tmp_path: Path) -> None:
    report = run(tmp_path, LIST)
    assert (report.written["person"], report.written["measurement"], report.bugs) == (2, 2, 0)


def test_without_a_list_omop_has_no_person_and_says_so(tmp_path: Path) -> None:
    report = run(tmp_path, None)
    assert report.written.get("person", 0) == 0
    assert report.figures.reasons["statement", "no-date"] == 2


@pytest.mark.parametrize(
    "again",
    ["1042;MARTEL;Agathe;03/03/1960;F\n", "1042;DUPIN;Agathe;02/03/1960;F\n"],
    ids=["another birth", "another name"],
)
def test_a_number_of_two_people_joins_nothing_and_is_told(tmp_path: Path, again: str) -> None:
    report = run(tmp_path, LIST + again)
    assert report.written["person"] == 1
    assert report.figures.issues["SX513", "warning"] == 1


def test_the_same_person_listed_twice_is_one(tmp_path: Path) -> None:
    report = run(tmp_path, LIST + "1042;Martel;Agathe;02/03/1960;F\n")
    assert report.written["person"] == 2


def test_a_list_counts_for_its_own_folder_only(tmp_path: Path) -> None:
    report = run(tmp_path, LIST, "elsewhere/patients.csv")
    assert report.written.get("person", 0) == 0


def test_a_list_that_cannot_be_read_is_told_and_the_results_are_read(tmp_path: Path) -> None:
    report = run(tmp_path, "numero;naissance\n" + "\0\0\0", "patients.csv")
    assert report.figures.documents == 2
