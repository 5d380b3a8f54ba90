"""``semantix run``: a plan over a warehouse, its state, and what is done to it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from semantix_cli.options import lang
from semantix_cli.run_options import PLAN, around, changes_of, engine_options, plan_options, read
from semantix_cli.run_report import compare, report
from semantix_cli.run_status import journal, status
from semantix_cli.run_words import say

if TYPE_CHECKING:
    from semantix.runs.conduct import Outcome
    from semantix.runs.plan import RunPlan


class _Run(click.Group):
    """``semantix run PLAN.yaml`` is ``semantix run start PLAN.yaml``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the name of the command that is meant when none is given."""
        helps = ctx.help_option_names
        if args and args[0] not in self.commands and args[0] not in helps:
            args = ["start", *args]
        return super().parse_args(ctx, args)


@click.group("run", cls=_Run, short_help="Run a warehouse: inputs that grow, targets kept up to date.")
def run() -> None:
    """Keep a warehouse up to date: read what is new, supersede what was corrected, withdraw what is gone.

    `semantix run PLAN.yaml` starts a run (it is `semantix run start PLAN.yaml`). A run that was stopped, whatever
    stopped it, is resumed to the same result. Every other command takes the plan, or its state folder.

    It serves secondary use of health data; it takes no clinical decision.

    \b
    Examples:
      semantix run plan.yaml
      semantix run status plan.yaml
      semantix run resume plan.yaml
    """


@run.command(short_help="Read what is new and bring the targets up to date.")
@click.argument("plan", metavar="[PLAN]", required=False, type=PLAN)
@plan_options
@engine_options
@click.option("--rehash", is_flag=True, help="Read every file again to see whether it changed.")
@click.option("--all-missing", is_flag=True, help="Withdraw what is gone, however much it is.")
@lang
def start(plan: Path | None, rehash: bool, all_missing: bool, lang: str, **told: Any) -> None:
    """Read what is new or changed since the last run and bring every target up to date. PLAN is a YAML file; options
    take the place of what it says, and are enough without it (--input, --state and a target).

    The targets change only once all is read, each in one transaction or one swap.

    \b
    Examples:
      semantix run plan.yaml
      semantix run start plan.yaml --jobs 8
      semantix run --input practices/ --state warehouse/ --duckdb cdm.duckdb
    """  # noqa: D205
    from semantix.runs.conduct import start as begin

    wanted = read(plan, changes_of(told))
    with around(wanted, lang) as world:
        outcome = begin(wanted, world, rehash=rehash, all_missing=all_missing)
    show(outcome, lang)


@run.command(short_help="Go on with a run that was stopped.")
@click.argument("plan", type=PLAN)
@engine_options
@lang
def resume(plan: Path, lang: str, **told: Any) -> None:
    """Go on with a run that was stopped before its end, to the result that it would have had.

    \b
    Examples:
      semantix run resume plan.yaml
    """
    from semantix.runs.conduct import resume as go_on

    wanted = read(plan, changes_of(told))
    with around(wanted, lang) as world:
        outcome = go_on(wanted, world)
    show(outcome, lang)


@run.command(short_help="Take the last run back.")
@click.argument("plan", type=PLAN)
@lang
def undo(plan: Path, lang: str) -> None:
    """Take back the last run, finished or not: its documents go from every target, what they replaced counts again.

    \b
    Examples:
      semantix run undo plan.yaml
    """
    from semantix.runs.upkeep import undo as take_back

    wanted = read(plan)
    with around(wanted, lang) as world:
        outcome = take_back(wanted, world)
    show(outcome, lang)
    _show_taken_back(wanted, outcome, lang)


def _show_taken_back(plan: RunPlan, outcome: Outcome, lang: str) -> None:
    """Tell which run it was: a retry is one too, and not every run was there to be taken back."""
    from semantix.runs.register import Register

    with Register.open(plan.state, write=False) as register:
        for entry in register.entries(outcome.run, "begin"):
            if "undo" in entry.body:
                click.echo(say("taken back", lang, run=entry.body["undo"]))


@run.command(short_help="Try what is in quarantine again.")
@click.argument("plan", type=PLAN)
@click.option(
    "--input",
    "inputs",
    metavar="SHA256",
    multiple=True,
    help="Only the files whose SHA-256 begins so; may be repeated.",
)
@lang
def retry(plan: Path, inputs: tuple[str, ...], lang: str) -> None:
    """Read again what is in quarantine: after a new version, a new pack, or a longer patience. What was mended in
    place is read by the next run without it.

    \b
    Examples:
      semantix run retry plan.yaml
      semantix run retry plan.yaml --input 9f2c41
    """  # noqa: D205
    from semantix.runs.upkeep import retry as again

    wanted = read(plan)
    with around(wanted, lang) as world:
        outcome = again(wanted, world, inputs)
    show(outcome, lang)


@run.command(short_help="Remove persons from every target, and keep them out.")
@click.argument("plan", type=PLAN)
@click.option(
    "--subject",
    metavar="FILE",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A person a line: a national number, or a root and a number, or a practice, a number and a birth date.",
)
@lang
def exclude(plan: Path, subject: Path, lang: str) -> None:
    """Remove the facts of persons (opposition, erasure) from every target and from what is kept, and keep them out of
    later runs. Only keyed digests of their numbers are kept, to recognise them. Delete FILE afterwards.

    \b
    Examples:
      semantix run exclude plan.yaml --subject opposed.csv
    """  # noqa: D205
    from semantix.runs.upkeep import exclude as leave_out

    wanted = read(plan)
    with around(wanted, lang) as world:
        outcome = leave_out(wanted, world, _lines(subject))
    show(outcome, lang)
    _show_left_out(wanted, lang)


def _show_left_out(plan: RunPlan, lang: str) -> None:
    """A list that names nobody would else look as one that was followed."""
    from semantix.runs.status import status_of

    click.echo(say("people left out", lang, count=status_of(plan.state).left_out))


def _lines(path: Path) -> Sequence[str]:
    from semantix.errors import BadPlan

    try:
        return path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise BadPlan(f"{path}: is not UTF-8 text; save it as UTF-8") from None


@run.command(short_help="Make a key for digests and pseudonyms.")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@lang
def key(file: Path, lang: str) -> None:
    """Make a key that only its owner can read. Keep a copy in a safe place: without it nothing new can be added to a
    warehouse, and with it pseudonyms can be made again from known numbers.

    \b
    Examples:
      semantix run key project.key
    """  # noqa: D205
    import os

    from semantix.errors import BadTarget
    from semantix.runs.pseudonyms import new_key

    try:
        handle = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        raise BadTarget(f"{file}: exists; a key is never written over") from None
    except OSError as error:
        raise BadTarget(f"{file}: cannot be written: {error.strerror}") from None
    with os.fdopen(handle, "wb") as out:
        out.write(new_key())
    click.echo(say("key made", lang, file=file), err=True)


def show(outcome: Outcome, lang: str) -> None:
    """Tell what a run did."""
    found = outcome.differences
    click.echo(say("ended", lang, run=outcome.run, kind=say(f"kind {outcome.kind}", lang)))
    if outcome.kind == "run" and any((found.new, found.changed, found.gone, found.kept, found.same)):
        # A run that is gone on with does not look at the inputs again.
        click.echo(
            say("files", lang, new=found.new, changed=found.changed, gone=found.gone, same=found.same, kept=found.kept)
        )
    click.echo(say("read", lang, documents=outcome.documents, chunks=outcome.chunks, bad=outcome.quarantined))
    told = ", ".join(f"{say(f'fate {name}', lang)} {count}" for name, count in outcome.fates.items())
    click.echo(say("fates", lang, fates=told or "0"))
    for name, counts in outcome.published.items():
        click.echo(say("published", lang, target=name, put=counts.get("put", 0), gone=counts.get("gone", 0)))
    if not outcome.published:
        click.echo(say("nothing published", lang))
    if outcome.quarantined:
        click.echo(say("quarantine hint", lang), err=True)


for _command in (status, report, compare, journal):
    run.add_command(_command)
