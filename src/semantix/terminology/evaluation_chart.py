"""The two pictures of an evaluation, as inline SVG: precision against coverage, and calibration."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from html import escape

from semantix.terminology.evaluation_words import EvaluationWords
from semantix.terminology.metrics import PRECISIONS, Bin, Figures, Point, coverage_at, thin

WIDTH, HEIGHT = 760, 380
LEFT, RIGHT, TOP, BOTTOM = 74, 24, 16, 52
MOST_POINTS = 400
LARGEST_DOT = 17.0

STYLE = """<style>
.axis { stroke: var(--soft); fill: none } .grid { stroke: var(--line); fill: none }
.ideal { stroke: var(--soft); stroke-dasharray: 2 4; fill: none }
.all { stroke: var(--accent); stroke-width: 2.5; fill: none }
.hard { stroke: var(--lost-dot); stroke-width: 2.2; stroke-dasharray: 9 5; fill: none }
.dot { fill: var(--accent); stroke: var(--card); stroke-width: 1.5 }
.bin { fill: var(--accent); fill-opacity: .72; stroke: var(--card) }
</style>"""


class _Frame:
    """A plane of shares: x from 0 to 1, y from ``floor`` to 1."""

    def __init__(self, floor: float = 0.0) -> None:
        self.floor = floor

    def x(self, share: float) -> float:
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    def y(self, share: float) -> float:
        return TOP + (1 - share) / (1 - self.floor) * (HEIGHT - TOP - BOTTOM)

    def draw(self, across: str, up: str, words: EvaluationWords) -> Iterator[str]:
        """Draw the grid, the axes and their names."""
        left, bottom = self.x(0), self.y(self.floor)
        for tenth in range(0, 11, 2):
            x = self.x(tenth / 10)
            yield f'<path d="M{x:.1f} {TOP}V{bottom:.1f}" class="grid"/>'
            yield (
                f'<text x="{x:.1f}" y="{bottom + 18:.1f}" text-anchor="middle" class="figure">'
                f"{words.percent(tenth / 10)}</text>"
            )
        for step in range(6):
            share = self.floor + (1 - self.floor) * step / 5
            y = self.y(share)
            yield f'<path d="M{left} {y:.1f}H{self.x(1)}" class="grid"/>'
            yield (
                f'<text x="{left - 8}" y="{y + 4:.1f}" text-anchor="end" class="figure">'
                f"{words.percent(round(share, 4))}</text>"
            )
        yield f'<path d="M{left} {TOP}V{bottom:.1f}H{self.x(1)}" class="axis"/>'
        middle, height = (self.x(0) + self.x(1)) / 2, (TOP + bottom) / 2
        yield f'<text x="{middle}" y="{HEIGHT - 8}" text-anchor="middle" class="head">{escape(across)}</text>'
        yield (
            f'<text transform="translate(16 {height:.1f}) rotate(-90)" text-anchor="middle" class="head">'
            f"{escape(up)}</text>"
        )


def render_curve(figures: Figures, without_exact: Figures | None, words: EvaluationWords) -> str:
    """Draw precision against coverage: a plain line for all the queries, a dashed one for those not verbatim."""
    lines = [(figures.curve, "all")]
    if without_exact and without_exact.curve:
        lines.append((without_exact.curve, "hard"))
    frame = _Frame(_floor([points for points, _ in lines]))
    parts = list(frame.draw(words("coverage"), words("precision"), words))
    parts += [_line(frame, points, kind) for points, kind in lines]
    parts += _marks(frame, figures.curve, words)
    return _svg("curve", parts, words)


def render_calibration(bins: Sequence[Bin], words: EvaluationWords) -> str:
    """Draw the share found right against the probability said; a dot's area tells how many answers it gathers."""
    frame = _Frame()
    parts = list(frame.draw(words("said"), words("seen"), words))
    parts.append(f'<path d="M{frame.x(0)} {frame.y(0)}L{frame.x(1)} {frame.y(1)}" class="ideal"/>')
    most = max((each.n for each in bins), default=1)
    for each in bins:
        radius = max(3.0, LARGEST_DOT * math.sqrt(each.n / most))
        parts.append(
            f'<circle cx="{frame.x(each.mean_probability):.1f}" cy="{frame.y(each.share_right):.1f}" r="{radius:.1f}" '
            f'class="bin"><title>{words.number(each.n)}</title></circle>'
        )
    return _svg("calibration", parts, words)


def _floor(lines: Sequence[Sequence[Point]]) -> float:
    """Where the precision axis begins: a round share below every point drawn, 80 % at most."""
    lowest = min((each.precision for points in lines for each in points), default=1.0)
    return min(0.8, math.floor(lowest * 10) / 10)


def _line(frame: _Frame, points: Sequence[Point], kind: str) -> str:
    path = " ".join(f"{frame.x(each.coverage):.1f},{frame.y(each.precision):.1f}" for each in thin(points, MOST_POINTS))
    return f'<polyline points="{path}" class="{kind}"/>'


def _marks(frame: _Frame, points: Sequence[Point], words: EvaluationWords) -> Iterator[str]:
    """Mark how far one can go at each precision, unless it is nowhere."""
    for each in PRECISIONS:
        covered = coverage_at(points, float(each))
        at = next((point for point in reversed(points) if point.coverage == covered), None)
        if at:
            title = f"{words('at_' + each)}{' : ' if words.lang == 'fr' else ': '}{words.percent(covered)}"
            yield (
                f'<circle cx="{frame.x(covered):.1f}" cy="{frame.y(at.precision):.1f}" r="5" class="dot">'
                f"<title>{escape(title)}</title></circle>"
            )


def _svg(key: str, parts: Sequence[str], words: EvaluationWords) -> str:
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="{key}-title {key}-words">\n'
        f'<title id="{key}-title">{escape(words(key))}</title>\n'
        f'<desc id="{key}-words">{escape(words(key + "_note"))}</desc>\n{STYLE}\n' + "\n".join(parts) + "\n</svg>"
    )
