"""What a chunk leaves on disk: columns as described, the same bytes each time, memory that does not grow."""

import pyarrow.parquet as pq
import pytest
from tests.unit.sinks.conftest import emission

from semantix.emitters.omop import SCHEMA
from semantix.runs import stager as module
from semantix.runs.sealing import Seal
from semantix.runs.stager import Stager, put_in_place
from semantix.runs.staging import COVERAGE, DOCUMENTS, FHIR, schema_of

SEAL = Seal(b"0123456789abcdef")


def staged(folder, *emissions):
    stager = Stager(folder, SEAL)
    for number, one in enumerate(emissions):
        stager.omop(number, one)
    return stager.close()


def rows(folder, table):
    return pq.read_table(folder / f"omop_{table}.parquet").to_pylist()


def test_the_files_hold_the_columns_described(tmp_path):
    stager = Stager(tmp_path, SEAL)
    stager.omop(1, emission())
    stager.document({"document": 1, "format": "cda"})
    stager.fhir(1, [("Patient", "p", b"{}")])
    stager.coverage([{"document": 1, "n": 2}])
    counts = stager.close()
    assert counts["omop_observation.parquet"] == 2
    assert sorted(counts) == sorted(path.name for path in tmp_path.iterdir())
    for name in counts:
        found = pq.read_schema(tmp_path / name)
        expected = {"documents.parquet": DOCUMENTS, "fhir.parquet": FHIR, "coverage.parquet": COVERAGE}.get(name)
        assert found.equals(expected or schema_of(name[5:-8])), name


def test_source_keys_are_sealed(tmp_path):
    staged(tmp_path, emission(person="ins^1"))
    [person] = rows(tmp_path, "person")
    assert person["person_id"] == SEAL.digest("person", "ins^1")
    assert {row["person_id"] for row in rows(tmp_path, "observation")} == {person["person_id"]}
    assert rows(tmp_path, "observation")[0]["visit_occurrence_id"] == SEAL.digest("visit_occurrence", "ins^1|v1")
    assert b"ins^1" not in b"".join(path.read_bytes() for path in tmp_path.iterdir())


def test_a_concept_is_a_number_or_a_key(tmp_path):
    staged(tmp_path, emission())
    row = rows(tmp_path, "observation")[1]
    assert (row["observation_concept_id"], row["observation_concept_id__key"]) == (0, None)
    assert (row["observation_source_concept_id"], row["observation_source_concept_id__key"]) == (None, "local|C1")
    assert [row["concept_id__key"] for row in rows(tmp_path, "concept")] == ["local|C0", "local|C1"]


def test_a_reference_is_a_row_of_the_same_document(tmp_path):
    staged(tmp_path, emission())
    first, second = rows(tmp_path, "observation")
    assert (first["observation_event_id__table"], first["observation_event_id__rank"]) == ("observation", 0)
    assert [first["rank"], second["rank"]] == [0, 1]
    assert [(row["place"], row["imputed"]) for row in (first, second)] == [("/a", None), ("/b", "document")]


def test_a_table_without_a_trace_has_no_places(tmp_path):
    one = emission()
    one.rows["fact_relationship"] = [{"fact_id_1": ("observation", 0), "fact_id_2": ("observation", 1)}]
    one.rows["measurement"] = []
    staged(tmp_path, one)
    [row] = rows(tmp_path, "fact_relationship")
    assert (row["fact_id_2__rank"], row["place"]) == (1, None)
    assert not (tmp_path / "omop_measurement.parquet").exists()


def test_an_open_visit_is_told(tmp_path):
    one, other = emission(1), emission(2)
    one.open_visits = frozenset({"ins^1|v1"})
    staged(tmp_path, one, other)
    assert [row["is_open"] for row in rows(tmp_path, "visit_occurrence")] == [True, False]


def test_numbers_and_words_have_the_type_of_their_column(tmp_path):
    one = emission(year_of_birth="1980", person_source_value=12)
    one.rows["observation"][0]["value_as_number"] = 3
    staged(tmp_path, one)
    [person] = rows(tmp_path, "person")
    assert (person["year_of_birth"], person["person_source_value"]) == (1980, "12")
    assert rows(tmp_path, "observation")[0]["value_as_number"] == 3.0
    assert rows(tmp_path, "observation")[0]["value_as_string"] == 'a "quoted", \n value'


def test_many_rows_are_written_in_groups_and_stay_in_order(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "ROWS", 5)
    monkeypatch.setattr(module, "BYTES", 6)
    monkeypatch.setattr(module, "_CACHED", 2)
    stager = Stager(tmp_path, SEAL)
    for number in range(10):
        stager.omop(number, emission(number, person=f"ins^{number % 3}"))
        stager.fhir(number, [("Patient", f"p{number}", b"{}{}")])
        stager.fhir(number, [])
        stager.document({"document": number})
        stager.coverage([{"document": number, "n": 1}] if number else [])
    counts = stager.close()
    assert (counts["omop_observation.parquet"], counts["fhir.parquet"], counts["coverage.parquet"]) == (20, 10, 9)
    assert pq.ParquetFile(tmp_path / "omop_observation.parquet").num_row_groups == 4
    assert pq.ParquetFile(tmp_path / "fhir.parquet").num_row_groups == 5
    assert [row["document"] for row in rows(tmp_path, "person")] == list(range(10))
    assert {row["person_id"] for row in rows(tmp_path, "person")} == {SEAL.digest("person", f"ins^{i}") for i in "012"}
    assert pq.read_table(tmp_path / "fhir.parquet")["id"].to_pylist() == [f"p{i}" for i in range(10)]


def test_the_same_documents_give_the_same_bytes(tmp_path):
    some = [emission(1), emission(2, person="ins^2")]
    staged(tmp_path / "one", *some)
    staged(tmp_path / "two", *some)
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes(), path.name


def test_a_table_of_every_kind_can_be_staged(tmp_path):
    one = emission()
    one.rows = {table: [{}] for table in SCHEMA if table != "visit_occurrence"}
    one.trace = {}
    assert len(staged(tmp_path, one)) == len(SCHEMA)


def test_what_is_abandoned_is_gone(tmp_path):
    stager = Stager(tmp_path / "part", SEAL)
    stager.omop(1, emission())
    stager.abandon()
    assert not (tmp_path / "part").exists()


@pytest.mark.parametrize("is_there", [False, True])
def test_a_folder_takes_its_place_whole(tmp_path, is_there):
    staged(tmp_path / "part", emission())
    final = tmp_path / "final"
    if is_there:
        final.mkdir()
        (final / "old").write_text("old")
    put_in_place(tmp_path / "part", final)
    assert not (tmp_path / "part").exists()
    assert (final / "omop_person.parquet").exists()
    assert not (final / "old").exists()
