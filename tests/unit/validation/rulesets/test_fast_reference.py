"""The rows of our tests of expressions, given to the reference engine where it is installed."""

import html

import pytest
from tests.unit.validation.rulesets.test_fast_expressions import DOCUMENT, ERROR, NAMESPACES, TRUTHS, VALUES

saxonche = pytest.importorskip("saxonche")
# Where we stop and the reference goes on: a rule is then said to be in error, never passed.
CAREFUL = {"for $a in @a return $a/.."}
# Of XSLT, not of XPath: the bare processor does not know them.
XSLT_ONLY = ("current()", "document(")
NO_FILES = ("doc('",)


@pytest.fixture(scope="module")
def reference():
    """A processor of XPath 2 on the document of the tests."""
    processor = saxonche.PySaxonProcessor(license=False)
    xpath = processor.new_xpath_processor()
    xpath.set_language_version("2.0")
    for prefix, uri in {**NAMESPACES, "xs": "http://www.w3.org/2001/XMLSchema"}.items():
        xpath.declare_namespace(prefix, uri)
    root = processor.parse_xml(xml_text=DOCUMENT).children[0]
    xpath.set_context(xdm_item=root)
    return xpath


def evaluated(xpath, text: str) -> list[str] | str:
    try:
        found = xpath.evaluate(text)
    except saxonche.PySaxonApiError:
        return ERROR
    return [] if found is None else [found.item_at(place).string_value for place in range(found.size)]


def held(xpath, text: str) -> bool | str:
    try:
        return xpath.effective_boolean_value(text)
    except saxonche.PySaxonApiError:
        return ERROR


def test_the_reference_gives_the_values_that_we_expect(reference):
    rows = {html.unescape(text): expected for text, expected in VALUES if not any(each in text for each in XSLT_ONLY)}
    found = {text: evaluated(reference, text) for text in rows.keys() - CAREFUL}
    assert {text: (rows[text], value) for text, value in found.items() if value != rows[text]} == {}


def test_the_reference_holds_true_what_we_expect(reference):
    left_out = XSLT_ONLY + NO_FILES
    rows = {html.unescape(text): expected for text, expected in TRUTHS if not any(each in text for each in left_out)}
    found = {text: held(reference, text) for text in rows.keys() - CAREFUL}
    assert {text: (rows[text], value) for text, value in found.items() if value != rows[text]} == {}
