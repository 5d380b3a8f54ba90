"""What must not be read for something else: other people's facts, denials, relations, statuses."""

import pytest
from msgspec import structs

from semantix.model import (
    Allergy,
    Concern,
    Consent,
    DeviceRef,
    Encounter,
    Identifier,
    Immunization,
    Link,
    Media,
    Medication,
    Note,
    Observation,
    Panel,
    Problem,
    Procedure,
    Product,
    Relative,
    Specimen,
    Statement,
    Supply,
    Text,
    TimeSpan,
)

LOINC = "2.16.840.1.113883.6.1"
OWN = "https://semantix.example/fhir/StructureDefinition/"


def extensions(r, name, among="extension"):
    return [x for x in r.get(among, ()) if x["url"] == f"{OWN}{name}"]


def all_of(emission, kind):
    return [r for r in emission.resources if r["resourceType"] == kind]


def child(m):
    return Relative(at=m.at(), path="/child", class_code="PRS", code=m.concept("CHILD", "2.16.840.1.113883.5.111"))


def denied(r):
    return bool(extensions(r, "negated", "modifierExtension"))


def is_about_another(r):
    return bool(extensions(r, "statement-subject", "modifierExtension"))


# --- other people -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "word"),
    [
        (Problem, "problem"),
        (Allergy, "allergy"),
        (Medication, "medication"),
        (Immunization, "immunization"),
        (Procedure, "procedure"),
        (Observation, "observation"),
        (Panel, "birth"),
        (Supply, "device"),
        (Statement, "lab-report"),
    ],
)
def test_a_fact_about_somebody_else_says_so_by_a_modifier(m, emitted, kind, word):
    found = emitted(m.make(kind, word, code=m.concept("1"), subject=child(m)))
    related = all_of(found, "RelatedPerson")
    apart = ("Device", "DocumentReference", "Provenance")
    clinical = [r for r in found.resources if "source" in r.get("meta", {}) and r["resourceType"] not in apart]
    assert len(related) == 1
    assert clinical
    assert all(is_about_another(r) for r in clinical)
    assert not any(extensions(r, "statement-subject") for r in found.resources)
    for r in all_of(found, "Observation"):
        assert r["focus"] == [{"reference": f"RelatedPerson/{related[0]['id']}"}]


def test_the_specimen_and_the_device_of_somebody_else_are_not_the_patient_s(m, emitted):
    device = DeviceRef(m.at(), "/device", code=m.concept("d"))
    found = emitted(m.make(Supply, "device", device=device, subject=child(m)))
    assert "patient" not in all_of(found, "Device")[0]


@pytest.mark.parametrize(("kind", "word"), [(Procedure, "specimen-collection"), (Observation, "lab-result")])
def test_each_specimen_of_somebody_else_says_so(m, emitted, kind, word):
    tubes = tuple(Specimen(m.at(), f"/s{n}", (Identifier("1.2.3", n),), m.concept("b")) for n in "12")
    found = emitted(m.make(kind, word, code=m.concept("1"), specimens=tubes, subject=child(m)))
    assert [is_about_another(r) for r in all_of(found, "Specimen")] == [True, True]


def test_a_patient_s_own_fact_has_neither_modifier_nor_focus(m, resource):
    r = resource("Observation", m.make(Observation, code=m.concept("1")))
    assert "modifierExtension" not in r
    assert "focus" not in r


@pytest.mark.parametrize("known", [True, False])
def test_other_things_told_of_a_relative_are_about_the_relative(m, emitted, known):
    inner = m.make(Observation, code=m.concept("2"), links=(Link("COMP", m.make(Observation, code=m.concept("3"))),))
    done = m.make(Procedure, "procedure", code=m.concept("4"))
    disease = m.make(Problem, "problem", problem=m.concept("5"))
    links = tuple(Link("COMP", x) for x in (inner, done, disease))
    subject = {"subject": child(m)} if known else {}
    found = emitted(m.make(Panel, "family-history", links=links, **subject))
    person = {"reference": f"RelatedPerson/{all_of(found, 'RelatedPerson')[0]['id']}"}
    assert [r["focus"] for r in all_of(found, "Observation")] == [[person], [person]]
    assert all(is_about_another(r) for r in all_of(found, "Observation") + all_of(found, "Procedure"))
    history = all_of(found, "FamilyMemberHistory")[0]
    assert len(history["condition"]) == 1
    assert "modifierExtension" not in history
    assert not all_of(found, "Condition")


