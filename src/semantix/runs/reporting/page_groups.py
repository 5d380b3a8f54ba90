"""The groups of one dimension on the page of a run: a chart, and a table of the same figures."""

from __future__ import annotations

from html import escape

from semantix.report.pieces import Cell, html_section, html_table
from semantix.runs.reporting import charts
from semantix.runs.reporting.figures import OTHER, Group, QualityFigures
from semantix.runs.reporting.words import RunWords

SHOWN = 20
"""Groups that are shown of a dimension: those with the most facts."""
MONTHS = 36
_HEADS = ("documents", "facts", "by_source", "by_engine", "unmapped", "unmapped_share")


def groups_section(figures: QualityFigures, dimension: str, words: RunWords) -> str:
    """One dimension; empty when nothing is known of it."""
    groups = figures.dimensions.get(dimension, ())
    if not any(group.share.facts for group in groups) or [group.name for group in groups] == [""]:
        return ""
    shown = _shown(groups, dimension)
    title = words(f"dimension_{dimension}")
    named = [(words.group(dimension, group.name, group.pooled), group.share) for group in shown]
    if dimension == "period":
        months = [(group.name, group.share) for group in shown if group.name not in {"", OTHER}]
        chart = charts.render_months(dimension, title, months, words) if months else ""
    else:
        chart = charts.legend(words) + charts.render_shares(dimension, title, named, words)
    heads: list[Cell] = [("", title), *(("number", words(key)) for key in _HEADS)]
    table = html_table(title, heads, [_row(name, group, words) for (name, _), group in zip(named, shown, strict=True)])
    hidden = len(groups) - len(shown)
    more = f"<p>{escape(words('more_groups', count=words.number(hidden)))}</p>\n" if hidden else ""
    return html_section(title, chart + table + more)


def _shown(groups: tuple[Group, ...], dimension: str) -> tuple[Group, ...]:
    """The first groups, and what is pooled; of months the last ones."""
    pooled = tuple(group for group in groups if group.name == OTHER)
    others = tuple(group for group in groups if group.name != OTHER)
    return (others[-MONTHS:] if dimension == "period" else others[:SHOWN]) + pooled


def _row(name: str, group: Group, words: RunWords) -> list[Cell]:
    share = group.share
    numbers = (share.documents, share.facts, share.source, share.engine, share.unmapped)
    told = words.share(share.unmapped_share) if share.facts else "–"
    return [("", escape(name)), *(("number", words.number(number)) for number in numbers), ("number", escape(told))]
