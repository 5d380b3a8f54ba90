"""The loss report as one HTML page: no script, nothing fetched, for screens, paper and screen readers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from types import MappingProxyType

from msgspec import Struct, field

from semantix.report.chart import render_chart
from semantix.report.figures import DECIDED, DocumentLine, Figures, Tally, Unreadable, system_name, target_name
from semantix.report.pieces import Cell, html_page, html_section, html_table
from semantix.report.reading import Reading
from semantix.report.words import Words

MAX_CODES = 30
MAX_ROWS = 1_000


class Page(Struct, frozen=True, kw_only=True):
    """What the page tells."""

    target: str
    version: str
    figures: Figures
    lines: Sequence[DocumentLine]
    unreadable: Sequence[Unreadable]
    ignored: Mapping[str, int]
    reading: Reading = field(default_factory=Reading)
    readings: Mapping[str, Reading] = MappingProxyType({})


def render_page(page: Page, words: Words) -> str:
    """Write the page in the language of ``words``."""
    sections = (
        _summary(page, words),
        _unreadable(page, words),
        _lines(page, words),
        _coverage(page, words),
        _losses(page, words),
        _produced(page, words),
        _mapping(page, words),
        _documents(page, words),
        _issues(page, words),
        _ignored(page, words),
        _reading(words),
    )
    return html_page(
        words.lang,
        words("title"),
        words("to_" + page.target),
        sections,
        f"{words('made_by')} {page.version}. {words('no_patient_value')}",
    )


# --- sections ---------------------------------------------------------------------------------------------


def _summary(page: Page, words: Words) -> str:
    figures = page.figures
    cards = [
        (words.number(figures.documents), words("converted"), ""),
        (words.percent(figures.codes.kept), words("codes_kept"), _fraction(figures.codes, words)),
        (
            words.percent(figures.statements.kept),
            words("statements_kept"),
            _fraction(figures.statements, words),
        ),
        (words.number(len(page.unreadable)), words("unreadable_count"), ""),
    ]
    items = "".join(
        f"<li><strong>{value}</strong> <span>{escape(label)}</span>{f'<small>{note}</small>' if note else ''}</li>"
        for value, label, note in cards
    )
    codes = figures.codes
    sentence = words(
        "sentence_all",
        documents=words.number(figures.documents),
        kept=words.number(codes.carried + codes.implied),
        read=words.number(codes.read),
        share=words.percent(codes.kept),
    )
    if page.unreadable:
        sentence += " " + words("sentence_unreadable", count=words.number(len(page.unreadable)))
    rows = [_tally_row(escape(words(key)), getattr(figures, key), words) for key in ("codes", "statements")]
    table = html_table(words("in_short"), _tally_heads("", words), rows)
    return html_section(words("in_short"), f'<p>{escape(sentence)}</p>\n<ul class="cards">{items}</ul>\n{table}')


def _fraction(tally: Tally, words: Words) -> str:
    return f"{words.number(tally.carried + tally.implied)} / {words.number(tally.read)}"


def _unreadable(page: Page, words: Words) -> str:
    rows = [
        [("name", escape(item.name)), ("", escape(words.refusal(item.message))), ("code", escape(item.error))]
        for item in page.unreadable[:MAX_ROWS]
    ]
    if not rows:
        return ""
    heads = [("", words("file")), ("", words("reason")), ("", words("type"))]
    table = html_table(words("unreadable"), heads, rows)
    return html_section(words("unreadable"), table + _more(len(page.unreadable), words))


def _lines(page: Page, words: Words) -> str:
    """What became of the lines of the sources that are made of lines."""
    if page.reading.is_empty:
        return ""
    heads = [("", words("file"))] + [
        ("number", words(key)) for key in ("lines", "lines_read", "set_aside", "quarantined", "documents")
    ]
    rows = [
        [("name", escape(name)), *(("number", words.number(n)) for n in _line_counts(reading))]
        for name, reading in page.readings.items()
    ]
    counts = _line_counts(page.reading)
    total: list[Cell] = [("", escape(words("total"))), *(("number", words.number(n)) for n in counts)]
    reasons = [
        [
            ("", escape(words.aside(reason))),
            ("code", escape(reason)),
            ("", escape(words("quarantined" if quarantined else "set_aside"))),
            ("number", words.number(count)),
        ]
        for reason, quarantined, count in page.reading.by_reason()
    ]
    why = [("", words("meaning")), ("", words("code")), ("", words("fate")), ("number", words("lines"))]
    return html_section(
        words("lines_title"),
        f"<p>{escape(words('lines_note'))}</p>\n"
        + html_table(words("lines_title"), heads, [total, *rows])
        + (html_table(words("set_aside"), why, reasons) if reasons else ""),
    )


def _line_counts(reading: Reading) -> tuple[int, ...]:
    return reading.total, reading.read, reading.aside, reading.quarantined, reading.documents


def _coverage(page: Page, words: Words) -> str:
    systems = page.figures.systems()
    if not systems:
        return ""
    legend = "".join(
        f'<li><svg viewBox="0 0 28 16" aria-hidden="true"><rect width="28" height="16" class="{kind}"/></svg> '
        f"{escape(words(kind))}</li>"
        for kind in ("carried", "implied", "lost")
    )
    rows = [_tally_row(_system(name, oid, words), tally, words) for name, oid, tally in systems]
    table = html_table(words("coverage"), _tally_heads(words("system"), words), rows)
    chart = render_chart(systems, words)
    return html_section(
        words("coverage"),
        f'<p>{escape(words("coverage_note"))}</p>\n<ul class="legend">{legend}</ul>\n'
        f'<div class="chart">{chart}</div>\n{table}',
    )


def _losses(page: Page, words: Words) -> str:
    figures = page.figures
    losses = figures.losses()
    if not losses:
        return html_section(words("losses"), f"<p>{escape(words('no_loss'))}</p>")
    heads = [
        ("", words("meaning")),
        ("", words("code")),
        ("number", words("codes")),
        ("number", words("statements")),
    ]
    rows = [
        [
            ("", escape(words.reason(reason))),
            ("code", escape(reason)),
            ("number", words.number(codes)),
            ("number", words.number(statements)),
        ]
        for reason, codes, statements in losses
    ]
    return html_section(words("losses"), html_table(words("losses"), heads, rows) + _lost_codes(figures, words))


def _lost_codes(figures: Figures, words: Words) -> str:
    ordered = sorted(figures.lost_codes.items(), key=lambda item: (-item[1], item[0]))
    rows = [
        [
            ("", _system(system_name(system), system, words)),
            ("code", escape(code or "–")),
            ("", escape(words.reason(reason))),
            ("number", words.number(count)),
        ]
        for (system, code, reason), count in ordered[:MAX_CODES]
    ]
    if not rows:
        return ""
    heads = [("", words("system")), ("", words("code")), ("", words("reason")), ("number", words("count"))]
    return f"<h3>{escape(words('lost_codes'))}</h3>\n" + html_table(words("lost_codes"), heads, rows)


def _produced(page: Page, words: Words) -> str:
    what = "rows" if page.target == "omop" else "resources"
    head = words("table" if page.target == "omop" else "type")
    heads, mapped = [("", head), ("number", words("count"))], page.figures.mapped
    rows = [[("", escape(name)), ("number", words.number(n))] for name, n in sorted(page.figures.produced.items())]
    if mapped:
        heads.append(("number", words("mapped")))
        for row in rows:
            name = row[0][1]
            row.append(("number", words.number(mapped[name]) if name in mapped else "–"))
    table = html_table(words(what), heads, rows)
    return html_section(words(what), table) if rows else ""


def _mapping(page: Page, words: Words) -> str:
    heads = [("", words("target"))] + [("number", words(how)) for how in DECIDED]
    rows = [
        [("", escape(target_name(target))), *(("number", words.number(counts[how])) for how in DECIDED)]
        for target, counts in page.figures.decisions()
    ]
    if not rows:
        return ""
    note = f"<p>{escape(words('mapping_note'))}</p>\n"
    return html_section(words("mapping"), note + html_table(words("mapping"), heads, rows))


def _documents(page: Page, words: Words) -> str:
    heads = [("", words("document")), ("", words("kind"))]
    heads += [("number", words(key)) for key in ("codes", "carried", "implied", "lost", "kept", "issues_short")]
    rows = [
        [
            ("name", escape(line.name)),
            ("", escape(line.kind or "–")),
            *_tally_cells(line.codes, words),
            ("number", words.number(line.issues)),
        ]
        for line in page.lines
    ]
    table = html_table(words("documents"), heads, rows) + _more(page.figures.documents, words, len(rows))
    return html_section(words("documents"), table) if rows else ""


def _issues(page: Page, words: Words) -> str:
    figures = page.figures
    rows = [
        [
            ("code", escape(code)),
            ("", escape(words(severity))),
            ("", escape(words.issue(code, figures.issue_words.get(code, "")))),
            ("number", words.number(count)),
        ]
        for (code, severity), count in sorted(figures.issues.items())
    ]
    heads = [("", words("code")), ("", words("severity")), ("", words("meaning")), ("number", words("count"))]
    return html_section(words("issues"), html_table(words("issues"), heads, rows)) if rows else ""


def _ignored(page: Page, words: Words) -> str:
    rows = [[("", escape(kind)), ("number", words.number(n))] for kind, n in sorted(page.ignored.items())]
    heads = [("", words("kind")), ("number", words("files"))]
    return html_section(words("ignored"), html_table(words("ignored"), heads, rows)) if rows else ""


def _reading(words: Words) -> str:
    items = "".join(
        f"<dt>{escape(words(key))}</dt><dd>{escape(words('explain_' + key))}</dd>"
        for key in ("carried", "implied", "lost")
    )
    return html_section(words("how_to_read"), f"<p>{escape(words('explain_coded'))}</p>\n<dl>{items}</dl>")


# --- pieces -----------------------------------------------------------------------------------------------


def _more(total: int, words: Words, shown: int = MAX_ROWS) -> str:
    return f"<p>{escape(words('more', count=words.number(total - shown)))}</p>" if total > shown else ""


def _system(name: str, oid: str, words: Words) -> str:
    """Write a code system's name, its OID below when that is not the name."""
    if name == "-":
        return escape(words("no_system"))
    if name == oid:
        return f'<span class="code">{escape(oid)}</span>'
    return f'{escape(name)}<br><span class="code">{escape(oid)}</span>'


def _tally_heads(first: str, words: Words) -> list[Cell]:
    return [("", first)] + [("number", words(key)) for key in ("read", "carried", "implied", "lost", "kept")]


def _tally_row(name: str, tally: Tally, words: Words) -> list[Cell]:
    return [("", name), *_tally_cells(tally, words)]


def _tally_cells(tally: Tally, words: Words) -> list[Cell]:
    counts = (tally.read, tally.carried, tally.implied, tally.lost)
    return [("number", words.number(count)) for count in counts] + [("number", words.percent(tally.kept))]
