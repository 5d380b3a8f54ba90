"""How a store lies on disk: one folder a release, its compiled database and its manifest.

``<store>/<name>@<version>/`` holds ``release.sqlite`` and ``manifest.json``. Hidden folders are work in progress; any
other folder without ``@`` (``learned/``) is not a release.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import msgspec
from msgspec import Struct

from semantix.errors import BadStore
from semantix.io import shown
from semantix.terminology.records import Skipped

FORMAT = 1
"""To be raised when the tables of a database or the fields of a manifest change."""
MANIFEST = "manifest.json"
DATABASE = "release.sqlite"
REMOVED = ".removed-"
"""What the folder of a release begins with while it is removed."""
COLLECTION = 5
"""A release that describes more systems than this is a collection: it speaks after the system's own release."""
_CHUNK = 1 << 20
_UNSAFE = re.compile(r"[^A-Za-z0-9._+-]+")
_DIGEST = re.compile(r"(?=.*[a-f])[0-9a-f]{12,64}")
_PARTS = re.compile(r"\d+|[a-z]+")


class Input(Struct, frozen=True):
    """One source that a release was compiled from."""

    name: str
    sha256: str


class Count(Struct, frozen=True):
    """How many records of each kind a release holds in one system; a link counts in the system it starts from.

    ``foreign`` are the concepts whose display is stated to be in another language than French.
    """

    concepts: int = 0
    terms: int = 0
    parents: int = 0
    links: int = 0
    successors: int = 0
    foreign: int = 0


class Manifest(Struct, frozen=True, kw_only=True):
    """What a release is, what it was made from and what was left out. It holds no date: same input, same bytes."""

    format: int = FORMAT
    importer: str
    name: str
    version: str
    systems: tuple[str, ...]
    supplement: bool = False
    licence: str = ""
    hints: Mapping[str, str] = MappingProxyType({})
    inputs: tuple[Input, ...]
    database: Input
    size: int
    searchable: bool = True
    counts: Mapping[str, Count]
    skipped: tuple[Skipped, ...] = ()

    @property
    def ref(self) -> str:
        """The name by which evidence and commands call it: ``cim10-atih@2021``."""
        return f"{self.name}@{self.version}"

    def total(self) -> Count:
        """Sum over the systems."""
        counts = tuple(self.counts.values())
        return Count(*(sum(getattr(each, field) for each in counts) for field in Count.__struct_fields__))


def folder_name(name: str, version: str) -> str:
    """Return the folder of a release: characters that a file system may refuse become ``_``."""
    return f"{_UNSAFE.sub('_', name)}@{_UNSAFE.sub('_', version)}"


def version_key(version: str) -> tuple[tuple[int, int, str], ...]:
    """Order versions as people do: ``2.9`` before ``2.78``, ``v83`` before ``84``, ``2024`` before ``2025-01``."""
    parts = _PARTS.findall(version.lower())
    return tuple((1, int(part), "") if part.isdigit() else (0, 0, part) for part in parts if part != "v")


def is_ordered(version: str) -> bool:
    """Tell whether a version can be older or newer than another: the digest of a file without a version cannot."""
    return _DIGEST.fullmatch(version) is None


def release_folders(store: Path) -> tuple[Path, ...]:
    """List the folders of releases, sorted by name. Raises BadStore when there is no store."""
    if not store.is_dir():
        raise BadStore(f"{shown(store)}: no terminology store there; make one with `semantix terminology import`")
    try:
        found = [path for path in store.iterdir() if "@" in path.name and not path.name.startswith(".")]
    except OSError as error:
        raise BadStore(f"{shown(store)}: cannot be read: {error.strerror or type(error).__name__}") from None
    return tuple(sorted(path for path in found if path.is_dir()))


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of a release. Raises BadStore when it is missing, damaged or of another version."""
    path = folder / MANIFEST
    try:
        data = path.read_bytes()
        version = msgspec.json.decode(data, type=_Version).format
        if version != FORMAT:
            raise BadStore(
                f"{shown(folder.name)}: compiled in format {version}, this semantix reads {FORMAT}; import it again"
            )
        return msgspec.json.decode(data, type=Manifest)
    except OSError as error:
        found = f"its {MANIFEST} cannot be read ({error.strerror or type(error).__name__})"
    except (msgspec.DecodeError, UnicodeDecodeError):
        found = f"its {MANIFEST} is damaged"
    raise BadStore(f"{shown(folder.name)}: {found}; remove the release and import it again")


def encode_manifest(manifest: Manifest) -> bytes:
    """Write a manifest as it stands on disk: indented, keys of mappings sorted."""
    return msgspec.json.format(msgspec.json.encode(manifest, order="deterministic"), indent=2) + b"\n"


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    sha = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            sha.update(chunk)
    return sha.hexdigest()


def settle(path: Path) -> None:
    """Have the operating system write a file, or the names of a folder, to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class _Version(Struct):
    format: int
