"""Header, Composition, Bundles: what the document as a whole becomes."""

from base64 import b64decode

import pytest
from tests.fhir_json import references_in

from semantix.emitters.fhir import FhirOptions, document_bundle, emit, encode, transaction_bundle
from semantix.model import (
    Address,
    Attachment,
    Consent,
    EncompassingEncounter,
    Facility,
    Identifier,
    Name,
    NamePart,
    Observation,
    Order,
    Organization,
    Party,
    Problem,
    RelatedDocument,
    Relative,
    Section,
    ServiceEvent,
    Statement,
    Telecom,
)

FR = "https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-"


def test_patient_is_fr_core_with_birth_names(m, resource):
    r = resource("Patient")
    assert r["meta"]["profile"] == [f"{FR}patient"]
    assert r["identifier"][0]["type"]["coding"][0]["code"] == "INS-NIR-TEST"
    official = r["name"][0]
    assert (official["use"], official["family"], official["given"]) == ("official", "TEST", ["ANNE"])
    assert official["extension"][0]["valueString"] == "ANNE MARIE"
    assert r["birthDate"] == "1979"


def test_undifferentiated_gender_is_outside_fr_core(m, resource):
    r = resource("Patient", patient=m.patient(gender=m.concept("UN", "2.16.840.1.113883.5.1")))
    assert r["gender"] == "other"
    assert "meta" not in r


def test_patient_with_everything_known_is_carried(m, resource):
    clinic = Organization(m.at(), "/clinic", names=("Clinique",))
    names = (
        Name(
            (
                NamePart("prefix", "MME"),
                NamePart("suffix", "II"),
                NamePart("family", "A", "BR"),
                NamePart("family", "B", "CL"),
            )
        ),
        Name((NamePart("given", "C", "CL"),)),
    )
    guardian = Party(
        at=m.at(),
        path="/g",
        role="guardian",
        code=m.concept("MTH", "2.16.840.1.113883.5.111"),
        ids=(Identifier("1.2", "G"),),
        addresses=(Address((("city", "LYON"),)),),
        organization=clinic,
    )
    r = resource(
        "Patient",
        patient=m.patient(
            ids=(
                Identifier("1.2.250.1.213.1.4.2", "C"),
                Identifier("1.2.3", "IPP"),
                Identifier("1.2.3.4"),
                Identifier(None, null="UNK"),
            ),
            names=names,
            birth=m.date("1979-01-02T03:04:00+01:00"),
            birth_place=Address((("county", "51215"), ("city", "EXEMPLE"))),
            birth_place_name="Maternité",
            addresses=(Address((("city", "PARIS"),), use="H"),),
            telecoms=(Telecom("tel:01", "MC"),),
            guardians=(guardian,),
            marital_status=m.concept("M", "2.16.840.1.113883.5.2"),
            deceased_time=m.date("2024-01-01"),
            multiple_birth_order=2,
            languages=("fr-FR",),
            provider_organization=clinic,
        ),
    )
    assert [i.get("use") for i in r["identifier"]] == ["secondary", "usual", None]
    assert [n.get("use") for n in r["name"]] == [None, "usual", "usual"]
    place = r["extension"][0]["valueAddress"]
    assert (place["extension"][0]["valueCoding"]["code"], place["city"]) == ("51215", "EXEMPLE")
    assert r["_birthDate"]["extension"][0]["valueDateTime"] == "1979-01-02T03:04:00+01:00"
    assert (r["deceasedDateTime"], r["multipleBirthInteger"]) == ("2024-01-01", 2)
    assert r["contact"][0]["address"]["city"] == "LYON"


def test_refused_birth_date_keeps_its_null_flavor(m, resource):
    r = resource(
        "Patient", patient=m.patient(birth=None, birth_null="MSK", deceased=False, multiple_birth=True, ids=())
    )
    assert r["_birthDate"]["extension"][0]["valueCode"] == "MSK"
    assert (r["deceasedBoolean"], r["multipleBirthBoolean"]) == (False, True)


