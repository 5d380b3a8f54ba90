"""Counting the cells of a column in a bounded memory, and looking at what was counted once the rows are over.

The first :data:`DISTINCT` different values of a column (up to :data:`BUDGET` for a table) are kept with their counts,
their first :data:`KEPT` characters; each is looked at once. Rows beyond are still counted: how many cells are filled,
and how often the values kept come back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from msgspec.structs import replace

from semantix.profiling import shapes
from semantix.profiling.figures import Column, Counted, Dates, Numbers, Units, ranked
from semantix.profiling.roles import TypeFigures, decide_type

DISTINCT = 10_000
BUDGET = 300_000
KEPT = 100
MAX_COLUMNS = 1_000
LONGEST_UNIT = 24
SHAPES = 8
TOP = 10
_MISSING_SHOWN = 4
SEEN = 0.02
"""Codes and identifiers seen in fewer of the cells are chance."""

IsUnit = Callable[[str], bool]


class ColumnTally:
    """The cells of one column."""

    __slots__ = ("counts", "filled", "full", "longest")

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}
        self.filled = 0
        self.longest = 0
        self.full = False


class TableTally:
    """The rows of one table."""

    def __init__(self) -> None:
        self.rows = 0
        self.blank = 0
        self.cells: Counter[int] = Counter()
        self.columns: list[ColumnTally] = []
        self._budget = BUDGET

    def add(self, row: Sequence[str]) -> None:
        """Count one row; the blanks around cells do not count."""
        size = len(row)
        while size and not row[size - 1].strip():
            size -= 1
        if not size:
            self.blank += 1
            return
        self.rows += 1
        self.cells[size] += 1
        columns = self.columns
        if size > len(columns):
            columns += [ColumnTally() for _ in range(min(size, MAX_COLUMNS) - len(columns))]
        for cell, column in zip(row, columns, strict=False):
            text = cell.strip()
            if text:
                column.filled += 1
                key = text[:KEPT]
                counts = column.counts
                if key in counts:
                    counts[key] += 1
                elif not column.full:
                    self._new(column, key)
                column.longest = max(column.longest, len(text))

    def widen(self) -> None:
        """Add a column that no row has reached."""
        self.columns.append(ColumnTally())

    def sizes(self) -> Counted:
        """How many cells the rows have, empty ones at their end left out."""
        return ranked({str(size): count for size, count in self.cells.items()}, 6)

    def _new(self, column: ColumnTally, key: str) -> None:
        if len(column.counts) >= DISTINCT or self._budget <= 0:
            column.full = True
            return
        self._budget -= 1
        column.counts[key] = 1


def close(tally: ColumnTally, about: Column, is_unit: IsUnit, *, show_values: bool) -> Column:
    """Look at what was counted; ``about`` says where the column stands and what it is called."""
    counts, missing = _without_missing(tally.counts)
    look = _Look(counts, is_unit)
    kind, agreeing, doubts = decide_type(look.figures(about.name))
    at_all = sum(counts.values())
    return replace(
        about,
        filled=tally.filled - sum(missing.values()),
        missing=ranked(missing, _MISSING_SHOWN),
        distinct=len(counts),
        distinct_more=tally.full,
        looked=at_all,
        longest=tally.longest,
        constant=len(counts) == 1 and not tally.full,
        type=kind,
        type_count=agreeing,
        dates=look.dates(),
        numbers=look.numbers(),
        units=None if kind in {"boolean", "sex", "flag"} else look.units(),
        identifiers=_seen(look.identifiers, at_all),
        systems=_seen(look.systems, at_all),
        words=_closed_words(kind, counts),
        shapes=ranked(look.shapes, SHAPES),
        top=ranked(counts, TOP) if show_values else (),
        doubts=tuple(doubts),
    )


def _without_missing(counts: dict[str, int]) -> tuple[dict[str, int], dict[str, int]]:
    missing = {text: count for text, count in counts.items() if len(text) <= 14 and _is_nothing(text)}
    if len(missing) == len(counts):
        return counts, {}
    return {text: count for text, count in counts.items() if text not in missing}, missing


def _is_nothing(text: str) -> bool:
    return text.lower() in shapes.NOTHING or shapes.folded(text) == "non renseigne"


def _seen(counts: Counter[str], at_all: int) -> Counted:
    return ranked({key: count for key, count in counts.items() if count >= max(1, SEEN * at_all)}, 6)


def _closed_words(kind: str, counts: dict[str, int]) -> Counted:
    """The words of a boolean, a sex or a flag: they are of the software, not of a patient."""
    return ranked(counts, TOP) if kind in {"boolean", "sex", "flag"} else ()


class _Look:
    """Everything that the values of a column may be, with how many cells."""

    def __init__(self, counts: dict[str, int], is_unit: IsUnit) -> None:
        self.counts = counts
        self.shapes: Counter[str] = Counter()
        self.identifiers: Counter[str] = Counter()
        self.systems: Counter[str] = Counter()
        self._formats: Counter[str] = Counter()
        self._date: Counter[str] = Counter()
        self._number: Counter[str] = Counter()
        self._unit: Counter[str] = Counter()
        self._is_unit = is_unit
        for text, count in counts.items():
            self._look(text, count)

    def _look(self, text: str, count: int) -> None:
        self.shapes[shapes.shape_of(text)] += count
        date = shapes.date_shape(text)
        if date:
            self._add_date(date, count)
        number = None if date and not text.isdigit() else shapes.number_shape(text)
        if number:
            self._add_number(number, count)
        people, drugs = shapes.identifier_kinds(text)
        for kind in people:
            self.identifiers[kind] += count
        for system in (*shapes.code_systems(text), *drugs):
            self.systems[system] += count
        if number is None and date is None and len(text) <= LONGEST_UNIT:
            is_known = self._is_unit(text)
            if is_known or shapes.looks_like_unit(text):
                self._unit["alone"] += count
                self._unit["known"] += count if is_known else 0

    def _add_date(self, date: shapes.DateShape, count: int) -> None:
        self._date["count" if date.readable else "unreadable"] += count
        self._date["two"] += count if date.two_digits else 0
        self._date["swapped"] += count if date.swapped else 0
        self._date["certain"] += count if date.certain else 0
        if date.readable:
            self._formats[date.format] += count

    def _add_number(self, number: shapes.NumberShape, count: int) -> None:
        if number.unit:
            self._unit["with"] += count
            self._unit["known"] += count if self._is_unit(number.unit) else 0
        else:
            self._number["count"] += count
        for field in ("whole", "point", "comma", "spaces", "ambiguous", "compared", "flagged"):
            if getattr(number, field):
                self._number[field] += count
        if number.point and not number.ambiguous and not number.comma:
            self._number["sure point"] += count
        if number.point and number.comma:
            self._number["both"] += count

    def dates(self) -> Dates | None:
        found = self._date
        if not found["count"] and not found["unreadable"]:
            return None
        formats = ranked(_merged(self._formats), 6)
        return Dates(found["count"], formats, found["two"], found["unreadable"])

    def numbers(self) -> Numbers | None:
        found = self._number
        if not found["count"] and not self._unit["with"]:
            return None
        decimal, grouping = _marks(found)
        return Numbers(
            found["count"], found["whole"], decimal, grouping, found["ambiguous"], found["compared"], found["flagged"]
        )

    def units(self) -> Units | None:
        found = self._unit
        if not found["alone"] and not found["with"]:
            return None
        return Units(found["alone"], found["with"], found["known"])

    def figures(self, name: str) -> TypeFigures:
        numbers = self.numbers()
        return TypeFigures(
            at_all=sum(self.counts.values()),
            name=name,
            values=frozenset(text.lower() for text in self.counts) if len(self.counts) <= TOP else frozenset(),
            dates=self._date["count"],
            dates_unreadable=self._date["unreadable"],
            dates_swapped=self._date["swapped"],
            dates_certain=self._date["certain"],
            two_digit_years=self._date["two"],
            numbers=self._number["count"],
            whole=self._number["whole"],
            compared=self._number["compared"] + self._number["flagged"],
            ambiguous=self._number["ambiguous"] if numbers and not (numbers.decimal or numbers.grouping) else 0,
            with_unit=self._unit["with"],
            units=self._unit["alone"],
            leading_zeros=sum(
                n for text, n in self.counts.items() if text[0] == "0" and text.isdigit() and text != "0"
            ),
            codes=max(self.systems.values(), default=0),
        )


def _merged(formats: Counter[str]) -> dict[str, int]:
    """``d/m/yyyy`` reads what ``dd/mm/yyyy`` reads: where both are seen, days are not padded."""
    merged = dict(formats)
    for shape in list(merged):
        loose = shape.replace("dd", "d", 1).replace("mm", "m", 1)
        if loose != shape and loose in merged:
            merged[loose] += merged.pop(shape)
    return merged


def _marks(found: Counter[str]) -> tuple[str, str]:
    """The decimal and the thousands mark that explain the numbers of a column; empty where nothing tells."""
    point, comma = found["point"], found["comma"]
    grouping = " " if found["spaces"] else ""
    if found["both"] or (comma and point and point == found["ambiguous"] + found["both"] and not found["sure point"]):
        return ",", "."
    if comma:
        return ("," if not found["sure point"] else ""), grouping
    if found["sure point"]:
        return ".", grouping
    return "", grouping
