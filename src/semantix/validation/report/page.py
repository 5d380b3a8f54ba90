"""The validation report as one HTML page: no script, nothing fetched; the verdict first, then what to correct."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from msgspec import Struct

from semantix.validation._findings import ValidationReport
from semantix.validation.report import page_pieces as pieces
from semantix.validation.report.causes import Cause, causes_of
from semantix.validation.report.figures import GRAVEST, STATES, Summary, summary_of
from semantix.validation.report.page_causes import causes_section
from semantix.validation.report.page_facts import (
    coverage_section,
    documents_section,
    layers_section,
    references_section,
    words_section,
)
from semantix.validation.report.page_pieces import bar, icon, section, swatch
from semantix.validation.report.sayings import (
    COUNTED,
    STYLE_OF,
    conformity_sentences,
    has_cda,
    understanding_sentences,
)
from semantix.validation.report.telling import Teller
from semantix.validation.report.words import ReportWords


class Result(Struct, frozen=True, kw_only=True):
    """One of the two results: its name, its verdict, why, and a bar with the parts that it was made from."""

    name: str
    verdict: str
    says: Sequence[str]
    parts: Sequence[tuple[str, str, int]]
    """(class of the bar, words, count)."""


def render_page(report: ValidationReport, teller: Teller) -> str:
    """Write the page."""
    words, summary = teller.words, summary_of(report)
    causes = causes_of(report, teller)
    sections = [
        ("verdict", words("verdict"), _verdict(report, summary, words)),
        ("codes", words("coverage"), coverage_section(summary, words)),
        ("findings", words("findings"), causes_section(causes, words, summary.known) if summary.total else ""),
        ("documents", words("documents"), documents_section(report, words)),
        ("checks", words("layers"), layers_section(report, words)),
        ("with", words("with"), references_section(report, words)),
        ("words", words("how_to_read"), words_section(words)),
    ]
    shown = [(anchor, title, body) for anchor, title, body in sections if body]
    body = (
        f'<a class="skip" href="#verdict">{escape(words("skip_verdict"))}</a>\n'
        + (f'<a class="skip" href="#findings">{escape(words("skip_findings"))}</a>\n' if summary.total else "")
        + f"{pieces.PATTERNS}\n{_header(report, summary, words)}\n{_contents(shown, causes, words)}\n<main>\n"
        + "\n".join(section(anchor, title, body) for anchor, title, body in shown)
        + f"\n</main>\n<footer><p>{escape(words('made_by'))} {escape(report.version)}. "
        f"{escape(words('no_patient_value'))}</p></footer>"
    )
    return pieces.page(words, words("title"), body)


def _header(report: ValidationReport, summary: Summary, words: ReportWords) -> str:
    parts = [words.day(report.day), words.counted("documents", summary.total)]
    if report.ruleset:
        parts.append(report.ruleset.title or report.ruleset.name)
    return f'<header>\n<h1>{escape(words("title"))}</h1>\n<p class="target">{escape(" · ".join(parts))}</p>\n</header>'


def _contents(sections: Sequence[tuple[str, str, str]], causes: Sequence[Cause], words: ReportWords) -> str:
    counts = {"findings": f" ({words.number(len(causes))})"}
    links = "".join(
        f'<li><a href="#{anchor}">{escape(words(f"to_{anchor}"))}{counts.get(anchor, "")}</a></li>'
        for anchor, _, _ in sections
    )
    return f'<nav aria-label="{escape(words("contents"))}"><ul>{links}</ul></nav>'


def _verdict(report: ValidationReport, summary: Summary, words: ReportWords) -> str:
    says = list(conformity_sentences(summary, report, words))
    if not summary.official and has_cda(report):
        says.append(words("no_official_how"))
    documents = [
        (f"state-{verdict}", words.plural(f"count_{verdict}", count), count)
        for verdict in reversed(GRAVEST)
        if (count := summary.documents.get(verdict, 0))
    ]
    states = dict.fromkeys(STATES, 0)
    for counts in summary.coverage.counts.values():
        for state, count in counts.items():
            states[state] = states.get(state, 0) + count
    results = (
        Result(name="conformity", verdict=summary.conformity, says=says, parts=documents),
        Result(
            name="understanding",
            verdict=summary.understanding,
            says=list(understanding_sentences(summary, words)),
            parts=[(state, words(state).lower(), states[state]) for state in STATES],
        ),
    )
    two = "\n".join(_result(result, words) for result in results)
    return f'<div class="two">\n{two}\n</div>\n{_figures(summary, words) if summary.total else ""}'


def _result(result: Result, words: ReportWords) -> str:
    style = STYLE_OF[result.verdict]
    parts = [part for part in result.parts if part[2]]
    says = "".join(f"<li>{escape(sentence)}</li>" for sentence in result.says)
    legend = "".join(
        f"<li>{swatch(kind)} <b>{words.number(count)}</b> {escape(text)}</li>" for kind, text, count in parts
    )
    drawn = bar([(kind, count) for kind, _, count in parts], 18) if parts else ""
    return (
        f'<div class="result {style}">\n<h3>{escape(words(result.name))}</h3>\n'
        f'<p class="note">{escape(words(f"{result.name}_note"))}</p>\n'
        f'<p class="answer">{icon(style)} {escape(words(f"is_{result.verdict}"))}</p>\n'
        f'<ul class="says">{says}</ul>\n'
        + (f'<div class="bar">{drawn}<ul class="legend">{legend}</ul></div>\n' if parts else "")
        + "</div>"
    )


def _figures(summary: Summary, words: ReportWords) -> str:
    counts = [(str(severity), key, summary.findings.get(severity, 0)) for severity, key in COUNTED.items()]
    items = [_figure(words, count, words.plural(key, count), style) for style, key, count in counts]
    if summary.known:
        items.append(_figure(words, summary.known, words.plural("known", summary.known), "unsure"))
    return f'<ul class="figures">{"".join(items)}</ul>'


def _figure(words: ReportWords, count: int, text: str, style: str) -> str:
    tone = style if count else f"{style} zero"
    return f'<li class="{tone}"><strong>{icon(style)} {words.number(count)}</strong> {escape(text)}</li>'
