"""The checks give the same verdicts on PostgreSQL as on DuckDB, on a private server that the test starts."""

import json
from collections.abc import Iterator
from pathlib import Path

import duckdb
import psycopg
import pytest
from click.testing import CliRunner
from tests.postgres import PASSWORD, running_server
from tests.quality_database import BOUNDARIES, CASES, Case, build, check, one, verdicts

from semantix.emitters.omop.schema import SCHEMA
from semantix.errors import BadDatabase
from semantix.quality.builtin import builtin_definitions
from semantix.quality.database import QueryFailed, open_database
from semantix.quality.definitions import Selection, read_definitions
from semantix.quality.outcomes import ERROR, FAILED, NOT_APPLICABLE, PASSED
from semantix.quality.postgres import PostgresConnection
from semantix_cli.main import main

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with running_server() as url:
        yield url


@pytest.fixture(scope="module")
def _built(server: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(server) as session:
        session.execute("CREATE SCHEMA small")
        session.execute("SET search_path = small")
        build(session.execute)
        session.commit()
        yield session


@pytest.fixture
def sound(_built: psycopg.Connection) -> Iterator[PostgresConnection]:
    """Give a session in which a test may change the sound database, and undo the change."""
    _built.execute("SET search_path = small")
    yield PostgresConnection("server", _built, QueryFailed)
    _built.rollback()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.check)
def test_check_counts_as_in_duckdb(sound: PostgresConnection, case: Case):
    result = one(sound, case.check)
    assert (result.status, result.counted.violated, result.counted.denominator) == (PASSED, *case.sound)
    sound.session.execute(case.change)
    result = one(sound, case.check)
    assert (result.status, result.counted.violated, result.counted.denominator) == (FAILED, *case.broken)


@pytest.mark.parametrize(("wanted", "change", "counts"), BOUNDARIES)
def test_check_tolerates_what_is_just_right(sound, wanted: str, change: str, counts: tuple[int, int]):
    sound.session.execute(change)
    result = one(sound, wanted)
    assert (result.status, result.counted.violated, result.counted.denominator) == (PASSED, *counts)


def _copy(database: Path, server: str, schema: str) -> None:
    """Copy every table of a DuckDB file into a schema of the server."""
    with duckdb.connect(str(database), read_only=True) as source, psycopg.connect(server) as target:
        target.execute(f"CREATE SCHEMA {schema}")
        target.execute(f"SET search_path = {schema}")
        for table in SCHEMA.values():
            target.execute(table.create().replace("DOUBLE", "DOUBLE PRECISION"))
            with target.cursor().copy(f"COPY {table.name} FROM STDIN") as copied:
                for row in source.execute(f"SELECT * FROM {table.name}").fetchall():
                    copied.write_row(row)


@pytest.fixture(scope="module")
def converted(server: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the examples as a DuckDB file, of which the server has a copy."""
    database = tmp_path_factory.mktemp("quality") / "cdm.duckdb"
    done = CliRunner().invoke(main, ["convert", str(ROOT / "examples" / "cda"), "--to", "omop", "--out", str(database)])
    assert done.exit_code == 0, done.stderr
    _copy(database, server, "examples")
    return database


def test_a_converted_database_gets_the_same_verdicts_from_both(server: str, converted: Path):
    known = builtin_definitions()
    with open_database(str(converted)) as duck, open_database(server, "examples") as postgres:
        assert verdicts(duck, known) == verdicts(postgres, known)


def test_the_published_definitions_give_the_same_verdicts_from_both(server: str, converted: Path, shared: Path):
    known = read_definitions(shared / "spec" / "dqd")
    with open_database(str(converted)) as duck, open_database(server, "examples") as postgres:
        assert verdicts(duck, known) == verdicts(postgres, known)


def test_vocabularies_may_be_in_another_schema(server: str, converted: Path):
    with psycopg.connect(server) as session:
        session.execute("CREATE SCHEMA words")
        session.execute("CREATE TABLE words.concept AS SELECT * FROM examples.concept WHERE false")
    with open_database(server, "examples", "words") as database:
        assert "concept" not in database.names.filled
        assert database.names.table("concept") == '"words"."concept"'
        assert database.names.table("domain") == '"examples"."domain"'


def test_the_session_can_only_read(server: str, converted: Path):
    with open_database(server, "examples") as database, pytest.raises(QueryFailed, match="25006"):
        database.connection.rows("CREATE TABLE examples.written (a int)")


def test_one_column_of_another_type_costs_its_own_checks_only(sound: PostgresConnection):
    sound.session.execute("ALTER TABLE measurement ALTER value_as_number TYPE VARCHAR")
    sound.session.commit()
    try:
        sound.session.autocommit = True
        found = {result.check.id: result for result in check(sound, Selection(tables=("measurement",))).results}
        low = found["concept_plausiblevaluelow_measurement_measurement_concept_id_300_8840"]
        assert (low.status, low.counted.violated) == (ERROR, None)
        assert low.counted.error == "UndefinedFunction, SQLSTATE 42883"
        assert {result.status for name, result in found.items() if "plausiblevalue" not in name} == {
            PASSED,
            NOT_APPLICABLE,
        }
    finally:
        sound.session.execute(
            "ALTER TABLE small.measurement ALTER value_as_number TYPE DOUBLE PRECISION "
            "USING value_as_number::double precision"
        )
        sound.session.autocommit = False


def test_the_command_checks_a_server_and_never_shows_the_password(server: str, converted: Path):
    done = CliRunner().invoke(main, ["quality", server, "--schema", "examples", "--format", "json"])
    assert done.exit_code == 1
    assert PASSWORD not in done.output
    told = json.loads(done.stdout)["semantix"]
    assert told["database"] == "postgresql://reader@/postgres"
    assert told["engine"].startswith("PostgreSQL ")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ((PASSWORD, "wrong-word"), "password authentication failed"),
        (("/postgres?", "/absent?"), 'database "absent" does not exist'),
        (("host=", "host=/nowhere"), "no connection"),
        (("?host", "?unknown_option=1&host"), "no connection"),
    ],
)
def test_a_connection_refused_is_told_without_the_password(server: str, change: tuple[str, str], words: str):
    done = CliRunner().invoke(main, ["quality", server.replace(*change)])
    assert done.exit_code == BadDatabase.exit_code
    assert words in done.stderr
    assert PASSWORD not in done.output
    assert "wrong-word" not in done.output


def test_a_schema_without_tables_names_those_that_have_some(server: str, converted: Path):
    done = CliRunner().invoke(main, ["quality", server, "--schema", "nothing"])
    assert done.exit_code == BadDatabase.exit_code
    assert "schemas with tables: " in done.stderr
    assert "examples" in done.stderr


def test_a_connection_lost_is_told(server: str, converted: Path):
    with pytest.raises(BadDatabase, match="connection was lost"), open_database(server, "examples") as database:
        database.connection.rows("SELECT pg_terminate_backend(pg_backend_pid())")
