"""Reading entries whole or as streams, within limits."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from semantix.errors import UnreadableInput
from semantix.io._containers import (
    HEAD,
    container_kind,
    explained,
    member_bytes,
    member_stream,
    opened,
    outer,
    refuse_large,
)
from semantix.io._names import Entry, Found, Limits


class File:
    """One entry, closed, that a reader may read whole or as a stream."""

    def __init__(self, entry: Entry, limits: Limits) -> None:
        self.entry = entry
        self._limits = limits
        self._head: bytes | None = None

    @property
    def name(self) -> str:
        """As reports show it."""
        return self.entry.name

    @property
    def size(self) -> int:
        """Bytes. Raises UnreadableInput for what cannot be opened."""
        entry = self.entry
        with explained(entry.name):
            if entry.inside:
                return opened(outer(entry), self._limits).size(entry.inside[-1])
            return _regular(entry).stat().st_size

    def head(self, size: int = 65_536) -> bytes:
        """The first bytes. Raises UnreadableInput for what cannot be opened."""
        if self._head is None or len(self._head) < size:
            with explained(self.entry.name), self.open() as file:
                self._head = file.read(size)
        return self._head[:size]

    def read(self) -> bytes:
        """The whole content. Raises UnreadableInput above the limit of one document."""
        return read(self.entry, self._limits)

    def open(self) -> BinaryIO:
        """A stream of the whole content, whatever its size. Raises UnreadableInput for what cannot be opened."""
        entry = self.entry
        with explained(entry.name):
            if not entry.inside:
                return _regular(entry).open("rb")
            if len(entry.inside) > 1:
                return BytesIO(member_bytes(entry, self._limits))
            return member_stream(entry, self._limits, self._limits.total)


def is_archive(found: Found) -> bool:
    """Tell a ZIP archive or a mail by its first bytes; an unreadable file is not one (reading it will say why)."""
    try:
        if not Path(found.path).is_file():
            return False
        with Path(found.path).open("rb") as file:
            return container_kind(file.read(HEAD)) is not None
    except OSError:
        return False


def read(entry: Entry, limits: Limits) -> bytes:
    """Read one entry whole. Raises UnreadableInput when it is larger than ``limits.document`` (before reading it)."""
    if entry.inside:
        return member_bytes(entry, limits)
    with explained(entry.name):
        path = _regular(entry)
        refuse_large(path.stat().st_size, entry.name, limits.document)
        with path.open("rb") as file:
            data = file.read(limits.document + 1)
    refuse_large(len(data), entry.name, limits.document)
    return data


def _regular(entry: Entry) -> Path:
    path = Path(entry.path)
    if not path.is_file():
        if not path.exists():
            raise FileNotFoundError(2, "No such file or directory")
        raise UnreadableInput(f"{entry.name}: not a regular file")
    return path
