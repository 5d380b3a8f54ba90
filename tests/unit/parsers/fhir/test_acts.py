"""Procedure, ServiceRequest, Encounter, devices, files, and what relates them."""

from typing import Any

import pytest
from tests.unit.parsers.fhir.fhir_samples import (
    SNOMED,
    coded,
    document,
    observation,
    resources,
    rows,
    statement,
    statements,
)

from semantix.emitters import omop
from semantix.model import Media, Procedure

CCAM = "https://smt.esante.gouv.fr/terminologie-ccam"
ACT = "http://terminology.hl7.org/CodeSystem/v3-ActCode"


def procedure(**more: Any) -> dict[str, Any]:
    return {
        "resourceType": "Procedure",
        "id": "a1",
        "status": "completed",
        "code": coded("HHFA001", CCAM, "appendicectomie"),
        "subject": {"reference": "Patient/p1"},
        "performedDateTime": "2021-11-02",
        **more,
    }


def encounter(**more: Any) -> dict[str, Any]:
    return {
        "resourceType": "Encounter",
        "id": "e1",
        "status": "finished",
        "class": {"system": ACT, "code": "AMB"},
        "type": [coded("185349003", SNOMED)],
        "subject": {"reference": "Patient/p1"},
        "period": {"start": "2024-03-08T09:00:00+01:00", "end": "2024-03-08T09:20:00+01:00"},
        **more,
    }


@pytest.mark.parametrize(
    ("status", "count"),
    [
        ("completed", 1), ("preparation", 0), ("in-progress", 0), ("not-done", 0), ("on-hold", 0), ("stopped", 0),
        ("entered-in-error", 0), ("unknown", 0),
    ],
)  # fmt: skip
def test_only_a_completed_procedure_is_an_event(status: str, count: int) -> None:
    found = document(procedure(status=status, statusReason={"text": "refus"}))
    assert len(rows(found, "procedure_occurrence")) == count
    assert resources(found, "Procedure")[0]["status"] == status


def test_a_procedure_is_known_by_its_french_code() -> None:
    (row,) = rows(document(procedure()), "procedure_occurrence")
    assert (row["procedure_source_value"], row["procedure_date"]) == ("HHFA001", "2021-11-02")


def test_who_did_it_where_and_why_are_kept() -> None:
    role = {
        "resourceType": "PractitionerRole",
        "id": "r1",
        "practitioner": {"reference": "Practitioner/d1"},
        "organization": {"reference": "Organization/h1"},
        "code": [coded("10", "https://mos.esante.gouv.fr/NOS/TRE_G15-ProfessionSante/FHIR/TRE-G15-ProfessionSante")],
        "specialty": [coded("SM26", "https://mos.esante.gouv.fr/NOS/TRE_R38-SpecialiteOrdinale/FHIR/TRE-R38")],
    }
    doctor = {
        "resourceType": "Practitioner",
        "id": "d1",
        "identifier": [{"system": "https://rpps.esante.gouv.fr", "value": "10001234567"}],
        "name": [{"family": "Fictif", "given": ["Jean"], "prefix": ["Dr"]}],
    }
    hospital = {
        "resourceType": "Organization",
        "id": "h1",
        "identifier": [{"system": "https://finess.esante.gouv.fr", "value": "990000001"}],
        "name": "Hôpital imaginaire",
        "partOf": {"reference": "Organization/g1"},
    }
    group = {"resourceType": "Organization", "id": "g1", "name": "Groupement"}
    found = document(
        procedure(
            performer=[{"function": {"text": "opérateur"}, "actor": {"reference": "PractitionerRole/r1"}}],
            recorder={"reference": "Practitioner/d1"},
            bodySite=[coded("66754008", SNOMED)],
            reasonCode=[{"text": "douleur"}],
            reasonReference=[{"reference": "Observation/o1"}],
            complicationDetail=[{"reference": "Condition/absent", "display": "saignement"}],
        ),
        observation(),
        role,
        doctor,
        hospital,
        group,
    )
    act = next(one for one in statements(found) if isinstance(one, Procedure))
    who = act.parties[0]
    assert [(i.root, i.extension) for i in who.ids] == [("1.2.250.1.71.4.2.1", "810001234567")]
    assert who.organization is not None
    assert who.organization.ids[0].extension == "1990000001"
    assert who.organization.part_of is not None
    assert who.code is not None
    assert [q.value.codings[0].code for q in who.code.qualifiers if q.value] == ["SM26"]
    (written,) = resources(found, "Procedure")
    assert written["reasonCode"] == [{"text": "douleur"}]
    assert written["reasonReference"]
    assert not found.unread


