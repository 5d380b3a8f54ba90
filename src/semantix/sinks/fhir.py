"""FHIR files: one Bundle a document, or one NDJSON file a resource type (the FHIR bulk data layout).

A file appears under its name only when it is complete. A resource met again with the same content is
written once.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from hashlib import blake2b
from pathlib import Path

from semantix.io import Output, prepare_folder
from semantix.sinks.fate import Fate

FORMATS = ("bundle", "ndjson", "transaction")
MAX_NAME = 100

Resources = Iterable[tuple[str, str, bytes]]
"""(resource type, id, one line of JSON) of each resource of a document."""

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_NDJSON = re.compile(r"[A-Z][A-Za-z]+\.ndjson")
_LINE = 1_000_000
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


class BundleFolder:
    """One JSON file a document, named after its input."""

    def __init__(self, folder: Path, *, overwrite: bool = False, reserved: Iterable[Path] = ()) -> None:
        prepare_folder(folder, overwrite=overwrite)
        self.versions = 0
        self._folder = folder
        self._taken = {path.stem.lower() for path in reserved}

    def admits(self, payload: bytes | Resources) -> Fate:
        """Each document has its own file."""
        return Fate.NEW

    def write(self, name: str, payload: bytes | Resources) -> str | None:
        """Write one Bundle; return the name of its file."""
        assert isinstance(payload, bytes)
        output = f"{self._name_for(name)}.json"
        with Output(self._folder / output) as file:
            file.write(payload)
            file.write(b"\n")
        return output

    def _name_for(self, name: str) -> str:
        """Return a name that no other document of the run has, even where upper and lower case are the same."""
        slug = slug_of(name)
        if slug.lower() in self._taken:
            slug = f"{slug}-{_short_hash(name)}"
        base, number = slug, 1
        while slug.lower() in self._taken:
            number += 1
            slug = f"{base}-{number}"
        self._taken.add(slug.lower())
        return slug

    def close(self) -> dict[str, int]:
        """Nothing to complete: each file was."""
        return {}

    def abandon(self) -> None:
        """Nothing to remove: each file was complete."""


REMEMBERED = 200_000
"""Resources whose digest is kept, so that memory stays flat: one met again after more than these is written again."""


class NdjsonFolder:
    """One ``<Type>.ndjson`` file a resource type, for the whole run. ``versions`` counts what was written again."""

    def __init__(self, folder: Path, *, overwrite: bool = False) -> None:
        prepare_folder(folder, overwrite=overwrite)
        self.versions = 0
        self._folder = folder
        self._files: dict[str, Output] = {}
        self._counts: dict[str, int] = {}
        self._latest: dict[bytes, bytes] = {}

    def admits(self, payload: bytes | Resources) -> Fate:
        """A resource met twice is known by itself, not by its document."""
        return Fate.NEW

    def write(self, name: str, payload: bytes | Resources) -> str | None:
        """Append the resources of one document; ``name`` leaves no trace."""
        assert not isinstance(payload, bytes), name
        for kind, identity, line in payload:
            if self._is_new(f"{kind}/{identity}", line):
                self._append(kind, line)
        return None

    def _is_new(self, reference: str, line: bytes) -> bool:
        """Tell whether a resource differs from its latest version, among the last :data:`REMEMBERED` resources."""
        key = blake2b(reference.encode(), digest_size=16).digest()
        content = blake2b(line, digest_size=16).digest()
        known = self._latest.pop(key, None)
        self._latest[key] = content
        if len(self._latest) > REMEMBERED:
            del self._latest[next(iter(self._latest))]
        self.versions += known is not None and known != content
        return known != content

    def _append(self, kind: str, line: bytes) -> None:
        if kind not in self._files:
            self._files[kind] = Output(self._folder / f"{kind}.ndjson")
            self._counts[kind] = 0
        self._files[kind].write(line + b"\n")
        self._counts[kind] += 1

    def close(self) -> dict[str, int]:
        """Give the files their names; resources of an earlier run would mix with them, so they go, and nothing else."""
        for file in self._files.values():
            file.complete()
        for old in self._folder.iterdir():
            if _NDJSON.fullmatch(old.name) and old.stem not in self._files and _holds_resources(old):
                old.unlink()
        return dict(sorted(self._counts.items()))

    def abandon(self) -> None:
        """Remove the unfinished files."""
        for file in self._files.values():
            file.discard()


def _holds_resources(path: Path) -> bool:
    """True for a file of resources of the type that names it."""
    wanted = f'"resourceType":"{path.stem}"'.encode()
    with path.open("rb") as file:
        return wanted in file.readline(_LINE).replace(b" ", b"")


def open_fhir(
    kind: str, folder: Path, *, overwrite: bool = False, reserved: Iterable[Path] = ()
) -> BundleFolder | NdjsonFolder:
    """Open a folder for one of :data:`FORMATS`; ``reserved`` are files of the caller. Raises BadTarget."""
    if kind == "ndjson":
        return NdjsonFolder(folder, overwrite=overwrite)
    assert kind in FORMATS
    return BundleFolder(folder, overwrite=overwrite, reserved=reserved)


def slug_of(name: str) -> str:
    """Return a file name, without suffix, that every system accepts, from the name of an input."""
    text = re.sub(r"(\.[A-Za-z]{3,4})?!/", ".", name)
    text = re.sub(r"\.(xml|zip)$", "", text, flags=re.IGNORECASE)
    text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    slug = _UNSAFE.sub("_", text.strip("/")).strip("._-")
    if len(slug) > MAX_NAME or not slug or _RESERVED.fullmatch(slug):
        slug = f"{slug[:MAX_NAME]}-{_short_hash(name)}".lstrip("-")
    return slug


def _short_hash(name: str) -> str:
    return blake2b(name.encode(), digest_size=4).hexdigest()
