"""The desk itself: what pages, the HTTP interface and the command line ask of it. Safe to share between threads.

Longer than other modules because it is the one door to the database: a method for each thing that is asked.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from types import MappingProxyType, TracebackType

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection, select, update

from semantix.errors import ActionRefused
from semantix.resources import version
from semantix.review import actions
from semantix.review.actions import UNDO, Action, Person
from semantix.review.desk import bringing, evidence, gathering, items, log, queue, remap
from semantix.review.desk import bulk as bulks
from semantix.review.desk import history as histories
from semantix.review.desk.accounts import Accounts
from semantix.review.desk.bringing import Imported, Stamp
from semantix.review.desk.bulk import Bulk, BulkDone, BulkPreview
from semantix.review.desk.evidence import Gathered
from semantix.review.desk.history import History, Line, Wanted
from semantix.review.desk.opening import Database
from semantix.review.desk.projection import standing_columns, words_of
from semantix.review.desk.queue import Filters, Page, Progress
from semantix.review.desk.remap import Remapped
from semantix.review.desk.schema import about
from semantix.review.desk.schema import queue as rows
from semantix.review.encoding import decode
from semantix.review.folding import ASIDE_KINDS, counting, fold
from semantix.review.formats.exchange import Entry
from semantix.review.model import Event, Item, Kind, Mode, Source, Standing, State
from semantix.review.remapping import Fate

Clock = Callable[[], datetime]
KEPT_SECONDS = 2.0
"""How long figures of the whole desk may be shown again without asking the database."""
DECISIONS = frozenset({Kind.BROUGHT, Kind.JUDGED, Kind.AGREED, Kind.SENT_BACK, Kind.RECONCILED, Kind.REOPENED,
                       Kind.AUTO_ACCEPTED, Kind.AUDITED, Kind.REMAPPED, Kind.UNDONE})  # fmt: skip
"""What somebody who saves has to have seen."""


class View(Struct, frozen=True, kw_only=True):
    """One item as a person may see it: its standing, and its history newest first."""

    item: Item
    standing: Standing
    history: tuple[Event, ...]


class Saved(Struct, frozen=True, kw_only=True):
    """What came of an action. ``outdated``: somebody acted first; a judgement was kept aside, nothing else changed."""

    event: int
    standing: Standing
    outdated: bool = False


class Undone(Struct, frozen=True, kw_only=True):
    """What was taken back: the kind of action, on how many items; ``left`` are those on which somebody acted since."""

    kind: Kind
    items: tuple[int, ...]
    left: tuple[int, ...] = ()


def utc_now() -> datetime:
    """The present moment."""
    return datetime.now(UTC)


def no_store(_: str) -> str:
    """No store is at hand."""
    return ""


class Desk:
    """A desk that is open. ``store_of`` names the releases in use for a target system, for the log."""

    def __init__(self, database: Database, clock: Clock = utc_now, store_of: Callable[[str], str] = no_store) -> None:
        self.database = database
        self.accounts = Accounts(database)
        self.store_of = store_of
        self._clock = clock
        self._engine = f"semantix {version()}"
        self._lock = threading.Lock()
        self._progress: tuple[float, Progress] | None = None
        self._choices: tuple[float, Mapping[str, tuple[str, ...]]] | None = None

    @classmethod
    def open(
        cls, place: str, *, create: bool = False, clock: Clock = utc_now, store_of: Callable[[str], str] = no_store
    ) -> Desk:
        """Open the desk in a file, or at a URL of PostgreSQL. Raises BadDesk."""
        return cls(Database.open(place, create=create), clock, store_of)

    def close(self) -> None:
        """Close the database."""
        self.database.close()

    def __enter__(self) -> Desk:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def place(self) -> str:
        """Where the desk is, without a password."""
        return self.database.place

    # --- settings -----------------------------------------------------------------------------------------------

    def mode(self) -> Mode:
        """How many people an acceptance takes."""
        with self.database.reading() as connection:
            return _mode(connection)

    def set_mode(self, who: str, mode: Mode) -> None:
        """Change the mode, from now on; what was accepted stays."""
        with self.database.writing() as connection:
            connection.execute(about.delete().where(about.c.name == "mode"))
            connection.execute(about.insert(), [{"name": "mode", "value": mode.value}])
            self._append(connection, [self._desk_event(who, Kind.MODE_SET, {"mode": mode.value}, mode)])

    # --- files --------------------------------------------------------------------------------------------------

    def bring(
        self, who: str, entries: Sequence[Entry], detail: Mapping[str, str] = MappingProxyType({}), add: bool = False
    ) -> Imported:
        """Bring entries that were read from a file; all of them, or none when anything fails.

        ``detail`` says what the file was (its format, its digest), never its name.
        """
        with self.database.writing() as connection:
            stamp = Stamp(self._now(), who, _batch(), _mode(connection), self._engine, self.store_of)
            done = bringing.bring(connection, entries, stamp, detail, add)
        self.forget()
        return done

    def note_desk_event(self, who: str, kind: Kind, detail: Mapping[str, str]) -> None:
        """Write an event about the desk as a whole (an export, an account)."""
        with self.database.writing() as connection:
            self._append(connection, [self._desk_event(who, kind, detail, _mode(connection))])

    # --- reading ------------------------------------------------------------------------------------------------

    def page(self, filters: Filters, viewer: Person, after: str = "", limit: int = queue.LIMIT) -> Page:
        """Read one page of the queue; ``after`` is the cursor that the page before gave."""
        with self.database.reading() as connection:
            found, cursor = queue.page(connection, filters, viewer, _mode(connection), (after, limit))
            if not after and not cursor:
                return Page(found, len(found), cursor)
            if filters == Filters(order=filters.order):
                codes = self._progress_now(connection).of(*_OPEN)[0]
            else:
                codes = queue.total(connection, filters)
            return Page(found, codes, cursor)

    def following(self, filters: Filters, item: int, backwards: bool = False) -> int | None:
        """The item after one (or before) in the order of the filters; with ``item`` 0 the first; None at the end."""
        with self.database.reading() as connection:
            return queue.following(connection, filters, item, backwards)

    def progress(self) -> Progress:
        """Codes and records by state; of two seconds ago at most, this desk's own saves included."""
        with self.database.reading() as connection:
            return self._progress_now(connection)

    def choices(self) -> Mapping[str, tuple[str, ...]]:
        """What can be chosen in the filters."""
        known = self._choices
        if known is None or time.monotonic() - known[0] > KEPT_SECONDS * 15:
            with self.database.reading() as connection:
                known = self._choices = time.monotonic(), queue.choices(connection)
        return known[1]

    def view(self, number: int, viewer: Person) -> View:
        """One item, as a person may see it. Raises ActionRefused (``no_such_item``)."""
        with self.database.reading() as connection:
            found = items.item_of(connection, number)
            events = log.of_item(connection, number)
            mode = _mode(connection)
        standing = fold(events)
        shown = actions.visible(standing, viewer, mode)
        history = tuple(event for event in reversed(events) if may_see(event, standing, viewer, mode))
        return View(item=found, standing=shown, history=history)

    def similar(self, item: Item) -> tuple[tuple[Item, Standing], ...]:
        """Items that share words with one, most first: the same wording elsewhere, other units, near terms."""
        words = words_of(replace(item.source, code="", unit=""))
        with self.database.reading() as connection:
            near = items.near(connection, item.id, words)
            found = []
            for number in near:
                row = connection.execute(select(rows.c.standing).where(rows.c.item == number)).scalar()
                if row:
                    found.append((items.item_of(connection, number), decode(row, Standing)))
        return tuple(found)

    def events(
        self, viewer: Person, before: int = 0, limit: int = 100, who: str = "", kind: str = ""
    ) -> tuple[Event, ...]:
        """The log newest first, as a person may see it: what blind mode hides is left out."""
        with self.database.reading() as connection:
            found = log.select_events(connection, before=before, limit=limit, who=who, kind=kind)
            items = sorted({event.item for event in found if event.item})
            standings = {number: fold(events) for number, events in log.of_items(connection, items).items()}
            mode = _mode(connection)
        return tuple(event for event in found if not event.item or may_see(event, standings[event.item], viewer, mode))

    def history(self, viewer: Person, wanted: Wanted = Wanted()) -> History:  # noqa: B008 - a frozen value
        """The log as people read it: each bulk action and each import as one line."""
        with self.database.reading() as connection:
            return histories.read(connection, wanted, viewer, _mode(connection), may_see)

    def batch(self, viewer: Person, batch: str) -> tuple[Line | None, bool]:
        """What one bulk action did, None when there is none of this name; and whether the viewer would undo it now."""
        with self.database.reading() as connection:
            line = histories.batch_of(connection, batch, viewer, _mode(connection))
            return line, line is not None and histories.is_last(connection, viewer.name, batch)

    def people(self) -> tuple[str, ...]:
        """Everybody whom the log names."""
        with self.database.reading() as connection:
            return histories.people(connection)

    def last_event(self) -> int:
        """The number of the last event: what was measured at the same number is still true."""
        with self.database.reading() as connection:
            return log.last(connection)

    def entries(self, states: Sequence[State] = (), viewer: Person | None = None) -> tuple[Entry, ...]:
        """The desk as entries that formats write, of some states or all; what a viewer may not see is left out."""
        with self.database.reading() as connection:
            return tuple(gathering.entries(connection, states, viewer, _mode(connection)))

    def gather(self) -> Gathered:
        """Read what the figures of the statistics page are made from; a second or so for a large desk."""
        with self.database.reading() as connection:
            return evidence.gather(connection)

    # --- a new terminology version ------------------------------------------------------------------------------

    def targets(self) -> tuple[tuple[str, str, str], ...]:
        """The targets that decisions use: system, code and display."""
        with self.database.reading() as connection:
            return remap.targets(connection)

    def remap(self, who: str, fates: Mapping[tuple[str, str], Fate], store: str) -> Remapped:
        """Write what a new version did to the targets; affected items reopen, all others stay as they are."""
        with self.database.writing() as connection:
            setting = bulks.Setting(self._now(), _batch(), _mode(connection), self._engine, store)
            done = remap.apply(connection, who, fates, setting)
        self.forget()
        return done

    # --- acting -------------------------------------------------------------------------------------------------

    def act(self, person: Person, number: int, action: Action, seen: int) -> Saved:
        """Do one thing with one item; ``seen`` is the version of the standing that the person looked at.

        Raises ActionRefused when the person may not, or not now.
        """
        with self.database.writing() as connection:
            found = items.source_of(connection, number)
            events = log.of_item(connection, number)
            standing, mode = fold(events), _mode(connection)
            shown = actions.visible(standing, person, mode)
            event = self._item_event(person, number, action, mode, found)
            if self._is_outdated(events, seen, person, mode) and action.kind is not Kind.NOTED:
                return self._keep_aside(connection, event, events, shown)
            actions.check(person, action, standing, mode)
            written = self._append(connection, [event])[0]
            after = self._project(connection, number, (*events, written))
        self._count(standing, after, found[1])
        return Saved(event=written.seq, standing=actions.visible(after, person, mode))

    def undo(self, person: Person) -> Undone:
        """Take back the last thing that a person did, a bulk action as a whole. Raises ActionRefused."""
        if not person.may(UNDO):
            raise ActionRefused(f"undoing needs the role {UNDO}; {person.role} was found", "role_needed")
        with self.database.writing() as connection:
            last = items.last_of(connection, person.name)
            if last is None:
                raise ActionRefused("there is nothing of yours to undo", "nothing_to_undo")
            batch = log.select_events(connection, batch=last.batch, limit=10_000_000) if last.batch else (last,)
            todo = [event for event in batch if event.kind not in items.NOT_UNDONE]
            done = self._take_back(connection, person, list(reversed(todo)))
        self.forget()
        if not done.items:
            raise ActionRefused("somebody acted on it since; judge it again, or ask a reconciler", "acted_since")
        return done

    def preview(self, person: Person, bulk: Bulk, held_out: Sequence[tuple[float, bool]] = ()) -> BulkPreview:
        """Tell what a bulk action would do; ``held_out`` is what the engine knows of the target.

        Raises ActionRefused.
        """
        with self.database.reading() as connection:
            return bulks.preview(connection, person, bulk, self._setting(connection, bulk, held_out))

    def apply(self, person: Person, bulk: Bulk, token: str, held_out: Sequence[tuple[float, bool]] = ()) -> BulkDone:
        """Do what was previewed under a token; nothing else. Raises ActionRefused when the selection has changed."""
        with self.database.writing() as connection:
            done = bulks.apply(connection, person, bulk, token, self._setting(connection, bulk, held_out))
        self.forget()
        return done

    def _setting(self, connection: Connection, bulk: Bulk, held_out: Sequence[tuple[float, bool]]) -> bulks.Setting:
        store = self.store_of(bulk.filters.target)
        return bulks.Setting(self._now(), _batch(), _mode(connection), self._engine, store, held_out)

    def _take_back(self, connection: Connection, person: Person, todo: Sequence[Event]) -> Undone:
        """Undo events of one action, on the items on which nobody acted since."""
        histories = log.of_items(connection, sorted({event.item for event in todo}))
        own = {event.seq for event in todo}
        left = {
            number
            for number, events in histories.items()
            if any(
                event.kind not in ASIDE_KINDS and event.seq > min(own) and event.seq not in own
                for event in counting(events)
            )
        }
        mode, batch = _mode(connection), _batch() if len(todo) > 1 else ""
        undoing = [
            Event(at=self._now(), who=person.name, kind=Kind.UNDONE, item=event.item, batch=batch, mode=mode,
                  undoes=event.seq, engine=self._engine)
            for event in todo if event.item not in left
        ]  # fmt: skip
        for event in self._append(connection, undoing):
            histories[event.item].append(event)
        touched = sorted({event.item for event in undoing})
        bulks.write_standings(connection, {number: fold(histories[number]) for number in touched})
        return Undone(kind=todo[0].kind, items=tuple(touched), left=tuple(sorted(left)))

    def _keep_aside(self, connection: Connection, event: Event, events: Sequence[Event], shown: Standing) -> Saved:
        """Somebody acted first: the judgement of the second is kept, the first one stands."""
        if event.judgement is None:
            return Saved(event=0, standing=shown, outdated=True)
        aside = replace(event, kind=Kind.KEPT_ASIDE)
        written = self._append(connection, [aside])[0]
        self._project(connection, event.item, (*events, written))
        return Saved(event=written.seq, standing=shown, outdated=True)

    def _is_outdated(self, events: Sequence[Event], seen: int, person: Person, mode: Mode) -> bool:
        """Tell whether somebody else changed what the person saw.

        In blind mode a first judgement by somebody else is not seen, and does not stand in the way of the second.
        """
        standing = fold(events)
        if standing.version <= seen:
            return False
        newer = [event for event in events if event.seq > seen and event.kind in DECISIONS]
        if all(event.who == person.name for event in newer):
            return False
        waits = standing.state in {State.MAPPED, State.IN_REVIEW, State.DRAFT, State.UNMAPPED}
        return not (mode is Mode.BLIND_DUAL and waits and len(standing.judged) < 2)

    # --- pieces -------------------------------------------------------------------------------------------------

    def _now(self) -> str:
        moment = self._clock().astimezone(UTC)
        return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def _append(self, connection: Connection, events: Sequence[Event]) -> list[Event]:
        return log.append(connection, events)

    def _desk_event(self, who: str, kind: Kind, detail: Mapping[str, str], mode: Mode) -> Event:
        return Event(at=self._now(), who=who, kind=kind, detail=detail, mode=mode, engine=self._engine)

    def _item_event(self, person: Person, number: int, action: Action, mode: Mode, found: tuple[Source, int]) -> Event:
        return Event(
            at=self._now(),
            who=person.name,
            kind=action.kind,
            item=number,
            mode=mode,
            judgement=action.judgement,
            detail=actions.event_detail(action),
            store=self.store_of(found[0].target),
            engine=self._engine,
        )

    def _project(self, connection: Connection, number: int, events: Sequence[Event]) -> Standing:
        standing = fold(events)
        connection.execute(update(rows).where(rows.c.item == number).values(**standing_columns(standing)))
        return standing

    def _progress_now(self, connection: Connection) -> Progress:
        with self._lock:
            known = self._progress
        if known is not None and time.monotonic() - known[0] < KEPT_SECONDS:
            return known[1]
        fresh = queue.progress(connection)
        with self._lock:
            self._progress = time.monotonic(), fresh
        return fresh

    def _count(self, before: Standing, after: Standing, frequency: int) -> None:
        """Keep the progress that is remembered true to what was just saved."""
        with self._lock:
            if self._progress is None or before.state is after.state:
                return
            taken, known = self._progress
            states = dict(known.states)
            for state, step in ((before.state, -1), (after.state, 1)):
                codes, records = states.get(state, (0, 0))
                states[state] = codes + step, records + step * frequency
            self._progress = taken, Progress(MappingProxyType(states))

    def forget(self) -> None:
        """Forget the figures that are remembered: what was done changes them all."""
        with self._lock:
            self._progress = None
            self._choices = None


_OPEN = tuple(state for state in State if state is not State.ACCEPTED)


def may_see(event: Event, standing: Standing, viewer: Person, mode: Mode) -> bool:
    """Tell whether an event of an item may be shown: drafts are private, first choices wait in blind mode."""
    if event.who == viewer.name or event.judgement is None:
        return True
    if event.kind is Kind.DRAFTED:
        return False
    blind = mode is Mode.BLIND_DUAL and standing.state in {State.MAPPED, State.IN_REVIEW}
    return not (blind and viewer.name not in standing.people)


def _mode(connection: Connection) -> Mode:
    value = connection.execute(select(about.c.value).where(about.c.name == "mode")).scalar()
    return Mode(value) if value else Mode.SINGLE


def _batch() -> str:
    return uuid.uuid4().hex
