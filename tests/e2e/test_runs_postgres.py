"""A PostgreSQL target holds a publication whole or not at all, on a private server that the tests kill and restart."""

import subprocess
from collections.abc import Callable, Iterator
from datetime import date, datetime
from itertools import count
from urllib.parse import parse_qs, urlsplit

import duckdb
import msgspec
import psycopg
import pytest
from tests import postgres as servers
from tests.omop_deltas import KEYS, Rows, delta, measurement, row, state
from tests.postgres import PASSWORD, running_server

from semantix.emitters.omop import SCHEMA
from semantix.errors import BadTarget
from semantix.runs.publishing import postgres as module
from semantix.runs.publishing.delta import Delta
from semantix.runs.publishing.postgres import PostgresTarget


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with running_server() as url:
        yield url


@pytest.fixture(scope="module")
def schemas() -> Iterator[str]:
    return (f'run "{number}"' for number in count(1))


@pytest.fixture
def target(server: str, schemas: Iterator[str]) -> PostgresTarget:
    return PostgresTarget(server, next(schemas))


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        yield opened


def marked(number: int, *tables: Rows) -> Rows:
    """A state of the database with the row that tells its publication."""
    told = row("metadata", metadata_id=1, name="semantix publication", value_as_number=float(number))
    out = state("metadata", told)
    for table in tables:
        out |= table
    return out


def held(target: PostgresTarget) -> Rows:
    """What the server holds, in the form of a state."""
    out: Rows = {}
    with psycopg.connect(target._url) as session:
        for name in SCHEMA:
            found = session.execute(f"SELECT * FROM {target._name(name)}".encode()).fetchall()
            if found:
                rows = [dict(zip(SCHEMA[name].columns, cells, strict=True)) for cells in found]
                out |= state(name, *rows)
                assert len(out[name]) == len(rows)
    return out


def restart(url: str) -> None:
    """Stop the server as a power cut would, and start it."""
    folder = parse_qs(urlsplit(url).query)["host"][0]
    control = [servers._program("pg_ctl"), "-D", f"{folder}/cluster", "-w", "-t", "60", "-l", f"{folder}/log"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder, "timeout": 120}
    subprocess.run([*control, "-m", "immediate", "restart"], check=True, user=servers._other_user(), **quiet)


