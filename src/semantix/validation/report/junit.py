"""A validation report as JUnit XML, which every CI shows: one suite a document, one case a rule or a layer.

A layer in which nothing was found is a case that passes; each rule with a finding is a case that fails (or passes with
its findings as output, when they weigh less than what fails the run); a layer that does not apply is skipped, one that
could not be finished is an error. Source: the schema of the Jenkins xUnit plugin (junit-10.xsd), as pytest writes it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lxml import etree

from semantix.model import Severity
from semantix.validation._findings import Checked, Finding, LayerRun, ValidationReport
from semantix.validation.report.figures import ORDER
from semantix.validation.report.sayings import format_of
from semantix.validation.report.telling import SAID, Teller, differing
from semantix.validation.report.words import ReportWords

_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
Element = etree._Element


def render_junit(report: ValidationReport, teller: Teller, fail_on: Severity) -> str:
    """Write the report; findings that weigh ``fail_on`` or more are failures."""
    root = etree.Element("testsuites", name="semantix validate")
    for checked in report.documents:
        root.append(_suite(checked, report, teller, fail_on))
    for key in ("tests", "failures", "errors"):
        root.set(key, str(sum(int(suite.get(key, "0")) for suite in root)))
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True).decode()


def _suite(checked: Checked, report: ValidationReport, teller: Teller, fail_on: Severity) -> Element:
    suite = etree.Element("testsuite", name=_plain(checked.name))
    properties = etree.SubElement(suite, "properties")
    facts = {"format": format_of(checked), "known findings": str(checked.known)}
    if report.ruleset:
        facts["ruleset"] = f"{report.ruleset.name} sha256:{report.ruleset.digest}"
    for name, value in facts.items():
        etree.SubElement(properties, "property", name=name, value=_plain(value))
    groups = _by_rule(checked.findings)
    speaking = {finding.layer for findings in groups for finding in findings}
    cases = [_rule_case(findings, checked, teller, fail_on) for findings in groups]
    cases += [_layer_case(run, checked, teller.words) for run in checked.layers if _is_case(run, speaking)]
    suite.extend(cases)
    suite.set("tests", str(len(cases)))
    for key, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(key, str(len(suite.findall(f"testcase/{tag}"))))
    suite.set("time", "0")
    suite.set("timestamp", f"{report.day}T00:00:00")
    return suite


def _is_case(run: LayerRun, speaking: set[str]) -> bool:
    """True for a layer that says something which no finding says."""
    return run.state != "run" or run.name not in speaking


def _by_rule(findings: Sequence[Finding]) -> list[list[Finding]]:
    groups: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        groups.setdefault((finding.code, str(finding.severity)), []).append(finding)
    return [groups[key] for key in sorted(groups, key=lambda key: (ORDER[key[1]], key[0]))]


def _rule_case(findings: Sequence[Finding], checked: Checked, teller: Teller, fail_on: Severity) -> Element:
    first = findings[0]
    told = teller.tell(first)
    case = _case(checked, f"{first.code} {told.title}")
    words = teller.words
    count = words.counted("findings", len(findings))
    body = "\n".join(_lines(findings, teller))
    if ORDER[str(first.severity)] <= ORDER[fail_on]:
        failure = etree.SubElement(case, "failure", type=str(first.severity), message=_plain(f"{told.title} ({count})"))
        failure.text = _plain(body)
    else:
        etree.SubElement(case, "system-out").text = _plain(f"{words(str(first.severity))}, {count}\n{body}")
    return case


def _lines(findings: Sequence[Finding], teller: Teller) -> Iterator[str]:
    words = teller.words
    told = [teller.tell(finding) for finding in findings]
    varying = differing(told)
    for key in (*SAID, "why", "source"):
        text = getattr(told[0], key)
        if text and key not in varying:
            yield f"{words(key)}{words.colon}{text}"
    yield ""
    for finding, one in zip(findings, told, strict=True):
        line = words("line", line=finding.line) if finding.line else ""
        place = " ".join(filter(None, (line, words.place(finding.path, finding.line))))
        yield "  ".join([f"- {place}", *(getattr(one, key) for key in varying)])


def _layer_case(run: LayerRun, checked: Checked, words: ReportWords) -> Element:
    case = _case(checked, words.layer(run.name))
    reason = _plain(words.why_not(run.reason))
    if run.state == "failed":
        etree.SubElement(case, "error", type="not-finished", message=f"{words('failed')}{words.colon}{reason}")
    elif run.state == "skipped":
        etree.SubElement(case, "skipped", message=reason)
    return case


def _case(checked: Checked, name: str) -> Element:
    return etree.Element("testcase", classname=_plain(checked.name), name=_plain(name), time="0")


def _plain(text: str) -> str:
    """Replace what XML cannot hold: names of files may have anything."""
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
