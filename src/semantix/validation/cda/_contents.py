"""The body as a container: is there anything in it, and are the files embedded in it what they say they are."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from semantix.parsers.cda.context import Element
from semantix.validation._cda import V3, Cda
from semantix.validation._findings import Finding, finding
from semantix.validation.cda import contents_words as words

# The first bytes of files, and the media types that they prove. Source: the specifications of each format.
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "application/pdf"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"{\\rtf", "text/rtf"),
    (b"PK\x03\x04", "application/zip"),
)
_SAME: Mapping[str, str] = MappingProxyType(
    {"image/jpg": "image/jpeg", "application/rtf": "text/rtf", "application/x-pdf": "application/pdf"}
)
_PDF = "application/pdf"
_LATEST = 1024
_BLANKS = b" \t\r\n"
_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_START = 1400
"""Characters that hold the first bytes of a file, in base64: a PDF may begin a little later."""
_PROVED = frozenset(kind for _, kind in _MAGIC)
_ZIPPED = ("application/vnd.", "application/x-zip", "application/epub")


def check(cda: Cda) -> Iterator[Finding]:
    """Find empty bodies and sections, and files that are not what they say."""
    yield from _sections(cda)
    for body in cda.by_name.get("nonXMLBody", ()):
        for text in body.iterchildren(f"{V3}text"):
            yield from _body(cda, text)
    for name in ("text", "value", "thumbnail"):
        for element in cda.by_name.get(name, ()):
            if element.get("representation") == "B64" and "compression" not in element.attrib:
                yield from _embedded(cda, element)


def _sections(cda: Cda) -> Iterator[Finding]:
    sections = cda.by_name.get("section", ())
    for body in cda.by_name.get("structuredBody", ()):
        if not sections:
            yield finding(words.EMPTY_BODY, *cda.place(body))
    wanted = (f"{V3}text", f"{V3}entry", f"{V3}component")
    for section in sections:
        if next(section.iterchildren(*wanted), None) is None:
            yield finding(words.EMPTY_SECTION, *cda.place(section))
        if next(section.iterchildren(f"{V3}code"), None) is None:
            yield finding(words.SECTION_CODE, *cda.place(section))


def _body(cda: Cda, text: Element) -> Iterator[Finding]:
    has_reference = next(text.iterchildren(f"{V3}reference"), None) is not None
    if not has_reference and not (text.text or "").strip():
        yield finding(words.EMPTY_BODY, *cda.place(text))
    elif not text.get("mediaType"):
        yield finding(words.NO_MEDIA_TYPE, *cda.place(text))
    kind = text.get("mediaType", "")
    if kind in _PROVED and not has_reference and text.get("representation") != "B64" and (text.text or "").strip():
        yield finding(words.NOT_ENCODED, *cda.place(text), declared=kind)


def _embedded(cda: Cda, element: Element) -> Iterator[Finding]:
    data = (element.text or "").encode("ascii", "replace")
    if not data.strip(_BLANKS):
        if len(element) == 0 and "nullFlavor" not in element.attrib:
            yield finding(words.EMPTY_FILE, *cda.place(element))
        return
    if not _is_base64(data):
        yield finding(words.BASE64, *cda.place(element))
        return
    start = binascii.a2b_base64(_first(data))
    declared = element.get("mediaType", "").partition(";")[0].strip().lower()
    declared = _SAME.get(declared, declared)
    proved = next((kind for magic, kind in _MAGIC if start.startswith(magic)), "")
    if declared == _PDF and b"%PDF-" in start[:_LATEST]:
        return
    if not declared or proved == declared or (proved == "application/zip" and declared.startswith(_ZIPPED)):
        return
    if proved or declared in _PROVED:
        yield finding(words.MEDIA_TYPE, *cda.place(element), declared=_shown(declared), found=proved or "?")


def _is_base64(data: bytes) -> bool:
    """Is it base64 from end to end, blanks apart, without a decoding of the whole file: it is gone through once."""
    others = data.translate(None, _ALPHABET)
    padding = others.translate(None, _BLANKS)
    length = len(data) - len(others) + len(padding)
    return length % 4 == 0 and padding in (b"", b"=", b"==") and b"=" not in data.rstrip(_BLANKS + b"=")


def _first(data: bytes) -> bytes:
    """The first characters of base64, blanks left out; all of it is looked at only when most are blanks."""
    start = data[: 2 * _START].translate(None, _BLANKS)[:_START]
    return start if len(start) == _START else data.translate(None, _BLANKS)[:_START]


_MEDIA = re.compile(r"[a-z]{1,20}/[a-z0-9.+-]{1,60}")


def _shown(kind: str) -> str:
    return kind if _MEDIA.fullmatch(kind) else "…"
