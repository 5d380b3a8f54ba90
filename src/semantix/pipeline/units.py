"""The units of sources that write them in their own way, as UCUM codes beside the document; values that cannot be.

Nothing of the source is changed: a quantity keeps its unit as written, and gains a code by its place. An empty code
says that the spelling means nothing certain: it must not be taken for UCUM even if it looks like it (``G/L``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal

from semantix import systems
from semantix.model import (
    Document,
    Issue,
    MappedCoding,
    MappedCodings,
    Observation,
    Outcome,
    Place,
    Quantity,
    Range,
    Section,
    Severity,
    Statement,
)
from semantix.resources import data_dir
from semantix.terminology.molar import Bounds, implausible, is_of_another, parse_bounds
from semantix.terminology.tables import UNITS_FILE
from semantix.terminology.units import Units, parse_units

UNLIKELY = "SX211"
UCUM_OID = "2.16.840.1.113883.6.8"
LOINC = "loinc"
LOST_SIGN = "one mole a litre or more: the sign before mol (µ, m, n, p) is probably lost"
_OPPOSED = frozenset({"g/L", "10*9/L"})
"""What ``g/l`` and ``G/L`` are both written for: only the analyte tells."""
Settles = Callable[[Observation, str], bool]
"""Tells whether an observation is known to be measured in a UCUM unit."""


class UnitCodes:
    """Reads units by the curated table and the grammar of UCUM, and knows what is plausible."""

    def __init__(self, units: Units, bounds: Sequence[Bounds]) -> None:
        self._units, self._bounds = units, tuple(bounds)
        self._bounded = frozenset(code for bound in self._bounds for code in bound.loinc)

    @classmethod
    def load(cls) -> UnitCodes:
        """Read the tables that come with semantix."""
        folder = data_dir("mappings")
        units = (folder / "tables" / UNITS_FILE).read_text("utf-8").split("\n")
        bounds = (folder / "lexicon" / "plausibility.tsv").read_text("utf-8").split("\n")
        return cls(parse_units(units), parse_bounds(bounds))

    def read(
        self, document: Document, codings: MappedCodings, settles: Settles
    ) -> tuple[dict[Place, tuple[MappedCoding, ...]], tuple[Issue, ...]]:
        """The code of each unit of the observations of a document, and doubts on values that cannot be.

        The place of a LOINC code that was found, and whose values are of something else, has an empty tuple.
        """
        found: dict[Place, tuple[MappedCoding, ...]] = {}
        issues: list[Issue] = []
        for one in _observations(document.sections):
            loinc = _loinc_of(one, codings)
            unlikely = self._unlikely(one, loinc, settles)
            if (
                unlikely
                and one.code is not None
                and one.code.at in codings
                and self._is_of_another(one, loinc, settles)
            ):
                found[one.code.at] = ()
                unlikely = f"{unlikely}; the code found for its label is not given"
            if unlikely:
                issues.append(Issue(UNLIKELY, Severity.WARNING, one.path, unlikely))
            for amount in _quantities(one):
                if not amount.unit:
                    continue
                code = "" if unlikely else self._code(one, amount.unit, settles)
                if code or unlikely or document.has_own_units:
                    found[amount.at] = (MappedCoding(UCUM_OID, code, "", Outcome.CURATED, 0.0, "units"),)
        return found, tuple(issues)

    def _code(self, one: Observation, unit: str, settles: Settles) -> str:
        """The UCUM code of a spelling; empty when it has none, or several that nothing settles."""
        reading = self._units.read(unit)
        if reading.code is None:
            return ""
        codes = (reading.code, *reading.alternatives)
        if not _OPPOSED.issuperset(codes) or len(codes) < 2:
            return reading.code
        return next((code for code in codes if settles(one, code)), "")

    def _unlikely(self, one: Observation, loinc: str, settles: Settles) -> str:
        for value in one.values:
            if isinstance(value, Quantity) and isinstance(value.value, Decimal) and value.unit:
                code = self._code(one, value.unit, settles)
                if code == "mol/L" and value.value >= 1:
                    return LOST_SIGN
                words = implausible(self._bounds, loinc, value.value, code) if code and loinc in self._bounded else ""
                if words:
                    return words
        return ""

    def _is_of_another(self, one: Observation, loinc: str, settles: Settles) -> bool:
        values = [value for value in one.values if isinstance(value, Quantity) and isinstance(value.value, Decimal)]
        return any(
            value.value is not None
            and is_of_another(self._bounds, loinc, value.value, self._code(one, value.unit, settles))
            for value in values
            if value.unit
        )


def _loinc_of(one: Observation, codings: MappedCodings) -> str:
    """The LOINC code of an observation: the source's, else the one found."""
    if one.code is None:
        return ""
    for coding in one.code.codings:
        system = systems.find(coding.system)
        if system is not None and system.key == LOINC:
            return coding.code
    loinc = systems.BY_OID["2.16.840.1.113883.6.1"].oids[0]
    return next((found.code for found in codings.get(one.code.at, ()) if found.system == loinc), "")


def _observations(sections: Iterable[Section]) -> Iterator[Observation]:
    for section in sections:
        for statement in section.statements:
            yield from _inside(statement)
        yield from _observations(section.sections)


def _inside(statement: Statement) -> Iterator[Observation]:
    if isinstance(statement, Observation):
        yield statement
    for link in statement.links:
        yield from _inside(link.statement)


def _quantities(one: Observation) -> Iterator[Quantity]:
    for value in (*one.values, *(each.value for each in one.ranges)):
        if isinstance(value, Quantity):
            yield value
            yield from value.translations
        elif isinstance(value, Range):
            yield from (bound for bound in (value.low, value.high) if bound is not None)
