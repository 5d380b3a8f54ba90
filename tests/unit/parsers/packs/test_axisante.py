"""AxiSanté: four files of tabs without an extension; value and unit in one cell; years of two digits."""

from pathlib import Path

import pytest
from tests.practices import content, delimited
from tests.unit.parsers.packs.runs import Run, claims_of, expected, people_of, read_back

HEADER = "Numéro\tDate\tLibellé\tValeur\r\n"
PREFIX = "VarCheminUserData]"


def read(folder: Path, **files: str) -> Run:
    practice = folder / "cabinet"
    practice.mkdir()
    for name, text in files.items():
        (practice / f"{PREFIX}{name}").write_bytes(text.encode("cp1252"))
    return Run(practice)


def rows(*lines: str) -> str:
    return HEADER + "".join(f"{line}\r\n" for line in lines)


def test_each_file_is_claimed_in_its_role() -> None:
    follow_up = rows("4\t1/2/08\tUrée\t0,31 g/l").encode("cp1252")
    assert claims_of(follow_up, f"{PREFIX}kSuivi") == [("axisante", "follow-up")]
    assert claims_of(follow_up, f"{PREFIX}KSUIVI.TXT") == [("axisante", "follow-up")]
    assert claims_of(b"Num\tNom\r\n4\tMARTEL\r\n", f"{PREFIX}kPatient") == [("axisante", "patients")]
    assert claims_of(b"Num\tTexte\r\n", f"{PREFIX}kAntecedant") == [("axisante", "histories")]
    assert claims_of(b"Num\tTexte\r\n", f"{PREFIX}kConsult") == [("axisante", "consultations")]
    assert claims_of(follow_up, "autre.txt") == []


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("1,45 g/l", ("", "1.45", "g/l")),
        ("    < 0.12  mg/l ", ("<", "0.12", "mg/l")),
        ("2,19 *g/l", ("", "2.19", "g/l")),
        ("85*", ("", "85", "")),
        ("2.920 */mm3", ("", "2920", "/mm3")),
        (">120 ml/min", (">", "120", "ml/min")),
        ("négatif", ("", "négatif", "")),
        ("1,45 g/l soit 8,05 mmol/l", ("", "1.45", "g/l")),
    ],
)
def test_value_and_unit_stand_in_one_cell(tmp_path: Path, cell: str, told: tuple[str, str, str]) -> None:
    found = read(tmp_path, kSuivi=rows(f"4\t1/2/08\tExamen\t{cell}"))
    assert [one[2:5] for one in found.results()] == [told]


@pytest.mark.parametrize(
    ("day", "iso"), [("1/2/08", "2008-02-01"), ("31/12/45", "2045-12-31"), ("1/1/46", "1946-01-01")]
)
def test_the_century_turns_after_45(tmp_path: Path, day: str, iso: str) -> None:
    assert [one[5] for one in read(tmp_path, kSuivi=rows(f"4\t{day}\tUrée\t0,31 g/l")).results()] == [iso]


def test_signs_are_no_laboratory_results(tmp_path: Path) -> None:
    found = read(tmp_path, kSuivi=rows("4\t1/2/08\tPoids\t71 kg", "4\t1/2/08\tTA\t13/8", "4\t1/2/08\tUrée\t0,31 g/l"))
    assert [one[1] for one in found.results()] == ["Urée"]
    assert len(found.resources["Observation"]) > 1


def test_a_row_that_cannot_be_read_is_kept_apart(tmp_path: Path) -> None:
    lines = (
        "4\t31/2/08\tUrée\t0,31 g/l",
        "\t1/2/08\tUrée\t0,32 g/l",
        "4\t1/2/08\t\t0,33 g/l",
        "4\t1/2/08\tUrée\t.",
        "",
    )
    good = tuple(f"{number}\t1/2/08\tUrée\t0,4 g/l" for number in range(5, 20))
    found = read(tmp_path, kSuivi=rows(*good, *lines))
    assert len(found.results()) == 15
    assert found.reasons == {"unreadable": 3, "comment": 1, "blank": 1}


def test_patients_come_from_their_own_file(tmp_path: Path) -> None:
    people = "N°\tNOM\tPrénom\tDate de naissance\tSexe\r\n4\tMARTEL\tAgathe\t02/03/1960\tF\r\n"
    found = read(tmp_path, kSuivi=rows("4\t1/2/08\tUrée\t0,31 g/l"), kPatient=people)
    assert found.by_number() == {"4": ("MARTEL", "Agathe", "F", "1960-03-02")}


def test_a_number_listed_twice_names_nobody(tmp_path: Path) -> None:
    people = "N°\tNOM\tPrénom\r\n4\tMARTEL\tAgathe\r\n4\tVILLARD\tNoël\r\n"
    found = read(tmp_path, kSuivi=rows("4\t1/2/08\tUrée\t0,31 g/l"), kPatient=people)
    assert found.by_number() == {"4": ("", "", "", "")}
    assert "SX501" in found.doubts


def test_files_whose_columns_are_not_known_give_nothing_and_say_so(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        kSuivi=rows("4\t1/2/08\tUrée\t0,31 g/l"),
        kPatient="A\tB\r\n4\tMARTEL\r\n",
        kAntecedant="A\tB\r\n4\tAsthme\r\n",
    )
    assert found.by_number() == {"4": ("", "", "", "")}
    assert "Condition" not in found.resources
    assert found.report.reading.quarantined == 1


def test_an_allergy_inside_the_histories_is_an_allergy(tmp_path: Path) -> None:
    text = "Numéro\tDate\tType\tTexte\r\n4\t\tmed\tAllergie à la pénicilline\r\n4\t2001\tchir\tAppendicectomie\r\n"
    found = read(tmp_path, kAntecedant=text)
    assert len(found.resources["AllergyIntolerance"]) == 1
    assert len(found.resources["Procedure"]) == 1


def test_a_practice_is_read_whole(tmp_path: Path) -> None:
    practice = content.make("cabinet", 42)
    folder = tmp_path / "cabinet"
    folder.mkdir()
    delimited.axisante(folder, practice)
    found = Run(folder)
    assert read_back(found) == expected(practice)
    assert found.by_number() == people_of(practice)
    assert found.report.reading.quarantined == 0
    assert (found.refused, found.report.ignored) == ([], {})
