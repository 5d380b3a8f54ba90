"""What the terminology engine costs: how times and memory are taken, opening, releases of full size.

Times are those of the clock, processor time beside. This module imports nothing heavy: it measures the imports too.
"""

from __future__ import annotations

import re
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct
from term_keeping import MAPPINGS, Setting, child
from term_report import Figure

if TYPE_CHECKING:
    from semantix.terminology.engine import Engine

TARGETS = ("cim10", "ccam", "atc", "loinc")
ROUNDS = 3
FIRST = {
    "cim10": "entorse chevile drte", "ccam": "radiogr du thorax fce", "atc": "paracetamol biogaran 500 cpr",
    "loinc": "hemoglobine glyquee %",
}  # fmt: skip
"""A first query for each target, hand-made, that no name is."""
_SCALE = re.compile(r"(\d+) s \((\d+) s of processor\), peak ([\d.]+) GB; ([\d,]+) concepts, ([\d,]+) terms")


class Took(Struct, frozen=True):
    """Seconds of the clock and of the processor."""

    wall: float
    cpu: float


def timed(work: Callable[[], object]) -> Took:
    """Run something and tell how long it took."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return Took(time.perf_counter() - wall, time.process_time() - cpu)


def peak() -> float:
    """Peak resident memory of this program, MB; not that of the program that started it."""
    status = Path("/proc/self/status")
    if status.is_file():
        found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text(encoding="utf-8"))
        if found:
            return int(found[1]) / 1e3
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)


# --- opening ---------------------------------------------------------------------------------------------------------


class Opened(Struct, frozen=True):
    """Seconds to the imported engine, and then of the first decision of each target, opening included."""

    imported: float
    numba: float
    first: dict[str, Took]


def of_opening(setting: Setting) -> list[Figure]:
    """Open the learned store in new processes; the first of them warms what the system keeps in memory."""
    child(setting, "store-one")
    runs: list[Opened] = []
    for _ in range(ROUNDS + 1):
        told = child(setting, "open-one", repr(time.time()))
        runs.append(msgspec.json.decode(told, type=Opened))
    best = min(runs[1:], key=lambda run: sum(took.wall for took in run.first.values()))
    cim10 = best.first["cim10"]
    whole = sum(took.wall for took in best.first.values())
    each = ", ".join(f"{name} {took.wall:.2f}" for name, took in best.first.items())
    return [
        Figure("open", cim10.wall, ROUNDS, f"best of {ROUNDS} processes after a first; {cim10.cpu:.2f} s of processor"),
        Figure("open-all", whole, ROUNDS, f"seconds: {each}"),
        Figure("python", best.imported, ROUNDS, f"numba alone {best.numba:.2f} s"),
    ]


def open_one(setting: Setting, started: str) -> Opened:
    """Import, open, and decide once for each target; ``started`` is when this process was asked for."""
    numba = timed(lambda: import_module("numba")).wall
    engine_module = import_module("semantix.terminology.engine")
    imported = time.time() - float(started)
    folder = setting.home / "store-full"
    first: dict[str, Took] = {}
    held: list[Engine] = []

    def open_and_decide() -> None:
        held.append(engine_module.Engine.open(folder, tables=MAPPINGS))
        held[0].decide(FIRST["cim10"], "cim10")

    first["cim10"] = timed(open_and_decide)
    for target in TARGETS[1:]:
        first[target] = timed(partial(held[0].decide, FIRST[target], target))
    return Opened(imported, numba, first)


# --- releases of full size -------------------------------------------------------------------------------------------


def of_scale(setting: Setting) -> list[Figure]:
    """Import synthetic releases of full size, by ``terminology_scale.py``."""
    figures: list[Figure] = []
    script = str(Path(__file__).with_name("terminology_scale.py"))
    for which in ("rf2", "athena"):
        command = [sys.executable, script, "--only", which, "--folder", str(setting.home)]
        command += ["--scale", "0.01"] if setting.quick else []
        told = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
        found = _SCALE.search(told)
        if found is None:
            raise ValueError(f"terminology_scale.py printed no figures for {which}")
        seconds, cpu, memory, concepts, terms = found.groups()
        note = f"concepts; {terms} terms; {cpu} s of processor"
        figures.append(Figure(which, float(seconds), int(concepts.replace(",", "")), note))
        figures.append(Figure(f"{which}-peak", float(memory), int(concepts.replace(",", ""))))
    return figures
