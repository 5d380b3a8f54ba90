"""Everything that is known of a query and its candidates, as named features."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from rapidfuzz.fuzz import ratio

from semantix.terminology.matching import kernels
from semantix.terminology.matching.arrays import Floats, Ints

ORDER = ("lcs_query", "lcs_entry", "lcs", "lcs_cubed", "gap_lcs")
LETTERS = ("ratio", "ratio_to_the_4", "gap_ratio")
NAMES = (
    *kernels.FEATURES,
    *ORDER,
    *LETTERS,
    *(f"label_{name}" for name in ORDER),
    *(f"label_{name}" for name in LETTERS),
)
"""The features of a candidate, in order."""
QUERY_NAMES = (
    "best_label_ratio", "best_ratio", "best_label_lcs", "best_lcs_query", "best_score", "best_label_score",
    "best_cov_query",
    "best_cosine", "words", "unknown", "guessed", "shortened", "constant",
)  # fmt: skip
"""The features of a query as a whole, which the gate reads."""
BELIEF_NAMES = (
    "logit", "margin", "score", "cov_query", "cov_entry", "cosine", "label_ratio", "ratio", "lcs", "near", "guessed",
    "words", "opposed", "number_missed", "constant",
)  # fmt: skip
"""What the belief in the first candidate is made of."""
_AT = {name: place for place, name in enumerate(NAMES)}


class Described(Struct, frozen=True):
    """A batch of queries with their candidates: codes (-1 = none), best entries, features of both."""

    codes: Ints
    entries: Ints
    candidates: Floats
    queries: Floats


def letters(texts: Sequence[str], entries: Ints, of_entry: Sequence[str]) -> Floats:
    """Similarity of letters (normalised Indel) between folded queries and folded names."""
    found = np.zeros(entries.shape, np.float32)
    for row, (text, places) in enumerate(zip(texts, entries.tolist(), strict=True)):
        found[row] = [ratio(text, of_entry[place]) if place >= 0 else 0.0 for place in places]
    return found / np.float32(100)


def with_gap(values: Floats, power: int) -> list[Floats]:
    """A value, its power, and its distance from the best of the query."""
    return [values, values**power, values - values.max(1, keepdims=True)]


def stack(described: Floats, order: Floats, label_order: Floats, ratios: Floats, label_ratios: Floats) -> Floats:
    """Put the features of candidates together, in the order of NAMES."""
    columns = [described]
    for aligned, alike in ((order, ratios), (label_order, label_ratios)):
        columns.append(aligned)
        columns.append(np.stack(with_gap(aligned[:, :, 2], 3)[1:], 2))
        columns.append(np.stack(with_gap(alike, 4), 2))
    return np.concatenate(columns, 2).astype(np.float32)


def of_queries(features: Floats, words: Floats) -> Floats:
    """What the gate reads: the best of the candidates; how many words, which shares are unknown, guessed, shortened."""
    best = [
        features[:, :, _AT[name]].max(1)
        for name in (
            "label_ratio", "ratio", "label_lcs", "lcs_query", "score", "label_score", "cov_query", "cosine",
        )
    ]  # fmt: skip
    shares = [words[:, place] for place in (1, 2, 3)]
    return np.stack([*best, np.log1p(words[:, 0]), *shares, np.ones(len(words), np.float32)], 1).astype(np.float32)


def of_belief(features: Floats, places: Ints, shares: Floats, queries: Floats, near: Floats) -> Floats:
    """What tells whether the first candidate is right. ``places`` and ``shares`` are those of the ranker's order."""
    first = np.take_along_axis(features, places[:, :1, None], 1)[:, 0]
    share = np.clip(shares[:, 0], 1e-4, 1 - 1e-4)
    second = np.clip(shares[:, 1] if shares.shape[1] > 1 else np.zeros_like(share), 0, 1)
    columns = [
        np.log(share / (1 - share)), share - second,
        *(first[:, _AT[name]] for name in ("score", "cov_query", "cov_entry", "cosine", "label_ratio", "ratio", "lcs")),
        near, queries[:, QUERY_NAMES.index("guessed")], queries[:, QUERY_NAMES.index("words")], first[:,
        _AT["opposed"]],
        first[:, _AT["query_number_missed"]] + first[:, _AT["entry_number_missed"]], np.ones_like(share),
    ]  # fmt: skip
    return np.stack(columns, 1).astype(np.float32)
