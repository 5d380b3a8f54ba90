"""``semantix quality``: the OHDSI data-quality checks of an OMOP database."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from semantix_cli.options import lang

if TYPE_CHECKING:
    from semantix.quality.running import QualityRun

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
FILE = click.Path(dir_okay=False, path_type=Path)
_LEVELS = ("table", "field", "concept")
_SEVERITIES = ("fatal", "convention", "characterization")
FAILED = 1


@click.command(short_help="Check the quality of an OMOP database.")
@click.argument("database", metavar="DB")
@click.option("--schema", metavar="NAME", default="", help="Schema of the CDM.  [default: the current one]")
@click.option(
    "--vocabulary-schema", metavar="NAME", default="", help="Schema of the vocabularies.  [default: that of the CDM]"
)
@click.option(
    "--definitions",
    metavar="DIR",
    type=FOLDER,
    help="Folder of the CSV files of OHDSI DataQualityDashboard for CDM 5.4.  [default: built in]",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "html", "csv"]),
    default="text",
    show_default=True,
    help="Form of the report; json is that of DataQualityDashboard.",
)
@click.option("--out", metavar="FILE", type=FILE, help="Write the report to a file instead of stdout.")
@click.option("--level", "levels", type=click.Choice(_LEVELS), multiple=True, help="Run this level; may be repeated.")
@click.option("--table", "tables", metavar="TABLE", multiple=True, help="Check this table; may be repeated.")
@click.option(
    "--fail-on",
    type=click.Choice(_SEVERITIES),
    default="characterization",
    show_default=True,
    help="Mildest severity that gives exit code 1.",
)
@lang
@click.pass_context
def quality(
    ctx: click.Context,
    database: str,
    schema: str,
    vocabulary_schema: str,
    definitions: Path | None,
    form: str,
    out: Path | None,
    levels: tuple[str, ...],
    tables: tuple[str, ...],
    fail_on: str,
    lang: str,
) -> None:
    """Check the quality of an OMOP CDM 5.4 database as OHDSI DataQualityDashboard does.

    DB is a DuckDB file or a URL of PostgreSQL; it is only read. Exit code 1 when a check fails or could not be run.

    \b
    Examples:
      semantix quality cdm.duckdb
      semantix quality cdm.duckdb --format html --out quality.html --lang fr
      semantix quality postgresql://reader@host/warehouse --schema cdm --definitions DataQualityDashboard/inst/csv
    """
    import time
    from datetime import date

    from semantix.quality.builtin import builtin_definitions
    from semantix.quality.database import open_database
    from semantix.quality.definitions import Selection, read_definitions, select
    from semantix.quality.running import run_checks
    from semantix.quality.tallies import is_conformant

    known = read_definitions(definitions) if definitions else builtin_definitions()
    selection = Selection(
        levels=tuple(level.upper() for level in levels or _LEVELS), tables=tuple(table.lower() for table in tables)
    )
    checked = {check.table for check in select(known, selection)}
    unknown = sorted(set(selection.tables) - checked)
    if unknown or not checked:
        raise click.UsageError(f"no check for {', '.join(unknown) or 'what was asked'}")
    started = time.perf_counter()
    with open_database(database, schema, vocabulary_schema) as opened:
        run = run_checks(opened, known, selection, date.today(), time.perf_counter)  # noqa: DTZ011
    _write(_render(run, form, lang, time.perf_counter() - started), out, lang)
    if not is_conformant(run.results, fail_on):
        ctx.exit(FAILED)


def _render(run: QualityRun, form: str, lang: str, seconds: float) -> str:
    from semantix.quality.formats import as_csv, as_json
    from semantix.quality.page import render_quality
    from semantix.quality.text import as_text
    from semantix.quality.words import quality_words
    from semantix.resources import version

    if form == "json":
        return as_json(run, version(), seconds)
    if form == "csv":
        return as_csv(run)
    words = quality_words(lang)
    return render_quality(run, words, version()) if form == "html" else as_text(run, words)


def _write(text: str, out: Path | None, lang: str) -> None:
    from semantix.io import shown, write_text
    from semantix.quality.words import quality_words

    if out is None:
        click.echo(text, nl=False)
        return
    write_text(out, text)
    click.echo(f"{quality_words(lang)('written_to')} {shown(out)}", err=True)
