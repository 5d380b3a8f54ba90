"""Where the facts of one row are made: the book of their document, the row, and what the table says of all rows."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from semantix.model import Identifier, Name, Note, Party, TimeSpan
from semantix.parsers._book import Book
from semantix.parsers.packs.entries import Cell, Entry, text_of
from semantix.parsers.packs.expressions import Get, Holds
from semantix.parsers.packs.people import date_of

RECORD = "urn:semantix:record:"


class Bench(Struct):
    """The row at work. ``local`` is the system of the sender's codes, ``records`` the root of its identifiers."""

    book: Book
    entry: Entry
    path: str
    sender: str
    local: str
    records: str


class Common(Struct, frozen=True):
    """What every kind of fact may have."""

    time: Get | None
    end: Get | None
    note: Get | None
    performer: Get | None
    id: Get | None
    negated: Holds | None

    def of(self, bench: Bench) -> dict[str, Any]:
        """The arguments that statements share."""
        book, entry, path = bench.book, bench.entry, bench.path
        found: dict[str, Any] = {"at": book.statement(path), "path": path}
        if self.time is not None or self.end is not None:
            found["time"] = self.span(bench)
        if self.note is not None and (words := text_of(self.note(entry))):
            found["notes"] = (Note(words, book.spot(f"{path}/note")),)
        if self.performer is not None and (words := text_of(self.performer(entry))):
            spot = book.spot(f"{path}/performer")
            found["parties"] = (Party(at=spot, path=spot.path, role="performer", names=(Name(text=words),)),)
        if self.id is not None and (words := text_of(self.id(entry))):
            found["ids"] = (Identifier(bench.records, words),)
        if self.negated is not None and self.negated(entry):
            found["negated"] = True
        return found

    def span(self, bench: Bench) -> TimeSpan | None:
        """The point in time, or the period when an end is known."""
        book, path = bench.book, bench.path
        start = date_of(book, f"{path}/time", self.time(bench.entry)) if self.time is not None else None
        if self.end is None:
            return TimeSpan(start.at, start) if start is not None else None
        end = date_of(book, f"{path}/end", self.end(bench.entry))
        return book.between(f"{path}/time", start, end) if end is not None else book.at(f"{path}/time", start)


def day_of(cell: Cell) -> str:
    """The day of a cell, at its own precision; empty when there is none."""
    iso = getattr(cell, "iso", None)
    return iso[:10] if isinstance(iso, str) else ""
