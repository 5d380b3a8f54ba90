"""What a target takes: the rows to remove and the rows to put, table after table."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

import duckdb
from msgspec import Struct


class Delta(Struct, frozen=True):
    """The difference between two states of an OMOP database, as relations of an open DuckDB connection.

    For each table of ``tables``, ``gone_<table>`` holds the values of its key columns (``keys``) to delete, and
    ``rows_<table>`` whole rows, in the order of the CDM's columns and of their key, to insert once those are deleted.
    ``number`` is that of the publication. ``is_full`` says that the target starts from nothing: ``gone_<table>`` are
    empty, and ``vocabulary`` (an Athena folder) is to be copied first. ``erased``: removed rows must leave no trace.
    ``counts`` are the rows of ``rows_<table>``.
    """

    number: int
    is_full: bool
    connection: duckdb.DuckDBPyConnection
    tables: tuple[str, ...]
    keys: Mapping[str, tuple[str, ...]]
    counts: Mapping[str, int]
    vocabulary: Path | None = None
    erased: bool = False


class OmopTarget(Protocol):
    """A place where an OMOP CDM is kept from one publication to the next."""

    def marker(self) -> int:
        """The number of the publication that it holds, 0 for none. Raises BadTarget: not ours, or not reachable."""

    def apply(self, delta: Delta) -> None:
        """Take a difference whole or not at all, and its number with it. Raises BadTarget; may be called again."""
