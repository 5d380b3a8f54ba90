"""The review desk with 50,000 items: how long an import takes, and how fast 20 reviewers at once are answered.

``make bench ARGS=desk``: the desk in a file of SQLite, then in PostgreSQL when ``--postgres URL`` names an empty
database or ``initdb`` is installed. The server is that of ``semantix review serve``, in a process of its own; the
reviewers are another process (``desk_reviewers.py``) and speak HTTP with it over loopback, each waiting for an answer
before the next request. They work twice: with one to two seconds of thought before each page, as people do, and with
none at all, which shows how much the server can do. With ``$SEMANTIX_STORE`` candidates are real codes, and reviewers
look concepts up and search the store while they type.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import desk_items
from desk_reviewers import PASSWORD

from semantix.pipeline.collector import rare_collection
from semantix.review.desk import Desk
from semantix.review.intake import Options, TableOptions, read
from semantix.review.intake.proposing import Versions, propose
from semantix.review.model import Role
from semantix.terminology.engine import Engine
from semantix.terminology.store import Store

GOAL = 0.1
GOALS = ("queue, first page", "queue, search", "item", "save")
"""What has to be answered in GOAL seconds at the median; "item" is the next item, which saving leads to."""
THINK: Mapping[str, tuple[float, float]] = {"1 to 2 s of thought": (1.0, 2.0), "no thought at all": (0.0, 0.0)}
REVIEWERS = Path(__file__).parent / "desk_reviewers.py"


def codes_of(folder: Path | None) -> desk_items.Codes:
    """Read the codes that candidates may have from a store; none without one."""
    if folder is None:
        return {}
    with Store.open(folder) as store:
        return {
            target: [(each.code, each.display) for each in store.concepts(target) if each.assignable and each.active]
            for target in desk_items.TARGETS
        }


def timed(label: str, work: Callable[[], Any], goal: str = "") -> Any:
    """Do something; print how long it took by the clock, and of the processor."""
    start, used = time.perf_counter(), time.process_time()
    done = work()
    seconds, processor = time.perf_counter() - start, time.process_time() - used
    print(f"| {label} | {seconds:.1f} s | {processor:.1f} s | {goal} |", flush=True)
    return done


def bring(path: Path, items: int, place: str, label: str) -> None:
    """Import the table of candidates into a new desk, as ``review import`` does."""
    with rare_collection():
        exchange = timed(f"candidates read, {path.stat().st_size / 1e6:.0f} MB", lambda: read(path))
        assert len(exchange.entries) == items, "the table holds every item"
        with Desk.open(place, create=True) as desk:
            timed(f"brought into {label}", lambda: desk.bring("bench", exchange.entries), "read and brought: 60 s")


def bring_codes(folder: Path, store: Path, items: int) -> None:
    """Import a plain table: what is read and brought, and the engine apart."""
    path = folder / "codes.csv"
    desk_items.write_codes(path, items)
    table = TableOptions(target="cim10", system="Logiciel A")
    with rare_collection():
        exchange = timed("plain table read", lambda: read(path, Options(table=table)))
        engine = Engine.open(store)
        few = exchange.entries[: max(1, items // 10)]
        timed(f"engine, {len(few):,} of them", lambda: propose(few, engine, Versions(), lambda *_: None))
        with Desk.open(str(folder / "codes.sqlite"), create=True) as desk:
            timed("brought into SQLite", lambda: desk.bring("bench", exchange.entries))


def add_people(place: str, count: int) -> list[str]:
    """Give the desk its accounts."""
    names = [f"relecteur-{number:02}" for number in range(1, count + 1)]
    with Desk.open(place) as desk:
        there = {each.name for each in desk.accounts.people()}
        for name in names:
            if name not in there:
                desk.accounts.add(name, Role.REVIEWER, PASSWORD)
    return names


@contextmanager
def served(place: str, store: Path | None) -> Iterator[tuple[int, int]]:
    """Serve a desk by the command line; give its port and its process."""
    chosen = ["--store", str(store)] if store else []
    command = [sys.executable, "-m", "semantix_cli", "review", "serve", "--desk", place, "--port", "0", *chosen]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        try:
            assert server.stdout
            found = re.search(r":(\d+)", server.stdout.readline())
            assert found, "the server tells its address"
            yield int(found[1]), server.pid
        finally:
            server.terminate()


def processor_of(pid: int) -> float:
    """Seconds of processor that a process has used, where Linux tells."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(port: int, pid: int, plan: dict[str, Any]) -> dict[str, Any]:
    """Let the reviewers work; return what they saw, and the processor that the server used for it."""
    used = processor_of(pid)
    done = subprocess.run(
        [sys.executable, str(REVIEWERS)], input=json.dumps(plan | {"port": port}), text=True, check=True,
        stdout=subprocess.PIPE,
    )  # fmt: skip
    found: dict[str, Any] = json.loads(done.stdout)
    return found | {"server": processor_of(pid) - used}


