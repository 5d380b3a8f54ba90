"""Values to the standard output as JSON: read-only mappings are objects like the others."""

from __future__ import annotations

from collections.abc import Mapping

import click


def echo_json(value: object) -> None:
    """Print one indented document."""
    import msgspec

    click.echo(msgspec.json.format(msgspec.json.encode(value, enc_hook=_plain)).decode())


def echo_line(value: object) -> None:
    """Print one value on one line."""
    import msgspec

    click.echo(msgspec.json.encode(value, enc_hook=_plain).decode())


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return dict(value)
    raise NotImplementedError(f"{type(value).__name__} has no JSON form")
