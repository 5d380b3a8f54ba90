"""Evidence word by word: what a candidate does with each word of a label, and each word of its own name with the label.

The engine tells its reasons as folded words and stems; here they are found again in the texts as people wrote them.
Pieces put together always give the text back, character by character.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType

import msgspec
from msgspec import Struct

from semantix.model import Candidate, Evidence
from semantix.terminology.conflicts import Conflict, conflicts
from semantix.terminology.labs import root
from semantix.terminology.text import STOP_WORDS, fold, split_words, stem

__all__ = ["Against", "Piece", "Reading", "Standing", "highlight"]


class Standing(StrEnum):
    """What became of a word. ``lacking`` is said of the words of the target that the source does not have."""

    PLAIN = "plain"
    MATCHED = "matched"
    EXPANDED = "expanded"
    MISSING = "missing"
    CONFLICTING = "conflicting"
    LACKING = "lacking"


class Piece(Struct, frozen=True):
    """A word, or what stands between two. ``by`` is what an expanded word was taken for, or the name of a conflict."""

    text: str
    standing: Standing = Standing.PLAIN
    by: str = ""


class Against(Struct, frozen=True):
    """A conflict: its name, and the words that differ where they are known, empty where a text is silent."""

    name: str
    source: str = ""
    target: str = ""


class Reading(Struct, frozen=True, kw_only=True):
    """A label seen beside a candidate.

    ``source`` are the pieces of the label, ``target`` those of ``name``, the name of the candidate that was compared
    (its display when the evidence names none). ``lacking`` are the words of the target that the source lacks,
    ``found`` words in common that are written in neither text (``glucose`` for ``glycémie``). ``facts`` are the
    reasons that are not about words. ``compared`` tells that the evidence says nothing of words: the two texts were
    compared here, word by word, by their stems.
    """

    source: tuple[Piece, ...]
    target: tuple[Piece, ...]
    name: str = ""
    name_kind: str = ""
    lacking: tuple[str, ...] = ()
    found: tuple[str, ...] = ()
    against: tuple[Against, ...] = ()
    facts: tuple[Evidence, ...] = ()
    compared: bool = False


_WHOLE = frozenset({"label", "synonym", "curated"})
_SAME = frozenset({"matched", "word"})
_OURS = frozenset({"missing", "unmatched"})
_DOSES: Mapping[str, Standing] = MappingProxyType(
    {"strength": Standing.MATCHED, "other-strength": Standing.CONFLICTING}
)
_WORD = re.compile(
    r"(?<!\w)(?:[^\W\d_]\.){2,}(?:[^\W\d_](?!\w))?"  # h.t.a.
    r"|(?<![\w/])[^\W\d_](?:/[^\W\d_]){2,}(?![\w/])"  # h/t/a
    r"|\d+(?:[.,]\d+)?(?!\w)"
    r"|(?:[^\W_]|[\u0300-\u036f])+"
    r"|%"
)
_SEPARATED = re.compile(r", | ")
_ARROW = " → "
_MISSPELT = " ~ "
_LABORATORY = "loinc"
_LEAST_LETTERS = 3
LONGEST = 2_000
"""Characters of a text that are compared: anything may be sent as a label, and comparing grows with its square."""


class _Told(Struct):
    """What the evidence says, by the forms of words: what the source has, and what only the target has."""

    same: dict[str, None] = msgspec.field(default_factory=dict)
    taken: dict[str, str] = msgspec.field(default_factory=dict)
    missing: dict[str, None] = msgspec.field(default_factory=dict)
    lacking: dict[str, None] = msgspec.field(default_factory=dict)
    doses: dict[str, Standing] = msgspec.field(default_factory=dict)
    read: list[str] = msgspec.field(default_factory=list)
    facts: list[Evidence] = msgspec.field(default_factory=list)
    name: str = ""
    name_kind: str = ""
    whole: bool = False


def highlight(label: str, candidate: Candidate) -> Reading:
    """Say what became of each word of a label, and which words of the candidate's name it lacks.

    What is beyond LONGEST in either text is given back as it is.
    """
    label, beyond = label[:LONGEST], label[LONGEST:]
    told = _told(label, candidate)
    whole = told.name or candidate.display
    name, further = whole[:LONGEST], whole[LONGEST:]
    compared = bool(name) and not (told.whole or told.same or told.taken or told.missing or told.lacking)
    if compared:
        _compare(label, name, told)
    against = _against(label, name, candidate)
    source = _source(label, told)
    placed = {form for piece in source if piece.standing is not Standing.PLAIN for form in _forms(piece.text)}
    placed |= {form for piece in source for word in _cut(piece.by) for form in _forms(word)}
    found = [word for word in told.same if placed.isdisjoint(_forms(word))]
    if found:
        source, found = _one_left(source, found)
    target = _target(name, told)
    lacking = [piece.text for piece in target if piece.standing is Standing.LACKING]
    seen = {form for piece in target if piece.standing is Standing.LACKING for form in _forms(piece.text)}
    lacking += [word for word in told.lacking if seen.isdisjoint(_forms(word))]
    return Reading(
        source=(*_conflicting(source, [(each.name, each.source) for each in against]), *_rest(beyond)),
        target=(*_conflicting(target, [(each.name, each.target) for each in against]), *_rest(further)),
        name=whole,
        name_kind=told.name_kind,
        lacking=tuple(dict.fromkeys(lacking)),
        found=tuple(found),
        against=against,
        facts=tuple(told.facts),
        compared=compared,
    )


def _rest(text: str) -> tuple[Piece, ...]:
    return (Piece(text),) if text else ()


# --- what the evidence says -----------------------------------------------------------------------------------------


def _told(label: str, candidate: Candidate) -> _Told:
    told = _Told()
    for each in candidate.evidence:
        # A curated row may be of a code: only one that quotes the label speaks of its words.
        told.whole |= each.kind in _WHOLE and (
            each.kind != "curated" or fold(each.detail.partition(_ARROW)[0]) == fold(label)
        )
        _take(each, told)
    return told


def _take(each: Evidence, told: _Told) -> None:
    kind, detail = each.kind, each.detail
    if kind == "name":
        told.name, told.name_kind = detail, each.source
    elif kind == "reading":
        told.read = detail.split()
    elif kind in _SAME:
        told.same |= dict.fromkeys(_cut(detail))
    elif kind == "expanded":
        told.taken |= {a: b for a, found, b in (part.partition(_ARROW) for part in detail.split(", ")) if found}
    elif kind == "misspelt":
        written, _, meant = detail.partition(_MISSPELT)
        told.taken |= dict.fromkeys(_cut(written), meant)
    elif kind in _OURS and not each.source:
        told.missing |= dict.fromkeys(_cut(detail))
    elif kind == "lacking" or kind in _OURS:
        # A laboratory name says which of its words are missing, and where the name is from.
        told.lacking |= dict.fromkeys(_cut(detail))
    else:
        if kind in _DOSES:
            told.doses |= dict.fromkeys((word for word in _cut(detail) if word[:1].isdigit()), _DOSES[kind])
        told.facts.append(each)


def _compare(label: str, name: str, told: _Told) -> None:
    ours, theirs = ({word: _forms(word) for word in _words(text)} for text in (label, name))
    told.same |= dict.fromkeys(word for word, forms in ours.items() if not _keyed(theirs).isdisjoint(forms))
    told.missing |= dict.fromkeys(word for word in ours if word not in told.same)
    told.lacking |= dict.fromkeys(word for word, forms in theirs.items() if _keyed(ours).isdisjoint(forms))


def _words(text: str) -> list[str]:
    return [word for word, is_word in _pieces(text) if is_word and not _is_empty(word)]


def _cut(detail: str) -> list[str]:
    return [word for word in _SEPARATED.split(detail) if word]


def _against(label: str, name: str, candidate: Candidate) -> tuple[Against, ...]:
    """The conflicts of a candidate, with the words where reading both texts again finds them."""
    if not candidate.conflicts:
        return ()
    found: dict[str, list[Conflict]] = {}
    for text in dict.fromkeys((name, candidate.display)):
        for each in conflicts(label, text, laboratory=candidate.system == _LABORATORY):
            if each.name in candidate.conflicts and each.name not in found:
                found[each.name] = [each]
    return tuple(
        Against(named, each.query, each.label)
        for named in candidate.conflicts
        for each in found.get(named, [Conflict(named)])
    )


# --- the pieces of a text -------------------------------------------------------------------------------------------


def _pieces(text: str) -> Iterator[tuple[str, bool]]:
    """Cut a text into words and what stands between them; the second value tells words."""
    end = 0
    for found in _WORD.finditer(text):
        if found.start() > end:
            yield text[end : found.start()], False
        yield found[0], True
        end = found.end()
    if end < len(text):
        yield text[end:], False


@lru_cache(maxsize=20_000)
def _forms(word: str) -> frozenset[str]:
    """Every form under which the engine may speak of a word: folded, its stem, its root, its number."""
    folded = fold(word)
    forms = {folded, *split_words(folded)}
    # ``28e`` is 28, and a stem that the engine shortened once more is still this word’s.
    forms |= {stem(form) for form in forms}
    forms |= {root(form) for form in forms} | {root(stem(form)) for form in forms}
    return frozenset(form for form in forms if form)


def _is_empty(word: str) -> bool:
    folded = fold(word)
    return folded in STOP_WORDS or not any(letter.isalnum() for letter in folded)


def _source(label: str, told: _Told) -> list[Piece]:
    same, missing = _keyed(told.same), _keyed(told.missing)
    taken = {form: by for word, by in told.taken.items() for form in _forms(word)}
    pieces: list[Piece] = []
    for text, is_word in _pieces(label):
        pieces.append(_stood(text, same, missing, taken, told) if is_word else Piece(text))
    if told.read:
        _read_as(pieces, told, same | taken.keys())
    return pieces


def _stood(text: str, same: frozenset[str], missing: frozenset[str], taken: Mapping[str, str], told: _Told) -> Piece:
    forms = _forms(text)
    dose = next((told.doses[form] for form in sorted(forms) if form in told.doses), None)
    by = next((taken[form] for form in sorted(forms) if form in taken), "")
    if dose is not None:
        return Piece(text, dose, "strength" if dose is Standing.CONFLICTING else "")
    if not same.isdisjoint(forms):
        return Piece(text, Standing.MATCHED)
    if by:
        return Piece(text, Standing.EXPANDED, by)
    if not missing.isdisjoint(forms):
        return Piece(text, Standing.MISSING)
    return Piece(text, Standing.MATCHED if told.whole and not _is_empty(text) else Standing.PLAIN)


def _keyed(words: Iterable[str]) -> frozenset[str]:
    return frozenset(form for word in words for form in _forms(word))


def _read_as(pieces: list[Piece], told: _Told, met: frozenset[str]) -> None:
    """Mark the words that the reading replaced: ``HTA`` is taken for ``hypertension artérielle``."""
    places = [place for place, piece in enumerate(pieces) if piece.text and _WORD.fullmatch(piece.text)]
    places = [place for place in places if not _is_empty(pieces[place].text)]
    written = [stem((split_words(fold(pieces[place].text)) or [""])[-1]) for place in places]
    read = [stem(word) for word in told.read]
    for change, start, end, first, last in SequenceMatcher(None, written, read, autojunk=False).get_opcodes():
        if change != "replace":
            continue
        by = " ".join(told.read[first:last])
        is_met = any(not met.isdisjoint(_forms(word)) for word in told.read[first:last])
        standing = Standing.EXPANDED if is_met else Standing.MISSING
        for place in places[start:end]:
            if pieces[place].standing is Standing.PLAIN:
                pieces[place] = Piece(pieces[place].text, standing, by)


def _one_left(source: Sequence[Piece], found: list[str]) -> tuple[list[Piece], list[str]]:
    """One word without a reason, and reasons without a word: they belong together (``glycémie``, ``glucos``)."""
    left = [
        place
        for place, piece in enumerate(source)
        if piece.standing is Standing.PLAIN and len(fold(piece.text)) >= _LEAST_LETTERS and not _is_empty(piece.text)
    ]
    pieces = list(source)
    if len(left) != 1:
        return pieces, found
    pieces[left[0]] = Piece(pieces[left[0]].text, Standing.EXPANDED, " ".join(found))
    return pieces, []


def _target(name: str, told: _Told) -> list[Piece]:
    lacking = _keyed(told.lacking)
    same = _keyed(told.same)
    taken = _keyed(word for by in told.taken.values() for word in by.split())
    pieces: list[Piece] = []
    for text, is_word in _pieces(name):
        forms = _forms(text) if is_word else frozenset()
        standing = Standing.PLAIN
        if not same.isdisjoint(forms) or (told.whole and is_word and not _is_empty(text)):
            standing = Standing.MATCHED
        elif not taken.isdisjoint(forms):
            standing = Standing.EXPANDED
        elif not lacking.isdisjoint(forms):
            standing = Standing.LACKING
        pieces.append(Piece(text, standing))
    return pieces


def _conflicting(pieces: Iterable[Piece], named: Iterable[tuple[str, str]]) -> tuple[Piece, ...]:
    words = {form: name for name, said in named for word in said.split() for form in _forms(word)}
    marked = []
    for piece in pieces:
        by = next((words[form] for form in sorted(_forms(piece.text)) if form in words), "") if words else ""
        marked.append(Piece(piece.text, Standing.CONFLICTING, by) if by else piece)
    return tuple(marked)
