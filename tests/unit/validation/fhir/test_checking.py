"""FHIR files: each rule with what breaks it and what does not. All of it is invented."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from semantix.emitters.fhir import _r4
from semantix.errors import UnreadableInput
from semantix.validation._findings import Finding
from semantix.validation.fhir import RULES
from semantix.validation.fhir import words_contents as contents
from semantix.validation.fhir import words_french as french
from semantix.validation.fhir import words_structure as structure
from semantix.validation.fhir._dates import is_before
from semantix.validation.fhir._walk import MAX_DEPTH, elements, resources_in
from semantix.validation.fhir.checking import check, check_lines, layer_runs

Json = dict[str, Any]
DAY = date(2026, 5, 1)
WORDS = {rule.code: rule for rule in RULES}
LOINC = "http://loinc.org"
CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical"


def found(resource: Json | list[Json]) -> list[Finding]:
    """The findings of a resource; the words of each can be filled with its facts."""
    told = list(check(json.dumps(resource, indent=1).encode(), "a.json", DAY).findings)
    for one in told:
        rule = WORDS[one.code]
        for text in (*rule.found, *rule.expected, *rule.fix):
            assert text.format_map(one.facts)
    return told


def places(resource: Json) -> list[tuple[str, str]]:
    return [(one.code, one.path) for one in found(resource)]


def patient(**more: Any) -> Json:
    return {"resourceType": "Patient", "id": "p1", "name": [{"family": "NOM", "given": ["PRENOM"]}]} | more


def observation(**more: Any) -> Json:
    code = {"coding": [{"system": LOINC, "code": "2339-0"}]}
    base = {"resourceType": "Observation", "status": "final", "code": code, "valueString": "x"}
    return {name: value for name, value in (base | more).items() if value is not None}


def condition(**more: Any) -> Json:
    status = {"coding": [{"system": CLINICAL, "code": "active"}]}
    return {"resourceType": "Condition", "subject": {"reference": "Patient/p1"}, "clinicalStatus": status} | more


# --- structure --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("resource", "rule", "place", "element"),
    [
        (patient(couleur="x"), structure.UNKNOWN_ELEMENT, "Patient", "couleur"),
        (patient(contact=[{"couleur": 1}]), structure.UNKNOWN_ELEMENT, "Patient.contact[0]", "couleur"),
        (patient(**{"Jean Martin": 1}), structure.UNKNOWN_ELEMENT, "Patient", "?"),
        (observation(status=None), structure.MISSING_ELEMENT, "Observation", "status"),
        (patient(name={"family": "NOM"}), structure.LIST, "Patient.name", "name"),
        (patient(gender=["male"]), structure.LIST, "Patient.gender", "gender"),
        (patient(address=[{"line": "1 rue"}]), structure.LIST, "Patient.address[0].line", "line"),
        (patient(name=[{"family": 3}]), structure.WRONG_TYPE, "Patient.name[0].family", "family"),
        (patient(identifier=[3]), structure.WRONG_TYPE, "Patient.identifier[0]", "identifier"),
        (patient(birthDate="01/02/1980"), structure.MALFORMED, "Patient.birthDate", "birthDate"),
        (patient(id="a b"), structure.MALFORMED, "Patient.id", "id"),
        (
            {"resourceType": "MedicationRequest", "status": "active", "intent": "order", "subject": {"display": "x"}},
            structure.MISSING_CHOICE,
            "MedicationRequest",
            "medication",
        ),
        (observation(valueInteger=1), structure.SEVERAL_CHOICES, "Observation", "value"),
        (patient(telecom=[{"rank": 0, "value": "x"}]), structure.OTHER, "Patient.telecom[0].rank", "rank"),
        (patient(generalPractitioner=[]), structure.EMPTY, "Patient.generalPractitioner", "generalPractitioner"),
        (patient(language=""), structure.EMPTY, "Patient.language", "language"),
    ],
)
def test_what_the_models_refuse_is_told_without_values(resource: Json, rule, place: str, element: str) -> None:
    told = [one for one in found(resource) if one.code == rule.code]
    assert [(one.path, one.facts["element"]) for one in told] == [(place, element)]
    assert "Martin" not in str(told)


def test_an_extension_may_stand_for_what_is_missing() -> None:
    absent = {
        "extension": [{"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown"}]
    }
    assert found(observation(status=None, _status=absent)) == []
    assert found(patient(link=[{"other": {"display": "x"}, "_type": absent}])) == []


def test_a_type_that_r4_does_not_have_is_told() -> None:
    assert places({"resourceType": "Zoo"}) == [(structure.UNKNOWN_TYPE.code, "Zoo")]
    assert found({"resourceType": "Jean Martin"})[0].facts["type"] == "?"


def test_a_reference_to_a_type_that_the_element_does_not_take_is_told() -> None:
    (one,) = found(observation(subject={"reference": "Condition/m1"}))
    assert (one.code, one.path) == (structure.WRONG_TARGET.code, "Observation.subject")
    assert one.facts["type"] == "Condition"


def test_resources_inside_others_are_checked_at_their_places() -> None:
    inner = {"resourceType": "Organization", "id": "o", "couleur": 1}
    outer = patient(contained=[inner], managingOrganization={"reference": "#o"})
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"fullUrl": "urn:uuid:1", "resource": outer}]}
    assert places(bundle) == [(structure.UNKNOWN_ELEMENT.code, "Bundle.entry[0].resource.contained[0]")]


@pytest.mark.parametrize(
    ("resource", "place", "code"),
    [
        (observation(status="validé"), "Observation.status", "…"),
        (observation(status="done"), "Observation.status", "done"),
        (patient(gender="homme"), "Patient.gender", "homme"),
        (patient(name=[{"use": "birth", "family": "x"}]), "Patient.name[0].use", "birth"),
        (patient(telecom=[{"system": "mobile", "value": "0"}]), "Patient.telecom[0].system", "mobile"),
        (patient(link=[{"other": {"display": "x"}, "type": "same"}]), "Patient.link[0].type", "same"),
    ],
)
def test_a_code_outside_a_closed_list_is_told(resource: Json, place: str, code: str) -> None:
    (one,) = found(resource)
    assert (one.code, one.path, one.facts["code"]) == (structure.NOT_IN_LIST.code, place, code)


def test_a_clinical_status_outside_its_value_set_is_told() -> None:
    local = {"coding": [{"system": "http://exemple.fr/statuts", "code": "active"}]}
    assert places(condition(clinicalStatus=local)) == [(structure.NOT_IN_CONCEPTS.code, "Condition.clinicalStatus")]
    assert found(condition()) == []


# --- Bundles ----------------------------------------------------------------------------------------------------------


def bundle(*entries: Json, kind: str = "document", **more: Any) -> Json:
    said = {"identifier": {"system": "urn:ietf:rfc:3986", "value": "urn:uuid:9"}, "timestamp": "2026-01-01T00:00:00Z"}
    return {"resourceType": "Bundle", "type": kind, **said, **more, "entry": list(entries)}


def entry(url: str, resource: Json) -> Json:
    return {"fullUrl": url, "resource": resource}


def composition(**more: Any) -> Json:
    return {
        "resourceType": "Composition",
        "status": "final",
        "type": {"coding": [{"system": LOINC, "code": "11488-4"}]},
        "date": "2026-01-01",
        "author": [{"display": "x"}],
        "title": "x",
        "subject": {"reference": "urn:uuid:2"},
    } | more


DOCUMENT = (entry("urn:uuid:1", composition()), entry("urn:uuid:2", patient()))


def test_a_right_document_has_no_finding() -> None:
    assert found(bundle(*DOCUMENT)) == []


@pytest.mark.parametrize(
    ("resource", "rule", "place"),
    [
        (bundle(*reversed(DOCUMENT)), structure.NO_COMPOSITION, "Bundle.entry[0]"),
        (bundle(), structure.NO_COMPOSITION, "Bundle"),
        (bundle(*DOCUMENT, identifier={"value": "x"}), structure.NO_IDENTIFIER, "Bundle"),
        (bundle(*DOCUMENT, timestamp=None), structure.NO_TIMESTAMP, "Bundle"),
        (bundle(*DOCUMENT, {"resource": patient(id="p2")}), structure.NO_FULL_URL, "Bundle"),
        (bundle(*DOCUMENT, entry("urn:uuid:2", patient(id="p2"))), structure.SAME_URL, "Bundle"),
        (bundle(*DOCUMENT, entry("Patient/p2", patient(id="p2"))), structure.BAD_URL, "Bundle.entry[2].fullUrl"),
        (
            bundle(*DOCUMENT, entry("http://x/fhir/Patient/p3", patient(id="p2"))),
            structure.OTHER_ID,
            "Bundle.entry[2].fullUrl",
        ),
        (bundle(DOCUMENT[0]), structure.DANGLING, "Bundle.entry[0].resource.subject"),
        (
            bundle(*DOCUMENT, entry("urn:uuid:3", condition(subject={"reference": "Patient/p9"}))),
            structure.DANGLING,
            "Bundle.entry[2].resource.subject",
        ),
        (bundle(entry("urn:uuid:2", patient()), kind="batch"), structure.NO_REQUEST, "Bundle"),
    ],
)
def test_what_is_wrong_with_a_bundle_is_told(resource: Json, rule, place: str) -> None:
    resource = {name: value for name, value in resource.items() if value is not None}
    assert (rule.code, place) in places(resource)


def test_references_of_a_document_reach_entries_by_address_or_by_type_and_id() -> None:
    relative = entry("http://x/fhir/Condition/c1", condition(id="c1"))
    outside = entry("urn:uuid:4", condition(subject={"reference": "http://ailleurs/fhir/Patient/1"}))
    local = entry("urn:uuid:5", condition(subject={"reference": "#"}))
    assert found(bundle(*DOCUMENT, relative, outside, local)) == []


def test_a_collection_may_refer_to_resources_of_a_server() -> None:
    one = entry("urn:uuid:3", condition(subject={"reference": "Patient/p9"}))
    assert found(bundle(one, kind="collection")) == []


def test_contained_resources_are_there_and_used() -> None:
    organization = {"resourceType": "Organization", "id": "o", "name": "x"}
    used = patient(contained=[organization], managingOrganization={"reference": "#o"})
    assert found(used) == []
    assert places(patient(contained=[organization])) == [(structure.UNUSED.code, "Patient.contained[0]")]
    lost = patient(managingOrganization={"reference": "#o"})
    assert places(lost) == [(structure.NOT_CONTAINED.code, "Patient.managingOrganization")]
    back = {"resourceType": "Provenance", "id": "v", "target": [{"reference": "#"}]} | {
        "recorded": "2026-01-01T00:00:00Z",
        "agent": [{"who": {"display": "x"}}],
    }
    assert found(patient(contained=[back])) == []


def test_nothing_is_contained_in_what_is_contained() -> None:
    inner = {"resourceType": "Organization", "id": "o", "name": "x"}
    nested = {
        "resourceType": "Organization",
        "id": "n",
        "name": "x",
        "contained": [inner],
        "partOf": {"reference": "#o"},
    }
    told = places(patient(contained=[nested], managingOrganization={"reference": "#n"}))
    assert (structure.NESTED.code, "Patient.contained[0].contained") in told


# --- contents ---------------------------------------------------------------------------------------------------------


def coded(system: str | None, code: str = "2339-0") -> Json:
    coding = {"system": system, "code": code} if system is not None else {"code": code}
    return observation(code={"coding": [coding]})


@pytest.mark.parametrize(
    ("resource", "rule", "facts"),
    [
        (coded("2.16.840.1.113883.6.1"), contents.NOT_URI, {"expected": LOINC}),
        (coded("LOINC"), contents.NOT_URI, {"expected": LOINC}),
        (coded("codes du labo"), contents.NOT_URI, {"expected_fr": "Un URI absolu."}),
        (coded("https://www.loinc.org/"), contents.WRONG_URI, {"expected": LOINC}),
        (coded("urn:oid:2.16.840.1.113883.6.1"), contents.OID_NOT_URI, {"expected": LOINC}),
        (coded(LOINC, "2339-1"), contents.MALFORMED_CODE, {"code": "2339-1", "system": "LOINC"}),
        (coded(LOINC, "Jean Martin"), contents.MALFORMED_CODE, {"code": "…"}),
        (coded(None), contents.NO_SYSTEM, {}),
    ],
)
def test_a_coding_that_nobody_can_read_is_told(resource: Json, rule, facts: dict[str, str]) -> None:
    told = [one for one in found(resource) if one.code == rule.code]
    assert len(told) == 1
    assert facts.items() <= dict(told[0].facts).items()


@pytest.mark.parametrize("system", [LOINC, "http://exemple.fr/labo", "urn:oid:1.2.3.4", "urn:uuid:1"])
def test_a_coding_with_the_uri_of_its_system_is_right(system: str) -> None:
    assert found(coded(system)) == []


UCUM = "http://unitsofmeasure.org"


@pytest.mark.parametrize(
    ("quantity", "expected"),
    [
        ({"value": 1, "unit": "g/L", "system": UCUM, "code": "g/L"}, []),
        ({"value": 1, "unit": "%", "system": UCUM, "code": "%"}, []),
        ({"value": 1, "system": UCUM, "code": "10*3/uL"}, []),
        ({"value": 1, "system": UCUM, "code": "[pH]"}, []),
        ({"value": 1, "system": UCUM, "code": "{score}"}, []),
        ({"value": 1}, []),
        ({"value": 1, "system": UCUM, "code": "G/L"}, []),
        ({"value": 1, "system": UCUM, "code": "mmol/litre"}, [contents.NOT_UCUM.code]),
        ({"value": 1, "system": UCUM, "code": "gr é"}, [contents.NOT_UCUM.code]),
        ({"value": 1, "unit": "g/L", "code": "g/L"}, [contents.UNIT_NO_SYSTEM.code]),
        ({"value": 1, "unit": "g/L"}, [contents.UNIT_NOT_CODED.code]),
    ],
)
def test_units_are_of_ucum(quantity: Json, expected: list[str]) -> None:
    resource = observation(valueString=None, valueQuantity=quantity)
    assert [one.code for one in found(resource)] == expected


@pytest.mark.parametrize(
    ("resource", "rule", "place"),
    [
        (patient(birthDate="2027-01-01"), contents.IN_FUTURE, "Patient.birthDate"),
        (observation(effectiveDateTime="2026-06-01"), contents.IN_FUTURE, "Observation.effectiveDateTime"),
        (patient(birthDate="1980-05-01", deceasedDateTime="1970"), contents.BEFORE_BIRTH, "Patient.deceasedDateTime"),
        (
            patient(address=[{"period": {"start": "2020-03-01", "end": "2020-02"}}]),
            contents.ENDS_FIRST,
            "Patient.address[0].period",
        ),
        (
            observation(
                valueString=None, valuePeriod={"start": "2020-01-01T10:00:00Z", "end": "2020-01-01T10:30:00+01:00"}
            ),
            contents.ENDS_FIRST,
            "Observation.valuePeriod",
        ),
    ],
)
def test_dates_that_cannot_be_are_told(resource: Json, rule, place: str) -> None:
    assert places(resource) == [(rule.code, place)]


def test_dates_that_can_be_are_not() -> None:
    period = {"start": "2020-02-01", "end": "2020-02"}
    assert found(patient(birthDate="2026-05-02", deceasedDateTime="2026", address=[{"period": period}])) == []
    assert found(observation(status="preliminary", effectiveDateTime="2026-06-01")) == []


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("2020-01-01T10:00:00Z", "2020-01-01T10:30:00+01:00", False),
        ("2020-01-01T09:00:00Z", "2020-01-01T10:30:00+01:00", True),
        ("2020-01-01T09:00:00", "2020-01-01T10:00:00Z", False),
        ("2020-13-01T09:00:00Z", "2020-14-01T09:00:00Z", True),
        ("2020", "2020-05-01", False),
        ("2019-12", "2020", True),
        ("", "2020", False),
    ],
)
def test_dates_are_compared_at_the_precision_of_both(left: str, right: str, expected: bool) -> None:
    assert is_before(left, right) is expected


@pytest.mark.parametrize(
    ("when", "expected"),
    [("1970-01-01", [contents.BEFORE_BIRTH.code]), ("1980-01-01", []), ("2000", []), ("1979-06-01", [])],
)
def test_facts_lie_after_the_birth_of_their_patient(when: str, expected: list[str]) -> None:
    fact = condition(subject={"reference": "urn:uuid:2"}, onsetDateTime=when)
    held = bundle(DOCUMENT[0], entry("urn:uuid:2", patient(birthDate="1980-05-01")), entry("urn:uuid:3", fact))
    assert [one.code for one in found(held)] == expected


def test_a_patient_met_under_two_birth_dates_proves_nothing() -> None:
    fact = condition(onsetDateTime="1970")
    two = [entry(f"urn:uuid:{n}", patient(birthDate=f"198{n}-05-01")) for n in (1, 2)]
    assert found(bundle(*two, entry("urn:uuid:3", fact), kind="collection")) == []


XHTML = 'xmlns="http://www.w3.org/1999/xhtml"'


@pytest.mark.parametrize(
    ("div", "expected"),
    [
        (f"<div {XHTML}>Un texte&nbsp;simple <b>gras</b></div>", []),
        (f'<div {XHTML}><img src="#a" alt="x"/></div>', []),
        (f"<div {XHTML}> <p></p></div>", [contents.EMPTY_NARRATIVE.code]),
        (f"<div {XHTML}>x<script>y</script></div>", [contents.ACTIVE_NARRATIVE.code]),
        (f'<div {XHTML}><p onclick="x()">x</p></div>', [contents.ACTIVE_NARRATIVE.code]),
        (f"<div {XHTML}><a href='javascript:x'>x</a></div>", [contents.ACTIVE_NARRATIVE.code]),
        (f"<div {XHTML}>x<br></div>", [structure.MALFORMED.code]),
        ("<div>x</div>", [structure.MALFORMED.code]),
    ],
)
def test_narratives_are_plain_xhtml_that_says_something(div: str, expected: list[str]) -> None:
    assert [one.code for one in found(patient(text={"status": "generated", "div": div}))] == expected


IN_ERROR = {"coding": [{"system": CLINICAL.replace("clinical", "ver-status"), "code": "entered-in-error"}]}
ALLERGY = {"resourceType": "AllergyIntolerance", "patient": {"reference": "Patient/p1"}}


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        (condition(verificationStatus=IN_ERROR), [contents.STATUS_IN_ERROR.code]),
        (ALLERGY, [contents.NO_CLINICAL_STATUS.code]),
        (observation(dataAbsentReason={"text": "x"}), [contents.ABSENT_AND_THERE.code]),
        (observation(valueString=None), [contents.SAYS_NOTHING.code]),
        (observation(valueString=None, status="registered"), []),
        (observation(valueString=None, note=[{"text": "x"}]), []),
        (composition(subject={"reference": "Patient/p1"}, section=[{"title": "x"}]), [contents.EMPTY_SECTION.code]),
        (
            composition(subject={"reference": "Patient/p1"}, section=[{"title": "x", "emptyReason": {"text": "x"}}]),
            [],
        ),
        (patient(photo=[{"data": "AAAA"}]), [contents.NO_CONTENT_TYPE.code]),
        (patient(photo=[{"data": "AAAA", "contentType": "image/png"}]), []),
    ],
)
def test_what_goes_together_is_told(resource: Json, expected: list[str]) -> None:
    assert [one.code for one in found(resource)] == expected


# --- French identifiers and FR Core -----------------------------------------------------------------------------------

CORE = "https://hl7.fr/ig/fhir/core/"
V2_0203 = f"{CORE}CodeSystem/fr-core-cs-v2-0203"
NIR = "urn:oid:1.2.250.1.213.1.4.8"


def identifier(system: str, value: str, kind: str = "", use: str = "official") -> Json:
    made: Json = {"use": use, "system": system, "value": value}
    return made | ({"type": {"coding": [{"system": V2_0203, "code": kind}]}} if kind else {})


INS = identifier(NIR, "255081416802538", "INS-NIR")


@pytest.mark.parametrize(
    ("one", "rule", "facts"),
    [
        (identifier(NIR, "255081416802539", "INS-NIR"), french.WRONG_INS, {"reason": "wrong key"}),
        (identifier(NIR, "2550814168025", "INS-NIR"), french.WRONG_INS, {"reason_fr": "pas de clé"}),
        (identifier(NIR, "Jean", "INS-NIR"), french.WRONG_INS, {"reason_fr": "forme incorrecte"}),
        (identifier(NIR, "255081416802538"), french.INS_TYPE, {"expected": "INS-NIR"}),
        (identifier(f"{NIR[:-1]}10", "255081416802538", "INS-NIR"), french.INS_TYPE, {"expected": "INS-NIR-TEST"}),
        (INS | {"use": "usual"}, french.INS_USE, {"use": "usual"}),
        (identifier("urn:oid:1.2.250.1.213.1.4.2", "1"), french.INS_C, {}),
    ],
)
def test_an_ins_has_its_key_its_type_and_its_use(one: Json, rule, facts: dict[str, str]) -> None:
    (told,) = found(patient(identifier=[one]))
    assert told.code == rule.code
    assert facts.items() <= dict(told.facts).items()
    assert "2550814" not in str(told)


def test_a_right_ins_and_a_social_security_number_have_no_finding() -> None:
    number = identifier(NIR, "255081416802538", "NH", use="usual")
    assert found(patient(identifier=[INS, number])) == []


@pytest.mark.parametrize(
    ("kind", "one", "expected"),
    [
        ("Practitioner", identifier("https://rpps.esante.gouv.fr", "10000000009", "RPPS"), []),
        ("Practitioner", identifier("https://rpps.esante.gouv.fr", "10000000001", "RPPS"), [french.WRONG_PROFESSIONAL]),
        ("Practitioner", identifier("https://rpps.esante.gouv.fr", "10000000009"), [french.IDENTIFIER_TYPE]),
        ("Practitioner", identifier("urn:oid:1.2.250.1.71.4.2.1", "810000000009", "IDNPS"), []),
        ("Practitioner", identifier("urn:oid:1.2.250.1.71.4.2.1", "399999", "IDNPS"), []),
        ("Organization", identifier("https://finess.esante.gouv.fr", "750000002"), []),
        ("Organization", identifier("https://finess.esante.gouv.fr", "750000001"), [french.WRONG_STRUCTURE]),
        ("Organization", identifier("urn:oid:1.2.250.1.71.4.2.2", "1750000002", "IDNST"), []),
        ("Organization", identifier("https://sirene.fr", "732829320", "SIREN"), []),
        ("Organization", identifier("https://sirene.fr", "35600000000048", "SIRET"), []),
        ("Organization", identifier("https://sirene.fr", "732829321", "SIREN"), [french.WRONG_STRUCTURE]),
        ("Organization", identifier("https://sirene.fr", "7328", "SIREN"), [french.WRONG_STRUCTURE]),
    ],
)
def test_national_identifiers_have_their_key_and_their_type(kind: str, one: Json, expected: list) -> None:
    resource = {"resourceType": kind, "identifier": [one], "name": [{"family": "X"}] if kind == "Practitioner" else "X"}
    assert [told.code for told in found(resource)] == [rule.code for rule in expected]


def reliable(status: str) -> Json:
    inner = {"url": "identityStatus", "valueCoding": {"system": f"{CORE}CodeSystem/fr-core-cs-v2-0445", "code": status}}
    return {"url": f"{CORE}StructureDefinition/fr-core-identity-reliability", "extension": [inner]}


@pytest.mark.parametrize(
    ("status", "identifiers", "expected"),
    [
        ("VALI", [INS], []),
        ("VALI", [], [french.VALID_NO_INS.code]),
        ("PROV", [], []),
        ("VALI", [INS, identifier("http://h/ipp", "1")], [french.SEVERAL_OFFICIAL.code]),
        ("VALI", [INS, identifier("http://h/ipp", "1", use="usual")], []),
    ],
)
def test_a_qualified_identity_has_one_official_identifier_its_ins(
    status: str, identifiers: list[Json], expected: list[str]
) -> None:
    more = {"identifier": identifiers} if identifiers else {}
    assert [one.code for one in found(patient(extension=[reliable(status)], **more))] == expected


def test_an_official_name_has_both_names() -> None:
    (one,) = found(patient(name=[{"use": "official", "family": "NOM"}]))
    assert (one.code, dict(one.facts)) == (french.OFFICIAL_NAME.code, {"element": "given"})


@pytest.mark.parametrize(("code", "expected"), [("75056", []), ("2A004", []), ("PARIS", [french.BAD_COMMUNE.code])])
def test_a_commune_has_the_form_of_insee(code: str, expected: list[str]) -> None:
    said = {
        "url": f"{CORE}StructureDefinition/fr-core-address-insee-code",
        "valueCoding": {
            "system": "https://mos.esante.gouv.fr/NOS/TRE_R13-CommuneOM/FHIR/TRE-R13-CommuneOM",
            "code": code,
        },
    }
    assert [one.code for one in found(patient(address=[{"extension": [said]}]))] == expected


def profiled(resource: Json, *names: str) -> Json:
    return resource | {"meta": {"profile": [f"{CORE}StructureDefinition/{name}" for name in names]}}


def lacking(resource: Json) -> list[str]:
    return [one.facts["element"] for one in found(resource) if one.code == french.PROFILE_LACKS.code]


def test_an_encounter_has_what_its_profile_asks() -> None:
    encounter = {
        "resourceType": "Encounter",
        "status": "finished",
        "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "IMP"},
    }
    bare = profiled(encounter | {"identifier": [{"value": "1"}]}, "fr-core-encounter")
    assert lacking(bare) == ["identifier.type", "identifier.system", "period"]
    assert found(encounter) == []


def test_a_patient_of_the_ins_profile_has_its_traits() -> None:
    told = lacking(profiled(patient(), "fr-core-patient", "fr-core-patient-ins"))
    birth_place = "extension (patient-birthPlace, fr-core-address-insee-code)"
    assert told == ["identifier", "gender", "birthDate", birth_place, "name (official)"]


def test_an_official_name_of_the_ins_profile_has_one_given_name_and_the_list() -> None:
    name = {"use": "official", "family": "NOM", "given": ["A", "B"]}
    told = found(profiled(patient(name=[name], gender="other"), "fr-core-patient-ins"))
    assert "extension (fr-core-patient-birth-list-given-name)" in [one.facts.get("element") for one in told]
    assert (french.PROFILE_ONE.code, "Patient.name[0].given") in [(one.code, one.path) for one in told]
    assert (french.PROFILE_CODE.code, "other") in [(one.code, one.facts.get("code")) for one in told]


def test_one_lack_of_two_profiles_is_told_once() -> None:
    resource = profiled(patient(telecom=[{"system": "phone"}]), "fr-core-patient", "fr-core-patient-ins")
    assert lacking(resource).count("telecom.value") == 1


def test_more_than_the_profile_allows_is_told() -> None:
    resource = profiled(patient(name=[{"family": "X", "prefix": ["M", "DR"]}]), "fr-core-patient")
    assert places(resource) == [(french.PROFILE_ONE.code, "Patient.name[0].prefix")]


def test_a_vital_sign_has_its_date_and_its_category() -> None:
    assert lacking(profiled(observation(), "fr-core-observation-bmi")) == ["category", "subject", "effective[x]"]


@pytest.mark.parametrize(
    ("profile", "expected"),
    [
        (f"{CORE}StructureDefinition/fr-core-patient|2.2.0", []),
        (f"{CORE}StructureDefinition/fr-core-dossier", [french.UNKNOWN_PROFILE.code]),
        ("http://interopsante.org/fhir/StructureDefinition/FrPatient", [french.UNKNOWN_PROFILE.code]),
        ("http://hl7.org/fhir/StructureDefinition/Patient", []),
    ],
)
def test_a_french_profile_that_is_not_published_is_told(profile: str, expected: list[str]) -> None:
    assert [one.code for one in found(patient(meta={"profile": [profile]}))] == expected


# --- files ------------------------------------------------------------------------------------------------------------


def test_findings_have_the_line_of_their_place_in_json() -> None:
    data = (
        b'{"resourceType": "Patient",\n "gender": "homme",\n "name": [{"family": "a"},\n  {"use": "x", "family": "b"}]}'
    )
    told = check(data, "a.json", DAY).findings
    assert [(one.path, one.line) for one in told] == [("Patient.gender", 2), ("Patient.name[1].use", 4)]


def test_xml_is_checked_as_json_is() -> None:
    data = (
        b'<Patient xmlns="http://hl7.org/fhir">\n<id value="p"/>\n<contained><Organization><id value="o"/>'
        b'<couleur value="x"/></Organization></contained>\n<active value="true"/>'
        b'<name><family value="X"/><given value="Y"/></name>\n'
        b'<gender value="homme"/><birthDate value="1980"/><multipleBirthInteger value="2"/>'
        b'<managingOrganization><reference value="#o"/></managingOrganization></Patient>'
    )
    told = check(data, "a.xml", DAY).findings
    assert [(one.code, one.path, one.line) for one in told] == [
        (structure.NOT_IN_LIST.code, "Patient.gender", 5),
        (structure.UNKNOWN_ELEMENT.code, "Patient.contained[0]", 3),
    ]


def test_a_list_of_resources_is_checked_one_by_one() -> None:
    assert places([patient(), patient(gender="x")]) == [(structure.NOT_IN_LIST.code, "Patient[1].gender")]  # type: ignore[arg-type]


def test_lines_of_resources_are_told_by_their_number() -> None:
    good, bad = json.dumps(patient()).encode(), json.dumps(patient(gender="x")).encode()
    told = list(check_lines(b"\n".join([good, b"", b"{", b"[1]", bad]), DAY, 10))
    assert [(one.code, one.line) for one in told] == [(structure.NOT_IN_LIST.code, 14)]


@pytest.mark.parametrize("data", [b"", b"{", b'<Patient xmlns="http://hl7.org/fhir">', b"[" * 100_000])
def test_what_cannot_be_read_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableInput):
        check(data, "a.json", DAY)


@pytest.mark.parametrize(
    "resource",
    [
        {"resourceType": "Bundle", "entry": "x", "type": 3},
        {"resourceType": "Bundle", "type": "document", "entry": [None, 3, {"resource": []}]},
        {"resourceType": "Patient", "identifier": {"system": 3}, "meta": "x", "name": "x", "contained": [3, None]},
        {"resourceType": "Observation", "status": None, "code": [], "effectiveDateTime": {"a": 1}},
        {"resourceType": 3},
        {"a": {"b": []}},
    ],
)
def test_odd_shapes_are_findings_and_no_crash(resource: Json) -> None:
    assert found(resource)


def test_what_is_nested_out_of_reason_is_looked_at_to_a_bound() -> None:
    value: Json = {"url": "u"}
    for _ in range(100):
        value = {"url": "u", "extension": [value]}
    assert len(elements({"resourceType": "Patient", "extension": [value]}, "Patient")) == MAX_DEPTH + 1
    held = patient()
    for _ in range(100):
        held = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": held}]}
    assert len(list(resources_in(held))) == MAX_DEPTH + 2


def test_without_the_models_our_own_checks_remain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_r4, "is_at_hand", lambda: False)
    assert places(patient(couleur=1, gender="x")) == [(structure.NOT_IN_LIST.code, "Patient.gender")]
    data = b'<Patient xmlns="http://hl7.org/fhir"><gender value="x"/></Patient>'
    assert len(check(data, "a.xml", DAY).findings) == 1
    skipped = [(run.state, run.reason) for run in layer_runs()]
    assert skipped == [("run", ""), ("skipped", "no-fhir-resources")]


def test_with_the_models_both_layers_are_run() -> None:
    assert [run.state for run in layer_runs()] == ["run", "run"]


def test_the_examples_of_fr_core_have_the_defects_known_of_them(shared: Path) -> None:
    told = {
        (path.name.split("-")[0], one.code)
        for path in sorted((shared / "spec" / "fr-core").glob("*Example*.json"))
        for one in check(path.read_bytes(), path.name, DAY).findings
    }
    assert told == {
        ("Patient", french.WRONG_INS.code),
        ("Practitioner", french.WRONG_PROFESSIONAL.code),
        ("PractitionerRole", french.WRONG_PROFESSIONAL.code),
        ("PractitionerRole", french.IDENTIFIER_TYPE.code),
    }


def test_every_rule_has_its_words_and_its_own_code() -> None:
    assert len({rule.code for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert all("{" not in text for text in rule.title)
        for english, french_text in (rule.title, rule.found, rule.expected, rule.fix, rule.why):
            assert english.strip()
            assert french_text.strip()
