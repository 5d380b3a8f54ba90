"""Warehouse runs: one job beside two, what the terminology engine takes, and a run with nothing new.

``make bench ARGS=runs`` multiplies the corpus (``--count``), runs it to OMOP in DuckDB with one job and with two, each
from nothing, then with two again over what is known. Documents a second are of the whole run, start-up and publication
included, and of the reading alone, after its first chunks. ``runs_scale.py`` is the run of 100,000 documents,
``runs_postgres.py`` what PostgreSQL takes, ``runs_spark.py`` what Spark does.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

from multiply import Mix, multiply
from runs_plots import table
from runs_watch import Watched, machine, watch, write_plan

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("SEMANTIX_SHARED", ROOT.parent / "shared"))


def steady(seen: Watched) -> float:
    """Documents a second of the reading, from when the first chunks had come until the last one had."""
    moving = [(moment, done) for moment, done in seen.done if done]
    last = next((at for at, (_, done) in enumerate(moving) if done == moving[-1][1]), 0)
    if last < 1:
        return 0.0
    (start, first), (end, all_of_them) = moving[0], moving[last]
    return (all_of_them - first) / (end - start)


def row(name: str, seen: Watched) -> tuple[str, ...]:
    """The figures of one run."""
    if seen.code:
        raise SystemExit(f"{name} ended with {seen.code}:\n{seen.told}")
    return (
        name,
        f"{seen.documents:,}",
        f"{seen.seconds:.1f}",
        f"{seen.documents / seen.seconds:.1f}",
        f"{steady(seen):.1f}",
        f"{seen.engine_share:.1%}",
        f"{seen.peak:.0f}",
    )


def main(arguments: list[str]) -> None:
    """Print a table of runs."""
    options = argparse.ArgumentParser(prog="runs", description=(__doc__ or "").splitlines()[0], allow_abbrev=False)
    options.add_argument("--count", type=int, default=2000, help="documents (default 2000)")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--store", type=Path, help="a terminology store; only curated tables without one")
    options.add_argument("--work", type=Path, help="folder for what is written; a temporary one by default")
    chosen = options.parse_args(arguments)
    if not (SHARED / "corpus").is_dir():
        print("runs: needs the reference material in ../shared or $SEMANTIX_SHARED")
        return
    with tempfile.TemporaryDirectory(prefix="semantix-runs-", dir=chosen.work) as scratch:
        print(machine(), flush=True)
        source = Path(scratch, "in")
        counts = multiply(SHARED / "corpus", source, chosen.count, chosen.seed, Mix())
        print(", ".join(f"{count:,} {name}" for name, count in counts.items()), flush=True)
        print(table(("run", "documents", "s", "documents/s", "reading alone", "engine", "MB"), _rows(scratch, chosen)))


def _rows(scratch: str, chosen: argparse.Namespace) -> list[tuple[str, ...]]:
    more = {"store": str(chosen.store.resolve())} if chosen.store else {}
    rows = []
    for name, jobs in (("1 job", 1), ("2 jobs", 2), ("nothing new", 2)):
        folder = Path(scratch, f"jobs-{jobs}")
        plan = write_plan(folder, Path(scratch, "in"), jobs=jobs, **more)
        rows.append(row(name, watch(plan, folder / "state")))
    return rows


if __name__ == "__main__":
    main(sys.argv[1:])
