"""The OMOP sinks: same rows in every kind of target, same keys on every load."""

import stat

import duckdb
import pytest
from tests.unit.sinks.conftest import dump, emission, write

from semantix.emitters.omop import SCHEMA, check_database
from semantix.emitters.omop.concepts import OPERATORS, STRUCTURAL, UNITS
from semantix.sinks.omop import open_sink


def test_one_person_of_two_documents_is_one_row(tmp_path):
    target = tmp_path / "cdm.duckdb"
    sink = write(target, emission(1, "2024-02-02"), emission(2, "2024-01-01"), emission(3, "2024-03-03", "ins^2"))
    assert (sink.rows["person"], sink.rows["observation"]) == (2, 6)
    rows = dump(target)
    assert [str(r[2]) + " " + str(r[3]) for r in rows["observation_period"]] == [
        "2024-01-01 2024-02-02",
        "2024-03-03 2024-03-03",
    ]
    visit = rows["visit_occurrence"][0]
    assert (str(visit[3]), str(visit[5])) == ("2024-01-01", "2024-02-02")
    with duckdb.connect(str(target)) as connection:
        assert check_database(connection) == []


def test_a_birth_that_documents_disagree_on_is_the_earliest(tmp_path):
    target = tmp_path / "cdm.duckdb"
    first = emission(1, month_of_birth=3, day_of_birth=5)
    second = emission(2, month_of_birth=2, day_of_birth=7)
    partial = emission(3)
    write(target, first, second, partial)
    assert dump(target)["person"][0][2:5] == (1980, 2, 7)


def test_every_kind_of_target_holds_the_same_rows(tmp_path):
    some = [emission(1), emission(2, person="ins^2")]
    write(tmp_path / "cdm.duckdb", *some)
    expected = dump(tmp_path / "cdm.duckdb")
    for kind in ("parquet", "csv"):
        folder = tmp_path / kind
        write(folder, *some, kind=kind)
        assert sorted(p.name for p in folder.iterdir()) == sorted(f"{name}.{kind}" for name in SCHEMA)
        with duckdb.connect() as connection:
            for name, table in SCHEMA.items():
                path = folder / f"{name}.{kind}"
                connection.execute(table.create())
                connection.execute(f"COPY {name} FROM '{path}' (FORMAT {kind}{', HEADER' if kind == 'csv' else ''})")
                assert connection.execute(f"SELECT * FROM {name}").fetchall() == expected[name], name


def test_loading_again_gives_the_same_database_and_the_same_keys(tmp_path):
    target = tmp_path / "cdm.duckdb"
    write(target, emission(1), emission(2, person="ins^2"))
    before = dump(target)
    write(target, emission(2, person="ins^2"), emission(1), overwrite=True)
    after = dump(target)
    assert {k: sorted(map(str, v)) for k, v in after.items()} == {k: sorted(map(str, v)) for k, v in before.items()}


def test_a_document_met_twice_is_taken_once(tmp_path):
    target = tmp_path / "cdm.duckdb"
    with open_sink("duckdb", target) as sink:
        assert sink.write(emission(1)) is True
        assert sink.write(emission(1)) is False
    assert len(dump(target)["observation"]) == 2


def test_another_content_under_the_same_identifier_is_left_out(tmp_path):
    target = tmp_path / "cdm.duckdb"
    with open_sink("duckdb", target) as sink:
        assert sink.write(emission(1, "2024-01-01")) is True
        assert sink.admits(emission(1, sha="other")) == "other-version"
        assert sink.write(emission(1, "2025-01-01", sha="other")) is False
    rows = dump(target)
    assert [str(r[3]) for r in rows["visit_occurrence"]] == ["2024-01-01"]
    assert len(rows["observation"]) == 2


def test_the_number_of_a_period_is_that_of_its_person_on_every_load(tmp_path):
    target = tmp_path / "cdm.duckdb"
    write(target, emission(1, person="ins^1"), emission(2, person="ins^2"))
    write(target, emission(2, person="ins^2"), overwrite=True)
    assert [r[:2] for r in dump(target)["observation_period"]] == [(2, 2)]


def test_a_map_names_the_vocabulary_of_its_target(tmp_path, request):
    folder = request.config.rootpath / "tests" / "data" / "vocabulary"
    one = emission(1)
    one.rows["source_to_concept_map"] = [
        {
            "source_code": "C0",
            "source_concept_id": 0,
            "source_vocabulary_id": "local",
            "target_concept_id": target,
            "target_vocabulary_id": "None",
            "valid_start_date": "1970-01-01",
            "valid_end_date": "2099-12-31",
        }
        for target in (0, 2_100_000_001)
    ]
    write(tmp_path / "with", one, vocabulary=folder)
    write(tmp_path / "without", one)
    assert sorted(r[4:6] for r in dump(tmp_path / "with")["source_to_concept_map"]) == [
        (0, "None"),
        (2_100_000_001, "SNOMED"),
    ]
    for name in ("with", "without"):
        assert "None" in {r[0] for r in dump(tmp_path / name)["vocabulary"]}


