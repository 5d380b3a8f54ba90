"""Names and queries taken apart: which words must be there, and which may.

The conventions of French classifications are read, not matched: ``(...)`` and ``[...]`` hold words that may be absent,
``- voir aussi ...`` points elsewhere, ``*** SU09 ***`` marks a deleted code. ``SAI`` and ``sans précision`` become the
word ``sai``, ``NCA`` and ``non classé ailleurs`` the word ``nca``: they may match, and are never missed.
"""

from __future__ import annotations

import re

from msgspec import Struct
from rapidfuzz.distance import OSA

from semantix.terminology.text import STOP_WORDS, fold, split_words, stem

SAI, NCA = "sai", "nca"
LONGEST = 2_000
"""Characters of a text that are read: a label is shorter, and the rest of a letter says other things."""
MARKS = frozenset({SAI, NCA})

_DELETED = re.compile(r"\*{2,}[^*]*\*{2,}")
_SEE = re.compile(r"\s-\s*voir\b[^,;]*")
_MORPHOLOGY = re.compile(r"\(m\d{4}/\d\)")
_BRACED = re.compile(r"\{[^{}]*\}")
_EXCEPT = re.compile(r"\b(?:sauf|hormis|excepte|a l'exclusion d|a l'exception d).*")
_NOT_ELSEWHERE = re.compile(r"\bnon class[a-z]* (?:par )?ailleurs\b|\bn\.?c\.?a\b\.?")
_UNSPECIFIED = re.compile(
    r"\bsans (?:autre )?(?:precision|indication)s?\b|\bs\.?a\.?i\b\.?|\b(?:de )?siege (?:non precise|sai)\b|"
    r"\b(?:non|sans) (?:precise|specifie)(?:e|s|es)?\b"
)
_PERHAPS = re.compile(r"\b[sn][a-z]{1,4} ?[a-z]{6,12}\b|\b[a-z]{3,5} p[a-z]{5,11}\b")
_LETTERS = re.compile(r"\b([a-z]{2,5}) ([a-z]{6,12})\b")
_MARK_WORDS = (("sans", ("precision",)), ("non", ("precise", "precisee", "precises", "precisees")))
_ALIKE, _ALIKE_BEFORE = 0.7, 0.6
_OPTIONAL = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]")
_POINTER = re.compile(r"\bvoir\b[^;]*")
_CODES = re.compile(r"[(\[]?\b[a-z]\d{2}(?:\.[0-9x-]+)?[+*]?(?:-[a-z]\d{2}(?:\.[0-9-]+)?[+*]?)?[)\]]?(?![a-z0-9])")


class Name(Struct, frozen=True):
    """The stems of a name; the ``optional`` ones may match but need not. ``sequence`` is all of them as written."""

    required: tuple[str, ...]
    optional: tuple[str, ...]
    sequence: tuple[str, ...] = ()

    @property
    def bag(self) -> tuple[str, ...]:
        """All the words, sorted: two names with one bag say the same."""
        return tuple(sorted({*self.required, *self.optional}))


def parse_name(text: str) -> Name:
    """Read a name of a terminology: its parentheses are optional, its pointers and codes are dropped."""
    folded = _marked(_MORPHOLOGY.sub(" ", _SEE.sub(" ", _DELETED.sub(" ", fold(text[:LONGEST])))))
    whole = folded
    folded, inside = _unwrapped(folded)
    if "voir" in inside:
        inside = _POINTER.sub(" ", inside)
    required = _stems(split_words(folded))
    optional = _stems(split_words(_CODES.sub(" ", inside)))
    if not any(word not in MARKS for word in required):
        required, optional = optional or required, ()
    marks = tuple(word for word in required if word in MARKS)
    if len(marks) < len(required):
        required = tuple(word for word in required if word not in MARKS)
        optional = (*optional, *marks)
    optional = tuple(word for word in dict.fromkeys(optional) if word not in required)
    known = {*required, *optional}
    sequence = tuple(root for word in split_words(whole) if word not in STOP_WORDS and (root := stem(word)) in known)
    return Name(required, optional, sequence)


class Words(Struct, frozen=True):
    """What a person wrote: folded words, each once; those between parentheses apart; ``sequence`` is all as written."""

    required: tuple[str, ...]
    optional: tuple[str, ...]
    sequence: tuple[str, ...]


def query_words(text: str) -> Words:
    """Read what a person wrote.

    Words are not stemmed: abbreviations are looked up before stems. What follows ``sauf`` or ``hormis`` and what stands
    in ``{...}`` is dropped. Stop words are dropped, unless nothing else is there.
    """
    folded = _marked(_BRACED.sub(" ", _DELETED.sub(" ", fold(text[:LONGEST]))))
    whole = folded = _EXCEPT.sub(" ", folded).strip() or folded
    inside = ""
    if "(" in folded or "[" in folded:
        folded, inside = _unwrapped(folded)
    written = split_words(folded)
    kept = [word for word in written if word not in STOP_WORDS]
    if not inside:
        return Words(tuple(dict.fromkeys(kept or written)), (), tuple(kept or written))
    optional = [word for word in split_words(inside) if word not in STOP_WORDS]
    if not kept:
        kept, optional = optional or written, []
    required = tuple(dict.fromkeys(kept))
    others = tuple(word for word in dict.fromkeys(optional) if word not in required)
    known = {*required, *others}
    return Words(required, others, tuple(word for word in split_words(whole) if word in known))


def _marked(folded: str) -> str:
    """Write the marks of a classification as one word each, misspelt or not."""
    if _PERHAPS.search(folded):
        folded = _LETTERS.sub(_corrected, folded)
    return _UNSPECIFIED.sub(f" {SAI} ", _NOT_ELSEWHERE.sub(f" {NCA} ", folded))


def _corrected(found: re.Match[str]) -> str:
    """``sansl precisiodn`` → ``sans precision``; other pairs of words stay."""
    before, word = found[1], found[2]
    for usual, ends in _MARK_WORDS:
        if OSA.normalized_similarity(before, usual) < _ALIKE_BEFORE:
            continue
        for end in ends:
            if OSA.normalized_similarity(word, end) >= _ALIKE:
                return f"{usual} {end}"
    return found[0]


def _unwrapped(folded: str) -> tuple[str, str]:
    """Return the text outside parentheses and brackets, and the text inside them."""
    inside: list[str] = []

    def take(found: re.Match[str]) -> str:
        inside.append(found[1] or found[2] or "")
        return " "

    shorter = _OPTIONAL.sub(take, folded)
    while shorter != folded:
        folded, shorter = shorter, _OPTIONAL.sub(take, shorter)
    return folded, " ; ".join(inside)


def _stems(words: list[str]) -> tuple[str, ...]:
    """Stems without stop words, each once, in order."""
    return tuple(dict.fromkeys(stem(word) for word in words if word not in STOP_WORDS))
