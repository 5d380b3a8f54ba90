from __future__ import annotations

from lxml import etree

from semantix.parsers.cda.index import Index

V3 = "{urn:hl7-org:v3}"


def index(body: str) -> Index:
    return Index(etree.fromstring(f'<root xmlns="urn:hl7-org:v3" xmlns:o="urn:other">{body}</root>'))


def test_elements_are_by_tag_in_document_order() -> None:
    found = index('<code code="A"/><act><code code="B"/></act><o:code code="C"/><!-- <code code="D"/> -->')
    assert [one.get("code") for one in found.by_tag[f"{V3}code"]] == ["A", "B"]
    assert [one.get("code") for one in found.coded] == ["A", "B", "C"]
    assert found.by_tag[f"{V3}value"] == []


def test_the_first_element_of_an_anchor_is_kept_and_the_others_told() -> None:
    found = index('<text><td ID="a">1</td><td ID="a">2</td><td ID="b">3</td></text>')
    assert {anchor: one.text for anchor, one in found.anchors.items()} == {"a": "1", "b": "3"}
    assert [one.text for one in found.repeated] == ["2"]


def test_null_flavours_are_found() -> None:
    assert [one.tag for one in index('<id nullFlavor="UNK"/><id root="1.2"/>').nulls] == [f"{V3}id"]
