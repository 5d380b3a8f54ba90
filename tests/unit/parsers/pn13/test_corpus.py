"""The published samples of the guide; nothing of them is copied here."""

import pytest

from semantix.emitters import fhir, omop


@pytest.fixture
def samples(shared, raw):
    paths = sorted((shared / "corpus" / "pn13").glob("*.xml"))
    return [raw(path.read_bytes()) for path in paths]


def test_every_sample_is_read_whole(samples):
    assert len(samples) == 5
    assert not any(document.unread for document in samples)
    requests = [
        resource
        for document in samples
        for resource in fhir.emit(document).resources
        if resource["resourceType"] == "MedicationRequest"
    ]
    assert len(requests) == 6
    assert all("medicationCodeableConcept" in r or "medicationReference" in r for r in requests)
    assert all(r["dosageInstruction"] and "requester" in r for r in requests)


def test_every_sample_balances_and_loses_nothing_in_fhir(samples):
    for document in samples:
        account = fhir.emit(document).ledger.account(document)
        assert account.balanced
        assert {loss.reason for loss in account.losses} <= {"implied"}
        assert omop.emit(document).ledger.account(document).balanced


def test_no_ins_is_taken_from_a_status_that_is_not_vali(samples):
    roots = {one.root for document in samples for one in document.patient.ids}
    assert not any(root.startswith("1.2.250.1.213.1.4") for root in roots)
