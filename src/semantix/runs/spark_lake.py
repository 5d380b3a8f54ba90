"""A published OMOP database into the lake: Parquet that Spark partitions, Delta or Iceberg when the session has them.

Integers are given by one process, in the order of documents; what it published as Parquet
(:mod:`semantix.runs.publishing.parquet`) is read by executors and written where Spark keeps tables. A table is replaced
whole: by one transaction in Delta and Iceberg, which keep the one before; by a rewrite in plain Parquet.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from semantix.errors import BadTarget
from semantix.io import shown
from semantix.runs.publishing.parquet import KIND
from semantix.runs.publishing.swap import read_index

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

KINDS = ("parquet", "delta", "iceberg")
_ABSENT = "DATA_SOURCE_NOT_FOUND"
YEAR = "year"
"""The column that tables of events are partitioned by."""


def copy_to_lake(
    spark: SparkSession, published: Path, destination: str, kind: str = "parquet", only: Sequence[str] = ()
) -> dict[str, int]:
    """Write each table of a Parquet target, or some; returns the rows of each.

    ``destination`` is a folder that Spark can write, or the name of a catalog's schema for ``iceberg``. Raises
    BadTarget: nothing was published there, or the session does not know the kind.
    """
    refuse_unknown(spark, kind)
    if not published.is_dir():
        raise BadTarget(f"{shown(published)}: no such folder; expected what a run published with the parquet target")
    index = read_index(published, KIND)
    if not index.number:
        raise BadTarget(f"{shown(published)}: nothing was published there; run the plan with a parquet target first")
    there = sorted({name.partition("/")[0] for name in index.files})
    tables = [name for name in there if not only or name in only]
    for name in tables:
        table = spark.read.parquet(str(published / name))
        writer = table.write.format(kind).mode("overwrite")
        if YEAR in table.columns:
            writer = writer.partitionBy(YEAR)
        if kind == "iceberg":
            writer.saveAsTable(f"{destination}.{name}")
        else:
            writer.save(f"{destination.rstrip('/')}/{name}")
    return {name: index.counts.get(name, 0) for name in tables}


def refuse_unknown(spark: SparkSession, kind: str) -> None:
    """Raise BadTarget when a session cannot write a kind of table; the data source is asked for, and told why."""
    from py4j.protocol import Py4JError  # type: ignore[import-untyped] # noqa: PLC0415 - an optional dependency
    from pyspark.errors import PySparkException  # noqa: PLC0415

    if kind not in KINDS:
        raise BadTarget(f"{kind}: not a kind of table; expected {', '.join(KINDS)}")
    try:
        spark.read.format(kind).load("file:///nowhere-semantix-looks-for-a-data-source")
    except (PySparkException, Py4JError) as error:
        # The place is not there, which is well; that the class is not is told in more ways than one.
        if _ABSENT in str(error):
            words = f"--packages or spark.jars.packages brings the library of {kind}"
            raise BadTarget(f"{kind}: this Spark session has no such data source; {words}") from error
