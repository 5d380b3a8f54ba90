"""CDA R2 as the CI-SIS writes it: bytes to a Document."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from semantix.parsers._claims import Claim, Cut, Input, Piece, Told
from semantix.parsers.cda.document import FORMAT, parse

_ROOT = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?ClinicalDocument[\s>/]")
_TEMPLATE = re.compile(rb"<(?:[\w.-]+:)?templateId\b([^>]*)>")
_ATTRIBUTE = re.compile(rb"""\b(root|extension)\s*=\s*["']([^"']*)["']""")
_VOLET = "1.2.250.1.213.1.1.1."
"""Branch of the CI-SIS document templates ("volets"); ``…1.1`` is common to all of them."""


class CdaParser(Struct, frozen=True):
    """The CDA R2 parser, as the registry of formats knows it."""

    name: str = "CDA R2"
    cuts: bool = False

    def claims(self, head: bytes, name: str) -> Claim | None:
        """Recognise a ClinicalDocument in the first bytes, UTF-16 included, and the CI-SIS volet by its templates."""
        text = head.replace(b"\0", b"")
        if not _ROOT.search(text) or b"urn:hl7-org:v3" not in text:
            return None
        volet = _volet(text)
        if volet:
            return Claim(FORMAT, volet, 1.0, f"ClinicalDocument in urn:hl7-org:v3 with the CI-SIS template {volet}")
        return Claim(FORMAT, None, 0.9, "ClinicalDocument in urn:hl7-org:v3, no CI-SIS document template")

    def cut(self, source: Input, claim: Claim) -> Iterator[Cut]:
        """Never: one document a file."""
        raise NotImplementedError

    def read(self, piece: Piece) -> Iterator[Told]:
        """Read the whole document, whatever its size: who opened the file has already bounded it."""
        yield parse(piece.data, piece.name, max_bytes=max(len(piece.data), 1), narratives=piece.narratives)


def _volet(text: bytes) -> str | None:
    """``root`` and, if any, ``extension`` of the most specific CI-SIS document template: ``1.2.250…13 (2022.01)``."""
    best = None
    for match in _TEMPLATE.finditer(text):
        found = dict(_ATTRIBUTE.findall(match.group(1)))
        root = found.get(b"root", b"").decode("ascii", "replace")
        if root.startswith(_VOLET) and (best is None or root != f"{_VOLET}1"):
            version = found.get(b"extension", b"").decode("ascii", "replace")
            best = f"{root} ({version})" if version else root
            if root != f"{_VOLET}1":
                return best
    return best


PARSER = CdaParser()

__all__ = ["FORMAT", "PARSER", "CdaParser", "parse"]
