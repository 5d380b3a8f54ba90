"""The inner loops of the matcher: word-index retrieval and the features of candidate codes, compiled.

Two coverages of idf mass, after the soft matching of words: of the query (which share of it an entry covers) and of the
entry (which share of its required words the query covers, with one unit of mass more in the denominator, so that very
short entries do not win by chance). Their harmonic mean orders entries. Every sum is over values in a fixed order, so
a query gives the same answer alone or in a batch.
"""

from __future__ import annotations

import numba
import numpy as np

FAST = {"contract", "reassoc", "nsz"}
"""Sums of integers may be reordered: they stay exact below 2 to the 24."""
PRUNE = np.float32(0.4)
"""Entries that cover less than this share of what the best one covers of the query are not looked at further."""
LIGHT = np.float32(0.06)
"""A word with less than this share of the mass of a query is looked up as it is only."""
SLOTS = 128
"""Candidate codes that are looked at before the best are kept."""


@numba.njit(cache=True, nogil=True)
def retrieve(
    words, weights, expansions, stems, sims, banned, post_ptr, post_entry, entry_ptr, entry_word, entry_required,
    entry_mass, entry_bag, idf, kept,
):  # fmt: skip  # pragma: no cover - compiled
    """Rank entries for a batch of queries; return (queries x kept) entries, -1 where there are fewer, and their scores.

    Query ``q`` has the words ``words[q]:words[q+1]``; word ``w`` has ``weights[w]`` (idf mass) and the expansions
    ``expansions[w]:expansions[w+1]``, best first, of ``stems`` with ``sims``. Entries whose bag is ``banned[q]`` do
    not count (0 bans none).
    """
    count = words.shape[0] - 1
    entries = np.full((count, kept), -1, np.int32)
    found = np.zeros((count, kept), np.float32)
    size = entry_ptr.shape[0] - 1
    mass = np.zeros(size, np.float32)
    stamp = np.full(size, -1, np.int32)
    touched = np.empty(size, np.int32)
    best_sim = np.zeros(idf.shape[0], np.float32)
    tick = 0
    for q in range(count):
        total = np.float32(1e-6)
        seen = 0
        for w in range(words[q], words[q + 1]):
            total += weights[w]
        for w in range(words[q], words[q + 1]):
            tick += 1
            last = expansions[w + 1]
            if weights[w] < LIGHT * total:
                # What a light word stands for changes little, and is in very many names.
                last = min(last, expansions[w] + 1)
            for x in range(expansions[w], last):
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
            if filled == kept and bound < found[q, kept - 1]:
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
            elif score > found[q, kept - 1] or (score == found[q, kept - 1] and entry < entries[q, kept - 1]):
                at = kept - 1
            else:
                continue
            while at > 0 and (found[q, at - 1] < score or (found[q, at - 1] == score and entries[q, at - 1] > entry)):
                found[q, at] = found[q, at - 1]
                entries[q, at] = entries[q, at - 1]
                at -= 1
            found[q, at] = score
            entries[q, at] = entry
        for w in range(words[q], words[q + 1]):
            for x in range(expansions[w], expansions[w + 1]):
                best_sim[stems[x]] = 0
    return entries, found


@numba.njit(cache=True, nogil=True, fastmath=FAST)
def nearest(vectors, family_cosines, family_ptr, family_codes, centroids, families, kept):  # pragma: no cover
    """Return, for each query, the codes with the nearest centroids, best first, ties by place.

    Only the codes of the ``families`` nearest families are looked at. ``centroids`` and ``vectors`` hold integers, so
    that sums are exact and a query gives the same answer in any batch.
    """
    count, size = family_cosines.shape
    width = vectors.shape[1]
    families = min(families, size)
    chosen = np.empty(families, np.int32)
    heights = np.empty(families, np.float32)
    places = np.full((count, kept), -1, np.int32)
    values = np.full((count, kept), np.float32(-1e30), np.float32)
    for q in range(count):
        for f in range(families):
            heights[f] = np.float32(-1e30)
            chosen[f] = -1
        for c in range(size):
            value = family_cosines[q, c]
            if value <= heights[families - 1]:
                continue
            at = families - 1
            while at > 0 and heights[at - 1] < value:
                heights[at] = heights[at - 1]
                chosen[at] = chosen[at - 1]
                at -= 1
            heights[at] = value
            chosen[at] = c
        for f in range(families):
            if chosen[f] < 0:
                continue
            for m in range(family_ptr[chosen[f]], family_ptr[chosen[f] + 1]):
                code = family_codes[m]
                value = np.float32(0)
                for d in range(width):
                    value += np.float32(centroids[code, d]) * vectors[q, d]
                if value < values[q, kept - 1] or (value == values[q, kept - 1] and code > places[q, kept - 1]):
                    continue
                at = kept - 1
                while at > 0 and (
                    values[q, at - 1] < value or (values[q, at - 1] == value and places[q, at - 1] > code)
                ):
                    values[q, at] = values[q, at - 1]
                    places[q, at] = places[q, at - 1]
                    at -= 1
                values[q, at] = value
                places[q, at] = code
    return places, values


