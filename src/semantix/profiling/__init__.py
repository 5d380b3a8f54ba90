"""Profiles of unknown exports: how a file is written and what its columns hold, in counts and shapes; first packs.

Text is streamed and counted in a bounded memory (see :mod:`semantix.profiling.tally`), so that a file of any size can
be profiled; workbooks, dBASE tables, dumps and trees are read whole, within the limit of one document. No value of a
patient is told unless the caller asks for values.
"""

from __future__ import annotations

from collections.abc import Sequence

from semantix.parsers._claims import Input
from semantix.profiling.figures import Column, FileProfile, Remark, Table
from semantix.profiling.opened import Opened
from semantix.profiling.opening import open_content
from semantix.profiling.roles import with_roles
from semantix.profiling.tally import IsUnit, TableTally, close

__all__ = ["Column", "FileProfile", "IsUnit", "Remark", "Table", "profile"]


def _no_table(_: str) -> bool:
    return False


def profile(source: Input, is_unit: IsUnit = _no_table, *, show_values: bool = False) -> FileProfile:
    """Profile one file. ``is_unit`` says whether a table of units knows a spelling. Raises UnreadableInput."""
    content = open_content(source)
    tables = tuple(_table(opened, is_unit, show_values=show_values) for opened in content.tables)
    return FileProfile(
        name=source.name,
        size=source.size,
        kind=content.kind,
        encoding=content.encoding,
        dialect=content.dialect,
        tables=tables,
        doubts=(*content.doubts, *(() if tables else (Remark("no-rows"),))),
        shows_values=show_values,
    )


def _table(opened: Opened, is_unit: IsUnit, *, show_values: bool) -> Table:
    tally = TableTally()
    for row in opened.rows:
        tally.add(row)
    names = opened.names if opened.sure or show_values else ()
    while len(tally.columns) < len(names):
        tally.widen()
    columns = tuple(
        close(column, _about(position, tally.rows, names, opened), is_unit, show_values=show_values)
        for position, column in enumerate(tally.columns, start=1)
    )
    return Table(
        name=opened.name,
        source=opened.source,
        rows=tally.rows,
        blank=tally.blank,
        cells=tally.sizes(),
        header=opened.header,
        first=opened.first,
        header_reason=opened.reason,
        columns=with_roles(columns),
    )


def _about(position: int, rows: int, names: Sequence[str], opened: Opened) -> Column:
    """Where a column stands, and its name."""
    place = position - 1
    return Column(
        position=position,
        rows=rows,
        name=names[place] if place < len(names) else "",
        at=opened.at[place] if place < len(opened.at) else "",
        width=opened.widths[place] if place < len(opened.widths) else 0,
    )
