"""The form of HL7 v2 messages: what their header and the structure of ADT and ORU ask for.

Only messages that the reader can take apart come here; the others are quarantined lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from semantix.model import SetAside
from semantix.parsers.hl7v2.framing import frames, opened
from semantix.parsers.hl7v2.message import Message, Segment
from semantix.validation._findings import Finding, RuleInfo, finding
from semantix.validation.form import words_lines as rules

MOST = 100
"""Findings of one code that a file is told: a defect of the software is in every message."""

_BOUND = re.compile(rb"(?:^|(?<=[\r\n\x0b]))(BHS|BTS|MSH)([^\w\s])([^\r\n]{0,40})")
_LINE_FEED = re.compile(rb"\n(?:[A-Z][A-Z0-9]{2})[^\w\s]")
_VERSION = re.compile(r"2(\.[0-9]){1,2}")
_TIME = re.compile(r"(?:\d{4}|\d{6}|\d{8}|\d{10}|\d{12}(?:\d{2}(?:\.\d{1,4})?)?)(?:[+-]\d{4})?")
_KNOWN_KIND = re.compile(r"[A-Z][A-Z0-9]{2}")

_HEADER: tuple[tuple[int, str, str], ...] = (
    (7, "date and time of the message", "date et heure du message"),
    (9, "type and event of the message", "type et événement du message"),
    (10, "control number of the message", "numéro de contrôle du message"),
    (11, "processing (P, T or D)", "mode de traitement (P, T ou D)"),
    (12, "version of the standard", "version de la norme"),
)
_STRUCTURES: Mapping[str, tuple[str, ...]] = MappingProxyType({"ADT": ("EVN", "PID"), "ORU": ("PID", "OBR")})
_NO_VISIT = frozenset({"A24", "A28", "A29", "A30", "A31", "A34", "A37", "A39", "A40", "A46", "A47", "A60"})
"""ADT events without PV1: they are about a person, not about a visit."""
_MOVEMENTS = frozenset("A01 A02 A03 A04 A05 A06 A07 A11 A12 A13 A14 A15 A16 A21 A22 A25 A26 A27 A38 A52 A53".split())
"""Events of PAM that make or cancel a movement."""
_PATIENT = ((3, "identifier of the patient", "identifiant du patient"), (5, "name of the patient", "nom du patient"))


class Hl7Form:
    """The checks of one file, cut by cut: some of them compare messages."""

    def __init__(self) -> None:
        self._numbers: set[str] = set()
        self._told: dict[str, int] = {}
        self._in_batch: int | None = None
        self._line_feeds = False

    def check(self, data: bytes, line: int = 1) -> Iterator[Finding]:
        """What is wrong with the messages of a cut that begins on a line of the file."""
        for one in (*self._of_file(data, line), *self._of_messages(data, line)):
            self._told[one.code] = self._told.get(one.code, 0) + 1
            if self._told[one.code] <= MOST:
                yield one

    def _of_file(self, data: bytes, line: int) -> Iterator[Finding]:
        if not self._line_feeds and _LINE_FEED.search(data):
            self._line_feeds = True
            yield finding(rules.LINE_FEEDS, line=line, layer="form")
        for bound in _BOUND.finditer(data):
            if bound[1] == b"BHS":
                self._in_batch = 0
            elif bound[1] == b"MSH":
                self._in_batch = None if self._in_batch is None else self._in_batch + 1
            elif self._in_batch is not None:
                announced = bound[3].split(bound[2])[0].strip()
                if announced.isdigit() and int(announced) != self._in_batch:
                    said, count = announced.decode("ascii"), str(self._in_batch)
                    yield finding(rules.BATCH_COUNT, "BTS-1", layer="form", announced=said, count=count)
                self._in_batch = None

    def _of_messages(self, data: bytes, line: int) -> Iterator[Finding]:
        for held in frames(data, line):
            message = None if isinstance(held, SetAside) else opened(held)
            if isinstance(message, Message):
                yield from self._header(message)
                yield from _structure(message)

    def _header(self, message: Message) -> Iterator[Finding]:
        header = message.header
        for field, what, french in _HEADER:
            if not _is_filled(message, field):
                yield _at(rules.HEADER_LACKS, header, field, what=what, what_fr=french)
        version = header.text(12)
        if version and not version.startswith("2.5"):
            shown = version if _VERSION.fullmatch(version) else "?"
            yield _at(rules.OTHER_VERSION, header, 12, version=shown)
        if header.raw(1) + header.raw(2) != "|^~\\&":
            yield _at(rules.OTHER_MARKS, header, 2)
        if not message.data.isascii() and not header.text(18):
            yield _at(rules.NO_CHARSET, header, 18)
        number = header.text(10)
        if number and number in self._numbers:
            yield _at(rules.SAME_NUMBER, header, 10, count="2")
        self._numbers.add(number)


def _is_filled(message: Message, field: int) -> bool:
    """Whether a field of the header says what it should; an acknowledgement may have no event."""
    text = message.header.text(field)
    if field == 7:
        return _TIME.fullmatch(text) is not None
    if field == 9:
        return bool(text) and bool(message.event or message.kind == "ACK")
    return bool(text)


def _structure(message: Message) -> Iterator[Finding]:
    header, kind, event = message.header, message.kind, message.event
    names = {segment.name for segment in message.segments}
    shown = f"{kind}^{event if _KNOWN_KIND.fullmatch(event) else '…'}" if event else kind
    wanted = list(_STRUCTURES.get(kind, ()))
    if kind == "ADT" and event not in _NO_VISIT:
        wanted.append("PV1")
    for segment in wanted:
        if segment not in names:
            yield finding(rules.NO_SEGMENT, segment, header.line, layer="form", kind=shown, segment=segment)
    if kind == "ADT" and event in _MOVEMENTS and "ZBE" not in names and _is_french(header):
        yield finding(rules.NO_MOVEMENT, "ZBE", header.line, layer="form", event=event)
    if kind in _STRUCTURES:
        yield from _fields(message)


def _is_french(header: Segment) -> bool:
    """Whether the message says that it follows the French extension of PAM."""
    return header.text(12, 2).upper() == "FRA" and "PAM" in header.raw(21).upper()


def _fields(message: Message) -> Iterator[Finding]:
    for segment in message.segments:
        if segment.name == "PID":
            yield from _person(segment)
        elif segment.name == "PV1" and message.kind == "ADT" and not segment.text(2):
            yield _at(rules.FIELD_LACKS, segment, 2, what="class of the visit", what_fr="classe de la venue")
        elif segment.name == "OBR" and not segment.text(4) and not segment.text(4, 2):
            yield _at(rules.FIELD_LACKS, segment, 4, what="test asked for", what_fr="examen demandé")
        elif segment.name == "OBX":
            if segment.raw(5).strip() and not segment.text(2):
                yield _at(rules.FIELD_LACKS, segment, 2, what="type of the value", what_fr="type de la valeur")
            if not segment.text(11):
                yield _at(rules.FIELD_LACKS, segment, 11, what="status of the result", what_fr="statut du résultat")


def _person(segment: Segment) -> Iterator[Finding]:
    for field, what, french in _PATIENT:
        if not segment.parts(field):
            yield _at(rules.FIELD_LACKS, segment, field, what=what, what_fr=french)
    if any(part.text(1) and not part.text(4) for part in segment.parts(3)):
        yield _at(rules.NO_AUTHORITY, segment, 3)


def _at(rule: RuleInfo, segment: Segment, field: int, **facts: str) -> Finding:
    """A finding at a field; the name of the field is among the facts."""
    name = f"{segment.name}-{field}" if _KNOWN_KIND.fullmatch(segment.name) else f"?-{field}"
    place = f"{segment.path}-{field}" if segment.number > 1 else name
    return finding(rule, place, segment.line, layer="form", field=name, **facts)
