"""OMOP as Parquet: a folder a table, the tables of events by the year in which each event begins.

``read_parquet('<folder>/measurement/**/*.parquet', hive_partitioning=true)`` reads a table of events, with its year;
the others are one file, ``<table>/part-0.parquet``, there even when it has no rows. Rows are in the order of their
keys, so the same rows are the same bytes, and only the years that have other rows are written again.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from msgspec import Struct

from semantix.emitters.omop.schema import SCHEMA, Table
from semantix.errors import BadTarget
from semantix.io import shown
from semantix.runs.publishing.athena import quoted, read_vocabulary
from semantix.runs.publishing.delta import Delta
from semantix.runs.publishing.swap import Generation, Index, explained, read_index, recover

KIND = "parquet"
_WHOLE = frozenset({"observation_period", "death"})
"""Tables of persons, although they have a day: one row a person."""
_ROWS = 65_536
_TEXTS = 4096
"""Rows of a row group, and of one of notes, which may hold a whole letter each."""


class ParquetTarget:
    """A folder of Parquet files. ``scratch`` is where a vocabulary waits while it is copied."""

    def __init__(self, folder: Path, scratch: Path | None = None) -> None:
        self.folder = folder.resolve()
        self._scratch = scratch

    def marker(self) -> int:
        """The number of the publication that it holds, 0 for none. Raises BadTarget."""
        return self._index().number

    def _index(self) -> Index:
        recover(self.folder)
        return read_index(self.folder, KIND)

    def apply(self, delta: Delta) -> None:
        """Take a difference whole or not at all. Raises BadTarget."""
        previous = self._index()
        if previous.number == delta.number:
            return
        if previous.number > delta.number or (not delta.is_full and previous.number != delta.number - 1):
            words = f"holds publication {previous.number}, it cannot take {delta.number}"
            raise BadTarget(f"{shown(self.folder)}: {words}; move the folder away, and it is written whole again")
        with (
            explained(self.folder),
            tempfile.TemporaryDirectory(prefix="semantix-parquet-", dir=self._scratch) as scratch,
            Generation(self.folder, previous) as generation,
        ):
            vocabulary = read_vocabulary(delta.vocabulary, Path(scratch)) if delta.is_full else {}
            written = _Writing(generation, self.folder, previous, delta, vocabulary).write()
            generation.finish(delta.number, written)


class _Files(Struct, frozen=True):
    """The files of one table in the previous generation, by year (0 for a table that is one file)."""

    table: Table
    paths: Mapping[int, Path]

    @property
    def day(self) -> str | None:
        return self.table.start if self.table.name not in _WHOLE else None

    def name(self, year: int) -> str:
        return f"{self.table.name}/year={year}/part-0.parquet" if self.day else f"{self.table.name}/part-0.parquet"


class _Writing:
    """One generation being written from the previous one and a difference."""

    def __init__(
        self,
        generation: Generation,
        folder: Path,
        previous: Index,
        delta: Delta,
        vocabulary: Mapping[str, Path],
    ) -> None:
        self._generation = generation
        self._folder = folder
        self._previous = previous
        self._delta = delta
        self._vocabulary = vocabulary
        self._connection = delta.connection
        # Whatever was last asked of the connection is done with.
        self._connection.execute("SELECT 1").fetchall()

    def write(self) -> dict[str, int]:
        """Write or keep each file; the rows of each table."""
        counts = {table.name: sum(self._table(table)) for table in SCHEMA.values()}
        return {name: count for name, count in counts.items() if count}

    def _table(self, table: Table) -> Iterator[int]:
        files = _Files(table, {} if self._delta.is_full else dict(self._known(table)))
        touched = self._touched(files)
        for year in sorted(touched | set(files.paths)):
            name = files.name(year)
            if year in touched:
                yield self._write(files, year)
            else:
                self._generation.keep(name)
                yield self._previous.files[name].count

    def _known(self, table: Table) -> Iterator[tuple[int, Path]]:
        for name in self._previous.files:
            parts = name.split("/")
            if parts[0] == table.name:
                yield int(parts[1].removeprefix("year=")) if len(parts) == 3 else 0, self._folder / name

    def _touched(self, files: _Files) -> set[int]:
        """The years of which rows come or go."""
        name = files.table.name
        is_changed = name in self._delta.tables
        if files.day is None:
            return {0} if is_changed or self._delta.is_full else set()
        if not is_changed:
            return set()
        years = f"SELECT DISTINCT year({files.day}) FROM rows_{name}"
        if files.paths:
            paths = ", ".join(map(quoted, files.paths.values()))
            known = f"(SELECT * REPLACE (year::BIGINT AS year) FROM read_parquet([{paths}], hive_partitioning=true))"
            years += f" UNION SELECT DISTINCT year FROM {known} o SEMI JOIN gone_{name} g ON {self._same(name)}"
        return {int(year) for (year,) in self._connection.execute(years).fetchall()}

    def _same(self, name: str) -> str:
        return " AND ".join(f'o."{key}" IS NOT DISTINCT FROM g."{key}"' for key in self._delta.keys[name])

    def _write(self, files: _Files, year: int) -> int:
        """Write a file again; none when it is of a year that has no rows any more."""
        name = files.name(year)
        size = _TEXTS if files.table.name == "note" else _ROWS
        with self._connection.sql(self._query(files, year)).to_arrow_reader(size) as reader:
            groups = _groups(reader, size)
            first = next(groups, None)
            if first is None and files.day:
                return 0
            count = 0
            with pq.ParquetWriter(self._generation.path(name), reader.schema, compression="zstd") as writer:
                for rows in chain([first if first is not None else reader.schema.empty_table()], groups):
                    writer.write_table(rows, row_group_size=size)
                    count += rows.num_rows
        self._generation.take(name, count)
        return count

    def _query(self, files: _Files, year: int) -> str:
        table = files.table
        columns = ", ".join(f'"{f.name}"::{f.sql_type} AS "{f.name}"' for f in table.fields)
        sources = []
        if year in files.paths:
            old = f"SELECT {columns} FROM read_parquet({quoted(files.paths[year])}, hive_partitioning=false) o"
            sources.append(f"{old} ANTI JOIN gone_{table.name} g ON {self._same(table.name)}")
        if table.name in self._vocabulary:
            sources.append(f"SELECT {columns} FROM read_parquet({quoted(self._vocabulary[table.name])})")
        if table.name in self._delta.tables:
            chosen = f" WHERE year({files.day}) = {year}" if files.day else ""
            sources.append(f"SELECT {columns} FROM rows_{table.name}{chosen}")
        if not sources:
            nothing = ", ".join(f'NULL::{f.sql_type} AS "{f.name}"' for f in table.fields)
            sources.append(f"SELECT {nothing} WHERE false")
        return f"SELECT * FROM ({' UNION ALL '.join(sources)}) ORDER BY {table.key or 'ALL'}"


def _groups(reader: pa.RecordBatchReader, size: int) -> Iterator[pa.Table]:
    waiting: list[pa.RecordBatch] = []
    rows = 0
    for batch in reader:
        waiting.append(batch)
        rows += batch.num_rows
        while rows >= size:
            table = pa.Table.from_batches(waiting)
            # Pages are cut where chunks end: one chunk, and the same rows are the same bytes.
            yield table.slice(0, size).combine_chunks()
            waiting = table.slice(size).to_batches()
            rows -= size
    if rows:
        yield pa.Table.from_batches(waiting).combine_chunks()
