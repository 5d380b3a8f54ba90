"""Why a code was found for a drug label: evidence, conflicts, and the raw confidence made of named features."""

from __future__ import annotations

import math
from collections.abc import Sequence

from msgspec import Struct

from semantix.model import Evidence
from semantix.terminology.drugs import DrugLabel
from semantix.terminology.matching.drug_index import Entry
from semantix.terminology.matching.drug_profiles import ROUTE_RELATED, Asked, Share
from semantix.terminology.text import stem

__all__ = ["Found", "Hit", "confidence", "conflicts", "evidence", "features"]

WEIGHTS = {
    "bias": -18.0, "share": 5.3, "cov_query": 4.5, "cov_entry": 4.4, "alike": 1.5, "exact": 0.5, "used": 2.5,
    "route": 2.1, "strength": 3.0,
}  # fmt: skip
"""Fitted by ``benchmarks/drugs.py --fit`` on labels held out with their rows and with their brands.

The weights of spelling are above what the fit gives: real lists hold more names that nobody knows than those examples.
"""
SAME_STRENGTH = 0.95
EXACT = 0.999
RIVAL = 0.15
"""Another code of the same name counts from this part of the first one's score."""
_METALS = (
    "cuivre zinc magnesium calcium lithium argent aluminium manganese sodium potassium ferreux ferrique fluorure "
    "iodure calcique sodique potassique"
)
METALS = frozenset(stem(word) for word in _METALS.split())
"""Salts that make another medicine."""


class Hit(Struct, frozen=True):
    """An entry found: what it covers of the query and of itself, which hard words, the least similarity of a word."""

    place: int
    quality: float
    cov_query: float
    cov_entry: float
    matched: tuple[str, ...]
    alike: float


class Found(Struct, frozen=True):
    """A code found: its score and share of all scores, its best entry, the words that no entry of it explains.

    ``told`` is the share of the label's weight that the entries of the code explain; ``known_missing`` tells whether a
    word that they do not explain names something else. ``used`` is false when no speciality has the code but one has
    another code of the entry; ``combined`` tells whether the label says that there are other substances.
    """

    code: str
    score: float
    share: float
    hit: Hit
    fit: Share
    told: float
    missing: tuple[str, ...]
    known_missing: bool
    used: bool
    combined: bool


def features(one: Found) -> dict[str, float]:
    """The features of the confidence, by name."""
    return {
        "bias": 1.0,
        "share": one.share,
        "cov_query": one.told,
        "cov_entry": one.hit.cov_entry,
        "alike": one.hit.alike,
        "exact": float(one.hit.alike >= EXACT),
        "used": float(one.used),
        "route": float(one.fit.route >= ROUTE_RELATED / 2),
        "strength": 0.5 if one.fit.strength is None else one.fit.strength,
    }


def confidence(one: Found) -> float:
    """The raw belief that a code is right, in [0, 1]: calibration makes a probability of it."""
    total = math.fsum(WEIGHTS[name] * value for name, value in features(one).items())
    return 1 / (1 + math.exp(-total))


def conflicts(one: Found, entry: Entry, found: Sequence[Found], asked: Asked) -> tuple[str, ...]:
    """Name what forbids to accept a code alone: ``combination``, ``route``, ``strength``, ``salt``.

    ``route`` and ``strength`` also say that the name has several codes and that the label does not tell which.
    """
    named: list[str] = []
    if _is_combination(one, entry, asked):
        named.append("combination")
    rivals = [other for other in found if other.code != one.code and other.hit.place == one.hit.place]
    if one.fit.route < ROUTE_RELATED or any(_other_route(one, other, asked) for other in rivals):
        named.append("route")
    if any(_better_strength(one, other, asked) for other in rivals):
        named.append("strength")
    if one.fit.salts_differ and not asked.salts.isdisjoint(METALS):
        named.append("salt")
    return tuple(named)


def _is_combination(one: Found, entry: Entry, asked: Asked) -> bool:
    """Tell whether the label seems to hold more substances than the entry, or fewer."""
    if one.known_missing or one.hit.cov_entry < EXACT * one.hit.alike**2 or (entry.combined != one.combined):
        return not (one.combined and entry.count > 1 and not one.known_missing)
    doses = {value for kind, value in asked.amounts if kind in {"mg", ""}}
    alone = entry.count == 1 and len(entry.words) == 1
    return alone and len(doses) > 1 and (one.fit.strength or 0.0) < SAME_STRENGTH


def _other_route(one: Found, other: Found, asked: Asked) -> bool:
    if asked.routes:
        return other.fit.route > one.fit.route
    return other.share >= RIVAL * one.share and set(other.fit.routes).isdisjoint(one.fit.routes)


def _better_strength(one: Found, other: Found, asked: Asked) -> bool:
    if not asked.amounts:
        return other.share >= RIVAL * one.share and not set(other.fit.routes).isdisjoint(one.fit.routes)
    strength = one.fit.strength
    return (
        strength is not None
        and strength < SAME_STRENGTH
        and (other.fit.strength or 0.0) > strength
        and other.fit.route >= one.fit.route
    )


def evidence(one: Found, entry: Entry, label: DrugLabel) -> tuple[Evidence, ...]:
    """Say which name matched, what the label asks for, and what was missing."""
    written = {stem(word): word for word in (*label.qualifiers, *label.makers, *label.salts, *label.words)}
    matched = " ".join(written.get(word, word) for word in one.hit.matched)
    if one.hit.alike == 1:
        told = [Evidence("word", matched)]
    else:
        told = [Evidence("misspelt", f"{matched} ~ {' '.join(entry.words)}")]
    if one.missing:
        told.append(Evidence("missing", " ".join(written.get(word, word) for word in one.missing)))
    if label.doses and one.fit.strength is not None:
        doses = ", ".join(f"{dose.value} {dose.unit}".strip() for dose in label.doses)
        told.append(Evidence("strength" if one.fit.strength >= SAME_STRENGTH else "other-strength", doses))
    if label.forms:
        told.append(Evidence("form", ", ".join(label.forms)))
    if label.routes:
        told.append(Evidence("route" if one.fit.route >= ROUTE_RELATED / 2 else "other-route", ", ".join(label.routes)))
    return tuple(told)
