"""What must stay as exact, and as complete, as the source wrote it: amounts, times, words, identifiers, devices."""

from decimal import Decimal

import pytest
from msgspec import structs

from semantix.model import (
    Absent,
    Address,
    Allergy,
    Attachment,
    Concept,
    DeviceRef,
    Dosage,
    EncompassingEncounter,
    Encounter,
    Identifier,
    Immunization,
    Link,
    Media,
    Medication,
    Name,
    NamePart,
    Note,
    Observation,
    Organization,
    Panel,
    Party,
    Precondition,
    Problem,
    Procedure,
    Product,
    Qualifier,
    Quantity,
    Range,
    ReferenceRange,
    Relative,
    Specimen,
    Statement,
    Supply,
    Text,
    TimeSpan,
    Timing,
)

OWN = "https://semantix.example/fhir/StructureDefinition/"
HL7 = "http://hl7.org/fhir/StructureDefinition/"
NCIT = "2.16.840.1.113883.3.26.1.1"


def extensions(r, name):
    return [x for x in r.get("extension", ()) if x["url"] == f"{OWN}{name}"]


def all_of(emission, kind):
    return [r for r in emission.resources if r["resourceType"] == kind]


def span(m, low, high=None, width=None):
    high = m.date(high) if high else None
    return TimeSpan(at=m.at(), low=m.date(low), high=high, width=m.quantity(width, "d") if width else None)


def drug(m, intent, *dosages, **fields):
    mood = "INT" if intent == "prescribed" else "EVN"
    return m.make(Medication, "medication", intent=intent, mood=mood, dosages=dosages, **fields)


# --- amounts ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("comparator", "side"), [("<", "high"), ("<=", "high"), (">", "low"), (">=", "low")])
def test_a_dose_with_a_comparator_is_an_open_range(m, resource, comparator, side):
    one = drug(m, "prescribed", Dosage(at=m.at(), dose=m.quantity("5", "mg", comparator=comparator)))
    amount = resource("MedicationRequest", one)["dosageInstruction"][0]["doseAndRate"][0]
    assert list(amount) == ["doseRange"]
    assert list(amount["doseRange"]) == [side]
    assert amount["doseRange"][side]["value"] == 5
    assert ("extension" in amount["doseRange"][side]) == (len(comparator) == 1)


def test_an_interval_of_an_administered_dose_is_not_one_exact_dose(m, resource):
    dose = Range(m.quantity("1", "mg"), m.quantity("2", "mg"), m.at())
    rate = Range(m.quantity("10", "mL/h"), None, m.at())
    held = resource("MedicationAdministration", drug(m, "administered", Dosage(at=m.at(), dose=dose, rate=rate)))
    for name in ("dose", "rateQuantity"):
        assert "value" not in held["dosage"][name]
        assert extensions(held["dosage"][name], "inexact-amount")
    kept = extensions(held["dosage"]["dose"], "inexact-amount")[0]["valueRange"]
    assert (kept["low"]["value"], kept["high"]["value"]) == (1, 2)


def test_an_interval_of_one_amount_is_that_amount(m, resource):
    dose = Range(m.quantity("1", "mg"), m.quantity("1", "mg"), m.at())
    held = resource("MedicationAdministration", drug(m, "administered", Dosage(at=m.at(), dose=dose)))
    assert held["dosage"]["dose"]["value"] == 1


def test_a_compared_amount_is_never_a_simple_quantity(m, resource):
    one = drug(m, "dispensed", supply_quantity=m.quantity("5", "mg", comparator="<"))
    held = resource("MedicationDispense", one)["quantity"]
    assert "value" not in held
    assert extensions(held, "inexact-amount")[0]["valueQuantity"]["comparator"] == "<"


def test_an_amount_in_words_is_the_instruction_s_text(m, resource):
    words = Quantity(None, None, m.at(), text="1 cp")
    alone = resource("MedicationRequest", drug(m, "prescribed", Dosage(at=m.at(), dose=words)))
    assert alone["dosageInstruction"][0]["text"] == "1 cp"
    beside = resource("MedicationRequest", drug(m, "prescribed", Dosage(at=m.at(), dose=words, text="le soir")))
    assert beside["dosageInstruction"][0]["text"] == "le soir"
    assert extensions(beside["dosageInstruction"][0], "quantity-text")[0]["valueString"] == "1 cp"
    assert "doseAndRate" not in beside["dosageInstruction"][0]


