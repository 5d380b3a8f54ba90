"""``semantix convert``: documents to FHIR or OMOP, with an account of what was kept."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from semantix_cli.options import default_store, given_store, lang, max_size, packs, paths, tables

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
@given_store
@click.option(
    "--map/--no-map",
    "mapping",
    default=None,
    help="Add codes from the store, if there is one, and from the curated tables to sources with local codes.  "
    "[default: from what there is]",
)
@click.option(
    "--precision",
    "accept",
    type=click.FloatRange(0.5, 1, max_open=True),
    help="Precision that a likeness between words must guarantee for its code to be added.  [default: 0.98]",
)
@tables
@packs
@click.option("--practice", metavar="NAME", help="Who sent these files.  [default: the folder that holds each]")
@click.option("--candidates", type=FILE, help="Write what is left to decide, for people to review, in this TSV file.")
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
    store: Path | None,
    mapping: bool | None,
    accept: float | None,
    tables: tuple[Path, ...],
    packs: tuple[Path, ...],
    practice: str | None,
    candidates: Path | None,
    keep_text: bool,
    jobs: int,
    strict: bool,
    overwrite: bool,
    check: bool,
    quiet: bool,
    max_size: int,
    lang: str,
) -> None:
    """Convert health records to FHIR R4 or OMOP CDM 5.4, and say what was kept and what was not.

    PATH is a file, a ZIP archive, a mail or a folder, searched in depth: CDA, HPRIM, HL7 v2, FHIR, PN13, exports of
    practice software that a mapping pack describes. What cannot be read is reported, and the rest is converted.

    Local codes and labels gain the codes that the curated tables give them; with a terminology store, every concept
    gains those of the store and of official maps too. They come after the codes of the source, marked as mapped.

    \b
    Examples:
      semantix convert document.xml --to fhir --out out/
      semantix convert documents/ --to fhir --format ndjson --out out/ --jobs 4 --report loss.json
      semantix convert documents/ --to omop --out cdm.duckdb --vocabulary athena/ --report-html loss.html
      semantix convert documents/ --to fhir --out out/ --store store/ --candidates review.tsv
      semantix convert exports/ --to omop --out cdm.duckdb --pack our-software.yaml
    """
    from semantix import Limits, Options

    _refuse_nonsense(target, kind, vocabulary, keep_text, check)
    place = _store_to_use(store, mapping, accept, candidates, tables)
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
        store=place,
        accept=0.98 if accept is None else accept,
        candidates=candidates,
        tables=tables,
        curated=mapping is not False,
        practice=practice,
        packs=packs,
        limits=Limits(document=max_size * 1_000_000),
    )
    result = _run(inputs, out, options, lang, quiet)
    if report_html:
        _write_page(report_html, result, lang)
    if not quiet:
        from semantix_cli.summary import print_summary

        print_summary(result, lang, (out, report, report_html, candidates))
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


def _store_to_use(
    store: Path | None,
    mapping: bool | None,
    accept: float | None,
    candidates: Path | None,
    tables: tuple[Path, ...],
) -> Path | None:
    """The store that codes are added from: one that is named, unless --no-map; the user's own with --map alone."""
    if mapping is False or (store is None and not mapping):
        asked = (("--candidates", candidates), ("--table", tables or None)) if mapping is False else ()
        told = [name for name, given in (("--precision", accept), *asked) if given is not None]
        if told:
            raise click.UsageError(f"{told[0]} is for mapping: give --store, or --map for your own store")
        return None
    return store or default_store()


def _run(inputs: tuple[Path, ...], out: Path, options: Options, lang: str, quiet: bool) -> RunReport:
    from semantix import convert as run
    from semantix_cli.progress import progress_bar

    with progress_bar(quiet=quiet) as progress:
        return run(inputs, out, options, progress, _learning(lang) if options.store and not quiet else None)


def _learning(lang: str) -> Callable[[str], None]:
    from semantix_cli.learning import learning

    return learning(lang)


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
    if not result.figures.documents and not result.reading.aside:
        raise NothingRead("no document was read")
    if result.unreadable or result.reading.quarantined:
        context.exit(UnreadableInput.exit_code)
    if strict and result.figures.codes.lost:
        raise LossRefused(f"--strict: {result.figures.codes.lost} coded element(s) not carried; see the report")
