"""``MANIFEST.XML``: what a portability archive says that it holds."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Sequence

from lxml import etree
from msgspec import Struct
from msgspec.structs import replace

from semantix.errors import UnreadableInput
from semantix.model import Issue, Severity
from semantix.parsers._xml import LocalNames, parse_xml
from semantix.parsers.portability.names import (
    ARCHIVE,
    ARCHIVE_FILE,
    ARCHIVE_ID,
    ARCHIVE_TYPE,
    BAD_MANIFEST,
    END,
    EXPORT_ID,
    EXPORT_STATUS,
    EXPORT_TYPE,
    HASH,
    MANIFEST,
    NOT_SAID,
    NOT_WHOLE,
    PATIENT,
    PATIENT_COUNT,
    PATIENT_ID,
    SIZE,
    START,
    STATUSES,
    TRANSVERSE,
    TRANSVERSE_COUNT,
    TYPES,
    VENDOR,
    VENDOR_NAME,
    WHOLE,
    stem_of,
    type_of,
)

_DIGITS = 16
"""A size of so many digits is none: a petabyte."""
_NAMES = LocalNames()


class ListedArchive(Struct, frozen=True, kw_only=True):
    """One archive as the manifest describes it, at ``place``; ``sha256`` is in lower-case hexadecimal.

    ``type`` is ``patient``, ``transverse`` or empty. Of the patient's identifier only its presence is kept.
    """

    place: str
    id: str = ""
    type: str = ""
    file: str = ""
    has_patient_id: bool = False
    size: int | None = None
    sha256: str | None = None

    @property
    def stem(self) -> str:
        """The name of the archive without its suffix, as it is compared."""
        return stem_of(self.file or self.id)


class PortabilityManifest(Struct, frozen=True, kw_only=True):
    """One ``MANIFEST.XML``; what it does not say is empty or ``None``. ``start`` and ``end`` are as written."""

    name: str
    export_id: str = ""
    type: str = ""
    status: str = ""
    start: str = ""
    end: str = ""
    vendor: str = ""
    patients: int | None = None
    transverse: int | None = None
    archives: tuple[ListedArchive, ...] = ()
    issues: tuple[Issue, ...] = ()


def open_manifest(data: bytes, name: str) -> tuple[PortabilityManifest | None, tuple[Issue, ...]]:
    """Read a manifest, or say in an issue why it cannot be read: the archive is read without it."""
    try:
        manifest = parse_manifest(data, name)
    except UnreadableInput as error:
        words = f"{MANIFEST} is unreadable: {str(error).removeprefix(f'{name}: ')}"
        return None, (Issue(BAD_MANIFEST, Severity.ERROR, name, words),)
    return manifest, ()


def parse_manifest(data: bytes, name: str) -> PortabilityManifest:
    """Read a ``MANIFEST.XML``. Raises UnreadableInput when it is no well-formed XML."""
    root = parse_xml(data, name)
    issues: list[Issue] = []
    elements = [item for item in root.iter("{*}*") if _name(item) in ARCHIVE and len(item)]
    # A list may bear the name of what it lists.
    leaves = [item for item in elements if not any(_name(child) in ARCHIVE and len(child) for child in item)]
    archives = tuple(_listed(item, f"{name}#Archive[{n}]", issues) for n, item in enumerate(leaves, start=1))
    inside = set(leaves)
    general = [item for item in root.iter("{*}*") if not inside.intersection(item.iterancestors())]
    kind, status = _first(general, EXPORT_TYPE).upper(), _first(general, EXPORT_STATUS).upper()
    manifest = PortabilityManifest(
        name=name,
        export_id=_first(general, EXPORT_ID),
        type=kind,
        status=status,
        start=_first(general, START),
        end=_first(general, END),
        vendor=_vendor(general),
        patients=_number(_first(general, PATIENT_COUNT)),
        transverse=_number(_first(general, TRANSVERSE_COUNT)),
        archives=archives,
    )
    issues[:0] = _general_doubts(manifest)
    return replace(manifest, issues=tuple(issues))


def _general_doubts(manifest: PortabilityManifest) -> list[Issue]:
    found = [
        _not_said(manifest.name, field)
        for field, is_said in (
            ("exportId", bool(manifest.export_id)),
            ("exportType (UNITAIRE, CIBLE or MASSIF)", manifest.type in TYPES),
            ("exportStatus (COMPLETE, PARTIAL or SAMPLE)", manifest.status in STATUSES),
            ("any archive", bool(manifest.archives)),
        )
        if not is_said
    ]
    if manifest.status in STATUSES - {WHOLE}:
        words = f"{MANIFEST} says that the export is {manifest.status}: it does not hold everything"
        found.append(Issue(NOT_WHOLE, Severity.INFORMATION, manifest.name, words))
    return found


def _not_said(place: str, field: str) -> Issue:
    return Issue(NOT_SAID, Severity.WARNING, place, f"{MANIFEST} does not give {field} as the guide describes it")


def _listed(item: etree._Element, place: str, issues: list[Issue]) -> ListedArchive:
    inside = list(item)
    kind = _first(inside, ARCHIVE_TYPE).lower()
    name, file = _first(inside, ARCHIVE_ID), _first(inside, ARCHIVE_FILE)
    found = ListedArchive(
        place=place,
        id=name,
        type=kind if kind in {PATIENT, TRANSVERSE} else type_of(name or file),
        file=file,
        has_patient_id=bool(_first(inside, PATIENT_ID)),
        size=_number(_first(inside, SIZE)),
        sha256=_sha256(_first(inside, HASH)),
    )
    for field, is_said in (
        ("the identifier of an archive", bool(found.id or found.file)),
        ("the type of an archive", bool(found.type)),
        ("the size of an archive", found.size is not None),
        ("the SHA-256 of an archive", found.sha256 is not None),
    ):
        if not is_said:
            issues.append(_not_said(place, field))
    return found


def _name(item: etree._Element) -> str:
    return _NAMES[str(item.tag)].lower()


def _first(items: Iterable[etree._Element], names: Sequence[str]) -> str:
    """Return the text of the first element of these names, in the order of the names, that has some."""
    by_name: dict[str, str] = {}
    for item in items:
        name = _name(item)
        if name in names and name not in by_name and (text := _text(item)):
            by_name[name] = text
    return next((by_name[name] for name in names if name in by_name), "")


def _text(item: etree._Element) -> str:
    """The text of an element, or its value when it is written as a FHIR logical model (``value="..."``)."""
    own = (item.text or "").strip() or (item.get("value") or "").strip()
    if own or not len(item):
        return own
    return next((_text(child) for child in item if _name(child) == "value" and not len(child)), "")


def _vendor(items: Iterable[etree._Element]) -> str:
    vendor = next((item for item in items if _name(item) in VENDOR), None)
    if vendor is None:
        return ""
    return _first(list(vendor), VENDOR_NAME) or _text(vendor)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < _DIGITS else None


def _sha256(text: str) -> str | None:
    """Read a SHA-256 in hexadecimal, or in base 64 as signatures write theirs."""
    if re.fullmatch(r"[0-9A-Fa-f]{64}", text):
        return text.lower()
    if len(text) == 44:
        try:
            found = base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            return None
        return found.hex() if len(found) == 32 else None
    return None
