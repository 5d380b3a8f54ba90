"""The desk on a private PostgreSQL server: what it does in any database."""

from collections.abc import Iterator
from itertools import count

import pytest
from tests.desk_cases import CASES
from tests.postgres import PASSWORD, running_server

from semantix.errors import BadDesk
from semantix.review.desk import Desk

_NUMBERS = count(1)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with running_server(connections=60) as url:
        yield url


@pytest.fixture
def place(server: str) -> str:
    """Give the URL of a schema that nobody used."""
    return f"{server}&schema=desk_{next(_NUMBERS)}"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_in_postgresql(case, place):
    case(place)


def test_a_schema_without_a_desk_is_not_made_by_reading(place):
    with pytest.raises(BadDesk, match="no desk is there"):
        Desk.open(place)


def test_a_schema_may_have_capitals(server):
    with Desk.open(f"{server}&schema=Atelier", create=True) as desk:
        assert desk.progress().codes == 0
    with Desk.open(f"{server}&schema=Atelier") as desk:
        assert "Atelier" not in desk.place


def test_another_database_is_not_taken_for_a_desk(server):
    import psycopg

    with psycopg.connect(server) as session:
        session.execute("CREATE SCHEMA foreign_one")
        session.execute("CREATE TABLE foreign_one.item (id int)")
    with pytest.raises(BadDesk, match="another database"):
        Desk.open(f"{server}&schema=foreign_one", create=True)


def test_a_wrong_password_is_told_without_it(server):
    with pytest.raises(BadDesk) as refused:
        Desk.open(server.replace(PASSWORD, "other-secret"))
    assert "other-secret" not in str(refused.value)
    assert PASSWORD not in str(refused.value)
