"""The index of drug names: brands, substances and names of classes, each with the ATC codes that it may mean.

An entry is a bag of words that must be there (stems; salts and makers are set aside). It holds the specialities that
bear that name or have those substances, and the terms that say it. Everything is a value: an index is saved whole.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import msgspec
from msgspec import Struct

from semantix.terminology.drugs import DrugLabel, DrugLexicon, amounts, parse_drug
from semantix.terminology.text import fold, stem

__all__ = ["Amounts", "DrugIndex", "Entry", "Known", "Speciality", "Term", "bag", "build_index"]

Amounts = tuple[tuple[str, float], ...]

MAKER_SPREAD = 6
"""A word that follows so many different first words in names, and is in no substance, names who makes the drug."""
ALTERNATIVES = 6
"""Ways of naming one set of substances (acid or salt, base or ester) that are indexed at most."""
_ASSOCIATED = "association associations associe combinaison combinaisons combinations combination"
ASSOCIATED = frozenset(stem(word) for word in _ASSOCIATED.split())
_VAGUE = (
    "autres autre divers diverses excluant sauf psycholeptiques produits produit medicaments medicament preparations "
    "preparation excl incl other various combined simple simples substances groupe"
)
VAGUE = frozenset(stem(word) for word in _VAGUE.split())


class Speciality(Struct, frozen=True):
    """A medicine as its register describes it; ``atc`` may be empty, ``substances`` are names with their salts."""

    cis: str
    name: str
    form: str = ""
    routes: tuple[str, ...] = ()
    substances: tuple[str, ...] = ()
    atc: tuple[str, ...] = ()


class Known(Struct, frozen=True):
    """What is compared of a speciality: ``name`` is folded, amounts are those of its name.

    ``substances`` are bare names, without salts; ``salts`` are those
    of its name. ``made_of`` is the place of the entry of its substances, -1 when no code is known for them.
    """

    cis: str
    name: str
    text: str
    routes: tuple[str, ...]
    forms: tuple[str, ...]
    amounts: Amounts
    atc: tuple[str, ...]
    substances: tuple[str, ...]
    salts: tuple[str, ...]
    made_of: int = -1


class Term(Struct, frozen=True):
    """A wording of a code; ``text`` is folded, ``salts`` are those it names."""

    code: str
    text: str
    kind: str
    salts: tuple[str, ...] = ()


class Entry(Struct, frozen=True):
    """A name: the words that must be there, and what bears it.

    ``named`` and ``containing`` are places of specialities that bear the name, or whose substances these are.
    ``count`` is how many substances, 0 when the entry is not the name of substances.
    """

    words: tuple[str, ...]
    combined: bool
    count: int
    named: tuple[int, ...]
    containing: tuple[int, ...]
    terms: tuple[Term, ...]


class DrugIndex(Struct, frozen=True):
    """Entries, the specialities they point at, and what was learned: makers, joined names, routes by group of codes."""

    entries: tuple[Entry, ...]
    known: tuple[Known, ...]
    makers: tuple[str, ...]
    joined: Mapping[str, tuple[str, ...]]
    routes: Mapping[str, Mapping[str, float]]


class _Draft:
    """An entry being filled."""

    def __init__(self) -> None:
        self.count = 0
        self.named: set[int] = set()
        self.containing: set[int] = set()
        self.terms: set[tuple[str, str, str, tuple[str, ...]]] = set()


_Drafts = dict[tuple[tuple[str, ...], bool], _Draft]


def bag(label: DrugLabel, makers: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """The words that a name requires, as sorted stems: its own words, else its salts, else its bare numbers."""
    words = [stem(word) for word in label.words]
    kept = [word for word in words if word not in makers] or [stem(word) for word in label.salts] or words
    return tuple(sorted(set(kept)))


def build_index(
    atc_terms: Iterable[tuple[str, str, str, str]],
    specialities: Iterable[Speciality],
    lexicon: DrugLexicon,
    valid: frozenset[str] = frozenset(),
) -> DrugIndex:
    """Index specialities and (code, text, kind, lang) terms; the order of either does not matter.

    Terms of codes that are neither ``valid`` nor those of a speciality are left out, unless ``valid`` is empty.
    """
    ordered = sorted(specialities, key=lambda one: (one.cis, one.name, one.form, one.atc))
    labels = [parse_drug(one.name, lexicon) for one in ordered]
    fields = _Fields(lexicon)
    known = [_known(one, label, fields) for one, label in zip(ordered, labels, strict=True)]
    groups = [fields.substances(one.substances) for one in ordered]
    if valid:
        valid = valid.union(*(one.atc for one in ordered))
    terms = sorted({term for term in atc_terms if not valid or term[0] in valid})
    term_labels = [parse_drug(text, lexicon) for _, text, _, _ in terms]
    makers = _learned_makers(labels, groups, term_labels)
    drafts: _Drafts = {}
    joined: dict[str, tuple[str, ...]] = {}
    for (code, text, kind, _), label in zip(terms, term_labels, strict=True):
        _add_term(drafts, code, text, kind, label)
        _join(joined, [stem(word) for word in label.words])
    for place, group in enumerate(groups):
        if known[place].atc:
            _add_substances(drafts, place, group)
    made_of = [_substance_key(drafts, group) for group in groups]
    for place, label in enumerate(labels):
        if known[place].atc or made_of[place]:
            _add_name(drafts, place, bag(label, makers))
            _join(joined, [word for word in map(stem, label.words) if word not in makers])
    keys = sorted(drafts)
    places = {key: place for place, key in enumerate(keys)}
    return DrugIndex(
        tuple(_entry(key, drafts[key]) for key in keys),
        tuple(
            msgspec.structs.replace(one, made_of=places[key, False]) if key else one
            for one, key in zip(known, made_of, strict=True)
        ),
        tuple(sorted(makers)),
        dict(sorted(joined.items())),
        _routes_of_groups(known),
    )


class _Fields:
    """Reads the fields of specialities, each distinct text once."""

    def __init__(self, lexicon: DrugLexicon) -> None:
        self._lexicon = lexicon
        self._labels: dict[str, DrugLabel] = {}

    def label(self, text: str) -> DrugLabel:
        found = self._labels.get(text)
        if found is None:
            found = self._labels[text] = parse_drug(text, self._lexicon)
        return found

    def substances(self, names: Sequence[str]) -> list[list[tuple[str, ...]]]:
        """Group the names of a composition by substance: each group holds its ways of being named."""
        groups: list[list[tuple[str, ...]]] = []
        for words in sorted({bag(self.label(name)) for name in names}):
            if not words:
                continue
            group = next((group for group in groups if any(_one_substance(words, other) for other in group)), None)
            if group is None:
                groups.append([words])
            else:
                group.append(words)
        return groups


def _one_substance(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Tell whether two names are those of one substance: ``risédronate`` and ``acide risédronique``."""
    return set(one) <= set(other) or set(other) <= set(one) or (one[0][:6] == other[0][:6] and len(one[0]) > 6)


