"""One message of HL7 v2: which reader it is for."""

from __future__ import annotations

from collections.abc import Iterator

from semantix.model import SetAside
from semantix.parsers._claims import Piece, Told
from semantix.parsers.hl7v2 import movements
from semantix.parsers.hl7v2.account import whole
from semantix.parsers.hl7v2.framing import Raw, opened
from semantix.parsers.hl7v2.reports import Report, refused
from semantix.parsers.hl7v2.sent import Sent

_ANSWERS = frozenset("ACK QBP QRY QCN QSB RSP RTB RDY ADR DSR ORF OSR NMD NMQ NMR SQR MCF".split())
_ACKNOWLEDGING = frozenset({"MSH", "MSA", "ERR", "SFT", "NTE"})


def read_message(held: list[Raw], piece: Piece) -> Iterator[Told]:
    """The documents of one message, or why it gives none."""
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
