"""semantix's own FHIR is read back, and the published examples of FR Core are read."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

from semantix.emitters import fhir, omop
from semantix.model import Document
from semantix.parsers._claims import Piece
from semantix.parsers.cda import PARSER as CDA
from semantix.parsers.fhir import PARSER

EVENTS = ("person", "death", "condition_occurrence", "drug_exposure", "device_exposure", "visit_occurrence")
"""Tables that the same facts fill alike, whichever way they came, except for the guide's filters on FHIR statuses."""


def one(parser: Any, data: bytes, name: str) -> Document:
    (found,) = [x for x in parser.read(Piece(data=data, name=name, practice="p")) if isinstance(x, Document)]
    return found


def pairs(shared: Path, step: int) -> list[tuple[Document, Document]]:
    out = []
    for path in sorted((shared / "corpus" / "cda-3.0").glob("*.xml"))[::step]:
        first = one(CDA, path.read_bytes(), path.name)
        data = fhir.encode(fhir.document_bundle(fhir.emit(first), first))
        out.append((first, one(PARSER, data, path.name)))
    return out


def codes(document: Document) -> Counter[str]:
    """Each clinical code written in the FHIR of a document, once a place."""
    found: Counter[str] = Counter()
    for resource in fhir.emit(document).resources:
        if resource["resourceType"] in ("Observation", "Condition", "AllergyIntolerance", "Procedure", "Immunization"):
            code = resource.get("code") or resource.get("vaccineCode") or {}
            found.update(c["code"] for c in code.get("coding", ()))
    return found


def test_own_output_is_read_back_with_its_codes_and_its_rows(shared: Path) -> None:
    kept: Counter[str] = Counter()
    written: Counter[str] = Counter()
    before: Counter[str] = Counter()
    after: Counter[str] = Counter()
    for first, second in pairs(shared, 6):
        assert fhir.emit(second).ledger.account(second).balanced
        assert first.key == second.key
        written += codes(first)
        kept += codes(second) & codes(first)
        for document, count in ((first, before), (second, after)):
            rows = omop.emit(document).rows
            count.update({table: len(rows.get(table, ())) for table in EVENTS})
    assert kept.total() >= 0.97 * written.total()
    for table in ("person", "death", "condition_occurrence", "visit_occurrence"):
        assert before[table] == after[table], table
    assert abs(before["drug_exposure"] - after["drug_exposure"]) <= 6


def test_examples_of_fr_core_are_read(shared: Path) -> None:
    found = {}
    for path in sorted((shared / "spec" / "fr-core").glob("*.json")):
        resource = json.loads(path.read_bytes())
        if resource["resourceType"] in ("Patient", "Observation"):
            document = one(PARSER, path.read_bytes(), path.name)
            assert fhir.emit(document).ledger.account(document).balanced
            found[path.stem] = document
    assert len(found) == 8
    # The number of the example has a wrong key: it is no INS, even though its identity is said to be qualified.
    patient = found["Patient-FRCorePatientExample"].patient
    assert [i.root for i in patient.ids] == ["urn:semantix:patient:p"]
    assert patient.birth_place is not None
    assert patient.birth_place.get("county") == "01006"
