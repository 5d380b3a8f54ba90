"""A warehouse for tests: a plan over a folder, run in this process, and what its targets hold in a form to compare."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import duckdb
import yaml

from semantix.emitters.omop import SCHEMA
from semantix.runs.conduct import Around, Engine
from semantix.runs.model import Chunk, ChunkDone
from semantix.runs.plan import RunPlan, parse_plan
from semantix.runs.work import ChunkDoer, ChunkWork

KEY = bytes(range(64))


class Here:
    """An engine that does chunks in this process: fast to start, for what is not about processes."""

    def __init__(self, work: ChunkWork) -> None:
        self._work = work

    def run(self, chunks: Iterable[Chunk]) -> Iterator[ChunkDone]:
        doer: ChunkDoer = self._work.doer()
        for chunk in chunks:
            yield from doer.do(chunk)


def here(_: RunPlan, work: ChunkWork) -> Engine:
    return Here(work)


def around(**more: Any) -> Around:
    """A world without a clock."""
    return Around(**({"engine": here} | more))


def plan_in(folder: Path, **changes: Any) -> RunPlan:
    """A plan over ``folder/in`` to a DuckDB file, FHIR and Parquet beside it; three files a chunk."""
    told: dict[str, Any] = {
        "inputs": ["in"],
        "state": "state",
        "targets": [
            {"kind": "duckdb", "path": "cdm.duckdb"},
            {"kind": "fhir", "path": "fhir"},
            {"kind": "parquet", "path": "parquet"},
        ],
        "key": "file:project.key",
        "chunks": {"files": 3},
        "limits": {"bad_share": 1.0, "missing_share": 1.0},
        "jobs": 1,
    }
    key = folder / "project.key"
    if not key.exists():
        key.write_bytes(KEY.hex().encode())
        key.chmod(0o600)
    return parse_plan(yaml.safe_dump(told | changes).encode(), "plan", folder)


def rows_of(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of an OMOP database in DuckDB, by table, in the order of their columns."""
    with duckdb.connect(str(path), read_only=True) as db:
        return {name: db.execute(f"SELECT * FROM {name} ORDER BY ALL").fetchall() for name in SCHEMA}


def files_of(folder: Path) -> dict[str, str]:
    """The SHA-256 of every file below a folder."""
    return {
        str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def outputs_of(folder: Path) -> Mapping[str, Any]:
    """All that a run of :func:`plan_in` writes, in a form to compare."""
    return {
        "omop": rows_of(folder / "cdm.duckdb"),
        "fhir": files_of(folder / "fhir"),
        "parquet": files_of(folder / "parquet"),
    }
