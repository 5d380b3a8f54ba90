"""Hardened XML: no DTD, no entities, no network, bounded size and depth, and one clear line when a file is refused."""

from __future__ import annotations

import re

from lxml import etree

from semantix.errors import UnreadableInput

MAX_BYTES = 100_000_000
MAX_DEPTH = 256
"""libxml2's own bound outside ``huge_tree``; the deepest published document has 32 levels."""

# A DOCTYPE can only stand before the root element; UTF-16 spells it with NUL bytes between the letters.
_DOCTYPES = (b"<!DOCTYPE", b"<!DOCTYPE".replace(b"", b"\0").strip(b"\0"))
_HEAD = 100_000
_BLANK = b"\xef\xbb\xbf \t\r\n\0"
BINARY = {
    b"%PDF": "a PDF",
    b"PK\x03\x04": "a ZIP archive",
    b"\xd0\xcf\x11\xe0": "an old Office document",
    b"{\\rt": "an RTF text",
}


def _parser(*, huge: bool) -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        remove_comments=True,
        remove_pis=True,
        huge_tree=huge,
    )


def parse_xml(data: bytes, name: str, *, max_bytes: int = MAX_BYTES) -> etree._Element:
    """Parse ``data`` and return its root, comments and processing instructions left out.

    Raises UnreadableInput when it is empty, too large, too deep, has a DOCTYPE, or is not well-formed in its encoding.
    The message gives the line and column, never the content. Large text nodes (a scanned PDF in base64) are accepted.
    """
    _refuse_before_parsing(data, name, max_bytes)
    try:
        root = etree.fromstring(data, _parser(huge=False))
    except etree.XMLSyntaxError as error:
        if not _is_large_text(error):
            raise UnreadableInput(_explain(error, data, name)) from None
        root = _parse_huge(data, name)
    except ValueError as error:
        raise UnreadableInput(f"{name}: not readable as XML: {error}") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise UnreadableInput(_doctype_message(name))
    return root


def _refuse_before_parsing(data: bytes, name: str, max_bytes: int) -> None:
    if len(data) > max_bytes:
        found, limit = len(data) / 1e6, max_bytes / 1e6
        raise UnreadableInput(
            f"{name}: {found:.0f} MB found, at most {limit:.0f} MB expected; raise the limit with --max-size"
        )
    if not data[:4096].strip(_BLANK) and not data.strip(_BLANK):
        raise UnreadableInput(f"{name}: the file is empty, an XML document was expected; send it again from its source")
    binary = next((words for magic, words in BINARY.items() if data.startswith(magic)), None)
    if binary:
        raise UnreadableInput(f"{name}: this is {binary}, an XML document was expected")
    head = data[:_HEAD].upper()
    if any(spelling in head for spelling in _DOCTYPES):
        raise UnreadableInput(_doctype_message(name))


def _doctype_message(name: str) -> str:
    return f"{name}: a DOCTYPE was found, none is allowed (its entities can attack a reader); remove it and send again"


def _is_large_text(error: etree.XMLSyntaxError) -> bool:
    words = str(error).lower()
    return "huge" in words or "too long" in words or "lookup limit" in words


def _parse_huge(data: bytes, name: str) -> etree._Element:
    try:
        root = etree.fromstring(data, _parser(huge=True))
    except etree.XMLSyntaxError as error:
        raise UnreadableInput(_explain(error, data, name)) from None
    if root.find("/".join("*" * MAX_DEPTH)) is not None:
        raise UnreadableInput(f"{name}: elements nested more than {MAX_DEPTH} deep; a real document has far fewer")
    return root


def _explain(error: etree.XMLSyntaxError, data: bytes, name: str) -> str:
    line, column = error.position
    words = (error.msg or "").split(", line ")[0].split("\n")[0]
    place = f"line {line}, column {column}"
    if "encod" in words.lower() or "utf-8" in words.lower() or "bytes:" in words.lower():
        declared = re.match(rb"""\s*(?:\xef\xbb\xbf)?<\?xml[^>]*encoding=["']([\w.-]+)""", data[:200])
        encoding = declared.group(1).decode() if declared else "UTF-8 (by default)"
        return (
            f"{name}: {place}: bytes that are not {encoding}, the encoding it declares; save it again in that encoding"
        )
    if "depth" in words.lower():
        return f"{name}: {place}: elements nested more than {MAX_DEPTH} deep; a real document has far fewer"
    is_marked_up = b"<" in data[:_HEAD]
    if is_marked_up and (not data.rstrip(_BLANK).endswith(b">") or "premature" in words.lower()):
        return f"{name}: {place}: the file stops in the middle (truncated?); send it again from its source"
    # libxml2's own words quote the file: a tag, an attribute or a comment may be the patient's name.
    wrong = _WRONG.get(getattr(error, "code", None), "it breaks a rule of XML there")
    return f"{name}: {place}: not well-formed XML: {wrong}"


_WRONG = {
    etree.ErrorTypes.ERR_TAG_NAME_MISMATCH: "an end tag does not match its start tag",
    etree.ErrorTypes.ERR_HYPHEN_IN_COMMENT: "two hyphens inside a comment",
    etree.ErrorTypes.ERR_ATTRIBUTE_WITHOUT_VALUE: "an attribute without a value",
    etree.ErrorTypes.ERR_ATTRIBUTE_NOT_STARTED: "an attribute value without quotes",
    etree.ErrorTypes.ERR_ATTRIBUTE_REDEFINED: "the same attribute twice in a tag",
    etree.ErrorTypes.ERR_LT_IN_ATTRIBUTE: "a '<' inside an attribute; it is written &lt;",
    etree.ErrorTypes.ERR_NAME_REQUIRED: "a '<' or '&' that begins nothing; they are written &lt; and &amp;",
    etree.ErrorTypes.ERR_ENTITYREF_SEMICOL_MISSING: "an '&' that is not written &amp;",
    etree.ErrorTypes.ERR_UNDECLARED_ENTITY: "an entity that XML does not know",
    etree.ErrorTypes.ERR_INVALID_CHAR: "a character that XML forbids",
    etree.ErrorTypes.ERR_INVALID_CHARREF: "a reference to a character that XML forbids",
    etree.ErrorTypes.ERR_DOCUMENT_END: "something follows the end of the document",
    etree.ErrorTypes.ERR_DOCUMENT_EMPTY: "no element was found",
    etree.ErrorTypes.ERR_SPACE_REQUIRED: "a space is missing between two attributes",
    etree.ErrorTypes.ERR_GT_REQUIRED: "a tag without its '>'",
    etree.ErrorTypes.NS_ERR_UNDEFINED_NAMESPACE: "a prefix without its namespace",
}


class LocalNames(dict[str, str]):
    """Local name of an lxml tag, remembered: ``names["{urn:hl7-org:v3}code"] == "code"``."""

    def __missing__(self, tag: str) -> str:
        name = self[tag] = tag.rpartition("}")[2]
        return name
