"""The value of an OBX by its type: numbers, titres, words, codes, dates, pointers.

Source: HL7 v2.5, chapter 7 (OBX-2, OBX-5) and chapter 2A (NM, SN, CE, CWE, ED, RP).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from types import MappingProxyType

from semantix.model import Attachment, Quantity, Range, Ratio, Severity, TimeSpan, Value
from semantix.parsers.hl7v2.datatypes import Frame, concept, time_of
from semantix.parsers.hl7v2.message import Part, Segment
from semantix.text.values import Number, ValueReading, read_value

NOT_A_NUMBER = "SX402"
CHOSEN = "SX409"
_PLAIN = re.compile(r"[+-]?[0-9]{1,30}(?:\.[0-9]{1,30})?")
_COMPARATORS = frozenset({"<", "<=", ">=", ">"})
_NUMBER = 40


class Cell:
    """One OBX-5 being read: the frame, the segment, and the unit of OBX-6 as written."""

    __slots__ = ("frame", "path", "segment", "unit")

    def __init__(self, frame: Frame, segment: Segment, unit: str | None) -> None:
        self.frame, self.segment, self.unit = frame, segment, unit
        self.path = f"{segment.path}/5"

    def doubt(self, code: str, words: str, severity: Severity = Severity.WARNING) -> None:
        """Note a doubt about the value."""
        self.frame.book.doubt(code, self.path, words, severity)


def values(frame: Frame, obx: Segment, unit: str | None) -> tuple[Value, ...]:
    """The answers of an OBX, none when OBX-5 is empty."""
    kind = obx.text(2).upper()
    cell = Cell(frame, obx, unit)
    if kind in _WORDS:
        text = "\n".join(line for part in obx.parts(5) if (line := part.marks.clear(part.raw).strip()))
        return (_words(cell, text, kind),) if text else ()
    read = _READERS.get(kind, _other)
    found = (read(cell, part) for part in obx.parts(5))
    return tuple(one for one in found if one is not None)


def flag_of(frame: Frame, obx: Segment) -> str | None:
    """The flag that the value itself holds (``*12,9``, ``5,2 H``), when OBX-8 has none."""
    if obx.text(8) or obx.text(2).upper() not in ("ST", "NM"):
        return None
    text = obx.text(5)
    return read_value(text, unit=obx.text(6) or None).flag if text and not _PLAIN.fullmatch(text) else None


def _words(cell: Cell, text: str, kind: str) -> Value:
    """Text, unless it is a number: in ``ST`` one beyond doubt, with or without its unit."""
    frame = cell.frame
    if kind == "ST" and len(text) <= _NUMBER and any(c.isdigit() for c in text):
        found = _reading(cell, text)
        if found is not None:
            return found
    return frame.book.text(cell.path, text)


def _number(cell: Cell, part: Part) -> Value | None:
    text = part.text()
    if not text.strip(" ."):
        return None
    if _PLAIN.fullmatch(text):
        return cell.frame.book.quantity(cell.path, Decimal(text), cell.unit)
    found = _reading(cell, text) if len(text) <= _NUMBER else None
    if found is not None:
        return found
    cell.doubt(NOT_A_NUMBER, "the type is NM, the value is no number: kept as text")
    return cell.frame.book.text(cell.path, part.marks.clear(part.raw).strip())


def _reading(cell: Cell, text: str) -> Value | None:
    """A number written as people do (``< 0,10``, ``12,5 g/L``); ``None`` when it is to stay text."""
    found = read_value(text, unit=cell.unit)
    if found.reason or found.text or found.comment or found.second is not None or found.reference is not None:
        return None
    value = _measured(cell, found, text)
    if value is not None and found.doubt:
        cell.doubt(CHOSEN, f"read as a number, {found.doubt}")
    return value


def _measured(cell: Cell, found: ValueReading, text: str) -> Value | None:
    book, path = cell.frame.book, cell.path
    if found.number is not None:
        return quantity(cell, found.number, path, text)
    if found.range is not None and (found.range.low or found.range.high):
        low, high = (quantity(cell, one, path) if one else None for one in (found.range.low, found.range.high))
        return book.range(path, low, high)
    return None


def quantity(cell: Cell, one: Number, path: str, text: str | None = None) -> Quantity:
    """A number with its comparator, and the unit beside it, else that of OBX-6."""
    bare = text is None or text == str(one.value)
    return cell.frame.book.quantity(
        path, one.value, one.unit or cell.unit, comparator=one.comparator, text=None if bare else text
    )


def _structured(cell: Cell, part: Part) -> Value:
    """SN: ``<^5``, ``^1^:^128``, ``^10^-^20``."""
    book, path = cell.frame.book, cell.path
    sign, mark = part.text(1), part.text(3)
    first, second = (_decimal(part.text(n)) for n in (2, 4))
    if first is None or (sign not in _COMPARATORS and sign not in ("", "=")):
        return book.text(path, part.whole())
    one = book.quantity(path, first, cell.unit, comparator=sign if sign in _COMPARATORS else None)
    if not mark and second is None:
        return one
    if second is not None and mark == "-":
        return Range(one, book.quantity(path, second, cell.unit), book.spot(path))
    if second is not None and mark in (":", "/"):
        return Ratio(book.quantity(path, first, None), book.quantity(path, second, cell.unit), book.spot(path))
    return book.text(path, part.whole())


def _decimal(text: str) -> Decimal | None:
    text = text.replace(",", ".")
    return Decimal(text) if _PLAIN.fullmatch(text) else None


def _coded(cell: Cell, part: Part) -> Value | None:
    return concept(cell.frame, part, cell.path)


def _date(cell: Cell, part: Part) -> Value | None:
    found = time_of(cell.frame, part.text(), cell.path)
    if found is None:
        return cell.frame.book.text(cell.path, part.text()) if part.text() else None
    return TimeSpan(cell.frame.book.spot(cell.path), found)


def _pointer(cell: Cell, part: Part) -> Value:
    """RP: where an object is kept."""
    kind = _media_type(part.text(3), part.text(4))
    return Attachment(cell.frame.book.spot(cell.path), kind, url=part.text(1) or None, text=part.text(2) or None)


def _media_type(main: str, sub: str) -> str | None:
    main, sub = main.lower(), sub.lower()
    if "/" in sub:
        return sub
    return f"{main}/{sub}" if main and sub else None


def _other(cell: Cell, part: Part) -> Value | None:
    words = part.whole()
    return cell.frame.book.text(cell.path, words) if words else None


_WORDS = frozenset({"ST", "TX", "FT", ""})
_Reader = Callable[[Cell, Part], Value | None]
_READERS: Mapping[str, _Reader] = MappingProxyType(
    {
        "NM": _number,
        "SN": _structured,
        "CE": _coded,
        "CWE": _coded,
        "CNE": _coded,
        "CF": _coded,
        "DT": _date,
        "TS": _date,
        "DTM": _date,
        "RP": _pointer,
    }
)
