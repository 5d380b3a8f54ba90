"""Documents carried inside a message: CDA in base64 or as it is, PDF and other files.

Source: CI-SIS, volet "Transmission d'un document CDA-R2 en HL7v2" 2.1 (OBX-5 ED, OBX-11 F, C, D); HL7 v2.5, ED.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from binascii import Error
from collections.abc import Mapping
from types import MappingProxyType

from msgspec import Struct

from semantix.parsers.hl7v2.message import Segment

METADATA = "METADMPMSS"
"""OBX-3.3 of what the sender asks of the carrier (DMP, MSSanté), in a message that carries a document."""
RESTRICTIONS: Mapping[str, str] = MappingProxyType(
    {
        "MASQUE_PS": "hidden from professionals",
        "INVISIBLE_PATIENT": "not visible to the patient",
        "INVISIBLE_REP_LEGAUX": "not visible to the legal representatives of the patient",
        "CONNEXION_SECRETE": "of a secret connection",
    }
)
_MAGIC = (
    (b"%PDF", "application/pdf"),
    (b"\x89PNG", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"{\\rtf", "text/rtf"),
    (b"PK\x03\x04", "application/zip"),
)
_WHITE = re.compile(r"\s+")
_PROLOG = re.compile(r"^\s*<\?xml[^>]*\?>")
_BLANK = b"\xef\xbb\xbf \t\r\n\0"


class Carried(Struct, frozen=True):
    """The bytes of an OBX-5 of type ED, what they are, and whether their base64 was whole."""

    data: bytes
    media_type: str
    is_xml: bool
    is_damaged: bool = False


def is_metadata(obx: Segment) -> bool:
    """True for a wish about the transport of the document beside it."""
    return obx.text(3, 3).upper() == METADATA


def is_carrier(obx: Segment) -> bool:
    """True for an OBX that holds a file."""
    if obx.text(2).upper() == "ED":
        return True
    return obx.text(2).upper() in ("TX", "FT", "ST") and "<ClinicalDocument" in obx.raw(5)


def restriction(obx: Segment) -> str | None:
    """What a metadata OBX forbids, when it forbids something."""
    is_set = obx.text(5, 1).upper() in ("Y", "O", "1", "TRUE")
    return RESTRICTIONS.get(obx.text(3, 1).upper()) if is_set else None


def carried(obx: Segment) -> Carried | None:
    """The file of an OBX; ``None`` when there is none."""
    raw = obx.raw(5)
    if obx.text(2).upper() != "ED":
        return _made(_text(obx, raw), "", "")
    pieces = raw.split(obx.marks.component, 4)
    pieces += [""] * (5 - len(pieces))
    main, sub, encoding, content = pieces[1], pieces[2], pieces[3].upper(), pieces[4]
    if not content.strip():
        return None
    if encoding.startswith("BASE64") or encoding in ("B64", "A64"):
        return _decoded(content, main, sub)
    if encoding == "HEX":
        try:
            return _made(bytes.fromhex(content), main, sub)
        except ValueError:
            return _made(content.encode("utf-8", "replace"), main, sub, is_damaged=True)
    return _made(_text(obx, content), main, sub)


def _text(obx: Segment, content: str) -> bytes:
    """Text that came with the message, in UTF-8; its prolog told the encoding of bytes that are no more."""
    return _PROLOG.sub("", obx.marks.clear(content)).encode("utf-8", "replace")


def _decoded(content: str, main: str, sub: str) -> Carried:
    packed = _WHITE.sub("", content).removesuffix("\\")
    try:
        data = b64decode(packed + "=" * (-len(packed) % 4), validate=True)
    except (Error, ValueError):
        return _made(content.encode("utf-8", "replace"), main, sub, is_damaged=True)
    return _made(data, main, sub)


def _made(data: bytes, main: str, sub: str, *, is_damaged: bool = False) -> Carried:
    start = data[:200].lstrip(_BLANK)
    is_xml = not is_damaged and start.startswith(b"<")
    found = next((kind for magic, kind in _MAGIC if start.startswith(magic)), None)
    if found is None:
        found = "text/xml" if is_xml else _plain(data) or _named(main, sub)
    return Carried(data, found, is_xml, is_damaged)


def _plain(data: bytes) -> str | None:
    if b"\0" in data:
        return None
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return "text/plain"


def _named(main: str, sub: str) -> str:
    """What the message says of a file that shows nothing itself."""
    main, sub = main.strip().lower(), sub.strip().lower()
    if "/" in sub:
        return sub
    if main in ("text", "image", "audio", "video", "application") and sub and sub != "xml":
        return f"{main}/{sub}"
    return "application/octet-stream"


def packed(data: bytes) -> str:
    """Base64 without white space, as the model has it."""
    return b64encode(data).decode("ascii")
