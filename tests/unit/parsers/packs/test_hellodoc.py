"""Hellodoc: groups of a patient and a day, units that move from one cell to another, words in between."""

from pathlib import Path

import pytest
from tests.practices import content, delimited
from tests.unit.parsers.packs.runs import Run, claims_of, expected, people_of, read_back

GROUP = "312;BIOLOGIE;14/05/2012;;\r\n"


def read(folder: Path, text: str, encoding: str = "cp1252") -> Run:
    practice = folder / "cabinet"
    practice.mkdir()
    (practice / "Biologies.asc").write_bytes(text.encode(encoding))
    return Run(practice)


@pytest.mark.parametrize("frame", ["", "<form>\r\n"])
def test_a_file_is_claimed_by_one_pack(frame: str) -> None:
    data = (frame + GROUP + "Urée;;0,31;;;;g/l\r\n").encode("cp1252")
    assert claims_of(data, "BIOLOGIES.ASC") == [("hellodoc", "results")]
    assert claims_of(data, "notes.asc") == []
    assert claims_of(b"312;COURRIER;14/05/2012;;\r\n", "Biologies.asc") == []


def test_the_unit_column_moves_between_practices(tmp_path: Path) -> None:
    lines = "Urée;;0,31;;;;g/l\r\nASAT;;31;N;;;;;;;UI/L\r\nTP;;88;;;;%;;;;\r\nINR;;2,4;H;;;;;;;\r\n"
    found = read(tmp_path, GROUP + lines)
    assert found.results() == [
        ("312", "Urée", "", "0.31", "g/l", "2012-05-14"),
        ("312", "ASAT", "", "31", "UI/L", "2012-05-14"),
        ("312", "TP", "", "88", "%", "2012-05-14"),
        ("312", "INR", "", "2.4", "", "2012-05-14"),
    ]
    assert found.refused == []


def test_two_units_that_differ_leave_the_result_without_one(tmp_path: Path) -> None:
    found = read(tmp_path, GROUP + "Glycémie;;1,02;;;;g/L;;;;mmol/L\r\nUrée;;0,31;;;;g/l;;;;G/L\r\n")
    assert [one[3:5] for one in found.results()] == [("1.02", ""), ("0.31", "g/l")]
    notes = [one.get("note") for one in found.resources["Observation"]]
    assert notes == [[{"text": "Deux unités dans l'export : g/L et mmol/L"}], None]


@pytest.mark.parametrize("cell", ["N", "F", "12", "0,70-1,10", "HH", "VR : 0,7 à 1,1 g/L"])
def test_what_is_no_unit_is_not_taken_for_one(tmp_path: Path, cell: str) -> None:
    found = read(tmp_path, f"{GROUP}Urée;;0,31;;;;{cell};;;;g/l\r\n")
    assert [one[3:5] for one in found.results()] == [("0.31", "g/l")]


def test_values_keep_their_signs_flags_and_thousands(tmp_path: Path) -> None:
    lines = "CRP;;<0,5;;;;mg/l\r\nLEUCOCYTES;;2.920;*;;;/mm3\r\nAspect;;trouble;A;;;\r\nPLAQUETTES;;224.000;;;;/mm3\r\n"
    found = read(tmp_path, GROUP + lines)
    assert [one[2:5] for one in found.results()] == [
        ("<", "0.5", "mg/l"),
        ("", "2920", "/mm3"),
        ("", "trouble", ""),
        ("", "224000", "/mm3"),
    ]


def test_words_between_results_are_comments(tmp_path: Path) -> None:
    words = "Sérum lactescent ; ininterprétable ; à refaire\r\n"
    text = f"Export du 01/06/2012\r\n<form>\r\n{GROUP}{words}Urée;;0,31;;;;g/l\r\n"
    found = read(tmp_path, text + "Valeurs normales : 0,15 à 0,45\r\n</form>\r\n\r\n")
    assert len(found.results()) == 1
    assert found.reasons == {"comment": 3, "blank": 1}
    assert found.report.reading.quarantined == 0


def test_a_group_that_cannot_be_read_gives_its_results_to_nobody(tmp_path: Path) -> None:
    no_day = "313;BIOLOGIE;;;\r\nUrée;;0,55;;;;g/l\r\n"
    nobody = ";BIOLOGIE;14/05/2012;\r\nUrée;;0,56;;;;g/l\r\n"
    found = read(tmp_path, f"{GROUP}Urée;;0,31;;;;g/l\r\n{no_day}{nobody}")
    assert [one[3] for one in found.results()] == ["0.31"]
    assert found.report.reading.quarantined == 4


def test_groups_of_other_kinds_hold_no_result(tmp_path: Path) -> None:
    found = read(tmp_path, f"{GROUP}Urée;;0,31;;;;g/l\r\n313;ORDONNANCE;14/05/2012;\r\nUrée;;0,55;;;;g/l\r\n")
    assert [one[0] for one in found.results()] == ["312"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "mac-roman", "cp850"])
def test_accents_survive_every_encoding(tmp_path: Path, encoding: str) -> None:
    text = f"{GROUP}Créatinine à jeun;;9,1;;;;mg/l\r\nHémoglobine glyquée;;6,1;;;;%\r\nPrélèvement différé\r\n"
    found = read(tmp_path, text, encoding)
    assert [one[1] for one in found.results()] == ["Créatinine à jeun", "Hémoglobine glyquée"]


def test_a_practice_is_read_whole(tmp_path: Path) -> None:
    practice = content.make("cabinet", 41)
    folder = tmp_path / "cabinet"
    folder.mkdir()
    delimited.hellodoc(folder, practice)
    found = Run(folder)
    assert read_back(found) == expected(practice)
    assert found.by_number() == people_of(practice)
    assert found.report.reading.quarantined == 0
    assert found.refused == []
