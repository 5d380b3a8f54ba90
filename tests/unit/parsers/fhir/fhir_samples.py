"""Invented resources, and short ways to read them. Nobody here exists."""

from __future__ import annotations

import json
from collections.abc import Iterable
from io import BytesIO
from typing import Any, BinaryIO

from semantix.emitters import fhir, omop
from semantix.model import Document, LineCount, SetAside, Statement
from semantix.parsers._claims import Claim, Piece
from semantix.parsers.fhir import BULK, PARSER

Json = dict[str, Any]
LOINC = "http://loinc.org"
SNOMED = "http://snomed.info/sct"
PATIENT: Json = {
    "resourceType": "Patient",
    "id": "p1",
    "identifier": [{"system": "urn:oid:1.2.250.1.999.1", "value": "IPP-77"}],
    "name": [{"use": "official", "family": "Fauxnom", "given": ["Odile"]}],
    "gender": "female",
    "birthDate": "1961-04-02",
}


def coded(code: str, system: str = LOINC, display: str | None = None) -> Json:
    """A CodeableConcept."""
    return {"coding": [{"system": system, "code": code, **({"display": display} if display else {})}]}


def observation(**more: Any) -> Json:
    """A glucose result, final unless told otherwise."""
    return {
        "resourceType": "Observation",
        "id": "o1",
        "status": "final",
        "category": [coded("laboratory", "http://terminology.hl7.org/CodeSystem/observation-category")],
        "code": coded("2339-0"),
        "subject": {"reference": "Patient/p1"},
        "effectiveDateTime": "2024-03-08T08:15:00+01:00",
        "valueQuantity": {"value": 1.10, "unit": "g/l", "system": "http://unitsofmeasure.org", "code": "g/L"},
        **more,
    }


def bundle(*resources: Json, kind: str = "collection", **more: Any) -> Json:
    """A Bundle of resources."""
    entries = [
        {"fullUrl": f"http://exemple.test/{r['resourceType']}/{r['id']}" if "id" in r else None, "resource": r}
        for r in resources
    ]
    return {"resourceType": "Bundle", "type": kind, "entry": entries, **more}


def told(value: Any, practice: str = "Cabinet des Lilas") -> list[Any]:
    """Everything that reading yields."""
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return list(PARSER.read(Piece(data=data, name="export.json", practice=practice)))


def documents(value: Any) -> list[Document]:
    """The documents of a file."""
    return [one for one in told(value) if isinstance(one, Document)]


def asides(value: Any) -> list[SetAside]:
    """What is set aside."""
    return [one for one in told(value) if isinstance(one, SetAside)]


def document(*resources: Json, **more: Any) -> Document:
    """The one document of a patient and some resources; its books must balance in both targets."""
    (found,) = documents(bundle(PATIENT, *resources, **more))
    check(found)
    return found


def check(found: Document) -> None:
    """Both emitters account for every code and statement."""
    assert fhir.emit(found).ledger.account(found).balanced
    ledger = omop.emit(found).ledger
    assert ledger is not None
    assert ledger.account(found).balanced


def statements(found: Document) -> list[Statement]:
    """The statements of all sections."""
    return [one for section in found.sections for one in section.statements]


def statement(*resources: Json, **more: Any) -> Any:
    """The one statement of some resources."""
    (found,) = statements(document(*resources, **more))
    return found


def resources(found: Document, kind: str) -> list[Json]:
    """The resources of a type that are written again."""
    return [r for r in fhir.emit(found).resources if r["resourceType"] == kind]


def rows(found: Document, table: str) -> list[Json]:
    """The rows of an OMOP table."""
    return omop.emit(found).rows.get(table, [])


class File:
    """A file in memory."""

    def __init__(self, name: str, lines: Iterable[Json] | bytes) -> None:
        self.name = name
        self.data = lines if isinstance(lines, bytes) else ndjson(*lines)
        self.opened = 0

    @property
    def size(self) -> int:
        """Bytes."""
        return len(self.data)

    def head(self, size: int = 65_536) -> bytes:
        """The first bytes."""
        return self.data[:size]

    def read(self) -> bytes:
        """All of it."""
        return self.data

    def open(self) -> BinaryIO:
        """A stream."""
        self.opened += 1
        return BytesIO(self.data)


def ndjson(*lines: Json) -> bytes:
    """One resource a line."""
    return b"".join(json.dumps(line).encode() + b"\n" for line in lines)


def bulk(data: bytes, others: dict[str, File] | None = None, line: int = 1) -> list[Document | SetAside | LineCount]:
    """Everything that reading some lines yields."""
    claim = Claim("fhir-bulk", "R4", 1.0, "", pack="fhir-bulk", role="Observation")
    piece = Piece(
        data=data, name="Observation.ndjson", practice="Cabinet des Lilas", others=others or {}, line=line, claim=claim
    )
    return list(BULK.read(piece))


def accounted(found: list[Any]) -> bool:
    """Every line is in a document or set aside."""
    lines = sum(one.lines for one in found if isinstance(one, (Document, SetAside)))
    return bool(lines == sum(one.lines for one in found if isinstance(one, LineCount)))
