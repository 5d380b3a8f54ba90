"""What writes the Parquet files of a chunk, as :mod:`semantix.runs.staging` describes them, row group by row group.

Columns are built as columns: a chunk of a thousand documents is some tens of thousands of rows, and this is in the way
of every one of them.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from semantix.emitters.omop import OmopEmission, Row
from semantix.runs.model import DIGEST
from semantix.runs.sealing import Seal
from semantix.runs.staging import COVERAGE, DOCUMENTS, FHIR, columns_of, schema_of

ROWS = 20_000
"""Rows of a table that wait in memory before they are written as one row group."""
BYTES = 16 << 20
"""Bytes of FHIR lines that wait at most."""
_CACHED = 100_000
_VISIT = "visit_occurrence"

Digests = dict[tuple[str, str], bytes]
Adder = Callable[[list[Row]], None]


class _Sheet:
    """One table: the columns that wait in memory, and the file that takes them."""

    __slots__ = ("columns", "groups", "path", "rows", "schema", "waiting", "writer")

    def __init__(self, path: Path, schema: pa.Schema, words: Sequence[str] | None = None) -> None:
        self.path = path
        self.schema = schema
        self.columns: dict[str, list[Any]] = {name: [] for name in schema.names}
        self.rows = 0
        self.waiting = 0
        self.writer = pq.ParquetWriter(
            path,
            schema,
            compression="zstd",
            compression_level=1,
            # A dictionary of what is never twice the same costs time and saves nothing.
            use_dictionary=True if words is None else list(words),
            write_statistics=["document"],
        )

    def grow(self, count: int) -> None:
        self.rows += count
        self.waiting += count

    def flush(self) -> None:
        if not self.waiting:
            return
        arrays = [pa.array(self.columns[f.name], f.type) for f in self.schema]
        self.writer.write_table(pa.Table.from_arrays(arrays, schema=self.schema), row_group_size=max(self.waiting, 1))
        for values in self.columns.values():
            values.clear()
        self.waiting = 0

    def close(self) -> None:
        self.flush()
        self.writer.close()


class Stager:
    """The files of one chunk, in a folder that is renamed once they are complete (:func:`put_in_place`).

    Documents come in order, each once. What waits in memory is bounded, whatever the chunk holds.
    """

    def __init__(self, folder: Path, seal: Seal) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder = folder
        self._seal = seal
        self._digests: Digests = {}
        self._tables: dict[str, tuple[_Sheet, tuple[Adder, ...]]] = {}
        self._sheets: dict[str, _Sheet] = {}
        self._bytes = 0
        self._sheet("documents.parquet", DOCUMENTS, ("format", "kind", "practice", "software", "sex", "age_band"))

    def omop(self, document: int, emission: OmopEmission) -> None:
        """Stage the rows of a document."""
        trace = emission.trace
        for table, rows in emission.rows.items():
            count = len(rows)
            if not count:
                continue
            sheet, adders = self._tables.get(table) or self._table(table)
            columns = sheet.columns
            columns["document"].extend([document] * count)
            columns["rank"].extend(range(count))
            for add in adders:
                add(rows)
            if "place" in columns:
                told = trace.get(table)
                columns["place"].extend([path for path, _ in told] if told else [None] * count)
                columns["imputed"].extend([how for _, how in told] if told else [None] * count)
            elif table == _VISIT:
                columns["is_open"].extend([row["visit_occurrence_id"] in emission.open_visits for row in rows])
            sheet.grow(count)
            if sheet.waiting >= ROWS:
                sheet.flush()

    def fhir(self, document: int, resources: Iterable[tuple[str, str, bytes]]) -> None:
        """Stage the resources of a document: type, id, and the line of JSON without its end."""
        rows = [
            (document, rank, kind, name, blake2b(line, digest_size=DIGEST).digest(), line)
            for rank, (kind, name, line) in enumerate(resources)
        ]
        if not rows:
            return
        sheet = self._sheet("fhir.parquet", FHIR, ("type",))
        for values, added in zip(sheet.columns.values(), zip(*rows, strict=True), strict=True):
            values.extend(added)
        self._bytes += sum(len(row[5]) for row in rows)
        sheet.grow(len(rows))
        if sheet.waiting >= ROWS or self._bytes >= BYTES:
            sheet.flush()
            self._bytes = 0

    def document(self, row: Mapping[str, Any]) -> None:
        """Stage what is known of a document; a column that is not named stays empty."""
        self._add(self._sheets["documents.parquet"], [row])

    def coverage(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Stage how the codes of a document were taken."""
        some = list(rows)
        if some:
            self._add(self._sheet("coverage.parquet", COVERAGE), some)

    def close(self) -> dict[str, int]:
        """Complete the files, and return the rows of each by its name."""
        for sheet in self._sheets.values():
            sheet.close()
        return {name: self._sheets[name].rows for name in sorted(self._sheets)}

    def abandon(self) -> None:
        """Leave nothing of the chunk."""
        for sheet in self._sheets.values():
            # A full disk refuses the end of a file as well.
            with suppress(OSError):
                sheet.writer.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _add(self, sheet: _Sheet, rows: Sequence[Mapping[str, Any]]) -> None:
        for name, values in sheet.columns.items():
            values.extend([row.get(name) for row in rows])
        sheet.grow(len(rows))
        if sheet.waiting >= ROWS:
            sheet.flush()

    def _sheet(self, name: str, schema: pa.Schema, words: Sequence[str] | None = None) -> _Sheet:
        sheet = self._sheets.get(name)
        if sheet is None:
            sheet = self._sheets[name] = _Sheet(self._folder / name, schema, words)
        return sheet

    def _table(self, table: str) -> tuple[_Sheet, tuple[Adder, ...]]:
        sheet = self._sheet(f"omop_{table}.parquet", schema_of(table))
        known = self._tables[table] = sheet, tuple(self._adders(table, sheet.columns))
        return known

    def _adders(self, table: str, columns: dict[str, list[Any]]) -> Iterable[Adder]:
        for column in columns_of(table):
            name = column.field.name
            if column.role == "sealed":
                yield _sealed(name, column.table, columns[name], self._digest)
            elif column.role == "concept":
                yield _concept(name, columns[name], columns[f"{name}__key"])
            elif column.role == "reference":
                yield _reference(name, columns[f"{name}__table"], columns[f"{name}__rank"])
            elif column.role == "value":
                yield _value(name, _TYPES.get(column.field.kind, str), columns[name])

    def _digest(self, table: str, key: str) -> bytes:
        found = self._digests.get((table, key))
        if found is None:
            if len(self._digests) >= _CACHED:
                self._digests.clear()
            found = self._digests[table, key] = self._seal.digest(table, key)
        return found


