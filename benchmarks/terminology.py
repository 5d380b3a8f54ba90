"""The goals of the terminology engine, measured over ``../shared`` on one core, as one table in Markdown.

    python benchmarks/terminology.py [--work DIR] [--full] [--quick] [--only PART]... [--json FILE]

Parts run one after the other, each in a process of its own, pinned to one core, on one thread, seeded. With ``--work``,
stores and learned matchers are kept, and made again when the code, the tables or the files behind them change.
``--quick`` takes a small part of everything: its figures try the benchmark, they are not to be recorded.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from types import MappingProxyType

import msgspec
import term_report
from term_keeping import RELEASES, ROOT, SHARED, Setting, child, pin, present, setting
from term_report import Figure

CALIBRATION = ("ece", "coverage", "accepted", "accepted-right")
PARTS: Mapping[str, tuple[str, str, tuple[str, ...]]] = MappingProxyType(
    {
        "labels": (
            "term_wording", "of_labels",
            ("short", "short-other", "short-clinical", "typos", "typos-clinical", "notes", *CALIBRATION),
        ),
        "index": ("term_wording", "of_index", ("notes-index", "notes-index-new")),
        "acts": ("term_wording", "of_acts", ("ccam",)),
        "medicines": ("term_wording", "of_medicines", ("drugs", "drugs-composed")),
        "import": ("term_building", "of_import", ("import",)),
        "learn": ("term_building", "of_learning", ("learn",)),
        "speed": ("term_speed", "of_speed", ("batch", "single", "repeated", "repeated-single")),
        "open": ("term_costs", "of_opening", ("open", "open-all", "python")),
        "memory": ("term_building", "of_memory", ("memory",)),
        "scale": ("term_costs", "of_scale", ("rf2", "rf2-peak", "athena", "athena-peak")),
    }
)  # fmt: skip
"""Module and function of each part, and the rows that it fills, in the order in which they run."""
SMALLER: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "store-one": ("term_building", "store_one"),
        "learn-one": ("term_building", "learn_one"),
        "memory-one": ("term_building", "memory_one"),
        "open-one": ("term_costs", "open_one"),
    }
)
"""What a part runs in a process of its own."""


def run_part(options: argparse.Namespace) -> None:
    """Do the work of a child: one part, its result written as JSON."""
    pin()
    here = Setting(options.home, options.quick)
    if options.part in SMALLER:
        module, name = SMALLER[options.part]
        smaller: Callable[[Setting, str], object] = getattr(import_module(module), name)
        result = smaller(here, options.argument)
    else:
        module, name, _ = PARTS[options.part]
        part: Callable[[Setting], object] = getattr(import_module(module), name)
        result = part(here)
    options.out.write_bytes(msgspec.json.encode(result))


def run(chosen: Sequence[str], here: Setting) -> tuple[dict[str, Figure], dict[str, str]]:
    """Run parts; return the figures by row, and why rows have none."""
    figures: dict[str, Figure] = {}
    failures: dict[str, str] = {}
    for name in chosen:
        start = time.perf_counter()
        print(f"{name}...", end=" ", file=sys.stderr, flush=True)
        try:
            found = msgspec.json.decode(child(here, name), type=list[Figure])
            figures.update((figure.key, figure) for figure in found)
        except subprocess.CalledProcessError as error:
            failures.update(dict.fromkeys(PARTS[name][2], f"part {name} ended with {error.returncode}"))
        print(f"{time.perf_counter() - start:.0f} s", file=sys.stderr, flush=True)
        for row in term_report.ROWS:
            if row.key in PARTS[name][2] and row.key in figures:
                # A long run that is cut short has told what it knew.
                print(
                    f"  {row.work}: {term_report.measured(row, figures[row.key], quick=here.quick)}",
                    file=sys.stderr,
                    flush=True,
                )
    return figures, failures


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; 1 when a part failed, or when the code changed meanwhile."""
    parser = argparse.ArgumentParser(prog="terminology", description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--work", type=Path, help="keep stores and learned matchers here (default: a temporary folder)")
    parser.add_argument("--full", action="store_true", help="SNOMED RF2 and Athena at full size too")
    parser.add_argument("--quick", action="store_true", help="a small part of everything, to try the benchmark")
    parser.add_argument("--only", action="append", choices=PARTS, default=[], help="run this part; repeatable")
    parser.add_argument("--json", type=Path, help="write the figures to a file as well")
    for hidden in ("--part", "--argument"):
        parser.add_argument(hidden, help=argparse.SUPPRESS)
    for hidden in ("--home", "--out"):
        parser.add_argument(hidden, type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.part:
        run_part(options)
        return 0
    absent = [name for name in RELEASES.values() if not (SHARED / name).exists()]
    if absent:
        print(
            f"terminology: nothing measured, {len(absent)} files are absent from the reference material: {absent[0]}..."
        )
        return 0
    chosen = options.only or [name for name in PARTS if name != "scale" or options.full]
    if options.work is not None:
        return _measure(chosen, setting(options.work, quick=options.quick), options.json)
    with tempfile.TemporaryDirectory() as folder:
        return _measure(chosen, setting(Path(folder), quick=options.quick), options.json)


def _measure(chosen: Sequence[str], here: Setting, told: Path | None) -> int:
    figures, failures = run(chosen, here)
    facts = term_report.machine(ROOT)
    changed = not here.home.name.endswith(present())
    if changed:
        facts["commit"] += ", code or tables CHANGED DURING THE RUN: figures of several versions"
    print(term_report.heading(facts, " (quick: a small part of everything)" if here.quick else ""))
    print(f"\n{term_report.table(figures, failures, quick=here.quick)}")
    if told is not None:
        told.write_bytes(term_report.as_json(facts, figures, failures, quick=here.quick))
    return 1 if failures or changed else 0


if __name__ == "__main__":
    sys.exit(main())
