"""The charts of the statistics page, as inline SVG without script or style: classes, whose colours are in charts.css.

A charting library would bring scripts or another origin, which the content-security policy forbids; these few pictures
are drawn here instead, as the reports do. Nothing is told by colour alone: lines are dashed or not, bars have patterns,
and the page sets a table of the same figures beside each chart.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from html import escape
from types import MappingProxyType
from typing import Protocol

from markupsafe import Markup

from semantix.review.statistics import ProbabilityBand, Progress, SourceLoad

WIDTH, HEIGHT = 760, 300
LEFT, RIGHT, TOP, BOTTOM = 64, 64, 38, 34
BAND_BOTTOM = 52
MOST_DAYS = 60
"""Days shown by the bars, the last ones."""
MOST_LABELLED = 21
"""Bars up to which each has its number written above."""
FEWEST_DAYS = 8
"""Days for which the bars leave room at least, so that one is not as wide as the chart."""
DATES = 6
"""Dates written below a time axis, at most."""
SOURCE_LABEL, SOURCE_NUMBERS, SOURCE_ROW, SOURCE_TOP = 250, 170, 30, 52
NAME = 28
"""Characters of a name that fit."""
CHARACTER = 7.2
"""About how wide a character is."""
LINES: Mapping[str, str] = MappingProxyType(
    {
        "line-records": ' stroke-width="2.5"',
        "line-codes": ' stroke-width="2.5" stroke-dasharray="7 4"',
        "mark-said": ' stroke-width="2.5" stroke-dasharray="5 3"',
        "interval": ' stroke-width="2"',
    }
)


class ChartWords(Protocol):
    """The words of a language, and how it writes numbers and days; :class:`semantix.review.web.words.DeskWords`."""

    def __call__(self, key: str, **values: object) -> str:
        """A text, its blanks filled."""
        ...

    def number(self, value: int) -> str:
        """A whole number."""
        ...

    def percent(self, share: float) -> str:
        """A share of 1."""
        ...

    def day(self, value: str | date) -> str:
        """A day; a text is ISO 8601."""
        ...


class _Plane:
    """Places of a chart: x from ``first`` to ``last``, y from 0 to ``most``."""

    def __init__(self, first: float, last: float, most: float, bottom: int = BOTTOM) -> None:
        self.first, self.last, self.most = first, last, most
        self.floor = HEIGHT - bottom

    def x(self, value: float) -> float:
        return LEFT + (value - self.first) / (self.last - self.first) * (WIDTH - LEFT - RIGHT)

    def y(self, value: float) -> float:
        return self.floor - value / self.most * (self.floor - TOP)

    def draw(self, ticks: Sequence[tuple[float, str]]) -> Iterator[str]:
        """Draw a line and its name at each tick of the y axis, then the x axis."""
        for value, label in ticks:
            yield _path(f"M{LEFT} {self.y(value):.1f}H{WIDTH - RIGHT}", "grid", 0.25)
            yield _text(LEFT - 8, self.y(value) + 4, label, "figure", "end")
        yield _path(f"M{LEFT} {self.floor}H{WIDTH - RIGHT}", "axis", 0.7)


# --- the charts ------------------------------------------------------------------------------------------------------


def render_progress(progress: Progress, words: ChartWords) -> Markup:
    """Draw the accepted share over time: a plain line for records, a dashed one for codes; empty before the first."""
    if not progress.days:
        return Markup()
    days = [date.fromisoformat(each.day).toordinal() for each in progress.days]
    plane = _Plane(days[0], days[-1] + 1, 1.0)
    parts = [*plane.draw(_share_ticks(words)), *_dates(plane, words)]
    records = [_share(each.records, progress.records) for each in progress.days]
    codes = [_share(each.codes, progress.codes) for each in progress.days]
    parts.append(_steps(plane, list(zip(days, records, strict=True)), "records", words("stat_records")))
    parts.append(_steps(plane, list(zip(days, codes, strict=True)), "codes", words("stat_codes")))
    parts += _ends(plane, ((records[-1], "records"), (codes[-1], "codes")), words)
    parts += _legend([("line-records", words("stat_records")), ("line-codes", words("stat_codes"))])
    return _svg("progress", parts, words)


def render_days(days: Sequence[tuple[str, int]], words: ChartWords) -> Markup:
    """Draw one bar a day, for the last days of (ISO day, decisions) in order."""
    shown = days[-MOST_DAYS:]
    most = max((count for _, count in shown), default=0)
    if not most:
        return Markup()
    step = _step(most)
    plane = _Plane(0, max(len(shown), FEWEST_DAYS), step * math.ceil(most / step))
    ticks = [(value, words.number(value)) for value in range(0, int(plane.most) + 1, step)]
    parts = list(plane.draw(ticks))
    every = math.ceil(len(shown) / DATES)
    for place, (day, count) in enumerate(shown):
        left, right, top = plane.x(place + 0.12), plane.x(place + 0.88), plane.y(count)
        middle = (left + right) / 2
        title = _labelled(words.day(day), words.number(count), words)
        if count:
            parts.append(_rect((left, top, right - left, plane.floor - top), "bar", title))
        if count and len(shown) <= MOST_LABELLED:
            parts.append(_text(middle, top - 5, words.number(count), "figure", "middle"))
        if place % every == 0:
            parts.append(_text(middle, plane.floor + 18, words.day(day), "figure", "middle"))
    return _svg("days", parts, words)


def render_reliability(bands: Sequence[ProbabilityBand], words: ChartWords) -> Markup:
    """Draw, by band of probability, the share chosen with its interval beside the mean probability that was said."""
    if not any(band.chosen.seen for band in bands):
        return Markup()
    plane = _Plane(0, len(bands), 1.0, BAND_BOTTOM)
    parts = list(plane.draw(_share_ticks(words)))
    for place, band in enumerate(bands):
        middle = plane.x(place + 0.5)
        edges = f"{words.percent(band.low).rstrip('%').strip()}–{words.percent(band.high)}"
        parts.append(_text(middle, plane.floor + 18, edges, "figure", "middle"))
        parts.append(_text(middle, plane.floor + 36, words.number(band.chosen.seen), "soft", "middle"))
        parts += _reliability_marks(plane, middle, band, words)
    parts.append(_text(LEFT - 8, plane.floor + 36, words("stat_seen_short"), "soft", "end"))
    parts += _legend([("mark-seen", words("stat_chosen")), ("mark-said", words("stat_said"))])
    return _svg("reliability", parts, words)


def render_sources(sources: Sequence[SourceLoad], words: ChartWords) -> Markup:
    """Draw the open records of sources of one grouping, worst first: those nobody judged, then those under way."""
    if not sources:
        return Markup()
    key = f"sources-{sources[0].grouping.value}"
    most = max(each.open_records for each in sources)
    width = WIDTH - SOURCE_LABEL - SOURCE_NUMBERS
    parts = _legend([("bar-unmapped", words("stat_unmapped")), ("bar-open", words("stat_under_way"))], key)
    for right, head in ((WIDTH - 84, words("stat_open_records")), (WIDTH - 4, words("stat_open_share"))):
        parts.append(_text(right, SOURCE_TOP - 10, head, "head", "end"))
    for place, each in enumerate(sources):
        y = SOURCE_TOP + SOURCE_ROW * place
        name = each.name or words("stat_unnamed")
        parts.append(_text(SOURCE_LABEL - 10, y + 15, _cut(name), "name", "end", title=name))
        x = float(SOURCE_LABEL)
        for kind, count in (("unmapped", each.unmapped_records), ("open", each.open_records - each.unmapped_records)):
            long = width * count / most
            label = words("stat_unmapped" if kind == "unmapped" else "stat_under_way")
            if count:
                title = _labelled(f"{name}, {label}", words.number(count), words)
                parts.append(_rect((x, y, long, 20), f"bar-{kind}", title, f"url(#{key}-{kind})"))
            x += long
        parts.append(_text(WIDTH - 84, y + 15, words.number(each.open_records), "figure", "end"))
        parts.append(_text(WIDTH - 4, y + 15, words.percent(each.open_share), "figure", "end"))
    patterns = _patterns(key)
    return _svg("sources", [patterns, *parts], words, key, SOURCE_TOP + SOURCE_ROW * len(sources))


# --- parts of charts -------------------------------------------------------------------------------------------------


def _steps(plane: _Plane, points: Sequence[tuple[float, float]], kind: str, label: str) -> str:
    """A line from nought that keeps, from each change on, its height until the next."""
    drawn = "".join(f"H{plane.x(x):.1f}V{plane.y(y):.1f}" for x, y in points)
    line = f"M{plane.x(plane.first):.1f} {plane.y(0):.1f}{drawn}H{plane.x(plane.last):.1f}"
    return _path(line, f"line-{kind}", title=label)


def _ends(plane: _Plane, ends: Sequence[tuple[float, str]], words: ChartWords) -> Iterator[str]:
    """Where each line ends, in figures; those too near each other are moved apart."""
    upper, lower = sorted(ends, reverse=True)
    high, low = plane.y(upper[0]) + 4, plane.y(lower[0]) + 4
    if low - high < 15:
        middle = min((high + low) / 2, plane.floor - 4)
        high, low = middle - 7.5, middle + 7.5
    for y, (share, kind) in ((high, upper), (low, lower)):
        yield _dot(plane.x(plane.last), plane.y(share), f"dot-{kind}")
        yield _text(WIDTH - RIGHT + 9, y, words.percent(share), "figure")


def _dates(plane: _Plane, words: ChartWords) -> Iterator[str]:
    """Write some days below the axis, each in the middle of its day."""
    first, last = int(plane.first), int(plane.last)
    for ordinal in range(first, last, math.ceil((last - first) / DATES)):
        label = words.day(date.fromordinal(ordinal))
        yield _text(plane.x(ordinal + 0.5), plane.floor + 18, label, "figure", "middle")


def _reliability_marks(plane: _Plane, middle: float, band: ProbabilityBand, words: ChartWords) -> Iterator[str]:
    chosen = band.chosen
    if chosen.share is None or chosen.low is None or chosen.high is None or band.mean is None:
        return
    yield _path(f"M{middle - 26:.1f} {plane.y(band.mean):.1f}h52", "mark-said", title=words("stat_said"))
    low, high = plane.y(chosen.low), plane.y(chosen.high)
    yield _path(f"M{middle - 6:.1f} {high:.1f}h12m-6 0V{low:.1f}m-6 0h12", "interval")
    title = _labelled(words("stat_chosen"), words.percent(chosen.share), words)
    yield _dot(middle, plane.y(chosen.share), "mark-seen", title)


def _legend(entries: Sequence[tuple[str, str]], key: str = "") -> list[str]:
    """A sample and its name for each, in one row at the top."""
    parts, x = [], float(LEFT if not key else 4)
    for kind, label in entries:
        if kind.startswith("bar"):
            parts.append(_rect((x, 4, 24, 14), kind, "", f"url(#{key}-{kind.removeprefix('bar-')})"))
        elif kind == "mark-seen":
            parts += [_path(f"M{x + 12:.1f} 3v16m-5 0h10m-10-16h10", "interval"), _dot(x + 12, 11, kind)]
        else:
            parts.append(_path(f"M{x:.1f} 11h24", kind))
        parts.append(_text(x + 31, 16, label, "key"))
        x += 31 + CHARACTER * len(label) + 26
    return parts


def _patterns(key: str) -> str:
    """Stripes for what nobody judged, dots for what is under way."""
    return (
        f'<defs><pattern id="{key}-unmapped" width="7" height="7" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><rect width="7" height="7" class="unmapped-ground" fill="none"/>'
        '<rect width="3.2" height="7" class="unmapped-line" fill="currentColor"/></pattern>'
        f'<pattern id="{key}-open" width="7" height="7" patternUnits="userSpaceOnUse">'
        '<rect width="7" height="7" class="open-ground" fill="none"/>'
        '<circle cx="3.5" cy="3.5" r="1.5" class="open-dot" fill="currentColor"/></pattern></defs>'
    )


def _share_ticks(words: ChartWords) -> list[tuple[float, str]]:
    return [(fifth / 5, words.percent(fifth / 5)) for fifth in range(6)]


def _share(part: int, whole: int) -> float:
    """A share of 1; what was accepted and is no longer in the desk does not make it more."""
    return min(1.0, part / whole) if whole else 0.0


def _step(most: int) -> int:
    """The least of 1, 2, 5, 10, 20... that reaches ``most`` in five steps."""
    power = int("1" + "0" * max(0, len(str(most)) - 2))
    return next(step * power for step in (1, 2, 5, 10, 20, 50) if step * power * 5 >= most)


def _cut(name: str) -> str:
    return name if len(name) <= NAME else name[: NAME - 1] + "…"


def _labelled(label: str, value: str, words: ChartWords) -> str:
    return words("stat_labelled", label=label, value=value)


# --- SVG -------------------------------------------------------------------------------------------------------------


def _path(line: str, kind: str, opacity: float = 1.0, title: str = "") -> str:
    # Attributes serve where charts.css is not loaded; its classes win over them.
    faint = "" if opacity == 1 else f' stroke-opacity="{opacity}"'
    look = LINES.get(kind, "")
    return f'<path d="{line}" class="{kind}" fill="none" stroke="currentColor"{look}{faint}{_titled("path", title)}'


def _rect(place: tuple[float, float, float, float], kind: str, title: str, fill: str = "currentColor") -> str:
    x, y, width, height = place
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" class="{kind}" '
        f'fill="{fill}" stroke="currentColor"{_titled("rect", title)}'
    )


def _dot(x: float, y: float, kind: str, title: str = "") -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.5" class="{kind}" fill="currentColor"{_titled("circle", title)}'


def _text(  # noqa: PLR0913, PLR0917 - a place, a text and how it looks
    x: float, y: float, text: str, kind: str, anchor: str = "start", title: str = ""
) -> str:
    more = f"<title>{escape(title)}</title>" if title and title != text else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" class="{kind}" fill="currentColor">'
        f"{more}{escape(text)}</text>"
    )


def _titled(name: str, title: str) -> str:
    return f"><title>{escape(title)}</title></{name}>" if title else "/>"


def _svg(key: str, parts: Sequence[str], words: ChartWords, name: str = "", height: int = HEIGHT) -> Markup:
    name = name or key
    return Markup(
        f'<svg viewBox="0 0 {WIDTH} {height}" class="chart" role="img" font-size="13" '
        f'aria-labelledby="{name}-title {name}-words">\n'
        f'<title id="{name}-title">{escape(words("stat_chart_" + name.replace("-", "_")))}</title>\n'
        f'<desc id="{name}-words">{escape(words(f"stat_chart_{key}_note"))}</desc>\n' + "\n".join(parts) + "\n</svg>"
    )
