"""Values of observations as columns of ``measurement`` and ``observation``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from msgspec import structs

from semantix.emitters.omop.codes import WITHHELD, Chosen
from semantix.emitters.omop.concepts import OPERATORS, UNITS
from semantix.emitters.omop.context import Context, Row
from semantix.emitters.omop.facts import short
from semantix.model import Concept, Place, Quantity, Range, Ratio, Text, TimeSpan, Value

_UCUM = ("UCUM",)
NOT_KEPT = "value not kept"
"""What ``value_source_value`` says of an answer of no type that fits; of words left out it says WITHHELD."""


def unit_columns(context: Context, unit: str | None, *places: Place) -> Row:
    """A unit: its concept, 0 if unknown, and its text as written; ``places`` are those of its quantities."""
    if not unit or unit == "1":
        return {}
    found = next((context.mapped[place][0] for place in places if place in context.mapped), None)
    code = unit if found is None else found.code
    return {"unit_concept_id": unit_concept(context, code) if code else 0, "unit_source_value": short(unit)}


def unit_concept(context: Context, unit: str) -> int:
    """The standard concept of a UCUM unit."""
    vocabulary = context.options.vocabulary
    if vocabulary is not None:
        resolved = vocabulary.resolve(_UCUM, unit)
        if resolved and resolved.concepts:
            return resolved.concepts[0][0]
    return UNITS.get(unit, 0)


def value_columns(context: Context, value: Value | None) -> Row:
    """``value_as_number``, ``operator_concept_id``, ``value_as_concept_id``, units and ``value_source_value``.

    An answer that is not written leaves a mark in ``value_source_value``: without it the row would look like a yes.
    """
    if value is None:
        return {}
    reader = _READERS.get(type(value))
    row = reader(context, value) if reader is not None else {}
    if not row.get("value_source_value"):
        null = getattr(value, "null", None)
        row["value_source_value"] = short(f"nullFlavor {null}") if null else NOT_KEPT
    return row


def same_unit(reference: Range | None, value: Value | None) -> Range | None:
    """The bounds that can be compared with the value: those in another unit are left out."""
    if reference is None or not isinstance(value, Quantity | Range | int | Decimal) or isinstance(value, bool):
        return reference
    unit = _unit_of(value)
    low, high = (b if b is None or _plain(b.unit) in {None, unit} else None for b in (reference.low, reference.high))
    return structs.replace(reference, low=low, high=high)


def _unit_of(value: Value) -> str | None:
    if isinstance(value, Range):
        return next((_plain(b.unit) for b in (value.low, value.high) if b is not None), None)
    return _plain(value.unit) if isinstance(value, Quantity) else None


def _plain(unit: str | None) -> str | None:
    return None if unit == "1" else unit or None


def number(quantity: Quantity | None) -> str:
    """A quantity in words: comparator, digits as written, unit."""
    if quantity is None or quantity.value is None:
        return "?"
    unit = f" {quantity.unit}" if quantity.unit and quantity.unit != "1" else ""
    return f"{quantity.comparator or ''}{quantity.value}{unit}"


def _quantity(context: Context, quantity: Quantity) -> Row:
    if quantity.value is None:
        return {}
    row = unit_columns(context, quantity.unit, quantity.at)
    row["value_as_number"] = float(quantity.value)
    row["value_source_value"] = short(f"{quantity.comparator or ''}{quantity.value}")
    if quantity.comparator:
        row["operator_concept_id"] = OPERATORS.get(quantity.comparator, 0)
    return row


def _range(context: Context, span: Range) -> Row:
    low, high = span.low, span.high
    if low is not None and low.value is not None and high is not None and high.value is not None:
        row = unit_columns(context, low.unit or high.unit, (low if low.unit else high).at)
        row["value_source_value"] = short(f"{low.value}-{high.value}")
        return row
    bound, sign = (low, ">") if low is not None else (high, "<")
    if bound is None or bound.value is None:
        return {}
    closed = span.low_closed if low is not None else span.high_closed
    comparator = f"{sign}=" if closed else sign
    row = unit_columns(context, bound.unit, bound.at)
    row["value_as_number"] = float(bound.value)
    row["operator_concept_id"] = OPERATORS[comparator]
    row["value_source_value"] = short(f"{comparator}{bound.value}")
    return row


def _concept(context: Context, concept: Concept) -> Row:
    chosen = context.choose(concept, "value", "Meas Value")
    if chosen.is_nothing:
        return _words(context, concept.text) if concept.text else {}
    context.keep(chosen)
    return {
        "value_as_concept_id": chosen.concept_id,
        "value_source_value": chosen.source_value,
        "value_as_string": short(_display(chosen), 60),
    }


def _display(chosen: Chosen) -> str | None:
    return chosen.coding.display if chosen.coding else None


def _dates(context: Context, span: TimeSpan) -> str | None:
    start, end = context.calendar.start(span), context.calendar.read(span.high)
    if start is None:
        return None
    return f"{start.day}/{end.day}" if end and end.day != start.day else start.time or start.day


def _boolean(context: Context, value: bool) -> Row:
    return {"value_source_value": "true" if value else "false"}


def _number(context: Context, value: int | Decimal) -> Row:
    # A whole number of any length becomes a float and words as a Decimal only.
    exact = Decimal(value)
    return {"value_as_number": float(exact), "value_source_value": short(str(exact))}


def _ratio(context: Context, value: Ratio) -> Row:
    return {"value_source_value": short(f"{number(value.numerator)}/{number(value.denominator)}")}


def _span(context: Context, value: TimeSpan) -> Row:
    return {"value_source_value": _dates(context, value)}


def _text(context: Context, value: Text) -> Row:
    """Words are kept only when asked for: they may name people."""
    return _words(context, value.value)


def _words(context: Context, words: str) -> Row:
    if not context.options.keep_text:
        return {"value_source_value": WITHHELD}
    return {"value_source_value": short(words), "value_as_string": short(words, 60)}


_READERS: Mapping[type, Callable[[Context, Any], Row]] = MappingProxyType(
    {
        Quantity: _quantity,
        Concept: _concept,
        bool: _boolean,
        int: _number,
        Decimal: _number,
        Range: _range,
        Ratio: _ratio,
        TimeSpan: _span,
        Text: _text,
    }
)
