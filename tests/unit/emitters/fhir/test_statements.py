"""Problems, allergies, drugs, acts: what each becomes."""

import pytest

from semantix.model import (
    Address,
    Allergy,
    Attachment,
    Concept,
    Concern,
    DeviceRef,
    Dosage,
    Encounter,
    Identifier,
    Immunization,
    Ingredient,
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
    Ratio,
    Relative,
    Specimen,
    Statement,
    Supply,
    TimeSpan,
    Timing,
)

LOINC = "2.16.840.1.113883.6.1"
CLINICAL = "2.16.840.1.113883.4.642.1.1074"
RPPS = Identifier("1.2.250.1.71.4.2.1", "801234567897")
FINESS = Identifier("1.2.250.1.71.4.2.2", "1750512345")


def doctor(m, role="author", **fields):
    firm = Organization(m.at(), "/firm", (FINESS,), ("Clinique",), type=m.concept("SA01", "1.2.250.1.71.4.2.4"))
    name = Name((NamePart("family", "DOC"), NamePart("given", "A")))
    code = m.concept("G15_10/SM26", "1.2.250.1.213.1.1.4.5")
    at = m.at()
    given = {"ids": (RPPS,), "code": code, "names": (name,), "organization": firm, **fields}
    return Party(at=at, path=f"/party[{at}]", role=role, **given)


def test_problem_has_fhir_statuses_and_keeps_the_source_s(m, resource):
    problem = m.make(
        Problem,
        "problem",
        code=m.concept("282291009"),
        problem=m.concept("I10", "2.16.840.1.113883.6.3"),
        clinical_status=m.concept("active", CLINICAL),
        severity=m.concept("6736007"),
        concern=Concern(m.at(), status="active"),
        parties=(doctor(m, time=m.when("2024-01-02")),),
        notes=(Note("à revoir", m.at(), doctor(m), m.date("2024-01-02")),),
    )
    r = resource("Condition", problem)
    assert r["clinicalStatus"]["coding"] == [
        {"system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code": "active"}
    ]
    kept = r["clinicalStatus"]["extension"][0]["valueCodeableConcept"]["coding"][0]
    assert kept == {"system": f"urn:oid:{CLINICAL}", "code": "active"}
    assert r["recordedDate"] == "2024-01-02"
    assert r["recorder"]["reference"].startswith("PractitionerRole/")


def test_denied_problem_is_refuted_and_has_no_clinical_status(m, resource):
    r = resource("Condition", m.make(Problem, "problem", problem=m.concept("I10"), negated=True))
    assert r["verificationStatus"]["coding"][0]["code"] == "refuted"
    assert "clinicalStatus" not in r


def test_no_known_problem_keeps_its_code(m, resource):
    absent = m.concept("no-known-problems", "2.16.840.1.113883.5.1150.1")
    r = resource("Condition", m.make(Problem, "no-problem", problem=absent))
    assert r["code"]["coding"][0]["system"] == "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips"


def test_end_of_a_problem_that_is_over_is_its_abatement(m, resource):
    span = TimeSpan(at=m.at(), low=m.date("2020"), high=m.date("2021"))
    concern = Concern(m.at(), status="completed")
    r = resource("Condition", m.make(Problem, "problem", problem=m.concept("I10"), time=span, concern=concern))
    assert (r["onsetDateTime"], r["abatementDateTime"]) == ("2020", "2021")


def test_allergy_with_agent_reaction_and_severity(m, resource):
    agent = Party(at=m.at(), path="/agent", role="participant", type_code="CSM", entity=m.concept("387517004"))
    reaction = m.make(
        Problem, "problem", problem=m.concept("39579001"), severity=m.concept("H", "2.16.840.1.113883.5.1063")
    )
    one = m.make(
        Allergy,
        "allergy",
        code=m.concept("DALG", "2.16.840.1.113883.5.4"),
        agents=(agent,),
        reactions=(reaction,),
        criticality=m.concept("high", "2.16.840.1.113883.4.642.4.130"),
        verification=m.concept("confirmed", CLINICAL),
    )
    r = resource("AllergyIntolerance", one)
    assert (r["type"], r["category"], r["criticality"]) == ("allergy", ["medication"], "high")
    assert r["code"]["coding"][0]["code"] == "387517004"
    assert r["reaction"][0]["severity"] == "severe"


