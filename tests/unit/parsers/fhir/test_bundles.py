"""Bundles of every type, and what is set aside of them."""

import json
from typing import Any

import pytest
from tests.unit.parsers.fhir.fhir_samples import (
    PATIENT,
    asides,
    bundle,
    check,
    coded,
    document,
    documents,
    observation,
    rows,
    statements,
    told,
)

from semantix.emitters import fhir
from semantix.errors import UnreadableInput
from semantix.model import Document, SetAside, Withdrawn

SECTION = {"title": "Résultats", "code": coded("30954-2"), "entry": [{"reference": "Observation/o1"}]}


def composition(**more: Any) -> dict[str, Any]:
    return {
        "resourceType": "Composition",
        "id": "k1",
        "status": "final",
        "identifier": {"system": "urn:ietf:rfc:3986", "value": "urn:uuid:0f0e0d0c-0b0a-4908-8706-050403020100"},
        "type": coded("11502-2"),
        "title": "Compte rendu d'examens",
        "date": "2024-03-09T12:00:00+01:00",
        "subject": {"reference": "Patient/p1"},
        "author": [{"display": "Dr Fictif"}],
        "custodian": {"display": "Laboratoire des Lilas"},
        "confidentiality": "N",
        "language": "fr-FR",
        "attester": [{"mode": "legal", "time": "2024-03-09", "party": {"display": "Dr Fictif"}}],
        "event": [{"code": [{"text": "prélèvement"}], "period": {"start": "2024-03-08"}}],
        "relatesTo": [{"code": "replaces", "targetIdentifier": {"system": "urn:oid:1.2.250.1.999.9", "value": "D0"}}],
        "section": [SECTION],
        **more,
    }


def test_a_document_bundle_is_its_composition() -> None:
    whole = bundle(composition(), PATIENT, observation(), observation(id="o2"), kind="document")
    whole["identifier"] = {"system": "urn:oid:1.2.250.1.999.9", "value": "D1"}
    (found,) = documents(whole)
    check(found)
    assert found.key == "1.2.250.1.999.9^D1"
    assert (found.title, found.language) == ("Compte rendu d'examens", "fr-FR")
    assert found.time is not None
    assert found.time.iso == "2024-03-09T12:00:00+01:00"
    assert [party.role for party in found.parties] == ["author", "legalAuthenticator", "custodian"]
    assert [one.type_code for one in found.related] == ["RPLC"]
    results, others = found.sections
    assert [one.path for one in results.statements] == ["Observation/o1"]
    assert [one.path for one in others.statements] == ["Observation/o2"]
    assert others.title == "Autres éléments"


def test_sections_keep_their_text_without_what_acts() -> None:
    div = (
        '<div xmlns="http://www.w3.org/1999/xhtml"><p onclick="x()">Bon&nbsp;état</p><script>x()</script>'
        '<a href="javascript:x()">a</a><a href="https://exemple.test/">b</a><br/><font>c</font></div>'
    )
    sections = [
        {"title": "Texte", "text": {"status": "generated", "div": div}},
        {"title": "Vide", "emptyReason": coded("notasked", "http://terminology.hl7.org/CodeSystem/list-empty-reason")},
        {
            "title": "Cassé",
            "text": {"div": "<div>a & b"},
            "section": [{"title": "Dedans", "author": [{"display": "X"}]}],
        },
    ]
    (found,) = documents(bundle(composition(section=sections), PATIENT, kind="document"))
    text, empty, broken = found.sections
    assert text.narrative is not None
    assert "Bon\u00a0état" in text.narrative
    assert "script" not in text.narrative
    assert "onclick" not in text.narrative
    assert 'href="https://exemple.test/"' in text.narrative
    assert empty.null == "NASK"
    assert broken.narrative is not None
    assert "a &amp; b" in broken.narrative
    assert broken.sections[0].title == "Dedans"


def test_the_visit_of_a_composition_is_around_it() -> None:
    visit = {
        "resourceType": "Encounter",
        "id": "e1",
        "status": "finished",
        "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "IMP"},
        "subject": {"reference": "Patient/p1"},
        "period": {"start": "2024-03-01", "end": "2024-03-09"},
        "hospitalization": {"dischargeDisposition": {"text": "domicile"}, "admitSource": {"text": "urgences"}},
        "location": [{"location": {"reference": "Location/l1"}}],
    }
    place = {"resourceType": "Location", "id": "l1", "name": "Service A", "address": {"postalCode": "38000"}}
    (found,) = documents(
        bundle(composition(encounter={"reference": "Encounter/e1"}), PATIENT, visit, place, kind="document")
    )
    check(found)
    assert found.encounter is not None
    assert found.encounter.facility is not None
    assert found.encounter.facility.name == "Service A"
    assert rows(found, "visit_occurrence")[0]["visit_concept_id"] == 9201
    assert len(fhir.emit(found).resources) > 3


