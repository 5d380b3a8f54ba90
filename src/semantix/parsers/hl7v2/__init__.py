"""HL7 v2 as France sends it: results, documents carried in messages, identities and movements.

Source: HL7 v2.5; IHE PAM, French national extension; CI-SIS, volet "Transmission d'un document CDA-R2 en HL7v2".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from semantix.model import LineCount, SetAside
from semantix.parsers._claims import Claim, Cut, Input, Piece, Told
from semantix.parsers.hl7v2.names import FORMAT

_HEAD = re.compile(rb"(?:\xef\xbb\xbf)?[\x0b\s\0]*(MSH|FHS|BHS)([^\w\s])((?:(?!\2)[^\w\s]){2,5})\2")
_VERSION = re.compile(rb"2(?:\.[0-9]){1,2}")


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
        from semantix.parsers.hl7v2.framing import cuts  # noqa: PLC0415 - slow to import; a run over other sources does without

        with source.open() as stream:
            yield from cuts(stream, source.name)

    def read(self, piece: Piece) -> Iterator[Told]:
        """Read every message; one that cannot be read does not keep the others from it."""
        from semantix.parsers.hl7v2.framing import count_lines, frames  # noqa: PLC0415 - slow to import; a run over other sources does without
        from semantix.parsers.hl7v2.reading import read_message  # noqa: PLC0415 - slow to import; a run over other sources does without

        yield LineCount(count_lines(piece.data))
        for held in frames(piece.data, piece.line):
            if isinstance(held, SetAside):
                yield held
            else:
                yield from read_message(held, piece)


PARSER = Hl7v2Parser()

__all__ = ["FORMAT", "PARSER", "Hl7v2Parser"]
