"""OMOP rows to PostgreSQL: a first publication, a later one, and a plain ``COPY`` of the same rows as CSV files.

``python benchmarks/runs_postgres.py [rows]`` starts a private server. The goal is a first publication within twice a
plain ``COPY``, which reads files that are made already and creates no key and no index. Best of three of each.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import psycopg

from semantix.emitters.omop import SCHEMA
from semantix.runs.publishing.delta import Delta
from semantix.runs.publishing.postgres import PostgresTarget

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from tests.postgres import running_server

TABLES = ("person", "visit_occurrence", "condition_occurrence", "measurement", "note", "metadata")
KEYS = {name: (f"{name}_id",) for name in TABLES[:-1]} | {"metadata": ("metadata_concept_id",)}
_ROWS = """
CREATE OR REPLACE TABLE rows_person AS SELECT i::INT AS person_id, 1900 + i % 100 AS year_of_birth,
    'p' || md5(i::TEXT)[:16] AS person_source_value FROM range({n} // 40) t(i);
CREATE OR REPLACE TABLE rows_visit_occurrence AS SELECT i::INT AS visit_occurrence_id, i // 4 AS person_id,
    DATE '2020-01-01' + (i % 1500)::INT AS visit_start_date, DATE '2020-01-01' + (i % 1500)::INT AS visit_end_date,
    'v' || md5(i::TEXT)[:16] AS visit_source_value FROM range({n} // 10) t(i);
CREATE OR REPLACE TABLE rows_condition_occurrence AS SELECT i::INT AS condition_occurrence_id, i // 8 AS person_id,
    4000000 + i % 5000 AS condition_concept_id, DATE '2020-01-01' + (i % 1500)::INT AS condition_start_date,
    i // 2 AS visit_occurrence_id, 'J' || i % 99 || '.0' AS condition_source_value FROM range({n} // 5) t(i);
CREATE OR REPLACE TABLE rows_measurement AS SELECT i::INT AS measurement_id, i // 40 AS person_id,
    3000000 + i % 900 AS measurement_concept_id, DATE '2020-01-01' + (i % 1500)::INT AS measurement_date,
    TIMESTAMP '2020-01-01 08:30:00' + to_days((i % 1500)::INT) AS measurement_datetime, (i % 977) / 10.0 AS
    value_as_number, 8840 AS unit_concept_id, 1.5 AS range_low, 50.0 AS range_high, i // 10 AS visit_occurrence_id,
    'dosage ' || i % 900 AS measurement_source_value, 'g/dL' AS unit_source_value, i % 977 || ',0' AS
    value_source_value FROM range({n}) t(i);
CREATE OR REPLACE TABLE rows_note AS SELECT i::INT AS note_id, i // 2 AS person_id, DATE '2020-01-01' AS note_date,
    repeat('Un mot « inventé », à la ligne.\n', 20) AS note_text FROM range({n} // 50) t(i);
CREATE OR REPLACE TABLE rows_metadata AS SELECT 1 AS metadata_id, 'semantix publication' AS name,
    {number}.0 AS value_as_number;
"""


def fill(connection: duckdb.DuckDBPyConnection, rows: int, number: int) -> None:
    """Make the rows of a publication; those of a later one go first."""
    connection.execute(_ROWS.format(n=rows, number=number)).fetchall()
    for name in TABLES:
        blank = {"int": "0", "date": "DATE '2020-01-01'", "float": "0.0"}
        given = {row[0] for row in connection.execute(f"DESCRIBE rows_{name}").fetchall()}
        said = []
        for f in SCHEMA[name].fields:
            value = f'"{f.name}"' if f.name in given else blank.get(f.kind, "''") if f.required else "NULL"
            said.append(f'{value}::{f.sql_type} AS "{f.name}"')
        connection.execute(
            f"CREATE OR REPLACE TABLE rows_{name} AS SELECT {', '.join(said)} FROM rows_{name}"
        ).fetchall()
        keys = ", ".join(KEYS[name])
        connection.execute(f"CREATE OR REPLACE TABLE gone_{name} AS SELECT DISTINCT {keys} FROM rows_{name}").fetchall()


def delta_of(connection: duckdb.DuckDBPyConnection, number: int) -> Delta:
    """What a target takes."""
    [counts] = connection.execute("SELECT " + ", ".join(f"(SELECT count(*) FROM rows_{n})" for n in TABLES)).fetchall()
    return Delta(number, number == 1, connection, TABLES, KEYS, dict(zip(TABLES, counts, strict=True)))


def plain(url: str, folder: Path, schema: str) -> None:
    """Create the tables and copy the files as they are, in one transaction."""
    with psycopg.connect(url) as session:
        session.execute(f"CREATE SCHEMA {schema}")
        for name in TABLES:
            session.execute(SCHEMA[name].create(f"{schema}.{name}").replace(" DOUBLE", " DOUBLE PRECISION"))
            with (
                session.cursor().copy(f"COPY {schema}.{name} FROM STDIN (FORMAT csv)") as copied,
                (folder / f"{name}.csv").open("rb") as file,
            ):
                while block := file.read(1 << 18):
                    copied.write(block)


def best(work: Callable[[int], None]) -> tuple[float, float]:
    """Seconds and seconds of this process's processor of the best of three."""
    found = []
    for turn in range(3):
        start, cpu = time.perf_counter(), time.process_time()
        work(turn)
        found.append((time.perf_counter() - start, time.process_time() - cpu))
    return min(found)


def main() -> None:
    """Print the figures."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 500_000
    with tempfile.TemporaryDirectory() as scratch, running_server() as url, duckdb.connect() as connection:
        folder = Path(scratch)
        fill(connection, rows, 1)
        total = sum(delta_of(connection, 1).counts.values())
        for name in TABLES:
            connection.execute(f"COPY rows_{name} TO '{folder / name}.csv' (FORMAT csv, HEADER false)").fetchall()
        size = sum(path.stat().st_size for path in folder.glob("*.csv")) / 1e6
        print(f"{total:,} rows, {size:.0f} MB as CSV")
        base, cpu = best(lambda turn: plain(url, folder, f"plain{turn}"))
        print(f"plain COPY of files: {base:.1f} s, {total / base:,.0f} rows/s ({cpu:.1f} s of the client)")
        first, cpu = best(lambda turn: PostgresTarget(url, f"run{turn}").apply(delta_of(connection, 1)))
        print(f"first publication, keys and indexes made: {first:.1f} s ({cpu:.1f} s of the client), "
              f"{first / base:.2f} x the plain COPY")  # fmt: skip
        fill(connection, rows // 10, 2)
        changed = sum(delta_of(connection, 2).counts.values())
        later, cpu = best(lambda turn: PostgresTarget(url, f"run{turn}").apply(delta_of(connection, 2)))
        print(f"later publication: {changed:,} rows removed, as many put: {later:.1f} s, {changed / later:,.0f} rows/s")


if __name__ == "__main__":
    main()
