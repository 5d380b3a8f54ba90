from decimal import Decimal

from semantix.emitters.fhir import encode
from semantix.model import (
    Absent,
    Link,
    Observation,
    Panel,
    Qualifier,
    Range,
    ReferenceRange,
    Specimen,
    Statement,
    Text,
    TimeSpan,
)

LOINC = "2.16.840.1.113883.6.1"
SNOMED = "2.16.840.1.113883.6.96"
NULL = "http://terminology.hl7.org/CodeSystem/v3-NullFlavor"


def test_digits_of_a_result_stay_as_written(m, resource):
    one = m.make(Observation, "lab-result", code=m.concept("2345-7", LOINC), values=(m.quantity("1.10", "g/L"),))
    r = resource("Observation", one)
    assert b'"value":1.10,' in encode(r)
    assert r["category"][0]["coding"][0]["code"] == "laboratory"


def test_unit_that_is_ucum_gets_a_code_and_another_stays_text(m, resource):
    coded, worded = m.quantity("1", "mmol/L"), m.quantity("2", "comprimé(s)")
    r = resource("Observation", m.make(Observation, code=m.concept("a"), values=(coded, worded)))
    first, second = (c["valueQuantity"] for c in r["component"])
    assert (first["system"], first["code"]) == ("http://unitsofmeasure.org", "mmol/L")
    assert second == {"value": Decimal(2), "unit": "comprimé(s)"}


def test_edqm_unit_is_a_code_of_edqm(m, resource):
    r = resource("Observation", m.make(Observation, code=m.concept("a"), values=(m.quantity("1", "30067000"),)))
    assert r["valueQuantity"]["system"] == "http://standardterms.edqm.eu"


def test_refused_value_keeps_its_null_flavor(m, resource):
    r = resource("Observation", m.make(Observation, code=m.concept("a"), values=(Absent("MSK", m.at()),)))
    assert [c["code"] for c in r["dataAbsentReason"]["coding"]] == ["masked", "MSK"]
    assert r["dataAbsentReason"]["coding"][1]["system"] == NULL


def test_one_open_bound_is_a_comparator(m, resource):
    value = Range(None, m.quantity("5", "mg/L"), m.at(), high_closed=False)
    r = resource("Observation", m.make(Observation, code=m.concept("a"), values=(value,)))
    assert r["valueQuantity"]["comparator"] == "<"


def test_qualifiers_are_an_extension_of_the_code(m, resource):
    side = Qualifier(m.concept("272741003"), m.concept("7771000"))
    r = resource("Observation", m.make(Observation, code=m.concept("a", qualifiers=(side,))))
    name, value = r["code"]["extension"][0]["extension"]
    assert name["valueCodeableConcept"]["coding"][0]["code"] == "272741003"
    assert value["valueCodeableConcept"]["coding"][0]["code"] == "7771000"


def test_denied_observation_is_a_modifier(m, resource):
    r = resource("Observation", m.make(Observation, code=m.concept("a"), negated=True, values=(True,)))
    assert r["modifierExtension"][0]["valueBoolean"] is True
    assert r["valueBoolean"] is True


def test_reference_range_holds_bounds_and_what_they_mean(m, resource):
    normal = m.concept("N", "2.16.840.1.113883.5.83")
    usual = ReferenceRange(m.at(), Range(m.quantity("1", "g/L"), m.quantity("2", "g/L"), m.at()), interpretation=normal)
    r = resource("Observation", m.make(Observation, code=m.concept("a"), ranges=(usual,)))
    held = r["referenceRange"][0]
    assert (held["low"]["value"], held["high"]["value"]) == (1, 2)
    assert held["type"]["coding"][0]["code"] == "N"


def test_members_of_a_battery_are_has_member(m, emitted):
    member = m.make(Observation, "lab-result", code=m.concept("b"), values=(Text("ok", m.at()),))
    panel = m.make(Panel, "lab-battery", code=m.concept("a"), links=(Link("COMP", member),))
    outer, inner = [r for r in emitted(panel).resources if r["resourceType"] == "Observation"]
    assert outer["hasMember"] == [{"reference": f"Observation/{inner['id']}"}]
    assert inner["valueString"] == "ok"


