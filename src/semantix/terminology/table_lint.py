"""What is wrong in a curated table, row by row: the rules of ``docs/reference/curated-tables.md``. Pure functions."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Final

from msgspec import Struct

from semantix.errors import BadTable
from semantix.model import SECTIONS
from semantix.terminology import ucum
from semantix.terminology.codes import canonical
from semantix.terminology.table_files import (
    COLUMNS,
    LITERAL,
    LOCAL,
    PREDICATES,
    SPECIMENS,
    Line,
    TableFile,
    curie,
    layout,
    parse,
    split_curie,
    system_of,
)
from semantix.terminology.text import fold

JUSTIFICATION: Final = "semapv:ManualMappingCuration"
METADATA: Final = ("curie_map", "extension_definitions", "license", "mapping_set_id", "mapping_set_version")
_CONFIDENCE = re.compile(r"0\.\d\d|1\.00")
_CODE = re.compile(r"[^\s:|]+")
# Local codes and UCUM codes hold anything but a blank.
_LOOSE = frozenset({"local", "ucum"})


class Problem(Struct, frozen=True):
    """One thing wrong. ``line`` is 0 when the whole file is meant."""

    line: int
    found: str
    expected: str
    todo: str


def lint(text: str, name: str) -> tuple[Problem, ...]:
    """Tell everything that is wrong in a table, by line; nothing when it is right and in the one layout."""
    try:
        table = parse(text, name)
    except BadTable as error:
        return (Problem(0, str(error), "a table in SSSOM TSV", "mend the file; nothing else was looked at"),)
    found = [*_file(table), *_rows(table), *_keys(table)]
    if not found and layout(table) != text:
        found.append(Problem(0, "not in the one layout", "rows sorted, columns in order", "run `semantix tables fmt`"))
    return tuple(sorted(found, key=lambda problem: (problem.line, problem.found)))


def _file(table: TableFile) -> Iterator[Problem]:
    for key in METADATA:
        if not table.metadata.get(key):
            yield Problem(0, f"no {key} in the metadata block", ", ".join(METADATA), f"add {key}")
    for column in table.ignored:
        todo = "remove the column; displays are not ours to copy" if column == "object_label" else "remove the column"
        yield Problem(0, f"the column {column}", ", ".join(COLUMNS), todo)
    for prefix in sorted(table.curie_map):
        if not system_of(prefix) and prefix not in {"rdfs", "semapv", "skos"}:
            yield Problem(0, f"the prefix {prefix}", "a prefix of docs/reference/curated-tables.md", "use that one")


def _rows(table: TableFile) -> Iterator[Problem]:
    seen: dict[tuple[str, str], tuple[tuple[str, str, str], ...]] = {}
    for number, row in zip(table.numbers, table.rows, strict=True):
        for column, cell in zip(COLUMNS, _cells(row), strict=True):
            key = (column, cell)
            wrong = seen.get(key)
            if wrong is None:
                wrong = seen[key] = tuple(_cell(column, cell, table.curie_map))
            yield from (Problem(number, *each) for each in wrong)
        yield from (Problem(number, *each) for each in _row(row))


def _cells(row: Line) -> tuple[str, ...]:
    return tuple(getattr(row, column) for column in COLUMNS)


def _cell(column: str, cell: str, prefixes: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Yield (found, expected, what to do) for one cell on its own."""
    if cell != cell.strip() or "  " in cell or unicodedata.normalize("NFC", cell) != cell or not cell.isprintable():
        yield (
            f"{column}: blanks too many, or characters that are not composed",
            "plain text, NFC",
            "write the cell again",
        )
    if column in _ALLOWED and cell not in _ALLOWED[column]:
        yield f"{column}: {cell!r}", _one_of(_ALLOWED[column]), "choose one of these"
    if column in {"subject_id", "object_id"} and cell:
        yield from _curie(column, cell, prefixes)
    if column in _LISTS and cell:
        yield from _values(column, cell)
    if column == "confidence" and not _CONFIDENCE.fullmatch(cell):
        yield f"confidence: {cell!r}", "0.00 to 1.00, two decimals", "write it so"
    if column == "mapping_date" and not _is_date(cell):
        yield f"mapping_date: {cell!r}", "a date as 2026-11-26", "write the day of the decision"
    if column in {"author_label", "comment"} and not cell:
        yield f"no {column}", "who decided, and on what evidence", f"fill {column}"


