from io import BytesIO

import pytest

from semantix.errors import UnreadableInput
from semantix.parsers.hl7v2 import PARSER, framing
from semantix.parsers.hl7v2.framing import BLOCK, count_lines, cuts

OBR = "OBR|1||R-9|BIO^Biologie^L"
OBX = "OBX|1|NM|K^Potassium^L||4.1|mmol/L|||||F"


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
def test_lines_end_with_cr_lf_or_both(raw, message, end):
    text = message("PID|1||7", OBR, OBX).replace("\r", end)
    reading = raw(text.encode())
    assert reading.lines == 4
    assert reading.document.lines == 4


def test_a_batch_holds_many_messages(raw, message):
    text = f"FHS|^~\\&|LABO\rBHS|^~\\&|LABO\r{message('PID|1||7', OBR, OBX) * 2}BTS|2\rFTS|1\r"
    reading = raw(text.encode())
    assert len(reading.documents) == 2
    assert reading.reasons.count("structure") == 4


def test_transport_frames_are_no_text(raw, message):
    framed = "\x0b" + message("PID|1||7", OBR, OBX) + "\x1c\r"
    reading = raw((framed * 2).encode())
    assert len(reading.documents) == 2
    assert reading.reasons == ["structure", "structure"]


def test_frames_without_a_line_end_between_them_are_told_apart(raw, message):
    framed = "\x0b" + message("PID|1||7", OBR, OBX).rstrip("\r") + "\x1c"
    reading = raw((framed * 2).encode())
    assert len(reading.documents) == 2


def test_a_mark_of_utf8_and_blank_lines_are_passed_over(raw, message):
    reading = raw(b"\xef\xbb\xbf\r\r" + message("PID|1||7", OBR, OBX).encode() + b"\r  \r")
    assert reading.document.lines == 4
    assert reading.reasons == ["blank", "blank"]


def test_segments_before_any_message_are_quarantined(raw, message):
    reading = raw(b"PID|1||orphelin\r" + message("PID|1||7", OBR, OBX).encode())
    assert [one.quarantined for one in reading.aside] == [True]
    assert reading.documents


def test_a_text_goes_on_over_several_lines(raw, message):
    text = message("PID|1||7", OBR, "OBX|1|TX|C^Commentaire^L||Première ligne\rdeuxième ligne||||||F", OBX)
    (section,) = raw(text.encode()).document.sections
    first = section.statements[0].links[0].statement.links[0].statement
    assert first.values[0].value == "Première ligne\ndeuxième ligne"


def test_a_line_that_is_no_segment_elsewhere_is_quarantined(raw, message):
    reading = raw(message("PID|1||7", "n'importe quoi", OBR, OBX).encode())
    assert reading.reasons == ["unreadable"]
    assert reading.document.lines == 4


def test_a_header_without_separators_is_quarantined_and_the_others_go_on(raw, message):
    reading = raw(b"MSH|nonsense\rPID|1\r" + message("PID|1||7", OBR, OBX).encode())
    assert reading.reasons == ["unreadable"]
    assert reading.aside[0].lines == 2
    assert reading.aside[0].where == "lines 1-2"
    assert len(reading.documents) == 1


def test_the_line_of_a_cut_is_kept(raw, message):
    reading = list(framing.frames(b"PID|1\r", 41))
    assert reading[0].where == "line 41"


# --- encodings ------------------------------------------------------------------------------------------------------


def name_of(reading):
    return reading.document.patient.names[0].values("given")[0]


@pytest.mark.parametrize(
    ("declared", "encoding"), [("8859/1", "cp1252"), ("8859/15", "iso8859-15"), ("UNICODE UTF-8", "utf-8")]
)
def test_the_declared_encoding_is_used(raw, message, declared, encoding):
    text = message("PID|1||7||LEMOINE^Zoé^^^^^L", OBR, OBX, charset=declared)
    reading = raw(text.encode(encoding))
    assert name_of(reading) == "Zoé"
    assert "SX401" not in reading.codes()