@pytest.mark.parametrize(
    ("intent", "mood", "kind"),
    [
        ("prescribed", "INT", "MedicationRequest"),
        ("taken", "EVN", "MedicationStatement"),
        ("administered", "EVN", "MedicationAdministration"),
        ("dispensed", "EVN", "MedicationDispense"),
    ],
)
def test_intent_chooses_the_medication_resource(m, resource, intent, mood, kind):
    strength = Ratio(m.quantity("500", "mg"), None, m.at())
    product = Product(
        at=m.at(),
        path="/product",
        code=m.concept("63107752", "1.2.250.1.213.2.3.1"),
        name="Produit",
        lot="L1",
        classes=(m.concept("N02BE01", "2.16.840.1.113883.6.73"),),
        ingredients=(Ingredient(m.at(), m.concept("387517004"), "X", strength),),
    )
    every = Timing(at=m.at(), period=m.quantity("8", "h"))
    dosage = Dosage(
        at=m.at(),
        timings=(every,),
        dose=m.quantity("1", "{tablet}"),
        route=m.concept("20053000", "0.4.0.127.0.16.1.1.2.1"),
        preconditions=(Precondition(m.at(), text="si douleur"),),
        bounds=TimeSpan(at=m.at(), low=m.date("2024-01-01")),
    )
    one = m.make(
        Medication,
        "medication",
        mood=mood,
        intent=intent,
        product=product,
        dosages=(dosage,),
        time=m.when("2024-01-01"),
        substitution=m.concept("N", "2.16.840.1.113883.5.1070"),
        supply_quantity=m.quantity("2", "1"),
        repeats=1,
        patient_instructions=("avec de l'eau",),
        status="completed",
    )
    r = resource(kind, one)
    assert r["contained"][0]["code"]["coding"][0]["code"] == "63107752"
    written = r.get("dosageInstruction") or r.get("dosage")
    first = written[0] if isinstance(written, list) else written
    assert first["route"]["coding"][0]["code"] == "20053000"
    if kind == "MedicationRequest":
        assert r["intent"] == "order"
        repeat = first["timing"]["repeat"]
        assert (repeat["frequency"], repeat["period"], repeat["periodUnit"]) == (1, 8, "h")
        assert repeat["boundsPeriod"] == {"start": "2024-01-01"}
        assert first["asNeededCodeableConcept"] == {"text": "si douleur"}


def test_meals_are_when_and_three_hours_of_the_day_are_one_timing(m, resource):
    meal = Timing(at=m.at(), event=m.coding("ACM", "2.16.840.1.113883.5.139"), offset=m.quantity("1", "h"))
    hours = tuple(
        Timing(at=m.at(), period=m.quantity("1", "d"), phase=m.when(f"2024-01-01T{h}:00:00+01:00"))
        for h in ("08", "20")
    )
    schedule = Timing(at=m.at(), operator="A", parts=(meal, *hours))
    one = m.make(
        Medication,
        "medication",
        product=Product(at=m.at(), path="/p", name="X"),
        dosages=(Dosage(at=m.at(), timings=(schedule,)),),
    )
    first, second = (d["timing"]["repeat"] for d in resource("MedicationStatement", one)["dosage"])
    assert (first["when"], first["offset"]) == (["ACM"], 60)
    assert (second["frequency"], second["timeOfDay"]) == (2, ["08:00:00", "20:00:00"])


