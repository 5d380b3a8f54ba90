"""What a desk does whichever database it is in: each function is one case, called with the place of a new desk."""

import random
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from tests.desk_rules import engine_believed
from tests.desk_values import (
    AUTHOR,
    LATEST,
    OTHER,
    PEOPLE,
    RECONCILER,
    REVIEWER,
    Clock,
    choice,
    entry,
    judge,
)  # fmt: skip

from semantix.errors import ActionRefused, BadDesk, BadMappings
from semantix.review.actions import Action, Person
from semantix.review.desk import Bulk, Desk, Filters, check_desk, rebuild_desk
from semantix.review.desk.schema import queue, sender, word
from semantix.review.model import Event, Kind, Mode, Role, State

ROOT = Path(__file__).resolve().parents[1]
Case = Callable[[str], None]
CASES: list[Case] = []
KILLS = 4
HELD_OUT = tuple((0.5 + 0.5 * number / 400, True) for number in range(400))
"""What an engine that is always right knows."""


def case(function: Case) -> Case:
    CASES.append(function)
    return function


def opened(place: str, items: int = 3, mode: Mode = Mode.SINGLE, **more: object) -> Desk:
    """Make a desk with some items."""
    desk = Desk.open(place, create=True, clock=Clock())
    desk.bring("me", [entry(f"toux {number}", number, **more) for number in range(1, items + 1)])
    if mode is not Mode.SINGLE:
        desk.set_mode("me", mode)
    return desk


def log_of(desk: Desk) -> tuple[Event, ...]:
    """The whole log, oldest first."""
    with desk.database.reading() as connection:
        from semantix.review.desk import log

        return tuple(log.everything(connection))


def derived(desk: Desk) -> list[list[tuple]]:
    """Everything that follows from the log."""
    with desk.database.reading() as connection:
        return [sorted(map(tuple, connection.execute(table.select()))) for table in (queue, word, sender)]


def whole(desk: Desk) -> None:
    """Assert that the desk is whole, and the same when it is built again."""
    assert check_desk(desk) == (0, 0)
    before = derived(desk)
    rebuild_desk(desk)
    assert derived(desk) == before


def key_of(function: Callable[[], object]) -> str:
    """The key under which something is refused, or nothing."""
    try:
        function()
    except ActionRefused as refusal:
        return refusal.key
    return ""


@case
def what_is_written_once_is_not_changed_even_by_hand(place: str) -> None:
    with opened(place) as desk:
        desk.act(AUTHOR, 1, judge("A00"), LATEST)
        for table in ("item", "arrival", "event"):
            for statement in (f"UPDATE {table} SET item = 9", f"DELETE FROM {table}", f"UPDATE {table} SET id = id"):
                sql = statement.replace("item = 9", "id = 9") if table == "item" else statement
                sql = sql.replace("id = id", "seq = seq") if table == "event" else sql
                with pytest.raises(DBAPIError), desk.database.engine.begin() as connection:
                    connection.execute(text(sql))
                with pytest.raises(BadDesk) as refused, desk.database.writing() as connection:
                    connection.execute(text(sql))
                assert "toux" not in str(refused.value)
        whole(desk)


@case
def a_log_that_was_tampered_with_says_so(place: str) -> None:
    with opened(place) as desk:
        desk.act(AUTHOR, 1, judge("A00"), LATEST)
        desk.act(AUTHOR, 2, judge("A00"), LATEST)
        assert check_desk(desk) == (0, 0)
        with desk.database.writing() as connection:
            if desk.database.is_sqlite:
                connection.execute(text("DROP TRIGGER event_no_UPDATE"))
                connection.execute(text("DROP TRIGGER arrival_no_UPDATE"))
            else:
                connection.execute(text("ALTER TABLE event DISABLE TRIGGER event_written_once"))
                connection.execute(text("ALTER TABLE arrival DISABLE TRIGGER arrival_written_once"))
            connection.execute(text("UPDATE event SET who = 'eve' WHERE seq = 3"))
        assert check_desk(desk) == (3, 1)
        with desk.database.writing() as connection:
            connection.execute(text("UPDATE arrival SET body = '{}' WHERE id = 2"))
        assert check_desk(desk)[0] == 1


@case
def a_derived_row_that_was_changed_is_counted_and_built_again(place: str) -> None:
    with opened(place) as desk:
        with desk.database.writing() as connection:
            connection.execute(text("UPDATE queue SET state = 'accepted' WHERE item = 1"))
            connection.execute(text("DELETE FROM queue WHERE item = 2"))
        assert check_desk(desk) == (0, 2)
        assert rebuild_desk(desk) == 3
        assert check_desk(desk) == (0, 0)


