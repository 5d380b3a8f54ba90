"""Line plots as small SVG files, that read on a light and on a dark page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from itertools import pairwise

WIDTH, HEIGHT = 640, 300
LEFT, RIGHT, TOP, BOTTOM = 64, 16, 40, 44
COLOURS = ("#3b7dd8", "#d9822b", "#2a9d6f", "#a45bc2", "#c94f4f")
_STYLE = (
    "text{font:12px system-ui,sans-serif;fill:#333}.grid{stroke:#8884;stroke-width:1}"
    ".line{fill:none;stroke-width:2}@media(prefers-color-scheme:dark){text{fill:#ddd}}"
)
MOST = 400
"""Points of a line: a second more or less is not seen in a plot of hours."""

Points = Sequence[tuple[float, float]]


def plot(title: str, axes: tuple[str, str], lines: Mapping[str, Points], limit: float | None = None) -> str:
    """An SVG of lines by name over a common axis from 0; ``limit`` is drawn across as what is allowed or wanted."""
    every = [point for points in lines.values() for point in points]
    across = max((x for x, _ in every), default=1) or 1
    up = max([*(y for _, y in every), limit or 0, 1e-9]) * 1.1

    def at(x: float, y: float) -> str:
        wide, high = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
        return f"{LEFT + x / across * wide:.1f},{TOP + (1 - y / up) * high:.1f}"

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
        f"<title>{escape(title)}</title><style>{_STYLE}</style>",
        f'<text x="{LEFT}" y="18" font-weight="600">{escape(title)}</text>',
        f'<text x="{WIDTH - RIGHT}" y="{HEIGHT - 6}" text-anchor="end">{escape(axes[0])}</text>',
        f'<text x="{LEFT}" y="34">{escape(axes[1])}</text>',
    ]
    for step in range(5):
        parts += _ticks(at(0, up * step / 4), up * step / 4, at(across * step / 4, 0), across * step / 4)
    if limit is not None:
        path = f"M{at(0, limit)} L{at(across, limit)}"
        parts.append(f'<path class="line" d="{path}" stroke="#c94f4f" stroke-dasharray="6 4"/>')
    for place, (name, points) in enumerate(lines.items()):
        colour = COLOURS[place % len(COLOURS)]
        path = "M" + " L".join(at(x, y) for x, y in points[:: 1 + len(points) // MOST])
        parts.append(f'<path class="line" d="{path}" stroke="{colour}"/>' if points else "")
        parts.append(f'<text x="{WIDTH - RIGHT - 110 * place}" y="18" text-anchor="end">')
        parts.append(f'<tspan fill="{colour}">━ </tspan>{escape(name)}</text>')
    return "\n".join(part for part in (*parts, "</svg>") if part) + "\n"


def _ticks(left: str, value: float, foot: str, along: float) -> list[str]:
    x, y = left.split(",")
    below, base = foot.split(",")
    return [
        f'<path class="grid" d="M{left} H{WIDTH - RIGHT}"/>',
        f'<text x="{float(x) - 6:.1f}" y="{float(y) + 4:.1f}" text-anchor="end">{value:,.4g}</text>',
        f'<text x="{below}" y="{float(base) + 16:.1f}" text-anchor="middle">{along:,.4g}</text>',
    ]


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A table in Markdown, its numbers to the right."""
    lines = ["| " + " | ".join(head) + " |", "|---" + "|---:" * (len(head) - 1) + "|"]
    return "\n".join([*lines, *("| " + " | ".join(map(str, row)) + " |" for row in rows)])


def tenths(points: Points) -> list[float]:
    """Work a second in each tenth of the work: ``points`` are moments and how much was done by then, from (0, 0)."""
    total = points[-1][1] if points else 0.0
    moments = [_when(points, total * part / 10) for part in range(11)]
    return [total / 10 / max(after - before, 1e-9) for before, after in pairwise(moments)]


def _when(points: Points, wanted: float) -> float:
    for (x, y), (after, more) in pairwise(points):
        if more >= wanted:
            return x + (after - x) * (wanted - y) / (more - y) if more > y else x
    return points[-1][0] if points else 0.0
