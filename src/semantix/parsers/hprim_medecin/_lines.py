"""Bytes to numbered lines, and a long file to blocks that end with a record.

A line ends with CR, LF or CR LF, and a file may mix them; or with the CR CR LF of a transfer that added one, where no
LF comes without.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from semantix.parsers._claims import Cut, Input
from semantix.text.decoding import Damage, decode, repair_line

BLOCK = 512 * 1024
"""Bytes of a cut, about."""
LONGEST = 8 * 1024 * 1024
"""Bytes of a cut of a file without end marks."""
HEAD_LINES = 20
"""Lines in which the header of a record is looked for."""

# The end of a line whose CR is the last byte so far is not known: an LF may follow.
_END_MARK = re.compile(rb"\*FIN(?:FICHIER)?\*{1,20}[^\r\n*]{0,200}(?:\r\r\n|\r\n|\n|\r(?=[^\r\n])|\r(?=\r[^\n]))")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
# What XML, and so the narrative of a section, cannot hold. A form feed or a Ctrl-Z of MS-DOS says nothing.
_CONTROLS = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 65534, 65535, *range(55296, 57344)))
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class Lines(Struct, frozen=True):
    """The lines of a piece, as text and as bytes: as many of each. ``damage`` names what the decoder saw."""

    text: list[str]
    raw: list[bytes]
    encoding: str
    damage: tuple[Damage, ...] = ()


def read_lines(data: bytes) -> Lines:
    """Decode a piece and number its lines."""
    if is_utf16(data):
        return _read_utf16(data)
    raw = split_bytes(data)
    decoded = decode(data)
    text = _clean_lines(decoded.text)
    if len(text) != len(raw):
        # The repair of one line made several, or the encoding chosen has line ends of its own.
        decoded = decode(data, repair=False)
        text = [" ".join(repair_line(line)[0].split("\n")) for line in _clean_lines(decoded.text)]
    if len(text) != len(raw):
        text = [_clean(line.decode("cp1252", "replace")) for line in raw]
    return Lines(text, raw, decoded.encoding, decoded.damage)


def _read_utf16(data: bytes) -> Lines:
    decoded = decode(data)
    text = _clean_lines(decoded.text)
    if len(text) != count_lines(data):
        text = _clean_lines(_utf16_text(data))
    return Lines(text, [line.encode("utf-8", "replace") for line in text], decoded.encoding, decoded.damage)


def count_lines(data: bytes) -> int:
    """How many lines a piece has, counted from its bytes alone."""
    if is_utf16(data):
        return len(_split(_utf16_text(data)))
    return len(split_bytes(data))


def _utf16_text(data: bytes) -> str:
    encoding = "utf-16-be" if data[:2] == b"\xfe\xff" or data[:1] == b"\0" else "utf-16-le"
    return data.decode(encoding, "replace").removeprefix("\ufeff")


def is_utf16(data: bytes) -> bool:
    """True for two bytes a character, with or without the mark that says so."""
    if data[:2] in _UTF16:
        return True
    head = data[:400]
    half = len(head) // 2
    return half >= 8 and max(head[::2].count(0), head[1::2].count(0)) > half * 0.8


def split_bytes(data: bytes) -> list[bytes]:
    """The lines of a text in an encoding of one byte, or UTF-8; what follows the last end counts if there is any."""
    if b"\r" in data:
        if b"\r\r\n" in data and data.count(b"\r\r\n") == data.count(b"\n"):
            data = data.replace(b"\r\r\n", b"\n")
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    lines = data.split(b"\n")
    if not lines[-1]:
        lines.pop()
    return lines


def _split(text: str) -> list[str]:
    """The same of characters."""
    if "\r" in text:
        if "\r\r\n" in text and text.count("\r\r\n") == text.count("\n"):
            text = text.replace("\r\r\n", "\n")
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n")
    if not lines[-1]:
        lines.pop()
    return lines


def _clean(text: str) -> str:
    """Leave out what no XML may hold."""
    return text.translate(_CONTROLS) if _CONTROL.search(text) else text


def _clean_lines(text: str) -> list[str]:
    """The lines of a text, clean; split first, so that a line of such signs alone still counts."""
    lines = _split(text)
    return [_clean(line) for line in lines] if _CONTROL.search(text) else lines


def cut_file(source: Input) -> Iterator[Cut]:
    """Cut a file after end marks, some hundred kilobytes at a time.

    A record too long for that is cut at line ends, each part with the first lines of the record as its context.
    """
    with source.open() as stream:
        rest = stream.read(BLOCK)
        if is_utf16(rest):
            yield Cut(rest + stream.read())
            return
        line, head = 1, ""
        while more := stream.read(BLOCK):
            rest += more
            end = _after_last_mark(rest)
            is_whole = end > 0
            if not is_whole:
                if len(rest) < LONGEST:
                    continue
                end = _after_last_line(rest)
            data, rest = rest[:end], rest[end:]
            yield Cut(data, line, {"head": head} if head else {})
            line += len(split_bytes(data))
            head = "" if is_whole else head or _first_lines(data)
        if rest:
            yield Cut(rest, line, {"head": head} if head else {})


def _after_last_mark(data: bytes) -> int:
    """Where the line of the last end mark ends; 0 when there is none."""
    at = len(data)
    while (at := data.rfind(b"*FIN", 0, at)) >= 0:
        found = _END_MARK.match(data, at)
        if found:
            return found.end()
    return 0


def _after_last_line(data: bytes) -> int:
    """Where the last whole line ends; all of it when it is one line of any length."""
    end = max(data.rfind(b"\n"), data.rfind(b"\r", 0, -2)) + 1
    return end or len(data)


def _first_lines(data: bytes) -> str:
    """The lines in which the header of the last record of a part stands, as Latin-1: a context is text."""
    mark = _after_last_mark(data)
    return "\n".join(line.decode("latin-1") for line in split_bytes(data[mark : mark + 8192])[:HEAD_LINES])