def test_a_result_in_words_is_a_string(m, resource):
    value = Quantity(None, "g/L", m.at(), text="non dosable")
    r = resource("Observation", m.make(Observation, code=m.concept("1"), values=(value,)))
    assert r["valueString"] == "non dosable g/L"
    assert "valueQuantity" not in r


def test_a_result_in_words_keeps_the_codes_of_its_unit(m, resource):
    value = Quantity(None, None, m.at(), text="traces", unit_codes=(m.concept("u"),))
    r = resource("Observation", m.make(Observation, code=m.concept("1"), values=(value,)))
    assert r["valueString"] == "traces"
    assert extensions(r, "statement-value")[0]["valueQuantity"]["extension"]


def test_a_number_alone_is_a_quantity_without_unit(m, resource):
    r = resource("Observation", m.make(Observation, code=m.concept("1"), values=(Decimal("1.5"),)))
    assert r["valueQuantity"] == {"value": Decimal("1.5")}


def test_a_bound_outside_of_its_range_says_so(m, resource):
    value = Range(m.quantity("1", "g"), m.quantity("2", "g"), m.at(), high_closed=False)
    held = resource("Observation", m.make(Observation, code=m.concept("1"), values=(value,)))["valueRange"]
    assert "extension" not in held["low"]
    assert extensions(held["high"], "exclusive-bound") == [{"url": f"{OWN}exclusive-bound", "valueBoolean": True}]


def test_a_reference_of_one_number_is_no_bound(m, resource):
    alone = ReferenceRange(m.at(), m.quantity("5", "g/L"))
    below = ReferenceRange(m.at(), m.quantity("5", "g/L", comparator="<"))
    held = resource("Observation", m.make(Observation, code=m.concept("1"), ranges=(alone, below)))["referenceRange"]
    assert held[0]["text"] == "5 g/L"
    assert "low" not in held[0]
    assert held[1]["high"]["value"] == 5


def test_a_qualifier_may_be_a_quantity(m, resource):
    depth = Qualifier(m.concept("depth"), None, m.quantity("3", "cm"))
    r = resource("Observation", m.make(Observation, code=m.concept("a", qualifiers=(depth,))))
    assert r["code"]["extension"][0]["extension"][1]["valueQuantity"]["value"] == 3


# --- times --------------------------------------------------------------------------------------------------------


def test_a_step_of_so_many_days_has_an_end(m, resource):
    one = drug(m, "prescribed", Dosage(at=m.at(), bounds=span(m, "2024-01-01", width="7"), dose=m.quantity("1")))
    repeat = resource("MedicationRequest", one)["dosageInstruction"][0]["timing"]["repeat"]
    assert "boundsPeriod" not in repeat
    assert (repeat["boundsDuration"]["value"], repeat["boundsDuration"]["code"]) == (7, "d")
    assert extensions(repeat["boundsDuration"], "bounds-start")[0]["valueDateTime"] == "2024-01-01"


def test_a_period_of_so_many_days_is_not_still_going_on(m, resource):
    r = resource("MedicationStatement", drug(m, "taken", time=span(m, "2024-01-01", width="7")))
    assert r["effectivePeriod"]["_end"]["extension"][0]["valueCode"] == "unknown"
    assert extensions(r["effectivePeriod"], "period-width")[0]["valueQuantity"]["value"] == 7


def test_an_event_with_bounds_of_a_duration_keeps_them(m, resource):
    leaf = Timing(at=m.at(), period=m.quantity("1", "d"), bounds=span(m, "2024-01-01", width="3"))
    one = drug(m, "prescribed", Dosage(at=m.at(), timings=(leaf, leaf)))
    repeat = resource("MedicationRequest", one)["dosageInstruction"][0]["timing"]["repeat"]
    assert repeat["boundsDuration"]["value"] == 3


def test_the_injection_is_dated_by_its_own_day(m, resource):
    stay, day = span(m, "2024-01-01", "2024-01-31"), m.when("2024-01-10")
    given = resource("MedicationAdministration", drug(m, "administered", time=stay, occurrences=(day,)))
    assert given["effectiveDateTime"] == "2024-01-10"
    assert extensions(given, "occurrence")[0]["valuePeriod"] == {"start": "2024-01-01", "end": "2024-01-31"}
    vaccine = m.make(Immunization, "immunization", time=TimeSpan(at=m.at(), null="NA"), occurrences=(day,))
    r = resource("Immunization", vaccine)
    assert r["occurrenceDateTime"] == "2024-01-10"
    assert not extensions(r, "occurrence")


