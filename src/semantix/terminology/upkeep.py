"""What is done to releases once they are in the store: verify their bytes, remove them."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

from msgspec import Struct

from semantix.errors import BadStore
from semantix.io import shown
from semantix.terminology.layout import DATABASE, REMOVED, digest, read_manifest, release_folders


class Verified(Struct, frozen=True):
    """The state of one release: ``problem`` is empty when its bytes are those of its import."""

    ref: str
    problem: str = ""


def verify(store: Path) -> tuple[Verified, ...]:
    """Check the checksum and the structure of every release. Raises BadStore only when there is no store."""
    return tuple(_verified(folder) for folder in release_folders(store))


def remove(store: Path, ref: str, *, dry_run: bool = False) -> str:
    """Remove the release ``name@version`` and return its name. Raises BadStore when there is none."""
    folders = {_ref(folder): folder for folder in release_folders(store)}
    folder = folders.get(ref)
    if folder is None:
        known = ", ".join(sorted(folders)) or "none"
        raise BadStore(f"{shown(ref)}: no such release in the store; there are: {known}")
    if dry_run:
        return ref
    try:
        # Out of sight in one step: a removal that is interrupted leaves no half of a release.
        gone = folder.with_name(f"{REMOVED}{folder.name}")
        shutil.rmtree(gone, ignore_errors=True)
        folder.replace(gone)
        shutil.rmtree(gone)
    except OSError as error:
        raise BadStore(f"{shown(ref)}: cannot be removed: {error.strerror or type(error).__name__}") from None
    return ref


def _ref(folder: Path) -> str:
    """The name of a release, by its folder when its manifest is damaged."""
    try:
        return read_manifest(folder).ref
    except BadStore:
        return folder.name


def _verified(folder: Path) -> Verified:
    try:
        manifest = read_manifest(folder)
    except BadStore as error:
        return Verified(folder.name, str(error))
    database = folder / DATABASE
    try:
        if database.stat().st_size != manifest.size:
            return Verified(manifest.ref, f"{DATABASE} has not the size of its import; import it again")
        if digest(database) != manifest.database.sha256:
            return Verified(manifest.ref, f"{DATABASE} has not the checksum of its import; import it again")
    except OSError as error:
        words = error.strerror or type(error).__name__
        return Verified(manifest.ref, f"{DATABASE} cannot be read: {words}; import it again")
    return Verified(manifest.ref, _structure(database))


def _structure(database: Path) -> str:
    connection = sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
    try:
        (answer,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        answer = type(error).__name__
    finally:
        connection.close()
    return "" if answer == "ok" else f"{DATABASE} is damaged inside: {answer}; import it again"
