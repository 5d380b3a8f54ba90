"""``semantix validate``: the check before sending, in one command."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from semantix_cli.options import given_store, lang, max_size, packs, paths, tables
from semantix_cli.ruleset import rulesets

if TYPE_CHECKING:
    from semantix.validation import ValidationReport

FILE = click.Path(dir_okay=False, path_type=Path)
EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)
FORMATS = ("text", "json", "html", "sarif", "junit")
BY_SUFFIX = {".txt": "text", ".json": "json", ".html": "html", ".htm": "html", ".sarif": "sarif", ".xml": "junit"}
NONE = "none"
STALE = {
    "en": "{count} accepted finding(s) are no longer found; write the baseline again",
    "fr": "{count} constat(s) accepté(s) ne se trouvent plus ; réécrire la liste de référence",
}
COLOURS = {"good": "green", "error": "red", "warning": "yellow"}


@click.command(short_help="Check files before sending them.")
@paths
@click.option(
    "--ruleset",
    metavar="NAME",
    default=None,
    help="Installed rule set for CDA documents; `none` for our own rules alone.  [default: the only one there is]",
)
@rulesets
@click.option(
    "--engine",
    type=click.Choice(["auto", "fast", "saxon"]),
    default="auto",
    show_default=True,
    help="Engine of the official Schematron rules; auto is the fast one, and Saxon for what that does not know.",
)
@click.option(
    "--volet",
    "volets",
    metavar="NAME",
    multiple=True,
    help="Official rules of this kind of document, whatever the document says it is; may be repeated.",
)
@given_store
@tables
@packs
@click.option("--practice", metavar="NAME", help="Who sent these files.  [default: the folder that holds each]")
@click.option(
    "--hl7-validator",
    "validator",
    metavar="JAR|DIR",
    type=click.Path(exists=True, path_type=Path),
    envvar="SEMANTIX_HL7_VALIDATOR",
    help="HL7's FHIR validator, run on FHIR input too (needs Java).  [default: $SEMANTIX_HL7_VALIDATOR, else none]",
)
@click.option("--format", "kind", type=click.Choice(FORMATS), default="text", show_default=True, help="What to print.")
@click.option(
    "--report",
    "reports",
    metavar="FILE",
    type=FILE,
    multiple=True,
    help="Write a report too; its kind is its extension: .html, .json, .sarif, .xml (JUnit), .txt. May be repeated.",
)
@click.option(
    "--baseline", metavar="FILE", type=EXISTING, help="Accept the findings of this file: only new ones count."
)
@click.option("--write-baseline", metavar="FILE", type=FILE, help="Write what was found as a baseline.")
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning"]),
    default="error",
    show_default=True,
    help="Weight of a finding from which the exit code is 1.",
)
@click.option(
    "--day",
    metavar="DATE",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Day of the check, after which nothing has happened yet.  [default: today]",
)
@click.option("--jobs", "-j", type=click.IntRange(min=1), default=1, show_default=True, help="Number of processes.")
@click.option("--quiet", "-q", is_flag=True, help="Print nothing but errors; see the exit code and the reports.")
@max_size
@lang
def validate(
    inputs: tuple[Path, ...],
    ruleset: str | None,
    home: Path,
    engine: str,
    volets: tuple[str, ...],
    store: Path | None,
    tables: tuple[Path, ...],
    packs: tuple[Path, ...],
    practice: str | None,
    validator: Path | None,
    kind: str,
    reports: tuple[Path, ...],
    baseline: Path | None,
    write_baseline: Path | None,
    fail_on: str,
    day: datetime | None,
    jobs: int,
    quiet: bool,
    max_size: int,
    lang: str,
) -> None:
    """Check health records before sending them: do they follow the rules, and are their codes understood.

    PATH is a file, a ZIP archive, a mail or a folder, of any kind that `convert` reads. CDA documents are checked by
    our own rules, and by the official ones once a rule set is installed (semantix ruleset install); FHIR resources
    against their models and the French profiles; archives, messages and tables against their layout.

    Two results: conformity (form, schema, rules) and understanding (codes in their system, meaning what the text says).
    No value of a patient is shown. Exit code 0 when nothing as grave as --fail-on is found, 1 when something is, 15
    when a check could not be finished.

    \b
    Examples:
      semantix validate export.xml
      semantix validate exports/ --lang fr --report report.html
      semantix validate exports/ --report findings.sarif --report junit.xml --baseline accepted.json --jobs 2
      semantix explain SX-ID-01
    """
    from semantix.io import Limits
    from semantix.pipeline.validating import Checks
    from semantix.pipeline.validating import validate as run
    from semantix_cli.progress import progress_bar

    unknown = [path for path in reports if path.suffix.lower() not in BY_SUFFIX]
    if unknown:
        raise click.UsageError(f"{unknown[0]}: a report ends with {', '.join(BY_SUFFIX)}, which says what kind it is")
    _refuse_reports(inputs, (*reports, *((write_baseline,) if write_baseline else ())))
    checks = Checks(
        day=day.date() if day else _today(),
        ruleset=_ruleset(ruleset, home),
        rulesets=home,
        engine=engine,
        volets=volets,
        store=store,
        tables=tables,
        packs=packs,
        practice=practice,
        validator=validator,
        limits=Limits(document=max_size * 1_000_000),
    )
    with progress_bar(quiet=quiet) as progress:
        report = run(inputs, checks, jobs=jobs, progress=progress)
    if write_baseline:
        from semantix.io import write_text
        from semantix.validation.baseline import write_baseline as as_baseline

        write_text(write_baseline, as_baseline(report))
    if baseline:
        report = _accepted(report, baseline, lang)
    _tell(report, kind, reports, lang=lang, fail_on=fail_on, quiet=quiet)
    _conclude(report, fail_on)


def _today() -> date:
    return datetime.now(ZoneInfo("Europe/Paris")).date()


def _ruleset(name: str | None, home: Path) -> str | None:
    """The rule set to use: the one named, the only one there is, or none. Raises BadRuleSet when it must be chosen."""
    if name == NONE:
        return None
    from semantix.validation.rulesets.install import find, installed

    if name is None and not installed(home):
        return None
    return find(home, name or "").manifest.name


def _refuse_reports(inputs: tuple[Path, ...], files: tuple[Path, ...]) -> None:
    """A report takes the place of nothing that is read, nor of another one."""
    taken = {path.resolve() for path in inputs}
    folders = [path for path in taken if path.is_dir()]
    for path in files:
        real = path.resolve()
        if real in taken:
            raise click.UsageError(f"{path}: would replace an input or another report; choose another file")
        if real.suffix.lower() == ".xml" and any(map(real.is_relative_to, folders)):
            raise click.UsageError(f"{path}: would be read as an input the next time; write it elsewhere")
        taken.add(real)


def _accepted(report: ValidationReport, file: Path, lang: str) -> ValidationReport:
    from semantix.validation.baseline import apply_baseline, parse_baseline, stale_entries

    known = parse_baseline(file.read_bytes())
    stale = stale_entries(report, known)
    if stale:
        click.echo(f"semantix: {file}: {STALE[lang].format(count=len(stale))}", err=True)
    return apply_baseline(report, known)


def _tell(
    report: ValidationReport, kind: str, reports: tuple[Path, ...], *, lang: str, fail_on: str, quiet: bool
) -> None:
    from semantix.io import write_text
    from semantix.model import Severity
    from semantix.validation.report import lines_of, render

    weight = Severity(fail_on)
    for path in reports:
        chosen = BY_SUFFIX[path.suffix.lower()]
        write_text(path, render(report, lang, chosen, fail_on=weight))
    if quiet:
        return
    if kind == "text":
        for line in lines_of(report, lang):
            click.secho(line.text, fg=COLOURS.get(line.style), bold=line.style == "title")
    else:
        click.echo(render(report, lang, kind, fail_on=weight), nl=False)


def _conclude(report: ValidationReport, fail_on: str) -> None:
    """Exit with 1 for findings, else with the code of what could not be checked."""
    from semantix.errors import NotChecked, NothingRead
    from semantix.model import Severity
    from semantix.validation.report.figures import OUR_FAULT

    if not report.documents:
        raise NothingRead("no file to check was found")
    weights = {Severity.ERROR} | ({Severity.WARNING} if fail_on == "warning" else set())
    found = (found for checked in report.documents for found in checked.findings if found.code != OUR_FAULT)
    if any(one.severity in weights for one in found):
        click.get_current_context().exit(1)
    unfinished = sum(any(run.state == "failed" for run in checked.layers) for checked in report.documents)
    if unfinished:
        raise NotChecked(f"{unfinished} document(s) on which a check could not be finished; the report says which")