def test_denied_drug_is_not_taken(m, resource):
    one = m.make(Medication, "medication", product=Product(at=m.at(), path="/p", code=m.concept("1")), negated=True)
    assert resource("MedicationStatement", one)["status"] == "not-taken"


def test_vaccine_without_a_date_says_that_it_is_absent(m, resource):
    product = Product(at=m.at(), path="/p", code=m.concept("J07BB02", "2.16.840.1.113883.6.73"), lot="L")
    reaction = m.make(Problem, "problem", problem=m.concept("39579001"))
    one = m.make(
        Immunization,
        "immunization",
        product=product,
        time=TimeSpan(at=m.at(), null="NAV"),
        dose_number=2,
        reactions=(reaction,),
        dosages=(Dosage(at=m.at(), dose=m.quantity("0.5", "mL"), route=m.concept("IM", "2.16.840.1.113883.5.112")),),
    )
    r = resource("Immunization", one)
    assert r["_occurrenceDateTime"]["extension"][0]["valueCode"] == "temp-unknown"
    assert (r["lotNumber"], r["protocolApplied"]) == ("L", [{"doseNumberPositiveInt": 2}])
    assert r["doseQuantity"]["code"] == "mL"


def test_refused_vaccine_is_not_done_and_planned_one_a_recommendation(m, emitted):
    product = Product(at=m.at(), path="/p", code=m.concept("1"))
    refused = m.make(Immunization, "immunization", product=product, negated=True, time=m.when("2024"))
    planned = m.make(Immunization, "planned-immunization", product=product, mood="INT", time=m.when("2025"))
    by_type = {r["resourceType"]: r for r in emitted(refused, planned).resources}
    assert by_type["Immunization"]["status"] == "not-done"
    assert by_type["ImmunizationRecommendation"]["recommendation"][0]["dateCriterion"][0]["value"] == "2025"


def test_act_done_act_planned_and_act_not_done(m, emitted):
    done = m.make(
        Procedure,
        "procedure",
        code=m.concept("1"),
        status="completed",
        sites=(m.concept("2"),),
        methods=(m.concept("3"),),
    )
    denied = m.make(Procedure, "procedure", code=m.concept("4"), negated=True)
    planned = m.make(
        Procedure, "procedure", code=m.concept("5"), mood="INT", priority=m.concept("UR", "2.16.840.1.113883.5.7")
    )
    found = emitted(done, denied, planned).resources
    assert [r["status"] for r in found if r["resourceType"] == "Procedure"] == ["completed", "not-done"]
    request = next(r for r in found if r["resourceType"] == "ServiceRequest")
    assert (request["intent"], request["priority"]) == ("plan", "urgent")


def test_specimen_collection_is_the_specimen_s_own_collection(m, resource):
    blood = Specimen(m.at(), "/specimen", (Identifier("1.2.3", "S1"),), m.concept("BLD", "2.16.840.1.113883.18.311"))
    received = m.make(
        Statement,
        "specimen-received",
        code=m.concept("SPRECEIVE", "1.3.6.1.4.1.19376.1.5.3.2"),
        time=m.when("2024-01-03"),
    )
    one = m.make(
        Procedure,
        "specimen-collection",
        code=m.concept("9050", "1.2.250.1.213.2.7"),
        specimens=(blood,),
        time=m.when("2024-01-02"),
        parties=(doctor(m, "performer"),),
        links=(Link("COMP", received),),
        sites=(m.concept("7"),),
    )
    r = resource("Specimen", one)
    assert r["type"]["coding"][0]["code"] == "BLD"
    assert r["collection"]["method"]["coding"][0]["code"] == "9050"
    assert (r["collection"]["collectedDateTime"], r["receivedTime"]) == ("2024-01-02", "2024-01-03")


