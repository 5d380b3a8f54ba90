"""What two wordings contradict each other in, and what a wording says that a residual code leaves open.

Only what both wordings say counts here: what one of them leaves out may be known from elsewhere. The words that are
told are of a closed vocabulary (sides, stages, types) or words of the label, never a passage.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from msgspec import Struct

from semantix.terminology.conflicts import Conflict, Marks, compare, marks_of
from semantix.terminology.text import STOP_WORDS, fold, split_words, stem

NEGATION: Final = "negation"
AXES: Final = frozenset(
    {"laterality", "acuity", "behaviour", "sex", "fracture", "vertical", "depth", "end", "side", "result", "severity"}
)
"""Axes on which two values exclude each other."""
NUMBERED: Final = frozenset(map(stem, "type stade grade classe groupe facteur diabete hepatite virus vitamine".split()))
"""What a number or a letter tells the kind of; a week or a degree is a measure."""
_FIGURES: Final = 3
_BEGINNING: Final = 4
"""Letters that words misspelt or in another form begin with alike."""
_PLACES = frozenset({"vertical", "depth", "end", "side"})
"""Axes of parts of the body: two texts on different parts may both be right of one."""

_RESIDUAL: Final[Mapping[str, tuple[tuple[str, re.Pattern[str]], ...]]] = MappingProxyType(
    {
        residual: tuple((code, re.compile(pattern)) for code, pattern in named)
        for residual, named in {
            "E14": (
                ("E11", r"\b(?:type (?:2|ii)|non[ -]insulino[ -]?dependante?|dt2|dnid)\b"),
                ("E10", r"(?<!non )(?<!non-)\binsulino[ -]?dependante?\b|\b(?:type (?:1|i)|dt1|did)\b"),
            ),
            "I64": (
                ("I63", r"\b(?:infarctus cerebral|(?:avc|accident vasculaire cerebral) (?:ischemique|isch))\b"),
                ("I61", r"\b(?:hemorragie (?:intra-?)?cerebrale|(?:avc|accident vasculaire cerebral) hemorragique)\b"),
            ),
            "B19": (("B15", r"\bhepatite (?:virale )?a\b"), ("B16", r"\bhepatite (?:virale )?b\b"),
                    ("B17", r"\bhepatite (?:virale )?c\b")),
            "F03": (("F00", r"\balzheimer\b"), ("F01", r"\bdemence vasculaire\b")),
            "N19": (("N17", r"\binsuffisance renale aigue\b"), ("N18", r"\binsuffisance renale chronique\b")),
            "J40": (("J20", r"\bbronchite aigue\b"), ("J42", r"\bbronchite chronique\b")),
        }.items()
    }
)  # fmt: skip
"""Residual categories of CIM-10, and the category of what a wording may name all the same."""
_DENIED = re.compile(r"\b(?:pas|sans|absence|aucun|aucune|ni|hors|exclu|exclure|eliminer|risque|depistage)\b[^.;,:]*$")


KINDS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "laterality": ("the side", "la latéralité"),
        "acuity": ("acute or chronic", "le caractère aigu ou chronique"),
        "behaviour": ("benign or malignant", "le caractère bénin ou malin"),
        "sex": ("the sex", "le sexe"),
        "fracture": ("open or closed", "le caractère ouvert ou fermé"),
        "vertical": ("upper or lower", "la position supérieure ou inférieure"),
        "depth": ("front or back", "la position antérieure ou postérieure"),
        "end": ("near or far end", "la position proximale ou distale"),
        "side": ("inner or outer", "la position interne ou externe"),
        "result": ("positive or negative", "le résultat positif ou négatif"),
        "severity": ("the severity", "la sévérité"),
        "number": ("the type, stage or grade", "le type, le stade ou le grade"),
        "opposite": ("a prefix that turns the meaning", "un préfixe qui inverse le sens"),
        "negation": ("a negation", "une négation"),
    }
)
"""What two wordings differ in, by the name of the conflict, in English and in French."""


class Contradiction(Struct, frozen=True):
    """What a wording says and what the label of a code says instead; ``kind`` is a key of ``KINDS``."""

    kind: str
    said: str
    meant: str


def contradiction(wording: str, labels: Iterable[str]) -> Contradiction | None:
    """What a wording says against every label of a code; ``None`` when some label can be right."""
    found: Contradiction | None = None
    for label in labels:
        against = _against(wording, label)
        if against is None:
            return None
        found = found or against
    return found


@lru_cache(maxsize=50_000)
def _against(wording: str, label: str) -> Contradiction | None:
    ours, theirs = _marks(wording), _marks(label)
    share = bool(ours.stated & theirs.stated)
    for conflict in compare(ours, theirs):
        if _is_plain(conflict, share) and (
            conflict.name == NEGATION or not (_denies(ours, conflict.query) or _denies(theirs, conflict.label))
        ):
            return Contradiction(conflict.name, _whole(conflict.query, wording), _whole(conflict.label, label))
    return None


def _whole(said: str, text: str) -> str:
    """What was compared by its stems, in the words of the text; a long number is none of a type or a stage."""
    words = {stem(word): word for word in reversed(split_words(fold(text)))}
    return " ".join("…" if len(each) > _FIGURES and each.isdigit() else words.get(each, each) for each in said.split())


def _denies(marks: Marks, said: str) -> bool:
    """Is what a text says said to be not so: ``non grave``."""
    return not marks.denied.isdisjoint(map(stem, said.split()))


def _is_plain(conflict: Conflict, share: bool) -> bool:
    """Do both wordings say something, on an axis whose values exclude each other."""
    said, meant = conflict.query, conflict.label
    if not said or not meant:
        return False
    if conflict.name == "number":
        head, _, value = said.partition(" ")
        return head in NUMBERED and bool(value) and meant.startswith(f"{head} ")
    if conflict.name == "opposite":
        return said not in meant and meant not in said
    if conflict.name == NEGATION:
        return True
    return conflict.name in AXES and (share or conflict.name not in _PLACES)


@lru_cache(maxsize=50_000)
def _marks(text: str) -> Marks:
    return marks_of(text)


@lru_cache(maxsize=50_000)
def meaning(text: str) -> frozenset[str]:
    """The stems of the words of a text that mean something."""
    words = (word for word in split_words(fold(text)) if word not in STOP_WORDS and len(word) > 1)
    return frozenset(map(stem, words))


def are_strangers(one: str, other: str) -> bool:
    """Do two texts that both say something share no word, and no beginning of one."""
    ours, theirs = ({word[:_BEGINNING] for word in meaning(text)} for text in (one, other))
    return bool(ours) and bool(theirs) and ours.isdisjoint(theirs)


def named_by(code: str, wording: str) -> str:
    """The category that a wording names, where the code is a residual category of CIM-10 that leaves it open."""
    known = _RESIDUAL.get(code[:3])
    if known is None:
        return ""
    folded = fold(wording)
    for other, pattern in known:
        found = pattern.search(folded)
        if found is not None and _DENIED.search(folded[: found.start()]) is None:
            return other
    return ""
