"""A PostgreSQL server that is stopped, or that falls while it takes a publication: said, resumed, published once."""

import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest
from tests import postgres as servers
from tests.postgres import PASSWORD, running_server
from tests.runs_crash import write_inputs
from tests.runs_warehouse import around, plan_in

from semantix.emitters.omop import SCHEMA
from semantix.errors import BadTarget
from semantix.runs import conduct
from semantix.runs.plan import RunPlan
from semantix.runs.publishing import postgres as module
from semantix.runs.register import Register


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with running_server() as url:
        yield url


@pytest.fixture(autouse=True)
def no_reports(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conduct, "write_reports", lambda *_: None)


def control(url: str, *words: str) -> None:
    folder = parse_qs(urlsplit(url).query)["host"][0]
    command = [servers._program("pg_ctl"), "-D", f"{folder}/cluster", "-w", "-t", "60", "-l", f"{folder}/log", *words]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder, "timeout": 120}
    subprocess.run(command, check=True, user=servers._other_user(), **quiet)


def start(url: str) -> None:
    """Start it again as it was: only a restart remembers the options."""
    folder = parse_qs(urlsplit(url).query)["host"][0]
    control(url, "-o", f"-c listen_addresses= -c unix_socket_directories={folder} -c fsync=off", "start")


def terminate(url: str) -> None:
    """End every other session."""
    query = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
    with psycopg.connect(url, autocommit=True) as session:
        session.execute(query + "AND backend_type = 'client backend'")


@contextmanager
def striking(monkeypatch: pytest.MonkeyPatch, strikes: Mapping[int, Callable[[], None]]) -> Iterator[None]:
    """Strike just before the pieces of data of these numbers are sent."""
    numbers, real = count(1), module.pa_csv.write_csv

    def write(*arguments: Any) -> None:
        strikes.get(next(numbers), lambda: None)()
        real(*arguments)

    with monkeypatch.context() as patched:
        patched.setattr(module.pa_csv, "write_csv", write)
        yield


def planned(folder: Path, schema: str) -> RunPlan:
    targets = [{"kind": "fhir", "path": "fhir"}, {"kind": "postgres", "url": "env:WAREHOUSE", "schema": schema}]
    return plan_in(folder, targets=targets)


def held(url: str, schema: str) -> dict[str, list[Any]]:
    with psycopg.connect(url) as session:
        return {
            name: sorted(session.execute(f"SELECT * FROM {schema}.{name}".encode()).fetchall(), key=repr)
            for name in SCHEMA
        }


def publications(plan: RunPlan) -> list[tuple[int, int]]:
    with Register.open(plan.state, write=False) as register:
        return register.rows("SELECT number, done FROM publication ORDER BY number")


def test_a_server_that_falls_anywhere_leaves_the_rows_of_a_run_that_nothing_stopped(
    server, tmp_path, monkeypatch, record_property
):
    world = around(environment={"WAREHOUSE": server})
    for name in ("whole", "struck"):
        write_inputs(tmp_path / name, "first")
    whole, struck = planned(tmp_path / "whole", "whole"), planned(tmp_path / "struck", "struck")
    conduct.start(whole, world)

    control(server, "-m", "fast", "stop")
    with pytest.raises(BadTarget, match="no connection") as told:
        conduct.start(struck, world)
    assert PASSWORD not in str(told.value)
    start(server)

    strikes = {3: lambda: terminate(server), 12: lambda: control(server, "-m", "immediate", "restart")}
    with striking(monkeypatch, strikes):
        for _ in strikes:
            with pytest.raises(BadTarget, match="connection lost"):
                conduct.resume(struck, world)
            with psycopg.connect(server) as session:
                found = session.execute("SELECT count(*) FROM pg_namespace WHERE nspname = 'struck'").fetchone()
            assert found == (0,)
        outcome = conduct.resume(struck, world)
    record_property("lost database", f"1 start refused, {len(strikes)} publications broken, 1 whole")
    assert sum(outcome.published["postgres"].values()) > 0
    assert publications(struck) == [(1, 1)]
    assert held(server, "struck") == held(server, "whole")

    # The second publication, over what is there.
    for plan, name in ((whole, "whole"), (struck, "struck")):
        write_inputs(tmp_path / name, "second")
        if name == "whole":
            conduct.start(plan, world)
    before = held(server, "struck")
    strikes = {2: lambda: control(server, "-m", "immediate", "restart")}
    with striking(monkeypatch, strikes), pytest.raises(BadTarget, match="connection lost"):
        conduct.start(struck, world)
    assert held(server, "struck") == before
    conduct.resume(struck, world)
    assert publications(struck) == [(1, 1), (2, 1)]
    assert held(server, "struck") == held(server, "whole")
