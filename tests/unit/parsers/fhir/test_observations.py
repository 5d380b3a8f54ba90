"""Observation, DiagnosticReport, Specimen, Media and Goal."""

import json
from decimal import Decimal
from typing import Any

import pytest
from tests.unit.parsers.fhir.fhir_samples import (
    LOINC,
    SNOMED,
    check,
    coded,
    document,
    documents,
    observation,
    resources,
    rows,
    statement,
    statements,
)

from semantix.model import (
    Absent,
    Attachment,
    Concept,
    Media,
    Observation,
    Panel,
    Quantity,
    Range,
    Ratio,
    Text,
    TimeSpan,
)

ABSENT = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
BY_NAME = "http://terminology.hl7.org/CodeSystem/observation-category"


def valued(**value: Any) -> Any:
    bare = {k: v for k, v in observation().items() if k != "valueQuantity"}
    return statement({**bare, **value}).values


def test_a_result_keeps_its_digits_its_ucum_unit_and_its_hour() -> None:
    found = statement(observation())
    (value,) = found.values
    assert found.kind == "lab-result"
    assert (str(value.value), value.unit) == ("1.1", "g/L")
    assert found.time.value.iso == "2024-03-08T08:15:00+01:00"
    assert found.status == "completed"


def test_a_result_becomes_a_measurement() -> None:
    (row,) = rows(document(observation()), "measurement")
    assert (row["measurement_source_value"], row["value_as_number"], row["unit_source_value"]) == ("2339-0", 1.1, "g/L")
    assert row["measurement_datetime"] == "2024-03-08 08:15:00"


def test_decimals_keep_their_zeros() -> None:

    text = json.dumps({"resourceType": "Bundle", "entry": [{"resource": observation()}]}).replace("1.1,", "1.100,")
    (found,) = documents(text.encode())
    check(found)
    value = statements(found)[0].values[0]  # type: ignore[attr-defined]
    assert str(value.value) == "1.100"


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ({"valueCodeableConcept": coded("260385009", SNOMED)}, Concept),
        ({"valueString": "trouble"}, Text),
        ({"valueBoolean": False}, bool),
        ({"valueInteger": 3}, int),
        ({"valueRange": {"low": {"value": 1}, "high": {"value": 2}}}, Range),
        ({"valueRatio": {"numerator": {"value": 1}, "denominator": {"value": 80}}}, Ratio),
        ({"valueDateTime": "2024-03"}, TimeSpan),
        ({"valuePeriod": {"start": "2024-03", "end": "2024-04"}}, TimeSpan),
        ({"valueTime": "08:00:00"}, Text),
        ({"valueSampledData": {"data": "1 2 3"}}, Text),
        ({"valueDateTime": "hier"}, Text),
    ],
)
def test_every_type_of_value_is_read(value: dict[str, Any], kind: type) -> None:
    (found,) = valued(**value)
    assert type(found) is kind


def test_a_comparator_and_a_unit_that_is_not_ucum_are_kept_as_written() -> None:
    (found,) = valued(valueQuantity={"value": 5, "comparator": "<", "unit": "UI/l"})
    assert (found.value, found.comparator, found.unit) == (5, "<", "UI/l")


def test_a_value_that_is_no_number_is_kept_as_words_with_a_doubt() -> None:
    found = document(observation(valueQuantity={"value": "5 environ", "unit": "g"}))
    (value,) = statements(found)[0].values  # type: ignore[attr-defined]
    assert (value.value, value.text) == (None, "5 environ")
    assert [issue.code for issue in found.issues] == ["SX421"]


@pytest.mark.parametrize(
    ("code", "null"), [("not-asked", "NASK"), ("unknown", "UNK"), ("masked", "MSK"), ("asked-declined", "ASKU")]
)
def test_why_there_is_no_value_is_kept(code: str, null: str) -> None:
    (found,) = valued(dataAbsentReason=coded(code, ABSENT))
    assert isinstance(found, Absent)
    assert found.null == null


