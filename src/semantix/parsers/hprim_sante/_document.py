"""One patient of one message to one Document.

A Document is of one patient, so a message with several gives several; the groups (OBR) of a patient stay together in
one, because they answer one order and are validated as one report.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from semantix.model import (
    Document,
    Identifier,
    Link,
    Name,
    Organization,
    PartialDate,
    Party,
    Section,
    SetAside,
    Statement,
)
from semantix.parsers._book import Book, digest, source_of
from semantix.parsers.hprim_medecin import _values as made
from semantix.parsers.hprim_medecin._document import doubt_damage, status_of
from semantix.parsers.hprim_sante._names import FORMAT
from semantix.parsers.hprim_sante._patient import PatientReader, Sender, date_of
from semantix.parsers.hprim_sante._results import GroupReader
from semantix.parsers.hprim_sante._segments import Segment, Syntax, version_of
from semantix.text.decoding import Damage

DOCUMENT_ID = "urn:semantix:document"
PRACTICE = "urn:semantix:practice"
SENDER = "urn:semantix:sender"
LABORATORY = ("26436-6", "Laboratory studies (set)")
REPORT = ("11502-2", "Compte rendu d'examens biologiques")

DELIMITERS = "SX330"
NO_VERSION = "SX331"

ADMINISTRATIVE = frozenset({"AP", "AC", "ACT", "FAC", "REG", "AM", "AP2", "ERR", "AR"})
"""Insurance, billing, payment, errors: segments that tell no fact of a patient."""


class Around(Struct, frozen=True, kw_only=True):
    """What a patient's segments inherit: the header of the message, and the file, from its line ``first`` on."""

    header: Segment
    syntax: Syntax
    doubt: str
    comments: tuple[str, ...]
    name: str
    practice: str
    readings: made.Readings
    damage: tuple[Damage, ...] = ()
    first: int = 1


def read_patient(around: Around, segments: Sequence[Segment]) -> tuple[Document, list[SetAside]]:
    """Read a P segment and what follows it."""
    return _Reader(around, segments).read()


