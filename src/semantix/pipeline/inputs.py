"""From the files found to the pieces to read: containers are opened, files recognised, large ones cut.

Whatever is found becomes a task, a refusal, or a word on why it was passed over: nothing disappears between the disk
and the readers.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path, PurePosixPath

from msgspec import Struct

from semantix.errors import UnreadableInput
from semantix.io import MANIFEST, ZIP, Entry, File, Found, Limits, container_kind, explained, members, shown
from semantix.model import Issue, Severity
from semantix.parsers import EVERY_ROLE, HEAD, Claim, Cut, Parser, claims_on, one_claim
from semantix.parsers import portability as lgc
from semantix.parsers.tabular.workbook import is_workbook
from semantix.parsers.xdm import BAD_MANIFEST, Listed, Manifest, compare, parse_manifest
from semantix.pipeline.faults import bug, unreadable
from semantix.pipeline.people import PACK as PEOPLE
from semantix.pipeline.people import ROLE as PATIENTS
from semantix.report import Unreadable

XML = ".xml"
READABLE = frozenset(
    {
        XML, ".hpr", ".hpm", ".hpm1", ".hpm2", ".hpm3", ".hprim", ".hl7", ".er7", ".ndjson", ".zip", ".csv", ".tsv",
        ".xls", ".xlsx", ".dbf", ".asc", ".sql", ".eml",
    }
)  # fmt: skip
"""What should be a source: a file with such a name that no reader knows is a refusal, and no longer passed over."""
_BLOCK = 1 << 20
Held = tuple[tuple[str, Entry], ...]


class Task(Struct, frozen=True, kw_only=True):
    """Something to read: a file, or a ``cut`` of one.

    ``listed`` is what an archive's manifest says of it. Without a ``claim``, whoever reads it finds out what it is.
    ``others`` are the files of the same set that it needs, by role.
    """

    entry: Entry
    listed: Listed | None = None
    parser: str = ""
    claim: Claim | None = None
    cut: Cut | None = None
    practice: str = ""
    others: Held = ()


class Archive(Struct, frozen=True):
    """What is to be said of a container as a whole: doubts, and files passed over by kind.

    ``entry`` is the container itself, to look at again.
    """

    name: str
    kind: str
    documents: int
    issues: tuple[Issue, ...] = ()
    ignored: tuple[tuple[str, int], ...] = ()
    entry: Entry | None = None


Step = Task | Archive | Unreadable


class Inputs:
    """Turns files into steps, for one run. ``practice`` is what the user says of all of them, if anything."""

    def __init__(self, limits: Limits, parsers: Sequence[Parser], practice: str | None = None) -> None:
        self._limits, self._parsers, self._practice = limits, tuple(parsers), practice
        self._nested = 0

    def steps(self, files: Iterable[Found]) -> Iterator[Step]:
        """The steps of all files, in order; those of one folder are read with each other at hand."""
        for _, folder in groupby(files, lambda found: os.path.split(found.path)[0]):
            several = list(folder)
            entries = [Entry(found.path, found.name, found.label) for found in several]
            yield from self._folder(entries, {entry for entry, one in zip(entries, several, strict=True) if one.named})

    # --- one folder -----------------------------------------------------------------------------------------------

    def _folder(self, entries: Sequence[Entry], named: set[Entry]) -> Iterator[Step]:
        """The steps of the files of one folder, of the disk or of a container."""
        sets = self._sets(entries)
        ignored: Counter[str] = Counter()
        for entry in entries:
            self._nested = 0 if not entry.inside else self._nested
            for step in self._file(entry, sets, named=entry in named):
                if isinstance(step, str):
                    ignored[step] += 1
                else:
                    yield step
        if ignored:
            yield Archive(entries[0].name, "", 0, (), tuple(sorted(ignored.items())))

    def _sets(self, entries: Sequence[Entry]) -> dict[str, dict[str, list[Entry]]]:
        """The files that others of the folder look things up in: by pack, then by role."""
        found: dict[str, dict[str, list[Entry]]] = {}
        for entry in entries:
            if _suffix(entry) == XML:
                continue
            try:
                claims = claims_on(_beginning(File(entry, self._limits)), entry.name, self._parsers)
            except Exception:  # noqa: BLE001 - told when its turn comes
                continue
            for _, claim in claims:
                if claim.pack and claim.is_looked_up:
                    found.setdefault(claim.pack, {}).setdefault(claim.role, []).append(entry)
        return found

    def _file(self, entry: Entry, sets: dict[str, dict[str, list[Entry]]], *, named: bool) -> Iterator[Step | str]:
        if _suffix(entry) == XML:
            yield Task(entry=entry, practice=self._practice_of(entry))
            return
        try:
            file = File(entry, self._limits)
            head = file.head()
            kind = container_kind(head)
            if kind is not None:
                yield from self._container(entry, kind)
                return
            claimed = one_claim(_beginning(file), entry.name, self._parsers)
            if claimed is None:
                yield self._unclaimed(entry, named=named)
                return
            yield from self._claimed(file, *claimed, sets)
        except UnreadableInput as error:
            yield unreadable(entry.name, error)
        except Exception as error:  # noqa: BLE001 - a bug costs one file, and is reported as one
            yield bug(entry.name, error)

    def _unclaimed(self, entry: Entry, *, named: bool) -> Step | str:
        """A file that no reader knows by its beginning: what should be a source is read, to say why it is not one."""
        if named or _suffix(entry) in READABLE:
            return Task(entry=entry, practice=self._practice_of(entry))
        return shown(_suffix(entry)) or "no extension"

    def _claimed(
        self, file: File, parser: Parser, claim: Claim, sets: dict[str, dict[str, list[Entry]]]
    ) -> Iterator[Step]:
        held = sets.get(claim.pack, {})
        others = tuple(
            (role if n == 0 else f"{role}#{n + 1}", entry)
            for role in (held if EVERY_ROLE in claim.looks_up else claim.looks_up)
            for n, entry in enumerate(held.get(role, ()))
        )
        lists = sets.get(PEOPLE, {}).get(PATIENTS, []) if claim.pack and claim.pack != PEOPLE else []
        others += tuple((PEOPLE, entry) for entry in lists)
        task = Task(
            entry=file.entry, parser=parser.name, claim=claim, practice=self._practice_of(file.entry), others=others
        )
        if not parser.cuts:
            yield task
            return
        with explained(file.name):
            for cut in parser.cut(file, claim):
                yield Task(
                    entry=task.entry, parser=task.parser, claim=claim, cut=cut, practice=task.practice, others=others
                )

    def _practice_of(self, entry: Entry) -> str:
        """What the user says, else the folder that holds the file, and the folders inside its container."""
        if self._practice:
            return self._practice
        outside, _, _ = entry.label.partition("!/")
        folder = outside.rpartition("/")[0] or shown(Path(os.path.realpath(entry.path)).parent.name)
        inner = [shown(name).rpartition("/")[0] for name in entry.inside]
        return "/".join(filter(None, (folder, *inner)))

    # --- containers -----------------------------------------------------------------------------------------------

    def _container(self, entry: Entry, kind: str) -> Iterator[Step]:
        names = members(entry, self._limits)
        self._nested += len(names)
        if self._nested > self._limits.nested:
            words = f"more than {self._limits.nested} files in archives one inside the other"
            raise UnreadableInput(f"{entry.name}: {words}; split it")
        if lgc.is_portability(names):
            yield from self._portability(entry, names)
            return
        manifests, issues = self._manifests(entry, names)
        if manifests or issues:
            yield from self._xdm(entry, names, manifests, issues)
            return
        whole, is_told = Archive(entry.name, kind, len(names), entry=entry), False
        for step in self._listing(entry, names):
            if not is_told and not isinstance(step, Archive):
                is_told = True
                yield whole
            yield step
        if not is_told and kind == ZIP:
            raise UnreadableInput(f"{entry.name}: no document in the archive that a reader recognises")
        if not is_told:
            yield whole

    def _listing(self, entry: Entry, names: Sequence[str]) -> Iterator[Step]:
        for _, folder in groupby(names, lambda name: name.rpartition("/")[0]):
            yield from self._folder([entry.member(name) for name in folder], set())

    def _xdm(
        self, entry: Entry, names: Sequence[str], manifests: Sequence[Manifest], issues: tuple[Issue, ...]
    ) -> Iterator[Step]:
        contents = compare(manifests, names)
        documents = len(contents.documents)
        yield Archive(entry.name, "IHE XDM", documents, issues + contents.issues, _kinds(contents.ignored), entry)
        if not documents:
            raise UnreadableInput(f"{entry.name}: no XML document in the archive")
        for member, listed in contents.documents:
            inner = entry.member(member)
            yield Task(entry=inner, listed=listed, practice=self._practice_of(inner))

    def _manifests(self, entry: Entry, names: Sequence[str]) -> tuple[list[Manifest], tuple[Issue, ...]]:
        manifests: list[Manifest] = []
        issues: list[Issue] = []
        for name in names:
            if PurePosixPath(name).name.upper() != MANIFEST:
                continue
            inner = entry.member(name)
            try:
                manifests.append(parse_manifest(File(inner, self._limits).read(), name))
            except UnreadableInput as error:
                words = str(error).removeprefix(f"{inner.name}: ").removeprefix(f"{name}: ")
                issues.append(Issue(BAD_MANIFEST, Severity.ERROR, name, f"METADATA.XML is unreadable: {words}"))
        return manifests, tuple(issues)

    # --- the portability archive of practice software -------------------------------------------------------------

    def _portability(self, entry: Entry, names: Sequence[str]) -> Iterator[Step]:
        """The patients' archives, confronted with the manifest; what is not of a patient is passed over by kind."""
        manifest: lgc.PortabilityManifest | None = None
        issues: tuple[Issue, ...] = ()
        listing = lgc.manifest_member(names)
        if listing is not None:
            manifest, issues = lgc.open_manifest(File(entry.member(listing), self._limits).read(), listing)
        contents = lgc.compare(manifest, names)
        passed = Counter({"portability: not of a patient": len(contents.administrative)})
        for name in contents.transverse:
            passed.update(self._transverse(entry.member(name)))
        ignored = tuple((kind, count) for kind, count in sorted(passed.items()) if count)
        checked = tuple(issue for name in contents.listed for issue in self._verified(entry, name, contents))
        doubts = issues + contents.issues + checked
        yield Archive(entry.name, "LGC portability", len(contents.patients), doubts, ignored, entry)
        for name in contents.patients:
            yield from self._patient(entry.member(name))
        for folder in contents.patient_folders:
            inside = [name for name in names if name.startswith(folder)]
            manifests, doubts = self._manifests(entry, inside)
            yield from self._xdm(entry, inside, manifests, doubts)
        yield from self._listing(entry, contents.unknown)

    def _verified(self, entry: Entry, name: str, contents: lgc.Contents) -> tuple[Issue, ...]:
        if name.endswith("/"):
            return ()
        try:
            with explained(entry.name), File(entry.member(name), self._limits).open() as file:
                return lgc.verify(contents.listed[name], lgc.measure(iter(lambda: file.read(_BLOCK), b"")))
        except UnreadableInput:
            return ()  # told when it is opened

    def _transverse(self, entry: Entry) -> Counter[str]:
        """The files of the practice, by kind; an archive that cannot be opened counts as one."""
        if entry.inside[-1].endswith("/"):
            return Counter()
        try:
            inside = members(entry, self._limits)
        except UnreadableInput:
            return Counter({"portability: transverse archive": 1})
        return Counter(f"portability: transverse {kind}" for kind, count in _kinds(inside) for _ in range(count))

    def _patient(self, entry: Entry) -> Iterator[Step]:
        try:
            yield from self._container(entry, "ZIP")
        except UnreadableInput as error:
            yield unreadable(entry.name, error)


def _beginning(file: File) -> bytes:
    """What a file is recognised by: its first bytes, and all of a workbook, whose beginning alone says nothing."""
    head = file.head()
    return file.read() if is_workbook(head) and len(head) == HEAD else head


def _suffix(entry: Entry) -> str:
    return PurePosixPath(entry.inside[-1] if entry.inside else entry.path).suffix.lower()


def _kinds(names: Iterable[str]) -> tuple[tuple[str, int], ...]:
    kinds = Counter(shown(PurePosixPath(name).suffix.lower()) or "no extension" for name in names)
    return tuple(sorted(kinds.items()))
