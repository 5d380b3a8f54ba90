"""The OBR and OBX segments of a patient: groups of results, and the comments that follow them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from msgspec import Struct, structs

from semantix.model import (
    Attachment,
    Concept,
    Identifier,
    Link,
    Name,
    Note,
    Observation,
    Organization,
    Panel,
    PartialDate,
    Party,
    Quantity,
    ReferenceRange,
    Specimen,
    Statement,
    TimeSpan,
    Value,
)
from semantix.parsers._book import Book
from semantix.parsers.hprim_medecin import _values as made
from semantix.parsers.hprim_sante._patient import Sender, concept_of, date_of, person_of
from semantix.parsers.hprim_sante._segments import Segment, Syntax
from semantix.text.values import read_flag

KEPT_AS_TEXT = "SX334"
UNKNOWN_TYPE = "SX335"
UNKNOWN_FLAG = "SX336"
UNKNOWN_STATUS = "SX337"
FILE_ELSEWHERE = "SX338"
NAMELESS = "SX339"

SPECIMEN = "urn:semantix:specimen:"
STATUS: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("F", "U"), "completed"),
        "C": "corrected",
        **dict.fromkeys(("P", "R", "S"), "active"),
        "I": "new",
        "X": "cancelled",
        **dict.fromkeys(("D", "W"), "nullified"),
    }
)
"""Status of a result: final, corrected; partial, not verified; awaited; not done; withdrawn."""
NUMERIC = frozenset({"NM", ""})
WORDS = frozenset({"TX", "STD", "GC"})
CODED = frozenset({"CE", "CNA", "CK"})
FILES = frozenset({"FIC"})
SHORT = "ST"
V3_FLAGS: Mapping[str, str] = MappingProxyType(
    {
        **made.FLAGS,
        "AA": "Critical abnormal",
        "S": "Susceptible",
        "I": "Intermediate",
        "R": "Resistant",
        "U": "Significant change up",
        "D": "Significant change down",
        "B": "Better",
        "W": "Worse",
    }
)


class Group(Struct):
    """The results of one OBR, or those that no OBR precedes."""

    path: str
    segment: Segment | None
    results: list[Observation]
    notes: tuple[Note, ...] = ()
    time: TimeSpan | None = None


class GroupReader:
    """Reads the segments of one patient in order."""

    def __init__(self, book: Book, syntax: Syntax, sender: Sender, readings: made.Readings) -> None:
        self.book = book
        self.readings = readings
        self.syntax = syntax
        self.sender = sender
        self.groups: list[Group] = []
        self.words: list[str] = []
        self.parties: list[Party] = []
        self._is_after_result = False
        self._notes: list[Note] = []
        self._prescribers: set[tuple[Name, ...]] = set()

    # --- segments -------------------------------------------------------------------------------------------------

    def order(self, segment: Segment) -> None:
        """An OBR opens a group."""
        self._close()
        path = f"line {segment.line}/OBR"
        when = self._date(segment, 9, path)
        later = self._date(segment, 23, path)
        group = Group(path, segment, [], time=self.book.at(f"{path}/time", when or later))
        self.groups.append(group)
        self._is_after_result = False
        prescriber = person_of(self.book, self.syntax, f"{path}/17", self._first(segment.field(17)))
        if prescriber is not None and prescriber.names not in self._prescribers:
            self._prescribers.add(prescriber.names)
            self.parties.append(prescriber)
        label = [*self.syntax.components(self._first(segment.field(5))), ""]
        self.words += ["", label[1] or label[0]]

    def result(self, segment: Segment) -> None:
        """An OBX is one result."""
        self._close()
        path = f"line {segment.line}"
        code = concept_of(self.book, self.syntax, f"{path}/OBX/4", segment.field(4), self.sender)
        values = self._values(segment, path)
        if code is None:
            self.book.doubt(NAMELESS, path, "an OBX without a code or a label; its value is kept without a question")
        if not self.groups:
            self.groups.append(Group(path, None, []))
        group = self.groups[-1]
        unit = self._unit(segment)
        observed = self._date(segment, 15, f"{path}/OBX")
        spot = self.book.statement(path)
        group.results.append(
            Observation(
                at=spot,
                path=spot.path,
                kind="lab-result",
                ids=(),
                code=code,
                status=self._status(segment.field(12), path),
                null=None if values else "NI",
                time=group.time or self.book.at(f"{path}/OBX/time", observed),
                values=values,
                interpretations=self._flags(segment.field(9), path),
                ranges=self._range(segment.field(8), f"{path}/OBX/8", unit),
                parties=self._producer(segment.field(16), path),
            )
        )
        self._is_after_result = True
        self.words.append(self._in_words(segment))

    def comment(self, segment: Segment) -> str:
        """The words of a C segment, which speak of what precedes it."""
        said = self.syntax.words(segment.field(4)) or self.syntax.words(
            " ".join(field for field in segment.fields[2:] if field.strip())
        )
        if not said:
            return ""
        self.words.append(f"  {said}")
        if not self.groups:
            return said
        self._notes.append(Note(said, self.book.spot(f"line {segment.line}/C")))
        return said

    def _close(self) -> None:
        """Attach the comments read so far to what they follow."""
        if not self._notes:
            return
        group = self.groups[-1]
        if self._is_after_result:
            group.results[-1] = structs.replace(group.results[-1], notes=tuple(self._notes))
        else:
            group.notes = tuple(self._notes)
        self._notes = []

    def statements(self) -> list[Statement]:
        """The groups in order: a panel each, or the results themselves when no OBR names a group."""
        self._close()
        found: list[Statement] = []
        for group in self.groups:
            if group.segment is None:
                found += group.results
            else:
                found.append(self._panel(group, group.segment))
        return found

    def has_results(self) -> bool:
        """True when there is a result or a group."""
        return bool(self.groups)

    def _panel(self, group: Group, segment: Segment) -> Panel:
        book, syntax = self.book, self.syntax
        path = group.path
        code = concept_of(book, syntax, f"{path}/5", segment.field(5), self.sender)
        root = SPECIMEN + self.sender.system("L").rpartition(":")[2]
        numbers = [syntax.components(segment.field(number))[0] for number in (4, 3)]
        spot = book.statement(path)
        return Panel(
            at=spot,
            path=spot.path,
            kind="lab-battery",
            ids=tuple(Identifier(root, number) for number in dict.fromkeys(numbers) if number),
            code=code,
            status=self._status(segment.field(26), path),
            time=group.time,
            notes=group.notes,
            specimens=self._specimen(segment.field(16), path),
            links=tuple(Link("COMP", one) for one in group.results),
        )

    def _specimen(self, field: str, path: str) -> tuple[Specimen, ...]:
        words = " ".join(filter(None, self.syntax.components(self._first(field))))
        if not words:
            return ()
        spot = self.book.spot(f"{path}/16")
        return (Specimen(at=spot, path=spot.path, name=words),)

    # --- fields of a result ---------------------------------------------------------------------------------------

    def _date(self, segment: Segment, number: int, path: str) -> PartialDate | None:
        written = self.syntax.components(segment.field(number))[0]
        return date_of(self.book, f"{path}/{number}", written, self.readings)

    def _first(self, field: str) -> str:
        return next(iter(self.syntax.repeats(field)), "")

    def _unit(self, segment: Segment) -> str | None:
        return self.syntax.components(self._first(segment.field(7)))[0] or None

    def _values(self, segment: Segment, path: str) -> tuple[Value, ...]:
        kind = segment.field(3).upper()
        repeats = self.syntax.repeats(segment.field(6))
        if not repeats:
            return ()
        place = f"{path}/OBX/6"
        if kind in WORDS:
            said = "\n".join(" ".join(filter(None, self.syntax.components(one))) for one in repeats)
            return (self.book.text(place, said),) if said.strip() else ()
        found = [self._value(segment, one, f"{place}/{rank}") for rank, one in enumerate(repeats, 1)]
        return tuple(value for value in found if value is not None)

    def _value(self, segment: Segment, written: str, path: str) -> Value | None:
        kind, unit = segment.field(3).upper(), self._unit(segment)
        said = " ".join(filter(None, self.syntax.components(written)))
        if kind in CODED:
            return concept_of(self.book, self.syntax, path, written, self.sender)
        if kind in FILES:
            self.book.doubt(FILE_ELSEWHERE, path, "a result in a file of its own, which the message does not hold")
            return Attachment(self.book.spot(path), url=self.syntax.components(written)[0] or said)
        if kind not in NUMERIC and kind != SHORT:
            self.book.doubt(UNKNOWN_TYPE, path, "a type of value other than NM, ST, TX, CE, GC, FIC, STD; kept as text")
            return self.book.text(path, said) if said else None
        reading = self.readings.value(said, unit, segment.field(8))
        if kind == SHORT and (reading.number is None or not reading.number.unit or reading.reason):
            return self.book.text(path, said) if said else None
        if reading.reason or reading.doubt:
            self.book.doubt(KEPT_AS_TEXT, path, reading.reason or reading.doubt)
        value = made.value_of(self.book, path, reading)
        return structs.replace(value, unit=unit) if isinstance(value, Quantity) and not value.unit and unit else value

    def _range(self, field: str, path: str, unit: str | None) -> tuple[ReferenceRange, ...]:
        words = " ".join(filter(None, (self.syntax.words(one) for one in self.syntax.repeats(field))))
        if not words:
            return ()
        found = made.reference(self.book, path, self.readings.range(words, "", unit), unit)
        return (found,) if found is not None else ()

    def _flags(self, field: str, path: str) -> tuple[Concept, ...]:
        found = []
        for one in self.syntax.repeats(field):
            written = self.syntax.words(one).upper()
            code = written if written in V3_FLAGS else read_flag(written)
            if code is None:
                self.book.doubt(UNKNOWN_FLAG, path, "an abnormality flag that is not of the standard; left out")
                continue
            spot = self.book.spot(f"{path}/flag")
            if code == written:
                coding = self.book.coding(f"{path}/OBX/9", code, made.INTERPRETATION, V3_FLAGS[code])
                found.append(Concept((coding,), spot))
            else:
                derived = self.book.derived(f"{path}/OBX/9", code, made.INTERPRETATION, V3_FLAGS[code])
                found.append(Concept((derived,), spot, written))
        return tuple(found)

    def _status(self, field: str, path: str) -> str | None:
        written = self.syntax.words(field).upper()
        if not written:
            return None
        found = STATUS.get(written)
        if found is None:
            self.book.doubt(UNKNOWN_STATUS, path, "a status that is not of the standard; left out")
        return found

    def _producer(self, field: str, path: str) -> tuple[Party, ...]:
        parts = [*self.syntax.components(self._first(field)), ""]
        name = parts[1] or parts[0]
        if not name:
            return ()
        spot = self.book.spot(f"{path}/OBX/16")
        place = self.book.spot(f"{path}/OBX/16/organization")
        root = f"urn:semantix:producer:{self.sender.system('L').rpartition(':')[2]}"
        firm = Organization(place, place.path, (Identifier(root, parts[0] or name),), (name,))
        return (Party(at=spot, path=spot.path, role="performer", organization=firm),)

    def _in_words(self, segment: Segment) -> str:
        label = [*self.syntax.components(self._first(segment.field(4))), ""]
        said = [" ".join(filter(None, self.syntax.components(one))) for one in self.syntax.repeats(segment.field(6))]
        bounds = self.syntax.words(segment.field(8))
        rest = [self._unit(segment) or "", f"[{bounds}]" if bounds else "", self.syntax.words(segment.field(9))]
        return f"{label[1] or label[0]} : {' '.join(filter(None, [*said, *rest]))}".rstrip()
