"""What every document of a message has: its identity, who sent it, for whom, when, under which order."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from semantix.model import Document, Identifier, Order, PartialDate, Party
from semantix.parsers._book import Book, digest, patient_system, source_of
from semantix.parsers._claims import Piece
from semantix.parsers.hl7v2.datatypes import Frame, entity, when
from semantix.parsers.hl7v2.identity import custodian, sender_party
from semantix.parsers.hl7v2.message import Message, Segment
from semantix.parsers.hl7v2.names import FORMAT

MEDIA_TYPE = "x-application/hl7-v2+er7"
BAD_CHARSET = "SX401"
_DATE, _CONTROL = 7, 10


class Sent(Struct, frozen=True):
    """A message, and the piece of the file that it came in."""

    message: Message
    piece: Piece

    @property
    def sender(self) -> str:
        """Who uses the local codes: the sending facility, else the application, else the practice."""
        header = self.message.header
        name = header.text(4, 1) or header.text(3, 1)
        universal = header.text(4, 2)
        return " ".join(part for part in (name, universal) if part) or self.piece.practice

    @property
    def name(self) -> str:
        """The name of the message in reports: that of the file, and the line where it begins unless it is the first."""
        line = self.message.line
        return self.piece.name if line == 1 else f"{self.piece.name}!/{line}"

    def frame(self) -> Frame:
        """A new book for a document of the message, the doubts about the message in it."""
        frame = Frame(Book(), self.sender, self.piece.practice)
        for doubt in self.message.doubts:
            frame.book.doubt(BAD_CHARSET, "MSH[1]/18", doubt)
        return frame

    def ids(self, *parts: str | bytes) -> tuple[Identifier, ...]:
        """The identity of the content, so that what is sent again is met twice, and the number of the message.

        ``parts`` stand for the content when it is not the whole message.
        """
        content = parts or tuple(self._content())
        own = Identifier("urn:semantix:document", digest((self.piece.practice, self.sender, *content)))
        control = self.message.header.text(_CONTROL)
        if not control or parts:
            return (own,)
        issuers = [one for one in (self.piece.practice, self.sender) if one]
        return own, Identifier(patient_system(*issuers).replace(":patient:", ":message:", 1), control)

    def _content(self) -> list[str]:
        """Every segment as written, without the date and number of the sending."""
        header, *others = self.message.segments
        kept = [text for number, text in enumerate(header.fields) if number not in (_DATE, _CONTROL)]
        return [*kept, *(one.marks.field.join(one.fields) for one in others)]

    def parties(self, frame: Frame) -> tuple[Party, ...]:
        """The sender as author, the practice as custodian."""
        author = (sender_party(frame, frame.sender),) if frame.sender else ()
        return (*author, *custodian(frame))

    def sent_at(self, frame: Frame) -> PartialDate | None:
        """MSH-7."""
        return when(frame, self.message.header, _DATE)

    def document(self, frame: Frame, data: bytes | None = None, name: str | None = None, **fields: Any) -> Document:
        """Close the book; ``data`` are the bytes of the document when it is not the message itself.

        The date and the number of the sending are not of the document: sent again, it is the same one.
        """
        frame.close()
        if data is None:
            data = "\r".join(self._content()).encode("utf-8", "replace")
        source = source_of(data, name or self.name, MEDIA_TYPE)
        return frame.book.document(source, format=FORMAT, sender=self.sender or None, **fields)


def order_ids(frame: Frame, orc: Segment | None, obr: Segment | None) -> tuple[Identifier, ...]:
    """Numbers of an order: those of who placed it and of who filled it, and of its group."""
    found = []
    if orc is not None:
        found += [entity(frame, orc.part(field), "order") for field in (2, 3, 4)]
    if obr is not None:
        found += [entity(frame, obr.part(field), "order") for field in (2, 3)]
    return tuple(dict.fromkeys(one for one in found if one is not None))


def order(frame: Frame, orc: Segment | None, obr: Segment | None, at: object = None) -> Order | None:
    """The order that is answered; ``at`` is its place when it is told in another document."""
    ids = order_ids(frame, orc, obr)
    if not ids:
        return None
    segment = orc if orc is not None else obr
    assert segment is not None
    path = f"HL7/{segment.path}"
    return Order(frame.book.spot(path) if at is None else at, path, ids)


def report_id(frame: Frame, orc: Segment | None, obr: Segment | None) -> Identifier | None:
    """The number of the filler, which stays when a report is sent again, completed or corrected."""
    for segment in (obr, orc):
        found = entity(frame, segment.part(3), "report") if segment is not None else None
        if found is not None:
            return found
    return None