def test_goal_and_request_come_from_the_mood(m, emitted):
    goal = m.make(
        Observation,
        "care-request",
        mood="GOL",
        code=m.concept("1"),
        values=(m.quantity("6", "%"),),
        time=m.when("2024-09-01"),
    )
    asked = m.make(Observation, "care-request", mood="PRP", code=m.concept("2"))
    by_type = {r["resourceType"]: r for r in emitted(goal, asked).resources}
    assert by_type["Goal"]["target"][0]["detailQuantity"]["value"] == 6
    assert by_type["ServiceRequest"]["intent"] == "proposal"


def test_visit_has_a_class_of_act_code_or_an_unknown_one(m, emitted):
    known = m.make(
        Encounter,
        "encounter",
        code=m.concept("IMP", "2.16.840.1.113883.5.4"),
        parties=(doctor(m, "performer", type_code="PRF"),),
    )
    other = m.make(Encounter, "encounter", code=m.concept("99"))
    assert [r["class"]["code"] for r in emitted(known, other).resources if r["resourceType"] == "Encounter"] == [
        "IMP",
        "UNK",
    ]


def test_device_is_used_or_requested_and_another_thing_supplied(m, emitted):
    device = DeviceRef(m.at(), "/device", code=m.concept("J010104", "1.2.250.1.213.2.68"), model="M")
    statements = (
        m.make(Supply, "device", device=device),
        m.make(Supply, "device", device=device, mood="INT"),
        m.make(Supply, "supply-order", quantity=m.quantity("1")),
        m.make(Supply, "supply-order", mood="RQO", quantity=m.quantity("1"), code=m.concept("9")),
    )
    found = [r["resourceType"] for r in emitted(*statements).resources]
    assert {"DeviceUseStatement", "DeviceRequest", "SupplyDelivery", "SupplyRequest"} <= set(found)
    assert found.count("Device") == 1


def test_family_history_names_the_relative_and_the_age(m, resource):
    father = Relative(
        at=m.at(),
        path="/father",
        code=m.concept("FTH", "2.16.840.1.113883.5.111"),
        gender=m.concept("M", "2.16.840.1.113883.5.1"),
    )
    age = m.make(Observation, "observation", code=m.concept("397659008"), values=(m.quantity("50", "a"),))
    disease = m.make(Problem, "problem", problem=m.concept("I21"), links=(Link("SUBJ", age),))
    r = resource("FamilyMemberHistory", m.make(Panel, "family-history", subject=father, links=(Link("COMP", disease),)))
    assert r["relationship"]["coding"][0]["code"] == "FTH"
    assert r["sex"]["coding"][0]["code"] == "male"
    assert r["condition"][0]["onsetAge"]["value"] == 50


def test_attached_document_has_its_type_and_its_bytes_apart(m, emitted):
    media = m.make(Media, "media", content=Attachment(m.at(), "application/pdf", "QUJD"))
    kind = m.make(Observation, "document-type", code=m.concept("55107-7", LOINC), values=(m.concept("11488-4", LOINC),))
    one = m.make(Panel, "attached-document", links=(Link("COMP", media), Link("COMP", kind)))
    found = {r["resourceType"]: r for r in emitted(one).resources if "type" not in r or r["type"].get("coding")}
    assert found["Binary"]["data"] == "QUJD"
    assert found["DocumentReference"]["type"]["coding"][0]["code"] == "11488-4"
    assert found["DocumentReference"]["content"][0]["attachment"]["url"] == f"Binary/{found['Binary']['id']}"


def test_advance_directive_is_a_consent(m, resource):
    r = resource("Consent", m.make(Observation, "advance-directive", code=m.concept("304251008"), values=(True,)))
    assert r["scope"]["coding"][0]["code"] == "adr"