def test_a_request_is_asked_for_and_is_no_event() -> None:
    request = {
        **procedure(),
        "resourceType": "ServiceRequest",
        "intent": "order",
        "status": "active",
        "authoredOn": "2024-01-02",
        "requester": {"display": "Dr Fictif"},
        "patientInstruction": "à jeun",
    }
    found = document(request)
    (only,) = statements(found)
    assert (only.mood, only.status) == ("RQO", "active")
    assert not rows(found, "procedure_occurrence")
    (written,) = resources(found, "ServiceRequest")
    assert (written["intent"], written["authoredOn"]) == ("order", "2024-01-02")
    assert resources(document({**request, "doNotPerform": True}), "ServiceRequest")[0]["doNotPerform"] is True


def test_a_visit_has_its_class_and_its_day() -> None:
    found = document(
        encounter(
            participant=[{"type": [{"text": "consultant"}], "individual": {"display": "Dr Fictif"}}],
            serviceProvider={"display": "Cabinet"},
            location=[{"location": {"reference": "Location/l1"}}],
            diagnosis=[{"condition": {"reference": "Condition/absent"}}],
        ),
        {"resourceType": "Location", "id": "l1", "name": "Salle 1"},
    )
    (row,) = rows(found, "visit_occurrence")
    assert (row["visit_concept_id"], row["visit_start_date"]) == (9202, "2024-03-08")
    assert resources(found, "Encounter")[0]["class"]["code"] == "AMB"


@pytest.mark.parametrize(("status", "count"), [("planned", 0), ("cancelled", 0), ("in-progress", 1)])
def test_a_visit_that_did_not_take_place_is_none(status: str, count: int) -> None:
    assert len(rows(document(encounter(status=status)), "visit_occurrence")) == count


def test_a_device_in_use_is_an_exposure() -> None:
    device = {
        "resourceType": "Device",
        "id": "d1",
        "type": coded("14106009", SNOMED),
        "deviceName": [{"name": "Modèle 3", "type": "model-name"}],
        "udiCarrier": [{"deviceIdentifier": "0123", "issuer": "http://exemple.test/gs1"}],
        "patient": {"reference": "Patient/p1"},
    }
    use = {
        "resourceType": "DeviceUseStatement",
        "id": "u1",
        "status": "active",
        "subject": {"reference": "Patient/p1"},
        "timingDateTime": "2020-05-06",
        "device": {"reference": "Device/d1"},
    }
    found = document(use, device)
    (row,) = rows(found, "device_exposure")
    assert (row["device_source_value"], row["device_exposure_start_date"]) == ("14106009", "2020-05-06")
    alone = statement({**device, "status": "active"})
    assert (alone.kind, alone.device.model) == ("device", "Modèle 3")


def test_a_device_asked_for_or_delivered() -> None:
    asked = {
        "resourceType": "DeviceRequest",
        "id": "q1",
        "status": "active",
        "intent": "order",
        "codeCodeableConcept": {"text": "fauteuil"},
        "subject": {"reference": "Patient/p1"},
    }
    delivered = {
        "resourceType": "SupplyDelivery",
        "id": "s1",
        "status": "completed",
        "patient": {"reference": "Patient/p1"},
        "suppliedItem": {"quantity": {"value": 2}, "itemCodeableConcept": coded("Z1", "http://exemple.test/lpp")},
        "occurrenceDateTime": "2024-01-01",
    }
    found = document(asked, delivered)
    assert [one.mood for one in statements(found)] == ["RQO", "EVN"]
    (row,) = rows(found, "device_exposure")
    assert (row["device_source_value"], row["quantity"]) == ("Z1", 2)


