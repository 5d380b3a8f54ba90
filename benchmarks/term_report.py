"""The table of the terminology benchmark: its rows in order, their baselines and goals, and how it is printed."""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import msgspec
from msgspec import Struct

LIBRARIES = ("numpy", "numba", "msgspec", "rapidfuzz")
HEADER = ("work", "peer or baseline", "goal", "measured", "n", "note")
SUB = "– "
"""What the name of a row begins with when it tells more of the row above it."""


class Row(Struct, frozen=True):
    """One line of the table; ``least`` tells whether the goal ``bound`` is a minimum or a maximum.

    ``shape`` is how a figure is written; a row without a bound has no goal.
    """

    key: str
    work: str
    baseline: str = ""
    goal: str = ""
    bound: float | None = None
    least: bool = True
    shape: str = "{:.3f}"


class Figure(Struct, frozen=True):
    """What was measured for the row ``key``: the value, how many things it was measured on, and what must be known."""

    key: str
    value: float
    n: int
    note: str = ""


_SPEED = "{:,.0f}/s"
_SECONDS = "{:.1f} s"
ROWS = (
    Row("short", "ATIH abbreviated label → code, top-1", "Usagi 0.67", "≥ 0.90", 0.90),
    Row("short-other", SUB + "of these, those that differ from the long label in more than case and accents"),
    Row("short-clinical", SUB + "without the codes of chapter XX (V–Y)"),
    Row("typos", "1–3 random edits and dropped accents, top-1", "Usagi 0.93", "≥ 0.985", 0.985),
    Row("typos-clinical", SUB + "of these, without the codes of chapter XX (V–Y)"),
    Row("notes", "CIM-10 inclusion notes → code, labels only, top-1", "TF-IDF 0.18", "≥ 0.35", 0.35),
    Row("notes-index", "CIM-10 inclusion notes → code, labels + alphabetical index, top-1", "", "≥ 0.55", 0.55),
    Row("notes-index-new", SUB + "of these, notes that stand nowhere word for word"),
    Row("ccam", "CCAM short label → code, top-1", "TF-IDF 0.81", "≥ 0.93", 0.93),
    Row("drugs", "BDPM name without its own row → ATC, top-1 (nothing of the row known)", "", "≥ 0.97", 0.97),
    Row("drugs-composed", SUB + "its composition known, its code not"),
    Row("ece", "calibration: expected error, typos + abbreviated labels", "", "≤ 0.03", 0.03, least=False),
    Row("coverage", "coverage at 98 % precision, same queries", "Usagi 0.6 %", "≥ 60 %", 0.60, shape="{:.1%}"),
    Row("accepted", SUB + "accepted by the rule itself", shape="{:.1%}"),
    Row("accepted-right", SUB + "right among the accepted", shape="{:.2%}"),
    Row("batch", "fuzzy decisions, CIM-10, one core: in batch", "Usagi 4–11, prototype 1,000", "≥ 1,500/s", 1_500,
        shape=_SPEED),
    Row("single", "fuzzy decisions, CIM-10, one core: one at a time", "Usagi 4–11", "≥ 300/s", 300, shape=_SPEED),
    Row("repeated", "repeated queries, in batch", "", "≥ 50,000/s", 50_000, shape=_SPEED),
    Row("repeated-single", SUB + "one at a time", shape=_SPEED),
    Row("import", "import CIM-10 + ATC + BDPM + CCAM + LOINC displays", "hours reported", "≤ 60 s", 60, least=False,
        shape=_SECONDS),
    Row("learn", "learned part: cim10, ccam, atc, loinc", "", "≤ 5 min, cached", 300, least=False, shape=_SECONDS),
    Row("open", "open the store and decide once, CIM-10", "", "≤ 0.5 s", 0.5, least=False, shape="{:.2f} s"),
    Row("open-all", SUB + "and once for CCAM, ATC and LOINC", shape="{:.2f} s"),
    Row("python", SUB + "before that: start Python, import numba and the engine", shape="{:.2f} s"),
    Row("memory", "resident memory: CIM-10 + ATC + LOINC, peak", "", "≤ 400 MB", 400, least=False, shape="{:.0f} MB"),
    Row("rf2", "SNOMED CT RF2 at full size (synthetic): import", "", "≤ 5 min", 300, least=False, shape=_SECONDS),
    Row("rf2-peak", SUB + "peak memory", "", "≤ 3 GB", 3, least=False, shape="{:.2f} GB"),
    Row("athena", "Athena at full size (synthetic): import", "", "≤ 5 min", 300, least=False, shape=_SECONDS),
    Row("athena-peak", SUB + "peak memory", "", "≤ 3 GB", 3, least=False, shape="{:.2f} GB"),
)  # fmt: skip
FULL = frozenset({"rf2", "rf2-peak", "athena", "athena-peak"})


