"""What a result field holds: a number and its unit, a bound, a range, a flag, or words and why they stay so."""

from __future__ import annotations

from decimal import Decimal

from msgspec import Struct


class Number(Struct, frozen=True):
    """A number with its digits as written. ``comparator`` is ``<``, ``<=``, ``>=``, ``>``; ``unit`` as written."""

    value: Decimal
    unit: str | None = None
    comparator: str | None = None


class RangeReading(Struct, frozen=True):
    """Reference bounds; an open bound is ``None``. ``text`` and a ``reason`` when it cannot be read (age bands...)."""

    low: Number | None = None
    high: Number | None = None
    low_closed: bool = True
    high_closed: bool = True
    text: str | None = None
    reason: str = ""


class ValueReading(Struct, frozen=True):
    """One result field.

    ``number``, or ``range`` when the value is itself an interval, or ``text``. ``second`` is the same result in another
    unit, ``flag`` is ``L``, ``H``, ``LL``, ``HH``, ``A`` or ``N`` (``A`` for a bare asterisk), ``reference`` bounds
    found in the field, ``comment`` further words. ``reason`` says why a field with digits stays text; ``doubt`` what
    was chosen among several readings.
    """

    number: Number | None = None
    range: RangeReading | None = None
    text: str | None = None
    second: Number | None = None
    flag: str | None = None
    reference: RangeReading | None = None
    comment: str | None = None
    reason: str = ""
    doubt: str = ""


def read_value(
    text: str, *, unit: str | None = None, decimal: str | None = None, grouping: str | None = None
) -> ValueReading:
    """Read a value field. ``unit`` is that of its own column, if any; it wins over none in the field.

    ``decimal`` and ``grouping`` are the marks that a pack declares; unknown, ``2.920`` with a unit of cells a volume is
    2920 and is a doubt otherwise.
    """
    raise NotImplementedError


def read_range(low: str, high: str = "", *, unit: str | None = None) -> RangeReading:
    """Read reference bounds from one field (``2.20-2.60``, ``inf. à 2,00``, ``(<100)``, ``VR: < 5,18``) or two."""
    raise NotImplementedError


def read_flag(text: str) -> str | None:
    """``L``, ``H``, ``LL``, ``HH``, ``A`` or ``N`` for what senders write (``*``, ``+``, ``H``, ``bas``...)."""
    raise NotImplementedError
