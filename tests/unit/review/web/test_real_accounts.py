"""The door with the accounts of a real desk in SQLite: what is said of sessions holds in the database."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from tests.desk_shell import PASSWORD, Site

from semantix.review.desk import Desk
from semantix.review.desk.schema import session
from semantix.review.model import Role
from semantix.review.web import signing_in
from semantix.review.web.app import create_app
from semantix.review.web.options import DeskOptions


@pytest.fixture
def desk(tmp_path):
    with_accounts = Desk.open(str(tmp_path / "desk.sqlite"), create=True)
    with_accounts.accounts.add("zoe", Role.AUTHOR, PASSWORD)
    yield with_accounts
    with_accounts.close()


@pytest.fixture
def site(desk):
    made = Site()
    made.app = create_app(desk, DeskOptions(clock=made.clock), (signing_in.routes,))
    return made


def sessions(desk):
    with desk.accounts._database.reading() as connection:
        return connection.execute(select(func.count()).select_from(session)).scalar_one()


def test_people_sign_in_and_out_and_their_session_ends_in_the_database(site, desk):
    browser = site.browser()
    assert browser.sign_in(password="not the one").status_code == 403
    assert browser.sign_in("eve").status_code == 403
    assert browser.sign_in("é\u202e").status_code == 403
    assert sessions(desk) == 0
    assert browser.sign_in().status_code == 303
    assert "zoe" in browser.get("/help").text
    assert sessions(desk) == 1
    assert browser.post("/language", {"lang": "fr"}).status_code == 303
    assert '<html lang="fr">' in browser.get("/help").text
    assert browser.post("/sign-out").status_code == 303
    assert sessions(desk) == 0


def test_a_session_left_alone_ends_in_the_database(site, desk):
    browser = site.signed_in()
    browser.get("/help")
    site.clock.turn(hours=2)
    assert browser.get("/nowhere").status_code == 303
    assert sessions(desk) == 0


def test_who_loses_the_account_is_out_at_once(site, desk):
    browser = site.signed_in()
    desk.accounts.change("zoe", active=False)
    assert browser.get("/nowhere").status_code == 303
    assert browser.sign_in().status_code == 403


def test_a_change_of_role_counts_at_once(site, desk):
    browser = site.signed_in()
    desk.accounts.change("zoe", role=Role.READER)
    assert "<small> reader</small>" in browser.get("/help").text
