"""The P segment: who the patient is, and what it says of them (height, weight, diagnoses, treatments)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from semantix import systems
from semantix.identifiers import has_nir_shape
from semantix.model import (
    Address,
    Coding,
    Concept,
    EncompassingEncounter,
    Identifier,
    Medication,
    Name,
    NamePart,
    Observation,
    PartialDate,
    Party,
    Patient,
    Problem,
    Product,
    Severity,
    Statement,
    Telecom,
    Text,
    TimeSpan,
)
from semantix.parsers._book import Book, local_system, patient_system
from semantix.parsers.hprim_medecin import _values as made
from semantix.parsers.hprim_sante._segments import Segment, Syntax
from semantix.text.dates import read_date
from semantix.text.practice import Finding, read_diagnosis
from semantix.text.values import read_value

NOT_QUALIFIED = "SX332"
DATE_UNREAD = "SX333"
KEPT_AS_TEXT = "SX334"

GENDER = "2.16.840.1.113883.5.1"
STAY = "urn:semantix:stay:"
BODY = {17: ("8302-2", "Body height"), 18: ("29463-7", "Body weight")}
QUALIFIED = "VALI"

_SYSTEMS = {
    "LN": made.LOINC,
    "LOINC": made.LOINC,
    "CIM10": "2.16.840.1.113883.6.3",
    "CIM-10": "2.16.840.1.113883.6.3",
    "I10": "2.16.840.1.113883.6.3",
    "ICD10": "2.16.840.1.113883.6.3",
    "ATC": "2.16.840.1.113883.6.73",
    "CIP": "1.2.250.1.213.2.3.2",
    "UCD": "1.2.250.1.213.2.62",
    "CIS": "1.2.250.1.213.2.3.1",
}
_LOCAL = frozenset({"", "L", "LOCAL"})
_LOINC = re.compile(r"[0-9]{1,5}-[0-9]")
_CODE = re.compile(r"[A-Z0-9][A-Z0-9.+/-]{1,11}")
_POSTCODE = re.compile(r"[0-9]{5}")


class Sender(Struct, frozen=True):
    """Who uses the local codes: the code or name of the laboratory, and the practice that received."""

    name: str
    practice: str
    own: str

    @classmethod
    def of(cls, name: str, practice: str) -> Sender:
        """A sender, and the system of its codes."""
        return cls(name, practice, local_system(name or practice))

    def system(self, written: str) -> str:
        """The system that a code names: LOINC, CIM-10..., else the sender's own, with the name that it gives it."""
        key = written.strip().upper()
        known = _SYSTEMS.get(key)
        if known is not None:
            return known
        return self.own if key in _LOCAL else f"{self.own}:{local_system(key).rpartition(':')[2]}"


def concept_of(book: Book, syntax: Syntax, path: str, field: str, sender: Sender) -> Concept | None:
    """A ``code~label~system``, with the other codes that follow it or are repeated."""
    codings: list[Coding] = []
    label = ""
    for rank, one in enumerate(syntax.repeats(field), 1):
        parts = [*syntax.components(one), "", ""]
        for at in range(0, max(len(parts) - 2, 1), 3):
            code, words, system = parts[at], parts[at + 1], parts[at + 2]
            if not code and not words:
                continue
            label = label or words
            codings.append(_coding(book, f"{path}/{rank}.{at + 1}", (code, words, system), sender))
    if not codings:
        return None
    return Concept(tuple(codings), book.spot(path), label or None)


def _coding(book: Book, path: str, parts: tuple[str, str, str], sender: Sender) -> Coding:
    code, words, written = parts
    system = sender.system(written)
    if system == made.LOINC and not _LOINC.fullmatch(code):
        system = sender.system("L")
    return book.coding(path, code or words, system, words or None)


def _is_phone(number: str) -> bool:
    return any(char.isdigit() for char in number) and not has_nir_shape(number)


