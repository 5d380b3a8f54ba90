"""PN13-IS prescriptions of drugs (PHAST, Interop'Santé): XML to documents.

Source: PN13-IS 4.0; Interop'Santé, "Guide d'implémentation du médicament" 0.1.0, transformation PN13 to FHIR.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from semantix.model import SetAside
from semantix.parsers._claims import Claim, Cut, Input, Piece, Told
from semantix.parsers.pn13.names import FORMAT

_ROOT = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?Messages[\s>]")
_MESSAGE = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?M_Prescription_m")
_NAMESPACE = b"http://www.phast.fr/SIPhII"
_VERSION = re.compile(rb"PN13-IS\.([0-9]{1,2}(?:\.[0-9]{1,3}){1,3})\.xsd")
_PRESCRIPTION = "m_prescription_medicaments"


class Pn13Parser(Struct, frozen=True):
    """The PN13 parser, as the registry of formats knows it."""

    name: str = FORMAT
    cuts: bool = False

    def claims(self, head: bytes, name: str) -> Claim | None:
        """Recognise the ``Messages`` of PHAST by their namespace, or by the prescription inside."""
        text = head.replace(b"\0", b"")
        if b"Messages" not in text or not _ROOT.search(text):
            return None
        version = _VERSION.search(text)
        known = version[1].decode() if version else None
        if _MESSAGE.search(text):
            return Claim(FORMAT, known, 1.0, "Messages that hold M_Prescription_médicaments")
        if _NAMESPACE in text:
            return Claim(FORMAT, known, 0.9, "Messages in the namespace of PN13-IS")
        return None

    def cut(self, source: Input, claim: Claim) -> Iterator[Cut]:
        """Never: a file is one message."""
        raise NotImplementedError

    def read(self, piece: Piece) -> Iterator[Told]:
        """One document a prescription. Raises UnreadableInput when there is none."""
        from semantix.parsers.pn13.prescription import Prescription  # noqa: PLC0415 - slow to import; a run over other sources does without
        from semantix.parsers.pn13.tree import parse, refused  # noqa: PLC0415 - slow to import; a run over other sources does without

        root, doubt = parse(piece.data, piece.name)
        if root.name != "messages":
            raise refused(piece.name, root.name)
        count = 0
        for name, messages in root.children.items():
            for message in messages:
                if name == _PRESCRIPTION:
                    count += 1
                    yield Prescription(message, piece, count).document(root, doubt)
                elif name.startswith("m_"):
                    words = "a PN13 message of another kind than M_Prescription_médicaments"
                    yield SetAside(message.path, 0, "unknown-kind", words, quarantined=True)
        if not count and not root.children:
            raise refused(piece.name, root.name)


PARSER = Pn13Parser()

__all__ = ["FORMAT", "PARSER", "Pn13Parser"]
