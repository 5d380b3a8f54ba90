"""Run the checks: plan them, scan each table as few times as possible, judge the counts."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from datetime import date

from msgspec import Struct

from semantix.quality.concept_measures import measure
from semantix.quality.database import Connection, Database, QueryFailed
from semantix.quality.definitions import Check, Definitions, Selection, select
from semantix.quality.measures import Measure, Part, Site, rows_of
from semantix.quality.names import Names, NoVocabulary, Unmeasurable
from semantix.quality.outcomes import Counted, Population, Result, judge

TOGETHER = 200
"""Aggregates in one scan: PostgreSQL has at most 1,664 columns in a result, and a refused scan is taken apart."""
_CATALOGUE = {"cdmTable": "table {check.table} does not exist", "cdmField": "column {check.place} does not exist"}


class Answer(Struct, frozen=True):
    """The value of an aggregate, or the kind of error; ``seconds`` are those of the scan that gave it."""

    value: int = 0
    error: str = ""
    seconds: float = 0.0


class QualityRun(Struct, frozen=True):
    """A database, the definitions used and a verdict a check; ``source`` is its row of CDM_SOURCE."""

    database: str
    engine: str
    schema: str
    vocabulary_schema: str
    has_vocabulary: bool
    day: date
    definitions: Definitions
    source: Mapping[str, str]
    results: tuple[Result, ...]


def run_checks(
    database: Database, definitions: Definitions, selection: Selection, today: date, clock: Callable[[], float]
) -> QualityRun:
    """Check a database. ``clock`` counts seconds; ``today`` is what the definitions call GETDATE()."""
    names, connection = database.names, database.connection
    checks = select(definitions, selection)
    tables = _tables(names, checks)
    rows = _values(tables, answer(connection, tables.values(), clock))
    empty = frozenset(table for table, number in rows.items() if number == 0)
    plans = [_plan(Site(check, names, today), empty) for check in checks]
    wanted = [part for plan in plans if isinstance(plan, Measure) for part in (plan.violated, plan.denominator)]
    fields = _fields(names, checks, empty)
    answers = answer(connection, (*wanted, *fields.values()), clock)
    population = Population(names, {**rows, **_values(fields, answers)})
    return QualityRun(
        database=connection.label,
        engine=connection.engine,
        schema=database.schema,
        vocabulary_schema=database.vocabulary_schema,
        has_vocabulary="concept" in names.filled,
        day=today,
        definitions=definitions,
        source=_source(connection, names),
        results=tuple(
            judge(check, _counted(plan, answers), population) for check, plan in zip(checks, plans, strict=True)
        ),
    )


def _values(places: Mapping[str, Part], answers: Mapping[Part, Answer]) -> dict[str, int]:
    return {place: answers[part].value for place, part in places.items() if not answers[part].error}


def _plan(site: Site, empty: Container[str]) -> Measure | Counted:
    """How to count a check, or its counts where the catalogue, or an empty table, is enough."""
    check = site.check
    words = _CATALOGUE.get(check.kind.name)
    if words is not None:
        there = site.names.has(check.table, check.field)
        return Counted(violated=0, denominator=1) if there else Counted(error=words.format(check=check))
    try:
        plan = measure(site)
        return plan if check.kind.level == "TABLE" or check.table not in empty else Counted(0, 0, sql=plan.sql)
    except NoVocabulary as absent:
        return Counted(error=f"vocabulary table {absent} is absent or empty", missing=str(absent))
    except Unmeasurable as error:
        return Counted(error=str(error))


def _tables(names: Names, checks: Iterable[Check]) -> dict[str, Part]:
    """Count the rows of every table checked, and of the conditions that their eras depend on."""
    tables = {check.table for check in checks} | {"condition_occurrence"}
    return {table: Part(rows_of(names, table), "count(*)") for table in sorted(tables) if names.has(table)}


def _fields(names: Names, checks: Iterable[Check], empty: Container[str]) -> dict[str, Part]:
    return {
        check.place: Part(rows_of(names, check.table), f"count({names.column(check.table, check.field)})")
        for check in checks
        if check.field and check.table not in empty and names.has(check.table, check.field)
    }


def answer(connection: Connection, parts: Iterable[Part], clock: Callable[[], float]) -> dict[Part, Answer]:
    """Compute aggregates, those over the same rows in one scan."""
    scans: dict[str, dict[str, None]] = {}
    picks: dict[tuple[str, str], list[Part]] = {}
    for part in parts:
        if part.pick:
            picks.setdefault((part.source, part.pick.column), []).append(part)
        else:
            scans.setdefault(part.source, {})[part.value] = None
    answers = {
        part: found
        for source, values in scans.items()
        for some in _batches(tuple(values))
        for part, found in _scan(connection, source, some, clock)
    }
    for (source, column), some in picks.items():
        answers.update(_pick(connection, f"SELECT g.v, {column}, g.n FROM {source}", some, clock))
    return answers


def _pick(
    connection: Connection, sql: str, parts: Sequence[Part], clock: Callable[[], float]
) -> Iterator[tuple[Part, Answer]]:
    """Fetch the groups once, and add up those of each check."""
    started = clock()
    try:
        rows = connection.rows(sql)
    except QueryFailed as error:
        yield from ((part, Answer(error=str(error), seconds=clock() - started)) for part in parts)
        return
    groups: dict[str, list[tuple[str | None, int]]] = {}
    for concept, other, number in rows:
        groups.setdefault(str(concept), []).append((None if other is None else str(other), int(str(number))))
    seconds = clock() - started
    for part in parts:
        assert part.pick
        pick = part.pick
        found = (group for concept in pick.concepts for group in groups.get(concept, ()))
        yield part, Answer(sum(number for other, number in found if pick.takes(other)), seconds=seconds)


def _batches(values: Sequence[str]) -> Iterator[Sequence[str]]:
    return (values[start : start + TOGETHER] for start in range(0, len(values), TOGETHER))


def _scan(
    connection: Connection, source: str, values: Sequence[str], clock: Callable[[], float]
) -> Iterator[tuple[Part, Answer]]:
    """Compute aggregates together; if the database refuses, halve them, so that only the one at fault fails."""
    started = clock()
    try:
        row = connection.rows(f"SELECT {', '.join(values)} FROM {source}")[0]
    except QueryFailed as error:
        if len(values) == 1:
            yield Part(source, values[0]), Answer(error=str(error), seconds=clock() - started)
            return
        middle = len(values) // 2
        yield from _scan(connection, source, values[:middle], clock)
        yield from _scan(connection, source, values[middle:], clock)
        return
    seconds = clock() - started
    for value, cell in zip(values, row, strict=True):
        yield Part(source, value), Answer(int(str(cell)), seconds=seconds)


def _counted(plan: Measure | Counted, answers: Mapping[Part, Answer]) -> Counted:
    if isinstance(plan, Counted):
        return plan
    violated, denominator = answers[plan.violated], answers[plan.denominator]
    error = violated.error or denominator.error
    return Counted(
        violated=None if error else violated.value,
        denominator=None if error else denominator.value,
        error=error,
        sql=plan.sql,
        seconds=violated.seconds,
    )


def _source(connection: Connection, names: Names) -> Mapping[str, str]:
    """The first row of CDM_SOURCE: what the database says of itself."""
    if not names.has("cdm_source"):
        return {}
    columns = names.relations["cdm_source"].columns
    listed = ", ".join(f"t.{column.sql}" for column in columns.values())
    try:
        rows = connection.rows(f"SELECT {listed} FROM {rows_of(names, 'cdm_source')} LIMIT 1")
    except QueryFailed:
        return {}
    return {name: str(cell) for name, cell in zip(columns, rows[0] if rows else (), strict=False) if cell is not None}
