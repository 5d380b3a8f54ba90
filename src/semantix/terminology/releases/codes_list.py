"""A list of codes and nothing else: one column named ``code``, which says that these codes exist."""

from __future__ import annotations

from collections.abc import Iterator

from semantix.terminology import codes
from semantix.terminology.records import Concept, Record
from semantix.terminology.releases._cells import first_lines, only_member, suffix, system_of, text_of, version_of
from semantix.terminology.releases._importer import Hints, Importer, Refused, Release
from semantix.terminology.releases._tabular import Tally, base, lines
from semantix.terminology.source import Source


def _claims(source: Source, hints: Hints) -> bool:
    name = only_member(source)
    if not name or suffix(name) not in {".txt", ".csv", ".tsv"} or not system_of(hints, name):
        return False
    first = first_lines(source, name, 1)
    return bool(first) and first[0].strip().lower() == "code"


def _describe(source: Source, hints: Hints) -> Release:
    name = only_member(source)
    system = system_of(hints, name)
    return Release(f"{system}-codes", version_of(source, hints, name), (system,))


def _read(source: Source, hints: Hints) -> Iterator[Record]:
    name = only_member(source)
    system = system_of(hints, name)
    tally = Tally()
    seen: set[str] = set()
    for number, line in lines(text_of(source, name)):
        code = codes.canonical(system, line)
        if number == 1 or not line.strip():
            continue
        if any(separator in line for separator in "\t;|"):
            raise Refused(f"{base(name)}: line {number} has several columns, expected a list of codes")
        if code in seen:
            tally.add("a code given again", f"line {number}")
            continue
        seen.add(code)
        yield Concept(system, code, "")
    yield from tally.records()


IMPORTER = Importer("codes-list", "A list of valid codes: one column named code", _claims, _describe, _read)