@pytest.mark.parametrize(
    ("intent", "kind"),
    [
        ("prescribed", "MedicationRequest"),
        ("taken", "MedicationStatement"),
        ("dispensed", "MedicationDispense"),
        ("administered", "MedicationAdministration"),
    ],
)
def test_further_times_are_kept(m, resource, intent, kind):
    r = resource(kind, drug(m, intent, time=m.when("2024-01-01"), occurrences=(m.when("2024-01-10"),)))
    assert extensions(r, "occurrence") == [{"url": f"{OWN}occurrence", "valueDateTime": "2024-01-10"}]


def test_only_what_is_said_of_the_supply_limits_its_validity(m, resource):
    r = resource("MedicationRequest", drug(m, "prescribed", time=span(m, "2024-01-01", "2024-02-01")))
    assert "dispenseRequest" not in r
    assert extensions(r, "treatment-period")[0]["valuePeriod"]["end"] == "2024-02-01"
    limited = drug(m, "prescribed", supply_time=span(m, "2024-01-01", "2024-03-01"), supply_repeats=2, repeats=5)
    r = resource("MedicationRequest", limited)
    assert r["dispenseRequest"]["validityPeriod"]["end"] == "2024-03-01"
    assert r["dispenseRequest"]["numberOfRepeatsAllowed"] == 2
    assert extensions(r, "repeats")[0]["valueInteger"] == 5


@pytest.mark.parametrize(("intent", "kind"), [("taken", "MedicationStatement"), ("dispensed", "MedicationDispense")])
def test_repeats_of_the_supply_are_kept_elsewhere(m, resource, intent, kind):
    r = resource(kind, drug(m, intent, supply_repeats=3, supply_time=m.when("2024-01-01")))
    assert extensions(r, "repeats")[0]["valueInteger"] == 3
    assert "2024-01-01" in str(r)


@pytest.mark.parametrize(
    ("mood", "word", "kind"),
    [
        ("EVN", "device", "DeviceUseStatement"),
        ("INT", "device", "DeviceRequest"),
        ("EVN", "supply-order", "SupplyDelivery"),
        ("INT", "supply-order", "SupplyRequest"),
    ],
)
def test_the_expected_use_stays_beside_the_time(m, resource, mood, word, kind):
    use = TimeSpan(at=m.at(), width=m.quantity("30", "d"))
    r = resource(kind, m.make(Supply, word, mood=mood, time=m.when("2024-01-01"), expected_use=use))
    kept = extensions(r, "expected-use")[0]["valuePeriod"]
    assert extensions(kept, "period-width")[0]["valueQuantity"]["value"] == 30


def test_a_planned_vaccine_has_a_first_and_a_last_day(m, resource):
    one = m.make(Immunization, "planned-immunization", mood="INT", time=span(m, "2025-01-01", "2025-06-30"))
    criteria = resource("ImmunizationRecommendation", one)["recommendation"][0]["dateCriterion"]
    assert [(c["code"]["coding"][0]["code"], c["value"]) for c in criteria] == [
        ("30980-7", "2025-01-01"),
        ("59777-3", "2025-06-30"),
    ]


def test_a_goal_keeps_its_refused_dates(m, resource):
    time = TimeSpan(at=m.at(), low_null="UNK", high_null="NAV", width=m.quantity("3", "mo"))
    r = resource("Goal", m.make(Observation, "goal", mood="GOL", code=m.concept("1"), time=time))
    assert r["_startDate"]["extension"][0]["valueCode"] == "UNK"
    assert r["target"][0]["_dueDate"]["extension"][0]["valueCode"] == "NAV"
    assert extensions(r, "period-width")


def test_a_visit_keeps_its_refused_time(m, emitted):
    refused = TimeSpan(at=m.at(), null="MSK")
    around = EncompassingEncounter(at=m.at(), path="/enc", time=refused)
    found = emitted(m.make(Encounter, "encounter", time=refused), encounter=around)
    periods = [r["period"] for r in all_of(found, "Encounter")]
    assert [p["extension"][0]["valueCode"] for p in periods] == ["MSK", "MSK"]


