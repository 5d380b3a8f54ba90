"""Pieces of the validation page: icons, bars and tables, for screens, paper and screen readers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from types import MappingProxyType

from msgspec import Struct

from semantix.validation.report.page_style import STYLE
from semantix.validation.report.words import ReportWords

ICONS: Mapping[str, str] = MappingProxyType(
    {
        "good": "M12 1a11 11 0 1 0 0 22 11 11 0 0 0 0-22Zm-1.4 16.2-5-5 1.9-1.9 3.1 3.1 6-6.1 1.9 1.9Z",
        "error": "M7.4 1h9.2L23 7.4v9.2L16.6 23H7.4L1 16.6V7.4Zm8.7 5L12 10.1 7.9 6 6 7.9l4.1 4.1L6 16.1 7.9 18l4.1-4.1"
        " 4.1 4.1 1.9-1.9-4.1-4.1L18 7.9Z",
        "warning": "M12 1.5 23.5 22H.5Zm-1.3 7.2.4 6.6h1.8l.4-6.6Zm1.3 8.1a1.4 1.4 0 1 0 0 2.8 1.4 1.4 0 0 0 0-2.8Z",
        "information": "M12 1a11 11 0 1 0 0 22 11 11 0 0 0 0-22Zm-1.3 9.5h2.6V18h-2.6Zm1.3-4.6a1.5 1.5 0 1 1 0 3 1.5"
        " 1.5 0 0 1 0-3Z",
        "unsure": "M12 1a11 11 0 1 0 0 22 11 11 0 0 0 0-22Zm0 15.6a1.5 1.5 0 1 1 0 3 1.5 1.5 0 0 1 0-3ZM12 5c2.4 0 4.1"
        " 1.4 4.1 3.5 0 1.6-.8 2.5-1.9 3.3-.8.6-1 1-1 1.7v.6h-2.4v-.9c0-1.4.7-2.2 1.7-2.9.8-.6 1.1-1 1.1-1.7"
        " 0-.8-.6-1.3-1.6-1.3-1.1 0-1.8.6-1.9 1.7H7.8C7.9 6.5 9.6 5 12 5Z",
    }
)
"""Each told apart by its form, without its colour."""

PATTERNS = """<svg class="pattern-defs" aria-hidden="true" focusable="false"><defs>
<pattern id="p-mapped" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
<rect width="6" height="6" class="m-g"/><rect width="2" height="6" class="m-l"/></pattern>
<pattern id="p-unchecked" width="6" height="6" patternUnits="userSpaceOnUse">
<rect width="6" height="6" class="c-g"/><circle cx="3" cy="3" r="1" class="c-l"/></pattern>
<pattern id="p-local" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)">
<rect width="6" height="6" class="l-g"/><rect width="2" height="6" class="l-l"/></pattern>
<pattern id="p-retired" width="5" height="5" patternUnits="userSpaceOnUse">
<rect width="5" height="5" class="r-g"/><rect width="1.6" height="5" class="r-l"/></pattern>
<pattern id="p-unknown" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
<rect width="6" height="6" class="u-g"/><rect width="2" height="6" class="u-l"/><rect width="6" height="2" class="u-l"/>
</pattern></defs></svg>"""
_BREAKS = re.compile(r"(?<=[/:])(?=[^/:\s])")
_ADDRESS = re.compile(r"https?://[^\s,;)»”]+[^\s,;)»”.]")


class Cell(Struct, frozen=True):
    """One cell of a table: HTML, and its class."""

    html: str
    kind: str = ""


def page(words: ReportWords, title: str, body: str) -> str:
    """Write a whole page; ``body`` is HTML."""
    return (
        f'<!DOCTYPE html>\n<html lang="{words.lang}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{escape(title)} – semantix</title>\n<style>{STYLE}</style>\n</head>\n"
        f"<body>\n{body}\n</body>\n</html>\n"
    )


def section(anchor: str, title: str, body: str) -> str:
    """Write a section under its title; ``body`` is HTML."""
    return (
        f'<section id="{anchor}" aria-labelledby="{anchor}-title">\n'
        f'<h2 id="{anchor}-title">{escape(title)}</h2>\n{body}\n</section>'
    )


def table(caption: str, heads: Sequence[Cell], rows: Iterable[Sequence[Cell]], total: Sequence[Cell] = ()) -> str:
    """Write a table whose first cell of each row names the row; it can be scrolled with the keyboard."""
    head = "".join(f'<th scope="col"{_class(each.kind)}>{escape(each.html)}</th>' for each in heads)
    body = "\n".join([*(_row(row) for row in rows), *([_row(total, "total")] if total else [])])
    return (
        f'<div class="table" role="group" tabindex="0" aria-label="{escape(caption)}"><table>\n'
        f"<caption>{escape(caption)}</caption>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n"
        "</table></div>\n"
    )


def number(words: ReportWords, value: int) -> Cell:
    """A cell with a whole number; a zero is pale."""
    return Cell(words.number(value), "number" if value else "number zero-cell")


def icon(name: str) -> str:
    """Draw an icon; the word beside it says the same."""
    return (
        f'<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path fill-rule="evenodd" d="{ICONS[name]}"/></svg>'
    )


def bar(parts: Sequence[tuple[str, int]], height: int = 16) -> str:
    """Draw one bar divided into (class, count) parts; the words beside it give the counts."""
    total = sum(count for _, count in parts)
    x, drawn = 0.0, ""
    for kind, count in parts:
        if count:
            width = 100 * count / total
            drawn += f'<rect x="{x:.2f}%" width="{width:.2f}%" height="{height}" class="{kind}"/>'
            x += width
    return f'<svg height="{height}" aria-hidden="true">{drawn}</svg>'


def swatch(kind: str) -> str:
    """Draw a sample of a class of a bar, for a legend."""
    drawn = f'<rect width="22" height="14" class="{kind}"/>'
    return f'<svg class="swatch" viewBox="0 0 22 14" aria-hidden="true">{drawn}</svg>'


def breakable(text: str) -> str:
    """Let a long path or name go to the next line after a slash or a colon."""
    return "<wbr>".join(escape(part) for part in _BREAKS.split(text))


def marked(text: str) -> str:
    """Write what stands between backticks as code."""
    pieces = escape(text).split("`")
    if len(pieces) % 2 == 0:
        return escape(text)
    return "".join(f"<code>{piece}</code>" if rank % 2 else piece for rank, piece in enumerate(pieces))


def linked(text: str) -> str:
    """Make the addresses of a text links."""
    html, end = "", 0
    for found in _ADDRESS.finditer(text):
        address = escape(found[0])
        html += escape(text[end : found.start()]) + f'<a href="{address}" rel="noreferrer">{address}</a>'
        end = found.end()
    return html + escape(text[end:])


def _row(row: Sequence[Cell], kind: str = "") -> str:
    first, *others = row
    cells = "".join(f"<td{_class(each.kind)}>{each.html}</td>" for each in others)
    return f'<tr{_class(kind)}><th scope="row"{_class(first.kind)}>{first.html}</th>{cells}</tr>'


def _class(kind: str) -> str:
    return f' class="{kind}"' if kind else ""
