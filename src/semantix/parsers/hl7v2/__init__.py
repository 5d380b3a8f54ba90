"""HL7 v2 as France sends it: results, documents carried in messages, identities and movements.

Source: HL7 v2.5; IHE PAM, French national extension; CI-SIS, volet "Transmission d'un document CDA-R2 en HL7v2".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from semantix.model import LineCount, SetAside
from semantix.parsers._claims import Claim, Cut, Input, Piece, Told
from semantix.parsers.hl7v2 import movements
from semantix.parsers.hl7v2.account import whole
from semantix.parsers.hl7v2.framing import Raw, count_lines, cuts, frames, opened
from semantix.parsers.hl7v2.reports import Report, refused
from semantix.parsers.hl7v2.sent import FORMAT, Sent

_HEAD = re.compile(rb"(?:\xef\xbb\xbf)?[\x0b\s\0]*(MSH|FHS|BHS)([^\w\s])((?:(?!\2)[^\w\s]){2,5})\2")
_VERSION = re.compile(rb"2(?:\.[0-9]){1,2}")
_ANSWERS = frozenset("ACK QBP QRY QCN QSB RSP RTB RDY ADR DSR ORF OSR NMD NMQ NMR SQR MCF".split())
_ACKNOWLEDGING = frozenset({"MSH", "MSA", "ERR", "SFT", "NTE"})


class Hl7v2Parser(Struct, frozen=True):
    """The HL7 v2 parser, as the registry of formats knows it."""

    name: str = FORMAT
    cuts: bool = True

    def claims(self, head: bytes, name: str) -> Claim | None:
        """Recognise a header segment, of a message or of a batch, that declares its separators."""
        found = _HEAD.match(head)
        if found is None:
            return None
        fields = head[found.end() - 1 :].split(b"\n")[0].split(b"\r")[0].split(found[2])
        version = fields[10].split(found[3][:1])[0] if found[1] == b"MSH" and len(fields) > 10 else b""
        known = version.decode() if _VERSION.fullmatch(version) else None
        return Claim(FORMAT, known, 1.0, f"an {found[1].decode()} segment that declares its separators")

    def cut(self, source: Input, claim: Claim) -> Iterator[Cut]:
        """Cut before a message, some 512 KB at a time."""
        with source.open() as stream:
            yield from cuts(stream, source.name)

    def read(self, piece: Piece) -> Iterator[Told]:
        """Read every message; one that cannot be read does not keep the others from it."""
        yield LineCount(count_lines(piece.data))
        for held in frames(piece.data, piece.line):
            if isinstance(held, SetAside):
                yield held
            else:
                yield from _message(held, piece)


def _message(held: list[Raw], piece: Piece) -> Iterator[Told]:
    message = opened(held)
    if isinstance(message, str):
        first, last = held[0].line, held[-1].line + len(held[-1].parts) - 1
        where = f"line {first}" if first == last else f"lines {first}-{last}"
        lines = sum(len(one.parts) for one in held)
        yield SetAside(where, lines, "unreadable", f"a message: {message}", quarantined=True)
        return
    sent = Sent(message, piece)
    kind = message.kind
    if kind in _ANSWERS or {one.name for one in message.segments} <= _ACKNOWLEDGING:
        yield whole(message, "acknowledgement", "an acknowledgement, a query or its answer")
    elif kind in ("ORU", "MDM", "OUL"):
        for one in message.by_patient():
            yield from Report(Sent(one, piece)).read()
    elif kind == "ADT" and message.event == movements.SWAP:
        for one in message.by_patient():
            yield from movements.read(Sent(one, piece))
    elif kind == "ADT":
        yield from movements.read(sent)
    else:
        yield refused(sent)


PARSER = Hl7v2Parser()

__all__ = ["FORMAT", "PARSER", "Hl7v2Parser"]
