"""A private PostgreSQL server for a test: it listens on a socket of its own folder only, and is gone afterwards."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

PASSWORD = "s3cret-word"


def _program(name: str) -> str | None:
    """Find a program of PostgreSQL: on the path, else where Debian and Red Hat put the newest version."""
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


@contextmanager
def running_server(connections: int = 10) -> Iterator[str]:
    """Start a server and give its URL. Skips the test where PostgreSQL is not installed."""
    initdb, pg_ctl = _program("initdb"), _program("pg_ctl")
    if initdb is None or pg_ctl is None:
        pytest.skip("PostgreSQL (initdb, pg_ctl) is not installed")
    user = _other_user()
    with tempfile.TemporaryDirectory(prefix="sxpg-", dir="/tmp") as name:
        folder = Path(name)
        words = folder / "words"
        words.write_text(PASSWORD)
        if user:
            for path in (folder, words):
                shutil.chown(path, user)
        told = {"cwd": name, "user": user, "timeout": 120}
        place = f"{name}/cluster"
        login = ("-U", "reader", "--auth=scram-sha-256", f"--pwfile={words}", "--no-sync", "--encoding=UTF8")
        subprocess.run([initdb, "-D", place, "--locale=C", *login], check=True, capture_output=True, **told)
        options = f"-c listen_addresses= -c unix_socket_directories={name} -c fsync=off"
        options += f" -c max_connections={connections}"
        control = [pg_ctl, "-D", place, "-w", "-t", "60"]
        # A server that keeps the pipe of the test open would never let it end.
        quiet = told | {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run([*control, "-o", options, "-l", f"{name}/log", "start"], check=True, **quiet)
        try:
            yield f"postgresql://reader:{PASSWORD}@/postgres?host={name}"
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], check=True, **quiet)
