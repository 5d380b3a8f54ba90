"""``semantix ruleset``: the official rules of the CI-SIS on this machine: install, list, show, remove."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from semantix_cli.echo import echo_json
from semantix_cli.options import as_json, default_store, lang
from semantix_cli.ruleset_words import say

if TYPE_CHECKING:
    from semantix.validation.rulesets.install import Installed
    from semantix.validation.rulesets.survey import LayerSurvey, RuleSetSurvey

F = TypeVar("F", bound=Callable[..., Any])
PLACE = click.Path(exists=True, path_type=Path)


def default_rulesets() -> Path:
    """Return the user's own folder of rule sets, beside the terminology store."""
    return default_store().with_name("rulesets")


def rulesets(function: F) -> F:
    """Add ``--rulesets``."""
    words = (
        "Folder of the rule sets.  "
        "[default: $SEMANTIX_RULESETS, else semantix/rulesets in $XDG_DATA_HOME or ~/.local/share]"
    )
    kind = click.Path(file_okay=False, path_type=Path)
    return click.option(
        "--rulesets",
        "home",
        metavar="DIR",
        type=kind,
        envvar="SEMANTIX_RULESETS",
        default=default_rulesets,
        show_default=False,
        help=words,
    )(function)


@click.group(short_help="Manage the official rule sets.")
def ruleset() -> None:
    """Manage rule sets: the official rules of the CI-SIS (XSD, Schematron, value sets) that `validate` applies.

    They stay on this machine, in one folder; semantix brings none and sends none. The publication is the CI-SIS content
    validation tool of the ANS (testContenuCDA), on GitHub.

    \b
    Examples:
      semantix ruleset install testContenuCDA-main.zip --name cisis
      semantix ruleset list
      semantix ruleset show cisis
    """


@ruleset.command(short_help="Install a rule set from its publication.")
@click.argument("source", metavar="FOLDER|ZIP", type=PLACE)
@click.option("--name", metavar="NAME", default="", help="Name of the rule set.  [default: that of the folder or ZIP]")
@click.option("--replace", is_flag=True, help="Replace a rule set of the same name.")
@rulesets
@as_json
@lang
def install(source: Path, name: str, replace: bool, home: Path, as_json: bool, lang: str) -> None:
    """Install a rule set from the folder or the ZIP of its publication, whole or not at all.

    Only what is used is copied. The same content again changes nothing; another content under the same name is refused
    without --replace. Exit code 12 when it is no publication, or is incomplete.

    \b
    Examples:
      semantix ruleset install testContenuCDA-main.zip
      semantix ruleset install testContenuCDA/ --name cisis --replace
    """
    from semantix.validation.rulesets.install import install as put

    outcome = put(source, home, name, replace=replace)
    manifest = outcome.installed.manifest
    _prepare(outcome.installed, lang)
    if as_json:
        echo_json({"status": outcome.status, "ruleset": manifest})
    else:
        click.echo(say(outcome.status, lang, name=manifest.name, files=manifest.files))


def _prepare(installed: Installed, lang: str) -> None:
    """Compile every layer now, so that the first check starts at once."""
    import sys

    from semantix.validation.rulesets.checker import RuleSetChecker

    looks = sys.stderr.isatty()
    checker = RuleSetChecker(installed)
    for done in checker.prepare():
        if looks:
            click.echo("\r" + say("preparing", lang, done=done, all=len(checker.layers)), nl=False, err=True)
    if looks:
        click.echo("", err=True)


@ruleset.command("list", short_help="List the rule sets that are installed.")
@rulesets
@as_json
@lang
def list_(home: Path, as_json: bool, lang: str) -> None:
    """List the rule sets that are installed: name, title, number of files, size, digest of the content.

    \b
    Examples:
      semantix ruleset list
      semantix ruleset list --json | jq -r '.[].name'
    """
    from semantix.validation.rulesets.install import installed
    from semantix_cli.tables import print_table

    found = [each.manifest for each in installed(home)]
    if as_json:
        echo_json(found)
    elif not found:
        click.echo(say("empty", lang), err=True)
    else:
        heads = [say(key, lang) for key in ("name", "title", "files", "size", "digest")]
        rows = ((m.name, m.title, f"{m.files:,}", f"{m.size / 1e6:.1f}", m.digest[:12]) for m in found)
        print_table(heads, rows)


@ruleset.command(short_help="Show what a rule set checks, and what it cannot.")
@click.argument("name", metavar="NAME")
@rulesets
@as_json
@lang
def show(name: str, home: Path, as_json: bool, lang: str) -> None:
    """Show a rule set: its layers, their rules, the engine of each, and what is missing.

    A value set or a terminology that is not in the publication is named: what it would check is not checked.

    \b
    Examples:
      semantix ruleset show cisis
      semantix ruleset show cisis --json | jq '.volets | length'
    """
    from semantix.validation.rulesets.checker import RuleSetChecker
    from semantix.validation.rulesets.install import find
    from semantix.validation.rulesets.survey import survey

    found = find(home, name)
    surveyed = survey(RuleSetChecker(found), found.top)
    if as_json:
        echo_json(surveyed)
    else:
        _show(surveyed, lang)


def _show(found: RuleSetSurvey, lang: str) -> None:
    from semantix_cli.tables import print_table

    click.echo(f"{found.name}: {found.title} (SHA-256 {found.digest})")
    layers = (*found.generic, *found.volets)
    heads = [say(key, lang) for key in ("layer", "patterns", "rules", "asserts", "engine", "title")]
    print_table(heads, (_row(each, lang) for each in layers))
    volets, sets = say("volets", lang, count=len(found.volets)), say("value_sets", lang, count=found.value_sets)
    click.echo(f"{volets}, {sets}")
    for line in _notes(layers, lang):
        click.echo(line)
    for key, there in (("checked", True), ("unchecked", False)):
        names = ", ".join(f"{each.name or '?'} ({each.oid})" for each in found.terminologies if each.there is there)
        if names:
            click.echo(say(key, lang, names=names))
    click.echo(say("no_others", lang))


def _row(layer: LayerSurvey, lang: str) -> tuple[str, ...]:
    numbers = (f"{number:,}" for number in (layer.patterns, layer.rules, layer.asserts))
    return (layer.name, *numbers, layer.engine or say("none", lang), layer.title)


def _notes(layers: tuple[LayerSurvey, ...], lang: str) -> Iterator[str]:
    for layer in layers:
        if layer.problem:
            yield say("problem", lang, layer=layer.name, problem=layer.problem)
        if layer.unsupported:
            key = "unsupported" if layer.engine else "refused"
            yield say(key, lang, layer=layer.name, count=len(layer.unsupported))
            yield from (f"  {expression}" for expression in layer.unsupported)
        yield from (say("missing", lang, layer=layer.name, file=file) for file in layer.missing)
        if not layer.automatic:
            yield say("by_hand", lang, layer=layer.name)


@ruleset.command(short_help="Remove a rule set.")
@click.argument("name", metavar="NAME")
@click.option("--dry-run", is_flag=True, help="Say what would be removed, and remove nothing.")
@rulesets
@lang
def remove(name: str, dry_run: bool, home: Path, lang: str) -> None:
    """Remove a rule set and what was compiled of it. The publication that it came from is not touched.

    \b
    Examples:
      semantix ruleset remove cisis
      semantix ruleset remove cisis --dry-run
    """
    from semantix.validation.rulesets.install import remove as take_away

    folder = take_away(home, name, dry_run=dry_run)
    click.echo(("(--dry-run) " if dry_run else "") + say("removed", lang, name=folder.name))
