"""References, anchors, links and images of a document."""

import pytest
from tests.unit.validation.cda.bodies import cda, codes, observation, section, words_are_whole

from semantix.validation.cda.references import RULES, check

TEXT = '<paragraph><content ID="Toux-1">Toux sèche</content></paragraph>'


def said(value: str, tag: str = "text", attributes: str = "") -> str:
    return f'<{tag} {attributes}><reference value="{value}"/></{tag}>'


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("#Toux-1", []),
        ("#absent", ["SX-REF-01"]),
        ("absent", ["SX-REF-01"]),
        ("Toux-1", ["SX-REF-02"]),
        ("#toux-1", ["SX-REF-03"]),
        ("#Toux-1 ", ["SX-REF-03"]),
        ("toux-1", ["SX-REF-03"]),
        ("", ["SX-REF-05"]),
        ("#", ["SX-REF-05"]),
        ("notice.pdf", []),
        ("documents/notice", []),
        ("https://exemple.invalid/notice", []),
        ("urn:uuid:1", []),
    ],
)
def test_where_a_reference_leads(value: str, expected: list[str]) -> None:
    assert codes(check, section(observation(more=said(value)), text=TEXT)) == expected


def test_a_reference_is_told_with_where_it_stands() -> None:
    code = f'<code code="1">{said("#absent", "originalText")}</code>'
    (found,) = check(cda(section(f"<act>{code}</act>", text=TEXT)))
    assert found.facts == {"element": "code/originalText"}
    assert found.path.endswith("/code[1]/originalText[1]/reference[1]/@value")
    assert found.line == 1


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ('<value xsi:type="CD">{}</value>', ["SX-REF-12"]),
        ('<value xsi:type="CD" nullFlavor="NA">{}</value>', ["SX-REF-01"]),
        ('<value xsi:type="CD" nullFlavor="OTH">{}</value>', ["SX-REF-12"]),
        ('<value xsi:type="CD" code="1">{}</value>', ["SX-REF-01"]),
        ('<value xsi:type="CD" displayName="Toux">{}</value>', ["SX-REF-01"]),
        ('<value xsi:type="CD">{}<translation code="1"/></value>', ["SX-REF-01"]),
        ('<value xsi:type="PQ" value="1"><translation>{}</translation></value>', ["SX-REF-01"]),
    ],
)
def test_a_code_of_which_the_words_were_all(value: str, expected: list[str]) -> None:
    assert codes(check, section(observation(value.format(said("#absent", "originalText"))))) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<text><reference/></text>", ["SX-REF-05"]),
        ('<text nullFlavor="NA"><reference/></text>', []),
        ('<text><reference nullFlavor="NA"/></text>', []),
        ('<reference typeCode="REFR"><externalAct><id root="1.2.3"/></externalAct></reference>', []),
    ],
)
def test_a_reference_without_a_value(text: str, expected: list[str]) -> None:
    assert codes(check, section(observation(more=text))) == expected


def test_the_text_of_a_section_around_or_inside_is_its_own() -> None:
    inner = section(observation(more=said("#haut")), text='<content ID="bas">x</content>')
    outer = section(
        observation(more=said("#bas")), text='<content ID="haut">x</content>', more=f"<component>{inner}</component>"
    )
    assert codes(check, outer) == []


def test_the_text_of_another_section_is_told() -> None:
    other = section(observation(more=said("#Toux-1")))
    assert codes(check, section(text=TEXT), other) == ["SX-REF-04"]


def test_a_reference_out_of_any_section_is_followed_too() -> None:
    assert codes(check, f"<act>{said('#Toux-1')}</act>", section(text=TEXT)) == []


@pytest.mark.parametrize(
    ("name", "expected"), [("image-1", []), ("image-2", ["SX-REF-06", "SX-REF-11"]), ("", ["SX-REF-06", "SX-REF-11"])]
)
def test_an_image_of_the_narrative_is_in_the_document(name: str, expected: list[str]) -> None:
    media = '<observationMedia ID="image-1"><value mediaType="image/png"/></observationMedia>'
    assert codes(check, section(media, text=f'<renderMultiMedia referencedObject="{name}"/>')) == expected


def test_an_image_that_an_entry_names_is_used() -> None:
    media = '<observationMedia ID="image-1"/>'
    assert codes(check, section(media, observation(more=said("#image-1")))) == []


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("image/png", ["SX-REF-11"]), ("application/pdf", ["SX-REF-11"]), ("", ["SX-REF-11"]), ("application/xml", [])],
)
def test_data_for_programs_need_not_be_shown(kind: str, expected: list[str]) -> None:
    media = f'<observationMedia ID="image-1"><value mediaType="{kind}"/></observationMedia>'
    assert codes(check, section(media)) == expected


def test_an_id_twice_is_told_at_the_second() -> None:
    (found,) = check(cda(section(text='<content ID="a">x</content><content ID="a">y</content>')))
    assert (found.code, found.path.rpartition("/text[1]")[2]) == ("SX-REF-07", "/content[2]/@ID")


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ('<linkHtml href="#a">x</linkHtml>', []),
        ('<linkHtml href="#b">x</linkHtml>', ["SX-REF-08"]),
        ('<linkHtml href="#b">x</linkHtml><linkHtml name="b">y</linkHtml>', []),
        ('<linkHtml href="#">x</linkHtml>', []),
        ('<linkHtml href="https://exemple.invalid/#b">x</linkHtml>', []),
        ('<footnoteRef IDREF="a"/>', []),
        ('<footnoteRef IDREF="b"/>', ["SX-REF-08"]),
    ],
)
def test_links_of_the_narrative(link: str, expected: list[str]) -> None:
    assert codes(check, section(text=f'<content ID="a">x</content>{link}')) == expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ('<code nullFlavor="OTH"/>', ["SX-REF-09"]),
        ('<code nullFlavor="OTH"><originalText>autre</originalText></code>', []),
        ('<code nullFlavor="OTH"><translation code="1"/></code>', []),
        ('<code nullFlavor="UNK"/>', []),
        ('<id nullFlavor="OTH"/>', []),
    ],
)
def test_other_says_what(code: str, expected: list[str]) -> None:
    assert codes(check, section(f"<act>{code}</act>")) == expected


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        ('<id root="1.2.3"/>', []),
        ('<id nullFlavor="UNK"/><text><reference value="https://exemple.invalid/a"/></text>', []),
        ('<id nullFlavor="UNK"/>', ["SX-REF-10"]),
        ("", ["SX-REF-10"]),
    ],
)
def test_a_document_that_is_told_can_be_found(inner: str, expected: list[str]) -> None:
    reference = f'<reference typeCode="REFR"><externalDocument>{inner}</externalDocument></reference>'
    assert codes(check, section(f"<act>{reference}</act>")) == expected


def test_words_are_filled() -> None:
    document = cda(
        section(observation(f'<value xsi:type="CD">{said("#absent", "originalText")}</value>')),
        section(observation(more=said("#nulle-part") + said("Toux-1") + said("#toux-1") + said("#")), text=TEXT),
        section(
            observation(more=said("#Toux-1")), text='<content ID="Toux-1"/><renderMultiMedia referencedObject="z"/>'
        ),
        section('<observationMedia ID="m"/>', text='<linkHtml href="#z">x</linkHtml>'),
        section('<act><code nullFlavor="OTH"/><reference><externalDocument/></reference></act>'),
    )
    found = list(check(document))
    assert {one.code for one in found} == {rule.code for rule in RULES}
    words_are_whole(RULES, found)
