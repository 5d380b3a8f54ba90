"""The summary of a run on the terminal: what was read, written and left out, in French or in English."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from semantix import RunReport, Tally
from semantix.report import DECIDED, Words, target_name, words_in
from semantix_cli.tables import console, table_of

MAX_SYSTEMS = 15
MAX_FILES = 20

Titled = tuple[str, Table]


def titled(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]], numbers: int = 0) -> Titled:
    """Return a table and its title."""
    return title, table_of(heads, rows, numbers)


def print_summary(report: RunReport, lang: str, written: Iterable[Path | None], to: Console | None = None) -> None:
    """Print the summary on the standard error (or ``to``), then where the files are."""
    words = words_in(lang)
    out = to or console(stderr=True)
    for title, table in _tables(report, words):
        out.print(Text(f"\n{title}", style="bold"))
        out.print(table)
    for path in written:
        if path:
            out.print(Text(f"{words('written_to')} {path}"))


def _tables(report: RunReport, words: Words) -> Iterator[Titled]:
    yield _kept(report, words)
    yield from _produced(report, words)
    yield from _mapping(report, words)
    yield from _systems(report, words)
    yield from _losses(report, words)
    yield from _issues(report, words)
    yield from _lines(report, words)
    yield from _unreadable(report, words)
    yield from _ignored(report, words)


def _tally(tally: Tally, words: Words) -> list[str]:
    counts = (tally.read, tally.carried, tally.implied, tally.lost)
    return [words.number(count) for count in counts] + [words.percent(tally.kept)]


def _tally_heads(first: str, words: Words) -> list[str]:
    return [first] + [words(key) for key in ("read", "carried", "implied", "lost", "kept")]


def _kept(report: RunReport, words: Words) -> Titled:
    figures = report.figures
    title = f"{words('documents')}: {words.number(figures.documents)}"
    rows = [[words(key), *_tally(getattr(figures, key), words)] for key in ("codes", "statements")]
    return titled(title, _tally_heads("", words), rows, numbers=5)


def _produced(report: RunReport, words: Words) -> Iterator[Titled]:
    is_omop = report.target == "omop"
    counts = report.written or report.figures.produced
    rows = [[name, words.number(count)] for name, count in sorted(counts.items())]
    heads = [words("table" if is_omop else "type"), words("count")]
    if is_omop:
        mapped = report.figures.mapped
        rows = [[*row, words.number(mapped[row[0]]) if row[0] in mapped else "-"] for row in rows]
        heads.append(words("mapped"))
    if rows:
        yield titled(words("rows" if is_omop else "resources"), heads, rows, numbers=len(heads) - 1)


def _mapping(report: RunReport, words: Words) -> Iterator[Titled]:
    rows = [
        [target_name(target), *(words.number(counts[how]) for how in DECIDED)]
        for target, counts in report.figures.decisions()
    ]
    if rows:
        heads = [words("target"), *(words(how) for how in DECIDED)]
        yield titled(words("mapping"), heads, rows, numbers=len(DECIDED))


def _systems(report: RunReport, words: Words) -> Iterator[Titled]:
    systems = report.figures.systems()
    rows = [
        [words("no_system") if name == "-" else name, *_tally(tally, words)] for name, _, tally in systems[:MAX_SYSTEMS]
    ]
    if len(systems) > MAX_SYSTEMS:
        rows.append([words("more", count=len(systems) - MAX_SYSTEMS), "", "", "", "", ""])
    if rows:
        yield titled(words("coverage"), _tally_heads(words("system"), words), rows, numbers=5)


def _losses(report: RunReport, words: Words) -> Iterator[Titled]:
    rows = [
        [f"{words.reason(reason)} ({reason})", words.number(codes), words.number(statements)]
        for reason, codes, statements in report.figures.losses()
    ]
    if rows:
        yield titled(words("losses"), [words("reason"), words("codes"), words("statements")], rows, numbers=2)


def _issues(report: RunReport, words: Words) -> Iterator[Titled]:
    figures = report.figures
    rows = [
        [code, words(severity), words.issue(code, figures.issue_words.get(code, "")), words.number(count)]
        for (code, severity), count in sorted(figures.issues.items())
    ]
    if rows:
        heads = [words(key) for key in ("code", "severity", "meaning", "count")]
        yield titled(words("issues"), heads, rows, numbers=1)


def _unreadable(report: RunReport, words: Words) -> Iterator[Titled]:
    rows = [[item.name, words.refusal(item.message)] for item in report.unreadable[:MAX_FILES]]
    if len(report.unreadable) > MAX_FILES:
        rows.append([words("more", count=len(report.unreadable) - MAX_FILES), ""])
    if rows:
        yield titled(words("unreadable"), [words("file"), words("reason")], rows)


def _lines(report: RunReport, words: Words) -> Iterator[Titled]:
    """What became of the lines, when something was set aside or the sources are made of lines."""
    reading = report.reading
    if reading.is_empty:
        return
    rows = [[words("lines_read"), "", words.number(reading.read)]]
    rows += [
        [words("quarantined" if quarantined else "set_aside"), words.aside(reason), words.number(count)]
        for reason, quarantined, count in reading.by_reason()
    ]
    title = f"{words('lines_title')}: {words.number(reading.total)}"
    yield titled(title, [words("fate"), words("reason"), words("lines")], rows, numbers=1)


def _ignored(report: RunReport, words: Words) -> Iterator[Titled]:
    rows = [[kind, words.number(count)] for kind, count in sorted(report.ignored.items())]
    if rows:
        yield titled(words("ignored"), [words("kind"), words("count")], rows, numbers=1)
