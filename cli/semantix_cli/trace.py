"""``semantix trace``: why a fact is there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from semantix_cli.options import as_json, lang
from semantix_cli.run_options import PLAN, read
from semantix_cli.run_words import say

if TYPE_CHECKING:
    from semantix.runs.tracing import Told


@click.command(short_help="Tell where a row or a resource of a warehouse comes from.")
@click.argument("plan", type=PLAN)
@click.argument("fact", metavar="FACT_ID")
@as_json
@lang
def trace(plan: Path, fact: str, as_json: bool, lang: str) -> None:
    """Tell where a fact comes from: file, place in it, decision, tables and versions. PLAN is that of the runs, or
    their state folder; FACT_ID is a row of the OMOP CDM (measurement/1234) or a FHIR resource (Observation/...).

    The answer names files of the inputs: it is for whoever may read them.

    \b
    Examples:
      semantix trace plan.yaml measurement/1234
      semantix trace plan.yaml condition_occurrence/7 --json
    """  # noqa: D205
    from semantix.runs.tracing import trace as find
    from semantix_cli.echo import echo_json

    found = find(read(plan).state, fact)
    if as_json:
        echo_json(found)
        return
    click.echo(f"{say('fact', lang)} {found.fact}")
    for one in found.told:
        click.echo("")
        _show(one, lang)
    if found.others:
        click.echo("")
        click.echo(say("other documents", lang, count=found.others))


def _show(one: Told, lang: str) -> None:
    rows = [
        ("file", one.file),
        ("sha256", one.sha256),
        ("read", say("run and chunk", lang, run=one.run, chunk=one.chunk, rank=one.rank)),
        ("fate", say(f"fate {one.fate}", lang) if one.fate != "ended" else one.fate),
        ("place", one.place),
        ("imputed", one.imputed),
        ("code", "; ".join(f"{name} {value}" for name, value in one.source.items())),
    ]
    for name, value in rows:
        if value:
            click.echo(f"  {say(f'row {name}', lang)}: {value}")
    for decision in one.decisions:
        words = f"{decision['code']} ({decision['method']}, {decision['probability']}) — {decision['source']}"
        click.echo(f"  {say('row decision', lang)}: {decision['place']} → {words}")
    if not one.decisions:
        click.echo(f"  {say('row decision', lang)}: {say('no decision', lang)}")
    for part, version in sorted(one.versions.items()):
        if not part.startswith(("store:", "tables:")):
            click.echo(f"  {say('row version', lang, part=part)}: {version}")