def table(found: dict[str, Any], seconds: float) -> None:
    """Print one Markdown table of answers."""
    print("| answer | count | median, ms | 95 % under, ms | longest, ms | under 100 ms at the median |")
    print("|---|---|---|---|---|---|")
    for kind, times in sorted(found["seconds"].items(), key=lambda pair: (pair[0] not in GOALS, pair[0])):
        middle, high = statistics.median(times), sorted(times)[int(len(times) * 0.95)]
        goal = ("yes" if middle < GOAL else "**no**") if kind in GOALS else ""
        print(f"| {kind} | {len(times)} | {middle * 1e3:.0f} | {high * 1e3:.0f} | {max(times) * 1e3:.0f} | {goal} |")
    count = sum(map(len, found["seconds"].values()))
    print(
        f"\n{count / seconds:.0f} answers a second; processor: server {found['server']:.1f} s with signing in, "
        f"reviewers {found['processor']:.1f} s; saved second: {found['second']}; errors: {found['errors'] or 'none'}\n",
        flush=True,
    )


def load(place: str, label: str, store: Path | None, chosen: argparse.Namespace) -> None:
    """Serve one desk, and let the reviewers work in both ways."""
    people = add_people(place, chosen.people)
    words = desk_items.vocabulary()
    with served(place, store) as (port, pid):
        for turn, (name, think) in enumerate(THINK.items()):
            if chosen.think and not name.startswith(chosen.think):
                continue
            print(f"**{label}, {chosen.people} reviewers, {name}**\n", flush=True)
            plan = {
                "people": people, "words": words, "think": think, "store": store is not None,
                "warming": min(5.0, chosen.seconds / 4), "seconds": chosen.seconds, "seed": turn * 1_000,
            }  # fmt: skip
            table(measure(port, pid, plan), chosen.seconds)


@contextmanager
def postgres(url: str, folder: Path) -> Iterator[str]:
    """Give the URL of an empty database: the one named, or that of a private server; empty when there is none."""
    initdb = shutil.which("initdb")
    if url or initdb is None:
        yield url
        return
    # The server of PostgreSQL refuses to be run by root.
    user = "postgres" if os.geteuid() == 0 else None
    home = folder / "postgres"
    home.mkdir()
    if user:
        folder.chmod(0o755)
        shutil.chown(home, user)

    def run(program: str, *options: str) -> None:
        command = [str(Path(initdb).resolve().parent / program), "-D", f"{home}/data", *options]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=home, user=user)

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    run("initdb", "-A", "trust", "-U", "bench", "-E", "UTF8", "--locale=C")
    # As it is installed: each commit on the disk before it is told.
    settings = f"-p {port} -k {home} -c listen_addresses=127.0.0.1"
    run("pg_ctl", "-w", "-o", settings, "-l", f"{home}/log", "start")
    try:
        yield f"postgresql://bench@127.0.0.1:{port}/postgres"
    finally:
        run("pg_ctl", "-w", "-m", "fast", "stop")


def main(arguments: list[str]) -> None:
    """Print everything."""
    options = argparse.ArgumentParser(usage="%(prog)s desk [options]", allow_abbrev=False)
    options.add_argument("--items", type=int, default=50_000, help="items of the desk (default 50,000)")
    options.add_argument("--people", type=int, default=20, help="reviewers at once (default 20)")
    options.add_argument("--seconds", type=float, default=60.0, help="seconds of each measure (default 60)")
    options.add_argument("--postgres", default="", metavar="URL", help="an empty database; else a private server")
    options.add_argument("--only", choices=("sqlite", "postgresql"), default="", help="one of the two databases")
    options.add_argument("--think", choices=("1", "no"), default="", help="one of the two ways to work")
    options.add_argument("--work", type=Path, help="folder to keep the table in, and to find it again")
    chosen = options.parse_args(arguments)
    named = os.environ.get("SEMANTIX_STORE", "")
    store = Path(named) if named else None
    print(
        f"### {datetime.now(UTC):%Y-%m-%d}, {platform.system()} {platform.machine()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}; {chosen.items:,} items, {'a store' if store else 'no store'}\n"
    )
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        path = (chosen.work or folder) / f"candidates-{chosen.items}.tsv"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            desk_items.write_candidates(path, chosen.items, codes_of(store))
        print("| import | clock | processor | goal |\n|---|---|---|---|")
        places = {"SQLite": str(folder / "desk.sqlite")}
        with postgres("" if chosen.only == "sqlite" else chosen.postgres, folder) as url:
            if url:
                places["PostgreSQL"] = url
            places = {name: place for name, place in places.items() if chosen.only in {"", name.lower()}}
            for name, place in places.items():
                bring(path, chosen.items, place, name)
            if store is not None and not chosen.only:
                bring_codes(folder, store, chosen.items)
            print()
            for name, place in places.items():
                load(place, name, store, chosen)


if __name__ == "__main__":
    main(sys.argv[1:])
