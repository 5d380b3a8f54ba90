"""The matcher of drug labels: from what a practice, a hospital or a pharmacy writes to the code of ATC.

The words of a label find names (brands, substances, classes); the route, the form and the strength then choose among
the codes that share a name. Nothing is learned but counts: every feature can be read in the evidence.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
from msgspec import Struct, msgpack

from semantix.terminology.drugs import DrugLabel, DrugLexicon, amounts, parse_drug
from semantix.terminology.matching import Example, Ranked, Request
from semantix.terminology.matching.drug_examples import abbreviated, free_text
from semantix.terminology.matching.drug_index import ASSOCIATED, VAGUE, DrugIndex, Speciality, bag, build_index
from semantix.terminology.matching.drug_profiles import (
    NOTHING_BANNED,
    Asked,
    Ban,
    Profiles,
    Share,
    shares,
    telling_forms,
)
from semantix.terminology.matching.drug_reasons import Found, Hit, confidence, conflicts, evidence
from semantix.terminology.matching.drug_words import Vocabulary
from semantix.terminology.matching.sharing import unite
from semantix.terminology.matching.spelling import Speller
from semantix.terminology.text import fold, stem

__all__ = ["DrugMatcher", "Speciality"]

FILE = "drugs.msgpack"
SPELLING = "drug_spelling.npz"
KEPT_ENTRIES = 10
OTHERWISE_COMBINED = 0.6
"""What is left of an entry when either it or the label says "en association" and the other does not."""
LEAST_QUALITY = 0.12
SHARPNESS = 3.0
EXAMPLES = 1500
"""Specialities held out for calibration, each in three ways."""
UNKNOWN_BRANDS = 0.33
COMPLETE = 0.6
"""Names less covered than this do not explain the words of a label."""


class _Words(Struct, frozen=True):
    """The words of a label: hard ones name the drug, soft ones are set aside but may be required by a name."""

    hard: tuple[str, ...]
    soft: frozenset[str]
    associated: bool


class DrugMatcher:
    """Ranks the codes of ATC for drug labels. Implements :class:`semantix.terminology.matching.Matcher`."""

    def __init__(self, index: DrugIndex, lexicon: DrugLexicon, speller: Speller | None = None) -> None:
        self.index = index
        self._lexicon = lexicon
        self._makers = frozenset(index.makers)
        self._vocabulary = Vocabulary(index.entries, index.joined, speller)
        self._profiles = Profiles(index)

    @classmethod
    def build(
        cls,
        atc_terms: Iterable[tuple[str, str, str, str]],
        specialities: Iterable[Speciality],
        lexicon: DrugLexicon,
        valid: Iterable[str] = (),
    ) -> DrugMatcher:
        """Index (code, text, kind, lang) terms and specialities; ``curated`` is the kind of a curated wording.

        ``valid`` are the codes in use: terms of others are left out (all are used when it is empty).
        """
        return cls(build_index(atc_terms, specialities, lexicon, frozenset(valid)), lexicon)

    def save(self, folder: Path) -> None:
        """Write the index to a folder that exists; the same index makes the same bytes."""
        (folder / FILE).write_bytes(msgpack.encode(self.index))
        arrays = self._vocabulary.speller().arrays()
        np.savez(
            folder / SPELLING,
            pointer=arrays["pointer"],
            postings=arrays["postings"],
            idf=arrays["idf"],
            norm=arrays["norm"],
        )

    @classmethod
    def load(cls, folder: Path, lexicon: DrugLexicon) -> DrugMatcher:
        """Read what :meth:`save` wrote. Raises ``msgspec.ValidationError`` on a file of another shape."""
        index = msgpack.decode((folder / FILE).read_bytes(), type=DrugIndex)
        unite((index,))
        words = sorted({word for entry in index.entries for word in entry.words})
        with np.load(folder / SPELLING, allow_pickle=False) as arrays:
            speller = Speller(words, arrays["pointer"], arrays["postings"], arrays["idf"], arrays["norm"])
        return cls(index, lexicon, speller)

    def rank(self, requests: Sequence[Request], top: int = 10) -> list[tuple[Ranked, ...]]:
        """Return at most ``top`` candidates a request, best first; none when nothing is near."""
        return [self.rank_text(request.query.text, top) for request in requests]

    def rank_text(self, text: str, top: int = 10, ban: Ban = NOTHING_BANNED) -> tuple[Ranked, ...]:
        """Rank one label, without what is banned."""
        label = parse_drug(text, self._lexicon)
        asked, found = self._find(label, ban)
        return tuple(self._tell(one, found, label, asked) for one in found[:top])

    def find(self, text: str, ban: Ban = NOTHING_BANNED) -> list[Found]:
        """Find the codes of one label, best first, with what their confidence is made of."""
        return self._find(parse_drug(text, self._lexicon), ban)[1]

    def _find(self, label: DrugLabel, ban: Ban) -> tuple[Asked, list[Found]]:
        words = self._words(label)
        asked = self._asked(label, words)
        return asked, self._codes(words, asked, self._hits(words, ban), ban)

    def _tell(self, one: Found, found: Sequence[Found], label: DrugLabel, asked: Asked) -> Ranked:
        entry = self.index.entries[one.hit.place]
        return Ranked(
            one.code,
            one.score,
            confidence(one),
            evidence(one, entry, label),
            conflicts(one, entry, found, asked),
        )

    def _asked(self, label: DrugLabel, words: _Words) -> Asked:
        salts = frozenset(stem(word) for word in label.salts) - set(words.hard)
        return Asked(frozenset(label.routes), telling_forms(label.forms), amounts(label.doses), salts)

    def _words(self, label: DrugLabel) -> _Words:
        stems = [stem(word) for word in label.words]
        hard = [word for word in stems if word not in self._makers and word not in ASSOCIATED and word not in VAGUE]
        soft = {stem(word) for group in (label.salts, label.makers, label.qualifiers) for word in group}
        if not any(word in self._vocabulary.postings for word in hard):
            # "Chlorure de sodium VANTIVE": nothing that is known names the drug but its salt.
            hard = [stem(word) for word in label.salts] + (hard or ([] if label.salts else stems))
        soft.update(stems)
        associated = any(word in ASSOCIATED for word in stems)
        return _Words(tuple(dict.fromkeys(self._vocabulary.split(hard))), frozenset(soft - set(hard)), associated)

    def _hits(self, words: _Words, ban: Ban) -> list[Hit]:
        """Find the entries that share words with the label, best first."""
        weights = {word: self._vocabulary.weight(word) for word in words.hard}
        total = math.fsum(weights.values())
        found: dict[int, dict[str, tuple[str, float]]] = {}
        for word in words.hard:
            near = self._vocabulary.expand(word)
            if ban is not NOTHING_BANNED and len(near) == 1 and not self._is_left(word, ban):
                near = self._vocabulary.near(word)
            for other, alike in near:
                for place in self._vocabulary.postings[other]:
                    pairs = found.setdefault(place, {})
                    if alike > pairs.get(other, ("", 0.0))[1]:
                        pairs[other] = (word, alike)
        hits = [hit for place, pairs in found.items() if (hit := self._hit(place, pairs, words, weights, total))]
        hits.sort(key=lambda hit: (-hit.quality, hit.place))
        kept: list[Hit] = []
        for hit in hits:
            if len(kept) == KEPT_ENTRIES or hit.quality < LEAST_QUALITY:
                break
            if ban is NOTHING_BANNED or self._profiles.of(hit.place, ban):
                kept.append(hit)
        return kept

    def _is_left(self, word: str, ban: Ban) -> bool:
        return any(self._profiles.of(place, ban) for place in self._vocabulary.postings.get(word, ())[:40])

    def _hit(
        self, place: int, pairs: dict[str, tuple[str, float]], words: _Words, weights: dict[str, float], total: float
    ) -> Hit | None:
        entry = self.index.entries[place]
        covered = needed = 0.0
        matched: dict[str, float] = {}
        for word in entry.words:
            weight = self._vocabulary.weights[word]
            needed += weight
            if word in pairs:
                written, alike = pairs[word]
                covered += weight * alike * alike
                matched[written] = max(matched.get(written, 0.0), alike)
            elif word in words.soft:
                covered += weight
        cov_entry = covered / needed
        cov_query = math.fsum(weights[word] * alike * alike for word, alike in matched.items()) / total
        quality = cov_query * cov_entry**1.5
        if entry.combined != words.associated and entry.count < 2:
            quality *= OTHERWISE_COMBINED
        if quality < LEAST_QUALITY / 2:
            return None
        return Hit(place, quality, cov_query, cov_entry, tuple(sorted(matched)), min(matched.values(), default=0.0))

    def _codes(self, words: _Words, asked: Asked, hits: list[Hit], ban: Ban) -> list[Found]:
        scores: dict[str, float] = {}
        best: dict[str, tuple[float, Hit, Share]] = {}
        covered: dict[str, set[str]] = {}
        for hit in hits:
            strength = hit.quality**SHARPNESS
            for code, share in shares(self._profiles.of(hit.place, ban), asked).items():
                value = strength * share.share
                scores[code] = scores.get(code, 0.0) + value
                if code not in best or value > best[code][0]:
                    best[code] = (value, hit, share)
                if hit.cov_entry >= COMPLETE:
                    covered.setdefault(code, set()).update(hit.matched)
        total = math.fsum(scores.values())
        weights = {word: self._vocabulary.weight(word) for word in words.hard}
        mass = math.fsum(weights.values())
        supported = {hit.place for code, (_, hit, _) in best.items() if code in self.index.routes}
        found = []
        for code, score in sorted(scores.items(), key=lambda item: (-item[1], item[0])):
            _, hit, share = best[code]
            told = covered.get(code, set()) | set(hit.matched)
            missing = tuple(word for word in words.hard if word not in told)
            found.append(
                Found(
                    code=code,
                    score=score,
                    share=score / total,
                    hit=hit,
                    fit=share,
                    told=math.fsum(weights[word] for word in sorted(told)) / mass,
                    missing=missing,
                    known_missing=any(word in self._vocabulary.postings for word in missing),
                    used=code in self.index.routes or hit.place not in supported,
                    combined=words.associated,
                )
            )
        return found

    def kind_of(self, request: Request) -> str:
        """Tell how a request is written: as a register does, as pharmacies abbreviate, or in a person's own words."""
        text = request.query.text
        if ", " in text and any(char.isdigit() for char in text):
            return "label"
        label = parse_drug(text, self._lexicon)
        return "abbreviated" if label.doses or label.forms or label.pack else "free-text"

    def examples(self) -> Iterator[Example]:
        """Rank held-out names of the register, whole, abbreviated and bare; see :mod:`.drug_examples`.

        A third of the abbreviated and bare names lose their brand too, as those of medicines that nobody knows yet.
        """
        for kind, text, code, ban in self.held_out():
            ranked = self.rank_text(text, 1, ban)
            yield Example(kind, ranked[0].confidence if ranked else 0.0, bool(ranked) and ranked[0].code == code)

    def held_out(self, count: int = EXAMPLES, seed: int = 1) -> Iterator[tuple[str, str, str, Ban]]:
        """Give (kind, text, code, ban) of ``count`` seeded examples of each kind."""
        rng = random.Random(seed)
        coded = [place for place, one in enumerate(self.index.known) if len(one.atc) == 1]
        names: dict[str, list[int]] = {}
        brands: dict[tuple[str, ...], list[int]] = {}
        bags = [bag(parse_drug(one.text, self._lexicon), self._makers) for one in self.index.known]
        for place, one in enumerate(self.index.known):
            names.setdefault(one.name, []).append(place)
            brands.setdefault(bags[place], []).append(place)
        for place in sorted(rng.sample(coded, min(count, len(coded)))):
            one = self.index.known[place]
            label = parse_drug(one.text, self._lexicon)
            own = Ban(frozenset(names[one.name]), frozenset({one.name}))
            yield "label", one.text, one.atc[0], own
            for kind, text in (
                ("abbreviated", abbreviated(one.text, label, rng)),
                ("free-text", free_text(label, one.substances, rng)),
            ):
                ban = own
                if rng.random() < UNKNOWN_BRANDS and set(label.words).isdisjoint(one.substances):
                    ban = Ban(frozenset(brands[bags[place]]), frozenset({one.name, fold(text), " ".join(label.words)}))
                yield kind, text, one.atc[0], ban
