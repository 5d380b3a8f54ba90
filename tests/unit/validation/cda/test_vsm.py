"""Invented medical summaries, one fault at a time."""

from datetime import date
from typing import cast

import pytest

from semantix.parsers._xml import parse_xml
from semantix.validation._cda import Cda
from semantix.validation._findings import Finding
from semantix.validation._terms import Terms
from semantix.validation.cda.vsm import RULES, check

IHE = "1.3.6.1.4.1.19376.1.5.3.1.3"
ANS = "1.2.250.1.213.1.1.2"
TEXT = "<text>Rien à signaler.</text>"
ENTRY = "<text>Un fait.</text><entry/>"
FIRST, SECOND = ' extension="201310"', ""
DOCTOR = '<participant typeCode="INF"><functionCode code="PCP" codeSystem="2.16.840.1.113883.5.88"/></participant>'
ACT = (
    '<documentationOf><serviceEvent><code code="34117-2" codeSystem="2.16.840.1.113883.6.1"/></serviceEvent>'
    "</documentationOf>"
)


def section(template: str, code: str, inside: str) -> str:
    code = f'<code code="{code}" codeSystem="2.16.840.1.113883.6.1"/>' if code else ""
    return f'<component><section><templateId root="{template}"/>{code}{inside}</section></component>'


PROBLEMS = section(f"{IHE}.6", "11450-4", ENTRY)
ALLERGIES = section(f"{IHE}.13", "48765-2", ENTRY)
DRUGS = section(f"{IHE}.19", "10160-0", ENTRY)
PATHOLOGIES = section(f"{ANS}.30", "34117-2", PROBLEMS + ALLERGIES)
RISKS = section(f"{ANS}.31", "57207-3", TEXT)
SUMMARY = section(f"{ANS}.29", "46612-8", PATHOLOGIES + RISKS)
RESULTS = section(f"{IHE}.27", "30954-2", TEXT)
TREATMENT = section(f"{ANS}.32", "18776-5", DRUGS)
BODY = SUMMARY + RESULTS + TREATMENT
CODE = '<code code="SYNTH" codeSystem="1.2.250.1.213.1.1.4.12"/>'


def found(
    body: str = BODY, *, edition: str | None = FIRST, header: str = DOCTOR + ACT, code: str = CODE
) -> list[Finding]:
    model = "" if edition is None else f'<templateId root="1.2.250.1.213.1.1.1.13"{edition}/>'
    content = f"<component><structuredBody>{body}</structuredBody></component>" if body else ""
    xml = f'<ClinicalDocument xmlns="urn:hl7-org:v3">{model}{code}{header}{content}</ClinicalDocument>'
    root = parse_xml(xml.encode(), "invented.xml")
    return list(check(Cda(root, "invented.xml", terms=cast("Terms", None), day=date(2026, 4, 1))))


def codes(body: str = BODY, *, edition: str | None = FIRST, header: str = DOCTOR + ACT, code: str = CODE) -> list[str]:
    return [one.code for one in found(body, edition=edition, header=header, code=code)]


def test_every_rule_has_its_own_code():
    assert sorted(rule.code for rule in RULES) == [f"SX-VSM-{rank:02d}" for rank in range(1, len(RULES) + 1)]


@pytest.mark.parametrize("edition", [FIRST, SECOND])
def test_a_whole_summary_is_clean(edition: str):
    assert codes(edition=edition) == []


@pytest.mark.parametrize("code", ["", '<code code="11502-2"/>'])
def test_another_document_is_no_summary(code: str):
    assert codes("", code=code, header="") == []


def test_a_summary_that_is_one_file_has_no_sections():
    assert codes("") == []


@pytest.mark.parametrize(
    ("part", "template"),
    [(SUMMARY, f"{ANS}.29"), (RESULTS, f"{IHE}.27"), (TREATMENT, f"{ANS}.32")],
)
def test_three_sections(part: str, template: str):
    [one] = found(BODY.replace(part, ""))
    assert (one.code, one.facts["template"]) == ("SX-VSM-01", template)


@pytest.mark.parametrize(("part", "template"), [(PATHOLOGIES, f"{ANS}.30"), (RISKS, f"{ANS}.31")])
def test_two_subsections(part: str, template: str):
    [one] = found(BODY.replace(part, ""))
    assert (one.code, one.facts["template"]) == ("SX-VSM-02", template)


def test_a_section_inside_another_is_not_one_of_the_body():
    hidden = SUMMARY + section(f"{IHE}.27", "30954-2", section(f"{ANS}.32", "18776-5", DRUGS))
    assert codes(hidden) == ["SX-VSM-01"]


@pytest.mark.parametrize("text", ["", "<text> </text>", "<text><paragraph/></text>"])
def test_a_section_says_something(text: str):
    assert codes(BODY.replace(RESULTS, section(f"{IHE}.27", "30954-2", text))) == ["SX-VSM-03"]


def test_an_image_says_something():
    image = "<text><renderMultiMedia referencedObject='i1'/></text>"
    assert codes(BODY.replace(RESULTS, section(f"{IHE}.27", "30954-2", image))) == []


@pytest.mark.parametrize("part", [PROBLEMS, ALLERGIES, DRUGS])
def test_a_coded_section_has_entries(part: str):
    assert codes(BODY.replace(part, part.replace("<entry/>", ""))) == ["SX-VSM-04"]


@pytest.mark.parametrize(
    ("part", "names"),
    [
        (PROBLEMS, ["Problèmes actifs"]),
        (ALLERGIES, ["Allergies et hypersensibilités"]),
        (PROBLEMS + ALLERGIES, ["Problèmes actifs", "Allergies et hypersensibilités"]),
        (DRUGS, ["Traitements"]),
    ],
)
def test_an_essential_subject_is_said_in_codes(part: str, names: list[str]):
    uncoded = found(BODY.replace(part, TEXT))
    assert [(one.code, one.facts["section"]) for one in uncoded] == [("SX-VSM-05", name) for name in names]


def test_the_first_edition_wants_the_treating_doctor_as_a_participant():
    assert codes(header=ACT) == ["SX-VSM-06"]
    author = DOCTOR.replace("participant", "author")
    assert codes(header=author + ACT) == ["SX-VSM-06"]
    assert codes(header=author + ACT, edition=SECOND) == []
    assert codes(header=DOCTOR.replace("INF", "RESP") + ACT) == ["SX-VSM-06"]


def test_the_next_edition_wants_a_treating_doctor():
    assert codes(header=ACT, edition=SECOND) == ["SX-VSM-10"]


def test_the_documented_act_is_that_of_a_summary():
    assert codes(header=DOCTOR + ACT.replace("34117-2", "34133-9")) == ["SX-VSM-07"]
    assert codes(header=DOCTOR) == ["SX-VSM-07"]


def test_a_summary_declares_its_model():
    assert codes(edition=None) == ["SX-VSM-08"]


def test_a_section_has_its_code():
    [one] = found(BODY.replace("46612-8", "46613-6"))
    assert (one.code, one.facts["code"]) == ("SX-VSM-09", "46612-8")
    assert codes(BODY.replace(RESULTS, section(f"{IHE}.27", "", TEXT))) == []  # another rule says so
