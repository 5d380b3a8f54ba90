"""The generic matcher: any French wording to the ranked codes of one target, by words, meaning, order and letters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from msgspec import Struct

from semantix.model import Evidence
from semantix.terminology.lexicon import Lexicon as HandLexicon
from semantix.terminology.matching import Example, Ranked, Request, features, kernels
from semantix.terminology.matching.arrays import Floats, Ints, Longs, inverted
from semantix.terminology.matching.embedding import EmbeddingIndex, added, chosen
from semantix.terminology.matching.encoder import encode
from semantix.terminology.matching.encoder_bags import FeatureReader
from semantix.terminology.matching.explaining import Explainer
from semantix.terminology.matching.index import Vocabulary
from semantix.terminology.matching.names import Words, query_words
from semantix.terminology.matching.parts import Parts, load, save
from semantix.terminology.matching.queries import Compiled, WordReader
from semantix.terminology.matching.ranker import sigmoid
from semantix.terminology.matching.variants import rewrites, variants
from semantix.terminology.text import fold

KEPT_ENTRIES = 80
KEPT_CODES = 24
NEAREST = 25
RETRIEVED = 16
"""Codes that an embedding model adds at most, if one is given."""
OTHERS = 24
"""Entries of the second reading of a query that are looked at too."""
FAMILIES = 40
EXPLAINED = 3
"""Candidates that are explained word by word; the others name what they are near to."""
UNIT = np.float32(127)
WELL_MET = 0.8
"""A reading that meets a name this well is not rewritten."""
MARGIN = 0.05
"""How much better another reading must meet a name than the one before it, to take its place."""
BATCH = 256
NEAR = 0.5
ABBREVIATED = 0.25
"""What is nearly a label, with this share of words that had to be completed, is an abbreviated label."""
OPPOSITES = (
    ("droit", "gauch"), ("aigu", "chronique"), ("malin", "benin"), ("superieur", "inferieur"),
    ("anterieur", "posterieur"),
    ("intern", "extern"), ("proximal", "distal"), ("primitif", "secondair"), ("congenital", "acquis"),
    ("ouvert", "ferm"),
    ("personnel", "familial"), ("foetus", "mer"), ("homm", "femm"), ("masculin", "feminin"),
)  # fmt: skip
"""Stems that exclude each other in one name."""
NUMBER, OTHER, NEGATION, SAI = 1, 2, 4, 8
SPECIAL = {
    "autr": OTHER, "nca": OTHER, "sans": NEGATION, "non": NEGATION, "pas": NEGATION, "ni": NEGATION, "absenc": NEGATION,
    "aucun": NEGATION, "sai": SAI,
}  # fmt: skip


class Batch(Struct, frozen=True):
    """Queries made ready: what was written, the reading chosen, and what the ranker sees."""

    written: tuple[Words, ...]
    readings: tuple[Words, ...]
    described: features.Described


class _Tried(Struct, frozen=True):
    """The reading kept of each query, with the entries that it meets."""

    words: tuple[Words, ...]
    entries: Ints
    scores: Floats


class Order(Struct, frozen=True):
    """The candidates of a batch, best first: their places, the codes to answer, their shares.

    ``belief`` is in the first candidate, ``seen`` what it was made of.
    """

    places: Ints
    codes: Ints
    shares: Floats
    belief: Floats
    seen: Floats


class WordingMatcher:
    """Ranks codes for wordings; learn one with :func:`semantix.terminology.matching.learning.learn_wording`."""

    def __init__(self, parts: Parts, hand: HandLexicon, retriever: EmbeddingIndex | None = None) -> None:
        self.parts, self.hand, self.retriever = parts, hand, retriever
        vocabulary = Vocabulary(parts.stems, parts.speller(), *parts.expansions())
        self.reader = WordReader(parts.lexicon, vocabulary, parts.shortenings)
        self.features = FeatureReader(parts.stems, self.reader)
        self._known = vocabulary.places
        self._special = np.asarray([_special(word) for word in parts.stems], np.int32)
        self._opposites = _opposites(vocabulary.places, len(parts.stems))
        self._family_ptr, self._family_codes = _members(parts.family)
        self._family_centroids = np.ascontiguousarray(parts.family_centroids.astype(np.float32).T)
        self._explainer = Explainer(self.reader, parts.stems, parts.lexicon)

    @classmethod
    def load(cls, folder: Path, hand: HandLexicon) -> WordingMatcher:
        """Open what :meth:`save` wrote. Raises BadStore when it is damaged."""
        return cls(load(folder), hand)

    def labels(self) -> list[str]:
        """The label of each code, empty for one that has none."""
        entries = self.parts.lexicon.label_entry.tolist()
        return [self.parts.texts[entry] if entry >= 0 else "" for entry in entries]

    def save(self, folder: Path) -> None:
        """Write everything learned into an empty folder."""
        save(self.parts, folder)

    def rank(self, requests: Sequence[Request], top: int = 10) -> list[tuple[Ranked, ...]]:
        """Return at most ``top`` candidates a request, best first; none when no word of the query is known."""
        answers: list[tuple[Ranked, ...]] = []
        for start in range(0, len(requests), BATCH):
            answers += self._rank(requests[start : start + BATCH], top)
        return answers

    def examples(self) -> Iterator[Example]:
        """Return the held-out pairs that were ranked when the matcher was learned."""
        return iter(self.parts.examples)

    def kind_of(self, request: Request) -> str:
        """Tell a label from an abbreviated one and from free text: by the candidates that it finds."""
        return self.kinds(self.describe([request.query.text], [request.context.section]))[0]

    def kinds(self, batch: Batch) -> list[str]:
        """Tell which kind of source each query of a batch is: nearly a label, an abbreviated one, or free text."""
        ranker = self.parts.ranker
        assert ranker is not None, "not learned yet"
        near = sigmoid(ranker.gate(batch.described.queries)) >= NEAR
        guessed = batch.described.queries[:, features.QUERY_NAMES.index("shortened")] >= ABBREVIATED
        return [("abbreviated" if g else "label") if n else "free-text" for n, g in zip(near, guessed, strict=True)]

    def describe(
        self, texts: Sequence[str], sections: Sequence[str] | None = None, bans: Sequence[int] | None = None
    ) -> Batch:
        """Find and describe the candidates of each text, without ranking them."""
        written = tuple(query_words(text) for text in texts)
        banned = np.asarray(bans if bans is not None else [0] * len(texts), np.int64)
        readings, compiled, entries, found = self._read(written, sections or [""] * len(texts), banned)
        described = self._describe(texts, readings, compiled, banned, (entries, found))
        return Batch(written, readings, described)

    def order(self, batch: Batch) -> Order:
        """Put the candidates of each query in order."""
        ranker = self.parts.ranker
        assert ranker is not None, "not learned yet"
        described = batch.described
        places, shares = ranker.order(described.codes, described.candidates, described.queries)
        near = sigmoid(ranker.gate(described.queries))
        seen = features.of_belief(described.candidates, places, shares, described.queries, near)
        codes = np.take_along_axis(described.codes, places, 1)
        # Who names a category in their own words means the code to record below it; who writes its label means it.
        codes = np.where((near < NEAR)[:, None], self.recordable(codes), codes)
        belief = sigmoid(ranker.belief(seen)) if ranker.belief is not None else shares[:, 0]
        return Order(places, codes, shares, belief, seen)

    def recordable(self, codes: Ints) -> Ints:
        """Return, for codes that may not be recorded, those below them that say no more."""
        residual = np.where(codes >= 0, self.parts.residual[codes], -1)
        return np.asarray(np.where(residual >= 0, residual, codes))

    def _rank(self, requests: Sequence[Request], top: int) -> list[tuple[Ranked, ...]]:
        batch = self.describe([r.query.text for r in requests], [r.context.section for r in requests])
        order, kinds = self.order(batch), self.kinds(batch)
        return [self._ranked(batch, order, row, kinds[row], top) for row in range(len(requests))]

    def _ranked(self, batch: Batch, order: Order, row: int, kind: str, top: int) -> tuple[Ranked, ...]:
        """The answer to one query: each code once, where it comes first."""
        ranked: dict[int, Ranked] = {}
        if all(self.reader.word(token).kind == "unknown" for token in batch.readings[row].required):
            return ()
        belief = float(order.belief[row])
        entries = batch.described.entries[row]
        for place, code, share in zip(
            order.places[row].tolist(), order.codes[row].tolist(), order.shares[row].tolist(), strict=True
        ):
            if code < 0 or len(ranked) == top:
                break
            if code in ranked:
                continue
            confidence = min(share, 1 - belief) if ranked else belief
            evidence: tuple[Evidence, ...] = ()
            entry = int(entries[place])
            if entry >= 0:
                text, named = self.parts.texts[entry], self.parts.kind(entry)
                if len(ranked) < EXPLAINED:
                    evidence = self._explainer.explain(batch.readings[row], batch.written[row], entry, (text, named))
                else:
                    evidence = (Evidence("name", text, named),)
            ranked[code] = Ranked(self.parts.codes[code], round(share, 4), round(confidence, 4), evidence, (), kind)
        return tuple(ranked.values())

    def _read(
        self, written: Sequence[Words], sections: Sequence[str], banned: Longs
    ) -> tuple[tuple[Words, ...], Compiled, Ints, Floats]:
        """Try the readings of each query in the word index and keep the one that meets the best name.

        Phrases are rewritten only where what is written, its abbreviations spelt out, meets no name well.
        """
        readings = [
            variants(words, self.hand, section, self._is_known)
            for words, section in zip(written, sections, strict=True)
        ]
        tried = self._try(readings, banned)
        again = [at for at, score in enumerate(tried.scores[:, 0].tolist()) if score < WELL_MET]
        others = [rewrites(tried.words[at], self.hand, self._is_known) for at in again]
        again = [at for at, more in zip(again, others, strict=True) if more]
        if again:
            second = self._try(
                [[tried.words[at], *more] for at, more in zip(again, filter(None, others), strict=True)], banned[again]
            )
            words = list(tried.words)
            for at, reading in zip(again, second.words, strict=True):
                words[at] = reading
            tried.entries[again], tried.scores[again] = second.entries, second.scores
            tried = _Tried(tuple(words), tried.entries, tried.scores)
        return tried.words, self.reader.compile(tried.words), tried.entries, tried.scores

    def _try(self, readings: Sequence[Sequence[Words]], banned: Longs) -> _Tried:
        """Look each reading up; keep the best of each query, an earlier one unless a later one is clearly better."""
        flat = [reading for several in readings for reading in several]
        owner = np.repeat(np.arange(len(readings)), [len(several) for several in readings])
        entries, scores = self._retrieve(self.reader.compile(flat), banned[owner])
        if len(flat) == len(readings):
            return _Tried(tuple(flat), entries, scores)
        best = np.full(len(readings), -1, np.int64)
        for row, at in enumerate(owner.tolist()):
            if best[at] < 0 or scores[row, 0] > scores[best[at], 0] + MARGIN:
                best[at] = row
        return _Tried(tuple(flat[row] for row in best.tolist()), *_shared(entries, scores, owner, best))

    def _retrieve(self, compiled: Compiled, banned: Longs) -> tuple[Ints, Floats]:
        lexicon = self.parts.lexicon
        entries, scores = kernels.retrieve(
            compiled.words, compiled.weights, compiled.expansions, compiled.stems, compiled.sims, banned,
            lexicon.post_ptr, lexicon.post_entry, lexicon.entry_ptr, lexicon.entry_word, lexicon.entry_required,
            lexicon.entry_mass, lexicon.entry_bag, lexicon.idf, KEPT_ENTRIES,
        )  # fmt: skip
        return entries, scores

    def _describe(
        self,
        texts: Sequence[str],
        readings: Sequence[Words],
        compiled: Compiled,
        banned: Longs,
        found: tuple[Ints, Floats],
    ) -> features.Described:
        lexicon, parts = self.parts.lexicon, self.parts
        vectors = np.round(encode(self.features.queries(readings), parts.table) * UNIT).astype(np.float32)
        near, cosines = kernels.nearest(
            vectors,
            vectors @ self._family_centroids,
            self._family_ptr,
            self._family_codes,
            self.parts.centroids,
            FAMILIES,
            NEAREST,
        )
        cosines = np.maximum(cosines, -1e9) / (UNIT * UNIT)
        more = None if self.retriever is None else self.retriever.nearest(texts, RETRIEVED)[0]
        if more is not None:
            near = np.concatenate([near, added(near, more)], 1)
            # The kernel computes what is 0.
            cosines = np.concatenate([cosines, np.zeros(more.shape, np.float32)], 1)
        codes, entries, described = kernels.describe(
            compiled.words, compiled.weights, compiled.expansions, compiled.stems, compiled.sims, banned, *found,
            near, cosines, vectors, lexicon.entry_ptr, lexicon.entry_word, lexicon.entry_required, lexicon.entry_mass,
            lexicon.entry_bag, lexicon.entry_code, lexicon.entry_source, parts.entry_vector, lexicon.idf,
            lexicon.label_entry, self.parts.centroids, parts.family, parts.flags,
            self._opposites, self._special, KEPT_CODES if more is None else kernels.SLOTS,
        )  # fmt: skip
        if more is not None:
            codes, entries, described = _narrowed(codes, entries, described, more)
        labels = np.where(codes >= 0, lexicon.label_entry[codes], -1).astype(np.int32)
        banned_label = (banned != 0)[:, None] & (lexicon.entry_bag[labels] == banned[:, None])
        labels = np.where(banned_label, -1, labels).astype(np.int32)
        folded = [fold(text) for text in texts]
        stacked = features.stack(
            described, self._align(compiled, entries), self._align(compiled, labels),
            features.letters(folded, entries, self.parts.folded), features.letters(folded, labels, self.parts.folded),
        )  # fmt: skip
        stacked[codes < 0] = 0
        return features.Described(codes, entries, stacked, features.of_queries(stacked, self._word_kinds(readings)))

    def _align(self, compiled: Compiled, entries: Ints) -> Floats:
        lexicon = self.parts.lexicon
        aligned: Floats = kernels.align(
            compiled.words, compiled.weights, compiled.expansions, compiled.stems, compiled.sims, compiled.order_ptr,
            compiled.order, entries, lexicon.seq_ptr, lexicon.seq_word, lexicon.idf,
        )  # fmt: skip
        return aligned

    def _word_kinds(self, readings: Sequence[Words]) -> Floats:
        """How many words, and which shares of them are unknown, guessed and shortened."""
        kinds = [[self.reader.word(token).kind for token in words.required] for words in readings]
        rows = [[len(row), *(row.count(kind) for kind in ("unknown", "guessed", "shortened"))] for row in kinds]
        counts = np.asarray(rows, np.float32)
        counts[:, 1:] /= np.maximum(counts[:, :1], 1)
        return counts

    def _is_known(self, token: str) -> bool:
        return self.reader.word(token).kind in {"known", "shortened"}


def _narrowed(codes: Ints, entries: Ints, described: Floats, more: Ints) -> tuple[Ints, Ints, Floats]:
    """Keep the candidates that would be kept without a retriever's, and those that it found."""
    places, wanted = chosen(codes, more, KEPT_CODES)
    codes, entries = (np.where(wanted, np.take_along_axis(each, places, 1), -1) for each in (codes, entries))
    described = np.take_along_axis(described, places[:, :, None], 1)
    rank = kernels.FEATURES.index("rank_centroid")
    # Only the nearest centroids have a rank: all others come equally behind them.
    described[:, :, rank] = np.maximum(described[:, :, rank], np.float32(1 / (1 + NEAREST)))
    return codes, entries, described


