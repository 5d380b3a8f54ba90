"""The findings on the page, grouped by cause: what was found, what was expected, what to do, why, and where."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from semantix.validation.report.causes import Case, Cause, Place
from semantix.validation.report.page_pieces import Cell, breakable, icon, linked, marked, number, table
from semantix.validation.report.telling import SAID, Told, differing
from semantix.validation.report.words import ReportWords

MAX_CAUSES = 300
MAX_CASES = 12
PLACES_OF_A_CASE = 3
FEW = 3
"""So many causes need no table of their own."""
_NOT_AN_ID = re.compile(r"[^A-Za-z0-9_-]")


def causes_section(causes: Sequence[Cause], words: ReportWords, known: int = 0) -> str:
    """Write what was found, the gravest first."""
    if not causes:
        return f"<p>{icon('good')} {escape(words('no_new_finding' if known else 'no_finding'))}</p>"
    shown = causes[:MAX_CAUSES]
    html = _index(shown, words) if len(shown) > FEW else ""
    html += "\n".join(_cause(cause, words) for cause in shown)
    if len(causes) > len(shown):
        html += _more(words, "more_causes", len(causes) - len(shown))
    return html


def _index(causes: Sequence[Cause], words: ReportWords) -> str:
    heads = [Cell(words(key)) for key in ("cause", "severity", "code")]
    heads += [Cell(words(key), "number") for key in ("count", "documents")]
    rows = [
        [
            Cell(f'<a href="#{_anchor(cause)}">{escape(cause.title)}</a>'),
            Cell(_badge(cause.severity, words)),
            Cell(breakable(cause.code), "code"),
            number(words, cause.count),
            number(words, len(cause.documents)),
        ]
        for cause in causes
    ]
    return table(words("findings"), heads, rows)


def _cause(cause: Cause, words: ReportWords) -> str:
    cases = cause.by_count()
    varying = differing(case.told for case in cases)
    times, documents = words.counted("times", cause.count), words.counted("in", len(cause.documents))
    told = cases[0].told
    pairs = [(key, getattr(told, key)) for key in SAID if key not in varying]
    pairs = [(key, text) for key, text in pairs if text.rstrip(".") != cause.title.rstrip(".")]
    if varying:
        shown = cases[:MAX_CASES]
        where = "\n".join(_case(case, varying, words) for case in shown)
        if len(cases) > len(shown):
            where += _more(words, "more_cases", len(cases) - len(shown))
    else:
        where = _places(cases[0], words, len(cases[0].places))
    return (
        f'<article class="cause {cause.severity}" id="{_anchor(cause)}" aria-labelledby="{_anchor(cause)}-title">\n'
        f'<h3 id="{_anchor(cause)}-title">{escape(cause.title)}</h3>\n'
        f'<p class="meta">{_badge(cause.severity, words)} <span class="code">{breakable(cause.code)}</span> '
        f"<span><b>{escape(times)}</b> {escape(documents)}</span> <span>{escape(words.layer(cause.layer))}</span></p>\n"
        + _told([*pairs, ("why", cause.why), ("beside", ", ".join(cause.beside))], words)
        + where
        + (
            f'\n<p class="source">{escape(words("source"))}{words.colon}{linked(cause.source)}</p>'
            if cause.source
            else ""
        )
        + "\n</article>"
    )


def _case(case: Case, varying: Sequence[str], words: ReportWords) -> str:
    told: Told = case.told
    pairs = [(key, getattr(told, key)) for key in varying]
    times = f'<span class="times">{escape(words.counted("times", case.count))}</span>'
    return f'<div class="case">\n{_told(pairs, words, times)}{_places(case, words, PLACES_OF_A_CASE)}</div>'


def _told(pairs: Sequence[tuple[str, str]], words: ReportWords, beside: str = "") -> str:
    items = "".join(
        f"<dt>{escape(words(key))}</dt><dd{' class=fix' if key == 'fix' else ''}>{marked(text)}"
        f"{f' {beside}' if beside and rank == 0 else ''}</dd>"
        for rank, (key, text) in enumerate((key, text) for key, text in pairs if text)
    )
    return f'<dl class="told">{items}</dl>\n' if items else ""


def _places(case: Case, words: ReportWords, most: int) -> str:
    shown = case.places[:most]
    items = "".join(f"<li>{_place(place, words)}</li>" for place in shown)
    left = case.count - len(shown)
    return f'<ul class="places" aria-label="{escape(words("places"))}">{items}</ul>\n' + (
        _more(words, "more_places", left) if left else ""
    )


def _place(place: Place, words: ReportWords) -> str:
    line = f", {escape(words('line', line=place.line))}" if place.line else ""
    where = words.place(place.path, place.line)
    path = f' <span class="path">{breakable(where)}</span>' if where else ""
    return f'<span class="name">{breakable(place.document)}</span>{line}{path}'


def _more(words: ReportWords, key: str, count: int) -> str:
    return f'<p class="more">{escape(words.counted(key, count))}</p>\n'


def _badge(severity: str, words: ReportWords) -> str:
    return f'<span class="badge {severity}">{icon(severity)} {escape(words(severity))}</span>'


def _anchor(cause: Cause) -> str:
    return f"{_NOT_AN_ID.sub('-', cause.code)}-{cause.severity}"
