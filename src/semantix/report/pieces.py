"""Pieces of the HTML pages: no script, nothing fetched, for screens, paper and screen readers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from semantix.report.style import STYLE

Cell = tuple[str, str]
"""(CSS class, HTML); the HTML of a head is plain text."""


def html_page(lang: str, title: str, subtitle: str, sections: Iterable[str], footer: str) -> str:
    """Write a whole page; the sections are HTML (empty ones are left out), the rest is plain text."""
    return (
        f'<!DOCTYPE html>\n<html lang="{lang}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{escape(title)} – semantix</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        f'<header>\n<h1>{escape(title)}</h1>\n<p class="target">{escape(subtitle)}</p>\n</header>\n<main>\n'
        + "\n".join(section for section in sections if section)
        + f"\n</main>\n<footer><p>{escape(footer)}</p></footer>\n</body>\n</html>\n"
    )


def html_section(title: str, body: str) -> str:
    """Write a section under its title; ``body`` is HTML."""
    return f"<section>\n<h2>{escape(title)}</h2>\n{body}\n</section>"


def html_table(caption: str, heads: Iterable[Cell], rows: Iterable[Sequence[Cell]]) -> str:
    """Write a table whose first cell of each row names the row; the caption is for screen readers."""
    head = "".join(
        f'<th scope="col"{_class(kind)}>{escape(text)}</th>' if text else "<td></td>" for kind, text in heads
    )
    body = "\n".join(_row(row) for row in rows)
    return (
        f'<div class="table" role="group" tabindex="0" aria-label="{escape(caption)}"><table>\n'
        f"<caption>{escape(caption)}</caption>\n"
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table></div>\n"
    )


def _row(row: Sequence[Cell]) -> str:
    (kind, first), *others = row
    cells = "".join(f"<td{_class(kind)}>{html}</td>" for kind, html in others)
    return f'<tr><th scope="row"{_class(kind)}>{first}</th>{cells}</tr>'


def _class(kind: str) -> str:
    return f' class="{kind}"' if kind else ""
