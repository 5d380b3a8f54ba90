"""Headers of invented documents, one fault at a time."""

import base64
from datetime import date
from typing import cast

import pytest

from semantix.parsers._xml import parse_xml
from semantix.validation._cda import Cda
from semantix.validation._findings import Finding
from semantix.validation._terms import Terms
from semantix.validation.cda.header import CODES, RULES, check

PARTS = {
    "realmCode": '<realmCode code="FR"/>',
    "typeId": '<typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/>',
    "templateId": (
        '<templateId root="2.16.840.1.113883.2.8.2.1"/><templateId root="1.2.250.1.213.1.1.1.1"/>'
        '<templateId root="1.2.250.1.213.1.1.1.55" extension="2024.01"/>'
    ),
    "id": '<id root="1.2.250.1.999.1.2"/>',
    "code": '<code code="11502-2" codeSystem="2.16.840.1.113883.6.1"/>',
    "title": "<title>Essai</title>",
    "effectiveTime": '<effectiveTime value="20260310101500+0100"/>',
    "confidentialityCode": '<confidentialityCode code="N" codeSystem="2.16.840.1.113883.5.25"/>',
    "languageCode": '<languageCode code="fr-FR"/>',
    "setId": '<setId root="1.2.250.1.999.1"/>',
    "versionNumber": '<versionNumber value="1"/>',
    "recordTarget": "<recordTarget/>",
    "author": (
        '<author><time value="20260310101500+0100"/><assignedAuthor><id root="1.2.250.1.71.4.2.1" extension="8"/>'
        '<code code="G15_10"/><assignedPerson/></assignedAuthor></author>'
    ),
    "custodian": (
        "<custodian><assignedCustodian><representedCustodianOrganization><id root='1.2.250.1.71.4.2.2' extension='1'/>"
        "</representedCustodianOrganization></assignedCustodian></custodian>"
    ),
    "legalAuthenticator": (
        '<legalAuthenticator><time value="20260310101500+0100"/><signatureCode code="S"/><assignedEntity>'
        '<id root="1.2.250.1.71.4.2.1" extension="8"/></assignedEntity></legalAuthenticator>'
    ),
    "documentationOf": (
        '<documentationOf><serviceEvent><effectiveTime><low value="20260310"/></effectiveTime><performer/>'
        "</serviceEvent></documentationOf>"
    ),
    "relatedDocument": "",
    "componentOf": (
        "<componentOf><encompassingEncounter><location><healthCareFacility><code code='SA01'/></healthCareFacility>"
        "</location></encompassingEncounter></componentOf>"
    ),
    "component": (
        "<component><structuredBody><component><section><code code='18719-5'/><text>Rien.</text></section></component>"
        "</structuredBody></component>"
    ),
}
LEVEL_1 = PARTS["templateId"].replace("1.2.250.1.213.1.1.1.55", "1.3.6.1.4.1.19376.1.2.20")


def found(**parts: str) -> list[Finding]:
    xml = f'<ClinicalDocument xmlns="urn:hl7-org:v3">{"".join((PARTS | parts).values())}</ClinicalDocument>'
    root = parse_xml(xml.encode(), "invented.xml")
    return list(check(Cda(root, "invented.xml", terms=cast("Terms", None), day=date(2026, 4, 1))))


def codes(**parts: str) -> list[str]:
    return [one.code for one in found(**parts)]


def test_every_rule_has_its_own_code():
    assert sorted(rule.code for rule in RULES) == [f"SX-HEAD-{rank:02d}" for rank in range(1, len(RULES) + 1)]


def test_a_whole_header_is_clean():
    assert codes() == []


@pytest.mark.parametrize(
    "name",
    [
        "typeId",
        "id",
        "code",
        "effectiveTime",
        "confidentialityCode",
        "component",
        "realmCode",
        "title",
        "languageCode",
        "setId",
        "versionNumber",
        "documentationOf",
        "componentOf",
    ],
)
def test_what_a_header_must_have(name: str):
    assert [(one.code, one.facts["element"]) for one in found(**{name: ""})] == [("SX-HEAD-01", name)]


