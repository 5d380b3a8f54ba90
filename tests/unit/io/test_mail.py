"""Mails: told apart from text exports, taken apart within bounds, whatever the damage."""

import base64
from contextlib import suppress
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from hypothesis import given
from hypothesis import strategies as st

from semantix.errors import UnreadableInput
from semantix.io._mail import MailLimits, is_mail, parts

HEADERS = "From: labo@exemple.fr\r\nTo: cabinet@exemple.fr\r\nSubject: Résultats\r\nMIME-Version: 1.0\r\n"


def message(text: str = "Bonjour,\nvoici les résultats.\n") -> EmailMessage:
    made = EmailMessage()
    made["From"] = "labo@exemple.fr"
    made["To"] = "cabinet@exemple.fr"
    made["Subject"] = "Résultats"
    made["Message-ID"] = "<1@exemple.fr>"
    made.set_content(text)
    return made


def written(made: EmailMessage) -> bytes:
    return made.as_bytes(policy=SMTP)


def raw(content_type: str, body: str, headers: str = HEADERS) -> bytes:
    return f"{headers}Content-Type: {content_type}\r\n\r\n{body}".encode()


# --- recognising --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "head",
    [
        written(message()),
        b"Received: from a by b;\n\tMon, 2 Mar 2026 10:00:00 +0100\nFrom: a@b.fr\n\nx",
        b"\xef\xbb\xbfFrom: a@b.fr\r\nDate: Mon, 2 Mar 2026 10:00:00 +0100\r\n\r\n",
        b"From a@b.fr Mon Mar  2 10:00:00 2026\nFrom: a@b.fr\nTo: c@d.fr\n\nx",
        b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed;\r\n boundary=x\r\n\r\n",
        b"From: a@b.fr\nSubject: x\nX-Cut: abc\nX-Cu",
    ],
)
def test_a_mail_is_told_by_its_headers(head: bytes) -> None:
    assert is_mail(head)


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"1234\r\nFICTIF\r\nCAMILLE\r\n1 rue de l'Essai\r\n",
        b"H|~^\\&|file||labo~LABO||ORU\r",
        b"MSH|^~\\&|LABO\r",
        b"numero;date;libelle;valeur\n1;01/02/2020;Na;140\n",
        b"From: a@b.fr\nnumero;date\n",
        b"Date: 01/02/2020\nSubject: x\n\n",
        b"Nom: FICTIF\nPrenom: CAMILLE\nFrom: x\n\n",
        b"From: labo\n\n",
        b"<html>\nFrom: a\nTo: b\n",
        b" From: a@b.fr\nTo: b\n",
        b"INSERT INTO t VALUES (1);\n",
        b'{"From": 1}',
    ],
)
def test_an_export_is_no_mail(head: bytes) -> None:
    assert not is_mail(head)


# --- taking apart -------------------------------------------------------------------------------------------------


def test_words_and_attachments_are_returned_in_order() -> None:
    made = message()
    made.add_attachment(b"PK\x03\x04zip", maintype="application", subtype="zip", filename="IHE_XDM.ZIP")
    made.add_attachment("a;b\n1;2\n", subtype="csv", filename="résultats.csv")
    body, archive, table = parts(written(made), "m.eml")
    assert (body.name, body.is_body, body.media_type, body.charset) == ("part-1.txt", True, "text/plain", "utf-8")
    assert body.data.decode("utf-8").split() == ["Bonjour,", "voici", "les", "résultats."]
    assert (archive.name, archive.data, archive.is_body) == ("IHE_XDM.ZIP", b"PK\x03\x04zip", False)
    assert (table.name, table.data, table.is_body) == ("résultats.csv", b"a;b\r\n1;2\r\n", False)


def test_a_mail_that_is_one_file_gives_it() -> None:
    data = raw('application/xml; name="A.XML"\r\nContent-Transfer-Encoding: base64', base64.b64encode(b"<a/>").decode())
    (found,) = parts(data, "m")
    assert (found.name, found.data, found.media_type) == ("A.XML", b"<a/>", "application/xml")


def test_a_mail_inside_a_mail_is_flattened() -> None:
    inner = message("Dedans\n")
    inner.add_attachment(b"x", maintype="application", subtype="pdf", filename="lettre.pdf")
    outer = message("Dehors\n")
    outer.add_attachment(inner)
    found = parts(written(outer), "m")
    assert [(part.name, part.is_body) for part in found] == [
        ("part-1.txt", True),
        ("part-2.txt", True),
        ("lettre.pdf", False),
    ]
    assert [part.data.strip() for part in found] == [b"Dehors", b"Dedans", b"x"]


def test_a_mail_attached_in_base64_is_opened_too() -> None:
    inner = base64.encodebytes(b"\r\n" + written(message("Dedans\n"))).decode()
    (found,) = parts(raw("message/rfc822\r\nContent-Transfer-Encoding: base64", inner), "m")
    assert found.data.strip() == b"Dedans"


def test_what_is_said_to_be_a_mail_and_is_none_is_a_file() -> None:
    (found,) = parts(raw("message/rfc822", "rien\r\n"), "m")
    assert (found.name, found.data) == ("part-1.bin", b"rien\r\n")


