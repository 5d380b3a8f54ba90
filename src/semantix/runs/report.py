"""The quality report of a run, from its journal and what it staged."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pyarrow as pa

from semantix.errors import BadPlan
from semantix.io import Output
from semantix.runs.plan import RunPlan
from semantix.runs.publishing.publisher import STAGED
from semantix.runs.register import Register, Run, RunState
from semantix.runs.register.records import RESUMED
from semantix.runs.reporting import Limits, QualityFigures, RunFacts, collect, to_json, to_page
from semantix.runs.staging import folder_of
from semantix.runs.sums import sums_of

REPORTS = "reports"
BEFORE = 30
"""Runs that a run is compared with."""
_READING = ("run", "retry")
_STATES = {
    RunState.READING: "running",
    RunState.PUBLISHING: "running",
    RunState.STOPPED: "stopped",
    RunState.DONE: "ended",
    RunState.UNDONE: "ended",
}


def report_of(plan: RunPlan, number: int | None = None) -> QualityFigures:
    """Measure a run, the last that read something unless told. Raises BadPlan when there is none."""
    with Register.open(plan.state, write=False) as register:
        return figures_of(plan, register, _run(register, number))


def _run(register: Register, number: int | None) -> Run:
    runs = [run for run in register.runs() if run.kind in _READING]
    if number is None and runs:
        return runs[-1]
    found = next((run for run in runs if run.id == number), None)
    if found is None:
        words = "no run read anything yet" if number is None else f"run {number}: no run of that number read anything"
        raise BadPlan(f"{words}; semantix run status lists them")
    return found


def figures_of(plan: RunPlan, register: Register, run: Run) -> QualityFigures:
    """Measure one run of an open register."""
    documents = _documents(register)
    staged = plan.state / STAGED
    chunks = {
        one: folder
        for (one,) in register.rows("SELECT id FROM chunk WHERE done = 1 AND run > ?", (run.id - BEFORE,))
        if (folder := folder_of(staged, one)).exists()
    }
    limits = Limits(min_group=plan.min_group)
    with tempfile.TemporaryDirectory(prefix=".report-", dir=plan.state) as scratch:
        return collect(documents, chunks, facts_of(register, run), limits, Path(scratch))


def _documents(register: Register) -> pa.Table:
    """Every document that has a fate, whether it is live, and the run that read it."""
    rows = register.connection.execute(
        "SELECT d.id, d.fate = 'live' AND d.ended = 0, c.run FROM document d JOIN chunk c ON c.id = d.chunk "
        "WHERE d.fate IS NOT NULL ORDER BY d.id"
    )
    schema = pa.schema([("document", pa.int64()), ("is_live", pa.bool_()), ("run", pa.int32())])
    batches = []
    # Some at a time: a warehouse has millions.
    while some := rows.fetchmany(50_000):
        ids, live, runs = zip(*some, strict=True)
        arrays = [pa.array(ids, pa.int64()), pa.array(map(bool, live), pa.bool_()), pa.array(runs, pa.int32())]
        batches.append(pa.record_batch(arrays, schema=schema))
    return pa.Table.from_batches(batches, schema=schema)


def write_reports(plan: RunPlan, register: Register, run: Run) -> None:
    """Write the report of a run, as JSON and as a page, in the folder of reports."""
    figures = figures_of(plan, register, run)
    folder = plan.reports or plan.state / REPORTS
    folder.mkdir(parents=True, exist_ok=True)
    for suffix, content in ((".json", to_json(figures)), (".html", to_page(figures, plan.lang).encode())):
        with Output(folder / f"run-{run.id:04d}{suffix}") as file:
            file.write(content)


def facts_of(register: Register, run: Run) -> RunFacts:
    """What the journal says of a run."""
    sums = sums_of(register, run.id)
    end: dict[str, Any] = next((entry.body for entry in register.entries(run.id, "end")), {})
    decisions: dict[str, dict[str, int]] = {}
    for key, count in sums["counts"].get("decisions", {}).items():
        system, _, how = key.partition("|")
        decisions.setdefault(system, {})[how] = count
    ignored: dict[str, int] = {}
    for entry in register.entries(run.id, "chunk"):
        for kind, count in entry.body["ignored"].items():
            ignored[kind] = ignored.get(kind, 0) + count
    files = register.rows("SELECT count(*) FROM part p JOIN chunk c ON c.id = p.chunk WHERE c.run = ?", (run.id,))
    return RunFacts(
        run=run.id,
        day=str(end.get("at", ""))[:10],
        state=_STATES[run.state],
        files=files[0][0],
        bytes_read=sums["bytes"],
        read=sums["documents"],
        fates=end.get("fates", {}),
        quarantine=sums["quarantined"],
        ignored=ignored,
        decisions=decisions,
        seconds=_elapsed(register, run.id, sums["cost"]["seconds"]),
        cpu=sums["cost"]["cpu"],
        engine_cpu=sums["cost"]["engine_cpu"],
        versions=register.basis_parts(run.basis),
    )


def _elapsed(register: Register, run: int, worked: float) -> float:
    """Seconds from the beginning to the end by the clock, when both were told; else those of all workers together.

    Nothing is told of a run that was stopped and resumed: the pause was no work.
    """
    if register.about(RESUMED.format(run=run)) is not None:
        return 0.0
    from datetime import datetime  # noqa: PLC0415 - reads what the journal says, not the clock

    told = [str(entry.body.get("at", "")) for what in ("begin", "end") for entry in register.entries(run, what)]
    if len(told) != 2 or not all(told):
        return worked
    began, ended = map(datetime.fromisoformat, told)
    return max((ended - began).total_seconds(), 1.0)
