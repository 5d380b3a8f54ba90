"""``semantix run report`` and ``semantix run compare``."""

from __future__ import annotations

from pathlib import Path

import click

from semantix_cli.options import as_json, lang
from semantix_cli.run_options import PLAN, read
from semantix_cli.run_words import place, say


@click.command(short_help="Write the quality report of a run.")
@click.argument("plan", type=PLAN)
@click.option("--run", "number", metavar="N", type=int, help="The run to tell of.  [default: the last]")
@click.option(
    "--html", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path), help="Write a page, with charts."
)
@click.option(
    "--json", "machine", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path), help="Write every figure."
)
@lang
def report(plan: Path, number: int | None, html: Path | None, machine: Path | None, lang: str) -> None:
    """Tell how well the facts of a warehouse are coded: by practice, software, section, code system, sex, age and
    period; which groups differ from the rest, which local codes are new, what drifts. Groups of few documents are
    pooled. Without --html and --json, the figures are printed as JSON.

    \b
    Examples:
      semantix run report plan.yaml --html report.html
      semantix run report plan.yaml --json report.json --run 3
    """  # noqa: D205
    from semantix.io import Output
    from semantix.runs.report import report_of
    from semantix.runs.reporting import to_json, to_page

    figures = report_of(read(plan), number)
    if html is None and machine is None:
        click.echo(to_json(figures), nl=False)
        return
    for path, content in ((html, to_page), (machine, lambda found, _: to_json(found))):
        if path is not None:
            told = content(figures, lang)
            with Output(path) as file:
                file.write(told.encode() if isinstance(told, str) else told)
            click.echo(say("written", lang, file=path), err=True)


@click.command(short_help="Tell what differs between two runs.")
@click.argument("plan", type=PLAN)
@click.argument("before", type=int)
@click.argument("after", type=int)
@as_json
@lang
def compare(plan: Path, before: int, after: int, as_json: bool, lang: str) -> None:
    """Tell what two runs of a warehouse tell differently: versions, counts by type and reason, decisions, fates.

    \b
    Examples:
      semantix run compare plan.yaml 3 4
    """
    from semantix.runs.comparing import compare as beside
    from semantix.runs.register import Register
    from semantix_cli.echo import echo_json
    from semantix_cli.tables import print_table

    with Register.open(read(plan).state, write=False) as register:
        found = beside(register, before, after)
    if as_json:
        echo_json(found)
        return
    if not found:
        click.echo(say("alike", lang))
        return
    heads = [say("what", lang), say("of run", lang, run=before), say("of run", lang, run=after)]
    rows = [
        [place(one.what, lang), *("" if value is None else str(value) for value in (one.before, one.after))]
        for one in found
    ]
    print_table(heads, rows)
