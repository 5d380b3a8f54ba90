"""Dates as practice software writes them, at their own precision; nothing is made up."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

PIVOT = 30
"""Two-digit years up to this one are of the 21st century, unless the caller knows better (a birth date does)."""


class DateReading(Struct, frozen=True):
    """``iso`` is ``2024``, ``2024-03``, ``2024-03-08`` or ``2024-03-08T10:30:00``; ``None`` with a ``reason``.

    ``doubt`` says what was chosen among several readings (``two-digit year``, ``day and month may be exchanged``).
    """

    iso: str | None
    reason: str = ""
    doubt: str = ""


def read_date(text: str, *, order: str = "dmy", pivot: int = PIVOT, formats: Sequence[str] = ()) -> DateReading:
    """Read one date, with or without a time.

    ``order`` (``dmy``, ``mdy``, ``ymd``) settles numbers alone; ``formats`` are those of a pack (``dd/mm/yyyy``,
    ``d/m/yy``, ``yyyymmdd``, ``yyyymmddhhmm``, ``d mmmm yyyy``, ``excel-serial``...), tried in order and exclusively
    when given.
    """
    raise NotImplementedError


def join_date(year: str, month: str = "", day: str = "") -> DateReading:
    """A date in three fields, each of which may be empty, zero or ``.``: as precise as the fields that are there."""
    raise NotImplementedError
