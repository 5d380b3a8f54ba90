"""The form of HL7 v2 messages."""

from pathlib import Path

import pytest

from semantix.validation._findings import Finding
from semantix.validation.form import Hl7Form
from semantix.validation.form import words_lines as rules
from semantix.validation.form.hl7 import MOST

MSH = (
    "MSH|^~\\&|LABO|SITE|DPI|SITE|20240102030405||{kind}|{number}|P|2.5^FRA^2.11|||||FRA|UNICODE UTF-8|||"
    "2.11^IHE_FRANCE-2.11-PAM"
)
EVN = "EVN||20240102030405"
PID = "PID|1||12^^^SITE&1.2.3&ISO^PI||NOM^PRENOM"
PV1 = "PV1|1|I"
ZBE = "ZBE|1^SITE|20240102||INSERT|N"
OBR = "OBR|1|||GLU^Glucose^L"
OBX = "OBX|1|NM|GLU^Glucose^L||1.2|g/L|||||F"


def msh(kind: str = "ORU^R01^ORU_R01", number: str = "1") -> str:
    return MSH.format(kind=kind, number=number)


def found(*segments: str, line: int = 1) -> list[Finding]:
    return list(Hl7Form().check("\r".join(segments).encode() + b"\r", line))


def codes(*segments: str) -> list[str]:
    return [one.code for one in found(*segments)]


ORU = (msh(), PID, OBR, OBX)
ADT = (msh("ADT^A01^ADT_A01"), EVN, PID, PV1, ZBE)


@pytest.mark.parametrize("segments", [ORU, ADT, (msh("ACK^R01"), "MSA|AA|1"), (msh("ACK"), "MSA|AA|1")])
def test_a_right_message_has_no_finding(segments: tuple[str, ...]) -> None:
    assert codes(*segments) == []


@pytest.mark.parametrize(
    ("field", "value"), [(7, ""), (7, "2 janvier"), (9, ""), (9, "ORU"), (10, ""), (11, ""), (12, "")]
)
def test_a_field_that_the_header_lacks_is_told(field: int, value: str) -> None:
    fields = msh().split("|")
    fields[field - 1] = value
    told = [one for one in found("|".join(fields), *ORU[1:]) if one.code == rules.HEADER_LACKS.code]
    assert [(one.path, one.line, one.facts["field"]) for one in told] == [(f"MSH-{field}", 1, f"MSH-{field}")]
    for text in (*rules.HEADER_LACKS.title, *rules.HEADER_LACKS.found, *rules.HEADER_LACKS.fix):
        assert text.format_map(told[0].facts)


@pytest.mark.parametrize(("version", "shown"), [("2.3.1", "2.3.1"), ("DUPONT", "?")])
def test_another_version_is_information(version: str, shown: str) -> None:
    (one,) = found(msh().replace("2.5^FRA^2.11", version), *ORU[1:])
    assert (one.code, one.facts["version"]) == (rules.OTHER_VERSION.code, shown)


def test_other_separators_are_information() -> None:
    segments = [one.replace("|", "#") for one in ORU]
    assert codes(*segments) == [rules.OTHER_MARKS.code]


def test_accents_without_a_character_set_are_told() -> None:
    header = msh().replace("UNICODE UTF-8", "")
    assert codes(header, PID.replace("NOM", "NOÉMIE"), OBR, OBX) == [rules.NO_CHARSET.code]
    assert codes(header, PID, OBR, OBX) == []


def test_a_number_met_twice_is_told_even_in_another_cut() -> None:
    form, data = Hl7Form(), "\r".join(ORU).encode() + b"\r"
    assert list(form.check(data)) == []
    assert [(one.code, one.line) for one in form.check(data, 5)] == [(rules.SAME_NUMBER.code, 5)]


