"""The report as one HTML page: verdict first, then what fails with why and what to do; no script, nothing fetched."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from semantix.quality.explanations import explain
from semantix.quality.outcomes import ERROR, STATUSES, Result
from semantix.quality.running import QualityRun
from semantix.quality.tallies import Tally, by_check, by_reason, failures, tally
from semantix.quality.text import counts_in_words, figures, overview_heads, overview_rows, place_of, verdict
from semantix.quality.words import KINDS_OF_REASON, QualityWords
from semantix.report.pieces import Cell, html_page, html_section, html_table


def render_quality(run: QualityRun, words: QualityWords, version: str) -> str:
    """Write the page in the language of ``words``."""
    sections = (
        _verdict(run, words),
        _overview(run, words),
        _failures(run, words),
        _errors(run, words),
        _inapplicable(run, words),
        _checks(run, words),
        _made_with(run, words),
    )
    return html_page(
        words.lang,
        words("title"),
        words("subtitle", database=run.database, engine=run.engine, schema=run.schema),
        sections,
        f"{words('made_by')} {version}. {words('holds')}",
    )


def _verdict(run: QualityRun, words: QualityWords) -> str:
    counted = tally(run.results)
    sentences = "".join(f"<p>{escape(sentence)}</p>" for sentence in verdict(run, words))
    cards = "".join(_card(getattr(counted, status), words(f"cards_{status}"), words) for status in STATUSES)
    return html_section(words("verdict"), f'{sentences}<ul class="cards">{cards}</ul>')


def _card(number: int, meaning: str, words: QualityWords) -> str:
    return f"<li><strong>{words.number(number)}</strong><span>{escape(meaning)}</span></li>"


def _overview(run: QualityRun, words: QualityWords) -> str:
    first, *others = overview_heads(words)
    heads = [("", first), *(("number", head) for head in others)]
    rows = [_figures(escape(name), counted, words) for name, counted in overview_rows(run, words)]
    return html_section(words("overview"), html_table(words("overview"), heads, rows))


def _figures(name: str, counted: Tally, words: QualityWords) -> list[Cell]:
    return [("", name), *(("number", figure) for figure in figures(counted, words))]


def _failures(run: QualityRun, words: QualityWords) -> str:
    groups = failures(run.results)
    return html_section(words("failures"), "".join(_failing(group, words) for group in groups)) if groups else ""


def _failing(group: Sequence[Result], words: QualityWords) -> str:
    kind = group[0].check.kind
    explanation = explain(kind.name)
    title = words.choose(explanation.title)
    told = "".join(
        f"<dt>{escape(words(key))}</dt><dd>{escape(words.choose(text))}</dd>"
        for key, text in (("why", explanation.why), ("fix", explanation.fix))
    )
    heads = [
        ("", words("place")),
        *(("number", words(key)) for key in ("violated", "denominator", "percent", "threshold")),
    ]
    return (
        f"<h3>{escape(title)} ({escape(kind.name)}, {escape(words(kind.severity))})</h3>\n<dl>{told}</dl>\n"
        + html_table(title, heads, [_counts(result, words) for result in group])
    )


def _counts(result: Result, words: QualityWords) -> list[Cell]:
    counted = result.counted
    place = ("name", escape(place_of(result)))
    if counted.violated is None or counted.denominator is None:
        return [place, *[("number", "–")] * 3, ("number", escape(words.limit(result)))]
    return [
        place,
        ("number", words.number(counted.violated)),
        ("number", words.number(counted.denominator)),
        ("number", escape(words.hundredths(result.share * 100))),
        ("number", escape(words.limit(result))),
    ]


def _errors(run: QualityRun, words: QualityWords) -> str:
    errors = [result for result in run.results if result.status == ERROR]
    if not errors:
        return ""
    rows = [
        [
            ("name", escape(place_of(result))),
            ("", escape(result.check.kind.name)),
            ("", escape(counts_in_words(result, words))),
        ]
        for result in errors
    ]
    heads = [("", words(key)) for key in ("place", "check", "message")]
    return html_section(words("errors"), html_table(words("errors"), heads, rows))


def _inapplicable(run: QualityRun, words: QualityWords) -> str:
    reasons = by_reason(run.results)
    if not reasons:
        return ""
    rows = [
        [
            ("", escape(words.choose(KINDS_OF_REASON[reason]))),
            ("number", words.number(len(some))),
            ("", escape(", ".join(_tables(some)))),
        ]
        for reason, some in reasons.items()
    ]
    heads = [("", words("reason")), ("number", words("count")), ("", words("tables"))]
    return html_section(words("inapplicable"), html_table(words("inapplicable"), heads, rows))


def _tables(results: Iterable[Result]) -> list[str]:
    return sorted({result.check.table for result in results})


def _checks(run: QualityRun, words: QualityWords) -> str:
    _, *others = overview_heads(words)
    heads = [("", words("check")), *(("number", head) for head in others)]
    rows = [
        _figures(
            f'{escape(words.choose(explain(name).title))} <span class="code">{escape(name)}</span>', tally(some), words
        )
        for name, some in by_check(run.results).items()
    ]
    return html_section(words("by_check"), html_table(words("by_check"), heads, rows))


def _made_with(run: QualityRun, words: QualityWords) -> str:
    files = "".join(
        f"<dd>{escape(words.name_of(file))}<br>SHA-256 {digest}</dd>" for file, digest in run.definitions.files
    )
    facts = (
        ("database", run.database),
        ("engine", run.engine),
        ("schemas", f"{run.schema}, {run.vocabulary_schema}"),
        ("day", str(run.day)),
        ("definitions", words.name_of(run.definitions.name)),
    )
    told = "".join(f"<dt>{escape(words(key))}</dt><dd>{escape(value)}</dd>" for key, value in facts)
    return html_section(words("made_with"), f"<dl>{told}{files}</dl>")
