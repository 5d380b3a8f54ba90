"""The verdicts in sentences: the same for the terminal, the page and the machines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from semantix import systems
from semantix.model import Severity
from semantix.validation._findings import Checked, Coverage, ValidationReport
from semantix.validation.report.figures import STATES, Conformity, Summary, Understanding
from semantix.validation.report.words import ReportWords

COUNTED: Mapping[str, str] = MappingProxyType(
    {Severity.ERROR: "errors", Severity.WARNING: "warnings", Severity.INFORMATION: "informations"}
)
"""The word for several findings of each severity."""


STYLE_OF: Mapping[str, str] = MappingProxyType(
    {
        Conformity.CONFORMANT: "good",
        Conformity.ACCEPTED: "good",
        Conformity.NOT_CONFORMANT: "error",
        Conformity.NOT_CHECKED: "unsure",
        Conformity.EMPTY: "unsure",
        Understanding.UNDERSTOOD: "good",
        Understanding.PARTLY: "warning",
        Understanding.NOT_UNDERSTOOD: "error",
        Understanding.UNCHECKED: "unsure",
        Understanding.NO_CODES: "unsure",
    }
)
"""How a verdict looks; the words say the same without colour."""


def conformity_sentences(summary: Summary, report: ValidationReport, words: ReportWords) -> Iterator[str]:
    """Say why the verdict on form and rules is what it is, and what it does not cover."""
    yield words(
        f"say_{summary.conformity}",
        errors=words.counted("errors", summary.findings.get(Severity.ERROR, 0)),
        documents=words.counted("in", summary.with_errors),
    )
    if summary.conformity is Conformity.EMPTY:
        return
    if summary.known:
        yield words.counted("known", summary.known) + "."
    if summary.official and report.ruleset:
        name = report.ruleset.title or report.ruleset.name
        theirs = summary.official_errors
        ours = summary.findings.get(Severity.ERROR, 0) - theirs
        errors = {"theirs": words.counted("errors", theirs), "ours": words.counted("errors", ours)}
        yield words("official_used", name=name, **errors)
    elif not summary.official and has_cda(report):
        yield words("no_official")


def understanding_sentences(summary: Summary, words: ReportWords) -> Iterator[str]:
    """Say why the verdict on the codes is what it is."""
    codes = summary.codes
    verdict = summary.understanding
    if verdict is Understanding.PARTLY and not codes.checked:
        verdict = Understanding.UNCHECKED
    elif verdict is Understanding.PARTLY and codes.known == codes.checked:
        verdict = Understanding.UNDERSTOOD
    if verdict is Understanding.UNCHECKED and codes.checked:
        yield words("say_few", checked=words.number(codes.checked), total=words.number(codes.total))
        return
    yield words(
        f"say_{verdict}",
        known=words.number(codes.known),
        checked=words.number(codes.checked),
        share=words.percent(codes.share),
    )
    if summary.meaning:
        yield words.counted("meaning_findings", summary.meaning)
    if codes.open and codes.checked:
        yield words.counted("unchecked_codes", codes.open)


def has_cda(report: ValidationReport) -> bool:
    """True when official rules would apply to a document."""
    return any(checked.format.startswith("CDA") for checked in report.documents)


def format_of(checked: Checked) -> str:
    """Name the format and version of a document."""
    name = checked.format.upper() if checked.format == "fhir" else checked.format
    return " ".join(filter(None, (name, checked.version))) or "–"


def system_words(key: str, words: ReportWords) -> tuple[str, str]:
    """Name a code system by its title; beside it, its OID or URI where it is not a known one."""
    if not key:
        return words("no_system"), ""
    known = next((system for system in systems.SYSTEMS if system.key == key), None) or systems.find(key)
    return (known.title, "") if known else (key, key)


def coverage_rows(coverage: Coverage) -> list[tuple[str, dict[str, int]]]:
    """List each system with its counts by state: the most frequent first."""
    rows = [(system, {state: counts.get(state, 0) for state in STATES}) for system, counts in coverage.counts.items()]
    return sorted(rows, key=lambda row: (-sum(row[1].values()), row[0]))


def worst_codes(coverage: Coverage) -> list[tuple[str, str, int]]:
    """List (system, code, count) of the codes to correct: the most frequent first."""
    rows = [(*key.rpartition("|")[::2], count) for key, count in coverage.worst.items()]
    return sorted(rows, key=lambda row: (-row[2], row[0], row[1]))