def test_what_follows_a_family_history_is_the_patient_s_again(m, emitted):
    family = m.make(Panel, "family-history", subject=child(m))
    found = emitted(family, m.make(Observation, code=m.concept("1")))
    assert "focus" not in all_of(found, "Observation")[0]


# --- denials ------------------------------------------------------------------------------------------------------


def test_a_denied_reaction_of_an_allergy_is_a_refuted_condition(m, emitted):
    seen = m.make(Problem, "problem", problem=m.concept("seen"))
    not_seen = m.make(Problem, "problem", problem=m.concept("not-seen"), negated=True)
    found = emitted(m.make(Allergy, "allergy", value=m.concept("1"), reactions=(seen, not_seen)))
    allergy, condition = all_of(found, "AllergyIntolerance")[0], all_of(found, "Condition")[0]
    codes = [c["code"] for x in allergy["reaction"] for y in x["manifestation"] for c in y["coding"]]
    assert codes == ["seen"]
    assert condition["verificationStatus"]["coding"][0]["code"] == "refuted"
    assert condition["id"] in str(extensions(allergy, "related-statement"))


def test_a_denied_reaction_of_a_vaccine_is_a_refuted_condition(m, emitted):
    not_seen = m.make(Problem, "problem", problem=m.concept("not-seen"), negated=True)
    found = emitted(m.make(Immunization, "immunization", reactions=(not_seen,)))
    vaccine, condition = all_of(found, "Immunization")[0], all_of(found, "Condition")[0]
    assert "reaction" not in vaccine
    assert condition["verificationStatus"]["coding"][0]["code"] == "refuted"
    assert condition["id"] in str(extensions(vaccine, "related-statement"))


def test_a_denied_relation_denies_the_statement_inside_too(m, emitted):
    inner = m.make(Observation, code=m.concept("2"))
    found = emitted(m.make(Observation, code=m.concept("1"), links=(Link("CAUS", inner, negated=True),)))
    outer, child_ = all_of(found, "Observation")
    assert denied(child_)
    assert not denied(outer)
    assert {"url": "negated", "valueBoolean": True} in extensions(outer, "related-statement")[0]["extension"]


@pytest.mark.parametrize(
    ("kind", "word", "name"),
    [
        (Problem, "no-problem", "Condition"),
        (Allergy, "no-allergy", "AllergyIntolerance"),
        (Medication, "no-medication", "MedicationStatement"),
        (Immunization, "no-immunization", "Immunization"),
        (Procedure, "no-procedure", "Procedure"),
        (Supply, "no-device", "DeviceUseStatement"),
        (Observation, "no-problem", "Observation"),
    ],
)
def test_none_known_denied_is_not_a_double_negation(m, resource, kind, word, name):
    r = resource(name, m.make(kind, word, code=m.concept("none"), negated=True))
    assert not denied(r)
    assert r.get("status") not in ("not-done", "not-taken")
    assert "refuted" not in str(r.get("verificationStatus"))
    assert extensions(r, "source-negation") == [{"url": f"{OWN}source-negation", "valueBoolean": True}]


@pytest.mark.parametrize("word", ["lab-report", "imaging-study", "coverage", "external-reference"])
def test_a_denied_act_of_any_type_is_a_modifier(m, emitted, word):
    found = emitted(m.make(Statement, word, code=m.concept("1"), negated=True))
    assert sum(denied(r) for r in found.resources) == 1


# --- relations ----------------------------------------------------------------------------------------------------


def result(m, name, **fields):
    return m.make(Observation, "lab-result", code=m.concept(name), **fields)


def test_only_a_component_is_a_member(m, emitted):
    links = (Link("COMP", result(m, "part")), Link("REFR", result(m, "seen")), Link("CAUS", result(m, "cause")))
    outer, part, seen, cause = all_of(emitted(result(m, "whole", links=links)), "Observation")
    assert outer["hasMember"] == [{"reference": f"Observation/{part['id']}"}]
    kept = [
        {x["url"]: x.get("valueCode") or x["valueReference"]["reference"] for x in e["extension"]}
        for e in extensions(outer, "related-statement")
    ]
    assert kept == [
        {"type": "REFR", "target": f"Observation/{seen['id']}"},
        {"type": "CAUS", "target": f"Observation/{cause['id']}"},
    ]
    assert "focus" not in seen


