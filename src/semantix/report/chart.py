"""A bar chart of the coverage by code system, as inline SVG: three classes told apart by pattern, order and numbers."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from semantix.report.figures import Tally
from semantix.report.words import Words

LABEL = 250
BAR = 430
NUMBERS = 150
ROW = 30
TOP = 26
WIDTH = LABEL + BAR + NUMBERS
MAX_BARS = 20

PATTERNS = """<defs>
<pattern id="implied" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
<rect width="7" height="7" class="implied-ground"/><rect width="3" height="7" class="implied-line"/></pattern>
<pattern id="lost" width="7" height="7" patternUnits="userSpaceOnUse">
<rect width="7" height="7" class="lost-ground"/><circle cx="3.5" cy="3.5" r="1.6" class="lost-dot"/></pattern>
</defs>"""


def render_chart(rows: Sequence[tuple[str, str, Tally]], words: Words) -> str:
    """Draw (name, OID, figures) rows; the table beside it says the same in figures, for those who cannot see it."""
    shown = rows[:MAX_BARS]
    height = TOP + ROW * len(shown) + 4
    bars = _heads(words) + "\n".join(_bar(index, row, words) for index, row in enumerate(shown))
    title = escape(words("coverage"))
    return (
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-labelledby="chart-title chart-words">\n'
        f'<title id="chart-title">{title}</title>\n<desc id="chart-words">{escape(words("coverage_note"))}</desc>\n'
        f"{PATTERNS}\n{bars}\n</svg>"
    )


def _heads(words: Words) -> str:
    columns = ((LABEL + BAR + 62, words("kept")), (WIDTH - 4, words("read")))
    return "".join(f'<text x="{x}" y="14" text-anchor="end" class="head">{escape(text)}</text>' for x, text in columns)


def _bar(index: int, row: tuple[str, str, Tally], words: Words) -> str:
    name, _, tally = row
    y = TOP + ROW * index
    label = words("no_system") if name == "-" else name
    label = label if len(label) <= 34 else label[:33] + "…"
    parts = [f'<text x="{LABEL - 10}" y="{y + 15}" text-anchor="end">{escape(label)}</text>']
    x = float(LABEL)
    for kind, count in (("carried", tally.carried), ("implied", tally.implied), ("lost", tally.lost)):
        if count:
            width = BAR * count / tally.read
            parts.append(
                f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="20" class="{kind}">'
                f"<title>{escape(words(kind))}: {words.number(count)}</title></rect>"
            )
            x += width
    for right, text in ((LABEL + BAR + 62, words.percent(tally.kept)), (WIDTH - 4, words.number(tally.read))):
        parts.append(f'<text x="{right}" y="{y + 15}" text-anchor="end" class="figure">{text}</text>')
    return "".join(parts)