class PatientReader:
    """Reads one P segment."""

    def __init__(self, book: Book, syntax: Syntax, segment: Segment, sender: Sender) -> None:
        self.book = book
        self.syntax = syntax
        self.segment = segment
        self.sender = sender
        self.path = f"line {segment.line}/P"
        self.kept: list[str] = []

    def patient(self) -> Patient:
        """Who it is about. A number that is not a qualified INS is never one."""
        spot = self.book.spot(self.path)
        return Patient(
            at=spot,
            path=spot.path,
            ids=(*self._ins(), *self._numbers()),
            names=self._names(),
            gender=self._gender(),
            birth=self.date(8),
            addresses=self._addresses(),
            telecoms=self._telecoms(),
        )

    def _telecoms(self) -> tuple[Telecom, ...]:
        words = [self.syntax.components(one)[0] for one in self.syntax.repeats(self.segment.field(13))]
        return tuple(Telecom(f"tel:{number}") for number in words if _is_phone(number))

    def _numbers(self) -> Iterator[Identifier]:
        sender = self.sender
        given = self.syntax.components(self.segment.field(4))[0]
        if given and not has_nir_shape(given):
            yield Identifier(patient_system(sender.practice), given)
        own = self.syntax.components(self.segment.field(3))[0]
        if own and not has_nir_shape(own):
            yield Identifier(patient_system(sender.practice, sender.name), own)

    def _ins(self) -> Iterator[Identifier]:
        """The national identifier, when the field names its authority and says that the identity is qualified."""
        for one in self.syntax.repeats(self.segment.field(12)):
            parts = [part.replace(" ", "") for part in self.syntax.components(one)]
            root = next((part for part in parts if part in systems.INS_OIDS), None)
            if root is not None and QUALIFIED in parts and parts[0]:
                yield Identifier(root, parts[0])
            elif any(parts):
                words = "a national number without a qualified status; left out"
                self.book.doubt(NOT_QUALIFIED, f"{self.path}/12", words, Severity.INFORMATION)

    def _names(self) -> tuple[Name, ...]:
        parts = [*self.syntax.components(self.segment.field(6)), "", "", "", "", ""]
        family, given, second, _, title = parts[:5]
        birth = self.syntax.components(self.segment.field(7))[0]
        found = [NamePart("prefix", title)] if title else []
        if birth and birth != family:
            found.append(NamePart("family", birth, "BR"))
            found += [NamePart("family", family, "CL")] if family else []
        elif family:
            found.append(NamePart("family", family))
        found += [NamePart("given", words) for words in (given, second) if words]
        if birth and birth != family and given:
            found.append(NamePart("given", given, "CL"))
        return (Name(tuple(found)),) if found else ()

    def _gender(self) -> Concept | None:
        written = self.syntax.words(self.segment.field(9)).upper()
        if not written:
            return None
        path = f"{self.path}/9"
        if written[0] in "MF":
            code = self.book.coding(path, written[0], GENDER, in_body=False)
            return Concept((code,), self.book.spot(path))
        return Concept((), self.book.spot(path), null="UNK")

    def _addresses(self) -> tuple[Address, ...]:
        """``street~more~city~region~postcode~country``, or words when they are otherwise."""
        found = []
        for one in self.syntax.repeats(self.segment.field(11)):
            parts = self.syntax.components(one)
            if len(parts) >= 5 and (_POSTCODE.fullmatch(parts[4]) or not any(map(_POSTCODE.fullmatch, parts))):
                kinds = ("streetAddressLine", "streetAddressLine", "city", "state", "postalCode", "country")
                held = tuple((kind, words) for kind, words in zip(kinds, parts, strict=False) if words)
                found.append(Address(held))
            else:
                found.append(Address(text=" ".join(filter(None, parts))))
        return tuple(found)

    def date(self, number: int) -> PartialDate | None:
        """A field that holds one date."""
        return date_of(self.book, f"{self.path}/{number}", self.syntax.components(self.segment.field(number))[0])

    def encounter(self) -> EncompassingEncounter | None:
        """The stay, when it has a number or dates."""
        number = self.syntax.components(self.segment.field(5))[0]
        dates = [self.syntax.components(one)[0] for one in self.syntax.repeats(self.segment.field(24))][:2]
        low, high = ([date_of(self.book, f"{self.path}/24", one) for one in dates] + [None, None])[:2]
        if not number and low is None:
            return None
        spot = self.book.spot(f"{self.path}/5")
        root = STAY + local_system(self.sender.name or self.sender.practice).rpartition(":")[2]
        ids = (Identifier(root, number),) if number else ()
        return EncompassingEncounter(at=spot, path=spot.path, ids=ids, time=self.book.between(spot.path, low, high))

    def doctors(self) -> Iterator[Party]:
        """The patient's doctors."""
        for one in self.syntax.repeats(self.segment.field(14)):
            party = person_of(self.book, self.syntax, f"{self.path}/14", one)
            if party is not None:
                yield party

    def statements(self, when: PartialDate | None) -> Iterator[Statement]:
        """Height, weight, diagnoses and treatments."""
        for number in BODY:
            yield from self._measure(number, when)
        time = self.book.at(f"{self.path}/time", when)
        for rank, one in enumerate(self.syntax.repeats(self.segment.field(19)), 1):
            yield from self._diagnosis(f"{self.path}/19/{rank}", one)
        for rank, one in enumerate(self.syntax.repeats(self.segment.field(20)), 1):
            yield from self._treatment(f"{self.path}/20/{rank}", one, time)

    def _measure(self, number: int, when: PartialDate | None) -> Iterator[Observation]:
        parts = [*self.syntax.components(self.segment.field(number)), ""]
        if not parts[0]:
            return
        path = f"{self.path}/{number}"
        code, label = BODY[number]
        reading = read_value(parts[0], unit=parts[1] or None)
        value = made.value_of(self.book, f"{path}/value", reading)
        if reading.reason:
            self.book.doubt(KEPT_AS_TEXT, path, f"a value kept as text ({reading.reason})")
        spot = self.book.statement(path)
        yield Observation(
            at=spot,
            path=spot.path,
            kind="vital-sign",
            code=self.book.concept(f"{path}/code", self.book.derived(f"{path}/code/1", code, made.LOINC, label)),
            status="completed",
            time=self.book.at(f"{path}/time", when),
            values=(value,) if value is not None else (),
        )

    def _diagnosis(self, path: str, field: str) -> Iterator[Problem]:
        what = self._coded_or_words(f"{path}/code", field)
        if what is None:
            return
        is_negated = False
        if isinstance(what, Text):
            items = read_diagnosis(what.value)
            if len(items) != 1 or not _is_plain(items[0]):
                self.kept.append(what.value)
                self.book.doubt(KEPT_AS_TEXT, path, "a diagnosis in words that are not one sure problem of the patient")
                return
            is_negated = items[0].negated
        spot = self.book.statement(path)
        yield Problem(at=spot, path=spot.path, kind="problem", problem=what, negated=is_negated)

    def _treatment(self, path: str, field: str, time: TimeSpan | None) -> Iterator[Medication]:
        what = self._coded_or_words(f"{path}/code", field)
        if what is None:
            return
        spot = self.book.spot(f"{path}/product")
        code, name = (what, what.label) if isinstance(what, Concept) else (None, what.value)
        product = Product(at=spot, path=spot.path, code=code, name=name)
        place = self.book.statement(path)
        yield Medication(at=place, path=place.path, kind="medication", intent="taken", product=product, time=time)

    def _coded_or_words(self, path: str, field: str) -> Concept | Text | None:
        parts = self.syntax.components(field)
        if len(parts) == 1 and not _CODE.fullmatch(parts[0]):
            return self.book.text(path, parts[0]) if parts[0] else None
        return concept_of(self.book, self.syntax, path, field, self.sender)


def _is_plain(item: Finding) -> bool:
    """True for a problem of the patient, that is or is not; not a suspected one, nor of a relative."""
    return item.kind in {"problem", "history"} and not item.suspected and not item.relative


def date_of(book: Book, path: str, written: str, readings: made.Readings | None = None) -> PartialDate | None:
    """A date of HPRIM Santé: ``yyyymmdd``, with a time or not."""
    if not written:
        return None
    reading = readings.date(written) if readings is not None else read_date(written, order="ymd")
    if reading.iso is None:
        book.doubt(DATE_UNREAD, path, f"a date that cannot be read: {reading.reason}")
        return None
    return book.date(path, reading.iso, written)


def person_of(book: Book, syntax: Syntax, path: str, field: str) -> Party | None:
    """``code~NAME~Given``: a professional."""
    parts = [*syntax.components(field), "", "", ""]
    family, given = (parts[1], parts[2]) if parts[1] else (parts[0], "")
    if not family:
        return None
    spot = book.spot(path)
    names = [NamePart("family", family), *([NamePart("given", given)] if given else [])]
    return Party(at=spot, path=spot.path, role="participant", type_code="REF", names=(Name(tuple(names)),))