def test_imaging_study_has_series_and_instances(m, resource):
    image = m.make(
        Observation,
        "imaging-instance",
        ids=(Identifier("1.2.3.1.1"),),
        code=m.concept("1.2.840.10008.5.1.4.1.1.2", "1.2.840.10008.2.6.1"),
    )
    series = m.make(
        Statement,
        "imaging-series",
        ids=(Identifier("1.2.3.1"),),
        code=m.concept("113015", "1.2.840.10008.2.16.4"),
        links=(Link("COMP", image),),
    )
    study = m.make(
        Statement, "imaging-study", ids=(Identifier("1.2.3"),), code=m.concept("113014"), links=(Link("COMP", series),)
    )
    r = resource("ImagingStudy", study)
    assert r["identifier"] == [{"system": "urn:dicom:uid", "value": "urn:oid:1.2.3"}]
    assert r["series"][0]["instance"][0]["uid"] == "1.2.3.1.1"


def test_coverage_has_a_payer_and_its_group_is_basic(m, emitted):
    payer = Party(
        at=m.at(), path="/payer", role="performer", organization=Organization(m.at(), "/o", names=("Régime général",))
    )
    inner = m.make(Statement, "coverage", code=m.concept("GEN-105"), parties=(payer,))
    outer = m.make(Statement, "coverage", mood="DEF", code=m.concept("48768-6", LOINC), links=(Link("COMP", inner),))
    assert {"Basic", "Coverage"} <= {r["resourceType"] for r in emitted(outer).resources}


def test_internal_reference_leads_to_its_target(m, emitted):
    ids = (Identifier("1.2.3", "P1"),)
    problem = m.make(Problem, "problem", problem=m.concept("I10"), ids=ids)
    pointer = m.make(Statement, "internal-reference", ids=ids, code=m.concept("I10"))
    act = m.make(Procedure, "procedure", code=m.concept("1"), links=(Link("RSON", pointer),))
    found = {r["resourceType"]: r for r in emitted(act, problem).resources}
    assert found["Procedure"]["reasonReference"] == [{"reference": f"Condition/{found['Condition']['id']}"}]
    assert found["Procedure"]["reasonCode"][0]["coding"][0]["code"] == "I10"


def test_observation_inside_an_act_has_that_act_as_focus(m, emitted):
    inner = m.make(Observation, code=m.concept("2"))
    act = m.make(Procedure, "procedure", code=m.concept("1"), links=(Link("REFR", inner),))
    found = {r["resourceType"]: r for r in emitted(act).resources}
    assert found["Observation"]["focus"] == [{"reference": f"Procedure/{found['Procedure']['id']}"}]


def test_same_doctor_is_one_practitioner_and_one_role(m, emitted):
    acts = [m.make(Procedure, "procedure", code=m.concept(c), parties=(doctor(m),)) for c in "12"]
    found = [r["resourceType"] for r in emitted(*acts).resources]
    assert (found.count("Practitioner"), found.count("PractitionerRole"), found.count("Organization")) == (1, 1, 1)


def test_national_numbers_are_also_rpps_and_finess(m, emitted):
    found = emitted(m.make(Procedure, "procedure", code=m.concept("1"), parties=(doctor(m),))).resources
    numbers = {
        i["system"]: i["value"]
        for r in found
        if r["resourceType"] in ("Practitioner", "Organization")
        for i in r["identifier"]
    }
    assert numbers["https://rpps.esante.gouv.fr"] == "01234567897"
    assert numbers["https://finess.esante.gouv.fr"] == "750512345"


def test_place_of_an_act_is_a_location(m, resource):
    place = Party(
        at=m.at(),
        path="/place",
        role="participant",
        class_code="SDLOC",
        entity_name="Salle",
        addresses=(Address((("city", "PARIS"),)),),
    )
    r = resource("Procedure", m.make(Procedure, "procedure", code=m.concept("1"), parties=(place,)))
    assert r["location"]["reference"].startswith("Location/")


def test_refused_code_is_a_null_flavor(m, resource):
    r = resource("Procedure", m.make(Procedure, "procedure", code=Concept((), m.at(), null="UNK")))
    assert r["code"]["coding"] == [{"system": "http://terminology.hl7.org/CodeSystem/v3-NullFlavor", "code": "UNK"}]
