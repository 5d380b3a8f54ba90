"""Reports of validation: text, JSON, HTML, SARIF, JUnit. All say the same; the words are in French or in English."""

from __future__ import annotations

from semantix.model import Severity
from semantix.validation._findings import ValidationReport
from semantix.validation.report.figures import Conformity, Summary, Understanding, conformity_of, summary_of
from semantix.validation.report.junit import render_junit
from semantix.validation.report.machine import render_json
from semantix.validation.report.page import render_page
from semantix.validation.report.sarif import render_sarif
from semantix.validation.report.telling import Teller, Told, words_of
from semantix.validation.report.text import Line, text_lines
from semantix.validation.report.words import report_words

__all__ = [
    "KINDS",
    "Conformity",
    "Line",
    "Summary",
    "Teller",
    "Told",
    "Understanding",
    "conformity_of",
    "lines_of",
    "render",
    "summary_of",
    "words_of",
]

KINDS = ("text", "json", "html", "sarif", "junit")


def render(report: ValidationReport, lang: str, kind: str, *, fail_on: Severity = Severity.ERROR) -> str:
    """Write a report as one of KINDS; ``fail_on`` is the weight from which JUnit shows a finding as a failure."""
    teller = Teller(report_words(lang, typeset=kind == "html"))
    match kind:
        case "json":
            return render_json(report, teller)
        case "html":
            return render_page(report, teller)
        case "sarif":
            return render_sarif(report, teller)
        case "junit":
            return render_junit(report, teller, fail_on)
        case "text":
            return "".join(f"{line.text}\n" for line in text_lines(report, teller))
    raise ValueError(f"{kind!r} is not one of {', '.join(KINDS)}")


def lines_of(report: ValidationReport, lang: str) -> list[Line]:
    """Return the lines of the text, with how each looks, for a terminal."""
    return list(text_lines(report, Teller(report_words(lang))))
