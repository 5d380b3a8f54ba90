"""What is inside ZIP archives and mails: listed and read within bounds, in memory, containers inside containers too.

Sources: PKWARE APPNOTE 6.3 (ZIP); RFC 5322 and 2045 (mail).
"""

from __future__ import annotations

import io
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO, Protocol, cast

from semantix.errors import UnreadableInput
from semantix.io._mail import MailLimits, is_mail, parts
from semantix.io._names import MEGABYTE, Entry, Limits, megabytes, shown

ZIP_MAGIC = b"PK\x03\x04"
HEAD = 8192
ZIP, MAIL = "ZIP", "mail"
_OFFICE = (b"[Content_Types].xml", b"mimetypeapplication/vnd.oasis.opendocument", b"mimetypeapplication/epub")
_KEPT = 4
"""Containers kept open a process: the members of one archive are read one after the other."""


def container_kind(head: bytes) -> str | None:
    """``ZIP`` or ``mail`` for a file that holds others, by its first bytes; an Office document is none."""
    if head.startswith(ZIP_MAGIC):
        return None if any(mark in head for mark in _OFFICE) else ZIP
    return MAIL if is_mail(head) else None


class Container(Protocol):
    """A file that holds others."""

    def names(self) -> tuple[str, ...]:
        """The files in it, in its own order. Raises UnreadableInput when it breaks a limit."""

    def size(self, name: str) -> int:
        """How large a file says that it is, once opened. Raises UnreadableInput for a name that it does not hold."""

    def open(self, name: str) -> BinaryIO:
        """A stream of a file, whatever its size."""


def members(entry: Entry, limits: Limits) -> tuple[str, ...]:
    """List the files of a container in its own order.

    Raises UnreadableInput when it is damaged, too large once opened, encrypted, or holds a name that leaves it.
    """
    with explained(entry.name):
        return opened(entry, limits).names()


def opened(entry: Entry, limits: Limits) -> Container:
    """The container that an entry is, opened; several members of one are read one after the other at no new cost."""
    if len(entry.inside) >= limits.depth:
        raise UnreadableInput(f"{entry.name}: more than {limits.depth} containers one inside the other; not opened")
    try:
        stat = Path(entry.path).stat()
    except OSError as error:
        raise UnreadableInput(f"{entry.name}: cannot be opened: {error.strerror or type(error).__name__}") from None
    return _open(entry, limits, (stat.st_mtime_ns, stat.st_size))


@lru_cache(maxsize=_KEPT)
def _open(entry: Entry, limits: Limits, _: tuple[int, int]) -> Container:
    if not entry.inside:
        with Path(entry.path).open("rb") as file:
            head = file.read(HEAD)
            if container_kind(head) == MAIL:
                return Mail(_bounded(file, entry.name, limits, head), entry.name, limits)
        return Zip(entry.path, entry.name, limits)
    data = member_bytes(entry, limits)
    if container_kind(data[:HEAD]) == MAIL:
        return Mail(data, entry.name, limits)
    return Zip(io.BytesIO(data), entry.name, limits)


def outer(entry: Entry) -> Entry:
    """The container that an entry is in."""
    cut = len(entry.name) - len(shown(entry.inside[-1])) - 2
    label = len(entry.label) - len(shown(entry.inside[-1])) - 2
    return Entry(entry.path, entry.name[:cut], entry.label[:label], entry.inside[:-1])


def member_bytes(entry: Entry, limits: Limits) -> bytes:
    """A member whole. Raises UnreadableInput when it is larger than ``limits.document``, before reading it."""
    with explained(entry.name), member_stream(entry, limits, limits.document) as file:
        # The size declared may lie: never read past the limit.
        return _bounded(file, entry.name, limits)


def member_stream(entry: Entry, limits: Limits, most: int) -> BinaryIO:
    """A stream of a member that says to be of at most ``most`` bytes."""
    holder, name = opened(outer(entry), limits), entry.inside[-1]
    refuse_large(holder.size(name), entry.name, most)
    return holder.open(name)