class _Reader:
    def __init__(self, around: Around, segments: Sequence[Segment]) -> None:
        self.around = around
        self.segments = segments
        self.book = Book(segments[0].line)
        code, name = [*around.syntax.components(around.header.field(5)), ""][:2]
        self.sender_name = name or code
        self.sender = Sender.of(code or name, around.practice)
        self.aside: list[SetAside] = []

    def read(self) -> tuple[Document, list[SetAside]]:
        book, around = self.book, self.around
        self._doubt()
        when = date_of(book, "H/14", around.syntax.components(around.header.field(14))[0])
        patient = PatientReader(book, around.syntax, self.segments[0], self.sender)
        groups = GroupReader(book, around.syntax, self.sender, around.readings)
        person = patient.patient()
        lines, said = self._walk(groups)
        told = tuple(patient.statements(when))
        said += patient.kept
        report = self._report(groups, when)
        code = book.concept("code", book.derived("code/1", REPORT[0], made.LOINC, REPORT[1])) if report else None
        content = ["\x1f".join(segment.fields) for segment in self.segments]
        document = book.document(
            source_of("\r".join(content).encode("utf-8", "replace"), around.name, "text/plain"),
            format=FORMAT,
            ids=(Identifier(DOCUMENT_ID, digest((around.practice, self.sender.name, *content))),),
            code=code,
            title=None if code is not None else "Message HPRIM Santé",
            time=when,
            patient=person,
            parties=(*self._parties(), *groups.parties, *patient.doctors()),
            encounter=patient.encounter(),
            sections=self._sections(report, told, (groups.words, said)),
            sender=self.sender.name or around.practice or None,
            lines=lines,
            language="fr-FR",
        )
        return document, self.aside

    def _doubt(self) -> None:
        around, book = self.around, self.book
        if around.doubt:
            book.doubt(DELIMITERS, f"line {around.header.line}/H/2", around.doubt)
        if version_of(around.header) is None:
            book.doubt(NO_VERSION, f"line {around.header.line}/H/13", "no version of HPRIM Santé 2.x; read as 2.x")
        last = self.segments[-1]
        before = around.first - 1
        doubt_damage(book, around.damage, self.segments[0].line - before, last.line + last.lines - 1 - before)

    def _walk(self, groups: GroupReader) -> tuple[int, list[str]]:
        """Read what follows the P segment; returns the lines taken, and the words that are about the patient."""
        lines = self.segments[0].lines
        said = list(self.around.comments)
        said += filter(None, (self.around.syntax.words(self.segments[0].field(number)) for number in (22, 23)))
        for segment in self.segments[1:]:
            if segment.name == "OBR":
                groups.order(segment)
            elif segment.name == "OBX":
                groups.result(segment)
            elif segment.name == "C":
                words = groups.comment(segment)
                if words and not groups.groups:
                    groups.words.pop()
                    said.append(words)
            else:
                self._leave(segment)
                continue
            lines += segment.lines
        return lines, said

    def _leave(self, segment: Segment) -> None:
        if segment.name in ADMINISTRATIVE:
            words = "insurance, billing or payment"
            self.aside.append(SetAside(f"line {segment.line}", segment.lines, "administrative", words))
            return
        words = "a segment other than P, OBR, OBX, C and those of insurance: it may hold facts"
        self.aside.append(SetAside(f"line {segment.line}", segment.lines, "unknown-kind", words, quarantined=True))

    def _report(self, groups: GroupReader, when: PartialDate | None) -> Statement | None:
        statements = groups.statements()
        if not statements:
            return None
        book = self.book
        spot = book.statement("report")
        return Statement(
            at=spot,
            path=spot.path,
            kind="lab-report",
            code=book.concept("report/code", book.derived("report/code/1", LABORATORY[0], made.LOINC, LABORATORY[1])),
            status=status_of(_flat(statements)),
            time=book.at("report/time", when),
            links=tuple(Link("COMP", one) for one in statements),
        )

    def _sections(
        self, report: Statement | None, told: tuple[Statement, ...], words: tuple[list[str], list[str]]
    ) -> tuple[Section, ...]:
        book = self.book
        results, said = words
        sections = []
        if report is not None:
            spot = book.spot("results")
            code = book.concept(
                "results/code", book.derived("results/code/1", LABORATORY[0], made.LOINC, LABORATORY[1])
            )
            title = "Résultats d'examens biologiques"
            sections.append(
                Section(
                    at=spot,
                    path=spot.path,
                    code=code,
                    title=title,
                    narrative=made.narrative(results),
                    statements=(report,),
                )
            )
        narrative = made.narrative(said)
        if told or narrative:
            spot = book.spot("patient")
            title = "Renseignements sur le patient"
            sections.append(Section(at=spot, path=spot.path, title=title, narrative=narrative, statements=told))
        return tuple(sections)

    def _parties(self) -> tuple[Party, ...]:
        found = []
        around = self.around
        if self.sender.name:
            found.append(self._firm("author", Identifier(SENDER, self.sender.name), self.sender_name))
        if around.practice:
            found.append(self._firm("custodian", Identifier(PRACTICE, around.practice), around.practice))
        parts = [*around.syntax.components(around.header.field(10)), ""]
        recipient = parts[1] or parts[0]
        if recipient:
            spot = self.book.spot("H/10")
            found.append(
                Party(at=spot, path=spot.path, role="informationRecipient", names=(Name(text=recipient),)),
            )
        return tuple(found)

    def _firm(self, role: str, number: Identifier, name: str) -> Party:
        spot, place = self.book.spot(f"H/{role}"), self.book.spot(f"H/{role}/organization")
        firm = Organization(place, place.path, (number,), (name,))
        return Party(at=spot, path=spot.path, role=role, organization=firm)


def _flat(statements: Sequence[Statement]) -> list[Statement]:
    return [one for each in statements for one in (each, *(link.statement for link in each.links))]
