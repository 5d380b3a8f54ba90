"""Requests, statements, administrations, dispensations and immunizations."""

from typing import Any

import pytest
from tests.unit.parsers.fhir.fhir_samples import SNOMED, coded, document, resources, rows, statement, statements

from semantix.emitters import omop

ATC = "http://www.whocc.no/atc"
UCUM = "http://unitsofmeasure.org"
EDQM = "http://standardterms.edqm.eu"


def request(**more: Any) -> dict[str, Any]:
    return {
        "resourceType": "MedicationRequest",
        "id": "m1",
        "status": "active",
        "intent": "order",
        "medicationCodeableConcept": coded("A10BA02", ATC, "metformine"),
        "subject": {"reference": "Patient/p1"},
        "authoredOn": "2024-02-01",
        "requester": {"display": "Dr Fictif"},
        **more,
    }


def drug(kind: str, **more: Any) -> dict[str, Any]:
    return {
        "resourceType": kind,
        "id": "m1",
        "status": "completed",
        "medicationCodeableConcept": coded("A10BA02", ATC),
        "subject": {"reference": "Patient/p1"},
        **more,
    }


@pytest.mark.parametrize("intent", ["order", "original-order", "reflex-order", "filler-order", "instance-order"])
def test_an_order_of_any_kind_is_a_prescription_on_the_day_it_was_written(intent: str) -> None:
    (row,) = rows(document(request(intent=intent)), "drug_exposure")
    assert (row["drug_source_value"], row["drug_exposure_start_date"]) == ("A10BA02", "2024-02-01")
    assert row["drug_type_concept_id"] == 32838


@pytest.mark.parametrize(("intent", "written"), [("proposal", "proposal"), ("plan", "plan"), ("option", "option")])
def test_less_than_an_order_is_no_exposure(intent: str, written: str) -> None:
    found = document(request(intent=intent))
    assert not rows(found, "drug_exposure")
    if intent != "option":
        assert resources(found, "MedicationRequest")[0]["intent"] == written


@pytest.mark.parametrize("status", ["draft", "cancelled", "stopped", "entered-in-error"])
def test_a_prescription_that_is_not_in_force_is_no_exposure(status: str) -> None:
    found = document(request(status=status))
    assert not rows(found, "drug_exposure")
    assert omop.emit(found).excluded["medication", "status-excluded"] == 1


def test_do_not_perform_is_denied() -> None:
    found = document(request(doNotPerform=True))
    assert not rows(found, "drug_exposure")
    assert resources(found, "MedicationRequest")[0]["doNotPerform"] is True


