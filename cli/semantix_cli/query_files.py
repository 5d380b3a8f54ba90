"""Tables of queries, opened: a file, or the standard input for ``-``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from semantix.terminology.query_tables import QueryTable

STDIN = Path("-")


@contextmanager
def open_table(path: Path) -> Iterator[QueryTable]:
    """Open a CSV or TSV; its rows are read while it is open. Raises BadTable and UnreadableInput."""
    from semantix.errors import BadTable
    from semantix.terminology.query_tables import parse, read_lines
    from semantix.terminology.source import Source

    if path == STDIN:
        yield parse(read_lines(sys.stdin.buffer, "stdin"), "stdin")
        return
    source = Source(path)
    if len(source.names) != 1:
        raise BadTable(f"{source.name}: {len(source.names)} files; one CSV or TSV was expected")
    with source.open(source.names[0]) as file:
        yield parse(read_lines(file, source.names[0]), source.names[0])
