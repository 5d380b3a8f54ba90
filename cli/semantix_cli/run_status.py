"""``semantix run status`` and ``semantix run journal``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from semantix_cli.options import as_json, lang
from semantix_cli.run_options import PLAN, read
from semantix_cli.run_words import say

if TYPE_CHECKING:
    from semantix.runs.status import Status

BROKEN = 20
LISTED = 200


@click.command(short_help="Tell how the runs of a warehouse went.")
@click.argument("plan", type=PLAN)
@click.option("--quarantine", is_flag=True, help="List what could not be read, file by file.")
@as_json
@lang
def status(plan: Path, quarantine: bool, as_json: bool, lang: str) -> None:
    """Tell the runs of a warehouse, what is unfinished, and what is in quarantine. Works while a run is at work.

    \b
    Examples:
      semantix run status plan.yaml
      semantix run status plan.yaml --quarantine
      semantix run status plan.yaml --json
    """
    from semantix.runs.status import status_of
    from semantix_cli.echo import echo_json

    found = status_of(read(plan).state)
    if as_json:
        echo_json(found if quarantine else _nameless(found))
        return
    _show(found, lang)
    if quarantine and found.quarantine:
        _show_quarantine(found, lang)


def _nameless(found: Status) -> Status:
    """The names of files may be those of patients: only who asks for the quarantine sees them."""
    from msgspec import structs

    return structs.replace(found, quarantine=tuple(structs.replace(one, name="") for one in found.quarantine))


def _show(found: Status, lang: str) -> None:
    from semantix_cli.tables import print_table

    if not found.runs:
        click.echo(say("no run", lang))
        return
    heads = [say(name, lang) for name in ("run", "kind", "state", "documents", "chunks", "bad")]
    rows: list[list[Any]] = [
        [
            str(one.run),
            say(f"kind {one.kind}", lang),
            say(f"state {one.state}", lang),
            str(one.documents),
            f"{one.chunks_done}/{one.chunks}",
            str(one.quarantined),
        ]
        for one in found.runs
    ]
    print_table(heads, rows)
    told = ", ".join(f"{say(f'fate {name}', lang)} {count}" for name, count in found.fates.items())
    click.echo(say("fates", lang, fates=told or "0"))
    click.echo(say("publication", lang, number=found.publication))
    if found.left_out:
        click.echo(say("people left out", lang, count=found.left_out))
    if found.unfinished:
        click.echo(say("unfinished", lang, run=found.unfinished))
    click.echo(say("in quarantine", lang, count=len(found.quarantine)))


def _show_quarantine(found: Status, lang: str) -> None:
    from semantix_cli.tables import print_table

    heads = [say(name, lang) for name in ("file", "error", "message")]
    rows = [[f"{one.name}\n{one.sha256[:16]}", one.error, one.message] for one in found.quarantine[:LISTED]]
    print_table(heads, rows)


@click.command(short_help="Print the journal, and check that nothing in it was changed.")
@click.argument("plan", type=PLAN)
@click.option("--run", "number", metavar="N", type=int, help="Only the entries of one run.")
@click.option("--check", is_flag=True, help="Check the chain of digests; print its head instead of the entries.")
@lang
def journal(plan: Path, number: int | None, check: bool, lang: str) -> None:
    """Print the journal as JSON lines: digests of inputs, versions, counts, decisions, cost; no path and no name.

    Each entry holds the SHA-256 of the one before. Note the head elsewhere: whoever can write the register could write
    it whole again, and only the head would tell.

    \b
    Examples:
      semantix run journal plan.yaml > journal.ndjson
      semantix run journal plan.yaml --check
    """
    from semantix.runs.register import Register
    from semantix.runs.register.journal import START, first_break
    from semantix_cli.echo import echo_line

    with Register.open(read(plan).state, write=False) as register:
        if not check:
            for entry in register.entries(number):
                echo_line(entry)
            return
        broken = first_break(register.connection)
        row = register.rows("SELECT count(*), max(seq) FROM journal")[0]
        head = register.rows("SELECT hash FROM journal WHERE seq = ?", (row[1],))
    if broken is not None:
        click.echo(say("chain breaks", lang, seq=broken), err=True)
        raise click.exceptions.Exit(BROKEN)
    click.echo(say("chain holds", lang, count=row[0]))
    click.echo(say("head", lang, hash=head[0][0] if head else START))