def test_a_composition_outside_a_document_takes_what_it_lists() -> None:
    found = documents(bundle(PATIENT, composition(), observation(), observation(id="o2")))
    assert [one.title for one in found] == ["Compte rendu d'examens", "Données FHIR"]
    assert [[x.path for x in statements(one)] for one in found] == [["Observation/o1"], ["Observation/o2"]]


def test_a_resource_of_someone_else_is_not_in_the_document() -> None:
    other = {**PATIENT, "id": "p2"}
    foreign = observation(id="o9", subject={"reference": "Patient/p2"})
    found = documents(bundle(composition(), PATIENT, observation(), other, foreign, kind="document"))
    assert [one.patient.path for one in found] == ["Patient/p1", "Patient/p2"]


def test_other_bundles_are_put_in_order_by_kind() -> None:
    condition = {
        "resourceType": "Condition",
        "id": "c1",
        "code": {"text": "asthme"},
        "subject": {"reference": "Patient/p1"},
    }
    found = document(observation(), condition)
    assert [section.title for section in found.sections] == ["Problèmes", "Résultats"]
    (custodian,) = found.parties
    assert custodian.organization is not None
    assert custodian.organization.names == ("Cabinet des Lilas",)
    assert found.sender == "Cabinet des Lilas"


@pytest.mark.parametrize("kind", ["collection", "transaction", "batch", "searchset", "message", "unknown", ""])
def test_the_type_of_the_bundle_changes_nothing_to_its_facts(kind: str) -> None:
    (found,) = documents(bundle(PATIENT, observation(), kind=kind))
    assert len(statements(found)) == 1


def test_a_single_resource_and_a_list_are_read() -> None:
    assert len(statements(documents(observation())[0])) == 1
    assert len(statements(documents([PATIENT, observation()])[0])) == 1


def test_references_by_urn_url_version_and_identifier_are_followed() -> None:
    urn = "urn:uuid:11111111-1111-4111-8111-111111111111"
    for reference in (
        {"reference": urn},
        {"reference": "http://exemple.test/Patient/p1"},
        {"reference": "Patient/p1/_history/3"},
        {"reference": "https://ailleurs.test/fhir/Patient/p1"},
        {"reference": "Patient?identifier=urn:oid:1.2.250.1.999.1|IPP-77"},
        {"type": "Patient", "identifier": {"system": "urn:oid:1.2.250.1.999.1", "value": "IPP-77"}},
    ):
        entries = [{"fullUrl": urn, "resource": PATIENT}, {"resource": observation(subject=reference)}]
        (found,) = documents({"resourceType": "Bundle", "type": "collection", "entry": entries})
        assert found.patient.birth is not None, reference


def test_a_resource_without_subject_is_of_the_only_patient_and_says_so() -> None:
    bare = {k: v for k, v in observation().items() if k != "subject"}
    found = document(bare)
    assert "SX428" in [issue.code for issue in found.issues]
    (aside,) = asides(bundle(PATIENT, {**PATIENT, "id": "p2"}, bare))
    assert (aside.reason, aside.quarantined) == ("no-patient", True)


def test_what_is_about_a_group_or_a_place_is_set_aside() -> None:
    (aside,) = asides(bundle(PATIENT, observation(subject={"reference": "Group/g1"})))
    assert aside.reason == "no-patient"


def test_nothing_is_lost_silently() -> None:
    some = [
        {"resourceType": "Provenance", "id": "x1"},
        {"resourceType": "Provenance", "id": "x2"},
        {"resourceType": "Practitioner", "id": "x3"},
        {"resourceType": "ClinicalImpression", "id": "x4", "subject": {"reference": "Patient/p1"}},
        {"resourceType": "Binary", "id": "x5"},
        {"resourceType": "Inventée", "id": "x6"},
    ]
    found = {one.message.split(":")[0]: one for one in asides(bundle(PATIENT, observation(), *some))}
    assert {name: one.reason for name, one in found.items()} == {
        "2 Provenance": "administrative",
        "1 Practitioner": "administrative",
        "1 ClinicalImpression": "unknown-kind",
        "1 Binary": "unknown-kind",
        "1 Inventée": "unknown-kind",
    }
    assert [name for name, one in found.items() if one.quarantined] == [
        "1 ClinicalImpression",
        "1 Inventée",
        "1 Binary",
    ]


