"""The curated spellings of units, for what is not UCUM as it stands."""

from __future__ import annotations

from functools import lru_cache

from semantix.resources import data_lines
from semantix.terminology.tables import UNITS_FILE
from semantix.terminology.units import UnitReading, Units, parse_units


@lru_cache(maxsize=1)
def _table() -> Units:
    """The table that comes with semantix; read at the first unit that is not right, as most never are."""
    return parse_units(data_lines("mappings", f"tables/{UNITS_FILE}"))


@lru_cache(maxsize=1024)
def read_unit(text: str) -> UnitReading:
    """Read a unit as somebody wrote it."""
    return _table().read(text)


def ucum_of(text: str) -> str:
    """The UCUM code that a spelling usually means, or nothing."""
    return read_unit(text).code or ""
