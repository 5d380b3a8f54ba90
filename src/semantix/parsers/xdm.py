"""IHE XDM archives: what ``METADATA.XML`` lists, and whether the archive holds it.

The manifest is an ebXML ``SubmitObjectsRequest``; each document is an ``ExtrinsicObject`` with slots (URI,
hash, size...) and classifications (class, type, format...). Nothing of it replaces what the document itself
says.
Source: IHE ITI TF-2 3.32 (Distribute Document Set on Media) and TF-3 4.2 (metadata); CI-SIS, volet Echange
de documents.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import PurePosixPath
from urllib.parse import unquote

from lxml import etree
from msgspec import Struct

from semantix.model import Issue, Severity
from semantix.parsers._xml import parse_xml

RIM = "{urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0}"

COMPANIONS = frozenset({"INDEX.HTM", "README.TXT", "AUTORUN.INF", "DICOMDIR", "METADATA.XML"})
COMPANION_SUFFIXES = frozenset(
    {".xsl", ".xslt", ".css", ".pdf", ".png", ".jpg", ".jpeg", ".gif", ".htm", ".html", ".txt"}
)
XML_TYPES = frozenset({"text/xml", "application/xml", "application/hl7-v3+xml", "application/hl7-sda+xml"})

UNIQUE_ID = "urn:uuid:2e82c1f6-a085-4c72-9da3-8640a32e42ab"
TYPE_CODE = "urn:uuid:f0306f51-975f-434e-a61c-c59651d33983"
"""The schemes of the identifier and of the type of a document (IHE ITI TF-3, 4.2.5)."""

_DIGITS = 16
"""A size of so many digits is none: a petabyte."""

MISSING = "SX101"
UNLISTED = "SX102"
WRONG_HASH = "SX103"
WRONG_SIZE = "SX104"
NO_URI = "SX105"
NOT_XML = "SX106"
BAD_MANIFEST = "SX107"


class Listed(Struct, frozen=True, kw_only=True):
    """One document as the manifest describes it. ``sha1`` is in lower case; the others are as written."""

    uri: str | None
    media_type: str | None = None
    sha1: str | None = None
    size: int | None = None
    unique_id: str | None = None
    type_code: str | None = None

    @property
    def is_xml(self) -> bool:
        """True for what a parser may read; a manifest silent on the type is given the benefit of the doubt."""
        return self.media_type is None or self.media_type.lower() in XML_TYPES


class Manifest(Struct, frozen=True):
    """One ``METADATA.XML``: where it stands in the archive, and the documents it lists, in order."""

    name: str
    documents: tuple[Listed, ...]

    def path_of(self, listed: Listed) -> str | None:
        """The listed document's path in the archive: its URI is relative to the manifest's folder."""
        if not listed.uri:
            return None
        return str(PurePosixPath(self.name).parent / unquote(listed.uri).replace("\\", "/"))


def parse_manifest(data: bytes, name: str) -> Manifest:
    """Read a ``METADATA.XML``. Raises UnreadableInput."""
    root = parse_xml(data, name)
    return Manifest(name, tuple(_listed(item) for item in root.iter(RIM + "ExtrinsicObject")))


def _listed(item: etree._Element) -> Listed:
    slots = {slot.get("name"): _first_value(slot) for slot in item.findall(RIM + "Slot")}
    size, sha1 = slots.get("size"), slots.get("hash")
    return Listed(
        uri=slots.get("URI"),
        media_type=item.get("mimeType"),
        sha1=sha1.lower() if sha1 else None,
        size=int(size) if size and size.isascii() and size.isdigit() and len(size) < _DIGITS else None,
        unique_id=_attribute(item, "ExternalIdentifier", ("identificationScheme", UNIQUE_ID), "value"),
        type_code=_attribute(item, "Classification", ("classificationScheme", TYPE_CODE), "nodeRepresentation"),
    )


def _attribute(item: etree._Element, name: str, scheme: tuple[str, str], attribute: str) -> str | None:
    """An attribute of the first child of a name that is of a scheme."""
    found = next((one for one in item.findall(RIM + name) if one.get(scheme[0]) == scheme[1]), None)
    return (found.get(attribute) or "").strip() or None if found is not None else None


def _first_value(slot: etree._Element) -> str | None:
    """Return the slot's text; ebXML splits a long URI in numbered pieces (``1|...``, ``2|...``)."""
    values = [(value.text or "").strip() for value in slot.iter(RIM + "Value")]
    if slot.get("name") == "URI" and values and all(v[:2] == f"{n}|" for n, v in enumerate(values, start=1)):
        return "".join(value[2:] for value in values)
    return values[0] if values and values[0] else None


class Contents(Struct, frozen=True):
    """What to read in an archive, each with its listing if any, and the doubts about the archive as a whole."""

    documents: tuple[tuple[str, Listed | None], ...]
    issues: tuple[Issue, ...]
    ignored: tuple[str, ...]


def compare(manifests: Iterable[Manifest], members: Iterable[str]) -> Contents:
    """Confront the manifests with the members of the archive: listed documents first, then unlisted XML files."""
    left = {member: member for member in members}
    # Archives made on Windows do not always spell a name as their manifest does.
    spelt = {member.upper(): member for member in left}
    documents: list[tuple[str, Listed | None]] = []
    issues: list[Issue] = []
    for manifest in manifests:
        left.pop(manifest.name, None)
        for position, listed in enumerate(manifest.documents, start=1):
            place = f"{manifest.name}#ExtrinsicObject[{position}]"
            path = manifest.path_of(listed) or ""
            member = left.pop(path if path in left else spelt.get(path.upper(), path), None)
            issue = _doubt(listed, member, place)
            if issue:
                issues.append(issue)
            elif member:
                documents.append((member, listed))
    extra = [member for member in left if not is_companion(member)]
    issues += [_unlisted(member) for member in extra]
    documents += [(member, None) for member in extra if member.upper().endswith(".XML")]
    ignored = [member for member in left if not member.upper().endswith(".XML")]
    return Contents(tuple(documents), tuple(issues), tuple(ignored))


def is_companion(member: str) -> bool:
    """True for what surrounds the documents: index, read-me, stylesheets, renderings."""
    path = PurePosixPath(member)
    return path.name.upper() in COMPANIONS or path.suffix.lower() in COMPANION_SUFFIXES


def _doubt(listed: Listed, member: str | None, place: str) -> Issue | None:
    if not listed.uri:
        return Issue(NO_URI, Severity.WARNING, place, "a listed document has no URI")
    if member is None:
        return Issue(MISSING, Severity.ERROR, place, "a listed document is not in the archive")
    if not listed.is_xml:
        return Issue(NOT_XML, Severity.INFORMATION, place, "a listed document is not XML; it was not read")
    return None


def _unlisted(member: str) -> Issue:
    return Issue(UNLISTED, Severity.WARNING, member, "a file of the archive is not listed in METADATA.XML")


def verify(listed: Listed, data: bytes) -> tuple[Issue, ...]:
    """Compare a document's bytes with the size and the SHA-1 of its listing."""
    issues = []
    if listed.size is not None and listed.size != len(data):
        words = f"METADATA.XML says {listed.size} bytes, the document has {len(data)}"
        issues.append(Issue(WRONG_SIZE, Severity.WARNING, "/", words))
    if listed.sha1 and hashlib.sha1(data, usedforsecurity=False).hexdigest() != listed.sha1:
        words = "the document's SHA-1 is not the one in METADATA.XML: it was changed after the archive was made"
        issues.append(Issue(WRONG_HASH, Severity.WARNING, "/", words))
    return tuple(issues)
