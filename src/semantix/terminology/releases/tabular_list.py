"""Labels of a printed tabular list, which depend on the label above them: "sans précision" says nothing alone.

A label stands alone when it begins with the same word as the one above it and repeats another of its words, or all of
them. A label that is a fragment (it begins with a preposition, with "autre", with "sans précision") gives one term: the
label above, followed by it. Of any other, nobody can tell ("fosses nasales" is a tumour of them): it only helps to find
candidates, and the label above followed by it is the synonym.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from semantix.terminology.records import Record, Term
from semantix.terminology.releases._cells import fold, shorter_cim10
from semantix.terminology.releases._tabular import Tally

_FRENCH = (
    "a au aux avec autre autres chez dans de des du due dus dues d en et l la le les ou par pendant pour sans sous "
    "sur un une precise precisee precises precisees precision non classe classee classes classees ailleurs siege "
    "localisation partie"
)
_ENGLISH = (
    "a an and as at by due elsewhere classified for from in not of on or other others part site sites specified the to "
    "unspecified with without"
)
_EMPTY = {"fr": frozenset(_FRENCH.split()), "en": frozenset(_ENGLISH.split())}
_STEM = 8


class Entry(Struct, frozen=True):
    """One code with its labels as printed."""

    code: str
    french: str
    english: str


def terms(entries: Sequence[Entry], tally: Tally) -> Iterator[Record]:
    """Give the terms that labels make, those above included where they are needed."""
    by_code: dict[str, Entry] = {}
    for entry in entries:
        if entry.code in by_code:
            tally.add("a code already seen", entry.code)
        else:
            by_code[entry.code] = entry
    for code, entry in by_code.items():
        above = _above(code, by_code)
        for language, label, parent in (
            ("fr", entry.french, above.french if above else ""),
            ("en", entry.english, above.english if above else ""),
        ):
            if label:
                yield from _wordings(code, language, _plain(label), _plain(parent))
            else:
                tally.add(f"no label ({language})", code)


def _above(code: str, by_code: dict[str, Entry]) -> Entry | None:
    shorter = shorter_cim10(code)
    while shorter and shorter not in by_code:
        shorter = shorter_cim10(shorter)
    return by_code.get(shorter)


def _plain(label: str) -> str:
    """Several levels printed on one line are separated by bars."""
    return re.sub(r"\s*\|\s*", ", ", " ".join(label.split()))


def _wordings(code: str, language: str, label: str, parent: str) -> Iterator[Record]:
    if not parent or _stands_alone(label, parent, language):
        yield Term("cim10", code, label, "synonym", language)
        return
    if fold(label).split("_")[0] not in _EMPTY[language]:
        yield Term("cim10", code, label, "related", language)
    yield Term("cim10", code, f"{parent}, {label}", "synonym", language)


def _stands_alone(label: str, parent: str, language: str) -> bool:
    mine, above = _words(label, language), _words(parent, language)
    if not mine or not above or mine[0] != above[0]:
        return False
    shared = set(mine) & set(above)
    return len(shared) > 1 or shared == set(above)


def _words(text: str, language: str) -> list[str]:
    return [word.rstrip("sx")[:_STEM] for word in fold(text).split("_") if word and word not in _EMPTY[language]]
