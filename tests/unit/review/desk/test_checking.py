"""A desk whose rows were changed by hand: the check names the event, and never stumbles over what it finds."""

import sqlite3

import pytest
from tests.desk_values import entry

from semantix.review.actions import Action, Person
from semantix.review.desk import Desk, check_desk
from semantix.review.model import Judgement, Kind, Role


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ("UPDATE event SET body = '{' WHERE seq = 2", (2, 0)),
        ("UPDATE event SET kind = 'guessed' WHERE seq = 2", (2, 0)),
        ("UPDATE event SET who = 'mallory' WHERE seq = 2", (2, 1)),
        ("UPDATE item SET source = '{' WHERE id = 1", (1, 1)),
        ("UPDATE arrival SET body = '[]' WHERE item = 1", (1, 1)),
        ("UPDATE queue SET state = 'rejected' WHERE item = 1", (0, 1)),
        ("DELETE FROM event WHERE seq = 2", (0, 1)),
    ],
)
def test_what_was_changed_by_hand_is_named(tmp_path, change, found):
    place = str(tmp_path / "desk.sqlite")
    with Desk.open(place, create=True) as desk:
        desk.bring("file", [entry("Fièvre")])
        none = Action(kind=Kind.JUDGED, judgement=Judgement(no_target=True))
        desk.act(Person("ann", Role.AUTHOR), 1, none, 0)
    connection = sqlite3.connect(place)
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute(change)
    connection.commit()
    connection.close()
    with Desk.open(place) as desk:
        assert check_desk(desk) == found