def test_document_without_date_or_identifier_still_makes_a_bundle(m):
    document = m.document(ids=(), time=None, title=None)
    bundle = document_bundle(emit(document), document)
    assert bundle["identifier"]["value"] == document.source.sha256
    assert "timestamp" not in bundle
    assert bundle["entry"][0]["resource"]["author"] == [
        {"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/iso21090-nullFlavor", "valueCode": "UNK"}]}
    ]


def test_day_of_a_document_is_its_midnight_as_timestamp(m):
    days = ("2024-03-05", "2024-03", "2024")
    stamps = [document_bundle(emit(d), d)["timestamp"] for d in (m.document(time=m.date(day)) for day in days)]
    assert stamps == ["2024-03-05T00:00:00Z", "2024-03-01T00:00:00Z", "2024-01-01T00:00:00Z"]


def test_guardian_is_a_contact(m, resource):
    mother = Party(
        at=m.at(),
        path="/g",
        role="guardian",
        names=(Name((NamePart("family", "MERE"),)),),
        telecoms=(Telecom("tel:0102030405"),),
    )
    contact = resource("Patient", patient=m.patient(guardians=(mother,)))["contact"][0]
    assert (contact["name"]["family"], contact["telecom"][0]["value"]) == ("MERE", "0102030405")


def test_header_says_who_attests_what_replaces_and_why(m, resource):
    firm = Organization(m.at(), "/o", names=("Labo",))
    author = Party(at=m.at(), path="/a", role="author", ids=(Identifier("1.2.3", "A"),), time=m.when("2024-01-01"))
    legal = Party(
        at=m.at(), path="/l", role="legalAuthenticator", ids=(Identifier("1.2.3", "L"),), time=m.when("2024-01-02")
    )
    keeper = Party(at=m.at(), path="/c", role="custodian", organization=firm)
    friend = Party(
        at=m.at(), path="/i", role="informant", class_code="ECON", code=m.concept("SIS", "2.16.840.1.113883.5.111")
    )
    taker = Party(
        at=m.at(), path="/p", role="participant", ids=(Identifier("1.2.3", "A"),), function=m.concept("PRELV", "1.2")
    )
    r = resource(
        "Composition",
        parties=(author, legal, keeper, friend, taker),
        confidentiality=m.concept("N", "2.16.840.1.113883.5.25"),
        code=m.concept("11502-2", "2.16.840.1.113883.6.1"),
        version=2,
        related=(RelatedDocument(m.at(), "RPLC", (Identifier("1.2.3.4"),)),),
        events=(ServiceEvent(at=m.at(), path="/e", code=m.concept("X"), time=m.when("2024-01-01"), parties=(author,)),),
        orders=(
            Order(
                m.at(),
                "/or",
                (Identifier("1.2", "O"),),
                m.concept("Y"),
                priority=m.concept("R", "2.16.840.1.113883.5.7"),
            ),
        ),
        consents=(Consent(m.at(), "/co", code=m.concept("Z"), status="completed"),),
    )
    assert [a["mode"] for a in r["attester"]] == ["legal"]
    assert r["custodian"]["reference"].startswith("Organization/")
    assert r["relatesTo"] == [
        {"code": "replaces", "targetIdentifier": {"system": "urn:ietf:rfc:3986", "value": "urn:oid:1.2.3.4"}}
    ]
    assert r["confidentiality"] == "N"
    assert r["event"][0]["code"][0]["coding"][0]["code"] == "X"
    roles = [p["valueCode"] for e in r["extension"] for p in e.get("extension", ()) if p["url"] == "role"]
    assert roles == ["author", "informant", "participant"]


@pytest.mark.parametrize(("class_code", "is_named"), [("PAT", False), ("NOK", False), ("ASSIGNED", True)])
def test_only_a_professional_authenticates_the_source(m, emitted, class_code, is_named):
    names = (Name((NamePart("family", "A"),)),)
    party = Party(at=m.at(), path="/l", role="legalAuthenticator", class_code=class_code, names=names)
    found = emitted(parties=(party,)).resources
    source = next(r for r in found if r["resourceType"] == "DocumentReference")
    assert ("authenticator" in source) == is_named
    assert "party" in found[0]["attester"][0]


