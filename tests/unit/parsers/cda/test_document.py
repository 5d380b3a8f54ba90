"""Whole documents: header, narrative, levels, refusals, and every file of the corpus."""

from contextlib import suppress
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import ROOT
from tests.unit.parsers.cda.conftest import HEADER, NAMESPACES, document_xml

from semantix.errors import SemantixError, UnreadableInput
from semantix.model import Source
from semantix.parsers import identify
from semantix.parsers._xml import parse_xml
from semantix.parsers.cda import PARSER, parse
from semantix.parsers.cda.context import path_of
from semantix.parsers.cda.document import read_document
from semantix.parsers.cda.narrative import narrative

EXAMPLES = sorted((ROOT / "examples" / "cda").glob("*.xml"))


def test_the_patient_keeps_birth_name_first_given_name_and_birth_place(read):
    patient = read("").patient
    assert patient.names[0].values("family", "BR") == ("TESTEUR",)
    assert patient.names[0].values("given", "BR") == ("ANNE",)
    assert patient.names[0].values("given", None) == ("ANNE MARIE",)
    assert patient.birth.iso == "1979"
    assert patient.birth_place.get("county") == "51215"
    assert patient.ids[0].root == "1.2.250.1.213.1.4.10"


def test_the_document_keeps_its_identity(read):
    document = read("")
    assert document.key == "1.2.250.1.999.1^D1"
    assert document.time.iso == "2024-03-05T10:15:00+01:00"
    assert (document.title, document.code.codings[0].code) == ("Document synthétique", "11503-0")


def test_a_document_inside_its_own_stylesheet_is_found():
    inner = document_xml("").decode()
    wrapped = f'<x:stylesheet xmlns:x="http://www.w3.org/1999/XSL/Transform"><hold>{inner}</hold></x:stylesheet>'
    document = parse(wrapped.encode(), "self.xml")
    assert document.sections[0].path.startswith("/stylesheet[1]/hold[1]/ClinicalDocument[1]/")


def test_a_document_may_be_read_without_its_narratives():
    root = parse_xml(document_xml("<text><paragraph>mots</paragraph></text>"), "one.xml")
    read = partial(read_document, root, Source(name="one.xml", size=1, sha256=""), ZoneInfo("Europe/Paris"))
    assert [section.narrative is None for section in (*read().sections, *read(narratives=False).sections)] == [
        False,
        True,
    ]


def test_level_one_gives_its_embedded_object():
    text = '<text mediaType="application/pdf" representation="B64">aGk=</text>'
    body = f"<component><nonXMLBody>{text}</nonXMLBody></component>"
    document = parse(f"<ClinicalDocument {NAMESPACES}>{HEADER}{body}</ClinicalDocument>".encode(), "one.xml")
    assert [(a.media_type, a.data) for a in document.attachments] == [("application/pdf", "aGk=")]


def test_a_replaced_document_is_named():
    header = (
        HEADER
        + '<relatedDocument typeCode="RPLC"><parentDocument><id root="1.2.3.4"/></parentDocument></relatedDocument>'
    )
    (found,) = parse(document_xml("", header), "new.xml").related
    assert (found.type_code, found.ids[0].root) == ("RPLC", "1.2.3.4")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"<ClinicalDocument xmlns='urn:hl7-org:v3'><a>", "stops in the middle"),
        (b"<a></b>", "not well-formed"),
        (b"<?xml version='1.0' encoding='UTF-8'?><a>\xe9</a>", "not UTF-8"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "DOCTYPE"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'.encode("utf-16"), "DOCTYPE"),
        (b"<a>" * 400 + b"</a>" * 400, "deep"),
        (b"<a>" * 400 + b"x" * 11_000_000 + b"</a>" * 400, "deep"),
        (b"%PDF-1.7", "PDF"),
        (b"<Bundle xmlns='http://hl7.org/fhir'/>", "ClinicalDocument"),
        (b"<ClinicalDocument/>", "ClinicalDocument"),
        (b"<two xmlns='urn:hl7-org:v3'><ClinicalDocument/><ClinicalDocument/></two>", "2 ClinicalDocuments"),
    ],
)
def test_what_is_no_document_is_refused_in_one_line(data, words):
    with pytest.raises(UnreadableInput) as refusal:
        parse(data, "bad.xml")
    message = str(refusal.value)
    assert message.startswith("bad.xml: ")
    assert words in message
    assert "\n" not in message


def test_a_file_over_the_limit_is_refused_before_it_is_parsed():
    with pytest.raises(UnreadableInput, match="at most 1 MB"):
        parse(b" " * 2_000_000, "large.xml", max_bytes=1_000_000)


