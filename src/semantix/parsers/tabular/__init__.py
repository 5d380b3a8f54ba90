"""Physical readers of tables: bytes to rows of cells, whatever they mean. What the cells mean is said by a pack."""

from __future__ import annotations

from semantix.parsers.tabular.rows import Grid, Row

__all__ = ["Grid", "Row"]
