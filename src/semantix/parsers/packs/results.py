"""Results, signs and other observations: the answer of a row, its normal range and its flag."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from msgspec import Struct, structs

from semantix.model import Concept, Note, Observation, Quantity, Range, ReferenceRange, Severity, Specimen, Value
from semantix.parsers._book import Book
from semantix.parsers.packs.bench import Bench, Common
from semantix.parsers.packs.coding import CodePlan, concept_of, system_of
from semantix.parsers.packs.entries import MEMORY, text_of
from semantix.parsers.packs.expressions import Get, Holds, Scope, compile_condition, compile_expression, nothing, search
from semantix.parsers.packs.patterns import compile_pattern
from semantix.parsers.packs.spec_facts import Bounds, Fact, ImpliedUnit, Limits, Valued
from semantix.parsers.packs.spec_files import Dialect
from semantix.text.values import Number, RangeReading, ValueReading, read_flag, read_range, read_value

UNIT_IMPLIED = "SX503"
OUTSIDE = "SX504"
KEPT_AS_TEXT = "SX508"
VALUE_CHOSEN = "SX509"
INTERPRETATION = "2.16.840.1.113883.5.83"
FLAGS = {"L": "Low", "H": "High", "LL": "Critical low", "HH": "Critical high", "A": "Abnormal", "N": "Normal"}


class Rules(Struct, frozen=True):
    """What a table says of its results: units implied, bounds that are plausible."""

    units: tuple[tuple[re.Pattern[str], str], ...]
    bounds: tuple[tuple[re.Pattern[str], re.Pattern[str] | None, Decimal | None, Decimal | None], ...]
    memory: dict[str, str | None]

    def unit(self, label: str) -> str | None:
        """The unit implied for a label."""
        if not self.units:
            return None
        if label not in self.memory:
            if len(self.memory) > MEMORY:
                self.memory.clear()
            self.memory[label] = next((unit for pattern, unit in self.units if search(pattern, label)), None)
        return self.memory[label]

    def is_outside(self, label: str, value: Decimal, unit: str | None) -> bool:
        """True when a value is out of the bounds of its label."""
        for pattern, units, low, high in self.bounds:
            if search(pattern, label) and (units is None or search(units, unit or "")):
                return (low is not None and value < low) or (high is not None and value > high)
        return False


def compile_rules(units: Sequence[ImpliedUnit], bounds: Sequence[Bounds]) -> Rules:
    """Make the rules of a table ready."""
    return Rules(
        tuple((compile_pattern(one.label), one.unit) for one in units),
        tuple(
            (
                compile_pattern(one.label),
                compile_pattern(one.unit) if one.unit is not None else None,
                Decimal(str(one.low)) if one.low is not None else None,
                Decimal(str(one.high)) if one.high is not None else None,
            )
            for one in bounds
        ),
        {},
    )


class Reader(Struct, frozen=True):
    """Reads answers, each text once."""

    decimal: str | None
    grouping: str | None
    memory: dict[tuple[str, str | None], ValueReading]

    def read(self, text: str, unit: str | None) -> ValueReading:
        """The reading of a field, with the unit of its column."""
        key = (text, unit)
        found = self.memory.get(key)
        if found is None:
            if len(self.memory) > MEMORY:
                self.memory.clear()
            found = self.memory[key] = read_value(text, unit=unit, decimal=self.decimal, grouping=self.grouping)
        return found


_NO_MARKS = Reader(None, None, {})


class AnswerPlan(Struct, frozen=True):
    """The answer of a fact and how it is read."""

    of: Get
    read: str
    unit: Get
    system: str | None
    display: Get
    reader: Reader
    second: Get
    second_unit: Get


def compile_answer(fact: Fact, scope: Scope, dialect: Dialect) -> AnswerPlan | None:
    """Make the functions of an answer."""
    value = fact.value
    if value is None:
        return None
    said = value if isinstance(value, Valued) else Valued.model_construct(of=value)
    return AnswerPlan(
        compile_expression(said.of, scope),
        said.read,
        compile_expression(said.unit, scope),
        system_of(said.system),
        compile_expression(said.display, scope),
        Reader(said.decimal or dialect.decimal, dialect.grouping if said.grouping is None else said.grouping, {}),
        compile_expression(said.second, scope),
        compile_expression(said.second_unit, scope),
    )


class ObservationPlan(Struct, frozen=True):
    """A result or another observation."""

    kind: str
    common: Common
    code: CodePlan | None
    answer: AnswerPlan | None
    limits: tuple[Get, Get] | None
    flag: Get | None
    specimen: Get | None
    preliminary: Holds | None
    rules: Rules
    needs_answer: bool

    def make(self, bench: Bench) -> Observation | None:
        """The observation of a row; none without a code, and no result without an answer."""
        book, entry, path = bench.book, bench.entry, bench.path
        label = self.code.label(entry) if self.code is not None else ""
        if not label:
            return None
        text = text_of(self.answer.of(entry)) if self.answer is not None else ""
        if self.needs_answer and not text:
            return None
        found = self.common.of(bench)
        if self.answer is not None and text:
            self._answer(bench, text, label, found)
        if "values" not in found:
            found["null"] = "NI"
        if self.limits is not None:
            self._limit(bench, found)
        if self.flag is not None and (written := text_of(self.flag(entry))):
            found["interpretations"] = _flags(book, f"{path}/flag", written)
        if self.specimen is not None and (words := text_of(self.specimen(entry))):
            spot = book.spot(f"{path}/specimen")
            found["specimens"] = (Specimen(spot, spot.path, name=words),)
        return Observation(
            kind=self.kind,
            code=concept_of(book, f"{path}/code", self.code, entry, bench.local),
            status="active" if self.preliminary is not None and self.preliminary(entry) else "completed",
            **found,
        )

    def _answer(self, bench: Bench, text: str, label: str, found: dict[str, Any]) -> None:
        """The value of a row, and what else its field says."""
        reading = self._reading(bench, text, label)
        found["values"] = self._values(bench, text, reading)
        if reading is None:
            return
        book, path = bench.book, f"{bench.path}/value"
        if reading.reference is not None:
            unit = reading.number.unit if reading.number is not None else None
            found["ranges"] = _references(book, f"{path}/range", reading.reference, unit)
        if reading.flag:
            found["interpretations"] = _flags(book, f"{path}/flag", reading.flag, is_code=False)
        if reading.comment:
            found["notes"] = (*found.get("notes", ()), Note(reading.comment, book.spot(f"{path}/comment")))

    def _limit(self, bench: Bench, found: dict[str, Any]) -> None:
        """The normal range of its own columns; a bound without a unit is in that of the answer."""
        assert self.limits is not None
        low, high = self.limits
        unit = next((one.unit for one in found.get("values", ()) if isinstance(one, Quantity)), None)
        marks = self.answer.reader if self.answer is not None else _NO_MARKS
        reading = read_range(
            text_of(low(bench.entry)),
            text_of(high(bench.entry)),
            unit=unit,
            decimal=marks.decimal,
            grouping=marks.grouping,
            columns=high is not nothing,
        )
        ranges = _references(bench.book, f"{bench.path}/range", reading, unit)
        if ranges:
            found["ranges"] = (*found.get("ranges", ()), *ranges)

    def _reading(self, bench: Bench, text: str, label: str) -> ValueReading | None:
        """The reading of an answer, with the unit that the pack implies where there is none."""
        plan = self.answer
        assert plan is not None
        if plan.read != "auto":
            return None
        unit = text_of(plan.unit(bench.entry)) or None
        reading = plan.reader.read(text, unit)
        if unit is None and (reading.number is None or reading.number.unit is None):
            implied = self.rules.unit(label)
            if implied is not None:
                known = plan.reader.read(text, implied)
                if known.number is not None and self.rules.is_outside(label, known.number.value, implied):
                    words = "in the unit that the pack implies it would be outside what is plausible: left without one"
                    bench.book.doubt(OUTSIDE, f"{bench.path}/value", words)
                elif known.number is not None:
                    reading = known
                    words = "the unit is implied by the pack: the export has none"
                    bench.book.doubt(UNIT_IMPLIED, f"{bench.path}/value", words, Severity.INFORMATION)
        if reading.reason and reading.number is None and reading.range is None and _has_digit(text):
            words = f"an answer with digits that is kept as text: {reading.reason}"
            bench.book.doubt(KEPT_AS_TEXT, f"{bench.path}/value", words)
        elif reading.doubt:
            bench.book.doubt(VALUE_CHOSEN, f"{bench.path}/value", f"an answer that was chosen: {reading.doubt}")
        number = reading.number
        if self.rules.bounds and number is not None and self.rules.is_outside(label, number.value, number.unit):
            bench.book.doubt(OUTSIDE, f"{bench.path}/value", "outside what the pack calls plausible; kept as written")
        return reading

    def _values(self, bench: Bench, text: str, reading: ValueReading | None) -> tuple[Value, ...]:
        plan = self.answer
        assert plan is not None
        book, path = bench.book, f"{bench.path}/value"
        if reading is not None:
            made = value_of(book, path, reading)
            if made is None:
                # Nothing that is read, and yet something is written: it is kept.
                return (book.text(path, text),)
            return (self._with_second(bench, made, reading),)
        if plan.read == "boolean" and text in {"true", "false"}:
            return (text == "true",)
        if plan.read == "code":
            display = text_of(plan.display(bench.entry)) or None
            coding = book.coding(f"{path}/code", text, plan.system or bench.local, display)
            return (Concept((coding,), book.spot(path)),)
        return (book.text(path, text),)

    def _with_second(self, bench: Bench, made: Value, reading: ValueReading) -> Value:
        plan = self.answer
        assert plan is not None
        if not isinstance(made, Quantity):
            return made
        second = reading.second
        if second is None and plan.second is nothing:
            return made
        other = text_of(plan.second(bench.entry))
        if second is None and other:
            second = plan.reader.read(other, text_of(plan.second_unit(bench.entry)) or None).number
        if second is None:
            return made
        return structs.replace(made, translations=(quantity(bench.book, f"{bench.path}/second", second),))


def compile_observation(
    fact: Fact, common: Common, code: CodePlan | None, scope: Scope, rest: tuple[Dialect, Rules]
) -> ObservationPlan:
    """Make the functions of an observation."""
    dialect, rules = rest
    limits = fact.range
    if isinstance(limits, Limits) and limits.of is None:
        low, high = compile_expression(limits.low, scope), compile_expression(limits.high, scope)
    else:
        one = limits.of if isinstance(limits, Limits) else limits
        low, high = compile_expression(one, scope), nothing
    return ObservationPlan(
        kind="observation" if fact.kind == "coverage" else fact.kind,
        common=common,
        code=code,
        answer=compile_answer(fact, scope, dialect),
        limits=(low, high) if limits is not None else None,
        flag=compile_expression(fact.flag, scope) if fact.flag is not None else None,
        specimen=compile_expression(fact.specimen, scope) if fact.specimen is not None else None,
        preliminary=compile_condition(fact.preliminary, scope) if fact.preliminary is not None else None,
        rules=rules,
        needs_answer=fact.value is not None or fact.kind in {"lab-result", "vital-sign"},
    )


def _has_digit(text: str) -> bool:
    return any(char.isdigit() for char in text)


def quantity(book: Book, path: str, number: Number, unit: str | None = None) -> Quantity:
    """A number of a field; ``unit`` is that of the result, for a bound that has none of its own."""
    return book.quantity(path, number.value, number.unit or unit, comparator=number.comparator)


def value_of(book: Book, path: str, reading: ValueReading) -> Value | None:
    """The answer that a field gives: a number, an interval, or words."""
    if reading.number is not None:
        return quantity(book, path, reading.number)
    if reading.range is not None:
        return range_of(book, path, reading.range, None)
    return book.text(path, reading.text) if reading.text and reading.text.strip() else None


def range_of(book: Book, path: str, reading: RangeReading, unit: str | None) -> Range | None:
    """An interval, when one bound at least was read."""
    if reading.low is None and reading.high is None:
        return None
    low = quantity(book, f"{path}/low", _bare(reading.low), unit) if reading.low is not None else None
    high = quantity(book, f"{path}/high", _bare(reading.high), unit) if reading.high is not None else None
    return Range(low, high, book.spot(path), reading.low_closed, reading.high_closed)


def _bare(number: Number) -> Number:
    """A bound says by its side what a comparator would say again."""
    return Number(number.value, number.unit) if number.comparator else number


def _references(book: Book, path: str, reading: RangeReading | None, unit: str | None) -> tuple[ReferenceRange, ...]:
    if reading is None:
        return ()
    held = range_of(book, path, reading, unit)
    if held is not None:
        return (ReferenceRange(held.at, held, reading.text if reading.reason else None),)
    return (ReferenceRange(book.spot(path), None, reading.text),) if reading.text and reading.text.strip() else ()


def _flags(book: Book, path: str, written: str, *, is_code: bool = True) -> tuple[Concept, ...]:
    """What a flag says: the code of its own column, else what a mark means."""
    code = written if written in FLAGS else read_flag(written)
    if code is None:
        return ()
    make = book.coding if is_code and written == code else book.derived
    return (Concept((make(f"{path}/code", code, INTERPRETATION, FLAGS[code]),), book.spot(path)),)
