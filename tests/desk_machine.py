"""People of every role act at random on a real desk; beside it stands a naive account of what they were told.

After each step the desk is whole, built again it is the same, nothing that anybody saved is gone, and nobody saw or
accepted what they must not.
"""

import re
import tempfile
from collections import Counter

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from msgspec.structs import replace
from tests.desk_cases import HELD_OUT, derived, everything_seen, fate, log_of
from tests.desk_rules import engine_believed
from tests.desk_values import PEOPLE, RECONCILER, Clock, choice, entry, refusal

from semantix.errors import ActionRefused
from semantix.review.actions import ACTIONS, UNDO, Action, Person
from semantix.review.desk import Bulk, Desk, Filters, check_desk, rebuild_desk
from semantix.review.desk.bulk import ROLES
from semantix.review.model import Event, How, Judgement, Kind, Mode, State

LABELS = ("toux", "fièvre", "rhume", "angine")
EVERY = Filters(states=("all",))
WAITING = (State.MAPPED, State.IN_REVIEW, State.DRAFT)
people = st.sampled_from(PEOPLE)
numbers = st.integers(1, len(LABELS))


class DeskMachine(RuleBasedStateMachine):
    """A desk of four items at most, and what was said to it."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(prefix="sxdesk-")
        self.desk = Desk.open(self.place(), create=True, clock=Clock())
        self.frequencies: dict[str, int] = {}
        self.log: tuple[Event, ...] = ()
        self.said: list[tuple[int, str, Kind, Judgement]] = []
        self.mode = Mode.SINGLE
        self.turn = 0

    def place(self) -> str:
        """Where the desk is: a file, unless a subclass knows a server."""
        return f"{self.folder.name}/desk.sqlite"

    def teardown(self) -> None:
        self.desk.close()
        self.folder.cleanup()

    def a_choice(self, kind: int) -> Judgement:
        """One of a few choices; its note is a mark by which it is found again wherever it is shown."""
        self.turn += 1
        codes, mark = (("A00",), ("B00",), ())[kind % 3], f"mark{self.turn:03}."
        return choice(*codes, refused=["C00"] if kind == 3 else [], note=mark)

    @initialize(mode=st.sampled_from(list(Mode)))
    def begin(self, mode: Mode) -> None:
        self.bring(LABELS[:3], 5, False, State.UNMAPPED, 0)
        self.choose_mode(mode)

    # --- what people do ---------------------------------------------------------------------------------------------

    @rule(
        labels=st.lists(st.sampled_from(LABELS), min_size=1, max_size=4),
        frequency=st.integers(1, 9),
        add=st.booleans(),
        state=st.sampled_from(
            [State.UNMAPPED, State.MAPPED, State.ACCEPTED, State.REJECTED, State.TO_RECONCILE, State.DRAFT]
        ),
        kind=st.integers(0, 4),
    )
    def bring(self, labels: list[str], frequency: int, add: bool, state: State, kind: int) -> None:
        judgement = refusal("C00") if kind == 4 else self.a_choice(kind)
        told = None if state is State.UNMAPPED and kind != 4 else judgement
        entries = [
            entry(label, frequency, 0.95, judgement=told, state=state, status_by="zoe" if kind else "")
            for label in labels
        ]
        done = self.desk.bring("me", entries, add=add)
        assert done.new == len(set(labels) - set(self.frequencies))
        assert done.new + done.updated + done.unchanged == len(set(labels))
        for label in dict.fromkeys(labels):
            self.frequencies[label] = frequency + (self.frequencies.get(label, 0) if add else 0)

    @rule(mode=st.sampled_from(list(Mode)))
    def choose_mode(self, mode: Mode) -> None:
        self.desk.set_mode("me", mode)
        self.mode = mode
        assert self.desk.mode() is mode

    @rule(
        person=people,
        number=numbers,
        kind=st.sampled_from([*ACTIONS, Kind.JUDGED, Kind.JUDGED, Kind.JUDGED, Kind.AGREED]),
        which=st.integers(0, 3),
        fresh=st.sampled_from([True, True, False]),
    )
    def act(self, person: Person, number: int, kind: Kind, which: int, fresh: bool) -> None:
        right = kind is Kind.AUDITED and which == 0
        judgement = None if right else self.a_choice(which)
        action = Action(kind=kind, judgement=judgement, reason="why", text="text", to="bob", right=right)
        key = ""
        try:
            before = self.desk.view(number, person).standing
            saved = self.desk.act(person, number, action, before.version if fresh else 0)
        except ActionRefused as refused:
            key = refused.key
        if key:
            assert key in {"role_needed", "no_such_item"} or person.may(ACTIONS[kind])
            return
        assert person.may(ACTIONS[kind])
        assert not (fresh and saved.outdated)
        if judgement is not None and kind in {Kind.DRAFTED, Kind.JUDGED, Kind.RECONCILED, Kind.AUDITED}:
            kept = Kind.KEPT_ASIDE if saved.outdated else kind
            self.said.append((saved.event, person.name, kept, judgement))

    @rule(person=people)
    def undo(self, person: Person) -> None:
        key = ""
        try:
            done = self.desk.undo(person)
        except ActionRefused as refused:
            key = refused.key
        if key:
            assert key in {"nothing_to_undo", "acted_since", "role_needed"}
            assert (key == "role_needed") is not person.may(UNDO)
            return
        assert done.items
        assert person.may(UNDO)

    @rule(person=people, what=st.sampled_from(sorted(ROLES)), to=st.sampled_from(["", "ann", "bob"]))
    def act_in_bulk(self, person: Person, what: str, to: str) -> None:
        bulk = Bulk(what=what, filters=replace(EVERY, target="cim10"), precision=0.9, least=1, to=to)
        key = ""
        try:
            with engine_believed():
                seen = self.desk.preview(person, bulk, HELD_OUT)
            assert person.may(ROLES[what])
            with engine_believed():
                done = self.desk.apply(person, bulk, seen.token, HELD_OUT)
        except ActionRefused as refused:
            key = refused.key
        if key:
            assert key in {"role_needed", "nothing_selected"}
            assert (key == "role_needed") is not person.may(ROLES[what])
            return
        assert done.items == seen.items
        assert sum(event.batch == done.batch for event in log_of(self.desk)) == done.items + done.sample

    @rule(kinds=st.sampled_from([("retired",), ("moved",), ("relabelled", "moved"), ("unchanged",)]))
    def follow_a_new_release(self, kinds: tuple[str, ...]) -> None:
        done = self.desk.remap("me", {("cim10", "A00"): fate("A00", *kinds)}, "new")
        affected = done.noted + done.reopened
        assert affected <= done.items
        assert kinds != ("unchanged",) or affected == 0

    # --- what is always true ----------------------------------------------------------------------------------------

    @invariant()
    def the_desk_is_whole(self) -> None:
        assert check_desk(self.desk) == (0, 0)
        before = derived(self.desk)
        rebuild_desk(self.desk)
        assert derived(self.desk) == before

    @invariant()
    def nothing_is_lost(self) -> None:
        now = log_of(self.desk)
        assert now[: len(self.log)] == self.log
        self.log = now
        by_number = {event.seq: event for event in now}
        for number, who, kind, judgement in self.said:
            event = by_number[number]
            assert (event.who, event.kind, event.judgement) == (who, kind, judgement)
        undone = {event.undoes for event in now}
        for row in self.desk.page(EVERY, RECONCILER).rows:
            standing = self.desk.view(row.id, Person("nobody", RECONCILER.role)).standing
            kept = {event.seq for event in now if event.item == row.id and event.kind is Kind.KEPT_ASIDE} - undone
            if standing.state not in WAITING:
                assert kept <= {each.event for each in standing.aside}

    @invariant()
    def figures_are_those_of_a_recount(self) -> None:
        rows = self.desk.page(EVERY, RECONCILER).rows
        assert {row.label: row.frequency for row in rows} == self.frequencies
        self.desk.forget()
        progress = self.desk.progress()
        assert {state: counts[0] for state, counts in progress.states.items()} == Counter(row.state for row in rows)
        assert progress.records == sum(self.frequencies.values())
        waiting = self.desk.page(Filters(), RECONCILER)
        assert waiting.total == len(waiting.rows) == sum(row.state is not State.ACCEPTED for row in rows)

    @invariant()
    def nobody_accepts_their_own_work(self) -> None:
        log = log_of(self.desk)
        events = {event.seq: event for event in log}
        for row in self.desk.page(EVERY, RECONCILER).rows:
            view = self.desk.view(row.id, RECONCILER)
            if view.standing.state is not State.ACCEPTED or view.standing.how is not How.PERSON:
                continue
            last = events[max(e.seq for e in log if e.item == row.id and e.at == view.standing.decided_at)]
            if last.mode is not Mode.SINGLE and last.kind in {Kind.JUDGED, Kind.AGREED}:
                assert len(set(view.standing.people)) == 2

    @precondition(lambda self: self.mode is Mode.BLIND_DUAL)
    @invariant()
    def a_waiting_choice_is_not_seen(self) -> None:
        undone = {event.undoes for event in self.log}
        for person in (PEOPLE[len(self.log) % len(PEOPLE)],):
            seen = set(re.findall(r"mark\d{3}\.", everything_seen(self.desk, person)))
            for row in self.desk.page(EVERY, person).rows:
                view = self.desk.view(row.id, person)
                hidden = self.hidden_from(row.id, row.state, person)
                assert not hidden or view.standing.judgement is None
                for event in self.log:
                    if event.item != row.id or event.judgement is None or event.who == person.name:
                        continue
                    if event.kind is Kind.DRAFTED or (hidden and event.seq not in undone):
                        alone = sum(event.judgement == each.judgement for each in self.log) == 1
                        assert not alone or event.judgement.note not in seen

    def hidden_from(self, number: int, state: State, person: Person) -> bool:
        """Tell from the log alone whether a first choice waits on an item that a person did not make."""
        with self.desk.database.reading() as connection:
            from semantix.review.desk.schema import queue

            found = connection.execute(queue.select().where(queue.c.item == number)).one()
        makers = found.people.split("\n") if found.people else []
        return state in WAITING and bool(makers) and person.name not in makers
