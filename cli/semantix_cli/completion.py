"""``semantix completion``: the script that lets a shell complete commands and options."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class


@click.command(short_help="Print the completion script of a shell.")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print the script that lets SHELL complete semantix's commands and options.

    \b
    Examples:
      semantix completion bash > ~/.local/share/bash-completion/completions/semantix
      semantix completion zsh > ~/.zfunc/_semantix
      semantix completion fish > ~/.config/fish/completions/semantix.fish
    """
    kind = get_completion_class(shell)
    assert kind is not None
    click.echo(kind(ctx.find_root().command, {}, "semantix", "_SEMANTIX_COMPLETE").source())