def test_an_unknown_kind_is_refused(tmp_path):
    with pytest.raises(ValueError, match="duckdb, parquet, csv"):
        open_sink("oracle", tmp_path / "x")


def test_the_keys_are_in_a_file_that_only_its_owner_reads(tmp_path):
    target = tmp_path / "cdm.duckdb"
    write(target, emission(1), keys=tmp_path / "keys.sqlite")
    assert stat.S_IMODE((tmp_path / "keys.sqlite").stat().st_mode) == 0o600
    assert not (tmp_path / "cdm.duckdb.keys.sqlite").exists()


def test_a_local_concept_starts_at_two_billion_and_brings_its_references(tmp_path):
    target = tmp_path / "cdm.duckdb"
    write(target, emission(1))
    rows = dump(target)
    assert [r[0] for r in rows["concept"] if r[0] >= 2_000_000_000] == [2_000_000_000, 2_000_000_001]
    assert ("Observation", "Observation", 0) in rows["domain"]
    assert ("Source code", "Source code", 0) in rows["concept_class"]


def test_the_structural_concepts_have_a_row_even_without_a_vocabulary(tmp_path):
    target = tmp_path / "cdm.duckdb"
    write(target, emission(1))
    rows = {r[0]: r for r in dump(target)["concept"]}
    assert set(rows) >= {row[0] for row in STRUCTURAL} >= set(UNITS.values()) | set(OPERATORS.values())
    assert rows[8532][1:7] == ("FEMALE", "Gender", "Gender", "Gender", "S", "F")
    assert rows[0][5] is None


def test_a_reference_inside_the_document_is_the_key_of_its_row(tmp_path):
    target = tmp_path / "cdm.duckdb"
    write(target, emission(1), emission(2))
    with duckdb.connect(str(target)) as connection:
        rows = connection.execute(
            "SELECT observation_id, observation_event_id, value_as_string FROM observation"
        ).fetchall()
    assert [r[:2] for r in rows] == [(1, 1), (2, 1), (3, 3), (4, 3)]
    assert rows[0][2] == 'a "quoted", \n value'


def test_the_run_tells_its_versions_and_counts(tmp_path):
    target = tmp_path / "cdm.duckdb"
    write(
        target, emission(1, "2024-05-06"), software="semantix 9", vocabulary_release="v5.0 X", executed_at="2024-06-01"
    )
    rows = dump(target)
    source = rows["cdm_source"][0]
    assert (source[8], source[9], source[10], str(source[6])) == ("v5.4", 756265, "v5.0 X", "2024-05-06")
    told = {r[3]: r[4] if r[4] is not None else r[6] for r in rows["metadata"]}
    assert told["software"] == "semantix 9"
    assert told["time of execution"] == "2024-06-01"
    assert told["imputed: observation (document)"] == 1.0
    assert told["excluded: procedure (status-excluded)"] == 1.0


def test_an_empty_run_makes_an_empty_database(tmp_path):
    sink = write(tmp_path / "cdm.duckdb")
    assert sink.rows["person"] == 0
    assert str(dump(tmp_path / "cdm.duckdb")["cdm_source"][0][6]) == "1970-01-01"


def test_a_vocabulary_is_copied_before_local_concepts(tmp_path, request):
    folder = request.config.rootpath / "tests" / "data" / "vocabulary"
    target = tmp_path / "cdm.duckdb"
    write(target, emission(1), vocabulary=folder)
    with duckdb.connect(str(target)) as connection:
        names = connection.execute("SELECT concept_name FROM concept WHERE concept_code = '9000002'").fetchall()
        assert names == [('Fictive finding "with quote',)]
        assert connection.execute("SELECT count(*) FROM concept WHERE vocabulary_id = 'local'").fetchone() == (2,)
        assert check_database(connection) == []


FAULTS = {
    "person_id: 1 duplicate keys": "INSERT INTO person SELECT * FROM person",
    "cdm_source.cdm_holder: required": (
        "ALTER TABLE cdm_source ALTER cdm_holder DROP NOT NULL; UPDATE cdm_source SET cdm_holder = NULL"
    ),
    "observation.provider_id: 2 values are not in provider": "UPDATE observation SET provider_id = 77",
    "observation.qualifier_concept_id: 2 values are not in concept": (
        "UPDATE observation SET qualifier_concept_id = 2000000099"
    ),
    "observation.value_as_string: longer than 60": "UPDATE observation SET value_as_string = repeat('x', 61)",
    "visit_occurrence: 1 rows end before they start": "UPDATE visit_occurrence SET visit_end_date = '2000-01-01'",
    "observation.observation_date: 2 rows before birth": "UPDATE observation SET observation_date = '1950-01-01'",
    "note_nlp: the table is missing": "DROP TABLE note_nlp",
    "location.city: 1 identifying values": "INSERT INTO location (location_id, city) VALUES (1, 'chez Fictive')",
}


