"""NDJSON files, cut by cut: patients and people come from the other files of the folder, found by an index of offsets.

The index of a file is two arrays (a hash of the id, an offset), whatever its size; a line is read only when somebody
refers to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from hashlib import blake2b
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from semantix.errors import UnreadableInput
from semantix.model import Document, LineCount, SetAside, Withdrawn
from semantix.parsers._claims import Claim, Cut, Input, Piece
from semantix.parsers.fhir.claims import BULK, MIXED, TYPED
from semantix.parsers.fhir.documents import Origin
from semantix.parsers.fhir.grouping import LOOKED_UP, Entry, read_entries
from semantix.parsers.fhir.library import Library, references_in, target_of
from semantix.parsers.fhir.lineage import deletions
from semantix.parsers.fhir.shapes import Json, decode, kind_of

CUT = 524_288
LONGEST_LINE = 50_000_000
_FOUND_ELSEWHERE = LOOKED_UP | {"Patient"}
_KEPT = 32
"""Files whose index is remembered by one process."""


class Index:
    """Where the lines of a file are, by type and id."""

    def __init__(self, source: Input) -> None:
        keys: list[int] = []
        offsets: list[int] = []
        at = 0
        with source.open() as stream:
            for line in stream:
                named = _named(line)
                if named is not None:
                    keys.append(_hash(*named))
                    offsets.append(at)
                at += len(line)
        hashes = np.array(keys, dtype=np.uint64)
        order = np.argsort(hashes, kind="stable")
        self._keys: NDArray[np.uint64] = hashes[order]
        self._offsets: NDArray[np.int64] = np.array(offsets, dtype=np.int64)[order]

    def offset(self, kind: str, name: str) -> int | None:
        """Where the line of a resource begins, if it may be in the file."""
        key = np.uint64(_hash(kind, name))
        at = int(np.searchsorted(self._keys, key))
        return int(self._offsets[at]) if at < len(self._keys) and self._keys[at] == key else None


def _hash(kind: str, name: str) -> int:
    return int.from_bytes(blake2b(f"{kind}/{name}".encode("utf-8", "replace"), digest_size=8).digest(), "big")


def _named(line: bytes) -> tuple[str, str] | None:
    try:
        found = TYPED.decode(line)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None
    return (found.resourceType, found.id) if found.id else None


class Shelves:
    """The indexes of the files that one process met, the latest few."""

    def __init__(self) -> None:
        self._held: dict[tuple[str, int], Index] = {}

    def index(self, source: Input) -> Index:
        """The index of a file, made once."""
        key = (source.name, source.size)
        found = self._held.get(key)
        if found is None:
            if len(self._held) >= _KEPT:
                self._held.pop(next(iter(self._held)))
            found = self._held[key] = Index(source)
        return found

    def fetch(self, wanted: Iterable[tuple[str, str]], others: Mapping[str, Input]) -> dict[tuple[str, str], Json]:
        """The resources that are wanted, from the files that may hold them: one pass forward over each file."""
        out: dict[tuple[str, str], Json] = {}
        missing = set(wanted)
        for role, source in others.items():
            kind = role.partition(".")[0]
            asked = [one for one in missing if kind in (one[0], MIXED)]
            if not asked:
                continue
            index = self.index(source)
            found = ((index.offset(*one), one) for one in asked)
            places = sorted((at, one) for at, one in found if at is not None)
            for one, resource in _lines_at(source, places):
                out[one] = resource
                missing.discard(one)
        return out


def _lines_at(source: Input, places: list[tuple[int, tuple[str, str]]]) -> Iterator[tuple[tuple[str, str], Json]]:
    if not places:
        return
    with source.open() as stream:
        for at, named in places:
            stream.seek(at)
            try:
                value, _ = decode(stream.readline(LONGEST_LINE), "line")
            except UnreadableInput:
                continue
            if type(value) is dict and (kind_of(value), value.get("id")) == named:
                yield named, value


# --- cutting ------------------------------------------------------------------------------------------------------


def cut(source: Input, claim: Claim) -> Iterator[Cut]:
    """Whole lines, some hundred kilobytes at a time."""
    line = 1
    with source.open() as stream:
        held = b""
        while block := stream.read(CUT):
            held += block
            end = held.rfind(b"\n") + 1
            if not end:
                if len(held) > LONGEST_LINE:
                    limit = LONGEST_LINE // 1_000_000
                    raise UnreadableInput(f"{source.name}: line {line} is longer than {limit} MB; is it NDJSON?")
                continue
            yield Cut(held[:end], line)
            line += held.count(b"\n", 0, end)
            held = held[end:]
        if held:
            yield Cut(held, line)


# --- reading ------------------------------------------------------------------------------------------------------


def read(piece: Piece, shelves: Shelves) -> Iterator[Document | SetAside | LineCount | Withdrawn]:
    """The resources of some lines, by patient; each line is in a document or set aside."""
    data = piece.data.removeprefix(b"\xef\xbb\xbf")
    lines = data.split(b"\n")
    if lines and not lines[-1]:
        lines.pop()
    yield LineCount(data.count(b"\n") + (not data.endswith(b"\n") and bool(data)))
    entries: list[Entry] = []
    blank = 0
    for number, line in enumerate(lines, piece.line):
        if not line.strip():
            blank += 1
            continue
        found = _entry(line, number, piece.name)
        if isinstance(found, SetAside):
            yield found
        else:
            entries.append(found)
            if kind_of(found.resource) == "Bundle":
                yield from deletions(found.resource, piece.practice)
    if blank:
        yield SetAside(f"{blank} blank lines", blank, "blank")
    library = _library(entries, piece.others, shelves)
    origin = Origin(piece.name, piece.practice, BULK)
    yield from read_entries(entries, library, origin)


def _entry(line: bytes, number: int, name: str) -> Entry | SetAside:
    where = f"line {number}"
    try:
        value, _ = decode(line.strip(), where)
    except UnreadableInput as error:
        return SetAside(where, 1, "unreadable", str(error).removeprefix(f"{where}: "), quarantined=True)
    if type(value) is not dict or not kind_of(value):
        return SetAside(where, 1, "unreadable", "no resourceType; one FHIR resource a line was expected", True)
    return Entry(value, f"line-{number}", None, 1)


def _library(entries: list[Entry], others: Mapping[str, Input], shelves: Shelves) -> Library:
    """The resources of the other files that these refer to, and those that they refer to in their turn."""
    fetched: dict[tuple[str, str], Json] = {}
    here = {(kind_of(e.resource), e.resource.get("id")) for e in entries}
    wanted = {one for e in entries for one in _wanted(e.resource)} - here
    for _ in range(3):
        if not wanted or not others:
            break
        more = shelves.fetch(wanted, others)
        fetched |= more
        wanted = {one for r in more.values() for one in _wanted(r)} - here - fetched.keys()
    return Library(lambda kind, name: fetched.get((kind, name)))


def _wanted(resource: Any) -> Iterator[tuple[str, str]]:
    for reference in references_in(resource):
        named = target_of(reference)
        if named is not None and named[0] in _FOUND_ELSEWHERE:
            yield named
