"""What the user gives to import: one file, a folder, or an archive (ZIP, TGZ), seen as named streams of bytes.

Members are found by base name, because a release may or may not have a top folder. An archive is bounded, nothing is
ever extracted to disk, and a name that leaves the archive is refused.
"""

from __future__ import annotations

import fnmatch
import hashlib
import os
import tarfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO

from semantix.errors import UnreadableInput
from semantix.io import ZIP_MAGIC, shown

GIGABYTE = 1_000_000_000
MEMBERS = 200_000
TOTAL = 40 * GIGABYTE
RATIO = 400
ENCRYPTED = 0x1
"""The flag of a member of a ZIP archive that needs a password (PKWARE APPNOTE 4.4.4)."""
GZIP_MAGIC = b"\x1f\x8b"
_CHUNK = 1 << 20


class Source:
    """A file, a folder or an archive. ``names`` are relative, ``/``-separated, sorted; hidden files are left out."""

    def __init__(self, path: Path) -> None:
        """Look at ``path`` without reading its content. Raises UnreadableInput when it cannot be a source."""
        self.path = path
        self.name = shown(path.name)
        self.kind = _kind(path)
        self.names = tuple(sorted(self._list()))

    def find(self, pattern: str) -> tuple[str, ...]:
        """Return the members whose base name matches a shell pattern, whatever its case, sorted."""
        wanted = pattern.lower()
        return tuple(n for n in self.names if fnmatch.fnmatchcase(PurePosixPath(n).name.lower().strip(), wanted))

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        """Open one member for reading. Raises UnreadableInput when it is damaged."""
        try:
            if self.kind == "file":
                with self.path.open("rb") as file:
                    yield file
            elif self.kind == "folder":
                with (self.path / name).open("rb") as file:
                    yield file
            elif self.kind == "zip":
                with zipfile.ZipFile(self.path) as archive, archive.open(name) as member:
                    yield member
            else:
                with tarfile.open(self.path, "r:gz") as tar:
                    member_file = tar.extractfile(name)
                    if member_file is None:
                        raise UnreadableInput(f"{self.name}: {shown(name)} is not a regular file")
                    yield member_file
        except (zipfile.BadZipFile, tarfile.TarError, EOFError, NotImplementedError, OSError) as error:
            if isinstance(error, UnreadableInput):
                raise
            raise UnreadableInput(f"{self.name}: {shown(name)} cannot be read ({type(error).__name__})") from None

    def read(self, name: str) -> bytes:
        """Read one member whole."""
        with self.open(name) as file:
            return file.read()

    def head(self, name: str, size: int = 65_536) -> bytes:
        """Read the first bytes of one member."""
        with self.open(name) as file:
            return file.read(size)

    def each(self, names: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """Read many members whole, in one pass over a compressed archive, which cannot be entered in the middle."""
        if self.kind != "tgz":
            for name in names:
                yield name, self.read(name)
            return
        wanted = frozenset(names)
        try:
            with tarfile.open(self.path, "r:gz") as tar:
                for member in tar:
                    if member.isfile() and member.name in wanted and (file := tar.extractfile(member)):
                        yield member.name, file.read()
        except (tarfile.TarError, EOFError, OSError) as error:
            raise UnreadableInput(f"{self.name}: a damaged archive ({type(error).__name__})") from None

    def sha256(self) -> str:
        """Digest the file given, or the names and contents of a folder's files."""
        digest = hashlib.sha256()
        for name in self.names if self.kind == "folder" else ("",):
            path = self.path / name if name else self.path
            digest.update(name.encode("utf-8", "surrogateescape"))
            with path.open("rb") as file:
                while chunk := file.read(_CHUNK):
                    digest.update(chunk)
        return digest.hexdigest()

    def _list(self) -> Iterator[str]:
        if self.kind == "file":
            yield self.path.name
        elif self.kind == "folder":
            for folder, folders, files in os.walk(self.path):
                folders[:] = [each for each in folders if not each.startswith(".")]
                for file in files:
                    if not file.startswith("."):
                        yield (Path(folder) / file).relative_to(self.path).as_posix()
        else:
            yield from self._members()

    def _members(self) -> Iterator[str]:
        total = 0
        for count, (name, size, packed) in enumerate(self._infos(), 1):
            total += size
            if count > MEMBERS or total > TOTAL:
                raise UnreadableInput(f"{self.name}: more than {MEMBERS} files or {TOTAL // GIGABYTE} GB once opened")
            if ".." in name.replace("\\", "/").split("/") or name.startswith(("/", "\\")) or ":" in name[:3]:
                raise UnreadableInput(f"{self.name}: a file name leaves the archive ({shown(name)}); not opened")
            if packed and size > _CHUNK and size > RATIO * packed:
                raise UnreadableInput(f"{self.name}: {shown(name)} swells more than {RATIO} times; not opened")
            yield name

    def _infos(self) -> Iterator[tuple[str, int, int]]:
        try:
            if self.kind == "zip":
                with zipfile.ZipFile(self.path) as archive:
                    for info in archive.infolist():
                        if info.flag_bits & ENCRYPTED:
                            raise UnreadableInput(f"{self.name}: encrypted; give the files that it holds")
                        if not info.is_dir():
                            yield info.filename, info.file_size, max(info.compress_size, 1)
            else:
                with tarfile.open(self.path, "r:gz") as tar:
                    for member in tar:
                        if member.isfile():
                            yield member.name, member.size, 0
        except (zipfile.BadZipFile, tarfile.TarError, EOFError, OSError) as error:
            if isinstance(error, UnreadableInput):
                raise
            raise UnreadableInput(
                f"{self.name}: a damaged archive ({type(error).__name__}); download it again"
            ) from None


def _kind(path: Path) -> str:
    if path.is_dir():
        return "folder"
    try:
        with path.open("rb") as file:
            magic = file.read(4)
    except OSError as error:
        raise UnreadableInput(f"{shown(path)}: cannot be opened: {error.strerror or type(error).__name__}") from None
    # An OOXML workbook is a ZIP archive too, and one file for us.
    if magic == ZIP_MAGIC and path.suffix.lower() not in {".xlsx", ".xlsm", ".ods"}:
        return "zip"
    if magic[:2] == GZIP_MAGIC:
        return "tgz"
    return "file"
