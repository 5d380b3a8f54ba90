"""Chunks done by Apache Spark, on a cluster or in a notebook: the same function, the same folders, the same accounts.

Spark alone decides which executor does what, and does again what an executor lost. Chunks are the rows of a table, one
a partition, in waves of a few a core: a wave's accounts come back to the driver together and are committed while the
next ones are read. What executors write appears in the folder of staged chunks by a rename of the driver's, so that an
executor that was taken for dead, and is not, disturbs nothing.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import sys
import tempfile
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import msgspec

from semantix.errors import BadPlan, UnfinishedRun
from semantix.runs.model import Chunk, ChunkDone
from semantix.runs.spark_shipping import needed_by, seen_everywhere, ship
from semantix.runs.spark_tables import BINARY, NAMED, open_table, rows_of, scan_table
from semantix.runs.spark_worker import OUTPUT, WORKING, Reading
from semantix.runs.stager import put_in_place
from semantix.runs.staging import folder_of
from semantix.runs.work import ChunkPlan, ChunkWork

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, Row, SparkSession

WAVE = 4
"""Chunks of a wave for each core of the cluster."""
IN_FLIGHT = 3
"""Waves given to Spark at once: no core waits for the last chunk of a wave."""
CONTENTS = 64
"""Documents of a table that are in the memory of a worker together."""
_PYTHON = "spark.pyspark.python"
_SETTINGS: Mapping[str, str] = MappingProxyType({"spark.ui.showConsoleProgress": "false"})
_QUIET = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
"""Virtual machines that wait for Python leave it the processors: they had better not optimise themselves."""
_HERE: Mapping[str, str] = MappingProxyType(
    {
        "spark.ui.enabled": "false",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.extraJavaOptions": _QUIET,
        "spark.executor.extraJavaOptions": _QUIET,
        _PYTHON: sys.executable,
    }
)
"""What a session on one machine adds: it is not seen from others, and its workers are of this Python."""
_TRIES = 4
_URI = re.compile("[a-z0-9]+:/")


class SparkEngine:
    """Does chunks on Spark. ``table`` holds the content of the files that have no path (``name``, ``content``).

    The session is closed at the end if it was opened here; that of a notebook or of spark-submit is used and left open.
    """

    def __init__(
        self,
        plan: ChunkPlan,
        staged: Path,
        master: str | None = None,
        conf: Mapping[str, str] = MappingProxyType({}),
        table: DataFrame | None = None,
    ) -> None:
        self._plan = plan
        self._staged = staged.absolute()
        self._master, self._conf = master, dict(conf)
        self._table = table

    def run(self, chunks: Iterable[Chunk]) -> Iterator[ChunkDone]:
        """The account of each chunk, its folder in place; a chunk that kills whoever reads it has a ``failure``.

        Raises BadPlan when there is no Spark to be had, UnfinishedRun when it gives up: what was yielded is done.
        """
        with ExitStack() as stack:
            spark = stack.enter_context(session(self._master, self._conf))
            self._clear()
            stack.callback(self._clear)
            with told_as_unfinished():
                driver = _Driver(spark, self._reading(spark, stack), self._table)
            if self._table is not None:
                stack.enter_context(settings(spark, {"spark.sql.execution.arrow.maxRecordsPerBatch": str(CONTENTS)}))
            yield from driver.run(chunks)

    def _clear(self) -> None:
        """Remove what executors wrote and nobody asks for: of an attempt that was lost, of a run that was killed."""
        shutil.rmtree(self._staged / WORKING, ignore_errors=True)

    def _reading(self, spark: SparkSession, stack: ExitStack) -> Reading:
        """What executors are to know, and whether they see the folders of the driver."""
        self._staged.mkdir(mode=0o700, parents=True, exist_ok=True)
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="semantix-spark-")))
        handle, marker = tempfile.mkstemp(prefix=".seen-", dir=self._staged)
        os.close(handle)
        needed = needed_by(self._plan)
        try:
            seen = seen_everywhere(spark, (Path(marker), *needed))
        finally:
            Path(marker).unlink()
        return Reading(
            plan=self._plan,
            staged=self._staged,
            token=hashlib.sha256(marker.encode()).hexdigest(),
            is_shared=Path(marker) in seen,
            shipped=ship(spark, [path for path in needed if path not in seen], scratch),
        )


class Cluster:
    """Spark as a run uses it, from its scan to its last chunk; ``table`` are documents that are in no folder."""

    def __init__(self, spark: SparkSession, table: DataFrame | None = None) -> None:
        self._spark, self._table = spark, table

    @property
    def has_table(self) -> bool:
        """Whether documents are in a table."""
        return self._table is not None

    def scan(self) -> Iterator[tuple[str, str, bytes, int]]:
        """Name, practice, SHA-256 and size of each document of the table, in the order of names."""
        if self._table is not None:
            with told_as_unfinished():
                yield from scan_table(self._table)

    def engine(self, work: ChunkWork) -> SparkEngine:
        """Who does the chunks of a run."""
        return SparkEngine(work.plan, work.staged, table=self._table)


@contextmanager
def cluster_of(told: Mapping[str, Any]) -> Iterator[Cluster]:
    """What the part ``spark`` of a plan asks for: ``master``, ``conf``, ``table``, ``format``, and ``base`` for a path.

    Raises BadPlan.
    """
    with session(told.get("master"), told.get("conf") or {}) as spark:
        source, kind = str(told.get("table") or ""), told.get("format") or BINARY
        if source and kind != NAMED and not _URI.match(source):
            source = str(Path(told.get("base") or "", source).absolute())
        yield Cluster(spark, open_table(spark, source, kind) if source else None)


class _Driver:
    """Waves of one run, on an open session."""

    def __init__(self, spark: SparkSession, reading: Reading, table: DataFrame | None) -> None:
        self._spark, self._reading, self._table = spark, reading, table
        self._tag = f"semantix-{reading.token[:16]}"

    def run(self, chunks: Iterable[Chunk]) -> Iterator[ChunkDone]:
        rest = iter(chunks)
        flying: deque[Future[Sequence[Row]]] = deque()
        pool = ThreadPoolExecutor(IN_FLIGHT)
        try:
            while wave := tuple(islice(rest, self._size())):
                flying.append(pool.submit(self._wave, wave))
                if len(flying) >= IN_FLIGHT:
                    yield from self._landed(flying.popleft())
            while flying:
                yield from self._landed(flying.popleft())
        finally:
            if flying:
                # Nobody waits for them any more.
                self._spark.interruptTag(self._tag)
            pool.shutdown(wait=True, cancel_futures=True)

    def _size(self) -> int:
        """Chunks of the next wave: a cluster may grow."""
        return spread_of(self._spark.sparkContext.defaultParallelism)

    def _wave(self, chunks: Sequence[Chunk]) -> Sequence[Row]:
        self._spark.addTag(self._tag)
        return rows_of(self._spark, chunks, self._table).mapInArrow(self._reading, OUTPUT).collect()

    def _landed(self, wave: Future[Sequence[Row]]) -> Iterator[ChunkDone]:
        with told_as_unfinished():
            rows = wave.result()
        for row in rows:
            yield received(self._reading.staged, row.done, row.folder, row.files)


def spread_of(cores: int) -> int:
    """Chunks of a wave on so many cores."""
    return max(1, WAVE * cores)


def received(staged: Path, account: bytes, folder: str, files: Sequence[Any]) -> ChunkDone:
    """Put in place what an executor wrote, where it wrote it (``folder``) or from what it sent (``files``)."""
    done = msgspec.json.decode(account, type=ChunkDone)
    final = folder_of(staged, done.chunk)
    if folder:
        put_in_place(staged / folder, final)
    elif files:
        part = Path(tempfile.mkdtemp(prefix=f".{final.name}.", suffix=".part", dir=staged))
        for name, content in files:
            (part / name).write_bytes(content)
        put_in_place(part, final)
    elif not done.failure:
        shutil.rmtree(final, ignore_errors=True)
    return done


# --- the session ------------------------------------------------------------------------------------------------------


@contextmanager
def session(master: str | None = None, conf: Mapping[str, str] = MappingProxyType({})) -> Iterator[SparkSession]:
    """The session that is open, else one that is opened, and closed after the block. Raises BadPlan."""
    missing = [name for name in ("pyspark", "pandas") if find_spec(name) is None]
    if missing:
        words = "semantix itself does without, Spark does not; pip install 'semantix[spark]' brings it"
        raise BadPlan(f"the engine is Spark, and {' and '.join(missing)} cannot be found: {words}")
    from pyspark.errors import PySparkRuntimeError  # noqa: PLC0415 - an optional dependency
    from pyspark.sql import SparkSession  # noqa: PLC0415

    try:
        active: SparkSession | None = SparkSession.active()
    except PySparkRuntimeError:
        active = None
    if active is not None:
        there = active.sparkContext.master
        if master is not None and there != with_tries(master):
            raise BadPlan(
                f"a Spark session is open on {there}, {master} was asked for: stop it, or leave out the master"
            )
        yield active
        return
    builder = SparkSession.builder.appName("semantix")
    for name, value in wanted(master, conf).items():
        builder = builder.config(name, value)
    try:
        opened = builder.getOrCreate()
    except PySparkRuntimeError as error:
        words = "expected Java 17 and a master that answers (JAVA_HOME, --master)"
        raise BadPlan(f"Spark does not start ({error.getCondition()}): {words}") from error
    try:
        if python := opened.conf.get(_PYTHON, None):
            # Spark heeds this setting when spark-submit starts Python, and not when Python starts Spark.
            opened.sparkContext.pythonExec = python
        yield opened
    finally:
        opened.stop()


def wanted(master: str | None, conf: Mapping[str, str]) -> dict[str, str]:
    """The settings of a session that is opened here; those of the user have the last word."""
    settings = dict(_SETTINGS)
    if master is not None:
        settings["spark.master"] = with_tries(master)
        if master.startswith("local"):
            settings |= _HERE
    return settings | dict(conf)


def with_tries(master: str) -> str:
    """``local[2]`` with as many attempts a chunk as a cluster makes: alone, it gives up at the first failure."""
    if master == "local":
        return f"local[1,{_TRIES}]"
    if master.startswith("local[") and "," not in master:
        return f"{master[:-1]},{_TRIES}]"
    return master


@contextmanager
def settings(spark: SparkSession, values: Mapping[str, str]) -> Iterator[None]:
    """Set what may be set in an open session, and set it back after the block."""
    before = {name: spark.conf.get(name, None) for name in values}
    for name, value in values.items():
        spark.conf.set(name, value)
    try:
        yield
    finally:
        for name, old in before.items():
            if old is None:
                spark.conf.unset(name)
            else:
                spark.conf.set(name, old)


@contextmanager
def told_as_unfinished() -> Iterator[None]:
    """What Spark could not do, as an error of ours; its own words may quote a value and are not repeated."""
    from py4j.protocol import Py4JError  # type: ignore[import-untyped] # noqa: PLC0415 - an optional dependency
    from pyspark.errors import PySparkException  # noqa: PLC0415

    try:
        yield
    except (PySparkException, Py4JError) as error:
        raise UnfinishedRun(
            f"Spark gave up ({type(error).__name__}): its log says why; resume the run to do what is left"
        ) from error
