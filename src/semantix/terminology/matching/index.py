"""The names of one target made ready to be searched: vocabulary, entries, postings, what each word may stand for."""

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
KNOWN_ALIKE, KNOWN_MOST = 0.6, 5
"""How near, and how many, the words that a known word may be misspelt for."""
MEDIAN_DF = 12
"""An unknown word weighs like one that this many codes have."""
GENERIC = frozenset(
    "maladi maladie affection syndrom autr troubl lesion atteint etat forme episod probleme patholog pathologie "
    "sequel precis type aspect localis general divers certain mention specifi signal class ailleur nature caus "
    "diver sujet sai nca".split()
)
GENERIC_SHARE = 0.35
LABEL, OFFICIAL, RELATED = 0, 1, 2
SOURCE_OF_KIND = {"preferred": LABEL, "related": RELATED}
"""Where a name comes from: the label, an official name, a table of unknown quality; other kinds are official."""


class Entry(Struct, frozen=True):
    """One name of one code: ``code`` is its place in the list of codes, ``kind`` the kind of term."""

    code: int
    text: str
    kind: str
    name: Name


class Lexicon(Struct, frozen=True):
    """Entries as arrays. Row ``e`` of ``entry_*`` holds the stems of entry ``e``; ``post_*`` is the inverse."""

    codes: int
    idf: Floats
    uses: Ints
    entry_code: Ints
    entry_source: Ints
    entry_bag: Longs
    entry_ptr: Longs
    entry_word: Ints
    entry_required: Ints
    entry_mass: Floats
    post_ptr: Longs
    post_entry: Ints
    label_entry: Ints
    seq_ptr: Longs
    seq_word: Ints


class Vocabulary:
    """The stems of a lexicon, sorted, with what each may stand for."""

    def __init__(self, stems: Sequence[str], speller: Speller, pointer: Longs, values: Ints, sims: Floats) -> None:
        self.stems = stems
        self.speller = speller
        self.pointer, self.values, self.sims = pointer, values, sims
        self.places = {stem: place for place, stem in enumerate(stems)}

    def expansions_of(self, place: int) -> list[tuple[int, float]]:
        """What a stem may stand for, itself first."""
        rows = slice(int(self.pointer[place]), int(self.pointer[place + 1]))
        return list(zip(self.values[rows].tolist(), self.sims[rows].tolist(), strict=True))


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


def vocabulary_of(entries: Sequence[Entry]) -> tuple[str, ...]:
    """Every stem of the entries, sorted."""
    return tuple(sorted({word for entry in entries for word in (*entry.name.required, *entry.name.optional)}))


def build_lexicon(entries: Sequence[Entry], codes: int, stems: Sequence[str]) -> Lexicon:
    """Index entries; idf counts codes, not entries, so that a code with many synonyms weighs as one."""
    place = {word: at for at, word in enumerate(stems)}
    entry_ptr, entry_word = ragged([place[w] for w in (*e.name.required, *e.name.optional)] for e in entries)
    seq_ptr, seq_word = ragged([place[w] for w in e.name.sequence] for e in entries)
    required = np.asarray(
        [flag for e in entries for flag in [1] * len(e.name.required) + [0] * len(e.name.optional)], np.int32
    )
    entry_code = np.asarray([e.code for e in entries], np.int32)
    df = _codes_with(len(stems), entry_ptr, entry_word, entry_code)
    idf = _idf(stems, df, codes)
    masses = np.add.reduceat(np.append(idf[entry_word] * required, 0), entry_ptr[:-1]).astype(np.float32)
    post_ptr, post_entry = inverted(entry_ptr, entry_word, len(stems))
    source = np.asarray([SOURCE_OF_KIND.get(e.kind, OFFICIAL) for e in entries], np.int32)
    label = np.full(codes, -1, np.int32)
    for at in range(len(entries) - 1, -1, -1):
        if source[at] == LABEL or label[entry_code[at]] < 0:
            label[entry_code[at]] = at
    return Lexicon(
        codes=codes,
        idf=idf,
        uses=df.astype(np.int32),
        entry_code=entry_code,
        entry_source=source,
        entry_bag=np.asarray([bag_key(e.name.bag) for e in entries], np.int64),
        entry_ptr=entry_ptr,
        entry_word=entry_word,
        entry_required=required,
        entry_mass=masses,
        post_ptr=post_ptr,
        post_entry=post_entry,
        label_entry=label,
        seq_ptr=seq_ptr,
        seq_word=seq_word,
    )


def _codes_with(stems: int, entry_ptr: Longs, entry_word: Ints, entry_code: Ints) -> Longs:
    """How many codes have each stem in one of their names."""
    owners = np.repeat(entry_code.astype(np.int64), np.diff(entry_ptr))
    pairs = np.unique(owners * stems + entry_word)
    return np.bincount(pairs % stems, minlength=stems).astype(np.int64)


def _idf(stems: Sequence[str], df: Longs, codes: int) -> Floats:
    idf = np.log(1 + codes / (df + 0.5))
    generic = np.asarray([stem in GENERIC for stem in stems])
    return np.where(generic, idf * GENERIC_SHARE, idf).astype(np.float32)


def expand(
    stems: Sequence[str], speller: Speller, associated: Mapping[int, Mapping[int, float]]
) -> tuple[Longs, Ints, Floats]:
    """For each stem of the vocabulary, the stems it may stand for with a similarity, itself first, as CSR arrays."""
    roots = _roots(stems)
    rows, sims = [], []
    for at, word in enumerate(stems):
        found = dict.fromkeys(roots.get(at, ()), SAME_ROOT)
        for place, alike in speller.neighbours(word, KNOWN_ALIKE)[:KNOWN_MOST]:
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
    return {
        at: tuple(m for m in members if m != at) for members in families.values() if len(members) > 1 for at in members
    }