def test_a_file_is_attached_with_its_bytes_and_its_type() -> None:
    file = {
        "resourceType": "DocumentReference",
        "id": "f1",
        "status": "current",
        "type": coded("11506-3"),
        "category": [{"text": "Compte rendu"}],
        "subject": {"reference": "Patient/p1"},
        "date": "2024-03-09T10:00:00+01:00",
        "description": "courrier",
        "content": [
            {"attachment": {"contentType": "application/pdf", "url": "Binary/b1", "title": "courrier.pdf"}},
            {"attachment": {"url": "http://exemple.test/a.pdf"}},
        ],
    }
    binary = {"resourceType": "Binary", "id": "b1", "contentType": "application/pdf", "data": "JVBERi0="}
    found = document(file, binary)
    (only,) = statements(found)
    contents = [link.statement for link in only.links if isinstance(link.statement, Media)]
    assert [one.content.data for one in contents if one.content] == ["JVBERi0=", None]
    (written,) = resources(found, "DocumentReference")[:1]
    assert written["type"]["coding"][0]["code"] == "11506-3"
    assert [one["data"] for one in resources(found, "Binary")][:1] == ["JVBERi0="]


def test_a_superseded_file_is_left_out_of_omop() -> None:
    file = {
        "resourceType": "DocumentReference",
        "id": "f1",
        "status": "superseded",
        "subject": {"reference": "Patient/p1"},
    }
    assert omop.emit(document(file)).excluded["attached-document", "status-excluded"] == 1


@pytest.mark.parametrize(
    ("actor", "role"),
    [
        (
            {
                "resourceType": "RelatedPerson",
                "id": "x",
                "relationship": [{"text": "fille"}],
                "name": [{"text": "Léa"}],
            },
            "RelatedPerson",
        ),
        (
            {"resourceType": "Device", "id": "x", "deviceName": [{"name": "Analyseur", "type": "user-friendly-name"}]},
            "Device",
        ),
        ({"resourceType": "Organization", "id": "x", "name": "Laboratoire"}, "Organization"),
        ({"resourceType": "Location", "id": "x", "name": "Salle"}, "Location"),
    ],
)
def test_whoever_performs_is_written_again(actor: dict[str, Any], role: str) -> None:
    found = document(observation(performer=[{"reference": f"{role}/x"}]), actor)
    assert resources(found, role)


def test_an_unknown_modifier_keeps_a_resource_out() -> None:
    from tests.unit.parsers.fhir.fhir_samples import PATIENT, asides, bundle

    changed = procedure(modifierExtension=[{"url": "http://exemple.test/not", "valueBoolean": True}])
    (aside,) = asides(bundle(PATIENT, changed))
    assert (aside.reason, aside.quarantined) == ("unknown-kind", True)


def test_a_reference_cannot_go_round_for_ever() -> None:
    chain = [
        {**procedure(), "id": f"a{n}", "reasonReference": [{"reference": f"Procedure/a{n + 1}"}]} for n in range(60)
    ]
    found = document(*chain)
    assert len(rows(found, "procedure_occurrence")) == 60


def test_what_names_its_visit_belongs_to_it() -> None:
    other = encounter(id="e2", period={"start": "2023-01-05"})
    found = document(encounter(), other, observation(encounter={"reference": "Encounter/e2"}), observation(id="o2"))
    named, unnamed = sorted(rows(found, "measurement"), key=lambda row: row["visit_occurrence_id"] is None)
    visit = next(row for row in rows(found, "visit_occurrence") if row["visit_start_date"] == "2023-01-05")
    assert named["visit_occurrence_id"] == visit["visit_occurrence_id"]
    assert unnamed["visit_occurrence_id"] is None
