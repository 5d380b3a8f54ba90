"""The files under the paths given."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec import Struct

from semantix.errors import UnreadableInput
from semantix.io._names import MANIFEST, Found, shown


class Discovery(Struct, frozen=True):
    """The files to look into, in order, and how many others were passed over by kind (``hidden``, ``duplicate``...)."""

    files: tuple[Found, ...]
    ignored: tuple[tuple[str, int], ...]


def discover(paths: Iterable[Path]) -> Discovery:
    """Find the files under ``paths``, those of folders sorted and in depth; what each is, its content tells later.

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
        yield Found(str(path), shown(path), shown(path.name), True), None
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
    """Return why a file of a folder is passed over unopened, or None for a candidate."""
    if name.startswith("."):
        return "hidden"
    return "XDM manifest" if name.upper() == MANIFEST else None


def _is_first(path: str, seen: set[str]) -> bool:
    real = os.path.realpath(path)
    if real in seen:
        return False
    seen.add(real)
    return True