def test_a_large_embedded_object_is_read():
    body = f'<component><nonXMLBody><text representation="B64">{"A" * 12_000_000}</text></nonXMLBody></component>'
    document = parse(f"<ClinicalDocument {NAMESPACES}>{HEADER}{body}</ClinicalDocument>".encode(), "scan.xml")
    assert len(document.attachments[0].data) == 12_000_000


def test_the_parser_claims_documents_and_nothing_else():
    assert PARSER.claims(document_xml(""), "a.xml") is not None
    assert PARSER.claims(document_xml("").decode().encode("utf-16"), "a.xml") is not None
    assert PARSER.claims(b"<Bundle xmlns='http://hl7.org/fhir'/>", "b.xml") is None


@pytest.mark.parametrize(
    ("cda", "html"),
    [
        ("<paragraph>a &amp; b</paragraph>", "<p>a &amp; b</p>"),
        ('<content ID="x" styleCode="Bold">a</content>', '<span id="x" style="font-weight:bold">a</span>'),
        ('<list listType="ordered"><item>a</item></list>', "<ol><li>a</li></ol>"),
        (
            "<paragraph>a<table><tr><td>b</td></tr></table></paragraph>",
            "<div>a<table><tr><td>b</td></tr></table></div>",
        ),
        ("a<br/>b", "a<br/>b"),
        ('<linkHtml href="javascript:x">a</linkHtml>', "<a>a</a>"),
        ("<unknown>a</unknown>", "<span>a</span>"),
        ("a<script>evil()</script>b", "ab"),
    ],
)
def test_the_narrative_becomes_the_html_that_fhir_allows(element, cda, html):
    _, text = element(f"<text>{cda}</text>")
    assert narrative(text) == f'<div xmlns="http://www.w3.org/1999/xhtml">{html}</div>'


def test_a_narrative_that_shows_nothing_is_none(element):
    _, text = element("<text> <table><tr><td> </td></tr></table></text>")
    assert narrative(text) is None


@given(cut=st.integers(0, 60_000), noise=st.binary(max_size=12), which=st.integers(0, max(len(EXAMPLES) - 1, 0)))
def test_no_damage_raises_anything_but_a_named_error(cut, noise, which):
    data = EXAMPLES[which].read_bytes()
    with suppress(SemantixError):
        parse(data[:cut] + noise + data[cut + len(noise) :], "damaged.xml")


def test_every_coded_element_of_the_corpus_is_read(shared):
    for path in sorted((shared / "corpus").glob("cda-*/*.xml")):
        document = parse(path.read_bytes(), path.name)
        assert [document.locate(p) for p in document.unread] == [], path.name


def test_every_place_of_the_corpus_is_found_again_by_its_xpath(shared):
    path = shared / "corpus" / "cda-3.0" / "VSM_1.4_2022.01.xml"
    document = parse(path.read_bytes(), path.name)
    root = document.at.getroottree()
    for place in document.coded:
        steps = document.locate(place).path.split("/")[1:]
        found = root.xpath("/" + "/".join(f"*[local-name()='{s[: s.index('[')]}']{s[s.index('[') :]}" for s in steps))
        assert found == [place]


@pytest.mark.parametrize(
    "wrong",
    [
        "<Durand></a>",
        "<!-- a -- Durand --></a>",
        "<a Durand></a>",
        '<a Durand="1" Durand="2"/></a>',
        "&Durand;</a>",
        "<Durand:a/></a>",
    ],
)
def test_a_malformed_document_is_refused_without_a_word_of_it(wrong):
    with pytest.raises(UnreadableInput) as refusal:
        parse(f"<a>{wrong}".encode(), "bad.xml")
    assert "Durand" not in str(refusal.value)


def test_a_document_that_begins_with_its_style_sheet_is_recognised():
    late = document_xml("").replace(b"<ClinicalDocument", b"<!--" + b"x" * 70_000 + b"--><ClinicalDocument", 1)
    assert identify(late, "late.xml").format == "CDA R2"


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_without_narratives_all_but_them_is_read(path):
    data = path.read_bytes()
    whole, bare = parse(data, path.name), parse(data, path.name, narratives=False)
    assert not any(section.narrative for section in bare.sections)
    for one, other in zip(whole.sections, bare.sections, strict=True):
        assert (one.title, one.code is None, len(one.statements)) == (
            other.title, other.code is None, len(other.statements),
        )  # fmt: skip
    assert bare.issues == whole.issues
    assert len(bare.coded) == len(whole.coded)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_a_place_is_located_by_the_path_that_leads_to_it(path):
    document = parse(path.read_bytes(), path.name)
    for place in (*document.coded, *document.statement_places):
        assert document.locate(place).path == path_of(place)