@pytest.mark.parametrize(
    ("intent", "kind", "name"),
    [
        ("prescribed", "MedicationRequest", "treatment-period"),
        ("dispensed", "MedicationDispense", "treatment-period"),
        ("taken", "MedicationStatement", "occurrence"),
    ],
)
def test_a_refused_time_of_a_drug_is_kept(m, resource, intent, kind, name):
    refused = TimeSpan(at=m.at(), null="ASKU")
    r = resource(kind, drug(m, intent, time=refused, occurrences=(refused,)))
    for kept in {name, "occurrence"}:
        assert extensions(r, kept)[0]["valuePeriod"]["extension"][0]["valueCode"] == "ASKU"


def test_an_end_before_its_start_is_doubtful_but_kept(m, resource):
    one = m.make(Procedure, "procedure", code=m.concept("1"), time=span(m, "2024-02-01", "2024-01-01"))
    held = resource("Procedure", one)["performedPeriod"]
    assert (held["start"], "end" in held) == ("2024-02-01", False)
    reason, _, date = held["_end"]["extension"]
    assert (reason["valueCode"], date["valueDateTime"]) == ("error", "2024-01-01")


@pytest.mark.parametrize(
    ("end", "is_kept"),
    [("2024-01-01T09:45:00+00:00", True), ("2024-01-01T10:15:00+01:00", False), ("2024-01-01T09:45:00Z", True)],
)
def test_hours_of_two_zones_are_compared_as_moments(m, resource, end, is_kept):
    time = span(m, "2024-01-01T10:30:00+01:00", end)
    held = resource("Procedure", m.make(Procedure, "procedure", code=m.concept("1"), time=time))["performedPeriod"]
    assert ("end" in held) == is_kept


# --- an end is no beginning ---------------------------------------------------------------------------------------


def until(m, end):
    return TimeSpan(at=m.at(), high=m.date(end))


def test_the_expiry_of_a_directive_is_not_its_date(m, resource):
    r = resource("Consent", m.make(Observation, "advance-directive", code=m.concept("1"), time=until(m, "2030")))
    assert "dateTime" not in r
    assert r["provision"]["period"] == {"end": "2030"}


def test_the_end_of_a_vaccination_is_not_its_date(m, resource):
    r = resource("Immunization", m.make(Immunization, "immunization", time=until(m, "2024-01-02")))
    assert "occurrenceDateTime" not in r
    assert "_occurrenceDateTime" in r
    assert extensions(r, "occurrence")[0]["valuePeriod"] == {"end": "2024-01-02"}


@pytest.mark.parametrize("low", [None, "2024-01-01"])
def test_the_end_of_a_reaction_is_not_its_onset(m, resource, low):
    time = TimeSpan(at=m.at(), low=m.date(low) if low else None, high=m.date("2024-01-02"))
    seen = m.make(Problem, "problem", problem=m.concept("1"), time=time, sites=(m.concept("2"),))
    held = resource("AllergyIntolerance", m.make(Allergy, "allergy", reactions=(seen,)))["reaction"][0]
    assert held.get("onset") == low
    assert extensions(held, "occurrence")[0]["valuePeriod"]["end"] == "2024-01-02"
    assert extensions(held, "other-body-site")


def test_the_end_of_other_acts_is_not_when_they_happened(m, emitted):
    tube = Specimen(m.at(), "/s", code=m.concept("b"))
    got = m.make(Statement, "specimen-received", time=until(m, "2024-01-02"))
    taken = m.make(Procedure, "specimen-collection", specimens=(tube,), links=(Link("COMP", got),))
    told = m.make(Panel, "family-history", time=until(m, "2024-01-02"))
    seen = m.make(Problem, "problem", problem=m.concept("1"), time=until(m, "2024-01-02"))
    found = emitted(taken, told, m.make(Immunization, "immunization", reactions=(seen,)))
    assert "receivedTime" not in all_of(found, "Specimen")[0]
    assert "date" not in all_of(found, "FamilyMemberHistory")[0]
    assert "date" not in all_of(found, "Immunization")[0]["reaction"][0]
    for kind in ("Specimen", "FamilyMemberHistory"):
        assert extensions(all_of(found, kind)[0], "occurrence")[0]["valuePeriod"] == {"end": "2024-01-02"}


