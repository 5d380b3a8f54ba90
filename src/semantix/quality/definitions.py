"""Which checks to run, and their thresholds: the CSV files of the DataQualityDashboard, or what is built in."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from semantix.errors import BadDefinitions
from semantix.io import shown
from semantix.quality.kinds import LEVELS, SEVERITIES, Kind, parse_filter

Row = Mapping[str, str]
_FILES = {level: f"OMOP_CDMv5.4_{level.capitalize()}_Level.csv" for level in LEVELS}
_DESCRIPTIONS = "OMOP_CDMv5.4_Check_Descriptions.csv"
_COLUMNS: Mapping[str, tuple[str, ...]] = {
    _DESCRIPTIONS: ("checkLevel", "checkName", "evaluationFilter", "kahnCategory", "severity"),
    _FILES["TABLE"]: ("cdmTableName",),
    _FILES["FIELD"]: ("cdmTableName", "cdmFieldName"),
    _FILES["CONCEPT"]: ("cdmTableName", "cdmFieldName", "conceptId"),
}
"""The columns without which a file is not what its name says."""
LEFT_OUT = frozenset(
    (
        "concept",
        "vocabulary",
        "concept_ancestor",
        "concept_relationship",
        "concept_class",
        "concept_synonym",
        "relationship",
        "domain",
    )
)
"""Tables that the DataQualityDashboard leaves out unless it is told otherwise: they come as they are from Athena."""
_RESERVED = "offset"
"""A field that the DataQualityDashboard never checks: its name is a reserved word."""
_BLANK = re.compile(r"@(\w+)")


class Definitions(Struct, frozen=True):
    """Checks and the rows of each level that they apply to. ``files`` is (name, SHA-256)."""

    name: str
    files: tuple[tuple[str, str], ...]
    kinds: tuple[Kind, ...]
    rows: Mapping[str, tuple[Row, ...]]


class Check(Struct, frozen=True):
    """One check of one table, field or concept. Names are in lower case; ``concept`` may list several ids."""

    kind: Kind
    row: Row
    table: str
    field: str
    concept: str
    unit: str
    threshold: float | None

    @property
    def id(self) -> str:
        """The identifier that the DataQualityDashboard gives it."""
        parts = (self.kind.level, self.kind.name, self.table, self.field, self.concept, self.unit)
        return "_".join(re.sub(" ", "", part) for part in parts if part).lower()

    @property
    def place(self) -> str:
        """``table`` or ``table.field``."""
        return f"{self.table}.{self.field}" if self.field else self.table

    @property
    def notes(self) -> str:
        """What the definitions say beside the threshold."""
        return self.row.get(f"{self.kind.name}Notes", "")

    @property
    def description(self) -> str:
        """What is counted, in English, with its names in capitals."""
        return _BLANK.sub(lambda found: self.row.get(found[1], "").upper() or found[0], self.kind.description).strip()


class Selection(Struct, frozen=True):
    """Which checks to run: of these levels and tables (empty: all but the tables of Athena)."""

    levels: Collection[str] = LEVELS
    tables: Collection[str] = ()

    def takes(self, table: str) -> bool:
        """Say whether a table is wanted."""
        return table in self.tables if self.tables else table not in LEFT_OUT


def select(definitions: Definitions, selection: Selection) -> tuple[Check, ...]:
    """Return the checks to run, in the order of the definitions."""
    return tuple(_select(definitions, selection))


def _select(definitions: Definitions, selection: Selection) -> Iterator[Check]:
    for kind in definitions.kinds:
        if kind.level in selection.levels:
            for row in definitions.rows[kind.level]:
                table = row["cdmTableName"].lower()
                if selection.takes(table) and row.get("cdmFieldName", "") != _RESERVED and kind.concerns(row):
                    yield _check(kind, row, table)


def _check(kind: Kind, row: Row, table: str) -> Check:
    is_concept = kind.level == "CONCEPT"
    threshold = row.get(f"{kind.name}Threshold", "")
    try:
        limit = float(threshold) if threshold else None
    except ValueError:
        raise BadDefinitions(f"{kind.name} of {table}: the threshold {threshold!r} is not a number") from None
    return Check(
        kind=kind,
        row=row,
        table=table,
        field="" if kind.level == "TABLE" else row["cdmFieldName"].lower(),
        concept=row["conceptId"] if is_concept else "",
        unit=row.get("unitConceptId", "") if is_concept else "",
        threshold=limit,
    )


def read_definitions(folder: Path) -> Definitions:
    """Read the four CSV files of the CDM 5.4 from a copy of the DataQualityDashboard's folder."""
    texts = {name: _read(folder, name) for name in (_DESCRIPTIONS, *_FILES.values())}
    return Definitions(
        name=shown(folder),
        files=tuple((name, hashlib.sha256(data).hexdigest()) for name, data in texts.items()),
        kinds=tuple(_kind(row) for row in parse_rows(texts[_DESCRIPTIONS], _DESCRIPTIONS) if row["evaluationFilter"]),
        rows={level: parse_rows(texts[name], name) for level, name in _FILES.items()},
    )


def _read(folder: Path, name: str) -> bytes:
    try:
        return (folder / name).read_bytes()
    except OSError as error:
        words = "give the folder inst/csv of OHDSI DataQualityDashboard, or a copy with your thresholds"
        raise BadDefinitions(f"{shown(folder)}: {name} cannot be read ({error.strerror}); {words}") from None


def parse_rows(data: bytes, name: str) -> tuple[Row, ...]:
    """Read a CSV file of definitions; cells are stripped, ``NA`` is an empty cell."""
    try:
        reader = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))
        _require(reader.fieldnames or (), name)
        return tuple({column: _cell(cell) for column, cell in row.items() if isinstance(column, str)} for row in reader)
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadDefinitions(f"{name}: not readable as CSV in UTF-8 ({type(error).__name__})") from None


def _cell(cell: str | None) -> str:
    text = (cell or "").strip()
    return "" if text == "NA" else text


def _require(found: Sequence[str], name: str) -> None:
    absent = [column for column in _COLUMNS[name] if column not in found]
    if absent:
        raise BadDefinitions(f"{name}: no column {', '.join(absent)}; expected the file of DataQualityDashboard 2.x")


def _kind(row: Row) -> Kind:
    level, severity = row["checkLevel"].upper(), row["severity"]
    if level not in LEVELS or severity not in SEVERITIES:
        raise BadDefinitions(f"{row['checkName']}: unknown level or severity ({level}, {severity})")
    return Kind(
        level=level,
        name=row["checkName"],
        context=row.get("kahnContext", ""),
        category=row["kahnCategory"],
        subcategory=row.get("kahnSubcategory", ""),
        severity=severity,
        applies=parse_filter(row["evaluationFilter"]),
        description=row.get("checkDescription", ""),
        sql_file=row.get("sqlFile", ""),
    )