@case
def who_saves_second_is_told_and_nothing_is_lost(place: str) -> None:
    with opened(place) as desk:
        first = desk.act(AUTHOR, 1, judge("A00"), 0)
        second = desk.act(OTHER, 1, judge("B00"), 0)
        assert (first.outdated, second.outdated) == (False, True)
        assert second.standing.judgement == choice("A00")
        view = desk.view(1, AUTHOR)
        assert [(each.who, each.judgement) for each in view.standing.aside] == [("bob", choice("B00"))]
        again = desk.act(OTHER, 1, judge("B00"), view.standing.version)
        assert (again.outdated, again.standing.judgement) == (False, choice("B00"))
        late = desk.act(RECONCILER, 1, Action(kind=Kind.REOPENED, reason="no"), 0)
        assert (late.outdated, late.event) == (True, 0)
        whole(desk)


@case
def a_draft_and_a_note_are_never_late(place: str) -> None:
    with opened(place) as desk:
        desk.act(AUTHOR, 1, judge("A00"), 0)
        saved = desk.act(OTHER, 1, Action(kind=Kind.DRAFTED, judgement=choice("B00")), 0)
        assert not saved.outdated
        assert dict(saved.standing.drafts) == {"bob": choice("B00")}
        assert dict(desk.view(1, AUTHOR).standing.drafts) == {}
        assert not desk.act(OTHER, 1, Action(kind=Kind.NOTED, text="hm"), 0).outdated


@case
def who_may_not_act_writes_nothing_however_late(place: str) -> None:
    with opened(place) as desk:
        desk.act(AUTHOR, 1, judge("A00"), 0)
        before = len(log_of(desk))
        reader = Person("rose", Role.READER)
        assert key_of(lambda: desk.act(reader, 1, judge("B00"), 0)) == "role_needed"
        assert key_of(lambda: desk.act(OTHER, 1, judge("B00", refused=["B00"]), 0)) == "target_twice"
        assert key_of(lambda: desk.act(OTHER, 1, Action(kind=Kind.RECONCILED, judgement=choice()), 0)) == "role_needed"
        for number in (0, -1, 4, 2**63, 2**70):
            assert key_of(lambda: desk.act(AUTHOR, number, judge("B00"), 0)) == "no_such_item"  # noqa: B023
            assert key_of(lambda: desk.view(number, AUTHOR)) == "no_such_item"  # noqa: B023
        assert len(log_of(desk)) == before


@case
def in_blind_mode_the_second_is_not_late_and_the_third_is(place: str) -> None:
    with opened(place, mode=Mode.BLIND_DUAL) as desk:
        desk.act(AUTHOR, 1, judge("A00"), 0)
        second = desk.act(OTHER, 1, judge("B00"), 0)
        assert (second.outdated, second.standing.state) == (False, State.TO_RECONCILE)
        third = desk.act(REVIEWER, 1, judge("C00"), 0)
        assert third.outdated
        done = desk.act(
            RECONCILER, 1, Action(kind=Kind.RECONCILED, judgement=choice("A00")), second.standing.version
        )  # fmt: skip
        assert done.standing.state is State.ACCEPTED
        said = {each.judgement.chosen[0].code for each in (*done.standing.judged, *done.standing.aside)}
        assert said == {"A00", "B00", "C00"}


@case
def blind_mode_shows_a_waiting_choice_nowhere(place: str) -> None:
    with opened(place, mode=Mode.BLIND_DUAL) as desk:
        desk.act(AUTHOR, 1, Action(kind=Kind.DRAFTED, judgement=choice("Z91")), LATEST)
        desk.undo(AUTHOR)
        desk.act(AUTHOR, 1, judge("Z92"), LATEST)
        desk.undo(AUTHOR)
        desk.act(AUTHOR, 1, judge("Z93", refused=["Z94"], note="Z95"), LATEST)
        desk.bring("me", [replace(entry("toux 2", 2), judgement=choice("Z96"), state=State.DRAFT, status_by="zoe")])
        gone = {("cim10", "Z93"): fate("Z93", "moved"), ("cim10", "Z96"): fate("Z96", "moved")}
        desk.remap("me", gone, "new")
        for person in PEOPLE:
            seen = everything_seen(desk, person)
            own = person is AUTHOR
            assert ("Z93" in seen) is own, person
            assert own or not re.search("Z9[1-6]", seen), person
        whole(desk)