# --- what is not told ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "word", "mood"),
    [("Consent", "advance-directive", "EVN"), ("ServiceRequest", "request", "RQO"), ("Goal", "goal", "GOL")],
)
def test_a_value_that_is_refused_leaves_its_reason(m, resource, kind, word, mood):
    refused = (Absent("MSK", m.at()), TimeSpan(at=m.at(), null="ASKU"))
    r = resource(kind, m.make(Observation, word, mood=mood, code=m.concept("1"), values=refused))
    masked, unasked = extensions(r, "statement-value")
    assert [c["code"] for c in masked["valueCodeableConcept"]["coding"]] == ["masked", "MSK"]
    assert unasked["valuePeriod"]["extension"][0]["valueCode"] == "ASKU"


def test_a_refused_condition_and_a_refused_reference_leave_their_reason(m, resource):
    refused = Absent("MSK", m.at())
    dosage = Dosage(at=m.at(), text="1 cp", preconditions=(Precondition(m.at(), m.concept("1"), value=refused),))
    held = resource("MedicationRequest", drug(m, "prescribed", dosage))["dosageInstruction"][0]
    assert "masked" in str(extensions(held, "precondition"))
    usual = ReferenceRange(m.at(), refused)
    r = resource("Observation", m.make(Observation, code=m.concept("1"), ranges=(usual,)))
    assert "masked" in str(extensions(r["referenceRange"][0], "statement-value"))


def test_a_relative_s_age_at_onset_wins_over_a_refused_time(m, resource):
    age = m.make(Observation, code=m.concept("1"), values=(m.quantity("50", "a"),))
    for links, element in (((Link("SUBJ", age),), "onsetAge"), ((), "onsetPeriod")):
        refused = TimeSpan(at=m.at(), null="UNK")
        disease = m.make(Problem, "problem", problem=m.concept("2"), time=refused, links=links)
        told = m.make(Panel, "family-history", links=(Link("COMP", disease),))
        held = resource("FamilyMemberHistory", told)["condition"][0]
        assert [key for key in held if key.startswith("onset")] == [element]


def test_the_hour_of_a_birth_is_kept_for_a_newborn_too(m, emitted):
    baby = Relative(at=m.at(), path="/baby", birth=m.date("2024-01-02T03:04:00+01:00"))
    found = emitted(
        m.make(Observation, code=m.concept("1"), subject=baby), m.make(Panel, "family-history", subject=baby)
    )
    person, history = all_of(found, "RelatedPerson")[0], all_of(found, "FamilyMemberHistory")[0]
    assert person["birthDate"] == history["bornDate"] == "2024-01-02"
    for held in (person["_birthDate"], history["_bornDate"]):
        assert extensions(held, "birth-time")[0]["valueDateTime"] == "2024-01-02T03:04:00+01:00"


# --- valid also where the models do not look ----------------------------------------------------------------------


def test_each_rhythm_of_a_vaccine_has_its_dose(m, resource):
    hours = tuple(Timing(at=m.at(), period=m.quantity(n, "wk")) for n in "13")
    dosage = Dosage(at=m.at(), timings=hours, dose=m.quantity("0.5", "mL"))
    r = resource("Immunization", m.make(Immunization, "immunization", dosages=(dosage,)))
    first, second = (x["valueDosage"] for x in extensions(r, "further-dosage"))
    assert r["doseQuantity"]["value"] == Decimal("0.5")
    assert "doseAndRate" not in first
    assert second["doseAndRate"][0]["doseQuantity"]["value"] == Decimal("0.5")


def test_a_collection_that_says_nothing_is_left_out(m, resource):
    tube = Specimen(m.at(), "/s", code=m.concept("b"))
    assert "collection" not in resource("Specimen", m.make(Procedure, "specimen-collection", specimens=(tube,)))


def test_a_firm_is_no_source_of_a_device_s_use(m, resource):
    firm = Party(at=m.at(), path="/f", role="author", organization=Organization(m.at(), "/o", names=("Labo",)))
    r = resource("DeviceUseStatement", m.make(Supply, "device", parties=(firm,)))
    assert "source" not in r
    assert extensions(r, "participant")


def test_a_compared_delivery_is_not_exact(m, resource):
    r = resource("SupplyDelivery", m.make(Supply, "supply-order", quantity=m.quantity("5", comparator="<")))
    assert "suppliedItem" not in r
    assert extensions(r, "supply-quantity")[0]["valueQuantity"]["comparator"] == "<"


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"collection": {}}, "is empty"),
        ({"note": [{"text": ""}]}, "is empty"),
        ({"subject": {"reference": "Organization/x"}}, "refers to a Organization"),
    ],
)
def test_the_check_refuses_what_the_models_accept(fields, problem):
    pytest.importorskip("fhir.resources")
    from semantix.emitters.fhir._r4 import check

    assert problem in str(check({"resourceType": "Specimen", **fields}))