def test_a_previous_result_is_what_the_result_is_a_sequel_to(m, emitted):
    before = m.make(Observation, "previous-result", code=m.concept("1"))
    now, previous = all_of(emitted(result(m, "1", links=(Link("REFR", before),))), "Observation")
    assert now["extension"] == [
        {
            "url": "http://hl7.org/fhir/StructureDefinition/observation-sequelTo",
            "valueReference": {"reference": f"Observation/{previous['id']}"},
        }
    ]
    assert "hasMember" not in now
    assert "focus" not in previous


def test_the_rank_of_a_relation_is_kept(m, emitted):
    links = (Link("COMP", result(m, "a"), sequence=2), Link("REFR", result(m, "b"), sequence=3))
    outer = all_of(emitted(result(m, "whole", links=links)), "Observation")[0]
    assert outer["hasMember"][0]["extension"] == [{"url": f"{OWN}link-sequence", "valueInteger": 2}]
    assert {"url": "sequence", "valueInteger": 3} in extensions(outer, "related-statement")[0]["extension"]


def test_an_internal_reference_without_identifier_finds_nothing(m, emitted):
    nobody = Identifier(None, null="UNK")
    pointer = m.make(Statement, "internal-reference", ids=(nobody,), text="?")
    other = m.make(Observation, code=m.concept("1"), ids=(nobody,))
    outer = m.make(Procedure, "procedure", code=m.concept("2"), links=(Link("REFR", pointer),))
    r = all_of(emitted(other, outer), "Procedure")[0]
    assert extensions(r, "related-statement")[0]["extension"][1]["valueReference"] == {"display": "?"}


def test_a_denied_reason_is_no_reason(m, emitted):
    why = m.make(Problem, "problem", problem=m.concept("why"), ids=(Identifier("1.2.3", "W"),))
    pointer = m.make(Statement, "internal-reference", ids=(Identifier("1.2.3", "W"),), code=m.concept("ptr"))
    act = m.make(Procedure, "procedure", code=m.concept("2"), links=(Link("RSON", pointer, negated=True),))
    r = all_of(emitted(why, act), "Procedure")[0]
    assert "reasonReference" not in r
    assert "reasonCode" not in r
    assert {"url": "negated", "valueBoolean": True} in extensions(r, "related-statement")[0]["extension"]


def pointing(m, kind, word, number, type_code="RSON", **fields):
    """A statement with a pointer to the identifier ``number``, whose code is ``ptr`` unless ``code`` is false."""
    code = {"code": m.concept("ptr")} if fields.pop("coded", True) else {}
    pointer = m.make(Statement, "internal-reference", ids=(Identifier("1.2.3", number),), **code)
    return m.make(kind, word, links=(Link(type_code, pointer),), **fields)


def targets(r):
    kept = [{x["url"]: x for x in e["extension"]} for e in extensions(r, "related-statement")]
    return [e["target"]["valueReference"] for e in kept]


@pytest.mark.parametrize("coded", [True, False])
def test_a_reason_of_a_type_that_fhir_refuses_is_related(m, emitted, coded):
    why = m.make(Medication, "medication", ids=(Identifier("1.2.3", "W"),))
    found = emitted(why, pointing(m, Procedure, "procedure", "W", coded=coded, code=m.concept("2")))
    act, drug = all_of(found, "Procedure")[0], all_of(found, "MedicationStatement")[0]
    assert targets(act) == [{"reference": f"MedicationStatement/{drug['id']}"}]
    assert ("reasonCode" in act) == coded


def test_the_reason_of_a_device_s_use_is_coded(m, emitted):
    why = m.make(Problem, "problem", problem=m.concept("why"), ids=(Identifier("1.2.3", "W"),))
    r = all_of(emitted(why, pointing(m, Supply, "device", "W")), "DeviceUseStatement")[0]
    assert r["reasonCode"][0]["coding"][0]["code"] == "ptr"
    assert "reasonReference" in r
    assert not extensions(r, "related-statement")


def test_a_reason_found_nowhere_keeps_its_number(m, resource):
    r = resource("Procedure", pointing(m, Procedure, "procedure", "W", code=m.concept("2")))
    assert r["reasonCode"]
    assert targets(r) == [{"identifier": {"system": "urn:oid:1.2.3", "value": "W"}}]


