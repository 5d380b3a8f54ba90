"""What a PostgreSQL target says when it cannot begin; the rest needs a server (``tests/e2e/test_runs_postgres.py``)."""

import pytest

from semantix.errors import BadTarget
from semantix.runs.publishing import postgres as module
from semantix.runs.publishing.postgres import PostgresTarget


def test_without_psycopg_the_way_to_install_it_is_told(monkeypatch):
    monkeypatch.setattr(module, "psycopg", None)
    with pytest.raises(BadTarget, match=r"pip install 'semantix\[postgres\]'"):
        PostgresTarget("postgresql://nowhere", "cdm").marker()


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://reader:s3cret-word@/postgres?host=/nowhere",
        "postgresql://reader:s3cret-word@/postgres?no_such_option=1",
        "host=/nowhere password=s3cret-word",
        "password s3cret-word",
        "",
    ],
)
def test_a_server_that_is_not_there_is_told_without_the_password(url, monkeypatch):
    monkeypatch.setenv("PGHOST", "/nowhere")
    with pytest.raises(BadTarget, match="schema cdm: no connection: ") as told:
        PostgresTarget(url, "cdm").marker()
    assert "s3cret-word" not in str(told.value)
