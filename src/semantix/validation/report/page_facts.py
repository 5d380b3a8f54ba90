"""The parts of the page that are figures: codes by system, documents, checks, what was checked against."""

from __future__ import annotations

from html import escape

from semantix.model import Severity
from semantix.validation._findings import Checked, ValidationReport
from semantix.validation.report.figures import (
    STATES,
    Codes,
    Conformity,
    LayerFigures,
    Summary,
    by_verdict,
    codes_of,
    layers_of,
)
from semantix.validation.report.page_pieces import Cell, bar, breakable, icon, number, swatch, table
from semantix.validation.report.sayings import (
    COUNTED,
    STYLE_OF,
    coverage_rows,
    format_of,
    system_words,
    worst_codes,
)
from semantix.validation.report.words import ReportWords

MAX_BARS = 20
MAX_CODES = 25
MAX_DOCUMENTS = 1_000


def coverage_section(summary: Summary, words: ReportWords) -> str:
    """Write the codes by system: bars, the same in figures, and the codes to correct first."""
    rows = coverage_rows(summary.coverage)
    if not rows:
        return ""
    met = [state for state in STATES if any(counts[state] for _, counts in rows)]
    legend = "".join(f"<li>{swatch(state)} {escape(words(state))}</li>" for state in met)
    bars = "\n".join(_bar(system, counts, words) for system, counts in rows[:MAX_BARS])
    return (
        f'<p>{escape(words("coverage_note"))}</p>\n<ul class="legend" aria-label="{escape(words("chart_title"))}">'
        f'{legend}</ul>\n<ul class="bars" aria-label="{escape(words("coverage"))}">\n{bars}\n</ul>\n'
        + _coverage_table(rows, words)
        + _worst(summary, words)
    )


def _bar(system: str, counts: dict[str, int], words: ReportWords) -> str:
    codes = _codes(counts)
    share = f"<b>{words.percent(codes.share)}</b> {escape(words('share').lower())}"
    if codes.is_mostly_open:
        share = escape(words("mostly_unchecked" if codes.checked else "unchecked").lower())
    return (
        f'<li><span class="system">{breakable(system_words(system, words)[0])}</span>{bar(list(counts.items()))}'
        f'<span class="share">{share} · {escape(words.counted("codes", codes.total))}</span></li>'
    )


def _codes(counts: dict[str, int]) -> Codes:
    return Codes(sum(counts.values()), counts["valid"] + counts["mapped"], counts["unchecked"])


def _coverage_table(rows: list[tuple[str, dict[str, int]]], words: ReportWords) -> str:
    heads = [Cell(words("system")), Cell(words("coded"), "number")]
    heads += [Cell(words(state), "number") for state in STATES] + [Cell(words("share"), "number")]
    cells = [[Cell(_system(system, words)), *_counts(counts, words)] for system, counts in rows]
    total = {state: sum(counts[state] for _, counts in rows) for state in STATES}
    return table(words("chart_title"), heads, cells, [Cell(escape(words("all_systems"))), *_counts(total, words)])


def _counts(counts: dict[str, int], words: ReportWords) -> list[Cell]:
    codes = _codes(counts)
    share = _share(codes, words)
    return [number(words, codes.total), *(number(words, counts[state]) for state in STATES), share]


def _share(codes: Codes, words: ReportWords) -> Cell:
    return Cell("–" if codes.is_mostly_open else words.percent(codes.share), "number")


def _system(system: str, words: ReportWords) -> str:
    return breakable(system_words(system, words)[0])


def _worst(summary: Summary, words: ReportWords) -> str:
    worst = worst_codes(summary.coverage)[:MAX_CODES]
    if not worst:
        return ""
    heads = [Cell(words("code")), Cell(words("system")), Cell(words("count"), "number")]
    rows = [
        [Cell(breakable(code), "code"), Cell(_system(system, words)), number(words, count)]
        for system, code, count in worst
    ]
    return f"<h3>{escape(words('worst'))}</h3>\n<p>{escape(words('worst_note'))}</p>\n" + table(
        words("worst"), heads, rows
    )


