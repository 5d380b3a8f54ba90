"""What executors need besides the documents: the store, the vocabulary, tables and packs, by path or shipped once.

A path that every executor sees, with the same files in it, is used as it is. Anything else is packed once, and Spark
brings it to each executor and unpacks it there, where it is memory-mapped.
"""

from __future__ import annotations

import hashlib
import os
import tarfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
from msgspec import Struct, structs

from semantix.runs.work import ChunkPlan

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

SEEN = "place int, seen string"
_SEEN = pa.schema([("place", pa.int32()), ("seen", pa.string())])


class Shipped(Struct, frozen=True):
    """A path of the driver, and the name of the archive in which executors have what it holds."""

    path: Path
    archive: str


class Look(Struct, frozen=True):
    """The function that Spark maps to learn what executors see of some paths."""

    paths: tuple[Path, ...]

    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """One batch a process: the signature of each path."""
        for _ in batches:
            rows = [{"place": place, "seen": signature(path)} for place, path in enumerate(self.paths)]
            yield pa.RecordBatch.from_pylist(rows, schema=_SEEN)


def signature(path: Path) -> str:
    """A digest of the names and sizes of all files of a folder, or of one file; empty when there is none."""
    if not path.exists():
        return ""
    told = hashlib.sha256()
    for file in sorted(each for each in path.rglob("*") if each.is_file()) if path.is_dir() else [path]:
        told.update(f"{file.relative_to(path.parent)}\0{file.stat().st_size}\n".encode("utf-8", "surrogateescape"))
    return told.hexdigest()


def needed_by(plan: ChunkPlan) -> tuple[Path, ...]:
    """The paths that a worker opens."""
    single = [path for path in (plan.store, plan.vocabulary) if path is not None]
    return (*single, *plan.tables, *plan.packs)


def seen_everywhere(spark: SparkSession, paths: Sequence[Path]) -> frozenset[Path]:
    """The paths of which executors see what the driver sees; asks as many tasks as the cluster runs at once."""
    slots = max(1, spark.sparkContext.defaultParallelism)
    rows = spark.range(0, slots, 1, slots).mapInArrow(Look(tuple(paths)), SEEN).distinct().collect()
    seen: dict[int, set[str]] = {}
    for row in rows:
        seen.setdefault(row.place, set()).add(row.seen)
    return frozenset(path for place, path in enumerate(paths) if seen.get(place) == {signature(path)} - {""})


def ship(spark: SparkSession, paths: Iterable[Path], scratch: Path) -> tuple[Shipped, ...]:
    """Pack each path below ``scratch`` and have Spark bring it to executors."""
    made = []
    for path in paths:
        shipped = Shipped(path, f"semantix-{signature(path)[:16]}-{path.name}")
        packed = scratch / f"{shipped.archive}.tar"
        pack(path, packed)
        spark.sparkContext.addArchive(f"{packed}#{shipped.archive}")
        made.append(shipped)
    return tuple(made)


def pack(path: Path, archive: Path) -> None:
    """Write a folder or a file as an archive that holds it under its name; readable by its owner only."""
    handle = os.open(archive, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(handle, "wb") as file, tarfile.open(fileobj=file, mode="w") as tar:  # noqa: PTH123 - its mode
        tar.add(path, path.name)


def relocated(plan: ChunkPlan, shipped: Sequence[Shipped]) -> ChunkPlan:
    """The plan with the paths where this executor has what was shipped."""
    if not shipped:
        return plan
    from pyspark import SparkFiles  # noqa: PLC0415 - an optional dependency

    here = {one.path: Path(SparkFiles.get(one.archive)) / one.path.name for one in shipped}
    return structs.replace(
        plan,
        store=here.get(plan.store, plan.store) if plan.store is not None else None,
        vocabulary=here.get(plan.vocabulary, plan.vocabulary) if plan.vocabulary is not None else None,
        tables=tuple(here.get(path, path) for path in plan.tables),
        packs=tuple(here.get(path, path) for path in plan.packs),
    )
