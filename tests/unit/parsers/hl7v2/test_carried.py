from base64 import b64encode

import pytest

from semantix.emitters import fhir, omop
from semantix.parsers.hl7v2.embedded import carried
from semantix.parsers.hl7v2.message import Segment, delimiters, split

MARKS = delimiters("MSH|^~\\&|X|", "utf-8")
CDA = """<?xml version="1.0" encoding="ISO-8859-1"?>
<ClinicalDocument xmlns="urn:hl7-org:v3"><typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/>
<id root="1.2.250.9.1" extension="{number}"/>
<code code="11502-2" codeSystem="2.16.840.1.113883.6.1" displayName="CR d'examens"/><title>Bilan d'été</title>
<effectiveTime value="20240312"/>
<recordTarget><patientRole><id root="1.2.250.9.2" extension="P-12"/><patient>
<name><family qualifier="BR">LEMOINE</family></name><birthTime value="{birth}"/></patient></patientRole></recordTarget>
<component><structuredBody><component><section><title>Rien</title></section></component></structuredBody></component>
</ClinicalDocument>"""
ORC = "ORC|{order}|D-1^CABINET|R-9^LABO"
OBR = "OBR|1|D-1^CABINET|R-9^LABO|11502-2^CR d'examens biologiques^LN"
WISH = "OBX|2|CE|{name}^Vœu^MetaDMPMSS||{answer}^^expandedYes-NoIndicator||||||F"


def packed(text):
    return b64encode(text.encode("latin-1")).decode()


def cda(number="7", birth="19800104"):
    return CDA.format(number=number, birth=birth)


def ed(content, *, number=1, status="F", encoding="Base64"):
    return f"OBX|{number}|ED|11502-2^CR d'examens biologiques^LN||^TEXT^XML^{encoding}^{content}||||||{status}"


def test_a_carried_document_is_read_and_linked_to_its_order(read):
    reading = read(
        ORC.format(order="NW"), OBR, ed(packed(cda())), "PRT||UC||SB", WISH.format(name="DESTDMP", answer="Y")
    )
    document = reading.document
    assert (document.format, document.title, document.source.name) == ("CDA R2", "Bilan d'été", "labo.hl7!/OBX[1]")
    (order,) = document.orders
    assert [one.extension for one in order.ids] == ["D-1", "R-9"]
    assert document.lines == 3
    assert fhir.emit(document).ledger.account(document).balanced
    assert omop.emit(document).ledger.account(document).balanced


@pytest.mark.parametrize("split_lines", [True, False])
def test_a_document_that_came_as_it_is_is_read_too(read, split_lines):
    text = cda().replace("d'été", "d'été | &amp; ^ ~").replace("\\", "")
    content = text.replace("\n", "\r") if split_lines else text.replace("\n", " ")
    reading = read(OBR, ed(content, encoding=""))
    assert reading.document.title == "Bilan d'été | & ^ ~"


def test_two_documents_of_one_message_share_its_order(read):
    reading = read(ORC.format(order="NW"), OBR, ed(packed(cda("1"))), ed(packed(cda("2")), number=2))
    first, second = reading.documents
    assert first.orders[0].ids == second.orders[0].ids
    assert first.key != second.key


def test_text_in_a_column_of_text_may_be_a_document(read):
    content = cda().replace("\n", " ")
    assert read(OBR, f"OBX|1|TX|11502-2^CR^LN||{content}||||||F").document.format == "CDA R2"


def test_a_document_of_another_patient_is_told(read):
    reading = read(OBR, ed(packed(cda(birth="19990101"))))
    (issue,) = [one for one in reading.document.issues if one.code == "SX406"]
    assert (issue.severity, "1999" in issue.message) == ("error", False)


@pytest.mark.parametrize(("order", "status"), [("CA", "F"), ("NW", "D"), ("NW", "W")])
def test_a_deleted_document_is_withdrawn_by_its_identifier(read, order, status):
    reading = read(ORC.format(order=order), OBR, ed(packed(cda("42")), status=status))
    assert reading.documents == []
    withdrawn = [one for one in reading.aside if one.reason == "withdrawn"]
    assert any("1.2.250.9.1^42" in one.message for one in withdrawn)
    assert sum(one.lines for one in withdrawn) == 3


def test_a_deleted_file_that_is_no_document_is_withdrawn_too(read):
    reading = read(OBR, ed(packed("un papier"), status="D"))
    assert reading.documents == []
    assert "withdrawn" in reading.reasons


def test_a_replacement_is_told(read):
    assert "SX413" in read(ORC.format(order="RO"), OBR, ed(packed(cda()), status="C")).codes()
    assert "SX413" in read(ORC.format(order="RO"), OBR, ed(packed("papier"), status="C")).codes()


