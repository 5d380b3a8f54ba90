"""Files in and out: what is found under the paths given, read within limits, and written whole or not at all.

Nothing here knows what a file means. An :class:`Entry` names one readable thing (a file, or a member of a
ZIP archive) without opening it, so that a run over a million files holds names, never contents. Nothing is
ever extracted to disk.
"""

from __future__ import annotations

import lzma
import os
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from msgspec import Struct

from semantix.errors import BadTarget, UnreadableInput

MEGABYTE = 1_000_000
ZIP_MAGIC = b"PK\x03\x04"
_PART = re.compile(r"\..+\.(json|ndjson|html)\.part")
"""Files that :class:`Output` was writing when its process was killed."""
CANDIDATES = frozenset({".xml", ".zip"})
MANIFEST = "METADATA.XML"
"""The list of contents of an IHE XDM archive, in each of its ``IHE_XDM/*`` folders."""


class Limits(Struct, frozen=True):
    """What one input may weigh. ``ratio`` bounds how much a ZIP member larger than 1 MB may swell."""

    document: int = 100 * MEGABYTE
    entries: int = 10_000
    total: int = 2_000 * MEGABYTE
    ratio: int = 200


class Found(Struct, frozen=True):
    """One file to look into: its path, the name that reports give it, and its name below the folder given."""

    path: str
    name: str
    label: str


class Discovery(Struct, frozen=True):
    """The files to look into, in order, and how many of each other kind were passed over (``.pdf``, ``hidden``...)."""

    files: tuple[Found, ...]
    ignored: tuple[tuple[str, int], ...]


class Entry(Struct, frozen=True):
    """One readable thing: a file, or the ``member`` of the ZIP archive at ``path``; names as in :class:`Found`."""

    path: str
    name: str
    label: str
    member: str | None = None


def shown(path: str | os.PathLike[str]) -> str:
    """Return the name to show and to write: valid Unicode, no control character, ``/`` between folders."""
    text = os.fsencode(path).decode("utf-8", "replace").replace(os.sep, "/")
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


# --- discovery --------------------------------------------------------------------------------------------


def discover(paths: Iterable[Path]) -> Discovery:
    """Find the files under ``paths``: those named are all kept; in folders, ``.xml`` and ``.zip``, sorted, in depth.

    Hidden files, links to folders, XDM manifests and files seen already are counted as ignored.
    Raises UnreadableInput when a path does not exist.
    """
    files: list[Found] = []
    ignored: Counter[str] = Counter()
    seen: set[str] = set()
    for path in paths:
        for found, kind in _under(path):
            if kind is None and _is_first(found.path, seen):
                files.append(found)
            else:
                ignored[kind or "duplicate"] += 1
    return Discovery(tuple(files), tuple(sorted(ignored.items())))


def _under(path: Path) -> Iterator[tuple[Found, str | None]]:
    if path.is_dir():
        yield from _walk(path)
    elif path.exists():
        yield Found(str(path), shown(path), shown(path.name)), None
    else:
        raise UnreadableInput(f"{shown(path)}: no such file or folder")


def _walk(root: Path) -> Iterator[tuple[Found, str | None]]:
    for folder, names, files in os.walk(root):
        names[:] = sorted(name for name in names if not name.startswith("."))
        for name in sorted(files):
            path = os.path.join(folder, name)  # noqa: PTH118 - a Path each costs more than the rest of the walk
            yield Found(path, shown(path), shown(os.path.relpath(path, root))), _ignored_as(name)
        for name in names:
            path = os.path.join(folder, name)  # noqa: PTH118
            if os.path.islink(path):  # noqa: PTH114
                yield Found(path, shown(path), name), "linked folder"


def _ignored_as(name: str) -> str | None:
    """Return why a file of a folder is passed over, or None for a candidate."""
    if name.startswith("."):
        return "hidden"
    if name.upper() == MANIFEST:
        return "XDM manifest"
    suffix = Path(name).suffix.lower()
    if suffix in CANDIDATES:
        return None
    return shown(suffix) or "no extension"


def _is_first(path: str, seen: set[str]) -> bool:
    real = os.path.realpath(path)
    if real in seen:
        return False
    seen.add(real)
    return True


# --- reading ----------------------------------------------------------------------------------------------


def is_archive(found: Found) -> bool:
    """Tell a ZIP archive by its first bytes; an unreadable file is not one (reading it will say why)."""
    try:
        if not Path(found.path).is_file():
            return False
        with Path(found.path).open("rb") as file:
            return file.read(4) == ZIP_MAGIC
    except OSError:
        return False


def read(entry: Entry, limits: Limits) -> bytes:
    """Read one entry whole. Raises UnreadableInput when it is larger than ``limits.document`` (before reading it)."""
    if entry.member is None:
        return _read_file(entry, limits)
    with _open_archive(entry.path, entry.name) as archive:
        try:
            info = archive.getinfo(entry.member)
        except KeyError:
            raise UnreadableInput(f"{entry.name}: no such file in the archive") from None
        return _read_member(archive, info, entry.name, limits)


def _read_file(entry: Entry, limits: Limits) -> bytes:
    path = Path(entry.path)
    try:
        if not path.is_file():
            raise UnreadableInput(f"{entry.name}: not a regular file")
        _refuse_large(path.stat().st_size, entry.name, limits)
        with path.open("rb") as file:
            data = file.read(limits.document + 1)
    except OSError as error:
        raise UnreadableInput(f"{entry.name}: cannot be opened: {error.strerror or type(error).__name__}") from None
    _refuse_large(len(data), entry.name, limits)
    return data


