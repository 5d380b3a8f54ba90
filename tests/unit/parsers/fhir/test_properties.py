"""Whatever the JSON, reading ends: with documents whose books balance, or with one clear refusal."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.parsers.fhir.fhir_samples import PATIENT, accounted, bulk, bundle, documents, told

from semantix.emitters import fhir, omop
from semantix.errors import UnreadableInput
from semantix.model import Document
from semantix.parsers.fhir import BULK, PARSER
from semantix.parsers.fhir.documents import BUILDERS
from semantix.parsers.fhir.grouping import ADMINISTRATIVE, LOOKED_UP

NAMES = st.sampled_from(
    "code coding system display status intent subject patient reference identifier value type category component "
    "hasMember result contained extension url valueCodeableConcept valueQuantity valueString effectiveDateTime "
    "onsetDateTime onsetAge abatementDateTime timing repeat frequency period periodUnit when dosageInstruction "
    "doseAndRate doseQuantity medicationCodeableConcept medicationReference performer actor individual class "
    "participant location section entry text div note time date start end low high unit comparator referenceRange "
    "dataAbsentReason reaction manifestation severity condition relationship name family given content attachment "
    "data focus stage evidence detail batch ingredient boundsPeriod id meta versionId lastUpdated userSelected "
    "modifierExtension encounter author attester clinicalStatus verificationStatus criticality".split()
)
WORDS = st.one_of(
    st.sampled_from(
        [
            "final", "active", "completed", "entered-in-error", "not-done", "2024-03-08", "2024-03-08T10:00:00Z",
            "2024-13", "Observation/r0", "Patient/p1", "#r1", "p1", "r1", "http://loinc.org", "laboratory", "d", "MORN",
            "http://terminology.hl7.org/CodeSystem/v3-NullFlavor", "UNK", "<div><p>x</p></div>", "no-known-allergies",
            "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips", "1e999999999", "female", "",
        ]
    ),
    st.text(max_size=8),
)  # fmt: skip
LEAVES = st.one_of(WORDS, st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.booleans(), st.none())
ANYTHING = st.recursive(
    LEAVES,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(NAMES, inner, max_size=5)),
    max_leaves=25,
)
TYPES = st.sampled_from([*BUILDERS, *sorted(LOOKED_UP), "Patient", "Composition", "Consent", "Bundle", "Provenance"])


@st.composite
def resources(draw: st.DrawFn) -> list[dict[str, Any]]:
    count = draw(st.integers(1, 4))
    out = []
    for n in range(count):
        body = draw(st.dictionaries(NAMES, ANYTHING, max_size=9))
        about = {"subject": {"reference": "Patient/p1"}} if draw(st.booleans()) else {}
        out.append({**body, "resourceType": draw(TYPES), "id": f"r{n}", **about})
    return out


@settings(max_examples=250)
@given(resources(), st.sampled_from(["document", "collection", "history", "batch"]))
def test_any_resources_give_documents_whose_books_balance(some: list[dict[str, Any]], kind: str) -> None:
    for found in documents(bundle(PATIENT, *some, kind=kind)):
        emission = fhir.emit(found)
        assert emission.ledger.account(found).balanced
        fhir.encode(fhir.document_bundle(emission, found))
        ledger = omop.emit(found).ledger
        assert ledger is not None
        assert ledger.account(found).balanced


@settings(max_examples=80)
@given(st.lists(resources(), max_size=3), st.binary(max_size=40))
def test_every_line_is_accounted_for(some: list[list[dict[str, Any]]], noise: bytes) -> None:
    lines = [json.dumps(one).encode() for group in some for one in group]
    assert accounted(bulk(b"\n".join([*lines, noise])))


@settings(max_examples=120)
@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_but_unreadable_input(data: bytes) -> None:
    for parser in (PARSER, BULK):
        parser.claims(data, "a.ndjson")
    for prefix in (b"", b'{"resourceType": "Bundle", "entry": [', b"<Bundle xmlns='http://hl7.org/fhir'>"):
        with suppress(UnreadableInput):
            told(prefix + data)


@settings(max_examples=80)
@given(ANYTHING)
def test_any_json_is_read_or_refused(value: Any) -> None:
    with suppress(UnreadableInput):
        for found in told(value):
            assert not isinstance(found, Document) or fhir.emit(found).ledger.account(found).balanced


@pytest.mark.parametrize("number", ["1e999999999", "9" * 5000, "-1e-99999", "1" + "0" * 400 + ".5"])
def test_numbers_beyond_any_measure_are_words(number: str) -> None:
    text = json.dumps(
        bundle(
            PATIENT,
            {
                "resourceType": "Observation",
                "id": "o1",
                "status": "final",
                "code": {"text": "x"},
                "subject": {"reference": "Patient/p1"},
                "valueQuantity": {"value": 77777},
            },
        )
    ).replace("77777", number)
    with suppress(UnreadableInput):
        (found,) = documents(text.encode())
        assert len(fhir.encode(fhir.document_bundle(fhir.emit(found), found))) < 100_000
        omop.emit(found)


def test_no_type_is_both_read_and_administrative() -> None:
    assert ADMINISTRATIVE.isdisjoint(BUILDERS)
    assert ADMINISTRATIVE.isdisjoint(LOOKED_UP)
