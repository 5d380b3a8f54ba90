"""``semantix review remap``: a new terminology version under the decisions of a desk."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from semantix_cli.options import lang
from semantix_cli.review_options import desk, open_desk, who
from semantix_cli.review_words import say

STORE = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command(short_help="Follow a new terminology version.")
@desk
@click.option("--to", "new", metavar="STORE", required=True, type=STORE, help="Store with the new releases.")
@click.option("--from", "old", metavar="STORE", type=STORE, help="Store in use until now: it tells what moved.")
@click.option("--dry-run", is_flag=True, help="Tell what would happen, and change nothing.")
@who
@lang
def remap(place: str, new: Path, old: Path | None, dry_run: bool, who: str, lang: str) -> None:
    """Compare the targets of the desk with a new store: unchanged, relabelled, moved, retired with successor, retired.

    Only the items of retired targets reopen, with the old target, the reason and the successors; all others stay
    accepted. A terminology that the new store does not have is not checked.

    \b
    Examples:
      semantix review remap --to store-2027/ --dry-run
      semantix review remap --to store-2027/ --from store-2026/
    """
    from semantix.review.remapping import fates
    from semantix.terminology.store import Store
    from semantix_cli.tables import console, table_of

    with open_desk(place) as opened, Store.open(new) as after:
        before = Store.open(old) if old else None
        targets = opened.targets()
        found = fates(targets, before, after)
        counts = Counter(fate.kind for fate in found.values())
        if targets:
            rows = [(_fate(kind, lang), str(count)) for kind, count in sorted(counts.items())]
            console().print(table_of([say("fate", lang), say("codes", lang)], rows, numbers=1))
        if dry_run:
            click.echo(say("would_reopen", lang, count=sum(fate.reopens for fate in found.values())), err=True)
            return
        systems = sorted({system for system, _, _ in targets} & set(after.systems()))
        store = ", ".join(volume.ref for system in systems for volume in after.described(system).defining)
        done = opened.remap(who, found, store)
    click.echo(say("remapped", lang, items=done.items, reopened=done.reopened, noted=done.noted), err=True)


def _fate(kind: str, lang: str) -> str:
    from semantix.review.web.words_lookup import TEXTS

    return TEXTS[f"fate_{kind}"][lang == "fr"]