def documents_section(report: ValidationReport, words: ReportWords) -> str:
    """List the documents, those with errors first."""
    ranked = by_verdict(report)
    if not ranked:
        return ""
    with_known = any(checked.known for checked in report.documents)
    heads = [Cell(words("document")), Cell(words("conformity"))]
    heads += [Cell(words(key), "number") for key in (*COUNTED.values(), *(["known"] if with_known else []))]
    heads.append(Cell(words("share"), "number"))
    rows = [_document(checked, verdict, with_known, words) for verdict, checked in ranked[:MAX_DOCUMENTS]]
    more = len(ranked) - MAX_DOCUMENTS
    note = f'<p class="more">{escape(words.counted("more_documents", more))} {escape(words("all_in_json"))}</p>'
    return table(words("documents"), heads, rows) + (note if more > 0 else "")


def _document(checked: Checked, verdict: Conformity, with_known: bool, words: ReportWords) -> list[Cell]:
    style = STYLE_OF[verdict]
    counts = {severity: sum(found.severity == severity for found in checked.findings) for severity in Severity}
    codes = codes_of(checked.coverage)
    return [
        Cell(f"{breakable(checked.name)}<small>{escape(format_of(checked))}</small>", "name"),
        Cell(f'<span class="told-verdict {style}">{icon(style)} {escape(words(f"is_{verdict}"))}</span>'),
        *(number(words, counts[severity]) for severity in Severity),
        *([number(words, checked.known)] if with_known else []),
        _share(codes, words),
    ]


def layers_section(report: ValidationReport, words: ReportWords) -> str:
    """Say which checks were run, on how many documents and by what, and why others were not."""
    layers = layers_of(report)
    if not layers:
        return ""
    heads = [Cell(words("layer"))]
    heads += [Cell(words(key), "number") for key in ("run", "skipped", "failed")]
    heads += [Cell(words("engine")), Cell(words("reason"))]
    rows = [_layer(layer, words) for layer in layers]
    return f"<p>{escape(words('layers_note'))}</p>\n" + table(words("layers"), heads, rows)


def _layer(layer: LayerFigures, words: ReportWords) -> list[Cell]:
    reasons = [
        f"{escape(words(state))}{words.colon}{escape(words.why_not(reason))}"
        for state, reason in sorted(layer.reasons)
        if reason
    ]
    failed = number(words, layer.failed)
    if layer.failed:
        failed = Cell(f'<span class="told-verdict error">{icon("error")} {failed.html}</span>', failed.kind)
    kinds = f" ({words.counted('volets', len(layer.volets))})" if layer.volets else ""
    return [
        Cell(escape(f"{words.layer(layer.name)}{kinds}"), "check"),
        number(words, layer.run),
        number(words, layer.skipped),
        failed,
        Cell(escape(", ".join(sorted(layer.engines))) or "–"),
        Cell("<br>".join(reasons) or "–"),
    ]


def references_section(report: ValidationReport, words: ReportWords) -> str:
    """Name what was checked against, with versions."""
    ruleset = report.ruleset
    rules = escape(words("none"))
    if ruleset:
        digest = f'<span class="path">{breakable(words("digest", digest=ruleset.digest))}</span>'
        rules = f"{escape(ruleset.title or ruleset.name)} (<code>{escape(ruleset.name)}</code>)<br>{digest}"
    pairs = [
        (words("ruleset"), rules),
        (words("terminologies"), escape(", ".join(report.terms) or words("no_terms"))),
        (words("tool"), f"semantix {escape(report.version)}"),
        (words("day"), escape(words.day(report.day))),
    ]
    if report.ignored:
        kinds = ", ".join(f"{kind} ({words.number(count)})" for kind, count in sorted(report.ignored.items()))
        pairs.append((words("ignored"), escape(kinds)))
    items = "".join(f"<dt>{escape(head)}</dt><dd>{html}</dd>" for head, html in pairs)
    return f'<dl class="plain">{items}</dl>'


def words_section(words: ReportWords) -> str:
    """Explain the words of the page."""
    states = "".join(
        f"<dt>{swatch(state)} {escape(words(state))}</dt><dd>{escape(words(f'explain_{state}'))}</dd>"
        for state in STATES
    )
    severities = "".join(
        f'<dt><span class="told-verdict {severity}">{icon(severity)} {escape(words(severity))}</span></dt>'
        f"<dd>{escape(words(f'explain_{severity}'))}</dd>"
        for severity in map(str, Severity)
    )
    return (
        f"<p>{escape(words('explain_two'))}</p>\n<h3>{escape(words('severity'))}</h3>\n"
        f'<dl class="plain">{severities}</dl>\n<h3>{escape(words("codes"))}</h3>\n'
        f'<dl class="plain legend-list">{states}</dl>\n<p class="more">{escape(words("explain_rule"))}</p>'
    )