def test_interpretation_method_site_and_range_are_read() -> None:
    found = statement(
        observation(
            interpretation=[coded("H", "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation")],
            method={"text": "enzymatique"},
            bodySite=coded("14975008", SNOMED),
            referenceRange=[{"low": {"value": 0.74, "unit": "g/L"}, "high": {"value": 1.06, "unit": "g/L"}}],
        )
    )
    assert found.interpretations[0].codings[0].code == "H"
    assert (found.methods[0].text, found.sites[0].codings[0].code) == ("enzymatique", "14975008")
    assert found.ranges[0].value.high.value == Decimal("1.06")


def test_a_normal_range_reaches_omop_that_of_an_age_does_not() -> None:
    bounds = {"low": {"value": 0.74, "unit": "g/L"}, "high": {"value": 1.06, "unit": "g/L"}}
    normal = coded("normal", "http://terminology.hl7.org/CodeSystem/referencerange-meaning")
    (row,) = rows(document(observation(referenceRange=[{**bounds, "type": normal}])), "measurement")
    assert (row["range_low"], row["range_high"]) == (0.74, 1.06)
    aged = {**bounds, "age": {"high": {"value": 12, "unit": "a"}}}
    (row,) = rows(document(observation(referenceRange=[aged])), "measurement")
    assert (row.get("range_low"), row.get("range_high")) == (None, None)


def test_components_are_results_of_their_own() -> None:
    category = coded("vital-signs", BY_NAME)
    parts = [
        {"code": coded("8480-6"), "valueQuantity": {"value": 128, "unit": "mm[Hg]"}},
        {"code": coded("8462-4"), "valueQuantity": {"value": 82, "unit": "mm[Hg]"}},
    ]
    found = document(
        {
            **{k: v for k, v in observation().items() if k != "valueQuantity"},
            "category": [category],
            "code": coded("85354-9"),
            "bodySite": coded("368209003", SNOMED),
            "component": parts,
        }
    )
    (panel,) = statements(found)
    assert isinstance(panel, Panel)
    assert panel.kind == "vital-signs"
    assert [row["value_as_number"] for row in rows(found, "measurement")] == [128, 82]
    pressure = [r for r in resources(found, "Observation") if "component" in r]
    assert [c["valueQuantity"]["value"] for c in pressure[0]["component"]] == [128, 82]


def test_members_stand_inside_their_panel_once() -> None:
    panel = {k: v for k, v in observation(id="panel").items() if k != "valueQuantity"}
    panel |= {"code": coded("24323-8"), "hasMember": [{"reference": "Observation/o1"}, {"reference": "Observation/o2"}]}
    found = document(observation(), observation(id="o2"), panel)
    (only,) = statements(found)
    assert only.kind == "lab-battery"
    assert [link.statement.path for link in only.links] == ["Observation/o1", "Observation/o2"]
    assert len(rows(found, "measurement")) == 2


def test_members_that_turn_in_circles_are_read_once() -> None:
    one = observation(hasMember=[{"reference": "Observation/o2"}])
    two = observation(id="o2", hasMember=[{"reference": "Observation/o1"}])
    assert len(rows(document(one, two), "measurement")) == 2


def test_a_report_holds_its_results_its_conclusion_and_its_file() -> None:
    report = {
        "resourceType": "DiagnosticReport",
        "id": "r1",
        "status": "final",
        "code": coded("11502-2"),
        "subject": {"reference": "Patient/p1"},
        "effectiveDateTime": "2024-03-08",
        "result": [{"reference": "Observation/o1"}],
        "conclusion": "Sans particularité",
        "conclusionCode": [coded("17621005", SNOMED)],
        "presentedForm": [{"contentType": "application/pdf", "data": "JVBE Ri0="}],
    }
    found = document(observation(), report)
    (only,) = statements(found)
    assert (only.kind, only.text) == ("lab-report", "Sans particularité")
    result, conclusion, file = (link.statement for link in only.links)
    assert result.path == "Observation/o1"
    assert isinstance(conclusion, Observation)
    assert isinstance(file, Media)
    assert file.content == Attachment(file.content.at, "application/pdf", "JVBERi0=")  # type: ignore[union-attr]
    assert [row["value_source_value"] for row in rows(found, "observation")] == ["17621005"]