def test_what_a_part_points_to_is_no_fact_of_its_own(m, emitted):
    reaction = pointing(m, Problem, "problem", "W", "REFR", problem=m.concept("1"))
    disease = pointing(m, Problem, "problem", "W", "REFR", problem=m.concept("2"))
    pointer = Link(
        "REFR", m.make(Statement, "internal-reference", ids=(Identifier("1.2.3", "W"),), code=m.concept("p"))
    )
    found = emitted(
        m.make(Allergy, "allergy", reactions=(reaction,)),
        m.make(Panel, "family-history", links=(Link("COMP", disease), pointer)),
        m.make(Panel, "attached-document", links=(pointer,)),
    )
    assert not all_of(found, "Observation")
    parts = (all_of(found, "AllergyIntolerance")[0]["reaction"][0], all_of(found, "FamilyMemberHistory")[0])
    for r in (*parts, parts[1]["condition"][0], all_of(found, "DocumentReference")[0]):
        assert targets(r) == [{"identifier": {"system": "urn:oid:1.2.3", "value": "W"}}]


def test_a_pointer_to_a_part_leads_to_what_says_it(m, emitted):
    def number(name):
        return (Identifier("1.2.3", name),)

    reaction = m.make(Problem, "problem", problem=m.concept("1"), ids=number("R"))
    disease = m.make(Problem, "problem", problem=m.concept("2"), ids=number("D"))
    panel = pressures(m, status="completed", ids=number("P"))
    found = emitted(
        m.make(Allergy, "allergy", reactions=(reaction,)),
        m.make(Panel, "family-history", links=(Link("COMP", disease),)),
        panel,
        *(pointing(m, Procedure, "procedure", name, "REFR", code=m.concept(name)) for name in "RDP"),
    )
    wanted = (all_of(found, "AllergyIntolerance")[0], all_of(found, "FamilyMemberHistory")[0], pairs(found)[0])
    acts = all_of(found, "Procedure")
    assert [targets(r)[0]["reference"] for r in acts] == [f"{r['resourceType']}/{r['id']}" for r in wanted]
    for part, value in ((wanted[0]["reaction"][0], "R"), (wanted[1]["condition"][0], "D")):
        assert extensions(part, "statement-identifier")[0]["valueIdentifier"]["value"] == value


def test_what_supports_a_problem_is_its_evidence_and_anything_else_is_related(m, emitted):
    links = (Link("SPRT", result(m, "a")), Link("CAUS", result(m, "b")))
    found = emitted(m.make(Problem, "problem", problem=m.concept("1"), links=links))
    condition, (a, b) = all_of(found, "Condition")[0], all_of(found, "Observation")
    assert condition["evidence"] == [{"detail": [{"reference": f"Observation/{a['id']}"}]}]
    assert b["id"] in str(extensions(condition, "related-statement"))


# --- blood pressure -----------------------------------------------------------------------------------------------


def pressures(m, **fields):
    def one(code, **more):
        return m.make(
            Observation, "vital-sign", code=m.concept(code, LOINC), values=(m.quantity("9", "mm[Hg]"),), **more
        )

    links = (Link("COMP", one("8480-6", status="completed")), Link("COMP", one("8462-4", **fields)))
    return m.make(Panel, "vital-signs", code=m.concept("46680005"), links=links)


def pairs(found):
    return [
        r for r in all_of(found, "Observation") if len([c for c in r.get("component", ()) if "valueQuantity" in c]) > 1
    ]


def test_two_pressures_of_one_measure_are_paired(m, emitted):
    assert len(pairs(emitted(pressures(m, status="completed")))) == 1


@pytest.mark.parametrize(
    "fields", [{"status": "completed", "negated": True}, {"status": "aborted"}, {"status": "completed", "mood": "INT"}]
)
def test_pressures_that_one_resource_cannot_say_are_not_paired(m, emitted, fields):
    assert pairs(emitted(pressures(m, **fields))) == []


def test_a_planned_pressure_is_a_request(m, emitted):
    assert len(all_of(emitted(pressures(m, status="completed", mood="INT")), "ServiceRequest")) == 1


# --- statuses -----------------------------------------------------------------------------------------------------


def span(m, low, high):
    return TimeSpan(at=m.at(), low=m.date(low), high=m.date(high) if high else None)


@pytest.mark.parametrize(
    ("end", "status"),
    [
        ("2024-03-04", "completed"),
        ("2024-03-05", "active"),
        ("2024-06", "active"),
        ("2023", "completed"),
        ("2024", "unknown"),
        (None, "unknown"),
    ],
)
def test_a_treatment_is_over_by_its_end_not_by_its_entry(m, resource, end, status):
    one = m.make(Medication, "medication", status="completed", time=span(m, "2023-01-01", end))
    r = resource("MedicationStatement", one)
    assert r["status"] == status
    assert extensions(r, "source-status")[0]["valueCode"] == "completed"


