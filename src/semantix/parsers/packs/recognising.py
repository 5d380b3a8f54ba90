"""Which file of which pack a file is: by its name, its physical kind, and what its first rows show."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from functools import lru_cache
from itertools import islice

from semantix.errors import UnreadableInput
from semantix.parsers._claims import Claim
from semantix.parsers.packs.expressions import filled, search
from semantix.parsers.packs.layout import decode_head, layout_of, shape_of
from semantix.parsers.packs.patterns import READ, compile_pattern
from semantix.parsers.packs.plans import PackPlan, TablePlan
from semantix.parsers.packs.sessions import bind, is_blank, name_of
from semantix.parsers.packs.spec_files import Expects, File
from semantix.parsers.tabular import dbase, sql, workbook
from semantix.parsers.tabular.delimited import fixed_rows, read_rows, split_lines
from semantix.parsers.tabular.rows import Grid, Row

LOOKED_AT = 20
"""Rows of data that recognition looks at."""
AGREEING = 0.75
_PREVIEW = 65_536
_ROWS = 10_200
"""Rows of a sheet that are kept to be looked at: data begin at the ten thousandth at the latest."""
_BINARY = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF", b"\x89PNG", b"GIF8", b"\xff\xd8\xff")
_XML_START = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:\?xml|!--|[A-Za-z_])")
_XML_DECLARED = re.compile(rb"(?:\xef\xbb\xbf)?\s*<\?xml\b")
_ROOT = re.compile(r"<(?![?!])(?:[\w.-]+:)?([\w.-]+)")


def claim_of(plan: PackPlan, role: str, file: File, head: bytes, name: str) -> Claim | None:
    """The claim of one file of a pack, or nothing."""
    named = is_named(file.names, name)
    if file.names and not named:
        return None
    tables = [plan.tables[table] for table in plan.roles[role]]
    reasons = _Look(file, tables, head, name).reasons()
    if reasons is None:
        return None
    pack = plan.pack
    said = [f"its name is like {', '.join(file.names)}"] if named else []
    why = f"pack {pack.label}, {role}: {'; '.join([*said, *reasons])}"
    confidence = min(0.95, 0.5 + 0.2 * bool(named) + 0.1 * len(reasons))
    own = set(plan.roles[role])
    looks_up = {plan.tables[join.to].role for table in tables for join in table.joins if join.to not in own}
    # What a table joined to is itself joined to is read with it.
    for other in tuple(looks_up):
        looks_up |= {plan.tables[join.to].role for name in plan.roles[other] for join in plan.tables[name].joins}
    if is_spread := _is_spread(plan, role):
        looks_up.add(role)
    return Claim(
        format=f"{pack.spec.software} export",
        version=pack.version,
        confidence=round(confidence, 2),
        why=why,
        pack=pack.id,
        role=role,
        looks_up=tuple(sorted(looks_up)),
        is_looked_up=is_spread or is_looked_up(plan, role) or all(table.table.use == "lookup" for table in tables),
    )


def is_looked_up(plan: PackPlan, role: str) -> bool:
    """True for a file that another one of the pack is joined to."""
    own = set(plan.roles[role])
    others = (table for name, table in plan.tables.items() if name not in own)
    return any(join.to in own for table in others for join in table.joins)


def _is_spread(plan: PackPlan, role: str) -> bool:
    """True when a table of a file is joined to another of its tables: a dump may be divided, a file a table."""
    own = plan.roles[role]
    return any(join.to in own and join.to != name for name in own for join in plan.tables[name].joins)


def is_named(patterns: Sequence[str], name: str) -> bool:
    """True when the last part of a name is like one of some patterns."""
    last = re.split(r"[/\\]", name)[-1].casefold()
    return any(fnmatchcase(last, pattern.casefold()) for pattern in patterns)


class _Look:
    """One look at the beginning of a file."""

    def __init__(self, file: File, tables: Sequence[TablePlan], head: bytes, name: str) -> None:
        self.file = file
        self.expects: Expects = file.expects
        self.tables = tables
        self.head = head
        self.name = name

    def reasons(self) -> list[str] | None:
        """Why the file is this one; ``None`` when it is not."""
        if not self.head.strip(b"\xef\xbb\xbf \t\r\n\0"):
            return None
        look = {
            "delimited": self._text,
            "fixed-width": self._text,
            "workbook": self._workbook,
            "dbase": self._dbase,
            "sql-insert": self._sql,
            "xml": self._xml,
            "json": self._json,
        }.get(self.file.kind)
        return look() if look is not None else None

    # --- text -----------------------------------------------------------------------------------------------------

    def _text(self) -> list[str] | None:
        head = self.head[:_PREVIEW]
        if head.startswith(_BINARY) or dbase.is_dbase(head) or _XML_DECLARED.match(head):
            return None
        wide = head.startswith((b"\xff\xfe", b"\xfe\xff"))
        if b"\0" in head and not wide and not {"utf-16-le", "utf-16-be"} & set(self.file.dialect.encodings):
            return None
        text = _decoded(head, self.file)
        reasons = self._words(text)
        if reasons is None:
            return None
        layout = layout_of(head, self.file)
        lines = split_lines(text, self.file.dialect.line_ends)
        is_whole = len(self.head) < _PREVIEW
        rows = list(self._rows(lines if is_whole else lines[:-1] or lines))[layout.skip :]
        return self._shown(reasons, Grid("", rows, layout.header))

    def _rows(self, lines: Sequence[str]) -> Iterator[Row]:
        if self.file.kind == "delimited":
            return read_rows(lines[:2_000], shape_of(self.file))
        columns = self.file.columns.values()
        fields = [(column.at - 1 if isinstance(column.at, int) else 0, column.width or 1) for column in columns]
        return fixed_rows(lines[:2_000], fields)

    def _words(self, text: str) -> list[str] | None:
        """What the text itself must show."""
        reasons = []
        expects = self.expects
        if expects.first_line is not None:
            first = text[:10_000].lstrip("\ufeff").split("\n", 1)[0].split("\r", 1)[0]
            if search(compile_pattern(expects.first_line), first[:READ]) is None:
                return None
            reasons.append("its first line is as expected")
        if expects.contains:
            if not all(words in text for words in expects.contains):
                return None
            reasons.append("it holds the words expected")
        return reasons

    def _shown(self, reasons: list[str], grid: Grid) -> list[str] | None:
        """What the header and the first rows must show."""
        expects = self.expects
        names = {name_of(cell) for cell in grid.header}
        if expects.columns:
            if not all(name_of(column) in names for column in expects.columns):
                return None
            reasons.append(f"its header names {len(expects.columns)} columns expected")
        for position, pattern in expects.header.items():
            if position > len(grid.header) or search(compile_pattern(pattern), grid.header[position - 1]) is None:
                return None
        if expects.header:
            reasons.append("its header is as expected")
        rows = [row.cells for row in grid.rows if not is_blank(row.cells)][:LOOKED_AT]
        if expects.cells is not None:
            low, high = (expects.cells,) * 2 if isinstance(expects.cells, int) else expects.cells
            if not _agree([low <= len(cells) and filled(cells) <= high for cells in rows]):
                return None
            reasons.append("its rows have the number of cells expected")
        if expects.matches:
            if not self._match(rows, grid.header):
                return None
            reasons.append(f"{len(expects.matches)} columns look as expected")
        return reasons

    def _match(self, rows: Sequence[list[str]], header: Sequence[str]) -> bool:
        table = self.tables[0]
        columns = {column.name: column for column in (*table.columns, *(c for k in table.kinds for c in k.columns))}
        for name, pattern in self.expects.matches.items():
            position = bind(columns[name], header, table)
            compiled = compile_pattern(pattern)
            fits = [
                0 <= position < len(cells) and search(compiled, cells[position].strip()) is not None for cells in rows
            ]
            if not _agree(fits):
                return False
        return True

    # --- others ---------------------------------------------------------------------------------------------------

    def _workbook(self) -> list[str] | None:
        if not workbook.is_workbook(self.head):
            return None
        reasons = ["it is a workbook"]
        if not self.expects.model_fields_set:
            return reasons
        sheets = _sheets(self.head)
        if sheets is None:
            # The beginning of a workbook says nothing: whoever has the file shows all of it.
            return None
        if not {name_of(name) for name in self.expects.tables} <= {name_of(sheet.name) for sheet in sheets}:
            return None
        wanted = self.tables[0].table.source
        sheet = next((one for one in sheets if wanted is None or name_of(one.name) == name_of(wanted)), None)
        if sheet is None:
            return None
        dialect = self.file.dialect
        rows = list(sheet.rows)
        header = tuple(rows[dialect.header - 1].cells) if 0 < dialect.header <= len(rows) else ()
        skip = (dialect.first or dialect.header + 1) - 1
        return self._shown(reasons, Grid(sheet.name, rows[skip : skip + 200], header))

    def _dbase(self) -> list[str] | None:
        if not dbase.is_dbase(self.head):
            return None
        names = tuple(field.name for field in dbase.fields_of(self.head[:_PREVIEW]))
        known = {name_of(name) for name in names}
        if not all(name_of(column) in known for column in self.expects.columns):
            return None
        return ["it is a dBASE table", *(["it has the columns expected"] if self.expects.columns else [])]

    def _sql(self) -> list[str] | None:
        text = _decoded(self.head, self.file)
        tables = {name_of(name) for name in sql.tables_in(text)}
        reasons = self._words(text)
        if not tables or reasons is None:
            return None
        known = {name_of(table.table.source or table.name) for table in self.tables}
        wanted = {name_of(name) for name in self.expects.tables}
        is_whole = len(self.head) < _PREVIEW
        # A table may come after the beginning of a dump: of that alone, one table that the pack knows is asked.
        if not tables & (known | wanted) or (is_whole and not wanted <= tables):
            return None
        return [*reasons, "it inserts rows in tables of the pack"]

    def _xml(self) -> list[str] | None:
        if not _XML_START.match(self.head[:1_000]):
            return None
        text = _decoded(self.head[:_PREVIEW], self.file)
        reasons = self._words(text)
        root = _ROOT.search(re.sub(r"<!--.*?-->", "", text[:20_000], flags=re.DOTALL))
        if reasons is None or root is None:
            return None
        if self.expects.root is not None:
            if root[1] != self.expects.root:
                return None
            reasons.append(f"its root element is {root[1]}")
        return reasons or (["it is XML"] if self.file.names else None)

    def _json(self) -> list[str] | None:
        if self.head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] not in {b"{", b"["}:
            return None
        text = _decoded(self.head[:_PREVIEW], self.file)
        reasons = self._words(text)
        if reasons is None:
            return None
        keys = [column for column in self.expects.columns if f'"{column}"' not in text]
        if keys:
            return None
        return [*reasons, "it is JSON with the keys expected" if self.expects.columns else "it is JSON"]


@lru_cache(maxsize=4)
def _sheets(data: bytes) -> tuple[Grid, ...] | None:
    """The first rows of each sheet; several packs look at the same workbook. ``None`` when it cannot be read."""
    try:
        sheets = workbook.read_workbook(data, "")
    except UnreadableInput:
        return None
    return tuple(Grid(sheet.name, list(islice(sheet.rows, _ROWS))) for sheet in sheets)


def _agree(fits: Sequence[bool]) -> bool:
    agreeing = sum(fits)
    # Of two or three rows, one may be broken.
    return bool(fits) and (agreeing >= AGREEING * len(fits) or (agreeing >= 2 and len(fits) - agreeing <= 1))


@lru_cache(maxsize=8)
def _decoded_as(head: bytes, encodings: tuple[str, ...], kind: str) -> str:
    file = File.model_validate({"kind": kind, "dialect": {"encodings": list(encodings)}})
    return decode_head(head, file).text


def _decoded(head: bytes, file: File) -> str:
    """The text of a beginning; several packs look at the same one."""
    return _decoded_as(head, tuple(file.dialect.encodings), file.kind)
