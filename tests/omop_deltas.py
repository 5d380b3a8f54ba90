"""Differences between two states of an OMOP database, written by hand for the tests of targets."""

from datetime import date
from pathlib import Path

from semantix.emitters.omop import SCHEMA
from semantix.runs.publishing.delta import Delta

KEYS = {"person": ("person_id",), "measurement": ("measurement_id",), "death": ("person_id",), "note": ("note_id",),
        "fact_relationship": SCHEMA["fact_relationship"].columns, "metadata": ("metadata_concept_id",)}  # fmt: skip
Rows = dict[str, dict[tuple[object, ...], dict[str, object]]]
FILLED = {"int": 0, "date": date(2024, 1, 1), "float": 0.0, "time": None}


def row(table: str, **values: object) -> dict[str, object]:
    blank = {f.name: FILLED.get(f.kind, "") if f.required else None for f in SCHEMA[table].fields}
    return blank | values


def state(table: str, *rows: dict[str, object]) -> Rows:
    return {table: {tuple(one[key] for key in KEYS[table]): one for one in rows}}


def measurement(number: int, year: int = 2024, value: float = 1.0) -> dict[str, object]:
    return row(
        "measurement",
        measurement_id=number,
        person_id=1,
        measurement_date=date(year, 1, 2),
        value_as_number=value,
        unit_source_value="é’",
    )


def delta(connection, number: int, before: Rows, after: Rows, vocabulary: Path | None = None) -> Delta:
    """Write the difference of two states as the rows to remove and the rows to put."""
    is_full = number == 1
    tables, counts = [], {}
    for table in sorted({*before, *after}):
        old, new = before.get(table, {}), after.get(table, {})
        if old == new:
            continue
        changed = [one for key, one in sorted(new.items(), key=repr) if old.get(key) != one]
        gone = [key for key, one in old.items() if new.get(key) != one]
        put(connection, table, changed, [] if is_full else gone)
        tables.append(table)
        counts[table] = len(changed)
    return Delta(number, is_full, connection, tuple(tables), KEYS, counts, vocabulary)


def put(connection, table: str, rows: list[dict[str, object]], gone: list[tuple[object, ...]]) -> None:
    connection.execute(f"DROP TABLE IF EXISTS rows_{table}; DROP TABLE IF EXISTS gone_{table}")
    connection.execute(SCHEMA[table].create(f"rows_{table}"))
    if rows:
        marks = ", ".join("?" * len(SCHEMA[table].columns))
        connection.executemany(f"INSERT INTO rows_{table} VALUES ({marks})", [list(one.values()) for one in rows])
    keys = ", ".join(KEYS[table])
    connection.execute(f"CREATE TABLE gone_{table} AS SELECT {keys} FROM rows_{table} WHERE false")
    for key in gone:
        connection.execute(f"INSERT INTO gone_{table} VALUES ({', '.join('?' * len(key))})", list(key))
