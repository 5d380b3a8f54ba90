"""A validation report as plain lines for a terminal: the verdict first, then what to correct, most important first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from msgspec import Struct

from semantix.model import Severity
from semantix.validation._findings import Checked, ValidationReport
from semantix.validation.report.causes import Case, Cause, Place, causes_of
from semantix.validation.report.figures import (
    STATES,
    Summary,
    by_verdict,
    codes_of,
    conformity_of,
    layers_of,
    meaning_findings,
    summary_of,
    understanding_of,
)
from semantix.validation.report.sayings import (
    COUNTED,
    STYLE_OF,
    conformity_sentences,
    coverage_rows,
    format_of,
    has_cda,
    system_words,
    understanding_sentences,
    worst_codes,
)
from semantix.validation.report.telling import SAID, Teller, Told, differing
from semantix.validation.report.words import ReportWords

EXAMPLES = 3
MOST_BESIDE = 3
MAX_DOCUMENTS = 20
MAX_CAUSES = 40
MAX_SYSTEMS = 15
MAX_CODES = 10


class Line(Struct, frozen=True):
    """One line: ``style`` is ``title``, ``good``, ``error``, ``warning``, ``information``, ``unsure``, or nothing."""

    text: str
    style: str = ""


def text_lines(report: ValidationReport, teller: Teller) -> Iterator[Line]:
    """Tell a report line by line."""
    words, summary = teller.words, summary_of(report)
    yield from _verdicts(report, summary, words)
    if summary.total:
        yield from _documents(report, words)
        yield from _causes(causes_of(report, teller, EXAMPLES), summary, words)
        yield from _coverage(summary, words)
        yield from _layers(report, words)
    yield Line("")
    yield Line(words("explain_rule") if summary.findings else words("no_patient_value"))


def _verdicts(report: ValidationReport, summary: Summary, words: ReportWords) -> Iterator[Line]:
    count = words.counted("documents", summary.total)
    yield Line(f"{words('title')} · {report.day} · {count}", "title")
    yield Line("")
    told = (
        ("conformity", summary.conformity, conformity_sentences(summary, report, words)),
        ("understanding", summary.understanding, understanding_sentences(summary, words)),
    )
    for name, verdict, sentences in told:
        yield Line(f"{words(name)}{words.colon}{words(f'is_{verdict}').upper()}", STYLE_OF[verdict])
        for sentence in sentences:
            yield Line(f"  {sentence}")
        if name == "conformity" and not summary.official and has_cda(report):
            yield Line(f"  {words('no_official_how')}")


def _documents(report: ValidationReport, words: ReportWords) -> Iterator[Line]:
    yield from _title(words("documents"))
    ranked = by_verdict(report)
    shown = ranked[:MAX_DOCUMENTS]
    lines = _table([_document(checked, words) for _, checked in shown])
    yield from (Line(text, STYLE_OF[verdict]) for text, (verdict, _) in zip(lines, shown, strict=True))
    if len(ranked) > MAX_DOCUMENTS:
        yield Line(f"  {words.counted('more_documents', len(ranked) - MAX_DOCUMENTS)}")


def _document(checked: Checked, words: ReportWords) -> list[str]:
    counts = [
        words.counted(key, count)
        for severity, key in COUNTED.items()
        if (count := sum(found.severity == severity for found in checked.findings))
    ]
    understanding = understanding_of(codes_of(checked.coverage), meaning_findings(checked.findings))
    return [
        words(f"is_{conformity_of(checked)}"),
        words(f"codes_{understanding}"),
        checked.name,
        format_of(checked),
        ", ".join(counts),
    ]


def _causes(causes: Sequence[Cause], summary: Summary, words: ReportWords) -> Iterator[Line]:
    """The causes, gravest first; of several documents, remarks are one line each: they are many, nothing is wrong."""
    yield from _title(words("findings"))
    if not causes:
        yield Line(f"  {words('no_new_finding' if summary.known else 'no_finding')}", "good")
    shown = causes[:MAX_CAUSES]
    in_short = [cause for cause in shown if summary.total > 1 and cause.severity == Severity.INFORMATION]
    for cause in shown[: len(shown) - len(in_short)]:
        yield from _cause(cause, words)
    if in_short:
        yield Line("")
    yield from (_head(cause, words) for cause in in_short)
    if len(causes) > len(shown):
        yield Line("")
        yield Line(f"  {words.counted('more_causes', len(causes) - len(shown))} {words('all_in_page')}")


def _head(cause: Cause, words: ReportWords) -> Line:
    count = f"{words.counted('times', cause.count)} {words.counted('in', len(cause.documents))}"
    return Line(f"  {words(cause.severity)} {cause.code}  {cause.title} ({count})", cause.severity)


def _cause(cause: Cause, words: ReportWords) -> Iterator[Line]:
    yield Line("")
    yield _head(cause, words)
    cases = cause.by_count()
    varying = differing(case.told for case in cases)
    for key in SAID:
        text = getattr(cases[0].told, key)
        if text and key not in varying and cause.code not in text and text.rstrip(".") != cause.title.rstrip("."):
            yield Line(f"      {words(key)}{words.colon}{text}")
    if cause.beside:
        yield Line(f"      {words('beside')}{words.colon}{', '.join(cause.beside[:MOST_BESIDE])}")
    places = _examples(cases)
    for told, place in places:
        yield Line("      - " + "  ".join([*(getattr(told, key) for key in varying), _place(place, words)]))
    if cause.count > len(places):
        yield Line(f"      {words.counted('more_places', cause.count - len(places))}")


def _examples(cases: Sequence[Case]) -> list[tuple[Told, Place]]:
    """The first places, one of each case before a second one of any."""
    rounds = range(max(len(case.places) for case in cases))
    taken = ((case.told, case.places[n]) for n in rounds for case in cases if n < len(case.places))
    return list(islice(taken, EXAMPLES))


def _place(place: Place, words: ReportWords) -> str:
    line = words("line", line=place.line) if place.line else ""
    return "  ".join(
        filter(None, (", ".join(filter(None, (place.document, line))), words.place(place.path, place.line)))
    )


def _coverage(summary: Summary, words: ReportWords) -> Iterator[Line]:
    rows = coverage_rows(summary.coverage)
    if not rows:
        return
    yield from _title(words("coverage"))
    heads = [words("system"), words("coded"), *(words(state) for state in STATES)]
    table = [
        [
            system_words(system, words)[0],
            words.number(sum(counts.values())),
            *(words.number(n) for n in counts.values()),
        ]
        for system, counts in rows[:MAX_SYSTEMS]
    ]
    yield from (Line(text) for text in _table([heads, *table], numbers=len(STATES) + 1))
    if len(rows) > MAX_SYSTEMS:
        yield Line(f"  {words.counted('more_systems', len(rows) - MAX_SYSTEMS)}")
    worst = worst_codes(summary.coverage)[:MAX_CODES]
    if worst:
        yield from _title(words("worst"))
        cells = [[f"{code}", system_words(system, words)[0], words.number(count)] for system, code, count in worst]
        yield from (Line(text) for text in _table(cells, numbers=1))


def _layers(report: ValidationReport, words: ReportWords) -> Iterator[Line]:
    yield from _title(words("layers"))
    rows, styles = [[words("layer"), words("run"), words("skipped"), words("failed"), words("reason")]], [""]
    for layer in layers_of(report):
        reasons = ", ".join(dict.fromkeys(words.why_not(reason) for _, reason in layer.reasons if reason))
        counts = (words.number(n) for n in (layer.run, layer.skipped, layer.failed))
        kinds = f" ({words.counted('volets', len(layer.volets))})" if layer.volets else ""
        rows.append([f"{words.layer(layer.name)}{kinds}", *counts, reasons])
        styles.append("unsure" if layer.failed else "")
    yield from (Line(text, style) for text, style in zip(_table(rows), styles, strict=True))
    ruleset = report.ruleset
    yield Line("")
    name = (
        f"{ruleset.title or ruleset.name}, {words('digest', digest=ruleset.digest[:12])}" if ruleset else words("none")
    )
    yield Line(f"  {words('ruleset')}{words.colon}{name}")
    yield Line(f"  {words('terminologies')}{words.colon}{', '.join(report.terms) or words('no_terms')}")


def _title(text: str) -> Iterator[Line]:
    yield Line("")
    yield Line(text, "title")


def _table(rows: Sequence[Sequence[str]], numbers: int = 0) -> Iterable[str]:
    """Align the cells of rows; the last ``numbers`` columns hold figures."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))] if rows else []
    for row in rows:
        first = len(row) - numbers
        cells = (
            cell.rjust(width) if index >= first else cell.ljust(width)
            for index, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        yield ("  " + "  ".join(cells)).rstrip()
