"""Databases are opened for reading, looked at as they are, and never shown with a password."""

from pathlib import Path

import duckdb
import pytest
from tests.quality_database import build, check, one

from semantix.errors import BadDatabase
from semantix.quality import postgres
from semantix.quality.database import DuckConnection, QueryFailed, database_of, open_database
from semantix.quality.names import Unmeasurable, literal, quoted, relations_of
from semantix.quality.outcomes import PASSED
from semantix.quality.postgres import open_postgres, safe_label


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "cdm.duckdb"
    with duckdb.connect(str(path)) as session:
        build(session.execute, vocabulary=False)
        session.execute("CREATE SCHEMA words")
        session.execute("CREATE TABLE words.concept AS FROM concept")
        session.execute("INSERT INTO words.concept (concept_id) VALUES (0)")
    return path


def test_a_file_can_only_be_read(file: Path):
    with open_database(str(file)) as database, pytest.raises(QueryFailed, match="InvalidInputException"):
        database.connection.rows("CREATE TABLE a (b INTEGER)")


def test_the_schema_is_the_current_one_unless_it_is_named(file: Path):
    with open_database(str(file)) as database:
        assert (database.schema, database.names.filled) == ("main", frozenset())
        assert database.connection.engine == f"DuckDB {duckdb.__version__}"
    with open_database(str(file), "words") as database:
        assert set(database.names.relations) == {"concept"}


def test_vocabularies_may_be_in_another_schema(file: Path):
    with open_database(str(file), vocabulary_schema="words") as database:
        assert database.names.filled == {"concept"}
        assert database.names.vocabulary("concept") == '"words"."concept"'
        assert database.names.table("vocabulary") == '"main"."vocabulary"'


def test_a_schema_that_is_not_there_is_told_with_those_that_are(file: Path):
    with pytest.raises(BadDatabase, match="no table in the schema absent; schemas with tables: main, words"):
        open_database(str(file), "absent").__enter__()


def test_a_database_without_the_cdm_is_refused(tmp_path: Path):
    path = tmp_path / "other.duckdb"
    with duckdb.connect(str(path)) as session:
        session.execute("CREATE TABLE invoices (a INTEGER)")
    with pytest.raises(BadDatabase, match="no table of the OMOP CDM in the schema main"):
        open_database(str(path)).__enter__()


def test_what_is_no_database_is_refused(tmp_path: Path):
    path = tmp_path / "text.duckdb"
    path.write_text("not a database" * 500)
    with pytest.raises(BadDatabase, match="not a DuckDB database"):
        open_database(str(path)).__enter__()
    with pytest.raises(BadDatabase, match="no such file"):
        open_database(str(tmp_path / "absent.duckdb")).__enter__()


def test_an_interruption_ends_the_run():
    class Interrupted:
        def execute(self, sql: str) -> None:
            raise duckdb.InterruptException("INTERRUPT Error: Interrupted!")

    with pytest.raises(KeyboardInterrupt):
        DuckConnection("memory", Interrupted()).rows("SELECT 1")


def test_a_disk_that_fails_ends_the_run():
    class Broken:
        def execute(self, sql: str) -> None:
            raise duckdb.IOException("IO Error: Could not read")

    with pytest.raises(BadDatabase, match="reading it failed"):
        DuckConnection("memory", Broken()).rows("SELECT 1")


def test_names_are_found_whatever_their_case(sound):
    for change in (
        "ALTER TABLE person RENAME TO people",
        'CREATE VIEW "PERSON" AS SELECT person_id AS "Person_ID", gender_concept_id FROM people',
    ):
        sound.session.execute(change)
    result = one(sound, "field_isrequired_person_person_id")
    assert (result.status, result.counted.denominator) == (PASSED, 3)
    assert '"PERSON"' in result.counted.sql
    assert '"Person_ID"' in result.counted.sql


def test_names_are_quoted():
    assert quoted('a"b') == '"a""b"'
    assert literal("O'Hara") == "'O''Hara'"
    found = relations_of('x"y', [("T", "A", "INTEGER"), ("t", "b", "TEXT")])
    assert found["t"].sql == '"x""y"."T"'
    assert found["t"].columns["a"].kind == "integer"


def test_what_is_not_there_is_named(sound):
    names = database_of(sound, "", "").names
    with pytest.raises(Unmeasurable, match="table nowhere does not exist"):
        names.column("nowhere", "a")
    with pytest.raises(Unmeasurable, match=r"column person\.nothing does not exist"):
        names.column("person", "nothing")


def test_a_vocabulary_table_that_cannot_be_read_counts_as_absent(alone):
    alone.session.execute("ALTER TABLE concept RENAME TO words")
    alone.session.execute("CREATE VIEW concept AS SELECT * FROM words")
    alone.session.execute("DROP TABLE words")
    run = check(alone)
    assert not run.has_vocabulary


@pytest.mark.parametrize(
    ("url", "label"),
    [
        ("postgresql://me:secret@host:5432/cdm?sslmode=require", "postgresql://me@host:5432/cdm"),
        ("postgres://me:se@cret@host/cdm", "postgresql://me@host/cdm"),
        ("postgresql://host/cdm?user=me&password=secret", "postgresql://host/cdm"),
        ("postgresql:///cdm#secret", "postgresql:///cdm"),
        ("postgresql://", "postgresql://"),
    ],
)
def test_a_url_is_shown_without_its_password(url: str, label: str):
    assert safe_label(url) == label
    assert "secret" not in safe_label(url)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://me:s3cret@127.0.0.1:1/cdm?connect_timeout=1",
        "postgresql://me:s3cret@[::1/cdm",
        "postgresql://me@127.0.0.1:1/cdm?connect_timeout=1&password=s3cret",
        "postgresql://me:s3cret@host:port/cdm",
        "postgresql://me@host:1,s3cret/cdm?password=s3cret",
    ],
)
def test_a_server_that_is_not_there_is_told_without_the_password(url: str):
    with pytest.raises(BadDatabase) as refused:
        open_database(url).__enter__()
    assert "no connection" in str(refused.value)
    assert "s3cret" not in str(refused.value).replace("host:1,s3cret/cdm:", "")


def test_postgresql_without_its_driver_says_what_to_install(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(postgres, "psycopg", None)
    with pytest.raises(BadDatabase, match=r"pip install 'semantix\[postgres\]'"):
        open_postgres("postgresql://host/cdm", QueryFailed).__enter__()
