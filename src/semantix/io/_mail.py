"""Mails: the files attached to a message (RFC 5322, MIME), nested messages flattened, within bounds.

The standard library reads the headers and undoes the transfer encodings. The body is cut at its boundaries here: the
library's own parser recurses as deep as the message says, and looks for every open boundary on every line. Headers are
read under its older policy (``compat32``), which no damage stops.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import compat32

from msgspec import Struct

from semantix.errors import UnreadableInput

KNOWN = frozenset(
    "from to cc bcc subject date sender reply-to message-id in-reply-to references received return-path delivered-to"
    " mime-version content-type content-transfer-encoding envelope-to authentication-results dkim-signature".split()
)
DECISIVE = frozenset({"received", "return-path", "message-id", "mime-version", "delivered-to"})
"""Headers that no letter or export begins with."""
_ADDRESSED = frozenset({"date", "to", "subject"})

_FIELD = re.compile(rb"([A-Za-z][A-Za-z0-9-]{0,60}):(?:[ \t]|\r?$)")
_END_OF_HEADERS = re.compile(rb"\r?\n\r?\n|\r\r")
_MAX_HEADERS = 65_536
_MAX_NAME = 120
_BOM = b"\xef\xbb\xbf"

_SUFFIXES = {
    "text/plain": ".txt",
    "text/html": ".html",
    "text/csv": ".csv",
    "text/xml": ".xml",
    "text/rtf": ".rtf",
    "application/rtf": ".rtf",
    "application/xml": ".xml",
    "application/hl7-v3+xml": ".xml",
    "application/json": ".json",
    "application/fhir+json": ".json",
    "application/hprim": ".hpr",
    "application/pdf": ".pdf",
    "application/zip": ".zip",
    "application/x-zip-compressed": ".zip",
}
_DAMAGE = (LookupError, ValueError, TypeError, AttributeError, HeaderParseError)
"""What the standard library raises on headers that are not written as they should."""


class MailLimits(Struct, frozen=True):
    """How much one mail may hold: parts in all, messages and multiparts inside each other, bytes."""

    parts: int = 1_000
    depth: int = 10
    size: int = 100_000_000


class MailPart(Struct, frozen=True):
    """One file of a mail, its transfer encoding undone. ``name`` is safe: no folder, no control character.

    ``is_body`` marks the words of the message itself, in ``charset`` when it says one.
    """

    name: str
    data: bytes
    media_type: str
    is_body: bool = False
    charset: str | None = None


def is_mail(head: bytes) -> bool:
    """Tell a mail by its first lines: all of them headers, and such headers as only mails have.

    A line that is no header (a record, a row, a letter that says ``Objet : ...``) before the first empty line settles
    it: not a mail.
    """
    lines = head[:_MAX_HEADERS].removeprefix(_BOM).split(b"\n")
    if lines[0].startswith(b"From ") and b"@" in lines[0]:
        del lines[0]
    found: set[str] = set()
    is_cut = len(head) >= _MAX_HEADERS or not head.endswith(b"\n")
    for position, line in enumerate(lines):
        if not line.rstrip(b"\r"):
            break
        if line[:1] in b" \t" and found:
            continue
        field = _FIELD.match(line)
        if field:
            found.add(field.group(1).decode("ascii").lower())
        elif not (is_cut and position == len(lines) - 1):
            return False
    known = found & KNOWN
    return len(known) >= 2 and bool(known & DECISIVE or ("from" in known and known & _ADDRESSED))


NO_LIMITS = MailLimits()


def parts(data: bytes, name: str, limits: MailLimits = NO_LIMITS) -> tuple[MailPart, ...]:
    """Take a mail apart: its words and its files, those of the mails inside it too, in order.

    Raises UnreadableInput when it is no mail, or holds more than ``limits``.
    """
    if len(data) > limits.size:
        found, limit = len(data) / 1e6, limits.size / 1e6
        raise UnreadableInput(f"{name}: file is {found:.0f} MB, the limit is {limit:.0f} MB; raise with --max-size")
    if not is_mail(data[:_MAX_HEADERS]):
        raise UnreadableInput(f"{name}: the headers of a mail were expected in the first lines, none were found")
    opener = _Opener(name, limits)
    opener.open(data, 0, len(data), 0)
    return tuple(opener.found)


class _Opener:
    """Goes through the entities of one mail; every position is one of the bytes at hand, nothing is copied."""

    def __init__(self, name: str, limits: MailLimits) -> None:
        self.found: list[MailPart] = []
        self._name, self._limits = name, limits
        self._taken: set[str] = set()

    def open(self, data: bytes, start: int, end: int, depth: int) -> None:
        """Open the entity (headers, empty line, content) between two positions."""
        if depth > self._limits.depth:
            raise UnreadableInput(f"{self._name}: messages nested more than {self._limits.depth} deep; not opened")
        headers, start = self._headers(data, start, end)
        boundary = _boundary(headers)
        if boundary:
            pieces = list(_between(data, start, end, boundary))
            for first, last in pieces:
                self.open(data, first, last, depth + 1)
            if pieces:
                return
        content = _decoded(headers, data[start:end])
        if headers.get_content_type() == "message/rfc822" and is_mail(content[:_MAX_HEADERS].lstrip()):
            content = content.lstrip()
            self.open(content, 0, len(content), depth + 1)
        else:
            self._keep(headers, content)

    def _headers(self, data: bytes, start: int, end: int) -> tuple[Message, int]:
        """Read the headers; give the position of the content."""
        if data[start : start + 1] in (b"\n", b"\r"):
            # A part without any header begins with its empty line.
            return Message(compat32), start + (2 if data[start : start + 2] == b"\r\n" else 1)
        found = _END_OF_HEADERS.search(data, start, min(end, start + _MAX_HEADERS))
        if found is None and end - start > _MAX_HEADERS:
            raise UnreadableInput(f"{self._name}: headers of more than {_MAX_HEADERS} bytes; no mail has that many")
        stop, content = (found.start(), found.end()) if found else (end, end)
        block = data[start:stop].removeprefix(_BOM)
        return BytesHeaderParser(policy=compat32).parsebytes(block), content

    def _keep(self, headers: Message, content: bytes) -> None:
        if len(self.found) >= self._limits.parts:
            raise UnreadableInput(f"{self._name}: more than {self._limits.parts} parts in one mail; not opened")
        media_type = headers.get_content_type()
        written = _file_name(headers)
        is_body = not written and media_type in {"text/plain", "text/html"} and not _is_attachment(headers)
        if not content and is_body:
            return
        name = self._free(_safe(written) or f"part-{len(self.found) + 1}{_SUFFIXES.get(media_type, '.bin')}")
        self.found.append(MailPart(name, content, media_type, is_body, _charset(headers)))

    def _free(self, name: str) -> str:
        stem, dot, suffix = name.rpartition(".")
        if not dot:
            stem, suffix = name, ""
        free, number = name, 1
        while free.casefold() in self._taken:
            number += 1
            free = f"{stem}-{number}{dot}{suffix}"
        self._taken.add(free.casefold())
        return free


def _boundary(headers: Message) -> bytes:
    if headers.get_content_maintype() != "multipart":
        return b""
    try:
        boundary = headers.get_boundary() or ""
    except _DAMAGE:
        return b""
    return boundary.encode("utf-8", "surrogateescape")[:200]


def _between(data: bytes, start: int, end: int, boundary: bytes) -> Iterator[tuple[int, int]]:
    """Find the entities between the lines of a boundary; a last one that is not closed ends with its content."""
    line = re.compile(rb"(?:\A|(?<=[\r\n]))--" + re.escape(boundary) + rb"(--)?[ \t]*(?:\r\n|\n|\r|\Z)")
    first = None
    for found in line.finditer(data, start, end):
        if first is not None:
            yield first, max(first, _before_line_end(data, found.start()))
        if found.group(1):
            return
        first = found.end()
    if first is not None and first < end:
        yield first, end


def _before_line_end(data: bytes, position: int) -> int:
    """The line end before a boundary belongs to the boundary."""
    if data[max(0, position - 2) : position] == b"\r\n":
        return position - 2
    return position - 1


def _decoded(headers: Message, content: bytes) -> bytes:
    """Undo the transfer encoding; what is not written in the one announced stays as it came."""
    headers.set_payload(content.decode("ascii", "surrogateescape"))
    try:
        found = headers.get_payload(decode=True)
    except _DAMAGE:
        return content
    return found if isinstance(found, bytes) else content


def _file_name(headers: Message) -> str:
    try:
        written = headers.get_filename() or ""
        if "=?" not in written:
            return written
        pieces = decode_header(written)
        return "".join(
            piece if isinstance(piece, str) else piece.decode(charset or "ascii", "replace")
            for piece, charset in pieces
        )
    except _DAMAGE:
        return ""


def _safe(name: str) -> str:
    """The last name of a path, without control characters, no longer than file systems take."""
    last = name.replace("\\", "/").rpartition("/")[2]
    clean = "".join(c for c in last if c.isprintable() and c not in '<>:"|?*').strip().lstrip(".").strip()
    if len(clean) <= _MAX_NAME:
        return clean
    stem, dot, suffix = clean.rpartition(".")
    return stem[: _MAX_NAME - 20] + dot + suffix[:19] if dot and stem else clean[:_MAX_NAME]


def _is_attachment(headers: Message) -> bool:
    try:
        return headers.get_content_disposition() == "attachment"
    except _DAMAGE:
        return False


def _charset(headers: Message) -> str | None:
    try:
        return headers.get_content_charset()
    except _DAMAGE:
        return None