@pytest.mark.parametrize(("fault", "change"), FAULTS.items())
def test_a_fault_is_found(tmp_path, fault, change):
    target = tmp_path / "cdm.duckdb"
    write(target, emission(1))
    with duckdb.connect(str(target)) as connection:
        for step in change.split("; "):
            connection.execute(step)
        found = check_database(connection, ["Fictive", " "])
    assert any(fault in f for f in found), found


def test_a_concept_that_is_not_standard_is_a_fault(tmp_path, request):
    target = tmp_path / "cdm.duckdb"
    write(target, emission(1), vocabulary=request.config.rootpath / "tests" / "data" / "vocabulary")
    with duckdb.connect(str(target)) as connection:
        connection.execute("UPDATE observation SET observation_concept_id = 2100000008")
        assert check_database(connection) == ["observation.observation_concept_id: 2 concepts are not Standard"]


def test_a_part_of_a_word_is_not_identifying(tmp_path):
    target = tmp_path / "cdm.duckdb"
    write(target, emission(1))
    with duckdb.connect(str(target)) as connection:
        connection.execute("UPDATE observation SET value_as_string = 'démarche de Marcel'")
        assert check_database(connection, ["Marc"]) == []


@pytest.mark.parametrize("words", ["Amb\ru", "\\N", "a\nb", "a\r\nb", 'a "b", c', "", " a "])
def test_any_words_are_read_back_as_they_are(tmp_path, words):
    one = emission(1)
    for row in one.rows["observation"]:
        row["value_as_string"] = words
    write(tmp_path / "cdm.duckdb", one)
    with duckdb.connect(str(tmp_path / "cdm.duckdb")) as connection:
        assert connection.execute("SELECT value_as_string FROM observation").fetchall() == [(words,), (words,)]


def test_what_documents_say_of_one_thing_stays_together(tmp_path):
    target = tmp_path / "cdm.duckdb"
    first = emission(1, "2024-03-01", gender_concept_id=0)
    first.rows["visit_occurrence"][0]["visit_concept_id"] = 0
    second = emission(2, "2024-03-02", gender_source_value="F", gender_concept_id=8532)
    second.rows["visit_occurrence"][0] |= {
        "visit_source_value": "IMP",
        "visit_concept_id": 9201,
        "visit_start_datetime": "2024-03-02 10:00:00",
        "visit_end_datetime": "2024-03-02 11:00:00",
    }
    write(target, first, second)
    with duckdb.connect(str(target)) as connection:
        person = connection.execute("SELECT gender_concept_id, gender_source_value FROM person").fetchall()
        visit = connection.execute(
            "SELECT visit_concept_id, visit_source_value, visit_start_date, visit_start_datetime, "
            "visit_end_date, visit_end_datetime FROM visit_occurrence"
        ).fetchall()
    assert person == [(8532, "F")]
    assert [list(map(str, visit[0]))] == [
        ["9201", "IMP", "2024-03-01", "None", "2024-03-02", "2024-03-02 11:00:00"],
    ]


def test_a_birth_and_its_hour_are_of_one_document(tmp_path):
    target = tmp_path / "cdm.duckdb"
    hour = {"year_of_birth": 1981, "birth_datetime": "1981-05-17 08:00:00"}
    write(
        target, emission(1, month_of_birth=5, day_of_birth=17), emission(2, month_of_birth=5, day_of_birth=17, **hour)
    )
    assert dump(target)["person"][0][2:6] == (1980, 5, 17, None)


def test_no_event_comes_before_the_birth_whatever_the_documents_say_of_it(tmp_path):
    target = tmp_path / "cdm.duckdb"
    whole, partial = emission(1, "2024-01-01", month_of_birth=5, day_of_birth=17), emission(2, "1980-02-03")
    write(target, whole, partial)
    assert dump(target)["person"][0][2:5] == (1980, None, None)
    with duckdb.connect(str(target)) as connection:
        assert check_database(connection) == []


def test_a_code_with_two_wordings_is_mapped_once(tmp_path):
    documents = [emission(1), emission(2), emission(3)]
    for one, words in zip(documents, (None, "fièvre", "Fièvre "), strict=True):
        one.rows["source_to_concept_map"] = [
            {
                "source_code": "C0",
                "source_concept_id": "local|C0",
                "source_vocabulary_id": "local",
                "source_code_description": words,
                "target_concept_id": 0,
                "target_vocabulary_id": "None",
                "valid_start_date": "1970-01-01",
                "valid_end_date": "2099-12-31",
            }
        ]
    write(tmp_path / "cdm.duckdb", *documents)
    assert [r[3] for r in dump(tmp_path / "cdm.duckdb")["source_to_concept_map"]] == ["fièvre"]
