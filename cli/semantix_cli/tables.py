"""Tables on the terminal, which become plain lines in a pipe. Text from files is never read as markup."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterable, Sequence

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

PIPE_WIDTH = 200
NO_FOLD = 1_000_000
"""A width that no table reaches: in a pipe a row is one line, whatever the length of a file's name."""


def console(*, stderr: bool = False, pipe_width: int = PIPE_WIDTH) -> Console:
    """Return a console on the standard output, or on the standard error where words go."""
    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() else pipe_width
    return Console(file=stream, highlight=False, width=width, emoji=False)


def print_table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print rows of words on the standard output: folded to a terminal's width, a line each in a pipe."""
    out = console(pipe_width=NO_FOLD)
    out.print(table_of(heads, rows))


def table_of(heads: Sequence[str], rows: Iterable[Sequence[str]], numbers: int = 0) -> Table:
    """Make a table whose last ``numbers`` columns hold figures."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for index, head in enumerate(heads):
        is_number = index >= len(heads) - numbers
        title = textwrap.fill(head, 14, break_long_words=False) if is_number else head
        table.add_column(title, justify="right" if is_number else "left", no_wrap=is_number, overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    return table
