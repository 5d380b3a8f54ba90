"""What is learned is told to the person who waits."""

from __future__ import annotations

from collections.abc import Callable

import click


def learning(lang: str) -> Callable[[str], None]:
    """Return what the engine tells its progress to, on the standard error."""
    from semantix.terminology.evaluation_words import evaluation_words

    words = evaluation_words(lang)

    def tell(text: str) -> None:
        click.echo(f"{words('learning')}: {text}" if lang == "en" else f"{words('learning')} : {text}", err=True)

    return tell
