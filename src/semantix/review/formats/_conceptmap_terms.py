"""Systems, codes and texts as FHIR lets them be written: absolute URIs, codes without odd blanks, no empty text."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import quote, unquote

from semantix import systems
from semantix.review.model import Source

WORDINGS = "urn:semantix:wording"
"""The local system of sources that are only a wording; their codes are made from it, and dropped when read."""
LOCAL = "urn:semantix:system:"
"""How a system begins that is neither known nor a URI: its name follows, percent-encoded."""

_URI_BY_KEY: Mapping[str, str] = MappingProxyType(
    {each.key: each.uri or f"urn:oid:{each.oids[0]}" for each in systems.SYSTEMS}
)
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[\x21-\x7e]+")
_CHECKED = re.compile(r"urn:(?:oid|uuid):", re.IGNORECASE)
_URN = re.compile(
    r"urn:oid:[0-2](\.(0|[1-9][0-9]*))+|urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
)
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_UNSAFE = frozenset('<>"{}|\\^`#')
_LONGEST = 1_000_000


def system_uri(system: str) -> str:
    """The absolute URI of a system: a key of :mod:`semantix.systems`, an OID, a URI, or any text; empty for empty."""
    if not system:
        return ""
    uri = _URI_BY_KEY.get(system) or systems.uri(system)
    return uri if is_uri(uri) and not uri.startswith((LOCAL, WORDINGS)) else LOCAL + quote(system, safe="")


def system_key(uri: str) -> str:
    """The system of a URI: the key of a known one, the OID of an OID, the text of a local one, else the URI."""
    if uri.startswith(LOCAL):
        return unquote(uri.removeprefix(LOCAL))
    known = systems.find(uri)
    return known.key if known is not None else uri.removeprefix("urn:oid:")


def is_uri(text: str) -> bool:
    """Whether FHIR takes a text for an absolute URI, and a canonical one: no blank, no ``|``, no ``#``."""
    if not _URI.fullmatch(text) or _UNSAFE.intersection(text):
        return False
    return not _CHECKED.match(text) or _URN.fullmatch(text) is not None


def is_text(text: str) -> bool:
    """Whether FHIR takes a text as it is: not blank, no control character, not longer than a string may be."""
    return bool(text.strip()) and len(text) <= _LONGEST and _FORBIDDEN.search(text) is None


def fhir_code(code: str) -> str:
    """The nearest text that FHIR takes as a code: blanks single, none at the ends; empty if nothing is left."""
    return " ".join(_FORBIDDEN.sub(" ", code).split())


def source_code(source: Source) -> tuple[str, str]:
    """The system URI and the code under which a source is written; a wording gets one that is always the same."""
    code = fhir_code(source.code)
    if code:
        return system_uri(source.system), code
    return WORDINGS, "w" + hashlib.sha256(source.label.encode("utf-8", "replace")).hexdigest()[:16]
