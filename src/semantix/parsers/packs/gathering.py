"""Rows to documents: those of one patient on one day are one, in the order in which they first appear."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct, field

from semantix.model import Document, SetAside
from semantix.parsers.packs.entries import Cell, Entry
from semantix.parsers.packs.making import Origin, make_document
from semantix.parsers.packs.plans import KindPlan, TablePlan
from semantix.parsers.packs.sessions import Session, is_blank, too_many
from semantix.parsers.tabular.rows import Grid

SHOWN = 12
"""Ranges of lines told of one reason."""


class Group(Struct):
    """The rows of one document, and the rows above them that give them values."""

    rows: list[Entry] = field(default_factory=list)
    above: list[Entry] = field(default_factory=list)


class Asides:
    """Rows that become no fact, by reason: one value for all that have the same."""

    def __init__(self, word: str) -> None:
        self._word = word
        self._found: dict[tuple[str, str, bool], list[tuple[int, int]]] = {}

    def add(self, entry_line: int, lines: int, reason: str, message: str = "", *, quarantined: bool = False) -> None:
        """Set rows aside."""
        self._found.setdefault((reason, message, quarantined), []).append((entry_line, lines))

    def told(self) -> Iterator[SetAside]:
        """What was set aside, with where."""
        for (reason, message, quarantined), spans in self._found.items():
            lines = sum(count for _, count in spans)
            yield SetAside(where_of(spans, self._word), lines, reason, message, quarantined)


def where_of(spans: list[tuple[int, int]], word: str) -> str:
    """Line numbers in words: ``line 4``, ``lines 2-9, 12 and 30 more``."""
    ranges: list[list[int]] = []
    for start, count in sorted(spans):
        if ranges and ranges[-1][1] + 1 >= start:
            ranges[-1][1] = max(ranges[-1][1], start + count - 1)
        else:
            ranges.append([start, start + count - 1])
    texts = [str(low) if low == high else f"{low}-{high}" for low, high in ranges[:SHOWN]]
    total = sum(count for _, count in spans)
    left = sum(high - low + 1 for low, high in ranges[SHOWN:])
    more = f" and {left} more" if left else ""
    return f"{word}{'s' if total > 1 else ''} {', '.join(texts)}{more}"


class Gatherer:
    """Reads the rows of one table."""

    def __init__(self, session: Session, origin: Origin) -> None:
        self.session = session
        self.plan: TablePlan = session.plan
        self.origin = origin
        self.asides = Asides(session.word)
        self.groups: dict[tuple[object, ...], Group] = {}
        self._carried: dict[int, Cell] | None = None
        self._above: Entry | None = None

    def read(self, grid: Grid) -> Iterator[Document | SetAside]:
        """Every document of a table, then what became none."""
        self._sort(grid)
        for group in self.groups.values():
            yield from self._document(group)
        yield from self.asides.told()

    # --- rows to groups -------------------------------------------------------------------------------------------

    def _sort(self, grid: Grid) -> None:
        session, plan = self.session, self.plan
        known = self._known_cells(grid)
        add = self.asides.add
        for row in grid.rows:
            cells = row.cells
            if row.broken:
                add(row.line, row.lines, "unreadable", row.broken, quarantined=True)
                self._forget()
            elif row.deleted:
                add(row.line, row.lines, "withdrawn", "deleted in the table")
            elif is_blank(cells):
                add(row.line, row.lines, "blank")
            elif words := too_many(cells, known):
                add(row.line, row.lines, "unreadable", words, quarantined=True)
            else:
                entry = session.entry(row)
                if not plan.kinds or self._is_fact_row(entry):
                    self._place(entry)
        self._settle_above()

    def _known_cells(self, grid: Grid) -> int:
        """How many cells a row may have, where that is known: by the header, or by what the pack expects."""
        plan = self.plan
        if plan.by_order or plan.kinds:
            return 0
        if grid.header:
            return len(grid.header)
        expected = plan.file.expects.cells
        return expected if isinstance(expected, int) else expected[1] if expected is not None else 0

    def _is_fact_row(self, entry: Entry) -> bool:
        """Sort a row by its kind; true when it is one that holds facts."""
        plan = self.plan
        entry.kind = plan.kind_of(entry)
        if entry.kind < 0:
            words = "a row of no kind that the pack knows"
            self.asides.add(entry.line, entry.lines, "unknown-kind", words, quarantined=True)
            self._forget()
            return False
        kind = plan.kinds[entry.kind]
        if kind.aside:
            self.asides.add(entry.line, entry.lines, kind.aside)
            return False
        self.session.add_own(entry)
        if kind.carry:
            self._begin(entry, kind)
            return False
        if plan.carries:
            if self._carried is None:
                words = "the row that it belongs to is not there, or could not be read"
                self.asides.add(entry.line, entry.lines, "unreadable", words, quarantined=True)
                return False
            for rank, value in self._carried.items():
                if not entry.values[rank]:
                    entry.values[rank] = value
        return True

    def _begin(self, entry: Entry, kind: KindPlan) -> None:
        """A row whose values go down to the next rows."""
        self._settle_above()
        words = self.session.fault(entry)
        if words:
            self.asides.add(entry.line, entry.lines, "unreadable", words, quarantined=True)
            self._carried = None
            return
        self._carried = {rank: entry.values[rank] for rank in kind.carry}
        self._above = entry

    def _forget(self) -> None:
        """What follows a row that cannot be told may belong to it: nothing of the rows before goes down to it."""
        if self.plan.carries:
            self._settle_above()
            self._carried = None

    def _settle_above(self) -> None:
        if self._above is not None:
            self.asides.add(self._above.line, self._above.lines, "structure", "a heading without a result")
            self._above = None

    def _place(self, entry: Entry) -> None:
        """Put a row in its group, unless it cannot be read or is withdrawn."""
        plan = self.plan
        words = self.session.fault(entry)
        if words:
            self.asides.add(entry.line, entry.lines, "unreadable", words, quarantined=True)
            return
        if plan.withdrawn is not None and plan.withdrawn(entry):
            self.asides.add(entry.line, entry.lines, "withdrawn", "its source says that it is deleted or outdated")
            return
        key = group_key(plan, entry)
        if key is None:
            words = "nothing says which patient it is about"
            self.asides.add(entry.line, entry.lines, "no-patient", words, quarantined=True)
            return
        group = self.groups.get(key)
        if group is None:
            group = self.groups[key] = Group()
        group.rows.append(entry)
        if self._above is not None:
            group.above.append(self._above)
            self._above = None

    # --- groups to documents --------------------------------------------------------------------------------------

    def _document(self, group: Group) -> Iterator[Document | SetAside]:
        kept: list[Entry] = []
        seen: dict[tuple[object, ...], int] = {}
        word = self.session.word
        for entry in group.rows:
            content = (*self.session.content(entry), entry.kind)
            first = seen.setdefault(content, entry.line)
            if first == entry.line:
                kept.append(entry)
                continue
            where = f"{word} {entry.line}, the same as {word} {first}"
            yield SetAside(where, entry.lines, "repeated", "all its cells are those of another row of the document")
        document, silent = make_document(self.plan, kept, group.above, self.origin)
        for entry in silent:
            self.asides.add(entry.line, entry.lines, "comment", "nothing in it makes a fact")
        if document is not None:
            yield document
            return
        for entry in group.above:
            self.asides.add(entry.line, entry.lines, "structure", "a heading without a result")


def group_key(plan: TablePlan, entry: Entry) -> tuple[object, ...] | None:
    """Which document a row belongs to; ``None`` when it does not say whom it is about."""
    person, gather = plan.person, plan.gather
    assert person is not None
    who = person.key(entry)
    if not who:
        return None
    author = person.author_key(entry) if person.author else ()
    key: tuple[object, ...] = (who, gather.sender_of(entry), author)
    if gather.by == "patient-day":
        return (*key, gather.day_of(entry))
    if gather.by == "row":
        return (*key, entry.line)
    return key
