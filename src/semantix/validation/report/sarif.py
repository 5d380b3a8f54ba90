"""A validation report as SARIF 2.1.0, which code hosts show beside the lines of a file.

Source: OASIS, Static Analysis Results Interchange Format 2.1.0; what a host needs more is in its own documentation
(a line for each place, a fingerprint that survives edits).
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from urllib.parse import quote

import msgspec

from semantix.model import Severity
from semantix.validation._findings import Checked, Finding, LayerRun, ValidationReport
from semantix.validation.baseline import Key, key_of
from semantix.validation.report.figures import topic_of
from semantix.validation.report.telling import Teller, Told

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS: Mapping[str, str] = MappingProxyType(
    {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFORMATION: "note"}
)
_LANGUAGE = {"en": "en-GB", "fr": "fr-FR"}
_SECOND_DOCUMENT = re.compile(r"#\d+$")
_ADDRESS = re.compile(r"https?://[^\s,;)»”]+")
_DRIVE = re.compile(r"[A-Za-z]:/")

Json = dict[str, object]


def render_sarif(report: ValidationReport, teller: Teller) -> str:
    """Write one run: rules with their help, results with a file, a line, an XPath and a fingerprint."""
    rules = _Rules(teller)
    results = [result for checked in report.documents for result in _results(checked, rules)]
    run: Json = {
        "tool": {"driver": _driver(report, rules)},
        "language": _LANGUAGE[teller.words.lang],
        "columnKind": "unicodeCodePoints",
        "automationDetails": {"id": "semantix/validate/"},
        "invocations": [_invocation(report, teller)],
        "artifacts": [{"location": {"uri": uri}} for uri in _unique(uri_of(c.name) for c in report.documents)],
        "results": results,
    }
    value = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return msgspec.json.format(msgspec.json.encode(value)).decode() + "\n"


def uri_of(name: str) -> str:
    """Return the relative URI of a document’s file: as the path was given, a file of an archive below its archive."""
    path = _SECOND_DOCUMENT.sub("", name).replace("\\", "/")
    if _DRIVE.match(path):
        return "file:///" + quote(path, safe="/:")
    return ("file://" if path.startswith("/") else "") + quote(path.removeprefix("./"))


class _Rules:
    """The rules met, in the order in which they are met."""

    def __init__(self, teller: Teller) -> None:
        self.teller = teller
        self.index: dict[str, int] = {}
        self.described: list[Json] = []

    def of(self, finding: Finding, told: Told) -> int:
        """The place of the rule of a finding in the list."""
        if finding.code not in self.index:
            self.index[finding.code] = len(self.described)
            self.described.append(self._describe(finding, told))
        return self.index[finding.code]

    def _describe(self, finding: Finding, told: Told) -> Json:
        rule = self.teller.rule(finding.code)
        words = self.teller.words
        severity = rule.severity if rule and rule.code == finding.code else finding.severity
        parts = [(words("why"), told.why), (words("source"), told.source)]
        said = [(head, text) for head, text in parts if text]
        described: Json = {
            "id": finding.code,
            "shortDescription": {"text": told.title},
            "fullDescription": {"text": " ".join(filter(None, (told.title.rstrip(".") + ".", told.why)))},
            "help": {
                "text": "\n".join(f"{head}{words.colon}{text}" for head, text in said) or told.title,
                "markdown": "\n\n".join(f"**{head}**{words.colon}{text}" for head, text in said) or told.title,
            },
            "defaultConfiguration": {"level": LEVELS[severity]},
            "properties": {"tags": [topic_of(finding.code), finding.layer]},
        }
        address = _ADDRESS.search(told.source)
        if address:
            described["helpUri"] = address[0].rstrip(".")
        return described


def _driver(report: ValidationReport, rules: _Rules) -> Json:
    driver: Json = {"name": "semantix", "version": report.version, "rules": rules.described}
    properties: Json = {"day": report.day, "terminologies": list(report.terms)}
    if report.ruleset:
        properties["ruleset"] = {"name": report.ruleset.name, "sha256": report.ruleset.digest}
    return driver | {"properties": properties}


def _invocation(report: ValidationReport, teller: Teller) -> Json:
    failed = [(checked, run) for checked in report.documents for run in checked.layers if run.state == "failed"]
    return {
        "executionSuccessful": not failed,
        "toolExecutionNotifications": [_notification(checked, run, teller) for checked, run in failed],
    }


def _notification(checked: Checked, run: LayerRun, teller: Teller) -> Json:
    words = teller.words
    text = f"{words.layer(run.name)}{words.colon}{words('failed')}. {words.why_not(run.reason)}"
    return {
        "level": "error",
        "message": {"text": text},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": uri_of(checked.name)}}}],
    }


def _results(checked: Checked, rules: _Rules) -> Iterator[Json]:
    met: Counter[Key] = Counter()
    words = rules.teller.words
    for finding in checked.findings:
        told = rules.teller.tell(finding)
        key = key_of(finding, checked.name)
        met[key] += 1
        parts = [told.found]
        parts += [f"{words(name)}{words.colon}{text}" for name, text in _advice(told) if text]
        yield {
            "ruleId": finding.code,
            "ruleIndex": rules.of(finding, told),
            "level": LEVELS[finding.severity],
            "message": {"text": "\n".join(parts)},
            "locations": [_location(checked, finding)],
            "partialFingerprints": _fingerprints(key, met[key]),
        }


def _advice(told: Told) -> Iterable[tuple[str, str]]:
    return ("expected", told.expected), ("fix", told.fix)


def _location(checked: Checked, finding: Finding) -> Json:
    """Where a finding is; hosts want a line, so a finding without one is on the first."""
    location: Json = {
        "physicalLocation": {
            "artifactLocation": {"uri": uri_of(checked.name)},
            "region": {"startLine": max(finding.line or 1, 1)},
        }
    }
    if finding.path:
        location["logicalLocations"] = [{"fullyQualifiedName": finding.path, **_kind(finding.path)}]
    return location


def _kind(path: str) -> dict[str, str]:
    if not path.startswith("/"):
        return {}
    return {"kind": "attribute" if path.rpartition("/")[2].startswith("@") else "element"}


def _fingerprints(key: Key, number: int) -> dict[str, str]:
    digest = hashlib.sha256(msgspec.json.encode(key)).hexdigest()[:32]
    return {"primaryLocationLineHash": f"{digest}:{number}", "semantixFinding/v1": f"{digest}:{number}"}


def _unique(values: Iterable[str]) -> Iterable[str]:
    return dict.fromkeys(values)
