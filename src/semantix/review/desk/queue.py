"""The queue: what waits for whom, filtered, ordered, a page at a time; and how far the work is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Literal

from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, Select, and_, false, func, or_, select
from sqlalchemy import Row as DatabaseRow

from semantix.errors import ActionRefused
from semantix.review.actions import Person, holds_no_text, is_hidden
from semantix.review.desk import schema
from semantix.review.desk.items import is_number
from semantix.review.desk.projection import searched
from semantix.review.model import OPEN_STATES, Audit, How, Mode, State

Order = Literal["priority", "frequency", "doubt", "label", "recent"]
ORDERS: tuple[Order, ...] = ("priority", "frequency", "doubt", "label", "recent")
LIMIT = 50
MOST = 500
ALL = "all"
Q = schema.queue.c


class Filters(Struct, frozen=True, kw_only=True):
    """What of the queue is wanted; what is empty does not limit.

    ``states`` empty means those that wait for somebody; ``(“all”,)`` every state. ``low`` and ``high`` bound the
    probability of the first candidate (an unknown one is 0). ``assignee`` ``-`` means nobody. ``text``: every word
    begins a word of the label, code or unit. ``audit`` keeps the sample that people check.
    """

    states: tuple[str, ...] = ()
    target: str = ""
    system: str = ""
    section: str = ""
    sender: str = ""
    assignee: str = ""
    person: str = ""
    text: str = ""
    low: float | None = None
    high: float | None = None
    audit: bool = False
    order: Order = "priority"


class Row(Struct, frozen=True, kw_only=True):
    """One line of the queue. ``chosen`` is the codes that stand, ``∅`` for no suitable target, empty for none yet."""

    id: int
    state: State
    frequency: int
    priority: float
    probability: float | None
    system: str
    code: str
    label: str
    unit: str
    section: str
    target: str
    candidate_code: str
    candidate_display: str
    conflicts: bool
    chosen: str
    chosen_display: str
    assignee: str
    how: How | None
    audit: Audit
    fate: str
    version: int


class Page(Struct, frozen=True):
    """Lines of the queue, how many there are in all, and the cursor of the next page, empty at the end."""

    rows: tuple[Row, ...]
    total: int
    after: str


class Progress(Struct, frozen=True):
    """Codes and records by state."""

    states: Mapping[State, tuple[int, int]]

    @property
    def codes(self) -> int:
        """How many items there are."""
        return sum(codes for codes, _ in self.states.values())

    @property
    def records(self) -> int:
        """How many records they stand for."""
        return sum(records for _, records in self.states.values())

    def of(self, *states: State) -> tuple[int, int]:
        """Codes and records of some states together."""
        found = [self.states.get(state, (0, 0)) for state in states]
        return sum(each[0] for each in found), sum(each[1] for each in found)


_ORDERS: Mapping[str, tuple[tuple[ColumnElement[Any], bool], ...]] = MappingProxyType(
    {
        "priority": ((Q.priority, True), (Q.item, False)),
        "frequency": ((Q.frequency, True), (Q.item, False)),
        "doubt": ((func.coalesce(Q.probability, 0.0), False), (Q.item, False)),
        "label": ((Q.sorted_label, False), (Q.item, False)),
        "recent": ((Q.version, True), (Q.item, False)),
    }
)
"""The columns of each order, and whether the greatest comes first."""


def page(
    connection: Connection, filters: Filters, viewer: Person, mode: Mode, window: tuple[str, int] = ("", LIMIT)
) -> tuple[tuple[Row, ...], str]:
    """Read one page: after a cursor (empty for the first), at most so many lines. Return the next cursor too."""
    after, limit = window
    query = ordered(select(*_COLUMNS).where(*conditions(filters)), filters.order)
    if after:
        query = query.where(_after(connection, filters.order, after))
    limit = min(max(1, limit), MOST)
    rows = connection.execute(query.limit(limit + 1)).fetchall()
    shown = rows[:limit]
    cursor = str(shown[-1].item) if len(rows) > len(shown) else ""
    return tuple(_row(row, viewer, mode) for row in shown), cursor


def total(connection: Connection, filters: Filters) -> int:
    """How many items the filters keep."""
    query = select(func.count()).select_from(schema.queue).where(*conditions(filters))
    return int(connection.execute(query).scalar() or 0)


def ids(connection: Connection, filters: Filters) -> list[tuple[int, int]]:
    """The items that the filters keep and their versions, in order."""
    query = ordered(select(Q.item, Q.version).where(*conditions(filters)), filters.order)
    return [(row[0], row[1]) for row in connection.execute(query)]


def following(connection: Connection, filters: Filters, item: int, backwards: bool = False) -> int | None:
    """The item after one (or before it) in the order of the filters, whether or not they still keep that one.

    With ``item`` 0, the first.
    """
    query = select(Q.item).where(*conditions(filters))
    if item:
        query = query.where(_beyond(connection, filters.order, item, backwards))
    return connection.execute(ordered(query, filters.order, backwards).limit(1)).scalar()


def progress(connection: Connection) -> Progress:
    """Codes and records by state, of the whole desk."""
    query = select(Q.state, func.count(), func.sum(Q.frequency)).group_by(Q.state)
    return Progress(MappingProxyType({State(row[0]): (int(row[1]), int(row[2])) for row in connection.execute(query)}))


def choices(connection: Connection) -> Mapping[str, tuple[str, ...]]:
    """What can be chosen in the filters: the targets, systems, sections, senders and assignees that there are."""
    # All at once: one reading of the queue, which has no index for each of them.
    columns = (Q.target, Q.system, Q.section, Q.assignee)
    rows = connection.execute(select(*columns).distinct()).fetchall()
    found = {column.name: tuple(sorted({row[place] for row in rows} - {""})) for place, column in enumerate(columns)}
    senders = connection.execute(select(schema.sender.c.sender).distinct().order_by(schema.sender.c.sender))
    return MappingProxyType(found | {"sender": tuple(row[0] for row in senders if row[0])})


def conditions(filters: Filters) -> list[ColumnElement[bool]]:
    """The filters as conditions on the queue."""
    found = list(_states(filters))
    texts = (filters.target, filters.system, filters.section, filters.sender, filters.assignee, filters.person)
    if any(holds_no_text(each) for each in texts):
        return [false()]
    for column, wanted in ((Q.target, filters.target), (Q.system, filters.system), (Q.section, filters.section)):
        if wanted:
            found.append(column == wanted)
    if filters.assignee:
        found.append(Q.assignee == ("" if filters.assignee == "-" else filters.assignee))
    if filters.sender:
        found.append(Q.item.in_(select(schema.sender.c.item).where(schema.sender.c.sender == filters.sender)))
    if filters.person:
        found.append(
            Q.item.in_(
                select(schema.log.c.item).where(schema.log.c.who == filters.person, schema.log.c.kind == "judged")
            )
        )
    if filters.low is not None:
        found.append(func.coalesce(Q.probability, 0.0) >= filters.low)
    if filters.high is not None:
        found.append(func.coalesce(Q.probability, 0.0) <= filters.high)
    found += [Q.item.in_(_begun_by(text)) for text in searched(filters.text)]
    return found


def _states(filters: Filters) -> list[ColumnElement[bool]]:
    if filters.audit:
        return [Q.audit == Audit.WANTED.value]
    if not filters.states or set(filters.states) == {state.value for state in OPEN_STATES}:
        return [Q.open.is_(True)]
    if ALL in filters.states:
        return []
    unknown = set(filters.states) - {state.value for state in State}
    if unknown:
        raise ActionRefused(f"no such state; the states are {', '.join(State)}", "unknown_state")
    return [Q.state.in_(filters.states)]


def _begun_by(text: str) -> Select[Any]:
    word = schema.word.c
    return select(word.item).where(word.word >= text, word.word < text + "\U0010ffff")


def rows_of(connection: Connection, numbers: Sequence[int], viewer: Person, mode: Mode) -> tuple[Row, ...]:
    """The lines of some items, in the order of their numbers as given."""
    found = {row.item: row for row in connection.execute(select(*_COLUMNS).where(Q.item.in_(numbers)))}
    return tuple(_row(found[number], viewer, mode) for number in numbers if number in found)


def ordered(query: Select[Any], order: str, backwards: bool = False) -> Select[Any]:
    """Put a query on the queue in an order."""
    columns = _columns(order)
    return query.order_by(*(column.desc() if down != backwards else column.asc() for column, down in columns))


def _beyond(connection: Connection, order: str, item: int, backwards: bool = False) -> ColumnElement[bool]:
    """The condition to come after an item in an order. Raises ActionRefused (``no_such_item``)."""
    (column, down), (last, _) = _columns(order)
    value = connection.execute(select(column).where(Q.item == item)).scalar() if is_number(item) else None
    if value is None:
        raise ActionRefused("there is no such item", "no_such_item")
    further = column < value if down != backwards else column > value
    tied = last < item if backwards else last > item
    # Said apart, for the index leads there: of the rest alone a database reads the queue from its beginning.
    within = column <= value if down != backwards else column >= value
    return and_(within, or_(further, tied))


def _columns(order: str) -> tuple[tuple[ColumnElement[Any], bool], ...]:
    found = _ORDERS.get(order)
    if found is None:
        raise ActionRefused(f"no such order; the orders are {', '.join(ORDERS)}", "bad_choice")
    return found


def _after(connection: Connection, order: str, cursor: str) -> ColumnElement[bool]:
    try:
        return _beyond(connection, order, int(cursor) if cursor.isascii() and cursor.isdigit() else 0)
    except (ActionRefused, ValueError):
        raise ActionRefused("the page asked for is not one; start from the first", "bad_cursor") from None


_COLUMNS = tuple(column for column in schema.queue.c if column.name not in {"standing", "sorted_label", "arrival"})


def _row(row: DatabaseRow[Any], viewer: Person, mode: Mode) -> Row:
    people = row.people.split("\n") if row.people else ()
    hidden = is_hidden(State(row.state), people, viewer, mode)
    return Row(
        id=row.item,
        state=State(row.state),
        frequency=row.frequency,
        priority=row.priority,
        probability=row.probability,
        system=row.system,
        code=row.code,
        label=row.label,
        unit=row.unit,
        section=row.section,
        target=row.target,
        candidate_code=row.candidate_code,
        candidate_display=row.candidate_display,
        conflicts=row.conflicts,
        chosen="" if hidden else row.chosen,
        chosen_display="" if hidden else row.chosen_display,
        assignee=row.assignee,
        how=How(row.how) if row.how else None,
        audit=Audit(row.audit),
        fate="" if hidden else row.fate,
        version=row.version,
    )
