"""The single-byte character sets of French practice software, as tables that give every byte a character.

Bytes that a set leaves free become the control character of the same number, as browsers do: nothing is refused and
nothing is lost, so that a text can be turned back to the bytes it came from.
"""

from __future__ import annotations

import codecs
from types import MappingProxyType

SINGLE = ("cp1252", "iso8859-15", "mac-roman", "cp850")
"""From the most to the least careful choice: the first wins where two read the same."""

_CODECS = {"cp1252": "cp1252", "iso8859-15": "iso8859-15", "mac-roman": "mac-roman", "cp850": "cp850"}


def _table(codec: str) -> str:
    return "".join(
        char if (char := bytes([byte]).decode(codec, "replace")) != "\ufffd" else chr(byte) for byte in range(256)
    )


TABLES = MappingProxyType({name: _table(codec) for name, codec in _CODECS.items()})
BYTES = MappingProxyType({name: {char: byte for byte, char in enumerate(table)} for name, table in TABLES.items()})
# Text that went through ISO-8859-1 has control characters where Windows has signs; both are taken back.
BYTES["cp1252"].update({chr(byte): byte for byte in range(0x80, 0xA0) if chr(byte) not in BYTES["cp1252"]})

_ALIASES = {
    "latin-1": "cp1252",
    "iso8859-1": "cp1252",
    "ascii": "utf-8",
    "utf-8-sig": "utf-8",
    "utf-16": "utf-16-le",
    "iso8859-15": "iso8859-15",
    "mac-latin2": "mac-latin2",
}


def known(name: str) -> str:
    """The name of an encoding as this package writes it. Raises LookupError when it is none of ours."""
    if name.lower() in ("iso646-fr", "iso-646-fr", "nf z 62-010"):
        return "iso646-fr"
    plain = codecs.lookup(name).name
    plain = _ALIASES.get(plain, plain)
    if plain not in (*SINGLE, "utf-8", "utf-16-le", "utf-16-be"):
        raise LookupError(f"the encoding {name!r} is not among those that are read; see ENCODINGS")
    return plain


def read(data: bytes, name: str) -> str:
    """Decode with one of the single-byte tables; every byte has a character."""
    return codecs.charmap_decode(data, "strict", TABLES[name])[0]


def unread(text: str, name: str) -> bytes | None:
    """The bytes that a single-byte table would have read as this text, or None when no bytes would."""
    table = BYTES[name]
    try:
        return bytes([table[char] for char in text])
    except KeyError:
        return None
