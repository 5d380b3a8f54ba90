"""What is recognised as FHIR, and as what."""

import json

import pytest
from tests.unit.parsers.fhir.fhir_samples import PATIENT, File, bundle, ndjson, observation

from semantix.parsers.fhir import BULK, PARSER


def test_a_bundle_is_claimed_by_the_type_at_its_top() -> None:
    claim = PARSER.claims(json.dumps(bundle(PATIENT), indent=2).encode(), "a.json")
    assert claim is not None
    assert (claim.format, claim.version) == ("fhir", "R4")
    assert '"resourceType": "Bundle"' in claim.why


def test_the_type_may_come_after_long_content() -> None:
    late = {"entry": [{"resource": PATIENT}] * 2000, "resourceType": "Bundle"}
    data = json.dumps(late).encode()
    assert PARSER.claims(data[:65536], "a.json") is None
    assert PARSER.claims(data, "a.json") is not None


@pytest.mark.parametrize(
    "data", [b"", b"{}", b'{"a": {"resourceType": "Patient"}}', b"[1]", b"nom;prenom\n", b"<ClinicalDocument/>"]
)
def test_other_files_are_not_claimed(data: bytes) -> None:
    assert PARSER.claims(data, "a.json") is None
    assert BULK.claims(data, "a.json") is None


def test_one_resource_a_line_is_a_bulk_file_whatever_its_name() -> None:
    data = ndjson(PATIENT, {**PATIENT, "id": "p2"})
    claim = BULK.claims(data, "export/patients.json")
    assert claim is not None
    assert (claim.format, claim.pack, claim.role) == ("fhir-bulk", "fhir-bulk", "Patient")
    assert PARSER.claims(data, "export/patients.json") is None


def test_a_line_alone_is_a_bulk_file_by_its_name() -> None:
    data = ndjson(PATIENT)
    assert BULK.claims(data, "Patient.ndjson") is not None
    assert PARSER.claims(data, "Patient.ndjson") is None
    assert BULK.claims(data, "Patient.json") is None
    assert PARSER.claims(data, "Patient.json") is not None


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("Observation.ndjson", "Observation"),
        ("Observation.000.ndjson", "Observation.000"),
        ("a.zip!/x/2.Observation.ndjson", "Observation.2"),
    ],
)
def test_the_role_is_the_type_and_tells_numbered_files_apart(name: str, role: str) -> None:
    claim = BULK.claims(ndjson(observation()), name)
    assert claim is not None
    assert claim.role == role


def test_a_file_of_several_types_is_mixed() -> None:
    claim = BULK.claims(ndjson(PATIENT, observation()), "tout.ndjson")
    assert claim is not None
    assert claim.role == "mixed"


def test_a_first_line_longer_than_the_head_is_claimed_by_the_name() -> None:
    long = ndjson({**observation(), "note": [{"text": "x" * 90_000}]})
    claim = BULK.claims(long[:65536], "Observation.ndjson")
    assert claim is not None
    assert claim.role == "Observation"


def test_xml_is_claimed_by_its_namespace() -> None:
    claim = PARSER.claims(b'<?xml version="1.0"?><Bundle xmlns="http://hl7.org/fhir"></Bundle>', "a.xml")
    assert claim is not None
    assert claim.format == "fhir-xml"
    assert PARSER.claims(b'<Bundle xmlns="http://exemple.test/"><a b="http://hl7.org/fhir"/></Bundle>', "a.xml") is None


def test_a_whole_file_is_one_cut() -> None:
    file = File("a.json", json.dumps(PATIENT).encode())
    claim = PARSER.claims(file.data, file.name)
    assert claim is not None
    assert [cut.data for cut in PARSER.cut(file, claim)] == [file.data]
