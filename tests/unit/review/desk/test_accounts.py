"""People and sessions of a desk."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from tests.desk_cases import key_of

from semantix.review.desk import Desk, accounts
from semantix.review.desk.accounts import Account
from semantix.review.model import Role

PASSWORD = "trois lapins bleus dorment"
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def desk(tmp_path):
    with Desk.open(str(tmp_path / "desk"), create=True) as desk:
        yield desk


@pytest.fixture
def people(desk):
    desk.accounts.add("ann", Role.AUTHOR, PASSWORD)
    return desk.accounts


def test_an_account_is_added_once(people):
    assert people.people() == (Account("ann", Role.AUTHOR, True),)
    assert key_of(lambda: people.add("ann", Role.READER, PASSWORD)) == "name_taken"
    assert key_of(lambda: people.add(" ", Role.READER, PASSWORD)) == "name_empty"
    assert key_of(lambda: people.add("x" * 81, Role.READER, PASSWORD)) == "name_long"
    assert key_of(lambda: people.add("a\nb", Role.READER, PASSWORD)) == "name_signs"
    assert key_of(lambda: people.add("bob", Role.READER, "short")) == "password_short"
    assert key_of(lambda: people.change("bob", role=Role.READER)) == "no_such_name"
    assert len(people.people()) == 1


def test_a_name_and_its_password_go_together(people, monkeypatch):
    tried = []
    verify = accounts.verify
    monkeypatch.setattr(accounts, "verify", lambda *given: tried.append(given) or verify(*given))
    assert people.check("ann", PASSWORD) == Account("ann", Role.AUTHOR, True)
    assert people.check("ann", "another password") is None
    assert people.check("nobody", PASSWORD) is None
    # An unknown name costs as much as a known one.
    assert [given[0] for given in tried] == [PASSWORD, "another password", PASSWORD]
    assert tried[2][1] == accounts.NOBODY


def test_a_session_is_known_by_its_token_until_it_is_over(people, desk):
    token = people.open_session("ann", NOW, 60)
    found = people.session(token, NOW)
    assert (found.name, found.role, found.lang) == ("ann", Role.AUTHOR, "")
    assert people.session("other", NOW) is None
    assert people.session(token, NOW + timedelta(seconds=60)) is None
    people.set_language(token, "fr")
    assert people.session(token, NOW).lang == "fr"
    with desk.database.reading() as connection:
        kept = connection.execute(text("SELECT token, csrf FROM session")).one()
    assert token not in kept
    people.open_session("ann", NOW + timedelta(hours=1), 60)
    with desk.database.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM session")).scalar() == 1
    people.close_session(token)
    assert people.session(token, NOW) is None


def test_a_role_changes_at_once_and_a_new_password_signs_out(people):
    token = people.open_session("ann", NOW, 60)
    people.change("ann", role=Role.REVIEWER)
    assert people.session(token, NOW).role is Role.REVIEWER
    people.change("ann", password="quatre canards verts nagent")
    assert people.session(token, NOW) is None
    assert people.check("ann", PASSWORD) is None
    assert people.check("ann", "quatre canards verts nagent").role is Role.REVIEWER


def test_a_closed_account_is_out_until_it_is_opened_again(people):
    token = people.open_session("ann", NOW, 60)
    people.change("ann", active=False)
    assert people.session(token, NOW) is None
    assert people.check("ann", PASSWORD) is None
    people.change("ann", active=True)
    assert people.check("ann", PASSWORD).active
    assert people.session(token, NOW) is None
