"""``semantix terminology diff``: what changed from one release to the next."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from semantix_cli.echo import echo_json
from semantix_cli.options import as_json, lang, store
from semantix_cli.terminology_words import say

if TYPE_CHECKING:
    from semantix.terminology.comparing import Comparison
    from semantix.terminology.volume import Volume


@click.command(short_help="Compare two releases.")
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.option("--list", "listed", is_flag=True, help="Show each code that changed, not only how many.")
@click.option("--system", metavar="SYSTEM", default="", help="Code system of files that do not say it.")
@store
@as_json
@lang
def diff(old: str, new: str, listed: bool, system: str, store: Path, as_json: bool, lang: str) -> None:
    """Compare two releases: codes unchanged, relabelled, moved, retired with or without successor, new.

    OLD and NEW are releases of the store (NAME@VERSION), or files that are read without being imported.

    \b
    Examples:
      semantix terminology diff cim10-atih@2021 cim10-atih@2025
      semantix terminology diff cim10-atih@2025 LIBCIM10MULTI.TXT --list
    """
    from semantix.terminology.comparing import diff as compare

    with ExitStack() as stack:
        before, after = (stack.enter_context(_volume(name, store, system)) for name in (old, new))
        comparison = compare(before, after)
    if as_json:
        echo_json(comparison)
        return
    _print(comparison, listed, lang)


def _print(comparison: Comparison, listed: bool, lang: str) -> None:
    from semantix_cli.tables import print_table

    rows = [
        (system, say(fate, lang), f"{count:,}")
        for system, counts in comparison.counts.items()
        for fate, count in counts.items()
        if count
    ]
    print_table([say(key, lang) for key in ("system", "fate", "count")], rows)
    if listed:
        heads = [say(key, lang) for key in ("system", "code", "fate", "before", "after")]
        print_table(
            heads,
            ((each.system, each.code, say(each.fate, lang), each.before, each.after) for each in comparison.changes),
        )


@contextmanager
def _volume(name: str, store: Path, system: str) -> Iterator[Volume]:
    """Open a release of the store, or compile a file for the time of the comparison."""
    import tempfile

    from semantix.errors import BadStore
    from semantix.terminology.building import Wishes, import_source
    from semantix.terminology.releases import Hints
    from semantix.terminology.resolving import system_key
    from semantix.terminology.source import Source
    from semantix.terminology.store import Store

    if not Path(name).exists():
        with Store.open(store) as opened:
            found = opened.volume(name)
            if found is None:
                known = ", ".join(each.ref for each in opened.releases()) or "none"
                raise BadStore(f"{name}: neither a file nor a release of the store; there are: {known}")
            yield found
        return
    # A file of no stated version gets its own name: it goes nowhere but in the words of this comparison.
    hints = Hints(system=system_key(system), version=Path(name).name)
    with tempfile.TemporaryDirectory(prefix="semantix-") as folder:
        report = import_source(Source(Path(name)), Path(folder), Wishes(hints=hints))
        with Store.open(Path(folder)) as opened:
            first = opened.volume(report.imported[0].manifest.ref)
            assert first is not None
            yield first
