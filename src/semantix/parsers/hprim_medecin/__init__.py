"""HPRIM Médecin 1.x to 3.0: letters and laboratory results as text, with or without lines of fields.

Three ways of writing are read: with marks (``****LAB****``), with lines of fields alone (``RES|``, ``TEX|``), and as
words. A file may hold many records, each with its header.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from semantix.model import LineCount, SetAside
from semantix.parsers._claims import Claim, Cut, Input, Piece, Told
from semantix.parsers.hprim_medecin._header import Header, find_header
from semantix.parsers.hprim_medecin._lines import count_lines, cut_file, is_utf16, read_lines
from semantix.parsers.hprim_medecin._names import FORMAT

EXTENSION = re.compile(r"\.(hpr|hpm[0-9]?|hprim|hprimm?)$", re.IGNORECASE)
_MARK = re.compile(r"^[ \t]*\*{3,}[ \t]*(LAB|FIN|FINFICHIER)[ \t]*\*{3,}", re.MULTILINE | re.IGNORECASE)
_RESULT = re.compile(r"^[ \t]*RES\|[^|\n]{0,200}\|[^|\n]{0,80}\|[ANTant]?(?:\||[ \t]*$)", re.MULTILINE)
_COMMENT = re.compile(r"^[ \t]*TEX\|", re.MULTILINE)
# What other formats begin with: HL7, HPRIM Santé, XML, RTF, PDF, ZIP, Office, a mail, an SQL dump.
_OTHER = re.compile(
    r"\s*(?:<|MSH\||[FB]HS\||H[^\w\s]{4,6}|\{\\rtf|%PDF|PK\x03\x04|\xd0\xcf\x11\xe0|\x89PNG|\xff\xd8|GIF8|II\*|MM\x00"
    r"|(?:Received|Return-Path|MIME-Version|From|Delivered-To|Message-ID|Subject|X-[A-Za-z-]+):|INSERT\s|[{\[]\s*[\"{\[])",
    re.IGNORECASE,
)
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?[ \t\r\n]*<[?!A-Za-z]")
"""XML, seen before anything is decoded."""


class HprimMedecinParser(Struct, frozen=True):
    """The HPRIM Médecin parser, as the registry of formats knows it."""

    name: str = FORMAT
    cuts: bool = True

    def claims(self, head: bytes, name: str) -> Claim | None:
        """Recognise marks, lines of fields, or a header; the file's extension only supports them."""
        text = _peek(head) if _MARKUP.match(head) is None else None
        if text is None or _OTHER.match(text):
            return None
        if (found := _MARK.search(text)) is not None:
            return Claim(FORMAT, "2-3", 0.98, f"a mark ****{found[1].upper()}**** on a line of its own")
        if _RESULT.search(text):
            return Claim(FORMAT, "2-3", 0.95, "lines of fields that begin with RES|")
        return _claim_words(text, is_named=EXTENSION.search(name) is not None)

    def cut(self, source: Input, claim: Claim) -> Iterator[Cut]:
        """Cut after end marks."""
        return cut_file(source)

    def read(self, piece: Piece) -> Iterator[Told]:
        """One Document a record; what is in no record is set aside."""
        from semantix.parsers.hprim_medecin._document import Known, document_of  # noqa: PLC0415 - slow to import; a run over other sources does without
        from semantix.parsers.hprim_medecin._framing import records_of  # noqa: PLC0415 - slow to import; a run over other sources does without

        lines = read_lines(piece.data)
        records, structure, blank, strays = records_of(lines, piece)
        known = Known()
        for record in records:
            yield document_of(record, known)
        if structure:
            yield SetAside("the whole piece", structure, "structure", "marks of records")
        if blank:
            yield SetAside("the whole piece", blank, "blank")
        yield from strays
        yield LineCount(count_lines(piece.data))


def _claim_words(text: str, *, is_named: bool) -> Claim | None:
    """A header, or the extension alone."""
    lines = text.split("\n")
    header = find_header(lines, 0, len(lines))
    if isinstance(header, Header):
        sure = 0.9 if is_named else 0.8
        return Claim(FORMAT, "1", sure, f"a header with a birth date on line {header.birth + 1}, then words")
    if is_named and _COMMENT.search(text):
        return Claim(FORMAT, "2-3", 0.7, "lines that begin with TEX|, and the file's extension")
    if is_named and text.strip():
        return Claim(FORMAT, "1", 0.5, "words without a header; only the file's extension says HPRIM")
    return None


def _peek(head: bytes) -> str | None:
    """The first bytes for a look at ASCII words; ``None`` for what is no text."""
    if is_utf16(head):
        even = head[: len(head) // 2 * 2]
        text = even.decode("utf-16-be" if head[:2] == b"\xfe\xff" or head[:1] == b"\0" else "utf-16-le", "replace")
    else:
        if b"\0" in head:
            return None
        text = head.removeprefix(b"\xef\xbb\xbf").decode("latin-1")
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


PARSER = HprimMedecinParser()

__all__ = ["FORMAT", "PARSER", "HprimMedecinParser"]
