"""A validation report as JSON: the schema is in ``docs/reference/validation-report.schema.json``."""

from __future__ import annotations

import msgspec

from semantix.validation._findings import Checked, Coverage, Finding, ValidationReport
from semantix.validation.report.figures import (
    STATES,
    Codes,
    Conformity,
    codes_of,
    conformity_of,
    meaning_findings,
    summary_of,
    understanding_of,
)
from semantix.validation.report.sayings import coverage_rows, system_words, worst_codes
from semantix.validation.report.telling import Teller

FORMAT = "semantix-validation-report/1"

Json = dict[str, object]


def render_json(report: ValidationReport, teller: Teller) -> str:
    """Write the whole report; the words are in the language of ``teller``, all the rest is the same in any."""
    summary = summary_of(report)
    verdicts = {str(verdict): summary.documents.get(verdict, 0) for verdict in Conformity if verdict != "empty"}
    value: Json = {
        "format": FORMAT,
        "semantix": report.version,
        "day": report.day,
        "language": teller.words.lang,
        "verdict": {
            "conformity": str(summary.conformity),
            "understanding": str(summary.understanding),
            "documents": {"total": summary.total, **verdicts},
            "findings": {key: summary.findings.get(key, 0) for key in ("error", "warning", "information")},
            "known": summary.known,
            "codes": _codes(summary.codes),
            "official_rules": summary.official,
        },
        "ruleset": report.ruleset,
        "terminologies": list(report.terms),
        "ignored": dict(sorted(report.ignored.items())),
        "coverage": _coverage(summary.coverage, teller),
        "rules": _rules(report, teller),
        "documents": [_document(checked, teller) for checked in report.documents],
    }
    return msgspec.json.format(msgspec.json.encode(value)).decode() + "\n"


def _codes(codes: Codes) -> Json:
    return {"total": codes.total, "checked": codes.checked, "known": codes.known, "unchecked": codes.open}


def _coverage(coverage: Coverage, teller: Teller) -> Json:
    return {
        "systems": [
            {"system": system, "title": system_words(system, teller.words)[0] if system else "", **counts}
            for system, counts in coverage_rows(coverage)
        ],
        "worst": [{"system": s, "code": code, "count": count} for s, code, count in worst_codes(coverage)],
    }


def _rules(report: ValidationReport, teller: Teller) -> Json:
    """Tell each rule with a finding, once; its counts are of the whole run."""
    rules: dict[str, Json] = {}
    counts: dict[str, int] = {}
    documents: dict[str, set[int]] = {}
    for index, checked in enumerate(report.documents):
        for found in checked.findings:
            if found.code not in rules:
                told = teller.tell(found)
                rules[found.code] = {"title": told.title, "why": told.why, "source": told.source}
            counts[found.code] = counts.get(found.code, 0) + 1
            documents.setdefault(found.code, set()).add(index)
    return {code: {**rules[code], "count": counts[code], "documents": len(documents[code])} for code in sorted(rules)}


def _document(checked: Checked, teller: Teller) -> Json:
    codes = codes_of(checked.coverage)
    return {
        "name": checked.name,
        "format": checked.format,
        "version": checked.version,
        "conformity": str(conformity_of(checked)),
        "understanding": str(understanding_of(codes, meaning_findings(checked.findings))),
        "layers": checked.layers,
        "codes": _codes(codes),
        "coverage": {
            system: {state: counts.get(state, 0) for state in STATES}
            for system, counts in sorted(checked.coverage.counts.items())
        },
        "known": checked.known,
        "findings": [_finding(found, teller) for found in checked.findings],
    }


def _finding(found: Finding, teller: Teller) -> Json:
    told = teller.tell(found)
    return {
        "code": found.code,
        "severity": str(found.severity),
        "layer": found.layer,
        "path": found.path,
        "line": found.line,
        "facts": dict(sorted(found.facts.items())),
        "found": told.found,
        "expected": told.expected,
        "fix": told.fix,
    }
