"""Import: which importer a source is for, its records compiled, the release put in the store whole or not at all."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath

import msgspec
from msgspec import Struct

from semantix.errors import BadRelease, BadStore, SemantixError, UnreadableInput
from semantix.io import shown
from semantix.terminology.compiling import Tell, compile_records
from semantix.terminology.layout import (
    DATABASE,
    MANIFEST,
    REMOVED,
    Input,
    Manifest,
    digest,
    encode_manifest,
    folder_name,
    read_manifest,
    settle,
)
from semantix.terminology.records import Record
from semantix.terminology.releases import IMPORTERS, Hints, Importer, Release
from semantix.terminology.source import Source
from semantix.terminology.store import Store

__all__ = ["UNKNOWN", "ImportReport", "Imported", "Refusal", "Tell", "Wishes", "import_source"]

UNKNOWN = "no importer knows it"
"""The reason of a file of a folder that is no terminology: a notice, a picture."""
_SHOWN = 8
_WORK = ".import-"
_OLD = ".replaced-"


class Wishes(Struct, frozen=True, kw_only=True):
    """What the user asks of an import: ``format`` names the importer, ``replace`` allows another content."""

    hints: Hints = Hints()
    format: str = ""
    replace: bool = False


class Imported(Struct, frozen=True):
    """One release that is in the store now. ``status`` is ``imported``, ``replaced`` or ``already there``.

    ``unknown`` counts, by system, the terms of a supplement whose code no release of the store defines.
    """

    status: str
    manifest: Manifest
    unknown: Mapping[str, int]


class Refusal(Struct, frozen=True):
    """One file of a folder or archive that was not imported, and why."""

    name: str
    reason: str


class ImportReport(Struct, frozen=True):
    """What became of a source."""

    source: str
    imported: tuple[Imported, ...]
    refused: tuple[Refusal, ...] = ()


class _Member(Source):
    """One file of an archive, seen as a source of its own."""

    def __init__(self, whole: Source, name: str) -> None:
        self.path = whole.path
        self.name = f"{whole.name}!/{shown(name)}"
        self.kind = whole.kind
        self.names = (name,)


def import_source(
    source: Source,
    store: Path,
    wishes: Wishes = Wishes(),  # noqa: B008 - a frozen value
    importers: tuple[Importer, ...] = IMPORTERS,
    tell: Tell | None = None,
) -> ImportReport:
    """Compile a source into the store: the release that it is, or those that its files are.

    Raises BadRelease when no importer knows it or several do, when it is not what it claims to be, or when the store
    holds another content under its name; UnreadableInput when it is damaged; BadStore when the store cannot be written.
    """
    candidates = _named(importers, wishes.format)
    claiming = [each for each in candidates if each.claims(source, wishes.hints)]
    if not claiming and wishes.format and len(source.names) == 1:
        # The user knows better than a first look: the reader will say what is wrong.
        claiming = list(candidates)
    if len(claiming) > 1:
        names = ", ".join(f"{each.name} ({each.title})" for each in claiming)
        raise BadRelease(f"{source.name}: several formats claim it: {names}; choose one with --format")
    if claiming:
        return ImportReport(source.name, (_import_one(source, store, wishes, claiming[0], tell),))
    if source.kind == "file" or len(source.names) == 0:
        raise BadRelease(_unknown(source, importers))
    return _import_members(source, store, wishes, importers, tell)


def _import_members(
    source: Source, store: Path, wishes: Wishes, importers: tuple[Importer, ...], tell: Tell | None
) -> ImportReport:
    """Try each file of a folder or archive on its own."""
    imported: list[Imported] = []
    refused: list[Refusal] = []
    claimed = False
    for name in source.names:
        try:
            member = Source(source.path / name) if source.kind == "folder" else _Member(source, name)
            claiming = [e for e in _named(importers, wishes.format) if e.claims(member, wishes.hints)]
            if not claiming:
                refused.append(Refusal(shown(name), UNKNOWN))
                continue
            claimed = True
            if len(claiming) > 1:
                raise BadRelease(f"several formats claim it: {', '.join(e.name for e in claiming)}")
            imported.append(_import_one(member, store, wishes, claiming[0], tell))
        except (BadRelease, UnreadableInput) as error:
            refused.append(Refusal(shown(name), str(error)))
    if not claimed:
        raise BadRelease(_unknown(source, importers))
    if not imported:
        raise BadRelease(f"{source.name}: nothing could be imported: " + "; ".join(
            f"{each.name}: {each.reason}" for each in refused if each.reason != UNKNOWN
        ))  # fmt: skip
    return ImportReport(source.name, tuple(imported), tuple(refused))


def _import_one(source: Source, store: Path, wishes: Wishes, importer: Importer, tell: Tell | None) -> Imported:
    release = _versioned(importer.describe(source, wishes.hints), source, wishes.hints)
    manifest = Manifest(
        importer=importer.name,
        name=release.name,
        version=release.version,
        systems=release.systems,
        supplement=release.supplement,
        licence=release.licence,
        hints=_given(wishes.hints),
        inputs=(Input(source.name, source.sha256()),),
        database=Input(DATABASE, ""),
        size=0,
        counts={},
    )
    target = store / folder_name(release.name, release.version)
    present = _present(target, wishes.replace)
    if present and _sources(present) == _sources(manifest):
        return Imported("already there", present, _unknown_terms(store, present))
    with _workshop(store) as work:
        manifest = _compile(source.name, importer.read(source, wishes.hints), manifest, work, tell)
        if present and present.database == manifest.database:
            return Imported("already there", present, _unknown_terms(store, present))
        if present and not wishes.replace:
            raise BadRelease(
                f"{source.name}: the store holds {manifest.ref} with another content; replace it with --replace"
            )
        _publish(work, target)
    status = "replaced" if present else "imported"
    return Imported(status, manifest, _unknown_terms(store, manifest))


def _compile(source: str, records: Iterable[Record], manifest: Manifest, work: Path, tell: Tell | None) -> Manifest:
    """Write the database and the manifest of a release in a folder of their own."""
    database = work / DATABASE
    try:
        compiled = compile_records(records, database, tell)
    except BadRelease as error:
        if source in str(error):
            raise
        raise BadRelease(f"{source}: {error}") from None
    except sqlite3.OperationalError as error:
        raise BadStore(f"{shown(work.parent)}: cannot be written: {error}") from None
    full = msgspec.structs.replace(
        manifest,
        database=Input(DATABASE, digest(database)),
        size=database.stat().st_size,
        counts=compiled.counts,
        skipped=compiled.skipped,
        searchable=compiled.searchable,
    )
    (work / MANIFEST).write_bytes(encode_manifest(full))
    for path in (database, work / MANIFEST, work):
        settle(path)
    return full


def _named(importers: tuple[Importer, ...], name: str) -> tuple[Importer, ...]:
    if not name:
        return importers
    found = tuple(each for each in importers if each.name == name)
    if not found:
        known = ", ".join(each.name for each in importers)
        raise BadRelease(f"--format {name}: no such format; the formats are {known}")
    return found


def _versioned(release: Release, source: Source, hints: Hints) -> Release:
    version = release.version or hints.version
    if not version:
        raise BadRelease(f"{source.name}: nothing in it says its version; give it with --version")
    return msgspec.structs.replace(release, version=version)


def _given(hints: Hints) -> dict[str, str]:
    return {field: value for field in hints.__struct_fields__ if (value := getattr(hints, field))}


def _sources(manifest: Manifest) -> tuple[object, ...]:
    """What makes two imports of one release the same, without compiling anything."""
    return manifest.importer, manifest.hints, tuple(each.sha256 for each in manifest.inputs)


def _present(target: Path, replace: bool) -> Manifest | None:
    """The release that the store holds under this name; a damaged one counts as none when it is to be replaced."""
    if not target.exists():
        return None
    try:
        return read_manifest(target)
    except BadStore:
        if replace:
            return None
        raise


# --- words for a source that nobody knows -----------------------------------------------------------------------


def _unknown(source: Source, importers: tuple[Importer, ...]) -> str:
    """Say what was found, never a value of the file: it may be a patient's."""
    names = [PurePosixPath(name).name for name in source.names]
    found = ", ".join(shown(name) for name in names[:_SHOWN]) + (", ..." if len(names) > _SHOWN else "")
    if source.kind == "file":
        found = _shape(source.head(source.names[0], 4096))
    known = ", ".join(each.name for each in importers)
    return f"{source.name}: no format that semantix knows; found {found or 'no file'}; the formats are {known}"


