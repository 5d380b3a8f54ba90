"""Kills runs at chosen points, resumes them, and compares: ``python -m tests.runs_crash SEED POINTS [SCENARIO...]``.

It prints, as JSON, how many runs were killed, at which steps, and how many ended like one that was not. Scenarios are
``first`` (inputs read for the first time), ``second`` (a correction, a file that changed, one deleted, one new, over
what is published), ``undo`` (of that second run) and ``exclude`` (a person). Each has POINTS points, seeded; ``first-``
is ``first`` without a Parquet target, and so on.

A step is something that the run asks of the system or of its register: a file opened for writing, renamed, linked or
removed, a folder made or removed, a statement of SQLite that writes. An uninterrupted run
counts them; then runs are killed (SIGKILL, by themselves) either just before a chosen one or some milliseconds after
it, wherever the libraries in C are by then. What is compared: the rows of OMOP, the bytes of FHIR and Parquet, the
tables of the register, the journal but for its times and costs, and the name of every file that is there.
"""

from __future__ import annotations

import importlib
import json
import os
import random
import shutil
import signal
import sqlite3
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

from msgspec import Struct, field

WRITES = ("INSERT", "UPDATE", "DELETE", "COMMIT", "BEGIN", "CREATE", "VACUUM")
EVENTS = frozenset({"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "shutil.rmtree", "os.truncate"})
LATEST = 0.02
"""Seconds after a step at most."""
BEFORE = {"first": (), "second": ("first",), "undo": ("first", "second"), "exclude": ("first", "second")}
"""What is done before each scenario."""
TABLES = {
    "chunk": "id, run, basis, done, skipped",
    "part": "*",
    "document": "*",
    "link": "*",
    "person": "*",
    "withdrawal": "*",
    "quarantine": "*",
    "excluded": "*",
    "publication": "*",
    "run": "id, kind, state, basis, target",
}
REPORTS = "state/reports"
"""Written once a run has ended, and again by semantix run report: not what this is about."""
PARQUET = {"kind": "parquet", "path": "parquet"}
TARGETS = ({"kind": "duckdb", "path": "cdm.duckdb"}, {"kind": "fhir", "path": "fhir"})


class Point(Struct, frozen=True):
    """Where a run is killed: before a step, or so many seconds after it."""

    step: int
    after: float = 0.0


class Found(Struct):
    """What a scenario gave. ``apart`` are the points after which something was not as it should be, and what."""

    scenario: str
    steps: int = 0
    points: int = 0
    killed: int = 0
    alike: int = 0
    at: dict[str, int] = field(default_factory=dict)
    apart: list[tuple[int, float, str, list[str]]] = field(default_factory=list)
    seconds: float = 0.0


class Steps:
    """Counts steps, and ends the process at or after one of them."""

    def __init__(self, point: Point) -> None:
        self.names: list[str] = []
        self._point = point
        self._is_on = False

    def begin(self) -> None:
        """From now on."""
        connect = sqlite3.connect

        def watched(*arguments: Any, **named: Any) -> sqlite3.Connection:
            connection: sqlite3.Connection = connect(*arguments, **named)
            connection.set_trace_callback(self._statement)
            return connection

        sqlite3.connect = watched  # type: ignore[assignment]
        sys.addaudithook(self._event)
        self._is_on = True

    def end(self) -> None:
        """No more."""
        self._is_on = False

    def _statement(self, words: str) -> None:
        if words.lstrip().upper().startswith(WRITES):
            self._step(f"sqlite {words.split(maxsplit=1)[0]}")

    def _event(self, name: str, arguments: tuple[Any, ...]) -> None:
        if name in EVENTS or (name == "open" and _writes(arguments)):
            self._step(name)

    def _step(self, name: str) -> None:
        if not self._is_on:
            return
        self.names.append(name)
        if len(self.names) == self._point.step:
            if self._point.after:
                threading.Thread(target=_die, args=(self._point.after,), daemon=True).start()
            else:
                _die(0)


def _die(after: float) -> None:
    time.sleep(after)
    os.kill(os.getpid(), signal.SIGKILL)


def _writes(arguments: tuple[Any, ...]) -> bool:
    flags = arguments[2] if len(arguments) > 2 else 0
    return isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR))


