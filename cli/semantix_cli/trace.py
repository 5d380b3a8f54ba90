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

PARTS = ("semantix", "packs", "vocabulary", "policy", "options", "key")
"""What all documents rest on; tables and releases are named by the decisions that used them."""


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
        ("fate", say(f"one {one.fate}", lang)),
        ("place", one.place),
        ("imputed", one.imputed),
        ("code", "; ".join(f"{name.removesuffix('__key')} {value}" for name, value in one.source.items())),
    ]
    for name, value in rows:
        if value:
            _row(say(f"row {name}", lang), value, lang)
    # A resource has no place of its own: what is told then is all that was decided in its document.
    decided = say("row decision" if one.place else "row of document", lang)
    for decision in one.decisions:
        # A unit is curated without a measure of how often it is right.
        odds = f", {decision['probability']}" if decision["probability"] else ""
        words = f"{decision['code']} ({decision['method']}{odds}) — {decision['source']}"
        _row(decided, f"{decision['place']} → {words}", lang)
    if not one.decisions:
        _row(say("row decision", lang), say("no decision", lang), lang)
    for part in PARTS:
        if version := one.versions.get(part):
            shown = say(f"basis {version}", lang) if version in {"none", "own"} else version
            _row(f"{say('row version', lang)}, {say(f'part {part}', lang)}", shown, lang)


def _row(what: str, value: str, lang: str) -> None:
    click.echo(f"  {say('row', lang, what=what, value=value)}")
