"""The fate of every segment of a message, so that each of its lines is told once."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from semantix.model import SetAside
from semantix.parsers.hl7v2.message import Message, Segment

ROUTING = frozenset(
    "SFT EVN PD1 PV1 PV2 ROL NK1 DB1 PDA ACC UB1 UB2 GT1 IN1 IN2 IN3 DRG CTD CTI TQ1 TQ2 FT1 DSC PRT CON MRG ARV SAC "
    "ZFA ZFD ZFM ZFP ZFS ZFT ZFV ZPA ZPV ZBE TXA ORC OBR NTE SPM PID MSH QRD QRF MSA ERR".split()
)
"""Segments that may hold nothing that a fact of a patient is made of."""

Fate = tuple[str, str, bool]
_ROUTING: Fate = ("administrative", "a segment of which no fact is made", False)
_UNKNOWN: Fate = ("unknown-kind", "a segment that is not read in such a message", True)


class Fates:
    """What becomes of each segment: taken by a document, or set aside with a reason."""

    def __init__(self, message: Message) -> None:
        self._message = message
        self._taken: set[int] = set()
        self.lines = 0
        self._aside: dict[int, Fate] = {}

    def take(self, *segments: Segment | None) -> int:
        """Segments that a document is made of; returns how many lines were not taken before."""
        lines = 0
        for one in segments:
            if one is not None and id(one) not in self._taken:
                self._taken.add(id(one))
                lines += one.lines
        return lines

    def keep(self, segment: Segment) -> None:
        """Take a segment whose lines are counted later, in :attr:`lines`."""
        self.lines += self.take(segment)

    def put_aside(self, segment: Segment, reason: str, words: str, *, quarantined: bool = False) -> None:
        """Set a segment aside, unless a document takes it."""
        self._aside[id(segment)] = (reason, words, quarantined)

    def rest(self) -> Iterator[SetAside]:
        """What no document took: neighbours with one reason together, unknown segments one by one."""
        left = [(one, self._fate(one)) for one in self._message.segments if id(one) not in self._taken]
        for (fate, _), group in groupby(left, key=lambda pair: (pair[1], pair[0].line if pair[1][2] else 0)):
            yield _told([one for one, _ in group], fate)

    def _fate(self, segment: Segment) -> Fate:
        known = self._aside.get(id(segment))
        return known or (_ROUTING if segment.name in ROUTING else _UNKNOWN)


def whole(message: Message, reason: str, words: str, *, quarantined: bool = False) -> SetAside:
    """A message of which nothing is read."""
    return _told(list(message.segments), (reason, words, quarantined))


def _told(segments: list[Segment], fate: Fate) -> SetAside:
    first, last = segments[0], segments[-1]
    lines = sum(one.lines for one in segments)
    end = last.line + last.lines - 1
    where = f"line {first.line}" if first.line == end else f"lines {first.line}-{end}"
    names = "" if len(segments) > 1 else f" ({first.name})"
    reason, words, quarantined = fate
    return SetAside(where + names, lines, reason, words, quarantined)
