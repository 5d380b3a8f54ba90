"""The XSD of a rule set: what is found, where, and never a value of the document."""

import shutil
from pathlib import Path

import pytest
from lxml import etree
from tests.unit.validation.rulesets.rule_set import MINIATURE, SKY, VSM, WEATHER, document

from semantix.errors import BadRuleSet
from semantix.validation.rulesets import words
from semantix.validation.rulesets.layout import XSD
from semantix.validation.rulesets.xsd import Xsd, _element, _short

SECTION = "<section>{}</section>"
BODY = "/ClinicalDocument[1]/component[1]/structuredBody[1]"
XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
RULES = {rule.code: rule for rule in words.RULES}


@pytest.fixture(scope="module")
def schema() -> Xsd:
    return Xsd.load(MINIATURE)


def observation(attributes: str = 'moodCode="EVN"', content: str = '<code code="A"/>') -> etree._Element:
    return document(WEATHER.format(f"<observation {attributes}>{content}</observation>"))


def test_a_document_that_conforms_has_no_finding(schema):
    assert schema.check(document()) == ()


OBSERVATION = f"{BODY}/section[1]/observation[1]"
CASES = [
    (document("<paragraph>DUPONT</paragraph>"), "SX-XSD-01", f"{BODY}/paragraph[1]", "section"),
    (
        document("<section><title>DUPONT</title></section>"),
        "SX-XSD-01",
        f"{BODY}/section[1]/title[1]",
        "templateId, code",
    ),
    (document(WEATHER.format(SKY) + "<x:y xmlns:x='urn:x'/>"), "SX-XSD-01", f"{BODY}/y[1]", "section"),
    (document("<section/>"), "SX-XSD-02", f"{BODY}/section[1]", "templateId, code"),
    (observation('moodCode="EVN" who="DUPONT"'), "SX-XSD-03", f"{OBSERVATION}/@who", None),
    (observation(""), "SX-XSD-04", OBSERVATION, None),
    (observation('moodCode="DUPONT"'), "SX-XSD-05", f"{OBSERVATION}/@moodCode", "EVN, RQO"),
    (observation('moodCode="EVN" uses="EVN DUPONT"'), "SX-XSD-05", f"{OBSERVATION}/@uses", "EVN, RQO; Moods"),
    (observation(content='<code code="DU PONT"/>'), "SX-XSD-05", f"{OBSERVATION}/code[1]/@code", "[^\\s]+"),
    (document(time="hier"), "SX-XSD-05", "/ClinicalDocument[1]/effectiveTime[1]/@value", "[0-9]{4,14}"),
    (
        observation(content='<code code="A"/><value xsi:type="PQ" value="DUPONT"/>'),
        "SX-XSD-05",
        f"{OBSERVATION}/value[1]/@value",
        "xs:decimal",
    ),
    (observation(content='<code code="A">DUPONT</code>'), "SX-XSD-06", f"{OBSERVATION}/code[1]", None),
    (observation(content='<code code="A"/>DUPONT'), "SX-XSD-06", OBSERVATION, None),
    (observation(content='<code code="A"/><value/>'), "SX-XSD-07", f"{OBSERVATION}/value[1]", None),
    (observation(content='<code code="A"/><value xsi:type="DUPONT"/>'), "SX-XSD-07", f"{OBSERVATION}/value[1]", None),
    (observation(content='<code code="A"/><value xsi:type="II"/>'), "SX-XSD-07", f"{OBSERVATION}/value[1]", None),
    (observation(content='<code code="A"/><value xsi:type="q:PQ"/>'), "SX-XSD-07", f"{OBSERVATION}/value[1]", None),
    (observation('moodCode="EVN" xsi:nil="true"'), "SX-XSD-08", OBSERVATION, None),
]


