"""CIM-10 for French hospitals (ATIH): ``LIBCIM10MULTI.TXT``, six columns between bars, without header.

Columns: code padded to six without its dot, type in MCO, flags in SSR (three since 2025, four before), type in
psychiatry, short label, long label. Source: ATIH, "Description du fichier LIBCIM10MULTI".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from semantix.terminology import codes
from semantix.terminology.records import Concept, Record, Term
from semantix.terminology.releases._cells import (
    first_lines,
    only_member,
    parents_by_prefix,
    shorter_cim10,
    text_of,
    version_of,
)
from semantix.terminology.releases._importer import Hints, Importer, Refused, Release
from semantix.terminology.releases._tabular import Tally, base, lines
from semantix.terminology.source import Source

_ROW = re.compile(r"([A-Z]\d\d[0-9A-Z+]*) *\|([0-4])\|([ON]{3,4})\|([0-3])\|([^|]*)\|([^|]*)")
_DELETED = re.compile(r"\s*\*\*\*\s*SU\s*\d\d\s*\*\*\*\s*")
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_EXPECTED = "code|type MCO|SSR flags|type PSY|short label|long label"


def _members(source: Source) -> tuple[str, ...]:
    named = source.find("libcim10multi*.txt")
    if named:
        return named
    name = only_member(source)
    if name and any(_ROW.fullmatch(line) for line in first_lines(source, name, 1)):
        return (name,)
    return ()


def _claims(source: Source, _: Hints) -> bool:
    return bool(_members(source))


def _describe(source: Source, hints: Hints) -> Release:
    # The youngest deletion mark is only a lower bound of the year: it is no version.
    names = (*(PurePosixPath(name).name for name in _members(source)), source.path.name)
    years = [found[1] for name in names if (found := _YEAR.search(name))]
    version = hints.version or (years[0] if years else version_of(source, hints))
    return Release("cim10-atih", version, ("cim10",), "CC BY-NC-ND 3.0 IGO (OMS, ATIH): not to be redistributed")


def _read(source: Source, _: Hints) -> Iterator[Record]:
    tally = Tally()
    seen: dict[str, None] = {}
    for name in _members(source):
        for number, line in lines(text_of(source, name, "latin-1")):
            found = _ROW.fullmatch(line.rstrip())
            if found is None:
                raise Refused(f"{base(name)}: line {number} is not {_EXPECTED}")
            code = codes.canonical("cim10", found[1])
            if code in seen:
                tally.add("a code already seen", code)
                continue
            seen[code] = None
            yield from _entry(code, *found.groups()[1:])
    if not seen:
        raise Refused(f"{source.name}: found no row, expected {_EXPECTED}")
    yield from parents_by_prefix("cim10", tuple(seen), shorter_cim10)
    yield from tally.records()


def _entry(code: str, *columns: str) -> Iterator[Record]:
    """Type 3 in MCO is what may not be recorded there: a category that has subdivisions, or a deleted code."""
    mco, ssr, psy, short, long = columns
    deleted = _DELETED.search(long) is not None or _DELETED.search(short) is not None
    display = _DELETED.sub("", long).strip()
    abbreviated = _DELETED.sub("", short).strip()
    yield Concept(
        "cim10",
        code,
        display or abbreviated,
        "category" if len(code) == 3 else "subcategory",
        active=not deleted,
        assignable=mco != "3" and not deleted,
        properties={"mco": mco, "psy": psy, "ssr": ssr},
    )
    if abbreviated and abbreviated != display:
        yield Term("cim10", code, abbreviated, "short")


IMPORTER = Importer("cim10-atih", "CIM-10, list of codes of French hospitals (ATIH)", _claims, _describe, _read)
