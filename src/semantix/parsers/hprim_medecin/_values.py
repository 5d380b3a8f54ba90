"""Readings of result fields as values of the model, shared by both HPRIM formats."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from semantix.model import Coding, Concept, Quantity, Range, ReferenceRange, Value
from semantix.parsers._book import Book
from semantix.text.dates import DateReading, read_date
from semantix.text.values import Number, RangeReading, ValueReading, read_range, read_value

MOST_KEPT = 20_000
"""Readings that are kept at a time."""
LONGEST_VALUE = 400
"""Characters of a value or of bounds at most; more are words."""
LOINC = "2.16.840.1.113883.6.1"
INTERPRETATION = "2.16.840.1.113883.5.83"
_POINT = re.compile(r"(?<![0-9.,])(?:0\.[0-9]{1,9}|[0-9]{1,9}\.(?:[0-9]{1,2}|[0-9]{4,9}))(?![0-9.,])")
"""A numeral whose point can only be a decimal mark."""
FLAGS = {"L": "Low", "H": "High", "LL": "Critical low", "HH": "Critical high", "A": "Abnormal", "N": "Normal"}


class Readings:
    """Readings of the fields of one piece: a laboratory writes the same bounds, and often the same values, again."""

    def __init__(self) -> None:
        self._values: dict[tuple[str, str | None, bool], ValueReading] = {}
        self._ranges: dict[tuple[str, str, str | None, bool, bool], RangeReading] = {}
        self._dates: dict[str, DateReading] = {}

    def date(self, text: str) -> DateReading:
        """What :func:`read_date` says of a date that begins with its year."""
        found = self._dates.get(text)
        if found is None:
            if len(self._dates) > MOST_KEPT:
                self._dates.clear()
            found = self._dates[text] = read_date(text, order="ymd")
        return found

    def value(self, text: str, unit: str | None = None, beside: str = "") -> ValueReading:
        """What :func:`read_value` says of a field.

        Where ``2.920`` stays text, the numerals ``beside`` it (its bounds) may show that a point is the decimal mark.
        """
        if len(text) > LONGEST_VALUE:
            return ValueReading(text=text)
        found = self._value((text, unit, False))
        return self._value((text, unit, True)) if found.reason and _POINT.search(beside) else found

    def _value(self, key: tuple[str, str | None, bool]) -> ValueReading:
        found = self._values.get(key)
        if found is None:
            if len(self._values) > MOST_KEPT:
                self._values.clear()
            text, unit, has_point = key
            found = self._values[key] = read_value(text, unit=unit, decimal="." if has_point else None)
        return found

    def range(self, low: str, high: str = "", unit: str | None = None, *, columns: bool = False) -> RangeReading:
        """What :func:`read_range` says of one field, or of two that are ``columns``."""
        if len(low) + len(high) > LONGEST_VALUE:
            return RangeReading(text=" - ".join(filter(None, (low, high))), reason="too long to be bounds")
        found = self._range((low, high, unit, columns, False))
        if found.reason and (_POINT.search(low) or _POINT.search(high)):
            return self._range((low, high, unit, columns, True))
        return found

    def _range(self, key: tuple[str, str, str | None, bool, bool]) -> RangeReading:
        found = self._ranges.get(key)
        if found is None:
            if len(self._ranges) > MOST_KEPT:
                self._ranges.clear()
            low, high, unit, columns, has_point = key
            mark = "." if has_point else None
            found = self._ranges[key] = read_range(low, high, unit=unit, decimal=mark, columns=columns)
        return found


def quantity(book: Book, path: str, number: Number, unit: str | None = None) -> Quantity:
    """A number of a field; ``unit`` is that of the result, for a bound that has none of its own."""
    return book.quantity(path, number.value, number.unit or unit, comparator=number.comparator)


def range_of(book: Book, path: str, reading: RangeReading, unit: str | None = None) -> Range | None:
    """An interval, when one bound at least was read."""
    if reading.low is None and reading.high is None:
        return None
    low = quantity(book, f"{path}/low", _bare(reading.low), unit) if reading.low is not None else None
    high = quantity(book, f"{path}/high", _bare(reading.high), unit) if reading.high is not None else None
    return Range(low, high, book.spot(path), reading.low_closed, reading.high_closed)


def _bare(number: Number) -> Number:
    """A bound says by its side what a comparator would say again."""
    return Number(number.value, number.unit) if number.comparator else number


def reference(book: Book, path: str, reading: RangeReading, unit: str | None) -> ReferenceRange | None:
    """Normal values: bounds, else the words of the source."""
    held = range_of(book, path, reading, unit)
    if held is not None:
        return ReferenceRange(held.at, held, reading.text if reading.reason else None)
    text = reading.text
    return ReferenceRange(book.spot(path), None, text) if text and text.strip() else None


def value_of(book: Book, path: str, reading: ValueReading) -> Value | None:
    """The answer that a field gives: a number, an interval, or words."""
    if reading.number is not None:
        return quantity(book, path, reading.number)
    if reading.range is not None:
        return range_of(book, path, reading.range)
    return book.text(path, reading.text) if reading.text and reading.text.strip() else None


def flag(book: Book, path: str, code: str, written: str) -> Concept:
    """An interpretation: the source's code where it wrote that one, else what its mark means."""
    display = FLAGS[code]
    if written.strip().upper() == code:
        return Concept((book.coding(path, code, INTERPRETATION, display),), book.spot(path))
    return Concept((book.derived(path, code, INTERPRETATION, display),), book.spot(path), written.strip() or None)


def local_concept(book: Book, path: str, code: str, label: str, system: str) -> Concept | None:
    """A code of the sender with its label; a label alone is its own code."""
    code, label = code.strip(), " ".join(label.split())
    if not code and not label:
        return None
    coding: Coding = book.coding(path, code or label, system, label or None)
    return Concept((coding,), book.spot(f"{path}/label"), label or None)


def is_outside(value: Decimal, bounds: RangeReading, code: str) -> bool:
    """True when a value is out of its bounds on the side that a flag tells."""
    if code in {"L", "LL"}:
        return bounds.low is not None and value < bounds.low.value
    if code in {"H", "HH"}:
        return bounds.high is not None and value > bounds.high.value
    return is_outside(value, bounds, "L") or is_outside(value, bounds, "H")


def narrative(lines: Iterable[str]) -> str | None:
    """The words of a record as the narrative of a section, columns kept; ``None`` when there are none."""
    text = "\n".join(lines).strip("\n")
    if not text.strip():
        return None
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f'<div xmlns="http://www.w3.org/1999/xhtml"><pre>{escaped}</pre></div>'
