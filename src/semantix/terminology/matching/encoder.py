"""A small bi-encoder: a text is the normalised sum of learned vectors of its hashed features.

Features are stems, their character 3- and 4-grams and bigrams of stems, weighted by idf. It is trained from scratch, in
seconds, on pairs of names of one code, so that two wordings of one thing point the same way. The only randomness is
the seeded generator given.
"""

from __future__ import annotations

from zlib import crc32

import numba
import numpy as np
from msgspec import Struct

from semantix.terminology.matching.arrays import Floats, Ints, Longs

BUCKETS = 1 << 17
DIMENSIONS = 128
TEMPERATURE = 0.05
BATCH = 512
EPOCHS = 5
RATE = 0.1
DROPPED = 300
"""Features in a thousand that a step of training does without."""


class Bags(Struct, frozen=True):
    """Texts as weighted features: text ``i`` has ``features[pointer[i]:pointer[i+1]]``."""

    pointer: Longs
    features: Ints
    weights: Floats


def stem_features(word: str) -> list[int]:
    """The hashed features of one stem: itself and, for words of four letters or more, its character 3- and 4-grams."""
    marked = f"#{word}#"
    features = [_hash(f"w:{word}")]
    if len(word) >= 4:
        features += [_hash(marked[at : at + n]) for n in (3, 4) for at in range(len(marked) - n + 1)]
    return features


def bigram_feature(left: str, right: str) -> int:
    """The hashed feature of two neighbouring stems, whatever their order."""
    return _hash("b:" + "_".join(sorted((left, right))))


def _hash(text: str) -> int:
    """A checksum: the same in every process, unlike ``hash``."""
    return crc32(text.encode()) & (BUCKETS - 1)


def encode(bags: Bags, table: Floats) -> Floats:
    """Return one unit vector a text."""
    return np.asarray(_encode(bags.pointer, bags.features, bags.weights, table))


@numba.njit(cache=True, nogil=True)
def _encode(pointer: Longs, features: Ints, weights: Floats, table: Floats) -> Floats:  # pragma: no cover - compiled
    count = pointer.shape[0] - 1
    width = table.shape[1]
    vectors = np.zeros((count, width), np.float32)
    for i in range(count):
        for at in range(pointer[i], pointer[i + 1]):
            row = table[features[at]]
            weight = weights[at]
            for d in range(width):
                vectors[i, d] += weight * np.float32(row[d])
        norm = np.float32(1e-9)
        for d in range(width):
            norm += vectors[i, d] * vectors[i, d]
        norm = np.sqrt(norm)
        for d in range(width):
            vectors[i, d] /= norm
    return vectors


def train(bags: Bags, pairs: Ints, codes: Ints, seed: int = 0, epochs: int = EPOCHS) -> Floats:
    """Learn the vectors from ``pairs`` (n x 2, texts of one code); ``codes`` gives the code of each text.

    In-batch softmax in both directions; two texts of one code are never each other's negatives. Batches alternate
    between random pairs and pairs of neighbouring codes, which are the hard ones.
    """
    generator = np.random.default_rng(seed)
    table = (generator.standard_normal((BUCKETS, DIMENSIONS)) * 0.1).astype(np.float32)
    memory = np.full((BUCKETS, DIMENSIONS), 1e-3, np.float32)
    by_code = pairs[np.argsort(codes[pairs[:, 0]], kind="stable")]
    for epoch in range(epochs):
        rate = RATE * (1 - epoch / epochs * 0.8)
        batches = _batches(pairs, by_code, generator)
        for batch in batches:
            _step(bags, batch, codes, table, memory, generator, rate)
    return table


def _batches(pairs: Ints, by_code: Ints, generator: np.random.Generator) -> list[Ints]:
    """Cut the pairs into batches, half of them random, half of neighbouring codes, in random order."""
    shuffled = pairs[generator.permutation(len(pairs))]
    starts = np.arange(0, len(pairs), BATCH)
    offset = int(generator.integers(0, BATCH))
    rolled = np.roll(by_code, offset, axis=0)
    batches = []
    for number, start in enumerate(generator.permutation(starts).tolist()):
        batches.append((shuffled if number % 2 == 0 else rolled)[start : start + BATCH])
    return batches