@pytest.mark.parametrize(
    ("kind", "word", "name", "fields"),
    [
        (Medication, "medication", "MedicationRequest", {"intent": "prescribed"}),
        (Procedure, "procedure", "ServiceRequest", {}),
        (Supply, "device", "DeviceRequest", {}),
        (Supply, "supply-order", "SupplyRequest", {}),
    ],
)
def test_a_completed_entry_does_not_make_an_order_completed(m, resource, kind, word, name, fields):
    r = resource(name, m.make(kind, word, mood="INT", code=m.concept("1"), status="completed", **fields))
    assert r["status"] == "unknown"
    assert extensions(r, "source-status")[0]["valueCode"] == "completed"


@pytest.mark.parametrize(
    ("source", "status"), [("aborted", "stopped"), ("cancelled", "cancelled"), ("suspended", "on-hold")]
)
def test_another_status_of_a_prescription_is_its_own(m, resource, source, status):
    one = m.make(Medication, "medication", mood="INT", intent="prescribed", status=source)
    assert resource("MedicationRequest", one)["status"] == status


@pytest.mark.parametrize(
    ("concern", "end", "status"),
    [
        ("completed", "2024-01-01", "resolved"),
        ("completed", None, "inactive"),
        ("suspended", None, "inactive"),
        ("active", "2024-01-01", "active"),
        (None, "2024-01-01", "inactive"),
        (None, None, "active"),
    ],
)
def test_an_allergy_that_is_over_is_not_active(m, resource, concern, end, status):
    tracked = Concern(m.at(), status=concern) if concern else None
    one = m.make(Allergy, "allergy", value=m.concept("1"), concern=tracked, time=span(m, "2020-01-01", end))
    assert resource("AllergyIntolerance", one)["clinicalStatus"]["coding"][0]["code"] == status


def test_a_refuted_allergy_is_not_active(m, resource):
    r = resource("AllergyIntolerance", m.make(Allergy, "allergy", value=m.concept("1"), negated=True))
    assert r["clinicalStatus"]["coding"][0]["code"] == "inactive"


def test_a_consent_of_unknown_status_is_not_in_force(m, emitted):
    found = emitted(m.make(Observation, "advance-directive", code=m.concept("1")), consents=(Consent(m.at(), "/c"),))
    assert ["status" in r for r in all_of(found, "Consent")] == [False, False]
    assert all(r["_status"]["extension"][0]["valueCode"] == "unknown" for r in all_of(found, "Consent"))


def test_a_directive_that_has_ended_is_inactive_and_keeps_its_period(m, resource):
    one = m.make(
        Observation, "advance-directive", code=m.concept("1"), status="completed", time=span(m, "2020", "2023")
    )
    r = resource("Consent", one)
    assert r["status"] == "inactive"
    assert r["provision"]["period"] == {"start": "2020", "end": "2023"}


@pytest.mark.parametrize(
    ("kind", "word", "name", "fields"),
    [
        (Procedure, "procedure", "Procedure", {}),
        (Encounter, "encounter", "Encounter", {}),
        (Immunization, "immunization", "Immunization", {}),
        (Medication, "medication", "MedicationStatement", {}),
        (Medication, "medication", "MedicationAdministration", {"intent": "administered"}),
        (Medication, "medication", "MedicationDispense", {"intent": "dispensed"}),
        (Media, "media", "Media", {}),
        (Statement, "imaging-study", "ImagingStudy", {}),
        (Statement, "external-reference", "DocumentReference", {}),
        (Statement, "lab-report", "DiagnosticReport", {}),
        (Observation, "observation", "Observation", {}),
        (Panel, "family-history", "FamilyMemberHistory", {}),
        (Supply, "supply-order", "SupplyDelivery", {}),
    ],
)
def test_an_error_is_an_error_also_when_denied(m, resource, kind, word, name, fields):
    for negated in (False, True):
        one = m.make(kind, word, code=m.concept("1"), status="nullified", negated=negated, **fields)
        assert resource(name, one)["status"] == "entered-in-error"


