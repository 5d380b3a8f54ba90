"""What a reader of a format offers: to recognise a file cheaply, and to read it, whole or cut in pieces."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import BinaryIO, Protocol

from msgspec import Struct, field

from semantix.model import Document, LineCount, SetAside, Withdrawn

HEAD = 65_536
"""Bytes that a format is first looked for in; a document that begins with its style sheet shows later what it is."""

Told = Document | SetAside | LineCount | Withdrawn
"""What reading yields: documents; lines that become none, with the reason; how many lines the source has in all; what
the source says to withdraw."""

EVERY_ROLE = "*"
"""In ``Claim.looks_up``: all files of the set that may be looked up, the file itself among them."""


class Claim(Struct, frozen=True):
    """A parser's opinion that a file is its own. ``confidence`` is between 0 and 1; ``why`` is for people.

    ``pack`` names the mapping pack (or the set) that the file is of, and ``role`` which of its files it is; files of
    one folder with the same pack are read with each other at hand: those of the roles that this one ``looks_up``, if
    they say that they may be looked up (``is_looked_up``).
    """

    format: str
    version: str | None
    confidence: float
    why: str
    pack: str = ""
    role: str = ""
    looks_up: tuple[str, ...] = ()
    is_looked_up: bool = False


class Input(Protocol):
    """One file, closed: read it whole within limits, or as a stream."""

    @property
    def name(self) -> str:
        """As reports show it."""

    @property
    def size(self) -> int:
        """Bytes."""

    def head(self, size: int = HEAD) -> bytes:
        """The first bytes."""

    def read(self) -> bytes:
        """The whole content. Raises UnreadableInput above the limit of one document."""

    def open(self) -> BinaryIO:
        """A stream of the whole content, whatever its size."""


class Cut(Struct, frozen=True):
    """A part of a file that can be read by itself. ``line`` is the number of its first line, from 1.

    ``context`` is what the reader needs to know of the rest of the file (its header line, its encoding...).
    """

    data: bytes
    line: int = 1
    context: Mapping[str, str] = field(default_factory=dict)


class Piece(Struct, frozen=True, kw_only=True):
    """What a reader is given: the bytes of a file or of a cut of it, and what is around.

    ``practice`` names who sent the file, as the user or the folder says: local codes and patient numbers mean nothing
    outside it. ``label`` is the file's name below the folder given, the same on every machine. ``others`` are the other
    files of the same set that this one looks things up in, by the role their pack gives them: ``patients``, and
    ``patients#2`` for a second file of that role. ``claim`` is the claim of the reader on the file. Without
    ``narratives`` the sections need not have theirs: nobody will show them.
    """

    data: bytes
    name: str
    label: str = ""
    practice: str = ""
    line: int = 1
    context: Mapping[str, str] = field(default_factory=dict)
    others: Mapping[str, Input] = field(default_factory=dict)
    claim: Claim | None = None
    narratives: bool = True


class Parser(Protocol):
    """One source format."""

    @property
    def name(self) -> str:
        """The short name of the format."""

    @property
    def cuts(self) -> bool:
        """True when a file may hold many documents and is read cut by cut, so that memory stays flat."""

    def claims(self, head: bytes, name: str) -> Claim | None:
        """Look at the beginning of a file, or at all of it; None means "not mine"."""

    def cut(self, source: Input, claim: Claim) -> Iterator[Cut]:
        """Cut a file in parts of a bounded size, in order, without understanding more of it than needed.

        Only called when ``cuts``. Raises UnreadableInput.
        """

    def read(self, piece: Piece) -> Iterator[Told]:
        """Read a file or a cut of it. Raises UnreadableInput when nothing of it can be read."""
