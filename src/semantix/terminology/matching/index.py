"""The lexicon of one target, ready to be searched: vocabulary, entries, postings, and what each word may stand for."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from msgspec import Struct
from snowballstemmer import stemmer as snowball

from semantix.terminology.matching.arrays import Floats, Ints, Longs, inverted, ragged
from semantix.terminology.matching.names import Name, parse_name
from semantix.terminology.matching.spelling import Speller

EXPANSIONS = 16
SAME_ROOT = 0.93
GENERIC = frozenset(
    "maladi affection syndrom autr troubl lesion atteint etat forme episod probleme patholog sequel precis type aspect "
    "localis general divers certain type divers mention specifi signal class ailleur nature caus diver sujet".split()
)
GENERIC_SHARE = 0.35


class Entry(Struct, frozen=True):
    """One name of one code: ``code`` is its place in the list of codes, ``kind`` the kind of term."""

    code: int
    text: str
    kind: str
    name: Name


class Lexicon(Struct, frozen=True):
    """Entries as arrays. Row ``e`` of ``entry_*`` holds the stems of entry ``e``; ``post_*`` is the inverse."""

    stems: tuple[str, ...]
    idf: Floats
    entry_code: Ints
    entry_kind: Ints
    entry_flags: Ints
    entry_bag: Longs
    entry_ptr: Longs
    entry_word: Ints
    entry_required: Ints
    entry_mass: Floats
    post_ptr: Longs
    post_entry: Ints


def bag_key(words: Iterable[str]) -> int:
    """A 63-bit key of a bag of words, never 0."""
    digest = hashlib.blake2b(" ".join(sorted(set(words))).encode(), digest_size=8).digest()
    return (int.from_bytes(digest, "big") >> 1) or 1


def read_entries(names: Iterable[tuple[int, str, str]]) -> list[Entry]:
    """Parse names given as (code place, text, kind); those without a word left, and repeats, are dropped."""
    seen: set[tuple[int, tuple[str, ...], tuple[str, ...]]] = set()
    entries = []
    for code, text, kind in names:
        name = parse_name(text)
        key = (code, tuple(sorted(name.required)), tuple(sorted(name.optional)))
        if name.required and key not in seen:
            seen.add(key)
            entries.append(Entry(code, text, kind, name))
    return entries


def build_lexicon(entries: Sequence[Entry], codes: int, kinds: Sequence[str]) -> Lexicon:
    """Index entries; idf counts codes, not entries, so that a code with many synonyms weighs as one."""
    stems = tuple(sorted({word for entry in entries for word in entry.name.bag}))
    place = {word: at for at, word in enumerate(stems)}
    entry_ptr, entry_word = ragged([place[w] for w in (*e.name.required, *e.name.optional)] for e in entries)
    required = [flag for e in entries for flag in [1] * len(e.name.required) + [0] * len(e.name.optional)]
    entry_code = np.asarray([e.code for e in entries], np.int32)
    idf = _idf(stems, entry_ptr, entry_word, entry_code, codes)
    needed = np.asarray(required, np.int32)
    masses = np.add.reduceat(np.append(idf[entry_word] * needed, 0), entry_ptr[:-1]).astype(np.float32)
    post_ptr, post_entry = inverted(entry_ptr, entry_word, len(stems))
    return Lexicon(
        stems=stems,
        idf=idf,
        entry_code=entry_code,
        entry_kind=np.asarray([kinds.index(e.kind) for e in entries], np.int32),
        entry_flags=np.asarray([e.name.flags for e in entries], np.int32),
        entry_bag=np.asarray([bag_key(e.name.bag) for e in entries], np.int64),
        entry_ptr=entry_ptr,
        entry_word=entry_word,
        entry_required=needed,
        entry_mass=masses,
        post_ptr=post_ptr,
        post_entry=post_entry,
    )


def _idf(stems: Sequence[str], entry_ptr: Longs, entry_word: Ints, entry_code: Ints, codes: int) -> Floats:
    owners = np.repeat(entry_code.astype(np.int64), np.diff(entry_ptr))
    pairs = np.unique(owners * len(stems) + entry_word)
    df = np.bincount(pairs % len(stems), minlength=len(stems))
    idf = np.log(1 + codes / (df + 0.5))
    generic = np.asarray([stem in GENERIC for stem in stems])
    return np.where(generic, idf * GENERIC_SHARE, idf).astype(np.float32)


def expansions(
    stems: Sequence[str], speller: Speller, associated: Mapping[int, Mapping[int, float]]
) -> tuple[Longs, Ints, Floats]:
    """For each stem of the vocabulary, the stems it may stand for with a similarity, itself first, as CSR arrays."""
    roots = _roots(stems)
    rows, sims = [], []
    for at, word in enumerate(stems):
        found = {place: SAME_ROOT for place in roots.get(at, ())}
        for place, alike in speller.neighbours(word):
            found[place] = max(alike, found.get(place, 0))
        for place, alike in associated.get(at, {}).items():
            found[place] = max(alike, found.get(place, 0))
        found[at] = 1.0
        best = sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))[:EXPANSIONS]
        rows.append([place for place, _ in best])
        sims += [alike for _, alike in best]
    pointer, values = ragged(rows)
    return pointer, values, np.asarray(sims, np.float32)


def _roots(stems: Sequence[str]) -> dict[int, tuple[int, ...]]:
    """Stems with the same Snowball root."""
    french = snowball("french")
    families: dict[str, list[int]] = {}
    for at, root in enumerate(french.stemWords(list(stems))):
        if len(root) > 3:
            families.setdefault(root, []).append(at)
    return {at: tuple(m for m in members if m != at) for members in families.values() if len(members) > 1 for at in members}
