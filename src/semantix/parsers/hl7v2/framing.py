"""From the bytes of a file to messages: cuts, lines, segments that go over several lines, and encodings.

A line ends with CR, LF or both. What does not begin like a segment, after one that may hold text, continues it.
Source: HL7 v2.5, chapter 2; HL7 v2 implementation guide, appendix C (MLLP frames: VT before, FS after a message).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from msgspec import Struct

from semantix.errors import UnreadableInput
from semantix.model import SetAside
from semantix.parsers._claims import Cut
from semantix.parsers.hl7v2.message import Message, Segment, delimiters, split
from semantix.text.decoding import decode, repair_line

BLOCK = 512 * 1024
LARGEST = 100_000_000
FRAME = b"\x0b\x1c"
_PADDING = b" \t\x00\x1a" + FRAME
_BOM = b"\xef\xbb\xbf"
_START = re.compile(rb"(?:^|(?<=[\r\n\x1c]))\x0b?MSH[^\w\s]")
_HEAD = re.compile(rb"(MSH|FHS|BHS|BTS|FTS)(?=[^\w\s])")
_NAME = re.compile(rb"[A-Z][A-Z0-9]{2}")
_HOLDS_TEXT = frozenset({b"OBX", b"NTE", b"OBR", b"TXA"})
_DAMAGED = re.compile(r"[ÃÂ]|&#?[A-Za-z0-9]{2,8};|\\'[0-9a-fA-F]{2}|<br")
_LONGEST = 20_000
_LATIN = {"8859/1": "cp1252", "8859/15": "iso8859-15", "ISO-8859-1": "cp1252", "ISO-8859-15": "iso8859-15"}
_ENDS = re.compile(rb"\n|\r(?!\n)|\x1c(?=\x0b)")
_SPLIT = re.compile(rb"\r\n|\r|\n|\x1c(?=\x0b)")


def count_lines(data: bytes | bytearray) -> int:
    """How many lines bytes hold: their ends, and what follows the last one."""
    ends = sum(1 for _ in _ENDS.finditer(data))
    return ends + (bool(data) and data[-1:] not in (b"\r", b"\n"))


def _split(data: bytes) -> list[bytes]:
    lines = _SPLIT.split(data)
    return lines if lines[-1] else lines[:-1]


def cuts(stream: BinaryIO, name: str) -> Iterator[Cut]:
    """Cut a stream before a message, some 512 KB at a time. Raises UnreadableInput for a message without an end."""
    held = bytearray()
    line = 1
    while block := stream.read(BLOCK):
        searched = max(1, len(held) - 5)
        held += block
        if len(held) < BLOCK:
            continue
        at = _last_start(held, searched)
        if at:
            yield Cut(bytes(held[:at]), line)
            line += count_lines(held[:at])
            del held[:at]
        elif len(held) > LARGEST:
            raise UnreadableInput(
                f"{name}: line {line}: no message begins (MSH) in {LARGEST // 1_000_000} MB; "
                "messages of a bounded size were expected; send the file again from its source"
            )
    if held:
        yield Cut(bytes(held), line)


def _last_start(held: bytearray, searched: int) -> int:
    at = 0
    for found in _START.finditer(held, searched):
        at = found.start()
    return at


# --- lines ----------------------------------------------------------------------------------------------------------


class Raw(Struct):
    """A segment before it is decoded: the number of its first line in the file, and its lines."""

    line: int
    parts: list[bytes]
    name: bytes = b""

    @property
    def data(self) -> bytes:
        """Its lines, joined as one segment."""
        return b"\n".join(self.parts)


def frames(data: bytes, line: int) -> Iterator[list[Raw] | SetAside]:
    """The segments of each message in order, and what stands between messages."""
    held: list[Raw] = []
    for one in _lines(data, line):
        if isinstance(one, SetAside):
            yield one
            continue
        words = one.parts[0]
        head = _HEAD.match(words)
        if head is not None:
            if held:
                yield held
            one.name = head[1]
            held = [one] if one.name == b"MSH" else []
            if not held:
                yield SetAside(f"line {one.line}", 1, "structure", "a header or an end of a batch of messages")
        elif not held:
            yield _refused(one.line, "a message (MSH) was expected to begin before it")
        elif words[3:4] == held[0].parts[0][3:4] and _NAME.match(words):
            one.name = words[:3]
            held.append(one)
        elif held[-1].name in _HOLDS_TEXT:
            held[-1].parts.append(words)
        else:
            yield _refused(one.line, "not a segment: three letters and the message's separator were expected")
    if held:
        yield held


def _refused(line: int, words: str) -> SetAside:
    return SetAside(f"line {line}", 1, "unreadable", words, quarantined=True)


def _lines(data: bytes, line: int) -> Iterator[Raw | SetAside]:
    """Lines that hold something, and runs of lines that hold nothing."""
    blank: list[int] = []
    for number, whole in enumerate(_split(data), line):
        content = whole.removeprefix(_BOM).strip(_PADDING)
        if content:
            yield from _told(blank)
            blank = []
            yield Raw(number, [content])
        elif any(mark in whole for mark in FRAME):
            yield SetAside(f"line {number}", 1, "structure", "a mark of a transport frame")
        else:
            blank.append(number)
    yield from _told(blank)


def _told(numbers: Sequence[int]) -> Iterator[SetAside]:
    if numbers:
        where = f"line {numbers[0]}" if len(numbers) == 1 else f"lines {numbers[0]}-{numbers[-1]}"
        yield SetAside(where, len(numbers), "blank")


# --- decoding -------------------------------------------------------------------------------------------------------


def opened(held: list[Raw]) -> Message | str:
    """Decode and split a message; words about what is wrong with it when that cannot be done."""
    data = b"\r".join(raw.data for raw in held)
    text, encoding, doubt = _decoded(data, _declared(held[0].parts[0]))
    marks = delimiters(text, encoding)
    if marks is None:
        return "its header (MSH) does not declare its separators; MSH|^~\\& was expected"
    counts: dict[str, int] = {}
    segments = []
    damage: set[str] = set()
    for raw, content in zip(held, text.split("\r"), strict=True):
        name = raw.name.decode("ascii")
        counts[name] = counts.get(name, 0) + 1
        fields = split(content, marks)
        if _DAMAGED.search(content):
            fields = tuple(_repaired(field, damage) for field in fields)
        segments.append(Segment(name, counts[name], raw.line, len(raw.parts), marks, fields))
    doubts = [doubt] if doubt else []
    doubts += [f"damage of its characters ({', '.join(sorted(damage))}) was undone"] if damage else []
    return Message(tuple(segments), data, held[0].line, tuple(doubts))


def _repaired(field: str, damage: set[str]) -> str:
    """A field whose damage has only one reading is undone; a document inside is left to its own reader."""
    if len(field) > _LONGEST or "ClinicalDocument" in field or not _DAMAGED.search(field):
        return field
    found, kinds = repair_line(field)
    damage.update(kind for kind in kinds if not kind.startswith("?"))
    return found


def _declared(header: bytes) -> str:
    """MSH-18, its first repetition."""
    fields = header.split(header[3:4])
    if len(fields) < 18:
        return ""
    return fields[17].split(b"~")[0].decode("ascii", "replace").strip().upper()


def _decoded(data: bytes, declared: str) -> tuple[str, str, str]:
    """The text, the encoding used, and a doubt when it is not the one that the message declares."""
    if data.isascii():
        return data.decode("ascii"), _LATIN.get(declared, "utf-8"), ""
    latin = _LATIN.get(declared)
    text = _utf8(data)
    if text is not None:
        # Bytes that happen to be UTF-8 are: nobody writes "Ã©" for an accent on purpose.
        doubt = f"MSH-18 declares {latin}, the bytes are UTF-8: read as UTF-8" if latin else ""
        return text, "utf-8", doubt
    if latin:
        return data.decode(latin, "replace"), latin, ""
    found = decode(data, repair=False)
    said = "declares UTF-8" if "UTF-8" in declared else "declares no encoding"
    return found.text, found.encoding, f"MSH-18 {said}, the bytes are not UTF-8: read as {found.encoding}"


def _utf8(data: bytes) -> str | None:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return None
