"""The matcher of laboratory labels: from French wording, unit and specimen to LOINC.

Words find names (English and French names of LOINC, curated spellings); the axes then choose among the terms that share
an analyte. Nothing is learned but counts of words: every feature can be read in the evidence.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt
from msgspec import Struct
from rapidfuzz import process
from rapidfuzz.distance import OSA

from semantix.model import Context, Evidence, Query
from semantix.terminology.labs import Label, parse_label, tokens
from semantix.terminology.loinc_names import LoincName, parse_axes, parse_loinc_name
from semantix.terminology.matching import Example, Ranked, Request
from semantix.terminology.matching.arrays import Ints, Longs, inverted, ragged
from semantix.terminology.matching.lab_axes import (
    flag_conflicts,
    flag_score,
    is_inverted,
    kind_score,
    specimen_score,
    word_conflicts,
)
from semantix.terminology.matching.lab_names import (
    CuratedLab,
    Entry,
    Resources,
    curated_entries,
    french_entry,
    other_axes,
    split_unit,
    wording_of,
)
from semantix.terminology.units import kind_of

KEPT = 300
"""Terms that share an analyte are many (glucose after each hour of each dose): all must be compared."""
BESIDE_BEST = 0.6
LEAST = 0.3
UNSUITED_FROM = 0.5
FUZZY = 0.82
WHOLE = 0.72
"""A name that explains less of a label, or is told by less of it, is another analyte."""
_CONVENTIONS = frozenset({"fraction", "moles/moles"})
TELLING = 4.0
"""The weight from which a known word that stands on one side only is another analyte."""
COSTS = 100_000
SHARPNESS = 0.05
EXAMPLES = 1200
_UNKNOWN = 0.6
"""The share of the weight of a rare word that a word nobody knows takes."""


class Asked(Struct, frozen=True):
    """A request taken apart: ``kinds`` from the unit, likeliest first; ``unread``: a unit was given and not read."""

    label: Label
    specimen: str
    kinds: tuple[str, ...]
    wording: tuple[str, ...]
    unread: bool = False


class LabMatcher:
    """Ranks LOINC terms for laboratory labels. Implements :class:`semantix.terminology.matching.Matcher`."""

    def __init__(
        self, codes: Sequence[str], axes: Sequence[LoincName], entries: Sequence[Entry], data: Resources
    ) -> None:
        """Index names that :meth:`build` has taken apart."""
        self._codes, self._axes, self._entries, self._data = tuple(codes), tuple(axes), tuple(entries), data
        vocabulary = sorted({word for entry in entries for word in (*entry.words, *entry.optional)})
        self._place = {word: place for place, word in enumerate(vocabulary)}
        self._long: dict[str, list[str]] = {}
        for word in vocabulary:
            if len(word) >= 5:
                self._long.setdefault(word[0], []).append(word)
        required = [[self._place[word] for word in entry.words] for entry in entries]
        optional = [[self._place[word] for word in entry.optional if word not in entry.words] for entry in entries]
        size = len(vocabulary)
        self._required = inverted(*ragged(required), size)
        self._optional = inverted(*ragged(optional), size)
        self._idf = self._weights(required, size)
        self._entry_weight = np.array([sum(self._idf[w] for w in words) + 0.02 for words in required], np.float32)
        self._entry_concept = np.array([entry.concept for entry in entries], np.int32)
        self._curated = np.array([entry.source == "curated" for entry in entries], bool)
        self._prior = self._priors()
        self._refused = self._refusals()
        self._refused_wordings = frozenset(wording for wording, _ in self._refused)
        kinds: dict[tuple[str, tuple[str, ...], frozenset[str]], int] = {}
        self._kind_of_axes = [kinds.setdefault((a.specimen, a.kinds, a.flags), len(kinds)) for a in axes]
        self._costs: dict[tuple[str, tuple[str, ...], frozenset[str], int], float] = {}
        self._spelled: dict[str, tuple[int, float]] = {}

    @classmethod
    def build(
        cls,
        terms: Iterable[tuple[str, str, str, str]],
        concepts: Mapping[str, Mapping[str, str]],
        data: Resources,
    ) -> LabMatcher:
        """Take apart terms (code, text, kind, language) and the axes of concepts that a full release gives.

        The axes of a term are those of its release, else those of its English name; a code with neither is left out.
        """
        wordings = sorted(set(terms))
        english: dict[str, str] = {}
        for code, text, kind, lang in wordings:
            if lang.startswith("en") and (kind in {"preferred", "fsn"} or code not in english):
                english[code] = text
        axes = {code: parse_loinc_name(text) for code, text in english.items()}
        for code, properties in concepts.items():
            if code not in axes and properties.get("COMPONENT"):
                axes[code] = parse_axes(properties)
        for code, name in other_axes(wordings, data).items():
            axes.setdefault(code, name)
        codes = sorted(axes)
        places = {code: place for place, code in enumerate(codes)}
        entries = [Entry(places[code], name.words, name.optional) for code, name in sorted(axes.items()) if name.words]
        for code, text, kind, lang in wordings:
            if code in places and lang.startswith("fr") and kind not in {"related", "note", "exclusion"}:
                entries += french_entry(places[code], text, data.analytes)
        entries += curated_entries(places, data)
        return cls(codes, [axes[code] for code in codes], entries, data)

    # --- asking -------------------------------------------------------------------------------------------

    def names(self) -> tuple[tuple[str, ...], tuple[LoincName, ...], tuple[Entry, ...]]:
        """The names taken apart, as ``__init__`` takes them: what is slow to make, and worth keeping."""
        return self._codes, self._axes, self._entries

    def rank(self, requests: Sequence[Request], top: int = 10) -> list[tuple[Ranked, ...]]:
        """Rank terms for each request; equal requests are ranked once."""
        known: dict[Request, tuple[Ranked, ...]] = {}
        for request in requests:
            if request not in known:
                known[request] = self._rank(self.ask(request), top)
        return [known[request] for request in requests]

    def kind_of(self, request: Request) -> str:
        """A label of at most one short word or two is abbreviated, a long sentence is free text."""
        words = tokens(request.query.text)
        if len(words) > 12:
            return "free-text"
        return "abbreviated" if all(len(word) <= 4 for word in words) else "label"

    def ask(self, request: Request) -> Asked:
        """Take a request apart: the unit of the context wins over one in the label."""
        text, inside = split_unit(request.query.text, self._data.units)
        unit = request.context.unit
        reading = self._data.units.read(unit or inside)
        label = parse_label(text, self._data.analytes)
        codes = [code for code in (reading.code, *reading.alternatives) if code]
        kinds = tuple(dict.fromkeys(kind for code in codes if (kind := kind_of(code))))
        if not kinds and "fraction" in label.flags:
            kinds = ("fraction",)
        specimen = label.specimen or request.context.specimen or label.implied
        return Asked(label, specimen, kinds, wording_of(request.query.text), bool(unit) and reading.code is None)

    def _rank(self, asked: Asked, top: int, without: frozenset[int] = frozenset()) -> tuple[Ranked, ...]:
        words = self._words(asked.label.words)
        if not words:
            return ()
        fit = self._fit(words, asked, without)
        near = np.flatnonzero(fit > max(LEAST, BESIDE_BEST * float(fit.max(initial=0.0))))
        near = near[np.argsort(-fit[near], kind="stable")]
        # The best name of each term, of the terms that fit best.
        _, places = np.unique(self._entry_concept[near], return_index=True)
        near = near[np.sort(places)[:KEPT]]
        best = {int(self._entry_concept[place]): (float(fit[place]), place) for place in near.tolist()}
        scored = [
            (self._score(asked, concept, value), concept, place, value) for concept, (value, place) in best.items()
        ]
        scored.sort(key=lambda found: (-found[0], self._codes[found[1]]))
        if not scored:
            return ()
        first = scored[0][0]
        mass = sum(math.exp((score - first) / SHARPNESS) for score, *_ in scored[:60])
        return tuple(
            self._ranked(asked, found, math.exp((found[0] - first) / SHARPNESS) / mass) for found in scored[:top]
        )

    # --- scoring ------------------------------------------------------------------------------------------

    def _words(self, words: Sequence[str]) -> list[tuple[int, float, float]]:
        """Place of each word in the vocabulary (-1 unknown), its weight, and how sure the match is."""
        rare = float(self._idf.max())
        found = []
        for word in words:
            place, sure = self._spell(word)
            found.append((place, float(self._idf[place]) if place >= 0 else rare * _UNKNOWN, sure))
        return found if any(place >= 0 for place, _, _ in found) else []

    def _spell(self, word: str) -> tuple[int, float]:
        place = self._place.get(word)
        if place is not None:
            return place, 1.0
        if word not in self._spelled:
            self._spelled[word] = (-1, 0.0)
            if len(word) >= 5:
                same = self._long.get(word[0], [])
                close = process.extractOne(word, same, scorer=OSA.normalized_similarity, score_cutoff=FUZZY)
                if close:
                    self._spelled[word] = (self._place[close[0]], float(close[1]))
        return self._spelled[word]

    def _fit(
        self, words: list[tuple[int, float, float]], asked: Asked, without: frozenset[int]
    ) -> npt.NDArray[np.float32]:
        """Harmonic mean of how much of the label each name explains, and how much of the name the label tells."""
        told = np.zeros(len(self._entries), np.float32)
        explained = np.zeros(len(self._entries), np.float32)
        total = sum(weight for _, weight, _ in words)
        for place, weight, sure in words:
            if place >= 0:
                rows = _posting(self._required, place)
                told[rows] += weight * sure
                explained[rows] += weight * sure
                explained[_posting(self._optional, place)] += weight * sure
        explained /= total
        told /= self._entry_weight
        np.minimum(told, 1, out=told)
        np.minimum(explained, 1, out=explained)
        fit: npt.NDArray[np.float32] = 2 * told * explained / np.maximum(told + explained, 1e-6)
        for place in np.flatnonzero((fit > UNSUITED_FROM) & self._curated).tolist():
            entry = self._entries[place]
            unsuited = asked.kinds and entry.kinds and not set(asked.kinds) & set(entry.kinds)
            if unsuited or (asked.specimen and entry.specimens and asked.specimen not in entry.specimens):
                fit[place] *= 0.6
        if without:
            fit[sorted(without)] = 0
        return fit

    def _score(self, asked: Asked, concept: int, fit: float) -> float:
        key = (asked.specimen, asked.kinds, asked.label.flags, self._kind_of_axes[concept])
        cost = self._costs.get(key)
        if cost is None:
            if len(self._costs) > COSTS:
                self._costs.clear()
            cost = self._costs[key] = _cost(asked, self._axes[concept])
        score = fit + cost + float(self._prior[concept])
        if self._is_refused(asked, concept):
            score -= 1
        if self._is_inverted(asked, concept):
            score -= 0.1
        return score

    def _is_telling(self, words: Iterable[str]) -> bool:
        return any(word in self._place and self._idf[self._place[word]] > TELLING for word in words)

    def _is_inverted(self, asked: Asked, concept: int) -> bool:
        if "ratio" not in asked.label.flags:
            return False
        axes = self._axes[concept]
        return "ratio" in axes.flags and is_inverted(asked.label.words, axes.words)

    def _ranked(self, asked: Asked, found: tuple[float, int, int, float], share: float) -> Ranked:
        score, concept, place, fit = found
        axes, entry = self._axes[concept], self._entries[place]
        said, required = frozenset(asked.label.words), frozenset(entry.words)
        conflicts = flag_conflicts(asked.label.flags, axes.flags, axes.kinds)
        conflicts += word_conflicts(said, required, frozenset(entry.optional))
        if specimen_score(asked.specimen, axes.specimen) <= -0.25:
            conflicts.append("specimen")
        if asked.kinds and axes.kinds and not set(asked.kinds) & set(axes.kinds):
            conflicts.append("unit")
        if not asked.kinds and axes.kinds and axes.kinds[0] in _CONVENTIONS and {"a", "1", "c"} <= required:
            conflicts.append("%/mmol/mol")
        if self._is_inverted(asked, concept):
            conflicts.append("inverted ratio")
        extra, lacking = said - required - frozenset(entry.optional), required - said
        if fit < WHOLE or self._is_telling(extra) or self._is_telling(lacking):
            conflicts.append("words")
        if asked.unread:
            conflicts.append("unread unit")
        if self._is_refused(asked, concept):
            conflicts.append("refused")
        evidence = _evidence(asked, axes, entry, said, required)
        belief = max(0.0, min(1.0, fit)) ** 2 * share * (0.5 if conflicts else 1.0)
        return Ranked(self._codes[concept], round(score, 6), round(belief, 6), evidence, tuple(sorted(set(conflicts))))

    # --- learning -----------------------------------------------------------------------------------------

    def _weights(self, required: Sequence[Sequence[int]], size: int) -> npt.NDArray[np.float32]:
        """Inverse frequency of words over terms; letters, numbers and words of every second name weigh little."""
        holders: dict[int, set[int]] = {}
        for entry, words in zip(self._entries, required, strict=True):
            for word in words:
                holders.setdefault(word, set()).add(entry.concept)
        count = max(2, len(self._codes))
        weights = np.full(size, math.log(count), np.float32)
        for word, concepts in holders.items():
            weights[word] = max(0.6, math.log(count / len(concepts)))
        return weights

    def _priors(self) -> npt.NDArray[np.float32]:
        """Terms that people or French lists name are likelier than those only an international list holds."""
        prior = np.zeros(len(self._codes), np.float32)
        for entry in self._entries:
            if entry.source == "curated":
                prior[entry.concept] = 0.06
            elif entry.source == "french":
                prior[entry.concept] = max(prior[entry.concept], np.float32(0.04))
        return prior

    def _refusals(self) -> dict[tuple[tuple[str, ...], str], list[CuratedLab]]:
        found: dict[tuple[tuple[str, ...], str], list[CuratedLab]] = {}
        for row in self._data.curated:
            if row.refused:
                found.setdefault((wording_of(row.label), row.code), []).append(row)
        return found

    def _is_refused(self, asked: Asked, concept: int) -> bool:
        if asked.wording not in self._refused_wordings:
            return False
        rows = self._refused.get((asked.wording, self._codes[concept]), ())
        return any(
            (not row.specimens or asked.specimen in row.specimens)
            and (not row.units or bool({kind_of(unit) for unit in row.units} & set(asked.kinds)))
            for row in rows
        )

    def examples(self) -> Iterator[Example]:
        """Rank curated spellings and French names, each without any entry that has the same wording."""
        same: dict[tuple[str, ...], list[int]] = {}
        for place, entry in enumerate(self._entries):
            if entry.wording:
                same.setdefault(entry.wording, []).append(place)
        keys = sorted(same)
        random.Random(3).shuffle(keys)
        accepted = {key: {self._entries[place].concept for place in same[key]} for key in keys}
        labels = {wording_of(row.label): row for row in self._data.curated if not row.refused}
        for key in [key for key in keys if key in labels][:EXAMPLES]:
            row = labels[key]
            unit = row.units[0] if row.units else ""
            request = Request(Query(text=row.label), Context(unit=unit))
            ranked = self._rank(self.ask(request), 1, frozenset(same[key]))
            if ranked:
                right = any(self._codes[concept] == ranked[0].code for concept in accepted[key])
                yield Example(self.kind_of(request), ranked[0].confidence, right)


def _cost(asked: Asked, axes: LoincName) -> float:
    flags = asked.label.flags
    score = specimen_score(asked.specimen, axes.specimen)
    return score + kind_score(asked.kinds, axes.kinds, flags) + flag_score(flags, axes.flags, axes.kinds)


def _posting(index: tuple[Longs, Ints], place: int) -> Ints:
    pointer, rows = index
    return rows[pointer[place] : pointer[place + 1]]


def _evidence(
    asked: Asked, axes: LoincName, entry: Entry, said: frozenset[str], required: frozenset[str]
) -> tuple[Evidence, ...]:
    found = [Evidence("word", " ".join(sorted(said & (required | frozenset(entry.optional)))), entry.source)]
    if lacking := required - said:
        found.append(Evidence("missing", " ".join(sorted(lacking)), entry.source))
    if extra := said - required - frozenset(entry.optional):
        found.append(Evidence("unmatched", " ".join(sorted(extra))))
    if asked.kinds and set(asked.kinds) & set(axes.kinds):
        found.append(Evidence("unit", " ".join(kind for kind in asked.kinds if kind in axes.kinds)))
    if asked.specimen and specimen_score(asked.specimen, axes.specimen) > -0.25:
        found.append(Evidence("specimen", asked.specimen))
    return tuple(found)
