"""Parquet files hold the rows of the last publication, byte for byte, whatever the path to it."""

import json
import os
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.omop_deltas import KEYS, Rows, delta, measurement, row, state

from semantix.emitters.omop import SCHEMA
from semantix.errors import BadTarget
from semantix.runs.publishing import parquet as module
from semantix.runs.publishing.delta import Delta
from semantix.runs.publishing.parquet import ParquetTarget


@pytest.fixture(autouse=True)
def no_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", lambda _: None)


@pytest.fixture
def connection():
    with duckdb.connect() as opened:
        yield opened


def publish(folder: Path, *states: Rows, connection=None) -> None:
    with duckdb.connect() as opened:
        before: Rows = {}
        for number, after in enumerate(states, 1):
            ParquetTarget(folder).apply(delta(opened, number, before, after))
            before = after


def whole(folder: Path) -> dict[str, object]:
    files: dict[str, object] = {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else "" for path in folder.rglob("*")
    }
    index = json.loads((folder / "index.json").read_bytes())
    assert index.pop("number") == ParquetTarget(folder).marker()
    return files | {"index.json": index}


def years(folder: Path, table: str = "measurement") -> dict[str, int]:
    return {path.parent.name: path.stat().st_ino for path in sorted((folder / table).glob("*/*.parquet"))}


FIRST = state("measurement", measurement(1), measurement(2, 2023), measurement(3, 2022))
PERSON = state("person", row("person", person_id=1, year_of_birth=1950))


def test_events_are_read_with_their_year_and_other_tables_from_one_file(tmp_path):
    publish(tmp_path / "out", FIRST | PERSON)
    with duckdb.connect() as session:
        place = f"{tmp_path}/out/measurement/**/*.parquet"
        query = f"SELECT year, measurement_id, unit_source_value FROM read_parquet('{place}', hive_partitioning=true)"
        found = session.execute(f"{query} ORDER BY ALL").fetchall()
        assert found == [(2022, 3, "é’"), (2023, 2, "é’"), (2024, 1, "é’")]
        told = session.execute(f"DESCRIBE FROM read_parquet('{place}', hive_partitioning=false)").fetchall()
        assert [(name, kind) for name, kind, *_ in told] == [
            (f.name, f.sql_type.partition("(")[0]) for f in SCHEMA["measurement"].fields
        ]
        people = session.execute(f"SELECT person_id FROM '{tmp_path}/out/person/part-0.parquet'").fetchall()
        assert people == [(1,)]
        assert session.execute(f"SELECT count(*) FROM '{tmp_path}/out/death/part-0.parquet'").fetchall() == [(0,)]
    assert json.loads((tmp_path / "out" / "index.json").read_bytes())["counts"] == {"measurement": 3, "person": 1}


def test_only_years_of_changed_rows_are_written_again(tmp_path):
    out = tmp_path / "out"
    publish(out, FIRST | PERSON)
    before = years(out)
    person = (out / "person" / "part-0.parquet").stat().st_ino
    then = state("measurement", measurement(1), measurement(3, 2022, 5.0), measurement(4, 2025))
    with duckdb.connect() as session:
        ParquetTarget(out).apply(delta(session, 2, FIRST | PERSON, then | PERSON))
    after = years(out)
    assert list(after) == ["year=2022", "year=2024", "year=2025"]
    assert after["year=2024"] == before["year=2024"]
    assert after["year=2022"] != before["year=2022"]
    assert (out / "person" / "part-0.parquet").stat().st_ino == person


def test_a_row_that_changes_its_year_is_in_one_file(tmp_path):
    publish(tmp_path / "out", FIRST, FIRST | state("measurement", measurement(1, 2020)))
    assert list(years(tmp_path / "out")) == ["year=2020"]
    publish(tmp_path / "other", state("measurement", measurement(1, 2020)))
    assert whole(tmp_path / "out") == whole(tmp_path / "other")


def test_the_last_row_takes_its_folder_with_it(tmp_path):
    publish(tmp_path / "out", FIRST | PERSON, PERSON)
    assert not (tmp_path / "out" / "measurement").exists()
    publish(tmp_path / "other", PERSON)
    assert whole(tmp_path / "out") == whole(tmp_path / "other")


def test_rows_without_a_primary_key_are_removed_whole(tmp_path):
    one = row("fact_relationship", domain_concept_id_1=1, fact_id_1=2, domain_concept_id_2=3, fact_id_2=4)
    two = one | {"fact_id_2": 5}
    publish(tmp_path / "out", state("fact_relationship", one, two), state("fact_relationship", two))
    publish(tmp_path / "other", state("fact_relationship", two))
    assert whole(tmp_path / "out") == whole(tmp_path / "other")


def test_metadata_are_written_anew(tmp_path):
    def told(number: int) -> Rows:
        return state("metadata", row("metadata", metadata_id=1, name="semantix publication", value_as_number=number))

    publish(tmp_path / "out", told(1), told(2))
    assert duckdb.sql(f"SELECT value_as_number FROM '{tmp_path}/out/metadata/*.parquet'").fetchall() == [(2.0,)]