@pytest.mark.parametrize(
    ("kind", "word", "name", "element", "fields"),
    [
        (Medication, "medication", "MedicationRequest", "authoredOn", {"intent": "prescribed"}),
        (Procedure, "procedure", "ServiceRequest", "authoredOn", {"mood": "INT"}),
        (Supply, "device", "DeviceRequest", "authoredOn", {"mood": "INT"}),
        (Problem, "problem", "Condition", "recordedDate", {}),
        (Observation, "observation", "Observation", "issued", {}),
    ],
)
def test_the_first_author_with_a_date_gives_it(m, resource, kind, word, name, element, fields):
    undated = Party(at=m.at(), path="/a", role="author", time=TimeSpan(at=m.at(), null="UNK"))
    dated = Party(at=m.at(), path="/b", role="author", time=m.when("2024-01-01T10:00:00+01:00"))
    r = resource(name, m.make(kind, word, code=m.concept("1"), parties=(undated, dated), **fields))
    assert r[element] == "2024-01-01T10:00:00+01:00"


def test_a_relative_s_twin_birth_and_hour_of_death_are_kept(m, resource):
    aunt = Relative(at=m.at(), path="/a", multiple_birth=True, deceased_time=m.date("2024-01-02T03:04:00+01:00"))
    r = resource("FamilyMemberHistory", m.make(Panel, "family-history", subject=aunt))
    parts = {x["url"]: x for x in extensions(r, "vital-status")[0]["extension"]}
    assert parts["multipleBirth"]["valueBoolean"] is True
    assert parts["deceasedTime"]["valueDateTime"] == "2024-01-02T03:04:00+01:00"


# --- words and identifiers ----------------------------------------------------------------------------------------


def test_the_text_of_a_translation_is_kept_on_it(m, resource):
    named = structs.replace(m.coding("C1", NCIT), text="Victory SR 5610")
    r = resource("Observation", m.make(Observation, code=Concept((m.coding("1"), named), m.at())))
    kept = r["code"]["coding"][1]["extension"]
    assert kept == [{"url": f"{HL7}originalText", "valueString": "Victory SR 5610"}]


def test_an_identifier_without_root_is_a_value(m, resource):
    r = resource("Observation", m.make(Observation, code=m.concept("1"), ids=(Identifier(None, "N° 12"),)))
    assert r["identifier"] == [{"value": "N° 12"}]


def test_an_attached_document_keeps_the_words_and_numbers_of_its_parts(m, resource):
    media = m.make(
        Media,
        "media",
        ids=(Identifier("1.2.3", "M"),),
        text="radio",
        content=Attachment(m.at(), "image/png", "QUJD"),
    )
    kind = m.make(Observation, "document-type", ids=(Identifier("1.2.3", "K"),), text="type", values=(m.concept("t"),))
    links = (Link("COMP", media), Link("COMP", kind))
    one = m.make(Panel, "attached-document", ids=(Identifier("1.2.3", "P"),), text="panneau", links=links)
    r = resource("DocumentReference", one)
    assert [i["value"] for i in r["identifier"]] == ["P", "K", "M"]
    assert r["description"] == "panneau"
    assert r["content"][0]["attachment"]["title"] == "radio"
    assert [n["valueAnnotation"]["text"] for n in extensions(r, "note")] == ["type"]


def test_a_collection_and_a_reception_keep_their_numbers_and_words(m, resource):
    got = m.make(
        Statement,
        "specimen-received",
        ids=(Identifier("1.2.3", "R"),),
        text="tube ouvert",
        notes=(Note("tiède", m.at()),),
    )
    tube = Specimen(m.at(), "/s", ids=(Identifier("1.2.3", "S"),), code=m.concept("b"))
    fields = {"ids": (Identifier("1.2.3", "C"),), "specimens": (tube,), "links": (Link("COMP", got),)}
    r = resource("Specimen", m.make(Procedure, "specimen-collection", **fields))
    assert [i["value"] for i in r["identifier"]] == ["S"]
    assert [x["valueIdentifier"]["value"] for x in extensions(r, "statement-identifier")] == ["C", "R"]
    assert [x["text"] for x in r["note"]] == ["tiède", "tube ouvert"]