def test_line_ends_of_every_kind_are_read() -> None:
    made = message("Texte\n")
    made.add_attachment(b"\x00\x01", maintype="application", subtype="octet-stream", filename="a.bin")
    data = written(made)
    for ends in (b"\r\n", b"\n"):
        found = parts(data.replace(b"\r\n", ends), "m")
        assert [part.data.strip() for part in found] == [b"Texte", b"\x00\x01"]


def test_a_part_without_headers_is_words() -> None:
    found = parts(raw("multipart/mixed; boundary=b", "preface\r\n--b\r\n\r\nTexte\r\n--b--\r\nsuite"), "m")
    assert [(part.data, part.is_body) for part in found] == [(b"Texte", True)]


def test_a_mail_that_stops_in_the_middle_gives_what_is_there() -> None:
    data = raw("multipart/mixed; boundary=b", "--b\r\n\r\nUn\r\n--b\r\nContent-Type: text/csv\r\n\r\na;b")
    assert [part.data for part in parts(data, "m")] == [b"Un", b"a;b"]


@pytest.mark.parametrize(
    "content_type", ["multipart/mixed", "multipart/mixed; boundary=b", "multipart/mixed; boundary="]
)
def test_a_multipart_without_its_boundary_is_one_part(content_type: str) -> None:
    (found,) = parts(raw(content_type, "Texte\r\n"), "m")
    assert found.data == b"Texte\r\n"


@pytest.mark.parametrize(
    ("written_name", "name"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\\\dossier\\\\a.csv", "a.csv"),
        ("a\tb.csv", "ab.csv"),
        ("...", "part-1.bin"),
        ("=?utf-8?B?csOpc3VsdGF0cy5jc3Y=?=", "résultats.csv"),
        ("=?inconnu?B?csOpc3VsdGF0cy5jc3Y=?=", "part-1.bin"),
        ("x" * 300 + ".csv", "x" * 100 + ".csv"),
        ("y" * 300, "y" * 120),
    ],
)
def test_names_are_safe(written_name: str, name: str) -> None:
    (found,) = parts(raw(f'application/octet-stream; name="{written_name}"', "x"), "m")
    assert found.name == name


def test_two_files_of_one_name_get_two_names() -> None:
    part = '--b\r\nContent-Type: text/csv; name="A.CSV"\r\n\r\n1\r\n'
    bare = '--b\r\nContent-Type: text/csv; name="a"\r\n\r\n1\r\n'
    found = parts(raw("multipart/mixed; boundary=b", part * 2 + bare * 2 + "--b--"), "m")
    assert [part.name for part in found] == ["A.CSV", "A-2.CSV", "a", "a-2"]


def test_a_text_said_to_be_attached_is_no_body() -> None:
    (found,) = parts(raw("text/plain\r\nContent-Disposition: attachment", "x"), "m")
    assert not found.is_body


# --- bounds -------------------------------------------------------------------------------------------------------


def test_what_is_no_mail_is_refused_in_one_line() -> None:
    with pytest.raises(UnreadableInput, match="headers of a mail"):
        parts(b"1234\r\nFICTIF\r\n", "a.hpr")


def test_too_many_parts_too_deep_or_too_large_is_refused() -> None:
    many = raw("multipart/mixed; boundary=b", "--b\r\n\r\nx\r\n" * 20)
    with pytest.raises(UnreadableInput, match="more than 10 parts"):
        parts(many, "m", MailLimits(parts=10))
    deep = "x"
    for level in range(20):
        deep = f"--b{level}\r\nContent-Type: multipart/mixed; boundary=b{level - 1}\r\n\r\n{deep}"
    with pytest.raises(UnreadableInput, match="nested more than"):
        parts(raw("multipart/mixed; boundary=b19", deep), "m")
    with pytest.raises(UnreadableInput, match="the limit is"):
        parts(many, "m", MailLimits(size=10))
    with pytest.raises(UnreadableInput, match="headers of more than"):
        parts(HEADERS.encode() + b"X-A: b\r\n" * 20_000 + b"\r\nx", "m")


@given(st.binary(max_size=300))
def test_no_content_raises_anything_but_our_own_error(data: bytes) -> None:
    mail = raw("multipart/mixed; boundary=b", "--b\r\n") + data + b"\r\n--b--"
    for part in parts(mail, "m"):
        assert part.name.isprintable()
        assert "/" not in part.name


@given(st.integers(0, 900), st.binary(min_size=1, max_size=6))
def test_a_damaged_mail_is_read_or_refused(position: int, noise: bytes) -> None:
    made = message()
    made.add_attachment(b"contenu", maintype="application", subtype="pdf", filename="é.pdf")
    data = bytearray(written(made))
    data[position : position + len(noise)] = noise
    with suppress(UnreadableInput):
        assert all(part.name for part in parts(bytes(data), "m"))


@given(st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=80))
def test_any_header_value_is_survived(value: str) -> None:
    headers = f"Content-Disposition: attachment; filename*={value}\r\nContent-Type: {value}\r\n"
    for part in parts((HEADERS + headers + "\r\nx").encode(), "m"):
        assert part.name.isprintable()
