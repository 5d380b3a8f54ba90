"""NOS of the ANS in ``.tabs``: text between semicolons with two headers, one of the file and one of its rows.

Nothing is escaped: a row begins with an OID, so that a line which does not goes on with the row before, and a row with
too many cells is left out where more than one column could hold the surplus semicolon.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from msgspec import Struct

from semantix.terminology import codes
from semantix.terminology.records import Concept, Link, Record, Term
from semantix.terminology.releases._cells import fold
from semantix.terminology.releases._importer import Hints, Importer, Refused, Release
from semantix.terminology.releases._naming import Collected, system_key
from semantix.terminology.releases._tabular import Tally, base, decode, lines
from semantix.terminology.releases.svs import LICENCE
from semantix.terminology.releases.svs import members as svs_members
from semantix.terminology.source import Source

_HEADER = re.compile(r"<[^<>;]+>(;<[^<>;]+>)+;?")
_ROW = re.compile(r"(urn:oid:)?[0-2](\.\d+)+;")
_LABELS = ("libelle_adapte", "libelle", "libelle_long", "libelle_court")
"""Folded names of the columns that hold wordings: the display is the first that is not empty."""


class _Table(Struct, frozen=True):
    """One file: what its first header says, the columns of its rows, and the rows, each with its line number."""

    name: str
    oid: str
    kind: str
    title: str
    modified: str
    columns: tuple[str, ...]
    rows: tuple[tuple[int, str], ...]


def _names(source: Source) -> tuple[str, ...]:
    return source.find("*.tabs")


def _claims(source: Source, _: Hints) -> bool:
    names = _names(source)
    return bool(names) and not svs_members(source) and source.head(names[0], 64).lstrip(b"\xef\xbb\xbf")[:1] == b"<"


def _table(source: Source, name: str) -> _Table:
    found = list(lines(decode(source.read(name), name, fallback="cp1252")))
    heads = [number for number, (_, line) in enumerate(found) if _HEADER.fullmatch(line.strip())]
    if len(heads) != 2 or heads != [0, 2]:
        raise Refused(
            f"{base(name)}: found {len(heads)} headers <…>;<…>, expected one in the first line and one in the third"
        )
    about = dict(zip(_columns(found[0][1]), found[1][1].split(";"), strict=False))
    columns = tuple(_columns(found[2][1]))
    if len(columns) < 3 or columns[1] != "code":
        raise Refused(f"{base(name)}: found the columns {' '.join(columns)}; expected a system, a code and a label")
    rows: list[tuple[int, str]] = []
    for number, line in found[3:]:
        if _ROW.match(line) or not rows:
            rows.append((number, line))
        else:
            rows[-1] = (rows[-1][0], f"{rows[-1][1].rstrip()} {line.strip()}")
    modified = about.get("date_maj") or about.get("date_mise_a_jour") or about.get("date_valid") or ""
    kind = about.get("type_fichier", "").strip()
    title = about.get("description", "").strip() or PurePosixPath(name).stem
    return _Table(name, about.get("oid", "").strip(), kind, title, modified.strip()[:8], columns, tuple(rows))


def _columns(line: str) -> list[str]:
    return [fold(each) for each in line.strip().rstrip(";").split(";")]


def _describe(source: Source, hints: Hints) -> Release:
    tables = [_table(source, name) for name in _names(source)]
    found = {row.split(";", 1)[0].strip() for table in tables for _, row in table.rows}
    systems = {system_key(each.removeprefix("urn:oid:")) for each in found} - {""}
    if any(table.kind.upper() == "JDV" for table in tables):
        systems.add("valueset")
    version = hints.version or max(table.modified for table in tables)
    if not version:
        raise Refused(f"{source.name}: no file tells its date of modification; give --version")
    name = "ans-nos" if len(tables) > 1 else f"nos-{PurePosixPath(tables[0].name).stem.strip()}"
    return Release(name, version, tuple(sorted(systems)), LICENCE)


def _read(source: Source, _: Hints) -> Iterator[Record]:
    tally = Tally()
    collected = Collected()
    for name in _names(source):
        table = _table(source, name)
        is_set = table.kind.upper() == "JDV"
        if is_set:
            yield from collected.add(Concept("valueset", table.oid, table.title, table.kind))
        for number, line in table.rows:
            cells = _cells(line, table.columns)
            system = system_key(cells[0].removeprefix("urn:oid:")) if cells else ""
            code = codes.canonical(system, cells[1]) if system else ""
            if not code:
                tally.add("row with another number of cells, or without a code", f"{base(name)} line {number}")
                continue
            yield from _concept(dict(zip(table.columns, cells, strict=True)), (system, code), table, collected)
            if is_set:
                yield Link("valueset", table.oid, system, code, "related", "member")
    yield from tally.records()


def _cells(line: str, columns: tuple[str, ...]) -> list[str]:
    """Split a row; a surplus semicolon belongs to the label where there is only one label. Nothing where in doubt."""
    cells = [" ".join(cell.split()) for cell in line.split(";")]
    while len(cells) > len(columns) and not cells[-1]:
        cells.pop()
    cells += [""] * (len(columns) - len(cells))
    surplus = len(cells) - len(columns)
    if surplus:
        labels = [place for place, column in enumerate(columns) if column.startswith("libelle")]
        if len(labels) != 1:
            return []
        at = labels[0]
        cells[at : at + surplus + 1] = ["; ".join(cells[at : at + surplus + 1])]
    return cells


def _concept(row: dict[str, str], place: tuple[str, str], table: _Table, collected: Collected) -> Iterator[Record]:
    system, code = place
    display = next((row[column] for column in _LABELS if row.get(column)), "")
    start, end = row.get("date_valid", ""), row.get("date_fin", "")
    # Ended before the file was modified: without a clock, nothing else says that an end is in the past.
    active = not end or not table.modified or end[:8] > table.modified
    facts = {"end": end, "start": start}
    properties = {key: value for key, value in facts.items() if value}
    yield from collected.add(Concept(system, code, display, active=active, properties=properties))
    for column, kind in (("libelle_court", "short"), ("libelle_long", "synonym")):
        if row.get(column) and row[column] != display:
            yield Term(system, code, row[column], kind)


IMPORTER = Importer("nos-tabs", "NOS of the ANS, .tabs files (TRE and JDV)", _claims, _describe, _read)
