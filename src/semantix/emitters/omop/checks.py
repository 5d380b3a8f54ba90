"""Is a database a sound CDM 5.4? The part of the OHDSI data quality checks that must hold whatever the source says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Protocol

from semantix.emitters.omop.concepts import LOCAL_VOCABULARY
from semantix.emitters.omop.schema import SCHEMA, Table

_STANDARD_EXEMPT = frozenset({"person.race_concept_id", "person.ethnicity_concept_id"})


class Connection(Protocol):
    """A DuckDB connection, or one that speaks like it."""

    def execute(self, query: str, parameters: Any = ...) -> Any:
        """Run one statement; its result has ``fetchall``."""


def check_database(connection: Connection, forbidden: Iterable[str] = ()) -> list[str]:
    """Every fault found, in words; empty when the database is sound.

    ``forbidden`` are values that identify people (names, identifiers, streets...): none may be inside any text
    column.
    """
    present = {name for (name,) in _rows(connection, "SELECT table_name FROM information_schema.tables")}
    faults = [f"{name}: the table is missing" for name in SCHEMA if name not in present]
    if faults:
        return faults
    with_vocabulary = bool(_one(connection, "SELECT count(*) FROM concept_relationship"))
    for table in SCHEMA.values():
        if _one(connection, f"SELECT count(*) FROM {table.name}"):
            faults += _structure(connection, table)
            faults += _foreign_keys(connection, table)
    faults += _dates(connection)
    if with_vocabulary:
        for table in SCHEMA.values():
            faults += _standard(connection, table)
    faults += _identifying(connection, tuple(forbidden))
    return faults


def _rows(connection: Connection, query: str, parameters: Any = ()) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = connection.execute(query, list(parameters)).fetchall()
    return found


def _one(connection: Connection, query: str, parameters: Any = ()) -> int:
    return int(_rows(connection, query, parameters)[0][0])


def _structure(connection: Connection, table: Table) -> Iterator[str]:
    for field in table.fields:
        column = f'"{field.name}"'
        if field.required:
            empty = _one(connection, f"SELECT count(*) FROM {table.name} WHERE {column} IS NULL")
            if empty:
                yield f"{table.name}.{field.name}: required, {empty} rows are NULL"
        if field.length is not None:
            too_long = f"SELECT count(*) FROM {table.name} WHERE length({column}) > {field.length}"
            if _one(connection, too_long):
                yield f"{table.name}.{field.name}: longer than {field.length}"
    if table.key:
        twice = _one(connection, f"SELECT count(*) - count(DISTINCT {table.key}) FROM {table.name}")
        if twice:
            yield f"{table.name}.{table.key}: {twice} duplicate keys"


def _foreign_keys(connection: Connection, table: Table) -> Iterator[str]:
    """Every key resolves, in CONCEPT too: the structural concepts have a row even without a vocabulary."""
    for field in table.fields:
        if field.target is None or field.target not in SCHEMA:
            continue
        target = SCHEMA[field.target]
        condition = f'"{field.name}" IS NOT NULL'
        lost = _one(
            connection,
            f'SELECT count(*) FROM {table.name} WHERE {condition} AND "{field.name}" NOT IN '
            f"(SELECT {target.key} FROM {target.name})",
        )
        if lost:
            yield f"{table.name}.{field.name}: {lost} values are not in {field.target}"


def _dates(connection: Connection) -> Iterator[str]:
    birth = "make_date(p.year_of_birth, coalesce(p.month_of_birth, 1), coalesce(p.day_of_birth, 1))"
    for name, table in SCHEMA.items():
        start = table.start
        wrong = table.end and _one(connection, f"SELECT count(*) FROM {name} WHERE {table.end} < {start}")
        if wrong:
            yield f"{name}: {wrong} rows end before they start"
        query = f"SELECT count(*) FROM {name} e JOIN person p USING (person_id) WHERE e.{start} < {birth}"
        wrong = start and _one(connection, query)
        if wrong:
            yield f"{name}.{start}: {wrong} rows before birth"


def _standard(connection: Connection, table: Table) -> Iterator[str]:
    for field in table.fields:
        name = field.name
        skip = "source" in name or "fact" in name or f"{table.name}.{name}" in _STANDARD_EXEMPT
        if field.target != "concept" or not name.endswith("_concept_id") or skip or table.name.startswith("concept"):
            continue
        if table.name in {"vocabulary", "domain", "relationship", "source_to_concept_map", "drug_strength"}:
            continue
        wrong = _one(
            connection,
            f"SELECT count(*) FROM {table.name} t JOIN concept c ON c.concept_id = t.{name} "
            f"WHERE c.concept_id > 0 AND c.vocabulary_id <> '{LOCAL_VOCABULARY}' "
            "AND (c.standard_concept IS DISTINCT FROM 'S' OR c.invalid_reason IS NOT NULL)",
        )
        if wrong:
            yield f"{table.name}.{name}: {wrong} concepts are not Standard"


def _identifying(connection: Connection, forbidden: tuple[str, ...]) -> Iterator[str]:
    """The value found is not repeated in the fault: a report must not say what a column must not hold."""
    needles = tuple({f.casefold() for f in forbidden if f.strip()})
    if not needles:
        return
    for table in SCHEMA.values():
        for field in table.fields:
            if field.kind == "text" or field.length is not None:
                column = f'"{field.name}"'
                query = f"SELECT DISTINCT {column} FROM {table.name} WHERE {column} IS NOT NULL"
                found = sum(_holds(value.casefold(), needles) for (value,) in _rows(connection, query))
                if found:
                    yield f"{table.name}.{field.name}: {found} identifying values"


def _holds(value: str, needles: tuple[str, ...]) -> bool:
    """True when a needle is in the value as whole words: ``Marc`` is not in ``démarche``."""
    for needle in needles:
        at = value.find(needle)
        while at >= 0:
            before, after = value[at - 1 : at], value[at + len(needle) : at + len(needle) + 1]
            if not before.isalnum() and not after.isalnum():
                return True
            at = value.find(needle, at + 1)
    return False
