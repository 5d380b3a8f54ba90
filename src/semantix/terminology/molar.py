"""Values from mass to moles and back, HbA1c from one convention to the other, values that cannot be. Pure functions.

Only factors that somebody published are used; a value is flagged, never mended.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType

from msgspec import Struct

from semantix.terminology import ucum
from semantix.terminology.units import factor

_MOLE = ("mol", 1)


class Substance(Struct, frozen=True):
    """An analyte with its molar mass (g/mol), its valence (0 when unknown) and its LOINC pairs (mass, moles)."""

    analyte: str
    molar_mass: Fraction
    valence: int
    pairs: tuple[tuple[str, str], ...]
    source: str


FAR = 3
"""Times beyond a bound at which a value is of something else."""


class Bounds(Struct, frozen=True):
    """Between what values an analyte is plausible, in one unit; ``loinc`` are the codes it holds for."""

    analyte: str
    unit: str
    low: Decimal
    high: Decimal
    loinc: tuple[str, ...]
    source: str


class Molar(Struct, frozen=True):
    """Substances by analyte, and by the LOINC code of any of their pairs."""

    by_analyte: Mapping[str, Substance]
    by_loinc: Mapping[str, Substance]

    def substance(self, key: str) -> Substance | None:
        """Find a substance by its key or by a LOINC code."""
        return self.by_analyte.get(key) or self.by_loinc.get(key)

    def factor(self, key: str, left: str, right: str) -> Fraction | None:
        """Return by what a value of an analyte in UCUM unit ``left`` is multiplied to be in ``right``.

        Mass and moles meet through the molar mass, moles and equivalents through the valence; ``None`` otherwise.
        """
        plain = factor(left, right)
        if plain is not None:
            return plain
        substance, a, b = self.substance(key), ucum.size_of(left), ucum.size_of(right)
        if substance is None or a is None or b is None:
            return None
        for bridge in _bridges(substance):
            for sign in (1, -1):
                crossed = ucum.multiply(a, bridge, sign)
                if crossed.dimension == b.dimension:
                    return crossed.factor / b.factor
        return None

    def counterpart(self, loinc: str) -> str | None:
        """Return the code that measures the same thing in moles instead of mass, or the other way round."""
        substance = self.by_loinc.get(loinc)
        if substance is None:
            return None
        return next((b if a == loinc else a for a, b in substance.pairs if loinc in {a, b}), None)


def parse_molar(lines: Iterable[str]) -> Molar:
    """Read ``mappings/lexicon/molar.tsv``: one row an analyte and LOINC pair."""
    grouped: dict[str, list[dict[str, str]]] = {}
    for row in _rows(lines):
        grouped.setdefault(row["analyte"], []).append(row)
    substances = {}
    for analyte, rows in grouped.items():
        pairs = tuple((row["mass_code"], row["moles_code"]) for row in rows if row["mass_code"])
        first = rows[0]
        valence = int(first["valence"] or 0)
        substances[analyte] = Substance(analyte, Fraction(first["molar_mass"]), valence, pairs, first["source"])
    codes = {code: item for item in substances.values() for pair in item.pairs for code in pair}
    return Molar(MappingProxyType(substances), MappingProxyType(codes))


def parse_bounds(lines: Iterable[str]) -> tuple[Bounds, ...]:
    """Read ``mappings/lexicon/plausibility.tsv``."""
    return tuple(
        Bounds(
            row["analyte"],
            row["unit"],
            Decimal(row["low"]),
            Decimal(row["high"]),
            tuple(code for code in row["loinc"].split("|") if code),
            row["source"],
        )
        for row in _rows(lines)
    )


def implausible(bounds: Iterable[Bounds], key: str, value: Decimal, unit: str) -> str:
    """Say why a value of an analyte (a key or a LOINC code) in a UCUM unit cannot be; empty when it may be.

    A value out of bounds that would be plausible in a unit a thousand times smaller is told as a likely slip of the
    unit: creatinine in µmol/L whose unit reads ``mmol/L``. It is never corrected here. The message holds no value.
    """
    known = [bound for bound in bounds if key == bound.analyte or key in bound.loinc]
    for bound in known:
        ratio = factor(unit, bound.unit)
        if ratio is None:
            continue
        scaled = Fraction(value) * ratio
        if Fraction(bound.low) <= scaled <= Fraction(bound.high):
            continue
        if Fraction(bound.low) <= scaled / 1000 <= Fraction(bound.high):
            return f"outside the bounds of {bound.analyte}: the unit is probably a thousand times smaller than written"
        return f"outside the bounds of {bound.analyte} ({bound.low}-{bound.high} {bound.unit})"
    return ""


def is_of_another(bounds: Iterable[Bounds], key: str, value: Decimal, unit: str) -> bool:
    """Whether a value is so far out of the bounds that it is of another quantity: three times beyond, and no slip."""
    for bound in bounds:
        ratio = factor(unit, bound.unit) if key == bound.analyte or key in bound.loinc else None
        if ratio is None:
            continue
        low, high, scaled = Fraction(bound.low), Fraction(bound.high), Fraction(value) * ratio
        if (scaled * FAR < low or scaled > high * FAR) and not low <= scaled / 1000 <= high:
            return True
    return False


def ngsp_to_ifcc(percent: Decimal) -> Decimal:
    """HbA1c from % (NGSP) to mmol/mol (IFCC), to one decimal.

    Source: NGSP/IFCC master equation, NGSP = 0.09148 x IFCC + 2.152 (Hoelzel et al., Clin Chem 2004; ngsp.org).
    """
    return ((percent - Decimal("2.152")) / Decimal("0.09148")).quantize(Decimal("0.1"))


def ifcc_to_ngsp(mmol_per_mol: Decimal) -> Decimal:
    """HbA1c from mmol/mol (IFCC) to % (NGSP), to two decimals; same source."""
    return (mmol_per_mol * Decimal("0.09148") + Decimal("2.152")).quantize(Decimal("0.01"))


def _bridges(substance: Substance) -> tuple[ucum.Size, ...]:
    """Sizes that are one: a mole of the substance over its mass, over its equivalents, and their quotient."""
    moles = ucum.Size(1 / substance.molar_mass, (("g", -1), _MOLE))
    if not substance.valence:
        return (moles,)
    charges = ucum.Size(Fraction(1, substance.valence), (("eq", -1), _MOLE))
    return (moles, charges, ucum.multiply(moles, charges, -1))


def _rows(lines: Iterable[str]) -> list[dict[str, str]]:
    cells = [line.rstrip("\n").split("\t") for line in lines if line.strip()]
    return [dict(zip(cells[0], row, strict=True)) for row in cells[1:]]
