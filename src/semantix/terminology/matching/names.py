"""Names and queries taken apart: which words must be there, which may, and what is said beside the words.

The conventions of French classifications are read, not matched: ``(...)`` and ``[...]`` hold words that may be absent,
``- voir aussi ...`` points elsewhere, ``*** SU09 ***`` marks a deleted code, ``SAI`` and ``sans précision`` say
"nothing more is known", ``NCA`` "not elsewhere".
"""

from __future__ import annotations

import re

from msgspec import Struct

from semantix.terminology.text import STOP_WORDS, fold, split_words, stem

UNSPECIFIED = 1
ELSEWHERE = 2
OTHER = 4
NEGATED = 8

_DELETED = re.compile(r"\*{2,}[^*]*\*{2,}")
_SEE = re.compile(r"\s-\s*voir\b[^,;]*")
_MORPHOLOGY = re.compile(r"\(m\d{4}/\d\)")
_BRACED = re.compile(r"\{[^}]*\}")
_EXCEPT = re.compile(
    r"\b(?:sauf|hormis|excepte|a l'exclusion d|a l'exception d|non classees? ailleurs|"
    r"non classes? ailleurs)\b.*"
)
_NOT_ELSEWHERE = re.compile(r"\bnon class[a-z]* ailleurs\b|\bnca\b")
_UNSPECIFIED = re.compile(
    r"\bsans (?:autre )?(?:precision|indication)s?\b|\bsai\b|,? (?:non|sans) (?:precise|specifie)(?:e|s|es)?\b|"
    r"\b(?:de )?siege (?:non precise|sai)\b|,? ?\bsp\b$"
)
_OTHER = re.compile(r"\bautres?\b")
_NEGATION = re.compile(r"\b(?:sans|absence d|pas d|aucune?|non|ni)\b")
_OPTIONAL = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]")
_CODES = re.compile(r"[(\[]?\b[a-z]\d{2}(?:\.[0-9x-]+)?[+*]?(?:-[a-z]\d{2}(?:\.[0-9-]+)?[+*]?)?[)\]]?(?![a-z0-9])")
QUERY_OPTIONAL = 0.8


class Name(Struct, frozen=True):
    """Words as stems. ``optional`` may match but need not; ``flags`` are bits (UNSPECIFIED, ELSEWHERE, OTHER, NEGATED)."""

    required: tuple[str, ...]
    optional: tuple[str, ...]
    flags: int

    @property
    def bag(self) -> tuple[str, ...]:
        """All the words, sorted: two names with one bag say the same."""
        return tuple(sorted({*self.required, *self.optional}))


def parse_name(text: str) -> Name:
    """Read a name of a terminology: its parentheses are optional, its pointers and codes are dropped."""
    folded = _MORPHOLOGY.sub(" ", _SEE.sub(" ", _DELETED.sub(" ", fold(text))))
    flags, folded = _read_flags(folded)
    optional: list[str] = []
    while found := _OPTIONAL.search(folded):
        inside = found[1] or found[2] or ""
        optional += split_words(_CODES.sub(" ", inside))
        folded = folded[: found.start()] + " " + folded[found.end() :]
    required = _stems(split_words(folded))
    if not required:
        required, optional = _stems(optional), []
    return Name(required, tuple(w for w in _stems(optional) if w not in required), flags)


def query_words(text: str) -> tuple[tuple[str, ...], tuple[str, ...], int]:
    """Read what a person wrote: its words in order, those between parentheses apart, and the flags of :class:`Name`.

    Words are folded, not stemmed: abbreviations are looked up before stems. What follows ``sauf`` or ``hormis`` and
    what stands in ``{...}`` is dropped.
    """
    folded = _BRACED.sub(" ", _DELETED.sub(" ", fold(text)))
    flags, folded = _read_flags(folded)
    folded = _EXCEPT.sub(" ", folded) or folded
    optional: list[str] = []
    while found := _OPTIONAL.search(folded):
        optional += split_words(found[1] or found[2] or "")
        folded = folded[: found.start()] + " " + folded[found.end() :]
    required = split_words(folded)
    if not any(w not in STOP_WORDS for w in required):
        required, optional = optional, []
    return tuple(required), tuple(optional), flags


def _read_flags(folded: str) -> tuple[int, str]:
    flags = 0
    shorter = _NOT_ELSEWHERE.sub(" ", folded)
    if shorter != folded:
        flags, folded = flags | ELSEWHERE, shorter
    shorter = _UNSPECIFIED.sub(" ", folded)
    if shorter != folded and shorter.strip():
        flags, folded = flags | UNSPECIFIED, shorter
    if _OTHER.search(folded):
        flags |= OTHER
    if _NEGATION.search(folded):
        flags |= NEGATED
    return flags, folded


def _stems(words: list[str]) -> tuple[str, ...]:
    """Stems without stop words, each once, in order."""
    return tuple(dict.fromkeys(stem(word) for word in words if word not in STOP_WORDS))