def test_isolate_names_its_micro_organism(m, resource):
    germ = Specimen(m.at(), "/specimen", code=m.concept("112283007"))
    r = resource("Observation", m.make(Panel, "lab-isolate", specimens=(germ,), code=m.concept("a")))
    assert r["valueCodeableConcept"]["coding"][0]["code"] == "112283007"


def test_laboratory_report_is_a_diagnostic_report_with_results(m, emitted):
    inner = m.make(Observation, "lab-result", code=m.concept("b"))
    report = m.make(
        Statement, "lab-report", code=m.concept("18719-5", LOINC), status="completed", links=(Link("COMP", inner),)
    )
    r = next(r for r in emitted(report).resources if r["resourceType"] == "DiagnosticReport")
    assert (r["status"], len(r["result"])) == ("final", 1)


def test_comment_alone_is_an_observation_of_words(m, resource):
    r = resource("Observation", m.make(Statement, "comment", code=m.concept("48767-8", LOINC), text="Bonjour"))
    assert r["valueString"] == "Bonjour"


# --- vital signs --------------------------------------------------------------------------------------------------


def pressure(m, code, value):
    return m.make(Observation, "vital-sign", code=m.concept(code, LOINC), values=(m.quantity(value, "mm[Hg]"),))


def test_systolic_and_diastolic_members_become_one_blood_pressure(m, emitted):
    time = m.when("2024-03-05")
    links = (Link("COMP", pressure(m, "8480-6", "120")), Link("COMP", pressure(m, "8462-4", "80")))
    panel = m.make(Panel, "vital-signs", code=m.concept("46680005"), time=time, links=links)
    _, r = [r for r in emitted(panel).resources if r["resourceType"] == "Observation"]
    assert r["code"]["coding"][0]["code"] == "85354-9"
    assert [c["valueQuantity"]["value"] for c in r["component"]] == [120, 80]
    assert r["meta"]["profile"] == ["https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-observation-bp"]
    assert r["effectiveDateTime"] == "2024-03-05"
    assert r["_effectiveDateTime"]["extension"][0]["extension"][0]["valueCode"] == "panel"


def test_lone_pressure_says_that_the_other_is_absent(m, resource):
    r = resource("Observation", pressure(m, "8480-6", "120"))
    assert "dataAbsentReason" in r["component"][1]


def test_height_in_metres_is_written_in_centimetres_and_keeps_the_original(m, resource):
    one = m.make(Observation, "vital-sign", code=m.concept("8302-2", LOINC), values=(m.quantity("1.76", "m"),))
    held = resource("Observation", one)["valueQuantity"]
    assert (held["value"], held["code"]) == (Decimal(176), "cm")
    assert held["extension"][0]["valueQuantity"]["value"] == Decimal("1.76")


def test_special_vital_sign_code_gets_the_general_one_beside_it(m, resource):
    one = m.make(Observation, "vital-sign", code=m.concept("8287-5", LOINC), values=(m.quantity("35", "cm"),))
    assert [c["code"] for c in resource("Observation", one)["code"]["coding"]] == ["8287-5", "9843-4"]


def test_vital_sign_in_a_foreign_unit_claims_no_profile(m, resource):
    one = m.make(
        Observation,
        "vital-sign",
        code=m.concept("8310-5", LOINC),
        values=(m.quantity("310", "K"),),
        time=m.when("2024-01-01"),
    )
    assert "profile" not in resource("Observation", one)["meta"]


def test_vital_sign_dated_by_a_year_says_that_its_day_is_assumed(m, resource):
    one = m.make(
        Observation,
        "vital-sign",
        code=m.concept("8310-5", LOINC),
        values=(m.quantity("37", "Cel"),),
        time=m.when("2023"),
    )
    parts = resource("Observation", one)["_effectiveDateTime"]["extension"][0]["extension"]
    assert [p.get("valueCode") or p["valueDateTime"] for p in parts] == ["document", "2023"]


def test_period_that_ends_before_it_starts_loses_only_its_end(m, resource):
    span = TimeSpan(at=m.at(), low=m.date("2024-02-01"), high=m.date("2024-01-01"))
    r = resource("Observation", m.make(Observation, code=m.concept("a"), time=span))
    assert r["effectivePeriod"]["start"] == "2024-02-01"
    assert "end" not in r["effectivePeriod"]
