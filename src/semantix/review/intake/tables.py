"""Tables of local codes and wordings, as CSV, TSV or workbook: one entry a source, with how often it is used."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from msgspec import Struct

from semantix.errors import BadMappings
from semantix.io import shown
from semantix.model import SECTIONS
from semantix.review.formats.exchange import Entry, Exchange, Problem
from semantix.review.intake.columns import (
    CODE,
    FREQUENCY,
    LABEL,
    SECTION,
    SENDER,
    SPECIMEN,
    SYSTEM,
    UNIT,
    has_known_column,
    listed,
    roles_of,
)
from semantix.review.intake.gathering import LONGEST_LABEL, clean, fault_of, gather, system_of
from semantix.review.intake.sheets import Sheet, open_text, open_workbook
from semantix.review.model import Source
from semantix.terminology.query_tables import Row

MOST_FREQUENT = 10**12
"""Nothing was counted more often."""
_SPACED = re.compile(
    r"[0-9]{1,3}(?:[ \u00a0\u202f'’][0-9]{3})+|[0-9]{1,3}(?:\.[0-9]{3}){2,}|[0-9]{1,3}(?:,[0-9]{3}){2,}"
)
_NOUGHTS = re.compile(r"[.,]0{1,2}\Z")
_SIGNS = re.compile(r"[^0-9]")


class TableOptions(Struct, frozen=True, kw_only=True):
    """What the user says of a table.

    ``code``, ``label``, ``frequency`` and ``unit`` are names of columns: None = recognise it, empty = there is none.
    ``section``, ``sender`` and ``system`` hold for the rows that do not say. ``target`` is the system wanted for all.
    ``sheet`` is the name of a sheet of a workbook; empty = the one that has codes or labels.
    """

    code: str | None = None
    label: str | None = None
    frequency: str | None = None
    unit: str | None = None
    section: str = ""
    sender: str = ""
    system: str = ""
    target: str = ""
    sheet: str = ""


UNTOLD = TableOptions()
"""Nothing is said: every column is recognised by its name."""


def read_table(data: bytes, name: str, options: TableOptions = UNTOLD) -> Exchange:
    """Read a CSV or TSV. Raises BadTable and BadMappings."""
    return read_sheet(open_text(data, name), name, options)


def read_workbook_table(data: bytes, name: str, options: TableOptions = UNTOLD) -> Exchange:
    """Read one sheet of a workbook. Raises UnreadableInput and BadMappings."""
    return read_sheet(chosen_sheet(open_workbook(data, name), options.sheet, name), name, options)


def chosen_sheet(sheets: Sequence[Sheet], wanted: str, name: str) -> Sheet:
    """The sheet that is named, else the only one that holds codes or labels. Raises BadMappings."""
    if not sheets:
        raise BadMappings(f"{shown(name)}: no sheet holds anything")
    names = [sheet.name for sheet in sheets]
    if wanted:
        for sheet in sheets:
            if sheet.name == wanted:
                return sheet
        raise BadMappings(f"{shown(name)}: no sheet with anything in it is called so; there are {listed(names)}")
    if len(sheets) == 1:
        return sheets[0]
    likely = [sheet for sheet in sheets if has_known_column(sheet.columns)]
    if len(likely) == 1:
        return likely[0]
    raise BadMappings(f"{shown(name)}: several sheets could be meant: {listed(names)}; say which with --sheet")


def read_sheet(sheet: Sheet, name: str, options: TableOptions = UNTOLD) -> Exchange:
    """Read the rows of an opened table. Raises BadTable and BadMappings."""
    told = {CODE: options.code, LABEL: options.label, FREQUENCY: options.frequency, UNIT: options.unit}
    if options.section and options.section not in SECTIONS:
        raise BadMappings(f"no section is called so; the sections are {', '.join(SECTIONS)}")
    reader = _Reader(sheet.columns, roles_of(sheet.columns, told, name), options)
    gathered = gather(reader.entries(sheet.rows))
    problems = [*sheet.problems, *reader.problems]
    if LABEL not in reader.roles and len(sheet.columns) > 1:
        problems.append(Problem(1, "no column of labels", "one, to be named with --label-column; the codes were read"))
    if FREQUENCY not in reader.roles and options.frequency is None and len(sheet.columns) > 2:
        problems.append(Problem(1, "no column of frequencies", "one, to be named with --frequency-column; each is 1"))
    if gathered.repeated:
        count = f"{len(gathered.repeated):,} rows with the code and the label of another one"
        problems.append(Problem(gathered.repeated[0], count, "each once; their frequencies were added"))
    return Exchange(entries=gathered.entries, problems=tuple(problems))


def parse_frequency(text: str) -> int | None:
    """Read how often something is used, as French and English write whole numbers: ``1 234``, ``12,0``, ``1.234.567``.

    None for what is no whole number, and for ``1.234``, which is one thing in French and another in English. Nothing,
    and nought, are 1: what is in the list is used.
    """
    word = text.strip()
    if not word:
        return 1
    digits = _NOUGHTS.sub("", word)
    if _SPACED.fullmatch(digits):
        digits = _SIGNS.sub("", digits)
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 13:
        return None
    return max(1, int(digits)) if int(digits) <= MOST_FREQUENT else None


class _Reader:
    """Rows to entries, with what could not be taken."""

    def __init__(self, columns: Sequence[str], roles: Mapping[str, int], options: TableOptions) -> None:
        self.roles, self._options = roles, options
        self._extra = _extra_columns(columns, frozenset(roles.values()))
        self.problems: list[Problem] = []

    def entries(self, rows: Iterator[Row]) -> Iterator[Entry]:
        """One entry a row that can be taken."""
        for row in rows:
            source, extra = self._source(row)
            fault = fault_of(source, row.line)
            if fault is not None:
                self.problems.append(fault)
                continue
            yield Entry(source=source, frequency=self._frequency(row), extra=MappingProxyType(extra), line=row.line)

    def _cell(self, row: Row, role: str) -> str:
        place = self.roles.get(role)
        return clean(row.cells[place]) if place is not None else ""

    def _source(self, row: Row) -> tuple[Source, dict[str, str]]:
        options = self._options
        extra = self._extras(row)
        section = self._cell(row, SECTION)
        if section and section.casefold() not in SECTIONS:
            # A heading of the source, which is no kind of statement: kept, but the engine cannot use it.
            extra[SECTION] = section
            section = ""
        code = self._cell(row, CODE)
        return Source(
            system=system_of(self._cell(row, SYSTEM) or options.system) if code else "",
            code=code,
            label=self._cell(row, LABEL),
            unit=self._cell(row, UNIT),
            specimen=self._cell(row, SPECIMEN),
            section=section.casefold() or options.section,
            sender=self._cell(row, SENDER) or options.sender,
            target=system_of(options.target),
        ), extra

    def _frequency(self, row: Row) -> int:
        frequency = parse_frequency(self._cell(row, FREQUENCY))
        if frequency is None:
            self.problems.append(Problem(row.line, "a frequency that is no whole number", "digits; it was taken as 1"))
            return 1
        return frequency

    def _extras(self, row: Row) -> dict[str, str]:
        extra: dict[str, str] = {}
        for place, name in self._extra:
            value = clean(row.cells[place])
            if len(value) > LONGEST_LABEL:
                words = f"{len(value):,} characters in column {place + 1}"
                self.problems.append(Problem(row.line, words, f"at most {LONGEST_LABEL:,}; the cell was left out"))
            elif value:
                extra[name] = value
        return extra


def _extra_columns(columns: Sequence[str], taken: frozenset[int]) -> tuple[tuple[int, str], ...]:
    """The other columns and what they are called: one without a name, or with that of another, has its number."""
    named: dict[str, int] = {}
    for place, column in enumerate(columns):
        if place not in taken:
            name = clean(column)[:100] or f"column {place + 1}"
            named[f"{name} {place + 1}" if name in named else name] = place
    return tuple((place, name) for name, place in named.items())
