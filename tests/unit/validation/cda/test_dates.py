"""Dates of invented documents, one fault at a time."""

from datetime import date
from typing import cast

import pytest

from semantix.parsers._xml import parse_xml
from semantix.validation._cda import Cda
from semantix.validation._findings import Finding
from semantix.validation._terms import Terms
from semantix.validation.cda._moments import Moment, earlier, is_after_day, is_before, moment
from semantix.validation.cda.dates import RULES, check

DAY = date(2026, 3, 15)
PATIENT = '<birthTime value="19700102"/>'


def found(
    body: str = "",
    *,
    written: str = "20260310101500+0100",
    signed: str = "20260310102000+0100",
    patient: str = PATIENT,
    service: str = "20260310",
) -> list[Finding]:
    xml = f"""<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:sdtc="urn:hl7-org:sdtc"
      xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><effectiveTime value="{written}"/>
      <recordTarget><patientRole><patient>{patient}</patient></patientRole></recordTarget>
      <author><time value="20260310101500+0100"/></author>
      <legalAuthenticator><time value="{signed}"/></legalAuthenticator>
      <documentationOf><serviceEvent><effectiveTime><low value="{service}"/></effectiveTime></serviceEvent>
      </documentationOf>
      <component><structuredBody><component><section>{body}</section></component></structuredBody></component>
      </ClinicalDocument>"""
    root = parse_xml(xml.encode(), "invented.xml")
    return list(check(Cda(root, "invented.xml", terms=cast("Terms", None), day=DAY)))


def codes(body: str = "", **header: str) -> list[str]:
    return [one.code for one in found(body, **header)]


def act(when: str, name: str = "observation", attributes: str = 'moodCode="EVN"', inside: str = "") -> str:
    return f"<entry><{name} {attributes}>{inside}{when}</{name}></entry>"


def at(value: str) -> str:
    return f'<effectiveTime value="{value}"/>'


def span(low: str, high: str) -> str:
    return f'<effectiveTime xsi:type="IVL_TS"><low value="{low}"/><high value="{high}"/></effectiveTime>'


def test_every_rule_has_its_own_code():
    assert sorted(rule.code for rule in RULES) == [f"SX-DATE-{rank:02d}" for rank in range(1, len(RULES) + 1)]


def test_a_coherent_document_is_clean():
    assert codes(act(span("20260301", "20260310093000+0100")) + act(at("2026")) + act(at("202603"))) == []


def test_a_document_without_dates_is_clean():
    root = parse_xml(b'<ClinicalDocument xmlns="urn:hl7-org:v3"/>', "x")
    assert list(check(Cda(root, "x", terms=cast("Terms", None), day=DAY))) == []


@pytest.mark.parametrize("text", ["12/03/2026", "20263", "mars", "2026031", "202603121"])
def test_a_text_that_is_no_date(text: str):
    assert codes(act(at(text))) == ["SX-DATE-01"]


@pytest.mark.parametrize("text", ["20260230", "20260001", "202613", "20260310250000+0100", "202603101260+0100", "0000"])
def test_a_day_that_does_not_exist(text: str):
    assert codes(act(at(text))) == ["SX-DATE-02"]


@pytest.mark.parametrize("text", ["20260310101500+100", "20260310101500+1", "20260310101500+0199", "2026-03-12"])
def test_a_zone_that_is_none(text: str):
    assert codes(act(at(text))) == ["SX-DATE-03"]


def test_a_finding_never_holds_a_date():
    for one in found(act(at("20991224"))) + found(patient='<birthTime value="18000101"/>'):
        assert not any(char.isdigit() for key, value in one.facts.items() if key == "element" for char in value)
        assert set(one.facts) <= {"element", "count", "years"}


def test_times_without_zone_are_counted_once():
    [one] = found(act(at("202603101015")) + act(at("20260310101500")))
    assert (one.code, dict(one.facts)) == ("SX-DATE-04", {"count": "2"})


@pytest.mark.parametrize(
    ("low", "high", "is_wrong"),
    [
        ("20260302", "20260301", True),
        ("202602", "20260131", True),
        ("20260301100000+0100", "20260301093000+0100", True),
        ("20260301100000+0100", "20260301083000+0000", True),
        ("20260301", "20260301", False),
        ("202603", "20260301", False),
        ("20260301", "2026", False),
        ("20260301100000+0100", "20260301093000+0000", False),
        ("20260301100000+0100", "20260301", False),
    ],
)
def test_an_interval_ends_after_it_begins(low: str, high: str, is_wrong: bool):
    assert codes(act(span(low, high))) == (["SX-DATE-05"] if is_wrong else [])


def test_an_interval_may_be_a_value_a_component_or_of_a_drug():
    value = '<value xsi:type="IVL_TS"><low value="20260302"/><high value="20260301"/></value>'
    assert codes(act(value)) == ["SX-DATE-05"]
    assert codes(act(value.replace("IVL_TS", "IVL_PQ"))) == []
    comp = (
        '<effectiveTime xsi:type="SXPR_TS"><comp><low value="20260302"/><high value="20260301"/></comp></effectiveTime>'
    )
    assert codes(act(comp, "substanceAdministration")) == ["SX-DATE-05"]


