"""Integers are given in the order of documents, once, and kept."""

import stat

import duckdb
import pytest
from tests.unit.runs.publishing_cases import SEAL, Warehouse
from tests.unit.sinks.conftest import emission

from semantix.errors import BadTarget
from semantix.runs.publishing.numbers import LARGEST, forget_documents, give_numbers


def give(warehouse, live, since="nothing"):
    give_numbers(warehouse.publication(live), warehouse.numbers, warehouse.folder / "spill", since, "200MB")


def told(warehouse):
    with duckdb.connect(str(warehouse.numbers), read_only=True) as connection:
        entities = {row[:2]: row[2] for row in connection.execute("FROM entity").fetchall()}
        blocks = {row[:4]: row[4] for row in connection.execute("FROM block").fetchall()}
        return entities, blocks


def digests(warehouse, i):
    one = warehouse.emissions[i]
    return SEAL.digest("d", one.key), SEAL.digest("c", one.sha256)


@pytest.fixture
def warehouse(tmp_path):
    return Warehouse(tmp_path, [emission(i, person=f"ins^{i % 2}") for i in range(4)])


def test_numbers_follow_the_order_of_documents(warehouse):
    give(warehouse, range(4))
    entities, blocks = told(warehouse)
    assert [entities["person", SEAL.digest("person", f"ins^{i}")] for i in (0, 1)] == [1, 2]
    assert [entities["concept", f"local|C{i}".encode()] for i in (0, 1)] == [2_000_000_000, 2_000_000_001]
    assert [blocks[(*digests(warehouse, i), "observation", 2)] for i in range(4)] == [1, 3, 5, 7]
    assert stat.S_IMODE(warehouse.numbers.stat().st_mode) == 0o600


def test_asking_again_changes_nothing(warehouse):
    give(warehouse, [1, 2])
    before = told(warehouse)
    give(warehouse, [1, 2])
    assert told(warehouse) == before
    give(warehouse, range(4))
    after = told(warehouse)
    assert all(before[i].items() <= after[i].items() for i in (0, 1))
    assert after[1][(*digests(warehouse, 0), "observation", 2)] == 5


def test_a_document_read_again_has_its_rows_if_it_has_as_many(warehouse):
    give(warehouse, range(4))
    before = told(warehouse)
    again, longer = emission(0, person="ins^0"), emission(1, person="ins^1")
    longer.rows["observation"].append(longer.rows["observation"][0])
    longer.trace["observation"].append(("/c", None))
    warehouse.add([again, longer])
    warehouse.done(range(4))
    give(warehouse, [2, 3, 4, 5], "previous")
    entities, blocks = told(warehouse)
    assert entities == before[0]
    assert blocks == before[1] | {(*digests(warehouse, 1), "observation", 3): 9}


def test_two_live_documents_of_one_key_and_content_are_refused(tmp_path):
    warehouse = Warehouse(tmp_path, [emission(0), emission(0)])
    with pytest.raises(ValueError, match="is live twice"):
        give(warehouse, [0, 1])


@pytest.mark.parametrize("kind", ["observation", "person"])
def test_integers_that_run_out_are_told_and_nothing_is_given(warehouse, kind):
    give(warehouse, [])
    with duckdb.connect(str(warehouse.numbers)) as connection:
        connection.execute("INSERT INTO next VALUES (?, ?)", [kind, LARGEST])
    with pytest.raises(BadTarget, match=f"{kind} would need the number 2147483.*end at {LARGEST}"):
        give(warehouse, range(4))
    assert told(warehouse) == ({}, {})


def test_a_file_that_is_no_database_is_told(warehouse):
    warehouse.numbers.write_bytes(b"words" * 10_000)
    with pytest.raises(BadTarget, match="not a DuckDB database"):
        give(warehouse, range(4))


def test_erased_documents_leave_no_trace(warehouse):
    forget_documents(warehouse.numbers, [])
    assert not warehouse.numbers.exists()
    give(warehouse, range(4))
    key, content = digests(warehouse, 1)
    person = SEAL.digest("person", "ins^1")
    assert key in warehouse.numbers.read_bytes()
    only = Warehouse(warehouse.folder / "rewritten", [warehouse.emissions[0], warehouse.emissions[2]])
    forget_documents(warehouse.numbers, [(key, content), digests(warehouse, 3)], only.chunks.values())
    entities, blocks = told(warehouse)
    assert {row[0] for row in blocks} == {digests(warehouse, 0)[0], digests(warehouse, 2)[0]}
    assert {kind for kind, digest in entities} >= {"person", "concept"}
    data = warehouse.numbers.read_bytes()
    assert not any(each in data for each in (key, content, person))
    assert sorted(path.name for path in warehouse.folder.glob("*numbers*")) == ["numbers.duckdb"]
    assert stat.S_IMODE(warehouse.numbers.stat().st_mode) == 0o600
    give(warehouse, [1])
    assert told(warehouse)[1][(key, content, "observation", 2)] == 9


def test_without_folders_only_rows_are_forgotten(warehouse):
    give(warehouse, range(4))
    entities, _ = told(warehouse)
    forget_documents(warehouse.numbers, [digests(warehouse, 0)])
    assert told(warehouse)[0] == entities
    forget_documents(warehouse.numbers, [], [warehouse.folder / "none"])
    assert {kind for kind, _ in told(warehouse)[0]} == {"concept"}
