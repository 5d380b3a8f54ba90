"""The moment when a new target takes the place of the old one, and what may stand in that place.

Everything is written beside the target first; the old files wait under another name until the keys are kept too, and
come back if anything fails. Only files that this sink writes are ever moved or removed.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb

from semantix.emitters.omop.schema import SCHEMA
from semantix.errors import BadTarget, SemantixError
from semantix.io import shown

_MAGIC = b"DUCK"


def check_target(target: Path, kind: str, *, overwrite: bool, beside: Iterable[Path] = ()) -> None:
    """Refuse a target that exists and may not be replaced, or that holds anything but what this sink writes.

    ``beside`` are files that the caller itself writes there, such as a report. Raises BadTarget.
    """
    name = shown(target)
    if not target.name:
        raise BadTarget(f"{name}: is not a name to write under; choose a file or a folder")
    if kind == "duckdb":
        _check_file(target, name, overwrite)
    else:
        _check_folder(target, name, kind, overwrite, {p.name for p in beside if p.parent.resolve() == target})


def _check_file(target: Path, name: str, overwrite: bool) -> None:
    if target.is_dir():
        raise BadTarget(f"{name}: is a folder; the database is one file, give its name")
    if not target.exists():
        return
    if not overwrite:
        raise BadTarget(f"{name} exists; choose another target or ask for it to be overwritten (--overwrite)")
    with target.open("rb") as file:
        head = file.read(12)
    if head and head[8:12] != _MAGIC:
        raise BadTarget(f"{name}: is not a DuckDB database, so it is not overwritten; choose another target")


def _check_folder(target: Path, name: str, kind: str, overwrite: bool, allowed: set[str]) -> None:
    if not target.exists():
        return
    if not target.is_dir():
        raise BadTarget(f"{name}: a folder was expected, this is a file")
    known = allowed | {f"{table}.{kind}" for table in SCHEMA}
    found = [path for path in target.iterdir() if not is_waiting(path.name)]
    if found and not overwrite:
        raise BadTarget(f"{name}: exists and is not empty; choose another folder or use --overwrite")
    foreign = [path.name for path in found if path.name not in known]
    if foreign:
        words = f"holds files that are no tables of an earlier run ({shown(min(foreign))})"
        raise BadTarget(f"{name}: {words}; nothing is overwritten there, choose another folder")


def is_waiting(name: str) -> bool:
    """True for the files and folders that a run keeps beside its target while it works."""
    return name.startswith(".") and name.endswith((".part", ".old"))


class Replacement:
    """New files put in the place of old ones, which come back on :meth:`undo` and go on :meth:`finish`."""

    def __init__(self, target: Path, *, is_folder: bool) -> None:
        self._target = target
        self._is_folder = is_folder
        self._home = target if is_folder else target.parent
        self._made = is_folder and not target.exists()
        self._home.mkdir(parents=True, exist_ok=True)
        self._new = self._fresh(self._home / f".{target.name}.part")
        self._old = self._fresh(self._home / f".{target.name}.old")
        self._done: list[tuple[Path, Path | None]] = []

    @staticmethod
    def _fresh(folder: Path) -> Path:
        """A folder that only its owner reads; what a killed run left there goes."""
        _remove(folder)
        folder.mkdir(mode=0o700)
        return folder

    def put(self, produced: Path) -> None:
        """Bring a file, or the files of a folder, beside the target, then under their names."""
        files = sorted(produced.iterdir()) if self._is_folder else [produced]
        pairs = []
        for file in files:
            final = self._home / (file.name if self._is_folder else self._target.name)
            pairs.append((Path(shutil.move(file, self._new / final.name)), final))
        for new, final in pairs:
            old = self._old / final.name if final.exists() else None
            self._done.append((final, old))
            if old is not None:
                final.replace(old)
            new.replace(final)

    def undo(self) -> None:
        """Put the old files back."""
        for final, old in reversed(self._done):
            with suppress(OSError):
                if old is None:
                    final.unlink(missing_ok=True)
                else:
                    old.replace(final)
        self._done.clear()
        self.finish()
        if self._made:
            with suppress(OSError):
                self._target.rmdir()

    def finish(self) -> None:
        """Remove the old files."""
        for folder in (self._new, self._old):
            shutil.rmtree(folder, ignore_errors=True)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


@contextmanager
def explained(target: Path, keys: Path) -> Iterator[None]:
    """Say in one line what the system refused: a full disk, a file in use, a file that is not what it should be."""
    try:
        yield
    except SemantixError:
        raise
    except sqlite3.Error as error:
        raise BadTarget(f"{shown(keys)}: {_of_keys(error)}") from error
    except (duckdb.IOException, duckdb.OutOfMemoryException) as error:
        words = "the disk is full, or the file cannot be read back"
        raise BadTarget(f"{shown(target)}: cannot be written: {words} ({type(error).__name__})") from error
    except OSError as error:
        raise BadTarget(f"{shown(target)}: cannot be written: {error.strerror or type(error).__name__}") from error


def _of_keys(error: sqlite3.Error) -> str:
    words = str(error)
    if "locked" in words:
        return "the key file is in use by another run on the same target; wait for its end"
    if "not a database" in words or "malformed" in words:
        return "is not a key file of semantix, or is damaged; restore it, or move it away to give new keys"
    if "full" in words:
        return "the key file cannot be written: the disk is full"
    return f"the key file cannot be used ({words})"
