"""How each table and field check is counted: two aggregates, each over a FROM clause that other checks share.

The SQL is ours and is read the same way by DuckDB and PostgreSQL; what it counts is what OHDSI DataQualityDashboard
2.8.4 counts. A table is scanned once for all the checks that need only its rows, once beside the persons, once beside
the deaths, once beside the visits, and each of its keys is grouped once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from types import MappingProxyType

from msgspec import Struct

from semantix.quality.definitions import Check
from semantix.quality.names import VOCABULARY, Names, Unmeasurable, literal


class Pick(Struct, frozen=True):
    """Which groups of a grouped table a check adds up: hundreds of checks look at hundreds of concepts of one table.

    ``column`` is what rows are grouped by beside their concept. ``but`` are values of it that are right, and a missing
    one is no fault; ``nonzero`` leaves out 0 only.
    """

    column: str
    concepts: frozenset[str]
    but: frozenset[str] = frozenset()
    nonzero: bool = False

    def takes(self, other: str | None) -> bool:
        """Say whether a group of one of the concepts counts."""
        if self.nonzero:
            return other != "0"
        return not self.but or (other is not None and other not in self.but)


class Part(Struct, frozen=True):
    """An aggregate over a FROM clause; with ``pick``, its value is also the sum of the groups taken."""

    source: str
    value: str
    pick: Pick | None = None


class Measure(Struct, frozen=True):
    """The records that violate a check, and those that it looks at."""

    violated: Part
    denominator: Part

    @property
    def sql(self) -> str:
        """A query that counts both, for whoever wants to look by themselves."""
        one, all_ = self.violated, self.denominator
        if one.source == all_.source:
            return f"SELECT {one.value}, {all_.value} FROM {one.source}"
        return f"SELECT (SELECT {one.value} FROM {one.source}), (SELECT {all_.value} FROM {all_.source})"


class Site(Struct, frozen=True):
    """What a check needs to be turned into SQL: the names that the database has, and the day of the run."""

    check: Check
    names: Names
    today: date

    @property
    def rows(self) -> str:
        """The table of the check as ``t``."""
        return rows_of(self.names, self.check.table)

    @property
    def field(self) -> str:
        """The field of the check."""
        return self.column(self.check.field)

    def column(self, name: str) -> str:
        """Another field of the same table."""
        return self.names.column(self.check.table, name.lower())

    def given(self, name: str) -> str:
        """Return a cell of the definition. Raises Unmeasurable if it is empty."""
        text = self.check.row.get(name, "")
        if not text:
            raise Unmeasurable(f"the definition has no {name}")
        return text

    def beside(self, other: str, key: str = "person_id") -> str:
        """The table of the check joined to another one, ``o``."""
        theirs = self.names.column(other, key, "o")
        return f"{self.rows} JOIN {self.names.table(other)} o ON {self.column(key)} = {theirs}"


def rows_of(names: Names, table: str) -> str:
    """A table as ``t``."""
    return f"{names.table(table)} t"


def where(condition: str) -> str:
    """Count the rows that meet a condition."""
    return f"count(*) FILTER (WHERE {condition})"


def total(condition: str) -> str:
    """Add up the rows of the groups that meet a condition."""
    return f"coalesce(sum(g.n) FILTER (WHERE {condition}), 0)"


def _all_rows(site: Site) -> Part:
    return Part(site.rows, "count(*)")


def _with_value(site: Site) -> Part:
    return Part(site.rows, f"count({site.field})")


def _missing(site: Site) -> Measure:
    return Measure(Part(site.rows, where(f"{site.field} IS NULL")), _all_rows(site))


_WHOLE = re.compile(r"u?(?:tiny|small|big|huge)?int(?:eger)?$")
_BINARY = re.compile(r"(?:double|float|real)")
_DECIMAL = re.compile(r"(?:numeric|decimal)")
_TEXT = re.compile(r"(?:varchar|character|text|char|bpchar|string)")


def _not_whole(site: Site) -> Measure:
    field, kind = site.field, site.names.kind(site.check.table, site.check.field)
    if _WHOLE.match(kind):
        violated = "0"
    elif _BINARY.match(kind):
        violated = where(f"{field} <> floor({field})")
    elif _DECIMAL.match(kind):
        violated = where(f"CAST({field} AS VARCHAR) LIKE '%.%'")
    elif _TEXT.match(kind):
        violated = where(f"NOT ({field} ~ '^[+-]?[0-9]+$')")
    else:
        violated = f"count({field})"
    return Measure(Part(site.rows, violated), _all_rows(site))


def _shared_key(site: Site) -> Measure:
    field = site.field
    groups = f"(SELECT count(*) AS n FROM {site.rows} WHERE {field} IS NOT NULL GROUP BY {field} HAVING count(*) > 1) g"
    return Measure(Part(groups, "coalesce(sum(g.n), 0)"), _all_rows(site))


def grouped(site: Site) -> str:
    """The values of the field with their number of rows, as ``g``."""
    field = site.field
    return f"(SELECT {field} AS v, count(*) AS n FROM {site.rows} WHERE {field} IS NOT NULL GROUP BY {field}) g"


def _orphan(site: Site) -> Measure:
    target, key = site.given("fkTableName").lower(), site.given("fkFieldName").lower()
    if target == "concept":
        return Measure(Part(_concepts(site), total(f"{_concept(site, 'concept_id')} IS NULL")), _all_rows(site))
    table = site.names.vocabulary(target) if target in VOCABULARY else site.names.table(target)
    keys = f"(SELECT DISTINCT {site.names.column(target, key, 'o')} AS k FROM {table} o) k"
    return Measure(Part(f"{grouped(site)} LEFT JOIN {keys} ON k.k = g.v", total("k.k IS NULL")), _all_rows(site))


def _concepts(site: Site) -> str:
    table = site.names.vocabulary("concept")
    return f"{grouped(site)} LEFT JOIN {table} c ON {_concept(site, 'concept_id')} = g.v"


def _concept(site: Site, name: str) -> str:
    return site.names.column("concept", name, "c")


def _other(site: Site, column: str, name: str) -> Measure:
    """Concepts whose domain or class is another one than the definition's; 0 and unknown concepts aside."""
    source = _concepts(site)
    condition = f"{_concept(site, 'concept_id')} <> 0 AND {_concept(site, column)} <> {literal(site.given(name))}"
    return Measure(Part(source, total(condition)), _all_rows(site))