def test_amounts_of_time_are_no_dates():
    assert codes(act('<effectiveTime><period value="8" unit="h"/></effectiveTime>')) == []
    assert codes(act('<effectiveTime><low value="3" unit="d"/></effectiveTime><time value="3" unit="h"/>')) == []


@pytest.mark.parametrize("text", ["19000101", "19000101000000", "99991231", "00010101", "11111111"])
def test_a_filler_is_no_date(text: str):
    assert "SX-DATE-06" in codes(patient=f'<birthTime value="{text}"/>')
    assert "SX-DATE-10" not in codes(patient=f'<birthTime value="{text}"/>')


def test_a_document_of_the_future():
    [one] = [one for one in found(written="20260320101500+0100") if one.code == "SX-DATE-07"]
    assert one.facts["element"] == "ClinicalDocument/effectiveTime"
    assert codes(written="20260316") == []  # elsewhere in the world it is tomorrow
    assert codes(patient=f'{PATIENT}<sdtc:deceasedTime value="20270101"/>') == ["SX-DATE-07"]


def test_a_document_before_the_birth():
    found_codes = codes(patient='<birthTime value="20260312"/>')
    assert found_codes == ["SX-DATE-08"] * 3
    assert codes(patient='<birthTime value="20260310"/>') == []


def test_a_death_before_the_birth():
    assert codes(patient=f'{PATIENT}<sdtc:deceasedTime value="19690102"/>') == ["SX-DATE-08"]


def test_a_signature_before_the_author():
    assert codes(signed="20260310091500+0100") == ["SX-DATE-09"]
    assert codes(signed="20260309") == ["SX-DATE-09"]
    assert codes(signed="20260310") == []
    assert codes(signed="20260310092000+0000") == []


def test_an_age_that_nobody_reaches():
    assert codes(patient='<birthTime value="18900101"/>') == ["SX-DATE-10"]
    assert codes(patient='<birthTime value="19050601"/>') == []


def test_an_act_after_its_document():
    assert codes(service="20260312") == ["SX-DATE-11"]
    assert codes(service="20260310235900+0100") == []


def test_a_past_event_in_the_future():
    [one] = found(act(at("20991224")) * 2)
    assert (one.code, dict(one.facts)) == ("SX-DATE-12", {"count": "2", "element": "observation/effectiveTime"})


@pytest.mark.parametrize(
    "planned",
    [
        act(at("20991224"), "procedure", 'moodCode="INT"'),
        act(at("20991224"), "procedure", 'moodCode="EVN" negationInd="true"'),
        act(at("20991224"), "procedure", inside='<statusCode code="cancelled"/>'),
        act(at("20991224"), inside="<subject/>"),
        act(at("20991224"), "substanceAdministration"),
        act(act(at("20991224")), "act", 'moodCode="PRMS"'),
        act(at("20991224"), "supply"),
        act(span("20260301", "20991224")),
        act('<effectiveTime nullFlavor="UNK"/>'),
    ],
)
def test_what_is_planned_may_lie_ahead(planned: str):
    assert codes(planned) == []


def test_a_vaccine_given_in_the_future():
    template = '<templateId root="1.3.6.1.4.1.19376.1.5.3.1.4.12"/>'
    assert codes(act(at("20991224"), "substanceAdministration", inside=template)) == ["SX-DATE-12"]


def test_an_event_after_its_document():
    assert codes(act(at("20260312"), inside='<statusCode code="completed"/>')) == ["SX-DATE-13"]
    assert codes(act(at("20260310235900+0100"))) == []
    assert codes(act(at("202603"))) == []
    assert codes(act(at("20260312")), written="") == ["SX-DATE-01"]


def test_an_event_before_the_birth():
    assert codes(act(at("19660102"))) == ["SX-DATE-14"]
    assert codes(act(at("1969"))) == []  # a pregnancy
    assert codes(act(at("19660102"), inside="<subject/>")) == []
    assert codes(act(at("1965")), patient='<birthTime value="1970"/>') == ["SX-DATE-14"]


def test_a_drug_after_death():
    dead = f'{PATIENT}<sdtc:deceasedTime value="20260301"/>'
    assert codes(act(at("20260305"), "substanceAdministration"), patient=dead) == ["SX-DATE-15"]
    assert codes(act(at("20260305")), patient=dead) == []  # an autopsy
    assert codes(act(at("20260301"), "encounter"), patient=dead) == []


def test_times_are_compared_at_their_own_precision():
    assert not is_before(moment("2025"), moment("20251231"))
    assert is_before(moment("2024"), moment("20250101"))
    assert not is_before(moment("20260310101500"), moment("20260310103000+0100"))
    assert is_before(moment("2026031010+0100"), moment("20260310103000+0000"))
    assert not is_before(moment("x"), moment("2025"))


def test_zones_of_a_time():
    assert [moment(text).offset for text in ("202603101015Z", "202603101015-0430", "20260310+0100", "20260310Z")] == [
        0,
        -270,
        None,
        None,
    ]


def test_a_day_is_after_another_in_all_zones():
    assert [is_after_day(moment(text), DAY) for text in ("2027", "202604", "20260317", "20260316", "2026", "x")] == [
        True,
        True,
        True,
        False,
        False,
        False,
    ]


def test_a_day_before_the_calendar_is_its_first():
    assert earlier(Moment("0001"), 10).digits == "00010101"
