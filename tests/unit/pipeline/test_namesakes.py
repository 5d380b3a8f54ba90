"""A number given to two people joins nothing, in either target, and is told."""

import json
from pathlib import Path

import duckdb
import pytest

from semantix import Options, convert

RECORD = """P100
{family}
{given}
1 rue du Port

29200 BREST
{birth}

{file}
{day}
LABOTEST  Laboratoire du Port
MED0000001Dr Test

****LAB****
RES|Ferritine|FERR|N|{value}|ng/ml|30|400|N|F
****FIN****
****FINFICHIER****
"""


@pytest.fixture
def practice(tmp_path: Path) -> Path:
    folder = tmp_path / "cabinet"
    folder.mkdir()
    people = (
        ("a.hpr", "LEMOINE", "Zoé", "04/01/1980", "05/11/2024", 40),
        ("b.hpr", "RIOU", "Jean", "23/09/1987", "06/11/2024", 12),
        ("c.hpr", "LEMOINE", "Zoé", "04/01/1980", "07/11/2024", 41),
    )
    for name, family, given, birth, day, value in people:
        words = {"family": family, "given": given, "birth": birth, "day": day, "value": value, "file": name}
        (folder / name).write_text(RECORD.format(**words), encoding="cp1252")
    return folder


@pytest.mark.parametrize("jobs", [1, 2])
def test_two_people_with_one_number_are_two_persons(practice: Path, tmp_path: Path, jobs: int) -> None:
    database = tmp_path / "cdm.duckdb"
    report = convert(
        [practice], database, Options(target="omop", format="duckdb", report=tmp_path / "r.json", jobs=jobs)
    )
    with duckdb.connect(str(database), read_only=True) as connection:
        rows = connection.execute(
            "SELECT year_of_birth, list(value_as_number ORDER BY value_as_number) FROM measurement "
            "JOIN person USING (person_id) GROUP BY ALL ORDER BY 1"
        ).fetchall()
    assert rows == [(1980, [40.0, 41.0]), (1987, [12.0])]
    assert report.figures.issues["SX906", "warning"] == 1
    told = json.loads((tmp_path / "r.json").read_bytes())
    assert [[i["code"] for i in d["issues"]] for d in told["documents"]] == [[], ["SX906"], []]
    assert "LEMOINE" not in json.dumps(told)


def test_two_people_with_one_number_are_two_patients(practice: Path, tmp_path: Path) -> None:
    report = convert([practice], tmp_path / "out", Options(format="ndjson"))
    lines = (tmp_path / "out" / "Patient.ndjson").read_text(encoding="utf-8").splitlines()
    people = {one["id"]: one["name"][0]["family"] for one in map(json.loads, lines)}
    assert sorted(people.values()) == ["LEMOINE", "RIOU"]
    observed = (tmp_path / "out" / "Observation.ndjson").read_text(encoding="utf-8").splitlines()
    of = {
        (people[o["subject"]["reference"].split("/")[1]], o["valueQuantity"]["value"])
        for o in map(json.loads, observed)
    }
    assert of == {("LEMOINE", 40), ("LEMOINE", 41), ("RIOU", 12)}
    assert report.figures.issues["SX906", "warning"] == 1