def _not_standard(site: Site) -> Measure:
    source = _concepts(site)
    number, standard, reason = (_concept(site, name) for name in ("concept_id", "standard_concept", "invalid_reason"))
    bad = f"({standard} IS NULL OR {standard} <> 'S' OR {reason} IS NOT NULL)"
    return Measure(Part(source, total(f"{number} <> 0 AND {bad}")), _with_value(site))


_ONE_SOURCE = frozenset(
    "admitted_from admitting discharged_to discharge_to condition_status route modifier qualifier anatomic_site "
    "disease_status country place_of_service".split()
)
_TWO_SOURCES = frozenset("unit cause specialty payer plan sponsor stop_reason".split())


def _source_of(table: str, field: str) -> str:
    """The source value that makes a missing concept a violation: of fields that are not required only."""
    stem = field.removesuffix("_concept_id")
    bare = stem.removesuffix("_source")
    if field == "admitting_source_concept_id":
        return "admitting_source_value"
    if table == "dose_era":
        return ""
    if bare in _TWO_SOURCES or (table == "provider" and bare == "gender") or (stem == bare and bare in _ONE_SOURCE):
        return f"{bare}_source_value"
    return ""


def _unmapped(site: Site) -> Measure:
    field, source = site.field, _source_of(site.check.table, site.check.field)
    if not source:
        return Measure(Part(site.rows, where(f"{field} = 0")), _with_value(site))
    value = site.column(source)
    violated = where(f"{field} = 0 OR ({field} IS NULL AND {value} IS NOT NULL)")
    return Measure(Part(site.rows, violated), Part(site.rows, where(f"{field} IS NOT NULL OR {value} IS NOT NULL")))


def _unmapped_values(site: Site) -> Measure:
    standard = site.column(site.given("standardConceptFieldName"))
    counts = f"SELECT {where(f'{standard} = 0')} AS n FROM {site.rows} GROUP BY {site.field}"
    return Measure(Part(f"({counts}) g", where("g.n > 0")), Part(f"({counts}) g", "count(*)"))


