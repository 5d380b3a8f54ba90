"""What importers of plain text share: decoding without guessing, rows of a table, and the count of what is left out."""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import IO

from semantix.io import shown
from semantix.terminology.records import Skipped
from semantix.terminology.releases._importer import Refused
from semantix.terminology.source import Source

_CHUNK = 1 << 20


class Tally:
    """What an importer left out, counted by reason, with the first example of each."""

    def __init__(self) -> None:
        self._seen: dict[str, tuple[int, str]] = {}

    def add(self, reason: str, example: str = "", count: int = 1) -> None:
        """Count one thing, or ``count`` of them, left out for ``reason``."""
        before, first = self._seen.get(reason, (0, example))
        self._seen[reason] = (before + count, first)

    def records(self) -> Iterator[Skipped]:
        """Give one record a reason, in the order of the reasons."""
        for reason in sorted(self._seen):
            count, example = self._seen[reason]
            yield Skipped(reason, count, example)


def base(name: str) -> str:
    """Return the base name of a member, fit to be shown."""
    return shown(PurePosixPath(name).name.strip())


def decode(content: bytes, name: str, *, fallback: str = "") -> str:
    """Decode a whole file: strict UTF-8 (a BOM is dropped), else strictly ``fallback``, never a mixture.

    Raises Refused, saying where, when the bytes are neither.
    """
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        where = content.count(b"\n", 0, error.start) + 1
        if not fallback:
            raise Refused(f"{base(name)}: line {where} is not UTF-8; download the file again") from None
    try:
        return content.decode(fallback)
    except UnicodeDecodeError as error:
        where = content.count(b"\n", 0, error.start) + 1
        raise Refused(
            f"{base(name)}: neither UTF-8 nor {fallback} (line {where}); it was changed by another program"
        ) from None


def lines(text: str) -> Iterator[tuple[int, str]]:
    r"""Give the lines that hold something, with their numbers. Only ``\n`` and ``\r\n`` end a line."""
    for number, line in enumerate(text.split("\n"), 1):
        bare = line.removesuffix("\r")
        if bare:
            yield number, bare


def one(source: Source, pattern: str) -> str:
    """Return the only member of that name. Raises Refused when there is none, or several."""
    found = source.find(pattern)
    if len(found) != 1:
        what = "none" if not found else ", ".join(shown(name) for name in found[:3])
        raise Refused(f"{source.name}: found {what}, expected one file {pattern}")
    return found[0]


def header_of(line: bytes, name: str) -> list[str]:
    """Decode and split the header line of a tab-separated file."""
    text = decode(line.rstrip(b"\r\n").removeprefix(codecs.BOM_UTF8), name)
    return text.split("\t")


def columns(header: Sequence[str], expected: Sequence[str], name: str) -> None:
    """Check that a header is the expected one. Raises Refused with both."""
    if list(header) != list(expected):
        found = " ".join(shown(each) for each in header[:20])[:300]
        raise Refused(f"{base(name)}: found the columns {found}; expected {' '.join(expected)}")


def stream(file: IO[bytes], name: str) -> Iterator[list[str]]:
    """Give the lines of a large UTF-8 file, block by block, decoded strictly; ends of lines are removed.

    A block at a time is what makes millions of lines affordable. Raises Refused where a byte is not UTF-8.
    """
    rest = b""
    before = 0
    while chunk := file.read(_CHUNK):
        cut = chunk.rfind(b"\n") + 1
        if not cut:
            rest += chunk
            continue
        block = rest + chunk[:cut]
        rest = chunk[cut:]
        yield _block(block, name, before)
        before += block.count(b"\n")
    if rest:
        yield _block(rest, name, before)


def _block(block: bytes, name: str, before: int) -> list[str]:
    try:
        text = block.decode()
    except UnicodeDecodeError as error:
        where = before + block.count(b"\n", 0, error.start) + 1
        raise Refused(f"{base(name)}: line {where} is not UTF-8; download the file again") from None
    if "\r" in text:
        text = text.replace("\r\n", "\n")
    return text.removesuffix("\n").split("\n")
