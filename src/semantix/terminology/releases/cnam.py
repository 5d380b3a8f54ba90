"""CNAM's tables in dBASE: CCAM, NABM, LPP, UCD, as archives of one or several parts.

The tables keep their history: of several rows of one key the latest counts. Text is CP850. The meaning of the columns
of NABM and LPP is deduced from their content; those of CCAM and UCD are in CNAM's notices.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath

from msgspec import Struct

from semantix.terminology import codes
from semantix.terminology.records import Concept, Link, Parent, Record, Term
from semantix.terminology.releases._cells import version_of
from semantix.terminology.releases._dbf import fields, is_dbf, rows
from semantix.terminology.releases._importer import Hints, Importer, Refused, Release
from semantix.terminology.releases._tabular import Tally
from semantix.terminology.releases.code_tables import is_over
from semantix.terminology.source import Source

Row = dict[str, str]
_LONG = re.compile(r"nom_long([0-9a-z]?)")
_NOTES = {"1": "exclusion", "2": "inclusion", "3": "inclusion", "8": "inclusion"}
_DATE = re.compile(r"(?<!\d)(20\d{6})(?!\d)")
_NUMBER = re.compile(r"(?:ccam|tot|lpp|total_)0*(\d{2,5})(?!\d)", re.IGNORECASE)


class _Tables(Struct):
    """The tables of a source by the part that they play."""

    source: Source
    members: dict[str, str]

    def rows(self, part: str) -> Iterator[Row]:
        """The records of a part; none where the source lacks it."""
        if part in self.members:
            name = self.members[part]
            yield from rows(self.source.read(name), name)


class _Kind(Struct, frozen=True):
    """One terminology: the columns that its tables are known by, one part after the other; the first is needed."""

    system: str
    parts: tuple[tuple[str, frozenset[str]], ...]
    read: Callable[[_Tables, Tally], Iterator[Record]]


def _ccam(tables: _Tables, tally: Tally) -> Iterator[Record]:
    menus = _latest(tables.rows("menu"), ("cod_menu",), "", tally)
    places = {key: _place(key, menus) for (key,) in menus}
    for (key,), row in menus.items():
        if places[key]:
            kind = {1: "chapter", 2: "section"}.get(places[key].count(".") + 1, "heading")
            yield Concept("ccam", codes.canonical("ccam", places[key]), _clean(row["libelle"]), kind, assignable=False)
            above = places.get(row["cod_pere"].strip(), "")
            if above:
                yield Parent("ccam", codes.canonical("ccam", places[key]), codes.canonical("ccam", above))
    acts = _latest(tables.rows("act"), ("cod_acte",), "dt_modif", tally)
    for (code,), row in sorted(acts.items()):
        yield from _labelled("ccam", code, row, ended=row.get("dt_fin", ""), start=row.get("dt_effet", ""))
        place = places.get(row.get("menu_cod", "").strip(), "")
        if place:
            yield Parent("ccam", code, codes.canonical("ccam", place))
        else:
            tally.add("an act below no menu", code)
    for row in tables.rows("note"):
        kind = _NOTES.get(row["typnot_cod"].strip().lstrip("0"), "note")
        text = _clean("".join(value for name, value in row.items() if name.startswith("texte_no")))
        if text and (row["acte_cod"].strip(),) in acts:
            yield Term("ccam", codes.canonical("ccam", row["acte_cod"]), text, kind)


def _place(key: str, menus: dict[tuple[str, ...], Row]) -> str:
    """The ranks on the way from below the root: ``01.02``; a loop, or the root itself, has no place."""
    ranks: list[str] = []
    seen: set[str] = set()
    while (key,) in menus and key not in seen:
        seen.add(key)
        row = menus[(key,)]
        if (row["cod_pere"].strip(),) not in menus or row["cod_pere"].strip() == key:
            break
        ranks.append(row["rang"].strip().lstrip("0").zfill(2))
        key = row["cod_pere"].strip()
    return ".".join(reversed(ranks))


def _nabm(tables: _Tables, tally: Tally) -> Iterator[Record]:
    for (code,), row in sorted(_latest(tables.rows("act"), ("code_nabm",), "date_debut", tally).items()):
        yield from _labelled("nabm", code, row, ended=row.get("date_fin", ""), start=row.get("date_debut", ""))


def _lpp(tables: _Tables, tally: Tally) -> Iterator[Record]:
    for (code,), row in sorted(_latest(tables.rows("device"), ("code_tips",), "", tally).items()):
        yield from _labelled("lpp", code, row, ended=row.get("date_fin", ""))


def _ucd(tables: _Tables, tally: Tally) -> Iterator[Record]:
    """A medicine has a row for each list (R, M, S) it is on: it is active while one of them is."""
    lists: dict[str, list[Row]] = {}
    for row in tables.rows("medicine"):
        lists.setdefault(codes.canonical("ucd", row["code_ucd"]), []).append(row)
    for code, found in sorted(lists.items()):
        if not re.fullmatch(r"\d{7}|\d{13}", code):
            tally.add("not a UCD code", code)
            continue
        row = max(found, key=lambda each: each.get("dt_dinscri", ""))
        running = any(not is_over(each.get("dt_finscri", "")) for each in found)
        yield from _labelled("ucd", code, row, ended="" if running else row.get("dt_finscri", ""))
        atc = {codes.canonical("atc", each["cod_atc"]) for each in found} - {""}
        for target in sorted(atc):
            if re.fullmatch(r"[A-Z]\d\d[A-Z]{2}(\d\d)?", target):
                yield Link("ucd", code, "atc", target, "equivalent" if len(target) == 7 else "broader")
            else:
                tally.add("not an ATC code of level 4 or 5", code)


def _labelled(system: str, key: str, row: Row, *, ended: str, start: str = "") -> Iterator[Record]:
    """A code with its long label, else the short one; a long label is cut anywhere, so pieces are joined untrimmed."""
    code = codes.canonical(system, key)
    pieces = sorted((_order(found[1]), value) for name, value in row.items() if (found := _LONG.fullmatch(name)))
    short = _clean(row.get("nom_court", ""))
    display = _clean("".join(value for _, value in pieces)) or short
    active = not is_over(ended.strip("0 "))
    properties = {"end": "" if active else ended.strip(), "start": start.strip()}
    yield Concept(
        system, code, display, active=active, properties={name: value for name, value in properties.items() if value}
    )
    if short and short != display:
        yield Term(system, code, short, "short")


def _order(mark: str) -> int:
    """``nom_long``, then its continuations 0 to 9, then A to E."""
    return -1 if not mark else int(mark, 36)


def _clean(text: str) -> str:
    return " ".join(text.split())


def _latest(found: Iterator[Row], key: tuple[str, ...], date: str, tally: Tally) -> dict[tuple[str, ...], Row]:
    """Keep the latest row of each key; without a date, the last one."""
    latest: dict[tuple[str, ...], Row] = {}
    for row in found:
        identity = tuple(row[name].strip() for name in key)
        if not all(identity):
            tally.add("a row without a code")
            continue
        if identity in latest:
            tally.add("an older row of a code", identity[0])
            if date and row.get(date, "") < latest[identity].get(date, ""):
                continue
        latest[identity] = row
    return latest


KINDS: tuple[_Kind, ...] = (
    _Kind(
        "ccam",
        (
            ("act", frozenset({"cod_acte", "dt_modif", "nom_court", "nom_long"})),
            ("menu", frozenset({"cod_menu", "rang", "libelle", "cod_pere"})),
            ("note", frozenset({"acte_cod", "typnot_cod", "texte_note"})),
        ),
        _ccam,
    ),
    _Kind("nabm", (("act", frozenset({"code_nabm", "nom_court"})),), _nabm),
    _Kind("lpp", (("device", frozenset({"code_tips", "nom_court"})),), _lpp),
    _Kind("ucd", (("medicine", frozenset({"code_ucd", "nom_court", "cod_atc"})),), _ucd),
)


def _found(source: Source) -> tuple[_Kind, _Tables] | None:
    """Recognise the tables by their columns: members of the archives may lack their extension."""
    columns: dict[str, frozenset[str]] = {}
    for name in source.names:
        if PurePosixPath(name.strip()).suffix.lower() in {".dbf", ""} and is_dbf(head := source.head(name, 4096)):
            columns[name] = frozenset(column for column, _ in fields(head))
    for kind in KINDS:
        members = {
            part: name for part, wanted in kind.parts for name in reversed(list(columns)) if columns[name] >= wanted
        }
        if kind.parts[0][0] in members:
            return kind, _Tables(source, members)
    return None


def _claims(source: Source, _: Hints) -> bool:
    return _found(source) is not None


def _wanted(source: Source) -> tuple[_Kind, _Tables]:
    found = _found(source)
    if found is None:
        raise Refused(f"{source.name}: expected a dBASE table of acts of CCAM or NABM, of LPP or of UCD")
    return found


def _describe(source: Source, hints: Hints) -> Release:
    kind, tables = _wanted(source)
    names = (source.path.name, *tables.members.values())
    dates = [found[1] for name in names if (found := _DATE.search(name))]
    numbers = [found[1] for name in names if (found := _NUMBER.search(PurePosixPath(name).name))]
    version = hints.version or next(iter(dates + numbers), "") or version_of(source, hints)
    return Release(f"{kind.system}-cnam", version, (kind.system,), "Licence Ouverte 2.0 (CNAM)")


def _read(source: Source, _: Hints) -> Iterator[Record]:
    kind, tables = _wanted(source)
    tally = Tally()
    some = False
    for record in kind.read(tables, tally):
        some = True
        yield record
    if not some:
        raise Refused(f"{source.name}: found a table of {kind.system} without a record")
    for part, _columns in kind.parts:
        if part not in tables.members:
            tally.add(f"no table of the part {part}: unzip all parts into one folder, and give that")
    others = len(source.find("*.dbf")) - len(tables.members)
    if others > 0:
        tally.add("another dBASE table, not read", "", others)
    yield from tally.records()


IMPORTER = Importer("cnam-dbf", "CCAM, NABM, LPP, UCD of CNAM (dBASE)", _claims, _describe, _read)
