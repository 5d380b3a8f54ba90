"""Blind mode against people who try: nothing that the desk answers tells a first choice before both have judged."""

import json

import pytest
from tests.unit.review.web.desks import ROLES, Served, entry, judged
from tests.unit.review.web.programs import NONE, Program
from tests.unit.review.web.test_history_page import bulk_none, lines

from semantix.review.actions import Person
from semantix.review.model import Judgement, Kind, Mode
from semantix.review.remapping import Fate

ENTRIES = [entry(f"Fièvre {place}", 10 + place) for place in range(4)] + [entry("Toux", 4)]


@pytest.fixture
def served(tmp_path):
    served = Served(tmp_path, ENTRIES, Mode.BLIND_DUAL)
    yield served
    served.close()


def told_of(name, browser):
    """How many lines of the history are about what somebody did."""
    return sum(line.startswith(f"10:00 {name} ") for line in lines(browser.get("/history").text))


def test_a_bulk_judgement_which_can_only_be_no_target_is_told_to_nobody_else_while_it_waits(served):
    batch = bulk_none(served)
    for name in ("rose", "bob", "rec"):
        assert told_of("rev", served.browser(name)) == 0
        assert not [each for each in Program(served, name).ask("/events")["lines"] if each["event"]["who"] == "rev"]
    assert served.browser("rec").get(f"/bulk/done/{batch}").status_code == 404
    assert served.browser("rev").get(f"/bulk/done/{batch}").status_code == 200
    for number in range(1, 5):
        served.act("bob", number, Kind.JUDGED, judgement=Judgement(no_target=True))
    assert told_of("rev", served.browser("rose")) == 1
    assert served.browser("rec").get(f"/bulk/done/{batch}").status_code == 200


def test_taking_a_bulk_judgement_back_tells_as_little(served):
    batch = bulk_none(served)
    served.browser("rev").post("/bulk/undo", [("batch", batch)])
    assert (told_of("rev", served.browser("bob")), told_of("rev", served.browser("rev"))) == (0, 2)


def test_no_digest_is_given_on_which_a_guess_of_a_choice_or_a_draft_could_be_tried(served):
    served.act("ann", 1, Kind.DRAFTED, judgement=judged("X14"))
    served.act("ann", 1, Kind.JUDGED, judgement=judged("X14"))
    served.act("bob", 1, Kind.NOTED, text="après")
    seals = [event.digest for event in served.desk.events(Person("ann", ROLES["ann"]))]
    assert all(len(seal) == 64 for seal in seals)
    program = Program(served, "bob")
    told = json.dumps([program.ask("/events"), program.ask("/items/1/history")]) + program.get("/history").text
    told += program.get("/items/1").text
    assert not [seal for seal in seals if seal[:8] in told]


def test_what_a_new_release_did_to_a_target_is_not_told_while_the_choice_waits(served):
    served.act("ann", 1, Kind.JUDGED, judgement=judged("X14"))
    fate = Fate(system="cim10", code="X14", kinds=("relabelled",), new_display="Toux sèche")
    assert served.desk.remap("admin", {("cim10", "X14"): fate}, "cim10 2027").noted == 1
    program = Program(served, "bob")
    told = [program.ask("/items/1"), program.ask("/items", state="all"), program.ask("/items/1/history")]
    assert "relabelled" not in json.dumps(told)
    assert served.standing(1, "ann").fate == "relabelled"


def test_who_looks_and_takes_back_what_they_said_is_not_independent_afterwards(served):
    served.act("ann", 1, Kind.JUDGED, judgement=judged("X14"))
    served.act("bob", 1, Kind.JUDGED, judgement=judged("X14"))
    served.desk.undo(Person("bob", ROLES["bob"]))
    served.act("bob", 1, Kind.JUDGED, judgement=judged("X15"))
    said = [(each.who, each.judgement.chosen[0].code) for each in served.desk.gather().ratings]
    assert said == [("ann", "X14"), ("bob", "X14")]


def test_a_first_judgement_taken_back_before_anybody_else_judged_does_not_count(served):
    served.act("ann", 1, Kind.JUDGED, judgement=judged("X15"))
    served.desk.undo(Person("ann", ROLES["ann"]))
    served.act("ann", 1, Kind.JUDGED, judgement=judged("X14"))
    served.act("bob", 1, Kind.JUDGED, judgement=judged("X14"))
    assert [each.judgement.chosen[0].code for each in served.desk.gather().ratings] == ["X14", "X14"]


def test_no_answer_differs_by_what_the_first_person_chose(tmp_path):
    """Two desks that differ in one hidden choice give the second person, and a reader, the same bytes everywhere."""
    answers = []
    for place, choice in enumerate((NONE, {"targets": [{"system": "cim10", "code": "X14"}]})):
        folder = tmp_path / str(place)
        folder.mkdir()
        served = Served(folder, ENTRIES, Mode.BLIND_DUAL)
        Program(served, "ann").act(1, "judge", judgement=choice | {"note": "x" * (place + 1)})
        told = []
        for name in ("rose", "bob", "rec"):
            program = Program(served, name)
            for path in ASKED:
                answer = program.get(path)
                assert answer.status_code == 200, path
                told.append((name, path, answer.text.replace(program.csrf, "")))
        answers.append(told)
        served.close()
    for first, second in zip(*answers, strict=True):
        assert first == second


ASKED = (
    "/?state=all",
    "/?state=mapped&order=recent",
    "/?person=ann&state=all",
    "/?text=x14&state=all",
    "/items/1",
    "/items/1/similar",
    "/items/2",
    "/items/2/similar",
    "/statistics",
    "/history",
    "/history?who=ann&kind=judged",
    "/export?format=tables&losses=1&state=mapped",
    "/api/v1/items?state=all&person=ann",
    "/api/v1/items/1",
    "/api/v1/items/1/history",
    "/api/v1/items/2/similar",
    "/api/v1/events?who=ann",
    "/api/v1/statistics",
    "/api/v1/progress",
    "/api/v1/choices",
    *(
        f"/export/file?format={name}&state=mapped"
        for name in ("sssom", "usagi", "usagi-review", "stcm", "conceptmap-r4", "conceptmap-r5")
    ),
)
