"""``semantix evaluate``: how often the engine is right, on pairs that people decided."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from semantix.model import SECTIONS
from semantix_cli.options import embeddings, lang, precision, store, tables

if TYPE_CHECKING:
    from semantix.terminology.evaluation import Evaluation, GoldSet

TABLE = click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)
FILE = click.Path(dir_okay=False, allow_dash=True, path_type=Path)
PAGE = click.Path(dir_okay=False, path_type=Path)
_SHOWN = 15
"""Confusions on the terminal; the page and the JSON have more."""


@click.command(short_help="Measure how often the engine is right.")
@click.argument("gold", metavar="GOLD", type=TABLE)
@click.option("--target", metavar="SYSTEM", required=True, help="Code system of the expected codes.")
@click.option("--query-column", metavar="NAME", required=True, help="Column of the wordings.")
@click.option("--code-column", metavar="NAME", required=True, help="Column of the expected codes.")
@click.option("--accept-set-separator", metavar="TEXT", default="", help="Splits a cell into codes that are all right.")
@click.option("--unit-column", metavar="NAME", default="", help="Column of the units.")
@click.option("--section-column", metavar="NAME", default="", help="Column of the sections (see --context-section).")
@click.option("--context-section", type=click.Choice(SECTIONS), help="Section of the rows that say none.")
@click.option("--exclude-exact", is_flag=True, help="Tell apart the queries that do not stand verbatim in the store.")
@click.option("--limit", type=click.IntRange(min=1), help="Read at most this many queries.")
@click.option("--json", "json_file", metavar="FILE", type=FILE, help="Write the figures as JSON (- for stdout).")
@click.option("--html", "html_file", metavar="FILE", type=PAGE, help="Write a page with the curves and the errors.")
@precision
@tables
@embeddings
@store
@lang
def evaluate(
    gold: Path,
    target: str,
    query_column: str,
    code_column: str,
    accept_set_separator: str,
    unit_column: str,
    section_column: str,
    context_section: str | None,
    exclude_exact: bool,
    limit: int | None,
    json_file: Path | None,
    html_file: Path | None,
    precision: float,
    tables: tuple[Path, ...],
    embeddings: Path | None,
    store: Path,
    lang: str,
) -> None:
    """Measure how often the engine is right, and whether its doubt is honest. GOLD is a CSV or TSV in UTF-8.

    The figures describe all the queries; with --exclude-exact, a second set describes those that, whatever their case
    and accents, are no label nor synonym of the store.

    \b
    Examples:
      semantix evaluate gold.tsv --target cim10 --query-column label_fr --code-column cim10
      semantix evaluate labs.csv --target loinc --query-column label --code-column loinc \\
          --accept-set-separator "|" --unit-column unit --exclude-exact --html labs.html
    """
    import time

    from semantix.terminology.engine import Engine
    from semantix.terminology.evaluation import Columns, read_gold
    from semantix.terminology.evaluation import evaluate as run
    from semantix.terminology.resolving import system_key
    from semantix.terminology.store import Store
    from semantix_cli.learning import learning
    from semantix_cli.query_files import open_table

    key = system_key(target)
    columns = Columns(
        query=query_column,
        code=code_column,
        unit=unit_column,
        section=section_column,
        separator=accept_set_separator,
    )
    with open_table(gold) as table:
        read: GoldSet = read_gold(table, columns, key, context_section or "", limit)
    engine = Engine.open(store, precision=precision, extra_tables=tables, embeddings=embeddings, tell=learning(lang))
    engine.learn(key)
    with Store.open(store) as opened:

        def describe(code: str) -> str | None:
            found = opened.lookup(key, code)
            return found.display if found else None

        evaluation = run(engine, read, time.perf_counter, describe=describe, exclude_exact=exclude_exact)
    _write(evaluation, lang, json_file, html_file)


def _write(evaluation: Evaluation, lang: str, json_file: Path | None, html_file: Path | None) -> None:
    from semantix.io import shown, write_text
    from semantix.resources import version
    from semantix.terminology.evaluation_page import render_evaluation
    from semantix.terminology.evaluation_words import evaluation_words

    words = evaluation_words(lang)
    to_stdout = json_file is not None and str(json_file) == "-"
    if json_file:
        _write_json(evaluation, None if to_stdout else json_file)
    if html_file:
        write_text(html_file, render_evaluation(evaluation, words, version()))
    if not to_stdout:
        _show(evaluation, lang)
    for path in (None if to_stdout else json_file, html_file):
        if path:
            click.echo(f"{words('written_to')} {shown(path)}", err=True)


def _write_json(evaluation: Evaluation, path: Path | None) -> None:
    import msgspec

    from semantix.io import write_text
    from semantix.terminology.evaluation import as_json

    text = msgspec.json.format(msgspec.json.encode(as_json(evaluation))).decode()
    if path:
        write_text(path, text + "\n")
    else:
        click.echo(text)


def _show(evaluation: Evaluation, lang: str) -> None:
    """Print the figures, and the most frequent confusions."""
    from semantix.terminology.evaluation_page import figure_heads, figure_rows, sentences
    from semantix.terminology.evaluation_words import evaluation_words, title_of
    from semantix_cli.tables import console, table_of

    words = evaluation_words(lang)
    out = console()
    number = words.number(evaluation.figures.n)
    out.print(words("title", system=title_of(evaluation.target)), style="bold", markup=False)
    out.print(words("subtitle", name=evaluation.name, n=number), markup=False)
    heads = figure_heads(evaluation, words)
    out.print(table_of(heads, figure_rows(evaluation, words), numbers=len(heads) - 1))
    for sentence in sentences(evaluation, words):
        out.print(sentence, markup=False)
    if evaluation.confusions:
        out.print(f"\n{words('confusions')}", style="bold", markup=False)
        rows = [
            (
                f"{each.gold} {each.gold_display}".strip()
                + (f" ({words('or_others', count=words.number(each.others))})" if each.others else ""),
                f"{each.chosen} {each.chosen_display}".strip() or words("nothing"),
                words.number(each.count),
            )
            for each in evaluation.confusions[:_SHOWN]
        ]
        out.print(table_of([words(key) for key in ("expected", "chosen", "count")], rows, numbers=1))
