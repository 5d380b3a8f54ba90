"""Opening a desk: what is refused, in which words, and without a password or a label in them."""

import os
import sqlite3
import stat

import pytest
from sqlalchemy import text
from tests.desk_values import entry

from semantix.errors import BadDesk
from semantix.review.desk import Desk
from semantix.review.desk.opening import shown


def refusal(place, *, create=False):
    with pytest.raises(BadDesk) as refused:
        Desk.open(str(place), create=create)
    return str(refused.value)


def test_a_desk_that_is_not_there_is_not_made_by_reading(tmp_path):
    assert "no desk is there" in refusal(tmp_path / "desk")
    assert not (tmp_path / "desk").exists()
    (tmp_path / "empty").touch()
    assert "no desk is there" in refusal(tmp_path / "empty")


def test_a_file_that_is_no_desk_is_left_alone(tmp_path):
    other = tmp_path / "letter.txt"
    other.write_text("Dear colleague, " * 10)
    assert "not a SQLite file" in refusal(other, create=True)
    assert other.read_text().startswith("Dear")
    place = tmp_path / "notes.sqlite"
    with sqlite3.connect(place) as session:
        session.execute("CREATE TABLE item (id)")
    session.close()
    assert "another database" in refusal(place, create=True)


def test_a_folder_and_a_place_in_no_folder_are_refused(tmp_path):
    assert "cannot be read" in refusal(tmp_path, create=True)
    assert "does not answer" in refusal(tmp_path / "nowhere" / "desk", create=True)


def test_a_damaged_file_is_refused(tmp_path):
    place = tmp_path / "desk"
    place.write_bytes(b"SQLite format 3\0" + b"\xff" * 4_000)
    assert str(place) in refusal(place)


def test_a_desk_of_a_later_version_is_refused(tmp_path):
    place = str(tmp_path / "desk")
    with Desk.open(place, create=True) as desk, desk.database.writing() as connection:
        connection.execute(text("UPDATE about SET value = '99' WHERE name = 'version'"))
    assert "version 99" in refusal(place)


@pytest.mark.parametrize("name", ["a?b=c", "a%20b", "a#b", "é à", ":memory:"])
def test_a_file_may_have_any_name(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    with Desk.open(name, create=True) as desk:
        desk.bring("me", [entry("toux")])
    assert (tmp_path / name).is_file()
    with Desk.open(name) as desk:
        assert desk.progress().codes == 1


@pytest.mark.parametrize("place", ["mysql://u:pass-word@h/d", "http://u:pass-word@h", "sqlite:///x"])
def test_another_kind_of_server_is_refused(place):
    assert "pass-word" not in refusal(place)


@pytest.mark.parametrize(
    "place",
    [
        "postgresql://u:pass-word@[::1/d",
        "postgresql://u:pass-word@h:port/d",
        "postgresql://u:pass-word@127.0.0.1:1/d",
        "postgresql://u:pass-word@127.0.0.1:1/d?password=pass-word&connect_timeout=1",
        "postgresql://u:pass-word@127.0.0.1:1/d?schema=a;b",
        "postgresql://u:pass-word@127.0.0.1:1/d?schema=a&schema=b",
        "postgres://u:pass-word@127.0.0.1:1/d?nonsense=1",
    ],
)
@pytest.mark.parametrize("create", [True, False])
def test_a_url_that_leads_nowhere_is_told_without_its_password(place, create):
    assert "pass-word" not in refusal(place, create=create)
    assert "pass-word" not in shown(place)


def test_what_a_database_refuses_is_told_without_its_values(tmp_path):
    with Desk.open(str(tmp_path / "desk"), create=True) as desk:
        desk.bring("me", [entry("toux")])
        for sql in ("INSERT INTO item VALUES (1, :label, :label)", "SELECT :label FROM nowhere"):
            with pytest.raises(BadDesk) as refused, desk.database.writing() as connection:
                connection.execute(text(sql), {"label": "secret label"})
            assert "secret" not in str(refused.value)
            assert refused.value.__cause__ is None
            assert "secret" not in str(refused.value.__context__)


def test_a_desk_knows_its_place(tmp_path):
    with Desk.open(str(tmp_path / "desk"), create=True) as desk:
        assert desk.place == str(tmp_path / "desk")


@pytest.mark.skipif(os.name != "posix", reason="rights of files are those of POSIX")
def test_a_new_desk_is_read_by_its_owner_alone_and_one_that_is_there_keeps_its_rights(tmp_path):
    before = os.umask(0o022)
    try:
        place = tmp_path / "desk"
        with Desk.open(str(place), create=True) as desk, desk.database.writing() as connection:
            connection.execute(text("UPDATE about SET value = value"))
            assert {stat.S_IMODE(each.stat().st_mode) for each in tmp_path.iterdir()} == {0o600}
        place.chmod(0o640)
        with Desk.open(str(place), create=True):
            pass
        assert stat.S_IMODE(place.stat().st_mode) == 0o640
    finally:
        os.umask(before)