def terminate(url: str) -> None:
    """End every other session of the server."""
    with psycopg.connect(url, autocommit=True) as session:
        session.execute("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                        " AND backend_type = 'client backend'")  # fmt: skip


def strike(monkeypatch: pytest.MonkeyPatch, n: int, act: Callable[[], object]) -> None:
    """Act just before the n-th piece of data is sent."""
    numbers, real = count(), module.pa_csv.write_csv

    def write(*args: object) -> None:
        if next(numbers) == n:
            act()
        real(*args)

    monkeypatch.setattr(module.pa_csv, "write_csv", write)


NOTE = row("note", note_id=1, person_id=1, note_text='« l’été »\r\n\\.\n"quoted", tab\t\\N', note_title="")
MORNING = datetime.fromisoformat("2024-01-02T03:04:05")
EVENT = row("measurement", measurement_id=9, measurement_datetime=MORNING, value_as_number=1e-7)
LINK = row("fact_relationship", domain_concept_id_1=1, fact_id_1=2, domain_concept_id_2=3, fact_id_2=4)
FIRST = marked(
    1,
    state("measurement", measurement(1), measurement(2), EVENT),
    state("note", NOTE),
    state("person", row("person", person_id=1, year_of_birth=1950)),
    state("death", row("death", person_id=1, cause_source_value="")),
    state("fact_relationship", LINK, LINK | {"fact_id_2": 5}),
)
SECOND = marked(
    2,
    state("measurement", measurement(2, 2023, 5.0), measurement(3)),
    state("person", row("person", person_id=1, year_of_birth=1951)),
    state("fact_relationship", LINK),
)


def test_each_publication_leaves_its_rows_and_nothing_else(target, connection):
    assert target.marker() == 0
    target.apply(delta(connection, 1, {}, FIRST))
    assert held(target) == FIRST
    assert target.marker() == 1
    target.apply(delta(connection, 2, FIRST, SECOND))
    assert held(target) == SECOND
    target.apply(delta(connection, 2, FIRST, SECOND))
    assert held(target) == SECOND
    assert target.marker() == 2


def test_keys_and_indexes_are_there_after_the_first(target, connection):
    target.apply(delta(connection, 1, {}, FIRST))
    with psycopg.connect(target._url) as session:
        query = "SELECT tablename || '.' || indexname FROM pg_indexes WHERE schemaname = %s"
        found = {name for (name,) in session.execute(query, [target._schema]).fetchall()}
        assert {"person.xpk_person", "measurement.idx_measurement_person_id", "death.idx_death_person_id"} <= found
        assert not {name for name in found if name.startswith("person.idx")}
        kinds = "SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
        told = session.execute(kinds, [target._name("death")]).fetchall()
    assert [kind for (kind,) in told] == ["integer", "date", "timestamp without time zone", "integer", "integer",
                                          "character varying(50)", "integer"]  # fmt: skip


@pytest.mark.parametrize("n", [0, 3, 5])
def test_a_session_ended_while_it_fills_leaves_nothing(server, target, connection, monkeypatch, n):
    with monkeypatch.context() as patched:
        strike(patched, n, lambda: terminate(server))
        with pytest.raises(BadTarget, match="connection lost") as told:
            target.apply(delta(connection, 1, {}, FIRST))
    assert PASSWORD not in str(told.value)
    assert target.marker() == 0
    target.apply(delta(connection, 1, {}, FIRST))
    assert held(target) == FIRST


def test_a_session_ended_while_it_changes_changes_nothing(server, target, connection, monkeypatch):
    target.apply(delta(connection, 1, {}, FIRST))
    for n in range(9):
        with monkeypatch.context() as patched:
            strike(patched, n, lambda: terminate(server))
            with pytest.raises(BadTarget, match="connection lost"):
                target.apply(delta(connection, 2, FIRST, SECOND))
        assert held(target) == FIRST
    with monkeypatch.context() as patched:
        strike(patched, 9, lambda: terminate(server))
        target.apply(delta(connection, 2, FIRST, SECOND))
    assert held(target) == SECOND


def test_a_server_that_restarts_in_the_middle_keeps_the_last_publication(server, target, connection, monkeypatch):
    target.apply(delta(connection, 1, {}, FIRST))
    with monkeypatch.context() as patched:
        strike(patched, 5, lambda: restart(server))
        with pytest.raises(BadTarget, match="connection lost"):
            target.apply(delta(connection, 2, FIRST, SECOND))
    assert held(target) == FIRST
    target.apply(delta(connection, 2, FIRST, SECOND))
    assert held(target) == SECOND


def erased(connection: duckdb.DuckDBPyConnection) -> Delta:
    return msgspec.structs.replace(delta(connection, 2, FIRST, SECOND), erased=True)


def pages(target: PostgresTarget, table: str) -> bytes:
    """The file of a table, as it is on the server's disk."""
    with psycopg.connect(target._url) as session:
        session.execute("CHECKPOINT")
        query = "SELECT pg_read_binary_file(pg_relation_filepath(%s::regclass))"
        return bytes(session.execute(query, [target._name(table)]).fetchall()[0][0])


def test_erased_rows_are_in_no_file_of_their_table(target, connection):
    target.apply(delta(connection, 1, {}, FIRST))
    assert b"quoted" in pages(target, "note")
    target.apply(erased(connection))
    assert b"quoted" not in pages(target, "note")
    assert held(target) == SECOND


def test_a_process_killed_before_the_tables_are_written_again_leaves_it_to_the_next(target, connection, monkeypatch):
    target.apply(delta(connection, 1, {}, FIRST))
    with monkeypatch.context() as patched:
        patched.setattr(PostgresTarget, "_vacuum", lambda *_: None)
        target.apply(erased(connection))
    assert b"quoted" in pages(target, "note")
    assert target.marker() == 2
    assert b"quoted" not in pages(target, "note")


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("CREATE TABLE {}.patients (id int)", r"no run wrote \(patients\)"),
        ("CREATE VIEW {}.person AS SELECT 1", r"no run wrote \(person\)"),
    ],
)
def test_a_schema_that_holds_something_else_is_refused(target, connection, statement, words):
    schema = module._quoted(target._schema)
    with psycopg.connect(target._url) as session:
        session.execute(f"CREATE SCHEMA {schema}")
        session.execute(statement.format(schema))
    with pytest.raises(BadTarget, match=words):
        target.marker()
    with pytest.raises(BadTarget, match=words):
        target.apply(delta(connection, 1, {}, FIRST))


