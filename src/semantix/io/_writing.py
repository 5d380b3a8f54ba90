"""Files written whole or not at all."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

from semantix.errors import BadTarget
from semantix.io._names import shown

_PART = re.compile(r"\..+\.(json|ndjson|html)\.part")
"""Files that :class:`Output` was writing when its process was killed."""


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