_TYPES: Mapping[str, type] = {"int": int, "float": float}


def _sealed(name: str, table: str, values: list[Any], digest: Callable[[str, str], bytes]) -> Adder:
    def add(rows: list[Row]) -> None:
        last = found = None
        for row in rows:
            key = row.get(name)
            # The rows of a document have one person, and mostly one visit.
            if key is not last:
                found = None if key is None else digest(table, key)
                last = key
            values.append(found)

    return add


def _concept(name: str, ids: list[Any], keys: list[Any]) -> Adder:
    def add(rows: list[Row]) -> None:
        for row in rows:
            value = row.get(name)
            is_local = value.__class__ is str
            ids.append(None if is_local else value)
            keys.append(value if is_local else None)

    return add


def _reference(name: str, tables: list[Any], ranks: list[Any]) -> Adder:
    def add(rows: list[Row]) -> None:
        for row in rows:
            table, rank = row.get(name) or (None, None)
            tables.append(table)
            ranks.append(rank)

    return add


def _value(name: str, kind: type, values: list[Any]) -> Adder:
    def add(rows: list[Row]) -> None:
        for row in rows:
            value = row.get(name)
            values.append(value if value is None or value.__class__ is kind else kind(value))

    return add


def put_in_place(part: Path, final: Path) -> None:
    """Make sure that a folder and its files are on disk, then give it its name; a folder that had it goes.

    A folder that has the name already is of a chunk that was not committed, or the same one: the caller says so by
    asking. Between its removal and the rename there is none.
    """
    for path in sorted(part.iterdir()):
        _sync(path)
    _sync(part)
    if final.exists():
        shutil.rmtree(final)
    part.rename(final)
    _sync(final.parent)


def replace_files(part: Path, folder: Path) -> None:
    """Put the files of a folder in the place of those of another, one by one; those that have no new one go."""
    for path in sorted(part.iterdir()):
        _sync(path)
    for path in sorted(folder.iterdir()):
        new = part / path.name
        if new.exists():
            new.replace(path)
        else:
            path.unlink()
    _sync(folder)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
