"""Two executors of Spark beside two processes of the local engine: the same chunks, documents a second after start-up.

``python benchmarks/runs_spark.py FOLDER [--store STORE] [--count 2000]`` stages the documents of a folder (OMOP, and
FHIR under pseudonyms with ``--fhir``), with each engine in turn. What starts (virtual machines, processes, terminology)
is timed apart: a rate counts what comes after the first wave of accounts, from when it came. The goal is 0.8 of the
local engine. Beside other work its figures mean nothing.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from semantix.runs.conduct import LocalEngine
from semantix.runs.model import Chunk, ChunkDone, SourceFile
from semantix.runs.spark import SparkEngine, session, spread_of
from semantix.runs.work import ChunkPlan, ChunkWork

GOAL = 0.8
EXECUTORS = 2
KEY = b"a key that only benchmarks have"


def chunks_of(folder: Path, count: int, size: int) -> list[Chunk]:
    """As many documents as asked, those of the folder again and again, in chunks."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix in {".xml", ".hpr", ".hl7"})
    files = []
    for number, path in enumerate(itertools.islice(itertools.cycle(paths), count), 1):
        name, length = f"{number}{path.suffix}", path.stat().st_size
        # The same path twice in one chunk would be one file: a chunk is smaller than the folder.
        files.append(SourceFile(number, str(path), name, name, hashlib.sha256(name.encode()).digest(), length))
    size = min(size, len(paths))
    return [Chunk(n, 1, tuple(files[at : at + size])) for n, at in enumerate(range(0, count, size), 1)]


def measure(flow: Iterator[ChunkDone], first: int) -> dict[str, float]:
    """Seconds to the first accounts, then documents a second; processor seconds and decisions of all."""
    start = time.perf_counter()
    landed: list[tuple[float, ChunkDone]] = [(time.perf_counter() - start, done) for done in flow]
    begun = landed[first - 1][0]
    documents = sum(len(done.documents) for _, done in landed[first:])
    return {
        "seconds to the first accounts": round(begun, 2),
        "documents": sum(len(done.documents) for _, done in landed),
        "documents a second after": round(documents / (landed[-1][0] - begun), 1),
        "CPU seconds in chunks": round(sum(done.cpu for _, done in landed), 1),
        "seconds in all": round(landed[-1][0], 2),
    }


@contextmanager
def cluster(scratch: Path) -> Iterator[float]:
    """A cluster of two executors of one core each; yields the seconds it took to start."""
    import pyspark  # noqa: PLC0415 - an optional dependency

    home = scratch / "home"
    home.mkdir()
    for name in ("bin", "jars", "python", "sbin"):
        # Workers of a local cluster write in the folder of Spark.
        (home / name).symlink_to(Path(pyspark.__file__).parent / name)
    os.environ |= {"SPARK_HOME": str(home), "SPARK_LOCAL_IP": "127.0.0.1"}
    conf = {"spark.executor.memory": "1g", "spark.driver.memory": "1g", "spark.local.dir": str(scratch / "local")}
    start = time.perf_counter()
    with session(f"local-cluster[{EXECUTORS},1,1024]", conf):
        yield time.perf_counter() - start


def overhead(scratch: Path) -> float:
    """Seconds that one empty chunk costs on a cluster that is warm, when many go at once."""
    plan = ChunkPlan(key=KEY, curated=False)
    several = [Chunk(number, 1, ()) for number in range(1, 41)]
    list(SparkEngine(plan, scratch / "empty").run(several[:4]))
    start = time.perf_counter()
    list(SparkEngine(plan, scratch / "empty").run(several))
    return (time.perf_counter() - start) / len(several)


def main() -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--store", type=Path)
    parser.add_argument("--fhir", action="store_true")
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--chunk", type=int, default=200)
    given = parser.parse_args()
    plan = ChunkPlan(key=KEY, store=given.store, fhir="sealed" if given.fhir else "")
    chunks = chunks_of(given.folder, given.count, given.chunk)
    told: dict[str, object] = {"chunks": len(chunks), "documents a chunk": given.chunk}
    with tempfile.TemporaryDirectory(prefix="semantix-bench-") as folder:
        scratch = Path(folder)
        with cluster(scratch) as started:
            told["Spark starts in seconds"] = round(started, 2)
            spark = measure(
                SparkEngine(plan, scratch / "spark").run(chunks), min(spread_of(EXECUTORS), len(chunks) - 1)
            )
            told["seconds that an empty chunk costs"] = round(overhead(scratch), 3)
        local = measure(LocalEngine(ChunkWork(plan, scratch / "local-engine"), EXECUTORS).run(chunks), EXECUTORS)
    ratio = spark["documents a second after"] / local["documents a second after"]
    told |= {"spark": spark, "local": local, "ratio": round(ratio, 2), "goal": GOAL, "met": ratio >= GOAL}
    json.dump(told, sys.stdout, indent=2, ensure_ascii=False)
    print()


if __name__ == "__main__":
    main()