def test_an_imaging_study_keeps_its_accession_number_and_what_an_instance_says(m, resource):
    image = m.make(
        Observation, "imaging-instance", ids=(Identifier("1.2.3.1.1"),), values=(Text("coupe 12", m.at()), 3)
    )
    series = m.make(Statement, "imaging-series", ids=(Identifier("1.2.3.1"),), links=(Link("COMP", image),))
    ids = (Identifier("1.2.3"), Identifier("1.2.250.1.9", "ACC1"))
    r = resource("ImagingStudy", m.make(Statement, "imaging-study", ids=ids, links=(Link("COMP", series),)))
    assert r["identifier"] == [
        {"system": "urn:dicom:uid", "value": "urn:oid:1.2.3"},
        {"system": "urn:oid:1.2.250.1.9", "value": "ACC1"},
    ]
    words, number = extensions(r["series"][0]["instance"][0], "statement-value")
    assert (words["valueString"], number["valueInteger"]) == ("coupe 12", 3)


# --- devices and people -------------------------------------------------------------------------------------------


def branded(m, *texts):
    brand, model = (
        structs.replace(m.coding(c, NCIT), text=t) for c, t in zip(("C101668", "C43383"), texts, strict=True)
    )
    return Concept((m.coding("J0105", "1.2.250.1.213.2.68"), brand, model), m.at())


def test_brand_and_model_of_a_device_have_their_elements(m, resource):
    device = DeviceRef(m.at(), "/d", code=branded(m, "Medtronic", "Victory SR 5610"))
    r = resource("Device", m.make(Supply, "device", device=device))
    assert r["manufacturer"] == "Medtronic"
    assert r["deviceName"] == [{"name": "Victory SR 5610", "type": "model-name"}]
    assert [c["code"] for c in r["type"]["coding"]] == ["J0105", "C101668", "C43383"]


def test_devices_with_one_number_and_two_codes_are_two(m, emitted):
    number = (Identifier("1.2.3", "SN"),)
    codes = (m.concept("a"), m.concept("b"), m.concept("a"))
    devices = [DeviceRef(m.at(), f"/d{i}", number, code) for i, code in enumerate(codes)]
    found = all_of(emitted(*(m.make(Supply, "device", device=d) for d in devices)), "Device")
    assert [r["type"]["coding"][0]["code"] for r in found] == ["a", "b"]


def test_a_device_described_by_its_product_keeps_all_of_it(m, emitted):
    number = (Identifier("1.2.3", "SN"),)
    product = Product(
        at=m.at(),
        path="/p",
        code=m.concept("J0105", "1.2.250.1.213.2.68"),
        name="Sonde",
        ids=number,
        lot="L1",
        expiry=m.date("2030-01-01"),
        manufacturer=Organization(m.at(), "/o", names=("Medtronic",)),
    )
    found = emitted(m.make(Supply, "device", product=product), using(m, number))
    r = all_of(found, "Device")[0]
    assert (r["lotNumber"], r["expirationDate"], r["manufacturer"]) == ("L1", "2030-01-01", "Medtronic")
    assert r["identifier"][0]["value"] == "SN"
    assert r["type"]["text"] == "Sonde"
    assert all_of(found, "DeviceUseStatement")[0]["contained"][0]["batch"]["lotNumber"] == "L1"
    assert all_of(found, "Procedure")[0]["usedReference"] == [{"reference": f"Device/{r['id']}"}]


def using(m, ids):
    party = Party(at=m.at(), path="/p", role="participant", type_code="DEV", class_code="MANU", ids=ids)
    return m.make(Procedure, "procedure", code=m.concept("1"), parties=(party,))


def test_an_act_names_the_device_it_used(m, emitted):
    number = (Identifier("1.2.3", "SN"),)
    device = m.make(Supply, "device", device=DeviceRef(m.at(), "/d", number, m.concept("a")))
    found = emitted(using(m, number), device)
    act, thing = all_of(found, "Procedure")[0], all_of(found, "Device")[0]
    assert act["usedReference"] == [{"reference": f"Device/{thing['id']}"}]


def test_an_act_keeps_the_number_of_a_device_that_nothing_describes(m, resource):
    act = resource("Procedure", using(m, (Identifier("1.2.3", "SN"),)))
    assert "usedReference" not in act
    parts = extensions(act, "participant")[0]["extension"]
    assert next(p["valueIdentifier"]["value"] for p in parts if p["url"] == "identifier") == "SN"