def test_a_null_or_an_empty_element_is_missing():
    assert codes(id='<id nullFlavor="UNK"/>') == ["SX-HEAD-01"]
    assert codes(title="<title> </title>") == ["SX-HEAD-01"]
    assert codes(effectiveTime="<effectiveTime/>") == ["SX-HEAD-01"]
    assert [one.facts["element"] for one in found(custodian="<custodian/>")] == ["representedCustodianOrganization/id"]
    assert codes(confidentialityCode='<confidentialityCode nullFlavor="MSK"/>') == ["SX-HEAD-01"]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("author", "SX-HEAD-02"),
        ("legalAuthenticator", "SX-HEAD-03"),
        ("custodian", "SX-HEAD-04"),
        ("recordTarget", "SX-HEAD-05"),
    ],
)
def test_the_parties_of_a_document(name: str, code: str):
    assert codes(**{name: ""}) == [code]


def test_the_common_models_are_declared():
    [one] = found(
        templateId='<templateId root="2.16.840.1.113883.2.8.2.1"/><templateId root="1.2.250.1.213.1.1.1.55"/>'
    )
    assert (one.code, one.facts["missing"]) == ("SX-HEAD-06", "1.2.250.1.213.1.1.1.1")


def test_a_document_of_elsewhere_follows_the_base_standard_alone():
    foreign = dict.fromkeys(
        ("title", "setId", "versionNumber", "legalAuthenticator", "documentationOf", "componentOf"), ""
    )
    assert codes(realmCode='<realmCode code="US"/>', templateId="", languageCode="", **foreign) == []


def test_type_and_realm():
    assert codes(typeId='<typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000020"/>') == ["SX-HEAD-07"]
    assert codes(realmCode='<realmCode code="BE"/>') == ["SX-HEAD-08"]


def test_the_code_is_that_of_the_model():
    [one] = found(code='<code code="SYNTH" codeSystem="1.2.250.1.213.1.1.4.12"/>')
    assert (one.code, dict(one.facts)) == ("SX-HEAD-09", {"template": "1.2.250.1.213.1.1.1.55", "expected": "11502-2"})
    assert codes(code='<code code="11502-2" codeSystem="1.2.250.1.213.1.1.4.12"/>') == ["SX-HEAD-09"]
    assert codes(code='<code code="11502-2"/>') == ["SX-HEAD-01", "SX-HEAD-09"]


def test_the_first_french_patient_summary_bears_the_model_of_the_medical_summary():
    template = PARTS["templateId"].replace("1.1.55", "1.1.13")
    for code, system in (("60591-5", "2.16.840.1.113883.6.1"), ("SYNTH", "1.2.250.1.213.1.1.4.12")):
        assert "SX-HEAD-09" not in codes(templateId=template, code=f'<code code="{code}" codeSystem="{system}"/>')
    other = '<code code="34133-9" codeSystem="2.16.840.1.113883.6.1"/>'
    assert "SX-HEAD-09" in codes(templateId=template, code=other)


def test_two_codes_of_one_model():
    template = PARTS["templateId"].replace("1.1.55", "1.1.51")
    for code in ("60591-5", "74207-2"):
        assert codes(templateId=template, code=f'<code code="{code}" codeSystem="2.16.840.1.113883.6.1"/>') == []
    assert CODES["1.2.250.1.213.1.1.1.8"] == {("34794-8", "2.16.840.1.113883.6.1")}


def test_a_structured_document_has_a_model():
    common = PARTS["templateId"].partition('<templateId root="1.2.250.1.213.1.1.1.55"')[0]
    assert codes(templateId=common) == ["SX-HEAD-10"]


def body(attributes: str, content: str) -> str:
    return f"<component><nonXMLBody><text {attributes}>{content}</text></nonXMLBody></component>"


def b64(data: bytes) -> str:
    return base64.encodebytes(data).decode()


PDF = b64(b"%PDF-1.7 invented " * 20)
AS_PDF = 'mediaType="application/pdf" representation="B64"'


def test_an_embedded_body_is_declared_as_one():
    assert codes(component=body(AS_PDF, PDF)) == ["SX-HEAD-11"]
    assert codes(component=body(AS_PDF, PDF), templateId=LEVEL_1) == []


def test_a_model_declared_twice():
    [one] = found(templateId=PARTS["templateId"] + '<templateId root="2.16.840.1.113883.2.8.2.1"/>')
    assert (one.code, one.facts["template"]) == ("SX-HEAD-12", "2.16.840.1.113883.2.8.2.1")
    [one] = found(templateId=PARTS["templateId"] + '<templateId root="M. Dupont"/>' * 2)
    assert one.facts["template"] == "…"
    other_year = '<templateId root="1.2.250.1.213.1.1.1.55" extension="2023.01"/>'
    assert codes(templateId=PARTS["templateId"] + other_year) == []


