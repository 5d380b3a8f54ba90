"""ATC as a table without header: code; English; French; German, quoted (the form of FreeDiams and DrugBank exports)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from semantix.terminology import codes
from semantix.terminology.records import Concept, Record, Term
from semantix.terminology.releases._cells import (
    first_lines,
    only_member,
    parents_by_prefix,
    rows,
    shorter_atc,
    split,
    text_of,
    version_of,
)
from semantix.terminology.releases._importer import Hints, Importer, Refused, Release
from semantix.terminology.releases._tabular import Tally, base
from semantix.terminology.source import Source

CODE = re.compile(r"[A-Z](\d\d([A-Z]([A-Z](\d\d)?)?)?)?")
LEVELS = {1: "level 1", 3: "level 2", 4: "level 3", 5: "level 4", 7: "level 5"}
_LANGUAGES = ("en", "fr", "de")
_WIDTH = 4


def _claims(source: Source, _: Hints) -> bool:
    name = only_member(source)
    found = [split(line, ";") for line in first_lines(source, name)] if name else []
    return len(found) == 2 and all(len(row) == _WIDTH and CODE.fullmatch(row[0]) for row in found)


def _describe(source: Source, hints: Hints) -> Release:
    return Release("atc-table", version_of(source, hints), ("atc",), "ATC (c) WHO Collaborating Centre: no resale")


def _read(source: Source, _: Hints) -> Iterator[Record]:
    tally = Tally()
    name = only_member(source)
    seen: dict[str, str] = {}
    for number, row in rows(text_of(source, name), ";"):
        if len(row) != _WIDTH:
            raise Refused(f"{base(name)}: line {number} has {len(row)} columns, expected code;English;French;German")
        code = codes.canonical("atc", row[0])
        if not CODE.fullmatch(code):
            tally.add("not an ATC code", code)
            continue
        labels = dict(zip(_LANGUAGES, row[1:], strict=True))
        display = labels["fr"] or labels["en"]
        if code in seen:
            # A code that was given away twice keeps its first label; the other one is a wording of it.
            if display and display != seen[code]:
                yield Term("atc", code, display, "related")
            tally.add("a code already seen", code)
            continue
        seen[code] = display
        yield Concept("atc", code, display, LEVELS[len(code)], assignable=len(code) > 1)
        for language in ("en", "de"):
            if labels[language] and labels[language] != display:
                yield Term("atc", code, labels[language], "synonym", language)
    yield from parents_by_prefix("atc", tuple(seen), shorter_atc)
    yield from tally.records()


IMPORTER = Importer("atc-table", "ATC, table code;English;French;German", _claims, _describe, _read)