_DATES = ("date", "datetime")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")
_DAY = re.compile(r"'(\d{4})-?(\d{2})-?(\d{2})'")
_DAYS_AFTER = re.compile(r"DATEADD\(\s*(?:dd|d|day)\s*,\s*([+-]?\d+)\s*,\s*GETDATE\(\)\s*\)", re.IGNORECASE)
_YEARS_AFTER = re.compile(r"YEAR\(\s*GETDATE\(\)\s*\)\s*(?:([+-])\s*(\d+))?", re.IGNORECASE)


def bound(text: str, today: date) -> str:
    """Write a bound of the definitions as SQL: a number, a day, so many days after today, or a year. Raises."""
    if _NUMBER.fullmatch(text):
        return text
    if found := _DAY.fullmatch(text):
        return f"DATE '{'-'.join(found.groups())}'"
    if found := _DAYS_AFTER.fullmatch(text):
        return f"DATE '{today + timedelta(days=int(found[1]))}'"
    if found := _YEARS_AFTER.fullmatch(text):
        return str(today.year + int((found[1] or "+") + (found[2] or "0")))
    raise Unmeasurable(f"the bound {text} is not a number, a day, or a day or year counted from GETDATE()")


def _beyond(site: Site, sign: str, name: str) -> Measure:
    limit = bound(site.given(name), site.today)
    field = site.field
    value = day(field) if site.check.row.get("cdmDatatype", "") in _DATES else field
    return Measure(Part(site.rows, where(f"{value} {sign} {limit}")), _with_value(site))


def day(value: str) -> str:
    """The day of a date or a time."""
    return f"CAST({value} AS DATE)"


def _before(site: Site) -> Measure:
    """An event before another date: that of birth (1 June of the year where only the year is known), or of its row."""
    other, name = site.given("plausibleTemporalAfterTableName").lower(), site.given("plausibleTemporalAfterFieldName")
    own = other == site.check.table
    source = site.rows if own else site.beside(other)
    if other == "person":
        alias = "t" if own else "o"
        birth, year = (site.names.column("person", each, alias) for each in (name.lower(), "year_of_birth"))
        reference = f"coalesce({day(birth)}, {_made(year, '6', '1')})"
    else:
        reference = day(site.column(name))
    return Measure(Part(source, where(f"{reference} > {day(site.field)}")), _all_rows(site))


def _made(year: str, month: str, day_: str) -> str:
    """A date of its parts, none of which can make the query fail: a 31 June is 1 July."""
    safe = f"{year} BETWEEN 1 AND 9999 AND {month} BETWEEN 1 AND 12 AND {day_} BETWEEN 1 AND 31"
    numbers = (f"CAST({year} AS INTEGER)", f"CAST({month} AS INTEGER)")
    return f"CASE WHEN {safe} THEN make_date({', '.join(numbers)}, 1) + (CAST({day_} AS INTEGER) - 1) END"


def _before_birth(site: Site) -> Measure:
    own = site.check.table == "person"
    source, alias = (site.rows, "t") if own else (site.beside("person"), "o")
    names = ("birth_datetime", "year_of_birth", "month_of_birth", "day_of_birth")
    birth, year, month, day_ = (site.names.column("person", name, alias) for name in names)
    reference = f"coalesce({day(birth)}, {_made(year, f'coalesce({month}, 1)', f'coalesce({day_}, 1)')})"
    return Measure(Part(source, where(f"{day(site.field)} < {reference}")), _with_value(site))


def _late(site: Site) -> str:
    return where(f"{day(site.field)} > {day(site.names.column('death', 'death_date', 'o'))} + 60")


def _after_death(site: Site) -> Measure:
    source = site.beside("death")
    return Measure(Part(source, _late(site)), Part(source, f"count({site.field})"))


def _outside_life(site: Site) -> Measure:
    person, dead = site.column("person_id"), site.names.column("death", "person_id", "o")
    table = site.names.table("death")
    persons = f"{site.rows} WHERE {person} IN (SELECT {dead} FROM {table} o)"
    return Measure(Part(site.beside("death"), _late(site)), Part(persons, "count(*)"))


def _outside_visit(site: Site) -> Measure:
    source = site.beside("visit_occurrence", "visit_occurrence_id")
    starts, ends = (day(site.names.column("visit_occurrence", n, "o")) for n in ("visit_start_date", "visit_end_date"))
    return Measure(
        Part(source, where(f"{site.field} < {starts} - 7 OR {site.field} > {ends} + 7")), Part(source, "count(*)")
    )


