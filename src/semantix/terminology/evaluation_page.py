"""An evaluation as one HTML page for a terminologist: figures, pictures, confusions, and the errors to look at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape

from semantix.report.pieces import Cell, html_page, html_section, html_table
from semantix.terminology.decision_words import evidence_in_words
from semantix.terminology.evaluation import Evaluation, Mistake
from semantix.terminology.evaluation_chart import render_calibration, render_curve
from semantix.terminology.evaluation_words import EvaluationWords, title_of
from semantix.terminology.metrics import Figures

Shown = tuple[str, Callable[[Figures, EvaluationWords], str]]

FIGURES: tuple[Shown, ...] = (
    ("n", lambda figures, words: words.number(figures.n)),
    ("top1", lambda figures, words: words.share(figures.top1)),
    ("top5", lambda figures, words: words.share(figures.top5)),
    ("top10", lambda figures, words: words.share(figures.top10)),
    ("category_top1", lambda figures, words: words.share(figures.category_top1)),
    ("at_0.95", lambda figures, words: words.share(figures.coverage_at_precision["0.95"])),
    ("at_0.98", lambda figures, words: words.share(figures.coverage_at_precision["0.98"])),
    ("at_0.99", lambda figures, words: words.share(figures.coverage_at_precision["0.99"])),
    ("ece", lambda figures, words: words.decimal(figures.ece)),
    ("ece_answered", lambda figures, words: words.decimal(figures.ece_answered)),
    ("answered", lambda figures, words: words.number(figures.answered)),
    ("accepted", lambda figures, words: words.number(figures.accepted)),
    ("accepted_precision", lambda figures, words: words.share(figures.accepted_precision)),
    ("queries_per_second", lambda figures, words: words.decimal(figures.queries_per_second, 0)),
)
"""The figures in the order in which people read them, and how each is written."""


def render_evaluation(evaluation: Evaluation, words: EvaluationWords, version: str) -> str:
    """Write the page in the language of ``words``."""
    sections = (
        _summary(evaluation, words),
        _curve(evaluation, words),
        _calibration(evaluation.figures, words),
        _outcomes(evaluation.figures, words),
        _mistakes(evaluation, words),
        _confusions(evaluation, words),
        _reading(words),
    )
    return html_page(
        words.lang,
        words("title", system=title_of(evaluation.target)),
        words("subtitle", name=evaluation.name, n=words.number(evaluation.figures.n)),
        sections,
        f"{words('made_by')} {version}. {words('holds_queries')}",
    )


def sentences(evaluation: Evaluation, words: EvaluationWords) -> Iterator[str]:
    """What the evaluation says, in sentences."""
    figures = evaluation.figures
    low, high = figures.top1_interval or (None, None)
    yield words(
        "sentence_top",
        top1=words.share(figures.top1),
        low=words.share(low),
        high=words.share(high),
        top10=words.share(figures.top10),
    )
    if figures.accepted:
        low, high = figures.accepted_interval or (None, None)
        yield words(
            "sentence_accepted",
            accepted=words.number(figures.accepted),
            share=words.share(figures.accepted / figures.n),
            precision=words.share(figures.accepted_precision),
            low=words.share(low),
            high=words.share(high),
        )
    else:
        yield words("sentence_none_accepted")
    if evaluation.without_query or evaluation.without_code:
        left_out = {key: words.number(getattr(evaluation, key)) for key in ("without_query", "without_code")}
        yield words("sentence_left_out", **left_out)
    if evaluation.unknown_gold:
        yield words("sentence_unknown", count=words.number(evaluation.unknown_gold))


def figure_rows(evaluation: Evaluation, words: EvaluationWords) -> list[list[str]]:
    """The table of figures: name, all the queries, and those not verbatim when they were told apart."""
    blocks = [each for each in (evaluation.figures, evaluation.without_exact) if each]
    return [[words(key), *(write(each, words) for each in blocks)] for key, write in FIGURES]


def figure_heads(evaluation: Evaluation, words: EvaluationWords) -> list[str]:
    """The heads of the table of figures."""
    heads = [words("figure"), words("all")]
    return [*heads, words("without_exact")] if evaluation.without_exact else heads


# --- sections ---------------------------------------------------------------------------------------------


def _summary(evaluation: Evaluation, words: EvaluationWords) -> str:
    figures = evaluation.figures
    cards = (
        (words.share(figures.top1), words("top1")),
        (words.share(figures.top10), words("top10")),
        (words.share(figures.coverage_at_precision["0.98"]), words("at_0.98")),
        (words.share(figures.accepted_precision), words("accepted_precision")),
        (words.decimal(figures.ece), words("ece")),
    )
    items = "".join(f"<li><strong>{value}</strong> <span>{escape(label)}</span></li>" for value, label in cards)
    told = "".join(f"<p>{escape(sentence)}</p>\n" for sentence in sentences(evaluation, words))
    heads: list[Cell] = [
        ("number" if place else "", head) for place, head in enumerate(figure_heads(evaluation, words))
    ]
    rows = [
        [("number" if place else "", escape(cell)) for place, cell in enumerate(row)]
        for row in figure_rows(evaluation, words)
    ]
    table = html_table(words("in_short"), heads, rows)
    return html_section(words("in_short"), f'{told}<ul class="cards">{items}</ul>\n{table}')


def _curve(evaluation: Evaluation, words: EvaluationWords) -> str:
    if not evaluation.figures.curve:
        return html_section(words("curve"), f"<p>{escape(words('no_curve'))}</p>")
    kinds = [("all", words("all"))]
    if evaluation.without_exact and evaluation.without_exact.curve:
        kinds.append(("hard", words("without_exact")))
    legend = "".join(
        f'<li><svg viewBox="0 0 28 16" aria-hidden="true"><path d="M0 8H28" class="{kind}"/></svg> {escape(label)}</li>'
        for kind, label in kinds
    )
    chart = render_curve(evaluation.figures, evaluation.without_exact, words)
    note = escape(words("curve_note"))
    body = f'<p>{note}</p>\n<ul class="legend">{legend}</ul>\n<div class="chart">{chart}</div>'
    return html_section(words("curve"), body)


def _calibration(figures: Figures, words: EvaluationWords) -> str:
    if not figures.bins:
        return ""
    heads = [("", words("said"))] + [("number", words(key)) for key in ("n", "probability", "seen")]
    rows = [
        [
            ("", escape(words("from_to", low=words.percent(each.low), high=words.percent(each.high)))),
            ("number", words.number(each.n)),
            ("number", words.percent(each.mean_probability)),
            ("number", words.percent(each.share_right)),
        ]
        for each in figures.bins
    ]
    chart = render_calibration(figures.bins, words)
    note = escape(words("calibration_note"))
    table = html_table(words("calibration"), heads, rows)
    return html_section(words("calibration"), f'<p>{note}</p>\n<div class="chart">{chart}</div>\n{table}')


def _outcomes(figures: Figures, words: EvaluationWords) -> str:
    keys = ("n", "right", "accepted", "accepted_right")
    heads = [("", words("outcome"))] + [("number", words(key)) for key in keys]
    rows = [
        [("", escape(words(outcome))), *(("number", words.number(getattr(tally, key))) for key in keys)]
        for outcome, tally in figures.outcomes.items()
    ]
    return html_section(words("outcomes"), html_table(words("outcomes"), heads, rows))


def _confusions(evaluation: Evaluation, words: EvaluationWords) -> str:
    rows = [
        [
            ("", _coded(each.gold, each.gold_display) + _among(each.others, words)),
            ("", _coded(each.chosen, each.chosen_display) if each.chosen else escape(words("nothing"))),
            ("number", words.number(each.count)),
        ]
        for each in evaluation.confusions
    ]
    if not rows:
        return html_section(words("confusions"), f"<p>{escape(words('no_error'))}</p>")
    heads = [("", words("expected")), ("", words("chosen")), ("number", words("count"))]
    return html_section(words("confusions"), html_table(words("confusions"), heads, rows))


def _mistakes(evaluation: Evaluation, words: EvaluationWords) -> str:
    if not evaluation.mistakes:
        return ""
    rows: list[list[Cell]] = [
        [
            ("", f"{escape(each.query)}<br><small>{escape(_where(each, words))}</small>"),
            ("", _coded(each.gold[0], each.gold_display) + _among(len(each.gold) - 1, words)),
            ("", f"{_coded(each.chosen, each.chosen_display)}<br><small>{escape(_why(each, words))}</small>"),
            ("number", words.percent(each.probability)),
            ("", escape(words("yes" if each.accepted else "no"))),
            ("number", str(each.rank or "–")),
        ]
        for each in evaluation.mistakes
    ]
    keys = ("query", "expected", "chosen", "probability", "is_accepted", "place")
    heads = [("number" if key in {"probability", "place"} else "", words(key)) for key in keys]
    count = words("accepted_mistakes", count=words.number(evaluation.accepted_mistakes))
    table = html_table(words("mistakes"), heads, rows)
    return html_section(
        words("mistakes"), f"<p>{escape(words('mistakes_note'))} <strong>{escape(count)}</strong></p>\n{table}"
    )


def _reading(words: EvaluationWords) -> str:
    keys = ("right", "category", "coverage", "ece", "accepted", "verbatim")
    items = "".join(
        f"<dt>{escape(words('term_' + key))}</dt><dd>{escape(words('explain_' + key))}</dd>" for key in keys
    )
    return html_section(words("how_to_read"), f"<dl>{items}</dl>")


def _coded(code: str, display: str) -> str:
    return f'<span class="code">{escape(code)}</span> {escape(display)}'.rstrip()


def _among(others: int, words: EvaluationWords) -> str:
    return f" <small>({escape(words('or_others', count=words.number(others)))})</small>" if others else ""


def _where(mistake: Mistake, words: EvaluationWords) -> str:
    line = words("line", line=words.number(mistake.line))
    return ", ".join(each for each in (line, mistake.unit, mistake.section) if each)


def _why(mistake: Mistake, words: EvaluationWords) -> str:
    return evidence_in_words(mistake.evidence, words.lang)
