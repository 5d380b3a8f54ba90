"""Rule sets that the user has: installed from a folder or a ZIP, listed, found by name, removed.

``<home>/<name>/`` holds ``ruleset.json``, the files of the publication that are used (``content``), and what was
compiled of them. A folder whose name begins with a point is work in progress. The SHA-256 of a rule set is that of its
files in the order of their names: name, size, bytes.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import msgspec
from msgspec import Struct

from semantix.errors import BadRuleSet, UnreadableInput
from semantix.io import MEGABYTE, Entry, Found, Limits, is_archive, members, read, shown
from semantix.validation.rulesets.layout import is_kept, top_of

FORMAT = 1
MANIFEST = "ruleset.json"
CONTENT = "content"
COMPILED = "compiled"
LIMITS = Limits(document=1_000 * MEGABYTE, entries=100_000, total=4_000 * MEGABYTE)
"""What the source may weigh; the published tree has some 3,000 files."""
KEPT = 20_000
"""Files that one rule set may hold."""
_NOTICE = "README.md"
_HEAD = 4096
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


class Manifest(Struct, frozen=True, kw_only=True):
    """What a rule set is: its name, what it was installed from, and the digest of its files. It holds no date."""

    format: int = FORMAT
    name: str
    title: str
    digest: str
    files: int
    size: int


class Installed(Struct, frozen=True):
    """A rule set on disk. ``kept`` is false for the folder of a publication that is used where it lies."""

    manifest: Manifest
    folder: Path
    kept: bool = True

    @property
    def top(self) -> Path:
        """The folder in which the parts of the publication lie."""
        return self.folder / CONTENT if self.kept else self.folder


class Outcome(Struct, frozen=True):
    """What an installation did: ``status`` is ``installed``, ``replaced`` or ``already there``."""

    installed: Installed
    status: str


class _Files(Protocol):
    """The files of a source."""

    name: str

    def names(self) -> tuple[str, ...]:
        """Their paths, with ``/``."""

    def read(self, name: str) -> bytes:
        """The content of one."""


class _Folder:
    """The regular files under a folder; a link is never followed, so that nothing outside is read."""

    def __init__(self, path: Path) -> None:
        self.path, self.name = path, shown(path)

    def names(self) -> tuple[str, ...]:
        found: list[str] = []
        for folder, _, files in os.walk(self.path):
            here = Path(folder)
            found += [
                (here / each).relative_to(self.path).as_posix() for each in files if not (here / each).is_symlink()
            ]
            if len(found) > LIMITS.entries:
                raise BadRuleSet(
                    f"{self.name}: more than {LIMITS.entries} files; give the folder of the rule set itself"
                )
        return tuple(found)

    def read(self, name: str) -> bytes:
        return read(Entry(str(self.path / name), f"{self.name}/{name}", name), LIMITS)


class _Archive:
    """The files of a ZIP, read where they are."""

    def __init__(self, path: Path) -> None:
        self.name = shown(path)
        self._entry = Entry(str(path), self.name, path.name)

    def names(self) -> tuple[str, ...]:
        return members(self._entry, LIMITS)

    def read(self, name: str) -> bytes:
        return read(self._entry.member(name), LIMITS)


def install(source: Path, home: Path, name: str = "", *, replace: bool = False) -> Outcome:
    """Copy what is used of a publication under ``home``, whole or not at all. The same content again changes nothing.

    ``source`` is the folder or the ZIP of the publication; it may lie one level down. ``name`` is by default that of
    the source. Raises BadRuleSet.
    """
    files = _source(source)
    name = _checked_name(name or _UNSAFE.sub("-", source.resolve().stem).strip("-._") or "ruleset")
    try:
        top, kept = _kept(files)
        home.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=f".{name}-", dir=home))
        work.chmod(0o755)  # what is public may be read by others
        try:
            manifest = _copied(files, top, kept, work, Manifest(name=name, title="", digest="", files=0, size=0))
            return _placed(manifest, work, home, replace)
        finally:
            shutil.rmtree(work, ignore_errors=True)
    except UnreadableInput as error:
        raise BadRuleSet(str(error)) from None
    except OSError as error:
        raise BadRuleSet(f"{shown(home)}: cannot be written: {error.strerror or type(error).__name__}") from None


def _source(path: Path) -> _Files:
    if path.is_dir():
        return _Folder(path)
    if is_archive(Found(str(path), shown(path), path.name)):
        return _Archive(path)
    raise BadRuleSet(f"{shown(path)}: not a folder nor a ZIP archive; give the folder or the ZIP of the publication")


def _checked_name(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise BadRuleSet(
            f"{shown(name)}: no name for a rule set; letters, digits, '.', '_' and '-' are allowed (at most 64)"
        )
    return name


def _kept(files: _Files) -> tuple[str, list[str]]:
    names = files.names()
    top = top_of(names, files.name)
    kept = sorted(each[len(top) :] for each in names if each.startswith(top) and is_kept(each[len(top) :]))
    if len(kept) > KEPT:
        raise BadRuleSet(
            f"{files.name}: {len(kept)} files of rules found, at most {KEPT} expected; is it one rule set?"
        )
    return top, kept


def _copied(files: _Files, top: str, kept: list[str], work: Path, blank: Manifest) -> Manifest:
    sha, size = hashlib.sha256(), 0
    for each in kept:
        data = files.read(top + each)
        size += len(data)
        if size > LIMITS.total:
            raise BadRuleSet(f"{files.name}: more than {LIMITS.total // MEGABYTE} MB of rules; is it one rule set?")
        _digested(sha, each, data)
        target = work / CONTENT / each
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    title = _title(files, top) or Path(files.name).stem
    full = msgspec.structs.replace(blank, title=title, digest=sha.hexdigest(), files=len(kept), size=size)
    (work / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(full), indent=2) + b"\n")
    return full


def _digested(sha: hashlib._Hash, name: str, data: bytes) -> int:
    sha.update(f"{name}\0{len(data)}\0".encode())
    sha.update(data)
    return len(data)


def _title(files: _Files, top: str) -> str:
    """What the publication calls itself: the first heading of its notice."""
    if top + _NOTICE not in files.names():
        return ""
    lines = files.read(top + _NOTICE)[:_HEAD].decode("utf-8", "replace").splitlines()
    heading = next((line for line in lines if line.startswith("#")), "")
    return shown(heading.strip("# \t").removesuffix("#").strip())


def _placed(manifest: Manifest, work: Path, home: Path, replace: bool) -> Outcome:
    target = home / manifest.name
    if not target.exists():
        work.replace(target)
        return Outcome(Installed(manifest, target), "installed")
    there = _manifest(target)
    if there is not None and there.digest == manifest.digest:
        return Outcome(Installed(there, target), "already there")
    if not replace:
        raise BadRuleSet(
            f"{manifest.name}: a rule set of another content has this name; "
            "give another with --name, or --replace to replace it"
        )
    with tempfile.TemporaryDirectory(prefix=f".{manifest.name}-", dir=home) as old:
        target.replace(Path(old) / "old")
        work.replace(target)
    return Outcome(Installed(manifest, target), "replaced")


def installed(home: Path) -> tuple[Installed, ...]:
    """The rule sets of a home, sorted by name; empty when there is none. A damaged one is left out."""
    try:
        folders = sorted(each for each in home.iterdir() if _NAME.fullmatch(each.name))
    except OSError:
        return ()
    return tuple(_each(folders))


def _each(folders: list[Path]) -> Iterator[Installed]:
    for folder in folders:
        manifest = _manifest(folder)
        if manifest is not None:
            yield Installed(manifest, folder)


def _manifest(folder: Path) -> Manifest | None:
    try:
        manifest = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return None
    return manifest if manifest.format == FORMAT else None


def find(home: Path, name: str = "") -> Installed:
    """The rule set of that name; without one, the only one there is. Raises BadRuleSet."""
    known = installed(home)
    found = [each for each in known if not name or each.manifest.name == name]
    if len(found) == 1:
        return found[0]
    names = ", ".join(each.manifest.name for each in known) or "none"
    if not name and known:
        raise BadRuleSet(f"several rule sets are installed ({names}); name one")
    if name and (home / name).is_dir() and _NAME.fullmatch(name):
        raise BadRuleSet(
            f"{name}: its {MANIFEST} is missing, damaged or of another version; remove it and install it again"
        )
    asked = f"{shown(name)}: no such rule set" if name else "no rule set"
    raise BadRuleSet(f"{asked} is installed; there are: {names}; install one with `semantix ruleset install`")


def of_folder(folder: Path) -> Installed:
    """The publication in a folder, used where it lies: nothing is written there. Raises BadRuleSet."""
    files = _Folder(folder)
    top, kept = _kept(files)
    sha, size = hashlib.sha256(), 0
    for each in kept:
        size += _digested(sha, each, files.read(top + each))
    digest = sha.hexdigest()
    title = _title(files, top) or folder.resolve().name
    manifest = Manifest(name=folder.resolve().name, title=title, digest=digest, files=len(kept), size=size)
    return Installed(manifest, folder / top, kept=False)


def remove(home: Path, name: str, *, dry_run: bool = False) -> Path:
    """Remove a rule set, damaged or not, with what was compiled of it; return its folder. Raises BadRuleSet."""
    folder = home / name
    if not _NAME.fullmatch(name) or not folder.is_dir():
        names = ", ".join(each.manifest.name for each in installed(home)) or "none"
        raise BadRuleSet(f"{shown(name)}: no such rule set is installed; there are: {names}")
    if dry_run:
        return folder
    try:
        # Out of sight in one step: a removal that is interrupted leaves no half of a rule set.
        gone = Path(tempfile.mkdtemp(prefix=f".{name}-", dir=home))
        folder.replace(gone / "gone")
        shutil.rmtree(gone)
    except OSError as error:
        raise BadRuleSet(f"{name}: cannot be removed: {error.strerror or type(error).__name__}") from None
    return folder
