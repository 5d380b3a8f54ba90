"""HPRIM Santé 2.0 to 2.4: messages of segments after ASTM E1238, mostly laboratory results (ORU)."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from semantix.model import LineCount, SetAside
from semantix.parsers._claims import Claim, Cut, Input, Piece, Told
from semantix.parsers.hprim_medecin._lines import count_lines, is_utf16, read_lines
from semantix.parsers.hprim_sante._cutting import cut_file
from semantix.parsers.hprim_sante._names import FORMAT
from semantix.parsers.hprim_sante._segments import Segment, delimiters_of, segments_of, version_of

TYPES = frozenset({"ORU", "ADM", "ORM", "ORA", "REG", "FAC", "ERR", "ADR", "NMD"})
"""H.7: results, admission, orders, payments, invoices, errors."""


class HprimSanteParser(Struct, frozen=True):
    """The HPRIM Santé parser, as the registry of formats knows it."""

    name: str = FORMAT
    cuts: bool = True

    def claims(self, head: bytes, name: str) -> Claim | None:
        """Recognise an H segment with its delimiters, then its version or its type of message.

        Analysers speak ASTM with the same H segment, but neither.
        """
        header = _header(head)
        if header is None:
            return None
        kind, version = header.field(7).upper(), version_of(header)
        if version is not None:
            return Claim(FORMAT, version, 0.98, f"an H segment that says HPRIM {version}, of a message {kind or '?'}")
        if kind[:3] in TYPES and not kind[3:4].isalnum():
            return Claim(FORMAT, None, 0.8, f"an H segment of a message {kind[:3]}, without a version")
        return None

    def cut(self, source: Input, claim: Claim) -> Iterator[Cut]:
        """Cut before messages."""
        return cut_file(source)

    def read(self, piece: Piece) -> Iterator[Told]:
        """One Document a patient of a message."""
        from semantix.parsers.hprim_sante._messages import read_messages  # noqa: PLC0415 - slow to import; a run over other sources does without

        lines = read_lines(piece.data)
        yield from read_messages(lines, piece)
        blank = sum(1 for line in lines.text if not line.strip())
        if blank:
            yield SetAside("the whole piece", blank, "blank")
        yield LineCount(count_lines(piece.data))


def _header(head: bytes) -> Segment | None:
    """The H segment that a file begins with, continued lines joined."""
    if is_utf16(head):
        even = head[: len(head) // 2 * 2]
        text = even.decode("utf-16-be" if head[:2] == b"\xfe\xff" or head[:1] == b"\0" else "utf-16-le", "replace")
    else:
        text = head.removeprefix(b"\xef\xbb\xbf").decode("latin-1")
    text = text.removeprefix("\ufeff").lstrip()[:8192]
    if text[:1] != "H" or len(text) < 6 or any(c.isalnum() or c.isspace() for c in text[1:5]):
        return None
    lines = text.replace("\r", "\n").split("\n")
    delimiters, _ = delimiters_of(lines[0])
    first = next(segments_of(lines, 1, delimiters.field), None)
    return first if isinstance(first, Segment) and first.name == "H" else None


PARSER = HprimSanteParser()

__all__ = ["FORMAT", "PARSER", "HprimSanteParser"]
