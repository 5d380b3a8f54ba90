"""Mediboard OxPivot: a ZIP of tables that point to each other, allergies inside histories, results inside visits."""

import zipfile
from pathlib import Path

import pytest
from tests.practices import content, dumps
from tests.practices.records import records_of
from tests.unit.parsers.packs.records_read import counted
from tests.unit.parsers.packs.runs import Run, claims_of, expected, people_of, read_back

PATIENTS = "id;nom;prenom;date_naissance;matricule;sexe;ald;ipp\r\nP1;ROUX;Éva;1950-03-02;250039912345678;f;1;900\r\n"
HISTORIES = "id;praticien;patient;text;comment;date;type;appareil\r\n"
SIGNS = "id;patient;date;taille;poids;ta_droit_systole;ta_droit_diastole;ta_gauche_systole;ta_gauche_diastole\r\n"


def read(folder: Path, encoding: str = "utf-8", **tables: str) -> Run:
    practice = folder / "cabinet"
    practice.mkdir()
    with zipfile.ZipFile(practice / "pivot.zip", "w") as archive:
        for name, text in tables.items():
            archive.writestr(f"{name}.csv", text.encode(encoding))
    return Run(practice)


@pytest.mark.parametrize(
    ("name", "header", "role"),
    [
        ("patient.csv", PATIENTS, "patients"),
        ("antecedent.csv", HISTORIES, "histories"),
        ("constante.csv", SIGNS, "signs"),
        ("antecedent_format.csv", "Nom du champ;Taille du champ;Description;Obligatoire\n", "descriptions"),
    ],
)
def test_each_table_is_claimed_by_its_role(name: str, header: str, role: str) -> None:
    assert claims_of(header.encode(), name) == [("mediboard-oxpivot", role)]
    assert claims_of(b"a;b;c\n1;2;3\n", name) == []


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_histories_become_what_they_are(tmp_path: Path, encoding: str) -> None:
    rows = (
        "1;;P1;Diabète de type 2;;2004-05-01;med;\r\n2;;P1;Césarienne;;;obst;\r\n3;;P1;Père : infarctus;;;fam;\r\n"
        "4;;P1;Pénicilline;urticaire;2001-02-03;alle;\r\n5;;P1;aucune allergie alimentaire;;;alle;\r\n"
        "6;;P1;allergie à l'iode;;;med;\r\n"
    )
    found = read(tmp_path, encoding, patient=PATIENTS, antecedent=HISTORIES + rows)
    assert found.refused == []
    assert found.by_number() == {"P1": ("ROUX", "Éva", "F", "1950-03-02")}
    (condition,) = found.resources["Condition"]
    assert (condition["code"]["text"], condition["onsetDateTime"]) == ("Diabète de type 2", "2004-05-01")
    assert [one["code"]["text"] for one in found.resources["Procedure"]] == ["Césarienne"]
    assert len(found.resources["FamilyMemberHistory"]) == 1
    allergies = {one["code"].get("text"): one.get("onsetDateTime") for one in found.resources["AllergyIntolerance"]}
    assert allergies == {"Pénicilline": "2001-02-03", "iode": None, "aucune allergie alimentaire": None}
    assert "urticaire" in str(found.resources["Composition"])
    assert "250039912345678" not in str(found.resources)


def test_pressures_are_in_cmhg_unless_they_cannot_be(tmp_path: Path) -> None:
    rows = "1;P1;2014-06-07 09:00:00;;;12.5;8;;\r\n2;P1;2014-06-08 09:00:00;;;;;130;85\r\n3;P1;;;;;;;\r\n"
    found = read(tmp_path, patient=PATIENTS, constante=SIGNS + rows)
    told = [
        (one["bodySite"]["text"], [part["valueQuantity"]["unit"] for part in one["component"]])
        for one in found.resources["Observation"]
        if "component" in one
    ]
    assert sorted(told) == [("bras droit", ["cmHg", "cmHg"]), ("bras gauche", ["mm[Hg]", "mm[Hg]"])]
    assert "SX281" in found.doubts
    assert found.reasons == {"comment": 1}


def test_a_patient_who_is_not_in_the_tables_is_known_by_the_number_alone(tmp_path: Path) -> None:
    found = read(tmp_path, patient=PATIENTS, antecedent=HISTORIES + "1;;P9;HTA;;;med;\r\n")
    assert found.by_number()["P9"] == ("", "", "", "")
    assert "SX502" in found.doubts


def test_two_patients_of_one_number_join_nothing(tmp_path: Path) -> None:
    twice = PATIENTS + "P1;PETIT;Luc;1961-11-12;;m;0;901\r\n"
    found = read(tmp_path, patient=twice, antecedent=HISTORIES + "1;;P1;HTA;;;med;\r\n")
    assert "SX501" in found.doubts
    (condition,) = found.resources["Condition"]
    patient = found.patients()[condition["subject"]["reference"]]
    assert "name" not in patient or patient["name"][0].get("family") != "PETIT"


def test_tables_alone_in_a_folder_are_read_as_those_of_an_archive(tmp_path: Path) -> None:
    folder = tmp_path / "cabinet"
    folder.mkdir()
    (folder / "patient.csv").write_text(PATIENTS, "utf-8")
    (folder / "antecedent.csv").write_text(HISTORIES + "1;;P1;HTA;;;med;\r\n", "utf-8")
    assert Run(folder).by_number()["P1"][0] == "ROUX"


def test_a_practice_is_read_completely(tmp_path: Path) -> None:
    practice = content.make("Cabinet Pivot", 31)
    folder = tmp_path / "cabinet"
    folder.mkdir()
    dumps.mediboard_oxpivot(folder, practice)
    found = Run(folder)
    assert found.refused == []
    assert found.report.reading.quarantined == 0
    assert read_back(found) == expected(practice)
    known = people_of(practice)
    assert {number: one for number, one in found.by_number().items() if number in known} == known
    assert counted(found) == records_of(practice).truth
    signed = [one for one in found.resources["Practitioner"] if one.get("identifier")]
    assert signed