def _shared(entries: Ints, scores: Floats, owner: Longs, best: Longs) -> tuple[Ints, Floats]:
    """The entries of the reading chosen, the last of them giving way to the first of another reading."""
    kept, kept_scores = entries[best].copy(), scores[best].copy()
    other = np.full(len(best), -1, np.int64)
    for row, at in enumerate(owner.tolist()):
        if row != best[at] and (other[at] < 0 or scores[row, 0] > scores[other[at], 0]):
            other[at] = row
    has = other >= 0
    kept[has, -OTHERS:] = entries[other[has], :OTHERS]
    kept_scores[has, -OTHERS:] = scores[other[has], :OTHERS]
    return kept, kept_scores


def _special(word: str) -> int:
    return SPECIAL.get(word, NUMBER if any(char.isdigit() for char in word) else 0)


def _opposites(places: dict[str, int], size: int) -> Ints:
    marks = np.zeros(size, np.int32)
    for group, words in enumerate(OPPOSITES, 1):
        for member, word in enumerate(words):
            if word in places:
                marks[places[word]] = group * 8 + member
    return marks


def _members(family: Ints) -> tuple[Longs, Ints]:
    """The codes of each family, as rows."""
    pointer = np.arange(len(family) + 1, dtype=np.int64)
    return inverted(pointer, family, int(family.max()) + 1 if len(family) else 0)


__all__ = ["WordingMatcher"]
