"""Arguments and options that several commands share."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


def paths(function: F) -> F:
    """Add the PATH... argument."""
    kind = click.Path(exists=True, path_type=Path)
    return click.argument("inputs", metavar="PATH...", nargs=-1, required=True, type=kind)(function)


def as_json(function: F) -> F:
    """Add ``--json``."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")(function)


def max_size(function: F) -> F:
    """Add ``--max-size``."""
    words = "Refuse documents larger than this many megabytes (before reading them)."
    kind = click.IntRange(min=1)
    return click.option("--max-size", metavar="MB", type=kind, default=100, show_default=True, help=words)(function)


def lang(function: F) -> F:
    """Add ``--lang``."""
    words = "Language of the words shown and of HTML pages.  [default: French if the locale is, else English]"
    kind = click.Choice(["fr", "en"])
    return click.option("--lang", type=kind, default=default_lang, show_default=False, help=words)(function)


def default_lang() -> str:
    """Return the language of the locale, as POSIX orders its variables."""
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    chosen = next((os.environ[name] for name in names if os.environ.get(name)), "")
    return "fr" if chosen.lower().startswith("fr") else "en"


def store(function: F) -> F:
    """Add ``--store``."""
    words = (
        "Folder of the terminology store.  "
        "[default: $SEMANTIX_STORE, else semantix/store in $XDG_DATA_HOME or ~/.local/share]"
    )
    kind = click.Path(file_okay=False, path_type=Path)
    return click.option(
        "--store",
        metavar="DIR",
        type=kind,
        envvar="SEMANTIX_STORE",
        default=default_store,
        show_default=False,
        help=words,
    )(function)


def given_store(function: F) -> F:
    """Add ``--store`` to a command that does without a store unless one is named."""
    words = "Terminology store to add codes from, marked as mapped.  [default: $SEMANTIX_STORE, else none]"
    kind = click.Path(file_okay=False, path_type=Path)
    return click.option("--store", metavar="DIR", type=kind, envvar="SEMANTIX_STORE", help=words)(function)


def precision(function: F) -> F:
    """Add ``--precision``."""
    words = "Precision that an answer accepted without review must reach, with its lower confidence bound."
    kind = click.FloatRange(0.5, 1.0, max_open=True)
    return click.option("--precision", metavar="P", type=kind, default=0.98, show_default=True, help=words)(function)


def tables(function: F) -> F:
    """Add ``--table``."""
    words = "A curated table of your own (SSSOM TSV), or a folder of them, beside those of semantix; may be repeated."
    kind = click.Path(exists=True, path_type=Path)
    return click.option("--table", "tables", type=kind, multiple=True, help=words)(function)


def packs(function: F) -> F:
    """Add ``--pack``."""
    words = "A mapping pack of your own (YAML), beside those of semantix; may be repeated."
    kind = click.Path(exists=True, dir_okay=False, path_type=Path)
    return click.option("--pack", "packs", type=kind, multiple=True, help=words)(function)


def embeddings(function: F) -> F:
    """Add ``--embeddings``."""
    words = "Folder of an embedding model (ONNX or sentence-transformers) that finds more candidates; none by default."
    kind = click.Path(exists=True, file_okay=False, path_type=Path)
    return click.option("--embeddings", metavar="DIR", type=kind, help=words)(function)


def default_store() -> Path:
    """Return the user's own store, where the XDG base directories put what is not to be lost."""
    root = os.environ.get("XDG_DATA_HOME", "")
    home = Path(root) if root.startswith(os.sep) else Path.home() / ".local" / "share"
    return home / "semantix" / "store"
