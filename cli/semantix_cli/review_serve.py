"""``semantix review serve``: the desk as a web page."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from semantix_cli.options import given_store, lang, precision, tables
from semantix_cli.review_options import desk, open_desk, who
from semantix_cli.review_words import say

if TYPE_CHECKING:
    from semantix.review.web.serving import Started

PORT = 8470


@click.command(short_help="Open the desk in the browser.")
@desk
@given_store
@tables
@precision
@click.option("--host", metavar="ADDRESS", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    metavar="PORT",
    type=click.IntRange(0, 65535),
    default=PORT,
    show_default=True,
    help="Port; 0 takes a free one.",
)
@click.option(
    "--allow-host",
    "hosts",
    metavar="NAME",
    multiple=True,
    help="Name by which browsers reach the desk; may be repeated.",
)
@click.option("--behind-tls", is_flag=True, help="A proxy in front speaks https: cookies travel by https only.")
@click.option(
    "--proxy",
    "proxies",
    metavar="ADDRESS",
    multiple=True,
    default=("127.0.0.1", "::1"),
    show_default=True,
    help="Address of that proxy; may be repeated.",
)
@click.option("--create", is_flag=True, help="Make the desk when it is not there.")
@who
@lang
def serve(
    place: str,
    store: Path | None,
    tables: tuple[Path, ...],
    precision: float,
    host: str,
    port: int,
    hosts: tuple[str, ...],
    behind_tls: bool,
    proxies: tuple[str, ...],
    create: bool,
    who: str,
    lang: str,
) -> None:
    """Serve the desk until Ctrl-C. Without accounts, only this machine is served, and a link that works once opens it.

    Beyond this machine the desk needs accounts (`semantix review user add`) and TLS in front. --store gives the live
    search, the hierarchy, and the engine's evidence for automatic acceptance.

    \b
    Examples:
      semantix review serve --store store/
      semantix review serve --desk postgresql://desk@db/desk --behind-tls --allow-host desk.example.org
    """
    from secrets import token_urlsafe

    from semantix.review.web.app import create_app
    from semantix.review.web.options import DeskOptions
    from semantix.review.web.rendering import compile_templates
    from semantix.review.web.security import check_exposure
    from semantix.review.web.serving import serve as run
    from semantix.review.web.tools import open_tools

    with open_desk(place, create=create, store=store) as opened, open_tools(store, tables, precision) as tools:
        accounts = opened.accounts.people()
        check_exposure(host, len(accounts), behind_tls)
        link = "" if accounts else token_urlsafe(32)
        options = DeskOptions(
            clock=lambda: datetime.now(UTC),
            local_person="" if accounts else who,
            link=link,
            hosts=hosts,
            behind_tls=behind_tls,
            proxies=proxies,
        )

        def told(started: Started) -> None:
            if link:
                click.echo(say("open_here", lang))
                click.echo(f"  {started.address}/start?token={link}")
            else:
                click.echo(say("open_at", lang, address=started.address))
            if store is None:
                click.echo(say("no_store", lang), err=True)
            click.echo(say("stop", lang), err=True)

        app = create_app(opened, options, tools=tools)
        compile_templates(app.state.shell.environments[lang])
        run(app, host, port, told)
