"""``semantix review export``: the decisions of a desk as files."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from semantix_cli.options import given_store, lang
from semantix_cli.review_options import desk, open_desk, who
from semantix_cli.review_words import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from semantix.review.formats.exchange import Loss

FORMATS = ("sssom", "usagi", "usagi-review", "stcm", "conceptmap-r4", "conceptmap-r5", "tables")
STATES = ("unmapped", "draft", "mapped", "in-review", "accepted", "rejected", "to-reconcile")


@click.command(short_help="Write the decisions in a format.")
@desk
@click.option("--format", "kind", type=click.Choice(FORMATS), required=True, help="Format of the files.")
@click.option(
    "--out",
    metavar="PATH",
    required=True,
    type=click.Path(path_type=Path),
    help="File to write; a folder for `tables`. - is the standard output.",
)
@click.option(
    "--state", "states", multiple=True, type=click.Choice(STATES), help="Only items in this state; may be repeated."
)
@click.option("--set-id", metavar="IRI", help="Identifier of the set of mappings.")
@click.option("--license", "licence", metavar="IRI", help="Licence of the set of mappings.")
@click.option("--set-version", metavar="VERSION", default="", help="Version of the set of mappings.")
@click.option("--title", metavar="TEXT", default="", help="Title of a ConceptMap.")
@click.option("--vocabulary", metavar="ID", default="SEMANTIX", show_default=True, help="source_vocabulary_id of stcm.")
@click.option("--day", metavar="DATE", type=click.DateTime(["%Y-%m-%d"]), help="Day of the export.  [default: today]")
@click.option(
    "--losses", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path), help="Write what was lost as JSON."
)
@given_store
@who
@lang
def export(
    place: str,
    kind: str,
    out: Path,
    states: tuple[str, ...],
    set_id: str | None,
    licence: str | None,
    set_version: str,
    title: str,
    vocabulary: str,
    day: datetime | None,
    losses: Path | None,
    store: Path | None,
    who: str,
    lang: str,
) -> None:
    """Write what was decided. What a format cannot carry is told, by field, with its reason; nothing is cut in silence.

    `tables` are curated tables, one a target: `convert --table FOLDER` uses them. The other formats carry every state;
    --state limits them. OMOP concepts (Usagi, stcm) are found in a --store that holds an Athena release.

    \b
    Examples:
      semantix review export --format tables --out decided/
      semantix review export --format sssom --out desk.sssom.tsv --set-id https://example.org/mappings/lab
      semantix review export --format usagi --out usagi-save.csv --store store/
      semantix review export --format stcm --out source_to_concept_map.csv --store store/ --losses losses.json
    """
    from semantix.io import Output
    from semantix.resources import version
    from semantix.review import exporting
    from semantix.review.formats.omop_concepts import open_concepts
    from semantix.review.model import Kind, State

    wanted = exporting.Wanted(
        format=kind,
        set_id=set_id or exporting.SET_ID,
        license=licence or exporting.LICENCE,
        version=set_version,
        date=(day.date() if day else datetime.now(ZoneInfo("Europe/Paris")).date()).isoformat(),
        title=title,
        vocabulary=vocabulary,
        tool_version=version(),
        states=tuple(map(State, states)),
    )
    with open_desk(place, store=store) as opened:
        entries = opened.entries(exporting.states_of(wanted))
        done = exporting.export(entries, wanted, open_concepts(store) if store else None)
        if str(out) == "-":
            for content in done.files.values():
                sys.stdout.buffer.write(content)
        else:
            for name, content in done.files.items():
                with Output(out / name if name else out) as file:
                    file.write(content)
                told = ("rows", _rows(content)) if kind in {"tables", "stcm"} else ("written", len(entries))
                click.echo(say(told[0], lang, name=name or out.name, count=told[1]), err=True)
        opened.note_desk_event(who, Kind.EXPORTED, {"format": kind, "items": str(len(entries))})
    _tell_losses(done.losses, losses, lang)


def _rows(content: bytes) -> int:
    """Count the rows of a table: not every item has one, and an item with two targets has two."""
    return sum(not line.startswith(b"#") for line in content.splitlines()) - 1


def _tell_losses(found: Sequence[Loss], to: Path | None, lang: str) -> None:
    from semantix.io import write_text
    from semantix.review.encoding import encode
    from semantix.review.formats.losses import in_words
    from semantix_cli.tables import console, table_of

    if to is not None:
        rows = [
            {
                "field": loss.field,
                "count": loss.count,
                "example": loss.example,
                "reason": loss.reason,
                "words": in_words(loss.reason, lang),
            }
            for loss in found
        ]
        write_text(to, encode(rows) + "\n")
    if not found:
        click.echo(say("no_losses", lang), err=True)
        return
    shown = [(loss.field, f"{loss.count:,}", loss.example, in_words(loss.reason, lang)) for loss in found]
    heads = [say(key, lang) for key in ("loss", "count", "example", "reason")]
    err = console(stderr=True)
    err.print(say("losses", lang), style="bold")
    err.print(table_of(heads, shown))
