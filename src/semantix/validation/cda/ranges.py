"""Intervals and reference ranges: bounds in order, in the unit of the value, and in accord with the interpretation."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from msgspec import Struct

from semantix.terminology.units import canonical_code
from semantix.validation._cda import V3, XSI_TYPE, Cda, child
from semantix.validation._findings import Finding, RuleInfo, finding
from semantix.validation.cda._range_rules import (
    BOUNDS_DIFFER,
    CONTRADICTED,
    NO_BOUND,
    OTHER_KIND,
    OTHER_UNIT,
    REVERSED,
    SINGLE_POINT,
)
from semantix.validation.cda._reading import VALUE, Element, are_opposed, between, local, number, shown_unit, type_of

RULES: tuple[RuleInfo, ...] = (
    REVERSED,
    BOUNDS_DIFFER,
    OTHER_KIND,
    OTHER_UNIT,
    CONTRADICTED,
    SINGLE_POINT,
    NO_BOUND,
)

_LOW, _HIGH = V3 + "low", V3 + "high"
_RANGE = V3 + "observationRange"
_INTERPRETATION = V3 + "interpretationCode"
_SAID_OTHERWISE = (V3 + "precondition", V3 + "code")
_AMOUNTS = frozenset({"doseQuantity", "rateQuantity", "repeatNumber"})
_BELOW, _ABOVE = frozenset({"L", "LL", "LU"}), frozenset({"H", "HH", "HU"})
_SIDES = {"below": "au-dessous de", "inside": "dans", "above": "au-dessus de"}


class Bounds(Struct, frozen=True):
    """Both bounds as written: a number and a unit, either ``None`` when it is not told."""

    low: Fraction | None
    high: Fraction | None
    low_unit: str
    high_unit: str


def check(cda: Cda) -> Iterator[Finding]:
    """Look at every interval of quantities, then at each reference range beside its value."""
    for element in cda.named("value", *_AMOUNTS):
        kind = element.get(XSI_TYPE)
        if kind is not None and not kind.rpartition(":")[2].startswith("IVL_"):
            continue
        if len(element) or kind is not None:
            yield from _interval(cda, element)
    for reference in cda.by_name.get("referenceRange", ()):
        yield from _reference(cda, reference)


def _interval(cda: Cda, element: Element) -> Iterator[Finding]:
    kind = type_of(element)
    if kind.endswith("TS") or (not kind and local(element) not in _AMOUNTS):
        return
    if not len(element):
        if kind == "IVL_PQ" and "value" not in element.attrib and "nullFlavor" not in element.attrib:
            yield finding(NO_BOUND, *cda.place(element))
        return
    bounds = _bounds(element)
    if bounds.low is None or bounds.high is None:
        return
    ratio = between(bounds.low_unit, bounds.high_unit)
    if ratio is None:
        if are_opposed(bounds.low_unit, bounds.high_unit):
            low, high = shown_unit(bounds.low_unit), shown_unit(bounds.high_unit)
            yield finding(BOUNDS_DIFFER, *cda.place(element), element=local(element), low=low, high=high)
    elif bounds.low * ratio > bounds.high:
        yield finding(REVERSED, *cda.place(element), element=local(element))


def _bounds(element: Element) -> Bounds:
    low, low_unit = _bound(child(element, _LOW))
    high, high_unit = _bound(child(element, _HIGH))
    return Bounds(low, high, low_unit, high_unit)


def _bound(element: Element | None) -> tuple[Fraction | None, str]:
    if element is None:
        return None, ""
    value = number(element.get("value"))
    return (None if value is None else Fraction(value)), element.get("unit", "")


# --- reference ranges ---------------------------------------------------------------------------------------------


def _reference(cda: Cda, reference: Element) -> Iterator[Finding]:
    inner = child(reference, _RANGE)
    observation = reference.getparent()
    ranged = None if inner is None else child(inner, VALUE)
    if inner is None or ranged is None or observation is None:
        return
    bounds = _bounds(ranged)
    if bounds.low is not None and bounds.low == bounds.high and bounds.low_unit == bounds.high_unit:
        yield finding(SINGLE_POINT, *cda.place(ranged))
        return
    value = child(observation, VALUE)
    if value is None or type_of(value) not in {"PQ", "INT", "REAL"}:
        return
    amount = number(value.get("value"))
    if amount is None or (bounds.low is None and bounds.high is None):
        return
    unit = value.get("unit", "")
    yield from _units(cda, ranged, unit, bounds)
    if _is_plain(observation, inner):
        yield from _interpreted(cda, observation, (Fraction(amount), unit), bounds)


def _units(cda: Cda, ranged: Element, unit: str, bounds: Bounds) -> Iterator[Finding]:
    """The unit of the range beside that of the value; a unit that is not UCUM is another rule's."""
    told = bounds.low_unit if bounds.low is not None else bounds.high_unit
    if not unit or not told or canonical_code(told) == canonical_code(unit):
        return
    if are_opposed(told, unit):
        rule = OTHER_KIND
    elif between(told, unit) not in {None, 1}:
        rule = OTHER_UNIT
    else:
        return
    yield finding(rule, *cda.place(ranged), unit=shown_unit(unit), range=shown_unit(told))


def _is_plain(observation: Element, inner: Element) -> bool:
    """Whether the range is the only one, for everybody, and of normal values: then it decides."""
    ranges = [child for child in observation if local(child) == "referenceRange"]
    if len(ranges) != 1 or any(child(inner, name) is not None for name in _SAID_OTHERWISE):
        return False
    said = [code.get("code") for code in inner.iterchildren(_INTERPRETATION)]
    return not said or said == ["N"]


def _interpreted(cda: Cda, observation: Element, told: tuple[Fraction, str], bounds: Bounds) -> Iterator[Finding]:
    codes = list(observation.iterchildren(_INTERPRETATION))
    side = _side(told, bounds)
    if len(codes) != 1 or not side:
        return
    code = codes[0].get("code", "")
    if (
        (code == "N" and side != "inside")
        or (code in _BELOW and side != "below")
        or (code in _ABOVE and side != "above")
    ):
        yield finding(CONTRADICTED, *cda.place(codes[0]), interpretation=code, side=side, side_fr=_SIDES[side])


def _side(told: tuple[Fraction, str], bounds: Bounds) -> str:
    """Where a value lies: ``below``, ``inside``, ``above``, or nothing when it is on a bound or cannot be compared."""
    amount, unit = told
    if bounds.low is not None:
        ratio = between(bounds.low_unit, unit)
        if ratio is None or amount == bounds.low * ratio:
            return ""
        if amount < bounds.low * ratio:
            return "below"
    if bounds.high is not None:
        ratio = between(bounds.high_unit, unit)
        if ratio is None or amount == bounds.high * ratio:
            return ""
        if amount > bounds.high * ratio:
            return "above"
    return "inside"