def _bounded(file: BinaryIO, name: str, limits: Limits, head: bytes = b"") -> bytes:
    data = head + file.read(limits.document + 1 - len(head))
    refuse_large(len(data), name, limits.document)
    return data


def refuse_large(size: int, name: str, most: int) -> None:
    """Raise UnreadableInput for a size above a limit."""
    if size > most:
        raise UnreadableInput(
            f"{name}: file is {megabytes(size)} MB, the limit is {megabytes(most)} MB; raise with --max-size"
        )


@contextmanager
def explained(name: str) -> Iterator[None]:
    """Whatever a damaged archive makes its reader say becomes one clear line."""
    try:
        yield
    except UnreadableInput:
        raise
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError, ValueError) as error:
        raise UnreadableInput(f"{name}: a damaged or unknown kind of ZIP archive; send it again") from error
    except OSError as error:
        raise UnreadableInput(f"{name}: cannot be opened: {error.strerror or type(error).__name__}") from None


class Zip:
    """A ZIP archive."""

    def __init__(self, file: str | BinaryIO, name: str, limits: Limits) -> None:
        with explained(name):
            self._archive = zipfile.ZipFile(file)
        self._name, self._limits = name, limits

    def names(self) -> tuple[str, ...]:
        """The files in it, in its own order. Raises UnreadableInput when it breaks a limit."""
        infos = [info for info in self._archive.infolist() if not info.is_dir()]
        limits = self._limits
        if len(infos) > limits.entries:
            raise UnreadableInput(f"{self._name}: {len(infos)} files in the archive, the limit is {limits.entries}")
        total = sum(info.file_size for info in infos)
        if total > limits.total:
            words = f"{megabytes(total)} MB once opened, the limit is {megabytes(limits.total)} MB"
            raise UnreadableInput(f"{self._name}: the archive holds {words}; split it")
        names: set[str] = set()
        for info in infos:
            self._refuse(info)
            if info.filename in names:
                raise UnreadableInput(
                    f"{self._name}: two files of the archive have the same name; make the archive again"
                )
            names.add(info.filename)
        return tuple(info.filename for info in infos)

    def size(self, name: str) -> int:
        """How large a file says that it is."""
        return self._info(name).file_size

    def open(self, name: str) -> BinaryIO:
        """A stream of a file."""
        return cast("BinaryIO", self._archive.open(self._info(name)))

    def _info(self, name: str) -> zipfile.ZipInfo:
        try:
            info = self._archive.getinfo(name)
        except KeyError:
            raise UnreadableInput(f"{self._name}: no such file in the archive") from None
        self._refuse(info)
        return info

    def _refuse(self, info: zipfile.ZipInfo) -> None:
        parts = info.orig_filename.replace("\\", "/").split("/")
        if ".." in parts or parts[0] == "" or ":" in parts[0] or "\0" in info.orig_filename:
            words = f"a file name leaves the archive ({shown(info.orig_filename)}); not opened"
            raise UnreadableInput(f"{self._name}: {words}")
        if info.file_size > MEGABYTE and info.file_size > self._limits.ratio * max(info.compress_size, 1):
            words = f"swells more than {self._limits.ratio} times"
            raise UnreadableInput(f"{self._name}: {shown(info.filename)} {words} (a zip bomb?); not opened")
        if info.flag_bits & 1:
            raise UnreadableInput(f"{self._name}: the archive is encrypted; decrypt it first")


class Mail:
    """A mail: its attachments, and its body as one more part."""

    def __init__(self, data: bytes, name: str, limits: Limits) -> None:
        self._parts = {
            part.name: part.data for part in parts(data, name, MailLimits(parts=limits.entries, size=limits.document))
        }
        self._name = name

    def names(self) -> tuple[str, ...]:
        """The parts, in their order."""
        return tuple(self._parts)

    def size(self, name: str) -> int:
        """How large a part is."""
        return len(self._part(name))

    def open(self, name: str) -> BinaryIO:
        """A stream of a part."""
        return io.BytesIO(self._part(name))

    def _part(self, name: str) -> bytes:
        try:
            return self._parts[name]
        except KeyError:
            raise UnreadableInput(f"{self._name}: no such file in the mail") from None
