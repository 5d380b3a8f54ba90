"""Search for people: the codes that a few words or the beginning of a code lead to, with where they stand.

Every word given must begin a word of the terms of a code; when no code has them all, words are left out, as few as
possible, and named. This is for looking up a terminology by hand: decisions come from the engine.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations

from msgspec import Struct

from semantix.terminology.codes import canonical
from semantix.terminology.records import TERM_KINDS, Concept, Term
from semantix.terminology.store import Store
from semantix.terminology.text import STOP_WORDS, fold, split_words, stem
from semantix.terminology.volume import Volume

MOST_RANKED = 2_000
"""Codes that are ranked at most; beyond, the words are too common for an order to mean much."""
_DEEPEST = 20
_MOST_WORDS = 8
_MATCHED = frozenset(TERM_KINDS) - {"exclusion", "note"}
_TOKEN = re.compile(r"[a-z0-9]+")


class Hit(Struct, frozen=True):
    """One code found: the term that matched best, the words of the search that it lacks, and the way from the top.

    ``path`` holds the concepts above, highest first; of several parents the first by code is followed.
    """

    concept: Concept
    matched: Term
    missing: tuple[str, ...]
    path: tuple[Concept, ...]


def search(store: Store, system: str, text: str, limit: int = 20) -> tuple[Hit, ...]:
    """Find the codes that a text leads to, best first: the code itself, then codes by their words."""
    by_code = _of_code(store, system, text)
    words = _words(text)
    found = {each.concept.code: each for each in by_code}
    if words:
        ranked = sorted(_by_words(store, system, words), key=lambda pair: pair[0])
        for _, hit in ranked[: limit + len(found)]:
            found.setdefault(hit.concept.code, hit)
    return tuple(
        Hit(hit.concept, hit.matched, hit.missing, path_of(store, hit.concept)) for hit in list(found.values())[:limit]
    )


def path_of(store: Store, concept: Concept) -> tuple[Concept, ...]:
    """The concepts above one, highest first."""
    above: list[Concept] = []
    seen = {concept.code}
    code = concept.code
    for _ in range(_DEEPEST):
        code = next((parent for parent in store.parents(concept.system, code) if parent not in seen), "")
        found = store.lookup(concept.system, code) if code else None
        if found is None:
            break
        seen.add(code)
        above.append(found)
    return tuple(reversed(above))


def _of_code(store: Store, system: str, text: str) -> Iterator[Hit]:
    concept = store.lookup(system, canonical(system, text))
    if concept is not None:
        yield Hit(concept, Term(system, concept.code, concept.display, "preferred"), (), ())


def _words(text: str) -> list[str]:
    """The words to look for, as the index holds them: folded, without the smallest ones, each once."""
    words = [token for word in split_words(fold(text)) for token in _TOKEN.findall(word)]
    kept = [word for word in words if word not in STOP_WORDS] or words
    return list(dict.fromkeys(kept))[:_MOST_WORDS]


def _by_words(store: Store, system: str, words: list[str]) -> Iterator[tuple[tuple[object, ...], Hit]]:
    """Codes with all the words, else with as many as any code has; each with its rank."""
    for size in range(len(words), 0, -1):
        codes: dict[str, None] = {}
        for chosen in combinations(words, size):
            for volume in store.described(system).current + store.described(system).past:
                codes |= dict.fromkeys(_codes(volume, system, list(chosen)))
        hits = [ranked for code in codes if (ranked := _ranked(store, system, code, words)) is not None]
        if hits:
            yield from hits
            return


def _codes(volume: Volume, system: str, words: list[str]) -> list[str]:
    if not volume.manifest.searchable:
        return volume.scanned(system, words, MOST_RANKED)
    # A word matches as it is written or by its stem, and as a beginning.
    groups = (" OR ".join(f'"{form}"*' for form in dict.fromkeys((word, stem(word)))) for word in words)
    return volume.found(system, " AND ".join(f"({group})" for group in groups), MOST_RANKED)


def _ranked(store: Store, system: str, code: str, words: list[str]) -> tuple[tuple[object, ...], Hit] | None:
    """Rank one code by its best term: fewest words missing, most words whole, closest in length, strongest kind."""
    concept = store.lookup(system, code)
    if concept is None:
        return None
    best: tuple[tuple[object, ...], Hit] | None = None
    for term, _ in store.terms_of(system, code):
        if term.kind not in _MATCHED:
            continue
        tokens = [token for word in split_words(fold(term.text)) for token in _TOKEN.findall(word)]
        missing = tuple(word for word in words if not _begins(word, tokens))
        whole = len(set(words).intersection(tokens))
        fit = (-whole, len(set(tokens) - STOP_WORDS), TERM_KINDS.index(term.kind))
        rank = (len(missing), not concept.active, not concept.assignable, *fit, code)
        if best is None or rank < best[0]:
            best = rank, Hit(concept, term, missing, ())
    return best if best is not None and len(best[1].missing) < len(words) else None


def _begins(word: str, tokens: list[str]) -> bool:
    root = stem(word)
    return any(token.startswith((word, root)) or stem(token) == root for token in tokens)
