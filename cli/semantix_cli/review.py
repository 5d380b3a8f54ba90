"""``semantix review``: the desk where terminologists settle mapping candidates."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from semantix_cli.options import as_json, given_store, lang
from semantix_cli.review_export import export
from semantix_cli.review_import import import_
from semantix_cli.review_options import desk, open_desk, who
from semantix_cli.review_remap import remap
from semantix_cli.review_serve import serve
from semantix_cli.review_user import user
from semantix_cli.review_words import say

if TYPE_CHECKING:
    from semantix.review.desk import Progress
    from semantix.review.statistics import Statistics

MODES = ("single", "second-look", "blind-dual")
NOT_WHOLE = 16


@click.group(short_help="Settle mapping candidates: the review desk.")
def review() -> None:
    """The review desk: people settle the candidates that the engine left open; decisions become curated tables.

    A desk is one file (or a PostgreSQL database for a team). It keeps an append-only log of who decided what, when and
    why; nothing is erased.

    \b
    Examples:
      semantix convert documents/ --to omop --out cdm.duckdb --store store/ --candidates review.tsv
      semantix review import review.tsv
      semantix review serve --store store/
      semantix review export --format tables --out decided/
      semantix convert documents/ --to omop --out cdm.duckdb --store store/ --table decided/
    """


@review.command(short_help="Tell how the work goes.")
@desk
@given_store
@as_json
@lang
def stats(place: str, store: Path | None, as_json: bool, lang: str) -> None:
    """Tell how far the desk is: codes and share of records by state, agreement, precision of what was proposed, speed.

    With --store, disagreements are also weighed by how near the codes are in the hierarchy. --json prints every figure
    of the statistics page.

    \b
    Examples:
      semantix review stats
      semantix review stats --store store/ --json
    """
    from semantix.review.figures import measure
    from semantix_cli.echo import echo_json

    with open_desk(place) as opened:
        progress = opened.progress()
        figures = measure(opened.gather(), store)
    if as_json:
        states = {
            state.value: {"codes": codes, "records": records} for state, (codes, records) in progress.states.items()
        }
        echo_json({"states": states, "statistics": figures})
        return
    _show_progress(progress, lang)
    _show_figures(figures, lang)


def _show_progress(progress: Progress, lang: str) -> None:
    from semantix.report.words import words_in
    from semantix.review.web.words_values import TEXTS as WORDS
    from semantix_cli.tables import console, table_of

    said = words_in(lang)
    rows = [
        (
            WORDS[f"state_{state.value}"][lang == "fr"],
            said.number(codes),
            said.number(records),
            said.percent(records / progress.records) if progress.records else "–",
        )
        for state, (codes, records) in sorted(progress.states.items())
    ]
    rows.append((say("all", lang), said.number(progress.codes), said.number(progress.records), ""))
    heads = [say(key, lang) for key in ("state", "codes", "records", "share")]
    console().print(table_of(heads, rows, numbers=3))


def _show_figures(figures: Statistics, lang: str) -> None:
    from semantix.report.words import words_in
    from semantix.review.web.words_statistics import TEXTS as WORDS

    agreement, french = figures.agreement, lang == "fr"
    lines = [
        (say("kappa", lang, first=each.first, second=each.second, items=each.items), each.value, each.reason)
        for each in agreement.kappas
    ]
    lines += [
        (say(key, lang), each.value, each.reason)
        for key, each in (("alpha", agreement.alpha), ("near_alpha", agreement.near_alpha))
    ]
    colon = " : " if french else ": "
    for words, value, reason in lines:
        why = WORDS.get(f"stat_why_{reason}", (reason, reason))[french]
        click.echo(words + colon + (_decimal(value, lang) if value is not None else say("unknown", lang, reason=why)))
    if figures.seconds is not None:
        click.echo(say("seconds", lang) + colon + f"{figures.seconds:g}".replace(".", "," if french else "."))
    if figures.audit.seen:
        shown = say("of", lang, right=figures.audit.right, seen=figures.audit.seen)
        share = figures.audit.right / figures.audit.seen
        click.echo(f"{say('audit', lang)}{colon}{words_in(lang).percent(share)} ({shown})")


def _decimal(value: float, lang: str) -> str:
    return f"{value:.3f}".replace(".", ",").replace("-", "−") if lang == "fr" else f"{value:.3f}"


@review.command(short_help="Show or choose how many people decide.")
@click.argument("chosen", metavar="[MODE]", required=False, type=click.Choice(MODES))
@desk
@who
@lang
def mode(chosen: str | None, place: str, who: str, lang: str) -> None:
    """Show the mode of the desk, or choose it: single (one person decides), second-look (a reviewer agrees), or
    blind-dual (two people judge without seeing each other, and a reconciler decides between those who differ).

    \b
    Examples:
      semantix review mode
      semantix review mode blind-dual
    """  # noqa: D205
    from semantix.review.model import Mode

    with open_desk(place, create=chosen is not None) as opened:
        if chosen:
            opened.set_mode(who, Mode(chosen))
        now = opened.mode()
    click.echo(say("mode_set" if chosen else "mode", lang, mode=now.value))


@review.command(short_help="Check that the log is whole.")
@desk
@click.option("--rebuild", is_flag=True, help="Build everything that follows from the log again.")
@lang
def check(place: str, rebuild: bool, lang: str) -> None:
    """Check the chain of the log, and that every state follows from it. The exit code is 16 when something does not.

    \b
    Examples:
      semantix review check
      semantix review check --rebuild
    """
    from semantix.review.desk import check_desk, rebuild_desk

    with open_desk(place) as opened:
        if rebuild:
            click.echo(say("rebuilt", lang, count=rebuild_desk(opened)), err=True)
        broken, differ = check_desk(opened)
    if broken:
        click.echo(say("broken", lang, event=broken))
    if differ:
        click.echo(say("differ", lang, count=differ))
    if broken or differ:
        click.get_current_context().exit(NOT_WHOLE)
    click.echo(say("whole", lang))


for _command in (import_, serve, export, remap, user):
    review.add_command(_command)
