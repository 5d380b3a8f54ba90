"""What the parts of a run tell each other: files, chunks, documents, publications."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

from msgspec import Struct, field

RANKS = 1 << 24
"""Documents that one chunk may hold; the number of a document is ``chunk * RANKS + rank``."""
DIGEST = 16
"""Bytes of a keyed digest (:class:`semantix.runs.sealing.Seal`)."""
LINES = "lines"
"""The error of a quarantine that concerns lines of a file, and not the file."""


UNOPENED = "unopened"
"""The error of a quarantine that concerns a file which the system did not open: the next run tries again."""


class SourceFile(Struct, frozen=True):
    """One file of the inputs as it stood when it was read.

    ``id`` is its number in the register; ``name`` and ``label`` are as :class:`semantix.io.Found` has them; ``sha256``
    is of its bytes. ``path`` is empty for a document of a table, which is read from ``content``. ``named`` is true when
    the user named the file itself.
    """

    id: int
    path: str
    name: str
    label: str
    sha256: bytes
    size: int
    practice: str = ""
    content: bytes | None = None
    named: bool = False


class Chunk(Struct, frozen=True):
    """The unit of work and of commit: files read together, in order. Files that look each other up share one.

    ``basis`` is the number of the versions that it is read with; ``skipped`` are the files (ids) that killed the
    process that read them, and are quarantined unread.
    """

    id: int
    basis: int
    files: tuple[SourceFile, ...]
    skipped: tuple[int, ...] = ()


class Withdrawal(Struct, frozen=True):
    """What a source said to withdraw: a document by its key or one of its names, or a report, up to ``moment``.

    ``by`` is a number of documents: those below it were received before. ``subject``, when told, is the only person
    concerned.
    """

    by: int
    file: int
    key: bytes
    subject: bytes | None = None
    moment: str = ""


class DocumentFacts(Struct, frozen=True, kw_only=True):
    """What the register keeps of one document: no value of a patient, only keyed digests.

    ``id`` orders documents as they were received. ``key`` is its own identifier, ``content`` the digest of what was
    read, ``subject`` the person (as OMOP's person), ``subject_ids`` every identifier of the patient. ``set_key`` and
    ``version`` are the setId with its patient; ``moment`` is its own time, ISO 8601 in UTC, ``""`` when it has none.
    ``names`` are further digests under which it may be replaced or withdrawn; ``replaces`` the keys or names of what it
    says to replace (RPLC), ``replaces_sets`` sets with the version replaced. ``report`` is the number of a laboratory
    report with its patient, ``results`` the digests of what it has results for, ``is_correction`` whether its source
    says that it corrects an earlier one, ``withdraws`` the reports of which it says that nothing holds (itself among
    them). ``asked`` are the target
    systems for which the terminology engine was asked.
    """

    id: int
    file: int
    key: bytes
    content: bytes
    subject: bytes
    subject_ids: tuple[bytes, ...] = ()
    set_key: bytes | None = None
    version: int | None = None
    moment: str = ""
    names: tuple[bytes, ...] = ()
    replaces: tuple[bytes, ...] = ()
    replaces_sets: tuple[tuple[bytes, int | None], ...] = ()
    report: bytes | None = None
    results: tuple[bytes, ...] = ()
    is_correction: bool = False
    withdraws: tuple[bytes, ...] = ()
    asked: tuple[str, ...] = ()


class Fate(StrEnum):
    """What becomes of a document that was read, and why."""

    LIVE = "live"
    REPEATED = "repeated"
    """The same document came by another road."""
    OTHER_VERSION = "other-version"
    """Another content under the identifier of a document that is there."""
    SUPERSEDED = "superseded"
    """A later one replaces or corrects it."""
    WITHDRAWN = "withdrawn"
    """Its source withdrew it."""
    EXCLUDED = "excluded"
    """Its person objected, or asked for erasure."""


class Settled(Struct, frozen=True):
    """The fate of one document; ``by`` is the document that decided it, 0 when none did."""

    id: int
    fate: Fate
    by: int = 0


class Quarantined(Struct, frozen=True):
    """What could not be read: the number of its file in the register, the class of the error and the place in the file.

    ``message`` says what was found, what was expected and what to do, with no value. ``lines`` counts lines when a part
    of a file is concerned, else 0. ``inside`` is the member of a container, as a digest when names are withheld.
    """

    file: int
    error: str
    message: str
    inside: str = ""
    lines: int = 0


class ChunkDone(Struct, kw_only=True):
    """The account of one chunk. It crosses processes and machines as JSON (:func:`msgspec.json`).

    ``staged`` maps each file written below the chunk's folder to its rows. ``seconds`` and ``cpu`` are of the clock and
    of the processor; ``engine_cpu`` the part of it spent in terminology decisions.
    """

    chunk: int
    documents: list[DocumentFacts] = field(default_factory=list)
    withdrawals: list[Withdrawal] = field(default_factory=list)
    quarantined: list[Quarantined] = field(default_factory=list)
    ignored: dict[str, int] = field(default_factory=dict)
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    staged: dict[str, int] = field(default_factory=dict)
    bytes_read: int = 0
    seconds: float = 0.0
    cpu: float = 0.0
    engine_cpu: float = 0.0
    failure: str = ""


class Publication(Struct, frozen=True):
    """What targets are brought to: the difference between two states of the warehouse.

    ``number`` counts publications from 1; a target that holds ``number - 1`` takes the difference, one that holds
    nothing takes all that is live, one that holds ``number`` has it already. ``documents`` is an Arrow table with the
    columns ``document`` and ``received`` (int64), ``key``, ``content``, ``subject`` (binary(16)), ``was_live`` and
    ``is_live`` (bool), in the order of ``document``, of every document that was or is live. ``received`` is the order
    in which they came, which reading again does not change: where several say a thing, the first or the last of them is
    heard by it. ``chunks`` are the folders staged, by chunk.
    ``erased`` is true when persons were erased: targets then leave no trace of removed rows in their files. ``day`` is
    the day of the latest live document (``""`` when none has one); ``basis`` the versions to write in the target.
    """

    number: int
    documents: object
    chunks: Mapping[int, Path]
    erased: bool = False
    day: str = ""
    basis: Mapping[str, str] = {}


__all__ = [
    "DIGEST",
    "LINES",
    "RANKS",
    "UNOPENED",
    "Chunk",
    "ChunkDone",
    "DocumentFacts",
    "Fate",
    "Publication",
    "Quarantined",
    "Settled",
    "SourceFile",
    "Withdrawal",
]
