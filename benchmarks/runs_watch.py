"""A run of semantix as a process of its own: its memory, process by process, and how far it is, every second."""

from __future__ import annotations

import json
import os
import platform
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path


@dataclass
class Watched:
    """A run that has ended: seconds; MB by process over time; documents done over time; the costs of its chunks."""

    seconds: float = 0.0
    told: str = ""
    code: int = 0
    memory: dict[int, list[tuple[float, float]]] = field(default_factory=dict)
    done: list[tuple[float, float]] = field(default_factory=list)
    chunks: list[dict[str, float]] = field(default_factory=list)

    @property
    def documents(self) -> int:
        """Documents of all chunks."""
        return int(sum(chunk["documents"] for chunk in self.chunks))

    @property
    def engine_share(self) -> float:
        """The part of the processor time of the chunks that terminology decisions took."""
        return sum(one["engine_cpu"] for one in self.chunks) / max(sum(one["cpu"] for one in self.chunks), 1e-9)

    @property
    def peak(self) -> float:
        """The most that any process held, MB."""
        return max((high for points in self.memory.values() for _, high in points), default=0.0)


def machine() -> str:
    """What the figures are of."""
    return (
        f"{datetime.now(UTC).date().isoformat()}; {platform.machine()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}, load {os.getloadavg()[0]:.1f} at the start"
    )


def write_plan(folder: Path, source: Path, **more: object) -> Path:
    """Write a plan to a DuckDB target in a folder; ``more`` are other keys of the plan. JSON is YAML."""
    folder.mkdir(parents=True, exist_ok=True)
    plan = {"inputs": [str(source)], "state": str(folder / "state")}
    targets = [{"kind": "duckdb", "path": str(folder / "cdm.duckdb")}]
    (folder / "plan.yaml").write_text(json.dumps({**plan, "targets": targets, **more}), "utf-8")
    return folder / "plan.yaml"


def watch(plan: Path, state: Path, *words: str) -> Watched:
    """Run a plan to its end, looking at it every second."""
    command = [sys.executable, "-m", "semantix_cli", "run", str(plan), *words]
    seen, start = Watched(), time.perf_counter()
    before = len(_chunks(state))
    out = plan.with_suffix(".log")
    with out.open("w", encoding="utf-8") as log:
        running = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, text=True)
        while running.poll() is None:
            _look(running.pid, time.perf_counter() - start, seen)
            seen.done.append((time.perf_counter() - start, _so_far(_chunks(state)[before:])))
            time.sleep(1)
    seen.seconds, seen.code = time.perf_counter() - start, running.returncode
    seen.told = out.read_text("utf-8")
    seen.chunks = _chunks(state)[before:]
    return seen


def _so_far(chunks: Sequence[dict[str, float]]) -> float:
    return sum(chunk["documents"] for chunk in chunks)


def _look(pid: int, moment: float, seen: Watched) -> None:
    for each in _family(pid):
        try:
            pages = int(Path(f"/proc/{each}/statm").read_text("ascii").split()[1])
        except (OSError, IndexError):
            continue
        megabytes = pages * os.sysconf("SC_PAGE_SIZE") / 1e6
        seen.memory.setdefault(each, []).append((moment, megabytes))


def _family(pid: int) -> Iterator[int]:
    yield pid
    try:
        children = [
            int(word)
            for path in Path(f"/proc/{pid}/task").glob("*/children")
            for word in path.read_text("ascii").split()
        ]
    except OSError:
        return
    for child in children:
        yield from _family(child)


def _chunks(state: Path) -> list[dict[str, float]]:
    """Documents and costs of each chunk that the journal tells of, in the order of commits."""
    if not (state / "register.sqlite").exists():
        return []
    try:
        with closing(sqlite3.connect(f"file:{state / 'register.sqlite'}?mode=ro", uri=True, timeout=5)) as register:
            bodies = register.execute("SELECT body FROM journal WHERE kind = 'chunk' ORDER BY seq").fetchall()
    except sqlite3.OperationalError:
        return []
    told = [json.loads(body) for (body,) in bodies]
    return [{"documents": one["documents"], **one["cost"]} for one in told]