def _step(
    bags: Bags, batch: Ints, codes: Ints, table: Floats, memory: Floats, generator: np.random.Generator, rate: float
) -> None:
    seeds = generator.integers(1, 2**31, size=2)
    left, left_norm = _encode_dropped(bags.pointer, bags.features, bags.weights, batch[:, 0], table, int(seeds[0]))
    right, right_norm = _encode_dropped(bags.pointer, bags.features, bags.weights, batch[:, 1], table, int(seeds[1]))
    logits = left @ right.T / TEMPERATURE
    owners = codes[batch[:, 0]]
    same = owners[:, None] == owners[None, :]
    np.fill_diagonal(same, False)
    logits[same] = -1e9
    rows, columns = _softmax(logits), _softmax(logits.T).T
    gradient = (rows + columns) / (2 * len(batch))
    gradient[np.arange(len(batch)), np.arange(len(batch))] -= 1.0 / len(batch)
    gradient = (gradient * len(batch) / TEMPERATURE / BATCH).astype(np.float32)
    to_left = _through_norm(np.asarray(gradient @ right, np.float32), left, left_norm)
    to_right = _through_norm(np.asarray(gradient.T @ left, np.float32), right, right_norm)
    _update(bags.pointer, bags.features, bags.weights, batch[:, 0], to_left, table, memory, int(seeds[0]), rate)
    _update(bags.pointer, bags.features, bags.weights, batch[:, 1], to_right, table, memory, int(seeds[1]), rate)


def _softmax(logits: Floats) -> Floats:
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))


def _through_norm(gradient: Floats, unit: Floats, norm: Floats) -> Floats:
    """Carry a gradient through ``x / |x|``."""
    along = (gradient * unit).sum(axis=1, keepdims=True)
    return np.asarray((gradient - along * unit) / norm[:, None], dtype=np.float32)


@numba.njit(cache=True, nogil=True)
def _dropped(state: int) -> tuple[int, bool]:  # pragma: no cover - compiled
    state = (state * 1103515245 + 12345) & 0x7FFFFFFF
    return state, (state >> 8) % 1000 < DROPPED


@numba.njit(cache=True, nogil=True)
def _encode_dropped(
    pointer: Longs, features: Ints, weights: Floats, texts: Ints, table: Floats, seed: int
) -> tuple[Floats, Floats]:  # pragma: no cover - compiled
    width = table.shape[1]
    vectors = np.zeros((texts.shape[0], width), np.float32)
    norms = np.zeros(texts.shape[0], np.float32)
    state = seed
    for i in range(texts.shape[0]):
        text = texts[i]
        for at in range(pointer[text], pointer[text + 1]):
            state, gone = _dropped(state)
            if gone:
                continue
            row = table[features[at]]
            weight = weights[at]
            for d in range(width):
                vectors[i, d] += weight * row[d]
        norm = np.float32(1e-6)
        for d in range(width):
            norm += vectors[i, d] * vectors[i, d]
        norm = np.sqrt(norm)
        norms[i] = norm
        for d in range(width):
            vectors[i, d] /= norm
    return vectors, norms


@numba.njit(cache=True, nogil=True)
def _update(
    pointer: Longs, features: Ints, weights: Floats, texts: Ints, gradient: Floats, table: Floats, memory: Floats,
    seed: int, rate: float,
) -> None:  # fmt: skip  # pragma: no cover - compiled
    width = table.shape[1]
    state = seed
    step = np.float32(rate)
    for i in range(texts.shape[0]):
        text = texts[i]
        for at in range(pointer[text], pointer[text + 1]):
            state, gone = _dropped(state)
            if gone:
                continue
            feature = features[at]
            weight = weights[at]
            for d in range(width):
                slope = gradient[i, d] * weight
                memory[feature, d] += slope * slope
                table[feature, d] -= step * slope / np.sqrt(memory[feature, d])