def is_met(row: Row, value: float) -> bool | None:
    """Tell whether a figure reaches its goal, unrounded; None for a row without one."""
    if row.bound is None:
        return None
    return value >= row.bound if row.least else value <= row.bound


def measured(row: Row, figure: Figure, *, quick: bool) -> str:
    """Write a figure with its verdict; a small part of everything gives none."""
    words = row.shape.format(figure.value)
    met = None if quick else is_met(row, figure.value)
    return words if met is None else f"**{words}**, {'met' if met else 'not met'}"


def missing(row: Row, failures: Mapping[str, str]) -> str:
    """Say why a row has no figure."""
    if row.key in failures:
        return "failed"
    return "run with --full" if row.key in FULL else "not run"


def table(figures: Mapping[str, Figure], failures: Mapping[str, str], *, quick: bool = False) -> str:
    """Write the whole table in Markdown, rows without a figure included."""
    lines = ["| " + " | ".join(HEADER) + " |", "|---" * len(HEADER) + "|"]
    for row in ROWS:
        figure = figures.get(row.key)
        if figure is None:
            cells = [row.work, row.baseline, row.goal, missing(row, failures), "", failures.get(row.key, "")]
        else:
            cells = [row.work, row.baseline, row.goal, measured(row, figure, quick=quick), f"{figure.n:,}", figure.note]
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines)


def machine(root: Path) -> dict[str, str]:
    """Name what the figures depend on: day, machine, versions, commit."""
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"{platform.system()} {platform.machine()}, {_processor()}, {os.cpu_count()} cores",
        "python": platform.python_version(),
        "libraries": ", ".join(f"{name} {version(name)}" for name in LIBRARIES),
        "commit": _commit(root),
    }


def heading(facts: Mapping[str, str], options: str) -> str:
    """Write what stands above the table."""
    said = f"{facts['machine']}; one core; Python {facts['python']}, {facts['libraries']}; {facts['commit']}"
    return f"## Terminology engine, {facts['date']}{options}\n\n{said}"


def as_json(
    facts: Mapping[str, str], figures: Mapping[str, Figure], failures: Mapping[str, str], *, quick: bool = False
) -> bytes:
    """Write machine and figures for programs; a row without a figure has the value null."""
    rows: list[dict[str, object]] = []
    for row in ROWS:
        figure = figures.get(row.key)
        said: dict[str, object] = {"key": row.key, "work": row.work, "baseline": row.baseline, "goal": row.goal}
        if figure is None:
            rows.append({**said, "value": None, "reason": failures.get(row.key) or missing(row, failures)})
        else:
            met = None if quick else is_met(row, figure.value)
            rows.append({**said, "value": figure.value, "n": figure.n, "met": met, "note": figure.note})
    return (
        msgspec.json.format(msgspec.json.encode({"machine": dict(facts), "quick": quick, "rows": rows}), indent=2)
        + b"\n"
    )


def interval_note(interval: Sequence[float] | None) -> str:
    """Write a 95 % interval."""
    return f"95 % interval {interval[0]:.3f}–{interval[1]:.3f}" if interval else ""


def _processor() -> str:
    path = Path("/proc/cpuinfo")
    if path.is_file():
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return " ".join(line.partition(":")[2].split())
    return platform.processor() or "unknown processor"


def _commit(root: Path) -> str:
    try:
        told = subprocess.run(
            ["git", "describe", "--always", "--dirty"], cwd=root, capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return "no commit"
    return f"commit {told.stdout.strip()}"
