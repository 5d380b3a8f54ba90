"""What a warehouse is at: its runs, what counts, what is in quarantine. Read while a run may be at work."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec
from msgspec import Struct

from semantix.runs.model import Quarantined
from semantix.runs.register import Register, RunState, documents, inputs


class RunStatus(Struct, frozen=True, kw_only=True):
    """One run, and how far it is."""

    run: int
    kind: str
    state: str
    documents: int
    chunks: int
    chunks_done: int
    quarantined: int
    began: str = ""
    ended: str = ""


class Held(Struct, frozen=True, kw_only=True):
    """One entry of the quarantine, with its file."""

    name: str
    sha256: str
    error: str
    message: str
    inside: str = ""
    lines: int = 0


class Status(Struct, frozen=True, kw_only=True):
    """A warehouse. ``unfinished`` is the run to resume, 0 for none; ``left_out`` counts numbers of persons left out."""

    runs: tuple[RunStatus, ...]
    unfinished: int
    fates: Mapping[str, int]
    publication: int
    left_out: int
    quarantine: tuple[Held, ...]


def status_of(state: Path) -> Status:
    """Tell what a state folder is at. Raises BadPlan when no run was made there."""
    with Register.open(state, write=False) as register:
        return read_status(register)


def read_status(register: Register) -> Status:
    """Tell what an open register says."""
    runs = register.runs()
    waiting = next((run.id for run in runs if run.state not in {RunState.DONE, RunState.UNDONE}), 0)
    count = register.rows("SELECT coalesce(max(number), 0) FROM publication WHERE done = 1")[0][0]
    return Status(
        runs=tuple(_run(register, run.id, run.kind, run.state) for run in runs),
        unfinished=waiting,
        fates=documents.fates(register),
        publication=count,
        left_out=register.rows("SELECT count(*) FROM excluded")[0][0],
        quarantine=tuple(_held(register)),
    )


def _run(register: Register, run: int, kind: str, state: RunState) -> RunStatus:
    done, total = inputs.progress(register, run)
    bad = register.rows(
        "SELECT count(*) FROM quarantine q JOIN chunk c ON c.id = q.chunk WHERE c.run = ? AND q.ended = 0", (run,)
    )
    began, ended = (next((str(e.body.get("at", "")) for e in register.entries(run, what)), "") for what in _ENDS)
    return RunStatus(
        run=run,
        kind=kind,
        state=state.value,
        documents=documents.count_of(register, run),
        chunks=total,
        chunks_done=done,
        quarantined=bad[0][0],
        began=began,
        ended=ended,
    )


_ENDS = ("begin", "end")


def _held(register: Register) -> list[Held]:
    rows = register.rows(
        "SELECT f.name, lower(hex(f.sha256)), q.body FROM quarantine q JOIN file f ON f.id = q.file "
        "WHERE q.ended = 0 ORDER BY q.id"
    )
    found = []
    for name, digest, body in rows:
        one = msgspec.msgpack.decode(body, type=Quarantined)
        found.append(
            Held(name=name, sha256=digest, error=one.error, message=one.message, inside=one.inside, lines=one.lines)
        )
    return found