def test_bytes_that_are_utf8_are_read_so_whatever_is_declared(raw, message):
    reading = raw(message("PID|1||7||LEMOINE^Zoé^^^^^L", OBR, OBX, charset="8859/15").encode())
    assert name_of(reading) == "Zoé"
    assert "SX401" in reading.codes()


@pytest.mark.parametrize("declared", ["UNICODE UTF-8", ""])
def test_bytes_that_are_not_utf8_are_told(raw, message, declared):
    text = message("PID|1||7||LEMOINE^Hélène^^^^^L", OBR, OBX, charset=declared)
    reading = raw(text.encode("cp1252"))
    assert name_of(reading) == "Hélène"
    assert "SX401" in reading.codes()


def test_a_header_without_an_encoding_is_read(raw):
    reading = raw(
        b"MSH|^~\\&|SIL|LABO|||20240312||ORU^R01|1|P|2.5\rPID|1||7||L^Zo\xc3\xa9^^^^^L\rOBR|1\rOBX|1|ST|A^A^L||oui\r"
    )
    assert name_of(reading) == "Zoé"


def test_damage_that_has_one_reading_is_undone_and_told(raw, message):
    obx = "OBX|1|ST|GLY^Glyc&eacute;mie^L||prÃ©lÃ¨vement Ã  jeun||||||F"
    reading = raw(message("PID|1||7^^^A&B;C", OBR, obx).encode())
    (link,) = reading.document.sections[0].statements[0].links[0].statement.links
    assert link.statement.code.codings[0].display == "Glycémie"
    assert link.statement.values[0].value == "prélèvement à jeun"
    assert "SX401" in reading.codes()


# --- cuts -----------------------------------------------------------------------------------------------------------


def test_cuts_are_made_before_messages_and_lose_nothing(message):
    one = message("PID|1||7", *[OBX.replace("OBX|1", f"OBX|{n}") for n in range(400)]).encode()
    data = one * 60
    parts = list(cuts(BytesIO(data), "gros.hl7"))
    assert b"".join(part.data for part in parts) == data
    assert len(parts) > 1
    assert all(part.data.startswith(b"MSH|") for part in parts)
    assert max(len(part.data) for part in parts) < 2 * BLOCK + len(one)
    assert [part.line for part in parts][1] == 1 + count_lines(parts[0].data)


def test_a_small_file_is_one_cut(message):
    data = message("PID|1||7").encode()
    (only,) = cuts(BytesIO(data), "petit.hl7")
    assert (only.data, only.line) == (data, 1)


def test_an_empty_file_has_no_cut():
    assert list(cuts(BytesIO(b""), "vide.hl7")) == []


def test_a_message_without_end_is_refused(monkeypatch):
    monkeypatch.setattr(framing, "LARGEST", BLOCK)
    with pytest.raises(UnreadableInput, match="no message begins"):
        list(cuts(BytesIO(b"MSH|^~\\&|" + b"x" * (3 * BLOCK)), "sans-fin.hl7"))


def test_the_parser_cuts_an_input(message):
    class Given:
        name, size = "a.hl7", 1

        def open(self):
            return BytesIO(message("PID|1||7").encode())

    claim = PARSER.claims(b"MSH|^~\\&|A|", "a.hl7")
    assert len(list(PARSER.cut(Given(), claim))) == 1


# --- claims ---------------------------------------------------------------------------------------------------------


def test_a_header_is_claimed_with_its_version():
    claim = PARSER.claims(b"\xef\xbb\xbf\x0b\r\nMSH|^~\\&|A|B|C|D|20240101||ADT^A01|1|P|2.5^FRA^2.11\rPID|", "x")
    assert (claim.format, claim.version) == ("HL7 v2", "2.5")


def test_a_batch_is_claimed_without_a_version():
    assert PARSER.claims(b"BHS|^~\\&|A", "x").version is None


@pytest.mark.parametrize("head", [b"", b"PID|1", b"MSHEllo|", b"<xml/>", b"H|~^\\&|", b"MSH||||", b"texte MSH|^~\\&|"])
def test_other_files_are_not_claimed(head):
    assert PARSER.claims(head, "x.hl7") is None
