"""FHIR R4: Bundles of any type, single resources (JSON or XML), NDJSON bulk files.

``docs/reference/fhir-in.md`` says how each type of resource becomes a statement.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from semantix.parsers._claims import Claim, Cut, Input, Piece, Told
from semantix.parsers.fhir import claims

if TYPE_CHECKING:
    from semantix.parsers.fhir.bulk import Shelves


class Fhir:
    """A Bundle or a resource alone, read whole."""

    name = claims.JSON
    cuts = False

    def claims(self, head: bytes, name: str) -> Claim | None:
        """Recognise a resource by the type at its top, or by HL7's namespace."""
        return claims.claim_json(head, name) or claims.claim_xml(head, name)

    def cut(self, source: Input, claim: Claim) -> Iterator[Cut]:
        """Not cut: a reference may lead anywhere in a Bundle."""
        yield Cut(source.read())

    def read(self, piece: Piece) -> Iterator[Told]:
        """The documents of a Bundle: one a patient, one a Composition."""
        from semantix.parsers.fhir import xml  # noqa: PLC0415 - slow to import; a run over other sources does without
        from semantix.parsers.fhir.bundles import read_value  # noqa: PLC0415 - slow to import; a run over other sources does without
        from semantix.parsers.fhir.documents import Origin  # noqa: PLC0415 - slow to import; a run over other sources does without
        from semantix.parsers.fhir.shapes import decode  # noqa: PLC0415 - slow to import; a run over other sources does without

        if piece.data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<":
            origin = Origin(piece.name, piece.practice, claims.XML)
            yield from read_value(xml.parse(piece.data, piece.name), origin)
            return
        value, encoding = decode(piece.data, piece.name)
        yield from read_value(value, Origin(piece.name, piece.practice, claims.JSON, encoding))


class FhirBulk:
    """Resources one a line. The indexes of the files met are kept by the process, not by the reader's callers."""

    name = claims.BULK
    cuts = True

    def __init__(self) -> None:
        self._shelves: Shelves | None = None

    def claims(self, head: bytes, name: str) -> Claim | None:
        """Recognise lines that are resources."""
        return claims.claim_bulk(head, name)

    def cut(self, source: Input, claim: Claim) -> Iterator[Cut]:
        """Whole lines."""
        from semantix.parsers.fhir import bulk  # noqa: PLC0415 - slow to import; a run over other sources does without

        return bulk.cut(source, claim)

    def read(self, piece: Piece) -> Iterator[Told]:
        """The documents of the patients of some lines."""
        from semantix.parsers.fhir import bulk  # noqa: PLC0415 - slow to import; a run over other sources does without

        if self._shelves is None:
            self._shelves = bulk.Shelves()
        return bulk.read(piece, self._shelves)


PARSER = Fhir()
BULK = FhirBulk()

__all__ = ["BULK", "PARSER", "Fhir", "FhirBulk"]
