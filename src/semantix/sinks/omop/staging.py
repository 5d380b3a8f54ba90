"""Rows on disk, one CSV file a table, before any database: memory stays flat, every target reads the same rows."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import IO, Any

from semantix.emitters.omop import SCHEMA, OmopEmission, Ref, Row
from semantix.emitters.omop.concepts import LOCAL_BASE
from semantix.sinks.omop.keys import KeyRegistry

NULL = "\x01"
"""No XML document holds this character: it cannot be met as a value."""
LINE_END = "\r\n"
"""Both characters, so that a value with one of them alone is quoted."""
VISIT = "visit_occurrence"
SHARED = ("location", "care_site", "provider", "person", "visit_occurrence", "concept")
"""Tables whose rows several documents give, in the order in which keys are asked for."""
_EVENT_COLUMNS = frozenset({"fact_id_1", "fact_id_2", "observation_event_id"})


class Plan:
    """How one table's rows become lines: each column with what to do to its value."""

    __slots__ = ("columns", "concepts", "key", "name", "refs", "shared")

    def __init__(self, name: str) -> None:
        table = SCHEMA[name]
        self.name = name
        self.columns = table.columns
        self.key = table.key
        self.shared = tuple((f.name, f.target) for f in table.fields if f.target in SHARED and f.target != "concept")
        self.concepts = tuple(f.name for f in table.fields if f.target == "concept")
        self.refs = tuple(c for c in table.columns if c in _EVENT_COLUMNS)


class Staging:
    """A folder of CSV files. ``write`` must be called in the order of the input: it gives the keys."""

    def __init__(self, folder: Path, keys: KeyRegistry) -> None:
        self.folder = folder
        self.keys = keys
        self._plans: dict[str, Plan] = {}
        self._files: dict[str, IO[str]] = {}
        self._writers: dict[str, Any] = {}
        self._sequence = 0

    def write(self, emission: OmopEmission) -> None:
        """Stage the rows of one document."""
        keys, rows = self.keys, emission.rows
        document = keys.document(emission.key, emission.sha256, emission.name)
        firsts: dict[str, int] = {}
        for table in sorted(emission.trace):
            first = firsts[table] = keys.block(document, table, len(rows[table]))
            keys.facts(table, first, document, emission.trace[table])
        for table in SHARED:
            for row in rows.get(table, ()):
                self._shared(table, row, emission.open_visits)
        for table in rows:
            if table not in SHARED:
                self._table(table, rows[table], firsts)

    def _shared(self, table: str, row: Row, open_visits: frozenset[str]) -> None:
        plan = self._plan(table)
        assert plan.key is not None
        row = dict(row)
        is_open = table == VISIT and row[plan.key] in open_visits
        row[plan.key] = self.keys.entity(table, row[plan.key], LOCAL_BASE if table == "concept" else 1)
        self._line(plan, row, {}, is_open=is_open)

    def _table(self, table: str, rows: list[Row], firsts: dict[str, int]) -> None:
        plan = self._plan(table)
        first = firsts.get(table)
        for i, row in enumerate(rows):
            row = dict(row)  # noqa: PLW2901
            if first is not None and plan.key is not None:
                row[plan.key] = first + i
            self._line(plan, row, firsts)

    def _line(self, plan: Plan, row: Row, firsts: dict[str, int], *, is_open: bool = False) -> None:
        entity, get = self.keys.entity, row.get
        for column, target in plan.shared:
            value = get(column)
            if value.__class__ is str:
                row[column] = entity(str(target), value)
        for column in plan.concepts:
            value = get(column)
            if value.__class__ is str:
                row[column] = entity("concept", value, LOCAL_BASE)
        for column in plan.refs:
            ref = get(column)
            if ref is not None:
                row[column] = _resolve(ref, firsts)
        line = [get(c) for c in plan.columns]
        self._sequence += 1
        line += [self._sequence, is_open]
        self._writers[plan.name].writerow([NULL if v is None else v for v in line])

    def _plan(self, table: str) -> Plan:
        plan = self._plans.get(table)
        if plan is None:
            plan = self._plans[table] = Plan(table)
            file = (self.folder / f"{table}.csv").open("w", encoding="utf-8", newline="")
            self._files[table] = file
            self._writers[table] = csv.writer(file, quoting=csv.QUOTE_MINIMAL, lineterminator=LINE_END)
        return plan

    def close(self) -> None:
        """Flush every file."""
        for file in self._files.values():
            file.close()


def _resolve(ref: Ref, firsts: dict[str, int]) -> int:
    table, rank = ref
    return firsts[table] + rank
