"""The published samples of the French guides; nothing of them is copied here."""

from collections import Counter

import pytest

from semantix.emitters import fhir, omop


@pytest.fixture
def samples(shared, raw):
    folder = shared / "corpus" / "hl7v2"
    paths = sorted(p for p in folder.rglob("*") if p.suffix in (".er7", ".hl7"))
    return {path.name: raw(path.read_bytes(), path.name) for path in paths}


def test_every_line_of_every_sample_is_accounted_for(samples):
    assert len(samples) == 11
    assert sum(reading.lines for reading in samples.values()) == sum(r.accounted for r in samples.values())
    assert not any(one.quarantined for reading in samples.values() for one in reading.aside)


def test_the_samples_give_the_documents_they_hold(samples):
    formats = Counter(document.format for reading in samples.values() for document in reading.documents)
    assert formats == {"HL7 v2": 8, "CDA R2": 2}
    deletions = [reading for name, reading in samples.items() if "_DEL_" in name]
    assert all(not reading.documents and "withdrawn" in reading.reasons for reading in deletions)
    assert all(samples[name].reasons == ["acknowledgement"] for name in ("ack.er7", "ack.hl7"))


def test_every_document_balances_in_both_targets(samples):
    for reading in samples.values():
        for document in reading.documents:
            assert fhir.emit(document).ledger.account(document).balanced
            assert omop.emit(document).ledger.account(document).balanced
