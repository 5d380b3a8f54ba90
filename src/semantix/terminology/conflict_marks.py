"""What a text says that could turn its meaning, read once: sides, negations, numbers, affixes and words of every axis.

The words are in :mod:`semantix.terminology.conflict_words`; each of their values is one bit. Pure functions.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from msgspec import Struct

from semantix.terminology import conflict_words as known
from semantix.terminology.text import STOP_WORDS, fold, split_words, stem


class Marks(Struct, frozen=True):
    """What a text says on each axis.

    ``allowed`` are bits that the other text may say alone, ``excused`` bits that this text says by the way (between
    brackets). ``denial`` tells that the text begins with a negation.
    ``words`` names the word of each bit. ``denied`` and ``stated`` are stems of words inside and outside a negation.
    ``numbers`` and ``affixes`` are keyed on what the number or the affix qualifies.
    """

    bits: int
    allowed: int
    excused: int
    words: Mapping[int, str]
    stated: frozenset[str]
    denied: frozenset[str]
    numbers: Mapping[str, frozenset[str]]
    affixes: Mapping[str, str]
    denial: bool


# --- vocabulary, as bits ---------------------------------------------------------------------

BIT: Final = {(value.axis, value.name): 1 << at for at, value in enumerate(known.VALUES)}
_LABORATORY: Final = sum(BIT[value.axis, value.name] for value in known.VALUES if value.laboratory)
_SIDES: Final = BIT["laterality", "right"] | BIT["laterality", "left"]
_RATIO: Final = BIT["ratio", "ratio"]
_SCALES: Final = BIT["scale", "percent"] | BIT["scale", "molar ratio"]
_GLYCATED: Final = BIT["glycated", "glycated"]
_MALIGNANT: Final = BIT["behaviour", "malignant"]
_CONGENITAL: Final = BIT["origin", "congenital"]
_SUSPICION: Final = BIT["suspicion", "suspicion"]
HISTORY: Final = BIT["history", "history"] | BIT["sequela", "sequela"]
FAMILY: Final = BIT["family", "family"]
_ALLOWED_IN: Final[Mapping[str, int]] = MappingProxyType({"history": HISTORY, "family-history": FAMILY | HISTORY})


_SPREAD: Final = BIT["spread", "metastasis"] | BIT["spread", "secondary"]
_CARRIED: Final = BIT["carrier", "carrier"] | BIT["carriage", "carriage"]
_IMPLIED: Final = (
    (BIT["laterality", "one"], _SIDES),
    (BIT["acuity", "subacute"], BIT["acuity", "acute"]),
    (_SPREAD, _SPREAD),
    (BIT["spread", "metastasis"], _MALIGNANT),
    (_CARRIED, _CARRIED),
)
_DETACHED: Final = frozenset(("pre", "anti", "hyper", "hypo", "micro", "macro", "auto"))


def _vocabulary() -> tuple[dict[str, int], dict[str, tuple[tuple[tuple[str, ...], int], ...]]]:
    single: dict[str, int] = {}
    groups: dict[str, list[tuple[tuple[str, ...], int]]] = {}
    for value in known.VALUES:
        bit = BIT[value.axis, value.name]
        for written in value.words:
            stems = tuple(map(stem, split_words(written)))
            if len(stems) == 1:
                single[stems[0]] = single.get(stems[0], 0) | bit
            elif stems:
                groups.setdefault(stems[0], []).append((stems, bit))
    return single, {first: tuple(found) for first, found in groups.items()}


_SINGLE, _GROUPS = _vocabulary()
_NEUTRAL = re.compile(known.NEUTRAL)
_MENTION = re.compile(known.MENTION)
_CODE = re.compile(r"\b[a-z]\d\d(?:\.\d+|-[a-z]\d\d)[+*]?")
_NEGATING: Final = frozenset(map(stem, known.NEGATIONS))
_BRACKETS = re.compile(r"\(([^()]*)\)")
_CLAUSE = re.compile(r"[,;:()\[\]]| - |\b(?:avec|mais|et)\b")
_CODED_NUMBER = re.compile(r"([a-z]{1,4})(\d{1,3})")
_SLASH = re.compile(r"[a-z][a-z0-9]+\s*/\s*(?!(?:[dcmu]?l|ml|min|h|j|jour|mol|mmol|kg|m2)\b)[a-z][a-z0-9]+")
_OPPOSED = (
    ("hypo", "hyper"), ("macro", "micro"), ("tachy", "brady"), ("oligo", "poly"), ("mono", "poly"), ("intra", "extra"),
    ("intra", "inter"), ("pre", "post"), ("ante", "post"), ("endo", "exo"), ("supra", "infra"), ("sus", "sous"),
    ("pro", "pre"), ("auto", "allo"), ("homo", "hetero"), ("ab", "ad"), ("afferent", "efferent"),
    ("leuco", "lympho"), ("neutro", "eosino"),
)  # fmt: skip
_AFFIXES: Final = tuple(sorted({affix for pair in _OPPOSED for affix in pair}, key=lambda affix: (-len(affix), affix)))
PAIRS: Final = frozenset(pair for one, other in _OPPOSED for pair in ((one, other), (other, one)))
TURNING: Final = ("anti", "micro", "non", "dys", "des", "pre", "pro", "iso", "in", "im", "ir", "an", "de", "a")
_LETTERS_OF_ELISION: Final = frozenset("lsy")
_ARTICLES: Final = _LETTERS_OF_ELISION | {"a"}
_PLAIN_HEADS: Final = frozenset({"type", "typ", stem("groupe")})
INITIALS: Final = tuple(sorted({affix[:2] for affix in (*_AFFIXES, *TURNING)} | {"a"}))


# --- reading a text --------------------------------------------------------------------------


def marks_of(text: str, *, laboratory: bool = False, section: str = "") -> Marks:
    """Read a text; of laboratory, for specimen, method, ratio and scale too. A section may imply a history."""
    folded = fold(text)
    if "sans" in folded or "non" in folded:
        folded = _MENTION.sub("sans ", _NEUTRAL.sub(" ", folded))
    folded = _CODE.sub(" ", folded)
    words = _joined(split_words(folded))
    stems = [stem(word) for word in words]
    bits, named = _bits(words, stems)
    if "?" in folded:
        bits |= _SUSPICION
        named.setdefault(_SUSPICION, "?")
    if laboratory:
        if found := _SLASH.search(folded):
            bits |= _RATIO
            named.setdefault(_RATIO, found[0])
    else:
        bits &= ~_LABORATORY
    allowed = _allowed(bits, frozenset(stems)) | _ALLOWED_IN.get(section, 0)
    denied = _denied(folded) if not known.NEGATIONS.isdisjoint(words) else frozenset()
    content = [each for each in stems if len(each) > 2 and each not in STOP_WORDS and each not in _NEGATING]
    return Marks(
        bits=bits,
        allowed=allowed,
        excused=0 if laboratory else _excused(folded, stems),
        words=named,
        stated=frozenset(content).difference(denied),
        denied=denied,
        numbers=_numbers(words, stems),
        affixes=_affixes(words),
        denial=bool(denied) and (not content or content[0] in denied),
    )


def _joined(words: list[str]) -> list[str]:
    """Put affixes that stand alone before their words: ``pré-éclampsie``."""
    if _DETACHED.isdisjoint(words):
        return words
    joined: list[str] = []
    before = ""
    for word in words:
        if word in _DETACHED:
            before = word
        else:
            joined.append(before + word)
            before = ""
    return joined + [before] * bool(before)


def _excused(folded: str, stems: list[str]) -> int:
    """Words in brackets may be absent from a diagnosis; a malformation is congenital and a wound open, said or not."""
    excused = _CONGENITAL if "malformation" in stems or "malf" in stems else 0
    if "plaie" in stems:
        excused |= BIT["fracture", "open"]
    if "(" in folded:
        for inside in _BRACKETS.findall(folded):
            words = split_words(inside)
            excused |= _bits(words, [stem(word) for word in words])[0]
    return excused


def _bits(words: list[str], stems: list[str]) -> tuple[int, dict[int, str]]:
    bits = 0
    named: dict[int, str] = {}
    for at, each in enumerate(stems):
        bit = _SINGLE.get(each, 0)
        if bit:
            bits |= bit
            named.setdefault(bit, words[at])
        for group, more in _GROUPS.get(each, ()):
            if tuple(stems[at : at + len(group)]) == group:
                bits |= more
                named.setdefault(more, " ".join(words[at : at + len(group)]))
    return bits, named


def _allowed(bits: int, stems: frozenset[str]) -> int:
    """The bits that a text implies: another text that says them adds nothing."""
    allowed = (_RATIO if bits & (_SCALES | _GLYCATED) else 0) | (_SCALES if bits & _RATIO else 0)
    for said, implied in _IMPLIED:
        if bits & said:
            allowed |= implied
    if bits & HISTORY or not known.LIKE_HISTORY.isdisjoint(stems):
        allowed |= HISTORY
    if not known.MALIGNANT_BY_NATURE.isdisjoint(stems):
        allowed |= _MALIGNANT
    return allowed


def _denied(folded: str) -> frozenset[str]:
    """Stems of the words after a negation, up to the end of its clause, three at most."""
    found: set[str] = set()
    for clause in _CLAUSE.split(folded):
        left = 0
        for word in split_words(clause):
            if word in known.NEGATIONS:
                left = 3
            elif left and word not in STOP_WORDS:
                found.add(stem(word))
                left -= 1
    return frozenset(found)


def _numbers(words: list[str], stems: list[str]) -> dict[str, frozenset[str]]:
    """Numbers by what they number: ``type 2``, ``hépatite B``, ``L4``; the rest under an empty key."""
    found: dict[str, set[str]] = {}
    for at, word in enumerate(words):
        before = stems[at - 1] if at else ""
        if word[0].isdigit():
            after = stems[at + 1] if at + 1 < len(stems) else ""
            head = before if before in known.NUMBER_HEADS else after if after in known.NUMBER_HEADS else ""
            found.setdefault(head, set()).add(word)
        elif len(word) == 1:
            head = next((each for each in reversed(stems[max(at - 2, 0) : at]) if each in known.LETTER_HEADS), "")
            if head and word not in (_ARTICLES if head in _PLAIN_HEADS else _LETTERS_OF_ELISION):
                found.setdefault(head, set()).add(word)
        elif coded := (_CODED_NUMBER.fullmatch(word) if word[-1].isdigit() else None):
            found.setdefault("#" + coded[1], set()).add(coded[2])
    return {head: frozenset(values) for head, values in found.items()}


def _affixes(words: list[str]) -> dict[str, str]:
    """Words that begin with an affix that another could replace, keyed on the rest."""
    found: dict[str, str] = {}
    for word in words:
        if len(word) > 6 and word.startswith(INITIALS):
            for affix in _AFFIXES:
                if word.startswith(affix) and len(word) > len(affix) + 2:
                    found.setdefault(word[len(affix) : len(affix) + 4], affix)
                    break
    return found