@pytest.mark.parametrize("change", ["DELETE FROM {}", "ALTER TABLE {} DROP COLUMN value_as_number"])
def test_tables_of_the_model_that_no_run_wrote_are_refused(target, connection, change):
    target.apply(delta(connection, 1, {}, FIRST))
    with psycopg.connect(target._url) as session:
        session.execute(change.format(target._name("metadata")))
    with pytest.raises(BadTarget, match="no run wrote"):
        target.marker()


def test_tables_that_others_add_later_are_left(target, connection):
    target.apply(delta(connection, 1, {}, FIRST))
    with psycopg.connect(target._url) as session:
        session.execute(f"CREATE TABLE {target._name('results')} AS SELECT 1 AS kept")
    target.apply(delta(connection, 2, FIRST, SECOND))
    with psycopg.connect(target._url) as session:
        assert session.execute(f"SELECT kept FROM {target._name('results')}").fetchall() == [(1,)]


def test_a_publication_that_does_not_follow_is_refused(target, connection):
    target.apply(delta(connection, 1, {}, FIRST))
    with pytest.raises(BadTarget, match="holds publication 1, it cannot take 3"):
        target.apply(delta(connection, 3, FIRST, SECOND))


def test_a_value_that_the_server_refuses_is_not_told(target, connection):
    refused = delta(connection, 1, {}, marked(1, state("person", row("person", person_id=1, gender_source_value="x"))))
    connection.execute("UPDATE rows_person SET gender_source_value = repeat('SECRET', 20)")
    with pytest.raises(BadTarget, match=r"filling person: refused by the server \(StringDataRightTrunc") as told:
        target.apply(refused)
    assert "SECRET" not in str(told.value)
    assert target.marker() == 0


def test_the_character_that_has_no_place_is_replaced(target, connection):
    target.apply(delta(connection, 1, {}, marked(1, state("note", row("note", note_id=1, note_text="a\0b")))))
    assert [one["note_text"] for one in held(target)["note"].values()] == ["a\ufffdb"]


def test_two_runs_do_not_publish_together(target, connection):
    with psycopg.connect(target._url) as session:
        session.execute("SELECT pg_advisory_xact_lock(hashtextextended('semantix ' || %s, 0))", [target._schema])
        with pytest.raises(BadTarget, match="another run publishes there"):
            target.apply(delta(connection, 1, {}, FIRST))


def test_a_database_that_is_not_in_utf8_is_refused(server, connection):
    with psycopg.connect(server, autocommit=True) as session:
        session.execute("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
    with pytest.raises(BadTarget, match="encoding of the database is LATIN1"):
        PostgresTarget(server.replace("/postgres?", "/latin?"), "cdm").apply(delta(connection, 1, {}, FIRST))


def test_the_vocabulary_stands_before_local_rows(target, connection, tmp_path):
    columns = "\t".join(SCHEMA["concept"].columns)
    male = "8507\tMALE\tGender\tGender\tGender\tS\tM\t19700101\t20991231\t"
    (tmp_path / "CONCEPT.csv").write_text(f"{columns}\n{male}\n")
    full = delta(connection, 1, {}, FIRST, tmp_path)
    connection.execute(SCHEMA["concept"].create("rows_concept"))
    local = row("concept", concept_id=2000000001, concept_name="Local")
    marks = ", ".join("?" * len(local))
    connection.execute(f"INSERT INTO rows_concept VALUES ({marks})", list(local.values()))
    target.apply(
        msgspec.structs.replace(full, tables=(*full.tables, "concept"), keys=KEYS | {"concept": ("concept_id",)})
    )
    with psycopg.connect(target._url) as session:
        found = session.execute(f"SELECT * FROM {target._name('concept')} ORDER BY 1").fetchall()
    assert found[0] == (
        8507,
        "MALE",
        "Gender",
        "Gender",
        "Gender",
        "S",
        "M",
        date(1970, 1, 1),
        date(2099, 12, 31),
        None,
    )
    assert found[1] == tuple(local.values())


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ((PASSWORD, "wrong-word"), "no connection: .*password authentication failed"),
        (("host=", "host=/nowhere"), "no connection"),
        (("postgresql://reader:", "password="), "no connection"),
    ],
)
def test_a_connection_refused_is_told_without_the_password(server, change, words):
    with pytest.raises(BadTarget, match=words) as told:
        PostgresTarget(server.replace(*change), "cdm").marker()
    assert PASSWORD not in str(told.value)
    assert "wrong-word" not in str(told.value)
