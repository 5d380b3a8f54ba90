"""The records of a piece, and the lines that are in none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from semantix.model import SetAside
from semantix.parsers._claims import Piece
from semantix.parsers.hprim_medecin._document import Record
from semantix.parsers.hprim_medecin._header import (
    Header,
    find_header,
    kind_of,
    later_headers,
    tag_of,
)
from semantix.parsers.hprim_medecin._lines import Lines, read_lines

MOST_ABOVE = 6
"""Lines above a header that may be of its record."""

Found = tuple[list[Record], int, int, list[SetAside]]


def records_of(lines: Lines, piece: Piece) -> Found:
    """The records, how many lines are marks, how many are blank, and what is in no record."""
    text = lines.text
    records: list[Record] = []
    strays: list[SetAside] = []
    marks = 0
    head = piece.context.get("head", "")
    after_mark = piece.line > 1 and not head
    for start, end, is_closed in _stretches(text):
        marks += is_closed
        for first, last in _parts(text, start, end):
            if not any(line.strip() and tag_of(line) is None for line in text[first:last]):
                continue
            record = _record(lines, piece, (first, last), head)
            head = ""
            if after_mark and record.header is None and not _has_fields(text, first, last):
                strays += _stray(text, piece.line, first, last)
                continue
            strays += _routing(record)
            records.append(record)
        after_mark = True
    laboratory = sum(1 for line in text if "***" in line and tag_of(line) == "LAB")
    blank = sum(1 for line in text if not line.strip())
    return records, marks + laboratory, blank, strays


def _stretches(text: Sequence[str]) -> Iterator[tuple[int, int, bool]]:
    """From one end mark to the next: the indices of the lines between, and whether a mark closes them."""
    start = 0
    for index, line in enumerate(text):
        if "***" in line and tag_of(line) in {"FIN", "FINFICHIER"}:
            yield start, index, True
            start = index + 1
    yield start, len(text), False


def _parts(text: Sequence[str], start: int, end: int) -> Iterator[tuple[int, int]]:
    """Records that no mark separates."""
    at = start
    for later in later_headers(text, start, end):
        if any(line.strip() for line in text[at:later]) and not _is_preamble(text, at, later):
            yield at, later
            at = later
    yield at, end


def _is_preamble(text: Sequence[str], start: int, end: int) -> bool:
    """True for some lines (a routing record, a file number, a letterhead) before the header of the same record."""
    if end - start > MOST_ABOVE * 2:
        return False
    held = [line for line in text[start:end] if line.strip()]
    return len(held) <= MOST_ABOVE and not any(kind_of(line) for line in held)


def _record(lines: Lines, piece: Piece, bounds: tuple[int, int], head: str) -> Record:
    first, last = bounds
    text = lines.text
    header = find_header(text, first, last)
    body = header.after if isinstance(header, Header) else first
    if head and header is None:
        # The part of a record whose header stands in an earlier part.
        earlier = read_lines(head.encode("latin-1")).text
        header = find_header(earlier, 0, len(earlier))
        body = first
    routed = isinstance(header, Header) and header.administrative and body > first
    return Record(
        header=header,
        first=first,
        body=body,
        end=last,
        text=text,
        raw=lines.raw,
        number=piece.line,
        name=piece.name,
        practice=piece.practice,
        lines=sum(1 for line in text[first:last] if line.strip() and tag_of(line) is None) - int(routed),
        damage=lines.damage,
    )


def _routing(record: Record) -> list[SetAside]:
    header = record.header
    if not isinstance(header, Header) or not header.administrative or record.body == record.first:
        return []
    where = next(i for i in range(record.first, record.end) if record.text[i].strip())
    return [SetAside(f"line {record.number + where}", 1, "administrative", "a routing record before the header")]


def _has_fields(text: Sequence[str], first: int, last: int) -> bool:
    return any(kind_of(line) == "RES" for line in text[first:last])


def _stray(text: Sequence[str], number: int, first: int, last: int) -> list[SetAside]:
    held = [i for i in range(first, last) if text[i].strip() and tag_of(text[i]) is None]
    if not held:
        return []
    where = f"lines {number + held[0]}-{number + held[-1]}" if len(held) > 1 else f"line {number + held[0]}"
    words = "text after the end mark of a record, with neither a header nor results: read it to see whose it is"
    return [SetAside(where, len(held), "unknown-kind", words, quarantined=True)]
