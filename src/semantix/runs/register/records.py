"""What the register tells of runs and files."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

RESUMED = "run {run} resumed"
"""Noted of a run that was stopped: from its beginning to its end, nobody worked all the time."""


class RunState(StrEnum):
    """How far a run is. Only DONE and UNDONE runs let another begin."""

    READING = "reading"
    """Its chunks are written down; some are not done."""
    PUBLISHING = "publishing"
    """Everything is read; the targets are being brought up to date."""
    STOPPED = "stopped"
    """Too many of its inputs cannot be read."""
    DONE = "done"
    UNDONE = "undone"
    """Another run took it back."""


class Run(Struct, frozen=True):
    """One run. ``target`` is the run that an undo takes back, else 0; ``basis`` the number of its versions."""

    id: int
    kind: str
    state: RunState
    basis: int
    target: int = 0


class KnownFile(Struct, frozen=True):
    """A file as the register knows it now. ``folder`` is set for files that are read with others of their folder."""

    id: int
    path: str
    sha256: bytes
    size: int
    mtime: int
    ctime: int
    folder: str | None = None
