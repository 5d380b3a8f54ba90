"""What every reader of tables gives: rows of cells with where they stand, and the names of the columns if there are."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

MAX_CELLS = 16_384
"""Cells of one row; a longer row is kept as one cell that nothing can read."""
MAX_ROWS = 5_000_000
"""Rows of a table that is held in memory."""


class Row(Struct):
    """One row. ``line`` is where it begins (a line of text, else the rank of the row), ``lines`` how many it takes.

    ``broken`` says why its cells cannot be told apart.
    """

    line: int
    cells: list[str]
    lines: int = 1
    broken: str = ""
    deleted: bool = False


class Grid(Struct):
    """The rows of one table: ``name`` is that of the sheet or SQL table, ``header`` the cells that name the columns.

    ``word`` is what a row is called in places: ``line`` or ``row``. ``lost`` rows are announced and not there.
    """

    name: str
    rows: Iterable[Row]
    header: tuple[str, ...] = ()
    word: str = "row"
    lost: int = 0