def _refuse_large(size: int, name: str, limits: Limits) -> None:
    if size > limits.document:
        found, limit = megabytes(size), megabytes(limits.document)
        raise UnreadableInput(f"{name}: file is {found} MB, the limit is {limit} MB; raise with --max-size")


def megabytes(size: int) -> str:
    """Write a size in MB with at most one decimal: ``209``, ``0.5``."""
    return f"{size / MEGABYTE:.1f}".removesuffix(".0")


def members(found: Found, limits: Limits) -> tuple[str, ...]:
    """List the files of an archive in its own order.

    Raises UnreadableInput when it is damaged, too large once opened, encrypted, or holds a name that leaves
    it.
    """
    with _open_archive(found.path, found.name) as archive:
        infos = [info for info in archive.infolist() if not info.is_dir()]
    if len(infos) > limits.entries:
        raise UnreadableInput(f"{found.name}: {len(infos)} files in the archive, the limit is {limits.entries}")
    total = sum(info.file_size for info in infos)
    if total > limits.total:
        words = f"{megabytes(total)} MB once opened, the limit is {megabytes(limits.total)} MB"
        raise UnreadableInput(f"{found.name}: the archive holds {words}; split it")
    names: set[str] = set()
    for info in infos:
        _refuse_member(info, found.name, limits)
        if info.filename in names:
            raise UnreadableInput(f"{found.name}: two files of the archive have the same name; make the archive again")
        names.add(info.filename)
    return tuple(info.filename for info in infos)


def _refuse_member(info: zipfile.ZipInfo, name: str, limits: Limits) -> None:
    parts = info.orig_filename.replace("\\", "/").split("/")
    if ".." in parts or parts[0] == "" or ":" in parts[0] or "\0" in info.orig_filename:
        raise UnreadableInput(f"{name}: a file name leaves the archive ({shown(info.orig_filename)}); not opened")
    if info.file_size > MEGABYTE and info.file_size > limits.ratio * max(info.compress_size, 1):
        words = f"swells more than {limits.ratio} times"
        raise UnreadableInput(f"{name}: {shown(info.filename)} {words} (a zip bomb?); not opened")
    if info.flag_bits & 1:
        raise UnreadableInput(f"{name}: the archive is encrypted; decrypt it first")


@contextmanager
def _open_archive(path: str, name: str) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError, ValueError) as error:
        if isinstance(error, UnreadableInput):
            raise
        raise UnreadableInput(f"{name}: a damaged or unknown kind of ZIP archive; send it again") from None
    except OSError as error:
        raise UnreadableInput(f"{name}: cannot be opened: {error.strerror or type(error).__name__}") from None


def _read_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, limits: Limits) -> bytes:
    _refuse_member(info, name, limits)
    _refuse_large(info.file_size, name, limits)
    with archive.open(info) as file:
        # The size declared may lie: never read past the limit.
        data = file.read(limits.document + 1)
    _refuse_large(len(data), name, limits)
    return data


# --- writing ----------------------------------------------------------------------------------------------


class Output:
    """A file being written, which appears under its name only when it is complete. Raises BadTarget."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._part = path.with_name(f".{path.name}.part")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self._part.open("wb")
        except OSError as error:
            raise self._refused(error) from None

    def write(self, data: bytes) -> None:
        """Append bytes."""
        try:
            self._file.write(data)
        except OSError as error:
            raise self._refused(error) from None

    def complete(self) -> None:
        """Give the file its name."""
        try:
            self._file.close()
            self._part.replace(self._path)
        except OSError as error:
            raise self._refused(error) from None

    def discard(self) -> None:
        """Remove what was written."""
        with suppress(OSError):
            self._file.close()
        with suppress(OSError):
            self._part.unlink(missing_ok=True)

    def _refused(self, error: OSError) -> BadTarget:
        return BadTarget(f"{shown(self._path)}: cannot be written: {error.strerror or type(error).__name__}")

    def __enter__(self) -> Output:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Complete the file, or discard it when something failed."""
        try:
            if kind is None:
                self.complete()
        finally:
            self.discard()


def write_text(path: Path, text: str) -> None:
    """Write a small text file whole."""
    with Output(path) as file:
        file.write(text.encode("utf-8"))


def prepare_folder(path: Path, *, overwrite: bool) -> None:
    """Make sure that ``path`` is a folder to write in: new, empty, or with ``overwrite``. Raises BadTarget.

    What a killed run left unfinished there is no content: it is removed.
    """
    name = shown(path)
    try:
        path.mkdir(parents=True, exist_ok=True)
        for unfinished in (p for p in path.iterdir() if _PART.fullmatch(p.name) and p.is_file()):
            unfinished.unlink()
        is_empty = next(path.iterdir(), None) is None
    except FileExistsError:
        raise BadTarget(f"{name}: a folder was expected, this is a file") from None
    except OSError as error:
        raise BadTarget(f"{name}: cannot be written: {error.strerror or type(error).__name__}") from None
    if not is_empty and not overwrite:
        raise BadTarget(f"{name}: the folder is not empty; choose another one or use --overwrite")
