"""Quantities: is the unit a UCUM code, does it measure what the code is of, can the value be.

No value is ever shown: a finding says the code, the unit and the bounds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from msgspec import Struct

from semantix.terminology import ucum
from semantix.terminology.units import canonical_code, is_laboratory_code, kind_of
from semantix.validation._cda import XSI_TYPE, Cda, child
from semantix.validation._findings import Finding, RuleInfo, finding
from semantix.validation.cda._analytes import ALSO, ANALYTES, LOINC, Analyte
from semantix.validation.cda._properties import UNITS
from semantix.validation.cda._reading import (
    CODE,
    OBSERVATION,
    Element,
    between,
    coding,
    is_number,
    local,
    number,
    shown_unit,
    size_of,
    type_of,
)
from semantix.validation.cda._unit_rules import (
    DURATION_UNIT,
    IMPLAUSIBLE,
    IMPOSSIBLE,
    MALFORMED,
    NO_UNIT,
    NO_VALUE,
    NOT_UCUM,
    OTHER_DIMENSION,
    RIGHT_IN_ANOTHER,
    UNIT_IN_DISGUISE,
    UNKNOWN_UNIT,
)
from semantix.validation.cda._units_read import read_unit, ucum_of

RULES: tuple[RuleInfo, ...] = (
    NOT_UCUM,
    UNKNOWN_UNIT,
    UNIT_IN_DISGUISE,
    MALFORMED,
    NO_VALUE,
    NO_UNIT,
    OTHER_DIMENSION,
    IMPLAUSIBLE,
    RIGHT_IN_ANOTHER,
    IMPOSSIBLE,
    DURATION_UNIT,
)

_HOLDERS = (
    "value", "low", "high", "width", "center", "doseQuantity", "rateQuantity", "numerator", "denominator", "quantity",
    "period",
)  # fmt: skip
_NUMBERED = frozenset({"PQ", "INT", "REAL", "MO"})
_AMOUNTS = frozenset({"doseQuantity", "rateQuantity", "quantity", "numerator", "denominator"})
_TIME = (("s", 1),)
_TIMES = frozenset({"period", "width"})
_MORE_ATOMS = re.compile(
    r"(?<![A-Za-z\]])(?:[YZEPTGMkhdcmunpfazy]|da)?(?:B\[[A-Za-z0-9.]+\]|bit_s|Bd|st|b|pc|tex|gf|Gal|Ky|Oe|Gb|Mx|sb|ph|St|"
    r"Lmb|Bi|g_f|cal_\[\d+\]|cal_m|cal_IT|cal_th|mho|att|gon|circ|mo_[sgj]|a_[tgj]|AU|%\[slope\])(?![A-Za-z\[_])"
)
"""Atoms of UCUM 2.1 that measure nothing we convert: right all the same."""
_ANNOTATION = re.compile(r"\{[^}]*\}")


def check(cda: Cda) -> Iterator[Finding]:
    """Look at every quantity of the document."""
    for name in _HOLDERS:
        for element in cda.by_name.get(name, ()):
            unit = element.get("unit")
            if unit is not None:
                # CI-SIS: the quantity of a supply may count packages, told by their EDQM code.
                if name == "quantity" and unit.isdigit():
                    continue
                yield from _unit(cda, element, unit)
                yield from _number(cda, element, name)
            elif name in _AMOUNTS or (name == "value" and element.get(XSI_TYPE, "").rpartition(":")[2] in _NUMBERED):
                yield from _number(cda, element, name)
    for value in cda.by_name.get("value", ()):
        if "value" in value.attrib and value.get(XSI_TYPE, "").rpartition(":")[2] in _NUMBERED:
            yield from _measured(cda, value)


# --- the unit by itself -------------------------------------------------------------------------------------------


def _unit(cda: Cda, element: Element, unit: str) -> Iterator[Finding]:
    code, meant = _verdict(unit)
    if code == NOT_UCUM.code:
        yield finding(NOT_UCUM, *cda.place(element, "unit"), unit=shown_unit(unit, is_known=True), ucum=meant)
    elif code == UNKNOWN_UNIT.code:
        yield finding(UNKNOWN_UNIT, *cda.place(element, "unit"), unit=shown_unit(unit))
    elif code and not (len(unit) == 1 and local(element) == "value"):
        # A shock is measured in J; a dose is not given every J.
        yield finding(UNIT_IN_DISGUISE, *cda.place(element, "unit"), unit=shown_unit(unit, is_known=True), ucum=meant)
    elif local(element) in _TIMES:
        yield from _duration(cda, element, unit)


@lru_cache(maxsize=1024)
def _verdict(unit: str) -> tuple[str, str]:
    """The code of the rule that a unit breaks, or nothing, and the UCUM code that it is written for."""
    if size_of(unit) is None:
        meant = ucum_of(unit)
        if meant:
            return NOT_UCUM.code, meant
        return ("", "") if _is_other_ucum(unit) else (UNKNOWN_UNIT.code, "")
    if is_laboratory_code(unit):
        return "", ""
    reading = read_unit(unit)
    # Only what the curated table knows as a spelling is doubted: MBq, Ohm and mGy.cm are units as they stand.
    if reading.code is None or reading.how != "table" or canonical_code(unit) == reading.code:
        return "", ""
    return UNIT_IN_DISGUISE.code, reading.code


def _is_other_ucum(unit: str) -> bool:
    return unit.isascii() and " " not in unit and size_of(_MORE_ATOMS.sub("m", unit)) is not None


def _duration(cda: Cda, element: Element, unit: str) -> Iterator[Finding]:
    """A period, or the width of a time, lasts some time."""
    parent = element.getparent()
    is_time = local(element) == "period" or (parent is not None and _is_time(parent))
    size = size_of(unit) if is_time else None
    if size is not None and size.dimension != _TIME:
        yield finding(DURATION_UNIT, *cda.place(element, "unit"), unit=shown_unit(unit), element=local(element))


def _is_time(element: Element) -> bool:
    kind = type_of(element)
    return kind.endswith("TS") if kind else local(element) in {"effectiveTime", "expectedUseTime"}


# --- the number ---------------------------------------------------------------------------------------------------


def _number(cda: Cda, element: Element, name: str) -> Iterator[Finding]:
    written = element.get("value")
    if written is None:
        parent = element.getparent()
        is_told = parent is not None and parent.get("nullFlavor") is not None
        if element.get("nullFlavor") is None and not len(element) and not is_told:
            yield finding(NO_VALUE, *cda.place(element), element=name)
    elif not is_number(written):
        yield finding(MALFORMED, *cda.place(element, "value"), element=name, type=type_of(element) or "PQ")


# --- what is measured ---------------------------------------------------------------------------------------------


class Measured(Struct, frozen=True):
    """A value of an observation whose code is known."""

    at: Element
    code: str
    amount: Decimal
    unit: str
    known: Analyte


def _measured(cda: Cda, value: Element) -> Iterator[Finding]:
    """The value of an observation, against what is known of its code."""
    observation = value.getparent()
    if observation is None or observation.tag != OBSERVATION:
        return
    system, code = coding(child(observation, CODE))
    known = ANALYTES.get((system, code))
    if known is None and system == LOINC and code in UNITS:
        known = Analyte(unit=UNITS[code][0])
    amount = number(value.get("value"))
    if known is None or amount is None:
        return
    unit = value.get("unit", "")
    size = size_of(unit or "1")
    if _ANNOTATION.sub("", unit).strip() in {"", "1"}:
        yield from _bare(cda, Measured(value, code, amount, unit, known))
    elif size is not None and not _same_kind(unit, known.unit, UNITS.get(code, ())):
        yield finding(OTHER_DIMENSION, *cda.place(value, "unit"), code=code, unit=shown_unit(unit), ucum=known.unit)
    elif size is not None:
        yield from _plausible(cda, Measured(value, code, amount, unit, known))


def _bare(cda: Cda, one: Measured) -> Iterator[Finding]:
    """A value without unit: wrong unless what is measured is a pure number."""
    unit = one.known.unit
    size = size_of(unit)
    is_percent = unit == "%" and one.amount > 1
    is_pure = size is None or not size.dimension or "1" in ALSO.get(unit, ())
    if is_percent or not is_pure:
        yield finding(NO_UNIT, *cda.place(one.at), code=one.code, ucum=unit)


@lru_cache(maxsize=1024)
def _same_kind(unit: str, known: str, admitted: tuple[str, ...]) -> bool:
    """Whether a UCUM unit measures what is measured in the known one, or in one that the code admits."""
    told = size_of(unit)
    for expected in (known, *admitted, *ALSO.get(known, ())):
        size = size_of(expected)
        if told is not None and size is not None and size.dimension == _in_moles(told.dimension):
            # 7 % and 7 mmol/mol of glycated haemoglobin are pure numbers both, of two scales and two codes.
            return bool(size.dimension) or {kind_of(unit), kind_of(known)} != {"fraction", "moles/moles"}
    return False


def _in_moles(dimension: ucum.Dimension) -> ucum.Dimension:
    """UCUM makes the equivalent a mole: a laboratory may write either under a code of moles."""
    return tuple(sorted(("mol" if name == "eq" else name, exponent) for name, exponent in dimension))


def _plausible(cda: Cda, one: Measured) -> Iterator[Finding]:
    known, bounds = one.known, one.known.bounds
    scaled = _in_unit(one.amount, one.unit, known)
    if bounds is None or scaled is None or Fraction(bounds[0]) <= scaled <= Fraction(bounds[1]):
        return
    place, unit = cda.place(one.at, "value"), shown_unit(one.unit)
    other = _other(one)
    if other:
        yield finding(RIGHT_IN_ANOTHER, *place, code=one.code, unit=unit, other=other)
    elif (scaled < 0 and known.unit != "Cel") or (known.unit == "%" and scaled > 100):
        yield finding(IMPOSSIBLE, *place, code=one.code, unit=unit)
    else:
        low, high = map(str, bounds)
        yield finding(IMPLAUSIBLE, *place, code=one.code, unit=unit, low=low, high=high, ucum=known.unit)


def _in_unit(amount: Decimal, unit: str, known: Analyte) -> Fraction | None:
    """A value in the unit of the bounds, through the molar mass if need be; temperatures have a zero of their own."""
    value = Fraction(amount)
    if known.unit == "Cel":
        return _celsius(value, unit)
    ratio = between(unit, known.unit)
    if ratio is None and known.mass is not None:
        ratio = _through_mass(unit, known.unit, Fraction(known.mass))
    return None if ratio is None else value * ratio


def _celsius(value: Fraction, unit: str) -> Fraction | None:
    if unit == "Cel":
        return value
    if unit == "[degF]":
        return (value - 32) * 5 / 9
    return value - Fraction("273.15") if unit == "K" else None


def _through_mass(left: str, right: str, mass: Fraction) -> Fraction | None:
    a, b = size_of(left), size_of(right)
    assert a is not None, "a checked unit"
    assert b is not None, "a unit of the table"
    molar = ucum.Size(mass, (("g", 1), ("mol", -1)))
    crossed = (ucum.multiply(a, molar, sign) for sign in (1, -1))
    return next((each.factor / b.factor for each in crossed if each.dimension == b.dimension), None)


def _other(one: Measured) -> str:
    """The first usual unit in which the same number would be that of most patients."""
    assert one.known.usual is not None, "an analyte has both bounds or none"
    low, high = map(Fraction, one.known.usual)
    for other in (one.known.unit, *one.known.others):
        scaled = _in_unit(one.amount, other, one.known)
        if canonical_code(other) != canonical_code(one.unit) and scaled is not None and low <= scaled <= high:
            return other
    return ""
