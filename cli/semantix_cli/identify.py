"""``semantix identify``: what files are, without converting them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from semantix_cli.options import as_json, max_size, packs, paths

if TYPE_CHECKING:
    from semantix import Identity, Unreadable

_NAMES = {"fhir": "FHIR", "fhir-xml": "FHIR XML", "fhir-bulk": "FHIR NDJSON"}
"""Formats as people read them; the version stands beside."""


@click.command(short_help="Say what files are.")
@paths
@packs
@as_json
@max_size
def identify(inputs: tuple[Path, ...], packs: tuple[Path, ...], as_json: bool, max_size: int) -> None:
    """Say what each file is: format, version, how sure that is and why, kind of document and CDA level.

    PATH is a file, a ZIP archive, a mail or a folder, searched in depth.

    \b
    Examples:
      semantix identify document.xml
      semantix identify documents/ --json | jq -r '.code'
    """
    from semantix import Limits, NothingRead, Unreadable, UnreadableInput, identify_all

    limits = Limits(document=max_size * 1_000_000)
    found = list(identify_all(inputs, limits, packs))
    if as_json:
        _print_json(found)
    else:
        _print(found)
    refused = sum(isinstance(item, Unreadable) for item in found)
    if refused == len(found):
        raise NothingRead("nothing was recognised")
    if refused:
        click.get_current_context().exit(UnreadableInput.exit_code)


def _print_json(found: Iterable[Identity | Unreadable]) -> None:
    import msgspec

    for item in found:
        click.echo(msgspec.json.encode(item).decode())


def _print(found: Iterable[Identity | Unreadable]) -> None:
    from semantix import Unreadable
    from semantix_cli.tables import print_table

    rows = []
    for item in found:
        if isinstance(item, Unreadable):
            click.echo(f"semantix: {item.name}: {item.message}", err=True)
        else:
            kind = " ".join(filter(None, (item.code, item.display)))
            level = str(item.level) if item.level else "-"
            sure = f"{item.confidence:.0%}"
            rows.append(
                (
                    item.name,
                    _NAMES.get(item.format, item.format),
                    item.version or "-",
                    sure,
                    kind or "-",
                    level,
                    item.why,
                )
            )
    if rows:
        print_table(("File", "Format", "Version", "Sure", "Document", "Level", "Recognised by"), rows)
