"""The pictures of the report of a run, as inline SVG: told by pattern, order and numbers, never by colour alone."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from html import escape

from semantix.report.chart import PATTERNS
from semantix.runs.reporting.figures import Contrast, Share
from semantix.runs.reporting.words import RunWords

WIDTH, LABEL, NUMBERS, ROW, TOP = 830, 260, 150, 30, 26
BAR = WIDTH - LABEL - NUMBERS
NAME = 36
"""Characters of a name that fit."""
HEIGHT, LEFT, RIGHT, BOTTOM = 250, 60, 16, 34
LABELS = 12
"""Months written below the axis, at most."""
_SIXTH, _HUNDRED = 6, 100

STYLE = """<style>
.axis { stroke: var(--soft); fill: none } .grid { stroke: var(--line); fill: none }
.ideal { stroke: var(--soft); stroke-dasharray: 2 4; fill: none }
.line { stroke: var(--accent); stroke-width: 2.2; fill: none }
.dot { fill: var(--accent); stroke: var(--card); stroke-width: 1.5 }
td.verdict { white-space: nowrap }
.patterns { position: absolute }
.cards { grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)) }
.note { color: var(--soft); font-size: .93rem }
tbody th .code { font-size: .86rem; color: inherit }
.chart + .table { margin-top: .4rem } .table + .table { margin-top: 1.2rem }
</style>
"""


def patterns() -> str:
    """What the bars of the page are filled with, once for all of them, and how lines look."""
    return f'{STYLE}<svg class="patterns" width="0" height="0" aria-hidden="true" focusable="false">{PATTERNS}</svg>'


def legend(words: RunWords) -> str:
    """A sample of each part of a bar, and its name."""
    parts = (("carried", "by_source"), ("implied", "by_engine"), ("lost", "unmapped"))
    return (
        '<ul class="legend">'
        + "".join(
            f'<li><svg viewBox="0 0 28 16" aria-hidden="true"><rect x="1" y="1" width="26" height="14" class="{kind}"/>'
            f"</svg> {escape(words(key))}</li>"
            for kind, key in parts
        )
        + "</ul>"
    )


def render_shares(key: str, title: str, rows: Sequence[tuple[str, Share]], words: RunWords) -> str:
    """Draw how the facts of each group are coded; groups without any fact have no bar."""
    heads = ((LABEL + BAR + 66, words("unmapped_short")), (WIDTH - 4, words("facts")))
    parts = [f'<text x="{x}" y="14" text-anchor="end" class="head">{escape(text)}</text>' for x, text in heads]
    for place, (name, share) in enumerate(rows):
        parts += _bar(TOP + ROW * place, name, share, words)
    return _svg(key, title, words("coverage_note"), parts, TOP + ROW * len(rows) + 2)


def _bar(y: int, name: str, share: Share, words: RunWords) -> Iterator[str]:
    yield _name(y + 15, name)
    x = float(LABEL)
    kinds = (("carried", "by_source", share.source), ("implied", "by_engine", share.engine))
    for kind, key, count in (*kinds, ("lost", "unmapped", share.unmapped)):
        if count:
            width = BAR * count / share.facts
            said = words("labelled", label=words(key), value=words.number(count))
            yield (
                f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="20" class="{kind}">'
                f"<title>{escape(said)}</title></rect>"
            )
            x += width
    told = words.share(share.unmapped_share) if share.facts else "–"
    for right, text in ((LABEL + BAR + 66, told), (WIDTH - 4, words.number(share.facts))):
        yield f'<text x="{right}" y="{y + 15}" text-anchor="end" class="figure">{escape(text)}</text>'


def render_months(key: str, title: str, rows: Sequence[tuple[str, Share]], words: RunWords) -> str:
    """Draw the share of facts without a code month after month."""
    most = max((share.unmapped_share for _, share in rows), default=0.0)
    top = next(step for step in (0.05, 0.1, 0.2, 0.5, 1.0) if most <= step)
    floor, wide = HEIGHT - BOTTOM, (WIDTH - LEFT - RIGHT) / max(len(rows), _SIXTH)
    parts = []
    for fifth in range(6):
        y = floor - fifth / 5 * (floor - 12)
        parts.append(f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" class="{"grid" if fifth else "axis"}"/>')
        label = words.percent(round(top * fifth / 5, 4))
        parts.append(f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end" class="figure">{label}</text>')
    every = math.ceil(len(rows) / LABELS)
    for place, (name, share) in enumerate(rows):
        x, tall = LEFT + wide * (place + 0.15), share.unmapped_share / top * (floor - 12)
        said = words("labelled", label=name, value=words.share(share.unmapped_share))
        parts.append(
            f'<rect x="{x:.1f}" y="{floor - tall:.1f}" width="{wide * 0.7:.1f}" height="{tall:.1f}" class="lost">'
            f"<title>{escape(said)}</title></rect>"
        )
        if place % every == 0:
            parts.append(
                f'<text x="{x + wide * 0.35:.1f}" y="{floor + 19}" text-anchor="middle" class="figure">'
                f"{escape(name)}</text>"
            )
    return _svg(key, title, words("unmapped_share"), parts, HEIGHT)


def render_contrasts(key: str, rows: Sequence[tuple[str, Contrast]], words: RunWords) -> str:
    """Draw how far each group is from the rest, with its interval."""
    most = max(max(abs(each.low), abs(each.high)) for _, each in rows)
    reach = next(step for step in (0.1, 0.2, 0.4, 0.6, 1.0) if most <= step)
    middle, half = LABEL + (WIDTH - LABEL) / 2, (WIDTH - LABEL) / 2 - 74

    def at(share: float) -> float:
        return middle - 30 + share / reach * half

    bottom = TOP + ROW * len(rows)
    parts = []
    for step in (-1.0, -0.5, 0.0, 0.5, 1.0):
        x = at(step * reach)
        parts.append(f'<path d="M{x:.1f} {TOP - 6}V{bottom}" class="{"axis" if not step else "grid"}"/>')
        label = words.points(step * reach, 0) if step else words("alike_zero")
        parts.append(f'<text x="{x:.1f}" y="14" text-anchor="middle" class="head">{escape(label)}</text>')
    for place, (name, each) in enumerate(rows):
        y = TOP + ROW * place + 11
        parts.append(_name(y + 4, name))
        parts.append(f'<path d="M{at(each.low):.1f} {y - 5}v10m0 -5H{at(each.high):.1f}m0 -5v10" class="line"/>')
        parts.append(f'<circle cx="{at(each.difference):.1f}" cy="{y}" r="5" class="dot"/>')
        parts.append(
            f'<text x="{WIDTH - 4}" y="{y + 4}" text-anchor="end" class="figure">{words.points(each.difference)}</text>'
        )
    return _svg(key, words("differing"), words("forest_note"), parts, bottom + 4)


def _name(y: int, name: str) -> str:
    shown = name if len(name) <= NAME else name[: NAME - 1] + "…"
    whole = f"<title>{escape(name)}</title>" if shown != name else ""
    return f'<text x="{LABEL - 10}" y="{y}" text-anchor="end">{whole}{escape(shown)}</text>'


def _svg(key: str, title: str, note: str, parts: Sequence[str], height: int) -> str:
    return (
        f'<div class="chart"><svg viewBox="0 0 {WIDTH} {height}" role="img" '
        f'aria-labelledby="{key}-title {key}-words">\n'
        f'<title id="{key}-title">{escape(title)}</title>\n<desc id="{key}-words">{escape(note)}</desc>\n'
        + "\n".join(parts)
        + "\n</svg></div>\n"
    )