@pytest.mark.parametrize("language", ["fr", "FR-fr", "fr_FR", ""])
def test_a_language(language: str):
    assert codes(languageCode=f'<languageCode code="{language}"/>') == ["SX-HEAD-13"]


@pytest.mark.parametrize("said", ['code="X" codeSystem="2.16.840.1.113883.5.25"', 'code="N"'])
def test_a_level_of_confidentiality(said: str):
    assert codes(confidentialityCode=f"<confidentialityCode {said}/>") == ["SX-HEAD-14"]


@pytest.mark.parametrize("version", ["0", "-1", "1.0", "v2", "²", "9999999999"])
def test_a_version_is_a_number(version: str):
    assert codes(versionNumber=f'<versionNumber value="{version}"/>') == ["SX-HEAD-15"]


def replaces(inside: str = '<id root="1.2.250.1.999.1.1"/>', version: int = 2) -> list[str]:
    related = f'<relatedDocument typeCode="RPLC"><parentDocument>{inside}</parentDocument></relatedDocument>'
    return codes(relatedDocument=related, versionNumber=f'<versionNumber value="{version}"/>')


def test_a_document_may_replace_another():
    assert replaces() == []
    same = '<setId root="1.2.250.1.999.1"/><versionNumber value="1"/>'
    assert replaces(f'<id root="1.2.250.1.999.1.1"/>{same}') == []
    assert codes(relatedDocument='<relatedDocument typeCode="APND"/>') == []


def test_faults_of_a_replacement():
    assert replaces("") == ["SX-HEAD-16"]
    assert codes(relatedDocument='<relatedDocument typeCode="RPLC"/>', versionNumber='<versionNumber value="2"/>') == [
        "SX-HEAD-16"
    ]
    assert replaces('<id root="1.2.250.1.999.1.2"/>') == ["SX-HEAD-17"]
    assert replaces(version=1) == ["SX-HEAD-18"]
    assert replaces('<id root="1.2.250.1.999.1.1"/><versionNumber value="2"/>') == ["SX-HEAD-19"]
    assert replaces('<id root="1.2.250.1.999.1.1"/><setId root="1.2.250.1.999.9"/>') == ["SX-HEAD-20"]


def test_a_later_version_that_replaces_nothing():
    assert codes(versionNumber='<versionNumber value="3"/>') == ["SX-HEAD-21"]


def test_an_author_is_whole():
    assert [one.facts["element"] for one in found(author="<author/>")] == ["time", "assignedAuthor/id"]
    assert codes(author=PARTS["author"].replace('<code code="G15_10"/>', "")) == ["SX-HEAD-23"]
    software = PARTS["author"].replace("<assignedPerson/>", "<assignedAuthoringDevice/>")
    assert codes(author=software.replace('<code code="G15_10"/>', "")) == []
    assert codes(author=PARTS["author"].replace('<time value="20260310101500+0100"/>', "<time/>")) == ["SX-HEAD-22"]


def test_a_signature_is_whole():
    facts = [(one.code, one.facts["element"]) for one in found(legalAuthenticator="<legalAuthenticator/>")]
    assert facts == [
        ("SX-HEAD-24", 'signatureCode[@code="S"]'),
        ("SX-HEAD-24", "time"),
        ("SX-HEAD-24", "assignedEntity/id"),
    ]
    assert codes(legalAuthenticator=PARTS["legalAuthenticator"].replace('"S"', '"X"')) == ["SX-HEAD-24"]


@pytest.mark.parametrize("name", ["recordTarget", "custodian", "legalAuthenticator", "componentOf"])
def test_what_may_stand_once(name: str):
    assert [(one.code, one.facts["count"]) for one in found(**{name: PARTS[name] * 2})] == [("SX-HEAD-25", "2")]


def test_the_main_act_is_dated_and_done_by_somebody():
    facts = [
        (one.code, one.facts["element"])
        for one in found(documentationOf="<documentationOf><serviceEvent/></documentationOf>")
    ]
    assert facts == [("SX-HEAD-26", "effectiveTime/low"), ("SX-HEAD-26", "performer")]
    assert codes(documentationOf="<documentationOf/>") == ["SX-HEAD-01"]
    assert codes(documentationOf=PARTS["documentationOf"] + "<documentationOf><serviceEvent/></documentationOf>") == []