def fate(code: str, *kinds: str) -> object:
    from semantix.review.remapping import Fate

    return Fate(system="cim10", code=code, kinds=kinds, new_display=f"Nouvelle {code}")


def everything_seen(desk: Desk, person: Person) -> str:
    """All that a person is shown, as text."""
    from semantix.review.desk.history import Wanted

    every = Filters(states=("all",))
    told: list[object] = [desk.page(every, person), desk.events(person), desk.entries(viewer=person)]
    told += [desk.history(person, Wanted(kind=kind)) for kind in ("", "brought", "remapped", "undone", "judged")]
    batches = {event.batch for event in log_of(desk) if event.batch}
    told += [desk.batch(person, batch) for batch in sorted(batches)]
    told += [desk.view(row.id, person) for row in desk.page(every, person).rows]
    told += [desk.similar(desk.view(row.id, person).item, person) for row in desk.page(every, person).rows]
    return repr(told)


@case
def an_import_that_fails_leaves_nothing(place: str) -> None:
    with opened(place) as desk:
        before, rows = log_of(desk), derived(desk)
        bad = replace(entry("rhume", 5), senders={"labo": "not a number"})
        with pytest.raises((BadDesk, TypeError)):
            desk.bring("me", [entry("toux 1", 50), entry("fièvre", 4), bad])
        assert log_of(desk) == before
        assert derived(desk) == rows
        assert desk.bring("me", [entry("fièvre", 4)]).new == 1
        whole(desk)


@case
def signs_that_a_database_does_not_know_are_refused_without_telling_them(place: str) -> None:
    with opened(place) as desk:
        for label in ("secret \0 label", "secret \ud800 label"):
            with pytest.raises(BadMappings) as refused:
                desk.bring("me", [entry(label)])
            assert "secret" not in str(refused.value)
            assert key_of(lambda: desk.act(AUTHOR, 1, judge("A00", note=label), LATEST)) == "bad_choice"  # noqa: B023
        for wanted in (
            Filters(target="a\0b"),
            Filters(text="a\0b"),
            Filters(assignee="\ud800"),
            Filters(text="\ud800"),
        ):
            desk.page(wanted, AUTHOR)
        whole(desk)


@case
def a_bulk_action_is_done_as_previewed_and_undone_as_a_whole(place: str) -> None:
    with engine_believed(), opened(place, items=60, probability=0.99) as desk:
        bulk = Bulk(what="accept", filters=Filters(target="cim10"), precision=0.9, share=0.1, least=5)
        seen = desk.preview(RECONCILER, bulk, HELD_OUT)
        assert (seen.items, seen.sample) == (60, 6)
        assert key_of(lambda: desk.apply(RECONCILER, bulk, "other", HELD_OUT)) == "selection_changed"
        done = desk.apply(RECONCILER, bulk, seen.token, HELD_OUT)
        assert (done.items, done.sample) == (60, 6)
        assert desk.progress().of(State.ACCEPTED)[0] == 60
        wanted = desk.page(Filters(audit=True), REVIEWER)
        assert wanted.total == 6
        desk.act(REVIEWER, wanted.rows[0].id, Action(kind=Kind.AUDITED, right=False), LATEST)
        undone = desk.undo(RECONCILER)
        assert (len(undone.items), undone.left) == (59, (wanted.rows[0].id,))
        assert desk.progress().of(State.UNMAPPED)[0] == 60
        # What could not be taken back is not tried again: there is nothing before it.
        assert key_of(lambda: desk.undo(RECONCILER)) == "nothing_to_undo"
        whole(desk)


@case
def undo_goes_back_step_by_step_and_stops_where_somebody_built(place: str) -> None:
    with opened(place, mode=Mode.SECOND_LOOK) as desk:
        desk.act(AUTHOR, 2, judge("A00"), LATEST)
        desk.act(AUTHOR, 1, judge("A00"), LATEST)
        desk.act(AUTHOR, 1, Action(kind=Kind.NOTED, text="hm"), LATEST)
        assert [desk.undo(AUTHOR).kind for _ in range(2)] == [Kind.NOTED, Kind.JUDGED]
        desk.act(REVIEWER, 2, Action(kind=Kind.AGREED), LATEST)
        assert key_of(lambda: desk.undo(AUTHOR)) == "acted_since"
        assert desk.undo(REVIEWER).items == (2,)
        assert desk.undo(AUTHOR).items == (2,)
        assert key_of(lambda: desk.undo(AUTHOR)) == "nothing_to_undo"
        assert key_of(lambda: desk.undo(PEOPLE[0])) == "role_needed"
        assert desk.view(2, AUTHOR).standing.state is State.UNMAPPED
        whole(desk)