def test_dosage_supply_and_reason_are_read() -> None:
    dosage = {
        "sequence": 1,
        "text": "1 comprimé matin et soir",
        "patientInstruction": "pendant le repas",
        "timing": {
            "repeat": {
                "boundsPeriod": {"start": "2024-02-01", "end": "2024-05-01"},
                "frequency": 2,
                "period": 1,
                "periodUnit": "d",
            }
        },
        "route": coded("20053000", EDQM),
        "site": coded("123851003", SNOMED),
        "asNeededCodeableConcept": {"text": "douleur"},
        "doseAndRate": [{"doseQuantity": {"value": 1, "unit": "comprimé", "system": EDQM, "code": "15054000"}}],
        "maxDosePerPeriod": {"numerator": {"value": 3}, "denominator": {"value": 1, "unit": "d"}},
    }
    supply = {
        "quantity": {"value": 60},
        "numberOfRepeatsAllowed": 2,
        "validityPeriod": {"start": "2024-02-01"},
        "expectedSupplyDuration": {"value": 30, "unit": "j", "system": UCUM, "code": "d"},
    }
    found = document(
        request(
            dosageInstruction=[dosage],
            dispenseRequest=supply,
            reasonCode=[coded("E11.9", "http://hl7.org/fhir/sid/icd-10")],
            substitution={"allowedCodeableConcept": {"text": "non substituable"}},
        )
    )
    (only,) = statements(found)
    assert [t.period.value for t in only.dosages[0].timings] == [1, 1]  # type: ignore[attr-defined]
    (written,) = resources(found, "MedicationRequest")
    assert written["reasonCode"][0]["coding"][0]["code"] == "E11.9"
    (said,) = written["dosageInstruction"]
    assert (said["timing"]["repeat"]["frequency"], said["timing"]["repeat"]["periodUnit"]) == (2, "d")
    assert said["timing"]["repeat"]["boundsPeriod"] == {"start": "2024-02-01", "end": "2024-05-01"}
    assert said["doseAndRate"][0]["doseQuantity"]["code"] == "15054000"
    assert (said["text"], said["patientInstruction"]) == ("1 comprimé matin et soir", "pendant le repas")
    (row,) = rows(found, "drug_exposure")
    assert (row["quantity"], row["refills"], row["days_supply"], row["drug_exposure_start_date"]) == (
        60, 2, 30, "2024-02-01",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("timing", "path", "expected"),
    [
        ({"repeat": {"when": ["MORN", "EVE"]}}, ("repeat", "when"), ["MORN", "EVE"]),
        ({"repeat": {"when": ["AC"], "offset": 30}}, ("repeat", "offset"), 30),
        ({"repeat": {"timeOfDay": ["08:00:00"], "dayOfWeek": ["mon"]}}, ("code", "text"), "mon; 08:00:00"),
        (
            {"repeat": {"boundsDuration": {"value": 5, "unit": "d", "system": UCUM, "code": "d"}}},
            ("repeat", "boundsDuration", "value"),
            5,
        ),
        ({"code": {"text": "trois fois par jour"}}, ("code", "text"), "trois fois par jour"),
        ({"repeat": {"frequency": 500, "period": 1, "periodUnit": "d"}}, ("code", "text"), "500 / 1 d"),
        (
            {"repeat": {"frequency": 1, "frequencyMax": 2, "period": 8, "periodUnit": "h", "count": 6}},
            ("code", "text"),
            "frequencyMax 2; count 6",
        ),
        (
            {"code": coded("BID", "http://terminology.hl7.org/CodeSystem/v3-GTSAbbreviation")},
            ("code", "coding", 0, "code"),
            "BID",
        ),
        ({"event": ["2024-02-01", "x"]}, ("repeat", "boundsPeriod", "start"), "2024-02-01"),
        (
            {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d", "duration": 2, "durationUnit": "h"}},
            ("repeat", "duration"),
            2,
        ),
    ],
)
def test_a_schedule_comes_out_as_it_came_in(timing: dict[str, Any], path: tuple[Any, ...], expected: Any) -> None:
    found: Any = resources(document(request(dosageInstruction=[{"timing": timing}])), "MedicationRequest")[0]
    found = found["dosageInstruction"][0]["timing"]
    for step in path:
        found = found[step]
    assert found == expected


@pytest.mark.parametrize(
    ("amount", "name", "expected"),
    [
        (
            {"doseRange": {"low": {"value": 1}, "high": {"value": 2}}},
            "doseRange",
            {"low": {"value": 1}, "high": {"value": 2}},
        ),
        ({"rateQuantity": {"value": 5, "unit": "mL/h"}}, "rateQuantity", 5),
        (
            {"rateRatio": {"numerator": {"value": 5, "unit": "mL"}, "denominator": {"value": 1, "unit": "h"}}},
            "rateQuantity",
            5,
        ),
    ],
)
def test_doses_and_rates_are_read(amount: dict[str, Any], name: str, expected: Any) -> None:
    (written,) = resources(document(request(dosageInstruction=[{"doseAndRate": [amount]}])), "MedicationRequest")
    found = written["dosageInstruction"][0]["doseAndRate"][0][name]
    assert found.get("value", found) == expected


def test_a_rate_over_an_odd_time_stays_in_words() -> None:
    amount = {"rateRatio": {"numerator": {"value": 50, "unit": "mL"}, "denominator": {"value": 3, "unit": "h"}}}
    found = statement(request(dosageInstruction=[{"doseAndRate": [amount]}]))
    assert found.dosages[0].rate.text == "50 mL / 3 h"


def test_as_needed_without_a_reason_is_kept() -> None:
    (written,) = resources(document(request(dosageInstruction=[{"asNeededBoolean": True}])), "MedicationRequest")
    assert written["dosageInstruction"][0]["asNeededBoolean"] is True


@pytest.mark.parametrize("reference", ["#med", "Medication/x1"])
def test_a_medication_is_read_where_it_is(reference: str) -> None:
    medication = {
        "resourceType": "Medication",
        "id": "med" if reference[0] == "#" else "x1",
        "code": coded("3400930000000", "urn:oid:1.2.250.1.213.2.3.2", "SPECIALITE"),
        "form": coded("10219000", EDQM),
        "batch": {"lotNumber": "L9", "expirationDate": "2025-12"},
        "manufacturer": {"display": "Laboratoire Fictif"},
        "ingredient": [
            {"itemCodeableConcept": {"text": "metformine"}, "strength": {"numerator": {"value": 500, "unit": "mg"}}},
            {"itemReference": {"display": "excipient"}, "isActive": False},
            {"itemReference": {"reference": "Substance/s1"}},
        ],
    }
    substance = {"resourceType": "Substance", "id": "s1", "code": coded("372567009", SNOMED)}
    asked = {k: v for k, v in request(medicationReference={"reference": reference}).items() if k[:11] != "medicationC"}
    if reference[0] == "#":
        found = statement({**asked, "contained": [medication]}, substance)
    else:
        found = statement(asked, medication, substance)
    product = found.product
    assert product.code.codings[0].code == "3400930000000"
    assert (product.lot, product.expiry.iso, product.form.codings[0].code) == ("L9", "2025-12", "10219000")
    assert [one.name or one.code.label for one in product.ingredients][:2] == ["metformine", "excipient"]
    assert product.ingredients[2].code.codings[0].code == "372567009"
    assert product.manufacturer.names == ("Laboratoire Fictif",)


def test_a_drug_that_is_only_named_is_kept() -> None:
    asked = {k: v for k, v in request().items() if k[:11] != "medicationC"}
    found = statement({**asked, "medicationReference": {"reference": "Medication/zz", "display": "Sirop"}})
    assert found.product.name == "Sirop"


@pytest.mark.parametrize(
    ("status", "exposures", "written"),
    [
        ("active", 1, "active"), ("completed", 1, "active"), ("stopped", 0, "stopped"), ("intended", 0, None),
        ("not-taken", 0, "not-taken"), ("entered-in-error", 0, "entered-in-error"), ("on-hold", 1, "on-hold"),
    ],
)  # fmt: skip
def test_a_statement_of_treatment_counts_when_it_was_taken(status: str, exposures: int, written: str | None) -> None:
    found = document(drug("MedicationStatement", status=status, effectivePeriod={"start": "2023-01-01"}))
    assert len(rows(found, "drug_exposure")) == exposures
    if written and status != "completed":
        assert resources(found, "MedicationStatement")[0]["status"] == written


def test_what_the_patient_takes_by_their_own_account_says_so() -> None:
    one = drug("MedicationStatement", informationSource={"reference": "Patient/p1"}, dateAsserted="2024-01-02")
    (row,) = rows(document(one), "drug_exposure")
    assert (row["drug_type_concept_id"], row["drug_exposure_start_date"]) == (32865, "2024-01-02")


@pytest.mark.parametrize(("status", "count"), [("completed", 1), ("in-progress", 1), ("not-done", 0), ("unknown", 0)])
def test_an_administration_counts_when_it_was_given(status: str, count: int) -> None:
    given = drug(
        "MedicationAdministration",
        status=status,
        effectiveDateTime="2024-03-01T09:00:00Z",
        dosage={"dose": {"value": 2, "unit": "mg"}, "route": {"text": "IV"}},
        performer=[{"actor": {"display": "IDE"}}],
        statusReason=[{"text": "refus"}],
    )
    found = document(given)
    exposures = rows(found, "drug_exposure")
    assert len(exposures) == count
    assert [row["drug_type_concept_id"] for row in exposures] == [32818] * count
    (written,) = resources(found, "MedicationAdministration")
    assert written["dosage"]["dose"]["value"] == 2
    assert status == "unknown" or written["status"] == status


def test_a_dispensation_has_its_quantity_and_its_length() -> None:
    given = drug(
        "MedicationDispense",
        whenHandedOver="2024-03-02",
        quantity={"value": 30},
        daysSupply={"value": 30, "system": UCUM, "code": "d"},
        substitution={"wasSubstituted": True, "type": {"text": "générique"}},
    )
    (row,) = rows(document(given), "drug_exposure")
    assert (row["drug_exposure_start_date"], row["quantity"], row["days_supply"]) == ("2024-03-02", 30, 30)


def vaccination(**more: Any) -> dict[str, Any]:
    return {
        "resourceType": "Immunization",
        "id": "v1",
        "status": "completed",
        "vaccineCode": coded("J07AM01", ATC),
        "patient": {"reference": "Patient/p1"},
        "occurrenceDateTime": "2022-10-05",
        **more,
    }


def test_a_vaccination_keeps_lot_route_dose_and_rank() -> None:
    found = document(
        vaccination(
            lotNumber="AB12",
            expirationDate="2023-01",
            site={"text": "bras gauche"},
            route=coded("20035000", EDQM),
            doseQuantity={"value": 0.5, "unit": "mL"},
            protocolApplied=[{"doseNumberPositiveInt": 2}],
            performer=[{"function": {"text": "vaccinateur"}, "actor": {"display": "Dr Fictif"}}],
            reaction=[{"detail": {"reference": "Observation/absent"}}],
        )
    )
    (row,) = rows(found, "drug_exposure")
    assert (row["lot_number"], row["drug_exposure_start_date"]) == ("AB12", "2022-10-05")
    (written,) = resources(found, "Immunization")
    assert written["protocolApplied"][0]["doseNumberPositiveInt"] == 2
    assert written["doseQuantity"]["value"] == 0.5


def test_a_vaccination_not_done_is_no_exposure_and_keeps_its_reason() -> None:
    found = document(
        vaccination(
            status="not-done", statusReason=coded("PATOBJ", "http://terminology.hl7.org/CodeSystem/v3-ActReason")
        )
    )
    assert not rows(found, "drug_exposure")
    (written,) = resources(found, "Immunization")
    assert written["status"] == "not-done"
    assert written["reasonCode"][0]["coding"][0]["code"] == "PATOBJ"


def test_words_for_a_date_are_a_comment() -> None:
    bare = {k: v for k, v in vaccination(occurrenceString="à 2 mois").items() if k != "occurrenceDateTime"}
    found = statement(bare)
    assert (found.time, [n.text for n in found.notes]) == (None, ["à 2 mois"])


@pytest.mark.parametrize("code", ["no-known-immunizations", "no-immunization-info"])
def test_no_vaccination_known_is_none(code: str) -> None:
    ips = "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips"
    found = document(vaccination(vaccineCode=coded(code, ips)))
    assert statements(found)[0].kind == "no-immunization"
    assert not rows(found, "drug_exposure")


def test_no_known_medication_is_none() -> None:
    ips = "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips"
    found = document(
        drug(
            "MedicationStatement",
            medicationCodeableConcept=coded("no-known-medications", ips),
            effectiveDateTime="2024",
        )
    )
    assert statements(found)[0].kind == "no-medication"
    assert not rows(found, "drug_exposure")