_ALLOWED: Final[Mapping[str, tuple[str, ...]]] = {
    "subject_type": ("", LITERAL),
    "predicate_id": PREDICATES,
    "predicate_modifier": ("", "Not"),
    "mapping_justification": (JUSTIFICATION,),
}
_LISTS: Final[Mapping[str, tuple[str, ...]]] = {"sender": (), "unit": (), "specimen": SPECIMENS, "section": SECTIONS}


def _one_of(words: Iterable[str]) -> str:
    return " or ".join(word or "nothing" for word in words)


def _curie(column: str, cell: str, prefixes: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    prefix, code = split_curie(cell)
    system = system_of(prefix)
    if not code or not system:
        yield f"{column}: {cell!r}", "PREFIX:code with a known prefix", "see docs/reference/curated-tables.md"
        return
    if prefix not in prefixes:
        yield f"{column}: the prefix {prefix} is not in the curie_map", "every prefix declared", "declare it"
    if canonical(system, code) != code or (system not in _LOOSE and not _CODE.fullmatch(code)):
        yield f"{column}: {code!r} is not how {prefix} codes are written", canonical(system, code), "write this"
    if curie(prefix, code) != cell:
        yield f"{column}: {cell!r}", curie(prefix, code), "encode what a CURIE may not hold"
    if system == "ucum" and ucum.size_of(code) is None:
        yield f"{column}: {code!r}", "a valid UCUM code", "see ucum.org"


def _values(column: str, cell: str) -> Iterator[tuple[str, str, str]]:
    values = cell.split("|")
    if len(set(values)) < len(values) or not all(values):
        yield f"{column}: an empty value, or one twice", "values separated by one |", "write each once"
    for value in filter(None, values):
        if column == "unit" and ucum.size_of(value) is None:
            yield f"unit: {value!r}", "a valid UCUM code", "write the unit in UCUM"
        elif _LISTS[column] and value not in _LISTS[column]:
            yield f"{column}: {value!r}", _one_of(_LISTS[column]), "choose one of these"


def _is_date(cell: str) -> bool:
    try:
        return date.fromisoformat(cell).isoformat() == cell
    except ValueError:
        return False


def _row(row: Line) -> Iterator[tuple[str, str, str]]:
    """Yield what is wrong between the cells of one row."""
    if not row.subject_id and not row.subject_label:
        yield "no subject", "a code in subject_id or a wording in subject_label", "say what is mapped"
    if (row.subject_type == LITERAL) != (not row.subject_id):
        yield f"subject_type: {row.subject_type!r}", f"{LITERAL!r} for a wording, nothing for a code", "change it"
    if row.subject_id.startswith(f"{LOCAL}:") and not row.sender:
        yield "a local code without a sender", "the sender that uses the code", "fill sender"
    if row.subject_label and not fold(row.subject_label):
        yield "subject_label: no letter or digit", "a wording", "say what is mapped"


def _keys(table: TableFile) -> Iterator[Problem]:
    """Yield rows that say again, or deny, what another row says of one subject under the same conditions."""
    lines: dict[tuple[str, ...], tuple[int, str]] = {}
    folded: dict[str, str] = {}
    for number, row in zip(table.numbers, table.rows, strict=True):
        # In a unit, case carries meaning: G is giga and g a gram.
        keep = row.object_id.startswith("UCUM:")
        label = row.subject_label if keep else folded.get(row.subject_label)
        if label is None:
            label = folded[row.subject_label] = fold(row.subject_label)
        key = (row.subject_id, label, row.object_id, *_conditions(row))
        first, modifier = lines.setdefault(key, (number, row.predicate_modifier))
        if first == number:
            continue
        if modifier == row.predicate_modifier:
            yield Problem(number, f"the claim of line {first} again", "one row a claim", "keep the better one")
        else:
            yield Problem(
                number,
                f"contradicts line {first}",
                "a target mapped or refused, under one condition",
                "keep one of them",
            )


def _conditions(row: Line) -> tuple[str, ...]:
    return tuple("|".join(sorted(cell.split("|"))) for cell in (fold(row.sender), row.unit, row.specimen, row.section))
