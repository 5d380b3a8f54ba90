"""From one publication to the next: which rows of the CDM go, and which come, computed once for every target.

Rows of events are those of the documents that come and go. A row that several documents give is computed again from all
that are live, when one of those that come or go has a part in it: so any sequence of publications ends with the rows
that one publication of the same documents would give.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
from msgspec import json

from semantix.emitters.omop import SCHEMA
from semantix.runs.model import Publication
from semantix.runs.publishing import references
from semantix.runs.publishing.delta import Delta
from semantix.runs.publishing.numbers import give_numbers, has_block
from semantix.runs.publishing.resolving import Resolution, attach_numbers, used_keys
from semantix.runs.publishing.staged import Since, Staged, open_database, quoted, sizes_of, told
from semantix.runs.staging import MERGED
from semantix.sinks.omop import SinkOptions
from semantix.sinks.omop.describing import Counts, Metadata, describe, metadata_of
from semantix.sinks.omop.load import select

MARKER = "semantix publication"
"""The row of METADATA that holds the number of the publication."""
PEOPLE = ("observation_period", "person")
"""In this order: which birth of a person is right depends on the period observed."""
_KEYS = {"cdm_source": ("cdm_version_concept_id",), "metadata": ("metadata_concept_id",)}
"""Both tables are written anew each time: their rows are known by a column that has one value in all of them."""


def difference(
    publication: Publication, numbers: Path, scratch: Path, since: Since, options: SinkOptions | None = None
) -> Delta:
    """Number what is new and compute what a target takes that holds ``since``: nothing, or the publication before.

    ``numbers`` is the file of integers; ``scratch`` a folder for what waits on disk, which the caller removes, once the
    connection of the result is closed. ``options`` describe the target (:class:`semantix.sinks.omop.SinkOptions`).
    Raises BadTarget when integers run out or the disk is full, BadVocabulary for a folder that is no Athena download.
    """
    options = options or SinkOptions()
    give_numbers(publication, numbers, scratch / "numbering", since, options.memory_limit)
    path = scratch / "difference.duckdb"
    with told(path):
        path.unlink(missing_ok=True)
        connection = open_database(path, scratch, options.memory_limit)
        try:
            attach_numbers(connection, numbers)
            # One transaction, so that the disk is not waited for at each step.
            connection.execute("BEGIN")
            work = _Work(connection, Staged(connection, publication, since), is_full=since == "nothing")
            work.compute(publication, options)
            for view in connection.execute(
                "SELECT view_name FROM duckdb_views() WHERE NOT internal AND temporary"
            ).fetchall():
                connection.execute(f'DROP VIEW "{view[0]}"')
            connection.execute("COMMIT")
            connection.execute("DETACH numbers")
            return work.delta(publication, options)
        except BaseException:
            connection.close()
            raise


class _Work:
    """A difference being computed."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, staged: Staged, *, is_full: bool) -> None:
        self._connection = connection
        self._staged = staged
        self._is_full = is_full
        self._tables: dict[str, tuple[str, ...]] = {}

    def compute(self, publication: Publication, options: SinkOptions) -> None:
        changed = self._staged.tables("changed")
        self._place_blocks(changed)
        for table in SCHEMA:
            if table in changed and table not in MERGED:
                self._events(table)
        for table in SCHEMA:
            if table in MERGED and table not in {*references.REFERENCE_TABLES, *PEOPLE}:
                self._shared(table, (table,))
        for table in PEOPLE:
            self._shared(table, PEOPLE)
        references.complete(self._connection, self._staged, options)
        self._tables.update(references.KEYS)
        self._describe(publication, options)

    def delta(self, publication: Publication, options: SinkOptions) -> Delta:
        order = [table for table in SCHEMA if table in self._tables]
        counts = {table: self._count(f"rows_{table}") for table in order}
        if self._is_full:
            for table in order:
                self._execute(f"DELETE FROM gone_{table}")
        kept = [table for table in order if counts[table] or self._count(f"gone_{table}")]
        return Delta(
            number=publication.number,
            is_full=self._is_full,
            connection=self._connection,
            tables=tuple(kept),
            keys={table: self._tables[table] for table in kept},
            counts={table: counts[table] for table in kept},
            vocabulary=options.vocabulary,
            erased=publication.erased,
        )

    def _execute(self, query: str) -> None:
        self._connection.execute(query)

    def _count(self, relation: str) -> int:
        found = self._connection.execute(f"SELECT count(*) FROM {relation}").fetchone()
        assert found is not None
        return int(found[0])

    def _place_blocks(self, tables: frozenset[str]) -> None:
        """Where the rows of each document that comes or goes begin, in each table."""
        sizes = sizes_of(self._staged, filter(has_block, tables), "changed")
        self._execute(
            "CREATE TEMP TABLE blocks AS SELECT document, omop_table, known(omop_table, first, omop_table) AS first "
            f"FROM {sizes} LEFT JOIN numbers.block USING (key, content, omop_table, size) ORDER BY document"
        )

    def _events(self, table: str) -> None:
        """Rows of the documents that come; what goes is known by its numbers, and else by all that it holds."""
        key = SCHEMA[table].key
        numbered = has_block(table)
        self._tables[table] = (key,) if numbered and key else SCHEMA[table].columns
        self._rows(table, "added", f"rows_{table}", numbered)
        if not numbered:
            self._rows(table, "removed", f"gone_{table}", numbered)
            return
        self._execute(
            f"CREATE TABLE gone_{table} AS SELECT (first + unnest(range(size)))::INTEGER AS {key} "
            f"FROM numbers.block JOIN docs USING (key, content) "
            f"WHERE was_live AND NOT is_live AND omop_table = {quoted(table)} ORDER BY 1"
        )

    def _rows(self, table: str, which: str, name: str, numbered: bool) -> None:
        source = self._staged.rows(table, "added" if which == "added" else "removed")
        if source is None:
            self._execute(SCHEMA[table].create(name))
            return
        joins = ""
        if numbered:
            joins = f"JOIN blocks b ON b.document = s.document AND b.omop_table = {quoted(table)} "
        made = Resolution(table, used_keys(self._connection, table, source), "b.first + s.rank")
        self._execute(
            f"CREATE TABLE {name} AS SELECT {', '.join(made.columns)} FROM {source} s {joins}{made.joins} "
            f"ORDER BY {SCHEMA[table].key if numbered else 'ALL'}"
        )

    def _shared(self, table: str, touching: tuple[str, ...]) -> None:
        """Rows that many documents give, of the keys that those that come or go have a part in."""
        [key] = self._tables[table] = MERGED[table]
        kind = key.removesuffix("_id")
        sights = [source for each in touching if (source := self._staged.rows(each, "changed")) is not None]
        sights = [f"SELECT {key} FROM {source}" for source in sights]
        self._execute(
            f"CREATE OR REPLACE TEMP TABLE touched AS SELECT DISTINCT {key} FROM "
            f"({' UNION ALL '.join(sights) or f'SELECT NULL::BLOB AS {key} WHERE false'})"
        )
        self._execute(
            f"CREATE TABLE gone_{table} AS SELECT known(t.{key}, o.id, {quoted(kind)}) AS {key} "
            f"FROM touched t LEFT JOIN of_{kind} o ON o.key = t.{key} ORDER BY 1"
        )
        source = self._staged.rows(table, "live") if sights else None
        if source is None:
            self._execute(SCHEMA[table].create(f"rows_{table}"))
        else:
            if not self._is_full:
                source = f"(FROM {source} SEMI JOIN touched USING ({key}))"
            said = references.contributions(self._connection, table, source)
            self._execute(f"CREATE TABLE rows_{table} AS {select(SCHEMA[table], said)}")
        if table == PEOPLE[0]:
            self._execute(f"CREATE TEMP VIEW {table} AS FROM rows_{table}")

    def _describe(self, publication: Publication, options: SinkOptions) -> None:
        for table in _KEYS:
            self._execute(SCHEMA[table].create())
        metadata = self._metadata(publication, options)
        describe(self._connection, options, publication.day or self._latest_day(), metadata)
        for table, (key,) in _KEYS.items():
            self._tables[table] = (key,)
            self._execute(f"ALTER TABLE {table} RENAME TO rows_{table}")
            self._execute(f"CREATE TABLE gone_{table} AS SELECT DISTINCT {key} FROM rows_{table}")

    def _latest_day(self) -> str | None:
        files = self._staged.files("documents.parquet", "live")
        if files is None:
            return None
        row = self._connection.execute(
            f"SELECT max(day) FROM {files} SEMI JOIN (FROM docs WHERE is_live) USING (document) WHERE day <> ''"
        ).fetchone()
        assert row is not None
        return str(row[0]) if row[0] else None

    def _metadata(self, publication: Publication, options: SinkOptions) -> list[Metadata]:
        out = metadata_of(options, self._sums("imputed"), self._sums("excluded"))
        out += [(f"basis: {name}", version, None) for name, version in sorted(publication.basis.items())]
        return [*out, (MARKER, None, publication.number)]

    def _sums(self, column: str) -> Counts:
        """The counts of all live documents, by their two words."""
        files = self._staged.files("documents.parquet", "live")
        sums: dict[tuple[str, str], int] = {}
        if files is None:
            return sums
        found = self._connection.execute(
            f"SELECT {column}, count(*) FROM {files} SEMI JOIN (FROM docs WHERE is_live) USING (document) "
            f"WHERE {column} IS NOT NULL GROUP BY 1"
        )
        while rows := found.fetchmany(10_000):
            for words, times in rows:
                for name, n in json.decode(words, type=dict[str, int]).items():
                    one, _, two = name.partition("|")
                    sums[one, two] = sums.get((one, two), 0) + n * times
        return sums