@pytest.mark.parametrize(("root", "code", "path", "expected"), CASES)
def test_each_way_to_break_the_schema_has_its_code_and_place(schema, root, code, path, expected):
    found = schema.check(root)
    assert (found[0].code, found[0].path, found[0].layer) == (code, path, "xsd")
    if expected is not None:
        assert found[0].facts["expected"] == expected
    assert "DUPONT" not in str(found).replace("DU PONT", "DUPONT")
    assert len({(each.code, each.path) for each in found}) == len(found)


@pytest.mark.parametrize(("root", "code"), [each[:2] for each in CASES])
def test_the_words_are_filled_by_the_facts(schema, root, code):
    facts = schema.check(root)[0].facts
    for text in (RULES[code].found, RULES[code].expected, RULES[code].fix):
        assert all(words.format(**facts) for words in text)


def test_a_place_has_its_line(schema):
    text = (
        etree.tostring(document(), encoding="unicode").replace("<section>", "\n\n<section>").replace("SKY", "S KY", 1)
    )
    assert [each.line for each in schema.check(etree.fromstring(text))] == [3]


def test_nothing_more_is_allowed_where_the_schema_ends(schema):
    root = document(templates=VSM)
    etree.SubElement(root, "{urn:hl7-org:v3}author")
    assert schema.check(root)[0].facts == {"element": "author", "expected": "∅", "parent": "ClinicalDocument"}


def test_a_document_inside_another_is_checked_alone(schema):
    root = etree.fromstring("<page><head/></page>")
    root.append(document(time="hier"))
    (found,) = schema.check(root[1])
    assert found.path == "/page[1]/ClinicalDocument[1]/effectiveTime[1]/@value"


def test_another_root_is_told(schema):
    (found,) = schema.check(etree.fromstring("<letter xmlns='urn:hl7-org:v3'>DUPONT</letter>"))
    assert (found.code, found.facts) == ("SX-XSD-08", {"element": "letter", "clause": "cvc_elt_1"})


@pytest.mark.parametrize(
    "location", ["../../../secret.xsd", "http://localhost/x.xsd", "/etc/x.xsd", "file:///etc/x.xsd"]
)
def test_a_schema_that_reads_outside_of_the_rule_set_is_not_loaded(tmp_path, location):
    top = Path(shutil.copytree(MINIATURE, tmp_path / "set"))
    (tmp_path / "secret.xsd").write_text("<secret/>")
    text = (top / XSD).read_text("utf-8").replace("general/types.xsd", location)
    (top / XSD).write_text(text, "utf-8")
    with pytest.raises(BadRuleSet, match="outside of the rule set"):
        Xsd.load(top)


@pytest.mark.parametrize(
    "text", ["", "<a>", "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'><xs:nonsense/></xs:schema>"]
)
def test_a_damaged_schema_is_told(tmp_path, text):
    top = Path(shutil.copytree(MINIATURE, tmp_path / "set"))
    (top / XSD).write_text(text)
    with pytest.raises(BadRuleSet, match="install the whole rule set again"):
        Xsd.load(top)


def test_a_part_that_is_not_there_stops_the_schema_that_needs_it(tmp_path):
    top = Path(shutil.copytree(MINIATURE, tmp_path / "set"))
    shutil.rmtree(top / "infrastructure" / "cda" / "general")
    with pytest.raises(BadRuleSet, match="install the whole rule set again"):
        Xsd.load(top)


def test_every_rule_has_its_words_in_both_languages():
    assert len(RULES) == len(words.RULES)
    for rule in words.RULES:
        assert all(text[0] and text[1] for text in (rule.title, rule.found, rule.fix, rule.why))
        assert bool(rule.expected[0]) is bool(rule.expected[1])


@pytest.mark.parametrize("path", [None, "", "/*/*[9]", "/*/[", "/*/q:id"])
def test_a_place_that_is_not_there_is_none(path):
    assert _element(document(), path) is None


def test_a_long_list_is_cut_between_its_names():
    text = ", ".join(f"name{number}" for number in range(100))
    cut = _short(text)
    assert len(cut) < 310
    assert text.startswith(cut.removesuffix(", …"))
    assert _short("x" * 400) == "x" * 300 + ", …"
