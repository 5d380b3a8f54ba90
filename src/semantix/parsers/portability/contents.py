"""A portability archive confronted with its manifest: what to open, what is missing, what was changed."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from types import MappingProxyType

from msgspec import Struct

from semantix.model import Issue, SetAside, Severity
from semantix.parsers.portability.manifest import ListedArchive, PortabilityManifest
from semantix.parsers.portability.names import (
    DOCUMENTATION,
    FOLDER,
    MANIFEST,
    MISSING,
    NO_MANIFEST,
    PATIENT,
    README,
    REPEATED,
    SIGNATURE,
    TRANSVERSE,
    TRANSVERSE_FILE,
    UNLISTED,
    UNSIGNED,
    WRONG_COUNT,
    WRONG_HASH,
    WRONG_SIZE,
    at_root,
    kind_of,
    stem_of,
)


class Contents(Struct, frozen=True, kw_only=True):
    """What an archive holds: members to open, in order, and the doubts about the archive as a whole.

    ``listed`` gives the listing of a member. ``patient_folders`` are patients that came as folders (``PAT00001/``), not
    as archives of their own: their METADATA.XML is read as that of any XDM archive. ``administrative`` members tell no
    fact of a patient; ``unknown`` ones are none of what the draft describes.
    """

    patients: tuple[str, ...] = ()
    transverse: tuple[str, ...] = ()
    patient_folders: tuple[str, ...] = ()
    administrative: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    listed: Mapping[str, ListedArchive] = MappingProxyType({})
    issues: tuple[Issue, ...] = ()


class Measured(Struct, frozen=True):
    """The size and the SHA-256 of a member that was read as a stream."""

    size: int
    sha256: str


def is_portability(names: Iterable[str]) -> bool:
    """Tell a portability archive by the names of its members.

    A manifest beside an archive of a patient or of transverse data, or (manifest lost) an archive of a patient beside
    one of the files that surround it.
    """
    found = {kind_of(path) for path in at_root(tuple(names))[0].values()}
    archives = found & {PATIENT, TRANSVERSE, FOLDER}
    around = found & {SIGNATURE, README, DOCUMENTATION}
    if MANIFEST in found:
        return bool(archives) or {SIGNATURE, DOCUMENTATION} <= found
    return PATIENT in archives and (bool(around) or TRANSVERSE in archives)


def manifest_member(names: Iterable[str]) -> str | None:
    """Find the manifest among the members: at the root, or at that of the one folder that holds everything."""
    members, _ = at_root(tuple(names))
    return next((name for name, path in members.items() if kind_of(path) == MANIFEST), None)


def compare(manifest: PortabilityManifest | None, names: Iterable[str]) -> Contents:
    """Confront the manifest, if there is one, with the members of the archive.

    Archives that are not listed are opened all the same. Without a manifest nothing is said to be missing.
    """
    members, root = at_root(tuple(names))
    by_kind: dict[str, list[str]] = {}
    for name, path in members.items():
        by_kind.setdefault(kind_of(path), []).append(name)
    patients = by_kind.get(PATIENT, [])
    transverse = by_kind.get(TRANSVERSE, [])
    folders = list(dict.fromkeys(_folder(members[name], root) for name in by_kind.get(FOLDER, ())))
    loose = _transverse_folder(by_kind)
    issues: list[Issue] = list(manifest.issues) if manifest else []
    listed: dict[str, ListedArchive] = {}
    if manifest:
        listed = _pair(manifest, (*patients, *transverse, *folders, *loose), issues)
        issues += [_unlisted(name) for name in (*patients, *transverse, *folders) if name not in listed]
        issues += _counts(manifest, len(patients) + len(folders), len(transverse) + len(loose))
    elif MANIFEST not in by_kind:
        words = f"the archive has no {MANIFEST}: nothing says what it should hold"
        issues.append(Issue(NO_MANIFEST, Severity.WARNING, "/", words))
    if SIGNATURE not in by_kind:
        issues.append(Issue(UNSIGNED, Severity.INFORMATION, "/", f"the archive has no {SIGNATURE}: it is not signed"))
    issues += [_unlisted(name) for name in by_kind.get("", ())]
    around = (MANIFEST, SIGNATURE, README, DOCUMENTATION, TRANSVERSE_FILE)
    return Contents(
        patients=tuple(sorted(patients)),
        transverse=tuple(sorted(transverse)),
        patient_folders=tuple(sorted(folders)),
        administrative=tuple(name for kind in around for name in by_kind.get(kind, ())),
        unknown=tuple(by_kind.get("", ())),
        listed=MappingProxyType(listed),
        issues=tuple(issues),
    )


def _folder(path: PurePosixPath, root: str) -> str:
    return str(PurePosixPath(root, path.parts[0])) + "/"


def _transverse_folder(by_kind: Mapping[str, list[str]]) -> tuple[str, ...]:
    """The folder of transverse data that came without an archive around it."""
    return ("TRANSVERSE/",) if by_kind.get(TRANSVERSE_FILE) else ()


def _pair(manifest: PortabilityManifest, members: Iterable[str], issues: list[Issue]) -> dict[str, ListedArchive]:
    by_stem = {stem_of(member): member for member in members}
    listed: dict[str, ListedArchive] = {}
    for archive in manifest.archives:
        member = by_stem.get(archive.stem) or by_stem.get(stem_of(archive.id))
        if member is None:
            words = f"an archive listed in {MANIFEST} is not there; ask the sender for it"
            issues.append(Issue(MISSING, Severity.ERROR, archive.place, words))
        elif member in listed:
            words = f"{MANIFEST} lists the same archive twice; the first listing counts"
            issues.append(Issue(REPEATED, Severity.WARNING, archive.place, words))
        else:
            listed[member] = archive
    return listed


def _unlisted(name: str) -> Issue:
    return Issue(UNLISTED, Severity.WARNING, name, f"a file of the archive is not listed in {MANIFEST}")


def _counts(manifest: PortabilityManifest, patients: int, transverse: int) -> list[Issue]:
    issues = []
    for said, kind, found in (
        (manifest.patients, PATIENT, patients),
        (manifest.transverse, TRANSVERSE, transverse),
    ):
        in_list = sum(archive.type == kind for archive in manifest.archives)
        if said is not None and (said != found or said != in_list):
            words = f"{MANIFEST} announces {said} {kind} archives and lists {in_list}; the archive holds {found}"
            issues.append(Issue(WRONG_COUNT, Severity.WARNING, manifest.name, words))
    return issues


def measure(chunks: Iterable[bytes]) -> Measured:
    """Measure a member that comes in chunks."""
    size, digest = 0, hashlib.sha256()
    for chunk in chunks:
        size += len(chunk)
        digest.update(chunk)
    return Measured(size, digest.hexdigest())


def verify(listed: ListedArchive, data: bytes | Measured) -> tuple[Issue, ...]:
    """Compare a member's bytes, or their measure, with the size and the SHA-256 of its listing."""
    found = data if isinstance(data, Measured) else measure((data,))
    issues = []
    if listed.size is not None and listed.size != found.size:
        words = f"{MANIFEST} says {listed.size} bytes, the archive has {found.size}"
        issues.append(Issue(WRONG_SIZE, Severity.WARNING, listed.place, words))
    if listed.sha256 and listed.sha256 != found.sha256:
        words = f"the archive's SHA-256 is not the one in {MANIFEST}: it was changed after the export was made"
        issues.append(Issue(WRONG_HASH, Severity.WARNING, listed.place, words))
    return tuple(issues)


_TRANSVERSE_KINDS = {".ics": "agenda", ".ical": "agenda", ".log": "traces", ".syslog": "traces", ".txt": "texts"}


def transverse_aside(member: str, files: Iterable[str]) -> SetAside:
    """Set the files of the transverse data aside: they are of the practice, not of a patient."""
    kinds = Counter(_TRANSVERSE_KINDS.get(PurePosixPath(name).suffix.lower(), "other files") for name in files)
    words = ", ".join(f"{kind}: {count}" for kind, count in sorted(kinds.items())) or "empty"
    return SetAside(member, sum(kinds.values()), "administrative", f"data of the practice, not of a patient ({words})")
