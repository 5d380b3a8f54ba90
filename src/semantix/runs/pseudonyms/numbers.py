"""Numbers under the key of a project: pseudonyms of identifiers, and the offset of a patient's dates.

HMAC-SHA-256 (RFC 2104, FIPS 198-1) of the project and the value; parts are kept apart. What is shown are 128 bits.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from uuid import UUID

from semantix.emitters.omop.tables.provider import PRACTICE
from semantix.model import Identifier
from semantix.systems import INS_C, INS_OIDS, PS_ID_NAT, STRUCT_ID_NAT

ROOT = "urn:semantix:pseudonym"
"""The root of pseudonyms. No root of a register is kept: what stands under it would not be one of its numbers."""
_REMEMBERED = 1 << 16
_OID = re.compile(r"[0-2](\.(0|[1-9][0-9]*))+")
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_ROOTS = {
    **dict.fromkeys(INS_OIDS, f"{ROOT}:ins"),
    INS_C: f"{ROOT}:ins-c",
    PS_ID_NAT: f"{ROOT}:ps",
    STRUCT_ID_NAT: f"{ROOT}:struct",
    PRACTICE: PRACTICE,
}
_REGISTERS = frozenset({*INS_OIDS, INS_C, PS_ID_NAT, STRUCT_ID_NAT})


class Numbers:
    """Gives pseudonyms. The same value always has the same one, in every document of the project."""

    __slots__ = ("_key", "_known", "_project")

    def __init__(self, key: bytes, project: str) -> None:
        self._key = key
        self._project = project
        self._known: dict[Identifier, Identifier | None] = {}

    def digest(self, kind: str, *parts: str) -> bytes:
        """32 bytes for a value."""
        words = "\x1f".join((self._project, kind, *parts))
        return hmac.digest(self._key, words.encode("utf-8", "surrogatepass"), hashlib.sha256)

    def word(self, kind: str, *parts: str) -> str:
        """32 hexadecimal digits for a value."""
        return self.digest(kind, *parts)[:16].hex()

    def offset(self, person: str, most: int) -> int:
        """Days by which the dates of a person move: between 1 and ``most``, either way; 0 when ``most`` is 0."""
        if not most:
            return 0
        drawn = int.from_bytes(self.digest("shift", person), "big") % (2 * most)
        return drawn - most if drawn < most else drawn - most + 1

    def identifier(self, one: Identifier) -> Identifier | None:
        """The pseudonym of an identifier; ``None`` for an authority without the number it should have given."""
        try:
            return self._known[one]
        except KeyError:
            pass
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        found = self._known[one] = self._made(one)
        return found

    def _made(self, one: Identifier) -> Identifier | None:
        root, extension = one.root, one.extension
        if one.null:
            return Identifier(None, None, one.null)
        if extension:
            return Identifier(_ROOTS.get(root or "", ROOT), self.word("identifier", root or "", extension))
        if not root or extension is not None or root in _REGISTERS:
            return None
        return self._lone(root)

    def _lone(self, root: str) -> Identifier:
        """An identifier that is all root keeps its form: an OID (under 2.25, ITU-T X.667), a UUID, a URI."""
        number = self.digest("identifier", root)[:16]
        if _OID.fullmatch(root):
            return Identifier(f"2.25.{int.from_bytes(number, 'big')}")
        uuid = str(UUID(bytes=number, version=4))
        return Identifier(uuid if _UUID.fullmatch(root) else f"urn:uuid:{uuid}")

    def local(self, one: Identifier, birth: str) -> Identifier:
        """The pseudonym of a practice's number for one of its patients: with another birth date, another person."""
        return Identifier(ROOT, self.word("local", one.root or "", one.extension or "", birth))