@pytest.mark.parametrize("ids", [(Identifier("1.2.3", "D0"),), ()])
def test_the_set_of_a_replaced_document_is_kept(m, emitted, ids):
    replaced = RelatedDocument(m.at(), "RPLC", ids, set_id=Identifier("1.2.3", "SET"))
    found = emitted(related=(replaced,)).resources
    (relation,), (source,) = (r["relatesTo"] for r in found if "relatesTo" in r)
    first = relation["targetIdentifier"]
    assert source["target"]["identifier"] == first
    kept = [first["value"], *(x["valueIdentifier"]["value"] for x in relation.get("extension", ()))]
    assert kept == [*(i.extension for i in ids), "SET"]


def test_encounter_has_its_place_and_provider(m, emitted):
    firm = Organization(m.at(), "/o", names=("CHU",))
    place = Facility(m.at(), "/f", code=m.concept("SA01", "1.2.250.1.71.4.2.4"), name="CHU", organization=firm)
    stay = EncompassingEncounter(
        at=m.at(),
        path="/enc",
        ids=(Identifier("1.2.3", "E1"),),
        code=m.concept("IMP", "2.16.840.1.113883.5.4"),
        time=m.when("2024-01-01"),
        discharge=m.concept("HOM"),
        facility=place,
    )
    found = {r["resourceType"]: r for r in emitted(encounter=stay).resources}
    encounter = found["Encounter"]
    assert encounter["meta"]["profile"] == [f"{FR}encounter"]
    assert (encounter["class"]["code"], encounter["status"]) == ("IMP", "finished")
    assert encounter["serviceProvider"] == found["Location"]["managingOrganization"]


def test_section_without_anything_says_why_it_is_empty(m, resource):
    empty = Section(at=m.at(), path="/s", title="Allergies", null="NASK")
    section = resource("Composition", sections=(empty,))["section"][0]
    assert [c["code"] for c in section["emptyReason"]["coding"]] == ["notasked", "NASK"]


def test_a_section_without_a_code_is_not_of_the_section_before(m, emitted):
    def section(name, code=None, *inner):
        problem = m.make(Problem, "problem", problem=m.concept(name))
        coded = m.concept(code, "2.16.840.1.113883.6.1") if code else None
        return Section(at=m.at(), path=f"/{name}", code=coded, statements=(problem,), sections=inner)

    found = emitted(sections=(section("stay", "11535-2", section("inner")), section("none"))).resources
    kinds = {r["code"]["coding"][0]["code"]: r["category"][0]["coding"][0]["code"] for r in found if "category" in r}
    assert kinds == {
        "stay": "encounter-diagnosis",
        "inner": "encounter-diagnosis",
        "none": "problem-list-item",
    }


def test_care_plan_section_makes_a_care_plan(m, resource):
    goal = m.make(Observation, mood="GOL", code=m.concept("1"))
    ask = m.make(Observation, mood="INT", code=m.concept("2"))
    plan = Section(at=m.at(), path="/s", code=m.concept("18776-5", "2.16.840.1.113883.6.1"), statements=(goal, ask))
    r = resource("CarePlan", sections=(plan,))
    assert (len(r["goal"]), len(r["activity"])) == (1, 1)
    assert "modifierExtension" not in r


def test_care_plan_of_somebody_else_says_whose_it_is(m, emitted):
    goal = m.make(Observation, mood="GOL", code=m.concept("1"))
    child = Relative(at=m.at(), path="/child", code=m.concept("CHILD", "2.16.840.1.113883.5.111"))
    code = m.concept("18776-5", "2.16.840.1.113883.6.1")
    section = Section(at=m.at(), path="/s", code=code, statements=(goal,), subject=child)
    found = emitted(sections=(section,)).resources
    plan = next(r for r in found if r["resourceType"] == "CarePlan")
    (modifier,) = plan["modifierExtension"]
    assert modifier["valueReference"] == found[0]["section"][0]["focus"]


def test_body_that_is_a_file_is_a_binary(m, emitted):
    pdf = Attachment(m.at(), "application/pdf", "QUJD")
    found = emitted(attachments=(pdf,), sections=()).resources
    assert next(r for r in found if r["resourceType"] == "Binary")["data"] == "QUJD"
    assert len(found[0]["section"]) == 1