def test_a_publication_is_taken_once_and_in_order(tmp_path, connection):
    target = ParquetTarget(tmp_path / "out")
    assert target.marker() == 0
    target.apply(delta(connection, 1, {}, FIRST))
    before = (tmp_path / "out").stat().st_ino
    target.apply(delta(connection, 1, {}, PERSON))
    assert (tmp_path / "out").stat().st_ino == before
    with pytest.raises(BadTarget, match="holds publication 1, it cannot take 3"):
        target.apply(delta(connection, 3, FIRST, PERSON))
    assert target.marker() == 1


def test_a_failure_leaves_the_folder_as_it_was(tmp_path, connection, monkeypatch):
    target = ParquetTarget(tmp_path / "out")
    target.apply(delta(connection, 1, {}, FIRST))
    before = whole(tmp_path / "out")

    def full(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(module, "_groups", full)
        with pytest.raises(BadTarget, match="No space left on device"):
            target.apply(delta(connection, 2, FIRST, PERSON))
    assert whole(tmp_path / "out") == before
    target.apply(delta(connection, 2, FIRST, PERSON))
    assert target.marker() == 2


def test_the_vocabulary_stands_before_local_rows(tmp_path, connection):
    athena = tmp_path / "athena"
    athena.mkdir()
    columns = {name: "\t".join(SCHEMA[name].columns) for name in ("concept", "domain")}
    concept = "8507\tMALE\tGender\tGender\tGender\tS\tM\t19700101\t20991231\t"
    (athena / "CONCEPT.csv").write_text(f"{columns['concept']}\n{concept}\n")
    (athena / "DOMAIN.csv").write_text(f"{columns['domain']}\nGender\tGender\t2\n")
    connection.execute(SCHEMA["concept"].create("rows_concept"))
    connection.execute(
        "INSERT INTO rows_concept VALUES "
        "(2000000001, 'x', 'Gender', 'Local', 'Local', NULL, 'x', '1970-01-01', '2099-12-31', NULL)"
    )
    connection.execute("CREATE TABLE gone_concept (concept_id INTEGER)")
    target = ParquetTarget(tmp_path / "out", tmp_path)
    target.apply(Delta(1, True, connection, ("concept",), {"concept": ("concept_id",)}, {"concept": 1}, athena))
    assert duckdb.sql(f"SELECT concept_id FROM '{tmp_path}/out/concept/*.parquet'").fetchall() == [
        (8507,),
        (2000000001,),
    ]
    assert duckdb.sql(f"FROM '{tmp_path}/out/domain/*.parquet'").fetchall() == [("Gender", "Gender", 2)]
    before = (tmp_path / "out" / "domain" / "part-0.parquet").stat().st_ino
    connection.execute("DELETE FROM rows_concept")
    connection.execute("INSERT INTO gone_concept VALUES (2000000001)")
    target.apply(Delta(2, False, connection, ("concept",), {"concept": ("concept_id",)}, {"concept": 0}, athena))
    assert duckdb.sql(f"SELECT concept_id FROM '{tmp_path}/out/concept/*.parquet'").fetchall() == [(8507,)]
    assert (tmp_path / "out" / "domain" / "part-0.parquet").stat().st_ino == before


def test_row_groups_are_cut_by_rows_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_ROWS", 5000)
    with duckdb.connect() as session:
        for name, threads in (("one", 1), ("two", 2)):
            session.execute(f"SET threads = {threads}; DROP TABLE IF EXISTS rows_measurement")
            session.execute(SCHEMA["measurement"].create("rows_measurement"))
            session.execute(
                "INSERT INTO rows_measurement BY NAME SELECT range AS measurement_id, 1 AS person_id, "
                "0 AS measurement_concept_id, DATE '2024-01-01' AS measurement_date, 0 AS measurement_type_concept_id, "
                f"'u' || range % 7 AS unit_source_value FROM range(12345) ORDER BY range % {threads * 3}"
            )
            full = Delta(1, True, session, ("measurement",), KEYS, {"measurement": 12345})
            ParquetTarget(tmp_path / name).apply(full)
        groups = (
            f"SELECT DISTINCT row_group_num_rows FROM parquet_metadata('{tmp_path}/one/measurement/*/*') ORDER BY 1"
        )
        assert session.execute(groups).fetchall() == [(2345,), (5000,)]
    assert whole(tmp_path / "one") == whole(tmp_path / "two")


STATES = st.dictionaries(st.integers(1, 5), st.tuples(st.sampled_from((2022, 2023)), st.sampled_from((1.0, 2.0))))


@settings(max_examples=5)
@given(st.lists(STATES, min_size=2, max_size=3))
def test_any_path_gives_the_bytes_of_its_last_state(tmp_path_factory, path):
    home = tmp_path_factory.mktemp("path")
    states = [state("measurement", *(measurement(n, *said) for n, said in sorted(one.items()))) for one in path]
    publish(home / "by-steps", *states)
    publish(home / "at-once", states[-1])
    assert whole(home / "by-steps") == whole(home / "at-once")
