"""A private PostgreSQL server for desks: on a socket of its own folder, gone with the tests."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest

PASSWORD = "s3cret-word"


def _program(name: str) -> str | None:
    places = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[4]))
    found = shutil.which(name) or next(iter(Path("/usr").glob(f"pgsql-*/bin/{name}")), None)
    return str(places[-1]) if places else found and str(found)


def _other_user() -> str | None:
    """PostgreSQL refuses to run as root: name a user that it may run as."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    user = next((name for name in ("postgres", "nobody") if name in known), None)
    if user is None:
        pytest.skip("runs as root, and there is no user postgres or nobody to run PostgreSQL as")
    return user


@contextlib.contextmanager
def databases() -> Iterator[Callable[[], str]]:
    """Start a server; give a function that makes a database and returns its URL. Skips where there is no PostgreSQL."""
    initdb, pg_ctl = _program("initdb"), _program("pg_ctl")
    if initdb is None or pg_ctl is None:
        pytest.skip("PostgreSQL (initdb, pg_ctl) is not installed")
    user = _other_user()
    with tempfile.TemporaryDirectory(prefix="sxpg-", dir="/tmp") as name:
        words = Path(name, "words")
        words.write_text(PASSWORD)
        for path in (name, words) if user else ():
            shutil.chown(path, user)
        told = {"cwd": name, "user": user, "timeout": 120, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        login = ("-U", "desk", "--auth=scram-sha-256", f"--pwfile={words}", "--no-sync", "--encoding=UTF8")
        subprocess.run([initdb, "-D", f"{name}/cluster", "--locale=C", *login], check=True, **told)
        options = f"-c listen_addresses= -c unix_socket_directories={name} -c fsync=off"
        control = [pg_ctl, "-D", f"{name}/cluster", "-w", "-t", "60"]
        subprocess.run([*control, "-o", options, "-l", f"{name}/log", "start"], check=True, **told)
        numbers = count(1)

        def make() -> str:
            database = f"desk{next(numbers)}"
            with psycopg.connect(f"postgresql://desk:{PASSWORD}@/postgres?host={name}", autocommit=True) as session:
                session.execute(f"create database {database}")
            return f"postgresql://desk:{PASSWORD}@/{database}?host={name}"

        try:
            yield make
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], check=True, **told)
