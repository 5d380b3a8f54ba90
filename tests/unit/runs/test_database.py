"""A DuckDB target holds one publication or the next, whatever happens to the process that writes it."""

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest
from tests.unit.runs.publishing_cases import Warehouse, held, rows_of
from tests.unit.sinks.conftest import emission

from semantix.errors import BadTarget
from semantix.runs.publishing.database import DuckdbTarget

SECRET = "a-value-of-a-person-who-objects"


@pytest.fixture
def warehouse(tmp_path):
    return Warehouse(tmp_path, [emission(i, person=f"ins^{i % 3}") for i in range(6)])


@pytest.fixture
def target(tmp_path):
    return DuckdbTarget(tmp_path / "targets" / "cdm.duckdb")


def bring(warehouse, target, live, **more):
    delta = warehouse.difference(live, "previous" if warehouse.published else "nothing", **more)
    try:
        target.apply(delta)
        target.apply(delta)  # what it holds already is passed over
    finally:
        delta.connection.close()
    warehouse.done(live)


def expected(warehouse, live):
    warehouse.published -= 1
    delta = warehouse.difference(live, "nothing")
    warehouse.published += 1
    try:
        return rows_of(delta)
    finally:
        delta.connection.close()


def test_it_follows_what_is_live(warehouse, target):
    assert target.marker() == 0
    for number, (live, erased) in enumerate([([0, 1, 2, 3], False), ([1, 2, 4, 5], False), ([2, 5], True)], 1):
        bring(warehouse, target, live, erased=erased)
        assert target.marker() == number
        assert held(target.path) == expected(warehouse, live)
        assert [path.name for path in target.path.parent.iterdir()] == ["cdm.duckdb"]


def test_erased_rows_leave_no_bytes(tmp_path, target):
    some = [emission(0), emission(1, person="ins^2", person_source_value=SECRET)]
    some[1].rows["observation"][0]["value_as_string"] = SECRET
    warehouse = Warehouse(tmp_path, some)
    bring(warehouse, target, [0, 1])
    assert SECRET.encode() in target.path.read_bytes()
    bring(warehouse, target, [0], erased=True)
    assert SECRET.encode() not in target.path.read_bytes()


def test_it_brings_the_vocabulary(warehouse, target, request):
    from semantix.sinks.omop import SinkOptions

    options = SinkOptions(vocabulary=request.config.rootpath / "tests" / "data" / "vocabulary")
    bring(warehouse, target, [0, 1], options=options)
    rows = held(target.path)
    assert rows["concept_relationship"]
    bring(warehouse, target, [1, 2], options=options)
    assert held(target.path)["concept_relationship"] == rows["concept_relationship"]
    assert {row[0] for row in held(target.path)["concept"]} >= {row[0] for row in rows["concept"]}


def test_what_no_run_wrote_is_refused(target):
    target.path.mkdir(parents=True)
    with pytest.raises(BadTarget, match="is a folder"):
        target.marker()
    target.path.rmdir()
    target.path.write_bytes(b"words" * 1000)
    with pytest.raises(BadTarget, match="is not a DuckDB database"):
        target.marker()
    target.path.unlink()
    for statement in ("CREATE TABLE t (i INTEGER)", "CREATE TABLE metadata (name VARCHAR, value_as_number DOUBLE)"):
        with duckdb.connect(str(target.path)) as connection:
            connection.execute(statement)
        with pytest.raises(BadTarget, match="no warehouse run wrote"):
            target.marker()


def test_a_target_of_another_time_is_refused(warehouse, target):
    bring(warehouse, target, [0, 1])
    warehouse.done([0, 1])
    delta = warehouse.difference([0], "previous")
    with pytest.raises(BadTarget, match="holds publication 1, the difference is to 2"):
        target.apply(delta)
    delta.connection.close()


def test_a_folder_where_nothing_can_be_written_is_told(warehouse, tmp_path):
    (tmp_path / "file").write_text("")
    target = DuckdbTarget(tmp_path / "file" / "cdm.duckdb")
    delta = warehouse.difference([0], "nothing")
    with pytest.raises(BadTarget, match="cannot be used"):
        target.apply(delta)
    delta.connection.close()


def test_a_change_that_fails_leaves_it_as_it_was(warehouse, target):
    bring(warehouse, target, [0, 1])
    before = held(target.path)
    delta = warehouse.difference([1, 2], "previous")
    delta.connection.execute("ALTER TABLE rows_person DROP COLUMN person_id")
    with pytest.raises(duckdb.Error):
        target.apply(delta)
    assert held(target.path) == before
    delta.connection.close()


APPLY = """
import resource, sys
from pathlib import Path
from tests.unit.runs.test_database import many
from semantix.errors import BadTarget
from semantix.runs.publishing.database import DuckdbTarget
folder, limit, erased = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3] == "erased"
warehouse = many(folder / "other")
warehouse.numbers = folder / "numbers.duckdb"
warehouse.done(range(4))
delta = warehouse.difference(range(2, 6), "previous", erased=erased)
if limit:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
print("ready", flush=True)
try:
    DuckdbTarget(folder / "targets" / "cdm.duckdb").apply(delta)
except BadTarget as error:
    print(error, flush=True)
"""


def many(folder):
    """Documents with enough rows for their writing to take some time."""
    folder.mkdir(exist_ok=True)
    some = [emission(i, person=f"ins^{i % 3}") for i in range(6)]
    for i, one in enumerate(some):
        row = one.rows["observation"][0]
        one.rows["observation"] = [{**row, "value_as_string": f"{i} {j} {j * 7919}"} for j in range(3000)]
        one.trace["observation"] = [("/a", None)] * 3000
    return Warehouse(folder, some)


def started(folder, limit=0, how=""):
    command = [sys.executable, "-c", APPLY, str(folder), str(limit), how]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path.cwd())
    assert process.stdout.readline() == "ready\n"
    return process


@pytest.mark.slow
@pytest.mark.parametrize("how", ["", "erased"])
def test_killed_at_any_moment_it_is_the_old_or_the_new(tmp_path, how):
    warehouse = many(tmp_path)
    target = DuckdbTarget(tmp_path / "targets" / "cdm.duckdb")
    bring(warehouse, target, range(4))
    before, bytes_before = held(target.path), target.path.read_bytes()
    warehouse.done(range(2, 6))
    after = expected(warehouse, range(2, 6))
    seeded = random.Random(7)
    for _ in range(4):
        process = started(tmp_path, how=how)
        time.sleep(seeded.random() * 0.3)
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        marker = target.marker()
        assert held(target.path) == {1: before, 2: after}[marker]
        target.path.with_name("cdm.duckdb.wal").unlink(missing_ok=True)
        target.path.write_bytes(bytes_before)
    process = started(tmp_path, how=how)
    assert process.communicate()[0] == ""
    assert target.marker() == 2
    assert held(target.path) == after


@pytest.mark.slow
@pytest.mark.parametrize("how", ["", "erased"])
def test_a_full_disk_is_told_and_leaves_it_as_it_was(tmp_path, how):
    warehouse = many(tmp_path)
    target = DuckdbTarget(tmp_path / "targets" / "cdm.duckdb")
    bring(warehouse, target, range(4))
    before = held(target.path)
    process = started(tmp_path, limit=20_000, how=how)
    words = process.communicate()[0]
    assert "cannot be written: the disk is full" in words
    assert held(target.path) == before
    assert target.marker() == 1
