"""Medimust: one physical line, results in the words of letters, numbers in the place of the profession."""

from pathlib import Path

import pytest
from tests.practices import content, dumps
from tests.unit.parsers.packs.runs import Run, claims_of, expected, people_of, read_back

PATIENT = (
    'INSERT INTO patients ("nom_dossier", "prenom", "date_naissance", "profession", "antecedents", "nom_patient", '
    '"sexe", "num_secu", "id_unique", "time_stamp") VALUES '
)
LETTER = (
    'INSERT INTO courriers_bilans ("date_doc", "nom_doc", "text_doc", "date_resultat", "id_unique", "rid_patient", '
    '"time_stamp") VALUES '
)
ROUX = PATIENT + r"(E'ROUX', E'Éva', E'1950-03-02', E'4711', E'', E'ROUX', E'F', E'250039912345678', E'88', NULL);"


def letter(text: str, uid: str = "501", owner: str = "88", day: str = "'2013-03-04'") -> str:
    return LETTER + f"(E'2013-03-05', E'Bilan', E'{text}', {day}, E'{uid}', E'{owner}', E'2013-03-05 10:00:00');"


def read(folder: Path, **files: str) -> Run:
    practice = folder / "cabinet"
    practice.mkdir()
    for name, text in files.items():
        (practice / f"{name}.sql").write_bytes(text.encode("utf-8"))
    return Run(practice)


@pytest.mark.parametrize("text", [ROUX, letter("CRP : 4 mg/L"), ROUX + letter("CRP : 4 mg/L")])
def test_each_table_and_both_in_one_file_are_claimed_by_one_pack(text: str) -> None:
    assert claims_of(text.encode(), "export.sql") == [("medimust", "dump")]


def test_tables_of_the_same_names_elsewhere_are_not_claimed() -> None:
    assert claims_of(b"INSERT INTO patients (id, nom) VALUES (1, 'ROUX');", "export.sql") == []
    assert claims_of(b'INSERT INTO rdv ("id_unique", "time_stamp") VALUES (1, NULL);', "export.sql") == []


@pytest.mark.parametrize("is_one_file", [True, False])
def test_results_are_read_out_of_words_and_the_rest_is_kept(tmp_path: Path, is_one_file: bool) -> None:
    text = letter(
        r"LABO DU PORT\nCREATININE ......... : 9,4 mg/l\nHDL Cholest,rol   0,52 g/l\nL\'an dernier : 3 visites\n"
        r"RAPPORT LDL/HDL : 2,4\nTSH <0,01 mUI/L"
    )
    found = read(tmp_path, tout=ROUX + text) if is_one_file else read(tmp_path, a=text, b=ROUX)
    assert found.refused == []
    assert found.results() == [
        ("4711", "CREATININE", "", "9.4", "mg/l", "2013-03-04"),
        ("4711", "HDL Cholest,rol", "", "0.52", "g/l", "2013-03-04"),
        ("4711", "TSH", "<", "0.01", "mUI/L", "2013-03-04"),
    ]
    (composition,) = found.resources["Composition"]
    (note,) = [section for section in composition["section"] if "text" in section]
    assert "L'an dernier : 3 visites\nRAPPORT LDL/HDL : 2,4" in note["text"]["div"]
    assert found.by_number() == {"4711": ("ROUX", "Éva", "F", "1950-03-02")}
    assert "250039912345678" not in str(found.resources)


def test_a_letter_that_is_sent_again_adds_nothing_and_one_that_differs_does(tmp_path: Path) -> None:
    text = "CRP : 4 mg/L"
    letters = letter(text) + letter(text, uid="502") + letter(text, uid="503", day="'2013-03-06'")
    found = read(tmp_path, a=ROUX + letters, b=letter(text, uid="504"))
    assert [one[5] for one in found.results()] == ["2013-03-04", "2013-03-06"]


def test_a_letter_of_nobody_and_a_statement_that_is_cut_are_kept_apart(tmp_path: Path) -> None:
    found = read(tmp_path, a=ROUX + letter("CRP : 4 mg/L") + letter("CRP : 5 mg/L", owner="99") + letter("CRP")[:-40])
    assert len(found.results()) == 1
    assert found.reasons == {"comment": 1, "no-patient": 1, "unreadable": 1}


def test_the_date_of_the_letter_stands_for_that_of_the_results(tmp_path: Path) -> None:
    assert read(tmp_path, a=ROUX + letter("CRP : 4 mg/L", day="NULL")).results()[0][5] == "2013-03-05"


def test_a_practice_is_read_completely(tmp_path: Path) -> None:
    practice = content.make("Cabinet Medimust", 11)
    folder = tmp_path / "cabinet"
    folder.mkdir()
    dumps.medimust(folder, practice)
    found = Run(folder)
    assert found.refused == []
    assert found.report.reading.quarantined == 0
    assert read_back(found) == expected(practice)
    assert len(found.results()) == practice.truth.results
    known = people_of(practice)
    assert len(known) == practice.truth.people
    assert {number: one for number, one in found.by_number().items() if number in known} == known
