"""The run of 100,000 documents: memory of each process every second, speed in each tenth, and a run over what is known.

``python benchmarks/runs_scale.py WORK [--count 100000] [--store STORE] [--figures docs/figures]`` needs some 150 KB of
disk a document below WORK, and hours. It prints a table in Markdown and writes two plots. Large documents (images,
PDF) are left out by default, for the disk; ``--largest 0`` keeps them.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from multiply import Mix, multiply
from runs import SHARED, row
from runs_plots import plot, table, tenths
from runs_watch import Watched, machine, watch, write_plan

LIMIT_MB = 600.0
LARGEST = 200_000


def tenths_of(seen: Watched) -> list[float]:
    """Documents a second in each tenth of the reading."""
    return tenths([(0.0, 0.0), *seen.done])


def by_cost(seen: Watched) -> list[float]:
    """Documents a second of processor in each tenth: what other work on the machine does not change."""
    moment = done = 0.0
    points = [(moment, done)]
    for chunk in seen.chunks:
        moment, done = moment + chunk["cpu"], done + chunk["documents"]
        points.append((moment, done))
    return tenths(points)


def draw(seen: Watched, folder: Path) -> None:
    """Write the plots of memory and of speed."""
    folder.mkdir(parents=True, exist_ok=True)
    lasting = {pid: points for pid, points in seen.memory.items() if len(points) > len(seen.done) // 10}
    names = {pid: "main" if not place else f"worker {place}" for place, pid in enumerate(lasting)}
    memory = {names[pid]: [(x / 60, y) for x, y in points] for pid, points in lasting.items()}
    words = f"Memory of each process, {seen.documents:,} documents"
    (folder / "runs-memory.svg").write_text(plot(words, ("minutes", "MB"), memory, LIMIT_MB), "utf-8")
    speed = [(float(tenth + 1), rate) for tenth, rate in enumerate(tenths_of(seen))]
    cost = [(float(tenth + 1), rate) for tenth, rate in enumerate(by_cost(seen))]
    lines = {"documents/s": speed, "per CPU second": cost}
    words = "Speed in each tenth of the run"
    (folder / "runs-speed.svg").write_text(plot(words, ("tenth", "documents/s"), lines), "utf-8")


def main(arguments: list[str]) -> None:
    """Multiply, run, run again, print and draw."""
    options = argparse.ArgumentParser(prog="runs_scale", description=(__doc__ or "").splitlines()[0])
    options.add_argument("work", type=Path)
    options.add_argument("--count", type=int, default=100_000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--store", type=Path)
    options.add_argument("--jobs", type=int, default=2)
    options.add_argument("--largest", type=int, default=LARGEST)
    options.add_argument("--figures", type=Path, default=Path("docs/figures"))
    chosen = options.parse_args(arguments)
    print(machine(), flush=True)
    source = chosen.work.resolve() / "in"
    if not source.exists():
        mix = Mix(largest=chosen.largest)
        counts = multiply(SHARED / "corpus", source, chosen.count, chosen.seed, mix)
        print(", ".join(f"{count:,} {name}" for name, count in counts.items()), flush=True)
    more = {"store": str(chosen.store.resolve())} if chosen.store else {}
    plan = write_plan(chosen.work.resolve() / "run", source, jobs=chosen.jobs, **more)
    state = plan.parent / "state"
    seen = watch(plan, state)
    rows = [row(f"{chosen.count:,} files", seen), row("nothing new", watch(plan, state))]
    print(table(("run", "documents", "s", "documents/s", "reading alone", "engine", "MB"), rows), end="\n\n")
    heads = ("tenth", *(str(tenth) for tenth in range(1, 11)))
    speeds = [("documents/s", *(f"{rate:.1f}" for rate in tenths_of(seen)))]
    speeds.append(("documents/CPU s", *(f"{rate:.1f}" for rate in by_cost(seen))))
    print(table(heads, speeds))
    draw(seen, chosen.figures)


if __name__ == "__main__":
    main(sys.argv[1:])
