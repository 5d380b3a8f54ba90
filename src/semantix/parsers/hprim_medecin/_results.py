"""The results of a record: lines of fields (RES) and the comments that follow them (TEX), each with its doubts.

Source: HPRIM Médecin 3.0: ``RES|label|code|type|value|unit|min|max|abnormal|status|value2|unit2|min2|max2``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct, structs

from semantix.model import Concept, Note, Observation, Quantity, ReferenceRange, Specimen, TimeSpan, Value
from semantix.parsers._book import Book
from semantix.parsers.hprim_medecin import _values as made
from semantix.text.specimens import specimen_named
from semantix.text.values import Number, RangeReading, ValueReading, read_flag

KEPT_AS_TEXT = "SX310"
FLAGS_DIFFER = "SX311"
FLAG_OF_NEITHER = "SX312"
VALUE_ELSEWHERE = "SX313"
EXTRA_FIELDS = "SX314"
UNKNOWN_STATUS = "SX315"
NAMELESS = "SX317"

FIELDS = 14
STATUS = {"F": "completed", "C": "corrected", "P": "active"}
"""HPRIM: final, corrected, partial."""
PERCENT = "%"
WORDS_ONLY = "T"
ANY_CHARACTER = "A"
BOTH = 3
"""The owner of a flag when both values of its line are out of their bounds on its side."""
MOST_UNITS = 4
"""Other units of one result; more are words."""

_SOIT = re.compile(r"\s*soit\b", re.IGNORECASE)
_NO_BOUNDS = RangeReading()


class Draft(Struct):
    """A result being read: what follows it may add a comment, or its value in another unit."""

    path: str
    code: Concept | None
    values: tuple[Value, ...] = ()
    flags: tuple[Concept, ...] = ()
    ranges: tuple[ReferenceRange, ...] = ()
    status: str | None = None
    notes: tuple[Note, ...] = ()
    specimens: tuple[Specimen, ...] = ()


class Measure(Struct, frozen=True):
    """One of the two values of a line, with its bounds."""

    path: str
    reading: ValueReading
    bounds: RangeReading
    unit: str | None


class Results:
    """Reads the lines of one record in order. ``system`` is that of the sender's codes."""

    def __init__(self, book: Book, system: str, time: TimeSpan | None, readings: made.Readings) -> None:
        self.book = book
        self.readings = readings
        self.system = system
        self.time = time
        self.drafts: list[Draft] = []
        self.current: Draft | None = None
        self._specimen = ""
        self._comment: list[str] = []
        self._comment_at = ""

    # --- lines ----------------------------------------------------------------------------------------------------

    def result(self, line: str, number: int) -> str:
        """Read a RES line; returns it as a person reads it."""
        self.close()
        self.current = None
        path = f"line {number}"
        fields = ["" if field == "." else field for field in map(str.strip, line.split("|"))]
        if len(fields) > FIELDS and any(fields[FIELDS:]):
            self.book.doubt(EXTRA_FIELDS, path, "a RES line with more than 14 fields; the rest is in the text only")
        fields += [""] * (FIELDS - len(fields))
        self._read(fields, path)
        return _in_words(fields)

    def comment(self, words: str, number: int, *, is_title: bool) -> None:
        """Read a TEX line: it speaks of the result before it, until an empty one or the title of what follows."""
        if not words.strip() or is_title:
            self.close()
            self.current = None
            if is_title:
                self.heading(words)
        elif self.current is not None and not self.other_unit(words, number):
            self._comment_at = self._comment_at or f"line {number}"
            self._comment.append(words.strip())

    def heading(self, words: str) -> None:
        """A title: the specimen that it names, if that is not blood, is that of the results up to the next title."""
        self._specimen = " ".join(words.split()) if specimen_named(words) else ""

    def other_unit(self, words: str, number: int) -> bool:
        """Read ``soit 7,2 mmol/L``: the value of the result before, in another unit."""
        draft = self.current
        if draft is None or not draft.values or not _SOIT.match(words):
            return False
        first = draft.values[0]
        reading = self.readings.value(words.strip())
        second = reading.second or reading.number
        if second is None or not second.unit or not isinstance(first, Quantity) or first.unit == second.unit:
            return False
        if len(first.translations) >= MOST_UNITS:
            return False
        other = made.quantity(self.book, f"line {number}/soit", second)
        draft.values = (structs.replace(first, translations=(*first.translations, other)), *draft.values[1:])
        if reading.reference is not None:
            self._add_range(draft, f"line {number}/soit/range", reading.reference, second.unit)
        return True

    def told(self, label: str, reading: ValueReading, number: int) -> None:
        """A result in words: its label is its own code."""
        path = f"line {number}"
        own = reading.number.unit if reading.number is not None else None
        measure = Measure(f"{path}/value", reading, reading.reference or _NO_BOUNDS, own)
        fields = ["TEX", label, *[""] * (FIELDS - 2)]
        self._put(fields, path, (measure, self._second(measure, None)), ())

    def close(self) -> None:
        """Attach the comment read so far to the result that it follows."""
        if self._comment and self.current is not None:
            spot = self.book.spot(self._comment_at)
            self.current.notes += (Note("\n".join(self._comment), spot),)
        self._comment, self._comment_at = [], ""

    def observations(self) -> tuple[Observation, ...]:
        """Every result, in order."""
        self.close()
        return tuple(self._observation(draft) for draft in self.drafts)

    def _observation(self, draft: Draft) -> Observation:
        spot = self.book.statement(draft.path)
        return Observation(
            at=spot,
            path=spot.path,
            kind="lab-result",
            code=draft.code,
            status=draft.status,
            null=None if draft.values else "NI",
            time=self.time,
            values=draft.values,
            interpretations=draft.flags,
            ranges=draft.ranges,
            notes=draft.notes,
            specimens=draft.specimens,
        )

    # --- one RES line ---------------------------------------------------------------------------------------------

    def _read(self, fields: Sequence[str], path: str) -> None:
        label, code, kind, value = fields[1], fields[2], fields[3].upper(), fields[4]
        has_value = bool(value or fields[10])
        if not label and not code:
            if has_value:
                self.book.doubt(NAMELESS, path, "a RES line with a value and neither label nor code; kept as text")
            return
        if not code and not has_value and not any(fields[5:FIELDS]):
            # A label alone is the title of the lines that follow.
            self.heading(label)
            return
        first = self._measure(f"{path}/value", fields[4:8], kind)
        # Words in the first value leave the second one to be read, if it has a unit.
        other = ANY_CHARACTER if kind == WORDS_ONLY else kind
        second = self._measure(f"{path}/value2", fields[10:14], other) if fields[10] else None
        notes: tuple[Note, ...] = ()
        if _is_displaced(first.reading, second):
            assert second is not None
            self.book.doubt(VALUE_ELSEWHERE, path, "words in the value field; the value was read from the second one")
            notes = (Note(value, self.book.spot(f"{path}/words")),)
            first, second = second, None
        self._put(fields, path, (first, self._second(first, second)), notes)

    def _measure(self, path: str, fields: Sequence[str], kind: str) -> Measure:
        value, unit, low, high = fields
        reading = self._value(value, unit, kind, f"{low} {high}")
        if reading.reason or reading.doubt:
            words = f"a value kept as text ({reading.reason})" if reading.reason else reading.doubt
            self.book.doubt(KEPT_AS_TEXT, path, words)
        bounds = reading.reference or _NO_BOUNDS
        if low or high:
            bounds = self.readings.range(low, high, unit or None, columns=True)
        own = reading.number.unit if reading.number is not None else None
        return Measure(path, reading, bounds, own or unit or None)

    def _value(self, value: str, unit: str, kind: str, beside: str) -> ValueReading:
        """Read a value by its type; what may hold any characters is a number only when a unit says so."""
        if not value:
            return ValueReading()
        if kind == WORDS_ONLY:
            return ValueReading(text=value)
        reading = self.readings.value(value, unit or None, beside)
        if kind == ANY_CHARACTER and (reading.number is None or not reading.number.unit or reading.reason):
            return ValueReading(text=value)
        return reading

    @staticmethod
    def _second(first: Measure, second: Measure | None) -> Measure | None:
        """The value of the second fields, else one beside the first in its field."""
        if second is not None or first.reading.second is None:
            return second
        number = first.reading.second
        return Measure(f"{first.path}/second", ValueReading(number=number), _NO_BOUNDS, number.unit)

    def _put(
        self, fields: Sequence[str], path: str, measures: tuple[Measure, Measure | None], notes: tuple[Note, ...]
    ) -> None:
        first, second = measures
        status = self._status(fields[9], path)
        code, owner = self._flag(fields[8], path, measures)
        draft = self._draft(path, fields, first, status)
        draft.notes = notes + self._remarks(first)
        self.drafts.append(draft)
        # What follows is of the line, which the first of two results stands for.
        self.current = draft
        if second is not None and _are_apart(first, second):
            other = self._draft(f"{path}/second", fields, second, status)
            other.notes = self._remarks(second)
            for owned, which in ((draft, 1), (other, 2)):
                if code and owner in {which, BOTH}:
                    owned.flags = (made.flag(self.book, f"{path}/flag", code, fields[8]),)
            self.drafts.append(other)
            return
        if second is not None:
            self._translate(draft, second)
        if code:
            draft.flags = (made.flag(self.book, f"{path}/flag", code, fields[8]),)

    def _draft(self, path: str, fields: Sequence[str], measure: Measure, status: str | None) -> Draft:
        code = made.local_concept(self.book, f"{path}/code", fields[2], fields[1], self.system)
        value = made.value_of(self.book, measure.path, measure.reading)
        draft = Draft(path, code, (value,) if value is not None else (), status=status)
        if self._specimen:
            spot = self.book.spot(f"{path}/specimen")
            draft.specimens = (Specimen(spot, spot.path, name=self._specimen),)
        if isinstance(value, Quantity) and not value.unit and measure.unit:
            draft.values = (structs.replace(value, unit=measure.unit),)
        self._add_range(draft, f"{measure.path}/range", measure.bounds, measure.unit)
        return draft

    def _add_range(self, draft: Draft, path: str, bounds: RangeReading, unit: str | None) -> None:
        found = made.reference(self.book, path, bounds, unit)
        if found is not None:
            draft.ranges += (found,)

    def _remarks(self, measure: Measure) -> tuple[Note, ...]:
        words = measure.reading.comment
        return (Note(words, self.book.spot(f"{measure.path}/comment")),) if words else ()

    def _translate(self, draft: Draft, second: Measure) -> None:
        """The same result in another unit; words in the second fields are a remark."""
        first = draft.values[0] if draft.values else None
        other = made.value_of(self.book, second.path, second.reading)
        if isinstance(first, Quantity) and isinstance(other, Quantity) and first.unit == other.unit:
            self._again(draft, first, other, second.path)
        elif isinstance(first, Quantity) and isinstance(other, Quantity):
            draft.values = (structs.replace(first, translations=(*first.translations, other)),)
            self._add_range(draft, f"{second.path}/range", second.bounds, second.unit)
        elif other is not None and first is None:
            draft.values = (other,)
            self._add_range(draft, f"{second.path}/range", second.bounds, second.unit)
        elif second.reading.text:
            words = " ".join(filter(None, (second.reading.text, second.unit)))
            draft.notes += (Note(words, self.book.spot(f"{second.path}/words")),)

    def _again(self, draft: Draft, first: Quantity, other: Quantity, path: str) -> None:
        """A second value in the same unit is no other unit: it is the same again, or an earlier result."""
        if first.value != other.value or first.comparator != other.comparator:
            words = f"{other.comparator or ''}{other.value} {other.unit or ''}".strip()
            draft.notes += (Note(words, self.book.spot(f"{path}/words")),)
            self.book.doubt(KEPT_AS_TEXT, path, "a second value in the unit of the first one; kept as a note")

    def _status(self, written: str, path: str) -> str | None:
        if not written:
            return None
        found = STATUS.get(written.upper())
        if found is None:
            self.book.doubt(UNKNOWN_STATUS, path, "a status other than F, C or P; left out")
        return found

    def _flag(self, written: str, path: str, measures: tuple[Measure, Measure | None]) -> tuple[str | None, int]:
        """The flag, and which of the two values it is of: 1, 2, BOTH, or 0 when that cannot be told."""
        first, second = measures
        code = read_flag(written) if written else None
        if written and code is None:
            self.book.doubt(UNKNOWN_STATUS, path, "an abnormality flag that is none of L, H, LL, HH, N, A; left out")
        seen = first.reading.flag
        if code is None:
            return seen, 1
        if seen is not None and not _agree(code, seen):
            self.book.doubt(FLAGS_DIFFER, path, "the flags of the line and of its value differ; the line's was kept")
        if second is None or not _are_apart(first, second):
            return code, 1
        owner = _owner(code, first, second)
        if not owner:
            words = "one flag for a percentage and a count, and no bounds that tell whose it is; left out"
            self.book.doubt(FLAG_OF_NEITHER, path, words)
        return code, owner


