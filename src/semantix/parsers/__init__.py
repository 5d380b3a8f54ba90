"""The formats that semantix reads, and which of them a file is in.

Two parsers claiming one file is an error that names both, never "first wins".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from semantix.errors import UnreadableInput
from semantix.model import Document, Section
from semantix.parsers._claims import EVERY_ROLE, HEAD, Claim, Cut, Input, Parser, Piece, Told
from semantix.parsers._xml import BINARY, parse_xml
from semantix.parsers.cda import PARSER as CDA
from semantix.parsers.fhir import BULK as FHIR_BULK
from semantix.parsers.fhir import PARSER as FHIR
from semantix.parsers.hl7v2 import PARSER as HL7V2
from semantix.parsers.hprim_medecin import PARSER as HPRIM_MEDECIN
from semantix.parsers.hprim_sante import PARSER as HPRIM_SANTE
from semantix.parsers.pn13 import PARSER as PN13

PARSERS: tuple[Parser, ...] = (CDA, HPRIM_MEDECIN, HPRIM_SANTE, HL7V2, PN13, FHIR, FHIR_BULK)
"""Every reader but that of mapping packs, which the pipeline makes of the packs at hand."""

__all__ = [
    "EVERY_ROLE",
    "HEAD",
    "PARSERS",
    "Claim",
    "Cut",
    "Identity",
    "Input",
    "Parser",
    "Piece",
    "Told",
    "choose",
    "claims_on",
    "identify",
    "one_claim",
    "parse",
    "read",
]


class Identity(Struct, frozen=True, kw_only=True):
    """What a file is. ``level`` is the CDA level: 1 not structured, 2 titled sections, 3 coded entries.

    ``documents`` counts what the file holds, when it may hold several.
    """

    name: str
    format: str
    version: str | None = None
    code: str | None = None
    system: str | None = None
    display: str | None = None
    level: int | None = None
    confidence: float = 1.0
    why: str = ""
    documents: int | None = None


def choose(data: bytes, name: str, parsers: Sequence[Parser] = PARSERS) -> tuple[Parser, Claim]:
    """Return the only parser that claims a file. Raises UnreadableInput when there is none, or more than one."""
    found = one_claim(data[:HEAD], name, parsers) or one_claim(data, name, parsers)
    if found is None:
        raise UnreadableInput(_explain_unclaimed(data, name))
    return found


def one_claim(head: bytes, name: str, parsers: Sequence[Parser] = PARSERS) -> tuple[Parser, Claim] | None:
    """The only claim on a file, if there is one. Raises UnreadableInput when there are several."""
    claims = claims_on(head, name, parsers)
    if len(claims) > 1:
        names = " and ".join(parser.name for parser, _ in claims)
        raise UnreadableInput(f"{name}: {names} both recognise this file; tell the authors")
    return claims[0] if claims else None


def claims_on(head: bytes, name: str, parsers: Sequence[Parser]) -> list[tuple[Parser, Claim]]:
    """Every claim on a file."""
    return [(parser, claim) for parser in parsers if (claim := parser.claims(head, name)) is not None]


def read(piece: Piece, parsers: Sequence[Parser] = PARSERS) -> Iterator[Told]:
    """Read a file in whatever format it is. Raises UnreadableInput."""
    parser, claim = choose(piece.data, piece.name, parsers)
    yield from parser.read(Piece(data=piece.data, name=piece.name, practice=piece.practice, claim=claim))


def parse(data: bytes, name: str, parsers: Sequence[Parser] = PARSERS) -> Document:
    """Read the one document of a file. Raises UnreadableInput when it cannot be read, or holds none or several."""
    documents = [told for told in read(Piece(data=data, name=name), parsers) if isinstance(told, Document)]
    if len(documents) != 1:
        raise UnreadableInput(f"{name}: {len(documents)} documents found, one was expected; use read for such a file")
    return documents[0]


def identify(data: bytes, name: str, parsers: Sequence[Parser] = PARSERS) -> Identity:
    """Say what a file is, by reading it whole. Raises UnreadableInput."""
    parser, claim = choose(data, name, parsers)
    documents = [told for told in parser.read(Piece(data=data, name=name, claim=claim)) if isinstance(told, Document)]
    first = documents[0] if len(documents) == 1 else None
    coding = first.code.codings[0] if first is not None and first.code and first.code.codings else None
    return Identity(
        name=name,
        format=claim.format,
        version=claim.version,
        code=coding.code if coding else None,
        system=coding.system if coding else None,
        display=coding.display if coding else None,
        level=_level(first) if first is not None and claim.format == CDA.name else None,
        confidence=claim.confidence,
        why=claim.why,
        documents=len(documents) if first is None else None,
    )


def _level(document: Document) -> int:
    if not document.sections:
        return 1
    return 3 if any(map(_has_entries, document.sections)) else 2


def _has_entries(section: Section) -> bool:
    return bool(section.statements) or any(map(_has_entries, section.sections))


_NO_XML = "no reader recognises it"


def _explain_unclaimed(data: bytes, name: str) -> str:
    """Return why nobody wants a file; raises UnreadableInput when it is XML that cannot be read."""
    blank = data[:4096].strip(b"\xef\xbb\xbf \t\r\n\0")
    if blank and not blank.startswith(b"<") and not name.lower().endswith(".xml"):
        kind = next((words for magic, words in BINARY.items() if data.startswith(magic)), None)
        what = f"this is {kind}; " if kind else ""
        return f"{name}: {what}{_NO_XML}; describe it with a mapping pack (semantix profile tells what is in it)"
    root = parse_xml(data, name, max_bytes=max(len(data), 1))
    local = root.tag.rpartition("}")[2][:40]
    return f"{name}: an XML file whose root is <{local}>; a CDA R2 <ClinicalDocument> in urn:hl7-org:v3 was expected"
