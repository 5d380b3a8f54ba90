"""Why a candidate: which words of the query the best name of a code has, how they were read, and what is missing."""

from __future__ import annotations

from collections.abc import Sequence

from semantix.model import Evidence
from semantix.terminology.matching.index import Lexicon
from semantix.terminology.matching.names import MARKS, Words
from semantix.terminology.matching.queries import Word, WordReader

LEAST = 0.5


def _met(word: Word, inside: set[int]) -> int:
    """The stem of a name that a query word stands for, the nearest; -1 when there is none."""
    if word.stems and word.stems[0] in inside:
        return word.stems[0] if word.sims[0] >= LEAST else -1
    for place, alike in zip(word.stems, word.sims, strict=True):
        if place in inside:
            return place if alike >= LEAST else -1
    return -1


class Explainer:
    """Compares the words of a query with the words of a name."""

    def __init__(self, reader: WordReader, stems: Sequence[str], lexicon: Lexicon) -> None:
        self._reader, self._stems, self._lexicon = reader, stems, lexicon

    def explain(self, words: Words, written: Words, entry: int, name: tuple[str, str]) -> tuple[Evidence, ...]:
        """Return the evidence; ``words`` is the reading that was used, ``name`` the text and kind of the entry."""
        rows = slice(int(self._lexicon.entry_ptr[entry]), int(self._lexicon.entry_ptr[entry + 1]))
        places = self._lexicon.entry_word[rows].tolist()
        needed = self._lexicon.entry_required[rows].tolist()
        inside = set(places)
        same: list[str] = []
        read: list[str] = []
        missing: list[str] = []
        met: set[int] = set()
        for token in (*words.required, *words.optional):
            word = self._reader.word(token)
            place = _met(word, inside)
            if place < 0:
                if token not in MARKS:
                    missing.append(token)
                continue
            met.update(inside.intersection(word.stems))
            if self._stems[place] == word.root:
                same.append(token)
            else:
                read.append(f"{token} → {self._stems[place]}")
        lacking = [
            self._stems[place] for place, required in zip(places, needed, strict=True) if required and place not in met
        ]
        evidence = [Evidence("name", name[0], name[1])]
        if words.sequence != written.sequence:
            evidence.append(Evidence("reading", " ".join(words.sequence)))
        for heading, details in (("matched", same), ("expanded", read), ("missing", missing), ("lacking", lacking)):
            if details:
                evidence.append(Evidence(heading, ", ".join(details)))
        return tuple(evidence)