@pytest.mark.parametrize(
    ("kind", "word", "name", "fields", "source"),
    [
        (Procedure, "procedure", "Procedure", {}, "normal"),
        (Procedure, "procedure", "Procedure", {"negated": True}, "active"),
        (Observation, "observation", "Observation", {}, "normal"),
        (Encounter, "encounter", "Encounter", {}, "held"),
        (Media, "media", "Media", {}, "normal"),
        (Supply, "supply-order", "SupplyDelivery", {}, "held"),
        (Supply, "device", "DeviceUseStatement", {}, "normal"),
        (Medication, "medication", "MedicationAdministration", {"intent": "administered"}, "new"),
        (Medication, "medication", "MedicationStatement", {"negated": True}, "active"),
        (Immunization, "immunization", "Immunization", {}, "active"),
        (Panel, "family-history", "FamilyMemberHistory", {}, "aborted"),
        (Statement, "imaging-study", "ImagingStudy", {}, "held"),
        (Statement, "coverage", "Basic", {}, "aborted"),
        (Observation, "goal", "Goal", {"mood": "GOL"}, "new"),
        (Observation, "advance-directive", "Consent", {}, "held"),
    ],
)
def test_a_status_that_fhir_does_not_repeat_is_kept(m, resource, kind, word, name, fields, source):
    r = resource(name, m.make(kind, word, code=m.concept("1"), status=source, **fields))
    assert [x["valueCode"] for x in extensions(r, "source-status")] == [source]


def test_an_act_on_hold_is_on_hold(m, resource):
    assert resource("Media", m.make(Media, "media", status="held"))["status"] == "on-hold"


def test_a_reaction_told_in_error_is_no_reaction(m, emitted):
    wrong = m.make(Problem, "problem", problem=m.concept("x"), status="nullified")
    for kind, word, name in (
        (Allergy, "allergy", "AllergyIntolerance"),
        (Immunization, "immunization", "Immunization"),
    ):
        found = emitted(m.make(kind, word, reactions=(wrong,)))
        assert "reaction" not in all_of(found, name)[0]
        verdict = all_of(found, "Condition")[0]["verificationStatus"]
        assert verdict["coding"][0]["code"] == "entered-in-error"


def test_an_act_defined_or_aimed_at_was_not_done(m, emitted):
    fields = {"code": m.concept("1"), "status": "completed", "methods": (m.concept("2"),), "sites": (m.concept("3"),)}
    found = emitted(*(m.make(Procedure, "procedure", mood=mood, **fields) for mood in ("DEF", "GOL")))
    assert not all_of(found, "Procedure")
    assert all_of(found, "ServiceRequest")[0]["intent"] == "option"
    assert all_of(found, "Goal")


@pytest.mark.parametrize(("kind", "word", "name"), [(Encounter, "encounter", "Encounter"), (Media, "media", "Media")])
def test_another_mood_than_that_of_an_event_is_kept(m, resource, kind, word, name):
    r = resource(name, m.make(kind, word, mood="DEF"))
    assert extensions(r, "statement-mood")[0]["valueCode"] == "DEF"


# --- notes --------------------------------------------------------------------------------------------------------


def test_comments_stand_beside_the_patient_s_instructions(m, resource):
    one = m.make(
        Medication,
        "medication",
        intent="administered",
        product=Product(at=m.at(), path="/p", name="X"),
        patient_instructions=("à jeun",),
        notes=(Note("vu", m.at()),),
    )
    assert [n["text"] for n in resource("MedicationAdministration", one)["note"]] == ["à jeun", "vu"]


def test_the_members_of_a_newborn_s_panel_are_about_the_newborn(m, emitted):
    baby = child(m)
    weight = m.make(Observation, code=m.concept("2"), subject=baby, values=(Text("ok", m.at()),))
    panel = m.make(Panel, "birth", code=m.concept("1"), subject=baby, links=(Link("COMP", weight),))
    found = all_of(emitted(structs.replace(panel)), "Observation")
    assert [is_about_another(r) for r in found] == [True, True]
    assert found[0]["focus"] == found[1]["focus"]


@pytest.mark.parametrize(("end", "expected"), [(None, "active"), ("2020-01-01", "completed"), ("2099-01-01", "active")])
def test_a_device_is_no_longer_used_only_if_its_end_is_past(m, resource, end, expected):
    time = TimeSpan(m.at(), low=m.date("2019"), high=m.date(end) if end else None)
    device = DeviceRef(m.at(), "/device", code=m.concept("J0105", "1.2.250.1.213.2.68"))
    r = resource("DeviceUseStatement", m.make(Supply, "device", status="completed", time=time, device=device))
    assert r["status"] == expected
    assert [x["valueCode"] for x in extensions(r, "source-status")] == ["completed"]
