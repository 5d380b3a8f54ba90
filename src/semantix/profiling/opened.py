"""What is handed from the reading of a file to the counting of its cells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from semantix.profiling.figures import Remark


class Opened(Struct, frozen=True, kw_only=True):
    """The rows of one table, to be read once. ``names`` are those of its columns, ``at`` how packs reach them.

    ``sure`` is false when the names may be the cells of a first row of data.
    """

    rows: Iterable[Sequence[str]]
    name: str = ""
    source: str = ""
    names: Sequence[str] = ()
    at: Sequence[str] = ()
    widths: Sequence[int] = ()
    header: int = 0
    first: int = 1
    reason: Remark | None = None
    sure: bool = True
