"""A long file to parts that begin with a message, or with a patient of a long one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from semantix.parsers._claims import Cut, Input
from semantix.parsers.hprim_medecin._lines import BLOCK, LONGEST, is_utf16, split_bytes

_HEADER = re.compile(rb"(?:\A|[\r\n])(H[^\w\s]{4,5}[^\r\n]*)")
_RESULT = re.compile(rb"[\r\n](OB[RX][^\w\s])")
_PATIENT = re.compile(rb"[\r\n](P[^\w\s])")


def cut_file(source: Input) -> Iterator[Cut]:
    """Cut before an H segment; a message too long for that before a P segment, else at a line end.

    The parts of one message have its H segment, and the P segment that they are of, as their context.
    """
    with source.open() as stream:
        rest = stream.read(BLOCK)
        if is_utf16(rest):
            yield Cut(rest + stream.read())
            return
        line, head = 1, ""
        while more := stream.read(BLOCK):
            rest += more
            end = _before_last(_HEADER, rest)
            context = ""
            if end <= 0:
                if len(rest) < LONGEST:
                    continue
                end, context = _before_part(rest, head)
            data, rest = rest[:end], rest[end:]
            yield Cut(data, line, {"head": head} if head else {})
            line += len(split_bytes(data))
            head = context
        if rest:
            yield Cut(rest, line, {"head": head} if head else {})


def _before_last(shape: re.Pattern[bytes], data: bytes) -> int:
    """Where the last segment of a shape begins; 0 when there is none after the beginning."""
    found = 0
    for match in shape.finditer(data):
        found = match.start(1)
    return found


def _before_part(data: bytes, head: str) -> tuple[int, str]:
    """Where to cut a long message, and what its next part must know."""
    lines = head.encode("latin-1", "replace").split(b"\n")
    opening = _HEADER.match(data)
    header = opening[1] if opening is not None else lines[0]
    end = _before_last(_PATIENT, data)
    if end > 0:
        return end, header.decode("latin-1")
    person = next((line for line in split_bytes(data) if line[:1] == b"P"), lines[1] if len(lines) > 1 else b"")
    end = _before_last(_RESULT, data) or max(data.rfind(b"\n"), data.rfind(b"\r", 0, -2)) + 1
    return end or len(data), b"\n".join(filter(None, (header, person[:4096]))).decode("latin-1")