def _start_after_end(site: Site) -> Measure:
    field, end = site.field, site.column(site.given("plausibleStartBeforeEndFieldName"))
    both = where(f"{field} IS NOT NULL AND {end} IS NOT NULL")
    return Measure(Part(site.rows, where(f"{day(field)} > {day(end)}")), Part(site.rows, both))


def _persons_without(site: Site) -> Measure:
    person = site.names.column("person", "person_id", "p")
    seen = f"(SELECT DISTINCT {site.column('person_id')} AS k FROM {site.rows}) s"
    source = f"{site.names.table('person')} p LEFT JOIN {seen} ON s.k = {person}"
    absent = where(f"s.k IS NULL AND {person} IS NOT NULL")
    return Measure(Part(source, absent), Part(f"{site.names.table('person')} p", "count(*)"))


def _without_era(site: Site) -> Measure:
    names = site.names
    person, concept = (names.column("condition_occurrence", n, "o") for n in ("person_id", "condition_concept_id"))
    table = names.table("condition_occurrence")
    ill = f"(SELECT DISTINCT {person} AS k FROM {table} o WHERE {concept} <> 0 AND {person} IS NOT NULL) i"
    seen = f"(SELECT DISTINCT {site.column('person_id')} AS k FROM {site.rows}) s"
    return Measure(Part(f"{ill} LEFT JOIN {seen} ON s.k = i.k", where("s.k IS NULL")), Part(ill, "count(*)"))


def _overlapping(site: Site) -> Measure:
    table, names = "observation_period", site.names
    relation = names.table(table)
    columns = ("person_id", "observation_period_id", "observation_period_start_date", "observation_period_end_date")
    person, number, start, end = (names.column(table, name, "a") for name in columns)
    other, second, begin, stop = (names.column(table, name, "b") for name in columns)
    meets = (
        f"({start} <= {stop} AND {end} >= {begin}) OR {day(end)} + 1 = {day(begin)} OR {day(stop)} + 1 = {day(start)}"
    )
    source = f"{relation} a JOIN {relation} b ON {person} = {other} AND {number} <> {second} AND ({meets})"
    counted = f"count(DISTINCT {person})"
    return Measure(Part(source, counted), Part(f"{relation} a", counted))


TABLE_AND_FIELD: Mapping[tuple[str, str], Callable[[Site], Measure]] = MappingProxyType(
    {
        ("TABLE", "measurePersonCompleteness"): _persons_without,
        ("TABLE", "measureConditionEraCompleteness"): _without_era,
        ("TABLE", "measureObservationPeriodOverlap"): _overlapping,
        ("FIELD", "isRequired"): _missing,
        ("FIELD", "cdmDatatype"): _not_whole,
        ("FIELD", "isPrimaryKey"): _shared_key,
        ("FIELD", "isForeignKey"): _orphan,
        ("FIELD", "fkDomain"): lambda site: _other(site, "domain_id", "fkDomain"),
        ("FIELD", "fkClass"): lambda site: _other(site, "concept_class_id", "fkClass"),
        ("FIELD", "isStandardValidConcept"): _not_standard,
        ("FIELD", "measureValueCompleteness"): _missing,
        ("FIELD", "standardConceptRecordCompleteness"): _unmapped,
        ("FIELD", "sourceConceptRecordCompleteness"): _unmapped,
        ("FIELD", "sourceValueCompleteness"): _unmapped_values,
        ("FIELD", "plausibleValueLow"): lambda site: _beyond(site, "<", "plausibleValueLow"),
        ("FIELD", "plausibleValueHigh"): lambda site: _beyond(site, ">", "plausibleValueHigh"),
        ("FIELD", "plausibleTemporalAfter"): _before,
        ("FIELD", "plausibleDuringLife"): _outside_life,
        ("FIELD", "withinVisitDates"): _outside_visit,
        ("FIELD", "plausibleAfterBirth"): _before_birth,
        ("FIELD", "plausibleBeforeDeath"): _after_death,
        ("FIELD", "plausibleStartBeforeEnd"): _start_after_end,
    }
)
"""How to count each check whose answer is in the rows; whether a table or a field is there, the catalogue says."""
