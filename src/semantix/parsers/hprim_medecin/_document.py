"""One record to one Document: who it is about, who sent it, its results, and its text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from semantix.identifiers import has_nir_shape
from semantix.model import (
    Address,
    Document,
    Identifier,
    Link,
    Name,
    NamePart,
    Organization,
    PartialDate,
    Party,
    Patient,
    Section,
    Statement,
    TimeSpan,
)
from semantix.parsers._book import Book, digest, local_system, patient_system, source_of
from semantix.parsers.hprim_medecin._header import Header, Unsure, code_and_name, kind_of, tag_of
from semantix.parsers.hprim_medecin._names import FORMAT
from semantix.parsers.hprim_medecin._prose import read_prose
from semantix.parsers.hprim_medecin._results import Results
from semantix.parsers.hprim_medecin._values import LOINC, Readings, narrative
from semantix.text.dates import PIVOT, read_date
from semantix.text.decoding import Damage
from semantix.text.specimens import is_heading

DOCUMENT_ID = "urn:semantix:document"
PRACTICE = "urn:semantix:practice"
SENDER = "urn:semantix:sender"
ACCESSION = "urn:semantix:accession:"
LABORATORY = ("26436-6", "Laboratory studies (set)")
REPORT = ("11502-2", "Compte rendu d'examens biologiques")

NO_HEADER = "SX301"
HEADER_MOVED = "SX302"
HEADER_UNSURE = "SX303"
DATE_UNREAD = "SX304"
BORN_LATER = "SX305"
NUMBER_SHARED = "SX306"
DAMAGED = "SX320"


class Record(Struct, frozen=True, kw_only=True):
    """One record of a piece: its lines from ``first`` to ``end`` (indices), and what is around it.

    ``body`` is the index of the first line after the header. ``number`` is that of the piece's first line.
    """

    header: Header | Unsure | None
    first: int
    body: int
    end: int
    text: Sequence[str]
    raw: Sequence[bytes]
    number: int
    name: str
    practice: str
    lines: int
    damage: tuple[Damage, ...] = ()


class Known:
    """What the records of a piece share: readings of fields, and the patient numbers with whose they are."""

    def __init__(self) -> None:
        self.readings = Readings()
        self._owners: dict[tuple[str, str], tuple[str, str]] = {}

    def fits(self, root: str, number: str, person: tuple[str, str]) -> bool:
        """False when the number was met with another name and birth date."""
        return self._owners.setdefault((root, number), person) == person


def document_of(record: Record, known: Known) -> Document:
    """Read one record."""
    return _Reader(record, known).document()


class _Reader:
    def __init__(self, record: Record, known: Known) -> None:
        self.record = record
        self.known = known
        self.book = Book(record.number + record.first)
        self.header = record.header if isinstance(record.header, Header) else None
        header = self.header
        routed = (header.routing[:40].strip(), header.routing[40:80].strip()) if header is not None else ("", "")
        self.code, self.sender_name = code_and_name(header.sender) if header is not None else ("", "")
        if not self.code and not self.sender_name and routed[0]:
            self.code, self.sender_name = routed[0], ""
        self.sender = self.code or self.sender_name

    def document(self) -> Document:
        record, book = self.record, self.book
        self._doubt_header()
        doubt_damage(book, record.damage, record.first + 1, record.end)
        when = self._date()
        results, text = self._body(when)
        statements = self._report(results, when)
        found = narrative("" if has_nir_shape(line) else line for line in text)
        code = book.concept("code", book.derived("code/1", REPORT[0], LOINC, REPORT[1])) if statements else None
        content = "\n".join(line.rstrip() for line in record.text[record.first : record.end])
        identity = digest((record.practice, self.sender, content))
        return book.document(
            source_of(b"\n".join(record.raw[record.first : record.end]), record.name, "text/plain"),
            format=FORMAT,
            ids=(Identifier(DOCUMENT_ID, identity),),
            code=code,
            title=None if statements else "Document HPRIM",
            time=when,
            patient=self._patient(when),
            parties=self._parties(),
            sections=(self._section(statements, found),) if statements or found else (),
            sender=self.sender or record.practice or None,
            lines=record.lines,
            language="fr-FR",
        )

    # --- header ---------------------------------------------------------------------------------------------------

    def _doubt_header(self) -> None:
        header = self.record.header
        if header is None:
            words = "no header of 12 lines before the results; the patient is unknown"
            self.book.doubt(NO_HEADER, self._line(self.record.first), words)
        elif isinstance(header, Unsure):
            words = "lines like a header whose names cannot be told; they are kept as text and the patient is unknown"
            self.book.doubt(HEADER_UNSURE, self._line(header.line), words)
        elif header.doubt:
            self.book.doubt(HEADER_MOVED, self._line(max(header.birth, self.record.first)), header.doubt)

    def _line(self, index: int) -> str:
        return f"line {self.record.number + index}"

    def _date(self) -> PartialDate | None:
        written = self.header.date if self.header is not None else ""
        if not written:
            return None
        reading = read_date(written)
        if reading.iso is None:
            self.book.doubt(DATE_UNREAD, "header/date", f"the file date cannot be read: {reading.reason}")
            return None
        return self.book.date("header/date", reading.iso, written)

    def _birth(self, when: PartialDate | None) -> PartialDate | None:
        written = self.header.born if self.header is not None else ""
        if not written:
            return None
        year = int(when.iso[2:4]) if when is not None else PIVOT
        reading = read_date(written, pivot=year)
        if reading.iso is not None and when is not None and reading.iso[:10] > when.date:
            # Two digits of the year of the file itself, but a later day: a century before.
            reading = read_date(written, pivot=year - 1)
        if reading.iso is None:
            self.book.doubt(DATE_UNREAD, "header/birth", f"the birth date cannot be read: {reading.reason}")
            return None
        if when is not None and reading.iso[:10] > when.date:
            self.book.doubt(BORN_LATER, "header/birth", "a birth date after the date of the file")
        return self.book.date("header/birth", reading.iso[:10], written)

    def _patient(self, when: PartialDate | None) -> Patient:
        spot = self.book.spot("header/patient")
        header = self.header
        if header is None:
            return Patient(at=spot, path=spot.path)
        birth = self._birth(when)
        parts = [NamePart("family", header.family)] if header.family else []
        parts += [NamePart("given", header.given)] if header.given else []
        home = [("streetAddressLine", line) for line in header.address]
        home += [(kind, words) for kind, words in (("postalCode", header.postcode), ("city", header.city)) if words]
        return Patient(
            at=spot,
            path=spot.path,
            ids=self._ids(birth),
            names=(Name(tuple(parts)),) if parts else (),
            birth=birth,
            addresses=(Address(tuple(home)),) if home else (),
        )

    def _ids(self, birth: PartialDate | None) -> tuple[Identifier, ...]:
        """The practice's own number, if any, then the laboratory's."""
        header, record = self.header, self.record
        assert header is not None
        found = []
        person = (f"{header.family} {header.given}".casefold(), birth.iso if birth is not None else "")
        for root, number in (
            (patient_system(record.practice), header.local),
            (patient_system(record.practice, self.sender), header.number),
        ):
            if not _names_somebody(number):
                continue
            if self.known.fits(root, number, person):
                found.append(Identifier(root, number))
            else:
                words = "a patient number that another person has in the same file; it is not used"
                self.book.doubt(NUMBER_SHARED, "header/patient", words)
        return tuple(found)

    def _parties(self) -> tuple[Party, ...]:
        practice = self.record.practice
        parties = []
        if self.sender:
            parties.append(self._party("author", (Identifier(SENDER, self.sender),), self.sender_name or self.sender))
        if practice:
            parties.append(self._party("custodian", (Identifier(PRACTICE, practice),), practice))
        recipient = " ".join(filter(None, code_and_name(self.header.recipient)[1:])) if self.header is not None else ""
        recipient = recipient or (self.header.recipient.strip() if self.header is not None else "")
        if recipient:
            spot = self.book.spot("header/recipient")
            names = (Name(text=" ".join(recipient.split())),)
            parties.append(Party(at=spot, path=spot.path, role="informationRecipient", names=names))
        return tuple(parties)

    def _party(self, role: str, ids: tuple[Identifier, ...], name: str) -> Party:
        spot = self.book.spot(f"header/{role}")
        place = self.book.spot(f"header/{role}/organization")
        firm = Organization(place, place.path, ids, (name,))
        return Party(at=spot, path=spot.path, role=role, organization=firm)

    # --- body -----------------------------------------------------------------------------------------------------

    def _body(self, when: PartialDate | None) -> tuple[Results, list[str]]:
        """Read the lines after the header; returns the results, and the text as a person reads it."""
        record = self.record
        system, time = local_system(self.sender or record.practice), self.book.at("time", when)
        results = Results(self.book, system, time, self.known.readings)
        words = self._above_header()
        prose: list[tuple[int, str]] = []
        text = record.text
        is_laboratory = False
        for index in range(record.body, record.end):
            line = text[index]
            kind = kind_of(line)
            if kind == "RES":
                words.append(results.result(line, record.number + index))
            elif kind == "TEX":
                line = line[line.index("|") + 1 :].rstrip("| ")
                is_before = index + 1 < record.end and kind_of(text[index + 1]) == "RES"
                results.comment(line, record.number + index, is_title=is_before and is_heading(line))
                words.append(line)
            elif (tag := tag_of(line)) is None:
                words.append(line.rstrip())
                if line.strip():
                    prose.append((record.number + index, line))
            else:
                is_laboratory = is_laboratory or tag == "LAB"
        read_prose(results, prose, is_laboratory=is_laboratory)
        return results, words

    def _above_header(self) -> list[str]:
        """Lines before the header that are no routing record."""
        header, record = self.header, self.record
        if header is None or record.body == record.first:
            return []
        above = record.text[record.first : header.first]
        return [line.rstrip() for line in above if line != header.routing and tag_of(line) is None]

    def _report(self, results: Results, when: PartialDate | None) -> tuple[Statement, ...]:
        observations = results.observations()
        if not observations:
            return ()
        book = self.book
        spot = book.statement("report")
        accession = self.header.accession if self.header is not None else ""
        root = ACCESSION + local_system(self.sender).rpartition(":")[2]
        report = Statement(
            at=spot,
            path=spot.path,
            kind="lab-report",
            ids=(Identifier(root, accession),) if accession else (),
            code=book.concept("report/code", book.derived("report/code/1", LABORATORY[0], LOINC, LABORATORY[1])),
            status=status_of(observations),
            time=self._time(when),
            links=tuple(Link("COMP", one) for one in observations),
        )
        return (report,)

    def _time(self, when: PartialDate | None) -> TimeSpan | None:
        return self.book.at("report/time", when)

    def _section(self, statements: tuple[Statement, ...], words: str | None) -> Section:
        book = self.book
        spot = book.spot("section")
        code = None
        if statements:
            code = book.concept("section/code", book.derived("section/code/1", LABORATORY[0], LOINC, LABORATORY[1]))
        title = "Résultats d'examens biologiques" if statements else "Texte"
        return Section(at=spot, path=spot.path, code=code, title=title, narrative=words, statements=statements)


def doubt_damage(book: Book, damage: Iterable[Damage], first: int, last: int) -> None:
    """Note the damage of characters that may be on lines ``first`` to ``last`` of a piece, which count from 1."""
    for one in damage:
        is_known = len(one.lines) == one.count
        if is_known and not any(first <= line <= last for line in one.lines):
            continue
        words = "repaired" if one.repaired else "kept as it came"
        book.doubt(DAMAGED, "/", f"damaged characters ({one.kind}): {words}")


def status_of(statements: Iterable[Statement]) -> str | None:
    """The status of a report: active when part of it is, else corrected, completed when nothing else is told."""
    found = {one.status for one in statements}
    return next((one for one in ("active", "corrected", "completed") if one in found), None)


def _names_somebody(number: str) -> bool:
    """False for what stands for no number (zeros, one digit over and over, words), and for a social security number."""
    if has_nir_shape(number):
        return False
    digits = [c for c in number if c.isdigit()]
    return bool(digits) and len(number) <= 40 and (len(set(digits)) > 1 or (digits[0] != "0" and len(digits) < 4))