def _known(one: Speciality, label: DrugLabel, fields: _Fields) -> Known:
    form = fields.label(one.form)
    routes = {route for text in one.routes for route in fields.label(text).routes}
    return Known(
        one.cis,
        fold(one.name),
        one.name,
        tuple(sorted(routes or {*form.routes, *label.routes})),
        tuple(sorted({*form.forms, *label.forms})),
        amounts(label.doses),
        tuple(sorted(set(one.atc))),
        tuple(sorted({" ".join(fields.label(name).words or fields.label(name).salts) for name in one.substances})),
        tuple(sorted({stem(word) for word in label.salts})),
    )


def _learned_makers(
    labels: Sequence[DrugLabel], groups: Sequence[list[list[tuple[str, ...]]]], terms: Sequence[DrugLabel]
) -> frozenset[str]:
    followed: dict[str, set[str]] = {}
    for label in labels:
        for word in label.words[1:]:
            followed.setdefault(stem(word), set()).add(label.words[0])
    meaningful = {word for group in groups for names in group for name in names for word in name}
    meaningful.update(stem(word) for label in terms for word in label.words)
    return frozenset(
        word for word, firsts in followed.items() if len(firsts) >= MAKER_SPREAD and word not in meaningful
    )


def _choices(groups: Sequence[list[tuple[str, ...]]]) -> list[tuple[str, ...]]:
    """The bags that name these substances together."""
    choices = itertools.islice(itertools.product(*groups), ALTERNATIVES if groups else 0)
    return [tuple(sorted({word for part in choice for word in part})) for choice in choices]


def _add_substances(drafts: _Drafts, place: int, groups: Sequence[list[tuple[str, ...]]]) -> None:
    for words in _choices(groups):
        draft = drafts.setdefault((words, False), _Draft())
        draft.containing.add(place)
        draft.count = max(draft.count, len(groups))


def _substance_key(drafts: _Drafts, groups: Sequence[list[tuple[str, ...]]]) -> tuple[str, ...]:
    """The bag of these substances that some code is known for; empty when there is none."""
    return next((words for words in _choices(groups) if (words, False) in drafts), ())


def _add_name(drafts: _Drafts, place: int, name: tuple[str, ...]) -> None:
    if name:
        drafts.setdefault((name, False), _Draft()).named.add(place)


def _add_term(drafts: _Drafts, code: str, text: str, kind: str, label: DrugLabel) -> None:
    words = bag(label)
    combined = any(word in ASSOCIATED for word in words)
    kept = tuple(word for word in words if word not in ASSOCIATED and word not in VAGUE)
    if len(code) < 4 or not kept:
        return
    salts = tuple(sorted({stem(word) for word in label.salts} - set(kept)))
    drafts.setdefault((kept, combined), _Draft()).terms.add((code, fold(text), kind, salts))


def _join(joined: dict[str, tuple[str, ...]], words: Sequence[str]) -> None:
    """``ultra levure`` is also written ``ultralevure``."""
    for one, other in itertools.pairwise(words):
        if len(one) + len(other) >= 6:
            joined.setdefault(stem(one + other), (one, other))


def _entry(key: tuple[tuple[str, ...], bool], draft: _Draft) -> Entry:
    return Entry(
        key[0],
        key[1],
        draft.count,
        tuple(sorted(draft.named)),
        tuple(sorted(draft.containing)),
        tuple(Term(*term) for term in sorted(draft.terms)),
    )


def _routes_of_groups(known: Sequence[Known]) -> dict[str, dict[str, float]]:
    """The share of each route among the specialities of a code and of the groups above it."""
    counts: dict[str, Counter[str]] = {}
    for one in known:
        for code in one.atc:
            for size in {1, 3, 4, 5, len(code)}:
                counts.setdefault(code[:size], Counter()).update(one.routes)
    return {
        group: {route: count / math.fsum(routes.values()) for route, count in sorted(routes.items())}
        for group, routes in sorted(counts.items())
    }
