"""Kills runs at chosen steps: ``python -m tests.runs_crash FOLDER SEED POINTS``; prints what it found as JSON.

A step is something that the main process asks of the system or of its register: a file opened for writing, renamed,
linked or removed, a folder made or removed, a statement of SQLite that writes. An uninterrupted run counts them; then
runs are killed (SIGKILL, by themselves) just before the chosen ones, resumed, and what they wrote is compared.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

WRITES = ("INSERT", "UPDATE", "DELETE", "COMMIT", "BEGIN", "CREATE", "VACUUM")
EVENTS = frozenset({"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "shutil.rmtree", "os.truncate"})


class Steps:
    """Counts steps, and ends the process at one of them."""

    def __init__(self, last: int) -> None:
        self.count = 0
        self.names: list[str] = []
        self._last = last
        self._is_on = False

    def begin(self) -> None:
        """From now on."""
        connect = sqlite3.connect

        def watched(*arguments: Any, **named: Any) -> sqlite3.Connection:
            connection = connect(*arguments, **named)
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
        self.count += 1
        self.names.append(name)
        if self.count == self._last:
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


def run(folder: Path, last: int = 0, tell: Path | None = None) -> None:
    """Run or resume the plan of a folder, to be killed at a step; note the steps in a file."""
    from tests.runs_warehouse import around, plan_in

    from semantix.runs.conduct import resume, start
    from semantix.runs.register import Register

    plan = plan_in(folder)
    steps = Steps(last)
    steps.begin()
    unfinished = None
    if (plan.state / "register.sqlite").exists():
        with Register.open(plan.state) as register:
            unfinished = register.unfinished()
    if unfinished is not None:
        resume(plan, around())
    else:
        start(plan, around())
    steps.end()
    if tell is not None:
        tell.write_text(json.dumps(steps.names))


def main(folder: Path, seed: int, points: int) -> dict[str, Any]:
    """Compare so many killed and resumed runs with one that was not; ``folder`` holds the inputs of one, in ``in``."""
    whole = folder / "whole"
    shutil.copytree(folder / "in", whole / "in")
    noted = folder / "steps.json"
    # Imported here once: what is forked then starts at once.
    import tests.runs_warehouse  # noqa: F401

    import semantix.runs.conduct  # noqa: F401

    assert apart(lambda: run(whole, 0, noted)) == 0
    names = json.loads(noted.read_text())
    chosen = sorted(random.Random(seed).sample(range(1, len(names) + 1), min(points, len(names))))
    expected = folder / "expected.json"
    assert apart(lambda: expected.write_text(_digest(whole)) and None) == 0
    found: dict[str, Any] = {"steps": len(names), "points": len(chosen), "killed": 0, "alike": 0, "apart": []}
    for point in chosen:
        here = folder / f"at-{point}"
        shutil.copytree(folder / "in", here / "in")
        ended = apart(lambda here=here, point=point: run(here, point))
        found["killed"] += ended == -signal.SIGKILL
        again = apart(lambda here=here: run(here))
        told = here / "digest.json"
        apart(lambda here=here, told=told: told.write_text(_digest(here)) and None)
        if again == 0 and told.exists() and told.read_text() == expected.read_text():
            found["alike"] += 1
            shutil.rmtree(here)
        else:
            found["apart"].append([point, names[point - 1], ended, again])
    return found


def _digest(folder: Path) -> str:
    from tests.runs_warehouse import outputs_of

    return json.dumps(outputs_of(folder), default=str, sort_keys=True)


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))))
