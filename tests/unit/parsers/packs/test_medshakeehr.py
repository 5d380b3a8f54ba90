"""MedShakeEHR: values by entity and attribute, rows that point to rows, what was replaced and what was removed."""

from pathlib import Path

from msgspec import structs
from tests.practices import content, dumps
from tests.practices.records import records_of
from tests.unit.parsers.packs.records_read import counted
from tests.unit.parsers.packs.runs import Run, claims_of, expected, people_of, read_back

TYPES = (
    "birthname", "lastname", "firstname", "birthdate", "administrativeGenderCode", "nss", "creatinineMgL", "allergies",
    "atcdMedicChir", "atcdFamiliaux", "csAtcdStrucDeclaration", "atcdStrucCIM10", "atcdStrucDateDebutAnnee",
    "taSystolique", "taDiastolique", "ordoLigneOrdo",
)  # fmt: skip
COLUMNS = "(`id`,`fromID`,`toID`,`typeID`,`parentTypeID`,`instance`,`creationDate`,`value`,`outdated`,`deleted`)"


def types() -> str:
    rows = ",".join(f"({n},'x','{name}','{name}',1)" for n, name in enumerate(TYPES, 1))
    return f"INSERT INTO `data_types` (`id`,`groupe`,`name`,`label`,`fromID`) VALUES {rows};\n"


def values(*rows: tuple[int, int, str, int, str, str, str]) -> str:
    """Rows of (number, patient, type, part of, value, outdated, deleted)."""
    told = ",".join(
        f"({uid},1,{owner},{TYPES.index(name) + 1},0,{part},'2020-01-02 10:00:00','{value}','{old}','{gone}')"
        for uid, owner, name, part, value, old, gone in rows
    )
    return f"INSERT INTO `objets_data` {COLUMNS} VALUES {told};\n"


def read(folder: Path, **files: str) -> Run:
    practice = folder / "cabinet"
    practice.mkdir()
    for name, text in files.items():
        (practice / f"{name}.sql").write_text(text, "utf-8")
    return Run(practice)


def test_dumps_of_the_software_are_claimed_and_others_are_not() -> None:
    whole = types() + values((1, 2, "creatinineMgL", 0, "9", "", ""))
    assert claims_of(whole.encode(), "ehr.sql") == [("medshakeehr", "dump")]
    assert claims_of(types().encode(), "types.sql") == [("medshakeehr", "dump")]
    assert claims_of(b"INSERT INTO `users` (`id`,`fromID`) VALUES (1,2);", "other.sql") == []
    assert claims_of(b"INSERT INTO `objets_data` (`id`,`owner`) VALUES (1,2);", "other.sql") == []


def test_what_was_replaced_or_removed_is_set_aside_and_never_stands_for_what_holds(tmp_path: Path) -> None:
    text = types() + values(
        (1, 7, "birthdate", 0, "02/03/1950", "", ""),
        (2, 7, "birthdate", 0, "02/03/1905", "y", ""),
        (3, 7, "birthname", 0, "ROUX", "", ""),
        (4, 7, "nss", 0, "250039912345678", "", ""),
        (5, 7, "creatinineMgL", 0, "9,1", "", ""),
        (6, 7, "creatinineMgL", 0, "91", "y", ""),
        (7, 7, "creatinineMgL", 0, "99", "", "y"),
    )
    found = read(tmp_path, ehr=text)
    assert found.refused == []
    assert [one[:5] for one in found.results()] == [("7", "creatinineMgL", "", "9.1", "mg/L")]
    assert found.by_number()["7"] == ("ROUX", "", "", "1950-03-02")
    assert found.reasons["withdrawn"] == 3
    assert "250039912345678" not in str(found.resources)


def test_a_dump_may_be_divided_a_file_a_table(tmp_path: Path) -> None:
    found = read(tmp_path, a_values=values((5, 7, "creatinineMgL", 0, "9,1", "", "")), b_types=types())
    assert [one[3] for one in found.results()] == ["9.1"]


def test_without_the_types_nothing_is_known_of_a_value(tmp_path: Path) -> None:
    found = read(tmp_path, ehr=values((5, 7, "creatinineMgL", 0, "9,1", "", "")))
    assert found.results() == []
    assert found.reasons == {"comment": 1}


def test_a_structured_history_of_a_relative_is_never_one_of_the_patient(tmp_path: Path) -> None:
    text = types() + values(
        (1, 7, "atcdMedicChir", 0, "HTA", "", ""),
        (2, 7, "atcdFamiliaux", 0, "Père : infarctus", "", ""),
        (3, 7, "csAtcdStrucDeclaration", 1, "", "", ""),
        (4, 7, "atcdStrucCIM10", 3, "E11.9", "", ""),
        (5, 7, "atcdStrucDateDebutAnnee", 3, "2004", "", ""),
        (6, 7, "csAtcdStrucDeclaration", 2, "", "", ""),
        (7, 7, "atcdStrucCIM10", 6, "C50", "", ""),
        (8, 8, "atcdStrucCIM10", 0, "J45.9", "", ""),
        (9, 8, "atcdStrucDateDebutAnnee", 0, "1999", "", ""),
    )
    found = read(tmp_path, ehr=text)
    told = {
        (one["code"].get("text") or one["code"]["coding"][0]["code"], one.get("onsetDateTime"))
        for one in found.resources["Condition"]
    }
    # Rows that are no part of one row (instance 0) have no date beside them.
    assert told == {("HTA", None), ("E11.9", "2004"), ("J45.9", None)}
    relatives = found.resources["FamilyMemberHistory"]
    assert len(relatives) == 2
    assert {str(one["condition"][0]["code"].get("text")) for one in relatives} == {"infarctus", "None"}


def test_both_pressures_of_one_measure_are_one_and_one_alone_is_kept(tmp_path: Path) -> None:
    text = types() + values(
        (1, 7, "taSystolique", 90, "145", "", ""),
        (2, 7, "taDiastolique", 90, "80", "", ""),
        (3, 7, "taSystolique", 91, "130", "", ""),
    )
    observations = read(tmp_path, ehr=text).resources["Observation"]
    found = [[*one.get("component", ()), one] for one in observations]
    told = [[part["valueQuantity"]["value"] for part in parts if "valueQuantity" in part] for parts in found]
    assert sorted(filter(None, told)) == [[130], [145, 80]]


def test_a_row_whose_columns_cannot_be_told_is_kept_apart(tmp_path: Path) -> None:
    whole = types() + values((5, 7, "creatinineMgL", 0, "9,1", "", ""))
    found = read(tmp_path, ehr=whole + f"INSERT INTO `objets_data` {COLUMNS} VALUES (6,1,7,7,0,0,'2020-01-02','8")
    assert [one[3] for one in found.results()] == ["9.1"]
    assert found.reasons["unreadable"] == 1


def test_a_practice_is_read_completely(tmp_path: Path) -> None:
    practice = content.make("Cabinet MedShake", 21)
    folder = tmp_path / "cabinet"
    folder.mkdir()
    dumps.medshakeehr(folder, practice)
    found = Run(folder)
    assert found.refused == []
    assert found.report.reading.quarantined == 0
    assert read_back(found) == expected(practice)
    known = people_of(practice)
    assert {number: one for number, one in found.by_number().items() if number in known} == known
    # The base module of the software has neither vaccinations nor acts.
    assert counted(found) == structs.replace(records_of(practice).truth, vaccines=0, acts=0)
    lasting = [one for one in found.resources["MedicationRequest"] if "selon" in one["dosageInstruction"][0]["text"]]
    assert all("timing" not in one["dosageInstruction"][0] for one in lasting)
