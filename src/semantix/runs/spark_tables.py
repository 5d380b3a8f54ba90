"""Documents that are rows of a table (Parquet, Delta, binary files, any DataFrame) instead of files in a folder.

Columns: ``name`` (as a path below a folder; its end tells formats apart), ``content`` (bytes, or text taken as UTF-8)
and, if wanted, ``practice``. A run knows each row by its name and the SHA-256 of its content.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec
import pyarrow as pa

from semantix.errors import BadPlan
from semantix.runs.model import Chunk
from semantix.runs.spark_worker import HEAD, INPUT

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

NAME, CONTENT, PRACTICE = "name", "content", "practice"
BINARY, NAMED = "binaryFile", "table"
_WANTED = pa.schema([("slot", pa.int32()), ("chunk", pa.int64()), ("file", pa.int64()), (NAME, pa.string())])


def open_table(spark: SparkSession, source: str, kind: str = BINARY) -> DataFrame:
    """The documents at a path: ``binaryFile`` (each file one), ``parquet``, ``delta``...; ``table`` for a named table.

    Raises BadPlan: Spark cannot read it, or its columns are not those of documents.
    """
    from pyspark.errors import PySparkException  # noqa: PLC0415 - an optional dependency

    try:
        if kind == BINARY:
            return _binary(spark, source)
        found = spark.table(source) if kind == NAMED else spark.read.format(kind).load(source)
        return documents(found)
    except PySparkException as error:
        raise BadPlan(f"{source}: Spark cannot read it as {kind} ({error.getCondition()})") from error


def _binary(spark: SparkSession, source: str) -> DataFrame:
    from pyspark.sql import functions  # noqa: PLC0415 - see open_table

    found = spark.read.format(BINARY).option("recursiveFileLookup", "true").load(source)
    # The path of a row is an URI; what is below the folder given is its name.
    below = functions.regexp_replace(functions.col("path"), "^[a-z0-9+]+:/*", "/")
    start = "/" + source.partition(":")[2].lstrip("/") if "://" in source else source
    short = functions.when(
        functions.startswith(below, functions.lit(f"{start.rstrip('/')}/")),
        functions.substring(below, len(start.rstrip("/")) + 2, 1 << 20),
    ).otherwise(below)
    return documents(found.select(short.alias(NAME), functions.col(CONTENT)))


def documents(table: DataFrame) -> DataFrame:
    """The columns of documents of a table. Raises BadPlan when one is missing."""
    from pyspark.sql import functions  # noqa: PLC0415 - see open_table

    missing = [column for column in (NAME, CONTENT) if column not in table.columns]
    if missing:
        found = ", ".join(table.columns)
        raise BadPlan(f"a table of documents has no column {' nor '.join(missing)}; it has: {found}")
    practice = functions.col(PRACTICE).cast("string") if PRACTICE in table.columns else functions.lit("")
    return table.select(
        functions.col(NAME).cast("string").alias(NAME),
        functions.col(CONTENT).cast("binary").alias(CONTENT),
        functions.coalesce(practice, functions.lit("")).alias(PRACTICE),
    ).where(functions.col(NAME).isNotNull() & functions.col(CONTENT).isNotNull())


def scan_table(table: DataFrame) -> Iterator[tuple[str, str, bytes, int]]:
    """Name, practice, SHA-256 and size of each document, in the order of names; contents do not leave the executors."""
    from pyspark import StorageLevel  # noqa: PLC0415 - see open_table
    from pyspark.sql import functions  # noqa: PLC0415

    digest = functions.unhex(functions.sha2(functions.col(CONTENT), 256)).alias("sha256")
    size = functions.octet_length(functions.col(CONTENT)).alias("size")
    digests = documents(table).select(NAME, PRACTICE, digest, size)
    # Sorting looks at its input twice, and contents are to be read once.
    kept = digests.persist(StorageLevel.DISK_ONLY)
    try:
        for row in kept.orderBy(NAME, "sha256").toLocalIterator(prefetchPartitions=True):
            yield row.name, row.practice, bytes(row.sha256), row.size
    finally:
        kept.unpersist()


def rows_of(spark: SparkSession, chunks: Sequence[Chunk], table: DataFrame | None = None) -> DataFrame:
    """The rows of chunks (:data:`spark_worker.INPUT`), each chunk in a partition of its own.

    With a table of documents, a chunk is followed by the contents of those of its files that have no path.
    """
    heads = pa.table(
        {
            "slot": pa.array(range(len(chunks)), pa.int32()),
            "chunk": pa.array([chunk.id for chunk in chunks], pa.int64()),
            "file": pa.array([HEAD] * len(chunks), pa.int64()),
            "content": pa.array([msgspec.json.encode(chunk) for chunk in chunks], pa.binary()),
        }
    )
    rows = spark.createDataFrame(heads, f"slot int, {INPUT}")
    found = _contents(spark, table, chunks) if table is not None else None
    if found is not None:
        rows = rows.unionByName(found)
    return _dealt(rows, len(chunks)).sortWithinPartitions("chunk", "file").select("chunk", "file", CONTENT)


def _contents(spark: SparkSession, table: DataFrame, chunks: Sequence[Chunk]) -> DataFrame | None:
    from pyspark.sql import functions  # noqa: PLC0415 - see open_table

    wanted = [
        (slot, chunk.id, one.id, one.name)
        for slot, chunk in enumerate(chunks)
        for one in chunk.files
        if not one.path and one.id not in chunk.skipped
    ]
    if not wanted:
        return None
    names = [name for *_, name in wanted]
    columns = [pa.array(values, kind) for values, kind in zip(zip(*wanted, strict=True), _WANTED.types, strict=True)]
    files = spark.createDataFrame(pa.Table.from_arrays(columns, schema=_WANTED))
    # A table that is sorted by name is only read where the names of these chunks are.
    near = documents(table).where(functions.col(NAME).between(min(names), max(names)))
    return near.join(functions.broadcast(files), NAME).select("slot", "chunk", "file", CONTENT)


def _dealt(rows: DataFrame, count: int) -> DataFrame:
    """Each slot in a partition of its own, where Spark can (4.1); else by a hash, which gives some two."""
    if hasattr(rows, "repartitionById"):
        return rows.repartitionById(count, "slot")
    return rows.repartition(count, "slot")
