"""A folder that is replaced as a whole: the new generation is built beside it, then takes its name.

The folder holds ``index.json``, which lists every file that was written there: only those are ever removed, and a
folder that holds anything else is refused. Files that do not change are hard links, so a generation costs what changes.
Beside ``<folder>`` stand, only while it is replaced, ``.<folder>.new`` (what is built) and ``.<folder>.old`` (what
goes). Two renames make the change; :func:`recover` ends what a killed process left between them.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from hashlib import file_digest
from pathlib import Path
from types import TracebackType
from typing import Self

import duckdb
import msgspec
from msgspec import Struct

from semantix.errors import BadTarget, SemantixError
from semantix.io import shown

INDEX = "index.json"
_BUILDING = ".building"
"""Says that a folder is an unfinished generation, of which nothing is worth keeping."""
_MANY = 64
"""Files beyond which it is quicker to wait for the whole disk than for each."""
_NO_LINK = (OSError, NotImplementedError)


class Kept(Struct, frozen=True, omit_defaults=True):
    """One file of a generation; ``count`` are its lines or rows, ``signature`` tells what it was made from."""

    size: int
    sha256: str
    count: int = 0
    signature: str = ""


class Index(Struct, frozen=True):
    """What a folder holds: the sort of target, the number of its publication, and each file by its place in it."""

    kind: str
    number: int = 0
    counts: Mapping[str, int] = {}
    files: Mapping[str, Kept] = {}


def recover(target: Path) -> None:
    """Finish or undo the replacement that a killed process left. Raises BadTarget."""
    new, old = _beside(target)
    with explained(target):
        if not target.exists() and old.exists():
            # Between the two renames: the new generation was whole before the first. (Else somebody took it away.)
            whole = next((folder for folder in (new, old) if (folder / INDEX).exists()), None)
            if whole is not None:
                whole.rename(target)
                _sync(target.parent)
        for left in (new, old):
            _remove(left)


def read_index(target: Path, kind: str) -> Index:
    """What stands in the folder, number 0 when nothing does. Raises BadTarget when it is not ours or was changed."""
    name = shown(target)
    with explained(target):
        if not target.exists():
            return Index(kind)
        if not target.is_dir():
            raise BadTarget(f"{name}: a folder was expected, this is a file; choose another target")
        found = dict(_files(target))
        index = _parsed(target) if INDEX in found else Index(kind)
    _refuse_others(name, found, index, kind)
    return index


def _refuse_others(name: str, found: Mapping[str, int], index: Index, kind: str) -> None:
    foreign = sorted(set(found) - set(index.files) - {INDEX})
    if foreign:
        words = f"holds files that no run wrote ({shown(Path(foreign[0]))})"
        raise BadTarget(f"{name}: {words}; nothing is replaced there, move them or choose another folder")
    if index.kind != kind:
        raise BadTarget(f"{name}: holds a target of another sort ({index.kind}), {kind} was expected; choose another")
    changed = sorted(path for path, kept in index.files.items() if found.get(path) != kept.size)
    if changed:
        words = f"was changed since it was published ({shown(Path(changed[0]))})"
        raise BadTarget(f"{name}: {words}; move the folder away, and it is written whole again")


def _parsed(folder: Path) -> Index:
    try:
        return msgspec.json.decode((folder / INDEX).read_bytes(), type=Index)
    except msgspec.MsgspecError:
        words = f"{INDEX} is not one that a run wrote"
        raise BadTarget(f"{shown(folder)}: {words}; nothing is replaced there, choose another folder") from None


class Generation:
    """The next state of a folder. Files are written at :meth:`path` and told to :meth:`take`, or taken over unchanged.

    As a context, it leaves the folder as it was unless :meth:`finish` was reached.
    """

    def __init__(self, target: Path, previous: Index) -> None:
        self._target = target
        self._previous = previous
        self._new, self._old = _beside(target)
        self._files: dict[str, Kept] = {}
        self._folders: set[Path] = set()
        self._written: list[Path] = []

    def __enter__(self) -> Self:
        recover(self._target)
        with explained(self._target):
            self._target.parent.mkdir(parents=True, exist_ok=True)
            self._new.mkdir()
            (self._new / _BUILDING).touch()
            if self._target.exists():
                shutil.copymode(self._target, self._new)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            with suppress(BadTarget):
                recover(self._target)

    def path(self, name: str) -> Path:
        """Where to write a file of this generation."""
        path = self._new / name
        if path.parent not in self._folders:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._folders.add(path.parent)
        return path

    def keep(self, name: str) -> None:
        """Take a file of the previous generation as it is."""
        old, new = self._target / name, self.path(name)
        try:
            new.hardlink_to(old)
        except OSError:
            # Some file systems have no links, others count them.
            shutil.copy2(old, new)
            self._written.append(new)
        self._files[name] = self._previous.files[name]

    def take(self, name: str, count: int, signature: str = "") -> None:
        """Count a file that was written at its :meth:`path`."""
        path = self._new / name
        self._written.append(path)
        with path.open("rb") as file:
            digest = file_digest(file, "sha256").hexdigest()
        self._files[name] = Kept(path.stat().st_size, digest, count, signature)

    def finish(self, number: int, counts: Mapping[str, int]) -> None:
        """Put this generation in the place of the previous one, of which nothing is left."""
        index = Index(self._previous.kind, number, dict(counts), dict(sorted(self._files.items())))
        written = self._new / INDEX
        written.write_bytes(msgspec.json.format(msgspec.json.encode(index), indent=1) + b"\n")
        folders = {self._new, *self._folders, *(folder.parent for folder in self._folders)} - {self._new.parent}
        _sync_all([*self._written, written, *sorted(folders, reverse=True)])
        # What was put there meanwhile by somebody else would go with the old folder.
        read_index(self._target, self._previous.kind)
        (self._new / _BUILDING).unlink()
        if self._target.exists():
            self._target.rename(self._old)
        self._new.rename(self._target)
        _sync(self._target.parent)
        _remove(self._old)


@contextmanager
def explained(target: Path | str) -> Iterator[None]:
    """Say in one line what the system refused. Raises BadTarget."""
    try:
        yield
    except SemantixError:
        raise
    except duckdb.OutOfMemoryException as error:
        raise BadTarget(f"{shown(target)}: cannot be written: no memory or no room for temporary files") from error
    except duckdb.IOException as error:
        words = "the disk is full, or what is staged cannot be read back"
        raise BadTarget(f"{shown(target)}: cannot be written: {words}") from error
    except OSError as error:
        raise BadTarget(f"{shown(target)}: cannot be written: {error.strerror or type(error).__name__}") from error


def _beside(target: Path) -> tuple[Path, Path]:
    return target.with_name(f".{target.name}.new"), target.with_name(f".{target.name}.old")


def _files(folder: Path) -> Iterator[tuple[str, int]]:
    """Each file below a folder, by its place in it, with its size; a link is taken as a file of nobody."""
    waiting = [folder]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(Path(entry.path))
                else:
                    place = Path(entry.path).relative_to(folder).as_posix()
                    yield place, entry.stat(follow_symlinks=False).st_size


def _remove(folder: Path) -> None:
    """Remove a generation and nothing else; what says that it is one goes last, so that this can be done again."""
    if not folder.exists():
        return
    is_unfinished = (folder / _BUILDING).exists()
    last = _BUILDING if is_unfinished else INDEX
    found = {name for name, _ in _files(folder)}
    ours = found if is_unfinished else set(_parsed(folder).files) if INDEX in found else set()
    foreign = sorted(found - ours - {last})
    if foreign:
        words = f"holds files that no run wrote ({shown(Path(foreign[0]))})"
        raise BadTarget(f"{shown(folder)}: {words}; it was left by a run that was stopped: move them elsewhere")
    for name in sorted(found - {last}):
        (folder / name).unlink()
    below = sorted((path for path in folder.rglob("*") if path.is_dir()), reverse=True)
    for path in below:
        path.rmdir()
    if last in found:
        (folder / last).unlink()
    folder.rmdir()


def _sync(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sync_all(paths: list[Path]) -> None:
    if len(paths) > _MANY and sys.platform == "linux":
        # Elsewhere the call does not wait for the disk.
        os.sync()
    else:
        for path in paths:
            _sync(path)