@case
def what_a_file_brought_is_not_undone(place: str) -> None:
    from semantix.review.model import Judged

    with opened(place) as desk:
        past = Judged(who="zoe", judgement=choice("B00"), event=0, at="2020-01-01T00:00:00Z")
        decided = entry("rhume", judgement=choice("A00"), state=State.ACCEPTED, history=(past,))
        desk.bring(AUTHOR.name, [decided])
        assert key_of(lambda: desk.undo(AUTHOR)) == "nothing_to_undo"


@case
def eight_people_at_once_break_nothing(place: str) -> None:
    people = [Person(f"p{number}", Role.RECONCILER) for number in range(8)]
    failures: list[BaseException] = []
    saved: list[tuple[str, int, bool]] = []
    with opened(place, items=9) as desk:
        start = threading.Barrier(len(people))

        def work(person: Person, seed: int) -> None:
            chance = random.Random(seed)
            try:
                start.wait()
                for _ in range(12):
                    # Half of the time everybody is on the first item, else on one of their own.
                    number = 1 if chance.random() < 0.5 else seed + 2
                    seen = desk.view(number, person).standing.version
                    done = desk.act(person, number, judge(f"A{chance.randint(0, 9)}0"), seen)
                    saved.append((person.name, done.event, done.outdated))
                    desk.page(Filters(text="toux"), person)
            except BaseException as error:  # noqa: BLE001
                failures.append(error)

        threads = [threading.Thread(target=work, args=(person, seed)) for seed, person in enumerate(people)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []
        assert len(saved) == 8 * 12
        by_number = {event.seq: event for event in log_of(desk)}
        for who, number, outdated in saved:
            assert by_number[number].who == who
            assert by_number[number].kind is (Kind.KEPT_ASIDE if outdated else Kind.JUDGED)
        aside = [each.event for each in desk.view(1, people[0]).standing.aside]
        assert sorted(aside) == sorted(number for _, number, outdated in saved if outdated)
        whole(desk)


@case
def a_process_that_is_killed_loses_nothing_that_it_acknowledged(place: str) -> None:
    chance = random.Random(20)
    with opened(place, items=6) as desk:
        acknowledged: list[tuple[int, int]] = []
        for _ in range(KILLS):
            command = [sys.executable, "-m", "tests.desk_killed", place, "6"]
            process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
            assert process.stdout is not None
            lines = [process.stdout.readline()]
            time.sleep(chance.uniform(0, 0.05))
            process.kill()
            lines += process.stdout.readlines()
            process.wait()
            process.stdout.close()
            # The last line may have been cut.
            told = [line.split() for line in lines if line.endswith("\n")]
            acknowledged += [(int(event), int(number)) for event, number in told]
            by_number = {event.seq: event for event in log_of(desk)}
            assert len(acknowledged) > 0
            for event, number in acknowledged:
                assert (by_number[event].kind, by_number[event].item) == (Kind.JUDGED, number)
            assert check_desk(desk) == (0, 0)
        assert desk.act(OTHER, 1, judge("B00"), LATEST).standing.judgement == choice("B00")
        whole(desk)


@case
def several_processes_share_a_desk(place: str) -> None:
    with opened(place, items=4) as desk:
        command = [sys.executable, "-m", "tests.desk_killed", place, "4"]
        processes = [
            subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            for _ in range(2)
        ]
        for process in processes:
            assert process.stdout is not None
            for _ in range(15):
                assert process.stdout.readline(), process.stderr and process.stderr.read()
            desk.act(OTHER, 1, judge("B00"), LATEST)
        for process in processes:
            assert process.poll() is None
            process.kill()
            process.communicate()
        whole(desk)


@case
def a_desk_that_two_make_at_once_is_one_desk(place: str) -> None:
    failures: list[BaseException] = []
    start = threading.Barrier(4)

    def make() -> None:
        try:
            start.wait()
            with Desk.open(place, create=True) as desk:
                desk.bring("me", [entry("toux")])
        except BaseException as error:  # noqa: BLE001
            failures.append(error)

    threads = [threading.Thread(target=make) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with Desk.open(place) as desk:
        assert desk.progress().codes == 1
        whole(desk)
