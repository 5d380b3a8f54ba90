"""A form that is sent twice, by an impatient hand or a browser that asks again, is one action."""

from tests.unit.review.web.desks import Served, entry
from tests.unit.review.web.programs import NONE, Program, judgement

from semantix.review.model import State


def test_a_judgement_that_is_sent_twice_is_one_event_and_one_undo(tmp_path):
    served = Served(tmp_path, [entry("Fièvre", 3)])
    program = Program(served, "ann")
    seen = program.ask("/items/1")["standing"]["version"]
    first, again = (program.act(1, "judge", judgement=judgement("X14"), seen=seen) for _ in range(2))
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json()
    assert [each["kind"] for each in program.ask("/items/1/history")["events"]] == ["judged"]
    assert program.ask("/progress")["states"]["accepted"] == {"codes": 1, "records": 3}
    program.send("/undo")
    assert served.standing(1).state is State.UNMAPPED
    served.close()


def test_who_judges_again_having_seen_what_they_said_or_says_something_else_is_heard(tmp_path):
    served = Served(tmp_path, [entry("Fièvre", 3)])
    program = Program(served, "ann")
    program.act(1, "judge", judgement=judgement("X14"), seen=0)
    program.act(1, "judge", judgement=NONE, seen=0)
    program.act(1, "judge", judgement=NONE)
    assert len(program.ask("/items/1/history")["events"]) == 3
    served.close()
