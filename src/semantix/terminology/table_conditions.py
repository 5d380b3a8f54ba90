"""The conditions of curated rows against what is known around a query: met, contradicted, or unknown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from msgspec import Struct

from semantix.model import Context
from semantix.terminology.table_rows import Row, UnitClass, unit_class
from semantix.terminology.text import fold
from semantix.terminology.units import Units

SPECIMEN_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "blood": "blood", "sang": "blood", "sang total": "blood", "whole blood": "blood", "sang capillaire": "blood",
        "serum": "serum", "plasma": "plasma", "urine": "urine", "urines": "urine", "urine des 24 heures": "urine",
        "csf": "csf", "lcr": "csf", "lcs": "csf", "liquide cephalo-rachidien": "csf", "liquide cephalorachidien": "csf",
        "stool": "stool", "selles": "stool", "selle": "stool", "feces": "stool", "saliva": "saliva", "salive": "saliva",
        "other": "other",
    }
)  # fmt: skip
"""How a specimen may be written, folded, and its word in a condition."""

_REMEMBERED = 4096
_BLOOD = frozenset({"blood", "serum", "plasma"})


class Facts(Struct, frozen=True):
    """What a context says, ready to be compared. Empty is unknown.

    ``unit`` holds the class of the usual meaning of the unit, ``other_units`` those of its other meanings; a unit that
    cannot be read is unknown.
    """

    sender: str = ""
    unit: frozenset[UnitClass] = frozenset()
    other_units: frozenset[UnitClass] = frozenset()
    specimen: str = ""
    section: str = ""

    def with_other_units(self) -> Facts:
        """The same facts, the unit in its other meanings: the analyte may settle which one it is."""
        return Facts(self.sender, self.other_units, frozenset(), self.specimen, self.section)


class UnitClasses:
    """The classes of units, remembered: of spellings through the table of units, and of the codes in conditions."""

    def __init__(self, units: Units) -> None:
        self._units = units
        self._read: dict[str, tuple[frozenset[UnitClass], frozenset[UnitClass]]] = {}

    def of_spelling(self, text: str) -> tuple[frozenset[UnitClass], frozenset[UnitClass]]:
        """The class of the usual meaning of a spelling, and those of its other meanings."""
        known = self._read.get(text)
        if known is None:
            reading = self._units.read(text)
            known = _classes((reading.code,) if reading.code else ()), _classes(reading.alternatives)
            if len(self._read) < _REMEMBERED:
                self._read[text] = known
        return known


def _classes(codes: Iterable[str]) -> frozenset[UnitClass]:
    return frozenset(found for found in map(unit_class, codes) if found is not None)


def facts_of(context: Context, units: UnitClasses) -> Facts:
    """Make a context comparable. A specimen in words that are not known stays unknown."""
    usual, others = units.of_spelling(context.unit) if context.unit.strip() else (frozenset(), frozenset())
    specimen = SPECIMEN_WORDS.get(fold(context.specimen), "") if context.specimen else ""
    return Facts(fold(context.sender), usual, others, specimen, context.section)


def holds(row: Row, facts: Facts, label: str) -> bool | None:
    """Tell whether a row's conditions are met (``None`` when that is unknown); ``label`` is folded."""
    sure: bool | None = True
    if row.sender:
        verdict = _sender(row, facts, label)
        if verdict is False:
            return False
        sure = verdict
    if row.unit_classes or row.is_presence:
        verdict = _unit(row, facts)
        if verdict is False:
            return False
        sure = sure if verdict else verdict
    if row.specimen:
        if not facts.specimen or (facts.specimen not in row.specimen and _unclear(row, facts.specimen)):
            sure = None
        elif facts.specimen not in row.specimen:
            return False
    if row.section:
        if not facts.section:
            sure = None
        elif facts.section not in row.section:
            return False
    return sure


def _unit(row: Row, facts: Facts) -> bool | None:
    """A number with a unit is no answer to "is it there?"."""
    if row.is_presence and not row.unit_classes:
        return row.refused or not facts.unit
    if not facts.unit:
        return None
    return not facts.unit.isdisjoint(row.unit_classes)


def _sender(row: Row, facts: Facts, label: str) -> bool | None:
    """A local code is keyed on its sender and its label."""
    if facts.sender and facts.sender not in row.sender:
        return False
    if row.code and row.label and label:
        if fold(row.label) != label:
            return False
    elif row.code and row.label:
        return None
    return True if facts.sender else None


def _unclear(row: Row, specimen: str) -> bool:
    """Blood, serum and plasma are often written for one another: neither meets nor contradicts the others."""
    return specimen in _BLOOD and not _BLOOD.isdisjoint(row.specimen)
