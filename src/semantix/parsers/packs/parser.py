"""The reader that mapping packs drive: one parser for all, each file read by the only pack that claims it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from semantix.errors import UnreadableInput
from semantix.model import LineCount, Patient, SetAside
from semantix.parsers._book import Book
from semantix.parsers._claims import Claim, Cut, Input, Piece, Told
from semantix.parsers.packs.cutting import cut_file
from semantix.parsers.packs.entries import Entry
from semantix.parsers.packs.gathering import Gatherer
from semantix.parsers.packs.joins import Index, index_rows
from semantix.parsers.packs.making import Origin
from semantix.parsers.packs.people import patient_of
from semantix.parsers.packs.plans import PackPlan, TablePlan, compile_pack
from semantix.parsers.packs.recognising import claim_of
from semantix.parsers.packs.sessions import Session, entries_of
from semantix.parsers.packs.sources import Content, Opened, Prepared, open_prepared, open_tables, stem_of
from semantix.parsers.packs.spec import Pack
from semantix.parsers.tabular.rows import Grid

KEPT = 8
"""Indexes of other files that a process remembers."""
MEDIA = {
    "delimited": "text/csv",
    "fixed-width": "text/plain",
    "workbook": "application/vnd.ms-excel",
    "dbase": "application/dbase",
    "sql-insert": "application/sql",
    "xml": "text/xml",
    "json": "application/json",
    "hprim-records": "text/plain",
}


class PacksParser:
    """Reads the files that some packs describe."""

    def __init__(self, packs: Sequence[Pack]) -> None:
        self._plans: dict[str, PackPlan] = {}
        for pack in packs:
            if pack.id in self._plans:
                known = self._plans[pack.id].pack
                raise UnreadableInput(f"two packs are called {pack.id}: {known.name} and {pack.name}; keep one")
            self._plans[pack.id] = compile_pack(pack)
        self._indexes: dict[tuple[object, ...], Index] = {}

    @property
    def name(self) -> str:
        """The short name of the format."""
        return "pack"

    @property
    def cuts(self) -> bool:
        """Delimited files are cut; others are given whole."""
        return True

    @property
    def packs(self) -> tuple[Pack, ...]:
        """The packs that drive it."""
        return tuple(plan.pack for plan in self._plans.values())

    def claims(self, head: bytes, name: str) -> Claim | None:
        """The pack and the role of a file. Raises UnreadableInput when two packs, or two roles, claim it."""
        found = [claim for plan in self._plans.values() for claim in self._claims(plan, head, name)]
        if len(found) > 1:
            both = " and ".join(f"pack {claim.pack}, role {claim.role}" for claim in found)
            raise UnreadableInput(f"{name}: {both} both recognise this file; make their names or expects say more")
        return found[0] if found else None

    @staticmethod
    def _claims(plan: PackPlan, head: bytes, name: str) -> Iterator[Claim]:
        for role, file in plan.pack.spec.files.items():
            claim = claim_of(plan, role, file, head, name)
            if claim is not None:
                yield claim

    def cut(self, source: Input, claim: Claim) -> Iterator[Cut]:
        """Cut a delimited file between documents; give any other whole."""
        plan = self._plan(claim)
        table = plan.tables[plan.roles[claim.role][0]]
        yield from cut_file(source, table)

    def read(self, piece: Piece) -> Iterator[Told]:
        """Read a file or a cut of it. Raises UnreadableInput."""
        claim = piece.claim or self.claims(piece.data, piece.name)
        if claim is None or claim.pack not in self._plans:
            raise UnreadableInput(f"{piece.name}: no pack given describes this file")
        plan = self._plan(claim)
        content = Content(piece.data, piece.name, piece.line, piece.context)
        opened = open_tables(plan, claim.role, content)
        yield from self.read_opened(plan, opened, piece)

    def people(self, piece: Piece) -> Iterator[Patient]:
        """The patients that the rows of a file are about, one a row. Raises UnreadableInput."""
        claim = piece.claim or self.claims(piece.data, piece.name)
        if claim is None:
            raise UnreadableInput(f"{piece.name}: no pack given describes this file")
        plan = self._plan(claim)
        opened = open_tables(plan, claim.role, Content(piece.data, piece.name))
        finder = _Finder(self, plan, opened, piece)
        for table, grid in opened.grids:
            if table.person is None:
                continue
            session = Session(table, grid, stem_of(piece.name), finder.index)
            for entry in entries_of(session, iter(grid.rows)):
                yield patient_of(Book(), table.person, entry, piece.practice)

    def read_opened(self, plan: PackPlan, opened: Opened, piece: Piece) -> Iterator[Told]:
        """Read the tables of a file."""
        yield LineCount(opened.count)
        for table, grid in opened.grids:
            if len(opened.grids) > 1 or any(join.to == table.name for join in table.joins):
                grid.rows = list(grid.rows)
        find = _Finder(self, plan, opened, piece)
        stem = stem_of(piece.name)
        media = MEDIA[opened.grids[0][0].file.kind] if opened.grids else "text/plain"
        origin = Origin(plan.pack, piece.label or piece.name, piece.practice, media, list(opened.doubts))
        for table, grid in opened.grids:
            if table.table.use != "facts" or table.person is None:
                yield from _aside(table, grid)
                continue
            session = Session(table, grid, stem, find.index)
            yield from Gatherer(session, origin).read(grid)
        # Lines before the data are known once the rows have been read.
        yield from opened.asides

    def remembered(self, key: tuple[object, ...]) -> Index | None:
        """An index of another file, made before in this process."""
        return self._indexes.get(key)

    def remember(self, key: tuple[object, ...], index: Index) -> None:
        """Keep an index of another file."""
        while len(self._indexes) >= KEPT:
            self._indexes.pop(next(iter(self._indexes)))
        self._indexes[key] = index

    def _plan(self, claim: Claim) -> PackPlan:
        plan = self._plans.get(claim.pack)
        if plan is None or claim.role not in plan.roles:
            raise UnreadableInput(f"no pack called {claim.pack or '(none)'} has the role {claim.role or '(none)'}")
        return plan


def _aside(table: TablePlan, grid: Grid) -> Iterator[SetAside]:
    """Rows that are read for others, or that describe other files."""
    lines = sum(row.lines for row in grid.rows)
    if not lines:
        return
    if table.table.use == "description":
        yield SetAside(f"all {grid.word}s", lines, "description")
    else:
        yield SetAside(f"all {grid.word}s", lines, "administrative", "read with the other files of the export")


class _Finder:
    """Finds the rows that a table is joined to: in the same file, else in the other files of the set."""

    def __init__(self, parser: PacksParser, plan: PackPlan, opened: Opened, piece: Piece) -> None:
        self._parser = parser
        self._plan = plan
        self._here = {table.name: (table, grid) for table, grid in opened.grids}
        self._piece = piece

    def index(self, table: str, rank: int) -> Index | None:
        """The index of one join of a table; ``None`` when the file joined to is not there."""
        join = self._plan.tables[table].joins[rank]
        here = self._here.get(join.to)
        if here is not None and not self._piece.context:
            target, grid = here
            session = Session(target, grid, stem_of(self._piece.name), self.index)
            return index_rows(entries_of(session, iter(grid.rows)), join)
        return self._elsewhere(table, rank)

    def _elsewhere(self, table: str, rank: int) -> Index | None:
        join = self._plan.tables[table].joins[rank]
        role = self._plan.tables[join.to].role
        others = {
            name: one
            for name, one in self._piece.others.items()
            if name.partition("#")[0] == role and one.name != self._piece.name
        }
        if not others:
            return None
        files = tuple((name, one.name, one.size) for name, one in sorted(others.items()))
        key = (self._plan.pack.digest, table, rank, *files)
        index = self._parser.remembered(key)
        if index is None:
            entries = [entry for _, one in sorted(others.items()) for entry in self._entries(join.to, role, one)]
            index = index_rows(entries, join)
            self._parser.remember(key, index)
        return index

    def _entries(self, name: str, role: str, source: Input) -> Iterator[Entry]:
        if isinstance(source, Prepared) and source.sheets is not None:
            opened = open_prepared(self._plan, role, source)
        else:
            opened = open_tables(self._plan, role, Content(source.read(), source.name))
        finder = _Finder(self._parser, self._plan, opened, self._piece)
        for table, grid in opened.grids:
            if table.name == name:
                session = Session(table, grid, stem_of(source.name), finder.index)
                yield from entries_of(session, iter(grid.rows))


def packs_parser(packs: Sequence[Pack]) -> PacksParser:
    """The parser of some packs. Raises UnreadableInput when two have one identity."""
    return PacksParser(packs)
