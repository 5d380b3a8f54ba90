"""``semantix terminology``: the store of official releases: import, list, information, verification, removal."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from semantix.terminology.records import TERM_KINDS
from semantix_cli.echo import echo_json
from semantix_cli.options import as_json, lang, store
from semantix_cli.terminology_codes import lookup, search, validate_code
from semantix_cli.terminology_diff import diff
from semantix_cli.terminology_learn import learn
from semantix_cli.terminology_words import say

if TYPE_CHECKING:
    from semantix.errors import SemantixError
    from semantix.terminology.building import ImportReport, Tell, Wishes
    from semantix.terminology.layout import Manifest

PLACE = click.Path(exists=True, path_type=Path)


@click.group(short_help="Manage the store of terminologies.")
def terminology() -> None:
    """Manage the store of terminologies: official releases in, codes, labels, maps and hierarchies out.

    Releases stay on this machine, in one folder; semantix brings none and sends none.

    \b
    Examples:
      semantix terminology import LIBCIM10MULTI.TXT --version 2025
      semantix terminology list
      semantix terminology search --system cim10 diabète type 2
    """


@terminology.command("import", short_help="Import official releases.")
@click.argument("inputs", metavar="PATH...", nargs=-1, required=True, type=PLACE)
@click.option("--system", metavar="SYSTEM", default="", help="Code system of a file that does not say it.")
@click.option("--format", "format_", metavar="NAME", default="", help="Format, when several claim the file.")
@click.option("--version", metavar="VERSION", default="", help="Version of a file that does not say it.")
@click.option(
    "--kind", default="", type=click.Choice(["", *TERM_KINDS]), metavar="KIND", help="Kind of a table's terms."
)
@click.option("--code-column", metavar="NAME", default="", help="Column of the codes of a plain table.")
@click.option("--label-column", metavar="NAME", default="", help="Column of the labels of a plain table.")
@click.option("--replace", is_flag=True, help="Replace a release of the same name and version.")
@store
@as_json
@lang
def import_(
    inputs: tuple[Path, ...],
    system: str,
    format_: str,
    version: str,
    kind: str,
    code_column: str,
    label_column: str,
    replace: bool,
    store: Path,
    as_json: bool,
    lang: str,
) -> None:
    """Import official releases into the store. PATH is a file, a folder or an archive, as its publisher gives it.

    An import is whole or not at all. The same content again changes nothing; another content under the same name and
    version is refused without --replace. Each release says what was read, and what was left out and why.

    \b
    Examples:
      semantix terminology import cim10fr2025syst_claml.zip
      semantix terminology import bdpm/ --store /srv/semantix/store
      semantix terminology import synonyms.tsv --system cim10 --version 1 --kind synonym
    """
    from semantix.errors import SemantixError
    from semantix.terminology.building import Wishes, import_source
    from semantix.terminology.releases import Hints
    from semantix.terminology.resolving import system_key
    from semantix.terminology.source import Source

    hints = Hints(
        system=system_key(system), version=version, kind=kind, code_column=code_column, label_column=label_column
    )
    wishes: Wishes = Wishes(hints=hints, format=format_, replace=replace)
    failures: list[SemantixError] = []
    reports: list[ImportReport] = []
    for path in inputs:
        try:
            report = import_source(Source(path), store, wishes, tell=_teller())
        except SemantixError as error:
            click.echo(f"semantix: {error}", err=True)
            failures.append(error)
            continue
        reports.append(report)
        _tell_report(report, lang, as_json)
    if as_json:
        echo_json([{"source": r.source, "imported": r.imported, "refused": r.refused} for r in reports])
    _conclude(failures, reports)


def _teller() -> Tell | None:
    """Tell how far a long import is, when somebody looks."""
    import sys

    if not sys.stderr.isatty():
        return None

    def tell(count: int) -> None:
        click.echo(f"\r{count:,}", nl=False, err=True)

    return tell


def _tell_report(report: ImportReport, lang: str, as_json: bool) -> None:
    for each in report.imported:
        total = each.manifest.total()
        figures = ", ".join(
            f"{say(field, lang).lower()} {getattr(total, field):,}"
            for field in ("concepts", "terms", "parents", "links", "successors")
            if getattr(total, field)
        )
        click.echo(f"{each.manifest.ref}: {say(each.status, lang)} ({figures})", err=as_json)
        for item in each.manifest.skipped if each.status != "already there" else ():
            click.echo(f"  {item.count:,} x {item.reason}" + (f" ({item.example})" if item.example else ""), err=True)
        for system, count in sorted(each.unknown.items()):
            click.echo(f"  {say('unknown_terms', lang, count=count, system=system)}", err=True)
    for refused in report.refused:
        click.echo(f"  {refused.name}: {say('not_imported', lang)}: {refused.reason}", err=True)


def _conclude(failures: list[SemantixError], reports: list[ImportReport]) -> None:
    from semantix.errors import BadRelease
    from semantix.terminology.building import UNKNOWN

    if failures:
        click.get_current_context().exit(failures[0].exit_code)
    if any(each.reason != UNKNOWN for report in reports for each in report.refused):
        click.get_current_context().exit(BadRelease.exit_code)


@terminology.command("list", short_help="List the releases of the store.")
@store
@as_json
@lang
def list_(store: Path, as_json: bool, lang: str) -> None:
    """List the releases of the store: systems, number of codes and terms, licence.

    \b
    Examples:
      semantix terminology list
      semantix terminology list --json | jq -r '.[].name'
    """
    from semantix.terminology.store import Store
    from semantix_cli.tables import print_table

    with Store.open(store) as opened:
        releases = opened.releases()
    if as_json:
        echo_json(releases)
    elif not releases:
        click.echo(say("empty", lang), err=True)
    else:
        heads = [say(key, lang) for key in ("release", "systems", "concepts", "terms", "links", "licence")]
        print_table(heads, (_row(release) for release in releases))


def _row(release: Manifest) -> tuple[str, ...]:
    total = release.total()
    systems = ", ".join(release.systems[:4]) + (", ..." if len(release.systems) > 4 else "")
    numbers = (f"{number:,}" for number in (total.concepts, total.terms, total.links))
    return (release.ref, systems, *numbers, release.licence)


@terminology.command(short_help="Show one release.")
@click.argument("release", metavar="NAME[@VERSION]")
@store
@as_json
@lang
def info(release: str, store: Path, as_json: bool, lang: str) -> None:
    """Show one release: what it was made from, what it holds, what was left out. Without VERSION, the newest.

    \b
    Examples:
      semantix terminology info bdpm
      semantix terminology info cim10-atih@2025 --json
    """
    from semantix.errors import BadStore
    from semantix.terminology.store import Store
    from semantix_cli.tables import print_table

    with Store.open(store) as opened:
        found = opened.volume(release)
        if found is None:
            known = ", ".join(each.ref for each in opened.releases()) or "none"
            raise BadStore(f"{release}: no such release in the store; there are: {known}")
        manifest = found.manifest
    if as_json:
        echo_json(manifest)
        return
    for key, value in (
        ("release", manifest.ref),
        ("kind", say("supplement" if manifest.supplement else "base", lang)),
        ("licence", manifest.licence),
        ("importer", manifest.importer),
        ("input", ", ".join(f"{each.name} (SHA-256 {each.sha256})" for each in manifest.inputs)),
        ("size", f"{manifest.size / 1_000_000:.1f}"),
    ):
        click.echo(f"{say(key, lang)}: {value}")
    fields = ("concepts", "terms", "parents", "links", "successors")
    rows = [(key, *(f"{getattr(count, each):,}" for each in fields)) for key, count in manifest.counts.items()]
    print_table([say(key, lang) for key in ("system", *fields)], rows)
    if manifest.skipped:
        heads = [say(key, lang) for key in ("skipped", "count", "example")]
        print_table(heads, ((each.reason, f"{each.count:,}", each.example) for each in manifest.skipped))


@terminology.command(short_help="Check the bytes of every release.")
@store
@as_json
@lang
def verify(store: Path, as_json: bool, lang: str) -> None:
    """Check the checksum and the structure of every release; exit with code 9 when one is damaged.

    \b
    Examples:
      semantix terminology verify
      semantix terminology verify --store /srv/semantix/store --json
    """
    from semantix.errors import BadStore
    from semantix.terminology import upkeep

    found = upkeep.verify(store)
    if as_json:
        echo_json(found)
    else:
        for each in found:
            click.echo(f"{each.ref}: {each.problem or say('sound', lang)}")
    if any(each.problem for each in found):
        click.get_current_context().exit(BadStore.exit_code)


@terminology.command(short_help="Remove a release.")
@click.argument("release", metavar="NAME@VERSION")
@click.option("--dry-run", is_flag=True, help="Say what would be removed, and remove nothing.")
@store
@lang
def remove(release: str, dry_run: bool, store: Path, lang: str) -> None:
    """Remove one release from the store. The files that it was made from are not touched.

    \b
    Examples:
      semantix terminology remove cim10-atih@2021
      semantix terminology remove cim10-atih@2021 --dry-run
    """
    from semantix.terminology import upkeep

    removed = upkeep.remove(store, release, dry_run=dry_run)
    click.echo(("(--dry-run) " if dry_run else "") + say("removed", lang, ref=removed))


for _command in (search, lookup, validate_code, diff, learn):
    terminology.add_command(_command)
