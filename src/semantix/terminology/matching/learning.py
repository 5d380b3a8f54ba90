"""Learning a wording matcher from the names of one target: index, associations, encoder, ranker, in that order."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from msgspec import Struct, structs

from semantix.terminology.lexicon import Lexicon as HandLexicon
from semantix.terminology.lexicon import content_key
from semantix.terminology.matching import Example, training
from semantix.terminology.matching.arrays import Floats, Ints
from semantix.terminology.matching.associations import learn, learn_shortenings
from semantix.terminology.matching.encoder import encode, train
from semantix.terminology.matching.encoder_bags import FeatureReader
from semantix.terminology.matching.index import Entry, Lexicon, Vocabulary, bag_key, build_lexicon, expand, read_entries
from semantix.terminology.matching.index import vocabulary_of as vocabulary
from semantix.terminology.matching.parts import KINDS, Parts
from semantix.terminology.matching.queries import WordReader
from semantix.terminology.matching.ranker import Ranker, fit_choice, fit_yes, plain_ranker, sigmoid
from semantix.terminology.matching.spelling import Speller
from semantix.terminology.matching.wording import SPECIAL, UNIT, WordingMatcher
from semantix.terminology.text import fold

HAND_SYNONYM = 0.9
CALIBRATION = 0.35
"""Share of the pseudo-queries that fit nothing and calibrate."""
LABEL_SHARE = 0.5
ENOUGH = 50
FEW = 30
"""Pseudo-queries below which nothing can be fitted."""
Tell = Callable[[str], None]


class Target(Struct, frozen=True):
    """The codes of a target and how they are named.

    ``names`` are (place of the code, text, kind of term); the label of a code has the kind ``preferred`` and comes
    first. ``shorts`` are official short labels: learned from, not indexed. ``family`` groups the codes that are close;
    ``flags``: 1 ``.8``, 2 ``.9``, 4 may be recorded, 8 has children. ``residual`` is, for a code that may not be
    recorded, the place of the one below it that says no more, else -1.
    """

    codes: tuple[str, ...]
    names: tuple[tuple[int, str, str], ...]
    shorts: tuple[tuple[int, str], ...]
    family: tuple[int, ...]
    flags: tuple[int, ...]
    residual: tuple[int, ...]


class _Ground(Struct, frozen=True):
    """What no learning changes."""

    target: Target
    hand: HandLexicon
    entries: list[Entry]
    stems: tuple[str, ...]
    place: dict[str, int]
    lexicon: Lexicon
    speller: Speller
    labels: tuple[str, ...]


def learn_wording(target: Target, hand: HandLexicon, seed: int = 0, tell: Tell = lambda _: None) -> WordingMatcher:
    """Learn everything a matcher needs from the names of a target; the same names and seed give the same matcher."""
    tell("index")
    ground = _ground(target, hand)
    held = training.split(ground.entries, len(target.shorts), random.Random(seed))
    tell("held-out pass")
    trial = WordingMatcher(_learn(ground, held, seed), hand)
    queries = training.pseudo_queries(ground.entries, target.shorts, held, random.Random(seed + 1))
    tell("ranker")
    ranker, examples = _fit(trial, queries)
    tell("whole pass")
    nothing = training.Split(frozenset(), frozenset())
    parts = _learn(ground, nothing, seed)
    return WordingMatcher(structs.replace(parts, ranker=ranker, examples=examples), hand)


def _ground(target: Target, hand: HandLexicon) -> _Ground:
    entries = read_entries(target.names)
    stems = vocabulary(entries)
    labels = [""] * len(target.codes)
    for code, text, kind in target.names:
        if kind == "preferred" and not labels[code]:
            labels[code] = text
    return _Ground(
        target=target,
        hand=hand,
        entries=entries,
        stems=stems,
        place={word: at for at, word in enumerate(stems)},
        lexicon=build_lexicon(entries, len(target.codes), stems),
        speller=Speller.build(stems),
        labels=tuple(labels),
    )


def _learn(ground: _Ground, held: training.Split, seed: int) -> Parts:
    """Learn associations, shortenings and the encoder, without what is held out."""
    target, place = ground.target, ground.place
    associated = learn(training.name_pairs(ground.entries, place, held.bags, random.Random(seed)), len(ground.stems))
    expansions = expand(ground.stems, ground.speller, _with_hand(associated, ground))
    read = learn_shortenings(training.short_pairs(target.shorts, ground.labels, held.shorts))
    shortenings = {w: {place[r]: s for r, s in found.items() if r in place} for w, found in read.items()}
    reader = WordReader(ground.lexicon, Vocabulary(ground.stems, ground.speller, *expansions), shortenings)
    bags = FeatureReader(ground.stems, reader).entries(ground.entries, ground.lexicon)
    pairs = np.asarray(training.text_pairs(ground.entries, held.bags, random.Random(seed)), np.int32).reshape(-1, 2)
    table = train(bags, pairs, ground.lexicon.entry_code, seed)
    vectors = encode(bags, table)
    used = np.asarray([e.kind == "preferred" or bag_key(e.name.bag) not in held.bags for e in ground.entries], bool)
    centroids = _centroids(vectors, used, ground.lexicon)
    family = np.asarray(target.family, np.int32)
    return Parts(
        codes=target.codes,
        family=family,
        flags=np.asarray(target.flags, np.int32),
        residual=np.asarray(target.residual, np.int32),
        texts=tuple(entry.text for entry in ground.entries),
        folded=tuple(fold(entry.text) for entry in ground.entries),
        entry_kind=np.asarray([KINDS.index(entry.kind) for entry in ground.entries], np.int8),
        stems=ground.stems,
        lexicon=ground.lexicon,
        speller_arrays=ground.speller.arrays(),
        expansion_ptr=expansions[0],
        expansion_word=expansions[1],
        expansion_sim=expansions[2],
        shortenings=shortenings,
        table=table,
        entry_vector=_whole(vectors),
        centroids=_whole(centroids),
        family_centroids=_whole(_mean(centroids, family, int(family.max()) + 1)),
    )


def _with_hand(associated: Mapping[int, Mapping[int, float]], ground: _Ground) -> dict[int, dict[int, float]]:
    """Add the hand-made synonyms of single words to what was learned."""
    fixed = {ground.place[word] for word in SPECIAL if word in ground.place}
    fixed |= {at for at, word in enumerate(ground.stems) if any(char.isdigit() for char in word)}
    # A negation or a number stands for itself only, whatever its company taught.
    found = {
        word: {other: alike for other, alike in others.items() if other not in fixed}
        for word, others in associated.items()
        if word not in fixed
    }
    for pair in ground.hand.synonyms:
        left, right = (ground.place.get(content_key(text)) for text in (pair.left, pair.right))
        if left is not None and right is not None and left != right:
            found.setdefault(left, {})[right] = HAND_SYNONYM
            found.setdefault(right, {})[left] = HAND_SYNONYM
    return found


def _centroids(vectors: Floats, used: Ints, lexicon: Lexicon) -> Floats:
    """One unit vector a code: half its label, half the mean of its names."""
    centroids = _mean(vectors[used], lexicon.entry_code[used], lexicon.codes)
    labelled = lexicon.label_entry >= 0
    centroids[labelled] = (1 - LABEL_SHARE) * centroids[labelled] + LABEL_SHARE * vectors[lexicon.label_entry[labelled]]
    return _unit(centroids)


def _mean(vectors: Floats, owners: Ints, size: int) -> Floats:
    sums = np.zeros((size, vectors.shape[1]), np.float32)
    np.add.at(sums, owners, vectors)
    return _unit(sums)


def _unit(vectors: Floats) -> Floats:
    return np.asarray(vectors / (np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9), np.float32)


def _whole(vectors: Floats) -> Ints:
    return np.asarray(np.round(vectors * UNIT), np.int8)


def _fit(trial: WordingMatcher, queries: Sequence[training.PseudoQuery]) -> tuple[Ranker, tuple[Example, ...]]:
    """Fit the ranker on some pseudo-queries; rank the others for calibration."""
    if len(queries) < FEW:
        return plain_ranker(), ()
    batch = trial.describe([q.text for q in queries], bans=[q.ban for q in queries])
    described = batch.described
    codes, truth = described.codes, np.asarray([q.code for q in queries])
    free = np.asarray([q.kind == "free-text" for q in queries])
    there = codes >= 0
    right = (codes == truth[:, None]) | (free[:, None] & (trial.recordable(codes) == truth[:, None]))
    fitting = np.arange(len(queries)) >= len(queries) * CALIBRATION
    choices = {}
    for name, mask in (("near", fitting & ~free), ("free", fitting & free)):
        # Without names of one kind, the other kind stands for both.
        rows = mask if mask.sum() >= ENOUGH else fitting
        choices[name] = fit_choice(described.candidates[rows], there[rows], right[rows])
    gate = fit_yes(described.queries[fitting], ~free[fitting])
    undecided = WordingMatcher(structs.replace(trial.parts, ranker=Ranker(**choices, gate=gate)), trial.hand)
    order = undecided.order(batch)
    hit = order.codes[:, 0] == truth
    belief = fit_yes(order.seen[fitting], hit[fitting])
    beliefs = sigmoid(belief(order.seen))
    kinds = undecided.kinds(batch)
    examples = tuple(
        Example(kinds[at], round(float(beliefs[at]), 4), bool(hit[at])) for at in np.flatnonzero(~fitting).tolist()
    )
    return Ranker(**choices, gate=gate, belief=belief), examples


__all__ = ["Target", "learn_wording"]
