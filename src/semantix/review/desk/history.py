"""The log as people read it: newest first, the events of one bulk action or import as one line."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection, func, select
from sqlalchemy.orm import aliased

from semantix.review.actions import WAITING, Person, may_see
from semantix.review.desk import log as log_rows
from semantix.review.desk import queue, undoing
from semantix.review.desk.queue import Row
from semantix.review.desk.schema import log
from semantix.review.desk.schema import queue as queue_rows
from semantix.review.folding import fold
from semantix.review.model import Event, Kind, Mode, State

CHUNK = 200
_TELLING = frozenset({"targets", "reason", "successors"})
"""Details of a new version that name the target of an item."""
MOST = 200
"""Lines of one page at most."""
NOTHING: Mapping[Kind, int] = MappingProxyType({})


class Wanted(Struct, frozen=True, kw_only=True):
    """What of the log is wanted: before an event (0 = from the newest), by whom, of which kind."""

    before: int = 0
    limit: int = 100
    who: str = ""
    kind: str = ""


class Line(Struct, frozen=True, kw_only=True):
    """One event, or the first of a batch with on how many items it has an event of each kind.

    ``undone`` are the items of the line on which it was taken back, ``undid`` what it took back itself.
    ``row`` is the item of a single event.
    """

    event: Event
    counts: Mapping[Kind, int] = NOTHING
    undone: int = 0
    undid: Event | None = None
    row: Row | None = None

    @property
    def count(self) -> int:
        """On how many items the line did what it says."""
        return self.counts.get(self.event.kind, 1)


class History(Struct, frozen=True):
    """Lines newest first, and where the next page begins, 0 at the end."""

    lines: tuple[Line, ...]
    before: int


def read(connection: Connection, wanted: Wanted, viewer: Person, mode: Mode) -> History:
    """Read one page of the log, what the viewer may not see left out."""
    heads: list[Line] = []
    before, limit = wanted.before, min(wanted.limit, MOST)
    while len(heads) < limit:
        events = log_rows.select_events(connection, before=before, limit=CHUNK, who=wanted.who, kind=wanted.kind)
        if not events:
            before = 0
            break
        for event in events:
            if before and event.seq >= before:
                continue
            line = _batch(connection, event.batch, wanted.kind) if event.batch else None
            heads.append(line or Line(event=event))
            before = heads[-1].event.seq
            if len(heads) == limit:
                break
    if before and not log_rows.select_events(connection, before=before, limit=1, who=wanted.who, kind=wanted.kind):
        before = 0
    return History(_told(connection, _seen(connection, heads, viewer, mode), viewer, mode), before)


def batch_of(connection: Connection, batch: str, viewer: Person, mode: Mode) -> Line | None:
    """The line of one batch; None when there is none of this name."""
    line = _batch(connection, batch, "") if batch else None
    if line is None or _tells_by_its_kind(connection, line, viewer, mode):
        return None
    return _told(connection, [_masked(line, viewer, mode)], viewer, mode)[0]


def is_last(connection: Connection, who: str, batch: str) -> bool:
    """Tell whether a batch is what its author would undo now."""
    last = undoing.last_of(connection, who)
    return last is not None and last.batch == batch


def people(connection: Connection) -> tuple[str, ...]:
    """Everybody whom the log names, by name: one step of the index for each, whatever the length of the log."""
    found: list[str] = []
    name = connection.execute(select(func.min(log.c.who))).scalar()
    while name is not None:
        found.append(str(name))
        name = connection.execute(select(func.min(log.c.who)).where(log.c.who > name)).scalar()
    return tuple(found)


def _batch(connection: Connection, batch: str, kind: str) -> Line | None:
    """The events of a batch, which stand in a row, as one line; of one kind only where it is asked for."""
    columns = log.c.kind, func.count(log.c.item.distinct()), func.min(log.c.seq), func.count()
    query = select(*columns).where(log.c.batch == batch).group_by(log.c.kind)
    if kind:
        query = query.where(log.c.kind == kind)
    rows = connection.execute(query).fetchall()
    if not rows:
        return None
    first = _event(connection, min(row[2] for row in rows))
    counts = MappingProxyType({Kind(row[0]): int(row[1]) for row in sorted(rows, key=lambda row: row[2])})
    single = sum(row[3] for row in rows) == 1
    return Line(event=first, counts=NOTHING if single else counts, undone=_undone_of(connection, batch, first.kind))


def _event(connection: Connection, seq: int) -> Event:
    return log_rows.select_events(connection, before=seq + 1, limit=1)[0]


def _undone_of(connection: Connection, batch: str, kind: Kind) -> int:
    later = aliased(log)
    query = (
        select(func.count(log.c.item.distinct()))
        .select_from(log)
        .join(later, later.c.undoes == log.c.seq)
        .where(log.c.batch == batch, log.c.kind == kind.value)
    )
    return int(connection.execute(query).scalar() or 0)


def _seen(connection: Connection, heads: list[Line], viewer: Person, mode: Mode) -> list[Line]:
    """Leave out what blind mode hides: single events altogether, of a batch what was chosen, or all of it."""
    numbers = sorted({line.event.item for line in heads if line.event.item and not line.counts})
    standings = {number: fold(events) for number, events in log_rows.of_items(connection, numbers).items()}
    shown = []
    for line in heads:
        if line.counts or not line.event.item:
            if not _tells_by_its_kind(connection, line, viewer, mode):
                shown.append(_masked(line, viewer, mode))
        elif may_see(line.event, standings[line.event.item], viewer, mode):
            shown.append(line)
    return shown


def _tells_by_its_kind(connection: Connection, line: Line, viewer: Person, mode: Mode) -> bool:
    """Tell whether a batch says what was chosen by being one: only "no suitable target" is judged in bulk.

    In blind mode it is left out, and its undoing too, as long as an item of it waits for somebody who has not judged.
    """
    if mode is not Mode.BLIND_DUAL or line.event.who == viewer.name:
        return False
    event = _event(connection, line.event.undoes) if line.event.kind is Kind.UNDONE else line.event
    if event.kind is not Kind.JUDGED:
        return False
    of_batch = queue_rows.join(log, log.c.item == queue_rows.c.item)
    query = select(queue_rows.c.state, queue_rows.c.people).select_from(of_batch).where(log.c.batch == event.batch)
    undecided = {*WAITING, State.UNMAPPED}
    waiting = query.where(queue_rows.c.state.in_([state.value for state in undecided])).distinct()
    return any(viewer.name not in row.people.split("\n") for row in connection.execute(waiting))


def _masked(line: Line, viewer: Person, mode: Mode) -> Line:
    """A batch without its judgement: items of it may still wait for a second person."""
    if mode is Mode.BLIND_DUAL and line.event.item and line.event.who != viewer.name:
        detail = {name: text for name, text in line.event.detail.items() if name not in _TELLING}
        return replace(line, event=replace(line.event, judgement=None, detail=MappingProxyType(detail)))
    return line


def _told(connection: Connection, lines: list[Line], viewer: Person, mode: Mode) -> tuple[Line, ...]:
    """Lines with their item, and with what was taken back."""
    singles = [line.event for line in lines if not line.counts]
    numbers = sorted({event.item for event in singles if event.item})
    rows = {row.id: row for row in queue.rows_of(connection, numbers, viewer, mode)}
    query = select(log.c.undoes).where(log.c.undoes.in_([event.seq for event in singles]))
    undone = {row[0] for row in connection.execute(query)}
    return tuple(
        replace(
            line,
            undone=line.undone if line.counts else int(line.event.seq in undone),
            undid=_undid(connection, line.event, viewer) if line.event.kind is Kind.UNDONE else None,
            row=None if line.counts else rows.get(line.event.item),
        )
        for line in lines
    )


def _undid(connection: Connection, event: Event, viewer: Person) -> Event:
    """What was taken back, without its judgement: it may have been a draft, or be given again.

    Of a bulk action it is the first event, whichever was undone first.
    """
    undone = _event(connection, event.undoes)
    batch = _batch(connection, undone.batch, "") if undone.batch else None
    undone = batch.event if batch is not None else undone
    return undone if undone.who == viewer.name else replace(undone, judgement=None)
