"""Options that the commands of the review desk share, and opening the desk for them."""

from __future__ import annotations

import getpass
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from semantix.review.desk import Desk

F = TypeVar("F", bound=Callable[..., Any])
DEFAULT_DESK = "semantix-desk.sqlite"


def desk(function: F) -> F:
    """Add ``--desk``."""
    return click.option(
        "--desk",
        "place",
        metavar="PATH|URL",
        envvar="SEMANTIX_DESK",
        default=DEFAULT_DESK,
        show_default=False,
        callback=_with_extra,
        help=f"The desk: a file, or postgresql://… for a team.  [default: $SEMANTIX_DESK, else {DEFAULT_DESK} here]",
    )(function)


def who(function: F) -> F:
    """Add ``--as``."""
    return click.option(
        "--as",
        "who",
        metavar="NAME",
        default=user_name,
        show_default=False,
        help="Who acts, for the log of the desk.  [default: your user name]",
    )(function)


def user_name() -> str:
    """Return the name of the user of this machine, or a word for somebody unknown."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "local"


def _with_extra(context: click.Context, _parameter: click.Parameter, place: str) -> str:
    """Ask for the extra before anything of the desk is imported, and not while only help is wanted."""
    if not context.resilient_parsing:
        needs_extra()
    return place


def needs_extra() -> None:
    """Tell what to install when the desk's own libraries are not there."""
    try:
        import fastapi  # noqa: F401
        import jinja2  # noqa: F401
        import python_multipart  # noqa: F401
        import sqlalchemy  # noqa: F401
        import uvicorn  # noqa: F401
    except ImportError:
        raise click.ClickException("the review desk needs its extra: pip install 'semantix[desk]'") from None


def open_desk(place: str, *, create: bool = False, store: Path | None = None) -> Desk:
    """Open a desk; with a store, its events name the releases in use. Raises BadDesk and BadStore."""
    from semantix.review.desk import Desk

    if store is None:
        return Desk.open(place, create=create)
    from semantix.review.lookup import Lookup

    # What the log says of a store is asked once a system: releases do not change while a command runs.
    known: dict[str, str] = {}
    lookup = Lookup.open(store, stores=1)

    def store_of(target: str) -> str:
        if target not in known:
            known[target] = lookup.version(target) if target else ""
        return known[target]

    return Desk.open(place, create=create, store_of=store_of)
