"""The small values that reading a result field gives."""

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

    @property
    def is_read(self) -> bool:
        """Whether there is a bound at all."""
        return self.low is not None or self.high is not None


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