def test_an_agent_of_an_organisation_is_no_relative(m, emitted):
    firm = Organization(m.at(), "/o", names=("SAMU",))
    agent = Party(at=m.at(), path="/a", role="informant", class_code="AGNT", organization=firm)
    found = emitted(m.make(Procedure, "procedure", code=m.concept("1"), parties=(agent,)))
    assert not all_of(found, "RelatedPerson")
    assert all_of(found, "Organization")[0]["name"] == "SAMU"


def test_a_relative_keeps_the_organisation(m, emitted):
    firm = Organization(m.at(), "/o", names=("Association",))
    name = Name((NamePart("family", "A"),))
    friend = Party(at=m.at(), path="/a", role="informant", class_code="CON", names=(name,), organization=firm)
    found = emitted(m.make(Procedure, "procedure", code=m.concept("1"), parties=(friend,)))
    person, held = all_of(found, "RelatedPerson")[0], all_of(found, "Organization")[0]
    assert extensions(person, "organization")[0]["valueReference"] == {"reference": f"Organization/{held['id']}"}


def test_each_mention_of_somebody_adds_its_identifiers(m, emitted):
    first, second = (Identifier("1.2.3", "A"), Identifier("1.2.3", "B"))
    author = Party(at=m.at(), path="/a", role="author", ids=(first,), names=(Name((NamePart("family", "X"),)),))
    again = structs.replace(author, ids=(first, second))
    r = all_of(emitted(m.make(Procedure, "procedure", code=m.concept("1"), parties=(author, again))), "Practitioner")
    assert [[i["value"] for i in x["identifier"]] for x in r] == [["A", "B"]]


def test_one_number_at_two_addresses_is_two_places(m, emitted):
    def at(city):
        place = Address((("city", city),))
        return Party(
            at=m.at(),
            path=f"/{city}",
            role="participant",
            class_code="SDLOC",
            ids=(Identifier("1.2.3", "L"),),
            addresses=(place,),
        )

    acts = [m.make(Procedure, "procedure", code=m.concept("1"), parties=(at(c),)) for c in ("PARIS", "LYON", "PARIS")]
    assert [r["address"]["city"] for r in all_of(emitted(*acts), "Location")] == ["PARIS", "LYON"]


def test_a_specimen_s_compared_volume_is_not_exact(m, resource):
    tube = Specimen(m.at(), "/s", code=m.concept("b"), quantity=m.quantity("1", "mL", comparator=">"))
    r = resource("Specimen", m.make(Observation, code=m.concept("1"), specimens=(tube,)))
    assert "value" not in r["collection"]["quantity"]


def test_two_pressures_keep_what_each_says_once(m, emitted):
    def one(code, number):
        return m.make(
            Observation,
            "vital-sign",
            code=m.concept(code, "2.16.840.1.113883.6.1"),
            ids=(Identifier("1.2.3", number),),
            values=(m.quantity("9", "mm[Hg]"), m.concept("x")),
            interpretations=(m.concept("H"),),
            ranges=(ReferenceRange(m.at(), text="-"),),
            sites=(m.concept("arm"),),
            methods=(m.concept("cuff"),),
            notes=(Note("assis", m.at()),),
            specimens=(Specimen(m.at(), f"/s{number}", code=m.concept("b")),),
        )

    links = (Link("COMP", one("8480-6", "S")), Link("COMP", one("8462-4", "D")))
    found = all_of(emitted(m.make(Panel, "vital-signs", code=m.concept("p"), links=links)), "Observation")
    r = next(r for r in found if "component" in r)
    assert [n["text"] for n in r["note"]] == ["assis"]
    assert len(extensions(r, "related-statement")) == 1
    assert [i["value"] for i in r["identifier"]] == ["S", "D"]
    assert [c["interpretation"][0]["coding"][0]["code"] for c in r["component"]] == ["H", "H"]


def test_a_reference_of_two_worded_bounds_is_their_words(m, resource):
    low, high = (Quantity(None, None, m.at(), text=t) for t in ("traces", "élevé"))
    usual = ReferenceRange(m.at(), Range(low, high, m.at()))
    r = resource("Observation", m.make(Observation, code=m.concept("1"), ranges=(usual,)))
    assert r["referenceRange"] == [{"text": "traces - élevé"}]