def test_entries_without_a_resource_say_why() -> None:
    entries = [
        {"request": {"method": "DELETE", "url": "Observation/o5"}},
        {"response": {"status": "201"}},
        {"search": {"mode": "match"}},
        {"resource": {"id": "sans-type"}},
        {"resource": PATIENT},
    ]
    found = [
        one for one in told({"resourceType": "Bundle", "type": "batch", "entry": entries}) if isinstance(one, SetAside)
    ]
    assert [one.reason for one in found] == ["withdrawn", "acknowledgement", "structure", "unreadable"]


def test_a_history_keeps_the_newest_version_and_what_is_deleted_is_withdrawn() -> None:
    new = observation(meta={"versionId": "2"}, status="corrected")
    old = observation(meta={"versionId": "1"}, status="preliminary")
    gone = {"request": {"method": "DELETE", "url": "Observation/o7"}}
    entries = [gone, *({"resource": r} for r in (new, old, observation(id="o7"), PATIENT))]
    every = told({"resourceType": "Bundle", "type": "history", "entry": entries})
    (found,) = [one for one in every if isinstance(one, Document)]
    (withdrawn,) = [one for one in every if isinstance(one, Withdrawn)]
    assert [one.extension for one in withdrawn.ids] == ["o7"]
    assert [one.status for one in statements(found)] == ["corrected"]
    assert [one.reason for one in every if isinstance(one, SetAside)] == ["withdrawn", "withdrawn", "withdrawn"]


def test_the_same_resource_twice_is_read_once() -> None:
    every = told(bundle(PATIENT, observation(), observation()))
    assert [one.reason for one in every if isinstance(one, SetAside)] == ["repeated"]


def test_the_same_content_is_the_same_document_whenever_it_was_sent() -> None:
    one, other = (documents(bundle(PATIENT, observation(), timestamp=t))[0] for t in ("2024-03-09", "2025-01-01"))
    assert (one.key, one.source.sha256) == (other.key, other.source.sha256)
    (third,) = documents(bundle(PATIENT, observation(valueQuantity={"value": 2})))
    assert third.key != one.key


def test_bundles_inside_bundles_are_read_within_bounds() -> None:
    inner = bundle(composition(), PATIENT, observation(), kind="document")
    assert len(documents(bundle(inner, inner))) == 2
    deep = inner
    for _ in range(5):
        deep = bundle(deep)
    (aside,) = asides(deep)
    assert aside.quarantined


def test_consents_are_those_of_the_document() -> None:
    consent = {
        "resourceType": "Consent",
        "id": "n1",
        "status": "active",
        "scope": coded("patient-privacy", "http://terminology.hl7.org/CodeSystem/consentscope"),
        "category": [{"text": "accord"}],
        "patient": {"reference": "Patient/p1"},
    }
    (found,) = documents(bundle(composition(), PATIENT, consent, kind="document"))
    check(found)
    assert found.consents[0].status == "completed"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "nothing is written"),
        (b'{"resourceType": "Patient"', "truncated"),
        (b'{"resourceType": "Patient",}', "not well-formed JSON"),
        (b'{"a": 1}', "no resourceType"),
        (b"[]", "no resourceType"),
        (b'{"resourceType": "Patient", "x": ' + b"[" * 100 + b"]" * 100 + b"}", "nested"),
        (b"[" * 100_000, "nested"),
        (b'{"resourceType": "Pat\\ud800ient"}', "not well-formed"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words_without_content(data: bytes, words: str) -> None:
    with pytest.raises(UnreadableInput, match=words) as refused:
        told(data)
    assert "Fauxnom" not in str(refused.value)


def test_other_encodings_than_utf_8_are_read_with_a_doubt() -> None:
    text = json.dumps({**PATIENT, "name": [{"family": "Été"}]}, ensure_ascii=False)
    for data in (text.encode("cp1252"), b"\xff\xfe" + text.encode("utf-16-le")):
        (found,) = documents(data)
        assert found.patient.names[0].values("family") == ("Été",)
        assert "SX427" in [issue.code for issue in found.issues]
    (plain,) = documents(b"\xef\xbb\xbf" + text.encode())
    assert plain.issues == ()


def test_dates_that_are_none_and_times_without_a_zone_are_doubts() -> None:
    odd = document(observation(effectiveDateTime="2024-02-30"))
    assert "SX420" in [issue.code for issue in odd.issues]
    bare = document(observation(effectiveDateTime="2024-02-28T10:00:00"))
    assert "SX422" in [issue.code for issue in bare.issues]
    assert rows(bare, "measurement")[0]["measurement_date"] == "2024-02-28"
    written = next(r for r in fhir.emit(bare).resources if r["resourceType"] == "Observation")
    assert written["effectiveDateTime"] == "2024-02-28T10:00:00+01:00"