def _shape(head: bytes) -> str:
    if not head:
        return "an empty file"
    line = head.splitlines()[0]
    if b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "a binary file"
    if line.lstrip(b"\xef\xbb\xbf \t").startswith(b"<"):
        return "an XML file"
    if line.lstrip(b"\xef\xbb\xbf \t").startswith((b"{", b"[")):
        return "a JSON file"
    separators = {"tab": b"\t", "semicolon": b";", "bar": b"|", "comma": b","}
    best = max(separators, key=lambda name: line.count(separators[name]))
    columns = line.count(separators[best]) + 1
    return f"{columns} columns separated by a {best}" if columns > 1 else "a text without columns"


# --- the folder of the store ------------------------------------------------------------------------------------


@contextmanager
def _workshop(store: Path) -> Iterator[Path]:
    """Give a folder beside the releases to build one in; nothing of it stays unless it is published."""
    try:
        store.mkdir(parents=True, exist_ok=True)
        _tidy(store)
        work = Path(tempfile.mkdtemp(prefix=f"{_WORK}{os.getpid()}-", dir=store))
        work.chmod(0o755)
    except OSError as error:
        raise _unwritable(store, error) from None
    try:
        yield work
    except OSError as error:
        if isinstance(error, SemantixError):
            raise
        raise _unwritable(store, error) from None
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _publish(work: Path, target: Path) -> None:
    """Give a finished release its name; the one that it replaces goes last."""
    old = target.with_name(f"{_OLD}{os.getpid()}-{target.name}")
    if target.exists():
        target.replace(old)
    try:
        work.replace(target)
    except OSError:
        if old.exists():
            old.replace(target)
        raise
    settle(target.parent)
    shutil.rmtree(old, ignore_errors=True)


