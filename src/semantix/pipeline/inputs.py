"""From the files found to the documents to read: archives are opened, manifests confronted with contents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import PurePosixPath

from msgspec import Struct

from semantix.errors import UnreadableInput
from semantix.io import MANIFEST, Entry, Found, Limits, is_archive, members, read, shown
from semantix.model import Issue, Severity
from semantix.parsers.xdm import BAD_MANIFEST, Listed, Manifest, compare, parse_manifest
from semantix.report import Unreadable


class Task(Struct, frozen=True):
    """One document to read, with what an archive's manifest says of it."""

    entry: Entry
    listed: Listed | None = None


class Archive(Struct, frozen=True):
    """What is to be said of an archive as a whole: doubts, and files passed over by kind."""

    name: str
    kind: str
    documents: int
    issues: tuple[Issue, ...] = ()
    ignored: tuple[tuple[str, int], ...] = ()


Step = Task | Archive | Unreadable


def tasks_in(found: Found, limits: Limits) -> Iterator[Step]:
    """List what a file holds: itself, or the documents of the archive that it is, after a word on the archive."""
    if not is_archive(found):
        yield Task(Entry(found.path, found.name, found.label))
        return
    try:
        yield from _open(found, limits)
    except UnreadableInput as error:
        yield unreadable(found.name, error)


def unreadable(name: str, error: UnreadableInput) -> Unreadable:
    """Describe an input that was refused, its name not said twice."""
    return Unreadable(name, type(error).__name__, str(error).removeprefix(f"{name}: "))


def _open(found: Found, limits: Limits) -> Iterator[Step]:
    names = list(members(found, limits))
    manifests, issues = _manifests(found, names, limits)
    if manifests or issues:
        contents = compare(manifests, names)
        yield Archive(
            found.name, "IHE XDM", len(contents.documents), issues + contents.issues, _kinds(contents.ignored)
        )
        pairs = contents.documents
    else:
        pairs = tuple((name, None) for name in names if name.upper().endswith(".XML"))
        others = tuple(name for name in names if not name.upper().endswith(".XML"))
        yield Archive(found.name, "ZIP", len(pairs), (), _kinds(others))
    if not pairs:
        raise UnreadableInput(f"{found.name}: no XML document in the archive")
    for member, listed in pairs:
        yield Task(_entry(found, member), listed)


def _manifests(found: Found, names: list[str], limits: Limits) -> tuple[list[Manifest], tuple[Issue, ...]]:
    manifests: list[Manifest] = []
    issues: list[Issue] = []
    for name in names:
        if PurePosixPath(name).name.upper() != MANIFEST:
            continue
        try:
            manifests.append(parse_manifest(read(_entry(found, name), limits), name))
        except UnreadableInput as error:
            words = str(error).removeprefix(f"{found.name}!/{name}: ").removeprefix(f"{name}: ")
            issues.append(Issue(BAD_MANIFEST, Severity.ERROR, name, f"METADATA.XML is unreadable: {words}"))
    return manifests, tuple(issues)


def _entry(found: Found, member: str) -> Entry:
    inner = f"!/{shown(member)}"
    return Entry(found.path, found.name + inner, found.label + inner, member)


def _kinds(names: tuple[str, ...]) -> tuple[tuple[str, int], ...]:
    kinds = Counter(shown(PurePosixPath(name).suffix.lower()) or "no extension" for name in names)
    return tuple(sorted(kinds.items()))