def test_the_place_of_care_is_told():
    assert codes(componentOf="<componentOf><encompassingEncounter/></componentOf>") == ["SX-HEAD-27"]


def sections(inside: str) -> str:
    return f"<component><structuredBody>{inside}</structuredBody></component>"


def test_a_body_holds_something():
    assert codes(component=sections("")) == ["SX-HEAD-28"]
    assert codes(component=body(AS_PDF, " "), templateId=LEVEL_1) == ["SX-HEAD-28", "SX-HEAD-35"]
    assert codes(component=body('mediaType="application/pdf"', '<reference value="a.pdf"/>'), templateId=LEVEL_1) == []


def test_a_section_holds_something_and_has_a_code():
    assert codes(component=sections("<component><section><code code='1'/></section></component>")) == ["SX-HEAD-29"]
    assert codes(component=sections("<component><section><text>x</text></section></component>")) == ["SX-HEAD-30"]
    nested = "<component><section><code code='1'/><component><section><code code='2'/><entry/></section></component>"
    assert codes(component=sections(f"{nested}</section></component>")) == []


def test_the_type_of_an_embedded_body():
    assert codes(component=body('representation="B64"', PDF), templateId=LEVEL_1) == ["SX-HEAD-31"]
    assert codes(component=body('mediaType="application/pdf"', PDF), templateId=LEVEL_1) == ["SX-HEAD-32"]
    assert codes(component=body('mediaType="text/plain"', "Bonjour"), templateId=LEVEL_1) == []


@pytest.mark.parametrize(
    "content", ["JVBERi0xLjc", "JVBERi0xLjc!", "JVBERi0xLjcé===", "=JVBERi0xLj", "J===", "JVB=ERi0"]
)
def test_what_is_no_base64(content: str):
    assert codes(component=body(AS_PDF, content), templateId=LEVEL_1) == ["SX-HEAD-33"]


PNG, JPEG, ZIP = b64(b"\x89PNG\r\n\x1a\n0000"), b64(b"\xff\xd8\xff\xe0"), b64(b"PK\x03\x04 word")


@pytest.mark.parametrize(
    ("declared", "content", "is_right"),
    [
        ("application/pdf", PDF, True),
        ("application/pdf", PNG, False),
        ("application/pdf", b64(b"\n%PDF-1.7"), True),
        ("application/pdf", b64(b"Bonjour"), False),
        ("image/jpeg", PNG, False),
        ("image/jpg", JPEG, True),
        ("IMAGE/PNG; q=1", PNG, True),
        ("text/plain", PDF, False),
        ("text/plain", b64(b"Bonjour"), True),
        ("application/vnd.openxmlformats", ZIP, True),
        ("application/zip", ZIP, True),
        ("application/pdf", f"{' ' * 3000}{PDF}", True),
        ("application/pdf", f"{' ' * 3000}{PNG}", False),
        ("not a type", PDF, False),
    ],
)
def test_a_file_is_what_it_says(declared: str, content: str, is_right: bool):
    media = f'<observationMedia><value mediaType="{declared}" representation="B64">{content}</value></observationMedia>'
    section = f"<component><section><code code='1'/><entry>{media}</entry></section></component>"
    assert codes(component=sections(section)) == ([] if is_right else ["SX-HEAD-34"])


def test_an_unknown_type_is_not_shown():
    [one] = found(component=body('mediaType="M. Dupont" representation="B64"', PDF), templateId=LEVEL_1)
    assert dict(one.facts) == {"declared": "…", "found": "application/pdf"}


def test_a_compressed_file_is_left_alone():
    media = '<value mediaType="application/pdf" representation="B64" compression="DF">eJwLAA==</value>'
    section = f"<component><section><code code='1'/><entry>{media}</entry></section></component>"
    assert codes(component=sections(section)) == []


def test_an_empty_file():
    section = (
        "<component><section><code code='1'/><entry><value representation='B64' {}/></entry></section></component>"
    )
    assert codes(component=sections(section.format(""))) == ["SX-HEAD-35"]
    assert codes(component=sections(section.format("nullFlavor='MSK'"))) == []
    untyped = section.replace("/></entry>", f">{PDF}</value></entry>")
    assert codes(component=sections(untyped.format(""))) == []
