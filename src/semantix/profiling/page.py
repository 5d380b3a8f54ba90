"""Profiles as one HTML page: no script, nothing fetched."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from semantix.profiling.figures import FileProfile, Table
from semantix.profiling.telling import HEADS, closing, column_cells, file_sentences, table_sentences, title_of
from semantix.profiling.words import ProfileWords
from semantix.report.pieces import html_page, html_section, html_table

_NUMBERS = frozenset({"filled", "distinct"})


def render_profiles(profiles: Sequence[FileProfile], words: ProfileWords, version: str) -> str:
    """Write the page in the language of ``words``."""
    shows_values = any(profile.shows_values for profile in profiles)
    explained, privacy = closing(words, shows_values=shows_values)
    sections = [_section(profile, words) for profile in profiles]
    sections.append(html_section(words("how_to_read"), _paragraphs([explained, privacy])))
    return html_page(
        words.lang,
        words("title"),
        words("subtitle", count=words.number(len(profiles))),
        sections,
        f"{words('made_by')} {version}. {privacy}",
    )


def _section(profile: FileProfile, words: ProfileWords) -> str:
    body = _paragraphs(file_sentences(profile, words))
    for table in profile.tables:
        body += _table(table, words)
    return html_section(title_of(profile, words), body)


def _table(table: Table, words: ProfileWords) -> str:
    title = words("table", name=table.name, source=table.source) if table.name else ""
    head = f"<h3>{escape(title)}</h3>\n" if title else ""
    heads = [("number" if key in _NUMBERS else "", words(key)) for key in HEADS]
    rows = [
        [("number" if key in _NUMBERS else "", escape(cell)) for key, cell in zip(HEADS, cells, strict=True)]
        for cells in (column_cells(column, words) for column in table.columns)
    ]
    return head + _paragraphs(table_sentences(table, words)) + html_table(title or words("title"), heads, rows)


def _paragraphs(sentences: Iterable[str]) -> str:
    return "".join(f"<p>{escape(sentence)}</p>\n" for sentence in sentences)