def apart(what: Callable[[], None]) -> int:
    """Do something in a process of its own; return how it ended (minus the signal that killed it)."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            what()
            status = 0
        finally:
            sys.stdout.flush()
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


# --- scenarios --------------------------------------------------------------------------------------------------------


def write_inputs(folder: Path, scenario: str) -> None:
    """Change the inputs as a scenario begins."""
    from tests.runs_documents import Paper, write

    inputs = folder / "in"
    inputs.mkdir(parents=True, exist_ok=True)
    papers: dict[str, bytes] = {}
    if scenario == "first":
        papers = {f"{n:02d}": write(Paper(f"d{n}", str(1 + n % 4), (("8302-2", str(150 + n)),))) for n in range(7)}
        papers["05"] = write(Paper("d5", "2", set_id="s", version=1))
        papers["07"] = write(Paper("d7", "2", set_id="s", version=2))
        papers["08"] = write(Paper("d1b", "2", replaces="d1"))
        papers["09"] = papers["00"]
        papers["10"] = b"<ClinicalDocument>"
    elif scenario == "second":
        papers["02"] = write(Paper("d2", "3", (("8302-2", "199"), ("29463-7", "60"))))
        papers["11"] = write(Paper("d3b", "4", (("8302-2", "180"),), replaces="d3", day="20250109"))
        papers["12"] = write(Paper("d12", "5"))
        papers["10"] = write(Paper("d10", "1"))
        (inputs / "08.xml").unlink()
    for name, content in papers.items():
        (inputs / f"{name}.xml").write_bytes(content)


def planned(folder: Path) -> Any:
    """The plan of a folder, with Parquet when ``folder/with-parquet`` says so."""
    from tests.runs_warehouse import plan_in

    extra = [PARQUET] if (folder / "with-parquet").exists() else []
    return plan_in(folder, targets=[*TARGETS, *extra])


def act(folder: Path, scenario: str) -> None:
    """Do what a scenario is about, from its beginning."""
    from tests.runs_documents import INS, ins
    from tests.runs_warehouse import around

    from semantix.runs import conduct, upkeep

    plan = planned(folder)
    if scenario == "undo":
        upkeep.undo(plan, around())
    elif scenario == "exclude":
        upkeep.exclude(plan, around(), [f"{INS};{ins('2')}"])
    else:
        conduct.start(plan, around())


def finish(folder: Path, scenario: str) -> None:
    """Go on with what was killed; begin again what was not written down, leave what had ended."""
    from tests.runs_warehouse import around

    from semantix.runs import conduct
    from semantix.runs.register import Register

    plan = planned(folder)
    with Register.open(plan.state) as register:
        unfinished, last = register.unfinished(), len(register.runs())
    if unfinished is not None:
        conduct.resume(plan, around())
    elif last == len(BEFORE[scenario]):
        act(folder, scenario)


def told_of(folder: Path, runs: int) -> dict[str, Any]:
    """All that is compared, of so many runs."""
    from tests.runs_warehouse import files_of, outputs_of

    from semantix.runs.register import Register, journal

    out: dict[str, Any] = {name: _digests(value) for name, value in outputs_of(folder).items()}
    with Register.open(folder / "state", write=False) as register:
        out["chain"] = {"first break": journal.first_break(register.connection)}
        entries = [one for one in register.entries() if one.run <= runs]
        out["journal"] = {f"{n}": [one.run, one.kind, _timeless(one.body)] for n, one in enumerate(entries)}
        where = {"run": f" WHERE id <= {runs}"}
        out["register"] = {
            name: _digest(register.rows(f"SELECT {columns} FROM {name}{where.get(name, '')} ORDER BY 1, 2"))
            for name, columns in TABLES.items()
        }
    out["staged"] = files_of(folder / "state" / "staged")
    names = (str(path.relative_to(folder)) for path in folder.rglob("*"))
    out["names"] = {name: "" for name in names if not name.startswith(REPORTS)}
    return out


def _digests(value: dict[str, Any]) -> dict[str, str]:
    return {name: one if isinstance(one, str) else _digest(one) for name, one in value.items()}


def _digest(rows: Any) -> str:
    return f"{len(rows)} rows {sha256(repr(rows).encode()).hexdigest()[:16]}"


def _timeless(body: Any) -> Any:
    """Without times and costs, and without the digest of a plan, which has paths."""
    if isinstance(body, dict):
        return {name: _timeless(value) for name, value in sorted(body.items()) if name not in {"cost", "at", "plan"}}
    return body


def differences(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    """What two accounts do not say alike, by name."""
    return [
        f"{part}/{name}"
        for part in one
        for name in sorted({*one[part], *other[part]})
        if one[part].get(name) != other[part].get(name)
    ]


# --- the campaign -----------------------------------------------------------------------------------------------------


def warm(modules: list[str]) -> None:
    """Load here, once for all that are forked, what runs load late."""
    from semantix.parsers import claims_on
    from semantix.pipeline.packs import parsers_of

    for name in modules:
        with suppress(ImportError):
            importlib.import_module(name)
    claims_on(b"<ClinicalDocument/>", "one.xml", parsers_of(()))


class Campaign:
    """One scenario in one folder: what it begins from, and what an uninterrupted run gives."""

    def __init__(self, folder: Path, scenario: str, *, parquet: bool) -> None:
        self._scenario = scenario
        self._base, self._work, self._noted = folder / "base", folder / "work", folder / "noted.json"
        self._runs = len(BEFORE[scenario]) + 1
        self.steps: list[str] = []
        self.expected: dict[str, Any] = {}
        self._work.mkdir()
        if parquet:
            (self._work / "with-parquet").touch()

    def prepare(self) -> None:
        """Do what comes before, then what is expected, without interruption."""
        assert apart(self._before) == 0
        self._work.rename(self._base)
        warm(self._once()["modules"])
        # Counted once all is loaded: what loads late takes steps of its own, which those that are killed do not take.
        found = self._once()
        self.steps, self.expected = found["steps"], found["told"]

    def _once(self) -> dict[str, Any]:
        self._restore()
        assert apart(self._uninterrupted) == 0
        noted: dict[str, Any] = json.loads(self._noted.read_text())
        return noted

    def _before(self) -> None:
        for one in BEFORE[self._scenario]:
            write_inputs(self._work, one)
            act(self._work, one)
        write_inputs(self._work, self._scenario)

    def _restore(self) -> None:
        shutil.rmtree(self._work, ignore_errors=True)
        shutil.copytree(self._base, self._work)

    def _uninterrupted(self) -> None:
        known = set(sys.modules)
        steps = Steps(Point(0))
        steps.begin()
        act(self._work, self._scenario)
        steps.end()
        told = told_of(self._work, self._runs)
        modules = sorted(name for name in set(sys.modules) - known if "<" not in name)
        self._noted.write_text(json.dumps({"steps": steps.names, "told": told, "modules": modules}))

    def chosen(self, seed: int, points: int) -> list[Point]:
        """Points, half of them between steps."""
        draw = random.Random(f"{self._scenario} {seed}")
        steps = draw.sample(range(1, len(self.steps) + 1), min(points, len(self.steps)))
        return [Point(one, draw.uniform(0.0001, LATEST) if n % 2 else 0.0) for n, one in enumerate(steps)]

    def kill(self, point: Point) -> tuple[int, list[str]]:
        """Kill at a point and resume; returns how the first ended and what is not as expected."""
        self._restore()
        self._noted.unlink(missing_ok=True)
        ended = apart(lambda: self._to_be_killed(point))
        resumed = apart(self._resumed)
        if resumed or not self._noted.exists():
            return ended, [f"resume ended with {resumed}"]
        return ended, differences(self.expected, json.loads(self._noted.read_text()))

    def _to_be_killed(self, point: Point) -> None:
        Steps(point).begin()
        act(self._work, self._scenario)

    def _resumed(self) -> None:
        finish(self._work, self._scenario)
        self._noted.write_text(json.dumps(told_of(self._work, self._runs)))


def run(scenario: str, seed: int, points: int, *, parquet: bool = True) -> Found:
    """Compare so many killed and resumed runs with one that was not."""
    started = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="semantix-crash-") as folder:
        campaign = Campaign(Path(folder), scenario, parquet=parquet)
        campaign.prepare()
        found = Found(scenario, steps=len(campaign.steps))
        for point in campaign.chosen(seed, points):
            ended, wrong = campaign.kill(point)
            name = campaign.steps[point.step - 1]
            found.points += 1
            found.at[name] = found.at.get(name, 0) + 1
            found.killed += ended == -signal.SIGKILL
            found.alike += not wrong
            if wrong or ended not in {-signal.SIGKILL, 0}:
                found.apart.append((point.step, point.after, name, wrong or [f"ended with {ended}"]))
    found.seconds = round(time.perf_counter() - started, 1)
    return found


def main(arguments: list[str]) -> list[Found]:
    """Run the scenarios of the command line, all of them unless told."""
    seed, points, *told = arguments
    wanted = [name.partition("-") for name in told or BEFORE]
    return [run(name, int(seed), int(points), parquet=not without) for name, without, _ in wanted]


if __name__ == "__main__":
    import msgspec
    import tests.runs_documents
    import tests.runs_warehouse  # noqa: F401

    from semantix.runs import conduct

    setattr(conduct, "write_reports", lambda *_: None)  # noqa: B010

    print(msgspec.json.encode(main(sys.argv[1:])).decode())
