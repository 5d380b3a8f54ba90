"""Who the patient is, and which numbers are theirs."""

from typing import Any

import pytest
from tests.unit.parsers.fhir.fhir_samples import PATIENT, bundle, document, documents, observation, rows, statements

from semantix.emitters import omop
from semantix.model import Identifier

INS = "urn:oid:1.2.250.1.213.1.4.8"
NIR = "255081416802538"


def reliable(status: str) -> dict[str, Any]:
    return {
        "url": "https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-identity-reliability",
        "extension": [
            {
                "url": "identityStatus",
                "valueCoding": {
                    "system": "https://hl7.fr/ig/fhir/core/CodeSystem/fr-core-cs-v2-0445",
                    "code": status,
                },
            }
        ],
    }


def patient(**more: Any) -> dict[str, Any]:
    return {**PATIENT, "identifier": [{"use": "official", "system": INS, "value": NIR}], **more}


def ids_of(resource: dict[str, Any]) -> tuple[Identifier, ...]:
    (found,) = documents(resource)
    return found.patient.ids


def test_an_ins_is_one_only_when_the_identity_is_qualified() -> None:
    assert ids_of(patient(extension=[reliable("VALI")])) == (Identifier("1.2.250.1.213.1.4.8", NIR),)


@pytest.mark.parametrize("extension", [[], [reliable("PROV")], [reliable("VALI"), reliable("PROV")]])
def test_an_identity_that_is_not_qualified_has_no_ins(extension: list[Any]) -> None:
    (found,) = documents(patient(extension=extension))
    assert found.patient.ids == (Identifier("urn:semantix:patient:cabinet-des-lilas", "p1"),)
    assert [issue.code for issue in found.issues] == ["SX424"]
    assert NIR not in repr(found)


@pytest.mark.parametrize(
    "identifier",
    [
        {"system": "http://hopital.test/secu", "value": NIR},
        {"type": {"coding": [{"code": "SS"}]}, "system": "http://hopital.test/x", "value": "12"},
        {"system": "urn:oid:1.2.250.1.213.1.4.2", "value": "0123456789"},
    ],
)
def test_a_social_security_number_is_no_number_of_a_patient(identifier: dict[str, Any]) -> None:
    (found,) = documents(patient(identifier=[identifier]))
    assert [one.root for one in found.patient.ids] == ["urn:semantix:patient:cabinet-des-lilas"]
    assert [issue.code for issue in found.issues] == ["SX425"]


def test_local_numbers_are_kept_those_no_longer_in_use_last() -> None:
    many = [
        {"use": "old", "system": "http://hopital.test/ipp", "value": "1"},
        {"system": "http://hopital.test/ipp", "value": "2"},
        {"value": "3"},
    ]
    assert ids_of(patient(identifier=many)) == (
        Identifier("http://hopital.test/ipp", "2"),
        Identifier("urn:semantix:patient:cabinet-des-lilas", "3"),
        Identifier("http://hopital.test/ipp", "1"),
    )


def test_names_of_birth_and_in_use_are_told_apart() -> None:
    names = [
        {"use": "official", "family": "Fauxnom", "given": ["Odile"]},
        {"use": "usual", "family": "Autrenom", "prefix": ["Mme"]},
        {"text": "Odile F."},
    ]
    (found,) = documents(patient(name=names))
    born, used, said = found.patient.names
    assert born.values("family", "BR") == ("Fauxnom",)
    assert (used.values("family", "CL"), used.values("prefix")) == (("Autrenom",), ("Mme",))
    assert said.text == "Odile F."


def test_the_commune_of_birth_and_the_rest_are_read() -> None:
    place = {
        "url": "http://hl7.org/fhir/StructureDefinition/patient-birthPlace",
        "valueAddress": {
            "city": "Bourg-Imaginaire",
            "extension": [
                {
                    "url": "https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-address-insee-code",
                    "valueCoding": {"system": "https://exemple.test/communes", "code": "01999"},
                }
            ],
        },
    }
    more = {
        "extension": [place],
        "address": [{"use": "old", "postalCode": "01000"}, {"line": ["3 rue X"], "postalCode": "38000", "city": "Y"}],
        "telecom": [{"system": "phone", "value": "01 23"}, {"system": "email", "value": "a@exemple.test"}],
        "maritalStatus": {
            "coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-MaritalStatus", "code": "M"}]
        },
        "communication": [{"language": {"coding": [{"system": "urn:ietf:bcp:47", "code": "fr"}]}}],
        "multipleBirthInteger": 2,
        "deceasedDateTime": "2023-01-31",
        "contact": [{"name": {"text": "Une amie"}, "relationship": [{"text": "amie"}]}],
        "managingOrganization": {"display": "Centre des Lilas"},
    }
    (found,) = documents({**PATIENT, **more})
    who = found.patient
    assert who.birth_place is not None
    assert (who.birth_place.get("county"), who.birth_place.get("city")) == ("01999", "Bourg-Imaginaire")
    assert who.addresses[0].get("postalCode") == "38000"
    assert [t.value for t in who.telecoms] == ["tel:01 23", "mailto:a@exemple.test"]
    assert (who.deceased, who.multiple_birth_order, who.languages) == (True, 2, ("fr",))
    assert who.guardians[0].names[0].text == "Une amie"
    assert who.provider_organization is not None
    assert not found.unread


@pytest.mark.parametrize(("gender", "concept"), [("male", 8507), ("female", 8532), ("unknown", 0)])
def test_the_gender_reaches_omop(gender: str, concept: int) -> None:
    (found,) = documents({**PATIENT, "gender": gender})
    (row,) = rows(found, "person")
    assert (row["gender_concept_id"], row["year_of_birth"]) == (concept, 1961)


def test_a_birth_date_that_is_no_date_is_a_doubt() -> None:
    (found,) = documents({**PATIENT, "birthDate": "02/04/1961"})
    assert found.patient.birth is None
    assert [issue.code for issue in found.issues] == ["SX420"]


def test_a_patient_who_is_nowhere_is_known_by_the_reference_alone() -> None:
    (found,) = documents(observation(subject={"reference": "Patient/absent"}))
    assert found.patient.ids == (Identifier("urn:semantix:patient:cabinet-des-lilas", "absent"),)
    assert "SX426" in [issue.code for issue in found.issues]
    assert len(statements(found)) == 1
    assert omop.emit(found).excluded["lab-result", "no-date"] == 1


def test_each_patient_of_a_bundle_has_a_document() -> None:
    other = {**PATIENT, "id": "p2", "identifier": [{"value": "9"}]}
    found = documents(bundle(PATIENT, other, observation(), observation(id="o2", subject={"reference": "Patient/p2"})))
    assert [len(statements(one)) for one in found] == [1, 1]
    assert len({one.key for one in found}) == 2


def test_a_qualified_identity_is_the_person_of_omop() -> None:
    found = document(observation())
    assert omop.emit(found).rows["person"][0]["person_id"] == "1.2.250.1.999.1^IPP-77"
