"""The difference between two publications: what is live is in the target, whatever came before."""

import itertools
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.runs.publishing_cases import Warehouse, held, rows_of, taken, without
from tests.unit.sinks.conftest import emission, write

from semantix.errors import BadTarget
from semantix.io import discover
from semantix.pipeline.inputs import Inputs, Task
from semantix.pipeline.packs import parsers_of
from semantix.pipeline.plan import Options, plan_of
from semantix.pipeline.work import Converted, Worker
from semantix.runs.publishing.difference import MARKER
from semantix.sinks.omop import SinkOptions

DESCRIBED = ("metadata", "cdm_source")


def documents():
    """Persons, visits and concepts that meet in several ways, and documents that disagree on them."""
    some = [
        emission(0, "2024-02-02", month_of_birth=3, day_of_birth=5),
        emission(1, "2024-01-01", month_of_birth=2, day_of_birth=7),
        emission(2, "2024-03-03", "ins^2"),
        emission(3, "1979-12-31", day_of_birth=None),
        emission(4, "2024-04-04", "ins^2", gender_concept_id=8532),
        emission(5, "2024-05-05", "ins^3"),
    ]
    some[1].open_visits = frozenset({"ins^1|v1"})
    some[2].rows["death"] = [{"person_id": "ins^2", "death_date": "2024-03-04", "death_type_concept_id": 32817}]
    some[4].rows["death"] = [{"person_id": "ins^2", "death_date": "2024-04-04", "cause_concept_id": "local|C1"}]
    some[5].rows["concept"][0]["domain_id"] = "Condition"
    some[0].rows["concept"][0]["domain_id"] = "Drug"
    some[3].rows["person"][0]["year_of_birth"] = 1970
    del some[4].rows["observation_period"]
    some[2].rows["visit_occurrence"][0]["visit_source_concept_id"] = "local|C9"
    some[2].rows["concept"].append({**some[2].rows["concept"][0], "concept_id": "local|C9", "concept_code": "C9"})
    for i in (1, 5):
        some[i].rows["fact_relationship"] = [
            {
                "domain_concept_id_1": "local|C0",
                "fact_id_1": ("observation", 0),
                "domain_concept_id_2": 21,
                "fact_id_2": ("observation", 1),
                "relationship_concept_id": "local|C1",
            }
        ]
    for i, target in ((0, 0), (3, "local|C1"), (4, 0)):
        some[i].rows["source_to_concept_map"] = [
            {
                "source_code": "C0",
                "source_concept_id": "local|C0",
                "source_vocabulary_id": "local",
                "source_code_description": f"words {i}",
                "target_concept_id": target,
                "target_vocabulary_id": "None",
                "valid_start_date": "1970-01-01",
                "valid_end_date": "2099-12-31",
            }
        ]
    return some


@pytest.fixture
def warehouse(tmp_path):
    return Warehouse(tmp_path, documents())


def rows_since_nothing(warehouse, live, options=None, **more):
    delta = warehouse.difference(live, "nothing", options, **more)
    try:
        return rows_of(delta)
    finally:
        delta.connection.close()


def test_all_at_once_is_what_convert_writes(warehouse, tmp_path):
    rows = rows_since_nothing(warehouse, range(6))
    write(tmp_path / "cdm.duckdb", *warehouse.emissions)
    expected = held(tmp_path / "cdm.duckdb")
    assert without(rows, "metadata") == without(expected, "metadata")
    ours = {row[3:7] for row in rows["metadata"]}
    assert ours - {row[3:7] for row in expected["metadata"]} == {(MARKER, None, None, 1.0)}


def test_a_vocabulary_is_not_repeated(warehouse, tmp_path, request):
    folder = request.config.rootpath / "tests" / "data" / "vocabulary"
    warehouse.emissions[0].rows["source_to_concept_map"][0]["target_concept_id"] = 2_100_000_001
    warehouse = Warehouse(tmp_path / "with", warehouse.emissions)
    options = SinkOptions(vocabulary=folder, vocabulary_release="v1")
    delta = warehouse.difference(range(6), "nothing", options)
    assert (delta.vocabulary, delta.is_full) == (folder, True)
    write(tmp_path / "cdm.duckdb", *warehouse.emissions, vocabulary=folder, vocabulary_release="v1")
    write(tmp_path / "empty.duckdb", vocabulary=folder, vocabulary_release="v1")
    expected, before, rows = held(tmp_path / "cdm.duckdb"), held(tmp_path / "empty.duckdb"), rows_of(delta)
    delta.connection.close()
    for table in ("concept", "vocabulary", "domain", "concept_class", "source_to_concept_map"):
        both = {*rows[table], *before[table]}
        assert sorted(both, key=repr) == expected[table], table
    assert 2_100_000_001 not in {row[0] for row in rows["concept"]}


@settings(max_examples=3)
@given(st.lists(st.sets(st.integers(0, 5)), min_size=2, max_size=3))
def test_any_sequence_of_publications_ends_as_one_from_nothing(sequence):
    with tempfile.TemporaryDirectory() as folder:
        warehouse = Warehouse(Path(folder), documents())
        rows = {}
        for live in sequence:
            delta = warehouse.difference(live, "previous" if warehouse.published else "nothing")
            rows = taken(rows, delta)
            delta.connection.close()
            warehouse.done(live)
        warehouse.published -= 1
        expected = rows_since_nothing(warehouse, sequence[-1])
        assert {name: rows.get(name, []) for name in expected} == expected
        assert_as_the_judge(warehouse, sorted(sequence[-1]), expected)


