"""A small CDA document to write fragments into, and the Document that comes out."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest
from lxml import etree

from semantix.model import Document
from semantix.parsers.cda import parse
from semantix.parsers.cda.context import Context, Element
from semantix.parsers.cda.index import Index

NAMESPACES = 'xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'

HEADER = """
<typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/>
<id root="1.2.250.1.999.1" extension="D1"/>
<code code="11503-0" codeSystem="2.16.840.1.113883.6.1"/>
<title>Document synthétique</title>
<effectiveTime value="20240305101500+0100"/>
<confidentialityCode code="N" codeSystem="2.16.840.1.113883.5.25"/>
<recordTarget><patientRole>
  <id root="1.2.250.1.213.1.4.10" extension="299999999999999"/>
  <patient>
    <name><family qualifier="BR">TESTEUR</family><given>ANNE MARIE</given><given qualifier="BR">ANNE</given></name>
    <administrativeGenderCode code="F" codeSystem="2.16.840.1.113883.5.1"/>
    <birthTime value="1979"/>
    <birthplace><place><addr><county>51215</county><city>EXEMPLE</city></addr></place></birthplace>
  </patient>
</patientRole></recordTarget>
"""


def document_xml(body: str, header: str = HEADER) -> bytes:
    """A document around the children of one section (``text`` and ``entry`` elements)."""
    section = f"<section><code code='11450-4' codeSystem='2.16.840.1.113883.6.1'/>{body}</section>"
    whole = f"{header}<component><structuredBody><component>{section}</component></structuredBody></component>"
    return f"<ClinicalDocument {NAMESPACES}>{whole}</ClinicalDocument>".encode()


@pytest.fixture
def read() -> Callable[..., Document]:
    """Parse a document written around the content of one section."""

    def make(body: str, header: str = HEADER) -> Document:
        return parse(document_xml(body, header), "test.xml")

    return make


@pytest.fixture
def element() -> Callable[[str], tuple[Context, Element]]:
    """One element in a context of its own: ``ctx, e = element('<value xsi:type="PQ" value="1"/>')``."""

    def make(xml: str) -> tuple[Context, Element]:
        root = etree.fromstring(f"<root {NAMESPACES}>{xml}</root>")
        return Context(Index(root), ZoneInfo("Europe/Paris")), root[0]

    return make
