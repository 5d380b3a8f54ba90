"""The form of archives by the names they hold, and of the METADATA.XML inside.

What the readers already doubt (missing, unlisted, changed documents) is in their issues; here is what XDM and the
portability guide ask of names and of the list of contents.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import PurePosixPath
from types import MappingProxyType

from lxml import etree

from semantix.errors import UnreadableInput
from semantix.parsers._xml import parse_xml
from semantix.parsers.portability import is_portability
from semantix.parsers.xdm import RIM, TYPE_CODE, UNIQUE_ID, Listed
from semantix.validation._findings import Finding, finding
from semantix.validation.form import words_archives as rules
from semantix.validation.form._places import line_of

XDM_FOLDER = "IHE_XDM"
MANIFEST = "METADATA.XML"
_SHORT = re.compile(r"[A-Z0-9_]{1,8}(?:\.[A-Z0-9_]{1,3})?")
_PORTABILITY = re.compile(r"PA(\d{8}T\d{6})\.ZIP")
_SHA1 = re.compile(r"[0-9a-fA-F]{40}")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,29}")

SUBMISSION_SET = "urn:uuid:a54d6aa5-d40d-43f9-88c5-b4633d873bdd"
CLASSIFICATIONS: Mapping[str, str] = MappingProxyType(
    {
        "urn:uuid:41a5887f-8865-4c09-adf7-e362475b143a": "classCode",
        TYPE_CODE: "typeCode",
        "urn:uuid:a09d5840-386c-46f2-b5ad-9c3699a4309d": "formatCode",
        "urn:uuid:f4f85eac-e6cb-4883-b524-f2705394840f": "confidentialityCode",
        "urn:uuid:f33fb8ac-18af-42cc-ae0e-ed0b0bdb91e1": "healthcareFacilityTypeCode",
        "urn:uuid:cccf5598-8b07-4b77-a05e-ae952c785ead": "practiceSettingCode",
    }
)
PATIENT_ID = "urn:uuid:58a6f841-87b3-4a3e-92fd-a8ffeff98427"
"""IHE ITI TF-3, 4.2.5: the UUIDs that ebXML gives to the attributes of a document."""


# --- names ------------------------------------------------------------------------------------------------------------


def archive_form(name: str, members: Sequence[str]) -> Iterator[Finding]:
    """What the names in an archive show. ``name`` is that of the archive; no name of a member is repeated."""
    names = [member.replace("\\", "/") for member in members]
    if is_portability(names):
        yield from _portability(name, names)
    elif any(XDM_FOLDER in PurePosixPath(one.upper()).parts for one in names) or _manifests(names):
        yield from _xdm(names)


def _manifests(names: Iterable[str]) -> list[PurePosixPath]:
    return [path for name in names if (path := PurePosixPath(name)).name.upper() == MANIFEST]


def _xdm(names: Sequence[str]) -> Iterator[Finding]:
    root = {name.upper() for name in names if "/" not in name}
    for what in ("INDEX.HTM", "README.TXT"):
        if what not in root:
            yield finding(rules.NO_INDEX, "/", layer="form", what=what)
    manifests = _manifests(names)
    if not manifests:
        yield finding(rules.NO_METADATA, "/", layer="form")
    elif any(len(path.parts) != 3 or path.parts[0].upper() != XDM_FOLDER for path in manifests):
        yield finding(rules.MISPLACED, "/", layer="form")
    parts = [PurePosixPath(name).parts for name in names]
    long = sum(1 for one in parts if one[0].upper() == XDM_FOLDER and not all(map(_SHORT.fullmatch, one)))
    if long:
        yield finding(rules.LONG_NAME, "/", layer="form", count=str(long))


def _portability(name: str, names: Sequence[str]) -> Iterator[Finding]:
    found = _PORTABILITY.fullmatch(name.replace("\\", "/").rpartition("/")[2])
    if found is None or not _is_time(found[1]):
        yield finding(rules.ARCHIVE_NAME, "/", layer="form")
    parts = [PurePosixPath(one.upper()).parts for one in names]
    # Everything may stand in one folder.
    tops = {one[0] for one in parts} | {one[1] for one in parts if len(one) > 1}
    for what in ("README.TXT", "DOCUMENTATION"):
        if what not in tops:
            yield finding(rules.ARCHIVE_LACKS, "/", layer="form", what=what)


def _is_time(text: str) -> bool:
    try:
        datetime.strptime(text, "%Y%m%dT%H%M%S")  # noqa: DTZ007 - a name without a zone
    except ValueError:
        return False
    return True


# --- METADATA.XML -----------------------------------------------------------------------------------------------------


def metadata_form(data: bytes, name: str) -> Iterator[Finding]:
    """What a METADATA.XML lacks. One that cannot be read is told by the reader (``SX107``): nothing is added."""
    try:
        root = parse_xml(data, name)
    except UnreadableInput:
        return
    local = str(root.tag).rpartition("}")[2]
    if local != "SubmitObjectsRequest":
        yield finding(rules.NOT_A_SUBMISSION, f"/{local[:40]}", 1, layer="form", root=local[:40])
        return
    if not _has_submission_set(root):
        yield finding(rules.NO_SUBMISSION_SET, f"/{local}", 1, layer="form")
    ids: Counter[str] = Counter()
    for position, item in enumerate(root.iter(RIM + "ExtrinsicObject"), 1):
        place = f"//ExtrinsicObject[{position}]", line_of(item)
        yield from _document(item, place)
        ids[_identifier(item, UNIQUE_ID)] += 1
    ids.pop("", None)
    for count in sorted(count for count in ids.values() if count > 1):
        yield finding(rules.SAME_ID, f"/{local}", layer="form", count=str(count))


def _has_submission_set(root: etree._Element) -> bool:
    nodes = {item.get("classificationNode") for item in root.iter(RIM + "Classification")}
    return SUBMISSION_SET in nodes and next(root.iter(RIM + "RegistryPackage"), None) is not None


def _document(item: etree._Element, place: tuple[str, int | None]) -> Iterator[Finding]:
    slots = {slot.get("name", ""): _value(slot) for slot in item.findall(RIM + "Slot")}
    needed = {
        "mimeType": item.get("mimeType", ""),
        "uniqueId": _identifier(item, UNIQUE_ID),
        "hash": slots.get("hash", ""),
        "size": slots.get("size", ""),
    }
    for field, value in needed.items():
        if not value:
            yield finding(rules.LACKS, *place, layer="form", field=field)
    if needed["hash"] and not _SHA1.fullmatch(needed["hash"]):
        yield finding(rules.BAD_HASH, *place, layer="form", field="hash")
    if needed["size"] and not (needed["size"].isascii() and needed["size"].isdigit()):
        yield finding(rules.BAD_HASH, *place, layer="form", field="size")
    schemes = {one.get("classificationScheme"): one for one in item.findall(RIM + "Classification")}
    wanted = {name: scheme in schemes for scheme, name in CLASSIFICATIONS.items()}
    wanted |= {"patientId": bool(_identifier(item, PATIENT_ID))}
    wanted |= {name: bool(slots.get(name)) for name in ("creationTime", "languageCode")}
    for field, is_there in wanted.items():
        if not is_there:
            yield finding(rules.LACKS_CODE, *place, layer="form", field=field)


def _value(slot: etree._Element) -> str:
    return next(((value.text or "").strip() for value in slot.iter(RIM + "Value")), "")


def _identifier(item: etree._Element, scheme: str) -> str:
    for one in item.findall(RIM + "ExternalIdentifier"):
        if one.get("identificationScheme") == scheme:
            return (one.get("value") or "").strip()
    return ""


# --- a document beside its listing ------------------------------------------------------------------------------------


def listed_form(listed: Listed, document: etree._Element) -> Iterator[Finding]:
    """Confront a CDA document (its ``ClinicalDocument``) with what METADATA.XML says of it."""
    own = document.find("{urn:hl7-org:v3}id")
    if own is not None and own.get("root") and listed.unique_id and listed.unique_id not in _written(own):
        yield finding(rules.OTHER_ID, "/ClinicalDocument[1]/id[1]", line_of(own), layer="form")
    code = document.find("{urn:hl7-org:v3}code")
    said, written = listed.type_code or "", (code.get("code") or "").strip() if code is not None else ""
    if code is not None and said != written and _CODE.fullmatch(said) and _CODE.fullmatch(written):
        place = "/ClinicalDocument[1]/code[1]"
        yield finding(rules.OTHER_TYPE, place, line_of(code), layer="form", listed=said, own=written)


def _written(identifier: etree._Element) -> tuple[str, ...]:
    """The ways in which a uniqueId may write an identifier of CDA."""
    root, extension = identifier.get("root", "").strip(), (identifier.get("extension") or "").strip()
    return (f"{root}^{extension}",) if extension else (root, f"{root}^")