@pytest.mark.parametrize(
    ("segments", "segment"),
    [
        ((ORU[0], OBR, OBX), "PID"),
        ((ORU[0], PID, OBX), "OBR"),
        ((ADT[0], PID, PV1, ZBE), "EVN"),
        ((ADT[0], EVN, PID, ZBE), "PV1"),
    ],
)
def test_a_segment_that_the_message_lacks_is_told(segments: tuple[str, ...], segment: str) -> None:
    (one,) = found(*segments)
    assert (one.code, one.path, one.facts["segment"]) == (rules.NO_SEGMENT.code, segment, segment)


def test_a_message_about_a_person_alone_needs_no_visit() -> None:
    assert codes(msh("ADT^A28^ADT_A05"), EVN, PID) == []


def test_a_movement_of_the_french_profile_has_its_zbe() -> None:
    assert codes(*ADT[:4]) == [rules.NO_MOVEMENT.code]
    assert codes(ADT[0].replace("2.5^FRA^2.11", "2.5"), *ADT[1:4]) == []


@pytest.mark.parametrize(
    ("segments", "place"),
    [
        ((ORU[0], "PID|1||||NOM^PRENOM", OBR, OBX), "PID-3"),
        ((ORU[0], "PID|1||12^^^SITE^PI", OBR, OBX), "PID-5"),
        ((ADT[0], EVN, PID, "PV1|1", ZBE), "PV1-2"),
        ((ORU[0], PID, "OBR|1", OBX), "OBR-4"),
        ((ORU[0], PID, OBR, OBX, "OBX|2||GLU^Glucose||1.2|g/L|||||F"), "OBX[2]-2"),
        ((ORU[0], PID, OBR, "OBX|1|NM|GLU^Glucose||1.2|g/L"), "OBX-11"),
    ],
)
def test_a_required_field_that_is_empty_is_told(segments: tuple[str, ...], place: str) -> None:
    (one,) = found(*segments)
    assert (one.code, one.path) == (rules.FIELD_LACKS.code, place)


def test_an_order_with_a_label_only_is_an_order() -> None:
    assert codes(ORU[0], PID, "OBR|1|||^Glucose", OBX) == []


def test_a_patient_number_without_its_issuer_is_told() -> None:
    (one,) = found(ORU[0], "PID|1||12^^^^PI||NOM", OBR, OBX)
    assert (one.code, one.line) == (rules.NO_AUTHORITY.code, 2)


@pytest.mark.parametrize(("announced", "expected"), [("2", [rules.BATCH_COUNT.code]), ("1", []), ("", []), ("x", [])])
def test_a_batch_that_announces_another_number_is_told(announced: str, expected: list[str]) -> None:
    assert codes("BHS|^~\\&|LABO", *ORU, f"BTS|{announced}") == expected


def test_the_end_of_no_batch_is_left_alone() -> None:
    assert codes(*ORU, "BTS|4") == []


def test_line_feeds_are_information_once_a_file() -> None:
    form, data = Hl7Form(), "\n".join(ORU).encode()
    assert [one.code for one in form.check(data)] == [rules.LINE_FEEDS.code]
    assert rules.LINE_FEEDS.code not in [one.code for one in form.check(data)]


def test_a_defect_of_every_message_is_told_a_bounded_number_of_times() -> None:
    messages = [part for n in range(MOST + 20) for part in (msh(number=str(n)), PID, "OBR|1", OBX)]
    assert len(found(*messages)) == MOST


def test_what_is_no_message_is_left_to_its_reader() -> None:
    assert codes("bonjour", "MSH|||x") == []


def test_published_messages_have_line_feeds_only(shared: Path) -> None:
    for path in sorted((shared / "corpus" / "hl7v2").rglob("*.*")):
        assert {one.code for one in Hl7Form().check(path.read_bytes())} <= {rules.LINE_FEEDS.code}, path.name


def test_a_kind_of_event_that_may_be_a_value_is_not_told() -> None:
    data = b"MSH|^~\\&|A|B|C|D|20240101120000||ADT^A01 ZQDUPOND|1|P|2.5\rEVN||20240101120000\r"
    told = [one.facts.get("kind", "") for one in Hl7Form().check(data, 1)]
    assert "ADT^…" in told
    assert not [one for one in told if "ZQDUPOND" in one]
