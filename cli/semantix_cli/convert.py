"""``semantix convert``: documents to FHIR or OMOP, with an account of what was kept."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from semantix_cli.options import lang, max_size, paths

if TYPE_CHECKING:
    from semantix import Options, RunReport

FORMATS = ("bundle", "ndjson", "transaction", "duckdb", "parquet", "csv")
FILE = click.Path(dir_okay=False, path_type=Path)


@click.command(short_help="Convert documents to FHIR or OMOP.")
@paths
@click.option("--to", "target", required=True, type=click.Choice(["fhir", "omop"]), help="What to convert to.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Folder or database to write.")
@click.option(
    "--format",
    "kind",
    type=click.Choice(FORMATS),
    help="FHIR: bundle (a document Bundle each, default), ndjson (a file a resource type), transaction. "
    "OMOP: duckdb (a database, default), parquet or csv (a folder).",
)
@click.option("--report", type=FILE, help="Write the loss report as JSON in this file.")
@click.option("--report-html", type=FILE, help="Write the loss report as one HTML page in this file.")
@click.option(
    "--vocabulary",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="OMOP: folder of an Athena download, to map codes to standard concepts.",
)
@click.option("--keep-text", is_flag=True, help="OMOP: keep the free text (notes); it may identify people.")
@click.option("--jobs", "-j", type=click.IntRange(min=1), default=1, show_default=True, help="Number of processes.")
@click.option("--strict", is_flag=True, help="Exit with code 5 when a coded element is neither carried nor implied.")
@click.option("--overwrite", is_flag=True, help="Replace the files of an earlier run, and no other.")
@click.option("--check", is_flag=True, help="FHIR: validate each resource against the R4 models (slower).")
@click.option("--quiet", "-q", is_flag=True, help="No progress, no summary; errors only.")
@max_size
@lang
def convert(
    inputs: tuple[Path, ...],
    target: str,
    out: Path,
    kind: str | None,
    report: Path | None,
    report_html: Path | None,
    vocabulary: Path | None,
    keep_text: bool,
    jobs: int,
    strict: bool,
    overwrite: bool,
    check: bool,
    quiet: bool,
    max_size: int,
    lang: str,
) -> None:
    """Convert clinical documents to FHIR R4 or OMOP CDM 5.4, and say what was kept and what was not.

    PATH is a file, a ZIP archive (IHE XDM or not) or a folder, searched in depth for .xml and .zip files.
    A file that cannot be read is reported and the others are converted.

    \b
    Examples:
      semantix convert document.xml --to fhir --out out/
      semantix convert documents/ --to fhir --format ndjson --out out/ --jobs 4 --report loss.json
      semantix convert documents/ --to omop --out cdm.duckdb --vocabulary athena/ --report-html loss.html
    """
    from semantix import Limits, Options

    _refuse_nonsense(target, kind, vocabulary, keep_text, check)
    options = Options(
        target=target,
        format=kind,
        keep_text=keep_text,
        check=check,
        vocabulary=vocabulary,
        jobs=jobs,
        overwrite=overwrite,
        report=report,
        report_html=report_html,
        limits=Limits(document=max_size * 1_000_000),
    )
    result = _run(inputs, out, options, quiet)
    if report_html:
        _write_page(report_html, result, lang)
    if not quiet:
        from semantix_cli.summary import print_summary

        print_summary(result, lang, (out, report, report_html))
    _conclude(result, strict)


def _refuse_nonsense(target: str, kind: str | None, vocabulary: Path | None, keep_text: bool, check: bool) -> None:
    from semantix.pipeline import FORMATS as BY_TARGET

    if kind and kind not in BY_TARGET[target]:
        raise click.UsageError(f"--format {kind} is not for --to {target}; choose {' or '.join(BY_TARGET[target])}")
    if target == "fhir" and vocabulary:
        raise click.UsageError("--vocabulary is for --to omop")
    if target == "fhir" and keep_text:
        raise click.UsageError("--keep-text is for --to omop; FHIR keeps the text in any case")
    if target == "omop" and check:
        raise click.UsageError("--check is for --to fhir")


def _run(inputs: tuple[Path, ...], out: Path, options: Options, quiet: bool) -> RunReport:
    from semantix import convert as run
    from semantix_cli.progress import progress_bar

    with progress_bar(quiet=quiet) as tell:
        return run(inputs, out, options, tell)


def _write_page(path: Path, result: RunReport, lang: str) -> None:
    from semantix.io import write_text
    from semantix.report import render_page, words_in

    write_text(path, render_page(result.page(), words_in(lang)))


def _conclude(result: RunReport, strict: bool) -> None:
    """Exit with the gravest code: a bug, then nothing read, then some inputs unreadable, then losses under --strict."""
    from semantix import LossRefused, NothingRead, UnreadableInput

    for item in result.unreadable:
        click.echo(f"semantix: {item.name}: {item.message}", err=True)
    context = click.get_current_context()
    if result.bugs:
        click.echo(f"semantix: {result.bugs} input(s) met a bug of semantix, named above", err=True)
        context.exit(1)
    if not result.figures.documents:
        raise NothingRead("no document was read")
    if result.unreadable:
        context.exit(UnreadableInput.exit_code)
    if strict and result.figures.codes.lost:
        raise LossRefused(f"--strict: {result.figures.codes.lost} coded element(s) not carried; see the report")
