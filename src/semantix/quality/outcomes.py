"""Pass, fail, not applicable or error: the rules of the DataQualityDashboard, over counts."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from semantix.quality.definitions import Check
from semantix.quality.names import Names

PASSED, FAILED, NOT_APPLICABLE, ERROR = "passed", "failed", "not_applicable", "error"
STATUSES = (PASSED, FAILED, NOT_APPLICABLE, ERROR)

TABLE_MISSING, FIELD_MISSING = "table_missing", "field_missing"
TABLE_EMPTY, FIELD_EMPTY = "table_empty", "field_empty"
CONCEPT_MISSING, UNIT_MISSING = "concept_missing", "unit_missing"
NO_CONDITIONS, NO_VOCABULARY = "no_conditions", "no_vocabulary"


class Counted(Struct, frozen=True):
    """What the database answered for a check, or why it did not: ``missing`` is a table of the vocabularies."""

    violated: int | None = None
    denominator: int | None = None
    error: str = ""
    missing: str = ""
    sql: str = ""
    seconds: float = 0.0


class Result(Struct, frozen=True):
    """The verdict on one check. ``reason`` says why it does not apply, ``error`` why it could not be run."""

    check: Check
    status: str
    counted: Counted
    reason: str = ""

    @property
    def share(self) -> float:
        """The share of the records that violate the check; 0 where there is none to look at."""
        counted = self.counted
        return counted.violated / counted.denominator if counted.violated and counted.denominator else 0.0


class Population(Struct, frozen=True):
    """What is in the database: the rows of each ``table``, the values of each ``table.field``."""

    names: Names
    counts: Mapping[str, int]

    def is_empty(self, table: str) -> bool:
        """Say whether a table is known to have no row."""
        return self.counts.get(table) == 0

    def lacks_values(self, check: Check) -> bool:
        """Say whether a field is known to have no value."""
        return bool(check.field) and self.counts.get(check.place) == 0


def judge(check: Check, counted: Counted, population: Population) -> Result:
    """Give the verdict on a check."""
    reason = _inapplicable(check, counted, population)
    if reason:
        return Result(check, NOT_APPLICABLE, counted, reason)
    if counted.error:
        absent = check.kind.name in {"cdmTable", "cdmField"}
        return Result(check, FAILED if absent else ERROR, counted)
    return Result(check, FAILED if exceeds(check, counted) else PASSED, counted)


def exceeds(check: Check, counted: Counted) -> bool:
    """Say whether more records violate a check than its threshold allows; without one, or with 0, any does."""
    violated = counted.violated or 0
    if not check.threshold:
        return violated > 0
    return bool(counted.denominator) and violated / (counted.denominator or 1) * 100 > check.threshold


def _inapplicable(check: Check, counted: Counted, population: Population) -> str:
    """The reason why a check does not apply, in the order in which the DataQualityDashboard looks for one."""
    name, names = check.kind.name, population.names
    if name == "cdmTable":
        return ""
    if name == "measureConditionEraCompleteness":
        conditions = "condition_occurrence"
        return NO_CONDITIONS if not names.has(conditions) or population.is_empty(conditions) else ""
    if not names.has(check.table):
        return TABLE_MISSING
    if name in {"cdmField", "measurePersonCompleteness"}:
        return ""
    if not names.has(check.table, check.field):
        return FIELD_MISSING
    return _unpopulated(check, counted, population)


def _unpopulated(check: Check, counted: Counted, population: Population) -> str:
    if counted.error and not counted.missing:
        return ""
    if population.is_empty(check.table):
        return TABLE_EMPTY
    return "" if check.kind.name == "measureValueCompleteness" else _without_object(check, counted, population)


def _without_object(check: Check, counted: Counted, population: Population) -> str:
    if population.lacks_values(check):
        return FIELD_EMPTY
    if counted.missing:
        return NO_VOCABULARY
    if check.kind.level == "CONCEPT" and counted.denominator == 0:
        return UNIT_MISSING if check.unit else CONCEPT_MISSING
    return ""