FEATURES = (
    "score", "cov_query", "cov_entry", "score_squared", "second_score",
    "label_score", "label_cov_query", "label_cov_entry",
    "official_score", "related_score",
    "gap_score", "vote", "category_vote", "entries",
    "cosine", "cosine_centroid", "cosine_label", "gap_cosine", "rank_centroid",
    "fused", "gap_fused",
    "query_number_missed", "entry_number_missed", "opposed",
    "query_other_missed", "entry_other_missed", "query_not_missed", "entry_not_missed", "query_sai_met", "entry_sai",
    "residual_eight", "residual_nine", "assignable", "has_children",
)  # fmt: skip
"""The features of a candidate code that the compiled part computes, in order."""


@numba.njit(cache=True, nogil=True, fastmath=FAST)
def describe(
    words, weights, expansions, stems, sims, banned, entries, found, near, near_cos, vectors,
    entry_ptr, entry_word, entry_required, entry_mass, entry_bag, entry_code, entry_source, entry_vector, idf,
    label_entry, centroids, category, code_flags, opposites, special, kept,
):  # fmt: skip  # pragma: no cover - compiled
    """Describe the candidate codes of a batch of queries.

    ``entries``/``found`` come from :func:`retrieve`, ``near``/``near_cos`` (codes) from :func:`nearest`. ``vectors``,
    ``entry_vector`` and ``centroids`` hold integers (unit vectors times 127). ``opposites[s]`` is 0 or class * 8 +
    member; ``special[s]`` has bit 1 for numbers, 2 for "other", 4 for negations,
    8 for ``sai``. ``code_flags`` has bits 1 ``.8``,
    2 ``.9``, 4 assignable, 8 has children. Returns codes (-1 = none), best entries and features, best first by a
    plain sum.
    """
    count = words.shape[0] - 1
    codes = np.full((count, kept), -1, np.int32)
    bests = np.full((count, kept), -1, np.int32)
    table = np.zeros((count, kept, 34), np.float32)
    slot_of = np.full(centroids.shape[0], -1, np.int32)
    code_at = np.empty(SLOTS, np.int32)
    best_entry = np.empty(SLOTS, np.int32)
    f = np.zeros((SLOTS, 34), np.float32)
    order = np.empty(SLOTS, np.float32)
    best_sim = np.zeros(idf.shape[0], np.float32)
    inside = np.full(idf.shape[0], -1, np.int32)
    member_seen = np.zeros(64, np.int32)
    width = vectors.shape[1]
    unit = np.float32(1.0 / (127.0 * 127.0))
    tick = 0
    for q in range(count):
        total = np.float32(1e-6)
        numbers = others = nots = sais = 0
        for c in range(64):
            member_seen[c] = 0
        for w in range(words[q], words[q + 1]):
            total += weights[w]
            if expansions[w] < expansions[w + 1]:
                first = stems[expansions[w]]
                if sims[expansions[w]] >= np.float32(0.999):
                    kind = special[first]
                    numbers += kind & 1
                    others += (kind >> 1) & 1
                    nots += (kind >> 2) & 1
                    sais += (kind >> 3) & 1
                if opposites[first] > 0 and sims[expansions[w]] >= np.float32(0.85):
                    member_seen[opposites[first] // 8] |= 1 << (opposites[first] % 8)
            for x in range(expansions[w], expansions[w + 1]):
                if sims[x] > best_sim[stems[x]]:
                    best_sim[stems[x]] = sims[x]
        slots = 0
        n_entries = entries.shape[1]
        n_near = near.shape[1]
        for i in range(n_entries + n_near):
            if i < n_entries:
                entry = entries[q, i]
                if entry < 0:
                    continue
                code = entry_code[entry]
            else:
                code = near[q, i - n_entries]
                if code < 0:
                    continue
                entry = -1
            slot = slot_of[code]
            if slot < 0:
                if slots == SLOTS:
                    continue
                slot = slots
                slots += 1
                slot_of[code] = slot
                code_at[slot] = code
                best_entry[slot] = -1
                for k in range(34):
                    f[slot, k] = 0
                f[slot, 18] = n_near
            if entry >= 0:
                score = found[q, i]
                if best_entry[slot] < 0:
                    best_entry[slot] = entry
                    f[slot, 0] = score
                elif f[slot, 4] == 0:
                    f[slot, 4] = score
                source = entry_source[entry]
                if source == 1 and score > f[slot, 8]:
                    f[slot, 8] = score
                if source == 2 and score > f[slot, 9]:
                    f[slot, 9] = score
                f[slot, 13] += 1
                dot = np.float32(0)
                for d in range(width):
                    dot += np.float32(entry_vector[entry, d]) * vectors[q, d]
                cosine = dot * unit
                if cosine > f[slot, 14]:
                    f[slot, 14] = cosine
            else:
                f[slot, 15] = near_cos[q, i - n_entries]
                f[slot, 18] = i - n_entries
        top = np.float32(0)
        top_cos = np.float32(0)
        mass = np.float32(1e-9)
        for s in range(slots):
            code = code_at[s]
            if f[s, 15] == 0:
                total_dot = np.float32(0)
                for d in range(width):
                    total_dot += np.float32(centroids[code, d]) * vectors[q, d]
                f[s, 15] = total_dot * unit
            label = label_entry[code]
            if label >= 0 and (banned[q] == 0 or entry_bag[label] != banned[q]):
                dot = np.float32(0)
                for d in range(width):
                    dot += np.float32(entry_vector[label, d]) * vectors[q, d]
                f[s, 16] = dot * unit
                if f[s, 16] > f[s, 14]:
                    f[s, 14] = f[s, 16]
                if best_entry[s] < 0:
                    best_entry[s] = label
            # What the best entry and the label cover.
            for which in range(2):
                entry = best_entry[s] if which == 0 else label
                if entry < 0 or (which == 1 and banned[q] != 0 and entry_bag[entry] == banned[q]):
                    continue
                tick += 1
                covered = np.float32(0)
                for at in range(entry_ptr[entry], entry_ptr[entry + 1]):
                    stem = entry_word[at]
                    inside[stem] = tick
                    if entry_required[at]:
                        covered += idf[stem] * best_sim[stem]
                    if which == 0:
                        kind = special[stem]
                        if entry_required[at] and best_sim[stem] < np.float32(0.5):
                            f[s, 22] += kind & 1
                            f[s, 25] += (kind >> 1) & 1
                            f[s, 27] += (kind >> 2) & 1
                        f[s, 29] = max(f[s, 29], (kind >> 3) & 1)
                        oppo = opposites[stem]
                        if oppo > 0 and entry_required[at]:
                            seen = member_seen[oppo // 8]
                            if seen != 0 and (seen & (1 << (oppo % 8))) == 0:
                                f[s, 23] += 1
                share_e = covered / (entry_mass[entry] + np.float32(1))
                got = np.float32(0)
                met_number = met_other = met_not = met_sai = 0
                for w in range(words[q], words[q + 1]):
                    best = np.float32(0)
                    for x in range(expansions[w], expansions[w + 1]):
                        if inside[stems[x]] == tick:
                            best = sims[x]
                            break
                    got += best * weights[w]
                    if which == 0 and best >= np.float32(0.999):
                        kind = special[stems[expansions[w]]]
                        met_number += kind & 1
                        met_other += (kind >> 1) & 1
                        met_not += (kind >> 2) & 1
                        met_sai += (kind >> 3) & 1
                share_q = got / total
                score = 2 * share_q * share_e / (share_q + share_e + np.float32(1e-9))
                if which == 0:
                    f[s, 0] = score
                    f[s, 1] = share_q
                    f[s, 2] = share_e
                    f[s, 21] = numbers - met_number
                    f[s, 24] = others - met_other
                    f[s, 26] = nots - met_not
                    f[s, 28] = met_sai
                else:
                    f[s, 5] = score
                    f[s, 6] = share_q
                    f[s, 7] = share_e
            f[s, 3] = f[s, 0] * f[s, 0]
            f[s, 19] = f[s, 0] + np.float32(0.6) * f[s, 14] + np.float32(0.3) * f[s, 15]
            flags = code_flags[code]
            f[s, 30] = flags & 1
            f[s, 31] = (flags >> 1) & 1
            f[s, 32] = (flags >> 2) & 1
            f[s, 33] = (flags >> 3) & 1
            if f[s, 0] > top:
                top = f[s, 0]
            if f[s, 14] > top_cos:
                top_cos = f[s, 14]
            f[s, 11] = np.exp(np.float32(12) * f[s, 19] - np.float32(12))
            mass += f[s, 11]
        for s in range(slots):
            f[s, 11] /= mass
        top_fused = np.float32(0)
        for s in range(slots):
            f[s, 10] = f[s, 0] - top
            f[s, 17] = f[s, 14] - top_cos
            if f[s, 19] > top_fused:
                top_fused = f[s, 19]
            f[s, 18] = np.float32(1) / (np.float32(1) + f[s, 18])
            f[s, 13] = np.log1p(f[s, 13])
            shared = np.float32(0)
            for other in range(slots):
                if category[code_at[other]] == category[code_at[s]]:
                    shared += f[other, 11]
            f[s, 12] = shared
        for s in range(slots):
            f[s, 20] = f[s, 19] - top_fused
            order[s] = f[s, 19]
            slot_of[code_at[s]] = -1
        for rank in range(min(kept, slots)):
            best = -1
            for s in range(slots):
                if order[s] > np.float32(-1) and (
                    best < 0 or order[s] > order[best] or (order[s] == order[best] and code_at[s] < code_at[best])
                ):
                    best = s
            if best < 0:
                break
            order[best] = np.float32(-2)
            codes[q, rank] = code_at[best]
            bests[q, rank] = best_entry[best]
            for k in range(34):
                table[q, rank, k] = f[best, k]
        for w in range(words[q], words[q + 1]):
            for x in range(expansions[w], expansions[w + 1]):
                best_sim[stems[x]] = 0
    return codes, bests, table


@numba.njit(cache=True, nogil=True, fastmath=FAST)
def align(words, weights, expansions, stems, sims, order_ptr, order, bests, seq_ptr, seq_word, idf):  # pragma: no cover
    """Compare the order of words: the heaviest common subsequence of a query and the best entry of each candidate.

    Returns, for each (query, candidate), its share of the query's mass, its share of the entry's, and its share of
    both.
    """
    count, kept = bests.shape
    result = np.zeros((count, kept, 3), np.float32)
    first = np.full(idf.shape[0], -1, np.int32)
    limit = 64
    following = np.empty(limit, np.int32)
    previous = np.zeros(limit + 1, np.float32)
    current = np.zeros(limit + 1, np.float32)
    gains = np.zeros(limit, np.float32)
    for q in range(count):
        total = np.float32(1e-6)
        for o in range(order_ptr[q], order_ptr[q + 1]):
            total += weights[words[q] + order[o]]
        for k in range(kept):
            entry = bests[q, k]
            if entry < 0:
                continue
            start = seq_ptr[entry]
            size = min(limit, seq_ptr[entry + 1] - start)
            mass = np.float32(1e-6)
            for j in range(size - 1, -1, -1):
                stem = seq_word[start + j]
                following[j] = first[stem]
                first[stem] = j
                mass += idf[stem]
                previous[j + 1] = 0
            previous[0] = 0
            for o in range(order_ptr[q], order_ptr[q + 1]):
                w = words[q] + order[o]
                for j in range(size):
                    gains[j] = 0
                for x in range(expansions[w], expansions[w + 1]):
                    j = first[stems[x]]
                    while j >= 0:
                        if gains[j] == 0:
                            gains[j] = sims[x]
                        j = following[j]
                current[0] = 0
                for j in range(size):
                    best = max(previous[j + 1], current[j])
                    if gains[j] > 0:
                        best = max(best, previous[j] + gains[j] * idf[seq_word[start + j]])
                    current[j + 1] = best
                for j in range(size + 1):
                    previous[j] = current[j]
            common = previous[size]
            for j in range(size):
                first[seq_word[start + j]] = -1
            result[q, k, 0] = min(np.float32(1), common / total)
            result[q, k, 1] = common / mass
            result[q, k, 2] = min(np.float32(1), 2 * common / (total + mass))
    return result
