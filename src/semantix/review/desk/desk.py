"""The desk itself: what pages, the HTTP interface and the command line ask of it. Safe to share between threads."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from types import MappingProxyType, TracebackType

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection, select

from semantix.resources import version
from semantix.review import actions
from semantix.review.actions import Action, Person, may_see
from semantix.review.desk import acting, bringing, evidence, gathering, items, log, queue, remap, undoing
from semantix.review.desk import bulk as bulks
from semantix.review.desk import history as histories
from semantix.review.desk.accounts import Accounts
from semantix.review.desk.acting import Saved
from semantix.review.desk.bringing import Imported, Stamp
from semantix.review.desk.bulk import Bulk, BulkDone, BulkPreview, Setting
from semantix.review.desk.evidence import Gathered
from semantix.review.desk.figures import Figures
from semantix.review.desk.history import History, Line, Wanted
from semantix.review.desk.opening import Database
from semantix.review.desk.projection import words_of
from semantix.review.desk.queue import Filters, Page, Progress
from semantix.review.desk.remap import Remapped
from semantix.review.desk.schema import DERIVED, WRITTEN_ONCE, about
from semantix.review.desk.undoing import Undone
from semantix.review.folding import fold
from semantix.review.formats.exchange import Entry
from semantix.review.model import OPEN_STATES, Event, Item, Kind, Mode, Standing, State
from semantix.review.remapping import Fate

Clock = Callable[[], datetime]


class View(Struct, frozen=True, kw_only=True):
    """One item as a person may see it: its standing, and its history newest first."""

    item: Item
    standing: Standing
    history: tuple[Event, ...]


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
        self._figures = Figures()

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
            log.append(connection, [self._desk_event(who, Kind.MODE_SET, {"mode": mode.value}, mode)])

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
            for table in (*WRITTEN_ONCE, *DERIVED):
                # Without it a database takes every word for as rare as any, and searches by the wrong index.
                connection.exec_driver_sql(f"ANALYZE {table.name}")
        self.forget()
        return done

    def note_desk_event(self, who: str, kind: Kind, detail: Mapping[str, str]) -> None:
        """Write an event about the desk as a whole (an export, an account)."""
        with self.database.writing() as connection:
            log.append(connection, [self._desk_event(who, kind, detail, _mode(connection))])

    # --- reading ------------------------------------------------------------------------------------------------

    def page(self, filters: Filters, viewer: Person, after: str = "", limit: int = queue.LIMIT) -> Page:
        """Read one page of the queue; ``after`` is the cursor that the page before gave."""
        with self.database.reading() as connection:
            found, cursor = queue.page(connection, filters, viewer, _mode(connection), (after, limit))
            if not after and not cursor:
                return Page(found, len(found), cursor)
            if filters == Filters(order=filters.order):
                codes = self._figures.progress(connection).of(*OPEN_STATES)[0]
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
            return self._figures.progress(connection)

    def choices(self) -> Mapping[str, tuple[str, ...]]:
        """What can be chosen in the filters."""
        with self.database.reading() as connection:
            return self._figures.choices(connection)

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

    def similar(self, item: Item, viewer: Person) -> tuple[tuple[Item, Standing], ...]:
        """Items that share words with one, most first: the same wording elsewhere, other units, near terms."""
        words = words_of(replace(item.source, code="", unit=""))
        with self.database.reading() as connection:
            mode = _mode(connection)
            near = items.near(connection, item.id, words)
            found = items.items_of(connection, near)
        return tuple((other, actions.visible(standing, viewer, mode)) for other, standing in found)

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
            return histories.read(connection, wanted, viewer, _mode(connection))

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
            done = remap.apply(connection, who, fates, self._setting(connection, store))
        self.forget()
        return done

    # --- acting -------------------------------------------------------------------------------------------------

    def act(self, person: Person, number: int, action: Action, seen: int) -> Saved:
        """Do one thing with one item; ``seen`` is the version of the standing that the person looked at.

        Raises ActionRefused when the person may not, or not now.
        """
        with self.database.writing() as connection:
            store = self.store_of(items.source_of(connection, number)[0].target)
            done = acting.act(connection, person, number, (action, seen), self._setting(connection, store))
        self._figures.count(done.saved.event, done.before.state, done.after.state, done.frequency)
        return done.saved

    def undo(self, person: Person) -> Undone:
        """Take back the last thing that a person did, a bulk action as a whole. Raises ActionRefused."""
        with self.database.writing() as connection:
            done = undoing.undo(connection, person, self._setting(connection))
        self.forget()
        return done

    def preview(self, person: Person, bulk: Bulk, held_out: Sequence[tuple[float, bool]] = ()) -> BulkPreview:
        """Tell what a bulk action would do; ``held_out`` is what the engine knows of the target.

        Raises ActionRefused.
        """
        with self.database.reading() as connection:
            return bulks.preview(connection, person, bulk, self._bulk_setting(connection, bulk, held_out))

    def apply(self, person: Person, bulk: Bulk, token: str, held_out: Sequence[tuple[float, bool]] = ()) -> BulkDone:
        """Do what was previewed under a token; nothing else. Raises ActionRefused when the selection has changed."""
        with self.database.writing() as connection:
            done = bulks.apply(connection, person, bulk, token, self._bulk_setting(connection, bulk, held_out))
        self.forget()
        return done

    # --- pieces -------------------------------------------------------------------------------------------------

    def _now(self) -> str:
        moment = self._clock().astimezone(UTC)
        return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def _setting(self, connection: Connection, store: str = "") -> Setting:
        return Setting(self._now(), _batch(), _mode(connection), self._engine, store)

    def _bulk_setting(self, connection: Connection, bulk: Bulk, held_out: Sequence[tuple[float, bool]]) -> Setting:
        stores = lru_cache(maxsize=None)(self.store_of)
        return replace(self._setting(connection, stores(bulk.filters.target)), held_out=held_out, stores=stores)

    def _desk_event(self, who: str, kind: Kind, detail: Mapping[str, str], mode: Mode) -> Event:
        return Event(at=self._now(), who=who, kind=kind, detail=detail, mode=mode, engine=self._engine)

    def forget(self) -> None:
        """Forget the figures that are remembered: what was done changes them all."""
        self._figures.forget()


_MODE = select(about.c.value).where(about.c.name == "mode")


def _mode(connection: Connection) -> Mode:
    value = connection.execute(_MODE).scalar()
    return Mode(value) if value else Mode.SINGLE


def _batch() -> str:
    return uuid.uuid4().hex
