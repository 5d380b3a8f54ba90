"""Runs killed at seeded points and resumed end as runs that were not; so do processes killed from outside."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml
from tests.runs_crash import Found, differences, told_of
from tests.runs_documents import Paper, write
from tests.runs_warehouse import KEY

ROOT = Path(__file__).resolve().parents[2]
SEED = 20260311
CAMPAIGNS = {"first-": 25, "first": 10, "second": 15, "exclude-": 5, "undo-": 3}
"""Points of each scenario (tests/runs_crash.py): 50 of a first and a second run, and some of what undoes."""


@pytest.mark.parametrize("scenario", CAMPAIGNS)
def test_a_run_killed_anywhere_and_resumed_ends_as_one_that_was_not(scenario, record_property):
    points = CAMPAIGNS[scenario]
    command = [sys.executable, "-m", "tests.runs_crash", str(SEED), str(points), scenario]
    made = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=600, check=False)
    assert made.returncode == 0, made.stderr.decode()[-2000:]
    (found,) = msgspec.json.decode(made.stdout, type=list[Found])
    record_property("crash", f"{found.scenario}: {found.killed} of {found.points} killed, {found.alike} alike")
    assert found.apart == []
    assert (found.points, found.alike) == (points, points)
    # A run may end in the milliseconds between its last steps and the signal.
    assert found.killed >= points - 2


# --- the command, with processes of its own ---------------------------------------------------------------------------


def prepare(folder: Path, files: int) -> None:
    """Many small documents, some that supersede others, one that cannot be read."""
    inputs = folder / "in"
    inputs.mkdir(parents=True)
    for n in range(files):
        results = tuple((code, str(50 + n % 40)) for code in ("8302-2", "29463-7", "8867-4"))
        paper = Paper(f"d{n}", str(n % 17), results, replaces=f"d{n - 3}" if n % 10 == 9 else "")
        (inputs / f"{n:04d}.xml").write_bytes(write(paper))
    (inputs / "0042.xml").write_bytes(b"<ClinicalDocument")
    (folder / "project.key").write_bytes(KEY.hex().encode())
    (folder / "project.key").chmod(0o600)
    plan = {
        "inputs": ["in"],
        "state": "state",
        "targets": [{"kind": "duckdb", "path": "cdm.duckdb"}, {"kind": "fhir", "path": "fhir"}],
        "key": "file:project.key",
        "chunks": {"files": 6},
        "jobs": 2,
    }
    (folder / "plan.yaml").write_text(yaml.safe_dump(plan))


def semantix(folder: Path, *words: str) -> subprocess.Popen[bytes]:
    """Start a command of a run over a folder."""
    command = [sys.executable, "-m", "semantix_cli", "run", *words, str(folder / "plan.yaml")]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def ended(process: subprocess.Popen[bytes]) -> tuple[int, str]:
    _, words = process.communicate(timeout=300)
    return process.returncode, words.decode()


def committed(folder: Path) -> int:
    """Chunks in the register, as another program sees them."""
    path = folder / "state" / "register.sqlite"
    if not path.exists():
        return 0
    db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        return int(db.execute("SELECT coalesce(sum(done), 0) FROM chunk").fetchone()[0])
    except sqlite3.OperationalError:
        return 0
    finally:
        db.close()


def wait_for(folder: Path, chunks: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 240
    while committed(folder) < chunks and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)


def children(process: subprocess.Popen[bytes]) -> list[int]:
    """The processes that read for a run, not those that watch resources."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                status = (entry / "stat").read_text().rpartition(")")[2].split()
                command = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if int(status[1]) == process.pid and b"spawn_main" in command:
                found.append(int(entry.name))
    return sorted(found)


def of(folder: Path) -> dict[str, Any]:
    """All that is compared of two folders: what is staged names the files that it comes from."""
    return told_of(folder, 1) | {"staged": {}}


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("whole")
    prepare(folder, 60)
    code, words = ended(semantix(folder, "start"))
    assert code == 0, words
    return of(folder)


def test_the_command_killed_three_times_with_its_processes_at_work_ends_alike(uninterrupted, tmp_path, record_property):
    prepare(tmp_path, 60)
    draw, killed = random.Random(SEED), 0
    command = "start"
    for least in (1, 4, 9):
        process = semantix(tmp_path, command)
        wait_for(tmp_path, least, process)
        time.sleep(draw.uniform(0, 0.1))
        process.send_signal(signal.SIGKILL)
        code, _ = ended(process)
        killed += code == -signal.SIGKILL
        command = "resume"
    record_property("crash", f"command: killed {killed} times")
    assert killed == 3
    code, words = ended(semantix(tmp_path, "resume"))
    assert code == 0, words
    assert differences(uninterrupted, of(tmp_path)) == []


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc to find the processes of a run")
def test_a_process_that_reads_is_killed_and_the_run_ends_alike(uninterrupted, tmp_path, record_property):
    prepare(tmp_path, 60)
    process = semantix(tmp_path, "start")
    wait_for(tmp_path, 2, process)
    victims = children(process)
    os.kill(victims[-1], signal.SIGKILL)
    code, words = ended(process)
    record_property("crash", f"one of {len(victims)} processes killed, the run ended with {code}")
    assert (len(victims), code) == (2, 0), words
    assert differences(uninterrupted, of(tmp_path)) == []