def _agree(code: str, seen: str) -> bool:
    return code == seen or (seen == "A" and code != "N") or code[0] == seen[0]


def _is_displaced(reading: ValueReading, second: Measure | None) -> bool:
    """True when the value field holds words and the second one the value (quirk 21)."""
    if second is None or (second.reading.number is None and second.reading.range is None):
        return False
    return reading.number is None and reading.range is None and bool(reading.text)


def _are_apart(first: Measure, second: Measure) -> bool:
    """True for a percentage beside a count (or HbA1c in % and in mmol/mol): two results, of two codes."""
    is_number = first.reading.number is not None and second.reading.number is not None
    return is_number and (first.unit == PERCENT) != (second.unit == PERCENT) and bool(first.unit and second.unit)


def _owner(code: str, first: Measure, second: Measure) -> int:
    outside = [_is_outside(code, first), _is_outside(code, second)]
    if code == "N":
        return 1 if outside == [False, True] else 2 if outside == [True, False] else 1 if not any(outside) else 0
    if all(outside):
        return BOTH
    return 1 if outside == [True, False] else 2 if outside == [False, True] else 0


def _is_outside(code: str, measure: Measure) -> bool:
    number: Number | None = measure.reading.number
    return number is not None and made.is_outside(number.value, measure.bounds, code)


def _in_words(fields: Sequence[str]) -> str:
    """A RES line as a person reads it, all its fields in order."""
    name = fields[1] or fields[2]
    code = f" ({fields[2]})" if fields[1] and fields[2] else ""
    bounds = " - ".join(filter(None, fields[6:8]))
    other = " - ".join(filter(None, fields[12:14]))
    said = [*fields[4:6], f"[{bounds}]" if bounds else "", fields[8], *fields[10:12], f"[{other}]" if other else ""]
    said += fields[FIELDS:]
    words = " ".join(filter(None, said))
    return f"{name}{code} : {words}" if words else f"{name}{code}"