def test_what_is_announced_as_xml_and_is_not_is_kept_as_a_file(read):
    document = read(ORC.format(order="NW"), OBR, ed(packed("Un compte rendu en clair"))).document
    (held,) = document.attachments
    assert (held.media_type, held.data) == ("text/plain", packed("Un compte rendu en clair"))
    assert "SX405" in [one.code for one in document.issues]
    assert document.set_id.extension == "R-9"
    assert document.patient.ids[0].extension == "P-12"
    binary = [r for r in fhir.emit(document).resources if r["resourceType"] == "Binary"]
    assert [r["contentType"] for r in binary] == ["text/plain"]


def test_xml_that_is_no_cda_is_kept_as_a_file(read):
    document = read(OBR, ed(packed("<autre/>"))).document
    assert document.attachments[0].media_type == "text/xml"


def test_base64_that_is_broken_is_kept_as_it_came(read):
    document = read(OBR, ed("pas@du@base64")).document
    assert "SX408" in [one.code for one in document.issues]


def test_a_file_without_content_is_set_aside(read):
    reading = read(OBR, ed(""))
    assert reading.documents == []
    assert "administrative" in reading.reasons


def test_wishes_about_transport_are_no_results_but_restrictions_are_told(read):
    reading = read(
        OBR,
        ed(packed(cda())),
        WISH.format(name="MASQUE_PS", answer="Y"),
        WISH.format(name="INVISIBLE_PATIENT", answer="N"),
        WISH.format(name="DESTDMP", answer="Y"),
    )
    assert reading.codes().count("SX407") == 1
    assert sum(one.lines for one in reading.aside if "wish" in one.message) == 3
    assert "SX407" in read(OBR, ed(packed("papier")), WISH.format(name="MASQUE_PS", answer="Y")).codes()


def test_results_beside_a_document_are_read_too(read):
    reading = read(OBR, ed(packed(cda())), "OBX|2|NM|K^Potassium^L||4.1|mmol/L|||||F")
    assert [one.format for one in reading.documents] == ["CDA R2", "HL7 v2"]


# --- MDM ------------------------------------------------------------------------------------------------------------

TXA = (
    "TXA|1|CRC^Compte rendu de consultation^L|TEXT|20240312|||20240312||801234567897^RIOU^Jean"
    "|||DOC-2^LABO|DOC-1^LABO||||LA||{available}"
)


def test_a_new_version_names_its_parent(read):
    reading = read(TXA.format(available="AV"), ed(packed(cda())), kind="MDM^T10^MDM_T02")
    (related,) = reading.document.related
    assert (related.type_code, related.ids[0].extension) == ("RPLC", "DOC-1")
    assert fhir.emit(reading.document).resources[0]["relatesTo"][0]["code"] == "replaces"


def test_a_text_of_an_mdm_is_a_document_of_its_type(read):
    reading = read(TXA.format(available="AV"), "OBX|1|TX|CR^Compte rendu^L||Tout va bien||||||F", kind="MDM^T02")
    document = reading.document
    assert document.code.codings[0].code == "CRC"
    assert document.related == ()
    assert document.parties[-1].role in ("author", "custodian")


@pytest.mark.parametrize(("event", "available"), [("T11", "AV"), ("T02", "CA"), ("T02", "OB")])
def test_a_cancelled_document_is_withdrawn(read, event, available):
    reading = read(TXA.format(available=available), ed(packed(cda())), kind=f"MDM^{event}")
    assert reading.documents == []
    assert "withdrawn" in reading.reasons


# --- bytes ----------------------------------------------------------------------------------------------------------


def obx(kind, content):
    return Segment("OBX", 1, 1, 1, MARKS, split(f"OBX|1|{kind}|C^C^L||{content}||||||F", MARKS))


@pytest.mark.parametrize(
    ("start", "media"),
    [
        (b"%PDF-1.4", "application/pdf"),
        (b"\x89PNG\0", "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"{\\rtf1", "text/rtf"),
    ],
)
def test_a_file_is_what_its_first_bytes_say(start, media):
    assert carried(obx("ED", f"^TEXT^XML^Base64^{b64encode(start).decode()}")).media_type == media


def test_a_file_that_shows_nothing_is_what_the_message_says():
    content = b64encode(b"\0\1\2").decode()
    assert carried(obx("ED", f"^IMAGE^DICOM^Base64^{content}")).media_type == "image/dicom"
    assert carried(obx("ED", f"^Application^application/x-own^Base64^{content}")).media_type == "application/x-own"
    assert carried(obx("ED", f"^TEXT^XML^Base64^{content}")).media_type == "application/octet-stream"
    assert (
        carried(obx("ED", f"^^^Base64^{b64encode(bytes([200, 0x80, 0xFE])).decode()}")).media_type
        == "application/octet-stream"
    )


def test_hexadecimal_is_read():
    assert carried(obx("ED", "^TEXT^^Hex^" + b"bonjour".hex())).data == b"bonjour"
    assert carried(obx("ED", "^TEXT^^Hex^zz")).is_damaged


def test_base64_on_several_lines_without_padding_is_read():
    text = b64encode(b"bonjour a tous").decode().rstrip("=")
    assert carried(obx("ED", f"^TEXT^^Base64^{text[:5]}\n{text[5:]}")).data == b"bonjour a tous"
