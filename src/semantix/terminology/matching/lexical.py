"""The word index: which entries of a terminology say what the query says, word by word, exhaustively.

Two coverages of idf mass, after the soft matching of words: ``cov_query``, the share of the query that the entry
covers, and ``cov_entry``, the share of the entry's required words that the query covers (with one unit of mass more
in the denominator, so that very short entries do not win by chance). Their harmonic mean orders the entries.
"""

from __future__ import annotations

import numba
import numpy as np

from semantix.terminology.matching.arrays import Floats, Ints, Longs

KEPT = 80
PRUNE = np.float32(0.4)
"""Entries that cover less than this share of what the best one covers of the query are not looked at further."""


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def retrieve(
    words: Longs, weights: Floats, expansions: Longs, stems: Ints, sims: Floats, banned: Longs,
    post_ptr: Longs, post_entry: Ints, entry_ptr: Longs, entry_word: Ints, entry_required: Ints, entry_mass: Floats,
    entry_bag: Longs, idf: Floats, kept: int,
) -> tuple[Ints, Floats, Floats]:  # fmt: skip  # pragma: no cover - compiled
    """Rank entries for a batch of queries.

    Query ``q`` has the words ``words[q]:words[q+1]``; word ``w`` has ``weights[w]`` (idf mass) and the expansions
    ``expansions[w]:expansions[w+1]``, best first, of ``stems`` with ``sims``. Entries whose bag is ``banned[q]`` do
    not count (0 bans none). Returns (queries x kept) entries (-1 where there are fewer), cov_query, cov_entry.
    """
    count = words.shape[0] - 1
    entries = np.full((count, kept), -1, np.int32)
    cov_q = np.zeros((count, kept), np.float32)
    cov_e = np.zeros((count, kept), np.float32)
    size = entry_ptr.shape[0] - 1
    mass = np.zeros(size, np.float32)
    stamp = np.full(size, -1, np.int32)
    touched = np.empty(size, np.int32)
    best_sim = np.zeros(idf.shape[0], np.float32)
    scores = np.empty(kept, np.float32)
    tick = 0
    for q in range(count):
        total = np.float32(0)
        seen = 0
        for w in range(words[q], words[q + 1]):
            total += weights[w]
            tick += 1
            for x in range(expansions[w], expansions[w + 1]):
                stem = stems[x]
                sim = sims[x]
                if sim > best_sim[stem]:
                    best_sim[stem] = sim
                gain = sim * weights[w]
                for at in range(post_ptr[stem], post_ptr[stem + 1]):
                    entry = post_entry[at]
                    if stamp[entry] == tick:
                        continue
                    stamp[entry] = tick
                    if mass[entry] == 0:
                        touched[seen] = entry
                        seen += 1
                    mass[entry] += gain
        top = np.float32(0)
        for i in range(seen):
            if mass[touched[i]] > top:
                top = mass[touched[i]]
        floor = top * PRUNE
        filled = 0
        for i in range(seen):
            entry = touched[i]
            got = mass[entry]
            mass[entry] = 0
            if got < floor or (banned[q] != 0 and entry_bag[entry] == banned[q]):
                continue
            share_q = got / total
            bound = 2 * share_q / (share_q + 1)
            if filled == kept and bound < scores[kept - 1]:
                continue
            covered = np.float32(0)
            for at in range(entry_ptr[entry], entry_ptr[entry + 1]):
                if entry_required[at]:
                    covered += idf[entry_word[at]] * best_sim[entry_word[at]]
            share_e = covered / (entry_mass[entry] + np.float32(1))
            score = 2 * share_q * share_e / (share_q + share_e + np.float32(1e-9))
            if filled < kept:
                at = filled
                filled += 1
            elif score > scores[kept - 1] or (score == scores[kept - 1] and entry < entries[q, kept - 1]):
                at = kept - 1
            else:
                continue
            while at > 0 and (scores[at - 1] < score or (scores[at - 1] == score and entries[q, at - 1] > entry)):
                scores[at] = scores[at - 1]
                entries[q, at] = entries[q, at - 1]
                cov_q[q, at] = cov_q[q, at - 1]
                cov_e[q, at] = cov_e[q, at - 1]
                at -= 1
            scores[at] = score
            entries[q, at] = entry
            cov_q[q, at] = share_q
            cov_e[q, at] = share_e
        for w in range(words[q], words[q + 1]):
            for x in range(expansions[w], expansions[w + 1]):
                best_sim[stems[x]] = 0
    return entries, cov_q, cov_e