@pytest.mark.parametrize(("written", "kept"), [("text/plain", "text/plain"), ("application/pdf", "text/plain")])
def test_body_that_is_a_text_is_a_binary_of_all_of_it(m, emitted, written, kept):
    text = "Compte rendu. " * 50 + "Conclusion : normal à revoir."
    found = emitted(attachments=(Attachment(m.at(), written, text=text),), sections=()).resources
    binary = next(r for r in found if r["resourceType"] == "Binary")
    assert b64decode(binary["data"]).decode() == text
    held = next(r for r in found if r["resourceType"] == "DocumentReference")["content"][0]["attachment"]
    assert held["contentType"] == binary["contentType"] == kept
    assert held["url"] == f"Binary/{binary['id']}"


def test_a_source_without_a_date_is_a_collection_and_gets_no_date(m):
    undated, dated = (m.document(time=time) for time in (None, m.date("2024-03-08")))
    bundles = [document_bundle(emit(one), one) for one in (undated, dated)]
    assert [(one["type"], "timestamp" in one) for one in bundles] == [("collection", False), ("document", True)]


def test_document_bundle_starts_with_its_composition_and_resolves(m):
    document = m.document(m.make(Observation, code=m.concept("1")))
    bundle = document_bundle(emit(document, FhirOptions(urn_references=True)), document)
    assert bundle["entry"][0]["resource"]["resourceType"] == "Composition"
    assert bundle["identifier"] == {"system": "urn:oid:1.2.250.1.999.1", "value": "D1"}
    assert bundle["timestamp"] == "2024-03-05T10:15:00+01:00"
    assert references_in(bundle) <= {e["fullUrl"] for e in bundle["entry"]}


@pytest.mark.parametrize("ids", [(), (Identifier(None, "D1"),), (Identifier("12 rue", "D1"),), (Identifier("12 rue"),)])
def test_a_bundle_of_a_document_without_a_usable_number_is_known_by_its_bytes(m, ids):
    document = m.document(ids=ids)
    system = "https://semantix.example/fhir/source-sha256"
    assert document_bundle(emit(document), document)["identifier"] == {"system": system, "value": "0" * 64}


def test_transaction_puts_each_resource_under_its_id(m):
    document = m.document(m.make(Observation, code=m.concept("1")))
    bundle = transaction_bundle(emit(document), document)
    urls = {e["request"]["url"] for e in bundle["entry"]}
    assert {e["request"]["method"] for e in bundle["entry"]} == {"PUT"}
    assert references_in(bundle) <= urls
    assert all(e["fullUrl"].endswith(e["request"]["url"]) for e in bundle["entry"])


def test_same_document_gives_the_same_bytes(m):
    document = m.document(m.make(Observation, code=m.concept("1")))
    assert [encode(r) for r in emit(document).resources] == [encode(r) for r in emit(document).resources]


def test_patient_has_one_id_in_every_document(m):
    first, second = (m.document(ids=(Identifier("1.2.3", n),)) for n in "12")
    ids = [next(r["id"] for r in emit(d).resources if r["resourceType"] == "Patient") for d in (first, second)]
    assert ids[0] == ids[1]


def test_resource_tells_its_place_in_the_source(m, resource):
    r = resource("Observation", m.make(Observation, code=m.concept("1")))
    assert r["meta"]["source"].startswith("https://semantix.example/fhir/document/1.2.250.1.999.1/D1#/observation%5B")


@pytest.mark.parametrize(("status", "expected"), [("active", "preliminary"), ("completed", "final"), (None, "final")])
def test_a_laboratory_report_with_more_to_come_is_a_preliminary_document(m, emitted, status, expected):
    report = m.make(Statement, "lab-report", status=status, code=m.concept("26436-6"))
    found = emitted(report).resources
    composition = next(r for r in found if r["resourceType"] == "Composition")
    source = next(r for r in found if r["resourceType"] == "DocumentReference")
    assert (composition["status"], source["docStatus"], source["status"]) == (expected, expected, "current")