def _tidy(store: Path) -> None:
    """Remove what killed imports left, and bring back a release that one was about to replace."""
    for path in store.iterdir():
        if path.name.startswith(REMOVED):
            shutil.rmtree(path, ignore_errors=True)
        for mark in (_WORK, _OLD):
            if path.name.startswith(mark):
                process, _, name = path.name.removeprefix(mark).partition("-")
                if _is_alive(process):
                    continue
                if mark == _OLD and not (store / name).exists():
                    path.replace(store / name)
                else:
                    shutil.rmtree(path, ignore_errors=True)


def _is_alive(process: str) -> bool:
    try:
        os.kill(int(process), 0)
    except (ValueError, OverflowError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return True


def _unwritable(store: Path, error: OSError) -> BadStore:
    return BadStore(f"{shown(store)}: cannot be written: {error.strerror or type(error).__name__}")


def _unknown_terms(store: Path, manifest: Manifest) -> dict[str, int]:
    """Count a supplement's terms whose code nobody defines, in the systems that another release defines."""
    found: dict[str, int] = {}
    if not manifest.supplement:
        return found
    with suppress(BadStore), Store.open(store) as opened:
        volume = opened.volume(manifest.ref)
        for system in opened.systems() if volume else ():
            assert volume is not None
            lost = sum(n for code, n in volume.unknown_terms(system) if opened.lookup(system, code) is None)
            if lost:
                found[system] = lost
    return found
