"""``semantix terminology learn``: what the engine learns from the store, ahead of its first use."""

from __future__ import annotations

from pathlib import Path

import click

from semantix_cli.options import lang, store
from semantix_cli.terminology_words import say


@click.command(short_help="Learn what mapping needs, ahead of time.")
@click.option("--target", "targets", metavar="SYSTEM", multiple=True, help="Code system to learn; all without it.")
@store
@lang
def learn(targets: tuple[str, ...], store: Path, lang: str) -> None:
    """Learn what mapping to a code system needs.

    It takes minutes, is kept in the store, and is done by itself at the first use: this command is for choosing the
    moment. What is already learned from the same releases is not learned again.

    \b
    Examples:
      semantix terminology learn
      semantix terminology learn --target cim10 --target atc
    """
    from semantix.terminology.engine import Engine
    from semantix.terminology.resolving import system_key
    from semantix_cli.learning import learning

    engine = Engine.open(store, tell=learning(lang))
    for target in dict.fromkeys(map(system_key, targets)) or engine.targets():
        engine.learn(target)
        click.echo(say("learned", lang, system=target))