def assert_as_the_judge(warehouse, live, rows):
    """What is there, without its integers, against the plainest reading of the documents."""
    some = [warehouse.emissions[i] for i in live]
    persons = {one.rows["person"][0]["person_id"] for one in some}
    assert len(rows["person"]) == len(rows["visit_occurrence"]) == len(persons)
    assert len(rows["observation"]) == 2 * len(some)
    assert len({row[0] for row in rows["observation"]}) == 2 * len(some)
    days = {}
    for one in some:
        for row in one.rows.get("observation_period", ()):
            days.setdefault(row["person_id"], []).append(row["observation_period_start_date"])
    found = sorted((str(row[2]), str(row[3])) for row in rows["observation_period"])
    assert found == sorted((min(each), max(each)) for each in days.values())
    codes = {row["concept_code"] for one in some for row in one.rows["concept"]}
    assert {row[6] for row in rows["concept"] if row[0] >= 2_000_000_000} == codes
    assert len(rows["death"]) == any("death" in one.rows for one in some)
    assert len(rows["fact_relationship"]) == sum(len(one.rows.get("fact_relationship", ())) for one in some)
    events = {row[0] for row in rows["observation"]}
    assert {row[i] for row in rows["fact_relationship"] for i in (1, 3)} <= events
    assert {row[20 - 1] for row in rows["observation"]} <= events | {None}


def test_a_document_that_leaves_and_comes_back_has_the_same_numbers(warehouse):
    first = rows_since_nothing(warehouse, range(6))
    for live in ([0, 1], [0, 1, 5]):
        delta = warehouse.difference(live, "previous")
        delta.connection.close()
        warehouse.done(live)
    warehouse.published = 0
    assert without(rows_since_nothing(warehouse, range(6)), "metadata") == without(first, "metadata")


def test_only_what_is_concerned_is_taken(warehouse):
    warehouse.difference([0, 2], "nothing").connection.close()
    warehouse.done([0, 2])
    delta = warehouse.difference([0, 2, 5], "previous")
    assert (delta.is_full, delta.number, delta.counts["person"], delta.counts["observation"]) == (False, 2, 1, 2)
    assert delta.connection.execute("SELECT count(*) FROM gone_person").fetchone() == (1,)
    assert delta.connection.execute("SELECT count(*) FROM gone_observation").fetchone() == (0,)
    assert "measurement" not in delta.tables
    delta.connection.close()


def test_the_target_says_what_it_was_made_of(warehouse):
    rows = rows_since_nothing(warehouse, range(6), basis={"tables": "t1"})
    told = {row[3]: row[4:7] for row in rows["metadata"]}
    assert told["basis: tables"] == ("t1", None, None)
    assert told["imputed: observation (document)"] == (None, None, 6.0)
    assert told["excluded: procedure (status-excluded)"] == (None, None, 6.0)
    assert str(rows["cdm_source"][0][6]) == "2024-05-05"
    assert str(rows_since_nothing(warehouse, range(6), day="2025-01-01")["cdm_source"][0][6]) == "2025-01-01"
    assert str(rows_since_nothing(warehouse, [])["cdm_source"][0][6]) == "1970-01-01"


def test_a_key_without_a_number_is_an_error(tmp_path):
    some = documents()
    some[0].rows["observation"][0]["provider_id"] = "nobody"
    with pytest.raises(Exception, match="no number was given to a key of provider"):
        Warehouse(tmp_path, some).difference([0], "nothing")


def test_staged_rows_that_are_gone_are_told(warehouse):
    del warehouse.chunks[2]
    with pytest.raises(BadTarget, match="chunk 2: its staged rows are gone"):
        warehouse.difference(range(6), "nothing")
    shutil.rmtree(warehouse.chunks[1])
    with pytest.raises(BadTarget, match="No such file"):
        warehouse.difference([0], "nothing")


def emissions_of(*paths):
    options = Options(target="omop")
    worker = Worker(plan_of(options))
    steps = Inputs(options.limits, parsers_of(options.packs), options.practice).steps(discover(paths).files)
    results = itertools.chain.from_iterable(worker.do(step) for step in steps if isinstance(step, Task))
    return [one.payload for one in results if isinstance(one, Converted)]


def check_as_convert(folder, emissions):
    sink = write(folder / "cdm.duckdb", *emissions)
    kept = list({one.key: one for one in reversed(emissions)}.values())[::-1]
    kept = [one for one in emissions if one in kept]
    rows = rows_since_nothing(Warehouse(folder, kept, 20), range(len(kept)))
    expected = held(folder / "cdm.duckdb")
    assert sink.rows["person"]
    assert without(rows, *DESCRIBED) == without(expected, *DESCRIBED)


def test_examples_published_are_as_converted(tmp_path, request):
    check_as_convert(tmp_path, emissions_of(request.config.rootpath / "examples" / "cda"))


@pytest.mark.slow
def test_the_corpus_published_is_as_converted(tmp_path, shared):
    check_as_convert(tmp_path, emissions_of(shared / "corpus" / "cda-3.0", shared / "corpus" / "hl7v2"))
