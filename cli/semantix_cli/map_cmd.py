"""``semantix map``: from wordings or local codes to codes of a target system, for everyday use."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import click

from semantix.model import SECTIONS
from semantix_cli.options import embeddings, lang, precision, store, tables

if TYPE_CHECKING:
    from semantix.model import Decision
    from semantix.terminology.engine import Engine
    from semantix.terminology.mapping_table import Asked, Sources

TABLE = click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)
OUT = click.Path(dir_okay=False, path_type=Path)
STDOUT = Path("-")
_AT_ONCE = 1_000


@click.command("map", short_help="Find the codes of wordings.")
@click.argument("texts", metavar="[TEXT...]", nargs=-1)
@click.option("--target", metavar="SYSTEM", required=True, help="Code system to map to: key, OID or URI.")
@click.option("--file", "file", metavar="FILE", type=TABLE, help="CSV or TSV of queries, one a row (- for stdin).")
@click.option("--column", metavar="NAME", default="", help="Column of the wordings.")
@click.option("--code-column", metavar="NAME", default="", help="Column of the codes of the source.")
@click.option("--unit-column", metavar="NAME", default="", help="Column of the units.")
@click.option("--code", metavar="CODE", default="", help="Code of the source, without TEXT or with one.")
@click.option("--system", metavar="SYSTEM", default="", help="Code system of the codes of the source.")
@click.option("--sender", metavar="NAME", default="", help="Who uses these local codes.")
@click.option("--section", type=click.Choice(SECTIONS), default=None, help="Kind of statement.")
@click.option("--unit", metavar="UNIT", default="", help="Unit, as written; a row's own wins.")
@click.option("--specimen", metavar="NAME", default="", help="Specimen (blood, urine...).")
@click.option("--top", metavar="N", type=click.IntRange(1, 100), default=5, show_default=True, help="Most candidates.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a query.")
@click.option("--out", metavar="FILE", type=OUT, help="With --file: the table to write, instead of stdout.")
@precision
@tables
@embeddings
@store
@lang
def map_(
    texts: tuple[str, ...],
    target: str,
    file: Path | None,
    column: str,
    code_column: str,
    unit_column: str,
    code: str,
    system: str,
    sender: str,
    section: str | None,
    unit: str,
    specimen: str,
    top: int,
    as_json: bool,
    out: Path | None,
    precision: float,
    tables: tuple[Path, ...],
    embeddings: Path | None,
    store: Path,
    lang: str,
) -> None:
    """Find the codes of wordings. Each TEXT is one query (quote it); a single - reads them from stdin, one a line.

    With --file, the table is written with columns added: target_code and target_display only where the answer is
    accepted, then how, how sure and why, the best candidate, and the other candidates.

    \b
    Examples:
      semantix map "diabète de type 2" "HTA" --target cim10
      semantix map "glycémie à jeun" --unit g/L --target loinc --json
      semantix map --file problems.csv --column label --target cim10 --out mapped.csv
    """
    from semantix.model import Context, Query
    from semantix.terminology.engine import Engine
    from semantix.terminology.mapping_table import Asked, Sources
    from semantix.terminology.matching import Request
    from semantix.terminology.resolving import system_key
    from semantix_cli.learning import learning

    _refuse_nonsense(texts, code, file, bool(column or code_column), out)
    context = Context(sender=sender, unit=unit, specimen=specimen, section=section or "")
    asked = Asked(system_key(target), top)
    engine = Engine.open(store, precision=precision, extra_tables=tables, embeddings=embeddings, tell=learning(lang))
    engine.learn(asked.target)
    if file:
        sources = Sources(text=column, code=code_column, unit=unit_column, system=system_key(system), context=context)
        _map_file(engine, file, sources, asked, None if as_json else out or STDOUT)
        return
    for batch in _batches(texts or ("",)):
        requests = [Request(Query(text=text, code=code, system=system_key(system)), context) for text in batch]
        for decision in engine.decide_many(requests, asked.target, asked.top):
            _show(decision, as_json, lang)


def _refuse_nonsense(texts: tuple[str, ...], code: str, file: Path | None, has_column: bool, out: Path | None) -> None:
    if file and (texts or code):
        raise click.UsageError("give either TEXT and --code, or --file")
    if not file and not texts and not code:
        raise click.UsageError("nothing to map: give TEXT, --code or --file")
    if file and not has_column:
        raise click.UsageError("--file needs --column, --code-column or both")
    if code and (len(texts) > 1 or texts == ("-",)):
        raise click.UsageError("--code goes with one TEXT at most")
    if out and not file:
        raise click.UsageError("--out goes with --file")
    if out and file and out.resolve() == file.resolve():
        raise click.UsageError("--out would replace the table that is read")


# --- texts ------------------------------------------------------------------------------------------------


def _batches(texts: tuple[str, ...]) -> Iterator[list[str]]:
    """Gather texts to decide together; those of a person who types are decided as they come."""
    size = 1 if texts == ("-",) and sys.stdin.isatty() else _AT_ONCE
    given = iter(_given(texts))
    while batch := list(islice(given, size)):
        yield batch


def _given(texts: tuple[str, ...]) -> Iterable[str]:
    if texts != ("-",):
        return (text.encode("utf-8", "surrogateescape").decode("utf-8", "replace") for text in texts)
    from semantix.terminology.query_tables import read_lines

    lines = (line.strip().removeprefix("\ufeff") for line in read_lines(sys.stdin.buffer, "stdin"))
    return (line for line in lines if line)


def _show(decision: Decision, as_json: bool, lang: str) -> None:
    from semantix_cli.echo import echo_line

    if as_json:
        echo_line(decision)
        return
    from semantix.terminology.decision_words import conflicts_in_words, evidence_in_words
    from semantix.terminology.evaluation_words import evaluation_words
    from semantix_cli.tables import NO_FOLD, console, table_of

    words = evaluation_words(lang)
    out = console(pipe_width=NO_FOLD)
    out.print(_headline(decision, lang), style="bold", markup=False)
    if not decision.candidates:
        return
    rows = [
        (
            each.code,
            each.display,
            evidence_in_words(each.evidence, lang),
            conflicts_in_words(each, lang),
            words.percent(each.probability) if each.probability else "–",
        )
        for each in decision.candidates
    ]
    heads = [words(key) for key in ("code", "label", "evidence", "against", "probability")]
    out.print(table_of(heads, rows, numbers=1))


def _headline(decision: Decision, lang: str) -> str:
    """``HTA: I10, accepted (curated; curated row of diagnoses__cim10)``."""
    from semantix.terminology.decision_words import outcome_in_words, reason_in_words
    from semantix.terminology.evaluation_words import evaluation_words

    words = evaluation_words(lang)
    asked = decision.query.text or decision.query.code
    answer = decision.candidates[0].code if decision.accepted else words("to_review")
    how = f"{outcome_in_words(decision, lang)}; {reason_in_words(decision, lang)}"
    return f"{asked} → {answer}  ({how})"


# --- tables -----------------------------------------------------------------------------------------------


def _map_file(engine: Engine, file: Path, sources: Sources, asked: Asked, to: Path | None) -> None:
    """Write the table to a path or STDOUT; without one, print JSON objects with the line of each row."""
    from semantix.io import Output
    from semantix.terminology.mapping_table import decide_rows, written
    from semantix_cli.echo import echo_line
    from semantix_cli.query_files import open_table

    with open_table(file) as table:
        pairs = decide_rows(engine, table, sources, asked)
        if to is None:
            for row, decision in pairs:
                echo_line({"line": row.line, "decision": decision})
        elif to == STDOUT:
            for piece in written(table, pairs):
                click.echo(piece, nl=False)
        else:
            with Output(to) as target:
                for piece in written(table, pairs):
                    target.write(piece.encode("utf-8"))
