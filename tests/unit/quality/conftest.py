"""A sound database in memory."""

import duckdb
import pytest
from tests.quality_database import build

from semantix.quality.database import DuckConnection


@pytest.fixture(scope="session")
def _built():
    with duckdb.connect() as session:
        build(session.execute)
        yield DuckConnection("memory", session)


@pytest.fixture
def alone():
    """Give a connection to such a database outside of any transaction, as the command has: an error ends nothing."""
    with duckdb.connect() as session:
        build(session.execute)
        yield DuckConnection("memory", session)


@pytest.fixture
def sound(_built: DuckConnection):
    """Give a connection to a database in which every check passes; a test may change it, and the change is undone."""
    _built.session.begin()
    yield _built
    _built.session.rollback()