def test_a_report_of_radiology_is_no_laboratory_report() -> None:
    report = {
        "resourceType": "DiagnosticReport",
        "id": "r1",
        "status": "final",
        "category": [coded("RAD", "http://terminology.hl7.org/CodeSystem/v2-0074")],
        "code": coded("30745-4"),
        "subject": {"reference": "Patient/p1"},
        "effectiveDateTime": "2024-03-08",
    }
    assert statement(report).kind == "act"


def test_a_specimen_is_read_with_its_result_else_as_a_collection() -> None:
    specimen = {
        "resourceType": "Specimen",
        "id": "s1",
        "type": coded("119297000", SNOMED),
        "subject": {"reference": "Patient/p1"},
        "collection": {"collectedDateTime": "2024-03-08"},
    }
    with_result = document(observation(specimen={"reference": "Specimen/s1"}), specimen)
    (only,) = statements(with_result)
    assert only.specimens[0].code is not None
    alone = statement(specimen)
    assert (alone.kind, alone.time.value.iso) == ("specimen-collection", "2024-03-08")


def test_a_goal_is_aimed_at_and_is_no_event() -> None:
    goal = {
        "resourceType": "Goal",
        "id": "g1",
        "lifecycleStatus": "active",
        "description": {"text": "HbA1c sous 7 %"},
        "subject": {"reference": "Patient/p1"},
        "startDate": "2024-01-01",
        "target": [{"measure": coded("4548-4"), "detailQuantity": {"value": 7, "unit": "%"}, "dueDate": "2024-06-30"}],
    }
    found = document(goal)
    (only,) = statements(found)
    assert (only.mood, only.status) == ("GOL", "active")
    assert only.time is not None
    assert (only.time.low.iso, only.time.high.iso) == ("2024-01-01", "2024-06-30")  # type: ignore[union-attr]
    assert resources(found, "Goal")[0]["target"]
    assert not rows(found, "measurement")


def test_a_media_is_read_with_its_bytes() -> None:
    media = {
        "resourceType": "Media",
        "id": "m1",
        "status": "completed",
        "subject": {"reference": "Patient/p1"},
        "content": {"url": "Binary/b1"},
    }
    found = statement(media, {"resourceType": "Binary", "id": "b1", "contentType": "image/png", "data": "AAAA"})
    assert (found.content.media_type, found.content.data) == ("image/png", "AAAA")


def test_what_the_user_chose_is_the_main_code() -> None:
    code = {
        "coding": [
            {"system": "urn:oid:1.2.250.1.999.5", "code": "GLY"},
            {"system": LOINC, "code": "2339-0", "userSelected": True},
        ],
        "text": "glycémie",
    }
    found = statement(observation(code=code))
    assert [c.code for c in found.code.codings] == ["2339-0", "GLY"]
    assert found.code.codings[1].system == "1.2.250.1.999.5"


def test_of_two_equal_codes_omop_keeps_the_one_that_the_user_chose() -> None:
    local = "http://hopital.test/examens"
    code = {"coding": [{"system": local, "code": "A"}, {"system": local, "code": "B", "userSelected": True}]}
    (row,) = rows(document(observation(code=code)), "measurement")
    assert row["measurement_source_value"] == "B"


def test_codes_in_extensions_that_nobody_knows_are_reported_unread() -> None:
    unknown = {"url": "http://exemple.test/x", "valueCodeableConcept": coded("X1", "http://exemple.test/s")}
    found = document(observation(extension=[unknown]))
    assert [found.locate(place).code for place in found.unread] == ["X1"]
    (place,) = found.unread
    assert found.locate(place).path == "Observation/o1/extension[0]/valueCodeableConcept/coding[0]"


def test_somebody_else_than_the_patient_is_the_subject() -> None:
    foetus = {
        "resourceType": "RelatedPerson",
        "id": "f1",
        "patient": {"reference": "Patient/p1"},
        "relationship": [coded("CHILD", "http://terminology.hl7.org/CodeSystem/v3-RoleCode")],
    }
    found = document(observation(focus=[{"reference": "RelatedPerson/f1"}]), foetus)
    (only,) = statements(found)
    assert only.subject is not None
    assert only.subject.code is not None
    assert not rows(found, "measurement")


def test_quantities_compare_as_decimals() -> None:
    (found,) = valued(valueQuantity={"value": 1e3})
    assert isinstance(found, Quantity)
    assert found.value == 1000
