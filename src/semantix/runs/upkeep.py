"""What is done to a warehouse besides reading: take a run back, try quarantined files again, leave persons out."""

from __future__ import annotations

from collections.abc import Iterable

from semantix.errors import BadPlan
from semantix.runs.conduct import Around, Conduct, Outcome, refuse_unfinished
from semantix.runs.plan import RunPlan
from semantix.runs.pseudonyms import subjects_of_file
from semantix.runs.register import Register, Run, RunState, documents, inputs
from semantix.runs.sealing import Seal

_TAKEN_BACK = ("run", "retry")


def undo(plan: RunPlan, around: Around) -> Outcome:
    """Take back the last run that read something, finished or not: what it replaced counts again.

    What is in the inputs is read again by the next run. Raises BadPlan when no run is left to take back.
    """
    with Register.open(plan.state) as register:
        waiting = register.unfinished()
        if waiting is not None and waiting.kind not in _TAKEN_BACK:
            return Conduct(plan, register, around).go_on(waiting, inputs.Differences())
        last = waiting or _last(register)
        conduct = Conduct(plan, register, around)
        if last.state is RunState.PUBLISHING:
            # Some targets may have taken it: all do, so that all are at one point.
            conduct.go_on(last, inputs.Differences())
        with register.transaction():
            basis = register.basis(conduct.parts)
            run = register.begin("undo", basis, last.id)
            _take_back(register, last.id, run)
            register.set_state(last.id, RunState.UNDONE)
            register.tell(run, "begin", {"at": around.now(), "undo": last.id})
        return conduct.go_on(Run(run, "undo", RunState.READING, basis, last.id), inputs.Differences())


def _last(register: Register) -> Run:
    done = [run for run in register.runs() if run.kind in _TAKEN_BACK and run.state is RunState.DONE]
    if not done:
        raise BadPlan("no run is left to take back")
    return done[-1]


def _take_back(register: Register, run: int, by: int) -> None:
    """What a run read no longer counts; what it ended counts again."""
    db = register.connection
    ours = f"SELECT id FROM chunk WHERE run = {int(run)}"
    for table in ("part", "document", "withdrawal", "quarantine"):
        db.execute(f"UPDATE {table} SET ended = {int(by)} WHERE ended = 0 AND chunk IN ({ours})")
        fate = ", fate = NULL" if table == "document" else ""
        db.execute(f"UPDATE {table} SET ended = 0{fate} WHERE ended <> 0 AND ended = {int(run)}")
    db.execute("UPDATE file SET last_run = ? WHERE first_run = ? AND last_run IS NULL", (by, run))
    db.execute("UPDATE file SET last_run = NULL WHERE last_run = ? AND first_run <> ?", (run, run))


def retry(plan: RunPlan, around: Around, prefixes: Iterable[str] = ()) -> Outcome:
    """Read quarantined files again: all of them, or those whose SHA-256 begins with one of ``prefixes``.

    Raises BadPlan when none is there.
    """
    wanted = tuple(one.lower() for one in prefixes)
    with Register.open(plan.state) as register:
        refuse_unfinished(register)
        conduct = Conduct(plan, register, around)
        rows = register.rows(
            "SELECT DISTINCT f.id, f.path, lower(hex(f.sha256)) FROM quarantine q JOIN file f ON f.id = q.file "
            "WHERE q.ended = 0 AND f.last_run IS NULL"
        )
        files = [number for number, _, digest in rows if not wanted or digest.startswith(wanted)]
        if not files:
            raise BadPlan("nothing in quarantine is to be tried again")
        with register.transaction():
            basis = register.basis(conduct.parts)
            run = register.begin("retry", basis)
            inputs.read_again(register, files)
            chunks = inputs.cut(register, run, basis, files=plan.chunk_files, size=plan.chunk_bytes)
            body = {"at": around.now(), "files": len(files), "chunks": chunks, "basis": conduct.parts}
            register.tell(run, "begin", body)
        return conduct.go_on(Run(run, "retry", RunState.READING, basis), inputs.Differences())


def exclude(plan: RunPlan, around: Around, lines: Iterable[str]) -> Outcome:
    """Remove the facts of persons from every target and all that is kept, and keep them out of later runs.

    ``lines`` name them (:func:`semantix.runs.pseudonyms.subjects_of_file`). Raises BadPlan, naming the lines that are
    not understood.
    """
    with Register.open(plan.state) as register:
        refuse_unfinished(register)
        conduct = Conduct(plan, register, around)
        values = subjects_of_file(lines, Seal(conduct.key))
        with register.transaction():
            basis = register.basis(conduct.parts)
            run = register.begin("exclude", basis)
            register.connection.executemany(
                "INSERT OR IGNORE INTO excluded VALUES (?, ?)", ((value, run) for value in values)
            )
            documents.exclude_whole_persons(register, run)
            register.tell(run, "begin", {"at": around.now(), "subjects": len(values)})
        return conduct.go_on(Run(run, "exclude", RunState.READING, basis), inputs.Differences())
